use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;

use crate::transport::TransportError;

/// Pieces of a body as they cross the wire.
///
/// # Examples
///
/// ```
/// use bytes::Bytes;
/// use integration_core::ByteStream;
///
/// let pieces = [Ok(Bytes::from_static(b"id,")), Ok(Bytes::from_static(b"name"))];
/// let body: ByteStream = Box::pin(futures_util::stream::iter(pieces));
/// ```
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>;

/// The body of a request: none, bytes that can be sent again, or a stream that cannot.
///
/// # Examples
///
/// ```
/// use bytes::Bytes;
/// use integration_core::RequestBody;
///
/// let body = RequestBody::from(Bytes::from_static(b"{}"));
/// assert!(body.try_clone().is_some());
/// let stream = RequestBody::Stream(Box::pin(futures_util::stream::empty()));
/// assert!(stream.try_clone().is_none());
/// ```
#[derive(Default)]
#[non_exhaustive]
pub enum RequestBody {
    /// No body.
    #[default]
    Empty,
    /// Bytes, kept for a second attempt.
    Bytes(Bytes),
    /// A stream; a call that carries one is attempted once.
    Stream(ByteStream),
}

impl RequestBody {
    /// A copy for another attempt, where that is possible.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        match self {
            Self::Empty => Some(Self::Empty),
            Self::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            Self::Stream(_) => None,
        }
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
        }
    }
}
