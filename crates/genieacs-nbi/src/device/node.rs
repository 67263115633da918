//! One node of a device's tree.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, map};

use crate::lenient;
use crate::value::{lenient_bool, lenient_integer, lenient_number};

/// A node: an object, an instance or a leaf.
///
/// # Examples
/// ```
/// use genieacs_nbi::Device;
///
/// let device = Device::from(serde_json::json!({"Device": {"Hosts": {"_object": true, "_writable": false}}}));
/// let hosts = device.node("Device.Hosts").ok_or("absent")?;
/// assert_eq!(hosts.is_writable(), Some(false));
/// # Ok::<(), &'static str>(())
/// ```
#[derive(Clone, Copy)]
pub struct Node<'a>(&'a Map<String, Value>);

impl fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("object", &self.is_object())
            .field("writable", &self.is_writable())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Parameter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The value may be a passphrase.
        f.debug_struct("Parameter")
            .field("xsd_type", &self.xsd_type())
            .field("known", &self.is_known())
            .field("read_at", &self.read_at())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Parameters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parameters")
            .field("at", &self.path)
            .finish_non_exhaustive()
    }
}

impl<'a> Node<'a> {
    /// The child of this name among the keys of a map; names with `_` are no children.
    pub(super) fn child_of(map: &'a Map<String, Value>, name: &str) -> Option<Self> {
        if name.is_empty() || name.starts_with('_') {
            return None;
        }
        map.get(name)?.as_object().map(Self)
    }

    /// The child of this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<Self> {
        Self::child_of(self.0, name)
    }

    /// The leaf at a path relative to this node.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Parameter<'a>> {
        let mut node = *self;
        for segment in path.split('.') {
            node = node.child(segment)?;
        }
        node.parameter()
    }

    /// Names and nodes of all children.
    pub fn children(&self) -> impl Iterator<Item = (&'a str, Self)> {
        self.0
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .filter_map(|(name, value)| Some((name.as_str(), Self(value.as_object()?))))
    }

    /// The children whose names are numbers, in order.
    #[must_use]
    pub fn instances(&self) -> Vec<(u32, Self)> {
        let mut all: Vec<(u32, Self)> = self
            .children()
            .filter_map(|(name, node)| Some((name.parse().ok()?, node)))
            .collect();
        all.sort_by_key(|(number, _)| *number);
        all
    }

    /// Whether it is an object or instance rather than a leaf.
    #[must_use]
    pub fn is_object(&self) -> bool {
        match self.0.get("_object").and_then(lenient_bool) {
            Some(object) => object,
            // Projections strip the flag: a node with a value is a leaf, one with children is not.
            None => !self.0.contains_key("_value") && self.children().next().is_some(),
        }
    }

    /// Leaf: can be written. Table: instances can be added. Instance: can be deleted.
    #[must_use]
    pub fn is_writable(&self) -> Option<bool> {
        self.0.get("_writable").and_then(lenient_bool)
    }

    /// When it was read last.
    #[must_use]
    pub fn read_at(&self) -> Option<Timestamp> {
        lenient::instant(self.0.get("_timestamp")?)
    }

    /// The node as a leaf; `None` when it is an object.
    #[must_use]
    pub fn parameter(&self) -> Option<Parameter<'a>> {
        (!self.is_object()).then_some(Parameter(self.0))
    }
}

/// A leaf of the tree: a parameter, whose value is known or not.
///
/// The accessors accept what CPEs send: numbers and flags as text, with blanks, or empty (no
/// number).
///
/// # Examples
/// ```
/// use genieacs_nbi::Device;
///
/// let device = Device::from(serde_json::json!({"Device": {
///     "Active": {"_value": "1", "_type": "xsd:boolean", "_timestamp": "2026-11-22T15:23:16.206Z"},
///     "Empty": {"_value": "", "_type": "xsd:unsignedInt"},
/// }}));
/// let active = device.get("Device.Active").ok_or("absent")?;
/// assert_eq!(active.boolean(), Some(true));
/// assert!(active.read_at().is_some());
/// let empty = device.get("Device.Empty").ok_or("absent")?;
/// assert!(empty.is_known());
/// assert_eq!(empty.integer(), None);
/// # Ok::<(), &'static str>(())
/// ```
#[derive(Clone, Copy)]
pub struct Parameter<'a>(&'a Map<String, Value>);

