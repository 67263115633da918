use std::fmt;

/// Why a webhook is refused, or why a verifier cannot be built.
///
/// Holds neither secrets nor parts of the request. What goes back to the caller of the route is
/// no more than a status; [`code`](Self::code) is for the counter and the log.
///
/// # Examples
///
/// ```
/// use webhook_signatures::{Error, stripe};
///
/// let verifier = stripe::Verifier::new(["whsec_test"])?;
/// let error = verifier.verify(b"{}", None::<&str>, 0).unwrap_err();
/// assert_eq!(error, Error::MissingHeader { header: "Stripe-Signature" });
/// assert_eq!(error.to_string(), "the Stripe-Signature header is missing");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A verifier was to be built without any secret.
    #[error("there is no secret to check with")]
    NoSecret,
    /// A secret is empty or blank: anybody could sign with it.
    #[error("secret {index} is blank")]
    BlankSecret {
        /// Which one, counted from 0.
        index: usize,
    },
    /// A Standard Webhooks secret is not base64.
    #[error("secret {index} is not base64")]
    SecretNotBase64 {
        /// Which one, counted from 0.
        index: usize,
    },
    /// The header is absent or empty.
    #[error("the {header} header is missing")]
    MissingHeader {
        /// The header's name.
        header: &'static str,
    },
    /// The header is longer than [`MAX_HEADER_BYTES`](crate::MAX_HEADER_BYTES).
    #[error("the {header} header is longer than {limit} bytes")]
    HeaderTooLong {
        /// The header's name.
        header: &'static str,
        /// The most that is read.
        limit: usize,
    },
    /// The header cannot be read.
    #[error("the {header} header has {reason}")]
    Malformed {
        /// The header's name.
        header: &'static str,
        /// What is wrong with it.
        reason: Malformation,
    },
    /// The header holds signatures, but none of the scheme that is checked.
    #[error("the {header} header has no signature of a supported scheme")]
    NoSupportedScheme {
        /// The header's name.
        header: &'static str,
    },
    /// Twilio names an algorithm that is not known.
    #[error("the request is signed with an unknown algorithm")]
    UnsupportedAlgorithm,
    /// Twilio names an algorithm for which the verifier has no key.
    #[error("there is no key for {algorithm}")]
    NoKey {
        /// Twilio's name of the algorithm.
        algorithm: &'static str,
    },
    /// The body is empty, which this sender never sends.
    #[error("the body is empty")]
    EmptyBody,
    /// The address of the request is not an absolute one.
    #[error("the address of the request is not absolute")]
    BadUrl,
    /// The form has more parameters than any real request.
    #[error("the form has more than {limit} parameters")]
    TooManyParameters {
        /// The most that is read.
        limit: usize,
    },
    /// There is a body, and the signature cannot cover it.
    #[error("the body is not covered by the signature")]
    BodyNotSigned,
    /// The signature is right, but the body is not the one that was signed.
    #[error("the body does not have the signed hash")]
    BodyHashMismatch,
    /// No signature was made with any of the secrets over this request.
    #[error("no signature matches")]
    Mismatch,
    /// The signature is right, but was made too long ago.
    #[error("the signature is {age_secs} s old, the most is {tolerance_secs} s")]
    TooOld {
        /// Its age in seconds.
        age_secs: u64,
        /// The greatest age that is accepted, in seconds.
        tolerance_secs: u64,
    },
    /// The signature is right, but was made in the future.
    #[error("the signature is {ahead_secs} s in the future, the most is {tolerance_secs} s")]
    InFuture {
        /// How far ahead of `now` it is, in seconds.
        ahead_secs: u64,
        /// How far ahead is accepted, in seconds.
        tolerance_secs: u64,
    },
}

impl Error {
    /// A stable name for counters and logs: the variant in snake case.
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::Error;
    ///
    /// assert_eq!(Error::Mismatch.code(), "mismatch");
    /// assert_eq!(Error::TooOld { age_secs: 301, tolerance_secs: 300 }.code(), "too_old");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSecret => "no_secret",
            Self::BlankSecret { .. } => "blank_secret",
            Self::SecretNotBase64 { .. } => "secret_not_base64",
            Self::MissingHeader { .. } => "missing_header",
            Self::HeaderTooLong { .. } => "header_too_long",
            Self::Malformed { .. } => "malformed",
            Self::NoSupportedScheme { .. } => "no_supported_scheme",
            Self::UnsupportedAlgorithm => "unsupported_algorithm",
            Self::NoKey { .. } => "no_key",
            Self::EmptyBody => "empty_body",
            Self::BadUrl => "bad_url",
            Self::TooManyParameters { .. } => "too_many_parameters",
            Self::BodyNotSigned => "body_not_signed",
            Self::BodyHashMismatch => "body_hash_mismatch",
            Self::Mismatch => "mismatch",
            Self::TooOld { .. } => "too_old",
            Self::InFuture { .. } => "in_future",
        }
    }

    /// Whether the receiver's own settings are at fault, and not the request.
    ///
    /// # Examples
    ///
    /// ```
    /// use webhook_signatures::{Error, stripe};
    ///
    /// let error = stripe::Verifier::new(["  "]).unwrap_err();
    /// assert!(error.is_configuration());
    /// assert!(!Error::Mismatch.is_configuration());
    /// ```
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        matches!(
            self,
            Self::NoSecret | Self::BlankSecret { .. } | Self::SecretNotBase64 { .. }
        )
    }
}

/// What is wrong with a header that is there.
///
/// # Examples
///
/// ```
/// use webhook_signatures::{Error, Malformation, stripe};
///
/// let verifier = stripe::Verifier::new(["whsec_test"])?;
/// let error = verifier.verify(b"{}", "t=1,t=2,v1=00", 0).unwrap_err();
/// assert!(matches!(error, Error::Malformed { reason: Malformation::SeveralTimestamps, .. }));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Malformation {
    /// No time of signing.
    NoTimestamp,
    /// More than one time of signing.
    SeveralTimestamps,
    /// The time of signing is not a plain decimal number of seconds.
    BadTimestamp,
    /// No signature has the length and the alphabet of one.
    BadSignature,
    /// The message id is not one: empty, or with a full stop.
    BadId,
    /// A settings header without one `algorithm`.
    BadSettings,
    /// Not `Bearer` and a token.
    NotBearer,
}

impl fmt::Display for Malformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoTimestamp => "no timestamp",
            Self::SeveralTimestamps => "several timestamps",
            Self::BadTimestamp => "a timestamp that is not a number of seconds",
            Self::BadSignature => "no well-formed signature",
            Self::BadId => "a message id that is empty or holds a full stop",
            Self::BadSettings => "no single algorithm",
            Self::NotBearer => "no bearer token",
        })
    }
}
