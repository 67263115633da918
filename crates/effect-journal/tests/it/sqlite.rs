//! The embedded journal.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use effect_journal::testing::{HandClock, Harness, conformance};
use effect_journal::{
    Accepted, Delivery, ErrorKind, Items, Journal, Retention, SqliteJournal, Take,
};
use futures_util::future::join_all;
use integration_core::Clock;
use tempfile::TempDir;

/// A folder and the journal that has it. A killed process is played by one that is closed; the
/// real thing is in `kill.rs`.
struct Folder(TempDir, Mutex<Option<SqliteJournal>>);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap(), Mutex::new(None))
    }
}

#[async_trait]
impl Harness for Folder {
    async fn open(&self, clock: Clock) -> Arc<dyn Journal> {
        let journal = SqliteJournal::builder(self.0.path())
            .clock(clock)
            .reserve(0);
        let journal = journal.open().await.unwrap();
        *self.1.lock().unwrap() = Some(journal.clone());
        Arc::new(journal)
    }

    async fn kill(&self, _journal: Arc<dyn Journal>) {
        let journal = self.1.lock().unwrap().take().unwrap();
        journal.close().await;
    }

    fn fresh(&self) -> Box<dyn Harness> {
        Box::new(Self::new())
    }
}

fn delivery(key: &str) -> Delivery {
    Delivery::new("test", key, b"{}".to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_keeps_every_promise() {
    conformance(&Folder::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_has_one_owner() {
    let folder = TempDir::new().unwrap();
    let first = SqliteJournal::open(folder.path()).await.unwrap();
    let refused = SqliteJournal::open(folder.path()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InUse);
    first.close().await;
    let closed = first.accept(delivery("a")).await.unwrap_err();
    assert_eq!(closed.kind(), ErrorKind::Unavailable);
    SqliteJournal::open(folder.path()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_is_recovered_from() {
    let folder = TempDir::new().unwrap();
    let hand = HandClock::new();
    let open = |pages| {
        let journal = SqliteJournal::builder(folder.path()).clock(hand.clock());
        journal.reserve(0).max_pages(pages).open()
    };
    let journal = open(200).await.unwrap();
    let mut accepted = Vec::new();
    let refused = loop {
        let key = format!("{}", accepted.len());
        match journal
            .accept(Delivery::new("test", key.clone(), vec![7; 10_000]))
            .await
        {
            Ok(Accepted::New(seq)) => accepted.push((key, seq)),
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
        assert!(accepted.len() < 1000, "the disk never fills up");
    };
    assert_eq!(refused.kind(), ErrorKind::Full);
    assert!(refused.nothing_happened());
    assert!(!accepted.is_empty());
    journal.close().await;
    // With a little room, as the reserve leaves it, what is here is worked on; and what is done
    // makes room.
    let journal = open(220).await.unwrap();
    for item in journal.take(Take::new(1000)).await.unwrap() {
        journal.complete(&item.lease).await.unwrap();
    }
    assert_eq!(journal.stats().await.unwrap().done, accepted.len() as u64);
    hand.forward(Duration::from_secs(8 * 86_400));
    while journal.sweep(Retention::new()).await.unwrap().more {}
    let again = journal
        .accept(Delivery::new("test", "again", vec![7; 10_000]))
        .await;
    assert!(matches!(again, Ok(Accepted::New(_))), "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_without_its_reserve_accepts_nothing() {
    let folder = TempDir::new().unwrap();
    // The reserve is held to a twentieth of the disk, which this one cannot have free of itself.
    let journal = SqliteJournal::builder(folder.path())
        .reserve(u64::MAX)
        .open()
        .await
        .unwrap();
    match journal.accept(delivery("a")).await {
        Err(error) => assert_eq!(error.kind(), ErrorKind::Full),
        Ok(accepted) => assert!(
            matches!(accepted, Accepted::New(_)),
            "more than 5 % is free"
        ),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_refuses_and_keeps_what_it_took() {
    let folder = TempDir::new().unwrap();
    let journal = SqliteJournal::builder(folder.path())
        .reserve(0)
        .queue(4)
        .open()
        .await
        .unwrap();
    let answers = join_all((0..300).map(|n| {
        let journal = journal.clone();
        async move { journal.accept(delivery(&n.to_string())).await }
    }))
    .await;
    let (kept, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert!(!kept.is_empty());
    for answer in refused {
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::Full);
    }
    let items = journal.items(Items::new().limit(500)).await.unwrap();
    assert_eq!(items.len(), kept.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_tail_costs_only_what_was_torn() {
    let folder = TempDir::new().unwrap();
    let journal = SqliteJournal::builder(folder.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    for n in 0..20 {
        journal.accept(delivery(&n.to_string())).await.unwrap();
    }
    // As a power failure leaves it: the file and its log, the end of the log torn.
    let torn = TempDir::new().unwrap();
    for name in ["journal.sqlite", "journal.sqlite-wal"] {
        fs::copy(folder.path().join(name), torn.path().join(name)).unwrap();
    }
    journal.close().await;
    let wal = torn.path().join("journal.sqlite-wal");
    let length = fs::metadata(&wal).unwrap().len();
    assert!(length > 10_000, "nothing is in the log");
    fs::File::options()
        .write(true)
        .open(&wal)
        .unwrap()
        .set_len(length - 1000)
        .unwrap();
    let journal = SqliteJournal::builder(torn.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    let kept = journal.items(Items::new().limit(50)).await.unwrap();
    assert_eq!(kept.len(), 19);
    assert_eq!(kept[0].delivery.key(), "18");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_refused() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("journal.sqlite"), vec![b'x'; 8192]).unwrap();
    let refused = SqliteJournal::open(folder.path()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Corrupt);

    let folder = TempDir::new().unwrap();
    let other = rusqlite::Connection::open(folder.path().join("journal.sqlite")).unwrap();
    other
        .execute_batch("CREATE TABLE strange (x); PRAGMA user_version = 7")
        .unwrap();
    drop(other);
    let refused = SqliteJournal::open(folder.path()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Corrupt);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_a_journal() {
    let (folder, copy) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = SqliteJournal::builder(folder.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    journal.accept(delivery("a")).await.unwrap();
    journal.take(Take::new(1)).await.unwrap();
    journal
        .backup(copy.path().join("journal.sqlite"))
        .await
        .unwrap();
    let restored = SqliteJournal::builder(copy.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    // What was under way there is under way no more.
    assert_eq!(restored.take(Take::new(9)).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn neighbours_in_a_commit_do_not_share_their_failures() {
    let folder = TempDir::new().unwrap();
    let journal = SqliteJournal::builder(folder.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    journal.accept(delivery("a")).await.unwrap();
    let item = journal.take(Take::new(1)).await.unwrap().remove(0);
    journal.complete(&item.lease).await.unwrap();
    let (lost, good) = tokio::join!(journal.complete(&item.lease), journal.accept(delivery("b")));
    assert_eq!(lost.unwrap_err().kind(), ErrorKind::Lost);
    assert!(matches!(good, Ok(Accepted::New(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_elsewhere_does_not_slow_a_take() {
    let folder = TempDir::new().unwrap();
    let hand = HandClock::new();
    let builder = || {
        SqliteJournal::builder(folder.path())
            .clock(hand.clock())
            .reserve(0)
    };
    builder().open().await.unwrap().close().await;
    let file = rusqlite::Connection::open(folder.path().join("journal.sqlite")).unwrap();
    // A lane held up by its first, what another source has waiting, and what was tried too often.
    file.execute_batch(
        "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
         INSERT INTO inbox (source, key, lane, received_at, due_at, behind, headers, digest, body)
         SELECT 'lane', 'l' || n, 'x', 0, iif(n = 1, 4102444800000, 0), n > 1, x'', x'', x'' FROM n;
         WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 100000)
         INSERT INTO inbox (source, key, received_at, due_at, headers, digest, body)
         SELECT 'other', 'o' || n, 0, 0, x'', x'', x'' FROM n;",
    )
    .unwrap();
    let plan = |sql: &str| -> String {
        let mut statement = file.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = statement
            .query_map([], |row| row.get::<_, String>(3))
            .unwrap();
        rows.map(|row| row.unwrap() + " ;").collect()
    };
    for (sql, index) in [
        (
            "SELECT due_at, seq, attempts FROM inbox WHERE state = 0 AND behind = 0
             AND source = 'x' AND due_at <= 5 ORDER BY due_at, seq LIMIT 8",
            "inbox_pending",
        ),
        (
            "UPDATE inbox SET state = 0 WHERE state = 1 AND lease_until <= 5",
            "inbox_leased",
        ),
        (
            "SELECT seq FROM inbox WHERE lane = 'x' AND state IN (0, 1) ORDER BY seq LIMIT 1",
            "inbox_lane",
        ),
        (
            "SELECT MIN(seq) FROM inbox WHERE state = 2 AND body IS NOT NULL",
            "inbox_kept",
        ),
        (
            "SELECT MIN(due_at) FROM inbox WHERE state = 0 AND behind = 0 AND source = 'x'",
            "inbox_pending",
        ),
        (
            "SELECT source FROM inbox WHERE state = 0 AND source > 'x' ORDER BY source LIMIT 1",
            "inbox_pending",
        ),
        (
            "SELECT MIN(lease_until) FROM inbox WHERE state = 1",
            "inbox_leased",
        ),
        (
            "SELECT seq FROM inbox WHERE state = 2 AND due_at < 5 ORDER BY due_at LIMIT 5",
            "inbox_done",
        ),
        (
            "SELECT key FROM effect WHERE state = 0 AND (begun_at, key) > (5, 'x')
             ORDER BY begun_at, key LIMIT 5",
            "effect_open",
        ),
        (
            "UPDATE effect SET claim_until = 0 WHERE state = 0",
            "effect_open",
        ),
    ] {
        let plan = plan(sql);
        assert!(
            plan.contains(&format!("INDEX {index} ")) && !plan.contains("TEMP B-TREE"),
            "{sql}: {plan}"
        );
    }
    drop(file);
    let journal = builder().open().await.unwrap();
    let mine = || Take::new(8).from("mine").from("lane");
    let began = tokio::time::Instant::now();
    for n in 0..100 {
        assert!(journal.take(mine()).await.unwrap().is_empty());
        journal
            .accept(Delivery::new("mine", n.to_string(), Vec::new()))
            .await
            .unwrap();
        let item = journal.take(mine()).await.unwrap().remove(0);
        journal.complete(&item.lease).await.unwrap();
    }
    // 400 commits; a walk through what is blocked would take minutes.
    println!("100 rounds took {:?}", began.elapsed());
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_sweep_gives_the_disk_back() {
    let folder = TempDir::new().unwrap();
    let hand = HandClock::new();
    let journal = SqliteJournal::builder(folder.path())
        .clock(hand.clock())
        .reserve(0)
        .open()
        .await
        .unwrap();
    let body = vec![7; 40_000];
    let accepted = join_all((0..200).map(|n: u32| {
        let delivery = Delivery::new("test", n.to_string(), body.clone());
        journal.accept(delivery)
    }))
    .await;
    assert!(accepted.iter().all(Result::is_ok));
    for item in journal.take(Take::new(200)).await.unwrap() {
        journal.complete(&item.lease).await.unwrap();
    }
    let size = || -> u64 {
        ["journal.sqlite", "journal.sqlite-wal"]
            .map(|name| fs::metadata(folder.path().join(name)).map_or(0, |file| file.len()))
            .iter()
            .sum()
    };
    let before = size();
    hand.forward(Duration::from_secs(8 * 86_400));
    while journal.sweep(Retention::new()).await.unwrap().more {}
    // It is cut after the answer: the next one comes after that.
    journal.accept(delivery("next")).await.unwrap();
    let after = size();
    assert!(
        before > 8_000_000 && after < before / 5,
        "{before} → {after}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_someone_else_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("journal.sqlite");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE strange (x)").unwrap();
    drop(other);
    let before = fs::read(&path).unwrap();
    let refused = SqliteJournal::open(folder.path()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Corrupt);
    assert!(fs::read(&path).unwrap() == before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_is_there_whole_or_not_at_all() {
    let (folder, copy) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let journal = SqliteJournal::open(folder.path()).await.unwrap();
    let to = copy.path().join("copy.sqlite");
    fs::write(copy.path().join("copy.sqlite.part"), b"left by a crash").unwrap();
    journal.backup(&to).await.unwrap();
    let refused = journal.backup(&to).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unavailable);
    assert_eq!(fs::read_dir(copy.path()).unwrap().count(), 1);
    journal.close().await;
    assert!(journal.backup(copy.path().join("late")).await.is_err());
}
