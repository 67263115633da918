//! One effect, performed once: intent, look-up, effect, result.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::{Claim, EffectKey, Error, Intent, Journal};

/// Any error of a remote system.
type Cause = Box<dyn StdError + Send + Sync>;

/// Something done in the outside world, and how to find out whether it was.
///
/// # Examples
/// ```
/// use std::sync::Mutex;
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use effect_journal::{Effect, EffectError, EffectKey, Probe, SqliteJournal, once};
///
/// #[derive(Default)]
/// struct Ledger(Mutex<Vec<String>>);
///
/// #[async_trait]
/// impl Effect for Ledger {
///     async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError> {
///         self.0.lock().unwrap().push(key.to_string());
///         Ok(Bytes::from_static(b"booked"))
///     }
///     async fn probe(&self, key: &EffectKey) -> Result<Probe, EffectError> {
///         let booked = self.0.lock().unwrap().iter().any(|one| one == key.as_str());
///         Ok(if booked { Probe::Found(Bytes::from_static(b"booked")) } else { Probe::NotFound })
///     }
/// }
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let journal = SqliteJournal::open(folder.path()).await?;
/// let (ledger, key) = (Ledger::default(), EffectKey::new("payment:pi_1")?);
/// once(&journal, &key, &ledger).await?;
/// once(&journal, &key, &ledger).await?;
/// assert_eq!(ledger.0.lock().unwrap().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[async_trait]
pub trait Effect: Send + Sync {
    /// Does it, under its key. The same key is given at every attempt.
    ///
    /// # Errors
    /// Whether it is certain that nothing happened is what matters: see [`EffectError`].
    async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError>;

    /// Looks whether it was done.
    ///
    /// # Errors
    /// Looking failed; it is looked again later.
    async fn probe(&self, key: &EffectKey) -> Result<Probe, EffectError>;

    /// How long performing it may take at most, all attempts included; 30 s unless overridden.
    fn time_limit(&self) -> Duration {
        Duration::from_secs(30)
    }

    /// How long after the time limit the remote may still be carrying it out: a look-up before
    /// that can miss it. 5 s unless overridden.
    fn settling(&self) -> Duration {
        Duration::from_secs(5)
    }
}

/// What a look-up found.
///
/// # Examples
/// ```
/// use bytes::Bytes;
/// use effect_journal::Probe;
///
/// let rows = ["ACC-PAY-1"];
/// let probe = match rows.first() {
///     Some(name) => Probe::Found(Bytes::from_static(name.as_bytes())),
///     None => Probe::NotFound,
/// };
/// assert!(matches!(probe, Probe::Found(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "there is no fourth")]
pub enum Probe {
    /// It was done; its result.
    Found(Bytes),
    /// It was not.
    NotFound,
    /// The remote cannot tell: a person must decide.
    CannotTell,
}

