//! Device documents: the cached parameter tree of a CPE, read leniently.

mod diff;
mod node;

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use diff::{Change, ChangeKind, diff};
pub use node::{Node, Parameter, Parameters};

use crate::id::DeviceId;
use crate::lenient;

/// The document of one device, whole or projected.
///
/// Every field may be absent: projections and interrupted refreshes leave holes. A leaf whose value
/// was never read is *unknown*, which is not the same as empty.
///
/// # Examples
/// ```
/// use genieacs_nbi::Device;
/// use serde_json::json;
///
/// let device = Device::from(json!({
///     "_id": "202BC1-BM632w-0001",
///     "_lastInform": "2026-11-22T15:23:16.206Z",
///     "Device": {"DeviceInfo": {
///         "UpTime": {"_object": false, "_writable": false, "_value": "300", "_type": "xsd:unsignedInt"},
///         "Description": {"_object": false, "_writable": true},
///     }},
/// }));
/// assert_eq!(device.get("Device.DeviceInfo.UpTime").and_then(|p| p.integer()), Some(300));
/// let description = device.get("Device.DeviceInfo.Description").ok_or("absent")?;
/// assert!(!description.is_known());
/// # Ok::<(), &'static str>(())
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Device {
    document: Map<String, Value>,
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A document is up to 1 MB, and holds the passphrases of a household.
        f.debug_struct("Device")
            .field("id", &self.document.get("_id"))
            .finish_non_exhaustive()
    }
}

/// The two data models' roots.
const ROOTS: [&str; 2] = ["Device", "InternetGatewayDevice"];

impl From<Value> for Device {
    /// Takes a document; anything but an object is an empty one.
    fn from(document: Value) -> Self {
        match document {
            Value::Object(document) => Self { document },
            _ => Self::default(),
        }
    }
}

impl From<Device> for Value {
    fn from(device: Device) -> Self {
        Self::Object(device.document)
    }
}

impl Device {
    /// The document as it came.
    #[must_use]
    pub fn document(&self) -> &Map<String, Value> {
        &self.document
    }

    /// Its id.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"_id": "00259E-1"}));
    /// assert_eq!(device.id().map(String::from).as_deref(), Some("00259E-1"));
    /// assert!(Device::default().id().is_none());
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<DeviceId> {
        DeviceId::new(self.document.get("_id")?.as_str()?).ok()
    }

    fn identity(&self, key: &str) -> Option<&str> {
        self.document.get("_deviceId")?.get(key)?.as_str()
    }

    /// Maker, as the CPE says.
    #[must_use]
    pub fn manufacturer(&self) -> Option<&str> {
        self.identity("_Manufacturer")
    }

    /// OUI of the maker.
    #[must_use]
    pub fn oui(&self) -> Option<&str> {
        self.identity("_OUI")
    }

    /// Product class. Several models may share one: tell them apart by `DeviceInfo.ModelName`.
    #[must_use]
    pub fn product_class(&self) -> Option<&str> {
        self.identity("_ProductClass")
    }

