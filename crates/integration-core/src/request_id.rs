use std::fmt;
use std::str::FromStr;

/// The id under which one request can be found in every log it touched (`X-Request-Id`).
///
/// 1 to 64 characters of `[A-Za-z0-9._-]`: safe in a header, a log line and a page.
///
/// # Examples
///
/// ```
/// use integration_core::RequestId;
///
/// let id: RequestId = "req-42".parse()?;
/// assert_eq!(id.as_str(), "req-42");
/// assert!("a b".parse::<RequestId>().is_err());
/// assert_ne!(RequestId::from_random(1).as_str(), RequestId::from_random(2).as_str());
/// # Ok::<(), integration_core::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(String);

impl RequestId {
    /// Name of the header that carries it.
    pub const HEADER: http::HeaderName = http::HeaderName::from_static("x-request-id");

    /// Makes an id out of 128 random bits.
    #[must_use]
    pub fn from_random(random: u128) -> Self {
        Self(format!("{random:032x}"))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RequestId {
    type Err = crate::Invalid;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(crate::Invalid::new(
                "a request id has 1 to 64 characters of A-Z a-z 0-9 . _ -",
            ))
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
