//! Tasks: what a CPE is asked to do, checked before the server sees it.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::id::{DeviceId, TaskId};
use crate::path;
use crate::value::Scalar;

/// One thing to do on a CPE.
///
/// The server answers a malformed task by crashing a worker, so every task is checked when its JSON
/// is made. Paths may be given with or without TR-069's final dot, which GenieACS does not take.
///
/// # Examples
/// ```
/// use genieacs_nbi::{Task, TaskOptions};
///
/// let task = Task::set([("Device.WiFi.SSID.1.SSID", "Maison")]);
/// let json = task.to_json(&TaskOptions::default())?;
/// assert_eq!(json["name"], "setParameterValues");
/// assert!(Task::get::<&str>([]).to_json(&TaskOptions::default()).is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Task {
    /// Reads these parameters (and, as the server does it, everything below them).
    GetParameterValues {
        /// Paths; `*` stands for any instance.
        names: Vec<String>,
    },
    /// Writes parameters.
    SetParameterValues {
        /// Path, value and optional type of each.
        values: Vec<ParameterSetting>,
    },
    /// Reads a whole object.
    RefreshObject {
        /// Path of the object; `""` is the whole tree, which takes a real CPE minutes.
        object: String,
    },
    /// Adds an instance.
    AddObject {
        /// Path of the table.
        object: String,
        /// Values of the new instance, named relative to it.
        values: Vec<ParameterSetting>,
    },
    /// Deletes an instance.
    DeleteObject {
        /// Path of the instance.
        object: String,
    },
    /// Makes the CPE download a file.
    Download {
        /// Which file.
        source: DownloadSource,
        /// Name to store it under on the CPE.
        target: Option<String>,
    },
    /// Restarts the CPE.
    Reboot,
    /// Puts the CPE back to its factory settings.
    FactoryReset,
    /// Runs provisions by name.
    Provisions {
        /// The calls, in order.
        calls: Vec<ProvisionCall>,
    },
}

/// The file of a [`Task::Download`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DownloadSource {
    /// By the type the CPE is told and the name of an uploaded file.
    Named {
        /// `1 Firmware Upgrade Image`, `3 Vendor Configuration File`, …
        file_type: String,
        /// Name of the file.
        file_name: String,
    },
    /// By the id of an uploaded file, from which the server takes type and name.
    Uploaded(String),
}

/// A parameter and the value to give it.
///
/// # Examples
/// ```
/// use genieacs_nbi::ParameterSetting;
///
/// let channel = ParameterSetting::new("Device.WiFi.Radio.1.Channel", 6).typed("xsd:unsignedInt");
/// assert_eq!(channel.name, "Device.WiFi.Radio.1.Channel");
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ParameterSetting {
    /// Path of the parameter.
    pub name: String,
    /// Its value, in the natural JSON type.
    pub value: Scalar,
    /// `xsd:…`; the server ignores it and goes by the type it has read.
    pub xsd_type: Option<String>,
}

impl fmt::Debug for ParameterSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a passphrase.
        f.debug_struct("ParameterSetting")
            .field("name", &self.name)
            .field("xsd_type", &self.xsd_type)
            .finish_non_exhaustive()
    }
}

impl ParameterSetting {
    /// A value without a type.
    #[must_use]
    pub fn new(name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        Self {
            name: path::trim(name.into()),
            value: value.into(),
            xsd_type: None,
        }
    }

    /// Names the type.
    #[must_use]
    pub fn typed(mut self, xsd_type: impl Into<String>) -> Self {
        self.xsd_type = Some(xsd_type.into());
        self
    }

    fn to_json(&self) -> Result<Value, Error> {
        path::check(&self.name)?;
        let value = self.value.to_json()?;
        Ok(match &self.xsd_type {
            None => json!([self.name, value]),
            Some(kind) => json!([self.name, value, kind]),
        })
    }
}

impl<N: Into<String>, V: Into<Scalar>> From<(N, V)> for ParameterSetting {
    fn from((name, value): (N, V)) -> Self {
        Self::new(name, value)
    }
}

