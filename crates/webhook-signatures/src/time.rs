use std::time::SystemTime;

use crate::Error;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z.
///
/// Every `now` of this crate is an argument of this kind; a number or a [`SystemTime`] will do.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use webhook_signatures::UnixTime;
///
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_millis(43_200_999);
/// assert_eq!(UnixTime::from(noon), UnixTime::from_secs(43_200));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// From seconds since the epoch; negative before it.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs)
    }

    /// The seconds since the epoch.
    ///
    /// # Examples
    ///
    /// ```
    /// # use webhook_signatures::UnixTime;
    /// assert_eq!(UnixTime::from(1_763_827_200).as_secs(), 1_763_827_200);
    /// ```
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }
}

impl From<i64> for UnixTime {
    fn from(secs: i64) -> Self {
        Self(secs)
    }
}

/// The fraction of a second is dropped: rounded down, also before the epoch.
impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        Self(match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(error) => {
                let before = error.duration();
                let whole = i64::try_from(before.as_secs()).unwrap_or(i64::MAX);
                let part = i64::from(before.subsec_nanos() > 0);
                whole.saturating_neg().saturating_sub(part)
            }
        })
    }
}

/// How old a signature may be, and how far in the future.
///
/// The default is 300 s both ways, which is what Stripe, DocuSeal and Standard Webhooks ask
/// for. An age of exactly the tolerance passes.
///
/// # Examples
///
/// ```
/// use webhook_signatures::{Error, Tolerance, stripe};
///
/// let body = br#"{"id":"evt_1"}"#;
/// let header = stripe::sign(["whsec_test"], body, 1_000);
/// let verifier = stripe::Verifier::new(["whsec_test"])?;
///
/// let short = verifier.clone().with_tolerance(Tolerance::from_secs(10));
/// assert!(short.verify(body, &header, 1_010).is_ok());
/// assert_eq!(
///     short.verify(body, &header, 1_011),
///     Err(Error::TooOld { age_secs: 11, tolerance_secs: 10 }),
/// );
///
/// // An event that waited in a queue: judged by the signature alone.
/// let none = verifier.with_tolerance(Tolerance::OFF);
/// assert!(none.verify(body, &header, 9_999_999).is_ok());
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    past: Option<u64>,
    future: Option<u64>,
}

impl Tolerance {
    /// Any time of signing is accepted.
    pub const OFF: Self = Self {
        past: None,
        future: None,
    };

    /// The same number of seconds both ways; 0 switches the check off, as in Stripe's libraries.
    ///
    /// # Examples
    ///
    /// ```
    /// # use webhook_signatures::Tolerance;
    /// assert_eq!(Tolerance::from_secs(300), Tolerance::default());
    /// assert_eq!(Tolerance::from_secs(0), Tolerance::OFF);
    /// ```
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        if secs == 0 {
            Self::OFF
        } else {
            Self::between(Some(secs), Some(secs))
        }
    }

    /// Seconds of age, and seconds in the future; `None` accepts any.
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::Tolerance;
    ///
    /// // What Stripe's own libraries do: old ones are refused, future ones are not.
    /// let lenient = Tolerance::between(Some(300), None);
    /// assert_ne!(lenient, Tolerance::default());
    /// ```
    #[must_use]
    pub const fn between(past: Option<u64>, future: Option<u64>) -> Self {
        Self { past, future }
    }

    /// Whether `signed_at` is near enough to `now`.
    ///
    /// # Errors
    /// [`Error::TooOld`], [`Error::InFuture`].
    pub(crate) fn check(self, signed_at: UnixTime, now: UnixTime) -> Result<(), Error> {
        let distance = now.0.abs_diff(signed_at.0);
        if signed_at <= now {
            match self.past {
                Some(tolerance_secs) if distance > tolerance_secs => Err(Error::TooOld {
                    age_secs: distance,
                    tolerance_secs,
                }),
                _ => Ok(()),
            }
        } else {
            match self.future {
                Some(tolerance_secs) if distance > tolerance_secs => Err(Error::InFuture {
                    ahead_secs: distance,
                    tolerance_secs,
                }),
                _ => Ok(()),
            }
        }
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Self::from_secs(300)
    }
}
