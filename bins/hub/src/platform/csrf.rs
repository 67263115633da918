//! Cross-site requests: two independent checks on every page route that changes something.

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, header};
use integration_core::{BaseUrl, Secret};
use jiff::Timestamp;
use sha2::Sha256;

use super::error::HubError;

/// Makes and checks the hidden `csrf` field of forms.
///
/// The field is an HMAC over the principal and the day: it needs no storage, holds over a
/// restart, and is the same on every hub that shares the signing secret.
#[derive(Debug, Clone)]
pub struct Csrf {
    key: Secret,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Csrf {
    /// Derives the key from the hub's signing secret; without one, from random bytes: forms
    /// that are open then expire when the hub restarts.
    #[must_use]
    pub fn new(signing_secret: Option<&Secret>) -> Self {
        let key = signing_secret.cloned().unwrap_or_else(|| {
            let mut bytes = [0_u8; 32];
            // Without randomness a fixed key would be guessable: refuse all forms instead.
            match getrandom::fill(&mut bytes) {
                Ok(()) => Secret::new(hex(&bytes)),
                Err(_) => Secret::new(String::new()),
            }
        });
        Self { key }
    }

    /// The field for a principal, today.
    #[must_use]
    pub fn token(&self, principal: &str, now: Timestamp) -> String {
        let tag = self.tag(principal, now.as_second().div_euclid(SECONDS_A_DAY));
        hex(&tag.finalize().into_bytes())
    }

    fn tag(&self, principal: &str, day: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(b"csrf\0");
        mac.update(&day.to_be_bytes());
        mac.update(principal.as_bytes());
        mac
    }

    /// Checks where the request comes from, then the field, of today or yesterday.
    ///
    /// # Errors
    ///
    /// 403 without detail.
    pub fn check(
        &self,
        headers: &HeaderMap,
        public_url: Option<&BaseUrl>,
        principal: &str,
        field: &str,
        now: Timestamp,
    ) -> Result<(), HubError> {
        same_origin(headers, public_url)?;
        let given = unhex(field).unwrap_or_default();
        let today = now.as_second().div_euclid(SECONDS_A_DAY);
        let valid = !self.key.expose().is_empty()
            && [today, today - 1]
                .into_iter()
                .any(|day| self.tag(principal, day).verify_slice(&given).is_ok());
        if valid {
            Ok(())
        } else {
            Err(HubError::forbidden().because("csrf field does not match"))
        }
    }
}

/// Requires the browser's word that one of our own pages sent the request.
///
/// # Errors
///
/// 403 when the browser names another site, or says nothing at all.
pub fn same_origin(headers: &HeaderMap, public_url: Option<&BaseUrl>) -> Result<(), HubError> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return if site == "same-origin" {
            Ok(())
        } else {
            Err(HubError::forbidden().because("sent by another site"))
        };
    }
    let Some(origin) = text("origin") else {
        return Err(HubError::forbidden().because("neither Sec-Fetch-Site nor Origin"));
    };
    let ours = match public_url {
        Some(url) => url::Url::parse(url.as_str())
            .ok()
            .map(|url| url.origin().ascii_serialization()),
        None => text(header::HOST.as_str()).map(|host| format!("http://{host}")),
    };
    if ours.as_deref() == Some(origin) {
        Ok(())
    } else {
        Err(HubError::forbidden().because("sent by another origin"))
    }
}

/// Refuses a call that a browser says another site has made. Programs say nothing and pass:
/// a JSON body cannot be sent across sites without asking first.
///
/// # Errors
///
/// 403.
pub fn not_cross_site(headers: &HeaderMap) -> Result<(), HubError> {
    match headers
        .get("sec-fetch-site")
        .map(http::HeaderValue::as_bytes)
    {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(HubError::forbidden().because("sent by another site")),
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) || bytes.len() > 128 {
        return None;
    }
    bytes
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