/// The call of a provision in a [`Task::Provisions`].
///
/// # Examples
/// ```
/// use genieacs_nbi::ProvisionCall;
///
/// let call = ProvisionCall::new("refresh").arg("Device.Hosts").arg(60);
/// assert_eq!(call.args.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProvisionCall {
    /// Name of the provision.
    pub name: String,
    /// Arguments; `None` is `null`.
    pub args: Vec<Option<Scalar>>,
}

impl ProvisionCall {
    /// A call without arguments.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            args: Vec::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, value: impl Into<Scalar>) -> Self {
        self.args.push(Some(value.into()));
        self
    }

    /// Adds `null`.
    #[must_use]
    pub fn null(mut self) -> Self {
        self.args.push(None);
        self
    }
}

/// When a task may run, how long it lives, and which older one it replaces.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use genieacs_nbi::{Task, TaskOptions};
///
/// let options = TaskOptions::default()
///     .unique_key("reboot")
///     .expires_after(Duration::from_secs(3600));
/// let json = Task::Reboot.to_json(&options)?;
/// assert_eq!(json["uniqueKey"], "reboot");
/// assert_eq!(json["expiry"], 3600);
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskOptions {
    /// Not before this instant.
    pub timestamp: Option<Timestamp>,
    /// Dropped when not done by then.
    pub expiry: Option<Expiry>,
    /// An older task of the same device with the same key is deleted first.
    pub unique_key: Option<String>,
}

/// When a task is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expiry {
    /// This long after its timestamp; whole seconds, at least one.
    After(Duration),
    /// At this instant.
    At(Timestamp),
}

impl TaskOptions {
    /// Not before this instant.
    #[must_use]
    pub fn not_before(mut self, timestamp: Timestamp) -> Self {
        self.timestamp = Some(timestamp);
        self
    }

    /// Dropped when not done after this long.
    #[must_use]
    pub fn expires_after(mut self, time: Duration) -> Self {
        self.expiry = Some(Expiry::After(time));
        self
    }

    /// Dropped when not done by this instant.
    #[must_use]
    pub fn expires_at(mut self, instant: Timestamp) -> Self {
        self.expiry = Some(Expiry::At(instant));
        self
    }

    /// Replaces an older task of the device with the same key.
    #[must_use]
    pub fn unique_key(mut self, key: impl Into<String>) -> Self {
        self.unique_key = Some(key.into());
        self
    }

    fn write(&self, map: &mut Map<String, Value>) -> Result<(), Error> {
        const WHAT: &str = "task";
        if let Some(timestamp) = self.timestamp {
            map.insert(
                "timestamp".to_owned(),
                Value::String(crate::lenient::iso(timestamp)),
            );
        }
        match self.expiry {
            None => {}
            Some(Expiry::After(time)) => {
                // Zero means "never" to the server.
                if time.as_secs() == 0 {
                    return Err(Error::invalid(WHAT, "expires after less than a second"));
                }
                map.insert("expiry".to_owned(), Value::from(time.as_secs()));
            }
            Some(Expiry::At(instant)) => {
                map.insert(
                    "expiry".to_owned(),
                    Value::String(crate::lenient::iso(instant)),
                );
            }
        }
        if let Some(key) = &self.unique_key {
            if key.is_empty() {
                return Err(Error::invalid(WHAT, "has an empty unique key"));
            }
            map.insert("uniqueKey".to_owned(), Value::String(key.clone()));
        }
        Ok(())
    }
}

