//! Screens of payments: what a client owes and how it is paid; the pages that stand before money
//! moves.
//!
//! Pure functions from what was read to a page.

mod confirm;
mod overview;

use std::time::Duration;

use jiff::Zoned;
use jiff::civil::Date;
use stripe_lite::{Amount, Currency};
use ui_kit::{Lang, format, query_value};

pub(super) use confirm::{ChargeView, PpaView, RefundView, charge, consent_version, ppa, refund};
pub(super) use overview::overview;

/// Address of the payments of a client.
pub(super) const PAYMENTS: &str = "/ops/clients/{id}/payments";
/// Makes a link for an invoice.
pub(super) const LINK: &str = "/ops/clients/{id}/payments/link";
/// Sends it.
pub(super) const SEND: &str = "/ops/clients/{id}/payments/send";
/// Makes a page on which a card is saved.
pub(super) const CARD: &str = "/ops/clients/{id}/payments/card";
/// Charges the saved card, after a page that asks.
pub(super) const CHARGE: &str = "/ops/clients/{id}/payments/charge";
/// Refunds, after a page that asks.
pub(super) const REFUND: &str = "/ops/clients/{id}/payments/refund";
/// Consent to pre-authorised payments, after a page that asks.
pub(super) const PPA: &str = "/ops/clients/{id}/payments/ppa";

/// Id of the part that the client's page shows too.
pub(crate) const PART: &str = "payments";

/// Events after which what is shown of a client's money is read again.
pub(crate) const EVENTS: &str = "invoice.paid payment.received payment.failed payment.refunded payment.refund_failed payment_method.saved";

/// The stream of what happens to a client.
pub(crate) fn live_href(id: &str) -> Option<String> {
    let topic = live_events::Topic::of("customer", id).ok()?;
    Some(format!("/sse?topics={}", query_value(topic.as_str())))
}

/// Address of the page of a client.
pub(super) fn client_href(id: &str) -> String {
    format!("/ops/clients/{}", query_value(id))
}

/// Address of the payments of a client.
pub(crate) fn href(id: &str) -> String {
    format!("{}/payments", client_href(id))
}

/// An address below it.
pub(crate) fn act_href(id: &str, act: &str) -> String {
    format!("{}/{act}", href(id))
}

/// What the screens know of the moment and of the client.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    pub(super) lang: Lang,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) csrf: &'a str,
    pub(super) request_id: &'a str,
}

/// A saved card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Saved {
    pub(super) id: String,
    pub(super) brand: String,
    pub(super) last4: String,
    pub(super) expires: Option<(u8, u16)>,
    /// It is over before this month.
    pub(super) is_over: bool,
}

impl Saved {
    /// `Visa •••• 4242`.
    pub(super) fn title(&self) -> String {
        let mut brand = self.brand.chars();
        let brand: String = brand
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(brand)
            .collect();
        format!("{brand} •••• {}", self.last4)
    }

    /// `12/2029`.
    pub(super) fn until(&self) -> Option<String> {
        let (month, year) = self.expires?;
        Some(format!("{month:02}/{year}"))
    }
}

/// An invoice with something to pay.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Due {
    pub(super) invoice: String,
    pub(super) due: Option<Date>,
    pub(super) amount: Amount,
    pub(super) late: bool,
}

/// A payment by card that ERPNext has booked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Paid {
    pub(super) entry: String,
    pub(super) day: Option<Date>,
    pub(super) amount: Amount,
}

/// The consent to pre-authorised payments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Consent {
    pub(super) enabled: bool,
    pub(super) at: Option<Zoned>,
    pub(super) version: Option<String>,
    pub(super) by: Option<String>,
}

/// Why the cards are not on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cards {
    /// Those of the client.
    Read(Vec<Saved>),
    /// Stripe does not answer.
    Unavailable,
    /// There is no Stripe.
    NotConfigured,
}

/// What the overview shows.
#[derive(Clone, Debug)]
pub(super) struct Overview {
    pub(super) cards: Cards,
    pub(super) consent: Consent,
    pub(super) due: Option<Vec<Due>>,
    pub(super) paid: Option<Vec<Paid>>,
    pub(super) notice: Option<Notice>,
}

/// What became of an act.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Notice {
    /// A page on which an invoice is paid is open.
    Link {
        url: String,
        invoice: String,
        amount: Amount,
        /// How long it stays open.
        until: Option<Duration>,
    },
    /// A page on which a card is saved is open.
    CardLink { url: String },
    /// The link went out; now, or before today.
    Sent { again: bool },
    /// Charged, as far as the bank says now.
    Charged { amount: Amount, paid: bool },
    /// Refunded, as far as the bank says now.
    Refunded { amount: Amount, done: bool },
    /// The consent was kept.
    Consent { enabled: bool },
    /// It did not happen, or nobody knows.
    Failed {
        sentence: &'static str,
        /// To find it in the log, where there is something to find.
        request: Option<String>,
    },
}

/// An amount as it is written.
pub(super) fn money(lang: Lang, amount: Amount) -> String {
    if amount.currency() == Currency::CAD {
        format::money(lang, amount.minor())
    } else {
        amount.to_string().to_uppercase()
    }
}
