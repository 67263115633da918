//! What a doctype is made of.

use serde_json::{Map, Value, json};

/// A field, with the properties of Frappe's `DocField` that matter to clients.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FieldDef {
    pub(super) fieldname: String,
    pub(super) label: String,
    /// `Data`, `Link`, `Table`…
    pub(super) fieldtype: String,
    /// The linked doctype, the child doctype, or the choices of a Select one a line.
    pub(super) options: String,
    pub(super) default: Option<String>,
    /// Longest text, 0 for the type's own limit.
    pub(super) length: u32,
    pub(super) reqd: bool,
    pub(super) unique: bool,
    pub(super) read_only: bool,
    pub(super) allow_on_submit: bool,
    pub(super) hidden: bool,
    pub(super) in_list_view: bool,
    pub(super) search_index: bool,
    pub(super) no_copy: bool,
    pub(super) permlevel: u8,
    pub(super) description: String,
    /// Added to a standard doctype by a Custom Field.
    pub(super) custom: bool,
}

impl FieldDef {
    /// A plain field labelled after its name.
    pub(super) fn new(fieldname: &str, fieldtype: &str, options: &str) -> Self {
        Self {
            fieldname: fieldname.to_owned(),
            label: label_of(fieldname),
            fieldtype: fieldtype.to_owned(),
            options: options.to_owned(),
            ..Self::default()
        }
    }

    /// Reads a row of a `DocType`'s `fields`, or a Custom Field.
    pub(super) fn from_json(row: &Map<String, Value>) -> Self {
        let text = |key: &str| {
            row.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = |key: &str| match row.get(key) {
            Some(Value::Bool(set)) => i64::from(*set),
            Some(Value::Number(number)) => number.as_i64().unwrap_or_default(),
            Some(Value::String(text)) => text.trim().parse().unwrap_or_default(),
            _ => 0,
        };
        let check = |key: &str| number(key) != 0;
        let label = text("label");
        let fieldname = match text("fieldname") {
            name if name.is_empty() => name_of(&label),
            name => name,
        };
        Self {
            label: if label.is_empty() {
                label_of(&fieldname)
            } else {
                label
            },
            fieldname,
            fieldtype: match text("fieldtype") {
                kind if kind.is_empty() => "Data".to_owned(),
                kind => kind,
            },
            options: text("options"),
            default: match row.get("default") {
                None | Some(Value::Null) => None,
                Some(Value::String(text)) if text.is_empty() => None,
                Some(Value::String(text)) => Some(text.clone()),
                Some(other) => Some(other.to_string()),
            },
            length: u32::try_from(number("length")).unwrap_or_default(),
            reqd: check("reqd"),
            unique: check("unique"),
            read_only: check("read_only"),
            allow_on_submit: check("allow_on_submit"),
            hidden: check("hidden"),
            in_list_view: check("in_list_view"),
            search_index: check("search_index"),
            no_copy: check("no_copy"),
            permlevel: u8::try_from(number("permlevel")).unwrap_or_default(),
            description: text("description"),
            custom: false,
        }
    }

    /// The row of the `DocType`'s `fields` for it.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let row = json!({
            "fieldname": self.fieldname,
            "label": self.label,
            "fieldtype": self.fieldtype,
            "options": if self.options.is_empty() { Value::Null } else { json!(self.options) },
            "default": self.default,
            "length": self.length,
            "reqd": u8::from(self.reqd),
            "unique": u8::from(self.unique),
            "read_only": u8::from(self.read_only),
            "allow_on_submit": u8::from(self.allow_on_submit),
            "hidden": u8::from(self.hidden),
            "in_list_view": u8::from(self.in_list_view),
            "search_index": u8::from(self.search_index),
            "no_copy": u8::from(self.no_copy),
            "permlevel": self.permlevel,
            "description": if self.description.is_empty() { Value::Null } else { json!(self.description) },
        });
        match row {
            Value::Object(row) => row,
            _ => Map::new(),
        }
    }

    /// Whether its rows are documents of a child doctype.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.fieldtype.as_str(), "Table" | "Table MultiSelect")
    }

    /// Whether it only arranges a form and holds no value.
    pub(super) fn is_layout(&self) -> bool {
        matches!(
            self.fieldtype.as_str(),
            "Section Break"
                | "Column Break"
                | "Tab Break"
                | "HTML"
                | "Button"
                | "Heading"
                | "Fold"
                | "Image"
        )
    }

    /// Whether the table has a column for it.
    pub(super) fn is_column(&self) -> bool {
        !self.is_table() && !self.is_layout()
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(
            self.fieldtype.as_str(),
            "Int" | "Long Int" | "Check" | "Float" | "Currency" | "Percent" | "Duration" | "Rating"
        )
    }
}

/// What a role may do with documents of a doctype.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Permission {
    pub(super) role: String,
    pub(super) read: bool,
    pub(super) write: bool,
    pub(super) create: bool,
    pub(super) delete: bool,
    pub(super) submit: bool,
    pub(super) cancel: bool,
    /// Only for documents of one's own.
    pub(super) if_owner: bool,
}

impl Permission {
    /// Everything.
    pub(super) fn all(role: &str) -> Self {
        Self {
            role: role.to_owned(),
            read: true,
            write: true,
            create: true,
            delete: true,
            submit: true,
            cancel: true,
            if_owner: false,
        }
    }

