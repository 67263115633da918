//! Documents of one doctype, as columns.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil;
use serde_json::{Value, json};

use super::cell::{Cell, Column, Sym, Texts};
use super::schema::{FieldDef, Schema};

/// What a column holds, which decides how JSON is taken in and given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Float,
    /// A number that may be none.
    Duration,
    Date,
    Datetime,
    /// Kept as microseconds since midnight.
    Time,
    /// Name of a document of a doctype that counts up: an integer on the wire.
    Counted,
}

impl Kind {
    pub(super) fn of(field: &FieldDef) -> Self {
        match field.fieldtype.as_str() {
            "Int" | "Long Int" | "Check" => Self::Int,
            "Float" | "Currency" | "Percent" | "Rating" => Self::Float,
            "Duration" => Self::Duration,
            "Date" => Self::Date,
            "Datetime" => Self::Datetime,
            "Time" => Self::Time,
            _ => Self::Text,
        }
    }

    /// What the column keeps of a value.
    pub(super) fn take(self, value: &Value, texts: &mut Texts) -> Cell {
        match self.parse(value) {
            Parsed::Cell(cell) => cell,
            Parsed::Text(text) => Cell::Text(texts.intern(&text)),
        }
    }

    pub(super) fn parse(self, value: &Value) -> Parsed {
        if self == Self::Duration {
            return Self::Float.parse(value);
        }
        let text = match value {
            Value::Null => return Parsed::Cell(Cell::Null),
            Value::Bool(set) => match self {
                Self::Float => return Parsed::Cell(Cell::Float(f64::from(u8::from(*set)))),
                _ if self == Self::Int => return Parsed::Cell(Cell::Int((*set).into())),
                _ => u8::from(*set).to_string(),
            },
            Value::Number(number) => match self {
                Self::Int => {
                    #[allow(clippy::cast_possible_truncation, reason = "as int() in Python")]
                    let int = number
                        .as_i64()
                        .unwrap_or_else(|| number.as_f64().unwrap_or_default() as i64);
                    return Parsed::Cell(Cell::Int(int));
                }
                Self::Float => {
                    return Parsed::Cell(Cell::Float(number.as_f64().unwrap_or_default()));
                }
                _ => number.to_string(),
            },
            Value::String(text) => text.clone(),
            Value::Array(_) | Value::Object(_) => value.to_string(),
        };
        match self {
            Self::Text | Self::Counted => Parsed::Text(text),
            Self::Int => Parsed::Cell(Cell::Int(leading_int(&text))),
            Self::Float | Self::Duration => Parsed::Cell(Cell::Float(
                text.trim()
                    .replace(',', "")
                    .parse::<f64>()
                    .ok()
                    .filter(|float| float.is_finite())
                    .unwrap_or_default(),
            )),
            Self::Date if text.is_empty() => Parsed::Cell(Cell::Null),
            Self::Date => Parsed::Text(match text.get(..10) {
                Some(date) if date.parse::<civil::Date>().is_ok() => date.to_owned(),
                _ => text,
            }),
            Self::Datetime if text.is_empty() => Parsed::Cell(Cell::Null),
            Self::Datetime => Parsed::Text(datetime_text(&text)),
            Self::Time if text.is_empty() => Parsed::Cell(Cell::Null),
            Self::Time => match micros(&text) {
                Some(micros) => Parsed::Cell(Cell::Int(micros)),
                None => Parsed::Text(text),
            },
        }
    }

    /// The value as Frappe writes it.
    pub(super) fn give(self, cell: Cell, texts: &Texts) -> Value {
        match (self, cell) {
            (_, Cell::Null) => Value::Null,
            (Self::Time, Cell::Int(micros)) => json!(time_text(micros)),
            (_, Cell::Int(int)) => json!(int),
            (_, Cell::Float(float)) => json!(float),
            (Self::Counted, Cell::Text(sym)) => {
                let text = texts.text(sym);
                text.parse::<i64>()
                    .map_or_else(|_| json!(text), Value::from)
            }
            (_, Cell::Text(sym)) => json!(texts.text(sym)),
        }
    }
}

/// A value on its way into a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Parsed {
    Cell(Cell),
    Text(String),
}

