//! The journal: what came in and must not be lost, what was done about it and must not be done
//! twice.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use effect_journal::{
    Accepted, ErrorKind, Items, Journal, Observer, Retention, SqliteJournal, Stats,
};
use integration_core::Clock;
use tokio_util::sync::CancellationToken;

use super::config::Mistake;
use crate::Hub;

/// How often what is old is forgotten.
const SWEEP: Duration = Duration::from_secs(3600);
/// How long after the start that begins: not while everything else is starting too.
const FIRST_SWEEP: Duration = Duration::from_secs(60);
/// The rest between two slices of a sweep, so that it holds up nobody.
const BETWEEN_SLICES: Duration = Duration::from_millis(20);

/// Opens the journal of a data directory; the directory is made where it is missing.
///
/// # Errors
///
/// The directory cannot be used, or another hub is using it.
pub async fn open(folder: &Path, clock: &Clock) -> Result<Arc<dyn Journal>, Mistake> {
    let opened = SqliteJournal::builder(folder)
        .clock(clock.clone())
        .observer(Arc::new(Counted))
        .open()
        .await;
    match opened {
        Ok(journal) => Ok(Arc::new(journal)),
        Err(error) => {
            let rule = if error.kind() == ErrorKind::InUse {
                "is a folder no other process is using".to_owned()
            } else {
                let mut rule = format!("is a folder the hub can keep its journal in: {error}");
                let mut cause = std::error::Error::source(&error);
                while let Some(error) = cause {
                    rule.push_str(": ");
                    rule.push_str(&error.to_string());
                    cause = error.source();
                }
                rule
            };
            Err(Mistake {
                name: "HUB_DATA_DIR".to_owned(),
                rule,
            })
        }
    }
}

/// Counts what a journal does.
#[derive(Debug)]
struct Counted;

impl Observer for Counted {
    fn accepted(&self, source: &str, answer: Result<Accepted, ErrorKind>) {
        let outcome = match answer {
            Ok(Accepted::New(_)) => "new",
            Ok(Accepted::Duplicate { .. }) => "duplicate",
            Ok(_) => "conflict",
            Err(ErrorKind::Full) => "refused_full",
            Err(ErrorKind::Invalid(_)) => "refused_invalid",
            Err(ErrorKind::Unknown) => "unknown",
            Err(_) => "refused_unavailable",
        };
        metrics::counter!(
            "fsm_journal_deliveries_total",
            "source" => source.to_owned(),
            "outcome" => outcome,
        )
        .increment(1);
    }

    fn committed(&self, writes: usize, time: Duration, failed: bool) {
        let outcome = if failed { "failed" } else { "done" };
        metrics::histogram!("fsm_journal_commit_writes").record(count(writes));
        metrics::histogram!("fsm_journal_commit_seconds", "outcome" => outcome)
            .record(time.as_secs_f64());
    }
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a gauge is a float, and no count here comes near its limit"
)]
fn count(number: impl TryInto<u64>) -> f64 {
    number.try_into().unwrap_or(u64::MAX) as f64
}

/// How the journal is, without reading all of it: `off`, `degraded` where nothing is accepted or
/// it does not answer, else `ok`.
pub(super) async fn probe(hub: &Hub) -> Result<(), ()> {
    let journal = hub.journal().map_err(drop)?;
    let answers = journal.items(Items::new().limit(1)).await;
    if journal.is_degraded() || answers.is_err() {
        return Err(());
    }
    Ok(())
}

/// Sets the gauges of what the journal holds.
pub(super) async fn gauge(hub: &Hub) {
    let Ok(journal) = hub.journal() else {
        return;
    };
    let degraded = if journal.is_degraded() { 1.0 } else { 0.0 };
    metrics::gauge!("fsm_journal_degraded").set(degraded);
    match journal.stats().await {
        Ok(stats) => gauges(&stats),
        Err(error) => tracing::warn!(%error, "the journal cannot be counted"),
    }
}

fn gauges(stats: &Stats) {
    for source in &stats.sources {
        for (state, items) in [
            ("pending", source.pending),
            ("leased", source.leased),
            ("done", source.done),
            ("dead", source.dead),
        ] {
            metrics::gauge!(
                "fsm_journal_items",
                "source" => source.source.clone(),
                "state" => state,
            )
            .set(count(items));
        }
    }
    let oldest = Duration::from_millis(stats.oldest_due_ms);
    metrics::gauge!("fsm_journal_oldest_waiting_seconds").set(oldest.as_secs_f64());
    metrics::gauge!("fsm_journal_effects_unsettled").set(count(stats.unsettled));
    metrics::gauge!("fsm_journal_effects_uncertain").set(count(stats.uncertain));
}

/// Forgets what is old, every hour, until it is stopped.
pub(super) async fn keep(hub: Hub, stop: CancellationToken) {
    let Ok(journal) = hub.journal() else {
        return;
    };
    let mut wait = FIRST_SWEEP;
    while stop
        .run_until_cancelled(tokio::time::sleep(wait))
        .await
        .is_some()
    {
        wait = SWEEP;
        if stop.run_until_cancelled(sweep(journal)).await.is_none() {
            return;
        }
    }
}

async fn sweep(journal: &Arc<dyn Journal>) {
    let (mut bodies, mut keys) = (0, 0);
    loop {
        match journal.sweep(Retention::new()).await {
            Ok(swept) => {
                bodies += swept.bodies;
                keys += swept.keys;
                if !swept.more {
                    break;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the journal was not swept to the end");
                break;
            }
        }
        tokio::time::sleep(BETWEEN_SLICES).await;
    }
    metrics::counter!("fsm_journal_forgotten_total", "what" => "body").increment(bodies);
    metrics::counter!("fsm_journal_forgotten_total", "what" => "key").increment(keys);
    if bodies > 0 || keys > 0 {
        tracing::info!(bodies, keys, "the journal was swept");
    }
}
