//! What a site has.

use std::sync::Arc;

use super::{NewField, Obstacle};
use crate::{Client, DocName, Error, ExcType, Meta, MetaField};

/// What programs would stumble over; a label or a default is the owner's affair.
pub(super) fn difference(
    doctype: &'static str,
    expected: &NewField,
    found: &MetaField,
) -> Option<Obstacle> {
    let field = expected.name;
    let options = found.options.as_deref().unwrap_or_default().trim();
    let other_target = expected.target().is_some() && options != expected.options;
    if found.fieldtype.as_str() != expected.fieldtype || other_target {
        return Some(Obstacle::OtherType {
            doctype,
            field,
            expected: described(expected.fieldtype, expected.options),
            found: described(found.fieldtype.as_str(), options),
        });
    }
    if expected.unique && !found.unique {
        return Some(Obstacle::NotUnique { doctype, field });
    }
    if expected.fieldtype != "Select" {
        return None;
    }
    let missing: Vec<&'static str> = expected
        .options
        .lines()
        .filter(|choice| !choice.is_empty() && !found.choices().any(|offered| offered == *choice))
        .collect();
    (!missing.is_empty()).then_some(Obstacle::NoChoice {
        doctype,
        field,
        missing,
    })
}

fn described(fieldtype: &str, options: &str) -> String {
    match fieldtype {
        "Link" | "Table" | "Table MultiSelect" => format!("{fieldtype} to {options}"),
        _ => fieldtype.to_owned(),
    }
}

/// A doctype, or `None`.
pub(super) async fn doctype(client: &Client, name: &str) -> Result<Option<Arc<Meta>>, Error> {
    match client.meta(name).await {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        // Frappe asks whether one may read doctypes only when there is none of that name: who
        // may not is refused instead.
        Err(error) if is_refused(&error) && name != "User" => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a role is there, or its being there is not for this user to know.
pub(super) async fn role(client: &Client, name: &str) -> Result<bool, Error> {
    match client.documents("Role").find(&DocName::new(name)?).await {
        Ok(found) => Ok(found.is_some()),
        Err(error) if is_refused(&error) => Ok(true),
        Err(error) => Err(error),
    }
}

fn is_refused(error: &Error) -> bool {
    error.status() == Some(403) && error.exc_type() == Some(&ExcType::Permission)
}
