//! Values as Frappe casts them on the way in, and as the database gives them back.

use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::json::dumps;
use super::schema::{FieldDef, Schema};
use crate::Dialect;

/// `cint`: what cannot be read is 0.
pub(super) fn cint(value: &Value) -> i64 {
    match value {
        Value::Bool(set) => i64::from(*set),
        Value::Number(number) => number.as_i64().unwrap_or_else(|| truncate(flt(value))),
        Value::String(text) => {
            let text = text.trim();
            text.parse()
                .unwrap_or_else(|_| truncate(text.parse().unwrap_or_default()))
        }
        _ => 0,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "saturates, as wanted")]
fn truncate(float: f64) -> i64 {
    float.trunc() as i64
}

/// `flt`: commas are thousands, what cannot be read is 0.
pub(super) fn flt(value: &Value) -> f64 {
    match value {
        Value::Bool(set) => f64::from(u8::from(*set)),
        Value::Number(number) => number.as_f64().unwrap_or_default(),
        Value::String(text) => {
            let digits: String = text.trim().chars().filter(|&c| c != ',').collect();
            let number: f64 = digits.parse().unwrap_or_default();
            if number.is_finite() { number } else { 0.0 }
        }
        _ => 0.0,
    }
}

/// Decimals of a `decimal(21,9)` column.
fn decimal(float: f64) -> f64 {
    (float * 1e9).round() / 1e9
}

/// The text of a scalar, as Python's `cstr` has it.
pub(super) fn cstr(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(set) => (if *set { "True" } else { "False" }).to_owned(),
        other => other.to_string(),
    }
}

/// A value as the document in memory has it after it was set: what the answer echoes.
pub(super) fn echo(field: &FieldDef, value: Value) -> Value {
    match field.fieldtype.as_str() {
        "Check" => json!(u8::from(cint(&value) != 0)),
        "Int" | "Long Int" => json!(cint(&value)),
        "Duration" => value,
        "Float" | "Currency" | "Percent" => json!(decimal(flt(&value))),
        "Rating" => json!(flt(&value).clamp(0.0, 1.0)),
        "Date" | "Datetime" | "Time" if value == json!("") => Value::Null,
        // An empty text is no value where each may be there once.
        _ if field.unique && cstr(&value).trim().is_empty() => Value::Null,
        "JSON" => match value {
            Value::Null | Value::String(_) => value,
            other => Value::String(other.to_string()),
        },
        _ => texts(value),
    }
}

/// Cleans a text that looks like HTML, where the field is not for code.
pub(super) fn clean(field: &FieldDef, value: &mut Value, dialect: Dialect) {
    let code = matches!(
        field.fieldtype.as_str(),
        "Code" | "Attach" | "Attach Image" | "Barcode" | "Geolocation" | "Password" | "JSON"
    );
    if let Value::String(text) = value
        && !code
        && text.contains(['<', '>'])
    {
        *text = sanitize(text, dialect);
    }
}

fn texts(value: Value) -> Value {
    match value {
        Value::Null | Value::String(_) => value,
        Value::Array(_) | Value::Object(_) => Value::String(dumps(&value)),
        scalar => Value::String(cstr(&scalar)),
    }
}

