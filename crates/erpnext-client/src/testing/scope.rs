//! Names of columns in a query: those of the doctype, of its tables and of what it links to.

use super::cell::Cell;
use super::refusal::Refusal;
use super::schema::FieldDef;
use super::store::{Store, unknown_doctype};
use super::table::{Kind, Table};
use crate::Dialect;

/// A column of the doctype asked for, or of a joined table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ColumnRef {
    /// None for the doctype itself.
    pub(super) join: Option<usize>,
    pub(super) at: usize,
}

/// A joined table.
#[derive(Debug)]
pub(super) enum Join<'s> {
    /// Rows of a child doctype, whatever table field holds them.
    Rows { doctype: String, table: &'s Table },
    /// The document that a Link column names.
    Link { column: usize, table: &'s Table },
}

impl<'s> Join<'s> {
    pub(super) fn table(&self) -> &'s Table {
        match self {
            Self::Rows { table, .. } | Self::Link { table, .. } => table,
        }
    }
}

/// What a name is wanted for, which decides how a wrong one is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    Select,
    Where,
    OrderBy,
    GroupBy,
}

impl Clause {
    fn sql(self) -> &'static str {
        match self {
            Self::Select => "SELECT",
            Self::Where => "WHERE",
            Self::OrderBy => "ORDER BY",
            Self::GroupBy => "GROUP BY",
        }
    }
}

/// A row of the doctype with one row of each joined table.
#[derive(Clone, Debug)]
pub(super) struct Tuple {
    pub(super) row: u32,
    pub(super) joined: Box<[Option<u32>]>,
}

/// The tables of a query.
#[derive(Debug)]
pub(super) struct Scope<'s> {
    pub(super) store: &'s Store,
    pub(super) doctype: String,
    pub(super) table: &'s Table,
    pub(super) joins: Vec<Join<'s>>,
    pub(super) dialect: Dialect,
    /// Whether names are looked at before the query is made; not so on v2 of Frappe 16.
    pub(super) checked: bool,
}

impl<'s> Scope<'s> {
    pub(super) fn new(
        store: &'s Store,
        doctype: &str,
        dialect: Dialect,
        checked: bool,
    ) -> Result<Self, Refusal> {
        Ok(Self {
            store,
            doctype: doctype.to_owned(),
            table: store
                .table(doctype)
                .ok_or_else(|| unknown_doctype(doctype))?,
            joins: Vec::new(),
            dialect,
            checked,
        })
    }

