//! How to be let in.

use integration_core::Secret;

/// How a client says who it is. `Debug` never shows the secret part.
///
/// # Examples
/// ```
/// use erpnext_client::Credentials;
///
/// let key = Credentials::token("0a1b2c3d4e5f6a7", "s3cret");
/// assert!(!format!("{key:?}").contains("s3cret"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Credentials {
    /// As Guest.
    #[default]
    Guest,
    /// `Authorization: token key:secret`, of a user's API access.
    Token {
        /// API key.
        key: String,
        /// API secret.
        secret: Secret,
    },
    /// The same pair as HTTP Basic, for proxies that know only that.
    Basic {
        /// API key.
        key: String,
        /// API secret.
        secret: Secret,
    },
    /// An OAuth 2 access token.
    Bearer(Secret),
    /// A user and a password: logs in, and again when the session has expired.
    Session {
        /// User: e-mail address or `Administrator`.
        user: String,
        /// Password.
        password: Secret,
    },
}

impl Credentials {
    /// API key and secret, sent as `Authorization: token …`.
    pub fn token(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::Token {
            key: key.into(),
            secret: secret.into(),
        }
    }

    /// API key and secret, sent as HTTP Basic.
    pub fn basic(key: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::Basic {
            key: key.into(),
            secret: secret.into(),
        }
    }

    /// An OAuth 2 access token.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::Bearer(token.into())
    }

    /// A user and a password.
    pub fn session(user: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self::Session {
            user: user.into(),
            password: password.into(),
        }
    }
}
