//! Presets: which provisions run on which devices, when.

mod expression;
mod old;
mod schedule;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use expression::check_expression;

use crate::error::Error;
use crate::id::check_name;
use crate::path;
use crate::value::Scalar;

/// A preset.
///
/// The server stores any JSON as a preset, and one without `configurations`, with an unknown
/// configuration or with a precondition that does not parse stops the provisioning of the whole
/// fleet. [`Preset::validate`] runs before every upload.
///
/// # Examples
/// ```
/// use genieacs_nbi::{Configuration, Preset};
///
/// let preset = Preset::new()
///     .weight(10)
///     .precondition("Tags.fibre IS NOT NULL AND DeviceID.OUI = \"1C61B4\"")
///     .on_event("1 BOOT")
///     .with(Configuration::provision("inform", ["60"]));
/// preset.validate()?;
///
/// assert!(Preset::new().precondition("Tags.fibre IS").validate().is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Preset {
    /// Its name; set by the server from the path.
    #[serde(rename = "_id", default, skip_serializing)]
    pub name: String,
    /// Applied in order of weight, then of name; later wins.
    #[serde(default, deserialize_with = "crate::lenient::integer")]
    pub weight: i64,
    /// A fault blocks only the presets of its channel.
    #[serde(default = "default_channel", deserialize_with = "channel")]
    pub channel: String,
    /// Events of the Inform that must be present (`true`) or absent (`false`).
    #[serde(default, deserialize_with = "events")]
    pub events: BTreeMap<String, bool>,
    /// `"<seconds> <cron>"`: from when and how long it applies; empty is always.
    #[serde(default, deserialize_with = "string")]
    pub schedule: String,
    /// Which devices: an expression, or the old JSON form; empty is all.
    #[serde(default, deserialize_with = "string")]
    pub precondition: String,
    /// What to do. A stored preset without such a list stops the fleet: it is read as one thing of
    /// an unknown kind, so that [`Preset::validate`] finds it.
    #[serde(default = "no_list", deserialize_with = "configurations")]
    pub configurations: Vec<Configuration>,
    /// What else is stored.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

fn default_channel() -> String {
    "default".to_owned()
}

fn string<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(crate::lenient::text(deserializer)?.unwrap_or_default())
}

fn channel<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(crate::lenient::text(deserializer)?.unwrap_or_else(default_channel))
}

fn no_list() -> Vec<Configuration> {
    vec![Configuration::Other(Value::Null)]
}

fn configurations<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Configuration>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(list) => list.into_iter().map(Configuration::from).collect(),
        _ => no_list(),
    })
}

fn events<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, bool>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let events = value.as_object().into_iter().flatten();
    Ok(events
        .map(|(name, wanted)| {
            let wanted = crate::value::lenient_bool(wanted).unwrap_or(!wanted.is_null());
            (name.clone(), wanted)
        })
        .collect())
}

impl Default for Preset {
    fn default() -> Self {
        Self::new()
    }
}

