//! `fsm erp get`: one document.

use clap::Args;
use serde_json::{Map, Value, json};

use super::grid::{Grid, text};
use super::site;
use crate::cli::Context;
use crate::output::{Cell, Exit, Failure, Table, Tone, clean, json as to_json};

/// Options of `erp get`.
#[derive(Args, Debug)]
pub(crate) struct Get {
    /// Its doctype, as in: "Sales Invoice"
    doctype: String,
    /// Its name
    name: String,
    /// Print the document as JSON
    #[arg(long)]
    json: bool,
}

impl Get {
    pub(super) async fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let name = site::name(&self.name)?;
        let client = site::client(context)?;
        let found = client
            .documents(self.doctype.clone())
            .find(&name)
            .await
            .map_err(|error| site::failed(&error))?;
        let Some(document) = found else {
            let failure = Failure::remote(
                format!("there is no {} {}", self.doctype, clean(&self.name)),
                "check the name: fsm erp list finds it",
            );
            return Err(if self.json {
                failure.with_document(to_json(&json!({
                    "error": "not_found",
                    "doctype": self.doctype,
                    "name": self.name,
                }))?)
            } else {
                failure
            });
        };
        let document = match serde_json::to_value(&document) {
            Ok(Value::Object(document)) => document,
            _ => Map::new(),
        };
        let text = if self.json {
            to_json(&document)?
        } else {
            draw(&self.doctype, &document, context)
        };
        Ok((text, Exit::Done))
    }
}

/// What Frappe keeps of every document: shown last, or with `--verbose`.
const BOOKKEEPING: [&str; 7] = [
    "doctype",
    "docstatus",
    "idx",
    "owner",
    "creation",
    "modified",
    "modified_by",
];

/// What Frappe keeps of every row of a table.
const OF_ROWS: [&str; 4] = ["name", "parent", "parentfield", "parenttype"];

fn draw(doctype: &str, document: &Map<String, Value>, context: &Context) -> String {
    let painter = context.painter;
    let name = document.get("name").map(text).unwrap_or_default();
    let mut out = format!("{}  {doctype}\n\n", painter.paint(Tone::Title, &name));
    let is_kept = |field: &str| BOOKKEEPING.contains(&field) && !context.verbose;
    let mut table = Table::default();
    for (field, value) in document {
        let is_empty = matches!(value, Value::Null | Value::Array(_)) || *value == "";
        if is_empty || field == "name" || is_kept(field) {
            continue;
        }
        let mut lines = lines(value).into_iter();
        table.row([
            Cell::toned(Tone::Quiet, clean(field)),
            lines.next().unwrap_or_default().into(),
        ]);
        for line in lines {
            table.row(["".into(), line.into()]);
        }
    }
    table.draw(painter, &mut out);
    for (field, value) in document {
        let rows: Vec<Map<String, Value>> = value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|row| row.as_object().cloned())
            .collect();
        if rows.is_empty() {
            continue;
        }
        let shown: Vec<String> = rows
            .iter()
            .flat_map(Map::keys)
            .filter(|column| {
                let kept = is_kept(column) || OF_ROWS.contains(&column.as_str());
                context.verbose || !kept
            })
            .fold(Vec::new(), |mut columns, column| {
                if !columns.contains(column) && rows.iter().any(|row| has(row, column)) {
                    columns.push(column.clone());
                }
                columns
            });
        let grid = Grid::of(&shown, &rows);
        let title = format!("{} ({})", clean(field), rows.len());
        out.push_str(&format!("\n{}\n", painter.paint(Tone::Title, &title)));
        out.push_str(&grid.head(painter));
        out.extend(rows.iter().map(|row| grid.row(row)));
    }
    out
}

fn has(row: &Map<String, Value>, column: &str) -> bool {
    row.get(column)
        .is_some_and(|value| !value.is_null() && *value != "")
}

/// A long text keeps its lines.
fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => text.lines().map(clean).collect(),
        other => vec![text(other)],
    }
}
