//! Smaller documents: provisions, virtual parameters, objects, settings, files, operations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
#[cfg(feature = "client")]
use crate::id::check_name;

/// A provision script, or a virtual parameter's.
///
/// # Examples
/// ```
/// use genieacs_nbi::Script;
///
/// let script: Script = serde_json::from_value(serde_json::json!({
///     "_id": "inform", "script": "declare('Device.ManagementServer.PeriodicInformInterval', null, {value: 300});"
/// }))?;
/// assert_eq!(script.name, "inform");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Script {
    /// Its name.
    #[serde(rename = "_id")]
    pub name: String,
    /// The JavaScript source.
    #[serde(default, deserialize_with = "crate::lenient::or_default")]
    pub script: String,
}

/// An object: the values an `add_object` configuration gives a new instance.
///
/// # Examples
/// ```
/// use genieacs_nbi::Object;
/// use serde_json::json;
///
/// let object = Object::new().value("Enable", true).value("ExternalPort", 443).keys(["ExternalPort"]);
/// object.validate()?;
/// assert_eq!(serde_json::to_value(&object)?, json!({"_keys": ["ExternalPort"], "Enable": true, "ExternalPort": 443}));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Object {
    /// Its name; set by the server from the path.
    #[serde(rename = "_id", default, skip_serializing)]
    pub name: String,
    /// The parameters by which an existing instance is recognised; all of them unless set.
    #[serde(rename = "_keys", default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Vec<String>>,
    /// Values by relative name.
    #[serde(flatten)]
    pub values: Map<String, Value>,
}

impl Object {
    /// An object without values.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value.
    #[must_use]
    pub fn value(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// Sets the parameters by which an instance is recognised.
    #[must_use]
    pub fn keys<S: Into<String>>(mut self, keys: impl IntoIterator<Item = S>) -> Self {
        self.keys = Some(keys.into_iter().map(Into::into).collect());
        self
    }

    /// Checks what the server does not.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no value, `null` or an array (the server reads into it and throws), a
    /// key that is no value.
    pub fn validate(&self) -> Result<(), Error> {
        const WHAT: &str = "object";
        let mut names = Vec::new();
        flatten("", &self.values, &mut names, 0)?;
        if names.is_empty() {
            return Err(Error::invalid(WHAT, "has no value"));
        }
        if let Some(keys) = &self.keys
            && !keys.iter().all(|key| names.contains(key))
        {
            return Err(Error::invalid(
                WHAT,
                "has a key that is not among its values",
            ));
        }
        Ok(())
    }
}

fn flatten(
    prefix: &str,
    map: &Map<String, Value>,
    names: &mut Vec<String>,
    depth: usize,
) -> Result<(), Error> {
    const WHAT: &str = "object";
    if depth > 16 {
        return Err(Error::invalid(WHAT, "nests too deeply"));
    }
    for (key, value) in map {
        if key.is_empty() || key.starts_with(['$', '_']) || key.contains('\0') {
            return Err(Error::invalid(
                WHAT,
                "has a name that begins with `_` or `$`, or is empty",
            ));
        }
        match value {
            Value::Object(inner) => flatten(&format!("{prefix}{key}."), inner, names, depth + 1)?,
            Value::Null | Value::Array(_) => {
                return Err(Error::invalid(WHAT, "has a value that is null or an array"));
            }
            _ => names.push(format!("{prefix}{key}")),
        }
    }
    Ok(())
}

/// A setting of the server; the value is an expression.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ConfigEntry {
    /// Its name, such as `cwmp.deviceOnlineThreshold`.
    #[serde(rename = "_id")]
    pub name: String,
    /// The expression.
    #[serde(default, deserialize_with = "crate::lenient::or_default")]
    pub value: String,
}

