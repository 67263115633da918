//! Identifiers: of devices, tasks and faults, and how they are written in a URL path.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::Error;

/// Longest identifier or name accepted: the server's limit is its 16 KiB of request headers.
const MAX_LEN: usize = 1024;

/// Writes one path segment of a GenieACS URL: every byte outside `[A-Za-z0-9_-]` becomes `%XX`.
///
/// The server matches path segments *before* decoding them and knows only these characters and
/// `%`, so that a literal `.` in a tag or preset name is a 404; `%2E` is not.
///
/// # Examples
/// ```
/// use genieacs_nbi::encode_segment;
///
/// assert_eq!(encode_segment("v1.2"), "v1%2E2");
/// assert_eq!(encode_segment("ZXHN%20H199A"), "ZXHN%2520H199A");
/// ```
#[must_use]
pub fn encode_segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' {
            out.push(char::from(byte));
        } else {
            push_hex(&mut out, byte);
        }
    }
    out
}

fn push_hex(out: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(out, "%{byte:02X}");
}

/// Refuses what cannot be one path segment: empty, only `.`/`..` (URL parsers resolve them even
/// when escaped), control characters, or absurdly long.
pub(crate) fn check_name(what: &'static str, name: &str) -> Result<(), Error> {
    if name.is_empty() {
        return Err(Error::invalid(what, "is empty"));
    }
    if name == "." || name == ".." {
        return Err(Error::invalid(
            what,
            "consists of dots only and cannot be addressed",
        ));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid(what, "contains a control character"));
    }
    if name.len() > MAX_LEN {
        return Err(Error::invalid(what, "is longer than 1024 bytes"));
    }
    Ok(())
}

/// The `_id` of a device: escaped OUI, product class and serial number joined by `-`.
///
/// The text **contains** the escapes (`ZXHN%20H199A`). In a query it is used as it is; in a URL
/// path it is percent-encoded once more, which [`DeviceId::path_segment`] and the client do.
///
/// # Examples
/// ```
/// use genieacs_nbi::DeviceId;
///
/// let id = DeviceId::from_parts("C0B101", "ZXHN H199A", "ZTEYH86LCN10105");
/// assert_eq!(id.as_str(), "C0B101-ZXHN%20H199A-ZTEYH86LCN10105");
/// assert_eq!(id.path_segment(), "C0B101-ZXHN%2520H199A-ZTEYH86LCN10105");
/// let parts = id.parts().ok_or("not a well-formed id")?;
/// assert_eq!(parts.product_class.as_deref(), Some("ZXHN H199A"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(Box<str>);

/// What a [`DeviceId`] was made of, unescaped.
///
/// # Examples
/// ```
/// use genieacs_nbi::DeviceId;
///
/// let parts = "00259E-48575443A94196A5".parse::<DeviceId>()?.parts().ok_or("odd id")?;
/// assert_eq!(parts.oui, "00259E");
/// assert_eq!(parts.product_class, None);
/// assert_eq!(parts.serial, "48575443A94196A5");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeviceIdParts {
    /// Organisationally unique identifier of the maker: six hexadecimal digits, as sent by the CPE.
    pub oui: String,
    /// Product class; absent when the CPE sends none or an empty one.
    pub product_class: Option<String>,
    /// Serial number, as sent by the CPE.
    pub serial: String,
}

