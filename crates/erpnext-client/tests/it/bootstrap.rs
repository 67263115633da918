//! What a site must have: the data, and how it comes to a site.

#[cfg(feature = "client")]
mod site;

use std::collections::BTreeSet;

use erpnext_client::bootstrap::{self, NewField, Schema};

/// Doctypes of Frappe and ERPNext that ours lead to.
const OF_OTHERS: [&str; 7] = [
    "Address",
    "Customer",
    "DocType",
    "Employee",
    "Item",
    "Subscription",
    "User",
];

fn target(field: &NewField) -> Option<&'static str> {
    matches!(field.fieldtype, "Link" | "Table").then_some(field.options)
}

#[test]
fn every_doctype_leads_only_to_what_is_there_before_it() {
    let mut there: BTreeSet<&str> = OF_OTHERS.into();
    for doctype in bootstrap::doctypes() {
        there.insert(doctype.name);
        for target in doctype.fields.iter().filter_map(target) {
            assert!(there.contains(target), "{}: {target}", doctype.name);
        }
    }
    assert_eq!(there.len(), OF_OTHERS.len() + bootstrap::doctypes().len());
}

#[test]
fn fields_are_what_frappe_takes() {
    for doctype in bootstrap::doctypes() {
        let names: BTreeSet<&str> = doctype.fields.iter().map(|field| field.name).collect();
        assert_eq!(names.len(), doctype.fields.len(), "{}", doctype.name);
        for field in doctype.fields {
            let of = format!("{}.{}", doctype.name, field.name);
            let needs_options = matches!(
                field.fieldtype,
                "Link" | "Table" | "Select" | "Dynamic Link"
            );
            assert!(!needs_options || !field.options.is_empty(), "{of}");
            if field.fieldtype == "Dynamic Link" {
                assert!(names.contains(field.options), "{of}");
            }
            if field.fieldtype == "Select" && !field.default.is_empty() {
                assert!(
                    field.options.lines().any(|one| one == field.default),
                    "{of}"
                );
            }
            // MariaDB gives texts without a length no unique index.
            assert!(!field.unique || field.fieldtype == "Data", "{of}");
        }
        assert!(
            doctype.title_field.is_empty() || names.contains(doctype.title_field),
            "{}",
            doctype.name
        );
    }
}

#[test]
fn custom_fields_say_that_they_are() {
    for custom in bootstrap::custom_fields() {
        assert!(
            custom.field.name.starts_with("custom_"),
            "{}",
            custom.field.name
        );
        let body = custom.to_json();
        assert_eq!(body["dt"], custom.doctype);
        assert_eq!(body["fieldname"], custom.field.name);
    }
}

#[test]
fn the_role_may_not_delete() {
    let schema = Schema::field_service();
    assert_eq!(schema.roles, [bootstrap::ROLE]);
    for doctype in schema.doctypes.iter().filter(|doctype| !doctype.is_child) {
        let body = doctype.to_json();
        let ours = body["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|permission| permission["role"] == bootstrap::ROLE)
            .unwrap();
        // Frappe grants what is not said.
        assert_eq!((&ours["write"], &ours["delete"]), (&1.into(), &0.into()));
    }
}

#[cfg(feature = "derive")]
mod structs {
    use std::collections::BTreeSet;

    use erpnext_client::bootstrap;
    use erpnext_client::doctypes::{
        DispatchJob, FlowRun, FlowTemplate, JobAssistant, JobChecklistItem, JobMaterial,
        ServiceEquipment, ServiceLocation, Technician, TechnicianSkill,
    };
    use erpnext_client::{ChildTable, Doctype, Row};

    /// What every document has, whatever its doctype.
    const STANDARD: [&str; 10] = [
        "name",
        "owner",
        "creation",
        "modified",
        "modified_by",
        "docstatus",
        "idx",
        "parent",
        "parentfield",
        "parenttype",
    ];

    /// A struct reads what the bootstrap creates: every field of one is a field of the other.
    fn agree(name: &str, fields: &[&str], held: &[ChildTable]) {
        let doctype = bootstrap::doctypes()
            .iter()
            .find(|doctype| doctype.name == name)
            .unwrap();
        let created: BTreeSet<&str> = doctype
            .fields
            .iter()
            .filter(|field| field.fieldtype != "Table")
            .map(|field| field.name)
            .collect();
        let read: BTreeSet<&str> = fields
            .iter()
            .copied()
            .filter(|field| !STANDARD.contains(field))
            .collect();
        assert_eq!(read, created, "{name}");
        let tables: BTreeSet<(&str, &str)> = doctype
            .fields
            .iter()
            .filter(|field| field.fieldtype == "Table")
            .map(|field| (field.name, field.options))
            .collect();
        let held = held.iter().map(|table| (table.field, table.doctype));
        assert_eq!(held.collect::<BTreeSet<_>>(), tables, "{name}");
    }

    fn doctype<T: Doctype>() {
        agree(T::DOCTYPE, T::FIELDS, T::TABLES);
    }

    fn row<T: Row>() {
        agree(T::DOCTYPE, T::FIELDS, &[]);
    }

    #[test]
    fn the_structs_read_what_the_bootstrap_creates() {
        doctype::<ServiceLocation>();
        doctype::<ServiceEquipment>();
        doctype::<Technician>();
        doctype::<DispatchJob>();
        doctype::<FlowTemplate>();
        doctype::<FlowRun>();
    }

    #[test]
    fn rows_too() {
        row::<TechnicianSkill>();
        row::<JobAssistant>();
        row::<JobMaterial>();
        row::<JobChecklistItem>();
    }
}
