//! Facts as rows of a card, each with its source kept for the table under it.

use jiff::Timestamp;
use tr181::{Confidence, Fact};
use ui_kit::{Align, Facts, Lang, Markup, Render, Row, Table, Text, ago, html, mono, read_age};

use super::DeviceView;

/// Where one shown value comes from.
struct Source {
    label: String,
    value: Markup,
    path: String,
    read_at: Option<Timestamp>,
    confidence: Confidence,
}

/// The facts of one card, gathered row by row.
pub(super) struct Gathered {
    lang: Lang,
    now: Timestamp,
    stale_after: u32,
    rows: Vec<(String, Markup, Option<Timestamp>)>,
    sources: Vec<Source>,
}

impl Gathered {
    pub(super) fn new(view: &DeviceView<'_>) -> Self {
        Self {
            lang: view.lang,
            now: view.now,
            stale_after: view.stale_after,
            rows: Vec::new(),
            sources: Vec::new(),
        }
    }

    /// Adds a fact as a row, when it is known, and remembers its source.
    pub(super) fn row<T, R: Render>(
        &mut self,
        label: &str,
        fact: Option<&Fact<T>>,
        show: impl FnOnce(&T) -> R,
    ) {
        if let Some(fact) = fact {
            let value = show(&fact.value).render();
            self.rows
                .push((label.to_owned(), value.clone(), fact.read_at));
            self.remember(label, value, fact);
        }
    }

    /// Adds a fact that does not change while the device runs: its age says nothing.
    pub(super) fn fixed<T, R: Render>(
        &mut self,
        label: &str,
        fact: Option<&Fact<T>>,
        show: impl FnOnce(&T) -> R,
    ) {
        if let Some(fact) = fact {
            let value = show(&fact.value).render();
            self.plain(label, value.clone());
            self.remember(label, value, fact);
        }
    }

    /// Adds a row that is put together from facts remembered apart.
    pub(super) fn plain(&mut self, label: impl Into<String>, value: impl Render) {
        self.rows.push((label.into(), value.render(), None));
    }

    /// Remembers the source of a fact that is shown elsewhere in the card.
    pub(super) fn source<T, R: Render>(
        &mut self,
        label: &str,
        fact: Option<&Fact<T>>,
        show: impl FnOnce(&T) -> R,
    ) {
        if let Some(fact) = fact {
            let value = show(&fact.value).render();
            self.remember(label, value, fact);
        }
    }

    fn remember<T>(&mut self, label: &str, value: Markup, fact: &Fact<T>) {
        self.sources.push(Source {
            label: label.to_owned(),
            value,
            path: fact.source.clone(),
            read_at: fact.read_at,
            confidence: fact.confidence,
        });
    }

    /// The newest reading of the card.
    fn newest(&self) -> Option<Timestamp> {
        self.sources
            .iter()
            .filter_map(|source| source.read_at)
            .max()
    }

    /// The rows; one that was read much earlier than the rest says so.
    pub(super) fn facts(&self) -> Facts {
        let newest = self.newest();
        self.rows
            .iter()
            .fold(Facts::new(), |facts, (label, value, read_at)| {
                let late = match (newest, read_at) {
                    (Some(newest), Some(at)) => {
                        newest.as_second().saturating_sub(at.as_second())
                            > i64::from(self.stale_after)
                    }
                    _ => false,
                };
                facts.row(
                    label.as_str(),
                    html! {
                        (value)
                        @if late { " " (read_age(self.lang, *read_at, self.now, self.stale_after)) }
                    },
                )
            })
    }

    /// The age of the card and, on request, the source of each of its values.
    pub(super) fn table(&self, id: &str, title: &str) -> Markup {
        if self.sources.is_empty() {
            return html! {};
        }
        let lang = self.lang;
        let caption = format!("{}, {title}", lang.t(Text::Sources));
        let read = lang.pick("Lu", "Read");
        let path = lang.pick("Chemin", "Path");
        let table = Table::new(caption)
            .column(lang.pick("Fait", "Fact"), Align::Text)
            .column(lang.t(Text::Value), Align::State)
            .column(path, Align::Text)
            .column(read, Align::Text)
            .column(lang.t(Text::Confidence), Align::Text)
            .stacked()
            .rows(self.sources.iter().map(|source| {
                let age = match source.read_at {
                    Some(at) => ago(lang, at, self.now),
                    None => html! { (lang.pick("heure inconnue", "time unknown")) },
                };
                Row::new(source.label.as_str())
                    .cell(&source.value)
                    .cell(mono(&source.path))
                    .cell(age)
                    .cell(confidence(lang, source.confidence))
            }));
        html! {
            details.more id=(id) {
                summary {
                    (lang.t(Text::Sources))
                    @if let Some(at) = self.newest() {
                        " · " (read_age(lang, Some(at), self.now, self.stale_after))
                    }
                }
                (table)
            }
        }
    }
}

/// How sure the meaning of a value is, in a word.
fn confidence(lang: Lang, confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Standard => lang.pick("norme", "standard"),
        Confidence::Vendor => lang.pick("fabricant", "vendor"),
        _ => lang.pick("déduite", "inferred"),
    }
}
