//! From the index of leaves to the summary.

mod hosts;
mod identity;
mod lan;
mod optical;
mod optical_units;
mod stack;
mod wan;
mod wan98;
mod wifi;
mod wifi98;
mod wifi98_mesh;
mod wifi_stations;

pub(crate) use optical::{GENERIC, SPELLINGS};
pub(crate) use wan::{is_global, usable};

use std::borrow::Cow;

use crate::input::index::{Index, Node};
use crate::input::trie::Trie;
use crate::model::{DataModel, Document, Lan, Summary, Wan, Wifi};
use crate::vendor::VendorTable;

/// What every extractor needs: the leaves, the roots and the vendor table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doc<'i, 'a> {
    pub(crate) index: &'i Index<'a>,
    pub(crate) trie: &'i Trie,
    pub(crate) vendor: &'i VendorTable,
    pub(crate) tr181: Option<Node<'i, 'a>>,
    pub(crate) tr098: Option<Node<'i, 'a>>,
}

impl<'i, 'a> Doc<'i, 'a> {
    pub(crate) fn new(index: &'i Index<'a>, trie: &'i Trie, vendor: &'i VendorTable) -> Self {
        let root = index.root();
        let populated = |node: &Node<'i, 'a>| node.has_value();
        Self {
            index,
            trie,
            vendor,
            tr181: root.child("Device").filter(populated),
            tr098: root.child("InternetGatewayDevice").filter(populated),
        }
    }

    /// The node a path reference names; understands aliases in brackets.
    pub(crate) fn resolve(self, reference: &str) -> Option<Node<'i, 'a>> {
        reference
            .split('.')
            .filter(|s| !s.is_empty())
            .try_fold(self.index.root(), |at, name| {
                if let Some(alias) = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')) {
                    at.children()
                        .find(|row| row.str_of("Alias") == Some(alias))
                        .or_else(|| at.child(name))
                } else {
                    at.child(name)
                }
            })
    }
}

impl<'i> Doc<'i, '_> {
    /// A reference with instance numbers where it had aliases, spelt as the document spells
    /// it, so that it can be compared; one that leads nowhere stays as it is.
    pub(crate) fn canonical(self, reference: &'i str) -> Cow<'i, str> {
        let spelt_alike = [self.tr181, self.tr098]
            .into_iter()
            .flatten()
            .any(|root| reference.starts_with(root.name()));
        if (!spelt_alike || reference.contains('['))
            && let Some(node) = self.resolve(reference)
        {
            return Cow::Owned(node.path());
        }
        Cow::Borrowed(reference)
    }
}

pub(crate) fn summary(doc: Doc<'_, '_>) -> Summary {
    let wan181 = wan::wans(doc);
    let wan98 = wan98::wans(doc);
    let prefer98 = doc.tr181.is_none() || (wan_score(&wan98) > wan_score(&wan181));
    let (wan, other) = if prefer98 {
        (wan98, wan181)
    } else {
        (wan181, wan98)
    };
    let wan = if wan.is_empty() { other } else { wan };

    let mut models: Vec<DataModel> = Vec::new();
    models.extend(doc.tr181.map(|_| DataModel::Tr181));
    models.extend(doc.tr098.map(|_| DataModel::Tr098));
    if prefer98 {
        models.reverse();
    }
    let roots: Vec<Node<'_, '_>> = models
        .iter()
        .filter_map(|m| {
            if *m == DataModel::Tr181 {
                doc.tr181
            } else {
                doc.tr098
            }
        })
        .collect();

    let mut lans = vec![lan::tr181(doc), lan::tr098(doc)];
    let mut wifis = vec![wifi::tr181(doc), wifi98::tr098(doc)];
    if prefer98 {
        lans.reverse();
        wifis.reverse();
    }
    let lan = lans.into_iter().reduce(merge_lan).unwrap_or_default();
    let wifi = wifis.into_iter().reduce(merge_wifi).unwrap_or_default();
    let mut summary = Summary {
        document: document(doc, models),
        identity: identity::identity(doc, &roots),
        wan,
        lan,
        wifi,
        optical: optical::optical(doc),
        hosts: Vec::new(),
    };
    summary.hosts = hosts::hosts(doc, &summary, prefer98);
    hosts::name_stations(&mut summary);
    summary
}

/// How much a list of WAN connections knows: a populated one is preferred.
fn wan_score(wans: &[Wan]) -> u8 {
    wans.iter()
        .map(
            |w| match (w.is_up(), w.ipv4.is_some() || w.ipv6.is_some()) {
                (Some(true), true) => 3,
                (_, true) => 2,
                _ => 1,
            },
        )
        .max()
        .unwrap_or(0)
}

fn merge_lan(first: Lan, second: Lan) -> Lan {
    // Address, mask and interface belong together: they come from one tree.
    let first_has = first.interface.is_some();
    let or = |a: Vec<_>, b| if a.is_empty() { b } else { a };
    Lan {
        interface: if first_has {
            first.interface
        } else {
            second.interface
        },
        ipv4: if first_has { first.ipv4 } else { second.ipv4 },
        netmask: if first_has {
            first.netmask
        } else {
            second.netmask
        },
        ipv6: if first_has { first.ipv6 } else { second.ipv6 },
        mac: first.mac.or(second.mac),
        interfaces: or(first.interfaces, second.interfaces),
        dhcp_pools: if first.dhcp_pools.is_empty() {
            second.dhcp_pools
        } else {
            first.dhcp_pools
        },
        leases: if first.leases.is_empty() {
            second.leases
        } else {
            first.leases
        },
        ports: if first.ports.is_empty() {
            second.ports
        } else {
            first.ports
        },
    }
}

fn merge_wifi(first: Wifi, second: Wifi) -> Wifi {
    Wifi {
        radios: if first.radios.is_empty() {
            second.radios
        } else {
            first.radios
        },
        ssids: if first.ssids.is_empty() {
            second.ssids
        } else {
            first.ssids
        },
        stations: if first.stations.is_empty() {
            second.stations
        } else {
            first.stations
        },
        nodes: if first.nodes.is_empty() {
            second.nodes
        } else {
            first.nodes
        },
    }
}

fn document(doc: Doc<'_, '_>, data_models: Vec<DataModel>) -> Document {
    let root = doc.index.root();
    let time = |name| root.str_of(name).and_then(|t| t.parse().ok());
    Document {
        id: root.str_of("_id").map(str::to_owned),
        last_inform: time("_lastInform"),
        last_boot: time("_lastBoot"),
        last_bootstrap: time("_lastBootstrap"),
        registered: time("_registered"),
        tags: root
            .child("_tags")
            .into_iter()
            .flat_map(Node::children)
            .filter_map(|t| t.value()?.text().map(str::to_owned))
            .collect(),
        data_models,
    }
}
