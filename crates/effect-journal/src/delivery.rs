//! What comes in.

use std::fmt;

use bytes::Bytes;

use crate::{Error, ErrorKind, ItemState, Seq};

/// Something that came from outside and must not be lost: a webhook, a command.
///
/// It is known by its source and a key that the sender repeats with every delivery of the same
/// thing (Stripe's event id, Twilio's message sid).
///
/// # Examples
/// ```
/// use effect_journal::Delivery;
///
/// let event = Delivery::new("stripe", "evt_1", b"{}".to_vec())
///     .header("content-type", "application/json")
///     .lane("pi_1");
/// assert_eq!(event.key(), "evt_1");
/// // What came may name a customer: it is not shown.
/// assert!(!format!("{event:?}").contains("{}"));
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct Delivery {
    pub(crate) source: String,
    pub(crate) key: String,
    pub(crate) lane: Option<String>,
    pub(crate) trace: Option<String>,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Bytes,
}

impl Delivery {
    /// Longest source, key, lane and trace, in bytes.
    pub const MAX_TEXT: usize = 512;
    /// Longest body, in bytes.
    pub const MAX_BODY: usize = 16 * 1024 * 1024;
    /// All headers together, in bytes, each counted with 8 more.
    pub const MAX_HEADERS: usize = 64 * 1024;

    /// A delivery from a source, under the key by which the source knows it.
    pub fn new(source: impl Into<String>, key: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            source: source.into(),
            key: key.into(),
            lane: None,
            trace: None,
            headers: Vec::new(),
            body: body.into(),
        }
    }

    /// Keeps it in order with others of the same lane: it is not handed out while an earlier one
    /// of the lane is neither done nor dead.
    pub fn lane(mut self, lane: impl Into<String>) -> Self {
        self.lane = Some(lane.into());
        self
    }

    /// The id under which logs speak of it.
    pub fn trace(mut self, trace: impl Into<String>) -> Self {
        self.trace = Some(trace.into());
        self
    }

    /// Keeps a header; any bytes.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Who sent it: `stripe`, `twilio`.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What its sender calls it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Its bytes, as they came.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The headers that were kept.
    #[must_use]
    pub fn headers(&self) -> &[(String, Vec<u8>)] {
        &self.headers
    }

    /// What it is kept in order with.
    #[must_use]
    pub fn lane_name(&self) -> Option<&str> {
        self.lane.as_deref()
    }

    /// The id under which logs speak of it.
    #[must_use]
    pub fn trace_id(&self) -> Option<&str> {
        self.trace.as_deref()
    }

    /// What every backend checks first.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] with the rule that it breaks.
    pub fn check(&self) -> Result<(), Error> {
        let too_long = |text: &str| text.len() > Self::MAX_TEXT;
        let texts = [
            Some(&self.source),
            Some(&self.key),
            self.lane.as_ref(),
            self.trace.as_ref(),
        ];
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.len().saturating_add(value.len()).saturating_add(8))
            .sum();
        let rule = if self.source.is_empty() || self.key.is_empty() {
            "a delivery has a source and a key"
        } else if texts.into_iter().flatten().any(|text| too_long(text)) {
            "source, key, lane and trace are at most 512 bytes long"
        } else if headers > Self::MAX_HEADERS {
            "the headers are longer than 64 KiB"
        } else if self.body.len() > Self::MAX_BODY {
            "the body is longer than 16 MiB"
        } else {
            return Ok(());
        };
        Err(ErrorKind::Invalid(rule).into())
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("source", &self.source)
            .field("key", &self.key)
            .field("lane", &self.lane)
            .field("trace", &self.trace)
            .field("headers", &self.headers.len())
            .field("body", &self.body.len())
            .finish()
    }
}

/// What became of a delivery. In every case it may be acknowledged to its sender: what was
/// accepted is on disk.
///
/// # Examples
/// ```
/// use effect_journal::{Accepted, Seq};
///
/// assert_eq!(Accepted::Conflict(Seq::new(7)).seq().get(), 7);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Accepted {
    /// It is new.
    New(Seq),
    /// It was here before, byte for byte.
    Duplicate {
        /// The first one.
        seq: Seq,
        /// Where that one stands.
        state: ItemState,
    },
    /// Another body under the same source and key: a fault of the sender, or a forgery. It was not
    /// kept.
    Conflict(Seq),
}

impl Accepted {
    /// The item it is, or was taken for.
    #[must_use]
    pub fn seq(self) -> Seq {
        match self {
            Self::New(seq) | Self::Duplicate { seq, .. } | Self::Conflict(seq) => seq,
        }
    }
}
