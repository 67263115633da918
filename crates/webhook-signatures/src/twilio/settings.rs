//! `X-Twilio-Webhooks-Signature-Settings: key=<id>,algorithm=HMAC_SHA256`.

use super::SETTINGS_HEADER;
use crate::{Error, Header, Malformation};

pub(super) enum Algorithm {
    /// With the auth token: also what a request without the header is signed with.
    HmacSha1,
    /// With a shared key.
    HmacSha256,
}

/// What the header asks for.
///
/// # Errors
/// [`Error::HeaderTooLong`], [`Error::Malformed`], [`Error::UnsupportedAlgorithm`].
pub(super) fn algorithm(header: Header<'_>) -> Result<Algorithm, Error> {
    if header.is_absent() {
        return Ok(Algorithm::HmacSha1);
    }
    let value = header.read(SETTINGS_HEADER)?;
    let mut names = value
        .split(|byte| *byte == b',')
        .filter_map(|element| element.trim_ascii().strip_prefix(b"algorithm="));
    match (names.next(), names.next()) {
        (Some(b"HMAC_SHA256"), None) => Ok(Algorithm::HmacSha256),
        (Some(b"HMAC_SHA1"), None) => Ok(Algorithm::HmacSha1),
        (Some(_), None) => Err(Error::UnsupportedAlgorithm),
        _ => Err(Error::Malformed {
            header: SETTINGS_HEADER,
            reason: Malformation::BadSettings,
        }),
    }
}
