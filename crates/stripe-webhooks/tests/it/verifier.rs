//! What is accepted, what is refused, and why.

use std::error::Error as _;

use stripe_webhooks::testing::{EventBuilder, SignedEvent, ThinEventBuilder};
use stripe_webhooks::{Envelope, Error, Event, EventType, ThinEvent, Tolerance, Verifier};

use crate::{NOW, SECRET};

fn verifier() -> Verifier {
    Verifier::new([SECRET]).unwrap()
}

#[test]
fn a_signed_event_comes_out_typed_and_raw() {
    let sent = EventBuilder::payment_intent_succeeded("pi_1").sign(SECRET, NOW);
    let event = verifier().event(&sent.body, &sent.header, NOW).unwrap();
    assert_eq!(event.kind, EventType::PaymentIntentSucceeded);
    assert_eq!(event.json().as_bytes(), sent.body);
    assert_eq!(event.object_id().as_deref(), Some("pi_1"));
}

#[test]
fn the_reasons_are_told_apart() {
    let sent = EventBuilder::invoice_paid("in_1").sign(SECRET, NOW);
    let code = |body: &[u8], header: &str, now: i64| {
        verifier().event(body, header, now).unwrap_err().code()
    };
    assert_eq!(code(&sent.body, "", NOW), "missing_header");
    assert_eq!(code(&sent.body, "v1=x", NOW), "malformed");
    assert_eq!(code(&sent.body, "t=1", NOW), "no_supported_scheme");
    assert_eq!(code(b"{}", &sent.header, NOW), "mismatch");
    assert_eq!(code(b"", &sent.header, NOW), "empty_body");
    assert_eq!(code(&sent.body, &sent.header, NOW + 301), "too_old");
    assert_eq!(code(&sent.body, &sent.header, NOW - 301), "in_future");
    assert!(
        verifier()
            .event(&sent.body, &sent.header, NOW + 300)
            .is_ok()
    );
    let late = verifier().with_tolerance(Tolerance::OFF);
    assert!(late.event(&sent.body, &sent.header, i64::MAX).is_ok());
}

#[test]
fn any_of_several_secrets_and_signatures_will_do() {
    let both = EventBuilder::invoice_paid("in_1").sign_all(["whsec_new", SECRET], NOW);
    assert!(verifier().event(&both.body, &both.header, NOW).is_ok());
    let old = EventBuilder::invoice_paid("in_1").sign("whsec_old", NOW);
    let rolled = Verifier::new([SECRET, "whsec_old"]).unwrap();
    assert_eq!(
        rolled.verify(&old.body, &old.header, NOW).unwrap().secret(),
        1
    );
    assert!(verifier().event(&old.body, &old.header, NOW).is_err());
}

#[test]
fn the_other_mode_is_refused_after_the_signature() {
    let live = EventBuilder::invoice_paid("in_1")
        .id("evt_1")
        .livemode(true);
    let test = EventBuilder::invoice_paid("in_1").livemode(false);
    for (guard, event, accepted) in [
        (None, &live, true),
        (None, &test, true),
        (Some(true), &live, true),
        (Some(true), &test, false),
        (Some(false), &live, false),
        (Some(false), &test, true),
    ] {
        let mut verifier = verifier();
        if let Some(livemode) = guard {
            verifier = verifier.with_livemode(livemode);
        }
        let sent = event.sign(SECRET, NOW);
        let result = verifier.event(&sent.body, &sent.header, NOW);
        assert_eq!(result.is_ok(), accepted, "{guard:?}");
        assert!(accepted || result.unwrap_err().code() == "wrong_mode");
        // The signature alone is right in any mode.
        assert!(verifier.verify(&sent.body, &sent.header, NOW).is_ok());
    }
    let sent = live.sign("whsec_other", NOW);
    let guarded = verifier().with_livemode(false);
    let error = guarded.event(&sent.body, &sent.header, NOW).unwrap_err();
    assert_eq!(error.code(), "mismatch");
    let Err(Error::WrongMode { id, livemode }) = guarded.parse(&live.body()) else {
        panic!("accepted");
    };
    assert_eq!((id.as_str(), livemode), ("evt_1", true));
}

#[test]
fn a_thin_event_is_recognised_and_typed() {
    let sent = ThinEventBuilder::new("v2.core.account.updated", "acct_1").sign(SECRET, NOW);
    let error = verifier().event(&sent.body, &sent.header, NOW).unwrap_err();
    assert_eq!(error.code(), "thin");
    let Error::Thin(thin) = error else {
        panic!("{error}");
    };
    assert_eq!(thin.kind, "v2.core.account.updated");
    assert_eq!(thin.id.as_str(), "evt_test_1");
    assert_eq!(thin.created.as_deref(), Some("2025-11-22T16:00:00.000Z"));
    assert_eq!(*thin, ThinEvent::parse(&sent.body).unwrap());
    // Also with everything but the essentials missing or of another kind.
    for body in [
        &br#"{"id":"evt_1","object":"v2.core.event","type":"v1.x"}"#[..],
        br#"{"id":"evt_1","type":"v2.x","created":7,"related_object":"x","context":{}}"#,
    ] {
        assert_eq!(Event::parse(body).unwrap_err().code(), "thin");
    }
    let snapshot = EventBuilder::invoice_paid("in_1").body();
    assert_eq!(ThinEvent::parse(&snapshot).unwrap_err().code(), "not_event");
}