/// A value as it is read back from the database.
pub(super) fn stored(schema: &Schema, field: &FieldDef, value: &Value) -> Result<Value, Failure> {
    let Value::String(text) = value else {
        return Ok(match field.fieldtype.as_str() {
            "Duration" if !value.is_null() => json!(flt(value)),
            _ => value.clone(),
        });
    };
    let read = match field.fieldtype.as_str() {
        "Date" => date(text),
        "Datetime" => datetime(text),
        "Time" => time(text),
        "Duration" => {
            let seconds = text.trim().parse::<f64>();
            return seconds.map(|seconds| json!(seconds)).map_err(|_| {
                let (table, column) = (&schema.name, &field.fieldname);
                let text = format!(
                    "(1265, \"Data truncated for column '{column}' at row 1\") in `tab{table}`"
                );
                Failure::raised(500, "DataError", text)
            });
        }
        "JSON" => match reformat(text) {
            Some(json) => return Ok(Value::String(json)),
            None => {
                let text = format!(
                    "(4025, 'CONSTRAINT `tab{}.{}` failed for `_site`.`tab{}`')",
                    schema.name, field.fieldname, schema.name
                );
                return Err(Failure::raised(500, "OperationalError", text));
            }
        },
        "Text" | "Small Text" if text.len() > SMALL_TEXT => {
            let text = format!(
                "(1406, \"Data too long for column '{}' at row 1\")",
                field.fieldname
            );
            return Err(Failure::raised(500, "DataError", text));
        }
        _ => return Ok(value.clone()),
    };
    read.map(Value::String).ok_or_else(|| {
        let (kind, table, column) = (
            field.fieldtype.to_lowercase(),
            &schema.name,
            &field.fieldname,
        );
        Failure::raised(
            500,
            "OperationalError",
            format!(
                "(1292, \"Incorrect {kind} value: '{text}' for column `_site`.`tab{table}`.`{column}` at row 1\")"
            ),
        )
    })
}

/// Bytes that a `text` column holds.
const SMALL_TEXT: usize = 65_535;

/// JSON in the layout in which the form keeps it, where it is any.
fn reformat(text: &str) -> Option<String> {
    let value = serde_json::from_str::<Value>(text).ok()?;
    Some(value.to_string())
}

fn date(text: &str) -> Option<String> {
    let day = text.trim().split([' ', 'T']).next()?;
    let date: Date = day.parse().ok()?;
    Some(date.to_string())
}

/// `2026-05-04 08:30:00[.ffffff]`, from that, with a `T`, or from a date alone; no zone.
fn datetime(text: &str) -> Option<String> {
    let text = text.trim().replacen('T', " ", 1);
    let zoned = text.ends_with(['Z', 'z'])
        || text.contains('+')
        || text
            .split_once(' ')
            .is_some_and(|(_, time)| time.contains('-'));
    if zoned {
        return None;
    }
    let moment: DateTime = match text.parse::<DateTime>() {
        Ok(moment) => moment,
        Err(_) => text.parse::<Date>().ok()?.into(),
    };
    Some(site_text(moment))
}

/// A moment as Frappe writes it: microseconds only where there are any.
pub(super) fn site_text(moment: DateTime) -> String {
    let micros = moment.subsec_nanosecond() / 1000;
    let seconds = moment.strftime("%Y-%m-%d %H:%M:%S");
    if micros == 0 {
        seconds.to_string()
    } else {
        format!("{seconds}.{micros:06}")
    }
}

/// `8:30:00`, the hours without padding.
fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.rsplit([' ', 'T']).next()?;
    let mut parts = text.splitn(3, ':');
    let hours: u32 = parts.next()?.parse().ok()?;
    let minutes: u32 = parts.next()?.parse().ok()?;
    let (seconds, fraction) = match parts.next() {
        None => ("0", ""),
        Some(rest) => rest.split_once('.').unwrap_or((rest, "")),
    };
    let seconds: u32 = seconds.parse().ok()?;
    if hours > 838 || minutes > 59 || seconds > 59 || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let whole = format!("{hours}:{minutes:02}:{seconds:02}");
    Some(match fraction.bytes().all(|b| b == b'0') {
        true => whole,
        false => format!("{whole}.{fraction:0<6.6}"),
    })
}

/// HTML in a text field: version 15 shows a script as text, version 16 drops it.
fn sanitize(text: &str, dialect: Dialect) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '<' => rest = tag(rest, &mut clean, dialect),
            '>' => {
                clean.push_str("&gt;");
                rest = after;
            }
            '&' if !is_entity(after) => {
                clean.push_str("&amp;");
                rest = after;
            }
            other => {
                clean.push(other);
                rest = after;
            }
        }
    }
    clean
}

fn is_entity(after: &str) -> bool {
    after.split_once(';').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.len() < 10
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
    })
}

