//! What holds for every scheme.

use std::time::{Duration, SystemTime};

use webhook_signatures::{
    Error, Header, MAX_HEADER_BYTES, Tolerance, UnixTime, docuseal, frappe, shared_secret,
    standard_webhooks, stripe, twilio,
};

fn assert_shareable<T: Send + Sync + Clone + std::fmt::Debug + 'static>() {}

#[test]
fn verifiers_are_shared_between_threads_and_the_error_is_small() {
    assert_shareable::<stripe::Verifier>();
    assert_shareable::<twilio::Verifier>();
    assert_shareable::<docuseal::Verifier>();
    assert_shareable::<frappe::Verifier>();
    assert_shareable::<standard_webhooks::Verifier>();
    assert_shareable::<shared_secret::Verifier>();
    assert_shareable::<Error>();
    assert!(size_of::<Error>() <= 128);
}

#[test]
fn no_debug_shows_a_secret() {
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let shown = [
        format!("{:?}", stripe::Verifier::new([SECRET]).unwrap()),
        format!(
            "{:?}",
            twilio::Verifier::new([SECRET])
                .unwrap()
                .with_shared_keys([SECRET])
                .unwrap()
        ),
        format!(
            "{:?}",
            docuseal::Verifier::new([SECRET])
                .unwrap()
                .with_shared_secrets([SECRET])
                .unwrap()
        ),
        format!("{:?}", frappe::Verifier::new([SECRET]).unwrap()),
        format!("{:?}", standard_webhooks::Verifier::new([SECRET]).unwrap()),
        format!("{:?}", shared_secret::Verifier::new([SECRET]).unwrap()),
        format!("{:?}", Header::from(SECRET)),
        format!(
            "{:?}",
            twilio::Request::new("POST", "https://example.ca/x?token=MfKQ9r8G").body(b"MfKQ9r8G")
        ),
    ];
    for text in shown {
        assert!(!text.contains("MfKQ"), "{text}");
        // Nor as the bytes of an array.
        assert!(!text.contains("77, 102"), "{text}");
    }
}

