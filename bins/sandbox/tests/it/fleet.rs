//! The simulated fleet: every document is what a GenieACS would hold, the same for one seed,
//! and moves with time.

use std::collections::HashSet;

use jiff::Timestamp;
use sandbox::fleet::{Behaviour, Cpe, Fleet, INFORM_INTERVAL, Model, Trouble};
use serde_json::Value;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    at("2026-11-22T15:00:00Z")
}

fn fleet() -> Fleet {
    Fleet::new(7, 240)
}

/// Every leaf with its path; asserts on the way that each node is well formed.
fn leaves(document: &Value) -> Vec<(String, Value)> {
    fn walk(path: &str, node: &Value, out: &mut Vec<(String, Value)>) {
        let object = node
            .as_object()
            .unwrap_or_else(|| panic!("{path} is not a node"));
        let children: Vec<_> = object
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
            .collect();
        match object.get("_object").and_then(Value::as_bool) {
            Some(true) => assert!(
                !children.is_empty(),
                "{path} is an object without anything in it"
            ),
            Some(false) => {
                assert!(children.is_empty(), "{path} is a leaf with children");
                assert!(object.contains_key("_writable"), "{path}");
                if object.contains_key("_value") {
                    assert!(
                        object["_type"].as_str().unwrap().starts_with("xsd:"),
                        "{path}"
                    );
                    let read: Timestamp = object["_timestamp"].as_str().unwrap().parse().unwrap();
                    assert!(read <= now(), "{path} was read in the future");
                } else {
                    assert!(!object.contains_key("_type"), "{path}");
                }
                out.push((path.to_owned(), node.clone()));
            }
            None => panic!("{path} does not say what it is"),
        }
        for (name, child) in children {
            walk(&format!("{path}.{name}"), child, out);
        }
    }
    let mut out = Vec::new();
    for (name, node) in document
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| !name.starts_with('_'))
    {
        walk(name, node, &mut out);
    }
    out
}

fn value<'a>(document: &'a Value, path: &str) -> &'a Value {
    let node = path.split('.').fold(document, |node, name| &node[name]);
    assert!(!node.is_null(), "no {path}");
    &node["_value"]
}

/// Exemplars and one unit of every model: enough to look at closely.
fn sample(fleet: &Fleet) -> Vec<&Cpe> {
    let mut cpes: Vec<_> = Fleet::exemplars()
        .list()
        .iter()
        .map(|one| fleet.find(one.id).unwrap())
        .collect();
    for model in Model::ALL {
        cpes.push(
            fleet
                .cpes()
                .iter()
                .rev()
                .find(|cpe| cpe.model() == model)
                .unwrap(),
        );
    }
    cpes
}

#[test]
fn every_document_is_a_device_document_of_a_plausible_size() {
    let fleet = fleet();
    assert_eq!(fleet.cpes().len(), 240);
    let mut most = (0, 0);
    for cpe in fleet.cpes() {
        let document = cpe.document(now());
        let leaves = leaves(&document);
        let bytes = document.to_string().len();
        most = (most.0.max(leaves.len()), most.1.max(bytes));
        assert!(
            (300..=900).contains(&leaves.len()),
            "{}: {} leaves",
            cpe.id(),
            leaves.len()
        );
        assert!(
            (30_000..=130_000).contains(&bytes),
            "{}: {bytes} bytes",
            cpe.id()
        );
        let unread = leaves
            .iter()
            .filter(|(_, leaf)| leaf.get("_value").is_none())
            .count();
        assert!(unread >= 4, "{}: every leaf has been read", cpe.id());
        let root = cpe.model().root();
        assert!(document[root].is_object());
        for key in [
            "_registered",
            "_lastInform",
            "_lastBoot",
            "_lastBootstrap",
            "_timestamp",
        ] {
            let date: Timestamp = document[key].as_str().unwrap().parse().unwrap();
            assert!(date < now(), "{key} of {}", cpe.id());
        }
        assert_eq!(
            *value(&document, &format!("{root}.DeviceInfo.SerialNumber")),
            cpe.serial()
        );
    }
    println!("at most {} leaves and {} bytes", most.0, most.1);
}

#[test]
fn ids_are_those_the_acs_would_give() {
    let fleet = fleet();
    let mut ids = HashSet::new();
    for cpe in fleet.cpes() {
        assert!(ids.insert(cpe.id()), "{} twice", cpe.id());
        assert_eq!(fleet.find(cpe.id()).unwrap().serial(), cpe.serial());
        let document = cpe.document(now());
        assert_eq!(document["_id"], cpe.id());
        assert_eq!(document["_deviceId"]["_SerialNumber"], cpe.serial());
        assert_eq!(document["_deviceId"]["_OUI"], cpe.oui());
        assert_eq!(
            document["_deviceId"]["_ProductClass"],
            cpe.model().product_class()
        );
        // Parts are escaped, so that the two dashes left are the separators.
        assert_eq!(cpe.id().matches('-').count(), 2, "{}", cpe.id());
        assert!(cpe.id().starts_with(cpe.oui()));
    }
    let of = |model| {
        fleet
            .cpes()
            .iter()
            .find(|cpe| cpe.model() == model)
            .unwrap()
            .id()
            .to_owned()
    };
    assert!(of(Model::F670l).starts_with("C0B101-ZXHN%20F670L-ZTEG"));
    assert!(of(Model::G1425ga).starts_with("9075BC-G%2D1425G%2DA-ALCL"));
}

