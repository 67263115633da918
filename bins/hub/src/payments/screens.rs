//! Routes of the payments' screens.

use std::time::Duration;

use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::extract::{Form, FromRequestParts, Path, Query as Parameters};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use erpnext_client::DocName;
use futures_util::FutureExt as _;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use stripe_lite::Amount;
use ui_kit::{ErrorPart, Lang, NavItem, Page, PageHead, Text, query_value};

use super::bill::{named, payable};
use super::charge::{self, Outcome, charge};
use super::checkout::link;
use super::methods::card_page;
use super::page::{self, Cards, Frame, Notice, Overview};
use super::payer::payer;
use super::ppa::{self, Choice};
use super::refund::{self, Payment, refund};
use super::rows::Payer;
use super::send_link::send;
use super::{decline, read};
use crate::Hub;
use crate::platform::api::Api;
use crate::platform::error::{HubError, HubResult};
use crate::platform::idempotency::RequestKey;
use crate::platform::visit::Visit;

/// How long a page waits for Stripe: it shows the rest without it.
const PATIENCE: Duration = Duration::from_secs(4);

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new()
        .page(page::PAYMENTS, get(overview))
        .page(page::LINK, post(make_link))
        .page(page::SEND, post(send_it))
        .page(page::CARD, post(save_card))
        .page(page::CHARGE, get(before_charge).post(do_charge))
        .page(page::REFUND, get(before_refund).post(do_refund))
        .page(page::PPA, get(before_ppa).post(do_ppa))
}

/// A member of staff at a page about the payments of one client.
#[derive(Debug)]
struct Till {
    visit: Visit,
    payer: Payer,
    csrf: String,
}

impl Till {
    /// Reads who the page is about.
    async fn open(
        visit: Visit,
        path: Result<Path<String>, PathRejection>,
    ) -> Result<Self, Instead> {
        let found = async {
            let Path(text) = path.map_err(|_| HubError::not_found())?;
            let name = DocName::new(&text).map_err(|_| HubError::not_found())?;
            payer(visit.hub.erp()?, &name).await
        };
        match found.await {
            Ok(payer) => {
                let csrf = visit.hub.csrf().token(&visit.staff.email, visit.hub.now());
                Ok(Self { visit, payer, csrf })
            }
            Err(error) => {
                let page = refused(&visit, &error, "/ops/clients");
                Err(Instead(Box::new(page)))
            }
        }
    }

    fn hub(&self) -> &Hub {
        &self.visit.hub
    }

    fn lang(&self) -> Lang {
        self.visit.call.lang
    }

    fn id(&self) -> &str {
        self.payer.name.as_str()
    }

    fn frame(&self) -> Frame<'_> {
        let name = self.payer.customer_name.as_deref();
        Frame {
            lang: self.lang(),
            id: self.id(),
            name: name.unwrap_or_else(|| self.id()),
            csrf: &self.csrf,
            request_id: self.visit.call.id.as_str(),
        }
    }

    fn page(&self, here: &str) -> Page {
        // The script takes the title of what it fetches: it is the one of the client's page.
        self.visit.page(NavItem::Customers, self.frame().name, here)
    }

    /// Checks the form that was sent.
    fn check(&self, headers: &HeaderMap, csrf: &str) -> HubResult<()> {
        let public_url = self.hub().config().public_url.as_ref();
        let email = &self.visit.staff.email;
        self.hub()
            .csrf()
            .check(headers, public_url, email, csrf, self.hub().now())
    }

    /// Leads back to the overview, which tells what became of it.
    fn back(&self, told: &[(&str, &str)]) -> Response {
        let query: Vec<String> = told
            .iter()
            .map(|(name, value)| format!("{name}={}", query_value(value)))
            .collect();
        Redirect::to(&format!("{}?{}", page::href(self.id()), query.join("&"))).into_response()
    }

    /// Leads back to the overview, which tells why not.
    fn failed(&self, act: &str, error: &HubError) -> Response {
        let id = self.visit.call.id.as_str();
        tracing::warn!(
            request_id = id,
            act,
            error = error.code(),
            cause = error.cause(),
            "payments"
        );
        let why = error.detail("decline_code").and_then(|code| code.as_str());
        let mut told = vec![("act", act), ("outcome", error.code())];
        told.extend(why.map(|why| ("why", why)));
        if error.status().is_server_error() {
            told.push(("request", id));
        }
        self.back(&told)
    }

    fn refused(&self, error: &HubError) -> Response {
        refused(&self.visit, error, &page::href(self.id()))
    }
}

