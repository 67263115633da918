//! The payments of a client: card, what is due, what was paid.

use ui_kit::{
    Align, Badge, Banner, Button, Card, Empty, ErrorPart, Facts, Field, Icon, Lang, Markup, Page,
    PageHead, Render as _, Row, Table, Text, Tone, form_post, format, html, query_value,
};

use super::{
    Cards, Consent, Due, EVENTS, Frame, Notice, Overview, PART, Paid, act_href, client_href, href,
    money,
};

/// Where the search of clients is.
const SEARCH: &str = "/ops/clients";

/// Fills the page of a client's payments; the client's own page takes the part out of it.
pub(in crate::payments) fn overview(page: Page, frame: &Frame<'_>, view: &Overview) -> Page {
    let lang = frame.lang;
    page.search(SEARCH)
        .head(
            PageHead::new(lang.pick("Paiements", "Payments"))
                .lang(lang)
                .crumb(SEARCH, lang.t(Text::Customers))
                .crumb(&client_href(frame.id), frame.name),
        )
        .refresh(&href(frame.id))
        .body(html! {
            div.stack #(PART) data-frag data-on=(EVENTS) data-src=(href(frame.id)) {
                @if let Some(notice) = &view.notice { (told(frame, notice)) }
                (card(frame, view))
                (due(frame, view))
                (paid(frame, view))
            }
        })
}

fn told(frame: &Frame<'_>, notice: &Notice) -> Markup {
    let lang = frame.lang;
    match notice {
        Notice::Link {
            url,
            invoice,
            amount,
            until,
        } => {
            let amount = money(lang, *amount);
            let title = lang.pick(
                format!("Lien de paiement de la facture {invoice}, {amount}"),
                format!("Payment link of invoice {invoice}, {amount}"),
            );
            let send = form_post(
                &act_href(frame.id, "send"),
                frame.csrf,
                html! {
                    input type="hidden" name="invoice" value=(invoice);
                    (Button::submit(lang.pick("Envoyer par courriel", "Send by email")).icon(Icon::Mail).id("send-link"))
                },
            );
            Card::new("pay-link", title)
                .body(html! {
                    div.stack {
                        (address(lang, url))
                        @if let Some(until) = until {
                            p.muted {
                                (lang.pick("Valable encore ", "Valid for another "))
                                (format::duration(lang, until.as_secs()))
                                "."
                            }
                        }
                        (send)
                    }
                })
                .render()
        }
        Notice::CardLink { url } => Card::new(
            "pay-link",
            lang.pick("Page pour enregistrer une carte", "Page to save a card"),
        )
        .body(address(lang, url))
        .render(),
        Notice::Sent { again: false } => done(lang.pick(
            "Le lien de paiement est envoyé par courriel.",
            "The payment link was sent by email.",
        )),
        Notice::Sent { again: true } => Banner::new(
            Tone::Info,
            lang.pick(
                "Ce lien a déjà été envoyé aujourd’hui pour ce montant.",
                "This link was already sent today for this amount.",
            ),
        )
        .render(),
        Notice::Charged { amount, paid: true } => {
            let amount = money(lang, *amount);
            done(lang.pick(
                format!("Paiement de {amount} accepté. Il s’inscrit dans un instant."),
                format!("Payment of {amount} accepted. It is booked in a moment."),
            ))
        }
        Notice::Charged { amount, .. } => {
            let amount = money(lang, *amount);
            Banner::new(
                Tone::Info,
                lang.pick(
                    format!("Paiement de {amount} en traitement à la banque."),
                    format!("Payment of {amount} is being processed by the bank."),
                ),
            )
            .render()
        }
        Notice::Refunded { amount, done: true } => {
            let amount = money(lang, *amount);
            done(lang.pick(
                format!("Remboursement de {amount} accepté. Il s’inscrit dans un instant."),
                format!("Refund of {amount} accepted. It is booked in a moment."),
            ))
        }
        Notice::Refunded { amount, .. } => {
            let amount = money(lang, *amount);
            Banner::new(
                Tone::Info,
                lang.pick(
                    format!("Remboursement de {amount} en traitement à la banque."),
                    format!("Refund of {amount} is being processed by the bank."),
                ),
            )
            .render()
        }
        Notice::Consent { enabled: true } => done(lang.pick(
            "Le paiement préautorisé est activé.",
            "Pre-authorized payment is on.",
        )),
        Notice::Consent { enabled: false } => done(lang.pick(
            "Le paiement préautorisé est désactivé.",
            "Pre-authorized payment is off.",
        )),
        Notice::Failed { sentence, request } => {
            let banner = Banner::new(Tone::Bad, *sentence);
            match request {
                Some(id) => banner
                    .detail(html! {
                        (lang.t(Text::RequestId)) (lang.pick("\u{a0}: ", ": ")) code { (id) } "."
                    })
                    .render(),
                None => banner.render(),
            }
        }
    }
}

