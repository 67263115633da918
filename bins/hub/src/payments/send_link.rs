//! The link by which an invoice is paid is sent to the customer.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe, once};
use erpnext_client::{Client as Erp, DocName, Filter};
use http::Method;
use maud::html;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ui_kit::{Lang, format};

use super::bill::{failed, named, today};
use super::checkout::{Link, link};
use super::outcome::settled;
use super::payer::{email, payer};
use super::rows::Sent;
use crate::Hub;
use crate::platform::api::{Api, Operation};
use crate::platform::asked::Asked;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::{Answer, answered};

/// Writes a message at a document and sends it.
const MAKE: &str = "frappe.core.doctype.communication.email.make";
/// Characters of the reference by which a message is found again.
const REFERENCE: usize = 12;

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new().route(
        "/payments/send-link",
        post(send_link),
        [Operation::new(Method::POST, "Sends the customer the link by which an invoice is paid, once a day for the same amount")
            .header("Idempotency-Key", "1 to 128 visible ASCII characters: the same request again is answered again")
            .body(json!({"invoice": "ACC-SINV-2026-00001", "channel": "email", "force": false}))
            .answers(200, "Sent, or sent before: `sent` tells which", Some(json!({
                "sent": true, "channel": "email", "invoice": "ACC-SINV-2026-00001", "customer": "CUST-00042",
                "amount_cents": 9197, "currency": "cad", "message": "a1b2c3d4e5", "url": "https://checkout.stripe.com/c/pay/cs_live_a1",
            })))
            .answers(404, "No such invoice", None)
            .answers(409, "As for the link; `no_email`", None)
            .answers(503, "`not_configured`: nothing sends text messages; `outcome_unknown`", None)],
    )
}

#[derive(Debug, Deserialize, Serialize)]
struct Wanted {
    invoice: String,
    channel: String,
    #[serde(default)]
    force: bool,
}

async fn send_link(
    State(hub): State<Hub>,
    Asked { staff, key, wanted }: Asked<Wanted>,
) -> HubResult<Response> {
    let invoice = named(&wanted.invoice, "invoice")?;
    match wanted.channel.as_str() {
        "email" => {}
        "sms" => return Err(HubError::not_configured().because("no sender of text messages")),
        _ => return Err(HubError::invalid("channel")),
    }
    let work = async {
        let mailed = send(&hub, &invoice, wanted.force, key.as_deref()).await?;
        let mut body = mailed.link.to_json();
        body["channel"] = "email".into();
        body["sent"] = mailed.sent.into();
        body["message"] = mailed.message.into();
        Ok(Answer::ok(body))
    };
    answered(&hub, &key, "send-link", &staff.email, &wanted, work).await
}

/// A link that was sent.
#[derive(Debug)]
pub(super) struct Mailed {
    pub(super) link: Link,
    /// Whether it was sent now, not before.
    pub(super) sent: bool,
    /// The Communication in ERPNext.
    pub(super) message: String,
}

/// One e-mail, sent by ERPNext.
struct Mailing<'a> {
    erp: &'a Erp,
    link: &'a Link,
    lang: Lang,
    to: &'a str,
    fresh: AtomicBool,
}

/// The reference that a message carries.
fn reference(key: &EffectKey) -> String {
    key.short().chars().take(REFERENCE).collect()
}

#[async_trait]
impl Effect for Mailing<'_> {
    async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError> {
        self.fresh.store(true, Ordering::Relaxed);
        let invoice = self.link.payable.invoice.as_str();
        let made: Result<Value, _> = self
            .erp
            .rpc(MAKE)
            .arg("doctype", "Sales Invoice")
            .arg("name", invoice)
            .arg("recipients", self.to)
            .arg("subject", subject(self.lang, invoice))
            .arg("content", content(self.lang, self.link, &reference(key)))
            .arg("communication_medium", "Email")
            .arg("send_email", 1)
            .send()
            .await;
        match made {
            Ok(made) => {
                let name = made["name"].as_str().unwrap_or_default().to_owned();
                Ok(Bytes::from(name))
            }
            Err(error) if error.may_have_been_carried_out() => {
                Err(EffectError::Unknown(error.into()))
            }
            Err(error) if error.is_retryable() => Err(EffectError::NotDone(error.into())),
            Err(error) => Err(EffectError::Refused(error.into())),
        }
    }

    async fn probe(&self, key: &EffectKey) -> Result<Probe, EffectError> {
        let sent = self
            .erp
            .docs::<Sent>()
            .list()
            .filter(Filter::eq("reference_doctype", "Sales Invoice"))
            .filter(Filter::eq("reference_name", &self.link.payable.invoice))
            .filter(Filter::contains("content", reference(key)))
            .first()
            .await;
        match sent {
            Ok(Some(sent)) => Ok(Probe::Found(Bytes::from(sent.name.to_string()))),
            Ok(None) => Ok(Probe::NotFound),
            Err(error) => Err(EffectError::NotDone(error.into())),
        }
    }

    fn time_limit(&self) -> Duration {
        Duration::from_secs(20)
    }
}

