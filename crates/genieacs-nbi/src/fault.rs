//! Faults: what went wrong on a channel of a device, and keeps it blocked.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::id::{DeviceId, TaskId};

/// A stored fault. A task at fault stays and is tried again with growing delays.
///
/// # Examples
/// ```
/// use genieacs_nbi::{Fault, FaultCode};
///
/// let fault: Fault = serde_json::from_value(serde_json::json!({
///     "_id": "00259E-1:task_5c8a0f3b2e1d4c6b7a890123", "device": "00259E-1",
///     "channel": "task_5c8a0f3b2e1d4c6b7a890123", "code": "cwmp.9002",
///     "message": "Internal error", "retries": 0, "timestamp": "2026-11-22T15:23:16.206Z"
/// }))?;
/// assert_eq!(fault.code, FaultCode::Cwmp(9002));
/// assert!(fault.task().is_some());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fault {
    /// `<device>:<channel>`.
    #[serde(rename = "_id")]
    pub id: String,
    /// The device.
    #[serde(
        default,
        deserialize_with = "crate::lenient::device",
        skip_serializing_if = "Option::is_none"
    )]
    pub device: Option<DeviceId>,
    /// The channel: that of a preset, or `task_<id>`.
    #[serde(default, deserialize_with = "crate::lenient::or_default")]
    pub channel: String,
    /// When it happened last.
    #[serde(default, deserialize_with = "crate::lenient::timestamp")]
    pub timestamp: Option<Timestamp>,
    /// What kind.
    #[serde(default)]
    pub code: FaultCode,
    /// In the words of the CPE or of the server.
    #[serde(default, deserialize_with = "crate::lenient::text")]
    pub message: Option<String>,
    /// More about it; absent for some kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
    /// How often it was tried again.
    #[serde(default, deserialize_with = "crate::lenient::count")]
    pub retries: u64,
    /// When it is dropped.
    #[serde(
        default,
        deserialize_with = "crate::lenient::timestamp",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiry: Option<Timestamp>,
    /// What else is stored.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl Fault {
    /// The task at fault, when the channel is a task's.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        TaskId::new(self.channel.strip_prefix("task_")?).ok()
    }

    /// The parameters a CPE refused to write: name, its fault code, its words.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Fault;
    ///
    /// let fault: Fault = serde_json::from_value(serde_json::json!({
    ///     "_id": "A-1:default", "code": "cwmp.9003", "detail": {
    ///         "faultCode": "9003", "faultString": "Invalid arguments",
    ///         "setParameterValuesFault": [{"parameterName": "Device.X", "faultCode": "9007", "faultString": "Invalid value"}]
    ///     }
    /// }))?;
    /// let refused: Vec<_> = fault.refused_parameters().collect();
    /// assert_eq!(refused, [("Device.X", Some(9007), "Invalid value")]);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn refused_parameters(&self) -> impl Iterator<Item = (&str, Option<u16>, &str)> {
        self.detail
            .as_ref()
            .and_then(|detail| detail.get("setParameterValuesFault"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|row| {
                let text = |key| row.get(key).and_then(Value::as_str);
                let code = row.get("faultCode").and_then(crate::value::lenient_integer);
                Some((
                    text("parameterName")?,
                    code.and_then(|code| u16::try_from(code).ok()),
                    text("faultString").unwrap_or_default(),
                ))
            })
    }
}

/// What kind of fault.
///
/// # Examples
/// ```
/// use genieacs_nbi::FaultCode;
///
/// assert_eq!(FaultCode::from("cwmp.9016"), FaultCode::Cwmp(9016));
/// assert_eq!(FaultCode::from("script.TypeError"), FaultCode::Script("TypeError".into()));
/// assert_eq!(FaultCode::from("later").to_string(), "later");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultCode {
    /// The CPE refused; the number is TR-069's.
    Cwmp(u16),
    /// A script threw; the name of the error, empty when unnamed.
    Script(String),
    /// An extension failed; what follows `ext.`.
    Extension(String),
    /// The CPE did not answer in time.
    Timeout,
    /// The CPE closed the session early.
    SessionTerminated,
    /// The CPE's answer made no sense.
    InvalidResponse,
    /// Presets kept changing what other presets set.
    PresetLoop,
    /// Too many remote procedure calls in one session.
    TooManyRpcs,
    /// Too many cycles of provisioning in one session.
    TooManyCycles,
    /// Too many commits in one session.
    TooManyCommits,
    /// Virtual parameters nest too deeply.
    DeeplyNestedVparams,
    /// Any other, as it is spelt.
    Other(String),
}

impl Default for FaultCode {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl From<&str> for FaultCode {
    fn from(code: &str) -> Self {
        match code {
            "timeout" => Self::Timeout,
            "session_terminated" => Self::SessionTerminated,
            "invalid_response" => Self::InvalidResponse,
            "preset_loop" => Self::PresetLoop,
            "too_many_rpcs" => Self::TooManyRpcs,
            "too_many_cycles" => Self::TooManyCycles,
            "too_many_commits" => Self::TooManyCommits,
            "deeply_nested_vparams" => Self::DeeplyNestedVparams,
            "script" => Self::Script(String::new()),
            other => {
                // Only the canonical spelling, so that writing the code gives it back unchanged.
                let cwmp = other.strip_prefix("cwmp.").and_then(|number| {
                    let parsed: u16 = number.parse().ok()?;
                    (parsed.to_string() == number).then_some(parsed)
                });
                if let Some(number) = cwmp {
                    Self::Cwmp(number)
                } else if let Some(name) = other
                    .strip_prefix("script.")
                    .filter(|name| !name.is_empty())
                {
                    Self::Script(name.to_owned())
                } else if let Some(name) = other.strip_prefix("ext.") {
                    Self::Extension(name.to_owned())
                } else {
                    Self::Other(other.to_owned())
                }
            }
        }
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cwmp(number) => write!(f, "cwmp.{number}"),
            Self::Script(name) if name.is_empty() => f.write_str("script"),
            Self::Script(name) => write!(f, "script.{name}"),
            Self::Extension(name) => write!(f, "ext.{name}"),
            Self::Timeout => f.write_str("timeout"),
            Self::SessionTerminated => f.write_str("session_terminated"),
            Self::InvalidResponse => f.write_str("invalid_response"),
            Self::PresetLoop => f.write_str("preset_loop"),
            Self::TooManyRpcs => f.write_str("too_many_rpcs"),
            Self::TooManyCycles => f.write_str("too_many_cycles"),
            Self::TooManyCommits => f.write_str("too_many_commits"),
            Self::DeeplyNestedVparams => f.write_str("deeply_nested_vparams"),
            Self::Other(code) => f.write_str(code),
        }
    }
}

impl Serialize for FaultCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FaultCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(code) => Self::from(code.as_str()),
            other => Self::Other(other.to_string()),
        })
    }
}
