//! The documents of a site, in memory.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::cell::{Cell, Sym, Texts};
use super::refusal::Refusal;
use super::schema::{FieldDef, Schema};
use super::series::Series;
use super::table::{Kind, STANDARD, Table};
use super::{catalog, collation};

/// All documents of a site with their doctypes.
///
/// It keeps what it is given: rules of documents (mandatory fields, states, permissions) are not
/// its business, only those a database has.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) texts: Texts,
    tables: BTreeMap<String, Table>,
    series: Series,
    /// Names given to child rows that came without one.
    unnamed: u64,
}

/// Children of `Store::insert` and `update`: the table field, its doctype and the rows.
type Children = Vec<(String, String, Vec<Map<String, Value>>)>;

impl Store {
    /// With the built-in doctypes and the records of a new site, for a company of ours.
    pub(super) fn new() -> Self {
        Self::of_company("Fibre Boréale", "FB")
    }

    /// With the built-in doctypes and the records of a new site.
    pub(super) fn of_company(company: &str, abbr: &str) -> Self {
        let mut store = Self {
            texts: Texts::default(),
            tables: BTreeMap::new(),
            series: Series::default(),
            unnamed: 0,
        };
        catalog::fill(&mut store, company, abbr);
        store
    }

    pub(super) fn schema(&self, doctype: &str) -> Option<&Schema> {
        self.tables.get(doctype).map(|table| &table.schema)
    }

    pub(super) fn doctypes(&self) -> impl Iterator<Item = &Schema> {
        self.tables.values().map(|table| &table.schema)
    }

    /// Makes a doctype, or replaces the definition of one: its documents stay, without the
    /// fields that are gone.
    pub(super) fn add_schema(&mut self, schema: Schema) {
        let name = schema.name.clone();
        let kept: Vec<Map<String, Value>> = match self.tables.get(&name) {
            Some(old) if old.schema.istable => Vec::new(),
            Some(old) => old
                .rows()
                .filter_map(|row| self.document(old, row))
                .collect(),
            None => Vec::new(),
        };
        let mut table = Table::new(schema);
        for field in table.schema.fields.clone() {
            let counted = field.fieldtype == "Link"
                && self
                    .schema(&field.options)
                    .is_some_and(Schema::is_autoincrement);
            if counted {
                table.counts_links_to(&field.options);
            }
        }
        if table.schema.is_autoincrement() {
            for other in self.tables.values_mut() {
                other.counts_links_to(&name);
            }
        }
        if table.schema.istable
            && let Some(old) = self.tables.get(&name)
        {
            // Rows keep their place beside their parents.
            for row in old.rows() {
                let cells: Vec<(usize, Cell)> = old
                    .metas()
                    .iter()
                    .enumerate()
                    .filter_map(|(at, meta)| Some((table.position(&meta.name)?, old.cell(row, at))))
                    .collect();
                table.push(&cells, &self.texts);
            }
        }
        self.tables.insert(name.clone(), table);
        for document in kept {
            let cells = self.cells(&name, &document, None);
            if let Some(table) = self.tables.get_mut(&name) {
                table.push(&cells, &self.texts);
            }
        }
    }

    /// Forgets a doctype with its documents.
    pub(super) fn remove_schema(&mut self, doctype: &str) {
        self.tables.remove(doctype);
    }

    /// Adds a field to a doctype.
    ///
    /// Refused: an unknown doctype, and a field it already has.
    pub(super) fn add_field(&mut self, doctype: &str, field: FieldDef) -> Result<(), Refusal> {
        let counted = field.fieldtype == "Link"
            && self
                .schema(&field.options)
                .is_some_and(Schema::is_autoincrement);
        let table = self
            .tables
            .get_mut(doctype)
            .ok_or_else(|| unknown_doctype(doctype))?;
        if table.schema.field(&field.fieldname).is_some()
            || STANDARD.iter().any(|(name, _)| *name == field.fieldname)
        {
            return Err(Refusal::new(
                417,
                "ValidationError",
                format!(
                    "A field with the name <strong>{}</strong> already exists in {doctype}",
                    field.fieldname
                ),
            ));
        }
        let linked = field.options.clone();
        table.add_field(field);
        if counted {
            table.counts_links_to(&linked);
        }
        Ok(())
    }

