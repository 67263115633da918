use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};

use crate::Secret;

/// How a client says who it is. `Debug` never shows the secret part.
///
/// # Examples
///
/// ```
/// use integration_core::{Credentials, Secret};
///
/// let basic = Credentials::basic("hub", Secret::new("hunter2"));
/// assert!(!format!("{basic:?}").contains("hunter2"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// No credential is sent.
    #[default]
    None,
    /// HTTP Basic (RFC 7617), user and password in UTF-8.
    Basic {
        /// The user name; must not hold a colon.
        user: String,
        /// The password.
        password: Secret,
    },
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Secret),
    /// A header of the remote's own, such as `X-API-Key`, or `Authorization: token k:s`.
    Header {
        /// Name of the header.
        name: HeaderName,
        /// Its whole value.
        value: Secret,
    },
}

impl Credentials {
    /// HTTP Basic credentials.
    pub fn basic(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::Basic {
            user: user.into(),
            password: password.into(),
        }
    }

    /// A bearer token.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::Bearer(token.into())
    }

    /// A header of the remote's own.
    pub fn header(name: HeaderName, value: impl Into<Secret>) -> Self {
        Self::Header {
            name,
            value: value.into(),
        }
    }

    /// The header to send, marked sensitive, or what is wrong with the credential.
    ///
    /// # Errors
    ///
    /// A sentence without the secret when the credential cannot be written as a header:
    /// control characters, or a colon in a Basic user name.
    pub fn to_header(&self) -> Result<Option<(HeaderName, HeaderValue)>, &'static str> {
        let (name, text) = match self {
            Self::None => return Ok(None),
            Self::Basic { user, password } => {
                if user.contains(':') {
                    return Err("a Basic user name must not hold a colon");
                }
                let pair = format!("{user}:{}", password.expose());
                (
                    http::header::AUTHORIZATION,
                    format!("Basic {}", STANDARD.encode(pair)),
                )
            }
            Self::Bearer(token) => (
                http::header::AUTHORIZATION,
                format!("Bearer {}", token.expose()),
            ),
            Self::Header { name, value } => (name.clone(), value.expose().to_owned()),
        };
        let mut value = HeaderValue::from_str(&text)
            .map_err(|_| "the credential holds a character that a header cannot carry")?;
        value.set_sensitive(true);
        Ok(Some((name, value)))
    }
}
