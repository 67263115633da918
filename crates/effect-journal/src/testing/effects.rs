//! What is promised of effects.

#![allow(clippy::unwrap_used, reason = "a suite")]

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::future::join_all;

use super::{Fault, FaultyJournal, HandClock, Harness, accept_new, delivery, take};
use crate::{Effect, EffectError, EffectKey, Effects, ErrorKind, Intent, Probe, Retention, once};

const CLAIM: Duration = Duration::from_secs(60);

fn key(key: &str) -> EffectKey {
    EffectKey::new(key).unwrap()
}

pub(super) async fn an_intent_survives_a_kill(harness: &dyn Harness) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    let began = journal.now();
    assert!(matches!(
        journal.intend(&key("pay"), CLAIM).await.unwrap(),
        Intent::Fresh(_)
    ));
    harness.kill(journal).await;
    hand.forward(CLAIM);
    let journal = harness.open(hand.clock()).await;
    match journal.intend(&key("pay"), CLAIM).await.unwrap() {
        Intent::Uncertain { begun_at, .. } => assert_eq!(begun_at, began),
        other => panic!("{other:?}"),
    }
}

pub(super) async fn one_of_many_claims_an_effect(harness: &dyn Harness) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    let pay = key("pay");
    let claims = join_all((0..50).map(|_| journal.intend(&pay, CLAIM))).await;
    let fresh = claims
        .iter()
        .filter(|claim| matches!(claim, Ok(Intent::Fresh(_))))
        .count();
    let busy = claims
        .iter()
        .filter(|claim| matches!(claim, Ok(Intent::Busy { .. })))
        .count();
    assert_eq!((fresh, busy), (1, 49));
    hand.forward(CLAIM + Duration::from_secs(1));
    let claims = join_all((0..50).map(|_| journal.intend(&pay, CLAIM))).await;
    let uncertain = claims
        .iter()
        .filter(|claim| matches!(claim, Ok(Intent::Uncertain { .. })))
        .count();
    assert_eq!(uncertain, 1);
}

pub(super) async fn a_stale_claim_is_fenced(harness: &dyn Harness) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    let Intent::Fresh(stale) = journal.intend(&key("pay"), CLAIM).await.unwrap() else {
        panic!("not fresh");
    };
    hand.forward(CLAIM + Duration::from_secs(1));
    let Intent::Uncertain { claim, .. } = journal.intend(&key("pay"), CLAIM).await.unwrap() else {
        panic!("not uncertain");
    };
    assert!(claim.token() > stale.token());
    for refused in [
        journal.record(&stale, Bytes::from_static(b"late")).await,
        journal.abandon(&stale).await,
        journal.unsure(&stale).await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Lost);
    }
    journal
        .record(&claim, Bytes::from_static(b"found"))
        .await
        .unwrap();
}

pub(super) async fn an_abandoned_intent_is_forgotten(harness: &dyn Harness) {
    let journal = harness.open(HandClock::new().clock()).await;
    let Intent::Fresh(claim) = journal.intend(&key("pay"), CLAIM).await.unwrap() else {
        panic!("not fresh");
    };
    journal.abandon(&claim).await.unwrap();
    let Intent::Fresh(again) = journal.intend(&key("pay"), CLAIM).await.unwrap() else {
        panic!("not fresh again");
    };
    // The first one cannot speak for the second.
    assert_ne!(claim.token(), again.token());
    assert_eq!(
        journal
            .record(&claim, Bytes::new())
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Lost
    );
    journal.unsure(&again).await.unwrap();
    assert!(matches!(
        journal.intend(&key("pay"), CLAIM).await.unwrap(),
        Intent::Uncertain { .. }
    ));
}

pub(super) async fn a_recorded_result_is_given_to_all(harness: &dyn Harness) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    let Intent::Fresh(claim) = journal.intend(&key("pay"), CLAIM).await.unwrap() else {
        panic!("not fresh");
    };
    let result = Bytes::from_static(b"ACC-PAY-1\0\xff");
    journal.record(&claim, result.clone()).await.unwrap();
    // The answer was lost, and it is said again.
    journal.record(&claim, result.clone()).await.unwrap();
    harness.kill(journal).await;
    let journal = harness.open(hand.clock()).await;
    assert_eq!(
        journal.intend(&key("pay"), CLAIM).await.unwrap(),
        Intent::Done(result)
    );
}

