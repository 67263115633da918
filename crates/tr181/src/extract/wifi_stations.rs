//! TR-181 stations: one row per MAC address out of three tables.

use std::collections::HashMap;

use super::Doc;
use super::wifi::{band_from_channel, band_leaf, is_backhaul, radio_band, radio_of, rcpi};
use crate::fact::Fact;
use crate::input::index::Node;
use crate::mac::MacAddr;
use crate::model::{Band, Station};
use crate::read::round;
use crate::vendor::SignalEncoding;

pub(crate) fn stations(doc: Doc<'_, '_>, wifi: Node<'_, '_>) -> Vec<Station> {
    let mut rows = access_points(doc, wifi);
    multi_ap(wifi, &mut rows);
    data_elements(wifi, &mut rows);
    merge(rows)
}

/// What the table around a station says of it.
#[derive(Clone, Default)]
struct Around {
    path: String,
    ssid: Option<Fact<String>>,
    band: Option<Fact<Band>>,
    node: Option<Fact<MacAddr>>,
}

fn access_points(doc: Doc<'_, '_>, wifi: Node<'_, '_>) -> Vec<Station> {
    let mut rows = Vec::new();
    for point in wifi.table("AccessPoint") {
        let table = point.table("AssociatedDevice");
        if table.is_empty() {
            continue;
        }
        let ssid = point
            .reference("SSIDReference")
            .and_then(|r| doc.resolve(r));
        let around = Around {
            path: point.path(),
            ssid: ssid.and_then(|s| s.text("SSID")),
            band: ssid.and_then(|s| radio_of(doc, s)).and_then(radio_band),
            node: None,
        };
        for row in table {
            let rssi = row
                .number("SignalStrength")
                .and_then(|f| f.and_then(|v| SignalEncoding::Dbm.to_dbm(v)));
            rows.extend(station(row, &around, rssi));
        }
    }
    rows
}

fn multi_ap(wifi: Node<'_, '_>, rows: &mut Vec<Station>) {
    for device in wifi.table("MultiAP.APDevice") {
        let node = device.mac("MACAddress");
        for radio in device.table("Radio") {
            let band = band_leaf(radio, "OperatingFrequencyBand")
                .or_else(|| band_from_channel(radio, "Channel"));
            for ap in radio.table("AP") {
                let table = ap.table("AssociatedDevice");
                if table.is_empty() {
                    continue;
                }
                let around = Around {
                    path: ap.path(),
                    // The name of a link between nodes is no network.
                    ssid: ap.text("SSID").filter(|_| !is_backhaul(ap)),
                    band: band.clone(),
                    node: node.clone(),
                };
                for row in table {
                    rows.extend(station(row, &around, rcpi(row, "SignalStrength")));
                }
            }
        }
    }
}

fn data_elements(wifi: Node<'_, '_>, rows: &mut Vec<Station>) {
    for device in wifi.table("DataElements.Network.Device") {
        let node = device.mac("ID");
        for radio in device.table("Radio") {
            let band = band_leaf(radio, "X_TP_Band").or_else(|| {
                ["CurrentOperatingClasses", "CurrentOperatingClassProfile"]
                    .iter()
                    .find_map(|t| operating_class(radio, t))
            });
            for bss in radio.table("BSS") {
                let table = bss.table("STA");
                if table.is_empty() {
                    continue;
                }
                let around = Around {
                    path: bss.path(),
                    ssid: bss.text("SSID"),
                    band: band.clone(),
                    node: node.clone(),
                };
                for row in table {
                    rows.extend(station(row, &around, rcpi(row, "SignalStrength")));
                }
            }
        }
    }
}

/// Global operating classes (IEEE 802.11-2020, table E-4) name the band.
fn operating_class(radio: Node<'_, '_>, table: &str) -> Option<Fact<Band>> {
    radio.table(table).into_iter().find_map(|row| {
        row.within("Class", 1..=255)?.and_then(|class| match class {
            81..=84 => Some(Band::Ghz2_4),
            115..=130 => Some(Band::Ghz5),
            131..=137 => Some(Band::Ghz6),
            _ => None,
        })
    })
}

