//! The leaves worth reading, gathered from any of the three inputs.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;

use jiff::Timestamp;

use super::scalar::Scalar;
use super::trie::State;

/// Index of an entry.
pub(crate) type Id = u32;

const NONE: Id = u32::MAX;

#[derive(Debug)]
struct Entry<'a> {
    name: Cow<'a, str>,
    value: Option<Scalar<'a>>,
    read_at: &'a [u8],
    state: State,
    parent: Id,
    first: Id,
    last: Id,
    next: Id,
}

/// The interesting leaves of a document, linked to the objects that hold them: a few per cent
/// of the document, in one allocation.
#[derive(Debug)]
pub(crate) struct Index<'a> {
    entries: Vec<Entry<'a>>,
    /// The last reading time parsed: leaves of one refresh share it.
    clock: Cell<Option<(Id, Timestamp)>>,
}

impl<'a> Index<'a> {
    pub(crate) fn new() -> Self {
        let root = Entry {
            name: Cow::Borrowed(""),
            value: None,
            read_at: &[],
            state: super::trie::ROOT,
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
        };
        Self {
            entries: vec![root],
            clock: Cell::new(None),
        }
    }

    /// Adds an entry and links it to its parent.
    pub(crate) fn push(&mut self, parent: Id, name: Cow<'a, str>, state: State) -> Id {
        let id = self.add(parent, name, state);
        self.link(id);
        id
    }

    /// Adds an entry that its parent does not know yet.
    pub(crate) fn add(&mut self, parent: Id, name: Cow<'a, str>, state: State) -> Id {
        let id = u32::try_from(self.entries.len()).unwrap_or(NONE);
        self.entries.push(Entry {
            name,
            value: None,
            read_at: &[],
            state,
            parent,
            first: NONE,
            last: NONE,
            next: NONE,
        });
        id
    }

    /// Links an added entry to its parent, or drops it if nothing was found in it.
    pub(crate) fn link_if_used(&mut self, id: Id) {
        let used = self
            .entries
            .get(id as usize)
            .is_some_and(|e| e.value.is_some() || e.first != NONE);
        if used {
            self.link(id);
        } else {
            // Whatever was added after it was below it, and dropped before it.
            self.entries.truncate(id as usize);
        }
    }

    fn link(&mut self, id: Id) {
        let Some(parent) = self.entries.get(id as usize).map(|e| e.parent) else {
            return;
        };
        let last = self.entries.get(parent as usize).map_or(NONE, |p| p.last);
        if let Some(sibling) = self.entries.get_mut(last as usize) {
            sibling.next = id;
        }
        if let Some(parent) = self.entries.get_mut(parent as usize) {
            parent.last = id;
            if parent.first == NONE {
                parent.first = id;
            }
        }
    }

    pub(crate) fn set_value(&mut self, id: Id, value: Option<Scalar<'a>>) {
        if let Some(entry) = self.entries.get_mut(id as usize) {
            entry.value = value;
        }
    }

    pub(crate) fn set_read_at(&mut self, id: Id, text: &'a [u8]) {
        if let Some(entry) = self.entries.get_mut(id as usize) {
            entry.read_at = text;
        }
    }

    /// Whether an entry is the root's `_deviceId`.
    pub(crate) fn is_device_id(&self, id: Id) -> bool {
        self.entries
            .get(id as usize)
            .is_some_and(|e| e.parent == 0 && e.name == "_deviceId")
    }

    /// The newest child of an entry, if it has that name; else a look through all of them.
    pub(crate) fn last_child_named(&self, parent: Id, name: &str) -> Option<Id> {
        let entry = self.entries.get(parent as usize)?;
        if self
            .entries
            .get(entry.last as usize)
            .is_some_and(|e| e.name == name)
        {
            return Some(entry.last);
        }
        Node {
            index: self,
            id: parent,
        }
        .child(name)
        .map(Node::id)
    }

    pub(crate) fn root(&self) -> Node<'_, 'a> {
        Node { index: self, id: 0 }
    }

    /// Every entry, parents before children.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_, 'a>> {
        (0..self.entries.len())
            .filter_map(|id| u32::try_from(id).ok())
            .map(|id| Node { index: self, id })
    }

    fn read_at(&self, id: Id) -> Option<Timestamp> {
        let text = self.entries.get(id as usize)?.read_at;
        if let Some((known, at)) = self.clock.get()
            && self
                .entries
                .get(known as usize)
                .is_some_and(|e| e.read_at == text)
        {
            return Some(at);
        }
        let at = std::str::from_utf8(text).ok()?;
        let at = at.parse().ok()?;
        self.clock.set(Some((id, at)));
        Some(at)
    }
}

