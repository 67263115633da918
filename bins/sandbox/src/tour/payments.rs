//! The money path: from a link to the books and to whoever listens, and a part of it back.

use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use erpnext_client::value::Decimal;
use erpnext_client::{Client as Erp, DocName, DocStatus, Doctype, Filter};
use futures_util::StreamExt as _;
use http::header::ACCEPT;
use http::{Method, StatusCode};
use integration_core::{ApiPath, ByteStream, HttpClient};
use live_events::Topic;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use ui_kit::{Lang, format};

use super::{Caller, Seen, strip, text};
use crate::fake_erp;
use crate::world::Addresses;

/// How long an event may take from the payment page to the books and to who listens.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often the books are looked at meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// What is given back of the payment, in cents.
const BACK: i64 = 1_000;

/// What the steps about payments ask, and what they have come to.
pub(super) struct Payments<'a> {
    hub: &'a Caller,
    erp: Erp,
    stripe: String,
    customer: DocName,
    invoice: DocName,
    /// What a client hears who subscribed before the payment.
    heard: Option<ByteStream>,
    /// The open payment page.
    link: Value,
    /// The booked payment.
    entry: Option<Entry>,
}

/// As much of a payment as is asked for.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Payment Entry")]
struct Entry {
    name: DocName,
    docstatus: DocStatus,
    payment_type: Option<String>,
    paid_amount: Decimal,
    custom_psp_reference: Option<String>,
}

/// As much of an invoice as is asked for.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Sales Invoice")]
struct Invoice {
    name: DocName,
    status: Option<String>,
    outstanding_amount: Decimal,
}

impl<'a> Payments<'a> {
    pub(super) fn new(hub: &'a Caller, addresses: &Addresses) -> anyhow::Result<Self> {
        Ok(Self {
            hub,
            erp: fake_erp::client(&addresses.erpnext)?,
            stripe: addresses.stripe.clone(),
            customer: DocName::new(&addresses.examples.owing)?,
            invoice: DocName::new(&addresses.examples.unpaid)?,
            heard: None,
            link: Value::Null,
            entry: None,
        })
    }

    async fn post(&self, path: &'static str, body: &Value) -> anyhow::Result<Value> {
        let request = self.hub.hub.request(Method::POST, ApiPath::new(path));
        let answer = request.json(body).send().await?;
        let status = answer.status();
        let body: Value = answer.json()?;
        ensure!(status == StatusCode::OK, "{path} answered {status}: {body}");
        Ok(body)
    }

    fn amount(&self) -> i64 {
        self.link["amount_cents"].as_i64().unwrap_or_default()
    }

    async fn entries(&self) -> anyhow::Result<Vec<Entry>> {
        let entries = self.erp.docs::<Entry>();
        let mut all = Vec::new();
        for reference in ["pi_", "re_"] {
            let list = entries
                .list()
                .filter(Filter::eq("party", &self.customer))
                .filter(Filter::starts_with("custom_psp_reference", reference));
            all.extend(list.all().await?);
        }
        Ok(all)
    }

    pub(super) async fn link(&mut self) -> Seen {
        let topic = Topic::of("customer", self.customer.as_str())?;
        let request = self.hub.hub.request(Method::GET, ApiPath::new("sse"));
        let request = request
            .query("topics", topic.as_str())
            .header(ACCEPT, "text/event-stream");
        let heard = request.send_streaming().await?;
        ensure!(
            heard.status() == StatusCode::OK,
            "/sse answered {}",
            heard.status()
        );
        self.heard = Some(heard.into_stream());
        let wanted = json!({ "invoice": self.invoice.as_str() });
        self.link = self.post("billing/checkout-link", &wanted).await?;
        let again = self.post("billing/checkout-link", &wanted).await?;
        ensure!(
            again["session"] == self.link["session"],
            "a second link while the first is open"
        );
        Ok(vec![
            format!(
                "{} of {} asks for {}",
                text(&self.link["session"]),
                self.invoice,
                format::money(Lang::Fr, self.amount())
            ),
            format!("a client listens to {}", topic.as_str()),
        ])
    }

    pub(super) async fn pay(&self) -> Seen {
        let url = text(&self.link["url"]);
        let path = url
            .strip_prefix(&self.stripe)
            .context("the page is not the payment provider's")?;
        let page = HttpClient::builder(self.stripe.as_str()).build()?;
        let session = path.rsplit('/').next().unwrap_or_default();
        let path = ApiPath::new("c/pay").segment(session)?;
        let shown = page.request(Method::GET, path.clone()).send().await?;
        let html = String::from_utf8_lossy(shown.error_for_status()?.body()).into_owned();
        ensure!(html.contains("<form"), "the page has no form");
        let fields = [("card", "visa"), ("action", "pay")];
        let paid = page
            .request(Method::POST, path)
            .form(&fields)
            .send()
            .await?;
        ensure!(
            paid.status() == StatusCode::SEE_OTHER,
            "the form answered {}",
            paid.status()
        );
        let back = paid.header("location").unwrap_or_default();
        ensure!(back.contains(session), "leads back to {back}");
        Ok(vec![
            format!(
                "headed “{}”",
                strip(super::between(&html, "<h1", "</h1>").unwrap_or_default())
            ),
            "paid by Visa, back to the portal".to_owned(),
        ])
    }

