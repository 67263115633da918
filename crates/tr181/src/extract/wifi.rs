//! TR-181 Wi-Fi: radios, networks and mesh nodes.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::Doc;
use crate::fact::{Confidence, Fact};
use crate::input::index::Node;
use crate::input::scalar;
use crate::mac::MacAddr;
use crate::model::{Band, MeshNode, Radio, Ssid, SsidRole, Wifi};
use crate::vendor::SignalEncoding;

pub(crate) fn tr181(doc: Doc<'_, '_>) -> Wifi {
    let Some(wifi) = doc.tr181.and_then(|d| d.child("WiFi")) else {
        return Wifi::default();
    };
    let points = wifi.table("AccessPoint");
    let mut by_ssid: HashMap<Cow<'_, str>, Node<'_, '_>> = HashMap::new();
    for point in &points {
        if let Some(reference) = point.reference("SSIDReference") {
            by_ssid.entry(doc.canonical(reference)).or_insert(*point);
        }
    }
    let backhaul = Backhaul::new(wifi);
    let ssids = wifi
        .table("SSID")
        .into_iter()
        .filter_map(|row| {
            let path = row.path();
            let point = by_ssid.get(path.as_str()).copied();
            ssid(doc, row, path, point, &backhaul)
        })
        .collect();
    Wifi {
        radios: wifi.table("Radio").into_iter().map(radio).collect(),
        ssids,
        stations: super::wifi_stations::stations(doc, wifi),
        nodes: nodes(wifi),
    }
}

/// Reads a band from a text such as `5GHz`, `2.4G` or `5`.
pub(crate) fn band_from_text(text: &str) -> Option<Band> {
    let text = text.trim().to_ascii_lowercase();
    if text.starts_with("2.4") || text == "2g" || text == "2" {
        Some(Band::Ghz2_4)
    } else if text.starts_with('5') {
        Some(Band::Ghz5)
    } else if text.starts_with('6') {
        Some(Band::Ghz6)
    } else {
        None
    }
}

pub(crate) fn band_leaf(row: Node<'_, '_>, name: &str) -> Option<Fact<Band>> {
    row.text(name)?.and_then(|t| {
        // A list of several bands says nothing about the one in use.
        let mut bands = scalar::list(&t).filter_map(band_from_text);
        let first = bands.next()?;
        bands.all(|b| b == first).then_some(first)
    })
}

/// A channel above 14 is not 2.4 GHz; 1 to 14 is, unless the device has 6 GHz.
pub(crate) fn band_from_channel(row: Node<'_, '_>, name: &str) -> Option<Fact<Band>> {
    let channel = row.within(name, 1..=196)?;
    let band = if channel.value > 14 {
        Band::Ghz5
    } else {
        Band::Ghz2_4
    };
    Some(channel.map(|_| band).with_confidence(Confidence::Inferred))
}

pub(crate) fn radio_band(row: Node<'_, '_>) -> Option<Fact<Band>> {
    band_leaf(row, "OperatingFrequencyBand")
        .or_else(|| band_leaf(row, "SupportedFrequencyBands"))
        .or_else(|| band_from_channel(row, "Channel"))
}

fn radio(row: Node<'_, '_>) -> Radio {
    Radio {
        interface: row.path(),
        name: row.text("Name"),
        enabled: row.flag("Enable"),
        status: row.text("Status"),
        band: radio_band(row),
        channel: row.within("Channel", 1..=255),
        auto_channel: row.flag("AutoChannelEnable"),
        bandwidth: [
            "CurrentOperatingChannelBandwidth",
            "OperatingChannelBandwidth",
        ]
        .iter()
        .find_map(|name| {
            row.text(name)
                .filter(|b| !b.value.eq_ignore_ascii_case("Auto"))
        }),
        standards: row.text("OperatingStandards"),
        max_rate_mbps: row.within("MaxBitRate", 1..=100_000),
        transmit_power_percent: row.within("TransmitPower", 0..=100),
        noise_dbm: row
            .number("Stats.Noise")
            .filter(|n| (-200.0..0.0).contains(&n.value)),
        country: row.text("RegulatoryDomain"),
    }
}

