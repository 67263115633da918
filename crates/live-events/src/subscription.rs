use std::str::FromStr;

use jiff::Timestamp;

use crate::{Error, Topic};

/// The topics of one request: 1 to 50, each once.
///
/// # Examples
///
/// ```
/// use live_events::Topics;
///
/// let topics: Topics = "customer:CUST-1,dispatch,dispatch".parse()?;
/// assert_eq!(topics.iter().count(), 2);
/// assert!("".parse::<Topics>().is_err());
/// # Ok::<(), live_events::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics(Vec<Topic>);

impl Topics {
    /// Most topics of one reader.
    pub const MAX: usize = 50;

    /// Gathers topics.
    ///
    /// # Errors
    ///
    /// [`Error::NoTopic`], [`Error::TooManyTopics`].
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Error, Topic, Topics};
    ///
    /// let many = (0..51).map(|number| Topic::of("job", &number.to_string()));
    /// let many = many.collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(Topics::new(many).err(), Some(Error::TooManyTopics(50)));
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn new(topics: impl IntoIterator<Item = Topic>) -> Result<Self, Error> {
        let mut gathered: Vec<Topic> = Vec::new();
        for topic in topics {
            if gathered.contains(&topic) {
                continue;
            }
            if gathered.len() == Self::MAX {
                return Err(Error::TooManyTopics(Self::MAX));
            }
            gathered.push(topic);
        }
        if gathered.is_empty() {
            return Err(Error::NoTopic);
        }
        Ok(Self(gathered))
    }

    /// The topics, in the order asked for.
    pub fn iter(&self) -> impl Iterator<Item = &Topic> {
        self.0.iter()
    }
}

impl FromStr for Topics {
    type Err = Error;

    /// Reads a comma list, as in `/sse?topics=customer:CUST-1,dispatch`.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::NoTopic);
        }
        // A list of a million commas is not read to its end.
        if text.split(',').nth(Self::MAX).is_some() {
            return Err(Error::TooManyTopics(Self::MAX));
        }
        let topics: Vec<Topic> = text.split(',').map(Topic::new).collect::<Result<_, _>>()?;
        Self::new(topics)
    }
}

impl From<Topic> for Topics {
    fn from(topic: Topic) -> Self {
        Self(vec![topic])
    }
}

/// What a reader is given: topics it may read, from where, until when.
///
/// # Examples
///
/// ```
/// use live_events::{Error, Subscription, Topics};
///
/// let asked: Topics = "customer:CUST-1,dispatch".parse()?;
/// let own = |topic: &live_events::Topic| topic.as_str() == "customer:CUST-1";
/// assert_eq!(Subscription::authorised(asked, own).err(), Some(Error::Forbidden));
/// # Ok::<(), live_events::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Subscription {
    pub(crate) topics: Topics,
    pub(crate) last_event_id: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Subscription {
    /// A subscription to what was asked for, provided that every topic is allowed.
    ///
    /// # Errors
    ///
    /// [`Error::Forbidden`] when one is not: the whole request is refused.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Subscription, Topics};
    ///
    /// let asked: Topics = "customer:CUST-1".parse()?;
    /// let granted = Subscription::authorised(asked, |topic| topic.as_str() == "customer:CUST-1");
    /// assert!(granted.is_ok());
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn authorised(
        topics: Topics,
        mut allows: impl FnMut(&Topic) -> bool,
    ) -> Result<Self, Error> {
        if topics.iter().all(&mut allows) {
            Ok(Self::unrestricted(topics))
        } else {
            Err(Error::Forbidden)
        }
    }

    /// A subscription for whoever may read everything.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{Subscription, Topic};
    ///
    /// let staff = Subscription::unrestricted(Topic::new("dispatch")?);
    /// # let _ = staff;
    /// # Ok::<(), live_events::Error>(())
    /// ```
    pub fn unrestricted(topics: impl Into<Topics>) -> Self {
        Self {
            topics: topics.into(),
            last_event_id: None,
            expires_at: None,
        }
    }

    /// Resumes after an event, by its id as the client gave it (`Last-Event-ID`); an id that
    /// cannot be resumed from makes `reset` the first event.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{LiveEvents, Options, Subscription, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), live_events::Error> {
    /// let live = LiveEvents::new(Options::default());
    /// let asked = Subscription::unrestricted(Topic::new("dispatch")?);
    /// let mut reader = live.subscribe(&asked.resume(Some("of another life")))?;
    /// let first = reader.next().await.expect("the stream is open");
    /// assert!(first.ends_with(b"event: reset\ndata: {}\n\n"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(mut self, last_event_id: Option<&str>) -> Self {
        self.last_event_id = last_event_id.filter(|id| !id.is_empty()).map(str::to_owned);
        self
    }

    /// Ends the stream at a time: when the credential of the reader does.
    ///
    /// # Examples
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use live_events::{LiveEvents, Options, Subscription, Topic};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), live_events::Error> {
    /// let live = LiveEvents::new(Options::default());
    /// let past = Subscription::unrestricted(Topic::new("a")?).expires_at(Some(Timestamp::UNIX_EPOCH));
    /// let mut reader = live.subscribe(&past)?;
    /// assert!(reader.next().await.is_some(), "the greeting");
    /// assert!(reader.next().await.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn expires_at(mut self, at: Option<Timestamp>) -> Self {
        self.expires_at = at;
        self
    }
}
