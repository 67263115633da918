//! An event as the hub tells it and as it is printed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::short;
use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Cell, Table, Tone, clean};

/// Bytes of a body that are taken from a folder, as many as the hub gives.
const SHOWN: usize = 64 * 1024;

/// One event of a list.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Item {
    pub(super) seq: i64,
    pub(super) source: String,
    pub(super) key: String,
    pub(super) state: String,
    pub(super) received_at: Timestamp,
    pub(super) due_at: Timestamp,
    pub(super) attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) lane: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) trace: Option<String>,
}

/// One event with what came and what was done about it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Whole {
    #[serde(flatten)]
    pub(super) item: Item,
    headers: Vec<(String, String)>,
    body: Body,
    /// Only a hub knows which effects an event is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    effects: Option<Vec<Effect>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Body {
    text: String,
    bytes: usize,
    truncated: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Effect {
    key: String,
    state: String,
    begun_at: Timestamp,
    ended_at: Option<Timestamp>,
    result: Option<String>,
}

impl From<&effect_journal::Item> for Item {
    fn from(item: &effect_journal::Item) -> Self {
        let delivery = &item.delivery;
        Self {
            seq: item.seq.get(),
            source: delivery.source().to_owned(),
            key: delivery.key().to_owned(),
            state: item.state.as_str().to_owned(),
            received_at: item.received_at,
            due_at: item.due_at,
            attempts: item.attempts,
            error: item.error.clone(),
            lane: delivery.lane_name().map(str::to_owned),
            trace: delivery.trace_id().map(str::to_owned),
        }
    }
}

impl From<&effect_journal::Item> for Whole {
    fn from(item: &effect_journal::Item) -> Self {
        let body = item.delivery.body();
        let headers = item.delivery.headers().iter();
        Self {
            item: item.into(),
            headers: headers
                .map(|(name, value)| (name.clone(), String::from_utf8_lossy(value).into_owned()))
                .collect(),
            body: Body {
                text: String::from_utf8_lossy(body.get(..SHOWN).unwrap_or(body)).into_owned(),
                bytes: body.len(),
                truncated: body.len() > SHOWN,
            },
            effects: None,
        }
    }
}

impl Item {
    fn state(&self, lang: Lang) -> Cell {
        let (tone, word) = match self.state.as_str() {
            "pending" => (Tone::Marginal, lang.pick("◆ en attente", "◆ pending")),
            "leased" => (Tone::Marginal, lang.pick("◆ en traitement", "◆ leased")),
            "done" => (Tone::Good, lang.pick("● traité", "● done")),
            "dead" => (Tone::Bad, lang.pick("■ en échec", "■ dead")),
            other => return clean(other).into(),
        };
        Cell::toned(tone, word)
    }

    /// The row of a list.
    pub(super) fn row(&self, context: &Context) -> [Cell; 7] {
        [
            self.seq.to_string().into(),
            short(&self.source, 20).into(),
            short(&self.key, 40).into(),
            self.state(context.lang),
            ago(self.received_at, context).into(),
            self.attempts.to_string().into(),
            short(self.error.as_deref().unwrap_or_default(), 60).into(),
        ]
    }
}

fn ago(at: Timestamp, context: &Context) -> String {
    let seconds = context.now.as_second().saturating_sub(at.as_second());
    let span = context.lang.span(seconds);
    match context.lang {
        Lang::Fr => format!("il y a {span}"),
        Lang::En => format!("{span} ago"),
    }
}

impl Whole {
    /// All of it for a person.
    pub(super) fn text(&self, context: &Context) -> String {
        let (lang, item) = (context.lang, &self.item);
        let title = format!("{} {}", clean(&item.source), clean(&item.key));
        let mut text = context.painter.paint(Tone::Title, &title);
        text.push_str("\n\n");
        let mut facts = Table::default();
        let mut fact = |name: &str, value: Cell| facts.row([name.into(), value]);
        fact(lang.pick("numéro", "number"), item.seq.to_string().into());
        fact(lang.pick("état", "state"), item.state(lang));
        let at = |at: Timestamp| format!("{at} ({})", ago(at, context));
        fact(lang.pick("reçu", "received"), at(item.received_at).into());
        let due = match item.state.as_str() {
            "pending" => lang.pick("prochain essai", "next attempt"),
            _ => lang.pick("dernier changement", "last change"),
        };
        fact(due, item.due_at.to_string().into());
        fact(
            lang.pick("essais", "attempts"),
            item.attempts.to_string().into(),
        );
        for (name, value) in [
            (lang.pick("raison", "reason"), &item.error),
            (lang.pick("voie", "lane"), &item.lane),
            (lang.pick("requête", "request"), &item.trace),
        ] {
            if let Some(value) = value {
                fact(name, clean(value).into());
            }
        }
        for (name, value) in &self.headers {
            fact(&clean(name), short(value, 100).into());
        }
        facts.draw(context.painter, &mut text);
        if let Some(effects) = self.effects.as_ref().filter(|effects| !effects.is_empty()) {
            text.push_str(lang.pick("\nEffets\n", "\nEffects\n"));
            let mut table = Table::default();
            for effect in effects {
                let result = effect.result.as_deref().unwrap_or_default();
                table.row([
                    clean(&effect.key).into(),
                    effect_state(lang, &effect.state),
                    short(result, 60).into(),
                ]);
            }
            table.draw(context.painter, &mut text);
        }
        text.push('\n');
        // Lines stay lines; anything else that could move the cursor does not.
        for line in self.body.text.lines() {
            text.push_str(&clean(line));
            text.push('\n');
        }
        if self.body.truncated {
            let cut = lang.pick("… octets en tout", "… bytes in all");
            text.push_str(&lang.typeset(&format!("{cut}: {}\n", self.body.bytes)));
        }
        text
    }
}

fn effect_state(lang: Lang, state: &str) -> Cell {
    match state {
        "done" => Cell::toned(Tone::Good, lang.pick("● fait", "● done")),
        "under_way" => Cell::toned(Tone::Marginal, lang.pick("◆ en cours", "◆ under way")),
        "uncertain" => Cell::toned(Tone::Bad, lang.pick("■ issue inconnue", "■ uncertain")),
        other => clean(other).into(),
    }
}
