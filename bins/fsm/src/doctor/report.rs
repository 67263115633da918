//! The doctor's answer for people.

use super::{Answer, Row, Status};
use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Cell, Table, Tone, clean};

pub(super) fn draw(answer: &Answer, context: &Context) -> String {
    let lang = context.lang;
    let mut table = Table::default();
    let (absent, present): (Vec<&Row>, Vec<&Row>) = answer
        .checks
        .iter()
        .partition(|row| row.status == Status::NotConfigured);
    for row in present {
        table.row(cells(row, lang));
        if let Some(fix) = &row.fix {
            table.row([
                "".into(),
                "".into(),
                Cell::toned(Tone::Quiet, format!("→ {}", lang.typeset(&clean(fix)))),
            ]);
        }
    }
    let mut out = String::new();
    table.draw(context.painter, &mut out);
    if !absent.is_empty() {
        let names: Vec<&str> = absent.iter().map(|row| row.title).collect();
        let line = format!(
            "{} {}",
            lang.pick("Non configurés\u{a0}:", "Not configured:"),
            names.join(", ")
        );
        out.push_str(&format!(
            "\n{}\n",
            context.painter.paint(Tone::Quiet, &line)
        ));
    }
    out
}

fn cells(row: &Row, lang: Lang) -> [Cell; 3] {
    let (tone, shape, word) = match row.status {
        Status::Ok => (Tone::Good, '●', lang.pick("bon", "ok")),
        Status::Degraded => (Tone::Marginal, '◆', lang.pick("à surveiller", "degraded")),
        Status::Failed => (Tone::Bad, '■', lang.pick("en panne", "failed")),
        Status::Unchecked => (Tone::Quiet, '○', lang.pick("non vérifié", "unchecked")),
        Status::NotConfigured => (
            Tone::Quiet,
            '○',
            lang.pick("non configuré", "not configured"),
        ),
    };
    let mut facts = vec![lang.typeset(&clean(&row.message))];
    facts.extend(
        row.version
            .as_ref()
            .map(|version| format!("version {}", clean(version))),
    );
    facts.extend(row.latency_ms.map(|ms| format!("{ms}\u{a0}ms")));
    if let Some(skew) = row.clock_skew_s.filter(|skew| *skew != 0) {
        facts.push(match lang {
            Lang::Fr => format!("horloge {skew:+}\u{a0}s"),
            Lang::En => format!("clock {skew:+}\u{a0}s"),
        });
    }
    [
        row.title.into(),
        Cell::toned(tone, format!("{shape} {word}")),
        facts.join(" · ").into(),
    ]
}