pub(super) async fn what_an_item_brought_about_is_known_while_it_lives(harness: &dyn Harness) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    let seq = accept_new(&*journal, delivery("a")).await;
    let item = take(&*journal, 1).await.remove(0);
    let Intent::Fresh(claim) = journal.intend(&key("pay"), CLAIM).await.unwrap() else {
        panic!("not fresh");
    };
    let result = Bytes::from_static(b"ACC-PAY-1");
    journal.record(&claim, result.clone()).await.unwrap();
    journal.bury(&item.lease, "a later step").await.unwrap();
    hand.forward(Duration::from_secs(90 * 86_400));
    while journal.sweep(Retention::new()).await.unwrap().more {}
    // Whoever replays it finds that it was paid.
    journal.replay(seq).await.unwrap();
    let known = journal.intend(&key("pay"), CLAIM).await.unwrap();
    assert_eq!(known, Intent::Done(result));
    let item = take(&*journal, 1).await.remove(0);
    journal.complete(&item.lease).await.unwrap();
    hand.forward(Duration::from_secs(90 * 86_400));
    let swept = journal.sweep(Retention::new()).await.unwrap();
    assert_eq!(swept.keys, 2, "the item and its effect");
}

pub(super) async fn an_effect_of_unknown_outcome_is_listed_and_never_forgotten(
    harness: &dyn Harness,
) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    for name in ["a", "b", "c"] {
        assert!(matches!(
            journal.intend(&key(name), CLAIM).await.unwrap(),
            Intent::Fresh(_)
        ));
        hand.forward(Duration::from_secs(1));
    }
    hand.forward(Duration::from_secs(400 * 86_400));
    while journal.sweep(Retention::new()).await.unwrap().more {}
    let first = journal.effects(Effects::new().limit(2)).await.unwrap();
    let rest = journal
        .effects(Effects::new().after(&first[1]))
        .await
        .unwrap();
    let keys: Vec<_> = first.iter().chain(&rest).map(|one| &one.key).collect();
    assert_eq!(keys, [&key("a"), &key("b"), &key("c")]);
    assert_eq!(journal.stats().await.unwrap().unsettled, 3);
    let Intent::Uncertain { claim, .. } = journal.intend(&key("a"), CLAIM).await.unwrap() else {
        panic!("not uncertain");
    };
    journal.record(&claim, Bytes::new()).await.unwrap();
    assert_eq!(journal.effects(Effects::new()).await.unwrap().len(), 2);
}

/// An effect whose journal fails at every step is performed once.
pub(super) async fn a_lost_answer_leaves_one_effect(harness: &dyn Harness) {
    #[derive(Debug, Default)]
    struct Counter(AtomicU32);
    #[async_trait]
    impl Effect for Counter {
        async fn perform(&self, _key: &EffectKey) -> Result<Bytes, EffectError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::from_static(b"done"))
        }
        async fn probe(&self, _key: &EffectKey) -> Result<Probe, EffectError> {
            Ok(match self.0.load(Ordering::SeqCst) {
                0 => Probe::NotFound,
                _ => Probe::Found(Bytes::from_static(b"done")),
            })
        }
    }
    // At the first call of the journal, at the second, and so on; with its effect, and without.
    for step in 0..6 {
        for fault in [Fault::After, Fault::Before(ErrorKind::Unavailable)] {
            let hand = HandClock::new();
            let journal = harness.fresh().open(hand.clock()).await;
            let (faulty, counter) = (FaultyJournal::new(journal), Counter::default());
            faulty.plan(std::iter::repeat_n(Fault::Delay(Duration::ZERO), step));
            faulty.plan([fault]);
            let mut done = 0;
            for _ in 0..8 {
                done += u32::from(once(&faulty, &key("pay"), &counter).await.is_ok());
                hand.forward(CLAIM + CLAIM);
            }
            let performed = counter.0.load(Ordering::SeqCst);
            assert_eq!(performed, 1, "{fault:?} at step {step}");
            assert!(done >= 7, "{fault:?} at step {step}: {done}");
        }
    }
}
