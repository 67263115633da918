//! A document to be sent against its description.

use std::borrow::Borrow;

use serde_json::{Map, Value};

use super::{FieldType, Meta, MetaField};
use crate::Error;
use crate::value::SiteDateTime;

/// Fields that every document has, or may be sent.
const SYSTEM: &[&str] = &[
    "name",
    "doctype",
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

impl Meta {
    /// Checks a document to be sent: Frappe ignores unknown fields without a word.
    ///
    /// Rows of tables are not looked into; [`check_with`](Self::check_with) does that.
    ///
    /// # Errors
    /// [`Error::UnknownField`] with the closest name that is known, and [`Error::Invalid`] for a
    /// time that tells a time zone (the site answers 500 to it) and for a table that is no array
    /// of rows.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, Meta};
    /// use serde_json::json;
    ///
    /// let meta = Meta::from_json(
    ///     r#"{"name": "Plan", "fields": [{"fieldname": "due_date", "fieldtype": "Date"}]}"#,
    /// )?;
    /// meta.check(json!({"due_date": "2026-06-01"}).as_object().unwrap())?;
    /// let error = meta.check(json!({"duedate": "2026-06-01"}).as_object().unwrap()).unwrap_err();
    /// assert_eq!(error.to_string(), "the doctype Plan has no field duedate; due_date was meant?");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn check(&self, document: &Map<String, Value>) -> Result<(), Error> {
        self.check_with::<Self>(document, &[])
    }

    /// Checks a document to be sent, and the rows of those tables whose description is among
    /// `children`.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Error, Meta};
    /// use serde_json::json;
    ///
    /// let list = Meta::from_json(
    ///     r#"{"name": "List", "fields": [{"fieldname": "rows", "fieldtype": "Table", "options": "List Row"}]}"#,
    /// )?;
    /// let row = Meta::from_json(
    ///     r#"{"name": "List Row", "fields": [{"fieldname": "label", "fieldtype": "Data"}]}"#,
    /// )?;
    /// let document = json!({"rows": [{"lable": "Appeler"}]});
    /// let error = list.check_with(document.as_object().unwrap(), &[row]).unwrap_err();
    /// assert_eq!(error.to_string(), "the doctype List Row has no field lable; label was meant?");
    /// # Ok::<(), Error>(())
    /// ```
    pub fn check_with<M: Borrow<Self>>(
        &self,
        document: &Map<String, Value>,
        children: &[M],
    ) -> Result<(), Error> {
        for (name, value) in document {
            // `_user_tags`, `__islocal`: Frappe's own.
            if SYSTEM.contains(&name.as_str()) || name.starts_with('_') {
                continue;
            }
            match self.field(name) {
                Some(field) if !field.fieldtype.is_layout() => check_value(field, value, children)?,
                _ => return Err(self.unknown(name)),
            }
        }
        Ok(())
    }

    fn unknown(&self, name: &str) -> Error {
        let known = self.data_fields().map(|field| field.fieldname.as_str());
        Error::UnknownField {
            doctype: self.name.as_str().into(),
            field: name.into(),
            closest: closest(name, known.chain(SYSTEM.iter().copied())).map(Into::into),
        }
    }
}

fn check_value<M: Borrow<Meta>>(
    field: &MetaField,
    value: &Value,
    children: &[M],
) -> Result<(), Error> {
    match (&field.fieldtype, value) {
        // Date alone, or a time of now that the site knows, are its own affair.
        (FieldType::Datetime, Value::String(text)) => match text.parse::<SiteDateTime>() {
            Err(Error::Invalid { what, reason }) if reason.starts_with("tells a time zone") => Err(
                Error::invalid(what, format!("`{}` {reason}", field.fieldname)),
            ),
            _ => Ok(()),
        },
        // Frappe makes 1250 of `12,50`, and 0 of `true`.
        (
            FieldType::Check
            | FieldType::Int
            | FieldType::Float
            | FieldType::Currency
            | FieldType::Percent,
            Value::String(text),
        ) if !is_number(text.trim()) => {
            let reason = format!("holds a text in `{}` that is not a number", field.fieldname);
            Err(Error::invalid("document", reason))
        }
        (fieldtype, Value::Array(rows)) if fieldtype.is_table() => {
            let child = children.iter().map(Borrow::borrow).find(|child| {
                let child: &Meta = child;
                field.options.as_deref() == Some(child.name.as_str())
            });
            for row in rows {
                let Value::Object(row) = row else {
                    return Err(not_rows(field));
                };
                if let Some(child) = child {
                    child.check_with(row, children)?;
                }
            }
            Ok(())
        }
        (fieldtype, value) if fieldtype.is_table() && !value.is_null() => Err(not_rows(field)),
        _ => Ok(()),
    }
}

/// Whether a text is a number with a dot, or nothing at all, which clears the field.
fn is_number(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E');
    text.is_empty() || (text.bytes().all(plain) && text.parse::<f64>().is_ok())
}

fn not_rows(field: &MetaField) -> Error {
    let reason = format!("`{}` is not an array of rows", field.fieldname);
    Error::invalid("table", reason)
}

/// The known name that is almost `name`: at most a third of its letters are wrong.
fn closest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    known
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Letters to insert, remove, replace or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, a) in a.chars().take(LONGEST).enumerate() {
        let mut current = Vec::with_capacity(last.len());
        current.push(row + 1);
        for (column, &letter) in b.iter().enumerate() {
            let at = |line: &[usize], column: usize| line.get(column).copied().unwrap_or(LONGEST);
            let replaced = at(&last, column) + usize::from(a != letter);
            let mut best = replaced
                .min(at(&last, column + 1) + 1)
                .min(at(&current, column) + 1);
            if column > 0 && previous == Some(letter) && b.get(column - 1) == Some(&a) {
                best = best.min(at(&before, column - 1) + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut last, current);
        previous = Some(a);
    }
    last.last().copied().unwrap_or(LONGEST)
}

/// No field has a longer name.
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn one_slip_of_the_fingers_is_one() {
        for (a, b) in [
            ("due_date", "duedate"),
            ("due_date", "due_dtae"),
            ("due_date", "due_dates"),
            ("due_date", "due_data"),
        ] {
            assert_eq!(distance(a, b), 1, "{a} {b}");
            assert_eq!(distance(b, a), 1, "{b} {a}");
        }
        assert_eq!(distance("abc", "abc"), 0);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn what_is_far_is_not_proposed() {
        assert_eq!(
            closest("color", ["customer", "colour"].into_iter()),
            Some("colour")
        );
        assert_eq!(closest("qty", ["rate", "uom"].into_iter()), None);
    }
}
