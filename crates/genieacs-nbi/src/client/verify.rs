//! Writing parameters and believing only what is read back.

use std::fmt;

use serde_json::Value;

use super::Tasks;
use super::outcome::TaskOutcome;
use crate::error::Error;
use crate::id::DeviceId;
use crate::query::Projection;
use crate::task::{ParameterSetting, Task};
use crate::value::Scalar;

/// What came of writing parameters and reading them back.
///
/// # Examples
/// ```
/// # #[cfg(feature = "testing")]
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # use genieacs_nbi::{Client, Credentials, DeviceId, SetOutcome, testing::{Cpe, FakeNbi}};
/// # let fake = FakeNbi::start().await?;
/// fake.seed(serde_json::json!({"_id": "A-1"}));
/// fake.cpe("A-1", Cpe::Offline);
/// let tasks = Client::new(fake.url(), Credentials::None)?.tasks();
/// let outcome = tasks.set_and_verify(&DeviceId::new("A-1")?, [("Device.X", 1)]).await?;
/// assert!(matches!(outcome, SetOutcome::NotWritten(_)));
/// # Ok(()) }
/// # #[cfg(feature = "testing")]
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SetOutcome {
    /// Every parameter was read back with the value written.
    Verified,
    /// The CPE took the task, and some parameters have other values: they do not exist, are
    /// read-only, or the CPE corrected them.
    Mismatch {
        /// Those that differ.
        parameters: Vec<Mismatch>,
    },
    /// The write did not come to an end; nothing was read back.
    NotWritten(TaskOutcome),
    /// The write was done and the reading was not: whether the values were taken is not known.
    NotRead(TaskOutcome),
}

impl SetOutcome {
    /// Whether every parameter has the value written.
    #[must_use]
    pub fn is_verified(&self) -> bool {
        matches!(self, Self::Verified)
    }
}

/// A parameter that was read back with another value.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Mismatch {
    /// Its path.
    pub name: String,
    /// What was written.
    pub wanted: Scalar,
    /// What was read; `None` when the CPE has no such parameter, or its value is not known.
    pub found: Option<Value>,
    /// Whether the CPE says it can be written.
    pub writable: Option<bool>,
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Either value may be a passphrase.
        f.debug_struct("Mismatch")
            .field("name", &self.name)
            .field("found", &self.found.is_some())
            .field("writable", &self.writable)
            .finish_non_exhaustive()
    }
}

pub(super) async fn set_and_verify(
    tasks: &Tasks,
    device: &DeviceId,
    values: Vec<ParameterSetting>,
) -> Result<SetOutcome, Error> {
    let names: Vec<String> = values.iter().map(|value| value.name.clone()).collect();
    if names.iter().any(|name| name.contains(['*', '['])) {
        return Err(Error::invalid(
            "task",
            "has a wildcard or alias, whose values cannot be compared one by one",
        ));
    }
    let write = Task::set(values.clone());
    let written = tasks
        .create(device, write)
        .connection_request()
        .send()
        .await?;
    if !written.is_done() {
        return Ok(SetOutcome::NotWritten(written));
    }
    let read = Task::get(names.clone());
    let read = tasks
        .create(device, read)
        .connection_request()
        .send()
        .await?;
    if !read.is_done() {
        return Ok(SetOutcome::NotRead(read));
    }
    let document = tasks
        .client
        .devices()
        .get_fields(device, Projection::of(names))
        .await?
        .ok_or(Error::NotFound { what: "device" })?;
    let parameters: Vec<Mismatch> = values
        .into_iter()
        .filter_map(|setting| {
            let parameter = document.get(&setting.name);
            let found = parameter.and_then(|p| p.value().cloned());
            let same = found
                .as_ref()
                .is_some_and(|found| setting.value.matches(found));
            (!same).then(|| Mismatch {
                writable: parameter.and_then(|p| p.is_writable()),
                name: setting.name,
                wanted: setting.value,
                found,
            })
        })
        .collect();
    Ok(if parameters.is_empty() {
        SetOutcome::Verified
    } else {
        SetOutcome::Mismatch { parameters }
    })
}
