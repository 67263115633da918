//! `fsm erp list`: documents that meet conditions.

use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::pin::pin;

use clap::Args;
use erpnext_client::{Client, Field, Filter};
use futures_util::TryStreamExt as _;
use serde_json::{Map, Value, json};

use super::grid::Grid;
use super::{condition, site};
use crate::cli::Context;
use crate::output::{Exit, Failure, emit, json as to_json};

/// A row of a list.
type Row = Map<String, Value>;
type Rows = erpnext_client::List<Row>;

/// Rows printed at a time.
const CHUNK: usize = 200;

/// Options of `erp list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Their doctype
    doctype: String,
    #[command(flatten)]
    conditions: Conditions,
    // Not a doc comment: backticks would be printed.
    #[arg(
        long = "field",
        value_name = "FIELD",
        help = "A field to show, once for each: customer, items.qty, \"count(name) as jobs\" \
            [default: name, title, and when it was changed]"
    )]
    fields: Vec<String>,
    // Not a doc comment, for the same reason.
    #[arg(
        long,
        value_name = "ORDER",
        help = "Order, as in: \"posting_date desc, name\""
    )]
    order: Option<String>,
    /// One row for each value of a field
    #[arg(long, value_name = "FIELD")]
    group_by: Vec<String>,
    /// The doctype whose tables hold these rows, to list a child doctype
    #[arg(long, value_name = "DOCTYPE")]
    parent: Option<String>,
    /// Rows at most
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// All rows, printed as they come
    #[arg(long, conflicts_with = "limit")]
    all: bool,
    /// Print JSON: "rows", and whether there are "more"; with --all, one row on each line
    #[arg(long)]
    json: bool,
}

/// Which documents.
#[derive(Args, Debug)]
pub(super) struct Conditions {
    #[arg(
        long = "filter",
        value_name = "CONDITION",
        help = "A condition, several of which must all hold: status=Open, \"due_date<2026-01-01\", \
            name~part, \"status in Open,Replied\", \"customer is set\""
    )]
    each: Vec<String>,
    #[arg(
        long = "filters",
        value_name = "JSON",
        help = r#"Conditions as Frappe writes them, as in: [["Dynamic Link","link_name","=","CUST-1"]]"#
    )]
    as_json: Option<String>,
}

impl Conditions {
    pub(super) fn read(&self) -> Result<Vec<Filter>, Failure> {
        let each = self.each.iter().map(|text| condition::parse(text));
        let json = match &self.as_json {
            Some(text) => condition::parse_json(text)?,
            None => Vec::new(),
        };
        each.chain(json.into_iter().map(Ok)).collect()
    }
}

impl List {
    pub(super) async fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let filters = self.conditions.read()?;
        let order = match &self.order {
            Some(text) => condition::parse_order(text)?,
            None => Vec::new(),
        };
        let client = site::client(context)?;
        let fields = self.asked(&client).await;
        let list = self.list(&client, &fields, filters, order);
        if self.all {
            self.all(list, &columns(&fields), context).await?;
            return Ok((String::new(), Exit::Done));
        }
        let page = list
            .limit(self.limit)
            .page()
            .await
            .map_err(|error| site::failed(&error))?;
        let more = page.next.is_some();
        let rows: Vec<Row> = page.items;
        let text = if self.json {
            to_json(&json!({"doctype": self.doctype, "rows": rows, "more": more}))?
        } else {
            let grid = Grid::of(&columns(&fields), &rows);
            let mut text = String::new();
            if !rows.is_empty() {
                text.push_str(&grid.head(context.painter));
            }
            text.extend(rows.iter().map(|row| grid.row(row)));
            text
        };
        if more {
            note(&format!(
                "more rows follow the first {}; give --limit N, or --all",
                self.limit
            ));
        } else if rows.is_empty() && !self.json {
            note("no row meets the conditions");
        }
        Ok((text, Exit::Done))
    }

    fn list(
        &self,
        client: &Client,
        fields: &[String],
        filters: Vec<Filter>,
        order: Vec<(String, erpnext_client::Order)>,
    ) -> Rows {
        let fields = fields.iter().map(|text| field(text));
        let list = client
            .documents(self.doctype.clone())
            .list()
            .select::<Row, Field>(fields)
            .filters(filters);
        let list = match &self.parent {
            Some(parent) => list.parent(parent),
            None => list,
        };
        let list = order
            .into_iter()
            .fold(list, |list, (field, order)| list.order_by(field, order));
        self.group_by
            .iter()
            .fold(list, |list, field| list.group_by(field))
    }

    /// The fields to ask for.
    async fn asked(&self, client: &Client) -> Vec<String> {
        if !self.fields.is_empty() {
            return self.fields.clone();
        }
        if !self.group_by.is_empty() {
            let mut fields = self.group_by.clone();
            fields.push("count(name) as count".to_owned());
            return fields;
        }
        // Without the title a list is still a list: what is wrong with the doctype, it will say.
        let meta = client.meta(&self.doctype).await.ok();
        let title = meta.and_then(|meta| meta.title_field.clone());
        let title = title.filter(|field| field != "name");
        let fields = ["name".to_owned()].into_iter().chain(title);
        fields.chain(["modified".to_owned()]).collect()
    }

    /// Prints the rows as they come.
    async fn all(&self, list: Rows, columns: &[String], context: &Context) -> Result<(), Failure> {
        let mut progress = Progress::new();
        let mut grid: Option<Grid> = None;
        let mut print = |rows: &[Row]| -> Result<(), Failure> {
            let text = if self.json {
                lines(rows, columns)?
            } else {
                let mut text = String::new();
                let grid = grid.get_or_insert_with(|| {
                    let grid = Grid::of(columns, rows);
                    text.push_str(&grid.head(context.painter));
                    grid
                });
                text.extend(rows.iter().map(|row| grid.row(row)));
                text
            };
            emit(&text)?;
            progress.add(rows.len());
            Ok(())
        };
        // Groups and several sort columns come in one answer; everything else goes page by page.
        let order = self.order.as_deref().unwrap_or_default();
        if !self.group_by.is_empty() || order.contains(',') {
            let rows = list.all().await.map_err(|error| site::failed(&error))?;
            for rows in rows.chunks(CHUNK) {
                print(rows)?;
            }
        } else {
            let mut stream = pin!(list.stream().try_chunks(CHUNK));
            while let Some(rows) = stream.try_next().await.transpose() {
                match rows {
                    Ok(rows) => print(&rows)?,
                    Err(cut) => {
                        // What came before the error is shown too.
                        print(&cut.0)?;
                        return Err(site::failed(&cut.1));
                    }
                }
            }
        }
        progress.end();
        Ok(())
    }
}

