//! What holds for every document.

use proptest::prelude::*;
use serde_json::Value;

use crate::support::{document, facts, flatten, untimed};

/// Paths that matter, with holes for numbers.
const PATHS: [&str; 44] = [
    "Device.DeviceInfo.ModelName",
    "Device.DeviceInfo.UpTime",
    "Device.IP.Interface.#.Status",
    "Device.IP.Interface.#.Enable",
    "Device.IP.Interface.#.LowerLayers",
    "Device.IP.Interface.#.IPv4Address.#.IPAddress",
    "Device.IP.Interface.#.X_TP_ConnType",
    "Device.PPP.Interface.#.LowerLayers",
    "Device.PPP.Interface.#.IPCP.DNSServers",
    "Device.Ethernet.VLANTermination.#.VLANID",
    "Device.Ethernet.VLANTermination.#.LowerLayers",
    "Device.Ethernet.Link.#.LowerLayers",
    "Device.Ethernet.Link.#.MACAddress",
    "Device.Ethernet.Interface.#.Upstream",
    "Device.InterfaceStack.#.HigherLayer",
    "Device.InterfaceStack.#.LowerLayer",
    "Device.Routing.Router.1.IPv4Forwarding.#.Interface",
    "Device.Routing.Router.1.IPv4Forwarding.#.DestIPAddress",
    "Device.Routing.Router.1.IPv4Forwarding.#.GatewayIPAddress",
    "Device.Optical.Interface.#.OpticalSignalLevel",
    "Device.Optical.Interface.#.X_TP_GPON_Config.RXPower",
    "Device.Optical.Interface.#.X_TP_GPON_Config.TXPower",
    "Device.WiFi.Radio.#.OperatingFrequencyBand",
    "Device.WiFi.SSID.#.LowerLayers",
    "Device.WiFi.SSID.#.SSID",
    "Device.WiFi.AccessPoint.#.SSIDReference",
    "Device.WiFi.AccessPoint.#.AssociatedDevice.#.MACAddress",
    "Device.WiFi.AccessPoint.#.AssociatedDevice.#.SignalStrength",
    "Device.WiFi.MultiAP.APDevice.#.Radio.#.AP.#.AssociatedDevice.#.MACAddress",
    "Device.WiFi.MultiAP.APDevice.#.Radio.#.AP.#.AssociatedDevice.#.SignalStrength",
    "Device.Hosts.Host.#.PhysAddress",
    "Device.Hosts.Host.#.IPAddress",
    "Device.Hosts.Host.#.Active",
    "Device.Hosts.Host.#.AssociatedDevice",
    "Device.Hosts.Host.#.X_TP_LanConnType",
    "InternetGatewayDevice.WANDevice.#.X_GponInterafceConfig.RXPower",
    "InternetGatewayDevice.WANDevice.#.WANConnectionDevice.#.WANPPPConnection.#.ExternalIPAddress",
    "InternetGatewayDevice.WANDevice.#.WANConnectionDevice.#.WANPPPConnection.#.ConnectionStatus",
    "InternetGatewayDevice.WANDevice.#.WANConnectionDevice.#.WANIPConnection.#.X_HW_VLAN",
    "InternetGatewayDevice.LANDevice.1.WLANConfiguration.#.SSID",
    "InternetGatewayDevice.LANDevice.1.WLANConfiguration.#.Channel",
    "InternetGatewayDevice.LANDevice.1.WLANConfiguration.#.AssociatedDevice.#.AssociatedDeviceMACAddress",
    "InternetGatewayDevice.LANDevice.1.WLANConfiguration.#.AssociatedDevice.#.X_HW_RSSI",
    "InternetGatewayDevice.LANDevice.1.Hosts.Host.#.MACAddress",
];