    /// A whole document as JSON: NULLs are explicit, rows of tables inside. The name is looked up
    /// without case and accents; the answer carries it as it is stored.
    pub(super) fn get(&self, doctype: &str, name: &str) -> Option<Map<String, Value>> {
        let table = self.tables.get(doctype)?;
        self.document(table, table.find(name, &self.texts)?)
    }

    pub(super) fn stored_name(&self, doctype: &str, name: &str) -> Option<String> {
        let table = self.tables.get(doctype)?;
        let row = table.find(name, &self.texts)?;
        Some(self.texts.text(table.name(row)?).to_owned())
    }

    /// One value of a document, without reading the rest.
    pub(super) fn value(&self, doctype: &str, name: &str, field: &str) -> Option<Value> {
        let table = self.tables.get(doctype)?;
        let row = table.find(name, &self.texts)?;
        Some(table.value(row, table.position(field)?, &self.texts))
    }

    /// Changes one value of a document that is there.
    pub(super) fn set(&mut self, doctype: &str, name: &str, field: &str, value: &Value) {
        let Some(table) = self.tables.get_mut(doctype) else {
            return;
        };
        let (Some(row), Some(at)) = (table.find(name, &self.texts), table.position(field)) else {
            return;
        };
        let cell = table.kind(at).take(value, &mut self.texts);
        table.set(row, at, cell, &self.texts);
    }

    /// Makes the indexes that lists of many documents will want, so that none of them waits.
    pub(super) fn warm(&self) {
        const MANY: usize = 2_000;
        const WANTED: [&str; 14] = [
            "creation",
            "modified",
            "posting_date",
            "outstanding_amount",
            "status",
            "customer",
            "customer_name",
            "party",
            "voucher_no",
            "against_voucher",
            "reference_name",
            "reference_no",
            "link_name",
            "serial_number",
        ];
        for table in self.tables.values().filter(|table| table.count() >= MANY) {
            // Random names are not listed by name.
            let named = !table.schema.istable && table.schema.autoname != "hash";
            let name = named.then_some("name");
            let wanted = WANTED.into_iter().chain(name);
            for at in wanted.filter_map(|column| table.position(column)) {
                table.index(at, &self.texts);
            }
        }
    }

    /// Puts a document in. Its name is in it, and so are the names of its rows.
    ///
    /// Refused: a name that is taken (409), and a unique value that is (417).
    pub(super) fn insert(&mut self, doctype: &str, doc: Map<String, Value>) -> Result<(), Refusal> {
        let table = self
            .tables
            .get(doctype)
            .ok_or_else(|| unknown_doctype(doctype))?;
        let name = name_of(&doc);
        if name.is_empty() {
            return Err(Refusal::new(
                417,
                "ValidationError",
                format!("{doctype} Name is required"),
            ));
        }
        if table.find(&name, &self.texts).is_some() {
            return Err(Refusal::new(
                409,
                "DuplicateEntryError",
                format!("{doctype} <strong>{name}</strong> already exists"),
            ));
        }
        self.check_unique(doctype, &doc, None)?;
        self.write(doctype, None, doc);
        Ok(())
    }

    /// Replaces a document whole, rows of tables included. Its name stays.
    ///
    /// Refused: a document that is not there (404), and a unique value that is taken (417).
    pub(super) fn update(
        &mut self,
        doctype: &str,
        name: &str,
        doc: Map<String, Value>,
    ) -> Result<(), Refusal> {
        let table = self
            .tables
            .get(doctype)
            .ok_or_else(|| unknown_doctype(doctype))?;
        let row = table
            .find(name, &self.texts)
            .ok_or_else(|| not_found(doctype, name))?;
        self.check_unique(doctype, &doc, Some(row))?;
        self.write(doctype, Some(row), doc);
        Ok(())
    }

    /// Takes a document out, with its rows; whether it was there.
    pub(super) fn remove(&mut self, doctype: &str, name: &str) -> bool {
        let Some(table) = self.tables.get(doctype) else {
            return false;
        };
        let Some(row) = table.find(name, &self.texts) else {
            return false;
        };
        if let Some(name) = table.name(row) {
            for child in table_doctypes(&table.schema) {
                self.remove_rows(&child, doctype, None, name);
            }
        }
        if let Some(table) = self.tables.get_mut(doctype) {
            table.remove(row, &self.texts);
        }
        true
    }