/// The columns to show; none for those of the rows themselves.
fn columns(fields: &[String]) -> Vec<String> {
    if fields.iter().any(|field| field == "*") {
        return Vec::new();
    }
    fields.iter().map(|field| column(field)).collect()
}

/// One row on each line, with the columns that were asked for.
fn lines(rows: &[Row], columns: &[String]) -> Result<String, Failure> {
    let mut text = String::new();
    for row in rows {
        let mut row = row.clone();
        // A stream asks for what it sorts by, too.
        if !columns.is_empty() {
            row.retain(|name, _| columns.contains(name));
        }
        let line = serde_json::to_string(&row).map_err(|error| {
            Failure::input(format!("a row cannot be written as JSON: {error}"), "")
        })?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

/// `sum(amount) as total` becomes an aggregate, everything else a column.
fn field(text: &str) -> Field {
    aggregate(text).unwrap_or_else(|| Field::from(text))
}

fn aggregate(text: &str) -> Option<Field> {
    let (call, alias) = match text.rsplit_once(" as ") {
        Some((call, alias)) => (call.trim(), Some(alias.trim())),
        None => (text.trim(), None),
    };
    let (function, column) = call.strip_suffix(')')?.split_once('(')?;
    let column = column.trim();
    let field = match function.trim().to_ascii_lowercase().as_str() {
        "count" if column == "*" => Field::count(),
        "count" => Field::count_of(column),
        "sum" => Field::sum(column),
        "avg" => Field::avg(column),
        "min" => Field::min(column),
        "max" => Field::max(column),
        _ => return None,
    };
    Some(match alias {
        Some(alias) => field.named(alias),
        None => field,
    })
}

/// The name under which a field comes back.
fn column(text: &str) -> String {
    let text = text.trim();
    if let Some((_, alias)) = text.rsplit_once(" as ") {
        return alias.trim().to_owned();
    }
    if aggregate(text).is_some() {
        let function = text.split('(').next().unwrap_or_default();
        return function.trim().to_ascii_lowercase();
    }
    text.rsplit('.').next().unwrap_or(text).to_owned()
}

/// A line for who reads along; not part of the answer.
fn note(text: &str) {
    // Nowhere is left to complain when stderr is closed.
    let _ = writeln!(stderr().lock(), "fsm: {text}");
}

/// How many rows have come, for who waits at a terminal while they go elsewhere.
struct Progress {
    on: bool,
    rows: usize,
}

impl Progress {
    fn new() -> Self {
        Self {
            on: stderr().is_terminal() && !stdout().is_terminal(),
            rows: 0,
        }
    }

    fn add(&mut self, rows: usize) {
        self.rows = self.rows.saturating_add(rows);
        if self.on {
            let _ = write!(stderr().lock(), "\r{} rows", self.rows);
        }
    }

    fn end(self) {
        if self.on {
            let _ = writeln!(stderr().lock());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{aggregate, column};

    #[test]
    fn a_field_comes_back_under_its_last_name() {
        for (asked, back) in [
            ("customer", "customer"),
            ("items.qty", "qty"),
            ("customer.territory as place", "place"),
            ("sum(grand_total) as total", "total"),
            ("COUNT(name)", "count"),
        ] {
            assert_eq!(column(asked), back);
        }
    }

    #[test]
    fn only_functions_are_aggregates() {
        assert!(aggregate("max(modified)").is_some());
        assert!(aggregate("count(*) as n").is_some());
        assert!(aggregate("customer").is_none());
        assert!(aggregate("concat(a)").is_none());
    }
}
