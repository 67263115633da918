use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// RFC 3986 "unreserved": what every server takes literally in a path segment.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// For servers that match the path before decoding it and know few literal characters.
const STRICT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');
/// What RFC 3986 §3.3 allows in a segment besides "unreserved".
const KEEPABLE: &str = "!$&'()*+,;=:@";

fn addressable(segment: &str) -> Result<(), Invalid> {
    match segment {
        "" => Err(Invalid::new("a path segment is not empty")),
        "." | ".." => Err(Invalid::new(
            "\".\" and \"..\" cannot be addressed by a URL",
        )),
        _ => Ok(()),
    }
}

/// A foreign text (address, path, id, header) that cannot be used, with the rule it breaks (never the value).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{rule}")]
pub struct Invalid {
    rule: &'static str,
}

impl Invalid {
    pub(crate) const fn new(rule: &'static str) -> Self {
        Self { rule }
    }
}

/// The address of a remote system: scheme, host, port and an optional path prefix.
///
/// With or without a trailing slash it means the same. `Debug` and `Display` show no more
/// than the address, since credentials are refused inside it.
///
/// # Examples
///
/// ```
/// use integration_core::{ApiPath, BaseUrl};
///
/// let base: BaseUrl = "https://acs.example.ca/nbi/".parse()?;
/// let url = base.join(&ApiPath::new("devices").segment("a/b")?);
/// assert_eq!(url.as_str(), "https://acs.example.ca/nbi/devices/a%2Fb");
/// # Ok::<(), integration_core::Invalid>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Appends a path; the prefix of the base stays.
    #[must_use]
    pub fn join(&self, path: &ApiPath) -> Url {
        let mut url = self.0.clone();
        let prefix = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{prefix}/{}", path.0));
        url
    }

    /// Host, and port where it is not the scheme's own, for logs.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.authority()
    }

    /// Tells whether the connection is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for BaseUrl {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let url = Url::parse(text.trim())
            .map_err(|_| Invalid::new("an address looks like https://host[:port][/prefix]"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Invalid::new("an address begins with http:// or https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Invalid::new(
                "an address holds no user or password; give them as credentials",
            ));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Invalid::new("an address has no ? query and no # fragment"));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({})", self.as_str())
    }
}

/// A path below a [`BaseUrl`], built of segments that are percent-encoded one by one.
///
/// # Examples
///
/// ```
/// use integration_core::ApiPath;
///
/// let path = ApiPath::new("api/resource").segment("Sales Invoice")?.segment("FA-1/2")?;
/// assert_eq!(path.as_str(), "api/resource/Sales%20Invoice/FA-1%2F2");
/// assert!(ApiPath::new("files").segment("..").is_err());
/// # Ok::<(), integration_core::Invalid>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiPath(String);

impl ApiPath {
    /// Starts with a literal written in the source of the client, slashes included.
    #[must_use]
    pub fn new(literal: &'static str) -> Self {
        Self(literal.trim_matches('/').to_owned())
    }

    /// Appends a literal written in the source of the client.
    #[must_use]
    pub fn literal(mut self, literal: &'static str) -> Self {
        self.0.push('/');
        self.0.push_str(literal.trim_matches('/'));
        self
    }

    /// Appends one segment of foreign text; everything but RFC 3986 unreserved is encoded.
    ///
    /// # Errors
    ///
    /// Empty text, `.` and `..` cannot be addressed in any URL: servers and URL parsers
    /// take them, encoded or not, for steps in the path.
    pub fn segment(self, text: &str) -> Result<Self, Invalid> {
        self.encoded_with(text, SEGMENT)
    }

    /// Appends one segment and encodes every byte outside `[A-Za-z0-9_-]`, for servers that
    /// match the raw path against a narrow alphabet.
    ///
    /// # Errors
    ///
    /// As [`segment`](Self::segment).
    pub fn segment_strict(self, text: &str) -> Result<Self, Invalid> {
        self.encoded_with(text, STRICT)
    }

    /// Appends one segment as [`segment`](Self::segment) does, but leaves some characters as
    /// they are, for servers that match them before decoding the path.
    ///
    /// `keep` is written in the source of the client; it may hold what RFC 3986 §3.3 allows
    /// in a segment: `!$&'()*+,;=:@`.
    ///
    /// # Errors
    ///
    /// As [`segment`](Self::segment), and when `keep` holds any other character.
    ///
    /// # Examples
    ///
    /// ```
    /// use integration_core::ApiPath;
    ///
    /// let path = ApiPath::new("ping").segment_with("2001:db8::1", ":")?;
    /// assert_eq!(path.as_str(), "ping/2001:db8::1");
    /// assert_eq!(ApiPath::new("x").segment_with("a:b/c@d", ":")?.as_str(), "x/a:b%2Fc%40d");
    /// assert!(ApiPath::new("x").segment_with("a/b", "/").is_err());
    /// # Ok::<(), integration_core::Invalid>(())
    /// ```
    pub fn segment_with(mut self, text: &str, keep: &'static str) -> Result<Self, Invalid> {
        if !keep.chars().all(|char| KEEPABLE.contains(char)) {
            return Err(Invalid::new(
                "only !$&'()*+,;=:@ can stay as they are in a path segment",
            ));
        }
        addressable(text)?;
        self.0.push('/');
        for char in text.chars() {
            if keep.contains(char) {
                self.0.push(char);
            } else {
                let encoded =
                    utf8_percent_encode(char.encode_utf8(&mut [0; 4]), SEGMENT).to_string();
                self.0.push_str(&encoded);
            }
        }
        Ok(self)
    }

    fn encoded_with(mut self, text: &str, set: &'static AsciiSet) -> Result<Self, Invalid> {
        addressable(text)?;
        self.0.push('/');
        self.0.extend(utf8_percent_encode(text, set));
        Ok(self)
    }

    /// The encoded path, without a slash in front.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
