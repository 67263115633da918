//! What a site must have before the field service can use it: a role, doctypes of our own, and a
//! few fields on doctypes of ERPNext.
//!
//! [`Schema::field_service`] is that as data; with feature `client`
//! `Schema::plan` compares it with a site, and `Plan::apply` creates what is missing. Nothing is
//! ever deleted, and no type is changed.
//!
//! A [`Schema`] of one's own is made of the same parts.

#[cfg(feature = "client")]
mod apply;
mod custom;
mod dispatch;
mod equipment;
mod flow;
#[cfg(feature = "client")]
mod look;
mod parts;
#[cfg(feature = "client")]
mod plan;
mod schema;

pub use flow::dedupe_key;
pub use parts::{Naming, NewCustomField, NewDoctype, NewField};
#[cfg(feature = "client")]
pub use plan::{Obstacle, Plan, Step};
pub use schema::Schema;

/// The role that may use the field service's doctypes.
pub const ROLE: &str = "Field Service";

/// The doctypes of the field service, rows of tables before the doctypes that hold them.
///
/// # Examples
/// ```
/// use erpnext_client::bootstrap;
///
/// let job = bootstrap::doctypes().iter().find(|doctype| doctype.name == "Dispatch Job").unwrap();
/// assert!(job.field("external_ref").unwrap().unique);
/// ```
#[must_use]
pub fn doctypes() -> &'static [NewDoctype] {
    Schema::field_service().doctypes
}

/// The fields that the field service adds to doctypes of ERPNext.
///
/// # Examples
/// ```
/// use erpnext_client::bootstrap;
///
/// assert!(bootstrap::custom_fields().iter().any(|custom| {
///     custom.doctype == "Payment Entry" && custom.field.name == "custom_psp_reference" && custom.field.unique
/// }));
/// ```
#[must_use]
pub fn custom_fields() -> &'static [NewCustomField] {
    Schema::field_service().custom_fields
}
