//! The route itself: who is let in, and what is answered.

use std::sync::Arc;
use std::time::Duration;

use effect_journal::testing::{Fault, FaultyJournal};
use effect_journal::{ErrorKind, Journal, SqliteJournal};
use http::Method;
use hub::Hub;
use hub::platform::config::Config;
use integration_core::Clock;
use serde_json::json;
use stripe_webhooks::testing::{EventBuilder, SignedEvent};
use tower::ServiceExt as _;

use super::room::{WHSEC, sign};
use crate::support::{Answer, STRANGER, call, noon, settings};

/// A hub with a journal that fails on demand, and nobody who works on it.
struct Door {
    hub: Hub,
    journal: FaultyJournal,
    _folder: tempfile::TempDir,
}

impl Door {
    async fn new(more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Arc::new(SqliteJournal::open(folder.path()).await.unwrap());
        let journal = FaultyJournal::new(journal);
        let mut pairs = vec![
            ("STRIPE_WEBHOOK_SECRET", WHSEC),
            ("TRUSTED_PROXIES", "10.0.0.0/24"),
        ];
        pairs.extend(more);
        let config = Config::read(&settings(&pairs)).unwrap();
        let kept = Some(Arc::new(journal.clone()) as Arc<dyn Journal>);
        let hub = Hub::with_journal(config, Clock::fixed(noon()), kept).unwrap();
        Self {
            hub,
            journal,
            _folder: folder,
        }
    }

    async fn send(&self, signed: &SignedEvent) -> Answer {
        post(
            &self.hub,
            signed.body.clone(),
            Some(signed.header.as_bytes()),
        )
        .await
    }

    async fn kept(&self) -> u64 {
        self.journal.stats().await.unwrap().pending
    }
}

async fn post(hub: &Hub, body: Vec<u8>, header: Option<&[u8]>) -> Answer {
    let call = call(Method::POST, "/webhook/stripe").from(STRANGER);
    let call = match header {
        Some(header) => call.header_bytes("stripe-signature", header),
        None => call,
    };
    call.streaming(body.into()).send(hub).await
}

fn event() -> EventBuilder {
    EventBuilder::payment_intent_succeeded("pi_1").amount(8_000)
}

#[tokio::test]
async fn an_event_is_kept_once_however_often_it_comes() {
    let door = Door::new(&[]).await;
    for _ in 0..3 {
        assert_eq!(
            door.send(&sign(&event())).await.json(),
            json!({"received": true})
        );
    }
    // The last attempt says that no other endpoint is left: the same event.
    let last = door.send(&sign(&event().pending_webhooks(0))).await;
    assert_eq!(last.status, 200);
    assert_eq!(door.kept().await, 1);
    let unknown = EventBuilder::new("fish.caught", "fish_1");
    assert_eq!(door.send(&sign(&unknown)).await.status, 200);
    assert_eq!(door.kept().await, 2);
}

#[tokio::test]
async fn what_is_not_signed_is_refused_without_a_word_why() {
    let door = Door::new(&[]).await;
    let good = sign(&event());
    let now = 1_795_359_600;
    let signed = |secret: &str, at: i64| SignedEvent::new(good.body.clone(), [secret], at).header;
    let late = signed(WHSEC, now - 301);
    let early = signed(WHSEC, now + 301);
    let other = signed("whsec_of_somebody_else", now);
    let refusals = [
        None,
        Some(""),
        Some("t=1"),
        Some(late.as_str()),
        Some(early.as_str()),
        Some(other.as_str()),
    ];
    let mut texts = Vec::new();
    for header in refusals {
        let answer = post(&door.hub, good.body.clone(), header.map(str::as_bytes)).await;
        assert_eq!(answer.status, 400, "{header:?}");
        let mut body = answer.json();
        body["request_id"] = json!(null);
        texts.push(body);
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    let mut changed = good.body.clone();
    changed.push(b' ');
    assert_eq!(
        post(&door.hub, changed, Some(good.header.as_bytes()))
            .await
            .status,
        400
    );
    // Signed, and no event.
    for body in ["", "{}", "[]", "no JSON", "\u{feff}{"] {
        let odd = SignedEvent::new(body, [WHSEC], now);
        assert_eq!(door.send(&odd).await.status, 400, "{body}");
    }
    assert_eq!(door.kept().await, 0);
}

#[tokio::test]
async fn what_is_signed_and_not_ours_is_acknowledged_and_not_kept() {
    let live = event().livemode(true);
    let door = Door::new(&[("STRIPE_SECRET_KEY", "sk_test_123")]).await;
    assert_eq!(door.send(&sign(&live)).await.status, 200);
    assert_eq!(door.kept().await, 0);
    assert_eq!(door.send(&sign(&event())).await.status, 200);
    assert_eq!(door.kept().await, 1);
    let door = Door::new(&[("STRIPE_SECRET_KEY", "sk_live_123")]).await;
    assert_eq!(door.send(&sign(&event())).await.status, 200);
    assert_eq!(door.kept().await, 0);
    let thin = r#"{"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered",
        "created": "2026-11-22T15:00:00Z", "livemode": true}"#;
    let thin = SignedEvent::new(thin, [WHSEC], 1_795_359_600);
    assert_eq!(door.send(&thin).await.status, 200);
    assert_eq!(door.kept().await, 0);
}

#[tokio::test]
async fn a_secret_in_its_last_day_is_good() {
    let door = Door::new(&[(
        "STRIPE_WEBHOOK_SECRET",
        "whsec_new_one_0000,whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55",
    )])
    .await;
    assert_eq!(door.send(&sign(&event())).await.status, 200);
    let new = event()
        .id("evt_2")
        .sign("whsec_new_one_0000", 1_795_359_600);
    assert_eq!(door.send(&new).await.status, 200);
    assert_eq!(door.kept().await, 2);
}

