//! The hub itself.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;

use integration_core::ApiPath;
use serde_json::Value;

use super::{Asked, Check, Finding, Status, probe};

/// Asks `/health`, then `/ready`.
pub(super) struct Hub;

impl Check for Hub {
    fn name(&self) -> (&'static str, &'static str) {
        ("hub", "Hub")
    }

    fn settings(&self) -> &'static [&'static str] {
        &["PUBLIC_URL", "HUB_LISTEN"]
    }

    fn probe<'a>(&'a self, of: &'a Asked<'a>) -> Pin<Box<dyn Future<Output = Finding> + 'a>> {
        Box::pin(ask(of))
    }
}

async fn ask(of: &Asked<'_>) -> Finding {
    let base = match (of.settings.get("PUBLIC_URL"), of.settings.get("HUB_LISTEN")) {
        (Some(url), _) => url.to_owned(),
        (None, Some(listen)) => local(listen),
        (None, None) => return Finding::new(Status::NotConfigured, ""),
    };
    let health = match probe::get(&base, ApiPath::new("health"), &[], of).await {
        Ok(reply) => reply,
        Err(finding) => return finding,
    };
    let version = health
        .response
        .json::<Value>()
        .ok()
        .and_then(|body| body.get("version")?.as_str().map(str::to_owned));
    let mut finding = if health.response.status().is_success() {
        match probe::get(&base, ApiPath::new("ready"), &[], of).await {
            Ok(ready) if ready.response.status().is_success() => {
                health.sound(of.lang.pick("prêt", "ready"), of)
            }
            Ok(_) | Err(_) => health
                .finding(
                    Status::Degraded,
                    of.lang
                        .pick("en marche, mais pas prêt", "running, but not ready"),
                )
                .fix(of.lang.pick(
                    "GET /ready dit ce qui manque",
                    "GET /ready says what is missing",
                )),
        }
    } else {
        let code = health.response.status().as_u16();
        health
            .finding(
                Status::Failed,
                format!(
                    "{} {code}",
                    of.lang.pick("/health répond", "/health answers")
                ),
            )
            .fix(of.lang.pick("regardez son journal", "look at its log"))
    };
    finding.version = version;
    finding
}

/// The address to reach a listener at: "every address" is reached on loopback.
fn local(listen: &str) -> String {
    let Ok(mut address) = listen.parse::<SocketAddr>() else {
        return listen.to_owned();
    };
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn every_address_is_reached_on_loopback() {
        assert_eq!(local("0.0.0.0:3300"), "http://127.0.0.1:3300");
        assert_eq!(local("[::]:3300"), "http://[::1]:3300");
        assert_eq!(local("192.0.2.4:80"), "http://192.0.2.4:80");
    }
}
