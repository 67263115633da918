//! The time everything here goes by.

use integration_core::Clock;
use jiff::Timestamp;

/// The current time.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::try_from(Clock::system().now()).unwrap_or(Timestamp::UNIX_EPOCH)
}
