//! Who calls: only a trusted proxy may say so.
//!
//! Staff sign in at an identity proxy, which names them in headers. A peer that is not such a
//! proxy and sends those headers is forging: they are removed before any route sees them.

use std::net::{IpAddr, SocketAddr};

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;

use super::error::HubError;

/// The address at the other end of the TCP connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The address a rate limit counts: the peer, or the first hop no trusted proxy vouches for.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

/// Marks a request that came from this very machine, through no proxy.
#[derive(Clone, Copy, Debug)]
pub struct Direct;

/// A member of staff, named by the identity proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// `X-Authentik-Email`.
    pub email: String,
    /// `X-Authentik-Groups`, split at `|`.
    pub groups: Vec<String>,
}

const EMAIL: HeaderName = HeaderName::from_static("x-authentik-email");
const GROUPS: HeaderName = HeaderName::from_static("x-authentik-groups");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A header by which a proxy says who calls and from where, in any spelling that some server
/// on the way might fold into it.
fn is_identity_header(name: &str) -> bool {
    let folded = name.to_ascii_lowercase().replace(['_', '.'], "-");
    folded == "forwarded"
        || folded.starts_with("x-authentik-")
        || folded.starts_with("x-forwarded-")
        || folded == "x-real-ip"
}

/// Whether a request came from this very machine, through no proxy. To be asked before
/// [`settle`] removes what a proxy would have added.
#[must_use]
pub fn is_direct(headers: &HeaderMap, peer: SocketAddr) -> bool {
    let proxied = |name: &HeaderName| {
        let name = name.as_str();
        is_identity_header(name) || name == "via"
    };
    peer.ip().to_canonical().is_loopback() && !headers.keys().any(proxied)
}

/// Settles who calls. Removes what the peer may not say and answers the client's address and,
/// where the proxy names one, the member of staff.
///
/// # Errors
///
/// 400 when a trusted proxy passes on a header twice, in a misleading spelling, or named in
/// `Connection`: something before it let a forgery through.
pub fn settle(
    headers: &mut HeaderMap,
    peer: SocketAddr,
    trusted: &[IpNet],
) -> Result<(ClientAddress, Option<Staff>), HubError> {
    let peer_address = peer.ip().to_canonical();
    let trusts = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    if !trusts(peer_address) {
        let forged: Vec<HeaderName> = headers
            .keys()
            .filter(|name| is_identity_header(name.as_str()))
            .cloned()
            .collect();
        for name in forged {
            headers.remove(name);
        }
        return Ok((ClientAddress(peer_address), None));
    }

    let suspicious = |rule: &'static str| Err(HubError::malformed().because(rule));
    for name in headers.keys() {
        let name = name.as_str();
        if is_identity_header(name) && name.contains(['_', '.']) {
            return suspicious("an identity header in a misleading spelling");
        }
    }
    let hop_by_hop = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|name| is_identity_header(name.trim()));
    if hop_by_hop {
        return suspicious("an identity header named in Connection");
    }
    // Only the list of hops may stand in several lines: each proxy may add its own.
    let twice = headers.keys().any(|name| {
        is_identity_header(name.as_str())
            && name != FORWARDED_FOR
            && headers.get_all(name).iter().nth(1).is_some()
    });
    if twice {
        return suspicious("an identity header sent twice");
    }
    let address = forwarded_address(headers, peer_address, trusts);
    // A proxy writes names as they are: in UTF-8.
    let text = |name: &HeaderName| match headers.get(name) {
        None => Ok(""),
        Some(value) => std::str::from_utf8(value.as_bytes())
            .map_err(|_| HubError::malformed().because("an identity header not in UTF-8")),
    };
    let staff = match text(&EMAIL)?.trim() {
        "" => None,
        email => Some(Staff {
            email: email.to_owned(),
            groups: text(&GROUPS)?
                .split('|')
                .map(str::trim)
                .filter(|group| !group.is_empty())
                .map(str::to_owned)
                .collect(),
        }),
    };
    Ok((ClientAddress(address), staff))
}

/// The first address from the right of `X-Forwarded-For` that is not a proxy of ours: what is
/// left of it is what the client chose to write.
fn forwarded_address(headers: &HeaderMap, peer: IpAddr, trusts: impl Fn(IpAddr) -> bool) -> IpAddr {
    let hops: Vec<&str> = headers
        .get_all(&FORWARDED_FOR)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let mut address = peer;
    for hop in hops.into_iter().rev() {
        let Ok(hop) = hop.parse::<IpAddr>() else {
            break;
        };
        address = hop.to_canonical();
        if !trusts(address) {
            break;
        }
    }
    address
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HubError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(HubError::unauthenticated)
    }
}
