//! Numbers of naming series.

use std::collections::BTreeMap;

/// How far each series has counted.
#[derive(Debug, Default)]
pub(super) struct Series(BTreeMap<String, u64>);

impl Series {
    pub(super) fn next(&mut self, prefix: &str) -> u64 {
        let last = self.0.entry(prefix.to_owned()).or_default();
        *last = last.saturating_add(1);
        *last
    }

    pub(super) fn set(&mut self, prefix: &str, last: u64) {
        self.0.insert(prefix.to_owned(), last);
    }
}