fn station(row: Node<'_, '_>, around: &Around, rssi: Option<Fact<f64>>) -> Option<Station> {
    let mac = row.mac("MACAddress")?;
    let noise = row
        .first(&["Noise", "X_TP_Noise"], Node::number)
        .filter(|n| (-200.0..0.0).contains(&n.value));
    // Below 1 Mbit/s no Wi-Fi rate exists: such values are another unit or garbage.
    let rate = |kbps: &str, mbps: &str| {
        row.unsigned(kbps)
            .filter(|r| (1000..=100_000_000).contains(&r.value))
            .or_else(|| {
                row.unsigned(mbps)
                    .filter(|r| (1..=100_000).contains(&r.value))
                    .map(|r| r.map(|v| v * 1000))
            })
    };
    Some(Station {
        mac: Some(mac),
        name: row.first(&["X_TP_HostName", "Hostname"], Node::host_name),
        ipv4: row.first(&["X_TP_IPAddress", "IPV4Address"], Node::ipv4),
        ssid: around.ssid.clone(),
        band: around.band.clone(),
        active: row.flag("Active"),
        snr_db: snr(rssi.as_ref(), noise.as_ref()),
        rssi_dbm: rssi,
        noise_dbm: noise,
        rate_down_kbps: rate("LastDataDownlinkRate", "EstMACDataRateDownlink"),
        rate_up_kbps: rate("LastDataUplinkRate", "EstMACDataRateUplink"),
        standard: row.text("OperatingStandard"),
        connected_s: row.positive("LastConnectTime"),
        connected_at: row.time("AssociationTime"),
        node: row.mac("X_TP_ApDeviceMac").or_else(|| around.node.clone()),
        access_point: around.path.clone(),
    })
}

/// Signal to noise ratio, when both are real.
pub(crate) fn snr(rssi: Option<&Fact<f64>>, noise: Option<&Fact<f64>>) -> Option<Fact<f64>> {
    let noise = noise?.value;
    let snr = rssi?.clone().map(|v| round(v - noise, 1));
    (snr.value > 0.0).then_some(snr)
}

/// Unites the rows of each station: the others only add what the leading one lacks, and of
/// the radio only on the same band.
pub(crate) fn merge(rows: Vec<Station>) -> Vec<Station> {
    let mut order: Vec<MacAddr> = Vec::new();
    let mut by_mac: HashMap<MacAddr, Vec<Station>> = HashMap::new();
    for row in rows {
        let Some(mac) = row.mac.as_ref().map(|m| m.value) else {
            continue;
        };
        let rows = by_mac.entry(mac).or_default();
        if rows.is_empty() {
            order.push(mac);
        }
        rows.push(row);
    }
    order
        .into_iter()
        .filter_map(|mac| {
            let mut rows = by_mac.remove(&mac)?;
            // The first row that is not known to be gone leads; the rest keep the order of
            // the tables, of which the first is the most trustworthy.
            let gone = |s: &Station| s.active.as_ref().is_some_and(|a| !a.value);
            let lead = rows.iter().position(|s| !gone(s)).unwrap_or(0);
            rows.get_mut(..=lead)?.rotate_right(1);
            rows.into_iter().reduce(fill)
        })
        .collect()
}

fn fill(mut lead: Station, other: Station) -> Station {
    let same_band = match (&lead.band, &other.band) {
        (Some(a), Some(b)) => a.value == b.value,
        _ => true,
    };
    lead.name = lead.name.or(other.name);
    lead.ipv4 = lead.ipv4.or(other.ipv4);
    lead.active = lead.active.or(other.active);
    if same_band {
        lead.ssid = lead.ssid.or(other.ssid);
        lead.band = lead.band.or(other.band);
        if lead.rssi_dbm.is_none() {
            lead.rssi_dbm = other.rssi_dbm;
            lead.noise_dbm = lead.noise_dbm.or(other.noise_dbm);
            lead.snr_db = snr(lead.rssi_dbm.as_ref(), lead.noise_dbm.as_ref()).or(other.snr_db);
        }
        // The two rates of one moment belong together.
        if lead.rate_down_kbps.is_none() {
            lead.rate_up_kbps = other.rate_up_kbps.or(lead.rate_up_kbps);
            lead.rate_down_kbps = other.rate_down_kbps;
        }
        lead.standard = lead.standard.or(other.standard);
        lead.connected_s = lead.connected_s.or(other.connected_s);
        lead.connected_at = lead.connected_at.or(other.connected_at);
        lead.node = lead.node.or(other.node);
    }
    lead
}
