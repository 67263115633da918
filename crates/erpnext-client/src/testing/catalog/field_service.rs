//! What the bootstrap of the field service adds to a site.

use serde_json::{Map, Value, json};

use super::records::put;
use crate::bootstrap;
use crate::testing::schema::{FieldDef, Schema};
use crate::testing::store::Store;

/// Makes the roles, doctypes and fields of [`bootstrap::Schema::field_service`].
pub(in crate::testing) fn add(store: &mut Store) {
    let wanted = bootstrap::Schema::field_service();
    for role in wanted.roles {
        put(
            store,
            "Role",
            role,
            json!({"role_name": role, "desk_access": 1, "is_custom": 1}),
        );
    }
    for doctype in wanted.doctypes {
        let definition = doctype.to_json();
        let mut schema = Schema::from_json(definition.as_object().unwrap_or(&Map::new()));
        doctype.name.clone_into(&mut schema.name);
        schema.custom = true;
        let described = schema.to_json();
        store.add_schema(schema);
        put(store, "DocType", doctype.name, Value::Object(described));
    }
    for custom in wanted.custom_fields {
        let definition = custom.to_json();
        let mut field = FieldDef::from_json(definition.as_object().unwrap_or(&Map::new()));
        field.custom = true;
        let name = format!("{}-{}", custom.doctype, field.fieldname);
        if store.add_field(custom.doctype, field).is_ok() {
            put(store, "Custom Field", &name, definition);
        }
    }
}
