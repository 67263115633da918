//! JSON whose members keep their order, written as Stripe writes it.

use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Text, number, truth value or null, as JSON.
    Leaf(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(super) const fn null() -> Self {
        Self::Leaf(String::new())
    }

    /// An object, from what [`node!`](super::node) lists.
    pub(super) fn object<const N: usize>(members: [(&str, Node); N]) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// Replaces a member, or adds it at the end.
    pub(super) fn set(&mut self, name: &str, value: Self) {
        let Self::Object(members) = self else {
            return;
        };
        match members.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => members.push((name.to_owned(), value)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Self> {
        match self {
            Self::Object(members) => members
                .iter_mut()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The JSON, two spaces for each level.
    pub(super) fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out, 0);
        out
    }

    fn write_to(&self, out: &mut String, depth: usize) {
        match self {
            Self::Leaf(json) if json.is_empty() => out.push_str("null"),
            Self::Leaf(json) => out.push_str(json),
            Self::List(all) if all.is_empty() => out.push_str("[]"),
            Self::Object(all) if all.is_empty() => out.push_str("{}"),
            Self::List(all) => {
                out.push('[');
                for (index, node) in all.iter().enumerate() {
                    line(out, depth + 1, index > 0);
                    node.write_to(out, depth + 1);
                }
                line(out, depth, false);
                out.push(']');
            }
            Self::Object(all) => {
                out.push('{');
                for (index, (name, node)) in all.iter().enumerate() {
                    line(out, depth + 1, index > 0);
                    out.push_str(&Value::from(name.as_str()).to_string());
                    out.push_str(": ");
                    node.write_to(out, depth + 1);
                }
                line(out, depth, false);
                out.push('}');
            }
        }
    }
}

fn line(out: &mut String, depth: usize, comma: bool) {
    if comma {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Array(all) => Self::List(all.into_iter().map(Self::from).collect()),
            Value::Object(all) => Self::Object(
                all.into_iter()
                    .map(|(name, value)| (name, Self::from(value)))
                    .collect(),
            ),
            leaf => Self::Leaf(leaf.to_string()),
        }
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Value::from(text).into()
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Value::from(text).into()
    }
}

impl From<i64> for Node {
    fn from(number: i64) -> Self {
        Value::from(number).into()
    }
}

impl From<bool> for Node {
    fn from(truth: bool) -> Self {
        Value::from(truth).into()
    }
}

/// An object in the order it is written here.
macro_rules! node {
    ({ $($name:literal: $value:tt),* $(,)? }) => {
        $crate::testing::node::Node::object([$(($name, node!($value))),*])
    };
    ([ $($value:tt),* $(,)? ]) => {
        $crate::testing::node::Node::List(vec![$(node!($value)),*])
    };
    (null) => { $crate::testing::node::Node::null() };
    ($value:expr) => { $crate::testing::node::Node::from($value) };
}
pub(super) use node;

#[cfg(test)]
mod tests {
    use super::Node;

    #[test]
    fn members_keep_their_order() {
        let mut object = node!({ "z": 1_i64, "a": { "b": [true], "c": {} }, "n": null });
        object.set("z", "é\"".into());
        object.set("last", Node::List(Vec::new()));
        assert_eq!(
            object.write(),
            "{\n  \"z\": \"é\\\"\",\n  \"a\": {\n    \"b\": [\n      true\n    ],\n    \"c\": {}\n  },\n  \"n\": null,\n  \"last\": []\n}"
        );
    }
}