impl Preset {
    /// A preset for all devices that does nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            name: String::new(),
            weight: 0,
            channel: default_channel(),
            events: BTreeMap::new(),
            schedule: String::new(),
            precondition: String::new(),
            configurations: Vec::new(),
            extra: Map::new(),
        }
    }

    /// Sets the weight.
    #[must_use]
    pub fn weight(mut self, weight: i64) -> Self {
        self.weight = weight;
        self
    }

    /// Sets the channel.
    #[must_use]
    pub fn channel(mut self, channel: impl Into<String>) -> Self {
        self.channel = channel.into();
        self
    }

    /// Requires an event, such as `1 BOOT` or `Registered`.
    #[must_use]
    pub fn on_event(mut self, event: impl Into<String>) -> Self {
        self.events.insert(event.into(), true);
        self
    }

    /// Requires that an event is absent.
    #[must_use]
    pub fn without_event(mut self, event: impl Into<String>) -> Self {
        self.events.insert(event.into(), false);
        self
    }

    /// Sets the schedule: seconds it lasts, then cron fields.
    #[must_use]
    pub fn schedule(mut self, schedule: impl Into<String>) -> Self {
        self.schedule = schedule.into();
        self
    }

    /// Sets which devices.
    #[must_use]
    pub fn precondition(mut self, precondition: impl Into<String>) -> Self {
        self.precondition = precondition.into();
        self
    }

    /// Adds something to do.
    #[must_use]
    pub fn with(mut self, configuration: Configuration) -> Self {
        self.configurations.push(configuration);
        self
    }

    /// Checks everything the server does not: known configurations with their fields, paths, a
    /// precondition that parses, a schedule that can be read, known events.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the first thing wrong.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Preset;
    ///
    /// let odd: Preset = serde_json::from_value(serde_json::json!({
    ///     "configurations": [{"type": "explode"}]
    /// }))?;
    /// assert!(odd.validate().is_err());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn validate(&self) -> Result<(), Error> {
        const WHAT: &str = "preset";
        if self.channel.is_empty() {
            return Err(Error::invalid(WHAT, "has no channel"));
        }
        // Channels of tasks are the server's own.
        if self.channel.starts_with("task_") || self.channel.contains(':') {
            return Err(Error::invalid(
                WHAT,
                "has a channel that is a task's, or holds a colon",
            ));
        }
        for event in self.events.keys() {
            let named = event == "Registered";
            let numbered = event
                .split_once(' ')
                .is_some_and(|(number, name)| number.parse::<u8>().is_ok() && !name.is_empty());
            // Vendor events: `X <OUI> <name>`, and `M Reboot` and the like.
            let other = event.starts_with("X ") || event.starts_with("M ");
            if !(named || numbered || other) {
                return Err(Error::invalid(WHAT, "names an event that no CPE sends"));
            }
        }
        if !self.schedule.is_empty() {
            schedule::check(&self.schedule)?;
        }
        check_precondition(&self.precondition)?;
        if self.configurations.len() > 1000 {
            return Err(Error::invalid(WHAT, "has more than 1000 configurations"));
        }
        if self.extra.contains_key("configurations")
            || self
                .extra
                .keys()
                .any(|k| k.starts_with('$') || k.contains(['.', '\0']))
        {
            return Err(Error::invalid(WHAT, "has a field the database refuses"));
        }
        self.configurations
            .iter()
            .try_for_each(Configuration::validate)
    }
}

/// Checks a preset's precondition: empty, an expression, or the old JSON form.
///
/// # Errors
/// [`Error::Invalid`] when it is neither: a preset with it would stop the CWMP workers.
///
/// # Examples
/// ```
/// use genieacs_nbi::check_precondition;
///
/// check_precondition(r#"DeviceID.ProductClass LIKE "XX%""#)?;
/// check_precondition(r#"{"_tags":"test"}"#)?;
/// assert!(check_precondition("DeviceID.OUI ==").is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
pub fn check_precondition(text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    match check_expression(text) {
        Ok(()) => Ok(()),
        Err(error) => match serde_json::from_str::<Value>(text) {
            Ok(Value::Object(map)) => old::check(&map),
            _ => Err(error),
        },
    }
}

/// One thing a preset does.
///
/// # Examples
/// ```
/// use genieacs_nbi::Configuration;
///
/// let age: Configuration = serde_json::from_value(serde_json::json!({
///     "type": "age", "name": "Device.Hosts", "age": "300"
/// }))?;
/// assert!(age.validate().is_ok());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
#[non_exhaustive]
pub enum Configuration {
    /// Keeps a parameter at a value.
    Value {
        /// Path of the parameter.
        name: String,
        /// The value.
        value: Scalar,
    },
    /// Reads a parameter when what is known is older.
    Age {
        /// Path of the parameter.
        name: String,
        /// Seconds.
        age: i64,
    },
    /// Puts a tag on the device.
    AddTag(String),
    /// Takes a tag off.
    DeleteTag(String),
    /// Makes sure that an instance exists.
    AddObject {
        /// Path of the table.
        name: String,
        /// Name of the object (see [`crate::Object`]).
        object: String,
    },
    /// Makes sure that an instance does not exist.
    DeleteObject {
        /// Path of the table.
        name: String,
        /// Name of the object.
        object: String,
    },
    /// Runs a provision.
    Provision {
        /// Its name.
        name: String,
        /// Its arguments: strings, numbers, booleans or null.
        args: Vec<Value>,
    },
    /// Anything else, as it is stored. Never uploaded.
    Other(Value),
}