#[test]
fn serial_numbers_are_shared_by_the_twins_alone() {
    let fleet = Fleet::new(3, 2000);
    let twins = Fleet::exemplars().twins;
    assert_eq!(twins[0].serial, twins[1].serial);
    let mut seen = HashSet::new();
    for cpe in fleet.cpes() {
        assert!(
            seen.insert(cpe.serial()) || cpe.id() == twins[1].id,
            "{}",
            cpe.id()
        );
    }
    let addresses: HashSet<_> = fleet.cpes().iter().filter_map(Cpe::wan_ipv4).collect();
    let connected = fleet
        .cpes()
        .iter()
        .filter(|cpe| cpe.wan_ipv4().is_some())
        .count();
    assert_eq!(addresses.len(), connected);
    assert_eq!(
        fleet
            .cpes()
            .iter()
            .map(Cpe::mac)
            .collect::<HashSet<_>>()
            .len(),
        2000
    );
}

#[test]
fn one_seed_lays_out_one_fleet() {
    let (one, same, other) = (Fleet::new(11, 60), Fleet::new(11, 60), Fleet::new(12, 60));
    assert_eq!(one.documents(now()), same.documents(now()));
    let ids = |fleet: &Fleet| {
        fleet
            .cpes()
            .iter()
            .map(|cpe| cpe.id().to_owned())
            .collect::<Vec<_>>()
    };
    let exemplars = Fleet::exemplars().list().len();
    assert_eq!(ids(&one)[..exemplars], ids(&other)[..exemplars]);
    assert_ne!(ids(&one)[exemplars..], ids(&other)[exemplars..]);
    // A larger fleet begins with the smaller one.
    assert_eq!(ids(&Fleet::new(11, 90))[..60], ids(&one)[..]);
    for cpe in sample(&one) {
        let again = other.find(cpe.id());
        if cpe.id().contains("F0") {
            assert_eq!(
                again.unwrap().document(now()),
                cpe.document(now()),
                "an exemplar changed with the seed"
            );
        }
    }
}

#[test]
fn the_fleet_has_every_model_and_a_share_of_troubles() {
    let fleet = fleet();
    for model in Model::ALL {
        assert!(
            fleet.cpes().iter().any(|cpe| cpe.model() == model),
            "{model:?}"
        );
    }
    for trouble in [
        Trouble::WeakSignal,
        Trouble::NoLight,
        Trouble::Hot,
        Trouble::FarStation,
        Trouble::WanDown,
        Trouble::Silent,
    ] {
        assert!(
            fleet.cpes().iter().any(|cpe| cpe.trouble() == trouble),
            "{trouble:?}"
        );
    }
    let sound = fleet
        .cpes()
        .iter()
        .filter(|cpe| cpe.trouble() == Trouble::None)
        .count();
    assert!(
        (120..220).contains(&sound),
        "{sound} of 240 units are sound"
    );
    assert!(
        fleet
            .cpes()
            .iter()
            .any(|cpe| *cpe.behaviour() == Behaviour::Slow)
    );
}

