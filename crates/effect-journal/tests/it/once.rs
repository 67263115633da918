//! One effect, performed once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use effect_journal::testing::{Fault, FaultyJournal, HandClock};
use effect_journal::{
    Effect, EffectError, EffectKey, Journal as _, OnceError, Probe, SqliteJournal, once,
};
use tempfile::TempDir;

/// How the remote behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Well,
    /// Carries it out, and the answer is lost.
    LosesAnswer,
    /// The request is lost.
    LosesRequest,
    Refuses,
    Away,
    /// Neither answers nor is to be asked.
    CannotTell,
}

struct Remote {
    mood: Mutex<Mood>,
    done: AtomicU32,
    asked: AtomicU32,
}

impl Remote {
    fn new(mood: Mood) -> Self {
        Self {
            mood: Mutex::new(mood),
            done: AtomicU32::new(0),
            asked: AtomicU32::new(0),
        }
    }

    fn becomes(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn done(&self) -> u32 {
        self.done.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Effect for Remote {
    async fn perform(&self, _key: &EffectKey) -> Result<Bytes, EffectError> {
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well => {
                self.done.fetch_add(1, Ordering::SeqCst);
                Ok(Bytes::from_static(b"ACC-PAY-1"))
            }
            Mood::LosesAnswer | Mood::CannotTell => {
                self.done.fetch_add(1, Ordering::SeqCst);
                Err(EffectError::Unknown("reset".into()))
            }
            Mood::LosesRequest => Err(EffectError::Unknown("reset".into())),
            Mood::Refuses => Err(EffectError::Refused("no such invoice".into())),
            Mood::Away => Err(EffectError::NotDone("connect".into())),
        }
    }

    async fn probe(&self, _key: &EffectKey) -> Result<Probe, EffectError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Away => Err(EffectError::NotDone("connect".into())),
            Mood::CannotTell => Ok(Probe::CannotTell),
            _ if self.done() > 0 => Ok(Probe::Found(Bytes::from_static(b"ACC-PAY-1"))),
            _ => Ok(Probe::NotFound),
        }
    }
}

struct World {
    _folder: TempDir,
    hand: HandClock,
    journal: Arc<SqliteJournal>,
    key: EffectKey,
}

async fn world() -> World {
    let (folder, hand) = (TempDir::new().unwrap(), HandClock::new());
    let journal = SqliteJournal::builder(folder.path())
        .clock(hand.clock())
        .reserve(0);
    World {
        journal: Arc::new(journal.open().await.unwrap()),
        _folder: folder,
        hand,
        key: EffectKey::new("payment:pi_1").unwrap(),
    }
}

