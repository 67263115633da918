//! Live updates: every screen learns at once what happened.

mod access;
mod broadcast;
mod listener;
mod stream;

use integration_core::Clock;
use jiff::Timestamp;
use live_events::{LiveEvents, Options};

pub use access::Viewer;
pub use listener::serve;

use crate::platform::api::Api;

/// Routes and screens of this room.
pub fn api() -> Api {
    Api::new().merge(stream::api()).merge(broadcast::api())
}

/// Live events on the hub's clock.
pub(crate) fn events(clock: &Clock) -> LiveEvents {
    let clock = clock.clone();
    LiveEvents::new(
        Options::default()
            .clock(move || Timestamp::try_from(clock.now()).unwrap_or(Timestamp::UNIX_EPOCH)),
    )
}

/// Sets the metrics of live events; they are read, not counted twice.
pub(crate) fn measure(live: &LiveEvents) {
    let stats = live.stats();
    #[allow(clippy::cast_precision_loss, reason = "a gauge")]
    let gauge = |count: usize| count as f64;
    metrics::gauge!("fsm_live_readers").set(gauge(stats.readers));
    metrics::gauge!("fsm_live_topics").set(gauge(stats.topics));
    metrics::gauge!("fsm_live_kept_events").set(gauge(stats.kept));
    metrics::gauge!("fsm_live_kept_bytes").set(gauge(stats.kept_bytes));
    metrics::counter!("fsm_live_published_total").absolute(stats.published);
    metrics::counter!("fsm_live_subscribed_total").absolute(stats.subscribed);
    metrics::counter!("fsm_live_resumed_total").absolute(stats.resumed);
    metrics::counter!("fsm_live_reset_total").absolute(stats.reset);
    metrics::counter!("fsm_live_writes_total").absolute(stats.batches);
    metrics::counter!("fsm_live_ended_total", "why" => "slow").absolute(stats.slow);
    metrics::counter!("fsm_live_ended_total", "why" => "expired").absolute(stats.expired);
}
