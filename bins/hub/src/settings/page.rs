//! The settings screen: from what was read to a page.

use effect_journal::{Item, Seq};
use jiff::Timestamp;
use ui_kit::{
    Align, Badge, Banner, Button, Card, Empty, ErrorPart, Facts, Icon, Lang, Markup, Page,
    PageHead, Render as _, Row, Table, Text, Tone, ago, form_post, format, html, pager,
};

use super::view::{Events, Notice, Reading, SettingsView};
use super::words;
use crate::platform::health::Dependency;

/// Address of the screen.
pub(super) const SETTINGS: &str = "/ops/settings";
/// Where *Rejouer* is sent: POST with `csrf`, `seq`, `after`.
pub(super) const REPLAY: &str = "/ops/settings/replay";

/// Address of a page of what was given up.
pub(super) fn href(after: Option<Seq>) -> String {
    after.map_or_else(
        || SETTINGS.to_owned(),
        |after| format!("{SETTINGS}?after={after}"),
    )
}

/// Fills the page.
pub(super) fn settings(page: Page, view: &SettingsView<'_>) -> Page {
    let lang = view.lang;
    let after = match &view.journal {
        Reading::Read(events) => events.after,
        _ => None,
    };
    page.head(PageHead::new(lang.t(Text::Settings)).lang(lang))
        .refresh(&href(after))
        .body(html! {
            div.stack {
                @if let Some(notice) = view.notice { (banner(lang, notice)) }
                (failed(view))
                (waiting(view))
                (integrations(view))
                (journal(view))
            }
        })
}

fn banner(lang: Lang, notice: Notice) -> Banner {
    let (tone, sentence, detail, seq) = match notice {
        Notice::Replayed(seq) => (
            Tone::Ok,
            lang.pick("L’événement sera rejoué dans un instant.", "The event will be replayed in a moment."),
            lang.pick(
                "Ce qu’il a déjà fait n’est pas refait. S’il échoue encore, il reviendra dans cette liste.",
                "What it has done is not done again. If it fails again, it comes back to this list.",
            ),
            seq,
        ),
        Notice::NotDead(seq) => (
            Tone::Info,
            lang.pick("Cet événement n’est plus en échec.", "This event is no longer failed."),
            lang.pick("Rien n’a été changé.", "Nothing was changed."),
            seq,
        ),
        Notice::Unknown(seq) => (
            Tone::Bad,
            lang.pick("Le journal n’a pas confirmé.", "The journal did not confirm."),
            lang.pick(
                "S’il est encore dans la liste, essayez de nouveau\u{a0}: le rejouer deux fois est sans danger.",
                "If it is still in the list, try again: to replay it twice does no harm.",
            ),
            seq,
        ),
    };
    let number = lang.pick("Numéro", "Number");
    Banner::new(tone, sentence)
        .detail(html! { (detail) " " (number) " " (seq) "." })
        .id("notice")
}

/// The card of what was given up.
fn failed(view: &SettingsView<'_>) -> Markup {
    let lang = view.lang;
    let card = Card::new("failed", lang.t(Text::FailedEvents));
    let events = match &view.journal {
        Reading::Read(events) => events,
        Reading::Off => {
            let sentence = lang.pick(
                "Aucun événement n’est reçu\u{a0}: le journal n’est pas configuré.",
                "No event is received: the journal is not configured.",
            );
            return card
                .flush(Empty::new(Icon::Settings, sentence).detail("HUB_DATA_DIR"))
                .render();
        }
        Reading::Unavailable => return card.body(unavailable(view)).render(),
    };
    if events.dead.is_empty() {
        let empty = Empty::new(
            Icon::Check,
            lang.pick("Aucun événement en échec.", "No failed event."),
        );
        let empty = if events.after.is_some() {
            empty.action(
                SETTINGS,
                lang.pick("Voir les plus récents", "See the newest"),
            )
        } else {
            empty
        };
        return card.flush(empty).render();
    }
    let rows = events
        .dead
        .iter()
        .map(|item| row(view, item).cell(again(view, events, item)));
    let table = Table::new(lang.t(Text::FailedEvents))
        .column(lang.pick("Événement", "Event"), Align::Text)
        .column(lang.t(Text::Received), Align::Text)
        .column(lang.pick("Raison", "Reason"), Align::Text)
        .column(lang.pick("Essais", "Attempts"), Align::Number)
        .column(lang.pick("Abandonné", "Given up"), Align::Text)
        .column(lang.pick("Action", "Action"), Align::Text)
        .rows(rows);
    let newer = events.after.map(|_| SETTINGS.to_owned());
    let older = events.next.map(|next| href(Some(next)));
    html! {
        (card.aside(count(lang, events.stats.dead)).flush(table))
        (pager(lang, newer.as_deref(), older.as_deref()))
    }
}

/// What an event is, when it came, why it failed, how often, and when that was or will be.
fn row(view: &SettingsView<'_>, item: &Item) -> Row {
    let lang = view.lang;
    let what = format!("{} {}", source(item.delivery.source()), item.delivery.key());
    Row::new(plain(&what))
        .cell(ago(lang, item.received_at, view.now))
        .cell(reason(lang, item.error.as_deref()))
        .cell(format::count(lang, i64::from(item.attempts)))
        .cell(moment(lang, item.due_at, view.now))
}

fn again(view: &SettingsView<'_>, events: &Events, item: &Item) -> Markup {
    let seq = item.seq;
    let button = Button::submit(view.lang.t(Text::Replay))
        .icon(Icon::Refresh)
        .id(format!("replay-{seq}"));
    form_post(
        REPLAY,
        view.csrf,
        html! {
            input type="hidden" name="seq" value=(seq);
            @if let Some(after) = events.after { input type="hidden" name="after" value=(after); }
            (button)
        },
    )
}

