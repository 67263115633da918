//! TR-098 Wi-Fi: one table that is radio and network at once.

use super::Doc;
use super::wifi::{band_from_channel, band_leaf};
use super::wifi_stations::{merge, snr};
use crate::fact::{Confidence, Fact};
use crate::input::index::Node;
use crate::input::scalar;
use crate::model::{Band, Radio, Ssid, Station, Wifi};

const BAND_LEAVES: [&str; 8] = [
    "X_HW_RFBand",
    "OperatingFrequencyBand",
    "X_TP_Band",
    "X_CT-COM_RFBand",
    "X_CMCC_RFBand",
    "X_FH_RFBand",
    "X_ITBS_RFBand",
    "X_ALU-COM_RFBand",
];

pub(crate) fn tr098(doc: Doc<'_, '_>) -> Wifi {
    let Some(root) = doc.tr098 else {
        return Wifi::default();
    };
    let mut radios: Vec<Radio> = Vec::new();
    let mut ssids = Vec::new();
    let mut stations = Vec::new();
    for device in root.table("LANDevice") {
        let rows = device.table("WLANConfiguration");
        let highest = rows
            .iter()
            .filter_map(|r| r.name().parse::<u32>().ok())
            .max()
            .unwrap_or(0);
        for row in rows {
            let band = band(doc, row, highest);
            ssids.extend(ssid(row, band.clone()));
            add_radio(&mut radios, radio(row, band.clone()));
            let ssid = row.text("SSID");
            for entry in row.table("AssociatedDevice") {
                stations.extend(station(doc, row, entry, ssid.clone(), band.clone()));
            }
        }
    }
    stations.extend(super::wifi98_mesh::stations(root));
    Wifi {
        radios,
        ssids,
        stations: merge(stations),
        nodes: super::wifi98_mesh::nodes(root),
    }
}

/// Band by the vendor's leaf, the standard, the channel, and last the index.
fn band(doc: Doc<'_, '_>, row: Node<'_, '_>, highest: u32) -> Option<Fact<Band>> {
    let by_leaf = BAND_LEAVES.iter().find_map(|name| band_leaf(row, name));
    let by_radio = || {
        let radio = row
            .references("LowerLayers")?
            .into_iter()
            .find_map(|r| doc.resolve(r))?;
        band_leaf(radio, "OperatingFrequencyBand")
    };
    let by_standard = || {
        [
            "Standard",
            "X_HW_Standard",
            "X_ZTE-COM_WlanStandard",
            "X_CT-COM_Standard",
            "X_HW_SupportedStandards",
        ]
        .iter()
        .find_map(|name| row.text(name)?.and_then(|t| band_from_standard(&t)))
        .map(|f| f.with_confidence(Confidence::Inferred))
    };
    let by_list = || {
        row.text("PossibleChannels")?
            .and_then(|t| {
                let mut channels = scalar::list(&t)
                    .filter_map(|c| c.split('-').next()?.trim().parse::<u32>().ok());
                let first = channels.next()? > 14;
                channels.all(|c| (c > 14) == first).then_some(if first {
                    Band::Ghz5
                } else {
                    Band::Ghz2_4
                })
            })
            .map(|f| f.with_confidence(Confidence::Inferred))
    };
    let by_index = || {
        // Most firmware keeps 1..=4 for 2.4 GHz and 5..=8 for 5 GHz when it has both.
        let index: u32 = row.name().parse().ok()?;
        let leaf = row.child("SSID").or_else(|| row.child("Enable"))?;
        (highest >= 5).then(|| {
            leaf.fact(if index >= 5 { Band::Ghz5 } else { Band::Ghz2_4 })
                .with_confidence(Confidence::Inferred)
        })
    };
    by_leaf
        .or_else(by_radio)
        .or_else(by_standard)
        .or_else(|| band_from_channel(row, "Channel"))
        .or_else(|| band_from_channel(row, "ChannelsInUse"))
        .or_else(by_list)
        .or_else(by_index)
}

