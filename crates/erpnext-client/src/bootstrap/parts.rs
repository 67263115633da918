//! A doctype and a field as they are sent to a site that does not have them.

use serde_json::{Map, Value, json};

/// How documents of a doctype get their names (`autoname`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Naming {
    /// Numbered by a pattern: `LOC-{#####}` names `LOC-00001`.
    Format(&'static str),
    /// Given by whoever creates the document.
    Prompt,
    /// Random; rows of tables.
    Hash,
}

impl Naming {
    /// The value of `autoname`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::Naming;
    ///
    /// assert_eq!(Naming::Format("LOC-{#####}").autoname(), "format:LOC-{#####}");
    /// assert_eq!(Naming::Prompt.autoname(), "prompt");
    /// ```
    #[must_use]
    pub fn autoname(self) -> String {
        match self {
            Self::Format(pattern) => format!("format:{pattern}"),
            Self::Prompt => "prompt".to_owned(),
            Self::Hash => "hash".to_owned(),
        }
    }
}

/// A field to create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewField {
    /// Name of the column.
    pub name: &'static str,
    /// What the form calls it.
    pub label: &'static str,
    /// Frappe's name of the type: `Data`, `Link`, `Datetime`, …
    pub fieldtype: &'static str,
    /// The doctype of a Link or Table, the choices of a Select one a line; else empty.
    pub options: &'static str,
    /// Whether a document without it is refused.
    pub required: bool,
    /// Whether two documents may not have the same. Empty does not count, and as everywhere in
    /// Frappe `été` and `ETE` are the same.
    pub unique: bool,
    /// Whether the column has an index.
    pub indexed: bool,
    /// Whether the desk's list shows it.
    pub listed: bool,
    /// Value of a new document; empty for none.
    pub default: &'static str,
    /// What the form says below the field; empty for nothing.
    pub description: &'static str,
}

impl NewField {
    /// A field of a type.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::NewField;
    ///
    /// const SERIAL: NewField = NewField::new("serial_number", "Serial number", "Data").required().unique();
    /// assert_eq!(SERIAL.to_json()["unique"], 1);
    /// ```
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str, fieldtype: &'static str) -> Self {
        Self {
            name,
            label,
            fieldtype,
            options: "",
            required: false,
            unique: false,
            indexed: false,
            listed: false,
            default: "",
            description: "",
        }
    }

    /// A link to a document, with an index.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::NewField;
    ///
    /// const CUSTOMER: NewField = NewField::link("customer", "Customer", "Customer");
    /// assert_eq!((CUSTOMER.fieldtype, CUSTOMER.options, CUSTOMER.indexed), ("Link", "Customer", true));
    /// ```
    #[must_use]
    pub const fn link(name: &'static str, label: &'static str, doctype: &'static str) -> Self {
        Self::new(name, label, "Link").options(doctype).indexed()
    }

    /// One of several choices, one a line; an empty first line for none.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::NewField;
    ///
    /// const LEVEL: NewField = NewField::select("level", "Level", "\nJunior\nSenior");
    /// assert_eq!(LEVEL.options.lines().count(), 3);
    /// ```
    #[must_use]
    pub const fn select(name: &'static str, label: &'static str, choices: &'static str) -> Self {
        Self::new(name, label, "Select").options(choices)
    }

    /// Rows of a child doctype.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::NewField;
    ///
    /// const SKILLS: NewField = NewField::table("skills", "Skills", "Technician Skill");
    /// assert_eq!(SKILLS.fieldtype, "Table");
    /// ```
    #[must_use]
    pub const fn table(name: &'static str, label: &'static str, doctype: &'static str) -> Self {
        Self::new(name, label, "Table").options(doctype)
    }

    /// Sets what the type needs to know: a doctype, or choices.
    #[must_use]
    pub const fn options(mut self, options: &'static str) -> Self {
        self.options = options;
        self
    }

    /// A document without it is refused.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// No two documents may have the same.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Gives the column an index.
    #[must_use]
    pub const fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// Shows it in the desk's list.
    #[must_use]
    pub const fn listed(mut self) -> Self {
        self.listed = true;
        self
    }

    /// Gives new documents a value.
    #[must_use]
    pub const fn default(mut self, value: &'static str) -> Self {
        self.default = value;
        self
    }

    /// Says something below the field in the form.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// The field as Frappe takes it in `fields` of a `DocType`, without what is empty.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Object(self.properties())
    }

    fn properties(&self) -> Map<String, Value> {
        let texts = [
            ("fieldname", self.name),
            ("label", self.label),
            ("fieldtype", self.fieldtype),
            ("options", self.options),
            ("default", self.default),
            ("description", self.description),
        ];
        let flags = [
            ("reqd", self.required),
            ("unique", self.unique),
            ("search_index", self.indexed),
            ("in_list_view", self.listed),
        ];
        let texts = texts
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(key, text)| (key.to_owned(), text.into()));
        let flags = flags
            .into_iter()
            .filter(|(_, flag)| *flag)
            .map(|(key, _)| (key.to_owned(), 1.into()));
        texts.chain(flags).collect()
    }

    /// The doctype whose documents it holds.
    #[cfg(feature = "client")]
    pub(super) fn target(&self) -> Option<&'static str> {
        matches!(self.fieldtype, "Link" | "Table" | "Table MultiSelect").then_some(self.options)
    }
}

