//! Huawei mesh nodes (`X_HW_APDevice`) and the stations behind them.

use super::wifi::{band_from_channel, band_leaf};
use super::wifi_stations::snr;
use super::wifi98::mbps;
use crate::fact::Fact;
use crate::input::index::Node;
use crate::input::scalar;
use crate::model::{MeshNode, Station};
use crate::vendor::SignalEncoding;

pub(crate) fn nodes(root: Node<'_, '_>) -> Vec<MeshNode> {
    root.table("X_HW_APDevice")
        .into_iter()
        .filter_map(node)
        .collect()
}

fn node(row: Node<'_, '_>) -> Option<MeshNode> {
    let mac = row.mac("APMacAddr");
    let serial = row.text("SerialNumber");
    if mac.is_none() && serial.is_none() {
        return None;
    }
    Some(MeshNode {
        interface: row.path(),
        mac,
        name: None,
        manufacturer: None,
        model: row.text("DeviceType"),
        serial,
        software: row.text("SoftwareVersion"),
        ipv4: None,
        status: row.text("DeviceStatus"),
        active: row.flag("ApOnlineFlag"),
        backhaul: None,
        backhaul_mac: None,
        backhaul_rssi_dbm: None,
        uptime_s: row.text("UpTime").and_then(|f| f.and_then(|t| clock(&t))),
    })
}

/// Seconds, or `hours:minutes:seconds`.
fn clock(text: &str) -> Option<u64> {
    let mut seconds = 0_u64;
    for part in text.split(':') {
        seconds = seconds
            .checked_mul(60)?
            .checked_add(u64::try_from(scalar::integer(part)?).ok()?)?;
    }
    (seconds > 0).then_some(seconds)
}

pub(crate) fn stations(root: Node<'_, '_>) -> Vec<Station> {
    let mut stations = Vec::new();
    for device in root.table("X_HW_APDevice") {
        let mac = device.mac("APMacAddr");
        for config in device.table("WLANConfiguration") {
            let band = band_leaf(config, "RFBand").or_else(|| band_from_channel(config, "Channel"));
            for row in config.table("AssociatedDevice") {
                let Some(station_mac) = row.mac("AssociatedDeviceMACAddress") else {
                    continue;
                };
                let rssi = row
                    .number("RSSI")
                    .and_then(|f| f.and_then(|v| SignalEncoding::Dbm.to_dbm(v)));
                let noise = row
                    .number("Noise")
                    .filter(|n| (-200.0..0.0).contains(&n.value));
                let told_snr: Option<Fact<f64>> = row
                    .number("SNR")
                    .filter(|s| s.value > 0.0 && s.value < 120.0);
                stations.push(Station {
                    mac: Some(station_mac),
                    ipv4: row.ipv4("AssociatedDeviceIPAddress"),
                    ssid: config.text("SSID"),
                    band: band.clone(),
                    snr_db: told_snr.or_else(|| snr(rssi.as_ref(), noise.as_ref())),
                    rssi_dbm: rssi,
                    noise_dbm: noise,
                    rate_down_kbps: mbps(row, "TxRate"),
                    rate_up_kbps: mbps(row, "RxRate"),
                    connected_s: row.positive("Uptime"),
                    node: mac.clone(),
                    access_point: config.path(),
                    ..Station::default()
                });
            }
        }
    }
    stations
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn clocks() {
        assert_eq!(clock("99:29:40"), Some(358_180));
        assert_eq!(clock("18613"), Some(18613));
        assert_eq!(clock("x"), None);
        assert_eq!(clock("9999999999999999:9:9"), None);
    }
}