#[tokio::test]
async fn a_journal_that_takes_nothing_makes_the_sender_come_back() {
    let door = Door::new(&[]).await;
    for fault in [
        Fault::Before(ErrorKind::Full),
        Fault::Before(ErrorKind::Unavailable),
        Fault::After,
    ] {
        door.journal.plan([fault]);
        let answer = door.send(&sign(&event())).await;
        assert_eq!(answer.status, 503, "{fault:?}");
        assert_eq!(answer.header("retry-after"), "30");
    }
    assert_eq!(door.send(&sign(&event())).await.status, 200);
    assert_eq!(door.kept().await, 1);
}

#[tokio::test]
async fn without_settings_it_says_so() {
    let answer = crate::support::hub(&[]);
    let answer = post(&answer, b"{}".to_vec(), Some(b"t=1,v1=00")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["error"].as_str()),
        (503, Some("not_configured"))
    );
    // A journal alone, or a secret alone.
    let secret = crate::support::hub(&[("STRIPE_WEBHOOK_SECRET", WHSEC)]);
    assert_eq!(post(&secret, b"{}".to_vec(), None).await.status, 503);
    let journal = Door::new(&[("STRIPE_WEBHOOK_SECRET", "")]).await;
    assert_eq!(post(&journal.hub, b"{}".to_vec(), None).await.status, 503);
}

#[tokio::test]
async fn long_and_slow_bodies_are_given_up() {
    let door = Door::new(&[]).await;
    let long = vec![b' '; 1024 * 1024 + 1];
    let signed = SignedEvent::new(long, [WHSEC], 1_795_359_600);
    assert_eq!(door.send(&signed).await.status, 413);
    // Announced and never sent, or sent in pieces without an end.
    let endless = futures_util::stream::repeat_with(|| {
        Ok::<_, std::io::Error>(bytes::Bytes::from_static(&[b' '; 65_536]))
    });
    let body = axum::body::Body::from_stream(endless);
    let pieces = call(Method::POST, "/webhook/stripe")
        .from(STRANGER)
        .streaming(body);
    assert_eq!(pieces.send(&door.hub).await.status, 413);
    tokio::time::pause();
    let stalled = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let body = axum::body::Body::from_stream(stalled);
    let call = call(Method::POST, "/webhook/stripe")
        .from(STRANGER)
        .streaming(body);
    let answer = tokio::time::timeout(Duration::from_secs(15), call.send(&door.hub)).await;
    assert_eq!(answer.unwrap().status, 408);
}

/// Resident memory of this process; 0 where it cannot be told.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}

#[tokio::test]
async fn bad_input_never_makes_it_fail() {
    /// `SplitMix64`.
    fn next(state: &mut u64) -> u64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn mutate(state: &mut u64, bytes: &mut Vec<u8>) {
        for _ in 0..=next(state) % 4 {
            let at = usize::try_from(next(state)).unwrap_or_default() % bytes.len().max(1);
            let byte = next(state).to_le_bytes()[0];
            match next(state) % 4 {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 => bytes.insert(at.min(bytes.len()), byte),
                2 if !bytes.is_empty() => drop(bytes.drain(at..)),
                _ => bytes.extend_from_slice(&[byte; 3]),
            }
        }
    }
    const AT_ONCE: u64 = 200;
    // All of them where the code is fast.
    let rounds: u64 = if cfg!(debug_assertions) {
        40_000
    } else {
        100_000
    };
    let door = Door::new(&[]).await;
    let router = hub::router(door.hub.clone());
    let (mut state, mut kept, mut refused) = (7, 0_u64, 0_u64);
    let good: Vec<SignedEvent> = [event(), EventBuilder::checkout_session_completed("cs_1")]
        .iter()
        .map(sign)
        .collect();
    let mut resident = 0;
    for first in (0..rounds).step_by(200) {
        let sent = (first..first + AT_ONCE).map(|round| {
            let one = &good[usize::from(round % 2 == 0)];
            let (mut body, mut header) = (one.body.clone(), one.header.clone().into_bytes());
            match round % 20 {
                // A body of any shape under a signature that is right.
                0 => {
                    mutate(&mut state, &mut body);
                    let signed = SignedEvent::new(body.clone(), [WHSEC], 1_795_359_600);
                    header = signed.header.into_bytes();
                }
                even if even % 2 == 0 => mutate(&mut state, &mut body),
                _ => mutate(&mut state, &mut header),
            }
            header.retain(|byte| *byte >= 32 && *byte != 127);
            let request = http::Request::post("/webhook/stripe")
                .header(
                    "stripe-signature",
                    http::HeaderValue::from_bytes(&header).unwrap(),
                )
                .body(axum::body::Body::from(body))
                .unwrap();
            router.clone().oneshot(request)
        });
        let sent: Vec<_> = sent.collect();
        for answer in futures_util::future::join_all(sent).await {
            match answer.unwrap().status().as_u16() {
                200 => kept += 1,
                400 => refused += 1,
                other => panic!("{other} in round {first}"),
            }
        }
        if first == rounds / 5 / AT_ONCE * AT_ONCE {
            resident = resident_kib();
        }
    }
    let grown = resident_kib().saturating_sub(resident);
    assert!(
        grown < 16 * 1024,
        "{grown} KiB more after the first fifth of them"
    );
    assert!(refused > rounds / 2, "{kept} {refused}");
}