/// Takes one `<…>` off the front; what is no tag is text.
fn tag<'a>(text: &'a str, clean: &mut String, dialect: Dialect) -> &'a str {
    let after = text.get(1..).unwrap_or_default();
    let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let Some((inside, rest)) = after.split_once('>').filter(|_| is_tag) else {
        clean.push_str("&lt;");
        return after;
    };
    let name = inside.trim_start_matches('/');
    let name = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let dangerous = matches!(
        name.as_str(),
        "script" | "style" | "iframe" | "object" | "embed"
    );
    match dialect {
        _ if !dangerous => {
            clean.push('<');
            clean.push_str(inside);
            clean.push('>');
            rest
        }
        Dialect::V15 => {
            clean.push_str("&lt;");
            clean.push_str(inside);
            clean.push_str("&gt;");
            rest
        }
        Dialect::V16 if inside.starts_with('/') => rest,
        Dialect::V16 => {
            let end = format!("</{name}>");
            let lower = rest.to_ascii_lowercase();
            let past = lower.find(&end).map(|at| at + end.len());
            past.and_then(|at| rest.get(at..)).unwrap_or_default()
        }
    }
}

/// The keys every document has, beside its fields.
pub(super) const STANDARD: [&str; 7] = [
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "idx",
];

/// Keys of the framework that are columns as well.
pub(super) const HIDDEN: [&str; 4] = ["_user_tags", "_comments", "_assign", "_liked_by"];

/// Whether the key is a text that is not blank, a number, or a table with rows.
pub(super) fn is_set(doc: &Map<String, Value>, key: &str) -> bool {
    match doc.get(key) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(Value::Array(rows)) => !rows.is_empty(),
        Some(_) => true,
    }
}

/// The text under a key, empty where there is none.
pub(super) fn text(doc: &Map<String, Value>, key: &str) -> String {
    doc.get(key).map(cstr).unwrap_or_default()
}

/// The number under a key, 0 where there is none.
pub(super) fn number(doc: &Map<String, Value>, key: &str) -> f64 {
    doc.get(key).map(flt).unwrap_or_default()
}

/// The rows of a table.
pub(super) fn rows<'a>(
    doc: &'a Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> {
    let rows = doc.get(key).and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(Value::as_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cast_as_frappe_casts_them() {
        assert_eq!(cint(&json!("abc")), 0);
        assert_eq!(cint(&json!("7")), 7);
        assert!((flt(&json!("12,50")) - 1250.0).abs() < 1e-9);
        assert!((flt(&json!("129.95")) - 129.95).abs() < 1e-9);
    }

    #[test]
    fn moments_are_naive_and_times_unpadded() {
        assert_eq!(
            datetime("2026-05-04T08:30:00").as_deref(),
            Some("2026-05-04 08:30:00")
        );
        assert_eq!(
            datetime("2026-05-04 08:30:00.5").as_deref(),
            Some("2026-05-04 08:30:00.500000")
        );
        assert_eq!(datetime("2026-05-04"), Some("2026-05-04 00:00:00".into()));
        for zoned in [
            "2026-05-04T08:30:00Z",
            "2026-05-04 08:30:00-04:00",
            "2026-05-04 08:30:00+02:00",
        ] {
            assert_eq!(datetime(zoned), None, "{zoned}");
        }
        assert_eq!(time("08:30:00").as_deref(), Some("8:30:00"));
        assert_eq!(time("21:12:05.158591").as_deref(), Some("21:12:05.158591"));
        assert_eq!(time("25:99"), None);
    }

    #[test]
    fn scripts_are_shown_or_dropped() {
        let html = "a & <b>b</b><script>x</script> < c";
        assert_eq!(
            sanitize(html, Dialect::V15),
            "a &amp; <b>b</b>&lt;script&gt;x&lt;/script&gt; &lt; c"
        );
        assert_eq!(sanitize(html, Dialect::V16), "a &amp; <b>b</b> &lt; c");
    }
}