/// The radio a network lives on.
pub(crate) fn radio_of<'i, 'a>(doc: Doc<'i, 'a>, ssid: Node<'i, 'a>) -> Option<Node<'i, 'a>> {
    let below = ssid.references("LowerLayers").unwrap_or_else(|| {
        // Never read: the table of edges says the same.
        let path = ssid.path();
        let edges = doc.tr181.map(|d| d.table("InterfaceStack"));
        edges
            .unwrap_or_default()
            .into_iter()
            .filter(|edge| {
                edge.reference("HigherLayer")
                    .is_some_and(|r| doc.canonical(r) == path)
            })
            .filter_map(|edge| edge.reference("LowerLayer"))
            .collect()
    });
    below.into_iter().find_map(|r| {
        doc.resolve(r).filter(|n| {
            n.parent()
                .is_some_and(|p| p.name().eq_ignore_ascii_case("Radio"))
        })
    })
}

/// Networks by which mesh nodes talk to each other.
#[derive(Default)]
struct Backhaul<'i> {
    bssids: HashSet<MacAddr>,
    names: HashSet<&'i str>,
}

impl<'i> Backhaul<'i> {
    fn new(wifi: Node<'i, '_>) -> Self {
        let mut found = Self::default();
        let mut shown = HashSet::new();
        for ap in access_points(wifi) {
            if is_backhaul(ap) {
                found.bssids.extend(ap.mac("BSSID").map(|m| m.value));
                found.names.extend(ap.str_of("SSID"));
            } else {
                shown.extend(ap.str_of("SSID"));
            }
        }
        // Some mesh firmware links its nodes over the household's own network.
        found.names.retain(|name| !shown.contains(name));
        found
    }
}

/// Whether an access point of `MultiAP` serves other nodes only.
pub(crate) fn is_backhaul(ap: Node<'_, '_>) -> bool {
    ap.str_of("X_TP_Type")
        .is_some_and(|t| t.eq_ignore_ascii_case("Backhaul"))
}

fn access_points<'i, 'a>(wifi: Node<'i, 'a>) -> Vec<Node<'i, 'a>> {
    wifi.table("MultiAP.APDevice")
        .into_iter()
        .flat_map(|device| device.table("Radio"))
        .flat_map(|radio| radio.table("AP"))
        .collect()
}

/// A network a person can join; none for hidden backhaul networks.
fn ssid(
    doc: Doc<'_, '_>,
    row: Node<'_, '_>,
    path: String,
    point: Option<Node<'_, '_>>,
    backhaul: &Backhaul<'_>,
) -> Option<Ssid> {
    let kind = point
        .and_then(|p| p.str_of("X_TP_APType"))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let bssid = row.mac("BSSID").or_else(|| row.mac("MACAddress"));
    let ssid = row.text("SSID");
    let broadcast = point.and_then(|p| p.flag("SSIDAdvertisementEnabled"));
    let shown = broadcast.as_ref().is_some_and(|b| b.value);
    // Mesh firmware names its own links with 30 hexadecimal digits.
    let generated = ssid
        .as_ref()
        .is_some_and(|s| s.value.len() >= 28 && s.value.bytes().all(|b| b.is_ascii_hexdigit()));
    let is_backhaul = kind == "backhaul"
        || bssid
            .as_ref()
            .is_some_and(|b| backhaul.bssids.contains(&b.value))
        || ssid
            .as_ref()
            .is_some_and(|s| backhaul.names.contains(s.value.as_str()))
        || (!shown && generated);
    if is_backhaul || (ssid.is_none() && bssid.is_none()) {
        return None;
    }
    let radio = radio_of(doc, row);
    // The row may be enabled while its access point is not.
    let off = point.and_then(|p| p.flag("Enable")).filter(|e| !e.value);
    Some(Ssid {
        interface: path,
        ssid,
        bssid,
        band: radio.and_then(radio_band),
        enabled: off.or_else(|| row.flag("Enable")),
        status: row.text("Status"),
        radio: radio.map(Node::path),
        security: point.and_then(|p| p.text("Security.ModeEnabled")),
        broadcast,
        role: match kind.as_str() {
            "primary" => Some(SsidRole::Main),
            "guest" | "guestnetwork" => Some(SsidRole::Guest),
            _ => None,
        },
        station_count: point.and_then(|p| p.within("AssociatedDeviceNumberOfEntries", 0..=10_000)),
    })
}

