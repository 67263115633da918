//! Walking the TR-181 interface stack downwards.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Doc;
use crate::input::index::Node;
use crate::model::Medium;

/// Deepest stack followed: real ones have six layers.
const MAX_LAYERS: usize = 16;

/// The edges of `InterfaceStack`, for layers whose `LowerLayers` was never read.
#[derive(Debug)]
pub(crate) struct Stack<'i, 'a> {
    doc: Doc<'i, 'a>,
    edges: HashMap<Cow<'i, str>, Vec<&'i str>>,
}

/// What lies under an IP interface.
#[derive(Debug, Default)]
pub(crate) struct Chain<'i, 'a> {
    /// Paths, top first, each once.
    pub(crate) paths: Vec<Cow<'i, str>>,
    /// Those of them that exist in the document, the nearest first.
    pub(crate) layers: Vec<Node<'i, 'a>>,
    found: Vec<(usize, Node<'i, 'a>)>,
    pub(crate) ppp: bool,
    pub(crate) optical: bool,
    pub(crate) dsl: bool,
    pub(crate) cellular: bool,
    pub(crate) usb: bool,
    pub(crate) ethernet: bool,
    pub(crate) upstream: bool,
    pub(crate) wifi_uplink: bool,
    pub(crate) bridge: bool,
}

impl Chain<'_, '_> {
    /// Whether something below leads out of the house.
    pub(crate) fn leads_out(&self) -> bool {
        self.ppp || self.optical || self.dsl || self.cellular || self.upstream
    }

    pub(crate) fn medium(&self) -> Option<Medium> {
        let rules = [
            (self.optical, Medium::Optical),
            (self.dsl, Medium::Dsl),
            (self.cellular, Medium::Cellular),
            (self.usb, Medium::Usb),
            (self.ethernet, Medium::Ethernet),
            (self.wifi_uplink, Medium::Wifi),
        ];
        rules
            .into_iter()
            .find_map(|(found, medium)| found.then_some(medium))
    }
}

impl<'i, 'a> Stack<'i, 'a> {
    pub(crate) fn new(doc: Doc<'i, 'a>) -> Self {
        let mut edges: HashMap<Cow<'i, str>, Vec<&'i str>> = HashMap::new();
        for row in doc
            .tr181
            .map(|d| d.table("InterfaceStack"))
            .unwrap_or_default()
        {
            if let (Some(higher), Some(lower)) =
                (row.reference("HigherLayer"), row.reference("LowerLayer"))
            {
                edges.entry(doc.canonical(higher)).or_default().push(lower);
            }
        }
        Self { doc, edges }
    }

    /// Everything below an interface: depth first, each layer once, so that loops end.
    pub(crate) fn below(&self, interface: Node<'i, 'a>) -> Chain<'i, 'a> {
        let mut chain = Chain::default();
        let mut seen = HashSet::new();
        let own = interface.path();
        for lower in self.lower_layers(interface, &own) {
            self.visit(lower, 1, &own, &mut seen, &mut chain);
        }
        chain.found.sort_by_key(|(depth, _)| *depth);
        chain.layers = chain.found.drain(..).map(|(_, layer)| layer).collect();
        chain
    }

    fn lower_layers(&self, node: Node<'i, 'a>, path: &str) -> Vec<&'i str> {
        match node.references("LowerLayers") {
            Some(list) => list,
            None => self.edges.get(path).cloned().unwrap_or_default(),
        }
    }

    fn visit(
        &self,
        path: &'i str,
        depth: usize,
        own: &str,
        seen: &mut HashSet<Cow<'i, str>>,
        chain: &mut Chain<'i, 'a>,
    ) {
        // The same layer by number and by alias is one layer.
        let path = self.doc.canonical(path);
        if depth > MAX_LAYERS || path == own || !seen.insert(path.clone()) {
            return;
        }
        let node = self.doc.resolve(&path);
        classify(&path, node, chain);
        chain.paths.push(path.clone());
        let lower = match node {
            Some(node) => {
                chain.found.push((depth, node));
                self.lower_layers(node, &path)
            }
            None => self.edges.get(&path).cloned().unwrap_or_default(),
        };
        for next in lower {
            self.visit(next, depth + 1, own, seen, chain);
        }
    }
}

/// Names that tell what a layer is.
const KNOWN: [&str; 16] = [
    "PPP",
    "Optical",
    "XPON",
    "DSL",
    "ATM",
    "PTM",
    "FAST",
    "Cellular",
    "USB",
    "Ethernet",
    "Interface",
    "Bridging",
    "WiFi",
    "SSID",
    "AccessPoint",
    "EndPoint",
];

fn classify(path: &str, node: Option<Node<'_, '_>>, chain: &mut Chain<'_, '_>) {
    let mut segments = path.split('.').skip(1);
    let first = segments.next().unwrap_or_default();
    let second = segments.next().unwrap_or_default();
    // As the data model writes them, whatever the device does.
    let spelt = |name: &str| {
        let known = KNOWN.iter().find(|k| k.eq_ignore_ascii_case(name));
        known.copied()
    };
    let first = spelt(first).unwrap_or(first);
    let second = spelt(second).unwrap_or(second);
    match (first, second) {
        ("PPP", _) => chain.ppp = true,
        ("Optical" | "XPON", _) => chain.optical = true,
        ("DSL" | "ATM" | "PTM" | "FAST", _) => chain.dsl = true,
        ("Cellular", _) => chain.cellular = true,
        ("USB", _) => chain.usb = true,
        ("Ethernet", "Interface") => chain.ethernet = true,
        ("Bridging", _) | ("WiFi", "SSID" | "AccessPoint") => chain.bridge = true,
        ("WiFi", "EndPoint") => chain.wifi_uplink = true,
        (vendor, _) if vendor.starts_with("X_") || vendor.starts_with("x_") => {
            let name = vendor.to_ascii_lowercase();
            chain.optical |= name.contains("pon") || name.contains("optic");
        }
        _ => {}
    }
    chain.upstream |= node.is_some_and(|n| n.is("Upstream", true));
}
