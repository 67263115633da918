//! The money path through kills: signed payments, each delivered several times and out of order,
//! to a hub that is killed (`SIGKILL`) at random moments, in front of an ERPNext that fails, resets
//! and hangs. In the end every payment is in the books once, to the cent.
//!
//! `MONEY_PATH_PAYMENTS`, `MONEY_PATH_KILLS` and `MONEY_PATH_SEED` set its size and its course;
//! `ERPNEXT_TEST_URL` (with `_KEY` and `_SECRET`, of an Administrator) runs it against a real
//! ERPNext, behind a proxy that fails in the same ways.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod books;
mod deliver;
mod hub;
mod listen;
mod odd;
mod random;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use effect_journal::{EffectKey, Intent, ItemState, Items, Journal as _, SqliteJournal};
use tokio::time::Instant;

use books::{Books, Payment};
use deliver::Deliveries;
use hub::Hub;
use listen::Listener;
use random::Random;

/// A number from the environment of the test.
#[allow(
    clippy::disallowed_methods,
    reason = "the size of this test is set by who runs it"
)]
fn set(name: &str, otherwise: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(otherwise, |text| text.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_payment_is_booked_once_through_kills_and_failures() {
    let payments = usize::try_from(set("MONEY_PATH_PAYMENTS", 60)).unwrap();
    let kills = set("MONEY_PATH_KILLS", 4);
    let mut random = Random::new(set("MONEY_PATH_SEED", 20_261_122));
    let began = Instant::now();
    let books = Books::open().await;
    let paid = books.invoices(payments, &mut random).await;
    let sum: i64 = paid.iter().map(|payment| payment.cents).sum();
    books.break_down(&mut random);
    say(
        began,
        &format!("{payments} payments of {} invoices", books.invoiced()),
    );

    let folder = tempfile::tempdir().unwrap();
    let hub = Arc::new(Hub::start(folder.path(), &books));
    let listener = Listener::start(hub.address());
    let deliveries = Deliveries::start(&paid, &hub, kills, &mut random);
    for kill in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.between(300, 2_500))).await;
        hub.kill_and_restart();
        say(began, &format!("killed {}", kill + 1));
    }
    // Every event is answered 2xx at last; what was answered is on disk.
    let (sent, retried) = deliveries.answered().await;
    say(
        began,
        &format!("{sent} deliveries answered, {retried} attempts repeated"),
    );

    // Generous: each retry of the hub has its own time.
    let limit = Instant::now()
        + Duration::from_secs(120)
        + Duration::from_millis(500) * u32::try_from(payments).unwrap();
    let expected: HashSet<String> = paid.iter().map(|payment| payment.intent.clone()).collect();
    loop {
        let (booked, heard) = (books.count().await, listener.heard());
        let waiting = hub.waiting().await;
        if booked == payments && waiting == Some(0) && heard.is_superset(&expected) {
            break;
        }
        assert!(
            Instant::now() < limit,
            "{booked} booked, {waiting:?} wait, {} heard of {payments}",
            heard.len()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    say(began, "booked and heard");
    assert!(hub.stop(), "the hub stops in order");
    books.mend();

    let entries = books.entries("pi").await;
    assert_eq!(entries.len(), payments, "one entry for each payment");
    let references: HashSet<&str> = entries
        .iter()
        .map(|entry| entry.reference.as_str())
        .collect();
    assert_eq!(references.len(), payments);
    assert_eq!(
        entries.iter().map(|entry| entry.cents).sum::<i64>(),
        sum,
        "to the cent"
    );
    assert!(
        entries.iter().all(|entry| entry.allocated == entry.cents),
        "all of it allocated"
    );
    let by_reference: BTreeMap<&str, i64> = entries
        .iter()
        .map(|entry| (entry.reference.as_str(), entry.cents))
        .collect();
    for Payment { intent, cents, .. } in &paid {
        assert_eq!(by_reference.get(intent.as_str()), Some(cents), "{intent}");
    }
    for (invoice, due) in books.dues().await {
        assert_eq!(due, 0, "{invoice} is paid, and not overpaid");
    }

    let journal = SqliteJournal::open(folder.path()).await.unwrap();
    let stats = journal.stats().await.unwrap();
    assert_eq!(
        (stats.dead, stats.pending, stats.leased, stats.unsettled),
        (0, 0, 0, 0)
    );
    let mut events = 0;
    let mut before = None;
    loop {
        let page = Items::new().state(ItemState::Done).limit(Items::MAX);
        let page = match before {
            Some(seq) => page.before(seq),
            None => page,
        };
        let items = journal.items(page).await.unwrap();
        let Some(last) = items.last() else { break };
        (before, events) = (Some(last.seq), events + items.len());
    }
    assert_eq!(
        events,
        2 * payments,
        "both events of each payment, however often they came"
    );
    for intent in &expected {
        // Told to the flows under its key.
        let key = EffectKey::new(format!("trigger:payment:{intent}")).unwrap();
        let told = journal.intend(&key, Duration::ZERO).await.unwrap();
        assert!(matches!(told, Intent::Done(_)), "{intent}: {told:?}");
    }
    let logged = hub.triggers();
    assert!(logged.is_subset(&expected), "no trigger of anything else");
    say(
        began,
        &format!(
            "{} lines of triggers, {} restarts heard by the listener",
            logged.len(),
            listener.resets()
        ),
    );
}

#[allow(clippy::print_stderr, reason = "what a long test is at")]
fn say(began: Instant, what: &str) {
    eprintln!("{:>7.2} s  {what}", began.elapsed().as_secs_f64());
}
