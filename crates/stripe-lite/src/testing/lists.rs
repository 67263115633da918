//! Listings, searches, and references answered whole.

use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use super::outbox::matches;
use super::state::{EVENT, State, int, text};

/// How a listing is cut into pages.
const CURSORS: [&str; 3] = ["limit", "starting_after", "ending_before"];
const DEPTH: usize = 4;

/// One page of what a filter keeps, newest first.
pub(super) fn page(
    objects: Vec<Value>,
    args: &Args,
    filters: &[&str],
    path: &str,
) -> Result<Value, Failure> {
    let known: Vec<&str> = CURSORS
        .into_iter()
        .chain(["created"])
        .chain(filters.iter().copied())
        .collect();
    args.only(&known)?;
    let mut objects = objects;
    for (name, keep) in [
        (
            "created/gte",
            (|at, limit| at >= limit) as fn(i64, i64) -> bool,
        ),
        ("created/gt", |at, limit| at > limit),
        ("created/lte", |at, limit| at <= limit),
        ("created/lt", |at, limit| at < limit),
        ("created", |at, limit| at == limit),
    ] {
        if args.text(name).is_some()
            && let Some(limit) = args.int(name)?
        {
            objects.retain(|object| keep(int(object, "created"), limit));
        }
    }
    let limit = limit(args)?;
    let place = |id: &str, param: &str| {
        let at = objects.iter().position(|object| text(object, "id") == id);
        at.ok_or_else(|| Failure::no_such("object", id, Some(param)))
    };
    let (from, to) = match (args.text("starting_after"), args.text("ending_before")) {
        (Some(_), Some(_)) => {
            let message = "You can only use one of `starting_after` and `ending_before`.";
            return Err(Failure::invalid(message));
        }
        (Some(id), None) => {
            let from = place(id, "starting_after")? + 1;
            (from, from + limit)
        }
        (None, Some(id)) => {
            let to = place(id, "ending_before")?;
            (to.saturating_sub(limit), to)
        }
        (None, None) => (0, limit),
    };
    let has_more = if args.text("ending_before").is_some() {
        from > 0
    } else {
        objects.len() > to
    };
    let data: Vec<Value> = objects.into_iter().take(to).skip(from).collect();
    Ok(json!({ "object": "list", "data": data, "has_more": has_more, "url": path }))
}

fn limit(args: &Args) -> Result<usize, Failure> {
    match args.int("limit")?.unwrap_or(10) {
        limit @ 1..=100 => Ok(usize::try_from(limit).unwrap_or(10)),
        _ => Err(
            Failure::param("limit", "Invalid limit: must be between 1 and 100")
                .code("parameter_invalid_integer"),
        ),
    }
}

/// One page of a search.
pub(super) fn search(
    objects: impl Iterator<Item = Value>,
    args: &Args,
    path: &str,
) -> Result<Value, Failure> {
    args.only(&["query", "limit", "page"])?;
    let query = args.required("query")?;
    let clauses = clauses(query)
        .ok_or_else(|| Failure::param("query", "We were unable to parse your search query."))?;
    let found: Vec<Value> = objects
        .filter(|object| clauses.iter().all(|clause| clause.holds(object)))
        .collect();
    let limit = limit(args)?;
    let from: usize = args
        .text("page")
        .and_then(|page| page.parse().ok())
        .unwrap_or(0);
    let more = found.len() > from + limit;
    let data: Vec<Value> = found.into_iter().skip(from).take(limit).collect();
    Ok(json!({
        "object": "search_result",
        "data": data,
        "has_more": more,
        "next_page": more.then(|| (from + limit).to_string()),
        "url": path,
    }))
}

/// `field:"value"` or `metadata["key"]:"value"`.
struct Clause {
    field: String,
    key: Option<String>,
    value: String,
}

impl Clause {
    fn holds(&self, object: &Value) -> bool {
        let mut value = object.get(&self.field);
        if let Some(key) = &self.key {
            value = value.and_then(|notes| notes.get(key));
        }
        match value {
            Some(Value::String(text)) => text.eq_ignore_ascii_case(&self.value),
            Some(Value::Number(number)) => number.to_string() == self.value,
            _ => false,
        }
    }
}

