//! Stripe: `Stripe-Signature: t=<unix>,v1=<hex>[,v1=<hex>…]`.
//!
//! HMAC-SHA256 over `<t>.<raw body>`, keyed with the whole text of the endpoint's secret
//! (`whsec_` included, not decoded). While a secret is rolled there is one `v1` for each active
//! one, in any order. See Stripe's documentation, "Verify webhook signatures manually".
//!
//! Where Stripe's own libraries disagree the stricter way is taken: a second `t`, a `t` that is
//! not a number, upper-case hexadecimal and a time far in the future are refused; a body is
//! bytes, whatever it begins with. The scheme `v0`, which is for tests, proves nothing here.
//!
//! # Examples
//!
//! ```
//! use webhook_signatures::stripe;
//!
//! let body = br#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","object":"payment_intent","amount":4999}}}"#;
//! let header = "t=1763827200,v1=8f3c4974b4038e0bd14828ae6360439a0cdb9ebb0a2be537cf834e0489cc8052";
//!
//! let verifier = stripe::Verifier::new(["whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55"])?;
//! let verified = verifier.verify(body, header, 1_763_827_260)?;
//! assert_eq!(verified.secret(), 0);
//! # Ok::<(), webhook_signatures::Error>(())
//! ```

use std::fmt::Write as _;

use memchr::memchr;

use crate::keys::{HmacSha256, Keys, code};
use crate::text::{Text, is_hex_sha256, timestamp};
use crate::{Error, Header, Malformation, Tolerance, UnixTime, Verified};

/// The header that holds the signatures.
pub const HEADER: &str = "Stripe-Signature";

/// Checks requests with the secrets of an endpoint.
///
/// # Examples
///
/// Two secrets while one is rolled, and a clock that a test supplies:
///
/// ```
/// use webhook_signatures::{Tolerance, stripe};
///
/// let verifier = stripe::Verifier::new(["whsec_new", "whsec_old"])?
///     .with_tolerance(Tolerance::from_secs(120));
/// let header = stripe::sign(["whsec_old"], b"{}", 1_000);
/// assert!(verifier.verify(b"{}", &header, 1_060).is_ok());
/// assert_eq!(format!("{verifier:?}").contains("whsec"), false);
/// # Ok::<(), webhook_signatures::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Keys<HmacSha256>,
    tolerance: Tolerance,
}

impl Verifier {
    /// Takes the texts of all secrets that may have been used, `whsec_` included.
    ///
    /// # Errors
    /// [`Error::NoSecret`], [`Error::BlankSecret`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, stripe};
    ///
    /// assert!(stripe::Verifier::new("whsec_a,whsec_b".split(',')).is_ok());
    /// let nothing: [&str; 0] = [];
    /// assert_eq!(stripe::Verifier::new(nothing).unwrap_err(), Error::NoSecret);
    /// ```
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        Ok(Self {
            secrets: Keys::from_texts(secrets)?,
            tolerance: Tolerance::default(),
        })
    }

    /// Sets how old a signature may be, and how far in the future; 300 s both ways otherwise.
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Tolerance) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Checks a body as it came. The time is judged last, so that `TooOld` and `InFuture` are
    /// said of true signatures only.
    ///
    /// # Errors
    /// [`Error::EmptyBody`], [`Error::MissingHeader`], [`Error::HeaderTooLong`],
    /// [`Error::Malformed`], [`Error::NoSupportedScheme`], [`Error::Mismatch`],
    /// [`Error::TooOld`], [`Error::InFuture`].
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, stripe};
    ///
    /// let verifier = stripe::Verifier::new(["whsec_test"])?;
    /// let header = stripe::sign(["whsec_test"], b"{}", 1_000);
    /// assert_eq!(verifier.verify(b"{ }", &header, 1_000), Err(Error::Mismatch));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn verify<'h>(
        &self,
        body: &[u8],
        header: impl Into<Header<'h>>,
        now: impl Into<UnixTime>,
    ) -> Result<Verified, Error> {
        let Signed {
            t,
            signed_at,
            candidates,
        } = Signed::read(header.into().read(HEADER)?)?;
        if body.is_empty() {
            return Err(Error::EmptyBody);
        }
        let secret = self
            .secrets
            .find(&[t, b".", body], |code| {
                let expected = Text::hex(code);
                signatures(candidates).fold(false, |any, given| any | expected.is(given))
            })
            .ok_or(Error::Mismatch)?;
        self.tolerance.check(signed_at, now.into())?;
        Ok(Verified::new(secret, Some(signed_at)))
    }
}