#[test]
fn what_a_cloud_has_wrapped_is_named_and_refused() {
    let event = String::from_utf8(EventBuilder::invoice_paid("in_1").body()).unwrap();
    let bridge = format!(
        r#"{{"version":"0","id":"c1","detail-type":"invoice.paid","source":"aws.partner/stripe.com/x","detail":{event}}}"#
    );
    let grid = format!(
        r#"{{"id":"evt_1","type":"v1.invoice.paid","source":"stripe","specversion":"1.0","data":{event}}}"#
    );
    for (body, wrapper) in [
        (bridge, Envelope::EventBridge),
        (grid.clone(), Envelope::EventGrid),
        (format!(" [{grid}]"), Envelope::EventGrid),
    ] {
        let unsigned = verifier().event(body.as_bytes(), None::<&str>, NOW);
        assert!(
            matches!(unsigned, Err(Error::Envelope(w)) if w == wrapper),
            "{unsigned:?}"
        );
        let parsed = Event::parse(body.as_bytes());
        assert!(
            matches!(parsed, Err(Error::Envelope(w)) if w == wrapper),
            "{parsed:?}"
        );
        // A signature that is there and wrong is what is wrong.
        let forged = verifier().event(body.as_bytes(), "t=1,v1=00", NOW);
        assert_eq!(forged.unwrap_err().code(), "malformed");
    }
}

#[test]
fn what_is_no_event_is_told_from_what_is_no_json() {
    for (body, code) in [
        (&b"\xff\xfe{}"[..], "not_text"),
        (b"", "json"),
        (b"{", "json"),
        (b"{}x", "json"),
        (br#"{"id":}"#, "json"),
        (b"null", "not_event"),
        (b"7", "not_event"),
        (b"\"text\"", "not_event"),
        (b"[]", "not_event"),
        (b"[{}]", "not_event"),
        (b"{}", "not_event"),
        (br#"{"id":"evt_1","object":"event"}"#, "not_event"),
        (br#"{"object":"event","type":"x"}"#, "not_event"),
        (br#"{"id":7,"object":"event","type":"x"}"#, "not_event"),
        (
            br#"{"id":"cus_1","object":"customer","type":"x"}"#,
            "not_event",
        ),
    ] {
        let error = Event::parse(body).unwrap_err();
        assert_eq!(error.code(), code, "{}", String::from_utf8_lossy(body));
        let text = error.to_string();
        assert!(
            text.starts_with(char::is_lowercase) && !text.ends_with('.'),
            "{text}"
        );
    }
    // The signature is judged first, also of what is no text.
    let sent = SignedEvent::new(b"\xff\xfe".as_slice(), [SECRET], NOW);
    assert!(verifier().verify(&sent.body, &sent.header, NOW).is_ok());
    let error = verifier().event(&sent.body, &sent.header, NOW).unwrap_err();
    assert_eq!(error.code(), "not_text");
    assert!(error.source().is_some());
}

#[test]
fn a_byte_order_mark_is_signed_and_then_passed_over() {
    let mut body = b"\xef\xbb\xbf".to_vec();
    body.extend(EventBuilder::invoice_paid("in_1").body());
    let sent = SignedEvent::new(body, [SECRET], NOW);
    let event = verifier().event(&sent.body, &sent.header, NOW).unwrap();
    assert_eq!(event.object_id().as_deref(), Some("in_1"));
}

#[test]
fn nothing_tells_a_secret_or_a_customer() {
    let event = EventBuilder::customer_updated("cus_1").event();
    let shown = format!("{:?} {event:?} {:?}", verifier(), event.object());
    assert!(!shown.contains("5f1c0a4e"), "{shown}");
    assert!(!shown.contains("eloise"), "{shown}");
    let unknown = EventBuilder::new("person.updated", "person_1")
        .field("email", "eloise@example.ca".into())
        .event();
    assert!(!format!("{:?}", unknown.object()).contains("eloise"));
}

#[test]
fn everything_can_be_shared_and_the_error_is_small() {
    fn shareable<T: Send + Sync + 'static>() {}
    shareable::<Verifier>();
    shareable::<Event>();
    shareable::<Error>();
    assert!(size_of::<Error>() <= 128);
}
