//! Many rows of one doctype at once, without JSON in between.

use serde_json::Value;

use crate::testing::cell::Cell;
use crate::testing::store::Store;

/// Fills one doctype.
#[derive(Debug)]
pub(super) struct Rows {
    doctype: &'static str,
    columns: Vec<usize>,
    cells: Vec<(usize, Cell)>,
}

impl Rows {
    /// Rows whose `fixed` columns always hold the same, and whose `columns` come with each.
    pub(super) fn new(
        store: &mut Store,
        doctype: &'static str,
        fixed: &[(&str, Value)],
        columns: &[&str],
    ) -> Self {
        let mut rows = Self {
            doctype,
            columns: Vec::new(),
            cells: Vec::new(),
        };
        if let Some((table, texts)) = store.table_mut(doctype) {
            let position = |column: &str| {
                let found = table.position(column);
                debug_assert!(found.is_some(), "{doctype} has no {column}");
                found.unwrap_or(usize::MAX)
            };
            rows.columns = columns.iter().map(|column| position(column)).collect();
            rows.cells = rows.columns.iter().map(|&at| (at, Cell::Null)).collect();
            for (column, value) in fixed {
                let at = position(column);
                rows.cells.push((at, table.kind(at).take(value, texts)));
            }
        }
        rows
    }

    pub(super) fn push(&mut self, store: &mut Store, values: &[Cell]) {
        debug_assert_eq!(values.len(), self.columns.len(), "{}", self.doctype);
        for (place, &value) in self.cells.iter_mut().zip(values) {
            place.1 = value;
        }
        if let Some((table, texts)) = store.table_mut(self.doctype) {
            table.push(&self.cells, texts);
        }
    }
}

/// Dollars of cents.
pub(super) fn money(cents: i64) -> Cell {
    #[allow(
        clippy::cast_precision_loss,
        reason = "amounts are far below 2^53 cents"
    )]
    let dollars = cents as f64 / 100.0;
    Cell::Float(dollars)
}

impl Store {
    /// A text as a cell.
    pub(in crate::testing) fn text(&mut self, text: &str) -> Cell {
        Cell::Text(self.texts.intern(text))
    }
}
