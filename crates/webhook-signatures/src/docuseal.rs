//! DocuSeal: `X-Docuseal-Signature: <unix>.<hex>`, or a secret in a header of its own.
//!
//! The signature is HMAC-SHA256 over `<unix>.<raw body>`, keyed with the whole text of the
//! secret (`whsec_` included, not decoded); every attempt has a new time. Installations older
//! than 2026 know only the other mechanism: one header, named and filled in the webhook's
//! dialog, sent word for word. An operator may use either or both.
//!
//! # Examples
//!
//! ```
//! use webhook_signatures::docuseal;
//!
//! let body = br#"{"event_type":"form.completed","timestamp":"2025-11-22T16:00:00.000Z","data":{"id":7,"status":"completed","external_id":"CTR-0001"}}"#;
//! let header = "1763827200.c8128945dd989a2aa6132049fc5f51bbcc5b02aa2d35f99395d38f1dcaf35ca1";
//!
//! let verifier = docuseal::Verifier::new(["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"])?;
//! assert!(verifier.verify(body, header, 1_763_827_200).is_ok());
//! # Ok::<(), webhook_signatures::Error>(())
//! ```

use crate::keys::{HmacSha256, Keys, code};
use crate::text::{Text, is_hex_sha256, timestamp};
use crate::{Error, Header, Malformation, Tolerance, UnixTime, Verified, shared_secret};

/// The header that holds the signature.
pub const HEADER: &str = "X-Docuseal-Signature";

/// Checks requests with the secrets of a webhook.
///
/// For an installation that sends a shared secret and never a signature, a
/// [`shared_secret::Verifier`] is enough.
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Keys<HmacSha256>,
    shared: Option<shared_secret::Verifier>,
    tolerance: Tolerance,
}

impl Verifier {
    /// Takes the texts of the signing secrets, `whsec_` included.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        Ok(Self {
            secrets: Keys::from_texts(secrets)?,
            shared: None,
            tolerance: Tolerance::default(),
        })
    }

    /// Also accepts unsigned requests that present one of these secrets.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub fn with_shared_secrets<S: AsRef<str>>(
        mut self,
        secrets: impl IntoIterator<Item = S>,
    ) -> Result<Self, Error> {
        self.shared = Some(shared_secret::Verifier::new(secrets)?);
        Ok(self)
    }

    /// Sets how old a signature may be, and how far in the future; 300 s both ways otherwise.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks the signature of a body as it came.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`], [`Error::Malformed`],
    /// [`Error::Mismatch`], [`Error::TooOld`], [`Error::InFuture`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, docuseal};
    ///
    /// let verifier = docuseal::Verifier::new(["whsec_dGVzdA=="])?;
    /// let header = docuseal::sign("whsec_dGVzdA==", b"{}", 1_000);
    /// assert!(verifier.verify(b"{}", &header, 1_300).is_ok());
    /// let future = verifier.verify(b"{}", &header, 699);
    /// assert_eq!(future, Err(Error::InFuture { ahead_secs: 301, tolerance_secs: 300 }));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify<'h>(
        &self,
        body: &[u8],
        header: impl Into<Header<'h>>,
        now: impl Into<UnixTime>,
    ) -> Result<Verified, Error> {
        let header = header.into().read(HEADER)?;
        let malformed = |reason| Error::Malformed {
            header: HEADER,
            reason,
        };
        let dot = header
            .iter()
            .position(|byte| *byte == b'.')
            .ok_or(malformed(Malformation::NoTimestamp))?;
        let (t, rest) = header.split_at(dot);
        let signed_at = timestamp(t, HEADER)?;
        let given = rest.get(1..).unwrap_or_default();
        if !is_hex_sha256(given) {
            return Err(malformed(Malformation::BadSignature));
        }
        let secret = self
            .secrets
            .find(&[t, b".", body], |code| Text::hex(code).is(given))
            .ok_or(Error::Mismatch)?;
        self.tolerance.check(signed_at, now.into())?;
        Ok(Verified::new(secret, Some(signed_at)))
    }

    /// Checks either mechanism: a signature that is there decides alone; without one the shared
    /// secret does, where the verifier has any.
    ///
    /// `presented` is the value of the header that the operator named in DocuSeal.
    ///
    /// # Errors
    /// As [`verify`](Self::verify); [`Error::Mismatch`] for a wrong shared secret.
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, Header, docuseal};
    ///
    /// let verifier = docuseal::Verifier::new(["whsec_dGVzdA=="])?.with_shared_secrets(["abc"])?;
    /// assert!(verifier.verify_either(b"{}", Header::ABSENT, "abc", 0).is_ok());
    /// assert!(verifier.verify_either(b"{}", Header::ABSENT, "abd", 0).is_err());
    ///
    /// // A signature that does not fit is not made good by the secret beside it.
    /// let wrong = docuseal::sign("another", b"{}", 0);
    /// assert_eq!(verifier.verify_either(b"{}", &wrong, "abc", 0), Err(Error::Mismatch));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify_either<'h>(
        &self,
        body: &[u8],
        header: impl Into<Header<'h>>,
        presented: impl Into<Header<'h>>,
        now: impl Into<UnixTime>,
    ) -> Result<Verified, Error> {
        let (header, presented) = (header.into(), presented.into());
        match &self.shared {
            Some(shared) if header.is_absent() && !presented.is_absent() => {
                shared.verify(presented)
            }
            _ => self.verify(body, header, now),
        }
    }
}

/// Writes the header that DocuSeal would send.
///
/// # Examples
///
/// ```
/// use webhook_signatures::docuseal;
///
/// let header = docuseal::sign("whsec_dGVzdA==", b"{}", 1_763_827_200);
/// assert_eq!(header.len(), "1763827200.".len() + 64);
/// ```
#[must_use]
pub fn sign(secret: &str, body: &[u8], signed_at: impl Into<UnixTime>) -> String {
    let t = signed_at.into().as_secs().to_string();
    let code = code::<HmacSha256>(secret.as_bytes(), &[t.as_bytes(), b".", body]);
    format!("{t}.{}", Text::hex(code.as_ref()).into_string())
}