/// As Python writes a stored datetime: a space, and a fraction of six digits or none.
fn datetime_text(text: &str) -> String {
    let text = text.trim().replacen('T', " ", 1);
    match text.split_once('.') {
        Some((clock, fraction)) if fraction.bytes().all(|byte| byte == b'0') => clock.to_owned(),
        Some((clock, fraction)) => {
            let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
            format!("{clock}.{digits}")
        }
        None if text.len() == 10 => format!("{text} 00:00:00"),
        None => text,
    }
}

/// `8:30:00`, not padded, with a fraction where there is one.
fn time_text(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let fraction = micros % 1_000_000;
    let text = format!(
        "{}:{:02}:{:02}",
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    );
    match fraction {
        0 => text,
        _ => format!("{text}.{fraction:06}"),
    }
}

fn micros(text: &str) -> Option<i64> {
    let (clock, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let mut parts = clock.split(':').map(|part| {
        part.parse::<i64>()
            .ok()
            .filter(|number| (0..1_000).contains(number))
    });
    let hours = parts.next()??;
    let minutes = parts.next()??;
    let seconds = match parts.next() {
        Some(seconds) => seconds?,
        None => 0,
    };
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let fraction: i64 = digits.parse().ok()?;
    Some((hours * 3_600 + minutes * 60 + seconds) * 1_000_000 + fraction)
}

/// `cint` of Frappe: what is not a number is 0.
fn leading_int(text: &str) -> i64 {
    let text = text.trim();
    text.parse().unwrap_or_else(|_| {
        #[allow(clippy::cast_possible_truncation, reason = "as int(float()) in Python")]
        let int = text.parse::<f64>().unwrap_or_default() as i64;
        int
    })
}

/// What a column is called and holds.
#[derive(Clone, Debug)]
pub(super) struct ColumnMeta {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The doctype it links to, for a Link.
    pub(super) link: Option<String>,
    /// The column that names the doctype, for a Dynamic Link.
    pub(super) dynamic: Option<String>,
    pub(super) unique: bool,
}

/// Rows sorted by the value of a column, then by number.
#[derive(Debug)]
pub(super) struct Index {
    rows: Vec<u32>,
}

#[derive(Debug, Default)]
pub(super) struct SymHasher(u64);

impl Hasher for SymHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(byte.into());
        }
    }

    fn write_u32(&mut self, word: u32) {
        let mixed = (self.0 ^ u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }
}

type SymMap<T> = HashMap<Sym, T, BuildHasherDefault<SymHasher>>;

const NAME: usize = 0;
const NONE: u32 = u32::MAX;
/// Up to so many rows a look-up reads them all.
const SMALL: usize = 256;

/// The columns that every doctype has, in the order of its table.
pub(super) const STANDARD: [(&str, Kind); 7] = [
    ("name", Kind::Text),
    ("owner", Kind::Text),
    ("creation", Kind::Datetime),
    ("modified", Kind::Datetime),
    ("modified_by", Kind::Text),
    ("docstatus", Kind::Int),
    ("idx", Kind::Int),
];
const OF_ROWS: [&str; 3] = ["parent", "parentfield", "parenttype"];
const OF_DOCUMENTS: [&str; 4] = ["_user_tags", "_comments", "_assign", "_liked_by"];

#[derive(Debug)]
pub(super) struct Table {
    pub(super) schema: Schema,
    metas: Vec<ColumnMeta>,
    positions: HashMap<String, usize>,
    columns: Vec<Column>,
    /// Rows, free ones included.
    len: usize,
    free: Vec<u32>,
    /// Rows of documents by the key of their name.
    by_name: SymMap<u32>,
    /// First row of a parent by the key of its name, the next one of each row: child doctypes.
    heads: SymMap<u32>,
    next: Vec<u32>,
    indexes: RwLock<HashMap<usize, Arc<Index>>>,
}

