//! Values of a table, a few bytes each.

use std::cmp::Ordering;

use super::collation;

/// One value. Dates are texts, times microseconds; texts are kept once each in [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Text(Sym),
}

/// A text in [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Sym(u32);

impl Sym {
    /// Stands for NULL where a column holds texts alone.
    const NONE: Self = Self(u32::MAX);
}

/// All texts of a site, each kept once, with the collation key of each.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    /// Where text i ends; it begins where the one before ends.
    ends: Vec<usize>,
    keys: Vec<Sym>,
    /// Open addressing over `ends`, at most 2/3 full; `u32::MAX` is a free slot.
    slots: Vec<u32>,
}

impl Texts {
    /// The text, kept from now on.
    pub(super) fn intern(&mut self, text: &str) -> Sym {
        if let Some(known) = self.find(text) {
            return known;
        }
        let key = match collation::key(text) {
            folded if folded == text => None,
            folded => Some(folded.into_owned()),
        };
        let key = key.map(|folded| self.intern(&folded));
        let sym = self.push(text);
        self.keys.push(key.unwrap_or(sym));
        sym
    }

    /// The text, if it is kept.
    pub(super) fn find(&self, text: &str) -> Option<Sym> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(text) & mask;
        loop {
            match self.slots[at] {
                u32::MAX => return None,
                id if self.text(Sym(id)) == text => return Some(Sym(id)),
                _ => at = (at + 1) & mask,
            }
        }
    }

    /// The kept text that all texts equal to this one have as their key.
    pub(super) fn find_key(&self, text: &str) -> Option<Sym> {
        self.find(&collation::key(text))
    }

    pub(super) fn text(&self, sym: Sym) -> &str {
        let id = sym.0 as usize;
        let start = match id {
            0 => 0,
            _ => self.ends[id - 1],
        };
        &self.bytes[start..self.ends[id]]
    }

    /// Equal texts have equal keys.
    pub(super) fn key(&self, sym: Sym) -> Sym {
        self.keys[sym.0 as usize]
    }

    pub(super) fn key_text(&self, sym: Sym) -> &str {
        self.text(self.key(sym))
    }

    /// The order of the database: NULL first, texts by their keys.
    pub(super) fn compare(&self, left: Cell, right: Cell) -> Ordering {
        match (left, right) {
            (Cell::Text(a), Cell::Text(b)) => {
                let (a, b) = (self.key(a), self.key(b));
                if a == b {
                    Ordering::Equal
                } else {
                    collation::order(self.text(a), self.text(b))
                }
            }
            (Cell::Int(a), Cell::Int(b)) => a.cmp(&b),
            (Cell::Null, Cell::Null) => Ordering::Equal,
            (Cell::Null, _) => Ordering::Less,
            (_, Cell::Null) => Ordering::Greater,
            (Cell::Text(_), _) => Ordering::Greater,
            (_, Cell::Text(_)) => Ordering::Less,
            (a, b) => number(a).total_cmp(&number(b)),
        }
    }

    fn push(&mut self, text: &str) -> Sym {
        if (self.ends.len() + 1) * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let id = u32::try_from(self.ends.len()).expect("a fake site holds less than 2^32 texts");
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        self.place(id);
        Sym(id)
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(1 << 10);
        self.slots = vec![u32::MAX; slots];
        for id in 0..self.ends.len() {
            self.place(u32::try_from(id).unwrap_or(u32::MAX));
        }
    }

    fn place(&mut self, id: u32) {
        let mask = self.slots.len() - 1;
        let mut at = hash(self.text(Sym(id))) & mask;
        while self.slots[at] != u32::MAX {
            at = (at + 1) & mask;
        }
        self.slots[at] = id;
    }
}

/// A number of a cell that is one; texts and NULL count as 0, as `MariaDB` has it.
pub(super) fn number(cell: Cell) -> f64 {
    match cell {
        #[allow(
            clippy::cast_precision_loss,
            reason = "amounts and counts are far below 2^53"
        )]
        Cell::Int(int) => int as f64,
        Cell::Float(float) => float,
        Cell::Null | Cell::Text(_) => 0.0,
    }
}

/// `FxHash` over eight bytes at a time, with a final mix for the low bits.
fn hash(text: &str) -> usize {
    const SEED: u64 = 0x517c_c1b7_2722_0a95;
    let mut state = text.len() as u64;
    let mut chunks = text.as_bytes().chunks_exact(8);
    let mut feed = |word: u64| state = (state.rotate_left(5) ^ word).wrapping_mul(SEED);
    for chunk in &mut chunks {
        feed(
            chunk
                .iter()
                .fold(0, |word, &byte| word << 8 | u64::from(byte)),
        );
    }
    feed(
        chunks
            .remainder()
            .iter()
            .fold(1, |word, &byte| word << 8 | u64::from(byte)),
    );
    #[allow(clippy::cast_possible_truncation, reason = "a hash")]
    let mixed = (state ^ (state >> 32)) as usize;
    mixed
}