    pub(super) async fn booked(&mut self) -> Seen {
        let booking = async {
            loop {
                let entries = self.entries().await?;
                if !entries.is_empty() {
                    return anyhow::Ok(entries);
                }
                sleep(LOOK).await;
            }
        };
        let entries = timeout(PATIENCE, booking)
            .await
            .context("the payment does not come to the books")??;
        let [entry] = entries.as_slice() else {
            bail!("booked {} times", entries.len());
        };
        let due = cents(entry.paid_amount)?;
        ensure!(
            entry.docstatus == DocStatus::Submitted && due == self.amount(),
            "booked as {entry:?}"
        );
        let invoice = self.erp.docs::<Invoice>().get(&self.invoice).await?;
        let status = invoice.status.unwrap_or_default();
        ensure!(
            status == "Paid" && invoice.outstanding_amount.is_zero(),
            "{} is {status}, {} outstanding",
            invoice.name,
            invoice.outstanding_amount
        );
        self.entry = Some(entry.clone());
        Ok(vec![
            format!(
                "{} for {}",
                entry.name,
                entry.custom_psp_reference.as_deref().unwrap_or_default()
            ),
            format!("{} is {status}", invoice.name),
        ])
    }

    pub(super) async fn live(&mut self) -> Seen {
        let mut heard = self.heard.take().context("nobody listens")?;
        let invoice = self.invoice.as_str();
        let hearing = async {
            let mut told = String::new();
            while let Some(piece) = heard.next().await {
                told.push_str(&String::from_utf8_lossy(&piece?));
                let frame = told
                    .split("\n\n")
                    .find(|frame| frame.contains("event: invoice.paid") && frame.contains(invoice));
                if let Some(frame) = frame {
                    return Ok(frame.to_owned());
                }
            }
            bail!("the stream has ended");
        };
        let frame = timeout(PATIENCE, hearing)
            .await
            .context("nothing was heard")??;
        let line = |name: &str| {
            let line = frame.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        Ok(vec![
            format!("event {} under {}", line("event:"), line("id:")),
            line("data:"),
        ])
    }

    pub(super) async fn nothing_failed(&self) -> Seen {
        let request = self
            .hub
            .hub
            .request(Method::GET, ApiPath::new("ops/settings"));
        let answer = request.header(ACCEPT, "text/html").send().await?;
        let html = String::from_utf8_lossy(answer.error_for_status()?.body()).into_owned();
        ensure!(
            html.contains("Aucun événement en échec"),
            "the settings show events that failed"
        );
        Ok(vec!["Aucun événement en échec".to_owned()])
    }

    pub(super) async fn refund(&self) -> Seen {
        let entry = self.entry.as_ref().context("nothing was booked")?;
        let back = Decimal::new(BACK, 2);
        let wanted = json!({
            "payment_entry": entry.name.as_str(),
            "amount": back.to_string(),
            "reason": "requested_by_customer",
        });
        let refund = self.post("payments/refund", &wanted).await?;
        let again = self.post("payments/refund", &wanted).await?;
        ensure!(again["refund"] == refund["refund"], "refunded twice");
        let id = text(&refund["refund"]);
        let booking = async {
            loop {
                let entries = self.entries().await?;
                let of_it = |entry: &&Entry| entry.custom_psp_reference.as_deref() == Some(&id);
                if let Some(entry) = entries.iter().find(of_it) {
                    return anyhow::Ok(entry.clone());
                }
                sleep(LOOK).await;
            }
        };
        let booked = timeout(PATIENCE, booking)
            .await
            .context("the refund does not come to the books")??;
        ensure!(
            booked.payment_type.as_deref() == Some("Pay") && cents(booked.paid_amount)? == BACK,
            "booked as {booked:?}"
        );
        Ok(vec![
            format!("{id}: {} back", format::money(Lang::Fr, BACK)),
            format!(
                "{} booked; {} of the payment left",
                booked.name,
                format::money(Lang::Fr, refund["left_cents"].as_i64().unwrap_or_default())
            ),
        ])
    }
}

fn cents(amount: Decimal) -> anyhow::Result<i64> {
    i64::try_from((amount * Decimal::ONE_HUNDRED).round()).context("not an amount of money")
}
