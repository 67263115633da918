//! Queries, projections and sort orders of a collection.

mod check;
pub(crate) mod expand;
pub(crate) mod pattern;
mod shape;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

#[cfg(feature = "client")]
pub(crate) use shape::Selection;
pub use shape::{Projection, Sort};

use crate::error::Error;
use crate::id::{DeviceId, FaultId, TaskId};
use crate::value::Scalar;
use check::Typed;

/// A collection the interface lists.
///
/// `users`, `permissions`, `cache` and `locks` are left out on purpose: the interface serves them
/// raw, password hashes included, and nothing here ever asks for them.
///
/// # Examples
/// ```
/// assert_eq!(genieacs_nbi::Collection::Faults.name(), "faults");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Collection {
    /// CPEs and their parameter trees.
    Devices,
    /// Tasks not yet done.
    Tasks,
    /// Presets.
    Presets,
    /// Objects for `add_object` configurations.
    Objects,
    /// Provision scripts.
    Provisions,
    /// Virtual parameter scripts.
    VirtualParameters,
    /// Metadata of uploaded files.
    Files,
    /// Faults.
    Faults,
    /// Transfers and other operations under way.
    Operations,
    /// Settings of the server.
    Config,
}

impl Collection {
    /// The collection as the path names it.
    ///
    /// # Examples
    /// ```
    /// assert_eq!(genieacs_nbi::Collection::VirtualParameters.name(), "virtual_parameters");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Devices => "devices",
            Self::Tasks => "tasks",
            Self::Presets => "presets",
            Self::Objects => "objects",
            Self::Provisions => "provisions",
            Self::VirtualParameters => "virtual_parameters",
            Self::Files => "files",
            Self::Faults => "faults",
            Self::Operations => "operations",
            Self::Config => "config",
        }
    }

    /// Whether the server rewrites queries of this collection (`_value`, expansion of strings).
    pub(crate) const fn rewrites(self) -> bool {
        matches!(self, Self::Devices)
    }

    /// How the server converts values compared with this key.
    fn typed(self, key: &str) -> Option<Typed> {
        match (self, key) {
            (Self::Tasks, "_id") => Some(Typed::ObjectId),
            (Self::Tasks | Self::Faults, "timestamp") => Some(Typed::Date),
            (Self::Tasks | Self::Faults, "retries") => Some(Typed::Number),
            _ => None,
        }
    }
}

/// Conditions on the documents of a collection, in the database's query language.
///
/// For devices the server rewrites the query: a key whose last segment does not begin with `_` gets
/// `._value`, and a string stands for itself, the number and the date it spells, a `/pattern/`, and
/// with `*` a wildcard. So name a parameter plainly (`Device.DeviceInfo.UpTime`) and take
/// [`Query::exact`] where a value must mean only itself.
///
/// Several conditions on one query must all hold. Nothing is sent before [`Query::to_json`] has
/// found it harmless: a query the server's database refuses would crash a worker.
///
/// # Examples
/// ```
/// use genieacs_nbi::{Collection, Query};
///
/// let query = Query::serial("ZTEYH86LCN10105").and(Query::tag("fibre"));
/// let json = query.to_json(Collection::Devices)?;
/// assert!(json.contains("_deviceId._SerialNumber"));
///
/// // An unbalanced pattern would crash a worker: refused.
/// assert!(Query::eq("Device.WiFi.SSID.1.SSID", "/(/").to_json(Collection::Devices).is_err());
/// assert!(Query::exact("Device.WiFi.SSID.1.SSID", "/(/").to_json(Collection::Devices).is_ok());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    conditions: Vec<Map<String, Value>>,
    /// The first argument that cannot be said in JSON.
    flaw: Option<(&'static str, &'static str)>,
}

fn one(key: impl Into<String>, value: Value) -> Query {
    let mut map = Map::new();
    map.insert(key.into(), value);
    Query {
        conditions: vec![map],
        flaw: None,
    }
}

fn compare(key: impl Into<String>, operator: &str, value: impl Into<Scalar>) -> Query {
    match value.into().to_json() {
        Ok(value) => one(key, json!({ operator: value })),
        Err(_) => flawed("compares a key with a number that is not finite"),
    }
}