impl DeviceId {
    /// Takes an id as the server spells it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the text is empty, holds a control character, is `.` or `..`, or is
    /// longer than 1024 bytes: no device can be addressed by such an id.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::DeviceId;
    ///
    /// assert!(DeviceId::new("202BC1-BM632w-0001").is_ok());
    /// assert!(DeviceId::new("").is_err());
    /// ```
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        check_name("device id", &id)?;
        Ok(Self(id.into_boxed_str()))
    }

    /// Builds the id as the server does from what the CPE's Inform says.
    ///
    /// Every UTF-16 unit outside `[A-Za-z0-9_]` is written as `%` and the hexadecimal bytes of its
    /// UTF-8 form, *without zero padding* (a tab is `%9`); each half of a character beyond the
    /// basic plane becomes U+FFFD. An empty product class is left out.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::DeviceId;
    ///
    /// let id = DeviceId::from_parts("9075BC", "G-1425G-A", "ALCLFC265D6F");
    /// assert_eq!(id.as_str(), "9075BC-G%2D1425G%2DA-ALCLFC265D6F");
    /// ```
    #[must_use]
    pub fn from_parts(oui: &str, product_class: &str, serial: &str) -> Self {
        let mut id = String::with_capacity(oui.len() + product_class.len() + serial.len() + 8);
        escape_part(&mut id, oui);
        id.push('-');
        if !product_class.is_empty() {
            escape_part(&mut id, product_class);
            id.push('-');
        }
        escape_part(&mut id, serial);
        Self(id.into_boxed_str())
    }

    /// The id as the server spells it.
    ///
    /// # Examples
    /// ```
    /// # use genieacs_nbi::DeviceId;
    /// assert_eq!(DeviceId::from_parts("A0B1C2", "", "1").as_str(), "A0B1C2-1");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as one URL path segment (see [`encode_segment`]).
    ///
    /// # Examples
    /// ```
    /// # use genieacs_nbi::DeviceId;
    /// let id = DeviceId::from_parts("A0B1C2", "a%2Db", "1");
    /// assert_eq!(id.path_segment(), "A0B1C2-a%25252Db-1");
    /// ```
    #[must_use]
    pub fn path_segment(&self) -> String {
        encode_segment(&self.0)
    }

    /// Takes the id apart; `None` when it is not 2 or 3 escaped pieces.
    ///
    /// Because escapes are not padded, `%91` may be a tab and `1`; the reading that the server's
    /// own escaping could have produced is chosen, the two-digit one where both could.
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::DeviceId;
    ///
    /// let id = DeviceId::from_parts("A0B1C2", "Modèle", "é\t1");
    /// assert_eq!(id.parts().ok_or("odd id")?.serial, "é\t1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn parts(&self) -> Option<DeviceIdParts> {
        let mut pieces = self.0.split('-');
        let (first, second, third) = (pieces.next()?, pieces.next()?, pieces.next());
        if pieces.next().is_some() {
            return None;
        }
        let (class, serial) = match third {
            Some(serial) => (Some(unescape_part(second)?), serial),
            None => (None, second),
        };
        Some(DeviceIdParts {
            oui: unescape_part(first)?,
            product_class: class,
            serial: unescape_part(serial)?,
        })
    }
}

fn escape_part(out: &mut String, text: &str) {
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
        } else if u32::from(c) > 0xFFFF {
            // Two UTF-16 units, each unpaired once taken alone.
            out.push_str("%EF%BF%BD%EF%BF%BD");
        } else {
            let mut buffer = [0_u8; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(out, "%{byte:X}");
            }
        }
    }
}

fn unescape_part(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c != '%' {
            if !(c.is_ascii_alphanumeric() || c == '_') {
                return None;
            }
            out.push(c);
            rest = rest.get(1..)?;
            continue;
        }
        if let Some((decoded, used)) = padded_char(rest) {
            out.push(decoded);
            rest = rest.get(used..)?;
        } else {
            // One unpadded digit: a control character below 0x10.
            let digit = rest.as_bytes().get(1).copied().and_then(hex_digit)?;
            out.push(char::from(digit));
            rest = rest.get(2..)?;
        }
    }
    Some(out)
}

/// Reads one character written as `%HH` escapes, if the server could have written it so.
fn padded_char(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0_u8; 4];
    for count in 0..4 {
        let at = count * 3;
        let escape = text.as_bytes().get(at..at + 3)?;
        if escape.first() != Some(&b'%') {
            return None;
        }
        let high = escape.get(1).copied().and_then(hex_digit)?;
        let low = escape.get(2).copied().and_then(hex_digit)?;
        *bytes.get_mut(count)? = high * 16 + low;
        let Ok(decoded) = std::str::from_utf8(bytes.get(..=count)?) else {
            continue;
        };
        let c = decoded.chars().next()?;
        let possible = u32::from(c) >= 0x10 && !c.is_ascii_alphanumeric() && c != '_';
        return possible.then_some((c, at + 3));
    }
    None
}

fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