/// Past the time limit, the settling and the claim.
const LATER: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_performs_and_all_get_its_result() {
    let world = world().await;
    let remote = Arc::new(Remote::new(Mood::Well));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let (journal, key, remote) = (world.journal.clone(), world.key.clone(), remote.clone());
        tasks.spawn(async move {
            loop {
                match once(&journal, &key, &*remote).await {
                    Ok(result) => return result,
                    Err(OnceError::Busy { .. }) => tokio::task::yield_now().await,
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    let results = tasks.join_all().await;
    assert!(results.iter().all(|result| result == "ACC-PAY-1"));
    assert_eq!((results.len(), remote.done()), (50, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_looked_up_when_the_remote_has_settled() {
    let world = world().await;
    let remote = Remote::new(Mood::LosesAnswer);
    let unsettled = once(&world.journal, &world.key, &remote).await.unwrap_err();
    let at = unsettled.retry_at().unwrap();
    assert!(
        at >= world
            .journal
            .now()
            .checked_add(remote.time_limit())
            .unwrap()
    );
    // Too early to ask: the request might still be on its way.
    remote.becomes(Mood::Well);
    let early = once(&world.journal, &world.key, &remote).await.unwrap_err();
    assert_eq!(early.retry_at(), Some(at));
    assert_eq!(remote.asked.load(Ordering::SeqCst), 0);
    world.hand.forward(LATER);
    assert_eq!(
        once(&world.journal, &world.key, &remote).await.unwrap(),
        "ACC-PAY-1"
    );
    assert_eq!((remote.done(), remote.asked.load(Ordering::SeqCst)), (1, 1));
    assert_eq!(
        once(&world.journal, &world.key, &remote).await.unwrap(),
        "ACC-PAY-1"
    );
    assert_eq!((remote.done(), remote.asked.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_request_is_sent_again_after_the_look_up() {
    let world = world().await;
    let remote = Remote::new(Mood::LosesRequest);
    once(&world.journal, &world.key, &remote).await.unwrap_err();
    world.hand.forward(LATER);
    remote.becomes(Mood::Well);
    assert_eq!(
        once(&world.journal, &world.key, &remote).await.unwrap(),
        "ACC-PAY-1"
    );
    assert_eq!((remote.done(), remote.asked.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_certainly_did_not_happen_needs_no_look_up() {
    let world = world().await;
    let remote = Remote::new(Mood::Away);
    let error = once(&world.journal, &world.key, &remote).await.unwrap_err();
    assert!(matches!(error, OnceError::NotDone(_)));
    remote.becomes(Mood::Refuses);
    let error = once(&world.journal, &world.key, &remote).await.unwrap_err();
    assert!(matches!(error, OnceError::Refused(_)) && error.is_final());
    remote.becomes(Mood::Well);
    once(&world.journal, &world.key, &remote).await.unwrap();
    assert_eq!((remote.done(), remote.asked.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_can_tell_nothing_is_repeated() {
    let world = world().await;
    let remote = Remote::new(Mood::CannotTell);
    once(&world.journal, &world.key, &remote).await.unwrap_err();
    for _ in 0..3 {
        world.hand.forward(LATER);
        let error = once(&world.journal, &world.key, &remote).await.unwrap_err();
        assert!(matches!(error, OnceError::CannotTell) && error.is_final());
    }
    assert_eq!(remote.done(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_up_that_fails_is_tried_again() {
    let world = world().await;
    let remote = Remote::new(Mood::LosesAnswer);
    once(&world.journal, &world.key, &remote).await.unwrap_err();
    world.hand.forward(LATER);
    remote.becomes(Mood::Away);
    let error = once(&world.journal, &world.key, &remote).await.unwrap_err();
    // Counted, and after a back-off: a remote that is away must not be asked without a pause.
    assert!(matches!(error, OnceError::NotLooked(_)));
    assert_eq!(error.retry_at(), None);
    remote.becomes(Mood::Well);
    once(&world.journal, &world.key, &remote).await.unwrap();
    assert_eq!(remote.done(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_ahead_does_not_perform_it_beside_itself() {
    struct Slow(tokio::sync::Notify, tokio::sync::Notify, AtomicU32);
    #[async_trait]
    impl Effect for Slow {
        async fn perform(&self, _key: &EffectKey) -> Result<Bytes, EffectError> {
            self.2.fetch_add(1, Ordering::SeqCst);
            self.0.notify_one();
            self.1.notified().await;
            Ok(Bytes::from_static(b"done"))
        }
        async fn probe(&self, _key: &EffectKey) -> Result<Probe, EffectError> {
            // It is still on its way.
            Ok(Probe::NotFound)
        }
    }
    let world = world().await;
    let slow = Arc::new(Slow(
        tokio::sync::Notify::new(),
        tokio::sync::Notify::new(),
        AtomicU32::new(0),
    ));
    let first = tokio::spawn({
        let (journal, key, slow) = (world.journal.clone(), world.key.clone(), slow.clone());
        async move { once(&journal, &key, &*slow).await }
    });
    slow.0.notified().await;
    world.hand.forward(LATER);
    let second = once(&world.journal, &world.key, &*slow).await;
    assert!(matches!(second, Err(OnceError::Busy { .. })), "{second:?}");
    slow.1.notify_one();
    assert_eq!(first.await.unwrap().unwrap(), "done");
    assert_eq!(
        once(&world.journal, &world.key, &*slow).await.unwrap(),
        "done"
    );
    assert_eq!(slow.2.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_journal_leaves_no_time_for_the_effect() {
    struct Quick(AtomicU32);
    #[async_trait]
    impl Effect for Quick {
        async fn perform(&self, _key: &EffectKey) -> Result<Bytes, EffectError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Ok(Bytes::new())
        }
        async fn probe(&self, _key: &EffectKey) -> Result<Probe, EffectError> {
            Ok(Probe::NotFound)
        }
        fn time_limit(&self) -> Duration {
            Duration::from_millis(20)
        }
    }
    let world = world().await;
    let (faulty, quick) = (
        FaultyJournal::new(world.journal.clone()),
        Quick(AtomicU32::new(0)),
    );
    faulty.plan([Fault::Delay(Duration::from_millis(50))]);
    let late = once(&faulty, &world.key, &quick).await;
    assert!(matches!(late, Err(OnceError::NotDone(_))), "{late:?}");
    assert_eq!(quick.0.load(Ordering::SeqCst), 0);
}
