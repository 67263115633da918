//! What is kept, handed out, listed and forgotten.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use crate::Delivery;

/// Number of an item, in order of arrival.
///
/// # Examples
/// ```
/// use effect_journal::Seq;
///
/// assert_eq!(Seq::new(7).get(), 7);
/// assert_eq!(Seq::new(7).to_string(), "7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seq(pub(crate) i64);

impl Seq {
    /// From a number that was shown before.
    #[must_use]
    pub fn new(seq: i64) -> Self {
        Self(seq)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where an item stands.
///
/// # Examples
/// ```
/// assert_eq!(effect_journal::ItemState::Dead.as_str(), "dead");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ItemState {
    /// Waits for its turn or its time.
    Pending,
    /// Someone works on it.
    Leased,
    /// Done.
    Done,
    /// Given up after too many attempts, or at once: a person must look.
    Dead,
}

impl ItemState {
    #[cfg(feature = "sqlite")]
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Pending => 0,
            Self::Leased => 1,
            Self::Done => 2,
            Self::Dead => 3,
        }
    }

    #[cfg(feature = "sqlite")]
    pub(crate) fn of_number(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Pending),
            1 => Some(Self::Leased),
            2 => Some(Self::Done),
            3 => Some(Self::Dead),
            _ => None,
        }
    }

    /// One word for people and JSON: `pending`, `leased`, `done`, `dead`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

/// What to hand out.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use effect_journal::Take;
///
/// let take = Take::new(8).lease(Duration::from_secs(30)).from("stripe").max_attempts(12);
/// # let _ = take;
/// ```
#[derive(Clone, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Take {
    /// So many at most.
    pub items: usize,
    /// How long they are the taker's alone.
    pub lease: Duration,
    /// Of these sources; of all where none is named.
    pub sources: Vec<String>,
    /// What was tried so often is given up.
    pub max_attempts: u32,
}

impl Take {
    /// Up to so many items, of every source, leased for 30 s, tried 12 times at most.
    pub fn new(items: usize) -> Self {
        Self {
            items,
            lease: Duration::from_secs(30),
            sources: Vec::new(),
            max_attempts: 12,
        }
    }

    /// How long they are ours alone.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Only items of this source; may be said several times.
    pub fn from(mut self, source: impl Into<String>) -> Self {
        self.sources.push(source.into());
        self
    }

    /// After so many attempts an item is dead, attempts cut short by a crash included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }
}

/// The right to work on an item, until it runs out; what is written under it is refused from then
/// on (fencing).
///
/// # Examples
/// ```
/// use effect_journal::{Lease, Seq};
/// use jiff::Timestamp;
///
/// let lease = Lease::new(Seq::new(7), 2, Timestamp::UNIX_EPOCH);
/// assert_eq!((lease.seq().get(), lease.token(), lease.until()), (7, 2, Timestamp::UNIX_EPOCH));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub(crate) seq: Seq,
    pub(crate) token: i64,
    pub(crate) until: Timestamp,
}

impl Lease {
    /// For a backend of another crate.
    #[must_use]
    pub fn new(seq: Seq, token: i64, until: Timestamp) -> Self {
        Self { seq, token, until }
    }

    /// The item.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The fence: rises with every lease of the item.
    #[must_use]
    pub fn token(&self) -> i64 {
        self.token
    }

    /// When it runs out.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.until
    }
}

/// An item that was handed out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Leased {
    /// The right to work on it.
    pub lease: Lease,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// When it first came.
    pub received_at: Timestamp,
    /// What came.
    pub delivery: Delivery,
}

impl Leased {
    /// For a backend of another crate.
    #[must_use]
    pub fn new(lease: Lease, attempt: u32, received_at: Timestamp, delivery: Delivery) -> Self {
        Self {
            lease,
            attempt,
            received_at,
            delivery,
        }
    }
}

/// Which items to list: newest first.
///
/// # Examples
/// ```
/// use effect_journal::{ItemState, Items};
///
/// let failed = Items::new().state(ItemState::Dead).limit(50);
/// # let _ = failed;
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
#[non_exhaustive]
pub struct Items {
    /// Only those in this state.
    pub state: Option<ItemState>,
    /// Only those of this source.
    pub source: Option<String>,
    /// Only those older than this one.
    pub before: Option<Seq>,
    /// What was asked for; a backend goes by [`bound`](Self::bound).
    pub limit: Option<u32>,
}

impl Items {
    /// Most items of one list.
    pub const MAX: u32 = 500;

