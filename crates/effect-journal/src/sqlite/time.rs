//! A clock that never runs backwards.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use integration_core::Clock;
use jiff::Timestamp;

/// The machine's clock, held at the latest time it ever showed, across restarts. While the machine
/// is behind that, time goes on at half its speed: a clock that was years ahead once would
/// otherwise keep every lease and every wait for years.
#[derive(Debug)]
pub(super) struct Wall {
    clock: Clock,
    hands: Mutex<Hands>,
}

#[derive(Debug)]
struct Hands {
    /// What was last told.
    told: i64,
    /// What the machine showed, as far as it is accounted for.
    shown: i64,
}

impl Wall {
    pub(super) fn new(clock: Clock, latest_ms: i64) -> Self {
        let shown = shown_ms(&clock);
        warn_of_a_jump(latest_ms, shown);
        let told = latest_ms.max(shown);
        Self {
            clock,
            hands: Mutex::new(Hands { told, shown }),
        }
    }

    /// Milliseconds since 1970.
    pub(super) fn now_ms(&self) -> i64 {
        let shown = shown_ms(&self.clock);
        let mut hands = self.hands.lock().unwrap_or_else(PoisonError::into_inner);
        if shown < hands.shown {
            warn_of_a_jump(hands.shown, shown);
            hands.shown = shown;
        }
        if shown >= hands.told {
            *hands = Hands { told: shown, shown };
        } else {
            let half = shown.saturating_sub(hands.shown) / 2;
            hands.told = hands.told.saturating_add(half);
            hands.shown = hands.shown.saturating_add(half.saturating_mul(2));
        }
        hands.told
    }
}

fn shown_ms(clock: &Clock) -> i64 {
    let since = clock.now().duration_since(UNIX_EPOCH);
    since.map_or(0, millis)
}

fn warn_of_a_jump(from: i64, to: i64) {
    if to < from.saturating_sub(1000) {
        tracing::warn!(
            behind_ms = from.saturating_sub(to),
            "the clock went back; the journal's goes at half speed until it has caught up"
        );
    }
}

pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// What is stored, as a time; out of range only in a damaged file.
pub(super) fn timestamp(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(if ms < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn a_clock_years_ahead_of_the_machine_does_not_stand_still() {
        let ms = Arc::new(AtomicU64::new(1_000));
        let hand = ms.clone();
        let clock =
            Clock::from_fn(move || UNIX_EPOCH + Duration::from_millis(hand.load(Ordering::SeqCst)));
        let wall = Wall::new(clock, 1_000_000);
        let mut last = wall.now_ms();
        assert_eq!(last, 1_000_000);
        for _ in 0..2_000 {
            ms.fetch_add(1, Ordering::SeqCst);
            let now = wall.now_ms();
            assert!(now >= last);
            last = now;
        }
        assert_eq!(last, 1_001_000);
        ms.store(500, Ordering::SeqCst);
        assert_eq!(wall.now_ms(), 1_001_000);
        ms.store(2_000_000, Ordering::SeqCst);
        assert_eq!(wall.now_ms(), 2_000_000);
    }
}
