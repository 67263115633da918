//! Stripe: whether the key is good, of which mode it is, and whether events find their way to us.

use std::future::Future;
use std::pin::Pin;

use integration_core::{ApiPath, Credentials};
use serde::Deserialize;

use super::{Asked, Check, Finding, Status, probe};
use crate::lang::Lang;

/// Stripe's own address, unless `STRIPE_API_URL` says otherwise.
const STRIPE: &str = "https://api.stripe.com";
/// Where the hub takes events.
const ROUTE: &str = "/webhook/stripe";
/// Without these events money is not booked.
const NEEDED: &[&str] = &[
    "checkout.session.completed",
    "payment_intent.succeeded",
    "charge.refunded",
];

/// Asks for the balance, the cheapest answer that proves a key, and for the webhook endpoints.
pub(super) struct Stripe;

impl Check for Stripe {
    fn name(&self) -> (&'static str, &'static str) {
        ("stripe", "Stripe")
    }

    fn settings(&self) -> &'static [&'static str] {
        &["STRIPE_SECRET_KEY"]
    }

    fn probe<'a>(&'a self, of: &'a Asked<'a>) -> Pin<Box<dyn Future<Output = Finding> + 'a>> {
        Box::pin(ask(of))
    }
}

#[derive(Deserialize)]
struct Balance {
    livemode: bool,
}

#[derive(Deserialize)]
struct Endpoints {
    data: Vec<Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(default)]
    url: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    enabled_events: Vec<String>,
}

async fn ask(of: &Asked<'_>) -> Finding {
    let lang = of.lang;
    let base = of.settings.get("STRIPE_API_URL").unwrap_or(STRIPE);
    let key = of.settings.get("STRIPE_SECRET_KEY").unwrap_or_default();
    let bearer = || Credentials::bearer(key);
    let reply = match probe::get_as(base, ApiPath::new("v1/balance"), &[], bearer(), of).await {
        Ok(reply) => reply,
        Err(finding) => return finding,
    };
    let Ok(balance) = reply.response.json::<Balance>() else {
        let code = reply.response.status().as_u16();
        let message = match lang {
            Lang::Fr => format!("répond {code}, mais pas comme Stripe"),
            Lang::En => format!("answers {code}, but not as Stripe does"),
        };
        return reply.finding(Status::Failed, message).fix(lang.pick(
            "STRIPE_API_URL doit mener à Stripe; sans ce réglage, son adresse est la bonne",
            "STRIPE_API_URL must lead to Stripe; without that setting its address is right",
        ));
    };
    let mode = if balance.livemode {
        lang.pick("argent réel", "live money")
    } else {
        lang.pick("mode test", "test mode")
    };
    let finding = reply.sound(format!("{}; {mode}", lang.pick("répond", "answers")), of);
    if finding.status != Status::Ok {
        return finding;
    }
    if of.settings.get("STRIPE_WEBHOOK_SECRET").is_none() {
        let message = lang.pick(
            "sans STRIPE_WEBHOOK_SECRET, aucun paiement n’est inscrit",
            "without STRIPE_WEBHOOK_SECRET no payment is booked",
        );
        return reply.finding(Status::Degraded, message).fix(lang.pick(
            "donnez le secret du point de réception (whsec_…)",
            "set the secret of the endpoint (whsec_…)",
        ));
    }
    // A restricted key may not list them: then nothing more is known.
    let path = ApiPath::new("v1/webhook_endpoints");
    let listed = probe::get_as(base, path, &[("limit", "100")], bearer(), of).await;
    let endpoints = listed
        .ok()
        .and_then(|listed| listed.response.json::<Endpoints>().ok());
    let problem = endpoints.and_then(|endpoints| missing(&endpoints.data, lang));
    match problem {
        Some((message, fix)) => reply.finding(Status::Degraded, message).fix(fix),
        None => finding,
    }
}

/// What keeps events from us: no endpoint, a disabled one, events that are not sent.
fn missing(endpoints: &[Endpoint], lang: Lang) -> Option<(String, String)> {
    let ours = || endpoints.iter().filter(|one| one.url.ends_with(ROUTE));
    let create = || match lang {
        Lang::Fr => format!("chez Stripe, créez un point de réception vers PUBLIC_URL{ROUTE}"),
        Lang::En => format!("at Stripe, make an endpoint to PUBLIC_URL{ROUTE}"),
    };
    if ours().next().is_none() {
        let message = lang.pick(
            "aucun point de réception ne mène au hub",
            "no webhook endpoint leads to the hub",
        );
        return Some((message.to_owned(), create()));
    }
    let enabled = || ours().filter(|one| one.status == "enabled");
    if enabled().next().is_none() {
        let message = lang.pick(
            "le point de réception est désactivé",
            "the webhook endpoint is disabled",
        );
        let fix = lang.pick("réactivez-le chez Stripe", "enable it again at Stripe");
        return Some((message.to_owned(), fix.to_owned()));
    }
    let sent = |kind: &str| {
        enabled().any(|one| {
            let mut kinds = one.enabled_events.iter();
            kinds.any(|sent| sent == "*" || sent == kind)
        })
    };
    let absent: Vec<&str> = NEEDED.iter().copied().filter(|kind| !sent(kind)).collect();
    if absent.is_empty() {
        return None;
    }
    let message = format!(
        "{} {}",
        lang.pick(
            "des événements ne sont pas envoyés:",
            "events are not sent:"
        ),
        absent.join(", ")
    );
    let fix = lang.pick(
        "ajoutez-les au point de réception chez Stripe",
        "add them to the endpoint at Stripe",
    );
    Some((message, fix.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, NEEDED, missing};
    use crate::lang::Lang;

    fn endpoint(url: &str, status: &str, events: &[&str]) -> Endpoint {
        Endpoint {
            url: url.to_owned(),
            status: status.to_owned(),
            enabled_events: events.iter().map(|&kind| kind.to_owned()).collect(),
        }
    }

    #[test]
    fn an_endpoint_must_lead_here_be_enabled_and_send_what_is_needed() {
        let here = "https://hub.example.ca/webhook/stripe";
        let said =
            |endpoints: &[Endpoint]| missing(endpoints, Lang::En).map(|(message, _)| message);
        let elsewhere = endpoint("https://shop.example.ca/hook", "enabled", &["*"]);
        assert!(said(&[elsewhere]).unwrap().contains("no webhook endpoint"));
        let disabled = endpoint(here, "disabled", &["*"]);
        assert!(said(&[disabled]).unwrap().contains("disabled"));
        let deaf = endpoint(here, "enabled", &NEEDED[..1]);
        assert_eq!(
            said(&[deaf]).unwrap(),
            "events are not sent: payment_intent.succeeded, charge.refunded"
        );
        assert_eq!(said(&[endpoint(here, "enabled", &["*"])]), None);
        assert_eq!(said(&[endpoint(here, "enabled", NEEDED)]), None);
    }
}