    /// The newest 50, whatever their state.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those in this state.
    pub fn state(mut self, state: ItemState) -> Self {
        self.state = Some(state);
        self
    }

    /// Only those of this source.
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Only those older than this one: the last of the page before.
    pub fn before(mut self, seq: Seq) -> Self {
        self.before = Some(seq);
        self
    }

    /// So many at most.
    pub fn limit(mut self, items: u32) -> Self {
        self.limit = Some(items);
        self
    }

    /// How many to list.
    #[must_use]
    pub fn bound(&self) -> u32 {
        self.limit.unwrap_or(50).clamp(1, Self::MAX)
    }
}

/// An item as it is kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Item {
    /// Its number.
    pub seq: Seq,
    /// Where it stands.
    pub state: ItemState,
    /// When it first came.
    pub received_at: Timestamp,
    /// When it is to be worked on (pending), or was last changed.
    pub due_at: Timestamp,
    /// Attempts begun.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// What came. Its body is empty in lists, and where it was forgotten after its time.
    pub delivery: Delivery,
}

impl Item {
    /// For a backend of another crate: one that just came.
    #[must_use]
    pub fn new(seq: Seq, state: ItemState, received_at: Timestamp, delivery: Delivery) -> Self {
        Self {
            seq,
            state,
            received_at,
            due_at: received_at,
            attempts: 0,
            error: None,
            delivery,
        }
    }
}

/// How much there is.
///
/// # Examples
/// ```
/// use effect_journal::{Delivery, Journal as _, SqliteJournal};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let journal = SqliteJournal::open(folder.path()).await?;
/// journal.accept(Delivery::new("stripe", "evt_1", b"{}".to_vec())).await?;
/// let stats = journal.stats().await?;
/// assert_eq!((stats.pending, stats.dead), (1, 0));
/// assert_eq!((stats.sources[0].source.as_str(), stats.sources[0].pending), ("stripe", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Items that wait.
    pub pending: u64,
    /// Items someone works on.
    pub leased: u64,
    /// Items that are done and still known.
    pub done: u64,
    /// Items that were given up.
    pub dead: u64,
    /// Effects that were begun and have no result.
    pub unsettled: u64,
    /// Those of them at which nobody is any more: nobody knows how they ended.
    pub uncertain: u64,
    /// When the oldest of those that are due now became due, in milliseconds ago.
    pub oldest_due_ms: u64,
    /// The items of each source, in the order of their names.
    pub sources: Vec<SourceStats>,
}

/// How many items of one source there are.
///
/// # Examples
/// ```
/// use effect_journal::SourceStats;
///
/// let stripe = SourceStats::new("stripe");
/// assert_eq!((stripe.source.as_str(), stripe.dead), ("stripe", 0));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceStats {
    /// Who sent them.
    pub source: String,
    /// Items that wait.
    pub pending: u64,
    /// Items someone works on.
    pub leased: u64,
    /// Items that are done and still known.
    pub done: u64,
    /// Items that were given up.
    pub dead: u64,
}

impl SourceStats {
    /// A source without items, for a backend of another crate.
    pub fn new(source: impl Into<String>) -> Self {
        Self {
            source: source.into(),
            ..Self::default()
        }
    }
}

/// What is forgotten, and when.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use effect_journal::Retention;
///
/// let day = Duration::from_secs(86_400);
/// let retention = Retention::new().bodies(2 * day).keys(60 * day);
/// # let _ = retention;
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use]
#[non_exhaustive]
pub struct Retention {
    /// How long the body of what is done is kept.
    pub bodies: Duration,
    /// How long the key of what is done is kept.
    pub keys: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            bodies: Duration::from_secs(7 * 24 * 3600),
            keys: Duration::from_secs(30 * 24 * 3600),
        }
    }
}

impl Retention {
    /// Bodies of what is done for 7 days, keys (and with them the protection against a late
    /// duplicate) for 30 days. What is not done is never forgotten.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long the body of what is done is kept.
    pub fn bodies(mut self, time: Duration) -> Self {
        self.bodies = time;
        self
    }

    /// How long the key of what is done is kept.
    pub fn keys(mut self, time: Duration) -> Self {
        self.keys = time;
        self
    }
}

/// What one sweep did; sweep again while it says `more`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Bodies forgotten.
    pub bodies: u64,
    /// Items forgotten altogether, and effects of that age.
    pub keys: u64,
    /// Whether there is more to forget.
    pub more: bool,
}