/// Values of one field in all rows, in the narrowest form that fits.
#[derive(Debug)]
pub(super) enum Column {
    /// Every row holds the same.
    Same(Cell),
    Texts(Vec<Sym>),
    Ints(Vec<i64>),
    /// NaN is NULL.
    Floats(Vec<f64>),
    Mixed(Vec<Cell>),
}

impl Column {
    pub(super) fn get(&self, row: usize) -> Cell {
        match self {
            Self::Same(cell) => *cell,
            Self::Texts(syms) => match syms.get(row) {
                Some(&sym) if sym != Sym::NONE => Cell::Text(sym),
                _ => Cell::Null,
            },
            Self::Ints(ints) => ints.get(row).map_or(Cell::Null, |&int| Cell::Int(int)),
            Self::Floats(floats) => match floats.get(row) {
                Some(float) if !float.is_nan() => Cell::Float(*float),
                _ => Cell::Null,
            },
            Self::Mixed(cells) => cells.get(row).copied().unwrap_or(Cell::Null),
        }
    }

    /// Sets row `row` of `len` rows; `row == len` appends one.
    pub(super) fn set(&mut self, row: usize, len: usize, cell: Cell) {
        match (&mut *self, cell) {
            (Self::Same(same), cell) if len == 0 => *same = cell,
            (Self::Same(same), cell) if *same == cell => {}
            (Self::Texts(syms), Cell::Text(sym)) => put(syms, row, sym),
            (Self::Texts(syms), Cell::Null) => put(syms, row, Sym::NONE),
            (Self::Ints(ints), Cell::Int(int)) => put(ints, row, int),
            (Self::Floats(floats), Cell::Float(float)) => put(floats, row, float),
            (Self::Floats(floats), Cell::Null) => put(floats, row, f64::NAN),
            (Self::Mixed(cells), cell) => put(cells, row, cell),
            (_, cell) => {
                self.widen(len, cell);
                self.set(row, len, cell);
            }
        }
    }

    /// Takes the form that can also hold `cell`.
    fn widen(&mut self, len: usize, cell: Cell) {
        let same = match self {
            Self::Same(same) => Some(*same),
            _ => None,
        };
        *self = match (same, cell) {
            (Some(Cell::Null), Cell::Text(_)) => Self::Texts(vec![Sym::NONE; len]),
            (Some(Cell::Text(sym)), Cell::Text(_) | Cell::Null) => Self::Texts(vec![sym; len]),
            (Some(Cell::Int(int)), Cell::Int(_)) => Self::Ints(vec![int; len]),
            (Some(Cell::Null), Cell::Float(_)) => Self::Floats(vec![f64::NAN; len]),
            (Some(Cell::Float(float)), Cell::Float(_) | Cell::Null) => {
                Self::Floats(vec![float; len])
            }
            _ => Self::Mixed((0..len).map(|row| self.get(row)).collect()),
        };
    }
}

fn put<T>(values: &mut Vec<T>, row: usize, value: T) {
    match values.get_mut(row) {
        Some(place) => *place = value,
        None => values.push(value),
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Texts};

    #[test]
    fn a_text_is_kept_once_and_knows_its_key() {
        let mut texts = Texts::default();
        let accented = texts.intern("Été");
        let plain = texts.intern("ete");
        assert_ne!(accented, plain);
        assert_eq!(texts.key(accented), plain);
        assert_eq!(texts.intern("Été"), accented);
        assert_eq!(texts.find_key("ETE "), Some(plain));
        assert_eq!(texts.find("hiver"), None);
        for n in 0..5_000 {
            texts.intern(&format!("text {n}"));
        }
        let found = texts.find("text 4321").unwrap();
        assert_eq!(texts.text(found), "text 4321");
    }

    #[test]
    fn a_column_widens_without_losing_a_value() {
        let mut texts = Texts::default();
        let text = Cell::Text(texts.intern("x"));
        let written = [
            Cell::Null,
            Cell::Null,
            text,
            Cell::Null,
            Cell::Int(3),
            Cell::Float(1.5),
        ];
        let mut column = Column::Same(Cell::Null);
        for (row, &cell) in written.iter().enumerate() {
            column.set(row, row, cell);
        }
        let read: Vec<Cell> = (0..written.len()).map(|row| column.get(row)).collect();
        assert_eq!(read, written);
        column.set(2, written.len(), Cell::Int(9));
        assert_eq!(column.get(2), Cell::Int(9));
    }
}