    pub(super) fn table_of(&self, column: ColumnRef) -> &'s Table {
        column
            .join
            .and_then(|join| self.joins.get(join))
            .map_or(self.table, Join::table)
    }

    pub(super) fn kind(&self, column: ColumnRef) -> Kind {
        self.table_of(column).kind(column.at)
    }

    pub(super) fn cell(&self, tuple: &Tuple, column: ColumnRef) -> Cell {
        match column.join {
            None => self.table.cell(tuple.row, column.at),
            Some(join) => match tuple.joined.get(join).copied().flatten() {
                Some(row) => self.table_of(column).cell(row, column.at),
                None => Cell::Null,
            },
        }
    }

    /// The column a name stands for; None for one that is to be left out without a word.
    pub(super) fn resolve(
        &mut self,
        raw: &str,
        clause: Clause,
    ) -> Result<Option<ColumnRef>, Refusal> {
        let name = raw.trim();
        let quoted = name.starts_with('`');
        let plain = name.replace('`', "");
        let Some((before, field)) = plain.split_once('.') else {
            return self.own(&plain, clause);
        };
        match before.strip_prefix("tab") {
            Some(doctype) if quoted || self.dialect == Dialect::V16 => {
                self.of_doctype(doctype, field, clause)
            }
            Some(_) => Err(self.unknown_column(&plain, clause)),
            None => self.through(before, field, clause),
        }
    }

    /// A column of `[doctype, field, …]` and `` `tabDoctype`.field ``.
    pub(super) fn of_doctype(
        &mut self,
        doctype: &str,
        field: &str,
        clause: Clause,
    ) -> Result<Option<ColumnRef>, Refusal> {
        if doctype == self.doctype {
            return self.own(field, clause);
        }
        let table = self
            .store
            .table(doctype)
            .ok_or_else(|| unknown_doctype(doctype))?;
        if !table.schema.istable {
            return Err(operational(&format!("tab{doctype}.parent"), "ON"));
        }
        let Some(at) = table.position(field) else {
            return Err(not_permitted(field));
        };
        let join = self.join_rows(doctype, table);
        Ok(Some(ColumnRef {
            join: Some(join),
            at,
        }))
    }

    fn own(&self, field: &str, clause: Clause) -> Result<Option<ColumnRef>, Refusal> {
        if let Some(at) = self.table.position(field) {
            return Ok(Some(ColumnRef { join: None, at }));
        }
        // A table or a heading is a field, but no column: it is left out.
        let known = self.table.schema.field(field).is_some();
        match clause {
            Clause::Select if known || !self.checked => Ok(None),
            Clause::Select => Err(not_permitted(field)),
            Clause::Where if self.checked && !known => Err(not_permitted(field)),
            _ => Err(self.unknown_column(field, clause)),
        }
    }

    /// `table_field.column` and `link_field.column`.
    fn through(
        &mut self,
        by: &str,
        field: &str,
        clause: Clause,
    ) -> Result<Option<ColumnRef>, Refusal> {
        let Some(through) = self.table.schema.field(by) else {
            return Err(Refusal::new(
                500,
                "AttributeError",
                "'NoneType' object has no attribute 'options'",
            ));
        };
        let (joinable, options) = (is_joinable(through), through.options.clone());
        let full = format!("{by}.{field}");
        let target = self.store.table(&options).filter(|_| joinable);
        let Some((table, at)) = target.and_then(|table| Some((table, table.position(field)?)))
        else {
            return Err(not_permitted(&full));
        };
        if self.dialect == Dialect::V15 && clause != Clause::Select {
            return Err(self.unknown_column(&full, clause));
        }
        let join = if through.is_table() {
            self.join_rows(&options, table)
        } else {
            let column = self.table.position(by).unwrap_or_default();
            self.join(Join::Link { column, table })
        };
        Ok(Some(ColumnRef {
            join: Some(join),
            at,
        }))
    }

    fn join_rows(&mut self, doctype: &str, table: &'s Table) -> usize {
        self.join(Join::Rows {
            doctype: doctype.to_owned(),
            table,
        })
    }

    fn join(&mut self, wanted: Join<'s>) -> usize {
        let known = self.joins.iter().position(|join| match (join, &wanted) {
            (Join::Rows { doctype: a, .. }, Join::Rows { doctype: b, .. }) => a == b,
            (Join::Link { column: a, .. }, Join::Link { column: b, .. }) => a == b,
            _ => false,
        });
        known.unwrap_or_else(|| {
            self.joins.push(wanted);
            self.joins.len() - 1
        })
    }

    pub(super) fn unknown_column(&self, field: &str, clause: Clause) -> Refusal {
        match self.dialect {
            Dialect::V15 if clause == Clause::Where => {
                operational(&format!("tab{}.{field}", self.doctype), clause.sql())
            }
            Dialect::V15 => operational(field, clause.sql()),
            Dialect::V16 => Refusal::new(
                403,
                "PermissionError",
                format!(
                    "You do not have permission to access field: <strong>{}.{field}</strong>",
                    self.doctype
                ),
            ),
        }
    }

    /// All tuples of a row: one for each combination of joined rows, as LEFT JOIN makes them.
    pub(super) fn tuples(&self, row: u32) -> Vec<Tuple> {
        let mut tuples = vec![Vec::with_capacity(self.joins.len())];
        for join in &self.joins {
            let rows = self.joined(row, join);
            tuples = tuples
                .into_iter()
                .flat_map(|tuple| {
                    rows.iter().map(move |&row| {
                        let mut longer: Vec<Option<u32>> = tuple.clone();
                        longer.push(row);
                        longer
                    })
                })
                .collect();
        }
        tuples
            .into_iter()
            .map(|joined| Tuple {
                row,
                joined: joined.into_boxed_slice(),
            })
            .collect()
    }

    fn joined(&self, row: u32, join: &Join<'_>) -> Vec<Option<u32>> {
        let texts = &self.store.texts;
        let rows: Vec<Option<u32>> = match join {
            Join::Rows { table, .. } => {
                let kind = table.position("parenttype").unwrap_or_default();
                let ours = |row: &u32| match table.cell(*row, kind) {
                    Cell::Text(sym) => texts.text(sym) == self.doctype,
                    _ => false,
                };
                self.table
                    .name(row)
                    .map(|name| table.rows_of(name, texts))
                    .unwrap_or_default()
                    .into_iter()
                    .filter(ours)
                    .map(Some)
                    .collect()
            }
            Join::Link { column, table } => match self.table.cell(row, *column) {
                Cell::Text(sym) => vec![table.find_key(texts.key(sym), texts)],
                _ => Vec::new(),
            },
        };
        if rows.is_empty() { vec![None] } else { rows }
    }
}

fn is_joinable(field: &FieldDef) -> bool {
    field.is_table() || field.fieldtype == "Link"
}

pub(super) fn not_permitted(field: &str) -> Refusal {
    Refusal::new(
        417,
        "DataError",
        format!("Field not permitted in query: {field}"),
    )
}

pub(super) fn operational(column: &str, clause: &str) -> Refusal {
    Refusal::new(
        500,
        "OperationalError",
        format!("(1054, \"Unknown column '{column}' in '{clause}'\")"),
    )
}

/// What a query that the database cannot read ends in.
pub(super) fn syntax() -> Refusal {
    Refusal::new(
        500,
        "ProgrammingError",
        "(1064, 'You have an error in your SQL syntax')",
    )
}
