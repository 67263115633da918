//! What flows are told: that a payment was received, or failed.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe};
use serde_json::Value;

/// Something that flows can begin with.
///
/// # Examples
/// ```
/// use hub::payments::settle::Trigger;
/// use serde_json::json;
///
/// let trigger = Trigger::new("on_payment_received", json!({"invoice": "ACC-SINV-2026-00001"}));
/// assert_eq!(trigger.name(), "on_payment_received");
/// assert_eq!(trigger.data()["invoice"], "ACC-SINV-2026-00001");
/// ```
#[derive(Clone, PartialEq)]
pub struct Trigger {
    name: &'static str,
    data: Value,
}

impl Trigger {
    /// A trigger with what its flows are to know.
    #[must_use]
    pub fn new(name: &'static str, data: Value) -> Self {
        Self { name, data }
    }

    /// What happened.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What is known of it.
    #[must_use]
    pub fn data(&self) -> &Value {
        &self.data
    }
}

impl fmt::Debug for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The data name a customer.
        f.debug_struct("Trigger")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Where triggers go. The same key may come twice, after a crash: whoever starts something by it
/// does so once for a key.
#[async_trait]
pub trait Triggers: fmt::Debug + Send + Sync + 'static {
    /// Takes a trigger under its key.
    ///
    /// # Errors
    ///
    /// It was not taken: it comes again.
    async fn fire(
        &self,
        key: &EffectKey,
        trigger: &Trigger,
    ) -> Result<(), Box<dyn Error + Send + Sync>>;
}

/// Writes triggers to the log and counts them.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct LogTriggers;

#[async_trait]
impl Triggers for LogTriggers {
    async fn fire(
        &self,
        key: &EffectKey,
        trigger: &Trigger,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        let document = |key: &str| trigger.data.get(key).and_then(Value::as_str);
        tracing::info!(
            trigger = trigger.name,
            key = key.as_str(),
            payment_entry = document("payment_entry"),
            invoice = document("invoice"),
            "trigger"
        );
        metrics::counter!("fsm_flow_triggers_total", "trigger" => trigger.name).increment(1);
        Ok(())
    }
}

/// The effect.
#[derive(Debug)]
pub(super) struct Fire<'a> {
    pub(super) triggers: &'a dyn Triggers,
    pub(super) trigger: Trigger,
}

#[async_trait]
impl Effect for Fire<'_> {
    async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError> {
        let fired = self.triggers.fire(key, &self.trigger).await;
        fired.map_err(EffectError::NotDone)?;
        Ok(Bytes::new())
    }

    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        // Its key makes a repeat harmless.
        Ok(Probe::NotFound)
    }

    fn time_limit(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn settling(&self) -> Duration {
        Duration::ZERO
    }
}