impl Task {
    /// Reads these parameters.
    #[must_use]
    pub fn get<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let names = names.into_iter().map(|name| path::trim(name.into()));
        Self::GetParameterValues {
            names: names.collect(),
        }
    }

    /// Writes these parameters.
    #[must_use]
    pub fn set<S: Into<ParameterSetting>>(values: impl IntoIterator<Item = S>) -> Self {
        Self::SetParameterValues {
            values: values.into_iter().map(Into::into).collect(),
        }
    }

    /// Reads an object; `""` is the whole tree.
    #[must_use]
    pub fn refresh(object: impl Into<String>) -> Self {
        Self::RefreshObject {
            object: path::trim(object.into()),
        }
    }

    /// Adds an instance to a table.
    #[must_use]
    pub fn add_object(object: impl Into<String>) -> Self {
        Self::AddObject {
            object: path::trim(object.into()),
            values: Vec::new(),
        }
    }

    /// Deletes an instance.
    #[must_use]
    pub fn delete_object(object: impl Into<String>) -> Self {
        Self::DeleteObject {
            object: path::trim(object.into()),
        }
    }

    /// Makes the CPE download an uploaded file.
    #[must_use]
    pub fn download(file_type: impl Into<String>, file_name: impl Into<String>) -> Self {
        Self::Download {
            source: DownloadSource::Named {
                file_type: file_type.into(),
                file_name: file_name.into(),
            },
            target: None,
        }
    }

    /// Runs provisions.
    #[must_use]
    pub fn provisions(calls: impl IntoIterator<Item = ProvisionCall>) -> Self {
        Self::Provisions {
            calls: calls.into_iter().collect(),
        }
    }

    /// The task's name on the wire.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(genieacs_nbi::Task::FactoryReset.name(), "factoryReset");
    /// ```
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::GetParameterValues { .. } => "getParameterValues",
            Self::SetParameterValues { .. } => "setParameterValues",
            Self::RefreshObject { .. } => "refreshObject",
            Self::AddObject { .. } => "addObject",
            Self::DeleteObject { .. } => "deleteObject",
            Self::Download { .. } => "download",
            Self::Reboot => "reboot",
            Self::FactoryReset => "factoryReset",
            Self::Provisions { .. } => "provisions",
        }
    }

    /// The body the server takes.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what would crash a worker or could never run: nothing to read or
    /// write, a path that is not one, a number that is not finite, an empty file name, an expiry
    /// of zero.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Task, TaskOptions};
    ///
    /// let json = Task::refresh("Device.Hosts.").to_json(&TaskOptions::default())?;
    /// assert_eq!(json, serde_json::json!({"name": "refreshObject", "objectName": "Device.Hosts"}));
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    pub fn to_json(&self, options: &TaskOptions) -> Result<Value, Error> {
        const WHAT: &str = "task";
        let mut map = Map::new();
        map.insert("name".to_owned(), Value::from(self.name()));
        match self {
            Self::GetParameterValues { names } => {
                if names.is_empty() {
                    return Err(Error::invalid(WHAT, "reads no parameter"));
                }
                for name in names {
                    path::check(name)?;
                }
                map.insert("parameterNames".to_owned(), json!(names));
            }
            Self::SetParameterValues { values } => {
                if values.is_empty() {
                    return Err(Error::invalid(WHAT, "writes no parameter"));
                }
                map.insert("parameterValues".to_owned(), settings(values)?);
            }
            Self::RefreshObject { object } => {
                if !object.is_empty() {
                    path::check(object)?;
                }
                map.insert("objectName".to_owned(), json!(object));
            }
            Self::AddObject { object, values } => {
                path::check(object)?;
                map.insert("objectName".to_owned(), json!(object));
                if !values.is_empty() {
                    map.insert("parameterValues".to_owned(), settings(values)?);
                }
            }
            Self::DeleteObject { object } => {
                path::check(object)?;
                map.insert("objectName".to_owned(), json!(object));
            }
            Self::Download { source, target } => {
                match source {
                    DownloadSource::Named {
                        file_type,
                        file_name,
                    } => {
                        if file_type.is_empty() || file_name.is_empty() {
                            return Err(Error::invalid(
                                WHAT,
                                "downloads a file without type or name",
                            ));
                        }
                        map.insert("fileType".to_owned(), json!(file_type));
                        map.insert("fileName".to_owned(), json!(file_name));
                    }
                    DownloadSource::Uploaded(id) => {
                        if id.is_empty() {
                            return Err(Error::invalid(WHAT, "downloads a file without id"));
                        }
                        map.insert("file".to_owned(), json!(id));
                    }
                }
                if let Some(target) = target {
                    map.insert("targetFileName".to_owned(), json!(target));
                }
            }
            Self::Reboot | Self::FactoryReset => {}
            Self::Provisions { calls } => {
                map.insert("provisions".to_owned(), provisions(calls)?);
            }
        }
        options.write(&mut map)?;
        Ok(Value::Object(map))
    }

    /// Whether the end of the task lies beyond the session that takes it: the CPE reports the end
    /// of a transfer in a later session.
    #[must_use]
    pub fn ends_later(&self) -> bool {
        matches!(self, Self::Download { .. })
    }
}

