//! Which paths of a document are worth reading.
//!
//! The data model is several thousand leaves; a summary needs a few hundred kinds. The trie
//! knows them, so that everything else is skipped unread. Only leaves named here are ever
//! kept: this is what makes it impossible for a passphrase to reach a summary.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Index of a node of the trie.
pub(crate) type State = u32;

/// The state of the document root.
pub(crate) const ROOT: State = 0;

/// Deepest pattern accepted, and so the deepest recursion of the readers.
pub(crate) const MAX_SEGMENTS: usize = 24;

/// Globs of one state that lead to different places; a name can match two of them at once.
const MAX_GROUPS: usize = 32;

/// A leaf below which nothing is: all of them are one.
const LEAF: usize = 1;

#[derive(Clone, Debug, Default)]
struct Draft {
    leaf: bool,
    tag: Option<u16>,
    instance: Option<usize>,
    literals: BTreeMap<String, usize>,
    globs: Vec<(String, usize)>,
}

/// Collects patterns; [`Builder::build`] makes them searchable.
#[derive(Debug)]
pub(crate) struct Builder {
    nodes: Vec<Draft>,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            nodes: vec![
                Draft::default(),
                Draft {
                    leaf: true,
                    ..Draft::default()
                },
            ],
        }
    }

    /// Adds leaves below an object pattern: segments separated by dots, `{i}` for an instance
    /// number, `*` within a segment for any text. Patterns that are too deep are ignored.
    pub(crate) fn add<'s>(&mut self, object: &str, leaves: impl IntoIterator<Item = &'s str>) {
        self.add_tagged(object, leaves, None);
    }

    /// As [`add`](Self::add), and marks the object with a tag; an earlier tag stays.
    pub(crate) fn add_tagged<'s>(
        &mut self,
        object: &str,
        leaves: impl IntoIterator<Item = &'s str>,
        tag: Option<u16>,
    ) {
        if object.split('.').count() + 2 > MAX_SEGMENTS {
            return;
        }
        let at = object
            .split('.')
            .filter(|s| !s.is_empty())
            .fold(0, |at, segment| self.step(at, segment));
        if let Some(node) = self.nodes.get_mut(at) {
            node.tag = node.tag.or(tag);
        }
        for leaf in leaves {
            let leaf = self.step(at, leaf);
            if let Some(node) = self.nodes.get_mut(leaf) {
                node.leaf = true;
            }
        }
    }

    /// Makes a segment below an object lead to the same place as another object.
    pub(crate) fn link(&mut self, object: &str, segment: &str, shared: &str) {
        let walk = |me: &mut Self, path: &str| {
            path.split('.')
                .filter(|s| !s.is_empty())
                .fold(0, |at, s| me.step(at, s))
        };
        let at = walk(self, object);
        let target = walk(self, shared);
        if let Some(node) = self.nodes.get_mut(at) {
            node.globs.push((segment.to_ascii_lowercase(), target));
        }
    }

    fn step(&mut self, at: usize, segment: &str) -> usize {
        let segment = segment.to_ascii_lowercase();
        let new = self.nodes.len();
        let Some(node) = self.nodes.get_mut(at) else {
            return LEAF;
        };
        let state = if segment == "{i}" {
            *node.instance.get_or_insert(new)
        } else if segment.contains('*') {
            match node.globs.iter().find(|(glob, _)| *glob == segment) {
                Some((_, state)) => *state,
                None => {
                    node.globs.push((segment, new));
                    new
                }
            }
        } else {
            *node.literals.entry(segment).or_insert(new)
        };
        if state == new {
            self.nodes.push(Draft::default());
        }
        state
    }

    /// Subset construction: a name may match a literal and several globs, and must still
    /// lead to one state.
    pub(crate) fn build(mut self) -> Trie {
        let bare: Vec<bool> = self
            .nodes
            .iter()
            .map(|n| {
                n.leaf
                    && n.tag.is_none()
                    && n.instance.is_none()
                    && n.literals.is_empty()
                    && n.globs.is_empty()
            })
            .collect();
        let canonical = |state: &mut usize| {
            if bare.get(*state) == Some(&true) {
                *state = LEAF;
            }
        };
        for node in &mut self.nodes {
            node.instance.iter_mut().for_each(canonical);
            node.literals.values_mut().for_each(canonical);
            node.globs
                .iter_mut()
                .for_each(|(_, state)| canonical(state));
        }
        let mut subsets = Subsets::default();
        subsets.intern(BTreeSet::from([0]));
        let mut nodes = Vec::new();
        while let Some(set) = subsets.sets.get(nodes.len()).cloned() {
            let members: Vec<&Draft> = set.iter().filter_map(|m| self.nodes.get(*m)).collect();
            nodes.push(Node::from_members(&members, &mut subsets));
        }
        Trie { nodes }
    }
}

