//! Twilio: `X-Twilio-Signature: <base64>`, over the address and the parameters.
//!
//! HMAC-SHA1 keyed with the auth token, or HMAC-SHA256 keyed with a shared key where the
//! `X-Twilio-Webhooks-Signature-Settings` header says so. What is signed is the address as
//! Twilio called it, followed by
//!
//! | request | covered by |
//! |---|---|
//! | `GET`, WebSocket upgrade | nothing more |
//! | form | every decoded parameter: names in byte order, each with its distinct values in byte order |
//! | any other body | `bodySHA256` in the address, which the body must have |
//!
//! The address is tried word for word, then without and with its port, then with a lower-case
//! host and with `'` of the query written `%27`; nothing else of it is normalised. Behind a
//! proxy, build it from a configured public address and never from the `Host` header; of a
//! WebSocket upgrade it begins with `wss:`.
//!
//! No time is signed, and a form's parameters are signed without separators: tell repetitions by
//! the message's id. See Twilio's documentation, "Webhooks security" and "Sign webhooks with
//! shared keys" (public beta).
//!
//! # Examples
//!
//! ```
//! use webhook_signatures::twilio::{Request, Verifier};
//!
//! let verifier = Verifier::new(["12345"])?;
//! let request = Request::new("POST", "https://example.ca/sms?foo=1&bar=2")
//!     .content_type("application/x-www-form-urlencoded")
//!     .body(b"Body=Bonjour%20%C3%89lo%C3%AFse&From=%2B15145550111");
//! let signature = webhook_signatures::twilio::sign("12345", &request);
//! assert!(verifier.verify(&request, &signature).is_ok());
//! # Ok::<(), webhook_signatures::Error>(())
//! ```

mod form;
mod request;
mod settings;
mod url;

use std::fmt::Write as _;

use hmac::Mac;
use sha2::{Digest as _, Sha256};

use crate::keys::{HmacSha1, HmacSha256, Keys, keyed};
use crate::text::{Text, is_base64};
use crate::{Error, Header, Malformation, Verified};

pub use form::MAX_PARAMETERS;
pub use request::Request;

use request::Coverage;
use settings::Algorithm;
use url::Address;

/// The header that holds the signature.
pub const HEADER: &str = "X-Twilio-Signature";
/// The header that names the algorithm of a shared key.
pub const SETTINGS_HEADER: &str = "X-Twilio-Webhooks-Signature-Settings";

/// Checks requests with the auth tokens of an account and with shared keys.
///
/// A token is used with SHA-1 only and a shared key with SHA-256 only: the request chooses
/// between keys, never the algorithm of a key.
///
/// # Examples
///
/// ```
/// use webhook_signatures::twilio::{Request, Verifier, sign_shared_key};
///
/// let verifier = Verifier::new(["auth token"])?.with_shared_keys(["shared key"])?;
/// let request = Request::new("GET", "https://example.ca/voice")
///     .settings("key=hub,algorithm=HMAC_SHA256");
/// assert!(verifier.verify(&request, &sign_shared_key("shared key", &request)).is_ok());
/// assert!(verifier.verify(&request, &sign_shared_key("auth token", &request)).is_err());
/// # Ok::<(), webhook_signatures::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    auth_tokens: Keys<HmacSha1>,
    shared_keys: Keys<HmacSha256>,
}

impl Verifier {
    /// Takes the auth tokens: the primary one, and the secondary one while it is promoted.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub fn new<S: AsRef<str>>(auth_tokens: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        Ok(Self {
            auth_tokens: Keys::from_texts(auth_tokens)?,
            shared_keys: Keys::none(),
        })
    }

    /// Takes shared keys alone: what is signed with an auth token is refused.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, twilio::{Request, Verifier, sign}};
    ///
    /// let verifier = Verifier::shared_keys_only(["shared key"])?;
    /// let request = Request::new("GET", "https://example.ca/voice");
    /// let error = verifier.verify(&request, &sign("shared key", &request)).unwrap_err();
    /// assert_eq!(error, Error::NoKey { algorithm: "HMAC_SHA1" });
    /// # Ok::<(), Error>(())
    /// ```
    pub fn shared_keys_only<S: AsRef<str>>(
        secrets: impl IntoIterator<Item = S>,
    ) -> Result<Self, Error> {
        Ok(Self {
            auth_tokens: Keys::none(),
            shared_keys: Keys::from_texts(secrets)?,
        })
    }

    /// Also accepts requests signed with one of these shared keys.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    pub fn with_shared_keys<S: AsRef<str>>(
        mut self,
        secrets: impl IntoIterator<Item = S>,
    ) -> Result<Self, Error> {
        self.shared_keys = Keys::from_texts(secrets)?;
        Ok(self)
    }

    /// Checks a request as it came.
    ///
    /// [`Verified::secret`] counts the auth tokens or the shared keys, whichever the request is
    /// signed with.
    ///
    /// # Errors
    /// [`Error::MissingHeader`], [`Error::HeaderTooLong`], [`Error::Malformed`],
    /// [`Error::UnsupportedAlgorithm`], [`Error::NoKey`], [`Error::BadUrl`],
    /// [`Error::TooManyParameters`], [`Error::BodyNotSigned`], [`Error::Mismatch`],
    /// [`Error::BodyHashMismatch`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, twilio::{Request, Verifier, sign}};
    ///
    /// let verifier = Verifier::new(["12345"])?;
    /// // JSON that no `bodySHA256` in the address covers.
    /// let request = Request::new("POST", "https://example.ca/events")
    ///     .content_type("application/json")
    ///     .body(br#"{"a":1}"#);
    /// let error = verifier.verify(&request, &sign("12345", &request)).unwrap_err();
    /// assert_eq!(error, Error::BodyNotSigned);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify<'h>(
        &self,
        request: &Request<'_>,
        signature: impl Into<Header<'h>>,
    ) -> Result<Verified, Error> {
        let given = signature.into().read(HEADER)?;
        match settings::algorithm(request.settings)? {
            Algorithm::HmacSha1 => check(&self.auth_tokens, request, given, 20, "HMAC_SHA1"),
            Algorithm::HmacSha256 => check(&self.shared_keys, request, given, 32, "HMAC_SHA256"),
        }
    }
}

