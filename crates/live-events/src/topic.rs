use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::Error;

/// What readers ask for and events are published to, such as `dispatch` or `customer:CUST-1`.
///
/// # Examples
///
/// ```
/// use live_events::Topic;
///
/// let topic = Topic::new("customer:CUST-1")?;
/// assert_eq!(topic.kind(), "customer");
/// assert_eq!(topic.subject(), Some("CUST-1"));
/// # Ok::<(), live_events::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(Arc<str>);

impl Topic {
    /// Longest topic, in bytes.
    pub const MAX_BYTES: usize = 256;

    /// Checks a topic: 1 to 256 bytes of UTF-8, no comma (it separates topics in a request), no
    /// control character, no space at either end.
    ///
    /// # Errors
    ///
    /// [`Error::Topic`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::Topic;
    ///
    /// assert!(Topic::new("dispatch:group:Nord").is_ok());
    /// assert!(Topic::new("").is_err());
    /// assert!(Topic::new("a\nb").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, Error> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len())
            && text.trim() == text
            && !text.contains(|c: char| c == ',' || c.is_control());
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Error::Topic)
        }
    }

    /// The topic of one subject: what a topic cannot hold is percent-encoded, so that names
    /// people chose make topics too.
    ///
    /// # Errors
    ///
    /// [`Error::Topic`]: the kind is not one, or the whole is too long.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::Topic;
    ///
    /// assert_eq!(Topic::of("customer", "CUST-1")?.as_str(), "customer:CUST-1");
    /// assert_eq!(Topic::of("customer", "Fibre Nord, inc.")?.as_str(), "customer:Fibre Nord%2C inc.");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn of(kind: &str, subject: &str) -> Result<Self, Error> {
        if kind.is_empty() || kind.contains(':') || subject.is_empty() {
            return Err(Error::Topic);
        }
        let mut text = format!("{kind}:");
        let last = subject.chars().count().saturating_sub(1);
        for (at, character) in subject.chars().enumerate() {
            let edge = (at == 0 || at == last) && character.is_whitespace();
            if edge || matches!(character, ',' | '%') || character.is_control() {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    text.push_str(&format!("%{byte:02X}"));
                }
            } else {
                text.push(character);
            }
        }
        Self::new(&text)
    }

    /// The text.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(live_events::Topic::new("dispatch")?.as_str(), "dispatch");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the first colon; the whole topic where there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(live_events::Topic::new("dispatch:group:Nord")?.kind(), "dispatch");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.split_once(':').map_or(&*self.0, |(kind, _)| kind)
    }

    /// What stands after the first colon, where there is one, in the form of [`Topic::of`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::Topic;
    ///
    /// assert_eq!(Topic::new("dispatch:group:Nord")?.subject(), Some("group:Nord"));
    /// assert_eq!(Topic::new("dispatch")?.subject(), None);
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.0.split_once(':').map(|(_, subject)| subject)
    }
}

/// What happened, such as `invoice.paid`: the `event:` of a frame.
///
/// # Examples
///
/// ```
/// let name = live_events::EventName::new("invoice.paid")?;
/// assert_eq!(name.as_str(), "invoice.paid");
/// # Ok::<(), live_events::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventName(Arc<str>);

impl EventName {
    /// Longest name, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks a name: 1 to 64 ASCII letters, digits, dots, dashes and underscores.
    ///
    /// # Errors
    ///
    /// [`Error::EventName`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::EventName;
    ///
    /// assert!(EventName::new("job-claimed").is_ok());
    /// assert!(EventName::new("x\ndata: forged").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, Error> {
        let fits = (1..=Self::MAX_BYTES).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Error::EventName)
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &*self.0)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                Self::new(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = Error;

            fn try_from(text: &str) -> Result<Self, Error> {
                Self::new(text)
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
    };
}

text!(Topic);
text!(EventName);