    /// Reading alone.
    pub(super) fn read(role: &str) -> Self {
        Self {
            role: role.to_owned(),
            read: true,
            ..Self::default()
        }
    }

    /// Reads a row of a `DocType`'s `permissions`.
    pub(super) fn from_json(row: &Map<String, Value>) -> Self {
        let check = |key: &str| match row.get(key) {
            Some(Value::Bool(set)) => *set,
            Some(Value::Number(number)) => number.as_i64() != Some(0),
            Some(Value::String(text)) => text == "1",
            _ => false,
        };
        Self {
            role: row
                .get("role")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            read: check("read"),
            write: check("write"),
            create: check("create"),
            delete: check("delete"),
            submit: check("submit"),
            cancel: check("cancel"),
            if_owner: check("if_owner"),
        }
    }

    /// The row of the `DocType`'s `permissions` for it.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let row = json!({
            "role": self.role,
            "read": u8::from(self.read),
            "write": u8::from(self.write),
            "create": u8::from(self.create),
            "delete": u8::from(self.delete),
            "submit": u8::from(self.submit),
            "cancel": u8::from(self.cancel),
            "if_owner": u8::from(self.if_owner),
            "permlevel": 0,
        });
        match row {
            Value::Object(row) => row,
            _ => Map::new(),
        }
    }
}

/// A doctype.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Schema {
    pub(super) name: String,
    pub(super) module: String,
    pub(super) is_submittable: bool,
    pub(super) istable: bool,
    pub(super) issingle: bool,
    pub(super) is_tree: bool,
    /// Made over REST or by a bootstrap, not part of an app.
    pub(super) custom: bool,
    /// `field:x`, `naming_series:`, `format:…`, `prompt`, `hash`, `autoincrement`, a series, or empty for a hash.
    pub(super) autoname: String,
    pub(super) naming_rule: String,
    pub(super) title_field: String,
    pub(super) track_changes: bool,
    pub(super) fields: Vec<FieldDef>,
    pub(super) permissions: Vec<Permission>,
}

impl Schema {
    pub(super) fn field(&self, fieldname: &str) -> Option<&FieldDef> {
        self.fields
            .iter()
            .find(|field| field.fieldname == fieldname)
    }

    /// Fields whose rows are documents of a child doctype.
    pub(super) fn tables(&self) -> impl Iterator<Item = &FieldDef> {
        self.fields.iter().filter(|field| field.is_table())
    }

    pub(super) fn is_autoincrement(&self) -> bool {
        self.autoname == "autoincrement"
    }

    /// Reads a document of the doctype `DocType`.
    pub(super) fn from_json(doc: &Map<String, Value>) -> Self {
        let text = |key: &str| {
            doc.get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let check = |key: &str| match doc.get(key) {
            Some(Value::Bool(set)) => *set,
            Some(Value::Number(number)) => number.as_i64() != Some(0),
            Some(Value::String(text)) => text == "1",
            _ => false,
        };
        let rows = |key: &str| {
            doc.get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
        };
        Self {
            name: text("name"),
            module: text("module"),
            is_submittable: check("is_submittable"),
            istable: check("istable"),
            issingle: check("issingle"),
            is_tree: check("is_tree"),
            custom: check("custom"),
            autoname: text("autoname"),
            naming_rule: text("naming_rule"),
            title_field: text("title_field"),
            track_changes: check("track_changes"),
            fields: rows("fields").map(FieldDef::from_json).collect(),
            permissions: rows("permissions").map(Permission::from_json).collect(),
        }
    }

    /// The document of the doctype `DocType` for it, without the standard keys.
    pub(super) fn to_json(&self) -> Map<String, Value> {
        let numbered = |rows: Vec<Map<String, Value>>| -> Value {
            rows.into_iter()
                .enumerate()
                .map(|(at, mut row)| {
                    row.insert("idx".to_owned(), json!(at + 1));
                    Value::Object(row)
                })
                .collect()
        };
        let doc = json!({
            "name": self.name,
            "module": self.module,
            "is_submittable": u8::from(self.is_submittable),
            "istable": u8::from(self.istable),
            "issingle": u8::from(self.issingle),
            "is_tree": u8::from(self.is_tree),
            "custom": u8::from(self.custom),
            "autoname": if self.autoname.is_empty() { Value::Null } else { json!(self.autoname) },
            "naming_rule": self.naming_rule,
            "title_field": if self.title_field.is_empty() { Value::Null } else { json!(self.title_field) },
            "track_changes": u8::from(self.track_changes),
            "fields": numbered(self.fields.iter().map(FieldDef::to_json).collect()),
            "permissions": numbered(self.permissions.iter().map(Permission::to_json).collect()),
        });
        match doc {
            Value::Object(doc) => doc,
            _ => Map::new(),
        }
    }
}

/// `customer_name` → `Customer Name`.
pub(super) fn label_of(fieldname: &str) -> String {
    fieldname
        .split('_')
        .filter(|word| !word.is_empty())
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_uppercase().chain(letters).collect::<String>())
                .unwrap_or_default()
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// `Customer Name` → `customer_name`, as Frappe scrubs a label.
fn name_of(label: &str) -> String {
    label.trim().to_lowercase().replace([' ', '-'], "_")
}
