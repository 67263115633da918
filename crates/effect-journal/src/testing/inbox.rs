//! What is promised of what comes in.

#![allow(clippy::unwrap_used, reason = "a suite")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::poll;

use super::{Fault, FaultyJournal, HandClock, Harness, accept_new, delivery, take};
use crate::{Accepted, Delivery, ErrorKind, ItemState, Items, Journal, Retention, Take};

const LEASE: Duration = Duration::from_secs(30);

async fn open(harness: &dyn Harness) -> (HandClock, Arc<dyn Journal>) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    (hand, journal)
}

pub(super) async fn what_was_accepted_survives_a_kill(harness: &dyn Harness) {
    let hand = HandClock::new();
    let mut acknowledged = Vec::new();
    for life in 0..5 {
        let journal = harness.open(hand.clock()).await;
        let keys: Vec<String> = (0..40).map(|n| format!("{life}-{n}")).collect();
        let answers = join_all(keys.iter().map(|key| journal.accept(delivery(key)))).await;
        for (key, answer) in keys.into_iter().zip(answers) {
            assert!(matches!(answer, Ok(Accepted::New(_))), "{answer:?}");
            acknowledged.push(key);
        }
        harness.kill(journal).await;
    }
    let journal = harness.open(hand.clock()).await;
    let kept = journal.items(Items::new().limit(500)).await.unwrap();
    let kept: BTreeSet<String> = kept
        .iter()
        .map(|item| item.delivery.key().to_owned())
        .collect();
    assert_eq!(kept, acknowledged.into_iter().collect());
}

pub(super) async fn one_key_is_one_item(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let answers = join_all((0..50).map(|_| journal.accept(delivery("same")))).await;
    let new = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Accepted::New(_))))
        .count();
    let known = answers
        .iter()
        .filter(|answer| matches!(answer, Ok(Accepted::Duplicate { .. })))
        .count();
    assert_eq!((new, known), (1, 49));
    let other_body = Delivery::new("test", "same", b"other".to_vec());
    assert!(matches!(
        journal.accept(other_body).await,
        Ok(Accepted::Conflict(_))
    ));
    let other_source = Delivery::new("elsewhere", "same", b"same".to_vec());
    assert!(matches!(
        journal.accept(other_source).await,
        Ok(Accepted::New(_))
    ));
}

pub(super) async fn no_item_is_leased_twice(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    for n in 0..100 {
        accept_new(&*journal, delivery(&n.to_string())).await;
    }
    let workers = (0..8).map(|_| async {
        let mut mine = Vec::new();
        loop {
            let items = take(&*journal, 3).await;
            if items.is_empty() {
                return mine;
            }
            mine.extend(items.iter().map(|item| item.lease.seq()));
        }
    });
    let taken: Vec<_> = join_all(workers).await.into_iter().flatten().collect();
    let different: BTreeSet<_> = taken.iter().copied().collect();
    assert_eq!((taken.len(), different.len()), (100, 100));
}

pub(super) async fn an_expired_lease_passes_on_and_is_fenced(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    accept_new(&*journal, delivery("a")).await;
    let first = take(&*journal, 1).await.remove(0);
    assert!(take(&*journal, 1).await.is_empty());
    hand.forward(LEASE + Duration::from_secs(1));
    let second = take(&*journal, 1).await.remove(0);
    assert!(second.lease.token() > first.lease.token());
    let now = journal.now();
    for refused in [
        journal.complete(&first.lease).await,
        journal.retry(&first.lease, now, "late").await,
        journal.bury(&first.lease, "late").await,
        journal.release(&first.lease).await,
        journal.extend(&first.lease, LEASE).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Lost);
    }
    journal.complete(&second.lease).await.unwrap();
    assert_eq!(
        journal.complete(&second.lease).await.unwrap_err().kind(),
        ErrorKind::Lost
    );
    assert_eq!(journal.stats().await.unwrap().done, 1);
}

pub(super) async fn an_extended_lease_stays(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    accept_new(&*journal, delivery("a")).await;
    let mut lease = take(&*journal, 1).await.remove(0).lease;
    for _ in 0..5 {
        hand.forward(Duration::from_secs(20));
        lease = journal.extend(&lease, LEASE).await.unwrap();
    }
    assert!(take(&*journal, 1).await.is_empty());
    journal.complete(&lease).await.unwrap();
}