/// The card of what failed and will be tried again by itself.
fn waiting(view: &SettingsView<'_>) -> Markup {
    let Reading::Read(events) = &view.journal else {
        return html! {};
    };
    if events.waiting.is_empty() {
        return html! {};
    }
    let lang = view.lang;
    let title = lang.pick(
        "En attente d’un nouvel essai",
        "Waiting for another attempt",
    );
    let table = Table::new(title)
        .column(lang.pick("Événement", "Event"), Align::Text)
        .column(lang.t(Text::Received), Align::Text)
        .column(lang.pick("Raison", "Reason"), Align::Text)
        .column(lang.pick("Essais", "Attempts"), Align::Number)
        .column(lang.pick("Prochain essai", "Next attempt"), Align::Text)
        .rows(events.waiting.iter().map(|item| row(view, item)));
    Card::new("waiting", title).flush(table).render()
}

/// The card of the remote systems.
fn integrations(view: &SettingsView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.pick("Intégrations", "Integrations");
    let rows = view.dependencies.iter().map(|(name, dependency)| {
        let latency = dependency.latency_ms.map(|ms| {
            let ms = i64::try_from(ms).unwrap_or(i64::MAX);
            format!("{}\u{a0}ms", format::count(lang, ms))
        });
        Row::new(system(lang, name))
            .cell(standing(lang, dependency))
            .cell_if(latency)
            .cell(ago(lang, dependency.since, view.now))
    });
    let table = Table::new(title)
        .column(lang.pick("Système", "System"), Align::Text)
        .column(lang.t(Text::State), Align::State)
        .column(lang.pick("Réponse en", "Answers in"), Align::Number)
        .column(lang.pick("Dernier changement", "Last change"), Align::Text)
        .rows(rows);
    Card::new("integrations", title).flush(table).render()
}

fn standing(lang: Lang, dependency: &Dependency) -> Badge {
    let (tone, word) = match dependency.state {
        "ok" => (Tone::Ok, lang.pick("Fonctionne", "Working")),
        "off" => (Tone::Idle, lang.pick("Absent", "Absent")),
        _ => (Tone::Warn, lang.pick("Dégradé", "Degraded")),
    };
    Badge::new(tone, word)
}

/// The card of what the journal holds.
fn journal(view: &SettingsView<'_>) -> Markup {
    let Reading::Read(events) = &view.journal else {
        return html! {};
    };
    let (lang, stats) = (view.lang, &events.stats);
    let oldest = std::time::Duration::from_millis(stats.oldest_due_ms);
    let facts = Facts::new()
        .row(
            lang.pick("En attente", "Waiting"),
            count(lang, stats.pending),
        )
        .row_if(
            lang.pick("Retard du plus ancien", "Oldest is late by"),
            (oldest.as_secs() > 0).then(|| format::duration(lang, oldest.as_secs())),
        )
        .row(
            lang.pick("En traitement", "Being processed"),
            count(lang, stats.leased),
        )
        .row(lang.pick("En échec", "Failed"), count(lang, stats.dead))
        .row(lang.pick("Traités", "Processed"), count(lang, stats.done))
        .row(
            lang.pick("Effets d’issue inconnue", "Effects of unknown outcome"),
            count(lang, stats.uncertain),
        );
    Card::new(
        "journal",
        lang.pick("Journal des événements", "Event journal"),
    )
    .body(facts)
    .render()
}

fn unavailable(view: &SettingsView<'_>) -> ErrorPart {
    let lang = view.lang;
    ErrorPart::cannot_read(lang, lang.pick("le journal", "the journal"))
        .retry(SETTINGS)
        .request_id(view.request_id)
}

fn count(lang: Lang, number: u64) -> String {
    format::count(lang, i64::try_from(number).unwrap_or(i64::MAX))
}

/// Why an attempt failed: in words where they are known, and as it was noted.
fn reason(lang: Lang, error: Option<&str>) -> Markup {
    match error.map(plain).filter(|error| !error.is_empty()) {
        Some(error) => html! {
            @if let Some(words) = words::reason(lang, &error) { (words) br; }
            code { (error) }
        },
        None => html! { (lang.pick("Aucune raison notée", "No reason noted")) },
    }
}

/// A text of outside as a page can hold it: without control characters, and not endless.
fn plain(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(300).collect();
    if shown.len() < text.len() && text.chars().count() > 300 {
        shown + "…"
    } else {
        shown
    }
}

/// A moment before or after now.
fn moment(lang: Lang, at: Timestamp, now: Timestamp) -> Markup {
    let ahead = at.as_second().saturating_sub(now.as_second());
    match u64::try_from(ahead) {
        Ok(seconds) if seconds > 0 => html! {
            time datetime=(at) {
                (lang.pick("dans ", "in ")) (format::duration(lang, seconds))
            }
        },
        _ => ago(lang, at, now),
    }
}

/// What a source is called.
fn source(name: &str) -> &str {
    match name {
        "stripe" => "Stripe",
        "twilio" => "Twilio",
        other => other,
    }
}

/// What a dependency is called.
fn system(lang: Lang, name: &'static str) -> &'static str {
    match name {
        "erpnext" => "ERPNext",
        "genieacs" => "GenieACS",
        "journal" => lang.pick("Journal des événements", "Event journal"),
        "stripe" => "Stripe",
        other => other,
    }
}