fn flawed(reason: &'static str) -> Query {
    Query {
        conditions: Vec::new(),
        flaw: Some(("query", reason)),
    }
}

/// Keys that hold text only: no number or date can answer for it.
fn text_only(key: &str) -> bool {
    key == "_id" || key == "_tags" || key.starts_with("_deviceId.")
}

impl Query {
    /// Every document.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    /// assert_eq!(Query::all().to_json(Collection::Devices)?, "{}");
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Takes a query in the database's language; it is checked as any other before it is sent.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    /// use serde_json::json;
    ///
    /// let query = Query::raw(json!({"$or": [{"_tags": "a"}, {"_tags": "b"}]}));
    /// assert!(query.to_json(Collection::Devices).is_ok());
    /// assert!(Query::raw(json!({"$or": "a"})).to_json(Collection::Devices).is_err());
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn raw(query: Value) -> Self {
        match query {
            Value::Object(map) => Self {
                conditions: vec![map],
                flaw: None,
            },
            _ => flawed("is something else than a JSON object"),
        }
    }

    /// The device of this id.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, DeviceId, Query};
    ///
    /// let id = DeviceId::new("C0B101-ZXHN%20H199A-1")?;
    /// assert_eq!(Query::device(&id).to_json(Collection::Devices)?, r#"{"_id":"C0B101-ZXHN%20H199A-1"}"#);
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn device(id: &DeviceId) -> Self {
        Self::exact("_id", id.as_str())
    }

    /// Devices with exactly this serial number. Two makers may use the same.
    ///
    /// # Examples
    /// ```
    /// # use genieacs_nbi::{Collection, Query};
    /// // Typed by a person: a `*` or a slash means itself.
    /// assert!(Query::serial("/(/").to_json(Collection::Devices).is_ok());
    /// ```
    #[must_use]
    pub fn serial(serial: &str) -> Self {
        Self::exact("_deviceId._SerialNumber", serial)
    }

    /// Devices that carry this tag.
    #[must_use]
    pub fn tag(tag: &str) -> Self {
        Self::exact("_tags", tag)
    }

    /// The stored task of this id.
    #[must_use]
    pub fn task(id: &TaskId) -> Self {
        one("_id", Value::String(id.as_str().to_owned()))
    }

    /// Tasks or faults of this device.
    #[must_use]
    pub fn of_device(id: &DeviceId) -> Self {
        one("device", Value::String(id.as_str().to_owned()))
    }

    /// The fault of this id.
    #[must_use]
    pub fn fault(id: &FaultId) -> Self {
        one("_id", Value::String(id.as_str().to_owned()))
    }

    /// The value, as the server reads it: a string also stands for the number, date or pattern it
    /// spells.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// // Matches the number 300 as well as the text.
    /// let query = Query::eq("Device.DeviceInfo.UpTime", "300");
    /// assert_eq!(query.to_json(Collection::Devices)?, r#"{"Device.DeviceInfo.UpTime":"300"}"#);
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn eq(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        match value.into().to_json() {
            Ok(value) => one(key, value),
            Err(_) => flawed("compares a key with a number that is not finite"),
        }
    }

    /// The value and nothing else: text that looks like a pattern, a number or a date is sent as an
    /// anchored, escaped pattern, which the server passes on untouched.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::exact("Device.WiFi.SSID.1.SSID", "Chez*nous");
    /// assert_eq!(
    ///     query.to_json(Collection::Devices)?,
    ///     r#"{"Device.WiFi.SSID.1.SSID":{"$regex":"^Chez\\*nous$"}}"#,
    /// );
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn exact(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        let key = key.into();
        let value = value.into();
        let Scalar::Text(text) = &value else {
            return Self::eq(key, value);
        };
        let pattern = text.contains('*') || expand::slashed(text).is_some();
        let other =
            !text_only(&key) && (expand::js_number(text).is_some() || expand::may_be_date(text));
        if pattern || other {
            return one(
                key,
                json!({ "$regex": format!("^{}$", pattern::escape(text)) }),
            );
        }
        one(key, Value::String(text.clone()))
    }