/// The page that says why there is no other.
fn refused(visit: &Visit, error: &HubError, back: &str) -> Response {
    tracing::warn!(error = error.code(), cause = error.cause(), "payments");
    let lang = visit.call.lang;
    let title = lang.pick("Paiements", "Payments");
    let part = ErrorPart::new(lang, error.message(lang))
        .retry(back)
        .request_id(visit.call.id.as_str());
    let page = visit
        .page(NavItem::Customers, title, back)
        .head(
            PageHead::new(title)
                .lang(lang)
                .crumb("/ops/clients", lang.t(Text::Customers)),
        )
        .body(part);
    visit.answer(error.status(), &page)
}

/// The page that is answered instead.
#[derive(Debug)]
struct Instead(Box<Response>);

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl FromRequestParts<Hub> for Till {
    type Rejection = Instead;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Instead> {
        let visit = Visit::from_request_parts(parts, hub).await;
        let visit = visit.map_err(|error| Instead(Box::new(error.into_response())))?;
        let path = Path::<String>::from_request_parts(parts, hub).await;
        Self::open(visit, path).boxed().await
    }
}

/// What an act before this page came to.
#[derive(Debug, Default, Deserialize)]
struct Told {
    act: Option<String>,
    outcome: Option<String>,
    why: Option<String>,
    request: Option<String>,
    session: Option<String>,
    payment: Option<String>,
    refund: Option<String>,
}

async fn overview(
    till: Till,
    query: Result<Parameters<Told>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(told) = query?;
    let hub = till.hub();
    // What happens while this is read is told afterwards.
    let last = hub.live().last_id();
    let (cards, due, paid, consent_at, notice) = tokio::join!(
        cards(&till).boxed(),
        read::due(hub, &till.payer).boxed(),
        read::paid(hub, &till.payer).boxed(),
        ppa::consent_at(hub, &till.payer),
        notice(&till, &told).boxed(),
    );
    let view = Overview {
        cards,
        consent: read::consent(&till.payer, consent_at),
        due: seen("due", due),
        paid: seen("paid", paid),
        notice,
    };
    let here = page::href(till.id());
    let mut page = till.page(&here);
    if let Some(live) = page::live_href(till.id()) {
        page = page.live(&live, last.to_string());
    }
    let page = page::overview(page, &till.frame(), &view);
    Ok(till.visit.answer(StatusCode::OK, &page))
}

/// A part that fails alone.
fn seen<T>(part: &'static str, read: HubResult<T>) -> Option<T> {
    read.inspect_err(|error| {
        tracing::warn!(
            part,
            error = error.code(),
            cause = error.cause(),
            "payments"
        );
    })
    .ok()
}

async fn cards(till: &Till) -> Cards {
    if till.hub().stripe().is_err() {
        return Cards::NotConfigured;
    }
    let reading = tokio::time::timeout(PATIENCE, read::cards(till.hub(), &till.payer));
    let read = reading
        .await
        .unwrap_or_else(|_| Err(HubError::upstream_timeout()));
    seen("cards", read).map_or(Cards::Unavailable, Cards::Read)
}

/// What became of an act: words of our own, and amounts as Stripe says them, so that nobody can
/// put theirs into a link.
async fn notice(till: &Till, told: &Told) -> Option<Notice> {
    let act = told.act.as_deref()?;
    match told.outcome.as_deref()? {
        "done" => {
            let reading = tokio::time::timeout(PATIENCE, done(till, act, told));
            reading.await.ok().flatten()
        }
        code => Some(Notice::Failed {
            sentence: sentence(code, told.why.as_deref())?.message(till.lang()),
            request: told
                .request
                .as_deref()
                .filter(|id| id.parse::<integration_core::RequestId>().is_ok())
                .map(str::to_owned),
        }),
    }
}

