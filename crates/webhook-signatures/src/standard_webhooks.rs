//! Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.
//!
//! HMAC-SHA256 over `<id>.<timestamp>.<raw body>`, keyed with the base64-decoded part of the
//! secret after `whsec_`; the signature header is a list `v1,<base64> v1,<base64>` separated by
//! spaces. Version 1.0.0 of the specification; `v1a` (ed25519) is passed over.
//!
//! Four points differ from DocuSeal's scheme, whose secrets look the same: the key is decoded,
//! the id is signed, the time has a header of its own, and the code is base64.
//!
//! # Examples
//!
//! ```
//! use webhook_signatures::standard_webhooks::{Headers, Verifier};
//!
//! let verifier = Verifier::new(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])?;
//! let headers = Headers::new(
//!     "msg_p5jXN8AQM9LWM0D4loKWxJek",
//!     "1614265330",
//!     "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
//! );
//! assert!(verifier.verify(br#"{"test": 2432232314}"#, &headers, 1_614_265_330).is_ok());
//! # Ok::<(), webhook_signatures::Error>(())
//! ```

use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::keys::{HmacSha256, Keys, code, is_blank, keyed};
use crate::text::{Text, is_base64, timestamp};
use crate::{Error, Header, Malformation, Tolerance, UnixTime, Verified};

/// The header that identifies the message; the same over all attempts.
pub const ID_HEADER: &str = "webhook-id";
/// The header with the time of the attempt.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header that holds the signatures.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

/// What secrets begin with.
const PREFIX: &str = "whsec_";

/// Secrets are handed around with and without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The three headers of a request, as they came.
///
/// # Examples
///
/// ```
/// use webhook_signatures::standard_webhooks::Headers;
///
/// // Any of them may be absent: that is for the verifier to say.
/// let headers = Headers::new(Some("msg_1"), Some("1614265330"), None::<&str>);
/// # let _ = headers;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Headers<'a> {
    id: Header<'a>,
    timestamp: Header<'a>,
    signature: Header<'a>,
}

impl<'a> Headers<'a> {
    /// Takes the values of `webhook-id`, `webhook-timestamp` and `webhook-signature`.
    #[must_use]
    pub fn new(
        id: impl Into<Header<'a>>,
        timestamp: impl Into<Header<'a>>,
        signature: impl Into<Header<'a>>,
    ) -> Self {
        Self {
            id: id.into(),
            timestamp: timestamp.into(),
            signature: signature.into(),
        }
    }
}

/// Checks requests with the secrets of an endpoint.
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Keys<HmacSha256>,
    tolerance: Tolerance,
}

impl Verifier {
    /// Takes the secrets: base64, with or without `whsec_` before it.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`], [`Error::SecretNotBase64`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, standard_webhooks::Verifier};
    ///
    /// let error = Verifier::new(["whsec_dGVzdA==", "not base64!"]).unwrap_err();
    /// assert_eq!(error, Error::SecretNotBase64 { index: 1 });
    /// ```
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        let states = secrets
            .into_iter()
            .enumerate()
            .map(|(index, secret)| Ok(keyed(&decode(secret.as_ref(), index)?)))
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            secrets: Keys::from_states(states)?,
            tolerance: Tolerance::default(),
        })
    }

    /// Sets how old a signature may be, and how far in the future; 300 s both ways otherwise.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks a body as it came. Keep the id to tell repetitions.
    ///
    /// An id with a full stop is refused: the signed text could be divided in two ways.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`], [`Error::Malformed`],
    /// [`Error::NoSupportedScheme`], [`Error::Mismatch`], [`Error::TooOld`],
    /// [`Error::InFuture`].
    pub fn verify(
        &self,
        body: &[u8],
        headers: &Headers<'_>,
        now: impl Into<UnixTime>,
    ) -> Result<Verified, Error> {
        let id = headers.id.read(ID_HEADER)?;
        let t = headers.timestamp.read(TIMESTAMP_HEADER)?;
        let signature = headers.signature.read(SIGNATURE_HEADER)?;
        if id.contains(&b'.') {
            return Err(Error::Malformed {
                header: ID_HEADER,
                reason: Malformation::BadId,
            });
        }
        let signed_at = timestamp(t, TIMESTAMP_HEADER)?;
        if signatures(signature).next().is_none() {
            return Err(Error::NoSupportedScheme {
                header: SIGNATURE_HEADER,
            });
        }
        if !signatures(signature).any(|given| is_base64(given, 32)) {
            return Err(Error::Malformed {
                header: SIGNATURE_HEADER,
                reason: Malformation::BadSignature,
            });
        }
        let secret = self
            .secrets
            .find(&[id, b".", t, b".", body], |code| {
                let expected = Text::base64(code);
                signatures(signature).fold(false, |any, given| any | expected.is(given))
            })
            .ok_or(Error::Mismatch)?;
        self.tolerance.check(signed_at, now.into())?;
        Ok(Verified::new(secret, Some(signed_at)))
    }
}

/// Writes the `webhook-signature` header: one `v1` for each secret.
///
/// # Errors
/// [`Error::BlankSecret`], [`Error::SecretNotBase64`].
///
/// # Examples
///
/// ```
/// use webhook_signatures::standard_webhooks::sign;
///
/// let header = sign(["whsec_dGVzdA=="], "msg_1", b"{}", 1_614_265_330)?;
/// assert!(header.starts_with("v1,"));
/// # Ok::<(), webhook_signatures::Error>(())
/// ```
pub fn sign<S: AsRef<str>>(
    secrets: impl IntoIterator<Item = S>,
    id: &str,
    body: &[u8],
    signed_at: impl Into<UnixTime>,
) -> Result<String, Error> {
    let t = signed_at.into().as_secs().to_string();
    let mut header = String::new();
    for (index, secret) in secrets.into_iter().enumerate() {
        let key = decode(secret.as_ref(), index)?;
        let parts = [id.as_bytes(), b".", t.as_bytes(), b".", body];
        let code = code::<HmacSha256>(&key, &parts);
        if index > 0 {
            header.push(' ');
        }
        header.push_str("v1,");
        header.push_str(&Text::base64(code.as_ref()).into_string());
    }
    Ok(header)
}

/// The key of a secret.
fn decode(secret: &str, index: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
    let text = secret.strip_prefix(PREFIX).unwrap_or(secret);
    if is_blank(text) {
        return Err(Error::BlankSecret { index });
    }
    BASE64
        .decode(text)
        .map(Zeroizing::new)
        .map_err(|_| Error::SecretNotBase64 { index })
}

/// The values of all `v1`.
fn signatures(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    header
        .split(|byte| *byte == b' ')
        .filter_map(|entry| entry.strip_prefix(b"v1,"))
}
