//! Screens of the clients: search, one client, the invoices of one, the modems of one.
//!
//! Pure functions from what was read to a page. The caller brings the [`ui_kit::Page`] with its
//! frame (person, language, theme, sections) and gets it back with its head and its body.

mod client;
mod equipment;
mod history;
mod invoices;
mod search;
#[cfg(test)]
mod tests;

use rust_decimal::prelude::{Decimal, RoundingStrategy, ToPrimitive as _};
use ui_kit::{
    Badge, ErrorPart, Lang, Markup, PageHead, Text, Tone, format, html, query_value, safe_href,
};

use super::view::{Identity, Moment, Standing};

pub(super) use client::client;
pub(super) use equipment::equipment;
pub(super) use invoices::invoices;
pub(super) use search::search;

/// Address of the search.
pub(super) const SEARCH: &str = "/ops/clients";
/// Address of the screen of a client.
pub(super) const CLIENT: &str = "/ops/clients/{id}";
/// Address of what a client's modems say now.
pub(super) const EQUIPMENT: &str = "/ops/clients/{id}/equipment";

/// Address of the screen of a client.
pub(super) fn href(id: &str) -> String {
    format!("{SEARCH}/{}", query_value(id))
}

/// Address of what the modems of a client say now.
fn live_href(id: &str) -> String {
    format!("{}/equipment", href(id))
}

/// Address of all invoices of a client, from a cursor on.
fn invoices_href(id: &str, cursor: &str) -> String {
    format!("{}?factures={}", href(id), query_value(cursor))
}

/// The head of a screen about a client.
fn head(moment: &Moment<'_>, who: &Identity) -> PageHead {
    let lang = moment.lang;
    let head = PageHead::new(title(who)).lang(lang).meta(meta(lang, who));
    match who.standing {
        Some(standing) => head.badge(standing_badge(lang, standing)),
        None => head,
    }
}

/// What a client is called: the name, else the number.
pub(super) fn title(who: &Identity) -> &str {
    if who.name.is_empty() {
        &who.id
    } else {
        &who.name
    }
}

fn meta(lang: Lang, who: &Identity) -> Markup {
    // Some sites number their clients, others take the name as the number.
    let number = (who.id != title(who)).then(|| html! { (who.id) });
    let address = who.address.as_ref().map(|line| html! { (line) });
    let phone = who.phone.as_ref().map(|phone| telephone(lang, phone));
    let email = who.email.as_ref().map(|email| html! { (email) });
    let parts = [number, address, phone, email].into_iter().flatten();
    html! {
        @for (at, part) in parts.enumerate() {
            @if at > 0 { " · " }
            (part)
        }
    }
}

/// A telephone number, a link where it can be dialled.
fn telephone(lang: Lang, number: &str) -> Markup {
    let shown = format::phone(lang, number);
    let href = format::phone_href(number);
    let digits = href.chars().filter(char::is_ascii_digit).count();
    html! {
        @if (7..=15).contains(&digits) { a.nowrap href=(safe_href(&href)) { (shown) } }
        @else { (shown) }
    }
}

fn standing_badge(lang: Lang, standing: Standing) -> Badge {
    let (tone, word) = match standing {
        Standing::Active => (Tone::Ok, lang.t(Text::Active)),
        Standing::Suspended => (Tone::Bad, lang.t(Text::Suspended)),
        Standing::Installing => (Tone::Info, lang.pick("En installation", "Installing")),
        Standing::Planned => (Tone::Info, lang.pick("Prévu", "Planned")),
        Standing::Ended => (Tone::Idle, lang.pick("Résilié", "Terminated")),
        Standing::Closed => (Tone::Idle, lang.pick("Fermé", "Closed")),
        Standing::NoService => (Tone::Idle, lang.pick("Sans service", "No service")),
    };
    Badge::new(tone, word)
}

/// An amount as it is written; cents are rounded half away from zero.
fn money(lang: Lang, amount: Decimal) -> String {
    let cents = amount
        .checked_mul(Decimal::ONE_HUNDRED)
        .map(|cents| cents.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
        .and_then(|cents| cents.to_i64());
    match cents {
        Some(cents) => format::money(lang, cents),
        // More than the kit can write: better plain than wrong.
        None => amount.to_string(),
    }
}

/// A count as it is written.
fn count(lang: Lang, number: usize) -> String {
    format::count(lang, i64::try_from(number).unwrap_or(i64::MAX))
}

/// A card that could not be read.
fn unavailable(moment: &Moment<'_>, retry: &str) -> ErrorPart {
    ErrorPart::new(
        moment.lang,
        format!("{}.", moment.lang.t(Text::Unavailable)),
    )
    .retry(retry)
    .request_id(moment.request_id)
}
