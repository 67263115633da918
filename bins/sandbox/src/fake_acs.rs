//! The device server of the sandbox: GenieACS's fake, with the simulated fleet behind it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use genieacs_nbi::testing::{Cpe, FakeNbi};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::fleet::{Behaviour, Fleet};
use crate::time::now;

/// How often due informs are looked for.
const TICK: Duration = Duration::from_secs(5);

/// Starts the fake with a document of every unit.
///
/// # Errors
///
/// No port is free.
pub async fn start(fleet: Arc<Fleet>) -> anyhow::Result<FakeNbi> {
    let nbi = FakeNbi::start()
        .await
        .context("the fake GenieACS cannot be started")?;
    nbi.seed_many(fleet.documents(now()));
    for unit in fleet.cpes() {
        let behaviour = match unit.behaviour() {
            Behaviour::Answers => Cpe::Answers,
            Behaviour::Slow => Cpe::Slow(unit.delay()),
            Behaviour::Asleep => Cpe::Offline,
            Behaviour::Faults { code, string } => Cpe::Faults {
                code: *code,
                string: string.clone(),
            },
        };
        nbi.cpe(unit.id(), behaviour);
    }
    nbi.on_refresh(move |document, path, now| {
        let id = document
            .get("_id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if let Some(unit) = fleet.find(id) {
            unit.read(document, path, now);
        }
    });
    Ok(nbi)
}

/// Has every unit inform when it is due, until told to stop.
pub async fn informs(nbi: Arc<FakeNbi>, fleet: Arc<Fleet>, stop: CancellationToken) {
    let mut tick = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        let now = now();
        for unit in fleet.cpes() {
            let mut due = false;
            nbi.modify(unit.id(), |document| {
                due = unit.is_due(document, now);
                if due {
                    unit.inform(document, now);
                }
            });
            if due {
                nbi.inform(unit.id());
            }
            // 20,000 units must not keep the others on this thread waiting.
            tokio::task::yield_now().await;
        }
    }
}