/// An object or a leaf of the index.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'i, 'a> {
    index: &'i Index<'a>,
    id: Id,
}

impl PartialEq for Node<'_, '_> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl<'i, 'a> Node<'i, 'a> {
    fn entry(self) -> Option<&'i Entry<'a>> {
        self.index.entries.get(self.id as usize)
    }

    pub(crate) fn id(self) -> Id {
        self.id
    }

    pub(crate) fn name(self) -> &'i str {
        self.entry().map_or("", |e| &e.name)
    }

    pub(crate) fn state(self) -> State {
        self.entry().map_or(super::trie::ROOT, |e| e.state)
    }

    pub(crate) fn value(self) -> Option<&'i Scalar<'a>> {
        self.entry()?.value.as_ref()
    }

    pub(crate) fn read_at(self) -> Option<Timestamp> {
        self.index.read_at(self.id)
    }

    pub(crate) fn parent(self) -> Option<Self> {
        let parent = self.entry()?.parent;
        (parent != NONE).then_some(Self {
            index: self.index,
            id: parent,
        })
    }

    pub(crate) fn children(self) -> impl Iterator<Item = Self> {
        let mut next = self.entry().map_or(NONE, |e| e.first);
        std::iter::from_fn(move || {
            let node = Self {
                index: self.index,
                id: next,
            };
            next = node.entry()?.next;
            Some(node)
        })
    }

    /// The child of that name; of duplicates the last, as JSON readers do.
    pub(crate) fn child(self, name: &str) -> Option<Self> {
        let mut found = None;
        for child in self.children() {
            if child.name().eq_ignore_ascii_case(name) {
                found = Some(child);
            }
        }
        found
    }

    /// Follows names separated by dots.
    pub(crate) fn at(self, path: &str) -> Option<Self> {
        path.split('.')
            .filter(|s| !s.is_empty())
            .try_fold(self, Self::child)
    }

    /// Whether anything at or below this node was read: what was only discovered is unknown.
    pub(crate) fn has_value(self) -> bool {
        self.value().is_some() || self.children().any(Self::has_value)
    }

    /// The instances of a table of which something was read, in numerical order; of
    /// duplicates the last.
    pub(crate) fn rows(self) -> Vec<Self> {
        let mut rows: Vec<(u64, Self)> = self
            .children()
            .filter_map(|c| Some((c.name().parse().ok()?, c)))
            .collect();
        rows.sort_by_key(|(number, node)| (*number, node.id));
        rows.reverse();
        rows.dedup_by_key(|(number, _)| *number);
        rows.reverse();
        rows.into_iter()
            .map(|(_, node)| node)
            .filter(|node| node.has_value())
            .collect()
    }

    /// The instances of the table at a path.
    pub(crate) fn table(self, path: &str) -> Vec<Self> {
        self.at(path).map(Self::rows).unwrap_or_default()
    }

    /// Full path without a trailing dot.
    pub(crate) fn path(self) -> String {
        let mut names = Vec::with_capacity(super::trie::MAX_SEGMENTS);
        let mut length = 0;
        let mut at = Some(self);
        while let Some(node) = at {
            if node.id != 0 {
                names.push(node.name());
                length += node.name().len() + 1;
            }
            at = node.parent();
        }
        let mut path = String::with_capacity(length);
        for (position, name) in names.iter().rev().enumerate() {
            if position > 0 {
                path.push('.');
            }
            path.push_str(name);
        }
        path
    }
}

/// Finds or creates entries by name, for inputs that are not in document order.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    known: HashMap<(Id, Cow<'a, str>), Id>,
}

impl<'a> Places<'a> {
    pub(crate) fn new() -> Self {
        Self {
            known: HashMap::new(),
        }
    }

    pub(crate) fn place(
        &mut self,
        index: &mut Index<'a>,
        parent: Id,
        name: &'a str,
        state: State,
    ) -> Id {
        *self
            .known
            .entry((parent, Cow::Borrowed(name)))
            .or_insert_with(|| index.push(parent, Cow::Borrowed(name), state))
    }
}