/// Why an effect was not confirmed.
///
/// # Examples
/// ```
/// use effect_journal::EffectError;
///
/// /// What the answers of a remote mean.
/// fn judge(status: Option<u16>) -> EffectError {
///     match status {
///         Some(429 | 503) => EffectError::NotDone("later".into()),
///         Some(400..500) => EffectError::Refused("not like this".into()),
///         _ => EffectError::Unknown("no answer, or one of a proxy".into()),
///     }
/// }
/// assert!(matches!(judge(None), EffectError::Unknown(_)));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EffectError {
    /// It certainly did not happen, and may later.
    #[error("the effect did not happen")]
    NotDone(#[source] Cause),
    /// It certainly did not happen, and never will like this.
    #[error("the effect was refused")]
    Refused(#[source] Cause),
    /// Nobody knows: a time limit, a connection that broke.
    #[error("it is not known whether the effect happened")]
    Unknown(#[source] Cause),
}

/// Why [`once`] has no result.
///
/// # Examples
/// ```
/// use effect_journal::OnceError;
///
/// assert!(OnceError::CannotTell.is_final());
/// assert_eq!(OnceError::CannotTell.retry_at(), None);
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OnceError {
    /// It certainly did not happen; try again.
    #[error("the effect did not happen")]
    NotDone(#[source] Cause),
    /// It certainly did not happen and never will like this.
    #[error("the effect was refused")]
    Refused(#[source] Cause),
    /// It may have happened, and looking failed; try again.
    #[error("it could not be looked up whether the effect happened")]
    NotLooked(#[source] Cause),
    /// It may have happened; come back at this time, when a look-up can tell.
    #[error("it is not known yet whether the effect happened")]
    Unsettled {
        /// When to come back.
        at: Timestamp,
        /// Why it is not known.
        #[source]
        source: Option<Cause>,
    },
    /// Someone else is at it; come back at this time.
    #[error("the effect is being performed by another")]
    Busy {
        /// When that one's claim runs out.
        until: Timestamp,
    },
    /// It may have happened, and the remote cannot tell.
    #[error("nobody can tell whether the effect happened")]
    CannotTell,
    /// The journal failed: nothing was performed, or what was performed will be found.
    #[error("the journal failed")]
    Journal(#[source] Error),
}

impl OnceError {
    /// When to try again, where that is known.
    #[must_use]
    pub fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::Unsettled { at, .. } | Self::Busy { until: at } => Some(*at),
            _ => None,
        }
    }

    /// Whether trying again is of no use: a person must look.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::CannotTell)
    }
}

impl From<Error> for OnceError {
    fn from(error: Error) -> Self {
        Self::Journal(error)
    }
}

/// Performs an effect once, however often and from wherever this is called with its key: the
/// result is that of the one time.
///
/// Nothing is performed before its intent is durable. What may have been performed before is
/// looked up first, and not before the remote has had time to finish.
///
/// # Errors
/// See [`OnceError`]. "Once" holds as far as the probe tells the truth.
///
/// # Cancel safety
/// A dropped future leaves an intent; whoever comes after the claim has run out looks first.
pub async fn once(
    journal: &(impl Journal + ?Sized),
    key: &EffectKey,
    effect: &(impl Effect + ?Sized),
) -> Result<Bytes, OnceError> {
    // A claim is over when the clock says so, and clocks jump; an effect that this very process is
    // at is not.
    let Some(_turn) = journal.under_way().begin(key) else {
        return Err(OnceError::Busy {
            until: later(journal.now(), Duration::from_secs(1)),
        });
    };
    let asked = Instant::now();
    match journal.intend(key, claim_for(effect)).await? {
        Intent::Fresh(claim) => perform(journal, &claim, effect, asked).await,
        Intent::Done(result) => Ok(result),
        Intent::Busy { until } => Err(OnceError::Busy { until }),
        Intent::Uncertain { claim, begun_at } => {
            let settled = later(begun_at, settled_after(effect));
            if journal.now() < settled {
                journal.unsure(&claim).await?;
                return Err(OnceError::Unsettled {
                    at: settled,
                    source: None,
                });
            }
            look(journal, &claim, effect).await
        }
    }
}

/// How long after its beginning an effect has come to its end, whichever.
fn settled_after(effect: &(impl Effect + ?Sized)) -> Duration {
    effect.time_limit().saturating_add(effect.settling())
}

/// Longer than the effect may take: no other is to begin while this one is under way.
fn claim_for(effect: &(impl Effect + ?Sized)) -> Duration {
    settled_after(effect).saturating_add(Duration::from_secs(5))
}

async fn look(
    journal: &(impl Journal + ?Sized),
    claim: &Claim,
    effect: &(impl Effect + ?Sized),
) -> Result<Bytes, OnceError> {
    match effect.probe(claim.key()).await {
        Ok(Probe::Found(result)) => {
            journal.record(claim, result.clone()).await?;
            Ok(result)
        }
        Ok(Probe::NotFound) => {
            // A new beginning, with a time of its own to settle: the old intent is gone, and if
            // this process ends here nothing was performed.
            journal.abandon(claim).await?;
            let asked = Instant::now();
            match journal.intend(claim.key(), claim_for(effect)).await? {
                Intent::Fresh(claim) => perform(journal, &claim, effect, asked).await,
                Intent::Done(result) => Ok(result),
                Intent::Busy { until } => Err(OnceError::Busy { until }),
                // Another has begun and ended in between, without knowing how.
                Intent::Uncertain { claim, begun_at } => {
                    journal.unsure(&claim).await?;
                    Err(OnceError::Unsettled {
                        at: later(begun_at, settled_after(effect)),
                        source: None,
                    })
                }
            }
        }
        Ok(Probe::CannotTell) => {
            journal.unsure(claim).await?;
            Err(OnceError::CannotTell)
        }
        Err(
            EffectError::NotDone(error) | EffectError::Refused(error) | EffectError::Unknown(error),
        ) => {
            journal.unsure(claim).await?;
            Err(OnceError::NotLooked(error))
        }
    }
}

async fn perform(
    journal: &(impl Journal + ?Sized),
    claim: &Claim,
    effect: &(impl Effect + ?Sized),
    asked: Instant,
) -> Result<Bytes, OnceError> {
    let begun_at = journal.now();
    // Counted from before the intent was written: however long that took, the effect has come to
    // its end when others take it to have.
    let Some(left) = effect.time_limit().checked_sub(asked.elapsed()) else {
        journal.abandon(claim).await?;
        return Err(OnceError::NotDone("the journal took too long".into()));
    };
    let outcome = tokio::time::timeout(left, effect.perform(claim.key()))
        .await
        .unwrap_or_else(|elapsed| Err(EffectError::Unknown(elapsed.into())));
    match outcome {
        Ok(result) => {
            journal.record(claim, result.clone()).await?;
            Ok(result)
        }
        Err(EffectError::NotDone(error)) => {
            journal.abandon(claim).await?;
            Err(OnceError::NotDone(error))
        }
        Err(EffectError::Refused(error)) => {
            journal.abandon(claim).await?;
            Err(OnceError::Refused(error))
        }
        Err(EffectError::Unknown(error)) => {
            journal.unsure(claim).await?;
            Err(OnceError::Unsettled {
                at: later(begun_at, settled_after(effect)),
                source: Some(error),
            })
        }
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

impl fmt::Debug for dyn Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Effect")
    }
}
