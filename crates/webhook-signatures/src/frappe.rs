//! Frappe: `X-Frappe-Webhook-Signature: <base64>`.
//!
//! HMAC-SHA256 of the raw body, standard base64. The layout of the body changed between
//! versions, so what was parsed and written again never fits. No time is signed: repetitions
//! are told by the document's name and its `modified`.
//!
//! # Examples
//!
//! ```
//! use webhook_signatures::frappe;
//!
//! let body = br#"{"name": "W-1", "title": "\u00c9lo\u00efse / x", "qty": 2.5}"#;
//! let verifier = frappe::Verifier::new(["s3cr3t"])?;
//! assert!(verifier.verify(body, "hSXHF4ALmS8sL20jbVK17CMCjJ02AMUlUU2Q8ieSgfA=").is_ok());
//! # Ok::<(), webhook_signatures::Error>(())
//! ```

use crate::keys::{HmacSha256, Keys, code};
use crate::text::{Text, is_base64};
use crate::{Error, Header, Malformation, Verified};

/// The header that holds the signature.
pub const HEADER: &str = "X-Frappe-Webhook-Signature";

/// Checks requests with the secrets of a webhook.
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Keys<HmacSha256>,
}

impl Verifier {
    /// Takes the texts of the secrets.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let secrets = Keys::from_texts(secrets)?;
        Ok(Self { secrets })
    }

    /// Checks the signature of a body as it came.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`], [`Error::Malformed`],
    /// [`Error::Mismatch`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, frappe};
    ///
    /// let verifier = frappe::Verifier::new(["new", "old"])?;
    /// let header = frappe::sign("old", b"{}");
    /// assert_eq!(verifier.verify(b"{}", &header)?.secret(), 1);
    /// assert_eq!(verifier.verify(b"{} ", &header), Err(Error::Mismatch));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify<'h>(
        &self,
        body: &[u8],
        header: impl Into<Header<'h>>,
    ) -> Result<Verified, Error> {
        let given = header.into().read(HEADER)?;
        if !is_base64(given, 32) {
            return Err(Error::Malformed {
                header: HEADER,
                reason: Malformation::BadSignature,
            });
        }
        self.secrets
            .find(&[body], |code| Text::base64(code).is(given))
            .map(|secret| Verified::new(secret, None))
            .ok_or(Error::Mismatch)
    }
}

/// Writes the header that Frappe would send.
///
/// # Examples
///
/// ```
/// use webhook_signatures::frappe;
///
/// assert_eq!(frappe::sign("s3cr3t", b"{}").len(), 44);
/// ```
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    let code = code::<HmacSha256>(secret.as_bytes(), &[body]);
    Text::base64(code.as_ref()).into_string()
}
