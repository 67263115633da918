//! What happened, newest first.

use ui_kit::{
    Card, Empty, Icon, Item, Lang, Markup, Render as _, Text, ago, format, html, item_list,
};

use super::super::view::{Event, History, Moment, Source, What};
use super::money;

/// The card of the history.
pub(super) fn card(moment: &Moment<'_>, history: &History) -> Markup {
    let lang = moment.lang;
    let card = Card::new("history", lang.t(Text::History));
    let card = if history.events.is_empty() && history.missing.is_empty() {
        card.flush(Empty::new(
            Icon::Clock,
            lang.pick("Rien encore.", "Nothing yet."),
        ))
    } else {
        let items: Vec<Item> = history
            .events
            .iter()
            .map(|event| item(moment, event))
            .collect();
        card.flush(item_list(&items))
    };
    if history.missing.is_empty() {
        return card.render();
    }
    let names: Vec<&str> = history.missing.iter().map(|s| source(lang, *s)).collect();
    card.footer(html! {
        (lang.t(Text::Unavailable)) (lang.pick("\u{a0}: ", ": ")) (names.join(", ")) ". "
        (lang.t(Text::RequestId)) (lang.pick("\u{a0}: ", ": ")) code { (moment.request_id) }
    })
    .render()
}

fn source(lang: Lang, source: Source) -> &'static str {
    match source {
        Source::Invoices => lang.pick("factures", "invoices"),
        Source::Payments => lang.pick("paiements", "payments"),
        Source::Jobs => lang.pick("tâches", "jobs"),
        Source::Issues => lang.pick("demandes", "issues"),
        Source::Messages => lang.pick("messages", "messages"),
    }
}

fn item(moment: &Moment<'_>, event: &Event) -> Item {
    let (title, detail) = words(moment.lang, &event.what);
    let item = Item::new(title).meta(when(moment, event));
    if detail.is_empty() {
        item
    } else {
        item.detail(detail)
    }
}

/// The day; within a day, how long ago.
fn when(moment: &Moment<'_>, event: &Event) -> Markup {
    let lang = moment.lang;
    let day = event.at.date();
    let today = moment.today();
    if event.timed && day == today {
        let then = moment.instant(event.at);
        if let Some(then) = then.filter(|then| *then <= moment.now) {
            return ago(lang, then, moment.now);
        }
    }
    let written = if day == today {
        lang.pick("aujourd’hui", "today").to_owned()
    } else if day.tomorrow().is_ok_and(|next| next == today) {
        lang.pick("hier", "yesterday").to_owned()
    } else if day.year() == today.year() {
        format::date_short(lang, day)
    } else {
        format::date(day)
    };
    html! { time datetime=(day.to_string()) { (written) } }
}

fn words(lang: Lang, what: &What) -> (String, String) {
    match what {
        What::Invoiced {
            number,
            amount,
            credit,
        } => {
            let title = if *credit {
                lang.pick("Note de crédit émise", "Credit note issued")
            } else {
                lang.pick("Facture émise", "Invoice issued")
            };
            (
                title.to_owned(),
                join([number.as_str(), &money(lang, *amount)]),
            )
        }
        What::Paid {
            amount,
            means,
            back,
        } => {
            let title = if *back {
                lang.t(Text::Refund)
            } else {
                lang.pick("Paiement reçu", "Payment received")
            };
            let amount = money(lang, *amount);
            (
                title.to_owned(),
                join([amount.as_str(), means.as_deref().unwrap_or_default()]),
            )
        }
        What::Job {
            kind,
            status,
            day,
            start,
        } => {
            let title = match status.as_str() {
                "Completed" => lang.pick("Intervention terminée", "Job done"),
                "Cancelled" => lang.pick("Rendez-vous annulé", "Appointment cancelled"),
                "En Route" => lang.pick("Technicien en route", "Technician on the way"),
                "On Site" => lang.pick("Intervention en cours", "Job in progress"),
                "On Hold" => lang.pick("Intervention en attente", "Job on hold"),
                _ => lang.pick("Rendez-vous prévu", "Appointment planned"),
            };
            let day = day
                .map(|day| format::date_day(lang, day))
                .unwrap_or_default();
            let hour = start.map(|at| format::clock(lang, at)).unwrap_or_default();
            let detail = join([job(lang, kind), &day, &hour]);
            (title.to_owned(), detail)
        }
        What::Issue { subject, status } => {
            let title = match status.as_str() {
                "Closed" | "Resolved" => lang.pick("Demande réglée", "Issue resolved"),
                "On Hold" => lang.pick("Demande en attente", "Issue on hold"),
                "Replied" => lang.pick("Demande répondue", "Issue replied to"),
                _ => lang.pick("Demande ouverte", "Issue open"),
            };
            (title.to_owned(), subject.clone())
        }
        What::Message {
            medium,
            received,
            text,
        } => (message(lang, medium, *received), text.clone()),
    }
}

/// What is there, as one line.
fn join<const N: usize>(parts: [&str; N]) -> String {
    let said: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(", ")
}

/// What kind of job, in a word; one that this version does not know in the site's own.
fn job(lang: Lang, kind: &str) -> &str {
    match kind {
        "Install" => lang.pick("Installation", "Installation"),
        "Repair" => lang.pick("Réparation", "Repair"),
        "Upgrade" => lang.pick("Mise à niveau", "Upgrade"),
        "Move" => lang.t(Text::Move),
        "Disconnect" => lang.pick("Débranchement", "Disconnection"),
        "Survey" => lang.pick("Visite préalable", "Survey"),
        other => other,
    }
}

fn message(lang: Lang, medium: &str, received: bool) -> String {
    let (fr, en, feminine) = match medium {
        "SMS" => ("SMS", "SMS", false),
        "Email" => ("Courriel", "Email", false),
        "Phone" => ("Appel", "Call", false),
        "Chat" => ("Message", "Message", false),
        "Meeting" => ("Rencontre", "Meeting", true),
        "Visit" => ("Visite", "Visit", true),
        _ => ("Message", "Message", false),
    };
    match (lang, received, feminine) {
        (Lang::Fr, true, false) => format!("{fr} reçu"),
        (Lang::Fr, true, true) => format!("{fr} reçue"),
        (Lang::Fr, false, false) if fr == "Appel" => "Appel sortant".to_owned(),
        (Lang::Fr, false, false) => format!("{fr} envoyé"),
        (Lang::Fr, false, true) => fr.to_owned(),
        (Lang::En, true, _) => format!("{en} received"),
        (Lang::En, false, _) if en == "Call" => "Outgoing call".to_owned(),
        (Lang::En, false, _) => format!("{en} sent"),
    }
}