/// A doctype to create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewDoctype {
    /// Its name.
    pub name: &'static str,
    /// How documents get their names.
    pub naming: Naming,
    /// Its fields, in the order of the form.
    pub fields: &'static [NewField],
    /// Whether its documents are rows of another doctype's.
    pub is_child: bool,
    /// The field shown as title; empty for the name.
    pub title_field: &'static str,
    /// Roles that may read, write and create, besides System Manager, who may also delete.
    pub roles: &'static [&'static str],
}

impl NewDoctype {
    /// A doctype whose documents stand for themselves.
    #[must_use]
    pub const fn new(name: &'static str, naming: Naming, fields: &'static [NewField]) -> Self {
        Self {
            name,
            naming,
            fields,
            is_child: false,
            title_field: "",
            roles: &[],
        }
    }

    /// A doctype of rows.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::{NewDoctype, NewField};
    ///
    /// static FIELDS: &[NewField] = &[NewField::new("skill", "Skill", "Data").required()];
    /// let rows = NewDoctype::child("Technician Skill", FIELDS);
    /// assert_eq!(rows.to_json()["istable"], 1);
    /// ```
    #[must_use]
    pub const fn child(name: &'static str, fields: &'static [NewField]) -> Self {
        let mut doctype = Self::new(name, Naming::Hash, fields);
        doctype.is_child = true;
        doctype
    }

    /// Shows a field as title.
    #[must_use]
    pub const fn title(mut self, field: &'static str) -> Self {
        self.title_field = field;
        self
    }

    /// Lets roles read, write and create.
    #[must_use]
    pub const fn roles(mut self, roles: &'static [&'static str]) -> Self {
        self.roles = roles;
        self
    }

    /// One of its fields.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap;
    ///
    /// let equipment = bootstrap::doctypes().iter().find(|d| d.name == "Service Equipment").unwrap();
    /// assert!(equipment.field("serial_number").unwrap().required);
    /// assert!(equipment.field("colour").is_none());
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static NewField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The body that creates it: `POST /api/resource/DocType`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap;
    ///
    /// let location = bootstrap::doctypes().iter().find(|d| d.name == "Service Location").unwrap();
    /// let body = location.to_json();
    /// assert_eq!(body["autoname"], "format:LOC-{#####}");
    /// assert_eq!((&body["custom"], &body["module"]), (&1.into(), &"Custom".into()));
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        let mut set = |key: &str, value: Value| {
            body.insert(key.to_owned(), value);
        };
        set("doctype", "DocType".into());
        set("name", self.name.into());
        set("module", "Custom".into());
        set("custom", 1.into());
        set(
            "fields",
            self.fields.iter().map(NewField::to_json).collect(),
        );
        if self.is_child {
            set("istable", 1.into());
            set("editable_grid", 1.into());
        } else {
            set("autoname", self.naming.autoname().into());
            set("track_changes", 1.into());
            set("permissions", self.permissions());
        }
        if !self.title_field.is_empty() {
            set("title_field", self.title_field.into());
            set("show_title_field_in_link", 1.into());
        }
        Value::Object(body)
    }

    /// What is not named is granted by Frappe's own defaults, deleting included.
    fn permissions(&self) -> Value {
        let manager = json!({
            "role": "System Manager",
            "read": 1, "write": 1, "create": 1, "delete": 1,
        });
        let others = self.roles.iter().map(|role| {
            json!({
                "role": role,
                "read": 1, "write": 1, "create": 1, "delete": 0,
                "share": 0, "email": 0,
            })
        });
        [manager].into_iter().chain(others).collect()
    }
}

/// A field to add to a doctype of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewCustomField {
    /// The doctype that gets it.
    pub doctype: &'static str,
    /// The field; its name begins with `custom_`, as Frappe's own tool has it.
    pub field: NewField,
}

impl NewCustomField {
    /// A field on a doctype.
    #[must_use]
    pub const fn new(doctype: &'static str, field: NewField) -> Self {
        Self { doctype, field }
    }

    /// The body that creates it: `POST /api/resource/Custom Field`.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::bootstrap::{NewCustomField, NewField};
    ///
    /// let custom = NewCustomField::new("Customer", NewField::new("custom_vip", "VIP", "Check"));
    /// assert_eq!(custom.to_json()["dt"], "Customer");
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut body = self.field.properties();
        body.insert("doctype".to_owned(), "Custom Field".into());
        body.insert("dt".to_owned(), self.doctype.into());
        Value::Object(body)
    }
}
