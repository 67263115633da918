//! Everything a site must have.

use super::{NewCustomField, NewDoctype, ROLE, custom, dispatch, equipment, flow};

/// What a site must have: roles, doctypes and fields.
///
/// # Examples
/// ```
/// use erpnext_client::bootstrap::{Naming, NewDoctype, NewField, Schema};
///
/// static FIELDS: &[NewField] = &[NewField::new("title", "Title", "Data").required()];
/// static DOCTYPES: &[NewDoctype] =
///     &[NewDoctype::new("Splice Closure", Naming::Format("SC-{#####}"), FIELDS).roles(&["Network"])];
///
/// let schema = Schema { roles: &["Network"], doctypes: DOCTYPES, custom_fields: &[] };
/// assert_eq!(schema.doctypes[0].to_json()["autoname"], "format:SC-{#####}");
/// ```
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs, reason = "written by whoever has a schema")]
pub struct Schema {
    /// Roles, created before what is permitted to them.
    pub roles: &'static [&'static str],
    /// Doctypes, rows of tables before the doctypes that hold them.
    pub doctypes: &'static [NewDoctype],
    /// Fields on doctypes of others.
    pub custom_fields: &'static [NewCustomField],
}

// Every link and table leads to a doctype above it, to itself, or to one of ERPNext.
static DOCTYPES: &[NewDoctype] = &[
    equipment::TECHNICIAN_SKILL,
    equipment::TECHNICIAN,
    equipment::SERVICE_LOCATION,
    equipment::SERVICE_EQUIPMENT,
    dispatch::ASSISTANT,
    dispatch::MATERIAL,
    dispatch::CHECKLIST_ITEM,
    dispatch::DISPATCH_JOB,
    flow::FLOW_TEMPLATE,
    flow::FLOW_RUN,
];

impl Schema {
    /// What the field service needs.
    #[must_use]
    pub const fn field_service() -> Self {
        Self {
            roles: &[ROLE],
            doctypes: DOCTYPES,
            custom_fields: custom::FIELDS,
        }
    }
}