    /// Gives a document another name, everywhere.
    ///
    /// Refused: a document that is not there (404), and a name that is taken (409).
    pub(super) fn rename(&mut self, doctype: &str, old: &str, new: &str) -> Result<(), Refusal> {
        let table = self
            .tables
            .get(doctype)
            .ok_or_else(|| unknown_doctype(doctype))?;
        let row = table
            .find(old, &self.texts)
            .ok_or_else(|| not_found(doctype, old))?;
        if table
            .find(new, &self.texts)
            .is_some_and(|other| other != row)
        {
            return Err(Refusal::new(
                409,
                "DuplicateEntryError",
                format!("{doctype} <strong>{new}</strong> already exists"),
            ));
        }
        let Some(before) = table.name(row) else {
            return Ok(());
        };
        let children = table_doctypes(&table.schema);
        let pointing = self.pointing(doctype, before);
        let after = Cell::Text(self.texts.intern(new));
        for child in children {
            let Some(table) = self.tables.get_mut(&child) else {
                continue;
            };
            let Some(parent) = table.position("parent") else {
                continue;
            };
            let parenttype = table.position("parenttype").unwrap_or(parent);
            for row in table.rows_of(before, &self.texts) {
                if text_of(table, row, parenttype, &self.texts) == Some(doctype) {
                    table.set(row, parent, after, &self.texts);
                }
            }
        }
        for (holder, column, rows) in pointing {
            if let Some(table) = self.tables.get_mut(&holder) {
                for row in rows {
                    table.set(row, column, after, &self.texts);
                }
            }
        }
        if let Some(table) = self.tables.get_mut(doctype) {
            table.set(row, 0, after, &self.texts);
        }
        Ok(())
    }

    /// A document that points to this one by a Link or Dynamic Link: doctype and name. For a
    /// row of a table, its parent. Cancelled documents and those that go along do not count.
    pub(super) fn links_to(&self, doctype: &str, name: &str) -> Option<(String, String)> {
        const GO_ALONG: [&str; 11] = [
            "GL Entry",
            "Dynamic Link",
            "Communication",
            "Communication Link",
            "ToDo",
            "Comment",
            "Version",
            "File",
            "Tag Link",
            "Notification Log",
            "DocShare",
        ];
        let key = self.texts.find_key(name)?;
        for (holder, _, rows) in self.pointing(doctype, key) {
            if GO_ALONG.contains(&holder.as_str()) {
                continue;
            }
            let table = self.tables.get(&holder)?;
            let docstatus = table.position("docstatus").unwrap_or_default();
            for row in rows {
                if table.cell(row, docstatus) == Cell::Int(2) {
                    continue;
                }
                let text = |column: &str| {
                    let at = table.position(column)?;
                    text_of(table, row, at, &self.texts).map(str::to_owned)
                };
                let found = if table.schema.istable {
                    (text("parenttype")?, text("parent")?)
                } else {
                    (holder.clone(), text("name")?)
                };
                if found.0 != doctype || !collation::same(&found.1, name) {
                    return Some(found);
                }
            }
        }
        None
    }

    pub(super) fn count_rows(&self, doctype: &str) -> usize {
        self.tables.get(doctype).map_or(0, Table::count)
    }

    /// The next number of a naming series: 1 for a new prefix.
    pub(super) fn next_in_series(&mut self, prefix: &str) -> u64 {
        self.series.next(prefix)
    }

    /// Lets a series go on after a number.
    pub(super) fn set_series(&mut self, prefix: &str, last: u64) {
        self.series.set(prefix, last);
    }

    pub(super) fn table(&self, doctype: &str) -> Option<&Table> {
        self.tables.get(doctype)
    }

    /// A table to fill, with the texts it refers to.
    pub(super) fn table_mut(&mut self, doctype: &str) -> Option<(&mut Table, &mut Texts)> {
        Some((self.tables.get_mut(doctype)?, &mut self.texts))
    }

    fn document(&self, table: &Table, row: u32) -> Option<Map<String, Value>> {
        let name = table.name(row)?;
        let mut document = self.row_json(table, row);
        if table.schema.issingle {
            document.insert("idx".to_owned(), json!("0"));
        }
        for field in table.schema.tables() {
            let rows: Vec<Value> = match self.tables.get(&field.options) {
                Some(children) => self
                    .child_rows(children, &table.schema.name, &field.fieldname, name)
                    .into_iter()
                    .map(|row| Value::Object(self.row_json(children, row)))
                    .collect(),
                None => Vec::new(),
            };
            document.insert(field.fieldname.clone(), Value::Array(rows));
        }
        Some(document)
    }

