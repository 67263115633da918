//! The captured documents of real devices, where they are at hand.

use std::path::PathBuf;

use serde_json::{Value, json};
use tr181::{Band, Confidence, HostInterface, Medium, Summary, WanKind, WanReason};

fn capture(name: &str) -> Option<Vec<u8>> {
    #[allow(
        clippy::disallowed_methods,
        reason = "says where the shared captures are"
    )]
    let base = std::env::var_os("FSM_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = base.join("devices").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: {name} is not at hand");
    }
    bytes
}

fn summarize(bytes: &[u8]) -> Summary {
    let summary = tr181::summarize(bytes).unwrap();
    let value: Value = serde_json::from_slice(bytes).unwrap();
    assert_eq!(
        tr181::summarize_value(&value).unwrap(),
        summary,
        "bytes and value agree"
    );
    let flat = tr181::summarize_flat(super::support::flatten(&value));
    let mut nested = super::support::untimed(&summary);
    let mut flat = super::support::untimed(&flat);
    // `_deviceId` only exists in an ACS document.
    nested["identity"] = Value::Null;
    flat["identity"] = Value::Null;
    assert_eq!(flat, nested, "flat and nested agree");
    let json = serde_json::to_string(&summary).unwrap();
    assert_eq!(
        serde_json::from_str::<Summary>(&json).unwrap(),
        summary,
        "a summary can be read back"
    );
    summary
}

#[test]
fn xx230v() {
    let Some(bytes) = capture("tplink-XX230v.json") else {
        return;
    };
    let summary = summarize(&bytes);
    let plain = summary.to_plain();
    assert_eq!(plain["identity"]["model"], "XX230v");
    assert_eq!(plain["identity"]["memory_total_kib"], 212_544);
    assert_eq!(plain["identity"]["cpu_percent"], 0);

    let optical = &plain["optical"];
    assert_eq!(optical["rx_dbm"], json!(-2.5));
    assert_eq!(optical["tx_dbm"], json!(1.73));
    assert_eq!(optical["temperature_c"], json!(47.86));
    assert_eq!(optical["voltage_v"], json!(3.298));
    assert_eq!(optical["bias_ma"], json!(16.604));
    assert_eq!(optical["state"], "O5");
    assert_eq!(optical["standard"], "GPON");
    let rx = summary.optical.as_ref().unwrap().rx_dbm.as_ref().unwrap();
    assert_eq!(
        rx.source,
        "Device.Optical.Interface.1.X_TP_GPON_Config.RXPower"
    );
    assert_eq!(rx.confidence, Confidence::Vendor);
    assert!(rx.read_at.is_some());

    assert_eq!(summary.wan.len(), 4);
    let wan = summary.primary_wan().unwrap();
    assert_eq!(wan.interface, "Device.IP.Interface.6");
    assert_eq!(wan.kind, WanKind::Ppp);
    assert_eq!(wan.medium, Some(Medium::Optical));
    assert_eq!(plain["wan"][0]["ipv4"], "192.168.89.137");
    assert_eq!(plain["wan"][0]["gateway"], "192.168.89.1");
    assert_eq!(
        plain["wan"][0]["dns"],
        json!(["192.168.88.1", "2001:db8::c72e"])
    );
    assert_eq!(plain["wan"][0]["vlan"], 2);
    assert_eq!(plain["wan"][0]["mac"], "02:00:5E:00:00:24");
    assert_eq!(plain["wan"][0]["ipv6"], "2001:db8::3ade");
    assert_eq!(
        plain["wan"][0]["ipv6_prefixes"],
        json!(["fc00:dead:c0de:a000::/56"])
    );
    assert_eq!(plain["wan"][0]["ppp"]["status"], "Connected");
    assert!(wan.uptime_s.is_none(), "LastChange is always 0 there");
    assert_eq!(
        wan.chain,
        [
            "Device.IP.Interface.6",
            "Device.PPP.Interface.3",
            "Device.Ethernet.VLANTermination.3",
            "Device.Ethernet.Link.5",
            "Device.X_TP_GPON.Link.1",
            "Device.Optical.Interface.1",
        ]
    );
    assert!(
        wan.reasons.contains(&WanReason::UpWithIpv4)
            && wan.reasons.contains(&WanReason::OwnsDefaultRoute)
    );
    assert!(
        summary
            .wan
            .iter()
            .skip(1)
            .all(|w| w.vlan.is_none() && w.ipv4.is_none() && w.gateway.is_none())
    );

    assert_eq!(plain["lan"]["ipv4"], "192.168.1.1");
    assert_eq!(plain["lan"]["dhcp_pools"][0]["lease_s"], 7200);

    assert_eq!(summary.wifi.stations.len(), 1);
    let station = &summary.wifi.stations[0];
    assert_eq!(station.rssi_dbm.as_ref().unwrap().value, -60.0);
    assert_eq!(station.band.as_ref().unwrap().value, Band::Ghz5);
    assert_eq!(station.rate_down_kbps.as_ref().unwrap().value, 960_000);
    assert_eq!(station.rate_up_kbps.as_ref().unwrap().value, 648_000);
    assert!(
        station.connected_at.is_none() && station.standard.is_none() && station.noise_dbm.is_none()
    );
    assert_eq!(summary.wifi.radios.len(), 2);
    let shown: Vec<_> = summary
        .wifi
        .ssids
        .iter()
        .map(|s| s.ssid.as_ref().unwrap().value.as_str())
        .collect();
    for hidden in ["ssid-20", "ssid-22", "ssid-23", "ssid-25"] {
        assert!(!shown.contains(&hidden), "{hidden} is a backhaul network");
    }
    assert!(shown.contains(&"ssid-21") && shown.contains(&"ssid-24"));
    assert_eq!(summary.wifi.nodes.len(), 1);

    assert_eq!(summary.hosts.len(), 1);
    let host = &summary.hosts[0];
    assert_eq!(
        host.interface.as_ref().unwrap().value,
        HostInterface::WiFi,
        "by the station table: 5 says nothing"
    );
    assert_eq!(host.band.as_ref().unwrap().value, Band::Ghz5);
}

