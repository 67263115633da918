//! Radios, networks and stations.

use tr181::{MeshNode, Radio, Ssid, Station, Thresholds, Wifi};

use super::network::{last, shown};
use super::section;
use crate::cli::Context;
use crate::device::marks;
use crate::lang::Lang;
use crate::output::{Cell, Table, clean};

pub(super) fn wifi(wifi: &Wifi, limits: &Thresholds, context: &Context, out: &mut String) {
    let lang = context.lang;
    if !wifi.radios.is_empty() || !wifi.ssids.is_empty() {
        section("Wi-Fi", &(&wifi.radios, &wifi.ssids), context, out);
        radios(&wifi.radios, context, out);
        ssids(&wifi.ssids, context, out);
    }
    if !wifi.stations.is_empty() {
        let name = format!(
            "{} ({})",
            lang.pick("Appareils en Wi-Fi", "Wi-Fi stations"),
            wifi.stations.len()
        );
        section(&name, &wifi.stations, context, out);
        stations(&wifi.stations, limits, context, out);
    }
    // A device lists itself: one node is no mesh.
    if wifi.nodes.len() > 1 {
        section(lang.pick("Maillage", "Mesh"), &wifi.nodes, context, out);
        nodes(&wifi.nodes, context, out);
    }
}

fn radios(radios: &[Radio], context: &Context, out: &mut String) {
    if radios.is_empty() {
        return;
    }
    let lang = context.lang;
    let names = [
        lang.pick("RADIO", "RADIO"),
        lang.pick("ÉTAT", "STATUS"),
        lang.pick("CANAL", "CHANNEL"),
        lang.pick("LARGEUR", "WIDTH"),
        lang.pick("NORMES", "STANDARDS"),
    ];
    let mut table = Table::headed(&names);
    for radio in radios {
        let band = radio
            .band
            .as_ref()
            .map_or_else(|| last(&radio.interface), |band| band.value.to_string());
        let auto = radio.auto_channel.as_ref().is_some_and(|auto| auto.value);
        let channel = shown(radio.channel.as_ref());
        let channel = if auto && !channel.is_empty() {
            format!("{channel} (auto)")
        } else {
            channel
        };
        table.row([
            Cell::from(band),
            shown(radio.status.as_ref()).into(),
            channel.into(),
            shown(radio.bandwidth.as_ref()).into(),
            shown(radio.standards.as_ref()).into(),
        ]);
    }
    table.draw(context.painter, out);
}

fn ssids(ssids: &[Ssid], context: &Context, out: &mut String) {
    if ssids.is_empty() {
        return;
    }
    let lang = context.lang;
    let names = [
        lang.pick("RÉSEAU", "NETWORK"),
        lang.pick("BANDE", "BAND"),
        lang.pick("ÉTAT", "STATUS"),
        lang.pick("SÉCURITÉ", "SECURITY"),
        lang.pick("APPAREILS", "STATIONS"),
    ];
    let mut table = Table::headed(&names);
    for ssid in ssids {
        table.row([
            Cell::from(
                ssid.ssid
                    .as_ref()
                    .map_or_else(|| last(&ssid.interface), |name| clean(&name.value)),
            ),
            shown(ssid.band.as_ref()).into(),
            shown(ssid.status.as_ref()).into(),
            shown(ssid.security.as_ref()).into(),
            shown(ssid.station_count.as_ref()).into(),
        ]);
    }
    table.draw(context.painter, out);
}

fn stations(stations: &[Station], limits: &Thresholds, context: &Context, out: &mut String) {
    let lang = context.lang;
    let names = [
        lang.pick("NOM", "NAME"),
        "MAC",
        lang.pick("BANDE", "BAND"),
        "SIGNAL",
        "",
        lang.pick("DÉBIT ↓ / ↑", "RATE ↓ / ↑"),
    ];
    let mut table = Table::headed(&names);
    let mut sorted: Vec<&Station> = stations.iter().collect();
    // The weakest first: it is what one looks for.
    let strength = |station: &Station| station.rssi_dbm.as_ref().map_or(0.0, |fact| fact.value);
    sorted.sort_by(|a, b| strength(a).total_cmp(&strength(b)));
    for station in sorted {
        let rssi = station
            .rssi_dbm
            .as_ref()
            .map(|fact| lang.quantity(fact.value, 0, "dBm"));
        let rates = match (&station.rate_down_kbps, &station.rate_up_kbps) {
            (None, None) => String::new(),
            (down, up) => {
                let of = |fact: &Option<tr181::Fact<u64>>| {
                    fact.as_ref()
                        .map_or_else(|| "—".to_owned(), |fact| mbps(fact.value, lang))
                };
                format!("{} / {} Mbit/s", of(down), of(up))
            }
        };
        table.row([
            Cell::from(shown(station.name.as_ref())),
            shown(station.mac.as_ref()).into(),
            shown(station.band.as_ref()).into(),
            rssi.unwrap_or_default().into(),
            marks::cell(marks::signal(station, limits), lang),
            rates.into(),
        ]);
    }
    table.draw(context.painter, out);
}

/// Megabits from kilobits; one decimal below ten.
fn mbps(kbps: u64, lang: Lang) -> String {
    let value = kbps as f64 / 1000.0;
    lang.number(value, usize::from(value < 10.0))
}

fn nodes(nodes: &[MeshNode], context: &Context, out: &mut String) {
    let lang = context.lang;
    let names = [
        lang.pick("NŒUD", "NODE"),
        lang.pick("MODÈLE", "MODEL"),
        "IPV4",
        "MAC",
        lang.pick("LIAISON", "BACKHAUL"),
        "SIGNAL",
    ];
    let mut table = Table::headed(&names);
    for node in nodes {
        let rssi = node
            .backhaul_rssi_dbm
            .as_ref()
            .map(|fact| lang.quantity(fact.value, 0, "dBm"));
        table.row([
            Cell::from(
                node.name
                    .as_ref()
                    .map_or_else(|| last(&node.interface), |name| clean(&name.value)),
            ),
            shown(node.model.as_ref()).into(),
            shown(node.ipv4.as_ref()).into(),
            shown(node.mac.as_ref()).into(),
            shown(node.backhaul.as_ref()).into(),
            rssi.unwrap_or_default().into(),
        ]);
    }
    table.draw(context.painter, out);
}