/// Sets of draft nodes, numbered.
#[derive(Default)]
struct Subsets {
    sets: Vec<BTreeSet<usize>>,
    known: HashMap<BTreeSet<usize>, State>,
}

impl Subsets {
    fn intern(&mut self, set: BTreeSet<usize>) -> Option<State> {
        if set.is_empty() {
            return None;
        }
        if let Some(state) = self.known.get(&set) {
            return Some(*state);
        }
        let state = State::try_from(self.sets.len()).ok()?;
        self.sets.push(set.clone());
        self.known.insert(set, state);
        Some(state)
    }
}

/// Globs that lead to one place.
#[derive(Debug)]
struct Group {
    globs: Vec<String>,
    target: usize,
}

#[derive(Debug)]
struct Node {
    leaf: bool,
    tag: Option<u16>,
    instance: Option<State>,
    groups: Vec<Group>,
    /// Where to go by the first two groups that match, one row per first.
    by_pair: Vec<Vec<Option<State>>>,
    /// Open-addressed table of the literal names, a power of two long, at most half full.
    table: Vec<Option<(Box<str>, State)>>,
}

impl Node {
    fn from_members(members: &[&Draft], subsets: &mut Subsets) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (glob, target) in members.iter().flat_map(|m| &m.globs) {
            match groups.iter_mut().find(|g| g.target == *target) {
                Some(group) => group.globs.push(glob.clone()),
                None => groups.push(Group {
                    globs: vec![glob.clone()],
                    target: *target,
                }),
            }
        }
        groups.truncate(MAX_GROUPS);
        let matching = |name: &str| -> BTreeSet<usize> {
            let hit = |g: &&Group| g.globs.iter().any(|glob| glob_matches(glob, name));
            groups.iter().filter(hit).map(|g| g.target).collect()
        };
        let names: BTreeSet<&String> = members.iter().flat_map(|m| m.literals.keys()).collect();
        let mut table = Vec::new();
        if !names.is_empty() {
            table.resize((names.len() * 2).next_power_of_two(), None);
        }
        for name in names {
            let mut set = matching(name);
            set.extend(members.iter().filter_map(|m| m.literals.get(name)));
            if let Some(state) = subsets.intern(set) {
                insert(&mut table, name, state);
            }
        }
        let mut instances: BTreeSet<usize> = members.iter().filter_map(|m| m.instance).collect();
        if !instances.is_empty() {
            instances.extend(matching("1"));
        }
        let by_pair = groups
            .iter()
            .map(|first| {
                groups
                    .iter()
                    .map(|second| subsets.intern(BTreeSet::from([first.target, second.target])))
                    .collect()
            })
            .collect();
        Self {
            leaf: members.iter().any(|m| m.leaf),
            tag: members.iter().filter_map(|m| m.tag).min(),
            instance: subsets.intern(instances),
            groups,
            by_pair,
            table,
        }
    }
}

fn insert(table: &mut [Option<(Box<str>, State)>], name: &str, state: State) {
    let mask = table.len() - 1;
    let mut slot = hash(name.as_bytes());
    while let Some(entry) = table.get_mut(slot & mask) {
        if entry.is_none() {
            *entry = Some((name.into(), state));
            return;
        }
        slot += 1;
    }
}

/// Case-insensitive hash of a name: its length, head, middle and tail tell the names of a
/// data model apart well enough, and cost the same for every length.
fn hash(name: &[u8]) -> usize {
    let fold = |b: Option<&u8>| usize::from(b.copied().unwrap_or(0) | 0x20);
    let len = name.len();
    let mut h = len.wrapping_mul(0x9E37);
    for b in [
        name.first(),
        name.get(len / 4),
        name.get(len / 2),
        name.get(len.wrapping_sub(3)),
        name.last(),
    ] {
        h = (h.rotate_left(5) ^ fold(b)).wrapping_mul(0x2545_F491);
    }
    h ^ (h >> 15)
}

