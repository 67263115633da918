//! Facts in lines: what it is, its value, a mark, and when asked its source and age.

use jiff::Timestamp;
use serde_json::Value;
use tr181::health::Verdict;
use tr181::{Confidence, Fact};

use crate::cli::Context;
use crate::device::marks;
use crate::lang::Lang;
use crate::output::{Cell, Table, Tone, clean};

/// Lines of `name  value  mark  age  source`; age and source on request.
pub(super) struct Facts<'a> {
    context: &'a Context,
    table: Table,
}

impl<'a> Facts<'a> {
    pub(super) fn new(context: &'a Context) -> Self {
        Self {
            context,
            table: Table::default(),
        }
    }

    /// A fact that is text.
    pub(super) fn text(&mut self, name: &str, fact: Option<&Fact<String>>) {
        self.show(name, fact, |text| clean(text));
    }

    /// A value that is no fact: it has no source.
    pub(super) fn bare(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.table
                .row([Cell::toned(Tone::Quiet, name), clean(value).into()]);
        }
    }

    /// A fact, shown in its unit.
    pub(super) fn show<T>(
        &mut self,
        name: &str,
        fact: Option<&Fact<T>>,
        show: impl Fn(&T) -> String,
    ) {
        self.marked(name, fact, show, Verdict::Unknown);
    }

    /// A fact with a judgement.
    pub(super) fn marked<T>(
        &mut self,
        name: &str,
        fact: Option<&Fact<T>>,
        show: impl Fn(&T) -> String,
        verdict: Verdict,
    ) {
        let Some(fact) = fact else { return };
        let lang = self.context.lang;
        let mut cells = vec![Cell::toned(Tone::Quiet, name), show(&fact.value).into()];
        cells.push(marks::cell(verdict, lang));
        if self.context.verbose {
            let age = fact
                .read_at
                .map(|at| ago(at, self.context))
                .unwrap_or_default();
            cells.push(Cell::toned(Tone::Quiet, age));
            cells.push(Cell::toned(Tone::Quiet, source(fact, lang)));
        }
        self.table.row(cells);
    }

    pub(super) fn draw(self, out: &mut String) {
        if !self.table.is_empty() {
            self.table.draw(self.context.painter, out);
        }
    }
}

/// The path a fact was read at, and how far its meaning is to be trusted when that is not plain.
fn source<T>(fact: &Fact<T>, lang: Lang) -> String {
    let path = clean(&fact.source);
    match fact.confidence {
        Confidence::Vendor => format!("{path} ({})", lang.pick("propre au fabricant", "vendor")),
        Confidence::Inferred => format!("{path} ({})", lang.pick("déduit", "inferred")),
        _ => path,
    }
}

fn ago(at: Timestamp, context: &Context) -> String {
    context.lang.ago(context.now.duration_since(at).as_secs())
}

/// How old the readings of a part of the summary are: the newest, and the oldest when it is
/// much older.
pub(super) fn ages(of: &impl serde::Serialize, context: &Context) -> Option<String> {
    let value = serde_json::to_value(of).ok()?;
    let (mut oldest, mut newest) = (Timestamp::MAX, Timestamp::MIN);
    collect(&value, &mut |at| {
        oldest = oldest.min(at);
        newest = newest.max(at);
    });
    if newest == Timestamp::MIN {
        return None;
    }
    let lang = context.lang;
    let age = |at: Timestamp| context.now.duration_since(at).as_secs();
    if age(oldest) - age(newest) < 600 {
        return Some(format!(
            "{} {}",
            lang.pick("lu", "read"),
            lang.ago(age(newest))
        ));
    }
    let (least, most) = (lang.span(age(newest)), lang.span(age(oldest)));
    Some(match lang {
        Lang::Fr => format!("lu il y a {least} à {most}"),
        Lang::En => format!("read {least} to {most} ago"),
    })
}

fn collect(value: &Value, see: &mut impl FnMut(Timestamp)) {
    match value {
        Value::Object(map) => {
            if let Some(at) = map
                .get("read_at")
                .and_then(Value::as_str)
                .and_then(|at| at.parse().ok())
            {
                see(at);
            } else {
                map.values().for_each(|child| collect(child, see));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, see)),
        _ => {}
    }
}