/// Checks with keys of one algorithm, whose codes are `len` bytes long.
fn check<M: Mac + hmac::KeyInit + Clone>(
    keys: &Keys<M>,
    request: &Request<'_>,
    given: &[u8],
    len: usize,
    algorithm: &'static str,
) -> Result<Verified, Error> {
    if keys.is_empty() {
        return Err(Error::NoKey { algorithm });
    }
    if !is_base64(given, len) {
        return Err(Error::Malformed {
            header: HEADER,
            reason: Malformation::BadSignature,
        });
    }
    let address = Address::parse(request.url)?;
    let coverage = Coverage::of(request, &address)?;
    let parameters = coverage.parameters();
    // The first spelling that fits ends the search: only who has a key sees that it is shorter.
    let secret = address
        .spellings()
        .find_map(|spelling| {
            keys.find_fed(
                |mac| {
                    spelling.feed(|part| mac.update(part));
                    mac.update(parameters);
                },
                |code| Text::base64(code).is(given),
            )
        })
        .ok_or(Error::Mismatch)?;
    if let Coverage::Hash(hash) = coverage
        && !Text::hex(&Sha256::digest(request.body)).is(hash.as_bytes())
    {
        return Err(Error::BodyHashMismatch);
    }
    Ok(Verified::new(secret, None))
}

/// Writes the header that Twilio would send: HMAC-SHA1 with the auth token.
///
/// The address is signed word for word; of a body that is not a form only the `bodySHA256` in it
/// counts: see [`with_body_sha256`].
///
/// # Examples
///
/// ```
/// use webhook_signatures::twilio::{Request, sign};
///
/// let request = Request::new("POST", "https://mycompany.com/myapp.php?foo=1&bar=2").body(
///     b"CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
/// );
/// assert_eq!(sign("12345", &request), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
/// ```
#[must_use]
pub fn sign(auth_token: &str, request: &Request<'_>) -> String {
    signature::<HmacSha1>(auth_token, request)
}

/// Writes the header that Twilio would send: HMAC-SHA256 with a shared key.
///
/// The request needs its settings header too: [`Request::settings`].
///
/// # Examples
///
/// ```
/// use webhook_signatures::twilio::{Request, sign_shared_key};
///
/// let request = Request::new("GET", "https://example.ca/voice");
/// assert_eq!(sign_shared_key("shared key", &request).len(), 44);
/// ```
#[must_use]
pub fn sign_shared_key(secret: &str, request: &Request<'_>) -> String {
    signature::<HmacSha256>(secret, request)
}

/// Adds `bodySHA256` to an address, as Twilio does before it signs a body that is not a form.
///
/// # Examples
///
/// ```
/// use webhook_signatures::twilio::{Request, Verifier, sign, with_body_sha256};
///
/// let body = br#"{"a":1}"#;
/// let url = with_body_sha256("https://example.ca/events?x=1", body);
/// let request = Request::new("POST", &url).content_type("application/json").body(body);
/// assert!(Verifier::new(["12345"])?.verify(&request, &sign("12345", &request)).is_ok());
/// # Ok::<(), webhook_signatures::Error>(())
/// ```
#[must_use]
pub fn with_body_sha256(url: &str, body: &[u8]) -> String {
    let (before, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let separator = match before.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    let hash = Text::hex(&Sha256::digest(body)).into_string();
    let mut out = String::new();
    write!(out, "{before}{separator}bodySHA256={hash}{fragment}").expect("writing to a String");
    out
}

fn signature<M: Mac + hmac::KeyInit>(key: &str, request: &Request<'_>) -> String {
    let mut mac: M = keyed(key.as_bytes());
    mac.update(request.url.as_bytes());
    if request.is_form()
        && let Ok(parameters) = form::signed_text(request.body)
    {
        mac.update(&parameters);
    }
    Text::base64(&mac.finalize().into_bytes()).into_string()
}
