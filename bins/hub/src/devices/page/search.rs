//! The search of a device.

use ui_kit::{
    Align, Badge, Card, Empty, ErrorPart, Field, Icon, Lang, Markup, Page, PageHead, Render as _,
    Row, Table, Text, ago, form_search, html, mono, query_value,
};

use super::verdict::{cannot_read, notice};
use super::{DEVICE, Found, Match, SEARCH, SearchView, Target};

/// Fills the search page: the field, and what came of it.
pub(in crate::devices) fn search(page: Page, view: &SearchView<'_>) -> Page {
    let lang = view.lang;
    let invalid = invalid(lang);
    let mut field = Field::new(
        "q",
        lang.pick(
            "Numéro de série, adresse MAC ou adresse IP",
            "Serial number, MAC address or IP address",
        ),
    )
    .search()
    .max_length(64)
    .value(view.query);
    if matches!(view.found, Found::Invalid) {
        field = field.error(invalid);
    }
    page.search(SEARCH)
        .head(PageHead::new(lang.t(Text::Network)).lang(lang))
        .error(matches!(view.found, Found::Invalid))
        .body(html! {
            @if matches!(view.found, Found::Invalid) {
                (ui_kit::error_summary(lang, &[("q", invalid)]))
            }
            div.stack {
                @if let Some(notice) = notice(lang, view.notice) { (notice) }
                (form_search(SEARCH, lang, &field, false))
                div #results data-frag { (results(view)) }
            }
        })
}

fn invalid(lang: Lang) -> &'static str {
    lang.pick(
        "Entrez un numéro de série, une adresse MAC ou une adresse IP",
        "Enter a serial number, a MAC address or an IP address",
    )
}

fn results(view: &SearchView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.t(Text::Results);
    match view.found {
        Found::Nothing | Found::Invalid => html! {
            p.muted { (lang.pick(
                "Le numéro est sur l’étiquette du modem, après «\u{a0}S/N\u{a0}».",
                "The number is on the modem’s label, after “S/N”.",
            )) }
        },
        Found::None => Card::new("found", title)
            .flush(
                Empty::new(Icon::Router, format!("{}.", lang.t(Text::NoDevice))).detail(lang.pick(
                    "Vérifiez le numéro sur l’étiquette, puis cherchez de nouveau.",
                    "Check the number on the label, then search again.",
                )),
            )
            .render(),
        Found::Unavailable { request_id } => Card::new("found", title)
            .body(
                ErrorPart::new(
                    lang,
                    cannot_read(lang, "le serveur des modems", "the modem server"),
                )
                .retry(&format!("{SEARCH}?q={}", query_value(view.query)))
                .request_id(request_id),
            )
            .render(),
        Found::Several { devices, more } => {
            let card = Card::new("found", title)
                .aside(devices.len().to_string())
                .flush(table(view, devices));
            if more {
                card.footer(lang.pick(
                    "D’autres appareils correspondent. Précisez le numéro.",
                    "More devices match. Give more of the number.",
                ))
                .render()
            } else {
                card.render()
            }
        }
    }
}

fn table(view: &SearchView<'_>, devices: &[Match]) -> Table {
    let lang = view.lang;
    Table::new(lang.t(Text::Results))
        .column(lang.t(Text::SerialNumber), Align::Text)
        .column(lang.t(Text::State), Align::State)
        .column(lang.t(Text::Model), Align::Text)
        .column(lang.t(Text::IpAddress), Align::Text)
        .column(lang.pick("Dernier contact", "Last contact"), Align::Text)
        .results()
        .rows(devices.iter().map(|device| {
            let target = Target {
                serial: &device.serial,
                id: &device.id,
            };
            let name = if device.serial.is_empty() {
                device.id.as_str()
            } else {
                device.serial.as_str()
            };
            let row = Row::new(name)
                .link(&target.href(DEVICE))
                .cell(Badge::online(lang, device.online))
                .cell_if(device.model.as_deref())
                .cell_if(device.ip.as_deref().map(mono))
                .cell_if(device.last_inform.map(|at| ago(lang, at, view.now)));
            match &device.model {
                Some(model) => row.meta(model.as_str()),
                None => row,
            }
        }))
}
