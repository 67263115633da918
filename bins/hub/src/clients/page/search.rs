//! The search of a client.

use ui_kit::{
    Align, Banner, Card, Empty, ErrorPart, Field, Icon, Lang, Markup, Page, PageHead, Phrase,
    Render as _, Row, Table, Text, Tone, form_search, format, html, query_value,
};

use super::super::lookup::MOST_CHARS;
use super::super::view::{Found, Hit, Moment};
use super::{SEARCH, count, href, money, standing_badge, title};

/// Fills the search page: the field, and what came of it.
pub(in crate::clients) fn search(
    page: Page,
    moment: &Moment<'_>,
    query: &str,
    found: &Found,
) -> Page {
    let lang = moment.lang;
    let error = lang.pick(
        "Entrez au plus 200 caractères",
        "Enter at most 200 characters",
    );
    let invalid = matches!(found, Found::TooLong);
    let mut field = Field::new(
        "q",
        lang.pick(
            "Nom, téléphone, adresse, courriel ou numéro",
            "Name, phone, address, email or number",
        ),
    )
    .search()
    .max_length(u32::try_from(MOST_CHARS).unwrap_or(u32::MAX))
    .value(query);
    if invalid {
        field = field.error(error);
    }
    page.search(SEARCH)
        .head(PageHead::new(lang.t(Text::Customers)).lang(lang))
        .error(invalid)
        .body(html! {
            @if invalid { (ui_kit::error_summary(lang, &[("q", error)])) }
            div.stack {
                (form_search(SEARCH, lang, &field, false))
                div.stack #results data-frag { (results(moment, query, found)) }
            }
        })
}

fn results(moment: &Moment<'_>, query: &str, found: &Found) -> Markup {
    let lang = moment.lang;
    let heading = lang.t(Text::Results);
    let again = format!("{SEARCH}?q={}", query_value(query));
    match found {
        Found::Nothing | Found::TooLong => html! {
            p.muted { (lang.pick(
                "Un numéro de client, de facture ou de série mène droit à la fiche.",
                "A customer, invoice or serial number leads straight to the record.",
            )) }
        },
        Found::Unavailable => Card::new("found", heading)
            .body(
                ErrorPart::cannot_read(lang, lang.pick("les clients", "the customers"))
                    .retry(&again)
                    .request_id(moment.request_id),
            )
            .render(),
        Found::Clients {
            hits,
            more,
            partial,
        } => {
            let card = Card::new("found", heading);
            let card = if hits.is_empty() {
                let none = format!("{}.", lang.p(&Phrase::NoCustomerFor(query)));
                card.flush(Empty::new(Icon::Customers, none).detail(lang.pick(
                    "Essayez le nom de famille, le téléphone ou la rue.",
                    "Try the last name, the phone number or the street.",
                )))
            } else {
                card.aside(count(lang, hits.len())).flush(table(lang, hits))
            };
            let card = if *more {
                card.footer(lang.pick(
                    "D’autres clients correspondent. Précisez la recherche.",
                    "More customers match. Give more detail.",
                ))
            } else {
                card
            };
            html! {
                @if *partial { (partly(moment, &again)) }
                (card)
            }
        }
    }
}

/// Says that what is shown may not be all.
fn partly(moment: &Moment<'_>, again: &str) -> Banner {
    let lang = moment.lang;
    Banner::new(
        Tone::Warn,
        lang.pick(
            "Une partie de la recherche n’a pas répondu.",
            "A part of the search did not answer.",
        ),
    )
    .detail(html! {
        (lang.t(Text::RequestId)) (lang.pick("\u{a0}: ", ": ")) code { (moment.request_id) } "."
    })
    .link(again, lang.t(Text::TryAgain))
}

fn table(lang: Lang, hits: &[Hit]) -> Table {
    Table::new(lang.t(Text::Results))
        .column(lang.t(Text::Name), Align::Text)
        .column(lang.t(Text::State), Align::State)
        .column(lang.t(Text::Address), Align::Text)
        .column(lang.t(Text::Phone), Align::Text)
        .column(lang.t(Text::BalanceDue), Align::Number)
        .results()
        .rows(hits.iter().map(|hit| {
            let who = &hit.who;
            let row = Row::new(title(who))
                .link(&href(&who.id))
                .cell_if(who.standing.map(|standing| standing_badge(lang, standing)))
                .cell_if(who.address.as_deref())
                .cell_if(
                    who.phone
                        .as_deref()
                        .map(|number| format::phone(lang, number)),
                )
                .cell_if(hit.balance.map(|due| money(lang, due)));
            let row = if who.name.is_empty() || who.name == who.id {
                row
            } else {
                row.note(who.id.as_str())
            };
            match &who.address {
                Some(address) => row.meta(address.as_str()),
                None => row.meta(who.id.as_str()),
            }
        }))
}
