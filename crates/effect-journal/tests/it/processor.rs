//! What works through the inbox.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use effect_journal::testing::{Fault, FaultyJournal};
use effect_journal::{
    Backoff, Delivery, ErrorKind, Handler, ItemState, Items, Journal as _, Leased, Outcome,
    Processor, SqliteJournal,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Does what the body of an item says.
#[derive(Clone, Default)]
struct Obedient {
    attempts: Arc<Mutex<BTreeMap<String, u32>>>,
}

#[async_trait]
impl Handler for Obedient {
    async fn handle(&self, item: Leased) -> Outcome {
        let key = item.delivery.key().to_owned();
        let attempt = {
            let mut attempts = self.attempts.lock().unwrap();
            let attempt = attempts.entry(key).or_default();
            *attempt += 1;
            *attempt
        };
        match item.delivery.body().as_ref() {
            b"fail twice" if attempt < 3 => Outcome::Retry("not yet".to_owned()),
            b"panic once" if attempt < 2 => panic!("as told"),
            b"die" => Outcome::Dead("never".to_owned()),
            b"fail" => Outcome::Retry("no".to_owned()),
            b"hang" if attempt < 2 => std::future::pending().await,
            _ => Outcome::Done,
        }
    }
}

async fn journal() -> (TempDir, Arc<SqliteJournal>) {
    let folder = TempDir::new().unwrap();
    let journal = SqliteJournal::builder(folder.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    (folder, Arc::new(journal))
}

async fn until(journal: &SqliteJournal, reached: impl Fn(effect_journal::Stats) -> bool) {
    let waiting = async {
        while !reached(journal.stats().await.unwrap()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(25), waiting)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_item_comes_to_an_end() {
    let (_folder, journal) = journal().await;
    for (key, body) in [
        ("1", "well"),
        ("2", "fail twice"),
        ("3", "panic once"),
        ("4", "die"),
        ("5", "fail"),
        ("6", "hang"),
        ("7", "well"),
    ] {
        journal
            .accept(Delivery::new("test", key, body))
            .await
            .unwrap();
    }
    let (handler, stop) = (Obedient::default(), CancellationToken::new());
    let running = tokio::spawn(
        Processor::builder(journal.clone(), handler.clone())
            .workers(3)
            .backoff(Backoff::new(
                Duration::from_millis(1),
                Duration::from_millis(5),
            ))
            .time_limit(Duration::from_millis(300))
            .max_attempts(4)
            .idle(Duration::from_millis(50))
            .run(stop.clone()),
    );
    until(&journal, |stats| (stats.done, stats.dead) == (5, 2)).await;
    stop.cancel();
    running.await.unwrap();
    let attempts = handler.attempts.lock().unwrap().clone();
    let expected = [
        ("1", 1),
        ("2", 3),
        ("3", 2),
        ("4", 1),
        ("5", 4),
        ("6", 2),
        ("7", 1),
    ];
    assert_eq!(
        attempts,
        expected.map(|(key, n)| (key.to_owned(), n)).into()
    );
    let dead = journal
        .items(Items::new().state(ItemState::Dead))
        .await
        .unwrap();
    let errors: Vec<_> = dead.iter().map(|item| item.error.as_deref()).collect();
    assert_eq!(errors, [Some("no"), Some("never")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_arrival_wakes_it_and_a_stop_gives_back_what_hangs() {
    let (_folder, journal) = journal().await;
    let stop = CancellationToken::new();
    let handler = Obedient::default();
    let running = tokio::spawn(
        Processor::builder(journal.clone(), handler.clone())
            .idle(Duration::from_secs(3600))
            .drain(Duration::from_millis(50))
            .run(stop.clone()),
    );
    journal
        .accept(Delivery::new("test", "1", "well"))
        .await
        .unwrap();
    until(&journal, |stats| stats.done == 1).await;
    journal
        .accept(Delivery::new("test", "2", "hang"))
        .await
        .unwrap();
    until(&journal, |stats| stats.leased == 1).await;
    stop.cancel();
    running.await.unwrap();
    let hung = journal
        .items(Items::new().state(ItemState::Pending))
        .await
        .unwrap();
    assert_eq!((hung.len(), hung[0].attempts), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lane_is_worked_through_in_order() {
    let (_folder, journal) = journal().await;
    for n in 0..30 {
        let delivery = Delivery::new("test", format!("{n:02}"), "fail twice").lane("one");
        journal.accept(delivery).await.unwrap();
    }
    #[derive(Clone, Default)]
    struct Note(Arc<Mutex<Vec<String>>>, Obedient);
    #[async_trait]
    impl Handler for Note {
        async fn handle(&self, item: Leased) -> Outcome {
            let key = item.delivery.key().to_owned();
            let outcome = self.1.handle(item).await;
            if outcome == Outcome::Done {
                self.0.lock().unwrap().push(key);
            }
            outcome
        }
    }
    let (note, stop) = (Note::default(), CancellationToken::new());
    let running = tokio::spawn(
        Processor::builder(journal.clone(), note.clone())
            .backoff(Backoff::new(
                Duration::from_millis(1),
                Duration::from_millis(1),
            ))
            .idle(Duration::from_millis(20))
            .run(stop.clone()),
    );
    until(&journal, |stats| stats.done == 30).await;
    stop.cancel();
    running.await.unwrap();
    let order = note.0.lock().unwrap().clone();
    assert!(order.is_sorted(), "{order:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_waits_uses_up_no_attempts() {
    let (_folder, journal) = journal().await;
    journal
        .accept(Delivery::new("test", "1", "wait"))
        .await
        .unwrap();
    #[derive(Clone)]
    struct Waits(Arc<Mutex<Vec<u32>>>, Arc<SqliteJournal>);
    #[async_trait]
    impl Handler for Waits {
        async fn handle(&self, item: Leased) -> Outcome {
            let mut attempts = self.0.lock().unwrap();
            attempts.push(item.attempt);
            match attempts.len() {
                // In the past: it must not be looked at again without a pause.
                1..=2 => Outcome::Wait(jiff::Timestamp::UNIX_EPOCH, "busy".to_owned()),
                _ => Outcome::Done,
            }
        }
    }
    let (waits, stop) = (
        Waits(Arc::default(), journal.clone()),
        CancellationToken::new(),
    );
    let running = tokio::spawn(
        Processor::builder(journal.clone(), waits.clone())
            .max_attempts(2)
            .run(stop.clone()),
    );
    let before = waits.1.now();
    until(&journal, |stats| stats.done == 1).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(*waits.0.lock().unwrap(), [1, 1, 1]);
    let took = journal.now().duration_since(before);
    assert!(took.as_millis() >= 1_900, "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_ends_with_its_lease_when_the_journal_is_away() {
    let (_folder, journal) = journal().await;
    journal
        .accept(Delivery::new("test", "1", "hang"))
        .await
        .unwrap();
    let faulty = FaultyJournal::new(journal.clone());
    let (handler, stop) = (Obedient::default(), CancellationToken::new());
    let running = tokio::spawn(
        Processor::builder(Arc::new(faulty.clone()), handler.clone())
            .lease(Duration::from_millis(300))
            .idle(Duration::from_millis(50))
            .run(stop.clone()),
    );
    until(&journal, |stats| stats.leased == 1).await;
    // Neither is the lease renewed, nor is anything written down afterwards.
    faulty.plan([Fault::Before(ErrorKind::Unavailable); 4]);
    until(&journal, |stats| stats.done == 1).await;
    stop.cancel();
    running.await.unwrap();
    // A second one did it; a slow machine may have lost more leases on the way.
    assert!(handler.attempts.lock().unwrap().get("1") >= Some(&2));
}