pub(super) async fn attempts_are_counted_through_kills(harness: &dyn Harness) {
    let hand = HandClock::new();
    let journal = harness.open(hand.clock()).await;
    let seq = accept_new(&*journal, delivery("poison")).await;
    let mut journal = journal;
    for attempt in 1..=3 {
        let item = journal
            .take(Take::new(1).max_attempts(3))
            .await
            .unwrap()
            .remove(0);
        assert_eq!(item.attempt, attempt);
        harness.kill(journal).await;
        hand.forward(Duration::from_secs(1));
        journal = harness.open(hand.clock()).await;
        hand.forward(LEASE);
    }
    assert!(
        journal
            .take(Take::new(1).max_attempts(3))
            .await
            .unwrap()
            .is_empty()
    );
    let item = journal.item(seq).await.unwrap().unwrap();
    assert_eq!((item.state, item.attempts), (ItemState::Dead, 3));
    assert!(item.error.is_some());
}

pub(super) async fn order_is_by_due_time_then_by_number(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    for key in ["a", "b", "c"] {
        accept_new(&*journal, delivery(key)).await;
    }
    let first = take(&*journal, 1).await.remove(0);
    assert_eq!(first.delivery.key(), "a");
    let later = journal.now().checked_add(Duration::from_secs(10)).unwrap();
    journal.retry(&first.lease, later, "not yet").await.unwrap();
    hand.forward(Duration::from_secs(5));
    let keys = |items: Vec<crate::Leased>| -> Vec<String> {
        items
            .iter()
            .map(|item| item.delivery.key().to_owned())
            .collect()
    };
    assert_eq!(keys(take(&*journal, 9).await), ["b", "c"]);
    hand.forward(Duration::from_secs(5));
    assert_eq!(keys(take(&*journal, 9).await), ["a"]);
}

pub(super) async fn a_lane_keeps_its_order(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    for (key, lane) in [("1", "x"), ("2", "x"), ("3", "y"), ("4", "x")] {
        accept_new(&*journal, delivery(key).lane(lane)).await;
    }
    accept_new(&*journal, delivery("5")).await;
    let taken = take(&*journal, 9).await;
    let keys: Vec<_> = taken.iter().map(|item| item.delivery.key()).collect();
    assert_eq!(keys, ["1", "3", "5"]);
    for other in &taken[1..] {
        journal.complete(&other.lease).await.unwrap();
    }
    // One that waits for its time holds its lane up.
    let later = journal.now().checked_add(Duration::from_secs(60)).unwrap();
    journal
        .retry(&taken[0].lease, later, "not yet")
        .await
        .unwrap();
    assert!(take(&*journal, 9).await.is_empty());
    hand.forward(Duration::from_secs(61));
    let again = take(&*journal, 1).await.remove(0);
    assert_eq!(again.delivery.key(), "1");
    journal.complete(&again.lease).await.unwrap();
    // One that was given up does not.
    let second = take(&*journal, 1).await.remove(0);
    assert_eq!(second.delivery.key(), "2");
    journal.bury(&second.lease, "never").await.unwrap();
    assert_eq!(take(&*journal, 1).await.remove(0).delivery.key(), "4");
}

