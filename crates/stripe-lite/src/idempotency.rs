use std::fmt;
use std::str::FromStr;

use crate::Error;

/// The key by which Stripe recognises a repetition: 1 to 255 visible ASCII characters.
///
/// Stripe keeps the status and the body of the first execution for at least 24 hours and
/// answers every repetition with them, a decline included: a *new* attempt after a decline
/// needs a new key. The same key with other parameters is refused
/// ([`Error::is_idempotency_conflict`]).
///
/// A key made of what the call is for (`ppa-SINV-0042-1`: invoice and number of the attempt)
/// outlives a crash of the caller; [`random`](Self::random) is for calls that a person repeats.
/// Either way all attempts that the client makes for one call carry the same key.
///
/// # Examples
///
/// ```
/// use stripe_lite::IdempotencyKey;
///
/// let key = IdempotencyKey::new("ppa-SINV-0042-1")?;
/// assert_eq!(key.as_str(), "ppa-SINV-0042-1");
/// assert!(IdempotencyKey::new("a b").is_err());
/// assert!(IdempotencyKey::new("k".repeat(256)).is_err());
/// # Ok::<(), stripe_lite::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Box<str>);

impl IdempotencyKey {
    /// A key of the caller's own.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty key, one of more than 255 characters, or one with a
    /// character that is not visible ASCII.
    pub fn new(key: impl Into<String>) -> Result<Self, Error> {
        let key = key.into();
        let reason = match key.as_str() {
            "" => "is empty",
            key if key.len() > 255 => "is longer than 255 characters",
            key if !key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                "holds a character that is not visible ASCII"
            }
            _ => return Ok(Self(key.into_boxed_str())),
        };
        Err(Error::Invalid {
            what: "idempotency key",
            reason,
        })
    }

    /// A key that no other call has.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_lite::IdempotencyKey;
    ///
    /// assert_ne!(IdempotencyKey::random(), IdempotencyKey::random());
    /// ```
    #[cfg(feature = "client")]
    #[must_use]
    pub fn random() -> Self {
        Self(uuid::Uuid::new_v4().to_string().into_boxed_str())
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::new(text)
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdempotencyKey({})", self.0)
    }
}
