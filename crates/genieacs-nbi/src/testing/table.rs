//! A collection: documents by id, in the order in which they came.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

#[derive(Debug, Default)]
pub(super) struct Table {
    rows: BTreeMap<u64, Value>,
    ids: HashMap<String, u64>,
    next: u64,
}

impl Table {
    /// Adds or replaces. A document without a textual `_id` is dropped.
    pub(super) fn put(&mut self, document: Value) {
        let Some(id) = document.get("_id").and_then(Value::as_str) else {
            return;
        };
        let at = *self.ids.entry(id.to_owned()).or_insert_with(|| {
            self.next += 1;
            self.next
        });
        self.rows.insert(at, document);
    }

    pub(super) fn get(&self, id: &str) -> Option<&Value> {
        self.rows.get(self.ids.get(id)?)
    }

    pub(super) fn get_mut(&mut self, id: &str) -> Option<&mut Value> {
        self.rows.get_mut(self.ids.get(id)?)
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Value> {
        self.rows.remove(&self.ids.remove(id)?)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &Value> {
        self.rows.values()
    }

    /// Removes all that meet a condition.
    pub(super) fn remove_where(&mut self, condition: impl Fn(&Value) -> bool) {
        let doomed: Vec<String> = self
            .rows()
            .filter(|row| condition(row))
            .filter_map(|row| row.get("_id")?.as_str().map(str::to_owned))
            .collect();
        for id in doomed {
            self.remove(&id);
        }
    }
}
