//! Parameter paths in the form GenieACS understands.

use std::fmt;

use serde::Serialize;

use crate::error::Error;

/// A GenieACS parameter path: segments joined by `.`, `*` for any instance, `[Name:value]` for the
/// instance with that value.
///
/// TR-069 partial paths (`Device.Hosts.`) are not GenieACS paths: a task with one is accepted and
/// faults. A final dot is therefore removed here.
///
/// # Examples
/// ```
/// use genieacs_nbi::ParameterPath;
///
/// let path = ParameterPath::new("InternetGatewayDevice.DeviceInfo.")?;
/// assert_eq!(path.as_str(), "InternetGatewayDevice.DeviceInfo");
/// assert!(ParameterPath::new("Device.Hosts.Host.*.HostName").is_ok());
/// assert!(ParameterPath::new("Device..Hosts").is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ParameterPath(String);

impl ParameterPath {
    /// Takes a path, removing one final dot.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the path is empty, has an empty segment, or a character outside
    /// letters, digits, `_`, `-` (a segment may also be `*` or a `[…]` alias).
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::ParameterPath;
    ///
    /// assert!(ParameterPath::new("Device.WiFi.SSID.1.SSID").is_ok());
    /// assert!(ParameterPath::new("Device.Nom d'hôte").is_err());
    /// ```
    pub fn new(path: impl Into<String>) -> Result<Self, Error> {
        let mut path = path.into();
        if path.ends_with('.') {
            path.pop();
        }
        check(&path)?;
        Ok(Self(path))
    }

    /// The path as the server takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ParameterPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ParameterPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ParameterPath {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

/// Normalises a path given by a caller: one final dot away; `""` stays (the whole tree).
pub(crate) fn trim(path: String) -> String {
    match path.strip_suffix('.') {
        Some(shorter) => shorter.to_owned(),
        None => path,
    }
}

pub(crate) fn check(path: &str) -> Result<(), Error> {
    const WHAT: &str = "parameter path";
    if path.is_empty() {
        return Err(Error::invalid(WHAT, "is empty"));
    }
    if path.len() > 2048 {
        return Err(Error::invalid(WHAT, "is longer than 2048 bytes"));
    }
    let mut rest = path;
    loop {
        let after = if rest.starts_with('[') {
            let end = alias_end(rest)
                .ok_or_else(|| Error::invalid(WHAT, "has an alias that is not `[Name:value]`"))?;
            rest.get(end..).unwrap_or("")
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            let (segment, after) = rest.split_at(end);
            if segment.is_empty() {
                return Err(Error::invalid(WHAT, "has an empty segment"));
            }
            let plain = segment
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
            if !plain && segment != "*" {
                return Err(Error::invalid(
                    WHAT,
                    "has a character outside letters, digits, `_` and `-`",
                ));
            }
            after
        };
        if after.is_empty() {
            return Ok(());
        }
        rest = after
            .strip_prefix('.')
            .ok_or_else(|| Error::invalid(WHAT, "has text after an alias"))?;
    }
}

/// The length of the alias `[Name:value,Name:"value"]` at the head of `text`.
fn alias_end(text: &str) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    let mut colon = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            ':' => colon = true,
            ']' => return (colon || at == 1).then_some(at + 1),
            c if c.is_control() => return None,
            _ => {}
        }
    }
    None
}