fn path() -> impl Strategy<Value = String> {
    (0..PATHS.len(), proptest::collection::vec(1..4_u8, 4)).prop_map(|(which, numbers)| {
        let mut numbers = numbers.into_iter().cycle();
        PATHS[which]
            .split('#')
            .collect::<Vec<_>>()
            .join("\u{0}")
            .chars()
            .fold(String::new(), |mut path, c| {
                if c == '\u{0}' {
                    path.push_str(&numbers.next().unwrap_or(1).to_string());
                } else {
                    path.push(c);
                }
                path
            })
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        path().prop_map(|p| p.rsplit_once('.').unwrap().0.to_owned() + "."),
        (1..4_u8).prop_map(|n| format!("02:00:00:00:00:0{n}")),
        (0..5_u8).prop_map(|n| format!("192.0.2.{n}")),
        any::<i64>().prop_map(|n| n.to_string()),
        (-300..20_000_i32).prop_map(|n| n.to_string()),
        Just("Up".to_owned()),
        Just("true".to_owned()),
        Just("Connected".to_owned()),
        Just("5GHz".to_owned()),
        Just("0.0.0.0".to_owned()),
        Just("UNREAD".to_owned()),
        "[ -~]{0,12}".prop_map(|s| s.replace(['=', '"', '\\'], "")),
    ]
}

fn lines() -> impl Strategy<Value = Value> {
    proptest::collection::vec((path(), text()), 0..60).prop_map(|pairs| {
        let lines: Vec<String> = pairs
            .into_iter()
            .map(|(p, t)| format!("{p} = {t}"))
            .collect();
        document(&lines.join("\n"))
    })
}

/// Removes the n-th object or leaf, counted depth first.
fn remove(value: &mut Value, left: &mut usize) -> bool {
    let Some(map) = value.as_object_mut() else {
        return false;
    };
    let keys: Vec<String> = map.keys().cloned().collect();
    for key in keys {
        if *left == 0 {
            map.remove(&key);
            return true;
        }
        *left -= 1;
        if let Some(child) = map.get_mut(&key)
            && remove(child, left)
        {
            return true;
        }
    }
    false
}

/// The value at a full path.
fn lookup<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |at, name| at.get(name))
}

/// Every fact names a place that exists and, for plain numbers and texts, says what it says.
fn check_facts(value: &Value) -> Result<(), TestCaseError> {
    let summary = tr181::summarize(value.to_string().as_bytes()).unwrap();
    let mut all = Vec::new();
    facts(&serde_json::to_value(&summary).unwrap(), "", &mut all);
    for (place, fact) in all {
        let source = fact["source"].as_str().unwrap();
        let leaf = lookup(value, source);
        prop_assert!(leaf.is_some(), "{place}: {source} does not exist");
        if place.ends_with(".ipv4")
            || place.ends_with(".vlan")
            || place.ends_with(".uptime_s")
            || place.ends_with(".channel")
        {
            let text = match &leaf.unwrap()["_value"] {
                Value::String(t) => t.trim().to_owned(),
                other => other.to_string(),
            };
            let told = fact["value"]
                .as_str()
                .map_or_else(|| fact["value"].to_string(), str::to_owned);
            prop_assert_eq!(told, text, "{}", place);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nested_equals_flat(value in lines()) {
        let bytes = tr181::summarize(value.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&tr181::summarize_value(&value).unwrap(), &bytes);
        let flat = tr181::summarize_flat(flatten(&value));
        prop_assert_eq!(untimed(&flat), untimed(&bytes));
        let mut reversed = flatten(&value);
        reversed.reverse();
        prop_assert_eq!(untimed(&tr181::summarize_flat(reversed)), untimed(&bytes), "order does not matter");
    }

    #[test]
    fn deleting_any_subtree_leaves_only_true_facts(value in lines(), which in 0..400_usize) {
        check_facts(&value)?;
        let mut less = value;
        remove(&mut less, &mut which.clone());
        check_facts(&less)?;
    }

    #[test]
    fn mutated_documents_never_panic(value in lines(), at in any::<proptest::sample::Index>(), byte in any::<u8>(), cut in any::<proptest::sample::Index>()) {
        let mut bytes = value.to_string().into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        if let Ok(summary) = tr181::summarize(&bytes) {
            let _ = tr181::health(&summary, &tr181::Thresholds::default(), jiff::Timestamp::UNIX_EPOCH);
        }
        let end = cut.index(bytes.len());
        let _ = tr181::summarize(&bytes[..end]);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = tr181::summarize(&bytes);
    }

    #[test]
    fn arbitrary_texts_never_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<tr181::MacAddr>();
        let _ = text.parse::<tr181::GponSerial>();
        let pairs = PATHS.iter().map(|p| (p.replace('#', "1"), text.clone()));
        let _ = tr181::summarize_flat(pairs);
    }
}
