//! The suite that every backend must pass.
//!
//! A backend hands [`conformance`] a [`Harness`]; each promise of [`Journal`] is one public function,
//! so that a failure names what is broken.

mod effects;
mod faulty;
mod inbox;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use integration_core::Clock;

pub use self::faulty::{Fault, FaultyJournal};
use crate::{Accepted, Delivery, Journal, Leased, Seq, Take};

/// A backend under test.
#[async_trait]
pub trait Harness: Send + Sync {
    /// Opens the journal that this harness stands for, with this clock; a second time, as another
    /// process after the first was killed.
    async fn open(&self, clock: Clock) -> Arc<dyn Journal>;

    /// Ends the process that has it, without giving it time for anything.
    async fn kill(&self, journal: Arc<dyn Journal>);

    /// An empty one of the same kind.
    fn fresh(&self) -> Box<dyn Harness>;
}

/// A clock that is moved by hand.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use effect_journal::testing::HandClock;
///
/// let hand = HandClock::new();
/// let clock = hand.clock();
/// let before = clock.now();
/// hand.forward(Duration::from_secs(60));
/// assert_eq!(clock.now().duration_since(before).unwrap().as_secs(), 60);
/// ```
#[derive(Clone, Debug)]
pub struct HandClock(Arc<AtomicI64>);

impl Default for HandClock {
    fn default() -> Self {
        Self::new()
    }
}

impl HandClock {
    /// At some time in 2026.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_795_000_000_000)))
    }

    /// The clock to hand to a journal.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let millis = self.0.clone();
        Clock::from_fn(move || {
            let millis = millis.load(Ordering::SeqCst);
            UNIX_EPOCH + Duration::from_millis(u64::try_from(millis).unwrap_or(0))
        })
    }

    /// Moves it on.
    pub fn forward(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::SeqCst);
    }

    /// Moves it back, as a corrected clock is.
    pub fn back(&self, by: Duration) {
        self.0.fetch_sub(millis(by), Ordering::SeqCst);
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Every promise, one after the other, each on an empty journal.
///
/// # Panics
/// At the first promise that is broken.
///
/// # Examples
/// ```no_run
/// # async fn of(harness: impl effect_journal::testing::Harness) {
/// effect_journal::testing::conformance(&harness).await;
/// # }
/// ```
pub async fn conformance(harness: &dyn Harness) {
    macro_rules! promises {
        ($($room:ident :: $promise:ident),* $(,)?) => {$(
            eprint_promise(stringify!($promise));
            Box::pin($room::$promise(&*harness.fresh())).await;
        )*};
    }
    promises!(
        inbox::what_was_accepted_survives_a_kill,
        inbox::one_key_is_one_item,
        inbox::no_item_is_leased_twice,
        inbox::an_expired_lease_passes_on_and_is_fenced,
        inbox::an_extended_lease_stays,
        inbox::attempts_are_counted_through_kills,
        inbox::order_is_by_due_time_then_by_number,
        inbox::a_lane_keeps_its_order,
        inbox::any_bytes_come_back,
        inbox::only_what_is_done_is_forgotten,
        inbox::a_clock_that_jumps_harms_nothing,
        inbox::a_dropped_call_leaves_nothing_locked,
        inbox::odd_keys_are_keys,
        inbox::what_breaks_a_rule_is_refused,
        inbox::a_dead_item_can_be_replayed,
        inbox::a_released_or_deferred_attempt_does_not_count,
        inbox::waiting_ends_with_an_arrival,
        inbox::waiting_for_one_source_heeds_no_other,
        inbox::max_attempts_are_those_of_the_source,
        inbox::a_replayed_item_waits_for_its_lane,
        inbox::a_lost_answer_leaves_one_item,
        effects::an_intent_survives_a_kill,
        effects::one_of_many_claims_an_effect,
        effects::a_stale_claim_is_fenced,
        effects::an_abandoned_intent_is_forgotten,
        effects::a_recorded_result_is_given_to_all,
        effects::what_an_item_brought_about_is_known_while_it_lives,
        effects::an_effect_of_unknown_outcome_is_listed_and_never_forgotten,
        effects::a_lost_answer_leaves_one_effect,
    );
}

#[allow(
    clippy::print_stderr,
    reason = "says which promise is tried; shown when one is broken"
)]
fn eprint_promise(name: &str) {
    eprintln!("promise: {}", name.replace('_', " "));
}

fn delivery(key: &str) -> Delivery {
    Delivery::new("test", key, key.as_bytes().to_vec())
}

async fn accept_new(journal: &dyn Journal, delivery: Delivery) -> Seq {
    match journal.accept(delivery).await {
        Ok(Accepted::New(seq)) => seq,
        other => panic!("a new delivery was answered {other:?}"),
    }
}

async fn take(journal: &dyn Journal, items: usize) -> Vec<Leased> {
    journal
        .take(Take::new(items))
        .await
        .unwrap_or_else(|error| panic!("take: {error}"))
}