#[test]
fn the_exemplars_are_there_with_their_stories() {
    let fleet = fleet();
    let all = Fleet::exemplars();
    for one in all.list() {
        let cpe = fleet
            .find(one.id)
            .unwrap_or_else(|| panic!("no {}", one.id));
        assert_eq!(cpe.serial(), one.serial);
    }
    let cpe = |id| fleet.find(id).unwrap();
    assert_eq!(cpe(all.good.id).trouble(), Trouble::None);
    assert_eq!(*cpe(all.offline.id).behaviour(), Behaviour::Asleep);
    assert!(matches!(
        cpe(all.faulting.id).behaviour(),
        Behaviour::Faults { code: 9002, .. }
    ));
    // Below the class B+ floor of -27 dBm, in tenths of a microwatt: 10 ^ (-27 / 10) * 10^4 = 20.
    let weak = cpe(all.weak.id).document(now());
    let raw = value(&weak, "Device.Optical.Interface.1.X_TP_GPON_Config.RXPower")
        .as_u64()
        .unwrap();
    assert!((14..20).contains(&raw), "{raw}");
    assert_eq!(
        *value(&weak, "Device.Optical.Interface.1.OpticalSignalLevel"),
        0
    );
    let offline = cpe(all.offline.id).document(now());
    let heard: Timestamp = offline["_lastInform"].as_str().unwrap().parse().unwrap();
    assert!(now().duration_since(heard).as_hours() >= 4);
    let down = cpe(all.wan_down.id).document(now());
    let wan = "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.1.WANPPPConnection.1";
    assert_eq!(
        *value(&down, &format!("{wan}.ExternalIPAddress")),
        "0.0.0.0"
    );
    assert_eq!(
        *value(&down, &format!("{wan}.LastConnectionError")),
        "ERROR_AUTHENTICATION_FAILURE"
    );
    let hot = cpe(all.hot.id).document(now());
    let celsius = value(&hot, "Device.XPON.ONU.1.ANI.1.Transceiver.1.Temperature")
        .as_i64()
        .unwrap();
    assert!(celsius > 70, "{celsius}");
    let far = leaves(&cpe(all.far_station.id).document(now()))
        .iter()
        .filter(|(path, _)| {
            path.contains("MultiAP") && path.ends_with("AssociatedDevice.1.SignalStrength")
        })
        .any(|(_, leaf)| leaf["_value"].as_u64().unwrap() < 60);
    assert!(far, "no station below -80 dBm");
}

#[test]
fn references_between_tables_lead_somewhere() {
    let fleet = fleet();
    for cpe in sample(&fleet)
        .into_iter()
        .filter(|cpe| cpe.model().root() == "Device")
    {
        let document = cpe.document(now());
        for (path, leaf) in leaves(&document) {
            if !["LowerLayers", "SSIDReference", "AssociatedDevice"]
                .iter()
                .any(|end| path.ends_with(end))
            {
                continue;
            }
            for target in leaf["_value"]
                .as_str()
                .unwrap()
                .split(',')
                .filter(|t| !t.is_empty())
            {
                // TP-Link's mobile rows stand on a USB port its model does not list.
                if target.starts_with("Device.USB.") {
                    continue;
                }
                let found = target
                    .trim_end_matches('.')
                    .split('.')
                    .fold(&document, |node, name| &node[name]);
                assert!(
                    found.is_object(),
                    "{} of {} leads to {target}",
                    path,
                    cpe.id()
                );
            }
        }
    }
}

#[test]
fn readings_move_and_settings_stay() {
    let fleet = fleet();
    let later = at("2026-11-22T16:40:00Z");
    for cpe in sample(&fleet) {
        let mut document = cpe.document(now());
        let before = leaves(&document);
        let read = cpe.read(&mut document, "", later);
        assert_eq!(read, before.len(), "{}", cpe.id());
        let mut moved = HashSet::new();
        for ((path, old), (_, new)) in before.iter().zip(leaves_at(&document)) {
            assert_eq!(new["_timestamp"], "2026-11-22T16:40:00.000Z", "{path}");
            let (Some(old), new) = (old.get("_value"), &new["_value"]) else {
                continue;
            };
            if old != new {
                moved.insert(path.rsplit('.').next().unwrap().to_owned());
            }
        }
        assert!(moved.contains("UpTime"), "{}: {moved:?}", cpe.id());
        assert!(moved.contains("Free"), "{}: {moved:?}", cpe.id());
        for still in [
            "SSID",
            "SerialNumber",
            "MACAddress",
            "SoftwareVersion",
            "LowerLayers",
            "URL",
        ] {
            assert!(!moved.contains(still), "{}: {still} moved", cpe.id());
        }
    }
}

/// Leaves without the checks: after a read, times lie beyond [`now`].
fn leaves_at(document: &Value) -> Vec<(String, Value)> {
    fn walk(path: &str, node: &Value, out: &mut Vec<(String, Value)>) {
        if node["_object"] == false {
            out.push((path.to_owned(), node.clone()));
        }
        for (name, child) in node
            .as_object()
            .unwrap()
            .iter()
            .filter(|(name, _)| !name.starts_with('_'))
        {
            walk(&format!("{path}.{name}"), child, out);
        }
    }
    let mut out = Vec::new();
    walk("", document, &mut out);
    out
}

#[test]
fn up_time_and_counters_never_run_backwards_between_reboots() {
    let fleet = fleet();
    let cpe = fleet.find(Fleet::exemplars().good.id).unwrap();
    let mut document = cpe.document(now());
    let counters = [
        "Device.DeviceInfo.UpTime",
        "Device.Optical.Interface.1.X_TP_OMCIStats.PacketsReceived",
    ];
    let mut last = counters.map(|path| value(&document, path).as_u64().unwrap());
    let boot = document["_lastBoot"].clone();
    let mut time = now();
    for _ in 0..200 {
        time = time.checked_add(INFORM_INTERVAL).unwrap();
        assert!(cpe.is_due(&document, time));
        cpe.read(&mut document, "Device", time);
        cpe.inform(&mut document, time);
        assert!(!cpe.is_due(&document, time));
        let new = counters.map(|path| value(&document, path).as_u64().unwrap());
        if document["_lastBoot"] != boot {
            return;
        }
        assert!(
            new[0] == last[0] + 300 || last[0] + 299 <= new[0],
            "{new:?} after {last:?}"
        );
        assert!(
            new.iter().zip(last).all(|(new, old)| *new >= old),
            "{new:?} after {last:?}"
        );
        last = new;
    }
}

