//! Names of new documents.

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::coerce::{cstr, text};
use super::failure::Failure;
use super::schema::Schema;

/// What a naming scheme may ask of the site.
pub(super) trait Numbers {
    /// The next number of the series with this prefix.
    fn next_in_series(&mut self, prefix: &str) -> u64;
    /// Ten characters never given before.
    fn hash(&mut self) -> String;
    /// The time of the site.
    fn moment(&self) -> DateTime;
}

/// The name by the doctype's `autoname`; what the body said in `name` counts for `prompt` alone,
/// and `__newname` always.
pub(super) fn name_for(
    numbers: &mut impl Numbers,
    schema: &Schema,
    doc: &Map<String, Value>,
) -> Result<Value, Failure> {
    if let Some(chosen) = doc.get("__newname").map(cstr).filter(|n| !n.is_empty()) {
        return checked(&schema.name, &chosen).map(Value::String);
    }
    if schema.is_autoincrement() {
        return Ok(json!(numbers.next_in_series(&schema.name)));
    }
    if schema.issingle {
        return Ok(Value::String(schema.name.clone()));
    }
    let amended = text(doc, "amended_from");
    if !amended.is_empty() {
        return Ok(Value::String(amendment(&amended)));
    }
    if schema.istable {
        return Ok(Value::String(numbers.hash()));
    }
    let name = match schema.autoname.as_str() {
        "" | "hash" | "random" => match text(doc, "naming_series") {
            series if series.is_empty() => numbers.hash(),
            series => from_series(numbers, &series, doc),
        },
        auto if auto.eq_ignore_ascii_case("prompt") => match text(doc, "name") {
            name if name.trim().is_empty() => {
                return Err(Failure::validation("Please set the document name"));
            }
            name => name,
        },
        auto if auto.starts_with("naming_series:") => {
            let series = match text(doc, "naming_series") {
                given if given.is_empty() => first_series(schema),
                given => given,
            };
            if series.is_empty() {
                return Err(Failure::validation("Naming Series is mandatory"));
            }
            from_series(numbers, &series, doc)
        }
        auto => match auto.split_once(':') {
            Some(("field", field)) => {
                let value = text(doc, field);
                if value.trim().is_empty() {
                    let label = schema.field(field).map_or(field, |field| &field.label);
                    return Err(Failure::validation(format!("{label} is required")));
                }
                value
            }
            Some(("format", format)) => from_format(numbers, format, doc),
            _ => from_series(numbers, auto, doc),
        },
    };
    checked(&schema.name, &name).map(Value::String)
}

fn first_series(schema: &Schema) -> String {
    let Some(field) = schema.field("naming_series") else {
        return String::new();
    };
    let default = field.default.as_deref().filter(|text| !text.is_empty());
    let mut lines = field.options.lines().map(str::trim);
    default
        .or_else(|| lines.find(|line| !line.is_empty()))
        .unwrap_or_default()
        .to_owned()
}

/// The trimmed name, unless it holds what no name may.
pub(super) fn checked(doctype: &str, name: &str) -> Result<String, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::validation(format!(
            "No Name Specified for {doctype}"
        )));
    }
    if name.contains(['<', '>']) {
        return Err(Failure::thrown(
            409,
            "NameError",
            "Name cannot contain special characters like '<', '>'",
        ));
    }
    Ok(name.to_owned())
}

/// `INV-1` → `INV-1-1` → `INV-1-2`.
fn amendment(from: &str) -> String {
    let counted = from
        .rsplit_once('-')
        .filter(|(stem, number)| {
            // A series ends in a padded number; an amendment in a plain one.
            stem.contains('-') && !number.starts_with('0') && number.len() < 4
        })
        .and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?)));
    match counted {
        Some((stem, number)) => format!("{stem}-{}", number + 1),
        None => format!("{from}-1"),
    }
}

/// A part of a series that stands for something: `YYYY`, a field of the document.
fn part(moment: DateTime, key: &str, doc: &Map<String, Value>) -> Option<String> {
    Some(match key {
        "YYYY" => moment.strftime("%Y").to_string(),
        "YY" => moment.strftime("%y").to_string(),
        "MM" => moment.strftime("%m").to_string(),
        "DD" => moment.strftime("%d").to_string(),
        "JJJ" => moment.strftime("%j").to_string(),
        "timestamp" => moment.to_string(),
        field => cstr(doc.get(field).filter(|value| !value.is_null())?),
    })
}