/// The sentence of an error that an act may end with.
fn sentence(code: &str, why: Option<&str>) -> Option<HubError> {
    Some(match code {
        "already_paid" => HubError::state("already_paid"),
        "not_payable" => HubError::state("not_payable"),
        "payment_under_way" => HubError::state("payment_under_way"),
        "in_progress" => HubError::state("in_progress"),
        "no_card" => HubError::state("no_card"),
        "no_email" => HubError::state("no_email"),
        "not_refundable" => HubError::state("not_refundable"),
        "already_refunded" => HubError::state("already_refunded"),
        "amount_changed" => HubError::state("amount_changed"),
        "outcome_unknown" => HubError::outcome_unknown(),
        "not_configured" => HubError::not_configured(),
        "upstream_timeout" => HubError::upstream_timeout(),
        "not_found" => HubError::not_found(),
        "card_declined" => decline::by_code(why).to_error(),
        "authentication_required" => decline::Decline::authentication_required().to_error(),
        _ => HubError::upstream(),
    })
}

/// What an act has done, as Stripe says now.
async fn done(till: &Till, act: &str, told: &Told) -> Option<Notice> {
    let hub = till.hub();
    match act {
        "link" | "card" => read::session(hub, till.id(), told.session.as_deref()?).await,
        "send" => Some(Notice::Sent { again: false }),
        "resend" => Some(Notice::Sent { again: true }),
        "charge" => read::charged(hub, till.id(), told.payment.as_deref()?).await,
        "refund" => read::refunded(hub, told.refund.as_deref()?).await,
        "ppa" => Some(Notice::Consent {
            enabled: till.payer.custom_ppa_enabled.unwrap_or_default(),
        }),
        _ => None,
    }
}

#[derive(Debug, Deserialize)]
struct OfInvoice {
    csrf: String,
    invoice: String,
}

type Filled<T> = Result<Form<T>, FormRejection>;

fn filled<T>(form: Filled<T>) -> HubResult<T> {
    form.map(|Form(form)| form)
        .map_err(|error| HubError::of_status(error.status()).because(error))
}

/// An invoice of the client at whose page this is.
async fn own(till: &Till, invoice: &str) -> HubResult<DocName> {
    let name = named(invoice, "invoice")?;
    let due = payable(till.hub().erp()?, &name).await?;
    if due.customer == till.payer.name {
        Ok(due.invoice)
    } else {
        Err(HubError::not_found().because("another customer's invoice"))
    }
}

async fn make_link(till: Till, headers: HeaderMap, form: Filled<OfInvoice>) -> HubResult<Response> {
    let form = filled(form)?;
    till.check(&headers, &form.csrf)?;
    let made = async { link(till.hub(), &own(&till, &form.invoice).await?).await };
    Ok(match made.boxed().await {
        Ok(link) => till.back(&[
            ("act", "link"),
            ("outcome", "done"),
            ("session", &link.session),
        ]),
        Err(error) => till.failed("link", &error),
    })
}

async fn send_it(till: Till, headers: HeaderMap, form: Filled<OfInvoice>) -> HubResult<Response> {
    let form = filled(form)?;
    till.check(&headers, &form.csrf)?;
    let sent = async { send(till.hub(), &own(&till, &form.invoice).await?, false, None).await };
    Ok(match sent.boxed().await {
        Ok(mailed) => {
            let act = if mailed.sent { "send" } else { "resend" };
            till.back(&[("act", act), ("outcome", "done")])
        }
        Err(error) => till.failed("send", &error),
    })
}

#[derive(Debug, Deserialize)]
struct Bare {
    csrf: String,
}

async fn save_card(till: Till, headers: HeaderMap, form: Filled<Bare>) -> HubResult<Response> {
    till.check(&headers, &filled(form)?.csrf)?;
    Ok(match card_page(till.hub(), &till.payer).boxed().await {
        Ok(session) => till.back(&[
            ("act", "card"),
            ("outcome", "done"),
            ("session", session.id.as_str()),
        ]),
        Err(error) => till.failed("card", &error),
    })
}

/// The key of a form, by which it acts once however often it is sent.
fn attempt() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

#[derive(Debug, Deserialize)]
struct ChargeQuery {
    #[serde(default)]
    invoice: String,
}