pub(super) async fn any_bytes_come_back(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let large: Vec<u8> = (0..2_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    for (key, body) in [
        ("large", large),
        ("empty", Vec::new()),
        ("nul", vec![0, 255, 0]),
    ] {
        let sent = Delivery::new("test", key, body)
            .header("x-odd", vec![0xff, 0x00, 0xfe])
            .header("x-odd", b"twice".to_vec())
            .lane("l \u{0}")
            .trace("req-1");
        let seq = accept_new(&*journal, sent.clone()).await;
        assert_eq!(journal.item(seq).await.unwrap().unwrap().delivery, sent);
        let item = take(&*journal, 1).await.remove(0);
        assert_eq!(item.delivery, sent);
        journal.complete(&item.lease).await.unwrap();
    }
}

pub(super) async fn only_what_is_done_is_forgotten(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    for n in 0..4 {
        accept_new(&*journal, delivery(&n.to_string())).await;
    }
    let taken = journal
        .take(Take::new(3).lease(Duration::from_secs(90 * 86_400)))
        .await
        .unwrap();
    journal.complete(&taken[0].lease).await.unwrap();
    journal.bury(&taken[1].lease, "never").await.unwrap();
    let week = Retention::new();
    assert_eq!(journal.sweep(week).await.unwrap().keys, 0);
    hand.forward(Duration::from_secs(8 * 86_400));
    let swept = journal.sweep(week).await.unwrap();
    assert_eq!((swept.bodies, swept.keys, swept.more), (1, 0, false));
    let done = journal.item(taken[0].lease.seq()).await.unwrap().unwrap();
    assert!(done.delivery.body().is_empty());
    // Its key still protects, and it is still told apart from another.
    assert!(matches!(
        journal.accept(delivery("0")).await,
        Ok(Accepted::Duplicate {
            state: ItemState::Done,
            ..
        })
    ));
    assert_eq!(
        journal.replay(done.seq).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    hand.forward(Duration::from_secs(40 * 86_400));
    assert_eq!(journal.sweep(week).await.unwrap().keys, 1);
    let stats = journal.stats().await.unwrap();
    assert_eq!(
        (stats.pending, stats.leased, stats.done, stats.dead),
        (1, 1, 0, 1)
    );
}

pub(super) async fn a_clock_that_jumps_harms_nothing(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    accept_new(&*journal, delivery("a")).await;
    let item = take(&*journal, 1).await.remove(0);
    hand.back(Duration::from_secs(600));
    // Neither is the lease over, nor does it last for ever, nor is what comes now due too late.
    assert!(take(&*journal, 1).await.is_empty());
    accept_new(&*journal, delivery("b")).await;
    assert_eq!(take(&*journal, 1).await.remove(0).delivery.key(), "b");
    hand.forward(Duration::from_secs(600) + LEASE + Duration::from_secs(1));
    let again = take(&*journal, 9).await;
    assert_eq!(again.len(), 2, "at most one more delivery each");
    assert_eq!(
        journal.complete(&item.lease).await.unwrap_err().kind(),
        ErrorKind::Lost
    );
    // The same across a restart.
    let late = journal.now();
    harness.kill(journal).await;
    hand.back(Duration::from_secs(600));
    let journal = harness.open(hand.clock()).await;
    assert!(journal.now() >= late.checked_sub(Duration::from_secs(2)).unwrap());
}

pub(super) async fn a_dropped_call_leaves_nothing_locked(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    for n in 0..20 {
        accept_new(&*journal, delivery(&n.to_string())).await;
        let mut taking = Box::pin(journal.take(Take::new(1)));
        let _ = poll!(&mut taking);
        drop(taking);
        let mut accepting = Box::pin(journal.accept(delivery(&format!("dropped {n}"))));
        let _ = poll!(&mut accepting);
        drop(accepting);
    }
    // What was begun before has come to its end with this one.
    accept_new(&*journal, delivery("dropped: the last")).await;
    hand.forward(LEASE + Duration::from_secs(1));
    let mut found = 0;
    loop {
        let items = take(&*journal, 50).await;
        if items.is_empty() {
            break;
        }
        for item in items {
            found += usize::from(!item.delivery.key().starts_with("dropped"));
            journal.complete(&item.lease).await.unwrap();
        }
    }
    assert_eq!(found, 20);
}

pub(super) async fn odd_keys_are_keys(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let keys = [
        "{a}",
        "a:b",
        "a b",
        "é\u{301}",
        "a'b\"c",
        "%00",
        "a\u{0}b",
        "*",
        "[0]",
    ];
    for key in keys {
        accept_new(&*journal, delivery(key)).await;
    }
    let kept: BTreeSet<String> = take(&*journal, 50)
        .await
        .iter()
        .map(|item| item.delivery.key().to_owned())
        .collect();
    assert_eq!(kept, keys.iter().map(|key| (*key).to_owned()).collect());
}

pub(super) async fn what_breaks_a_rule_is_refused(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let long = "k".repeat(513);
    for refused in [
        Delivery::new("", "a", Vec::new()),
        Delivery::new("test", "", Vec::new()),
        Delivery::new("test", long.clone(), Vec::new()),
        delivery("a").lane(long),
        delivery("a").header("x", vec![0; 70_000]),
        Delivery::new("test", "a", vec![0; Delivery::MAX_BODY + 1]),
    ] {
        let error = journal.accept(refused).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Invalid(_)), "{error:?}");
    }
    assert_eq!(journal.stats().await.unwrap(), crate::Stats::default());
}

pub(super) async fn a_dead_item_can_be_replayed(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let seq = accept_new(&*journal, delivery("a")).await;
    assert_eq!(
        journal.replay(seq).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    let item = take(&*journal, 1).await.remove(0);
    journal.bury(&item.lease, "carte refusée").await.unwrap();
    let dead = journal
        .items(Items::new().state(ItemState::Dead))
        .await
        .unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].error.as_deref(), Some("carte refusée"));
    journal.replay(seq).await.unwrap();
    let again = take(&*journal, 1).await.remove(0);
    assert_eq!((again.attempt, again.delivery.key()), (1, "a"));
    assert!(again.lease.token() > item.lease.token());
}

pub(super) async fn a_released_or_deferred_attempt_does_not_count(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    accept_new(&*journal, delivery("a")).await;
    for _ in 0..3 {
        let item = take(&*journal, 1).await.remove(0);
        assert_eq!(item.attempt, 1);
        journal.release(&item.lease).await.unwrap();
        let item = take(&*journal, 1).await.remove(0);
        assert_eq!(item.attempt, 1);
        let now = journal.now();
        journal.defer(&item.lease, now, "not yet").await.unwrap();
    }
    let item = take(&*journal, 1).await.remove(0);
    let later = journal.now().checked_add(Duration::from_secs(10)).unwrap();
    journal.defer(&item.lease, later, "busy").await.unwrap();
    assert!(take(&*journal, 1).await.is_empty());
    let kept = journal.item(item.lease.seq()).await.unwrap().unwrap();
    assert_eq!((kept.attempts, kept.error.as_deref()), (0, Some("busy")));
    let stale = journal.defer(&item.lease, later, "late").await;
    assert_eq!(stale.unwrap_err().kind(), ErrorKind::Lost);
}

