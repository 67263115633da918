/// Why something of a caller cannot be taken.
///
/// # Examples
///
/// ```
/// use live_events::{Error, Topic};
///
/// assert!(matches!(Topic::new("a,b"), Err(Error::Topic)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Not a topic: see [`Topic::new`](crate::Topic::new).
    #[error("a topic has 1 to 256 bytes, no comma, no control character and no space at its ends")]
    Topic,
    /// Not a name of an event: see [`EventName::new`](crate::EventName::new).
    #[error("the name of an event has 1 to 64 letters, digits, dots, dashes and underscores")]
    EventName,
    /// Not an id of an event: see [`EventId`](crate::EventId).
    #[error("the id of an event has the form epoch.milliseconds-number")]
    EventId,
    /// Not an epoch: see [`Epoch::new`](crate::Epoch::new).
    #[error("an epoch has 1 to 32 letters and digits")]
    Epoch,
    /// A request without a topic.
    #[error("no topic is asked for")]
    NoTopic,
    /// A request for more topics than one reader may have.
    #[error("more than {0} topics are asked for")]
    TooManyTopics(usize),
    /// A topic the caller may not read; nothing of the request is granted.
    #[error("a topic is asked for that the caller may not read")]
    Forbidden,
    /// The service is about to stop and takes no new readers.
    #[error("the service is about to stop")]
    Draining,
    /// More readers than the limit allows.
    #[error("there are too many readers")]
    Full,
}