impl Table {
    pub(super) fn new(schema: Schema) -> Self {
        let mut table = Self {
            schema: Schema::default(),
            metas: Vec::new(),
            positions: HashMap::new(),
            columns: Vec::new(),
            len: 0,
            free: Vec::new(),
            by_name: SymMap::default(),
            heads: SymMap::default(),
            next: Vec::new(),
            indexes: RwLock::default(),
        };
        let plain = |name: &str, kind| ColumnMeta {
            name: name.to_owned(),
            kind,
            link: None,
            dynamic: None,
            unique: false,
        };
        for (name, kind) in STANDARD {
            table.add_column(plain(name, kind));
        }
        if schema.is_autoincrement() {
            table.metas[NAME].kind = Kind::Counted;
        }
        let others: &[&str] = if schema.istable {
            &OF_ROWS
        } else {
            &OF_DOCUMENTS
        };
        for name in others {
            table.add_column(plain(name, Kind::Text));
        }
        for field in &schema.fields {
            table.add_field_column(field);
        }
        table.schema = schema;
        table
    }

    pub(super) fn add_field(&mut self, field: FieldDef) {
        self.add_field_column(&field);
        self.schema.fields.push(field);
    }

    fn add_field_column(&mut self, field: &FieldDef) {
        if !field.is_column() || self.positions.contains_key(&field.fieldname) {
            return;
        }
        let options = || Some(field.options.clone());
        self.add_column(ColumnMeta {
            name: field.fieldname.clone(),
            kind: Kind::of(field),
            link: if field.fieldtype == "Link" {
                options()
            } else {
                None
            },
            dynamic: if field.fieldtype == "Dynamic Link" {
                options()
            } else {
                None
            },
            unique: field.unique,
        });
    }

    fn add_column(&mut self, meta: ColumnMeta) {
        // Frappe's numbers are NOT NULL DEFAULT 0.
        let empty = match meta.kind {
            Kind::Int => Cell::Int(0),
            Kind::Float => Cell::Float(0.0),
            _ => Cell::Null,
        };
        self.positions.insert(meta.name.clone(), self.metas.len());
        self.metas.push(meta);
        self.columns.push(Column::Same(empty));
    }