#[test]
fn a_blank_or_missing_secret_builds_no_verifier() {
    fn check<V: std::fmt::Debug>(new: impl Fn(Vec<&'static str>) -> Result<V, Error>) {
        assert_eq!(new(vec![]).unwrap_err(), Error::NoSecret);
        for blank in ["", " ", "\t\n"] {
            assert_eq!(
                new(vec!["whsec_dGVzdA==", blank]).unwrap_err(),
                Error::BlankSecret { index: 1 }
            );
        }
    }
    check(stripe::Verifier::new);
    check(twilio::Verifier::new);
    check(twilio::Verifier::shared_keys_only);
    check(docuseal::Verifier::new);
    check(frappe::Verifier::new);
    check(standard_webhooks::Verifier::new);
    check(shared_secret::Verifier::new);
    assert_eq!(
        standard_webhooks::Verifier::new(["whsec_"]).unwrap_err(),
        Error::BlankSecret { index: 0 }
    );
}

#[test]
fn a_header_is_missing_or_too_long_in_every_scheme() {
    fn check(verify: impl Fn(Header<'_>) -> Result<webhook_signatures::Verified, Error>) {
        for absent in [Header::ABSENT, Header::from("")] {
            assert_eq!(verify(absent).unwrap_err().code(), "missing_header");
        }
        let huge = "v1,".repeat(MAX_HEADER_BYTES);
        assert_eq!(
            verify(Header::from(&huge)).unwrap_err().code(),
            "header_too_long"
        );
    }
    let secret = ["whsec_dGVzdA=="];
    let stripe = stripe::Verifier::new(secret).unwrap();
    check(|header| stripe.verify(b"{}", header, 0));
    let docuseal = docuseal::Verifier::new(secret).unwrap();
    check(|header| docuseal.verify(b"{}", header, 0));
    let frappe = frappe::Verifier::new(secret).unwrap();
    check(|header| frappe.verify(b"{}", header));
    let shared = shared_secret::Verifier::new(secret).unwrap();
    check(|header| shared.verify(header));
    check(|header| shared.verify_bearer(header));
    let twilio = twilio::Verifier::new(secret).unwrap();
    let request = twilio::Request::new("GET", "https://example.ca/");
    check(|header| twilio.verify(&request, header));
    let standard = standard_webhooks::Verifier::new(secret).unwrap();
    let good = |text: &'static str| Header::from(text);
    check(|header| {
        standard.verify(
            b"{}",
            &standard_webhooks::Headers::new(header, good("0"), good("v1,")),
            0,
        )
    });
    check(|header| {
        standard.verify(
            b"{}",
            &standard_webhooks::Headers::new(good("id"), header, good("v1,")),
            0,
        )
    });
    check(|header| {
        standard.verify(
            b"{}",
            &standard_webhooks::Headers::new(good("id"), good("0"), header),
            0,
        )
    });
}

#[test]
fn every_refusal_has_a_name_and_a_sentence() {
    let errors = [
        Error::NoSecret,
        Error::BlankSecret { index: 1 },
        Error::SecretNotBase64 { index: 1 },
        Error::MissingHeader { header: "H" },
        Error::HeaderTooLong {
            header: "H",
            limit: 1,
        },
        Error::NoSupportedScheme { header: "H" },
        Error::UnsupportedAlgorithm,
        Error::NoKey { algorithm: "A" },
        Error::EmptyBody,
        Error::BadUrl,
        Error::TooManyParameters { limit: 1 },
        Error::BodyNotSigned,
        Error::BodyHashMismatch,
        Error::Mismatch,
        Error::TooOld {
            age_secs: 2,
            tolerance_secs: 1,
        },
        Error::InFuture {
            ahead_secs: 2,
            tolerance_secs: 1,
        },
    ];
    let mut codes: Vec<_> = errors.iter().map(Error::code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), errors.len());
    for error in &errors {
        let text = error.to_string();
        assert!(
            text.starts_with(char::is_lowercase) && !text.ends_with('.'),
            "{text}"
        );
    }
}

#[test]
fn the_tolerance_has_two_sides_and_each_can_be_off() {
    let header = stripe::sign(["s"], b"{}", 1_000);
    let judge = |tolerance, now: i64| {
        stripe::Verifier::new(["s"])
            .unwrap()
            .with_tolerance(tolerance)
            .verify(b"{}", &header, now)
            .map_err(|error| error.code())
            .map(|_| ())
    };
    let both = Tolerance::between(Some(300), Some(60));
    assert_eq!(judge(both, 1_300), Ok(()));
    assert_eq!(judge(both, 1_301), Err("too_old"));
    assert_eq!(judge(both, 940), Ok(()));
    assert_eq!(judge(both, 939), Err("in_future"));
    assert_eq!(judge(Tolerance::between(Some(0), Some(0)), 1_000), Ok(()));
    assert_eq!(
        judge(Tolerance::between(Some(0), None), 1_001),
        Err("too_old")
    );
    assert_eq!(judge(Tolerance::between(Some(300), None), 0), Ok(()));
    assert_eq!(judge(Tolerance::between(None, Some(300)), i64::MAX), Ok(()));
    assert_eq!(judge(Tolerance::from_secs(0), i64::MIN), Ok(()));
    assert_eq!(judge(Tolerance::default(), i64::MIN), Err("in_future"));
    assert_eq!(judge(Tolerance::default(), i64::MAX), Err("too_old"));
}

#[test]
fn a_system_time_is_rounded_down_on_both_sides_of_the_epoch() {
    let epoch = SystemTime::UNIX_EPOCH;
    assert_eq!(UnixTime::from(epoch).as_secs(), 0);
    assert_eq!(
        UnixTime::from(epoch + Duration::from_millis(1_999)).as_secs(),
        1
    );
    assert_eq!(
        UnixTime::from(epoch - Duration::from_millis(1)).as_secs(),
        -1
    );
    assert_eq!(UnixTime::from(epoch - Duration::from_secs(5)).as_secs(), -5);
}