/// `11bgn`, `b,g,n`, `a,n,ac`, `11ac`, `802.11ax`…
fn band_from_standard(text: &str) -> Option<Band> {
    let text = text.to_ascii_lowercase();
    let (mut low, mut high) = (false, false);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let word = word.strip_prefix("802").unwrap_or(word);
        let word = word.strip_prefix("11").unwrap_or(word);
        // "auto", "mixed" and "only" are not modes.
        if let Some((l, h)) = modes(word) {
            low |= l;
            high |= h;
        }
    }
    match (low, high) {
        (true, false) => Some(Band::Ghz2_4),
        (false, true) => Some(Band::Ghz5),
        _ => None,
    }
}

/// Whether a word made of modes alone (`bgn`, `ac`, `anacax`) has one that only exists on
/// 2.4 GHz, and one that only exists on 5 GHz.
fn modes(word: &str) -> Option<(bool, bool)> {
    let (mut low, mut high) = (false, false);
    let mut rest = word;
    while !rest.is_empty() {
        let both = ["ax", "be", "n"];
        if let Some(after) = both.iter().find_map(|m| rest.strip_prefix(m)) {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("ac").or_else(|| rest.strip_prefix('a')) {
            high = true;
            rest = after;
        } else {
            rest = rest.strip_prefix(['b', 'g'])?;
            low = true;
        }
    }
    Some((low, high))
}

fn bandwidth(row: Node<'_, '_>) -> Option<Fact<String>> {
    row.first(
        &["X_TP_Bandwidth", "X_ZTE-COM_BandWidth", "X_TP_ChannelWidth"],
        Node::text,
    )
    .filter(|b| !b.value.eq_ignore_ascii_case("auto"))
}

fn radio(row: Node<'_, '_>, band: Option<Fact<Band>>) -> Radio {
    Radio {
        interface: row.path(),
        name: row.text("Name"),
        enabled: row.first(&["RadioEnabled", "Enable"], Node::flag),
        status: row.text("Status"),
        band,
        channel: row
            .within("Channel", 1..=255)
            .or_else(|| row.within("ChannelsInUse", 1..=255)),
        auto_channel: row.flag("AutoChannelEnable"),
        bandwidth: bandwidth(row),
        standards: row.first(
            &["Standard", "X_HW_Standard", "X_ZTE-COM_WlanStandard"],
            Node::text,
        ),
        max_rate_mbps: row.within("MaxBitRate", 1..=100_000),
        transmit_power_percent: row.within("TransmitPower", 0..=100),
        noise_dbm: None,
        country: row.text("RegulatoryDomain"),
    }
}

/// Keeps one radio per band: the first enabled row of the band.
fn add_radio(radios: &mut Vec<Radio>, radio: Radio) {
    let band = |r: &Radio| r.band.as_ref().map(|b| b.value);
    let on = |r: &Radio| r.enabled.as_ref().is_none_or(|e| e.value) && r.channel.is_some();
    if band(&radio).is_none() {
        return;
    }
    match radios.iter_mut().find(|r| band(r) == band(&radio)) {
        Some(known) if !on(known) && on(&radio) => *known = radio,
        Some(_) => {}
        None => radios.push(radio),
    }
}

fn ssid(row: Node<'_, '_>, band: Option<Fact<Band>>) -> Option<Ssid> {
    let ssid = row.text("SSID");
    let bssid = row.mac("BSSID");
    if ssid.is_none() && bssid.is_none() {
        return None;
    }
    let broadcast = row.flag("SSIDAdvertisementEnabled");
    let generated = ssid
        .as_ref()
        .is_some_and(|s| s.value.len() >= 28 && s.value.bytes().all(|b| b.is_ascii_hexdigit()));
    if generated && broadcast.as_ref().is_none_or(|b| !b.value) {
        return None;
    }
    Some(Ssid {
        interface: row.path(),
        ssid,
        bssid,
        band,
        enabled: row.flag("Enable"),
        status: row.text("Status"),
        radio: None,
        security: row.text("BeaconType"),
        broadcast,
        role: None,
        station_count: row.within("TotalAssociations", 0..=10_000),
    })
}

fn station(
    doc: Doc<'_, '_>,
    config: Node<'_, '_>,
    row: Node<'_, '_>,
    ssid: Option<Fact<String>>,
    band: Option<Fact<Band>>,
) -> Option<Station> {
    let mac = row.mac("AssociatedDeviceMACAddress")?;
    let rssi = doc.vendor.station_signal.iter().find_map(|leaf| {
        row.number(&leaf.name)?
            .and_then(|v| leaf.encoding.to_dbm(v))
    });
    let noise = row
        .first(&["X_HW_Noise", "X_ZTE-COM_Noise", "Noise"], Node::number)
        .filter(|n| (-200.0..0.0).contains(&n.value));
    let told_snr = row
        .first(
            &[
                "X_HW_SNR",
                "X_ZTE-COM_SNR",
                "X_ITBS_WLAN_SNR",
                "SignalNoiseRatio",
            ],
            Node::number,
        )
        .filter(|s| s.value > 0.0 && s.value < 120.0);
    Some(Station {
        mac: Some(mac),
        name: row.first(
            &[
                "HostName",
                "X_HW_AssociatedDeviceName",
                "X_HW_AssociatedDevicedescriptions",
                "X_ZTE-COM_AssociatedDeviceName",
                "X_TP_HostName",
                "X_TP_StaName",
            ],
            Node::host_name,
        ),
        ipv4: row.ipv4("AssociatedDeviceIPAddress"),
        ssid,
        band,
        active: row.flag("Active"),
        snr_db: told_snr.or_else(|| snr(rssi.as_ref(), noise.as_ref())),
        rssi_dbm: rssi,
        noise_dbm: noise,
        rate_down_kbps: mbps(row, "X_HW_TxRate")
            .or_else(|| kbps(row, "LastDataDownlinkRate"))
            .or_else(|| kbps(row, "AssociatedDeviceTxRate"))
            .or_else(|| mbps(row, "X_TP_StaConnectionSpeed"))
            .or_else(|| transmit_rate(row)),
        rate_up_kbps: mbps(row, "X_HW_RxRate")
            .or_else(|| kbps(row, "LastDataUplinkRate"))
            .or_else(|| kbps(row, "AssociatedDeviceRxRate")),
        standard: row.first(&["X_HW_WorkingMode", "OperatingStandard"], Node::text),
        connected_s: row.positive("X_HW_Uptime"),
        connected_at: None,
        node: None,
        access_point: config.path(),
    })
}

fn first_number(text: &str) -> Option<f64> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(text.len());
    scalar::number(text.get(..end)?)
}

