use crate::UnixTime;

/// A request whose signature is right.
///
/// # Examples
///
/// ```
/// use webhook_signatures::{UnixTime, stripe};
///
/// let body = br#"{"id":"evt_1"}"#;
/// let header = stripe::sign(["whsec_old"], body, 1_000);
/// let verified = stripe::Verifier::new(["whsec_new", "whsec_old"])?.verify(body, &header, 1_000)?;
/// // The roll is not over: the second secret of the list is still in use.
/// assert_eq!(verified.secret(), 1);
/// assert_eq!(verified.signed_at(), Some(UnixTime::from_secs(1_000)));
/// # Ok::<(), webhook_signatures::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Verified {
    secret: usize,
    signed_at: Option<UnixTime>,
}

impl Verified {
    pub(crate) const fn new(secret: usize, signed_at: Option<UnixTime>) -> Self {
        Self { secret, signed_at }
    }

    /// Which secret of the verifier's list fitted, counted from 0.
    #[must_use]
    pub const fn secret(&self) -> usize {
        self.secret
    }

    /// When it was signed, for the schemes that sign a time; what has none needs another guard
    /// against repetition.
    #[must_use]
    pub const fn signed_at(&self) -> Option<UnixTime> {
        self.signed_at
    }
}