fn settings(values: &[ParameterSetting]) -> Result<Value, Error> {
    let list: Result<Vec<Value>, Error> = values.iter().map(ParameterSetting::to_json).collect();
    Ok(Value::Array(list?))
}

fn provisions(calls: &[ProvisionCall]) -> Result<Value, Error> {
    const WHAT: &str = "task";
    if calls.is_empty() {
        return Err(Error::invalid(WHAT, "calls no provision"));
    }
    let mut list = Vec::with_capacity(calls.len());
    for call in calls {
        if call.name.is_empty() {
            return Err(Error::invalid(WHAT, "calls a provision without a name"));
        }
        let mut row = vec![Value::String(call.name.clone())];
        for arg in &call.args {
            row.push(match arg {
                None => Value::Null,
                Some(value) => value.to_json()?,
            });
        }
        list.push(Value::Array(row));
    }
    Ok(Value::Array(list))
}

/// A task as the server keeps it. It is deleted when done: there is no history.
///
/// # Examples
/// ```
/// use genieacs_nbi::StoredTask;
///
/// let task: StoredTask = serde_json::from_value(serde_json::json!({
///     "_id": "5c8a0f3b2e1d4c6b7a890123", "name": "reboot",
///     "device": "00259E-1", "timestamp": "2026-11-22T15:23:16.206Z"
/// }))?;
/// assert_eq!(task.name, "reboot");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StoredTask {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: TaskId,
    /// What it does, by its name on the wire.
    #[serde(default, deserialize_with = "crate::lenient::or_default")]
    pub name: String,
    /// For which CPE; absent on orphans made by posting an array.
    #[serde(
        default,
        deserialize_with = "crate::lenient::device",
        skip_serializing_if = "Option::is_none"
    )]
    pub device: Option<DeviceId>,
    /// When it was made, or before when it must not run.
    #[serde(default, deserialize_with = "crate::lenient::timestamp")]
    pub timestamp: Option<Timestamp>,
    /// When it is dropped.
    #[serde(
        default,
        deserialize_with = "crate::lenient::timestamp",
        skip_serializing_if = "Option::is_none"
    )]
    pub expiry: Option<Timestamp>,
    /// Its key among the tasks of the device.
    #[serde(
        rename = "uniqueKey",
        default,
        deserialize_with = "crate::lenient::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub unique_key: Option<String>,
    /// The rest, as it is stored: the fields of the task.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl fmt::Debug for StoredTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The rest may hold passphrases.
        f.debug_struct("StoredTask")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("device", &self.device)
            .field("timestamp", &self.timestamp)
            .field("expiry", &self.expiry)
            .field("unique_key", &self.unique_key)
            .finish_non_exhaustive()
    }
}

impl StoredTask {
    /// The id of the fault this task would leave; `None` for an orphan.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::StoredTask;
    ///
    /// let task: StoredTask = serde_json::from_value(serde_json::json!({
    ///     "_id": "5c8a0f3b2e1d4c6b7a890123", "name": "reboot", "device": "00259E-1"
    /// }))?;
    /// let fault = task.fault_id().map(String::from);
    /// assert_eq!(fault.as_deref(), Some("00259E-1:task_5c8a0f3b2e1d4c6b7a890123"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn fault_id(&self) -> Option<crate::FaultId> {
        Some(crate::FaultId::of_task(self.device.as_ref()?, &self.id))
    }
}
