//! Parameters as they come: bracketed names decoded into a tree, and read with the refusals that
//! Stripe makes of them.

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use super::failure::Failure;

/// The parameters of one call. Every leaf is a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Args(Value);

/// Deeper names are no names of Stripe's.
const MAX_DEPTH: usize = 16;

impl Args {
    /// Reads `a[b][0]=c&…`, from a body or a query.
    pub(super) fn decode(text: &[u8]) -> Self {
        let mut root = Map::new();
        for pair in text
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty())
        {
            let mut sides = pair.splitn(2, |byte| *byte == b'=');
            let name = decoded(sides.next().unwrap_or_default());
            let value = decoded(sides.next().unwrap_or_default());
            let steps = steps(&name);
            if steps.len() <= MAX_DEPTH {
                insert(&mut root, &steps, value);
            }
        }
        Self(Value::Object(root))
    }

    /// What was sent, to be compared with another call.
    pub(super) fn tree(&self) -> &Value {
        &self.0
    }

    pub(super) fn merge(&mut self, other: Self) {
        if let (Value::Object(mine), Value::Object(theirs)) = (&mut self.0, other.0) {
            mine.extend(theirs);
        }
    }

    fn at(&self, path: &str) -> Option<&Value> {
        path.split('/')
            .try_fold(&self.0, |value, step| value.get(step))
    }

    /// Whether the parameter was given, empty or not.
    pub(super) fn has(&self, path: &str) -> bool {
        self.at(path).is_some()
    }

    /// A text; an empty one counts as not given.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn required(&self, path: &str) -> Result<&str, Failure> {
        self.text(path)
            .ok_or_else(|| Failure::missing(&bracketed(path)))
    }

    pub(super) fn int(&self, path: &str) -> Result<Option<i64>, Failure> {
        match self.text(path) {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| Failure::not_a("integer", &bracketed(path), text)),
        }
    }

    pub(super) fn bool(&self, path: &str) -> Result<bool, Failure> {
        match self.text(path) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(text) => Err(Failure::not_a("boolean", &bracketed(path), text)),
        }
    }

    /// One of some words.
    pub(super) fn word(&self, path: &str, words: &[&str]) -> Result<Option<&str>, Failure> {
        match self.text(path) {
            None => Ok(None),
            Some(text) if words.contains(&text) => Ok(Some(text)),
            Some(text) => Err(Failure::param(
                &bracketed(path),
                format!(
                    "Invalid {}: must be one of {}",
                    bracketed(path),
                    words.join(", ")
                ),
            )
            .unless_empty(text)),
        }
    }

    /// The elements of a list, by their numbers, each with parameters of its own.
    pub(super) fn list(&self, path: &str) -> Vec<Self> {
        let Some(Value::Object(map)) = self.at(path) else {
            return Vec::new();
        };
        let mut items: Vec<(usize, &Value)> = map
            .iter()
            .filter_map(|(index, value)| Some((index.parse().ok()?, value)))
            .collect();
        items.sort_by_key(|(index, _)| *index);
        items
            .into_iter()
            .map(|(_, value)| Self(value.clone()))
            .collect()
    }

    /// The texts of a list.
    pub(super) fn texts(&self, path: &str) -> Vec<String> {
        self.list(path)
            .into_iter()
            .filter_map(|item| item.0.as_str().map(str::to_owned))
            .collect()
    }

    /// Parameters under a name.
    pub(super) fn under(&self, path: &str) -> Self {
        Self(self.at(path).cloned().unwrap_or_default())
    }

    /// Metadata after this call: what was there, what is set, and without what is emptied.
    pub(super) fn metadata(&self, path: &str, before: Option<&Value>) -> Result<Value, Failure> {
        let mut notes = before
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        match self.at(path) {
            None => {}
            Some(Value::Object(given)) => {
                for (key, value) in given {
                    let Some(value) = value.as_str() else {
                        let message = "Metadata values must be strings".to_owned();
                        return Err(Failure::param(&bracketed(path), message));
                    };
                    if key.chars().count() > 40 || value.chars().count() > 500 {
                        let message = format!(
                            "Metadata keys are at most 40 characters and values 500 (`{key}`)."
                        );
                        return Err(Failure::param(&bracketed(path), message));
                    }
                    if value.is_empty() {
                        notes.remove(key);
                    } else {
                        notes.insert(key.clone(), value.into());
                    }
                }
            }
            Some(_) => notes.clear(),
        }
        if notes.len() > 50 {
            let message = "You can specify up to 50 keys of metadata.".to_owned();
            return Err(Failure::param(&bracketed(path), message));
        }
        Ok(Value::Object(notes))
    }

    /// Refuses parameters that the call does not know. `expand` is known everywhere.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Failure> {
        let names = self.0.as_object().into_iter().flat_map(Map::keys);
        match names
            .filter(|name| *name != "expand")
            .find(|name| !known.contains(&name.as_str()))
        {
            Some(name) => Err(Failure::unknown(name)),
            None => Ok(()),
        }
    }
}

/// `a/b/c` as Stripe names it: `a[b][c]`.
fn bracketed(path: &str) -> String {
    let mut steps = path.split('/');
    let first = steps.next().unwrap_or_default().to_owned();
    steps.fold(first, |name, step| format!("{name}[{step}]"))
}

fn decoded(text: &[u8]) -> String {
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

/// `a[b][c]` is `a`, `b`, `c`; `metadata[weird[key]]` is `metadata`, `weird[key]`.
fn steps(name: &str) -> Vec<&str> {
    let Some((first, rest)) = name.split_once('[') else {
        return vec![name];
    };
    match rest.strip_suffix(']') {
        Some(inner) => std::iter::once(first).chain(inner.split("][")).collect(),
        None => vec![name],
    }
}

fn insert(map: &mut Map<String, Value>, steps: &[&str], value: String) {
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    // `a[]=x` adds to the end.
    let name = if first.is_empty() {
        map.len().to_string()
    } else {
        (*first).to_owned()
    };
    if rest.is_empty() {
        map.insert(name, Value::String(value));
        return;
    }
    let place = map.entry(name).or_insert_with(|| Value::Object(Map::new()));
    if !place.is_object() {
        *place = Value::Object(Map::new());
    }
    if let Value::Object(inner) = place {
        insert(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};
    use serde_json::json;

    use super::Args;

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let args = Args::decode(&bytes);
            let _ = (args.only(&["a"]), args.metadata("metadata", None), args.list("a"));
        }

        #[test]
        fn what_the_client_writes_is_read(text in any::<String>(), number in any::<i64>()) {
            let mut params = crate::Params::new();
            params.set("a[b][c]", text.as_str());
            params.set("n", number);
            let args = Args::decode(params.encode().as_bytes());
            assert_eq!(args.tree()["a"]["b"]["c"], text.as_str());
            assert_eq!(args.int("n"), Ok(Some(number)));
        }
    }

    #[test]
    fn names_become_a_tree() {
        let args = Args::decode(
            b"a[b][0][c]=1&a[b][1][c]=%C3%A9+2&m[weird[key]]=x%26y&l[]=p&l[]=q&e=&bad[=z",
        );
        assert_eq!(
            args.tree(),
            &json!({
                "a": {"b": {"0": {"c": "1"}, "1": {"c": "é 2"}}},
                "m": {"weird[key]": "x&y"},
                "l": {"0": "p", "1": "q"},
                "e": "",
                "bad[": "z",
            })
        );
        assert_eq!(args.texts("l"), ["p", "q"]);
        assert!(args.has("e") && args.text("e").is_none());
    }
}
