//! Processes that are killed.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use effect_journal::{Accepted, Delivery, Items, Journal as _, SqliteJournal};
use tempfile::TempDir;

const FOLDER: &str = "EFFECT_JOURNAL_TEST_FOLDER";

/// Accepts for ever, and prints each key once it is acknowledged. Runs as a process of its own.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "the process that the next test kills"]
async fn child() {
    #[allow(clippy::disallowed_methods, reason = "how the parent says where")]
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let journal = SqliteJournal::builder(folder)
        .reserve(0)
        .open()
        .await
        .unwrap();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..16 {
        let journal = journal.clone();
        workers.spawn(async move {
            for n in 0_u32.. {
                let key = format!("{}-{worker}-{n}", std::process::id());
                let accepted = journal
                    .accept(Delivery::new("test", key.clone(), vec![7; 300]))
                    .await;
                assert!(matches!(accepted, Ok(Accepted::New(_))), "{accepted:?}");
                println!("acknowledged {key}");
            }
        });
    }
    workers.join_all().await;
}

/// Starts the child, waits for so many keys, kills it, and gives what it had acknowledged.
fn run_and_kill(folder: &Path, keys: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kill::child", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let key = |line: String| {
        line.split_once("acknowledged ")
            .map(|(_, key)| key.to_owned())
    };
    let mut acknowledged: Vec<String> = lines
        .by_ref()
        .map_while(Result::ok)
        .filter_map(key)
        .take(keys)
        .collect();
    child.kill().unwrap();
    // What was printed before the kill counts; a line that was cut off does not.
    let rest: Vec<String> = lines.map_while(Result::ok).filter_map(key).collect();
    acknowledged.extend(rest.into_iter().filter(|key| key.split('-').count() == 3));
    child.wait().unwrap();
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_kill_9() {
    let folder = TempDir::new().unwrap();
    let mut acknowledged = BTreeSet::new();
    for keys in [1, 40, 150, 300] {
        let keys = run_and_kill(folder.path(), keys);
        assert!(!keys.is_empty());
        acknowledged.extend(keys);
    }
    let journal = SqliteJournal::builder(folder.path())
        .reserve(0)
        .open()
        .await
        .unwrap();
    let mut kept = BTreeSet::new();
    let mut page = Items::new().limit(500);
    loop {
        let items = journal.items(page.clone()).await.unwrap();
        let Some(last) = items.last() else { break };
        page = page.before(last.seq);
        kept.extend(items.into_iter().map(|item| item.delivery.key().to_owned()));
    }
    // The last line of a killed process may be cut in the middle of a number.
    let missing: Vec<_> = acknowledged
        .difference(&kept)
        .filter(|key| !kept.iter().any(|kept| kept.starts_with(key.as_str())))
        .collect();
    assert!(
        missing.is_empty(),
        "{} acknowledged keys are gone: {missing:?}",
        missing.len()
    );
}
