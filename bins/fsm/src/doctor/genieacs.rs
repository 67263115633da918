//! The GenieACS northbound interface.

use std::future::Future;
use std::pin::Pin;

use http::StatusCode;
use integration_core::ApiPath;

use super::{Asked, Check, Finding, Status, probe};
use crate::lang::Lang;

/// Asks for one device id: the cheapest question that goes through to the document store.
pub(super) struct Genieacs;

impl Check for Genieacs {
    fn name(&self) -> (&'static str, &'static str) {
        ("genieacs", "GenieACS NBI")
    }

    fn settings(&self) -> &'static [&'static str] {
        &["GENIEACS_NBI_URL"]
    }

    fn probe<'a>(&'a self, of: &'a Asked<'a>) -> Pin<Box<dyn Future<Output = Finding> + 'a>> {
        Box::pin(ask(of))
    }
}

async fn ask(of: &Asked<'_>) -> Finding {
    let base = of.settings.get("GENIEACS_NBI_URL").unwrap_or_default();
    let query = [("limit", "1"), ("projection", "_id")];
    let reply = match probe::get(base, ApiPath::new("devices"), &query, of).await {
        Ok(reply) => reply,
        Err(finding) => return finding,
    };
    let response = &reply.response;
    let version = response.header("genieacs-version").map(str::to_owned);
    let rows = response.json::<Vec<serde_json::Value>>();
    let total = response
        .header("total")
        .and_then(|total| total.parse::<u64>().ok());
    let mut finding = match (response.status(), rows) {
        (StatusCode::OK, Ok(_)) => {
            let message = match (of.lang, total) {
                (Lang::Fr, Some(total)) => format!("répond; appareils connus: {total}"),
                (Lang::En, Some(total)) => format!("answers; devices known: {total}"),
                (lang, None) => lang.pick("répond", "answers").to_owned(),
            };
            reply.sound(message, of)
        }
        (StatusCode::OK, Err(_)) => reply
            .finding(
                Status::Failed,
                of.lang.pick(
                    "répond autre chose qu’une liste d’appareils",
                    "answers something else than a list of devices",
                ),
            )
            .fix(of.lang.pick(
                "GENIEACS_NBI_URL doit mener au NBI (port 7557), pas à l’interface web",
                "GENIEACS_NBI_URL must lead to the NBI (port 7557), not to the web interface",
            )),
        (StatusCode::NOT_FOUND, _) => reply
            .finding(
                Status::Failed,
                of.lang
                    .pick("ne connaît pas /devices", "does not know /devices"),
            )
            .fix(of.lang.pick(
                "vérifiez le chemin dans GENIEACS_NBI_URL",
                "check the path in GENIEACS_NBI_URL",
            )),
        (status, _) => reply
            .finding(
                Status::Failed,
                format!("{} {}", of.lang.pick("répond", "answers"), status.as_u16()),
            )
            .fix(of.lang.pick(
                "regardez son journal et sa base MongoDB",
                "look at its log and its MongoDB",
            )),
    };
    // `1.2.16+26112238e9`: what follows the plus sign is the build.
    finding.version =
        version.map(|version| version.split('+').next().unwrap_or_default().to_owned());
    finding
}