    /// Links to that doctype are integers from now on.
    pub(super) fn counts_links_to(&mut self, doctype: &str) {
        for meta in &mut self.metas {
            if meta.link.as_deref() == Some(doctype) {
                meta.kind = Kind::Counted;
            }
        }
    }

    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.positions.get(column).copied()
    }

    pub(super) fn metas(&self) -> &[ColumnMeta] {
        &self.metas
    }

    pub(super) fn kind(&self, column: usize) -> Kind {
        self.metas.get(column).map_or(Kind::Text, |meta| meta.kind)
    }

    pub(super) fn count(&self) -> usize {
        self.len - self.free.len()
    }

    /// Numbers of the rows in use, in the order they were made.
    pub(super) fn rows(&self) -> impl Iterator<Item = u32> + '_ {
        let len = u32::try_from(self.len).unwrap_or(NONE);
        (0..len).filter(|&row| self.free.is_empty() || self.cell(row, NAME) != Cell::Null)
    }

    pub(super) fn cell(&self, row: u32, column: usize) -> Cell {
        self.columns
            .get(column)
            .map_or(Cell::Null, |column| column.get(row as usize))
    }

    pub(super) fn name(&self, row: u32) -> Option<Sym> {
        match self.cell(row, NAME) {
            Cell::Text(sym) => Some(sym),
            _ => None,
        }
    }

    pub(super) fn value(&self, row: u32, column: usize, texts: &Texts) -> Value {
        self.kind(column).give(self.cell(row, column), texts)
    }

    /// The row of a document.
    pub(super) fn find(&self, name: &str, texts: &Texts) -> Option<u32> {
        self.find_key(texts.find_key(name)?, texts)
    }

    pub(super) fn find_key(&self, key: Sym, texts: &Texts) -> Option<u32> {
        if !self.schema.istable {
            return self.by_name.get(&key).copied();
        }
        self.rows_equal(NAME, Cell::Text(key), texts)
            .first()
            .copied()
    }

    /// Rows of a child doctype that belong to a parent of that name, in their order.
    pub(super) fn rows_of(&self, parent: Sym, texts: &Texts) -> Vec<u32> {
        let mut rows = Vec::new();
        let mut at = self.heads.get(&texts.key(parent)).copied().unwrap_or(NONE);
        while at != NONE {
            rows.push(at);
            at = self.next.get(at as usize).copied().unwrap_or(NONE);
        }
        if rows.len() > 1 {
            let idx = |row: u32| match self.cell(row, 6) {
                Cell::Int(idx) => idx,
                _ => 0,
            };
            rows.sort_unstable_by_key(|&row| (idx(row), row));
        }
        rows
    }

    /// Makes a row of these cells; the others are empty. The name is not checked.
    pub(super) fn push(&mut self, cells: &[(usize, Cell)], texts: &Texts) -> u32 {
        let row = self.free.pop().unwrap_or_else(|| {
            let row = u32::try_from(self.len).unwrap_or(NONE);
            self.len += 1;
            row
        });
        self.write_whole(row, cells);
        self.enter(row, texts);
        row
    }

    /// Replaces all values of a row but its name.
    pub(super) fn replace(&mut self, row: u32, cells: &[(usize, Cell)], texts: &Texts) {
        self.leave(row, texts);
        let mut cells = cells.to_vec();
        cells.push((NAME, self.cell(row, NAME)));
        self.write_whole(row, &cells);
        self.enter(row, texts);
    }

    /// Changes one value of a row.
    pub(super) fn set(&mut self, row: u32, column: usize, cell: Cell, texts: &Texts) {
        self.leave(row, texts);
        self.write(row, &[(column, cell)]);
        self.enter(row, texts);
    }

    pub(super) fn remove(&mut self, row: u32, texts: &Texts) {
        self.leave(row, texts);
        // Without a name it is no row; the rest is written over when its place is used again.
        self.write(row, &[(NAME, Cell::Null)]);
        self.free.push(row);
    }

    /// Sets every column at once, so that one that always holds the same stays one value.
    fn write_whole(&mut self, row: u32, cells: &[(usize, Cell)]) {
        let mut whole: Vec<Cell> = self.metas.iter().map(|meta| empty_of(meta.kind)).collect();
        for &(column, cell) in cells {
            if let Some(place) = whole.get_mut(column) {
                *place = cell;
            }
        }
        // A row at the end is not there yet for a column that widens.
        let row = row as usize;
        let len = if row + 1 == self.len { row } else { self.len };
        for (column, cell) in self.columns.iter_mut().zip(whole) {
            column.set(row, len, cell);
        }
    }

    fn write(&mut self, row: u32, cells: &[(usize, Cell)]) {
        let len = self.len;
        for &(column, cell) in cells {
            if let Some(column) = self.columns.get_mut(column) {
                column.set(row as usize, len, cell);
            }
        }
    }

    /// Enters a row into the maps and indexes.
    fn enter(&mut self, row: u32, texts: &Texts) {
        if self.schema.istable {
            self.next.resize(self.len, NONE);
            if let Cell::Text(parent) = self.cell(row, STANDARD.len()) {
                let before = self.heads.insert(texts.key(parent), row);
                self.next[row as usize] = before.unwrap_or(NONE);
            }
        } else if let Some(name) = self.name(row) {
            self.by_name.insert(texts.key(name), row);
        }
        self.reindex(row, texts, |index, at| index.rows.insert(at, row));
    }

    /// Takes a row out of the maps and indexes.
    fn leave(&mut self, row: u32, texts: &Texts) {
        self.reindex(row, texts, |index, at| {
            if index.rows.get(at) == Some(&row) {
                index.rows.remove(at);
            }
        });
        if !self.schema.istable {
            if let Some(name) = self.name(row) {
                self.by_name.remove(&texts.key(name));
            }
            return;
        }
        let Cell::Text(parent) = self.cell(row, STANDARD.len()) else {
            return;
        };
        let after = self.next.get(row as usize).copied().unwrap_or(NONE);
        let key = texts.key(parent);
        let mut at = self.heads.get(&key).copied().unwrap_or(NONE);
        if at == row {
            if after == NONE {
                self.heads.remove(&key);
            } else {
                self.heads.insert(key, after);
            }
            return;
        }
        while at != NONE {
            let next = self.next.get(at as usize).copied().unwrap_or(NONE);
            if next == row {
                self.next[at as usize] = after;
                return;
            }
            at = next;
        }
    }

    fn reindex(&mut self, row: u32, texts: &Texts, change: impl Fn(&mut Index, usize)) {
        let mut indexes = std::mem::take(
            self.indexes
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner),
        );
        indexes.retain(|&column, index| {
            // Somebody still reads it: the next one who needs it makes it anew.
            let Some(index) = Arc::get_mut(index) else {
                return false;
            };
            let cell = self.cell(row, column);
            let at = index
                .rows
                .partition_point(|&other| self.order(column, texts, (other, cell), row).is_lt());
            change(index, at);
            true
        });
        *self
            .indexes
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner) = indexes;
    }

    fn order(&self, column: usize, texts: &Texts, other: (u32, Cell), row: u32) -> Ordering {
        texts
            .compare(self.cell(other.0, column), other.1)
            .then(other.0.cmp(&row))
    }

    /// The index of a column, made when it is first asked for; none where every row is the same.
    pub(super) fn index(&self, column: usize, texts: &Texts) -> Option<Arc<Index>> {
        let values = self.columns.get(column)?;
        if matches!(values, Column::Same(_)) {
            return None;
        }
        let read = self.indexes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = read.get(&column) {
            return Some(Arc::clone(index));
        }
        drop(read);
        let rows = match values {
            Column::Texts(_) => self.sorted_texts(values, texts),
            _ => {
                let mut rows: Vec<u32> = self.rows().collect();
                // Stable: rows of one value stay in their order.
                rows.sort_by(|&a, &b| {
                    texts.compare(values.get(a as usize), values.get(b as usize))
                });
                rows
            }
        };
        let index = Arc::new(Index { rows });
        self.indexes
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(column, Arc::clone(&index));
        Some(index)
    }

    /// The rows by their texts: each text is compared once, however many rows hold it, and texts
    /// that come in their order are hardly compared at all.
    fn sorted_texts(&self, values: &Column, texts: &Texts) -> Vec<u32> {
        let key = |row: u32| match values.get(row as usize) {
            Cell::Text(sym) => Some(texts.key(sym)),
            _ => None,
        };
        let mut ranks: SymMap<u32> = SymMap::default();
        let mut keys: Vec<Sym> = Vec::new();
        for row in self.rows() {
            if let Some(key) = key(row) {
                ranks.entry(key).or_insert_with(|| {
                    keys.push(key);
                    0
                });
            }
        }
        keys.sort_by(|&a, &b| texts.compare(Cell::Text(a), Cell::Text(b)));
        for (rank, key) in (1..).zip(keys) {
            ranks.insert(key, rank);
        }
        let rank = |row: u32| {
            key(row)
                .and_then(|key| ranks.get(&key).copied())
                .unwrap_or(0)
        };
        let mut rows: Vec<(u32, u32)> = self.rows().map(|row| (rank(row), row)).collect();
        rows.sort_unstable();
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Rows whose value equals a cell, by the index when there are many rows.
    pub(super) fn rows_equal(&self, column: usize, wanted: Cell, texts: &Texts) -> Vec<u32> {
        let equal = |row: u32| texts.compare(self.cell(row, column), wanted).is_eq();
        if self.count() <= SMALL {
            return self.rows().filter(|&row| equal(row)).collect();
        }
        match self.index(column, texts) {
            Some(index) => {
                let range = index.range(
                    |row| texts.compare(self.cell(row, column), wanted).is_lt(),
                    |row| texts.compare(self.cell(row, column), wanted).is_le(),
                );
                index.rows.get(range).unwrap_or_default().to_vec()
            }
            None => self.rows().filter(|&row| equal(row)).collect(),
        }
    }
}

impl Index {
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The places of rows that are not before, but still within.
    pub(super) fn range(
        &self,
        before: impl Fn(u32) -> bool,
        within: impl Fn(u32) -> bool,
    ) -> Range<usize> {
        let start = self.rows.partition_point(|&row| before(row));
        let end = self.rows.partition_point(|&row| within(row));
        start..end.max(start)
    }
}

fn empty_of(kind: Kind) -> Cell {
    match kind {
        Kind::Int => Cell::Int(0),
        Kind::Float => Cell::Float(0.0),
        _ => Cell::Null,
    }
}
