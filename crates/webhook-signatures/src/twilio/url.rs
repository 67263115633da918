//! The address, and the spellings in which Twilio may have signed it.

use crate::Error;

/// The parts of an absolute address; joined they are the address.
#[derive(Clone, Copy)]
pub(super) struct Address<'a> {
    /// Up to and with `://` and a user's `…@`.
    start: &'a str,
    host: &'a str,
    port: Option<&'a str>,
    /// The path, up to the query.
    path: &'a str,
    /// `?` or `#` and what follows it.
    query: &'a str,
    defaults: &'static [&'static str],
}

impl<'a> Address<'a> {
    /// # Errors
    /// [`Error::BadUrl`].
    pub(super) fn parse(url: &'a str) -> Result<Self, Error> {
        let (scheme, rest) = url.split_once("://").ok_or(Error::BadUrl)?;
        let is_scheme = scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user, host) = match authority.rfind('@') {
            Some(at) => authority.split_at(at + 1),
            None => ("", authority),
        };
        // The last colon, unless it is inside the brackets of an IPv6 address.
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, Some(port))
            }
            _ => (host, None),
        };
        if scheme.is_empty() || !is_scheme || host.is_empty() {
            return Err(Error::BadUrl);
        }
        let start = scheme.len() + "://".len() + user.len();
        let (path, query) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        Ok(Self {
            start: url.get(..start).ok_or(Error::BadUrl)?,
            host,
            port,
            path,
            query,
            defaults: default_ports(scheme),
        })
    }

    /// The hash that the query gives for the body; of several the first.
    pub(super) fn body_sha256(&self) -> Option<&'a str> {
        self.query
            .strip_prefix('?')?
            .split('#')
            .next()?
            .split('&')
            .find_map(|pair| pair.strip_prefix("bodySHA256="))
    }

    /// As it is first; then every combination of the other ways to write it.
    pub(super) fn spellings(self) -> impl Iterator<Item = Spelling<'a>> {
        let quotes: &[bool] = either(self.query.contains('\''));
        let lower: &[bool] = either(self.host.bytes().any(|byte| byte.is_ascii_uppercase()));
        // With a port: as it is, then without. Without one: as it is, then with the default.
        let alternatives: &[&str] = if self.port.is_some() {
            &[""]
        } else {
            self.defaults
        };
        quotes.iter().flat_map(move |&escape_quotes| {
            lower.iter().flat_map(move |&lower_host| {
                std::iter::once(self.port)
                    .chain(
                        alternatives
                            .iter()
                            .map(|port| Some(*port).filter(|port| !port.is_empty())),
                    )
                    .map(move |port| Spelling {
                        address: self,
                        port,
                        lower_host,
                        escape_quotes,
                    })
            })
        })
    }
}

/// One way to write the address.
pub(super) struct Spelling<'a> {
    address: Address<'a>,
    port: Option<&'a str>,
    lower_host: bool,
    escape_quotes: bool,
}

impl Spelling<'_> {
    /// Hands out the parts, one after the other; nothing is allocated.
    pub(super) fn feed(&self, mut part: impl FnMut(&[u8])) {
        part(self.address.start.as_bytes());
        if self.lower_host {
            for byte in self.address.host.bytes() {
                part(&[byte.to_ascii_lowercase()]);
            }
        } else {
            part(self.address.host.as_bytes());
        }
        if let Some(port) = self.port {
            part(b":");
            part(port.as_bytes());
        }
        part(self.address.path.as_bytes());
        if self.escape_quotes {
            for (index, piece) in self.address.query.split('\'').enumerate() {
                if index > 0 {
                    part(b"%27");
                }
                part(piece.as_bytes());
            }
        } else {
            part(self.address.query.as_bytes());
        }
    }
}

fn either(both: bool) -> &'static [bool] {
    if both { &[false, true] } else { &[false] }
}

/// Twilio's libraries add 80 to `wss`, which is wrong: 443 is tried too.
fn default_ports(scheme: &str) -> &'static [&'static str] {
    if scheme.eq_ignore_ascii_case("https") {
        &["443"]
    } else if scheme.eq_ignore_ascii_case("wss") {
        &["443", "80"]
    } else if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("ws") {
        &["80"]
    } else {
        &[]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::Address;

    fn spellings(url: &str) -> Vec<String> {
        Address::parse(url)
            .unwrap()
            .spellings()
            .map(|spelling| {
                let mut text = Vec::new();
                spelling.feed(|part| text.extend_from_slice(part));
                String::from_utf8(text).unwrap()
            })
            .collect()
    }

    #[test]
    fn the_address_itself_comes_first_then_the_port() {
        assert_eq!(
            spellings("https://example.ca/a?b=c"),
            ["https://example.ca/a?b=c", "https://example.ca:443/a?b=c"]
        );
        assert_eq!(
            spellings("https://example.ca:8443?"),
            ["https://example.ca:8443?", "https://example.ca?"]
        );
        assert_eq!(
            spellings("wss://example.ca/ws"),
            [
                "wss://example.ca/ws",
                "wss://example.ca:443/ws",
                "wss://example.ca:80/ws"
            ]
        );
    }

    #[test]
    fn users_and_ipv6_keep_their_colons() {
        assert_eq!(
            spellings("https://user:pass@example.ca:8443/"),
            [
                "https://user:pass@example.ca:8443/",
                "https://user:pass@example.ca/"
            ]
        );
        assert_eq!(
            spellings("https://[2001:db8::7]:8443/x"),
            ["https://[2001:db8::7]:8443/x", "https://[2001:db8::7]/x"]
        );
        assert_eq!(
            spellings("https://[2001:db8::7]/x"),
            ["https://[2001:db8::7]/x", "https://[2001:db8::7]:443/x"]
        );
    }

    #[test]
    fn a_host_in_capitals_and_an_apostrophe_have_other_spellings() {
        let all = spellings("https://Example.ca/it's?a='b'");
        assert_eq!(all.len(), 8);
        assert!(all.contains(&"https://example.ca/it's?a=%27b%27".to_owned()));
    }

    #[test]
    fn what_is_not_absolute_is_refused() {
        for bad in [
            "",
            "/sms",
            "https:/x",
            "://x",
            "https://",
            "https://u@/x",
            "ht tp://x",
            "https://:80/",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_first_hash_of_the_query_counts() {
        let hash = |url| Address::parse(url).unwrap().body_sha256();
        assert_eq!(
            hash("https://x/?a=1&bodySHA256=ab&bodySHA256=cd"),
            Some("ab")
        );
        assert_eq!(hash("https://x/?bodySHA256=ab#c"), Some("ab"));
        assert_eq!(hash("https://x/#?bodySHA256=ab"), None);
        assert_eq!(hash("https://x/?xbodySHA256=ab"), None);
        assert_eq!(hash("https://x/bodySHA256=ab"), None);
    }
}
