//! Rows under column names, as wide as the first page needs; later rows follow the same widths,
//! so that a list of any length is printed as it comes.

use serde_json::{Map, Value};

use crate::output::{Painter, Tone, clean};

/// Beyond this a column stops growing: a longer text is printed whole, and shifts its row.
const WIDEST: usize = 48;

/// The columns of a list.
#[derive(Debug)]
pub(super) struct Grid {
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    name: String,
    width: usize,
    /// Every value of the first page is a number.
    right: bool,
}

impl Grid {
    /// Columns in the order asked for; all of the rows' own where nothing was.
    pub(super) fn of(asked: &[String], first_page: &[Map<String, Value>]) -> Self {
        let names: Vec<String> = if asked.is_empty() {
            first_page
                .first()
                .map(|row| row.keys().cloned().collect())
                .unwrap_or_default()
        } else {
            asked.to_vec()
        };
        let columns = names
            .into_iter()
            .map(|name| {
                let values = || first_page.iter().filter_map(|row| row.get(&name));
                let widest = values().map(|value| text(value).chars().count()).max();
                Column {
                    width: widest.unwrap_or(0).max(name.chars().count()).min(WIDEST),
                    right: values().any(Value::is_number)
                        && values().all(|value| value.is_number() || value.is_null()),
                    name,
                }
            })
            .collect();
        Self { columns }
    }

    pub(super) fn head(&self, painter: Painter) -> String {
        let names = self.columns.iter().map(|column| column.name.to_uppercase());
        format!("{}\n", painter.paint(Tone::Quiet, &self.line(names)))
    }

    pub(super) fn row(&self, row: &Map<String, Value>) -> String {
        let cells = self
            .columns
            .iter()
            .map(|column| row.get(&column.name).map(text).unwrap_or_default());
        format!("{}\n", self.line(cells))
    }

    fn line(&self, cells: impl Iterator<Item = String>) -> String {
        let mut line = String::from(" ");
        for (column, cell) in self.columns.iter().zip(cells) {
            let room = column.width.saturating_sub(cell.chars().count());
            let (before, after) = if column.right { (room, 0) } else { (0, room) };
            line.push(' ');
            line.extend(std::iter::repeat_n(' ', before));
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', after + 1));
        }
        line.trim_end().to_owned()
    }
}

/// A value in one line.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => clean(text),
        Value::Array(rows) => format!("[{}]", rows.len()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::Grid;
    use crate::output::Painter;

    fn row(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(row) => row,
            _ => Map::new(),
        }
    }

    #[test]
    fn later_rows_keep_the_widths_and_lose_nothing() {
        let first = [
            row(json!({"name": "ÉTÉ-1", "qty": 2, "note": null})),
            row(json!({"name": "B", "qty": 12, "note": "x"})),
        ];
        let grid = Grid::of(&[], &first);
        let mut out = grid.head(Painter::new(false));
        for one in &first {
            out.push_str(&grid.row(one));
        }
        out.push_str(&grid.row(&row(
            json!({"name": "A longer one", "qty": 3, "note": "y\u{1b}"}),
        )));
        let mut lines = out.lines();
        assert_eq!(lines.next(), Some("  NAME   NOTE  QTY"));
        assert_eq!(lines.next(), Some("  ÉTÉ-1          2"));
        assert_eq!(lines.next(), Some("  B      x      12"));
        assert_eq!(lines.next(), Some("  A longer one  y\u{FFFD}      3"));
    }

    #[test]
    fn columns_come_in_the_order_asked_for() {
        let first = [row(json!({"a": 1, "b": [1, 2]}))];
        let grid = Grid::of(&["b".to_owned(), "a".to_owned()], &first);
        assert_eq!(grid.row(&first[0]), "  [2]  1\n");
    }
}