fn subject(lang: Lang, invoice: &str) -> String {
    match lang {
        Lang::Fr => format!("Votre facture {invoice}\u{a0}: lien de paiement"),
        Lang::En => format!("Your invoice {invoice}: payment link"),
    }
}

/// The message: what is due, one link, until when it works.
fn content(lang: Lang, link: &Link, reference: &str) -> String {
    let amount = format::money(lang, link.payable.outstanding.minor());
    let invoice = link.payable.invoice.as_str();
    let pay = lang.pick("Payer ma facture", "Pay my invoice");
    html! {
        p { (lang.pick("Bonjour,", "Hello,")) }
        @match lang {
            Lang::Fr => p { "Le solde de votre facture " strong { (invoice) } " est de " strong { (amount) } "." },
            Lang::En => p { "The balance of your invoice " strong { (invoice) } " is " strong { (amount) } "." },
        }
        p { a href=(ui_kit::safe_href(&link.url)) { (pay) } }
        p { (lang.pick(
            "Ce lien mène à la page de paiement sécurisée de Stripe et fonctionne au plus 24\u{a0}heures. Si vous avez déjà payé, ne tenez pas compte de ce message.",
            "This link leads to Stripe’s secure payment page and works for up to 24\u{a0}hours. If you have already paid, please ignore this message.",
        )) }
        p { small { (lang.pick("Réf.", "Ref.")) " " (reference) } }
    }
    .into_string()
}

/// Sends the link of an invoice by e-mail: once for an amount and a day, unless `force`.
///
/// # Errors
///
/// See the route.
pub(super) async fn send(
    hub: &Hub,
    invoice: &DocName,
    force: bool,
    request: Option<&str>,
) -> HubResult<Mailed> {
    let (erp, journal) = (hub.erp()?, hub.journal()?);
    let link = link(hub, invoice).await?;
    let payer = payer(erp, &link.payable.customer).await?;
    let to = email(erp, &payer)
        .await?
        .ok_or_else(|| HubError::state("no_email"))?;
    let due = &link.payable;
    let mut name = format!(
        "send-link:email:{}:{}:{}:{}",
        due.invoice,
        due.outstanding.minor(),
        today(hub),
        // A page that was closed since leads nowhere: the next one is sent.
        link.session
    );
    if force {
        let again = request.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
        name = format!("{name}:{again}");
    }
    let key = EffectKey::new(name)?;
    let mailing = Mailing {
        erp,
        link: &link,
        lang: payer.lang(),
        to: &to,
        fresh: AtomicBool::new(false),
    };
    let outcome = settled_mail(once(&**journal, &key, &mailing).await)?;
    let sent = mailing.fresh.load(Ordering::Relaxed);
    let message = String::from_utf8_lossy(&outcome).into_owned();
    Ok(Mailed {
        link,
        sent,
        message,
    })
}

/// How sending ended: ERPNext's refusal is ERPNext's.
fn settled_mail(outcome: Result<Bytes, effect_journal::OnceError>) -> HubResult<Bytes> {
    use effect_journal::OnceError::{NotDone, Refused};
    match outcome {
        Err(NotDone(cause) | Refused(cause)) => Err(match cause.downcast_ref() {
            Some(error) => failed(error),
            None => HubError::upstream().because(cause),
        }),
        other => settled(other),
    }
}
