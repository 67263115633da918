//! From the three input shapes to one index of leaves.

pub(crate) mod flat;
pub(crate) mod index;
pub(crate) mod json;
pub(crate) mod scalar;
mod skip;
pub(crate) mod tree;
pub(crate) mod trie;