    fn row_json(&self, table: &Table, row: u32) -> Map<String, Value> {
        let mut json: Map<String, Value> = table
            .metas()
            .iter()
            .enumerate()
            .map(|(at, meta)| (meta.name.clone(), table.value(row, at, &self.texts)))
            .filter(|(name, value)| !(name.starts_with('_') && value.is_null()))
            .collect();
        json.insert("doctype".to_owned(), json!(table.schema.name));
        json
    }

    /// Rows of one table field of a document.
    pub(super) fn child_rows(
        &self,
        children: &Table,
        parenttype: &str,
        parentfield: &str,
        parent: Sym,
    ) -> Vec<u32> {
        let (Some(kind), Some(field)) = (
            children.position("parenttype"),
            children.position("parentfield"),
        ) else {
            return Vec::new();
        };
        let mut rows = children.rows_of(parent, &self.texts);
        rows.retain(|&row| {
            text_of(children, row, kind, &self.texts) == Some(parenttype)
                && text_of(children, row, field, &self.texts) == Some(parentfield)
        });
        rows
    }

    /// The cells of a document, or of a row with what its parent gives it.
    fn cells(
        &mut self,
        doctype: &str,
        doc: &Map<String, Value>,
        row_of: Option<&[(&str, Value)]>,
    ) -> Vec<(usize, Cell)> {
        let Some(table) = self.tables.get(doctype) else {
            return Vec::new();
        };
        let mut cells = Vec::with_capacity(doc.len());
        let given = doc.iter().map(|(key, value)| (key.as_str(), value));
        let above = row_of
            .into_iter()
            .flatten()
            .map(|(key, value)| (*key, value));
        for (key, value) in given.chain(above) {
            let Some(at) = table.position(key) else {
                continue;
            };
            let kind = table.kind(at);
            let cell = match (kind, value) {
                // NOT NULL DEFAULT 0
                (Kind::Int, Value::Null) => Cell::Int(0),
                (Kind::Float, Value::Null) => Cell::Float(0.0),
                _ => kind.take(value, &mut self.texts),
            };
            cells.push((at, cell));
        }
        cells
    }

    /// Takes the rows of its tables out of a document.
    fn take_children(&self, doctype: &str, doc: &mut Map<String, Value>) -> Children {
        let tables = self.schema(doctype).into_iter().flat_map(Schema::tables);
        tables
            .map(|field| {
                let rows = match doc.remove(&field.fieldname) {
                    Some(Value::Array(rows)) => rows,
                    _ => Vec::new(),
                };
                let objects = rows.into_iter().filter_map(|row| match row {
                    Value::Object(row) => Some(row),
                    _ => None,
                });
                (
                    field.fieldname.clone(),
                    field.options.clone(),
                    objects.collect(),
                )
            })
            .collect()
    }

    fn write(&mut self, doctype: &str, row: Option<u32>, mut doc: Map<String, Value>) {
        let cells = self.cells(doctype, &doc, None);
        let children = self.take_children(doctype, &mut doc);
        let Some(table) = self.tables.get_mut(doctype) else {
            return;
        };
        let row = match row {
            Some(row) => {
                table.replace(row, &cells, &self.texts);
                row
            }
            None => table.push(&cells, &self.texts),
        };
        let Some(name) = table.name(row) else {
            return;
        };
        for (field, child, rows) in children {
            self.remove_rows(&child, doctype, Some(&field), name);
            for (at, row) in rows.into_iter().enumerate() {
                let mut above = vec![
                    ("parent", json!(self.texts.text(name))),
                    ("parenttype", json!(doctype)),
                    ("parentfield", json!(field)),
                ];
                if name_of(&row).is_empty() {
                    self.unnamed += 1;
                    above.push(("name", json!(hash_name(self.unnamed))));
                }
                if row.get("idx").is_none_or(Value::is_null) {
                    above.push(("idx", json!(at + 1)));
                }
                for key in ["owner", "creation", "modified", "modified_by", "docstatus"] {
                    if row.get(key).is_none_or(Value::is_null)
                        && let Some(value) = doc.get(key)
                    {
                        above.push((key, value.clone()));
                    }
                }
                let cells = self.cells(&child, &row, Some(&above));
                if let Some(table) = self.tables.get_mut(&child) {
                    table.push(&cells, &self.texts);
                }
            }
        }
    }