async fn before_charge(
    till: Till,
    query: Result<Parameters<ChargeQuery>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(query) = query?;
    let looked = async {
        let hub = till.hub();
        let due = payable(hub.erp()?, &named(&query.invoice, "invoice")?).await?;
        if due.customer != till.payer.name {
            return Err(HubError::not_found());
        }
        let saved = read::cards(hub, &till.payer).await?;
        let card =
            read::to_charge(&till.payer, &saved).ok_or_else(|| HubError::state("no_card"))?;
        Ok((due, card.clone()))
    };
    let (due, card) = match looked.boxed().await {
        Ok(found) => found,
        Err(error) => return Ok(till.refused(&error)),
    };
    let view = page::ChargeView {
        invoice: due.invoice.as_str(),
        amount: due.outstanding,
        card: &card,
        attempt: &attempt(),
    };
    let here = page::act_href(till.id(), "charge");
    let page = page::charge(till.page(&here), &till.frame(), &view);
    Ok(till.visit.answer(StatusCode::OK, &page))
}

#[derive(Debug, Deserialize)]
struct ChargeForm {
    csrf: String,
    invoice: String,
    cents: i64,
    card: String,
    attempt: String,
}

async fn do_charge(
    till: Till,
    headers: HeaderMap,
    form: Filled<ChargeForm>,
) -> HubResult<Response> {
    let form = filled(form)?;
    till.check(&headers, &form.csrf)?;
    let key = RequestKey::of_form(&form.attempt);
    let charged = async {
        let invoice = named(&form.invoice, "invoice")?;
        let order = charge::Order {
            customer: &till.payer.name,
            invoice: &invoice,
            payment_method: Some(&form.card),
            cents: Some(form.cents),
            request: key.as_deref(),
            by: &till.visit.staff.email,
        };
        let charged = charge(till.hub(), &order).await?;
        match charged.attempt.outcome {
            Outcome::Declined(decline) => Err(decline.to_error()),
            Outcome::Succeeded | Outcome::Processing => {
                Ok(charged.attempt.payment_intent.unwrap_or_default())
            }
        }
    };
    Ok(match charged.boxed().await {
        Ok(intent) => till.back(&[("act", "charge"), ("outcome", "done"), ("payment", &intent)]),
        Err(error) => till.failed("charge", &error),
    })
}

#[derive(Debug, Deserialize)]
struct RefundQuery {
    #[serde(default)]
    entry: String,
}

/// A booked payment of the client at whose page this is, and what is left of it.
async fn payment(till: &Till, entry: &str) -> HubResult<(String, Payment, Amount)> {
    let name = named(entry, "entry")?;
    let payment = Payment::of_entry(till.hub(), &name).await?;
    let entry = payment.entry.as_ref();
    let entry = entry
        .filter(|entry| entry.party.as_ref() == Some(&till.payer.name))
        .ok_or_else(|| HubError::not_found().because("another customer's payment"))?;
    let entry = entry.name.to_string();
    let left = Amount::new(payment.left(), payment.currency()?);
    if left.minor() == 0 {
        return Err(HubError::state("already_refunded"));
    }
    Ok((entry, payment, left))
}

async fn before_refund(
    till: Till,
    query: Result<Parameters<RefundQuery>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(query) = query?;
    let (entry, _, left) = match payment(&till, &query.entry).boxed().await {
        Ok(found) => found,
        Err(error) => return Ok(till.refused(&error)),
    };
    let typed = typed(till.lang(), left);
    let view = page::RefundView {
        entry: &entry,
        left,
        typed: &typed,
        reason: None,
        attempt: &attempt(),
        error: None,
    };
    Ok(asking(&till, StatusCode::OK, &view))
}

fn asking(till: &Till, status: StatusCode, view: &page::RefundView<'_>) -> Response {
    let here = page::act_href(till.id(), "refund");
    let page = page::refund(till.page(&here), &till.frame(), view);
    till.visit.answer(status, &page)
}

/// An amount as a person would type it.
fn typed(lang: Lang, amount: Amount) -> String {
    lang.pick(amount.to_decimal().replace('.', ","), amount.to_decimal())
}

/// An amount as a person types it: with a comma or a point, with or without `$`.
fn parsed(text: &str, currency: stripe_lite::Currency) -> Option<Amount> {
    let locales = [quebec_tax::Locale::FrCa, quebec_tax::Locale::EnCa];
    let amount = locales
        .into_iter()
        .find_map(|locale| quebec_tax::parse_money(locale, text).ok())?;
    Amount::from_decimal(&amount.normalize().to_string(), currency).ok()
}