impl Configuration {
    /// Runs a provision with arguments.
    #[must_use]
    pub fn provision<V: Into<Value>>(
        name: impl Into<String>,
        args: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::Provision {
            name: name.into(),
            args: args.into_iter().map(Into::into).collect(),
        }
    }

    /// Keeps a parameter at a value.
    #[must_use]
    pub fn value(name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        Self::Value {
            name: path::trim(name.into()),
            value: value.into(),
        }
    }

    /// Checks the fields.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the first thing wrong.
    pub fn validate(&self) -> Result<(), Error> {
        const WHAT: &str = "configuration";
        match self {
            Self::Value { name, value } => {
                path::check(name)?;
                value.to_json().map(drop)
            }
            Self::Age { name, age } => {
                path::check(name)?;
                if *age < 0 {
                    return Err(Error::invalid(WHAT, "has a negative age"));
                }
                Ok(())
            }
            Self::AddTag(tag) | Self::DeleteTag(tag) => check_name("tag", tag),
            Self::AddObject { name, object } | Self::DeleteObject { name, object } => {
                path::check(name)?;
                check_name("object name", object)
            }
            Self::Provision { name, args } => {
                check_name("provision name", name)?;
                if args.iter().any(|arg| arg.is_array() || arg.is_object()) {
                    return Err(Error::invalid(WHAT, "gives a provision an array or object"));
                }
                Ok(())
            }
            Self::Other(_) => Err(Error::invalid(
                WHAT,
                "is of a type the server does not know, or lacks a field",
            )),
        }
    }
}

impl From<Value> for Configuration {
    fn from(value: Value) -> Self {
        known(&value).unwrap_or(Self::Other(value))
    }
}

fn known(value: &Value) -> Option<Configuration> {
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    Some(match value.get("type")?.as_str()? {
        "value" => Configuration::Value {
            name: text("name")?,
            value: serde_json::from_value(value.get("value")?.clone()).ok()?,
        },
        "age" => Configuration::Age {
            name: text("name")?,
            age: i64::try_from(crate::value::lenient_integer(value.get("age")?)?).ok()?,
        },
        "add_tag" => Configuration::AddTag(text("tag")?),
        "delete_tag" => Configuration::DeleteTag(text("tag")?),
        "add_object" => Configuration::AddObject {
            name: text("name")?,
            object: text("object")?,
        },
        "delete_object" => Configuration::DeleteObject {
            name: text("name")?,
            object: text("object")?,
        },
        "provision" => Configuration::Provision {
            name: text("name")?,
            args: match value.get("args") {
                None | Some(Value::Null) => Vec::new(),
                Some(args) => args.as_array()?.clone(),
            },
        },
        _ => return None,
    })
}

impl From<Configuration> for Value {
    fn from(configuration: Configuration) -> Self {
        use serde_json::json;
        match configuration {
            Configuration::Value { name, value } => {
                json!({"type": "value", "name": name, "value": value})
            }
            Configuration::Age { name, age } => json!({"type": "age", "name": name, "age": age}),
            Configuration::AddTag(tag) => json!({"type": "add_tag", "tag": tag}),
            Configuration::DeleteTag(tag) => json!({"type": "delete_tag", "tag": tag}),
            Configuration::AddObject { name, object } => {
                json!({"type": "add_object", "name": name, "object": object})
            }
            Configuration::DeleteObject { name, object } => {
                json!({"type": "delete_object", "name": name, "object": object})
            }
            Configuration::Provision { name, args } => {
                json!({"type": "provision", "name": name, "args": args})
            }
            Configuration::Other(value) => value,
        }
    }
}