/// Reads clauses joined by `AND`. Nothing for anything else.
fn clauses(query: &str) -> Option<Vec<Clause>> {
    let mut rest = query.trim();
    let mut clauses = Vec::new();
    loop {
        let end = rest.find([':', '['])?;
        let (field, after) = rest.split_at(end);
        let (key, after) = match after.strip_prefix('[') {
            Some(inside) => {
                let (key, after) = quoted(inside)?;
                (Some(key), after.strip_prefix(']')?)
            }
            None => (None, after),
        };
        let after = after.strip_prefix(':')?;
        let (value, after) = match quoted(after) {
            Some(found) => found,
            None => {
                let end = after.find(' ').unwrap_or(after.len());
                let (value, after) = after.split_at(end);
                (value.to_owned(), after)
            }
        };
        clauses.push(Clause {
            field: field.trim().to_owned(),
            key,
            value,
        });
        rest = after.trim_start();
        if rest.is_empty() {
            return Some(clauses);
        }
        rest = rest.strip_prefix("AND ")?.trim_start();
    }
}

/// A text in quotes at the beginning, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => value.push(chars.next()?.1),
            char if char == quote => return Some((value, text.get(at + 1..)?)),
            char => value.push(char),
        }
    }
    None
}

/// Events of the kinds asked for.
pub(super) fn events(state: &State, args: &Args) -> Result<Vec<Value>, Failure> {
    let mut kinds = args.texts("types");
    if kinds.len() > 20 {
        return Err(Failure::param("types", "You can pass up to 20 types."));
    }
    kinds.extend(args.text("type").map(str::to_owned));
    let delivered = match args.text("delivery_success") {
        None => None,
        Some(_) => Some(args.bool("delivery_success")?),
    };
    Ok(state
        .newest(EVENT)
        .filter(|event| {
            let kind = text(event, "type");
            kinds.is_empty() || kinds.iter().any(|wanted| matches(wanted, kind))
        })
        .filter(|event| {
            delivered.is_none_or(|wanted| state.outbox.is_delivered(text(event, "id")) == wanted)
        })
        .cloned()
        .collect())
}

/// Replaces ids by the objects that they name, along each path of `expand`.
pub(super) fn expand(state: &State, mut body: Value, args: &Args) -> Result<Value, Failure> {
    for path in args.texts("expand") {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEPTH {
            let message = format!("You cannot expand more than {DEPTH} levels of a property.");
            return Err(Failure::param("expand", message).code("property_depth"));
        }
        expand_at(state, &mut body, &steps).map_err(|step| {
            let message = format!("This property cannot be expanded ({step}).");
            Failure::param("expand", message)
        })?;
    }
    Ok(body)
}

fn expand_at<'s>(state: &State, value: &mut Value, steps: &[&'s str]) -> Result<(), &'s str> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(());
    };
    if let Value::Array(items) = value {
        return items
            .iter_mut()
            .try_for_each(|item| expand_at(state, item, steps));
    }
    if *step == "line_items" && value["object"] == "checkout.session" {
        let id = text(value, "id").to_owned();
        let items = super::sessions::items(state, &id).unwrap_or_default();
        let url = format!("/v1/checkout/sessions/{id}/line_items");
        value["line_items"] =
            json!({ "object": "list", "data": items, "has_more": false, "url": url });
        return Ok(());
    }
    match value.get_mut(*step) {
        None => Err(step),
        Some(Value::Null) => Ok(()),
        Some(place) => {
            if let Some(object) = place.as_str() {
                *place = state.get(object).ok_or(*step)?.clone();
            } else if !place.is_object() && !place.is_array() {
                return Err(step);
            }
            expand_at(state, place, rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::clauses;

    #[test]
    fn search_queries_are_read() {
        let found = clauses(r#"metadata["a\"b"]:"x" AND status:'paid' AND amount:5"#).unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|c| (c.field.as_str(), c.key.as_deref(), c.value.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("metadata", Some("a\"b"), "x"),
                ("status", None, "paid"),
                ("amount", None, "5")
            ]
        );
        assert!(clauses("nonsense").is_none());
        assert!(clauses(r#"a:"b" OR c:"d""#).is_none());
    }
}