    /// Serial number.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"_deviceId": {"_SerialNumber": "0001"}}));
    /// assert_eq!(device.serial_number(), Some("0001"));
    /// ```
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.identity("_SerialNumber")
    }

    fn instant(&self, key: &str) -> Option<Timestamp> {
        lenient::instant(self.document.get(key)?)
    }

    /// When it informed last.
    #[must_use]
    pub fn last_inform(&self) -> Option<Timestamp> {
        self.instant("_lastInform")
    }

    /// When it was first seen.
    #[must_use]
    pub fn registered(&self) -> Option<Timestamp> {
        self.instant("_registered")
    }

    /// When it booted last, as far as it told.
    #[must_use]
    pub fn last_boot(&self) -> Option<Timestamp> {
        self.instant("_lastBoot")
    }

    /// When it was last set up from scratch.
    #[must_use]
    pub fn last_bootstrap(&self) -> Option<Timestamp> {
        self.instant("_lastBootstrap")
    }

    /// When the tree was last worked on.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.instant("_timestamp")
    }

    /// Its tags, in plain text.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"_tags": ["fibre", "v1.2"]}));
    /// assert_eq!(device.tags().collect::<Vec<_>>(), ["fibre", "v1.2"]);
    /// ```
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        let tags = self.document.get("_tags").and_then(Value::as_array);
        tags.into_iter().flatten().filter_map(Value::as_str)
    }

    /// The data model roots present: `Device`, `InternetGatewayDevice`, or both.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"InternetGatewayDevice": {"_object": true}}));
    /// assert_eq!(device.roots().collect::<Vec<_>>(), ["InternetGatewayDevice"]);
    /// ```
    pub fn roots(&self) -> impl Iterator<Item = &'static str> {
        ROOTS
            .into_iter()
            .filter(|root| self.document.get(*root).is_some_and(Value::is_object))
    }

    /// The node at a path, object or leaf. A final dot is allowed.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"Device": {"Hosts": {"_object": true}}}));
    /// assert!(device.node("Device.Hosts.").is_some_and(|node| node.is_object()));
    /// ```
    #[must_use]
    pub fn node(&self, path: &str) -> Option<Node<'_>> {
        let path = path.strip_suffix('.').unwrap_or(path);
        let mut segments = path.split('.');
        let first = segments.next()?;
        let mut node = Node::child_of(&self.document, first)?;
        for segment in segments {
            node = node.child(segment)?;
        }
        Some(node)
    }

    /// The parameter at a path: a leaf, known or not. `None` when the CPE has no such leaf, as far
    /// as the server has seen.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Parameter<'_>> {
        self.node(path)?.parameter()
    }

    /// The first of several paths that has a value: for the same fact under two roots, or in two
    /// vendors' places.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({
    ///     "InternetGatewayDevice": {"DeviceInfo": {"UpTime": {"_value": 7}}}
    /// }));
    /// let uptime = device.first_of(["Device.DeviceInfo.UpTime", "InternetGatewayDevice.DeviceInfo.UpTime"]);
    /// assert_eq!(uptime.and_then(|p| p.integer()), Some(7));
    /// ```
    #[must_use]
    pub fn first_of<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Option<Parameter<'_>> {
        paths
            .into_iter()
            .filter_map(|path| self.get(path))
            .find(Parameter::is_known)
    }

    /// A parameter under whichever root has a value for it: `DeviceInfo.UpTime`.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({
    ///     "InternetGatewayDevice": {"DeviceInfo": {"ModelName": {"_value": "EG8145V5"}}}
    /// }));
    /// assert_eq!(device.under_root("DeviceInfo.ModelName").and_then(|p| p.text()), Some("EG8145V5"));
    /// ```
    #[must_use]
    pub fn under_root(&self, path: &str) -> Option<Parameter<'_>> {
        ROOTS
            .into_iter()
            .filter_map(|root| {
                let mut node = Node::child_of(&self.document, root)?;
                for segment in path.split('.') {
                    node = node.child(segment)?;
                }
                node.parameter()
            })
            .find(Parameter::is_known)
    }

    /// The instances of a table in order of their numbers.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"Device": {"Hosts": {"Host": {
    ///     "_object": true, "10": {"HostName": {"_value": "b"}}, "2": {"HostName": {"_value": "a"}}
    /// }}}}));
    /// let names: Vec<_> = device.instances("Device.Hosts.Host")
    ///     .filter_map(|(number, host)| Some((number, host.get("HostName")?.text()?)))
    ///     .collect();
    /// assert_eq!(names, [(2, "a"), (10, "b")]);
    /// ```
    pub fn instances(&self, path: &str) -> impl Iterator<Item = (u32, Node<'_>)> {
        let node = self.node(path);
        node.map(|node| node.instances())
            .unwrap_or_default()
            .into_iter()
    }

    /// Every leaf below every root, with its path; virtual parameters too.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"Device": {"A": {"B": {"_value": 1}}}}));
    /// let all: Vec<_> = device.parameters().map(|(path, _)| path).collect();
    /// assert_eq!(all, ["Device.A.B"]);
    /// ```
    #[must_use]
    pub fn parameters(&self) -> Parameters<'_> {
        Parameters::of(&self.document)
    }

    /// The known values as one map from path to value.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"Device": {"A": {"_value": 1}, "B": {"_object": false}}}));
    /// assert_eq!(serde_json::to_value(device.flat())?, serde_json::json!({"Device.A": 1}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn flat(&self) -> BTreeMap<String, Value> {
        self.parameters()
            .filter_map(|(path, parameter)| Some((path, parameter.value()?.clone())))
            .collect()
    }

    /// What differs from an earlier document of the same device.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::{ChangeKind, Device};
    /// use serde_json::json;
    ///
    /// let before = Device::from(json!({"Device": {"A": {"_value": 1}}}));
    /// let after = Device::from(json!({"Device": {"A": {"_value": 2}}}));
    /// let changes = after.changes_since(&before);
    /// assert_eq!(changes.len(), 1);
    /// assert_eq!(changes[0].kind, ChangeKind::Changed);
    /// ```
    #[must_use]
    pub fn changes_since(&self, earlier: &Self) -> Vec<Change> {
        diff(earlier, self)
    }
}