fn done(sentence: impl Into<String>) -> Markup {
    Banner::new(Tone::Ok, sentence).render()
}

/// An address to copy or to open.
fn address(lang: Lang, url: &str) -> Markup {
    html! {
        (Field::new("url", lang.pick("Adresse à donner au client", "Address to give to the customer")).value(url).autocomplete("off"))
        p { (Button::link(url, lang.pick("Ouvrir la page", "Open the page")).icon(Icon::External).quiet()) }
    }
}

/// The card and the consent.
fn card(frame: &Frame<'_>, view: &Overview) -> Markup {
    let lang = frame.lang;
    let title = lang.pick(
        "Carte et paiement préautorisé",
        "Card and pre-authorized payment",
    );
    let here = href(frame.id);
    let saved = match &view.cards {
        Cards::NotConfigured => html! {
            p.muted { (lang.pick("Stripe n’est pas configuré.", "Stripe is not configured.")) }
        },
        Cards::Unavailable => ErrorPart::new(
            lang,
            lang.pick("Stripe ne répond pas.", "Stripe does not answer."),
        )
        .retry(&here)
        .request_id(frame.request_id)
        .render(),
        Cards::Read(cards) => html! {
            @let facts = cards.iter().fold(Facts::new(), |facts, card| {
                facts.row(card.title(), html! {
                    @if let Some(until) = card.until() { (lang.pick("expire ", "expires ")) (until) " " }
                    @if card.is_over { (Badge::new(Tone::Bad, lang.pick("Expirée", "Expired"))) }
                })
            });
            @if cards.is_empty() {
                p.muted { (lang.pick("Aucune carte enregistrée.", "No saved card.")) }
            } @else { (facts) }
        },
    };
    let live = view.cards != Cards::NotConfigured;
    Card::new("pay-card", title)
        .body(html! {
            div.stack {
                (saved)
                (consent(lang, &view.consent))
                div.row {
                    @if live {
                        (form_post(&act_href(frame.id, "card"), frame.csrf, html! {
                            (Button::submit(lang.pick("Page pour enregistrer une carte", "Page to save a card")).icon(Icon::Card).id("save-card"))
                        }))
                    }
                    @let word = if view.consent.enabled {
                        lang.pick("Désactiver le préautorisé", "Turn pre-authorized off")
                    } else {
                        lang.pick("Activer le préautorisé", "Turn pre-authorized on")
                    };
                    (Button::link(&act_href(frame.id, "ppa"), word).quiet())
                }
            }
        })
        .render()
}

fn consent(lang: Lang, consent: &Consent) -> Markup {
    let badge = if consent.enabled {
        Badge::new(Tone::Ok, lang.pick("Activé", "On"))
    } else {
        Badge::new(Tone::Idle, lang.pick("Désactivé", "Off"))
    };
    let when = consent.at.as_ref().map(|at| format::date(at.date()));
    Facts::new()
        .row(lang.t(Text::PreAuthorizedPayment), badge)
        .row_if(lang.pick("Depuis", "Since"), when)
        .row_if(
            lang.pick("Texte accepté", "Text agreed to"),
            consent.version.as_deref(),
        )
        .row_if(
            lang.pick("Noté par", "Taken down by"),
            consent.by.as_deref(),
        )
        .render()
}