    /// Text with `*` for any run of characters, everything else literal. Unlike the server's own
    /// wildcard this takes several `*` and special characters.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::wildcard("Device.DeviceInfo.ModelName", "XX*v?");
    /// assert_eq!(
    ///     query.to_json(Collection::Devices)?,
    ///     r#"{"Device.DeviceInfo.ModelName":{"$regex":"^XX.*v\\?$"}}"#,
    /// );
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn wildcard(key: impl Into<String>, text: &str) -> Self {
        let mut regex = String::from("^");
        let mut starred = false;
        for piece in text.split('*') {
            if starred && !regex.ends_with(".*") {
                regex.push_str(".*");
            }
            regex.push_str(&pattern::escape(piece));
            starred = true;
        }
        regex.push('$');
        // Without an anchor there is nothing to run through at that end.
        let regex = regex
            .strip_suffix(".*$")
            .map_or(regex.clone(), str::to_owned);
        let regex = regex
            .strip_prefix("^.*")
            .map_or(regex.clone(), str::to_owned);
        one(key, json!({ "$regex": regex }))
    }

    /// Text that the pattern matches somewhere. Only syntax on which JavaScript and PCRE agree is
    /// let through.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::regex("Device.DeviceInfo.SoftwareVersion", r"^1\.(2|3)\.");
    /// assert!(query.to_json(Collection::Devices).is_ok());
    /// ```
    #[must_use]
    pub fn regex(key: impl Into<String>, pattern: &str) -> Self {
        one(key, json!({ "$regex": pattern }))
    }

    /// Text that the pattern matches somewhere, whatever the case of its letters.
    #[must_use]
    pub fn regex_ignore_case(key: impl Into<String>, pattern: &str) -> Self {
        one(key, json!({ "$regex": pattern, "$options": "i" }))
    }

    /// Documents where the key is not this value, or absent.
    #[must_use]
    pub fn ne(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        compare(key, "$ne", value)
    }

    /// Greater than. Give dates with [`Query::after`].
    #[must_use]
    pub fn gt(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        compare(key, "$gt", value)
    }

    /// Greater than or equal.
    #[must_use]
    pub fn gte(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        compare(key, "$gte", value)
    }

    /// Less than. Give dates with [`Query::before`].
    #[must_use]
    pub fn lt(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        compare(key, "$lt", value)
    }

    /// Less than or equal.
    #[must_use]
    pub fn lte(key: impl Into<String>, value: impl Into<Scalar>) -> Self {
        compare(key, "$lte", value)
    }

