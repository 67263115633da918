//! Which fields come back, and in what order.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

#[cfg(feature = "client")]
use super::Collection;
use super::check;
use crate::error::Error;

/// The fields wanted of each document; `_id` always comes.
///
/// Only inclusion exists, and no wildcard: ask for the parent. A parameter comes with its whole
/// node (`_value`, `_type`, …); its parents come without theirs. A path and its descendants are
/// collapsed to the ancestor here, as the server's own attempt leaves collisions (`a`, `a-b`, `a.b`)
/// that its database answers with an error.
///
/// # Examples
/// ```
/// use genieacs_nbi::Projection;
///
/// let projection = Projection::of(["Device.DeviceInfo", "Device.DeviceInfo.UpTime", "_tags"]);
/// assert_eq!(projection.to_param()?, "Device.DeviceInfo,_tags");
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projection(BTreeSet<String>);

impl Projection {
    /// These fields.
    #[must_use]
    pub fn of<S: Into<String>>(fields: impl IntoIterator<Item = S>) -> Self {
        Self(fields.into_iter().map(Into::into).collect())
    }

    /// What a list of devices shows: id, names of the maker, tags and dates, no parameters.
    ///
    /// # Examples
    /// ```
    /// assert!(genieacs_nbi::Projection::identity().to_param()?.contains("_lastInform"));
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn identity() -> Self {
        Self::of([
            "_deviceId",
            "_lastBoot",
            "_lastBootstrap",
            "_lastInform",
            "_registered",
            "_tags",
        ])
    }

    /// Adds a field.
    #[must_use]
    pub fn with(mut self, field: impl Into<String>) -> Self {
        self.0.insert(field.into());
        self
    }

    /// The `projection` parameter.
    ///
    /// # Errors
    /// [`Error::Invalid`] for no field at all, or a field the database refuses: empty, with an empty
    /// segment, a `$`, a comma, or a `*`.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::Projection;
    ///
    /// assert!(Projection::of(["Device.Hosts.Host.*.HostName"]).to_param().is_err());
    /// ```
    pub fn to_param(&self) -> Result<String, Error> {
        const WHAT: &str = "projection";
        if self.0.is_empty() {
            return Err(Error::invalid(WHAT, "names no field"));
        }
        let mut kept: Vec<&str> = Vec::new();
        for field in &self.0 {
            let field = field.trim();
            check::field_name(WHAT, field)?;
            if field.contains([',', '*']) {
                return Err(Error::invalid(
                    WHAT,
                    "has a comma or a `*` in a field: name the parent instead",
                ));
            }
            if !self.ancestor_of(field) && !kept.contains(&field) {
                kept.push(field);
            }
        }
        Ok(kept.join(","))
    }

    fn ancestor_of(&self, field: &str) -> bool {
        field.match_indices('.').any(|(at, _)| {
            field
                .get(..at)
                .is_some_and(|head| self.0.iter().any(|f| f.trim() == head))
        })
    }
}

/// The order of a list.
///
/// Without one the order is the database's own, and pages by `skip` may repeat or miss rows.
///
/// # Examples
/// ```
/// use genieacs_nbi::Sort;
///
/// let sort = Sort::descending("_lastInform").then_ascending("_id");
/// assert_eq!(sort.to_param()?, r#"{"_lastInform":-1,"_id":1}"#);
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort(Vec<(String, i8)>);

impl Sort {
    /// Smallest first.
    #[must_use]
    pub fn ascending(key: impl Into<String>) -> Self {
        Self(vec![(key.into(), 1)])
    }

    /// Greatest first.
    #[must_use]
    pub fn descending(key: impl Into<String>) -> Self {
        Self(vec![(key.into(), -1)])
    }

    /// Among equals, smallest first.
    #[must_use]
    pub fn then_ascending(mut self, key: impl Into<String>) -> Self {
        self.0.push((key.into(), 1));
        self
    }

    /// Among equals, greatest first.
    #[must_use]
    pub fn then_descending(mut self, key: impl Into<String>) -> Self {
        self.0.push((key.into(), -1));
        self
    }

    /// The `sort` parameter. Keys are named as in a [`Query`](crate::Query).
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key the database refuses, the same key twice, or more than 32.
    ///
    /// # Examples
    /// ```
    /// assert!(genieacs_nbi::Sort::ascending("").to_param().is_err());
    /// ```
    pub fn to_param(&self) -> Result<String, Error> {
        const WHAT: &str = "sort";
        if self.0.len() > 32 {
            return Err(Error::invalid(WHAT, "has more than 32 keys"));
        }
        let mut out = String::from("{");
        let mut seen = Map::new();
        for (key, direction) in &self.0 {
            check::field_name(WHAT, key)?;
            if seen.insert(key.clone(), Value::Null).is_some() {
                return Err(Error::invalid(WHAT, "names a key twice"));
            }
            if out.len() > 1 {
                out.push(',');
            }
            // Written by hand: the order of the keys is the meaning.
            out.push_str(&Value::String(key.clone()).to_string());
            out.push(':');
            out.push_str(if *direction < 0 { "-1" } else { "1" });
        }
        out.push('}');
        Ok(out)
    }
}

/// Everything the query string of a list may say.
#[derive(Clone, Debug, Default)]
#[cfg(feature = "client")]
pub(crate) struct Selection {
    pub(crate) query: super::Query,
    pub(crate) projection: Option<Projection>,
    pub(crate) sort: Option<Sort>,
    pub(crate) skip: Option<u32>,
    pub(crate) limit: Option<u32>,
}

#[cfg(feature = "client")]
impl Selection {
    /// The parameters, checked.
    pub(crate) fn params(
        &self,
        collection: Collection,
    ) -> Result<Vec<(&'static str, String)>, Error> {
        // The server's limit on request line and headers is 16 KiB; escaping may triple a byte.
        const MAX_LEN: usize = 12 * 1024;
        let mut params = Vec::new();
        if !self.query.is_all() {
            params.push(("query", self.query.to_json(collection)?));
        }
        if let Some(projection) = &self.projection {
            params.push(("projection", projection.to_param()?));
        }
        if let Some(sort) = &self.sort {
            params.push(("sort", sort.to_param()?));
        }
        if let Some(skip) = self.skip {
            params.push(("skip", skip.to_string()));
        }
        if let Some(limit) = self.limit {
            params.push(("limit", limit.to_string()));
        }
        let encoded: usize = params
            .iter()
            .map(|(key, value)| {
                let bytes = value.bytes();
                key.len()
                    + 2
                    + bytes
                        .map(|b| if b.is_ascii_alphanumeric() { 1 } else { 3 })
                        .sum::<usize>()
            })
            .sum();
        if encoded > MAX_LEN {
            return Err(Error::invalid(
                "query",
                "is longer than the 12 KiB that fit a request line; ask in several parts",
            ));
        }
        Ok(params)
    }
}