#[derive(Debug, Deserialize)]
struct RefundForm {
    csrf: String,
    entry: String,
    attempt: String,
    #[serde(default)]
    amount: String,
    #[serde(default)]
    reason: String,
}

async fn do_refund(
    till: Till,
    headers: HeaderMap,
    form: Filled<RefundForm>,
) -> HubResult<Response> {
    let form = filled(form)?;
    till.check(&headers, &form.csrf)?;
    let key = RequestKey::of_form(&form.attempt);
    let found = async {
        let name = named(&form.entry, "entry")?;
        let payment = Payment::of_entry(till.hub(), &name).await?;
        let entry = payment.entry.as_ref();
        if entry.is_none_or(|entry| entry.party.as_ref() != Some(&till.payer.name)) {
            return Err(HubError::not_found().because("another customer's payment"));
        }
        Ok(payment)
    };
    let payment = match found.boxed().await {
        Ok(payment) => payment,
        Err(error) => return Ok(till.failed("refund", &error)),
    };
    let again = |error: &str, left: i64, currency: stripe_lite::Currency| {
        let view = page::RefundView {
            entry: &form.entry,
            left: Amount::new(left, currency),
            typed: &form.amount,
            reason: refund::reason(&form.reason)
                .is_ok()
                .then_some(form.reason.as_str()),
            attempt: &form.attempt,
            error: Some(error),
        };
        asking(&till, StatusCode::UNPROCESSABLE_ENTITY, &view)
    };
    let currency = payment.currency()?;
    let Some(amount) = parsed(&form.amount, currency).filter(|amount| amount.minor() > 0) else {
        let error = till.lang().pick(
            "Entrez un montant, comme 20,00",
            "Enter an amount, like 20.00",
        );
        return Ok(again(error, payment.left(), currency));
    };
    let order = refund::Order {
        payment: &payment,
        amount: Some(amount),
        reason: refund::reason(&form.reason).ok(),
        request: key.as_deref(),
        by: &till.visit.staff.email,
    };
    Ok(match refund(till.hub(), &order).boxed().await {
        Ok(refunded) => till.back(&[
            ("act", "refund"),
            ("outcome", "done"),
            ("refund", &refunded.refund),
        ]),
        Err(error) if error.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            let left = error
                .detail("left_cents")
                .and_then(serde_json::Value::as_i64);
            let left = left.unwrap_or_else(|| payment.left());
            let most = page::money(till.lang(), Amount::new(left, currency));
            let error = till.lang().pick(
                format!("Entrez au plus {most}, ce qui reste de ce paiement"),
                format!("Enter at most {most}, what is left of this payment"),
            );
            again(&error, left, currency)
        }
        Err(error) => till.failed("refund", &error),
    })
}

async fn before_ppa(till: Till) -> HubResult<Response> {
    let cards = match cards(&till).await {
        Cards::Read(cards) => cards,
        Cards::Unavailable | Cards::NotConfigured => Vec::new(),
    };
    let view = page::PpaView {
        enable: !till.payer.custom_ppa_enabled.unwrap_or_default(),
        version: page::consent_version(till.lang()),
        card: read::to_charge(&till.payer, &cards),
    };
    let here = page::act_href(till.id(), "ppa");
    let page = page::ppa(till.page(&here), &till.frame(), &view);
    Ok(till.visit.answer(StatusCode::OK, &page))
}

#[derive(Debug, Deserialize)]
struct PpaForm {
    csrf: String,
    enabled: String,
    version: String,
}

async fn do_ppa(till: Till, headers: HeaderMap, form: Filled<PpaForm>) -> HubResult<Response> {
    let form = filled(form)?;
    till.check(&headers, &form.csrf)?;
    let enabled = form.enabled == "1";
    let choice = Choice {
        enabled,
        version: enabled.then_some(form.version.as_str()),
        payment_method: None,
        by: &till.visit.staff.email,
    };
    Ok(
        match ppa::choose(till.hub(), &till.payer.name, &choice)
            .boxed()
            .await
        {
            Ok(_) => till.back(&[("act", "ppa"), ("outcome", "done")]),
            Err(error) => till.failed("ppa", &error),
        },
    )
}
