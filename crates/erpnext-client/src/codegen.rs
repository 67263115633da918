//! Rust source from the description of a doctype.
//!
//! For doctypes that have no struct in [`doctypes`](crate::doctypes), and for sites whose custom
//! fields are to have types: read the [`Meta`], write the source to a file, and look through it
//! once. It is plain code that is yours from then on.

mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use names::{field_ident, pascal, unique};

use crate::{FieldType, Meta, MetaField};

/// Writes the struct of a doctype, the structs of the rows of its tables as far as `children`
/// describes them, and the enums of its Select fields.
///
/// The source is formatted as rustfmt does, and the same for the same description. It needs
/// `erpnext-client` with its feature `derive`, and nothing else.
///
/// - What has to be there, and every Check, is plain; all else is an `Option`. Fields of rows are
///   all `Option` but for Checks, so that a row can be made with `..Default::default()`.
/// - A table whose rows are not described is left to `extra`.
/// - Names that Rust does not allow are changed, with `#[doctype(rename = "…")]`.
///
/// # Examples
/// ```
/// use erpnext_client::{Meta, codegen};
///
/// let meta = Meta::from_json(
///     r#"{"name": "Fibre Plan", "fields": [
///         {"fieldname": "speed", "fieldtype": "Int", "label": "Speed", "reqd": 1},
///         {"fieldname": "type", "fieldtype": "Select", "options": "Home\nBusiness 24/7"}]}"#,
/// )?;
/// let source = codegen::rust_struct(&meta, &[]);
/// assert!(source.contains("pub struct FibrePlan {"));
/// assert!(source.contains("pub speed: i64,"));
/// assert!(source.contains("pub r#type: Option<FibrePlanType>,"));
/// assert!(source.contains("#[select(\"Business 24/7\")]\n    Business24_7,"));
/// # Ok::<(), erpnext_client::Error>(())
/// ```
#[must_use]
pub fn rust_struct(meta: &Meta, children: &[Meta]) -> String {
    let mut writer = Writer::default();
    // The rows' names first: fields refer to them.
    writer.name(meta);
    let mut rows: Vec<&Meta> = Vec::new();
    for (_, doctype) in meta.tables() {
        if let Some(child) = children.iter().find(|child| child.name == doctype)
            && !rows.iter().any(|row| row.name == doctype)
            && doctype != meta.name
        {
            writer.name(child);
            rows.push(child);
        }
    }
    writer.doctype(meta, meta.istable);
    for row in rows {
        writer.doctype(row, true);
    }
    writer.finish(&meta.name)
}

#[derive(Default)]
struct Writer {
    body: String,
    /// Rust names taken.
    taken: BTreeSet<String>,
    /// Rust names of doctypes.
    structs: BTreeMap<String, String>,
    /// Names used of `erpnext_client::value`, and of `erpnext_client`.
    values: BTreeSet<&'static str>,
    items: BTreeSet<&'static str>,
}

/// Names in scope that no struct or enum may take.
const IN_SCOPE: &[&str] = &[
    "Clone",
    "Date",
    "Debug",
    "Decimal",
    "Default",
    "DocName",
    "DocStatus",
    "Doctype",
    "Eq",
    "Err",
    "Extra",
    "Hash",
    "Json",
    "Modified",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Select",
    "Self",
    "SignedDuration",
    "SiteDateTime",
    "SiteTime",
    "Some",
    "String",
    "Vec",
];

/// Fields that the head of a struct has already, and those that no struct has.
const HEAD: &[&str] = &[
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "idx",
    "doctype",
    "parent",
    "parentfield",
    "parenttype",
];

impl Writer {
    fn name(&mut self, meta: &Meta) {
        let mut name = pascal(&meta.name, "Doctype");
        if IN_SCOPE.contains(&name.as_str()) {
            name.push_str("Doc");
        }
        let name = unique(&name, &mut self.taken);
        // The derive takes it.
        self.taken.insert(format!("{name}Patch"));
        self.structs.insert(meta.name.clone(), name);
    }

    fn line(&mut self, line: &str) {
        self.body.push_str(line);
        self.body.push('\n');
    }

