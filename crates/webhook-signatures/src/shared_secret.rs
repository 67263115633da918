//! A secret in a header or in the query: Uptime Kuma, 3CX and whatever else signs nothing.
//!
//! It proves who calls, neither what was said nor when: use it over TLS only, and tell
//! repetitions by the content.
//!
//! # Examples
//!
//! ```
//! use webhook_signatures::shared_secret;
//!
//! let verifier = shared_secret::Verifier::new(["correct horse"])?;
//! assert!(verifier.verify("correct horse").is_ok());
//! assert!(verifier.verify("correct horsf").is_err());
//! # Ok::<(), webhook_signatures::Error>(())
//! ```

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::keys::is_blank;
use crate::{Error, Header, Malformation, Verified};

/// What a missing or overlong value is called in errors: the name of the header is the
/// receiver's choice.
const NAME: &str = "shared secret";
/// The header of [`Verifier::verify_bearer`].
const AUTHORIZATION: &str = "Authorization";

/// Compares a presented value with the secrets.
///
/// Digests are compared, so that neither content nor length of a secret shows in the time.
#[derive(Clone)]
pub struct Verifier {
    digests: Vec<Zeroizing<[u8; 32]>>,
}

impl Verifier {
    /// Takes the secrets.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let mut digests = Vec::new();
        for (index, secret) in secrets.into_iter().enumerate() {
            if is_blank(secret.as_ref()) {
                return Err(Error::BlankSecret { index });
            }
            digests.push(Zeroizing::new(digest(secret.as_ref().as_bytes())));
        }
        if digests.is_empty() {
            return Err(Error::NoSecret);
        }
        Ok(Self { digests })
    }

    /// Checks a value that is the secret itself, from a header or from the query.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`], [`Error::Mismatch`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::shared_secret;
    ///
    /// let verifier = shared_secret::Verifier::new(["new", "old"])?;
    /// assert_eq!(verifier.verify("old")?.secret(), 1);
    /// # Ok::<(), webhook_signatures::Error>(())
    /// ```
    pub fn verify<'h>(&self, presented: impl Into<Header<'h>>) -> Result<Verified, Error> {
        self.find(presented.into().read(NAME)?)
    }

    /// Checks the value of an `Authorization` header: `Bearer` and the secret.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`], [`Error::Malformed`],
    /// [`Error::Mismatch`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::shared_secret;
    ///
    /// let verifier = shared_secret::Verifier::new(["abc"])?;
    /// assert!(verifier.verify_bearer(&shared_secret::bearer("abc")).is_ok());
    /// assert!(verifier.verify_bearer("abc").is_err());
    /// # Ok::<(), webhook_signatures::Error>(())
    /// ```
    pub fn verify_bearer<'h>(
        &self,
        authorization: impl Into<Header<'h>>,
    ) -> Result<Verified, Error> {
        let value = authorization.into().read(AUTHORIZATION)?;
        let token = value
            .split_at_checked(6)
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case(b"Bearer"))
            .and_then(|(_, rest)| rest.strip_prefix(b" "))
            .map(<[u8]>::trim_ascii_start)
            .filter(|token| !token.is_empty())
            .ok_or(Error::Malformed {
                header: AUTHORIZATION,
                reason: Malformation::NotBearer,
            })?;
        self.find(token)
    }

    fn find(&self, presented: &[u8]) -> Result<Verified, Error> {
        let presented = digest(presented);
        let mut found = None;
        for (index, own) in self.digests.iter().enumerate() {
            if bool::from(own.as_slice().ct_eq(&presented)) && found.is_none() {
                found = Some(index);
            }
        }
        found
            .map(|secret| Verified::new(secret, None))
            .ok_or(Error::Mismatch)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Verifier {{ secrets: [{} redacted] }}",
            self.digests.len()
        )
    }
}

/// Writes the value of an `Authorization` header.
///
/// # Examples
///
/// ```
/// assert_eq!(webhook_signatures::shared_secret::bearer("abc"), "Bearer abc");
/// ```
#[must_use]
pub fn bearer(secret: &str) -> String {
    format!("Bearer {secret}")
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