impl<'a> Parameter<'a> {
    /// The value as JSON; `None` when it was never read.
    #[must_use]
    pub fn value(&self) -> Option<&'a Value> {
        self.0.get("_value").filter(|value| !value.is_null())
    }

    /// Whether the value was ever read. An empty text is known.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.value().is_some()
    }

    /// The value when it is text, empty or not.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        self.value()?.as_str()
    }

    /// The value in words, whatever its type.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        Some(match self.value()? {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// The value as a whole number.
    #[must_use]
    pub fn integer(&self) -> Option<i64> {
        i64::try_from(lenient_integer(self.value()?)?).ok()
    }

    /// The value as a whole number of 64 bits without sign: counters.
    #[must_use]
    pub fn unsigned(&self) -> Option<u64> {
        u64::try_from(lenient_integer(self.value()?)?).ok()
    }

    /// The value as a number; a unit behind it is not understood.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        lenient_number(self.value()?)
    }

    /// The value as a flag: `true`, `1`, `"true"`, `"1"` and their opposites.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        lenient_bool(self.value()?)
    }

    /// The value as an instant.
    #[must_use]
    pub fn instant(&self) -> Option<Timestamp> {
        lenient::instant(self.value()?)
    }

    /// Its type as the CPE spells it: `xsd:string`, also `xsd:unsignedint` and the like.
    #[must_use]
    pub fn xsd_type(&self) -> Option<&'a str> {
        self.0.get("_type")?.as_str()
    }

    /// Whether it can be written; `None` when not known.
    #[must_use]
    pub fn is_writable(&self) -> Option<bool> {
        self.0.get("_writable").and_then(lenient_bool)
    }

    /// When the value was read from the CPE. What is stored is a cache.
    #[must_use]
    pub fn read_at(&self) -> Option<Timestamp> {
        lenient::instant(self.0.get("_timestamp")?)
    }

    /// How old the value is at an instant; zero when it was read later.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Device;
    ///
    /// let device = Device::from(serde_json::json!({"Device": {
    ///     "A": {"_value": 1, "_timestamp": "2026-11-22T15:00:00.000Z"}
    /// }}));
    /// let age = device.get("Device.A").and_then(|a| a.age("2026-11-22T15:05:00Z".parse().ok()?));
    /// assert_eq!(age.map(|age| age.as_secs()), Some(300));
    /// ```
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        let age = now.duration_since(self.read_at()?);
        Some(Duration::try_from(age).unwrap_or_default())
    }
}

/// All leaves of a device with their paths, depth first.
///
/// Made by [`Device::parameters`](crate::Device::parameters).
#[derive(Clone)]
pub struct Parameters<'a> {
    /// The maps being walked, and the length of `path` at each.
    stack: Vec<(map::Iter<'a>, usize)>,
    path: String,
}

impl<'a> Parameters<'a> {
    pub(super) fn of(document: &'a Map<String, Value>) -> Self {
        Self {
            stack: vec![(document.iter(), 0)],
            path: String::new(),
        }
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = (String, Parameter<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (children, length) = self.stack.last_mut()?;
            let length = *length;
            let Some((name, value)) = children.next() else {
                self.stack.pop();
                continue;
            };
            let Value::Object(map) = value else { continue };
            if name.starts_with('_') || name.is_empty() {
                continue;
            }
            self.path.truncate(length);
            if !self.path.is_empty() {
                self.path.push('.');
            }
            self.path.push_str(name);
            let found = Node(map).parameter().filter(|_| {
                // An empty branch (`VirtualParameters: {}`) is no leaf.
                map.keys().any(|key| key.starts_with('_'))
            });
            let path = self.path.clone();
            self.stack.push((map.iter(), self.path.len()));
            if let Some(parameter) = found {
                return Some((path, parameter));
            }
        }
    }
}