    fn value(&mut self, name: &'static str) -> &'static str {
        self.values.insert(name);
        name
    }

    fn item(&mut self, name: &'static str) -> &'static str {
        self.items.insert(name);
        name
    }

    fn doctype(&mut self, meta: &Meta, child: bool) {
        let Some(name) = self.structs.get(&meta.name).cloned() else {
            return;
        };
        let mut enums = Vec::new();
        let about = meta.description.as_deref().unwrap_or(&meta.name);
        self.line("");
        self.doc("", about);
        if meta.is_submittable {
            self.line("///\n/// Submittable.");
        }
        self.item("Doctype");
        self.line(if child {
            "#[derive(Clone, Debug, Default, PartialEq, Doctype)]"
        } else {
            "#[derive(Clone, Debug, PartialEq, Doctype)]"
        });
        let kind = if child { ", child" } else { "" };
        self.line(&format!("#[doctype(name = {:?}{kind})]", meta.name));
        self.line(&format!("pub struct {name} {{"));
        self.head(meta, child);
        let mut idents: BTreeSet<String> = [
            "extra",
            "name",
            "owner",
            "creation",
            "modified",
            "docstatus",
        ]
        .map(str::to_owned)
        .into();
        for field in meta.data_fields() {
            if HEAD.contains(&field.fieldname.as_str()) || field.fieldname.is_empty() {
                continue;
            }
            self.field(&name, field, child, &mut idents, &mut enums);
        }
        self.doc("    ", "Fields that have no place above");
        self.line("    #[doctype(extra)]");
        let extra = self.value("Extra");
        self.line(&format!("    pub extra: {extra},"));
        self.line("}");
        for (name, owner, field) in enums {
            self.select(&name, &owner, field);
        }
    }

    fn head(&mut self, meta: &Meta, child: bool) {
        let name = self.item("DocName");
        if child {
            self.doc("    ", "Name of the row; a new one has none");
            self.line(&format!("    pub name: Option<{name}>,"));
            return;
        }
        self.doc("    ", "Name");
        self.line(&format!("    pub name: {name},"));
        self.doc("    ", "Who made it");
        self.line(&format!("    pub owner: Option<{name}>,"));
        self.doc("    ", "When it was made");
        let time = self.value("SiteDateTime");
        self.line(&format!("    pub creation: Option<{time}>,"));
        self.doc("    ", "Optimistic lock");
        let modified = self.item("Modified");
        self.line(&format!("    pub modified: Option<{modified}>,"));
        if meta.is_submittable {
            self.doc("    ", "Draft, submitted or cancelled");
            let status = self.item("DocStatus");
            self.line(&format!("    pub docstatus: {status},"));
        }
    }

    fn field<'m>(
        &mut self,
        owner: &str,
        field: &'m MetaField,
        child: bool,
        idents: &mut BTreeSet<String>,
        enums: &mut Vec<(String, String, &'m MetaField)>,
    ) {
        let label = field.label.as_deref().unwrap_or(&field.fieldname);
        if let Some((_, rows)) = field.table() {
            let Some(row) = self.structs.get(rows).cloned() else {
                let name = comment(&field.fieldname);
                let rows = comment(rows);
                self.line(&format!(
                    "    // `{name}`, rows of {rows}, is in `extra`: they were not described."
                ));
                return;
            };
            if child {
                return;
            }
            self.field_doc(field, label);
            self.column(&field.fieldname, &format!("Vec<{row}>"), &[], idents);
            return;
        }
        let ty = if field.fieldtype == FieldType::Select && field.choices().next().is_some() {
            let name = format!("{owner}{}", pascal(&field.fieldname, "Field"));
            let name = unique(&name, &mut self.taken);
            enums.push((name.clone(), owner.to_owned(), field));
            name
        } else {
            self.rust_type(&field.fieldtype).to_owned()
        };
        let plain = field.fieldtype == FieldType::Check || (field.reqd && !child);
        let ty = if plain && !field.is_virtual {
            ty
        } else {
            format!("Option<{ty}>")
        };
        let mut attributes = Vec::new();
        if (field.read_only || field.fieldtype == FieldType::ReadOnly) && !child {
            attributes.push("read_only");
        }
        if field.is_virtual && !child {
            attributes.push("unlisted");
        }
        self.field_doc(field, label);
        self.column(&field.fieldname, &ty, &attributes, idents);
    }

    fn field_doc(&mut self, field: &MetaField, label: &str) {
        self.doc("    ", label);
        let more = match (&field.fieldtype, field.options.as_deref()) {
            (FieldType::Link, Some(to)) => Some(format!("Link to {to}")),
            (FieldType::DynamicLink, Some(by)) => Some(format!("Its doctype is in {by}")),
            _ => None,
        };
        for more in [field.description.as_deref(), more.as_deref()]
            .into_iter()
            .flatten()
            .filter(|more| *more != label)
        {
            self.line("    ///");
            self.doc("    ", more);
        }
    }

    fn column(
        &mut self,
        fieldname: &str,
        ty: &str,
        attributes: &[&str],
        idents: &mut BTreeSet<String>,
    ) {
        let (ident, renamed) = field_ident(fieldname, idents);
        let mut attributes: Vec<String> = attributes.iter().map(ToString::to_string).collect();
        if renamed {
            attributes.insert(0, format!("rename = {fieldname:?}"));
        }
        if !attributes.is_empty() {
            self.line(&format!("    #[doctype({})]", attributes.join(", ")));
        }
        let line = format!("    pub {ident}: {ty},");
        if line.chars().count() > 100 {
            self.line(&format!("    pub {ident}:\n        {ty},"));
        } else {
            self.line(&line);
        }
    }

    fn select(&mut self, name: &str, owner: &str, field: &MetaField) {
        self.line("");
        let label = field.label.as_deref().unwrap_or(&field.fieldname);
        self.doc("", label);
        self.line("///");
        self.line(&format!("/// Options of a field of [`{owner}`]."));
        self.item("Select");
        self.line("#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]");
        self.line(&format!("pub enum {name} {{"));
        // `Other` takes what has no variant, an option of that name among it.
        let mut taken = BTreeSet::from(["Other".to_owned(), "Self".to_owned()]);
        let mut seen = BTreeSet::from(["Other"]);
        for choice in field.choices() {
            if !seen.insert(choice) {
                continue;
            }
            let variant = unique(&pascal(choice, "Option"), &mut taken);
            self.doc("    ", choice);
            if variant != choice {
                self.line(&format!("    #[select({choice:?})]"));
            }
            self.line(&format!("    {variant},"));
        }
        self.doc("    ", "An option added by the site");
        self.line("    Other(String),");
        self.line("}");
    }

    fn rust_type(&mut self, fieldtype: &FieldType) -> &'static str {
        match fieldtype {
            FieldType::Check => "bool",
            FieldType::Int => "i64",
            FieldType::Currency | FieldType::Float | FieldType::Percent => self.value("Decimal"),
            FieldType::Rating => "f64",
            FieldType::Date => self.value("Date"),
            FieldType::Datetime => self.value("SiteDateTime"),
            FieldType::Time => self.value("SiteTime"),
            FieldType::Duration => self.value("SignedDuration"),
            FieldType::Json | FieldType::Geolocation => self.value("Json"),
            FieldType::Link | FieldType::DynamicLink => self.item("DocName"),
            _ => "String",
        }
    }

    /// A line of documentation: the site's words, so that rustdoc shows them as they are.
    fn doc(&mut self, indent: &str, text: &str) {
        let mut line = format!("{indent}/// ");
        let text = comment(text);
        for letter in text.chars() {
            if "\\`*_[]<>#&~|".contains(letter) {
                line.push('\\');
            }
            line.push(letter);
        }
        if text.ends_with(|last: char| last.is_alphanumeric() || ")'\"]`".contains(last)) {
            line.push('.');
        }
        self.line(line.trim_end());
    }

    fn finish(self, doctype: &str) -> String {
        let mut source = format!("// {}, as its site describes it.\n\n", comment(doctype));
        for (path, names) in [
            ("erpnext_client::value", self.values),
            ("erpnext_client", self.items),
        ] {
            let names: Vec<&str> = names.into_iter().collect();
            // Writing to a string cannot fail.
            let _ = match names.as_slice() {
                [] => Ok(()),
                [name] => writeln!(source, "use {path}::{name};"),
                names => writeln!(source, "use {path}::{{{}}};", names.join(", ")),
            };
        }
        source.push_str(&self.body);
        source
    }
}

/// Foreign text on one line of a comment.
fn comment(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