/// What is due, with what can be done about it.
fn due(frame: &Frame<'_>, view: &Overview) -> Markup {
    let lang = frame.lang;
    let card = Card::new("pay-due", lang.pick("À payer", "To pay"));
    let rows = match &view.due {
        None => return card.body(unread(frame)).render(),
        Some(rows) if rows.is_empty() => {
            let all = lang.pick("Tout est payé.", "All is paid.");
            return card.flush(Empty::new(Icon::Invoice, all)).render();
        }
        Some(rows) => rows,
    };
    let has_card = matches!(&view.cards, Cards::Read(cards) if !cards.is_empty());
    let can_pay = view.cards != Cards::NotConfigured;
    let table = Table::new(lang.pick("À payer", "To pay"))
        .column(lang.t(Text::Number), Align::Text)
        .column(lang.t(Text::DueDate), Align::Text)
        .column(lang.pick("Solde", "Balance"), Align::Number)
        .column(lang.pick("Actions", "Actions"), Align::Text)
        .rows(rows.iter().enumerate().map(|(at, row)| {
            Row::new(row.invoice.as_str())
                .cell(date(lang, row))
                .cell(money(lang, row.amount))
                .cell(html! { @if can_pay { (actions(frame, row, at, has_card)) } })
        }));
    card.flush(table).render()
}

fn date(lang: Lang, row: &Due) -> Markup {
    html! {
        @if let Some(due) = row.due { (format::date(due)) }
        @if row.late { " " (Badge::new(Tone::Bad, lang.pick("En retard", "Overdue"))) }
    }
}

fn actions(frame: &Frame<'_>, row: &Due, at: usize, has_card: bool) -> Markup {
    let lang = frame.lang;
    let charge = format!(
        "{}?invoice={}",
        act_href(frame.id, "charge"),
        query_value(&row.invoice)
    );
    html! {
        div.row {
            (form_post(&act_href(frame.id, "link"), frame.csrf, html! {
                input type="hidden" name="invoice" value=(row.invoice);
                (Button::submit(lang.pick("Lien de paiement", "Payment link")).icon(Icon::Link).id(format!("link-{at}")))
            }))
            @if has_card {
                (Button::link(&charge, lang.pick("Porter à la carte", "Charge the card")).icon(Icon::Card))
            }
        }
    }
}

/// What was paid by card.
fn paid(frame: &Frame<'_>, view: &Overview) -> Markup {
    let lang = frame.lang;
    let title = lang.pick("Payé par carte", "Paid by card");
    let card = Card::new("pay-paid", title);
    let rows = match &view.paid {
        None => return card.body(unread(frame)).render(),
        Some(rows) if rows.is_empty() => {
            let none = lang.pick("Aucun paiement par carte.", "No card payment.");
            return card.flush(Empty::new(Icon::Card, none)).render();
        }
        Some(rows) => rows,
    };
    let can_refund = view.cards != Cards::NotConfigured;
    let table = Table::new(title)
        .column(lang.t(Text::Number), Align::Text)
        .column(lang.pick("Date", "Date"), Align::Text)
        .column(lang.t(Text::Amount), Align::Number)
        .column(lang.pick("Actions", "Actions"), Align::Text)
        .rows(rows.iter().map(|row| {
            Row::new(row.entry.as_str())
                .cell_if(row.day.map(format::date))
                .cell(money(lang, row.amount))
                .cell(html! { @if can_refund { (give_back(frame, row)) } })
        }));
    card.flush(table).render()
}

fn give_back(frame: &Frame<'_>, row: &Paid) -> Markup {
    let href = format!(
        "{}?entry={}",
        act_href(frame.id, "refund"),
        query_value(&row.entry)
    );
    Button::link(&href, frame.lang.pick("Rembourser", "Refund"))
        .quiet()
        .render()
}

fn unread(frame: &Frame<'_>) -> ErrorPart {
    let sentence = format!("{}.", frame.lang.t(Text::Unavailable));
    ErrorPart::new(frame.lang, sentence)
        .retry(&href(frame.id))
        .request_id(frame.request_id)
}
