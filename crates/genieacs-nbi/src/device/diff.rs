//! What changed between two documents of a device.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{Device, Parameter};

/// One parameter that differs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// Its path.
    pub path: String,
    /// How.
    pub kind: ChangeKind,
    /// Its value before; `None` when absent or unknown.
    pub before: Option<Value>,
    /// Its value after; `None` when absent or unknown.
    pub after: Option<Value>,
    /// When the value before was read.
    pub before_at: Option<Timestamp>,
    /// When the value after was read.
    pub after_at: Option<Timestamp>,
}

/// How a parameter differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ChangeKind {
    /// Not there before.
    Added,
    /// Gone.
    Removed,
    /// Another value.
    Changed,
    /// There before, but read for the first time.
    Learned,
    /// Still there, but its value is no longer known.
    Forgotten,
}

/// Compares two documents leaf by leaf, in order of their paths. Values only: a leaf read again with
/// the same value is no change.
///
/// # Examples
/// ```
/// use genieacs_nbi::{diff, ChangeKind, Device};
/// use serde_json::json;
///
/// let old = Device::from(json!({"Device": {"A": {"_value": 1}, "B": {"_object": false}}}));
/// let new = Device::from(json!({"Device": {"B": {"_value": ""}, "C": {"_value": true}}}));
/// let kinds: Vec<_> = diff(&old, &new).into_iter().map(|c| (c.path, c.kind)).collect();
/// assert_eq!(kinds, [
///     ("Device.A".to_owned(), ChangeKind::Removed),
///     ("Device.B".to_owned(), ChangeKind::Learned),
///     ("Device.C".to_owned(), ChangeKind::Added),
/// ]);
/// ```
#[must_use]
pub fn diff(old: &Device, new: &Device) -> Vec<Change> {
    let mut sides: BTreeMap<String, (Option<Parameter<'_>>, Option<Parameter<'_>>)> = old
        .parameters()
        .map(|(path, parameter)| (path, (Some(parameter), None)))
        .collect();
    for (path, parameter) in new.parameters() {
        sides.entry(path).or_default().1 = Some(parameter);
    }
    sides
        .into_iter()
        .filter_map(|(path, (before, after))| {
            let value = |side: Option<Parameter<'_>>| side.and_then(|p| p.value().cloned());
            let (was, is) = (value(before), value(after));
            let kind = match (&before, &after) {
                (None, _) => ChangeKind::Added,
                (_, None) => ChangeKind::Removed,
                (Some(_), Some(_)) => match (&was, &is) {
                    (None, Some(_)) => ChangeKind::Learned,
                    (Some(_), None) => ChangeKind::Forgotten,
                    (was, is) if was == is => return None,
                    _ => ChangeKind::Changed,
                },
            };
            Some(Change {
                path,
                kind,
                before: was,
                after: is,
                before_at: before.and_then(|p| p.read_at()),
                after_at: after.and_then(|p| p.read_at()),
            })
        })
        .collect()
}
