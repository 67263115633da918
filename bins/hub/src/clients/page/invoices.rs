//! Invoices: the card of the latest, and the page of all.

use ui_kit::{
    Align, Badge, Card, Empty, Icon, Lang, Markup, Page, Phrase, Render as _, Row, Table, Text,
    Tone, format, html, pager,
};

use super::super::view::{Identity, Invoice, InvoiceState, Invoices, Moment, Part};
use super::{SEARCH, head, href, invoices_href, money, title, unavailable};

/// Fills the page of a client's invoices, one page of them.
pub(in crate::clients) fn invoices(
    page: Page,
    moment: &Moment<'_>,
    who: &Identity,
    cursor: &str,
    read: &Part<Invoices>,
) -> Page {
    let lang = moment.lang;
    let here = invoices_href(&who.id, cursor);
    let (newer, older) = match read {
        Part::Read(read) => (read.newer.as_deref(), read.older.as_deref()),
        Part::Unavailable => (None, None),
    };
    let address = |cursor: &str| invoices_href(&who.id, cursor);
    page.search(SEARCH)
        .head(
            head(moment, who)
                .crumb(SEARCH, lang.t(Text::Customers))
                .crumb(&href(&who.id), title(who)),
        )
        .refresh(&here)
        .body(html! {
            (whole(moment, read, &here))
            (pager(lang, newer.map(address).as_deref(), older.map(address).as_deref()))
        })
}

fn whole(moment: &Moment<'_>, read: &Part<Invoices>, here: &str) -> Markup {
    let lang = moment.lang;
    let card = Card::new("invoices", lang.t(Text::Invoices));
    match read {
        Part::Unavailable => card.body(unavailable(moment, here)).render(),
        Part::Read(read) => {
            let card = match read.all {
                Some(all) => {
                    card.aside(format::count(lang, i64::try_from(all).unwrap_or(i64::MAX)))
                }
                None => card,
            };
            card.flush(list(lang, &read.rows)).render()
        }
    }
}

/// The card of the latest invoices.
pub(super) fn card(moment: &Moment<'_>, who: &Identity, read: &Part<Invoices>) -> Markup {
    let lang = moment.lang;
    let card = Card::new("invoices", lang.t(Text::Invoices));
    match read {
        Part::Unavailable => card.body(unavailable(moment, &href(&who.id))).render(),
        Part::Read(read) => {
            let shown = u64::try_from(read.rows.len()).unwrap_or(u64::MAX);
            let words = match read.all {
                Some(all) if all > shown => Some(lang.p(&Phrase::All(all))),
                None if read.older.is_some() => Some(lang.pick("Toutes", "All").to_owned()),
                _ => None,
            };
            let card = match words {
                Some(words) => card.aside(html! {
                    a href=(invoices_href(&who.id, "")) { (words) }
                }),
                None => card,
            };
            card.flush(list(lang, &read.rows)).render()
        }
    }
}

fn list(lang: Lang, rows: &[Invoice]) -> Markup {
    if rows.is_empty() {
        return Empty::new(Icon::Invoice, lang.pick("Aucune facture.", "No invoice.")).render();
    }
    Table::new(lang.t(Text::Invoices))
        .column(lang.t(Text::Number), Align::Text)
        .column(lang.pick("Émise", "Issued"), Align::Text)
        .column(lang.t(Text::DueDate), Align::Text)
        .column(lang.t(Text::State), Align::State)
        .column(lang.t(Text::Amount), Align::Number)
        .rows(rows.iter().map(|invoice| {
            Row::new(invoice.number.as_str())
                .cell_if(invoice.issued.map(format::date))
                .cell_if(invoice.due.map(format::date))
                .cell(state(lang, invoice.state))
                .cell(money(lang, invoice.amount))
        }))
        .render()
}

fn state(lang: Lang, state: InvoiceState) -> Badge {
    let (tone, word) = match state {
        InvoiceState::Paid => (Tone::Ok, lang.t(Text::Paid)),
        InvoiceState::Unpaid => (Tone::Warn, lang.t(Text::Unpaid)),
        InvoiceState::PartlyPaid => (Tone::Warn, lang.t(Text::PartlyPaid)),
        InvoiceState::Late => (Tone::Bad, lang.pick("En retard", "Overdue")),
        InvoiceState::Credit => (Tone::Idle, lang.t(Text::CreditNote)),
    };
    Badge::new(tone, word)
}
