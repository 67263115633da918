//! Cross-site requests: two independent checks on every page route that changes something.

use axum::extract::FromRequestParts;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::request::Parts;
use http::{HeaderMap, header};
use integration_core::{BaseUrl, Secret};
use jiff::Timestamp;
use sha2::Sha256;

use super::error::HubError;
use super::identity::Staff;
use crate::Hub;

/// Makes and checks the hidden `csrf` field of forms.
///
/// The field is an HMAC over the principal and the day: it needs no storage, holds over a
/// restart, and is the same on every hub that shares the signing secret.
#[derive(Debug, Clone)]
pub struct Csrf {
    /// The first makes fields, all check them.
    keys: Vec<Secret>,
}

const SECONDS_A_DAY: i64 = 86_400;

impl Csrf {
    /// Derives the keys from the hub's signing secrets; without one, from random bytes: forms
    /// that are open then expire when the hub restarts.
    #[must_use]
    pub fn new(signing_secrets: &[Secret]) -> Self {
        let mut keys = signing_secrets.to_vec();
        let mut bytes = [0_u8; 32];
        // Without randomness a fixed key would be guessable: no key refuses all forms instead.
        if keys.is_empty() && getrandom::fill(&mut bytes).is_ok() {
            keys.push(Secret::new(hex(&bytes)));
        }
        Self { keys }
    }

    /// The field for a principal, today.
    #[must_use]
    pub fn token(&self, principal: &str, now: Timestamp) -> String {
        let day = now.as_second().div_euclid(SECONDS_A_DAY);
        let tag = self
            .keys
            .first()
            .map(|key| tag(key, "csrf", principal, day));
        tag.map(|tag| hex(&tag.finalize().into_bytes()))
            .unwrap_or_default()
    }

    /// A name for a principal that tells two apart in a log and tells nobody who they are.
    #[must_use]
    pub fn pseudonym(&self, principal: &str) -> String {
        let tag = self.keys.first().map(|key| tag(key, "log", principal, 0));
        let mut name = tag
            .map(|tag| hex(&tag.finalize().into_bytes()))
            .unwrap_or_default();
        name.truncate(12);
        name
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
        let valid = self.keys.iter().any(|key| {
            [today, today - 1].into_iter().any(|day| {
                tag(key, "csrf", principal, day)
                    .verify_slice(&given)
                    .is_ok()
            })
        });
        if valid {
            Ok(())
        } else {
            Err(HubError::forbidden().because("csrf field does not match"))
        }
    }
}

fn tag(key: &Secret, purpose: &str, principal: &str, day: i64) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose().as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    mac.update(&day.to_be_bytes());
    mac.update(principal.as_bytes());
    mac
}

/// A member of staff who may change something here: signed in, and not led by another site.
/// Routes of JSON that write take it in place of [`Staff`]; pages check their form as well.
#[derive(Clone, Debug)]
pub struct Acting(pub Staff);

impl FromRequestParts<Hub> for Acting {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, HubError> {
        let staff = Staff::from_request_parts(parts, hub).await?;
        not_cross_site(&parts.headers, hub.config().public_url.as_ref())?;
        Ok(Self(staff))
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

/// Refuses a call that a browser says another site has made. Programs say nothing and pass.
///
/// # Errors
///
/// 403.
fn not_cross_site(headers: &HeaderMap, public_url: Option<&BaseUrl>) -> Result<(), HubError> {
    let named = |name: &str| headers.contains_key(name);
    match headers
        .get("sec-fetch-site")
        .map(http::HeaderValue::as_bytes)
    {
        Some(b"none") => Ok(()),
        None if !named("origin") => Ok(()),
        _ => same_origin(headers, public_url),
    }
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
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