#[test]
fn optical_power_wanders_slowly() {
    let fleet = fleet();
    let cpe = fleet.find(Fleet::exemplars().faulting.id).unwrap();
    let path = "InternetGatewayDevice.X_ALU_OntOpticalParam.RXPower";
    let dbm = |time| {
        value(&cpe.document(time), path)
            .as_str()
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    let series: Vec<f64> = (0..96)
        .map(|step| dbm(now().checked_add(INFORM_INTERVAL * step).unwrap()))
        .collect();
    let (low, high) = series.iter().fold((0.0_f64, -99.0_f64), |(low, high), &v| {
        (low.min(v), high.max(v))
    });
    assert!((0.1..1.0).contains(&(high - low)), "from {low} to {high}");
    assert!(
        series
            .windows(2)
            .all(|pair| (pair[0] - pair[1]).abs() < 0.15),
        "{series:?}"
    );
}

#[test]
fn a_read_touches_what_was_asked_for_and_nothing_else() {
    let fleet = fleet();
    let cpe = fleet.find(Fleet::exemplars().good.id).unwrap();
    let later = at("2026-11-22T18:00:00Z");
    for (prefix, some) in [
        ("Device.DeviceInfo.UpTime", 1),
        ("Device.DeviceInfo.MemoryStatus", 2),
        ("Device.DeviceInfo.MemoryStatus.", 2),
        ("Device.WiFi.Radio.*.Channel", 2),
        ("Device.Nothing", 0),
        ("InternetGatewayDevice", 0),
    ] {
        let mut document = cpe.document(now());
        assert_eq!(cpe.read(&mut document, prefix, later), some, "{prefix}");
        let stamped = leaves_at(&document)
            .iter()
            .filter(|(_, leaf)| leaf["_timestamp"] == "2026-11-22T18:00:00.000Z")
            .count();
        assert_eq!(stamped, some, "{prefix}");
    }
}

#[test]
fn what_was_set_stays_set_and_what_was_unread_becomes_known() {
    let fleet = fleet();
    let cpe = fleet.find(Fleet::exemplars().good.id).unwrap();
    let mut document = cpe.document(now());
    document["Device"]["WiFi"]["SSID"]["1"]["SSID"]["_value"] = "Nouveau nom".into();
    let unread = &document["Device"]["WiFi"]["Radio"]["1"]["BeaconPeriod"];
    assert!(unread.get("_value").is_none() && unread.get("_timestamp").is_none());
    cpe.read(&mut document, "Device.WiFi", at("2026-11-22T18:00:00Z"));
    assert_eq!(*value(&document, "Device.WiFi.SSID.1.SSID"), "Nouveau nom");
    assert_eq!(*value(&document, "Device.WiFi.Radio.1.BeaconPeriod"), 100);
}

#[test]
fn a_reboot_starts_the_clock_again() {
    let fleet = fleet();
    let cpe = fleet.find(Fleet::exemplars().good.id).unwrap();
    let mut document = cpe.document(now());
    assert!(
        value(&document, "Device.DeviceInfo.UpTime")
            .as_u64()
            .unwrap()
            > 600
    );
    let then = at("2026-11-22T15:10:00Z");
    cpe.reboot(&mut document, then);
    assert_eq!(document["_lastBoot"], "2026-11-22T15:10:00.000Z");
    assert_eq!(*value(&document, "Device.DeviceInfo.UpTime"), 0);
    cpe.inform(&mut document, at("2026-11-22T15:15:00Z"));
    assert_eq!(document["_lastInform"], "2026-11-22T15:15:00.000Z");
    assert_eq!(*value(&document, "Device.DeviceInfo.UpTime"), 300);
}

#[test]
fn nothing_in_a_document_makes_reading_panic() {
    let fleet = fleet();
    let cpe = fleet.find(Fleet::exemplars().good.id).unwrap();
    for text in [
        "null",
        "[]",
        "{}",
        r#"{"Device":4}"#,
        r#"{"Device":{"DeviceInfo":{"_object":false}},"_lastBoot":"x"}"#,
    ] {
        let mut document: Value = serde_json::from_str(text).unwrap();
        cpe.read(&mut document, "", now());
        cpe.inform(&mut document, now());
    }
}