pub(super) async fn waiting_ends_with_an_arrival(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let far = Duration::from_secs(3600);
    let waiting = tokio::spawn({
        let journal = journal.clone();
        async move { journal.wait(&Take::new(1), far).await }
    });
    tokio::task::yield_now().await;
    accept_new(&*journal, delivery("a")).await;
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .unwrap()
        .unwrap();
    // What is due already is not waited for.
    tokio::time::timeout(Duration::from_secs(20), journal.wait(&Take::new(1), far))
        .await
        .unwrap();
}

pub(super) async fn waiting_for_one_source_heeds_no_other(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    accept_new(&*journal, delivery("not mine")).await;
    let mine = Take::new(1).from("mine");
    assert!(journal.take(mine.clone()).await.unwrap().is_empty());
    let waiting = tokio::spawn({
        let journal = journal.clone();
        async move { journal.wait(&mine, Duration::from_secs(3600)).await }
    });
    for _ in 0..50 {
        // Each takes its time on the disk.
        let _ = take(&*journal, 0).await;
        tokio::task::yield_now().await;
    }
    assert!(
        !waiting.is_finished(),
        "whoever waits looks without a pause"
    );
    accept_new(&*journal, Delivery::new("mine", "1", Vec::new())).await;
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .unwrap()
        .unwrap();
}

pub(super) async fn max_attempts_are_those_of_the_source(harness: &dyn Harness) {
    let (hand, journal) = open(harness).await;
    let patient = accept_new(&*journal, Delivery::new("patient", "1", Vec::new())).await;
    let strict = accept_new(&*journal, Delivery::new("strict", "1", Vec::new())).await;
    for _ in 0..2 {
        assert_eq!(take(&*journal, 9).await.len(), 2);
        hand.forward(LEASE + Duration::from_secs(1));
    }
    let take = Take::new(9).from("strict").max_attempts(2);
    assert!(journal.take(take).await.unwrap().is_empty());
    let state = |item: Option<crate::Item>| item.unwrap().state;
    assert_eq!(state(journal.item(strict).await.unwrap()), ItemState::Dead);
    assert_eq!(
        state(journal.item(patient).await.unwrap()),
        ItemState::Pending
    );
}

pub(super) async fn a_replayed_item_waits_for_its_lane(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    for key in ["1", "2", "3"] {
        accept_new(&*journal, delivery(key).lane("x")).await;
    }
    let first = take(&*journal, 9).await.remove(0);
    journal.bury(&first.lease, "never").await.unwrap();
    let second = take(&*journal, 9).await.remove(0);
    assert_eq!(second.delivery.key(), "2");
    // Not beside the one that is being worked on, and before the one that came later.
    journal.replay(first.lease.seq()).await.unwrap();
    assert!(take(&*journal, 9).await.is_empty());
    journal.complete(&second.lease).await.unwrap();
    let again = take(&*journal, 9).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0].delivery.key(), "1");
    journal.bury(&again[0].lease, "never").await.unwrap();
    // And before one that waits for its turn.
    journal.replay(first.lease.seq()).await.unwrap();
    for key in ["1", "3"] {
        let item = take(&*journal, 9).await.remove(0);
        assert_eq!(item.delivery.key(), key);
        journal.complete(&item.lease).await.unwrap();
    }
    assert!(take(&*journal, 9).await.is_empty());
}

pub(super) async fn a_lost_answer_leaves_one_item(harness: &dyn Harness) {
    let (_, journal) = open(harness).await;
    let faulty = FaultyJournal::new(journal);
    faulty.plan([Fault::Before(ErrorKind::Unavailable), Fault::After]);
    let answers = [
        faulty.accept(delivery("a")).await,
        faulty.accept(delivery("a")).await,
        faulty.accept(delivery("a")).await,
    ];
    assert!(matches!(answers[2], Ok(Accepted::Duplicate { .. })));
    assert_eq!(faulty.stats().await.unwrap().pending, 1);
    let item = take(&faulty, 9).await.remove(0);
    faulty.plan([Fault::After]);
    let unknown = faulty.complete(&item.lease).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Unknown);
    let again = faulty.complete(&item.lease).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Lost);
    assert_eq!(faulty.stats().await.unwrap().done, 1);
}