/// The searchable patterns.
#[derive(Debug)]
pub(crate) struct Trie {
    nodes: Vec<Node>,
}

impl Trie {
    /// Where a child's name leads, if anything below it matters.
    pub(crate) fn step(&self, at: State, name: &[u8]) -> Option<State> {
        let node = self.nodes.get(at as usize)?;
        if let Some(instance) = node.instance
            && is_instance(name)
        {
            return Some(instance);
        }
        if !node.table.is_empty() {
            let mask = node.table.len() - 1;
            let mut slot = hash(name);
            while let Some(Some((known, state))) = node.table.get(slot & mask) {
                if known.as_bytes().eq_ignore_ascii_case(name) {
                    return Some(*state);
                }
                slot += 1;
            }
        }
        if node.groups.is_empty() {
            return None;
        }
        let name = std::str::from_utf8(name).ok()?;
        let hit = |g: &Group| g.globs.iter().any(|glob| glob_matches(glob, name));
        let mut matching = node
            .groups
            .iter()
            .enumerate()
            .filter(|(_, g)| hit(g))
            .map(|(place, _)| place);
        let first = matching.next()?;
        let second = matching.next().unwrap_or(first);
        node.by_pair.get(first)?.get(second).copied().flatten()
    }

    pub(crate) fn is_leaf(&self, at: State) -> bool {
        self.nodes.get(at as usize).is_some_and(|n| n.leaf)
    }

    pub(crate) fn tag(&self, at: State) -> Option<u16> {
        self.nodes.get(at as usize)?.tag
    }
}

/// Whether a key is an instance number (or an alias in brackets).
pub(crate) fn is_instance(name: &[u8]) -> bool {
    match name {
        [b'[', .., b']'] => true,
        digits => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
    }
}

/// Matches a glob against a name, ignoring ASCII case.
pub(crate) fn glob_matches(glob: &str, name: &str) -> bool {
    let mut rest = name.as_bytes();
    let mut parts = glob.split('*').map(str::as_bytes);
    let first = parts.next().unwrap_or_default();
    if !rest
        .get(..first.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(first))
    {
        return false;
    }
    rest = rest.get(first.len()..).unwrap_or_default();
    let mut last: Option<&[u8]> = None;
    for part in parts {
        // What stood between two stars must come next, as early as possible.
        if let Some(middle) = last.filter(|m| !m.is_empty()) {
            let Some(at) = rest
                .windows(middle.len())
                .position(|w| w.eq_ignore_ascii_case(middle))
            else {
                return false;
            };
            rest = rest.get(at + middle.len()..).unwrap_or_default();
        }
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(tail) => {
            rest.len() >= tail.len()
                && rest
                    .get(rest.len() - tail.len()..)
                    .is_some_and(|end| end.eq_ignore_ascii_case(tail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Builder, ROOT, glob_matches};

    #[test]
    fn globs() {
        assert!(glob_matches("*pon*", "X_GponInterafceConfig"));
        assert!(glob_matches("x_cu_*", "X_CU_Foo"));
        assert!(!glob_matches("x_cu_*", "X_CT_Foo"));
        assert!(glob_matches("rx*dbm", "RxPowerDbm"));
        assert!(!glob_matches("rx*dbm", "RxPowerDbmX"));
        assert!(glob_matches("exact", "Exact"));
        assert!(!glob_matches("exact", "Exactly"));
    }

    #[test]
    fn a_literal_takes_over_what_a_glob_leads_to() {
        let mut builder = Builder::new();
        builder.add("A.*pon*", ["RxPower"]);
        builder.add("A.X_Gpon.Stats", ["Up"]);
        builder.add("A.{i}", ["Name"]);
        let trie = builder.build();
        let go = |path: &[&str]| {
            path.iter()
                .try_fold(ROOT, |at, name| trie.step(at, name.as_bytes()))
                .map(|at| trie.is_leaf(at))
        };
        assert_eq!(go(&["A", "x_gpon", "RXPOWER"]), Some(true));
        assert_eq!(go(&["A", "X_Gpon", "Stats", "Up"]), Some(true));
        assert_eq!(go(&["A", "Other_Pon", "RxPower"]), Some(true));
        assert_eq!(go(&["A", "12", "Name"]), Some(true));
        assert_eq!(go(&["A", "12", "Password"]), None);
        assert_eq!(go(&["A"]), Some(false));
    }
}