/// What is known of an uploaded file. Its contents come from the file service, not from here.
///
/// # Examples
/// ```
/// use genieacs_nbi::FileMeta;
///
/// let file: FileMeta = serde_json::from_value(serde_json::json!({
///     "_id": "xx230v.bin", "length": 14, "uploadDate": "2026-11-22T15:23:16.206Z", "filename": "xx230v.bin",
///     "metadata": {"fileType": "1 Firmware Upgrade Image", "oui": null, "productClass": null, "version": "1.2"}
/// }))?;
/// assert_eq!(file.metadata.version.as_deref(), Some("1.2"));
/// assert_eq!(file.metadata.oui, None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FileMeta {
    /// Its name.
    #[serde(rename = "_id")]
    pub name: String,
    /// Size in bytes.
    #[serde(default, deserialize_with = "crate::lenient::count")]
    pub length: u64,
    /// When it was uploaded.
    #[serde(
        rename = "uploadDate",
        default,
        deserialize_with = "crate::lenient::timestamp"
    )]
    pub upload_date: Option<Timestamp>,
    /// What was said of it then.
    #[serde(default, deserialize_with = "crate::lenient::or_default")]
    pub metadata: FileLabels,
    /// What else is stored.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What an upload says of a file.
///
/// # Examples
/// ```
/// use genieacs_nbi::FileLabels;
///
/// let labels = FileLabels::firmware().oui("1C61B4").product_class("Device2").version("1.2");
/// labels.validate()?;
/// assert!(FileLabels::firmware().version("é").validate().is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FileLabels {
    /// TR-069 file type: `1 Firmware Upgrade Image`, `2 Web Content`, `3 Vendor Configuration File`, …
    #[serde(rename = "fileType", default)]
    pub file_type: Option<String>,
    /// OUI of the CPEs it is for.
    #[serde(default)]
    pub oui: Option<String>,
    /// Product class of the CPEs it is for.
    #[serde(rename = "productClass", default)]
    pub product_class: Option<String>,
    /// Version.
    #[serde(default)]
    pub version: Option<String>,
}

impl FileLabels {
    /// A file of some type.
    #[must_use]
    pub fn of_type(file_type: impl Into<String>) -> Self {
        Self {
            file_type: Some(file_type.into()),
            ..Self::default()
        }
    }

    /// A firmware image.
    #[must_use]
    pub fn firmware() -> Self {
        Self::of_type("1 Firmware Upgrade Image")
    }

    /// A vendor configuration file.
    #[must_use]
    pub fn configuration() -> Self {
        Self::of_type("3 Vendor Configuration File")
    }

    /// Sets the OUI.
    #[must_use]
    pub fn oui(mut self, oui: impl Into<String>) -> Self {
        self.oui = Some(oui.into());
        self
    }

    /// Sets the product class.
    #[must_use]
    pub fn product_class(mut self, product_class: impl Into<String>) -> Self {
        self.product_class = Some(product_class.into());
        self
    }

    /// Sets the version.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Checks that a header can carry every label.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty label, or one outside printable ASCII.
    pub fn validate(&self) -> Result<(), Error> {
        const WHAT: &str = "file label";
        for label in self.headers().map(|(_, label)| label) {
            if label.is_empty() {
                return Err(Error::invalid(WHAT, "is empty"));
            }
            if !label.bytes().all(|b| (0x20..0x7f).contains(&b)) {
                return Err(Error::invalid(WHAT, "is not printable ASCII"));
            }
            if label.trim() != label {
                return Err(Error::invalid(WHAT, "begins or ends with a blank"));
            }
        }
        Ok(())
    }

    /// Header name and value of each label that is set.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("filetype", self.file_type.as_deref()),
            ("oui", self.oui.as_deref()),
            ("productclass", self.product_class.as_deref()),
            ("version", self.version.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// A name for the path: of a preset, provision, tag, file, …
#[cfg(feature = "client")]
pub(crate) fn checked_name<'a>(what: &'static str, name: &'a str) -> Result<&'a str, Error> {
    check_name(what, name)?;
    Ok(name)
}
