//! Where customers come back to from Stripe's pages: what became of it, as Stripe says, never as
//! the address does.

use std::time::Duration;

use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query as Parameters, State};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use serde::Deserialize;
use stripe_lite::{CheckoutMode, CheckoutSession, CheckoutStatus};
use tokio::sync::Semaphore;
use ui_kit::{Banner, Lang, PageHead, Render as _, Text, Tone, html, query_value};

use crate::Hub;
use crate::platform::api::Api;
use crate::platform::call::Call;
use crate::platform::error::HubResult;
use crate::platform::pages;

/// Address of the page.
const BACK: &str = "/paiement/retour";
/// How long the page waits for Stripe.
const PATIENCE: Duration = Duration::from_secs(4);
/// So many may make the hub ask Stripe at a time: anybody can call this page.
static ASKING: Semaphore = Semaphore::const_new(8);

/// Screens of this room.
pub(super) fn api() -> Api {
    Api::new().page(BACK, get(back))
}

#[derive(Debug, Deserialize)]
struct Returned {
    #[serde(default)]
    session: String,
    annule: Option<String>,
}

/// What a customer is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Paid,
    CardSaved,
    /// Not known, or not yet.
    Confirming,
    Expired,
    Cancelled,
}

impl Fate {
    fn of(session: &CheckoutSession) -> Self {
        match session.status {
            Some(CheckoutStatus::Expired) => Self::Expired,
            Some(CheckoutStatus::Complete) if session.mode == Some(CheckoutMode::Setup) => {
                Self::CardSaved
            }
            Some(CheckoutStatus::Complete) if session.is_paid() => Self::Paid,
            _ => Self::Confirming,
        }
    }

    fn words(self, lang: Lang) -> (Tone, &'static str, &'static str) {
        match self {
            Self::Paid => (
                Tone::Ok,
                lang.pick("Payé. Merci.", "Paid. Thank you."),
                lang.pick(
                    "Votre facture sera à jour dans un instant.",
                    "Your invoice will be up to date in a moment.",
                ),
            ),
            Self::CardSaved => (
                Tone::Ok,
                lang.pick(
                    "Votre carte est enregistrée. Merci.",
                    "Your card is saved. Thank you.",
                ),
                lang.pick("Rien n’a été débité.", "Nothing was charged."),
            ),
            Self::Confirming => (
                Tone::Info,
                lang.t(Text::ConfirmingPayment),
                lang.pick(
                    "Ne payez pas une deuxième fois. Cela peut prendre quelques minutes.",
                    "Do not pay a second time. This may take a few minutes.",
                ),
            ),
            Self::Expired => (
                Tone::Warn,
                lang.pick(
                    "Cette page de paiement a expiré.",
                    "This payment page has expired.",
                ),
                lang.pick(
                    "Rien n’a été débité. Demandez-nous un nouveau lien.",
                    "Nothing was charged. Ask us for a new link.",
                ),
            ),
            Self::Cancelled => (
                Tone::Info,
                lang.pick("Paiement annulé.", "Payment cancelled."),
                lang.pick(
                    "Rien n’a été débité. Votre lien de paiement fonctionne encore.",
                    "Nothing was charged. Your payment link still works.",
                ),
            ),
        }
    }
}

async fn back(
    State(hub): State<Hub>,
    Extension(call): Extension<Call>,
    query: Result<Parameters<Returned>, QueryRejection>,
) -> HubResult<Response> {
    let Parameters(returned) = query?;
    let fate = if returned.annule.is_some() {
        Fate::Cancelled
    } else {
        let asked = tokio::time::timeout(PATIENCE, ask(&hub, &returned.session));
        asked.await.ok().flatten().unwrap_or(Fate::Confirming)
    };
    let lang = call.lang;
    let (tone, sentence, detail) = fate.words(lang);
    let title = lang.pick("Paiement", "Payment");
    let here = format!("{BACK}?session={}", query_value(&returned.session));
    let mut banner = Banner::new(tone, sentence).detail(html! { (detail) });
    if fate == Fate::Confirming {
        banner = banner.link(&here, lang.t(Text::Refresh));
    }
    let page = pages::public(title, &call)
        .head(PageHead::new(title).lang(lang))
        .body(banner.render());
    Ok(pages::answer(&hub, StatusCode::OK, &page))
}

/// What Stripe says of a session.
async fn ask(hub: &Hub, id: &str) -> Option<Fate> {
    let is_session =
        id.starts_with("cs_") && id.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric());
    if !is_session {
        return None;
    }
    let _turn = ASKING.try_acquire().ok()?;
    let sessions = hub.stripe().ok()?.checkout_sessions();
    sessions.retrieve(id).await.ok().as_ref().map(Fate::of)
}