    /// Strictly before an instant.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::before("_lastInform", "2026-11-22T15:00:00Z".parse()?);
    /// assert_eq!(query.to_json(Collection::Devices)?, r#"{"_lastInform":{"$lt":"2026-11-22T15:00:00.000Z"}}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn before(key: impl Into<String>, instant: Timestamp) -> Self {
        compare(key, "$lt", crate::lenient::iso(instant))
    }

    /// At an instant or later.
    #[must_use]
    pub fn after(key: impl Into<String>, instant: Timestamp) -> Self {
        compare(key, "$gte", crate::lenient::iso(instant))
    }

    /// One of these values, each as the server reads it. A value with `*` or `/…/` is refused when
    /// the query is made: the database takes no pattern in a list.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::is_in("_id", ["00259E-1", "00259E-2"]);
    /// assert_eq!(query.to_json(Collection::Devices)?, r#"{"_id":{"$in":["00259E-1","00259E-2"]}}"#);
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn is_in<V: Into<Scalar>>(
        key: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        list(key, "$in", values)
    }

    /// None of these values.
    #[must_use]
    pub fn not_in<V: Into<Scalar>>(
        key: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        list(key, "$nin", values)
    }

    /// Documents that have the key; for a device's parameter, that have read its value.
    #[must_use]
    pub fn exists(key: impl Into<String>) -> Self {
        one(key, json!({ "$exists": true }))
    }

    /// Documents that lack the key.
    #[must_use]
    pub fn missing(key: impl Into<String>) -> Self {
        one(key, json!({ "$exists": false }))
    }

    /// Both this and the other.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::tag("fibre").and(Query::gt("Device.DeviceInfo.UpTime", 3600));
    /// assert_eq!(
    ///     query.to_json(Collection::Devices)?,
    ///     r#"{"$and":[{"_tags":"fibre"},{"Device.DeviceInfo.UpTime":{"$gt":3600}}]}"#,
    /// );
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.conditions.extend(other.conditions);
        self.flaw = self.flaw.or(other.flaw);
        self
    }

    /// At least one of these. No alternatives at all is refused when the query is made.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let query = Query::any([Query::tag("a"), Query::tag("b")]);
    /// assert_eq!(query.to_json(Collection::Devices)?, r#"{"$or":[{"_tags":"a"},{"_tags":"b"}]}"#);
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn any(alternatives: impl IntoIterator<Item = Self>) -> Self {
        joined("$or", alternatives)
    }

    /// None of these.
    #[must_use]
    pub fn none(alternatives: impl IntoIterator<Item = Self>) -> Self {
        joined("$nor", alternatives)
    }

    /// The query as one JSON object, not yet checked.
    fn object(&self) -> Map<String, Value> {
        match self.conditions.as_slice() {
            [] => Map::new(),
            [only] => only.clone(),
            several => {
                let list = several.iter().cloned().map(Value::Object).collect();
                let mut map = Map::new();
                map.insert("$and".to_owned(), Value::Array(list));
                map
            }
        }
    }

    /// The `query` parameter for a collection.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the query would crash a worker of the server: a pattern that does
    /// not compile, an operator or key the database refuses, a value of the wrong kind on a typed
    /// key of tasks and faults, `$ne` mixed with another operator, and the like.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{Collection, Query};
    ///
    /// let by_id = Query::eq("_id", "not-an-object-id");
    /// assert!(by_id.to_json(Collection::Devices).is_ok());
    /// assert!(by_id.to_json(Collection::Tasks).is_err());
    /// ```
    pub fn to_json(&self, collection: Collection) -> Result<String, Error> {
        if let Some((what, reason)) = self.flaw {
            return Err(Error::invalid(what, reason));
        }
        let object = self.object();
        check::query(collection, &object)?;
        Ok(Value::Object(apart(object)).to_string())
    }

    /// Whether there is no condition.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.conditions.iter().all(Map::is_empty) && self.flaw.is_none()
    }
}

/// Moves conditions that stand beside `$and` into it: the server, which gathers what it rewrites
/// under `$and`, forgets those that come before a literal one.
fn apart(map: Map<String, Value>) -> Map<String, Value> {
    let mut map: Map<String, Value> = map
        .into_iter()
        .map(|(key, value)| match value {
            Value::Array(items) if key.starts_with('$') => {
                let items = items.into_iter().map(|item| match item {
                    Value::Object(inner) => Value::Object(apart(inner)),
                    other => other,
                });
                (key, Value::Array(items.collect()))
            }
            other => (key, other),
        })
        .collect();
    if map.len() < 2 {
        return map;
    }
    if let Some(Value::Array(mut list)) = map.remove("$and") {
        list.push(Value::Object(map));
        map = Map::new();
        map.insert("$and".to_owned(), Value::Array(list));
    }
    map
}

fn list<V: Into<Scalar>>(
    key: impl Into<String>,
    operator: &str,
    values: impl IntoIterator<Item = V>,
) -> Query {
    let values: Result<Vec<Value>, Error> = values
        .into_iter()
        .map(|value| value.into().to_json())
        .collect();
    match values {
        Ok(values) => one(key, json!({ operator: values })),
        Err(_) => flawed("compares a key with a number that is not finite"),
    }
}

fn joined(operator: &str, alternatives: impl IntoIterator<Item = Query>) -> Query {
    let mut flaw = None;
    let list = alternatives
        .into_iter()
        .map(|query| {
            flaw = flaw.or(query.flaw);
            Value::Object(query.object())
        })
        .collect();
    let mut query = one(operator, Value::Array(list));
    query.flaw = flaw;
    query
}