/// `ACC-SINV-.YYYY.-.#####`; five digits where none are asked for.
fn from_series(numbers: &mut impl Numbers, series: &str, doc: &Map<String, Value>) -> String {
    let series = if series.contains('#') {
        series.to_owned()
    } else {
        format!("{series}.#####")
    };
    let moment = numbers.moment();
    let mut name = String::new();
    for piece in series.split('.') {
        let digits = piece.len();
        if digits > 0 && piece.bytes().all(|b| b == b'#') {
            let number = numbers.next_in_series(&name);
            name.push_str(&format!("{number:0digits$}"));
        } else {
            match part(moment, piece, doc) {
                Some(value) => name.push_str(&value),
                None => name.push_str(piece),
            }
        }
    }
    name
}

/// `format:LOC-{#####}`.
fn from_format(numbers: &mut impl Numbers, format: &str, doc: &Map<String, Value>) -> String {
    let moment = numbers.moment();
    let mut name = String::new();
    let mut rest = format;
    while let Some((before, more)) = rest.split_once('{') {
        name.push_str(before);
        let Some((key, after)) = more.split_once('}') else {
            break;
        };
        let digits = key.len();
        if digits > 0 && key.bytes().all(|b| b == b'#') {
            let number = numbers.next_in_series(&name);
            name.push_str(&format!("{number:0digits$}"));
        } else {
            name.push_str(&part(moment, key, doc).unwrap_or_default());
        }
        rest = after;
    }
    name.push_str(rest);
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[derive(Default)]
    struct Counted(HashMap<String, u64>);

    impl Numbers for Counted {
        fn next_in_series(&mut self, prefix: &str) -> u64 {
            let next = self.0.entry(prefix.to_owned()).or_default();
            *next += 1;
            *next
        }

        fn hash(&mut self) -> String {
            "8mc3lt67c3".to_owned()
        }

        fn moment(&self) -> DateTime {
            jiff::civil::date(2026, 5, 4).at(8, 30, 0, 0)
        }
    }

    #[test]
    fn schemes() {
        let mut numbers = Counted::default();
        let mut name = |autoname: &str, doc: Value| {
            let schema = Schema {
                name: "Job".into(),
                autoname: autoname.into(),
                ..Schema::default()
            };
            let doc = doc.as_object().cloned().unwrap_or_default();
            name_for(&mut numbers, &schema, &doc)
                .map(|name| cstr(&name))
                .map_err(|failure| failure.status)
        };
        assert_eq!(
            name("format:LOC-{#####}", json!({})).as_deref(),
            Ok("LOC-00001")
        );
        assert_eq!(
            name("format:LOC-{#####}", json!({})).as_deref(),
            Ok("LOC-00002")
        );
        assert_eq!(
            name("format:{city}-{YYYY}-{##}", json!({"city": "Gaspé"})).as_deref(),
            Ok("Gaspé-2026-01")
        );
        assert_eq!(name("DJ-.#####", json!({})).as_deref(), Ok("DJ-00001"));
        assert_eq!(
            name("naming_series:", json!({"naming_series": "S-.YYYY.-"})).as_deref(),
            Ok("S-2026-00001")
        );
        assert_eq!(
            name("field:label", json!({"label": "  pad  "})).as_deref(),
            Ok("pad")
        );
        assert_eq!(name("field:label", json!({"label": "a<b"})), Err(409));
        assert_eq!(name("field:label", json!({})), Err(417));
        assert_eq!(name("prompt", json!({})), Err(417));
        assert_eq!(name("prompt", json!({"name": "x"})).as_deref(), Ok("x"));
        assert_eq!(
            name("hash", json!({"name": "x"})).as_deref(),
            Ok("8mc3lt67c3")
        );
        assert_eq!(name("hash", json!({"__newname": "x"})).as_deref(), Ok("x"));
        assert_eq!(name("autoincrement", json!({})).as_deref(), Ok("1"));
        assert_eq!(
            name("hash", json!({"amended_from": "S-2026-00001"})).as_deref(),
            Ok("S-2026-00001-1")
        );
        assert_eq!(
            name("hash", json!({"amended_from": "S-2026-00001-1"})).as_deref(),
            Ok("S-2026-00001-2")
        );
    }
}
