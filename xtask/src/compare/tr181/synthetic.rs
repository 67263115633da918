//! A device document of the size and shape of a home gateway's, for machines without captures.

use serde_json::{Map, Value, json};

/// How many stations the document invents; with these it weighs about 800 kB.
const STATIONS: usize = 480;

/// One reading time for all: the document is the same at every run.
const READ_AT: &str = "2026-11-23T14:00:00.000Z";

/// The text of the document, as the NBI would return it: an array of one device.
pub(super) fn document() -> String {
    let device = json!({
        "_id": "00259E-Gateway-SYNTH0001",
        "_deviceId": {
            "_Manufacturer": "Example", "_OUI": "00259E",
            "_ProductClass": "Gateway", "_SerialNumber": "SYNTH0001",
        },
        "_lastInform": READ_AT,
        "Device": {
            "_object": true, "_writable": false, "_timestamp": READ_AT,
            "DeviceInfo": object([
                ("Manufacturer", leaf("Example", "xsd:string")),
                ("SerialNumber", leaf("SYNTH0001", "xsd:string")),
                ("SoftwareVersion", leaf("1.0.0", "xsd:string")),
                ("UpTime", leaf(86_400, "xsd:unsignedInt")),
            ]),
            "Hosts": object([
                ("HostNumberOfEntries", leaf(STATIONS, "xsd:unsignedInt")),
                ("Host", table(host)),
            ]),
            "WiFi": object([("AccessPoint", object([("1", object([
                ("AssociatedDevice", table(station)),
            ]))]))]),
        },
    });
    Value::Array(vec![device]).to_string()
}

fn leaf(value: impl Into<Value>, kind: &str) -> Value {
    json!({
        "_object": false, "_writable": false, "_timestamp": READ_AT, "_type": kind,
        "_value": value.into(),
    })
}

fn object<const N: usize>(children: [(&str, Value); N]) -> Value {
    let mut map = Map::new();
    map.insert("_object".to_owned(), true.into());
    map.insert("_writable".to_owned(), false.into());
    for (name, child) in children {
        map.insert(name.to_owned(), child);
    }
    Value::Object(map)
}

fn table(row: fn(usize) -> Value) -> Value {
    let mut map = Map::new();
    map.insert("_object".to_owned(), true.into());
    map.insert("_writable".to_owned(), true.into());
    for index in 1..=STATIONS {
        map.insert(index.to_string(), row(index));
    }
    Value::Object(map)
}

fn mac(index: usize) -> String {
    format!("02:00:00:00:{:02X}:{:02X}", index / 256, index % 256)
}

fn host(index: usize) -> Value {
    let address = format!("192.168.{}.{}", index / 250, index % 250 + 2);
    object([
        ("PhysAddress", leaf(mac(index), "xsd:string")),
        ("IPAddress", leaf(address, "xsd:string")),
        ("HostName", leaf(format!("appareil-{index}"), "xsd:string")),
        ("Active", leaf(index.is_multiple_of(3), "xsd:boolean")),
        ("Layer1Interface", leaf("Device.WiFi.SSID.1.", "xsd:string")),
        ("LeaseTimeRemaining", leaf(index * 60, "xsd:int")),
    ])
}

fn station(index: usize) -> Value {
    let strength = -40 - i64::try_from(index % 50).unwrap_or_default();
    object([
        ("MACAddress", leaf(mac(index), "xsd:string")),
        ("SignalStrength", leaf(strength, "xsd:int")),
        (
            "LastDataDownlinkRate",
            leaf(index * 1000, "xsd:unsignedInt"),
        ),
        ("LastDataUplinkRate", leaf(index * 500, "xsd:unsignedInt")),
        ("Active", leaf(true, "xsd:boolean")),
        ("Noise", leaf(-92, "xsd:int")),
    ])
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn the_document_has_the_weight_of_a_real_one() {
        let size = document().len();
        assert!((700_000..900_000).contains(&size), "{size}");
    }
}