/// Mesh nodes of both tables, one row per MAC address.
fn nodes(wifi: Node<'_, '_>) -> Vec<MeshNode> {
    let mut nodes: Vec<MeshNode> = wifi
        .table("MultiAP.APDevice")
        .into_iter()
        .map(multi_ap)
        .collect();
    let elements = wifi
        .table("DataElements.Network.Device")
        .into_iter()
        .map(data_elements);
    for node in elements {
        let known = nodes.iter().any(|n| {
            let same = |a: &Option<Fact<MacAddr>>, b: &Option<Fact<MacAddr>>| {
                a.is_some() && a.as_ref().map(|f| f.value) == b.as_ref().map(|f| f.value)
            };
            let serial = |n: &MeshNode| n.serial.as_ref().map(|s| s.value.clone());
            same(&n.mac, &node.mac) || (node.serial.is_some() && serial(n) == serial(&node))
        });
        // Two tables of one device that share no identifier may be the same node: only a
        // table that stands alone is trusted.
        if !known && !nodes.iter().any(|n| n.interface.contains(".MultiAP.")) {
            nodes.push(node);
        }
    }
    nodes.retain(|n| n.mac.is_some() || n.serial.is_some());
    nodes
}

fn multi_ap(row: Node<'_, '_>) -> MeshNode {
    MeshNode {
        interface: row.path(),
        mac: row.mac("MACAddress"),
        name: row.host_name("X_TP_HostName"),
        manufacturer: row.text("Manufacturer"),
        model: row
            .text("X_TP_ModelName")
            .or_else(|| row.text("ProductClass").filter(|c| c.value != "Device2")),
        serial: row.text("SerialNumber"),
        software: row.text("SoftwareVersion"),
        ipv4: row.ipv4("X_TP_IPAddress"),
        status: None,
        active: row.flag("X_TP_Active"),
        backhaul: row
            .text("BackhaulLinkType")
            .filter(|t| !t.value.eq_ignore_ascii_case("None")),
        backhaul_mac: row.mac("BackhaulMACAddress"),
        backhaul_rssi_dbm: rcpi(row, "BackhaulSignalStrength"),
        uptime_s: row.positive("X_TP_UpTime"),
    }
}

fn data_elements(row: Node<'_, '_>) -> MeshNode {
    MeshNode {
        interface: row.path(),
        mac: row.mac("ID"),
        name: row.host_name("X_TP_HostName"),
        manufacturer: row.text("Manufacturer"),
        model: row.first(&["ManufacturerModel", "X_TP_ModelName"], Node::text),
        serial: row.text("SerialNumber"),
        software: row.text("SoftwareVersion"),
        ipv4: row.ipv4("X_TP_IPAddress"),
        status: None,
        active: row.flag("X_TP_Active"),
        backhaul: row
            .text("MultiAPDevice.Backhaul.LinkType")
            .filter(|t| !t.value.eq_ignore_ascii_case("None")),
        backhaul_mac: row.mac("MultiAPDevice.Backhaul.BackhaulMACAddress"),
        backhaul_rssi_dbm: rcpi(row, "MultiAPDevice.Backhaul.Stats.SignalStrength"),
        uptime_s: row.positive("X_TP_UpTime"),
    }
}

pub(crate) fn rcpi(row: Node<'_, '_>, name: &str) -> Option<Fact<f64>> {
    row.number(name)?
        .and_then(|v| SignalEncoding::Rcpi.to_dbm(v))
}
