//! The log: JSON lines on standard output, one per request.

use std::sync::OnceLock;

use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Lines that wait for a slow reader of standard output; further ones are counted and dropped.
const LINES: usize = 16 * 1024;

static DROPPED: OnceLock<ErrorCounter> = OnceLock::new();

/// Sends the log of the process to standard output as JSON lines; `RUST_LOG` narrows or
/// widens it. What foreign crates log below a warning stays out: some log headers.
///
/// A request never waits for the log: one thread writes it. Dropping the answer flushes it.
pub fn install() -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(LINES)
        .finish(std::io::stdout());
    let _ = DROPPED.set(writer.error_counter());
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("warn,hub=info,fsm=info"));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_writer(writer);
    // A second call, in a test, keeps the first log.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init();
    guard
}

/// Number of lines that were dropped because nobody read fast enough.
#[must_use]
pub fn dropped() -> u64 {
    let count = DROPPED.get().map_or(0, ErrorCounter::dropped_lines);
    u64::try_from(count).unwrap_or(u64::MAX)
}
