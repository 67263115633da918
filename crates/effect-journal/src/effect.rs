//! Intent, effect, result.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{Error, ErrorKind};

/// The name of one effect in the outside world, the same at every attempt: what is done under it
/// is done once.
///
/// # Examples
/// ```
/// use effect_journal::EffectKey;
///
/// let key = EffectKey::new("flow:FR-0000001:notify:1")?;
/// assert_eq!(key.short(), "a43d5d84e2bbc011211ed61d4c40d05f");
/// # Ok::<(), effect_journal::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EffectKey(Box<str>);

impl EffectKey {
    /// A key of 1 to 512 bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for another length.
    pub fn new(key: impl Into<Box<str>>) -> Result<Self, Error> {
        let key = key.into();
        if key.is_empty() || key.len() > 512 {
            return Err(ErrorKind::Invalid("the key of an effect is 1 to 512 bytes long").into());
        }
        Ok(Self(key))
    }

    /// One that was checked when it was kept.
    #[cfg(feature = "sqlite")]
    pub(crate) fn stored(key: String) -> Self {
        Self(key.into())
    }

    /// The key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 32 hexadecimal digits that stand for it where a remote allows no more: the first half of
    /// its SHA-256.
    #[must_use]
    pub fn short(&self) -> String {
        use fmt::Write as _;
        let digest = Sha256::digest(self.0.as_bytes());
        digest
            .iter()
            .take(16)
            .fold(String::new(), |mut text, byte| {
                // Writing to a string does not fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}

impl fmt::Display for EffectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The right to perform an effect and to record its result, until it runs out.
///
/// # Examples
/// ```
/// use effect_journal::{Claim, EffectKey};
/// use jiff::Timestamp;
///
/// let claim = Claim::new(EffectKey::new("payment:pi_1")?, 3, Timestamp::UNIX_EPOCH);
/// assert_eq!((claim.key().as_str(), claim.token()), ("payment:pi_1", 3));
/// # Ok::<(), effect_journal::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub(crate) key: EffectKey,
    pub(crate) token: i64,
    pub(crate) until: Timestamp,
}

impl Claim {
    /// For a backend of another crate.
    #[must_use]
    pub fn new(key: EffectKey, token: i64, until: Timestamp) -> Self {
        Self { key, token, until }
    }

    /// The effect.
    #[must_use]
    pub fn key(&self) -> &EffectKey {
        &self.key
    }

    /// The fence: rises with every claim of the key.
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

/// What the journal knows of an effect when it is about to be performed. The intent itself is
/// durable before this is answered.
///
/// # Examples
/// ```
/// use std::time::Duration;
/// use bytes::Bytes;
/// use effect_journal::{EffectKey, Intent, Journal as _, SqliteJournal};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let journal = SqliteJournal::open(folder.path()).await?;
/// let key = EffectKey::new("payment:pi_1")?;
/// let limit = Duration::from_secs(60);
/// let Intent::Fresh(claim) = journal.intend(&key, limit).await? else { panic!("begun before") };
/// assert!(matches!(journal.intend(&key, limit).await?, Intent::Busy { .. }));
/// journal.record(&claim, Bytes::from_static(b"ACC-PAY-1")).await?;
/// assert_eq!(journal.intend(&key, limit).await?, Intent::Done(Bytes::from_static(b"ACC-PAY-1")));
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Intent {
    /// Never begun before: perform it.
    Fresh(Claim),
    /// Begun before, and nobody recorded how it ended: look in the outside world first.
    Uncertain {
        /// The right to go on.
        claim: Claim,
        /// When it was last begun: a request of that time may still be under way.
        begun_at: Timestamp,
    },
    /// Done; what was recorded.
    Done(Bytes),
    /// Someone is at it.
    Busy {
        /// When that one's claim runs out.
        until: Timestamp,
    },
}

/// Which effects of unknown outcome to list: oldest first.
///
/// # Examples
/// ```
/// use effect_journal::{EffectKey, Effects, Journal as _, SqliteJournal};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let journal = SqliteJournal::open(folder.path()).await?;
/// journal.intend(&EffectKey::new("payment:pi_1")?, std::time::Duration::ZERO).await?;
/// let open = journal.effects(Effects::new().limit(20)).await?;
/// assert_eq!(open[0].key.as_str(), "payment:pi_1");
/// let rest = journal.effects(Effects::new().after(&open[0])).await?;
/// assert!(rest.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
#[non_exhaustive]
pub struct Effects {
    /// Only those begun later than this, or then under a later key.
    pub after: Option<(Timestamp, EffectKey)>,
    /// What was asked for; a backend goes by [`bound`](Self::bound).
    pub limit: Option<u32>,
}

impl Effects {
    /// Most effects of one list.
    pub const MAX: u32 = 500;

    /// The oldest 50.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only those after this one: the last of the page before.
    pub fn after(mut self, effect: &EffectRecord) -> Self {
        self.after = Some((effect.begun_at, effect.key.clone()));
        self
    }

    /// So many at most.
    pub fn limit(mut self, effects: u32) -> Self {
        self.limit = Some(effects);
        self
    }

    /// How many to list.
    #[must_use]
    pub fn bound(&self) -> u32 {
        self.limit.unwrap_or(50).clamp(1, Self::MAX)
    }
}

/// An effect that was begun. Without a result, someone is at it, or nobody knows how it ended.
///
/// # Examples
/// ```
/// use effect_journal::{EffectKey, EffectRecord};
/// use jiff::Timestamp;
///
/// let now = Timestamp::UNIX_EPOCH;
/// let mut effect = EffectRecord::new(EffectKey::new("payment:pi_1")?, now, now);
/// assert!(effect.result.is_none());
/// effect.result = Some(b"ACC-PAY-1".as_slice().into());
/// # Ok::<(), effect_journal::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EffectRecord {
    /// What it is called.
    pub key: EffectKey,
    /// When it was last begun.
    pub begun_at: Timestamp,
    /// When the claim of whoever is at it runs out; long ago where nobody is.
    pub claim_until: Timestamp,
    /// When its result was recorded.
    pub ended_at: Option<Timestamp>,
    /// The result.
    pub result: Option<Bytes>,
}

impl EffectRecord {
    /// One without a result, for a backend of another crate.
    #[must_use]
    pub fn new(key: EffectKey, begun_at: Timestamp, claim_until: Timestamp) -> Self {
        Self {
            key,
            begun_at,
            claim_until,
            ended_at: None,
            result: None,
        }
    }
}

/// The effects that this process is performing right now. A clock that jumps ahead ends every
/// claim at once; this tells those whose effect is still under way.
///
/// # Examples
/// ```
/// use effect_journal::{EffectKey, UnderWay};
///
/// let (under_way, key) = (UnderWay::default(), EffectKey::new("payment:pi_1")?);
/// let turn = under_way.begin(&key).ok_or("someone is at it")?;
/// assert!(under_way.begin(&key).is_none());
/// drop(turn);
/// assert!(under_way.begin(&key).is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<Mutex<HashSet<EffectKey>>>);

/// One effect that is under way, until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    under_way: UnderWay,
    key: EffectKey,
}

impl UnderWay {
    /// Begins with an effect, unless someone is at it.
    #[must_use]
    pub fn begin(&self, key: &EffectKey) -> Option<Turn> {
        self.keys().insert(key.clone()).then(|| Turn {
            under_way: self.clone(),
            key: key.clone(),
        })
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<EffectKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.under_way.keys().remove(&self.key);
    }
}