#[test]
fn ex220() {
    let Some(bytes) = capture("tplink-EX220.json") else {
        return;
    };
    let summary = summarize(&bytes);
    let plain = summary.to_plain();
    assert!(summary.optical.is_none());
    assert_eq!(summary.wan.len(), 3);
    let wan = summary.primary_wan().unwrap();
    assert_eq!(wan.interface, "Device.IP.Interface.4");
    assert_eq!(
        (wan.kind, wan.medium),
        (WanKind::Dhcp, Some(Medium::Ethernet))
    );
    assert!(wan.vlan.is_none(), "VLANID 0 is no VLAN");
    assert_eq!(plain["wan"][0]["ipv4"], "192.168.88.38");
    assert_eq!(plain["lan"]["ipv4"], "192.168.0.1");
    let mut stations: Vec<_> = summary
        .wifi
        .stations
        .iter()
        .map(|s| {
            (
                s.rssi_dbm.as_ref().unwrap().value,
                s.band.as_ref().unwrap().value,
                s.active.as_ref().unwrap().value,
            )
        })
        .collect();
    stations.sort_by(|a, b| b.0.total_cmp(&a.0));
    assert_eq!(
        stations,
        [(-34.0, Band::Ghz2_4, true), (-55.0, Band::Ghz5, true)]
    );
    let kinds: Vec<_> = summary
        .hosts
        .iter()
        .map(|h| h.interface.as_ref().unwrap().value)
        .collect();
    assert_eq!(
        kinds,
        [
            HostInterface::WiFi,
            HostInterface::WiFi,
            HostInterface::Ethernet
        ]
    );
    assert!(summary.hosts[1].name.is_none(), "Unknown is no name");
}

#[test]
fn huawei_eg8145v5() {
    let Some(bytes) = capture("huawei-EG8145V5.json") else {
        return;
    };
    let summary = summarize(&bytes);
    let plain = summary.to_plain();
    assert_eq!(summary.wan.len(), 4);
    let first = &plain["wan"][0];
    assert_eq!(first["name"], "4_TR069_INTERNET_R_VID_1");
    assert_eq!(first["kind"], "ppp");
    assert_eq!(first["ipv4"], "192.168.89.198");
    assert_eq!(first["gateway"], "192.168.89.1");
    assert_eq!(first["vlan"], 1);
    assert_eq!(first["mtu"], 1480);
    assert_eq!(first["service"], "TR069_INTERNET");
    assert_eq!(plain["wan"][1]["ipv4"], "192.168.88.59");
    let optical = &plain["optical"];
    assert_eq!(optical["rx_dbm"], json!(-3.0));
    assert_eq!(optical["tx_dbm"], json!(2.0));
    assert_eq!(optical["temperature_c"], json!(45.0));
    assert_eq!(optical["voltage_v"], json!(3.415));
    assert_eq!(optical["state"], "Up");
    assert_eq!(optical["serial"], "HWTCA94196A5");
    assert_eq!(optical["standard"], "GPON");
    assert_eq!(plain["lan"]["ipv4"], "192.168.18.1");
    assert_eq!(plain["identity"]["temperature_c"], json!(45.0));
    let bands: Vec<_> = summary
        .wifi
        .radios
        .iter()
        .map(|r| r.band.as_ref().unwrap().value)
        .collect();
    assert_eq!(bands, [Band::Ghz2_4, Band::Ghz5]);
    assert!(summary.hosts.is_empty() && summary.wifi.stations.is_empty());
    assert_eq!(plain["document"]["id"], "00259E-EG8145V5-48575443A94196A5");
}

#[test]
fn zte_h199a() {
    let Some(bytes) = capture("zte-ZXHN-H199A.json") else {
        return;
    };
    let summary = summarize(&bytes);
    let plain = summary.to_plain();
    assert!(summary.optical.is_none(), "a router without optics");
    let first = &plain["wan"][0];
    assert_eq!(first["ipv4"], "192.168.89.227");
    assert_eq!(first["kind"], "ppp");
    assert_eq!(first["medium"], "ethernet");
    assert_eq!(first["service"], "INTERNET_TR069_IPTV");
    assert_eq!(first["ipv6_prefixes"], json!(["fc00:dead:c0de:2600::/56"]));
    assert!(first.get("vlan").is_none());
    assert_eq!(plain["lan"]["ipv4"], "192.168.1.1");
    let channels: Vec<_> = summary
        .wifi
        .radios
        .iter()
        .map(|r| r.channel.as_ref().unwrap().value)
        .collect();
    assert_eq!(channels, [3, 116]);
}
