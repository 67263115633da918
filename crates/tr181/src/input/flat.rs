//! Reads a flat map of full paths to value texts.

use std::borrow::Cow;

use super::index::{Index, Places};
use super::scalar::Scalar;
use super::trie::{MAX_SEGMENTS, ROOT, State, Trie};

/// Follows a path to the leaf it names; object paths (ending in `.`) and unknown ones are none.
pub(crate) fn leaf(path: &str, trie: &Trie) -> Option<()> {
    if path.ends_with('.') {
        return None;
    }
    let mut state: State = ROOT;
    for name in path.split('.') {
        state = trie.step(state, name.as_bytes())?;
    }
    trie.is_leaf(state).then_some(())
}

/// Builds the index from pairs whose paths [`leaf`] accepted.
pub(crate) fn read<'a, K: AsRef<str>, V: AsRef<str>>(
    pairs: &'a [(K, V)],
    trie: &Trie,
) -> Index<'a> {
    let mut index = Index::new();
    let mut places = Places::new();
    // Paths come sorted from most sources: what the last path shares with this one is known.
    let mut last: Vec<(&str, State, u32)> = Vec::with_capacity(MAX_SEGMENTS);
    for (path, value) in pairs {
        let mut state = ROOT;
        let mut id = 0;
        let mut shared = true;
        for (depth, name) in path.as_ref().split('.').enumerate() {
            if shared
                && let Some((known, known_state, known_id)) = last.get(depth)
                && *known == name
            {
                (state, id) = (*known_state, *known_id);
                continue;
            }
            shared = false;
            last.truncate(depth);
            let Some(next) = trie.step(state, name.as_bytes()) else {
                break;
            };
            state = next;
            id = places.place(&mut index, id, name, state);
            last.push((name, state, id));
        }
        if trie.is_leaf(state) {
            index.set_value(id, Some(Scalar(Cow::Borrowed(value.as_ref()))));
        }
    }
    index
}