/// The id of a stored task: 24 hexadecimal digits.
///
/// Anything else would crash a worker of the server, and is refused here.
///
/// # Examples
/// ```
/// use genieacs_nbi::TaskId;
///
/// let id: TaskId = "5c8a0f3b2e1d4c6b7a890123".parse()?;
/// assert_eq!(id.as_str().len(), 24);
/// assert!("reboot".parse::<TaskId>().is_err());
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskId(Box<str>);

impl TaskId {
    /// Takes 24 hexadecimal digits.
    ///
    /// # Errors
    /// [`Error::Invalid`] for anything else.
    ///
    /// # Examples
    /// ```
    /// assert!(genieacs_nbi::TaskId::new("zz").is_err());
    /// ```
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        if !is_object_id(&id) {
            return Err(Error::invalid("task id", "is not 24 hexadecimal digits"));
        }
        Ok(Self(id.into_boxed_str()))
    }

    /// The 24 digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

pub(crate) fn is_object_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The id of a fault: device id, `:`, channel.
///
/// # Examples
/// ```
/// use genieacs_nbi::{DeviceId, FaultId, TaskId};
///
/// let device = DeviceId::from_parts("00259E", "", "1");
/// let task = TaskId::new("5c8a0f3b2e1d4c6b7a890123")?;
/// let id = FaultId::of_task(&device, &task);
/// assert_eq!(id.as_str(), "00259E-1:task_5c8a0f3b2e1d4c6b7a890123");
/// assert_eq!(id.channel(), "task_5c8a0f3b2e1d4c6b7a890123");
/// assert_eq!(id.task(), Some(task));
/// # Ok::<(), genieacs_nbi::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultId(Box<str>);

impl FaultId {
    /// Takes `<device>:<channel>`.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a side is missing, or when the channel begins with `task_` and what
    /// follows is not a task id (deleting such a fault crashes a worker of the server).
    ///
    /// # Examples
    /// ```
    /// use genieacs_nbi::FaultId;
    ///
    /// assert!(FaultId::new("00259E-1:default").is_ok());
    /// assert!(FaultId::new("00259E-1:task_x").is_err());
    /// ```
    pub fn new(id: impl Into<String>) -> Result<Self, Error> {
        let id = id.into();
        check_name("fault id", &id)?;
        let Some((device, channel)) = id.split_once(':') else {
            return Err(Error::invalid("fault id", "has no `:` before the channel"));
        };
        if device.is_empty() || channel.is_empty() {
            return Err(Error::invalid("fault id", "lacks its device or channel"));
        }
        if let Some(task) = channel.strip_prefix("task_")
            && !is_object_id(task)
        {
            return Err(Error::invalid(
                "fault id",
                "names a task that is not 24 hexadecimal digits",
            ));
        }
        Ok(Self(id.into_boxed_str()))
    }

    /// The id of the fault that a task of this device would leave.
    ///
    /// # Examples
    /// ```
    /// # use genieacs_nbi::{DeviceId, FaultId, TaskId};
    /// let id = FaultId::of_task(&DeviceId::new("A-1")?, &TaskId::new("0".repeat(24))?);
    /// assert_eq!(id.device(), "A-1");
    /// # Ok::<(), genieacs_nbi::Error>(())
    /// ```
    #[must_use]
    pub fn of_task(device: &DeviceId, task: &TaskId) -> Self {
        Self(format!("{}:task_{}", device.as_str(), task.as_str()).into_boxed_str())
    }

    /// The whole id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The device's id.
    #[must_use]
    pub fn device(&self) -> &str {
        self.0.split_once(':').map_or("", |(device, _)| device)
    }

    /// The channel: that of a preset, or `task_<id>`.
    #[must_use]
    pub fn channel(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, channel)| channel)
    }

    /// The task at fault, when the channel is a task's.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        TaskId::new(self.channel().strip_prefix("task_")?).ok()
    }
}

macro_rules! text_newtype {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = Error;
            fn try_from(text: String) -> Result<Self, Error> {
                Self::new(text)
            }
        }
        impl TryFrom<&str> for $name {
            type Error = Error;
            fn try_from(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into_string()
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_newtype!(DeviceId);
text_newtype!(TaskId);
text_newtype!(FaultId);