    fn remove_rows(&mut self, child: &str, parenttype: &str, field: Option<&str>, parent: Sym) {
        let Some(table) = self.tables.get_mut(child) else {
            return;
        };
        let (Some(kind), Some(parentfield)) =
            (table.position("parenttype"), table.position("parentfield"))
        else {
            return;
        };
        for row in table.rows_of(parent, &self.texts) {
            let is = |at, wanted: &str| text_of(table, row, at, &self.texts) == Some(wanted);
            if is(kind, parenttype) && field.is_none_or(|field| is(parentfield, field)) {
                table.remove(row, &self.texts);
            }
        }
    }

    fn check_unique(
        &self,
        doctype: &str,
        doc: &Map<String, Value>,
        own: Option<u32>,
    ) -> Result<(), Refusal> {
        let Some(table) = self.tables.get(doctype) else {
            return Ok(());
        };
        for (at, meta) in table.metas().iter().enumerate() {
            let Some(value) = doc.get(&meta.name).filter(|_| meta.unique) else {
                continue;
            };
            let wanted = match meta.kind.parse(value) {
                // Frappe stores an empty unique value as NULL, which never collides.
                super::table::Parsed::Text(text) if text.is_empty() => continue,
                super::table::Parsed::Text(text) => match self.texts.find_key(&text) {
                    Some(key) => Cell::Text(key),
                    None => continue,
                },
                super::table::Parsed::Cell(Cell::Null) => continue,
                super::table::Parsed::Cell(cell) => cell,
            };
            let taken = table
                .rows_equal(at, wanted, &self.texts)
                .into_iter()
                .any(|row| Some(row) != own);
            if taken {
                let label = table
                    .schema
                    .field(&meta.name)
                    .map_or(meta.name.as_str(), |field| field.label.as_str());
                return Err(Refusal::new(
                    417,
                    "UniqueValidationError",
                    format!("{label} must be unique"),
                ));
            }
        }
        Ok(())
    }

    /// Who points to a document: doctype, column, rows.
    fn pointing(&self, doctype: &str, name: Sym) -> Vec<(String, usize, Vec<u32>)> {
        let wanted = Cell::Text(name);
        let mut found = Vec::new();
        for (holder, table) in &self.tables {
            for (at, meta) in table.metas().iter().enumerate() {
                let rows = if meta.link.as_deref() == Some(doctype) {
                    table.rows_equal(at, wanted, &self.texts)
                } else if let Some(kind) = meta.dynamic.as_deref().and_then(|by| table.position(by))
                {
                    let mut rows = table.rows_equal(at, wanted, &self.texts);
                    rows.retain(|&row| text_of(table, row, kind, &self.texts) == Some(doctype));
                    rows
                } else {
                    continue;
                };
                if !rows.is_empty() {
                    found.push((holder.clone(), at, rows));
                }
            }
        }
        found
    }
}

fn text_of<'a>(table: &Table, row: u32, column: usize, texts: &'a Texts) -> Option<&'a str> {
    match table.cell(row, column) {
        Cell::Text(sym) => Some(texts.text(sym)),
        _ => None,
    }
}

fn table_doctypes(schema: &Schema) -> Vec<String> {
    schema.tables().map(|field| field.options.clone()).collect()
}

fn name_of(doc: &Map<String, Value>) -> String {
    match doc.get("name") {
        Some(Value::String(name)) => name.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Ten characters that look like Frappe's random names; the same for the same number.
pub(super) fn hash_name(number: u64) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^= state >> 31;
    let mut name = String::with_capacity(10);
    for _ in 0..10 {
        #[allow(clippy::cast_possible_truncation, reason = "below 36")]
        let at = (state % 36) as usize;
        name.push(char::from(LETTERS[at]));
        state /= 36;
    }
    name
}

pub(super) fn unknown_doctype(doctype: &str) -> Refusal {
    not_found("DocType", doctype)
}

pub(super) fn not_found(doctype: &str, name: &str) -> Refusal {
    Refusal::new(
        404,
        "DoesNotExistError",
        format!("{doctype} {name} not found"),
    )
}