pub(crate) fn mbps(row: Node<'_, '_>, name: &str) -> Option<Fact<u64>> {
    row.text(name)?.and_then(|t| {
        let kbps = first_number(&t)? * 1000.0;
        whole(kbps)
    })
}

fn kbps(row: Node<'_, '_>, name: &str) -> Option<Fact<u64>> {
    row.text(name)?.and_then(|t| whole(first_number(&t)?))
}

/// The standard's unit is Mbit/s in a four character text; larger numbers are kbit/s.
fn transmit_rate(row: Node<'_, '_>) -> Option<Fact<u64>> {
    let text = row.text("LastDataTransmitRate")?;
    text.and_then(|t| {
        let value = first_number(&t)?;
        whole(if value < 10_000.0 {
            value * 1000.0
        } else {
            value
        })
    })
    .map(|f| f.with_confidence(Confidence::Inferred))
}

/// A credible Wi-Fi rate, kbit/s.
fn whole(kbps: f64) -> Option<u64> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 1e3..=1e8"
    )]
    (1000.0..=100_000_000.0)
        .contains(&kbps)
        .then(|| kbps.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::{Band, band_from_standard};

    #[test]
    fn bands_from_standards() {
        for (text, band) in [
            ("11bgn", Some(Band::Ghz2_4)),
            ("b,g,n", Some(Band::Ghz2_4)),
            ("b,g,n,ax", Some(Band::Ghz2_4)),
            ("a,n,ac", Some(Band::Ghz5)),
            ("11ac", Some(Band::Ghz5)),
            ("802.11a/n/ac/ax", Some(Band::Ghz5)),
            ("11ax", None),
            ("n", None),
            ("Auto", None),
            ("5G", None),
            ("mixed b/g", Some(Band::Ghz2_4)),
            ("802.11be", None),
            ("80211anac", Some(Band::Ghz5)),
            ("11bgn,11ac", None),
        ] {
            assert_eq!(band_from_standard(text), band, "{text}");
        }
    }
}
