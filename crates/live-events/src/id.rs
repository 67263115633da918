use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::str::FromStr;
use std::sync::Arc;

use crate::Error;

/// The life of one log of events: ids of different epochs say nothing about each other.
///
/// In one process the log ends with the process, so each start has an epoch of its own. A log
/// that outlives the process keeps its epoch beside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Epoch(Arc<str>);

impl Epoch {
    /// Checks an epoch: 1 to 32 ASCII letters and digits.
    ///
    /// # Errors
    ///
    /// [`Error::Epoch`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::Epoch;
    ///
    /// assert!(Epoch::new("k3v9").is_ok());
    /// assert!(Epoch::new("a.b").is_err());
    /// ```
    pub fn new(text: &str) -> Result<Self, Error> {
        let fits =
            (1..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(Error::Epoch)
        }
    }

    /// An epoch nobody has had before, to all intents.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::Epoch;
    ///
    /// assert_ne!(Epoch::random(), Epoch::random());
    /// ```
    #[must_use]
    pub fn random() -> Self {
        Self(format!("{:012x}", random() >> 16).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number that need not be secret, only different each time.
pub(crate) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// The id of an event: `<epoch>.<milliseconds>-<number>`.
///
/// Milliseconds (of the Unix epoch) and number are those of a Redis stream entry. Ids of one
/// epoch are ordered by them as numbers, not as text; ids of two epochs are not ordered.
///
/// # Examples
///
/// ```
/// use live_events::EventId;
///
/// let early: EventId = "k3v9.1795365058490-9".parse()?;
/// let late: EventId = "k3v9.1795365058490-10".parse()?;
/// assert!(early < late);
/// let elsewhere: EventId = "zz.1795365058490-10".parse()?;
/// assert_eq!(late.partial_cmp(&elsewhere), None);
/// assert_eq!(late.to_string(), "k3v9.1795365058490-10");
/// # Ok::<(), live_events::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EventId {
    epoch: Epoch,
    at: Position,
}

/// Milliseconds and number: the part of an id that is ordered.
pub(crate) type Position = (u64, u64);

impl EventId {
    pub(crate) fn from_parts(epoch: Epoch, at: Position) -> Self {
        Self { epoch, at }
    }

    pub(crate) fn position(&self) -> Position {
        self.at
    }

    /// The log that the id belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// let id: live_events::EventId = "k3v9.1795365058490-7".parse()?;
    /// assert_eq!(id.epoch().as_str(), "k3v9");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Milliseconds since the Unix epoch; never less than of an earlier event, whatever the
    /// clock does.
    ///
    /// # Examples
    ///
    /// ```
    /// let id: live_events::EventId = "k3v9.1795365058490-7".parse()?;
    /// assert_eq!((id.milliseconds(), id.number()), (1_795_365_058_490, 7));
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[must_use]
    pub fn milliseconds(&self) -> u64 {
        self.at.0
    }

    /// The number among the events of the same millisecond, from 0.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.at.1
    }
}

impl PartialOrd for EventId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self.epoch == other.epoch).then(|| self.at.cmp(&other.at))
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (milliseconds, number) = self.at;
        write!(f, "{}.{milliseconds}-{number}", self.epoch)
    }
}

impl FromStr for EventId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let number = |text: &str| {
            // What `parse` takes beyond digits, and a second spelling, would make two ids of one.
            let canonical = text.bytes().all(|byte| byte.is_ascii_digit())
                && (text == "0" || !text.starts_with('0'));
            if canonical { text.parse().ok() } else { None }
        };
        let parsed = || {
            let (epoch, rest) = text.split_once('.')?;
            let (milliseconds, count) = rest.split_once('-')?;
            let epoch = Epoch::new(epoch).ok()?;
            Some(Self::from_parts(
                epoch,
                (number(milliseconds)?, number(count)?),
            ))
        };
        parsed().ok_or(Error::EventId)
    }
}
