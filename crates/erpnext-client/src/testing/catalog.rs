//! The doctypes that a site with ERPNext and Helpdesk has, as far as the fake knows them.
//!
//! One line a field: `name` with marks (`*` mandatory, `!` unique, `~` read-only, `^` allowed on
//! submit, `#` indexed, `+` in the list), type, options (a comma between choices), default,
//! label; what is empty at the end is left out. A line `= name|module|traits|autoname|naming
//! rule|title field|roles` begins a doctype; a role with `?` only reads, with `@` only its own.

mod field_service;
mod records;

pub(super) use field_service::add as add_field_service;
pub(super) use records::put;

use super::schema::{FieldDef, Permission, Schema};
use super::store::Store;

const SOURCES: [&str; 4] = [
    include_str!("catalog/core.txt"),
    include_str!("catalog/setup.txt"),
    include_str!("catalog/accounts.txt"),
    include_str!("catalog/helpdesk.txt"),
];

/// Modules whose doctypes carry the role that may do everything there.
const ADMINISTRATOR: &str = "System Manager";

/// Puts the doctypes and the records of a new site into a store.
pub(super) fn fill(store: &mut Store, company: &str, abbr: &str) {
    for schema in SOURCES.into_iter().flat_map(schemas) {
        store.add_schema(schema);
    }
    records::fill(store);
    records::open_company(store, company, abbr);
}

/// Doctypes of one source.
fn schemas(source: &str) -> Vec<Schema> {
    let mut schemas: Vec<Schema> = Vec::new();
    for line in source.lines() {
        if let Some(head) = line.strip_prefix("= ") {
            schemas.push(schema(head));
        } else if let (Some(schema), false) = (schemas.last_mut(), line.trim().is_empty()) {
            schema.fields.push(field(line));
        }
    }
    schemas
}

fn schema(head: &str) -> Schema {
    let mut parts = head.split('|');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (name, module, traits) = (part(), part(), part());
    let (autoname, naming_rule, title_field, roles) = (part(), part(), part(), part());
    let has = |word: &str| traits.split(' ').any(|found| found == word);
    let mut permissions: Vec<Permission> = roles
        .split(',')
        .filter(|role| !role.is_empty())
        .map(permission)
        .collect();
    if !has("table") && !permissions.iter().any(|given| given.role == ADMINISTRATOR) {
        permissions.push(Permission::all(ADMINISTRATOR));
    }
    Schema {
        is_submittable: has("submittable"),
        istable: has("table"),
        issingle: has("single"),
        is_tree: has("tree"),
        track_changes: has("tracked"),
        custom: false,
        name,
        module,
        autoname,
        naming_rule,
        title_field,
        fields: Vec::new(),
        permissions,
    }
}

fn permission(role: &str) -> Permission {
    let name = role.trim_end_matches(['?', '@']);
    Permission {
        if_owner: role.ends_with('@'),
        ..if role.contains('?') {
            Permission::read(name)
        } else {
            Permission::all(name)
        }
    }
}

fn field(line: &str) -> FieldDef {
    let mut parts = line.split('|');
    let mut part = || parts.next().unwrap_or_default();
    let (marked, fieldtype, options, default, label) = (part(), part(), part(), part(), part());
    let fieldname = marked.trim_end_matches(['*', '!', '~', '^', '#', '+']);
    let marks = &marked[fieldname.len()..];
    let mut field = FieldDef::new(fieldname, fieldtype, options);
    if fieldtype == "Select" {
        field.options = options.replace(',', "\n");
    }
    if !default.is_empty() {
        field.default = Some(default.to_owned());
    }
    if !label.is_empty() {
        label.clone_into(&mut field.label);
    }
    field.reqd = marks.contains('*');
    field.unique = marks.contains('!');
    field.read_only = marks.contains('~');
    field.allow_on_submit = marks.contains('^');
    field.search_index = marks.contains('#');
    field.in_list_view = marks.contains('+');
    field
}