/// Writes the header that Stripe would send: one `v1` for each secret.
///
/// # Examples
///
/// ```
/// use webhook_signatures::stripe;
///
/// let header = stripe::sign(["whsec_new", "whsec_old"], b"{}", 1_763_827_200);
/// assert!(header.starts_with("t=1763827200,v1="));
/// assert_eq!(header.matches("v1=").count(), 2);
/// ```
#[must_use]
pub fn sign<S: AsRef<str>>(
    secrets: impl IntoIterator<Item = S>,
    body: &[u8],
    signed_at: impl Into<UnixTime>,
) -> String {
    let t = signed_at.into().as_secs().to_string();
    let mut header = format!("t={t}");
    for secret in secrets {
        let code = code::<HmacSha256>(secret.as_ref().as_bytes(), &[t.as_bytes(), b".", body]);
        let signature = Text::hex(code.as_ref()).into_string();
        write!(header, ",v1={signature}").expect("writing to a String");
    }
    header
}

/// What a header says, read in one pass.
struct Signed<'h> {
    /// The text of the one `t`, which is what was signed.
    t: &'h [u8],
    /// Its meaning.
    signed_at: UnixTime,
    /// The header from the first `v1` on that could be a signature.
    candidates: &'h [u8],
}

impl<'h> Signed<'h> {
    /// At least one `v1` could be a signature; others beside it do no harm.
    ///
    /// # Errors
    /// [`Error::Malformed`], [`Error::NoSupportedScheme`].
    fn read(header: &'h [u8]) -> Result<Self, Error> {
        let malformed = |reason| Error::Malformed {
            header: HEADER,
            reason,
        };
        let (mut time, mut several) = (None, false);
        let (mut supported, mut candidates) = (false, None);
        for Element { name, value, from } in Elements(Some(header)) {
            match name {
                b"t" => several |= time.replace(value).is_some(),
                b"v1" => {
                    supported = true;
                    if candidates.is_none() && is_hex_sha256(value) {
                        candidates = Some(from);
                    }
                }
                _ => {}
            }
        }
        let t = time.ok_or(malformed(Malformation::NoTimestamp))?;
        if several {
            return Err(malformed(Malformation::SeveralTimestamps));
        }
        let signed_at = timestamp(t, HEADER)?;
        if !supported {
            return Err(Error::NoSupportedScheme { header: HEADER });
        }
        let candidates = candidates.ok_or(malformed(Malformation::BadSignature))?;
        Ok(Self {
            t,
            signed_at,
            candidates,
        })
    }
}

/// The values of all `v1`.
fn signatures(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    Elements(Some(header))
        .filter(|element| element.name == b"v1")
        .map(|element| element.value)
}

/// `name=value`, and the header from there on.
struct Element<'h> {
    name: &'h [u8],
    value: &'h [u8],
    from: &'h [u8],
}

/// The elements of a header; what has no `=` has no value and is passed over.
struct Elements<'h>(Option<&'h [u8]>);

impl<'h> Iterator for Elements<'h> {
    type Item = Element<'h>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let from = self.0?;
            let element = match memchr(b',', from).and_then(|at| from.split_at_checked(at)) {
                Some((element, rest)) => {
                    self.0 = rest.get(1..);
                    element
                }
                None => {
                    self.0 = None;
                    from
                }
            };
            // Names are one or two bytes long: no search is shorter than this one.
            if let Some(at) = element.iter().position(|byte| *byte == b'=')
                && let Some((name, value)) = element.split_at_checked(at)
                && let Some(value) = value.get(1..)
            {
                return Some(Element { name, value, from });
            }
        }
    }
}
