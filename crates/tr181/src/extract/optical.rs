//! The optical transceiver: every object that may hold readings, the best one first.

use super::Doc;
use super::optical_units::{Reading, convert};
use crate::extractor::is_secret;
use crate::fact::{Confidence, Fact};
use crate::gpon::GponSerial;
use crate::input::index::Node;
use crate::input::trie::glob_matches;
use crate::model::Optical;
use crate::vendor::{LeafRule, OpticalFact, OpticalRow, Unit};

/// Tag of the objects found by their name alone.
pub(crate) const GENERIC: u16 = u16::MAX;

/// Spellings met in the field, for objects whose row does not name its leaves. Leaves that
/// say dBm in their name come first: they stand beside raw twins.
pub(crate) const SPELLINGS: [(OpticalFact, &[&str]); 9] = [
    (
        OpticalFact::Rx,
        &[
            "*rx*power*dbm*",
            "*rx*dbm*",
            "RXPower",
            "RXOpticalPower",
            "OpticalRxPower",
            "RxOptPower",
            "RXOpticalLevel",
            "RxPowerLevel",
            "RXOptical",
            "ReceivePower",
            "ReceivedPower",
            "ReceiveOpticalPower",
            "ReceivedOpticalPower",
            "OpticalReceivePower",
            "RecvPower",
            "InputPower",
            "RX_Power",
            "Rx_Power",
            "PowerRx",
            "RxPwr",
            "TransceiverRxPower",
            "OpticalSignalLevel",
        ],
    ),
    (
        OpticalFact::Tx,
        &[
            "*tx*power*dbm*",
            "*tx*dbm*",
            "TXPower",
            "TXOpticalPower",
            "OpticalTxPower",
            "TxOptPower",
            "TXOpticalLevel",
            "TxPowerLevel",
            "TXOptical",
            "TransmitPower",
            "TransmittedPower",
            "TransmitOpticalPower",
            "TransmittedOpticalPower",
            "OpticalTransmitPower",
            "SendPower",
            "OutputPower",
            "TX_Power",
            "PowerTx",
            "TxPwr",
            "TransceiverTxPower",
            "TransmitOpticalLevel",
        ],
    ),
    (
        OpticalFact::Temperature,
        &[
            "TransceiverTemperature",
            "Temperature",
            "TransceiverTemp",
            "OpticalTemperature",
            "ModuleTemperature",
            "WorkTemperature",
            "Temp",
        ],
    ),
    (
        OpticalFact::Voltage,
        &[
            "SupplyVoltage",
            "SupplyVottage",
            "Voltage",
            "Vcc",
            "TransceiverVoltage",
            "SupplyVolt",
            "WorkVoltage",
            "OpticalVoltage",
        ],
    ),
    (
        OpticalFact::Bias,
        &[
            "BiasCurrent",
            "Bias",
            "TxBias",
            "TXBiasCurrent",
            "LaserBias",
            "LaserBiasCurrent",
            "BiasCur",
            "TransceiverBias",
            "Current",
        ],
    ),
    (
        OpticalFact::State,
        &[
            "ONUState",
            "OnuState",
            "PonState",
            "PLOAMState",
            "RegStatus",
            "Status",
        ],
    ),
    (OpticalFact::Standard, &["PonType", "PonMode"]),
    (
        OpticalFact::Serial,
        &[
            "GponSn",
            "GponSerialNumber",
            "GponSerial",
            "PonSn",
            "OnuSerialNumber",
            "SerialNumber",
        ],
    ),
    (OpticalFact::Los, &["LOS", "LosStatus"]),
];

/// An object with readings, and what was made of them.
struct Candidate<'i, 'a> {
    object: Node<'i, 'a>,
    rx: Option<Fact<f64>>,
    tx: Option<Fact<f64>>,
    no_light: Option<Fact<bool>>,
    temperature: Option<Fact<f64>>,
    voltage: Option<Fact<f64>>,
    bias: Option<Fact<f64>>,
    state: Option<Fact<String>>,
    standard: Option<Fact<String>>,
    serial: Option<Fact<String>>,
    los: Option<Fact<bool>>,
    rx_low: Option<Fact<f64>>,
    rx_high: Option<Fact<f64>>,
    generic: bool,
}

pub(crate) fn optical(doc: Doc<'_, '_>) -> Option<Optical> {
    let mut candidates: Vec<Candidate<'_, '_>> = doc
        .index
        .nodes()
        .filter_map(|object| {
            let tag = doc.trie.tag(object.state())?;
            let row = doc.vendor.optical.get(usize::from(tag));
            candidate(object, row)
        })
        .collect();
    // By path among equals: the order of a document's keys means nothing.
    candidates.sort_by_cached_key(|c| (std::cmp::Reverse(score(c)), c.object.path()));
    let info = interface_info(doc, &candidates);
    let rows = &candidates;
    let best = rows.first();
    let found = Optical {
        interface: best.map(|c| c.object.path()).or(info.interface),
        rx_dbm: best.and_then(|c| c.rx.clone()),
        // Power of another object would be that of another transceiver.
        tx_dbm: best.and_then(|c| c.tx.clone()),
        no_light: best
            .filter(|c| c.rx.is_none())
            .and_then(|c| c.no_light.clone()),
        temperature_c: rows.iter().find_map(|c| c.temperature.clone()),
        voltage_v: rows.iter().find_map(|c| c.voltage.clone()),
        bias_ma: rows.iter().find_map(|c| c.bias.clone()),
        state: info
            .state
            .or_else(|| rows.iter().find_map(|c| c.state.clone())),
        standard: rows
            .iter()
            .find_map(|c| c.standard.clone())
            .or(info.standard),
        status: info.status,
        serial: info
            .serial
            .or_else(|| rows.iter().find_map(|c| c.serial.clone())),
        los: info.los.or_else(|| rows.iter().find_map(|c| c.los.clone())),
        rx_low_dbm: best.and_then(|c| c.rx_low.clone()),
        rx_high_dbm: best.and_then(|c| c.rx_high.clone()),
        vendor: info.vendor,
        part_number: info.part_number,
    };
    let known = found.rx_dbm.is_some()
        || found.tx_dbm.is_some()
        || found.no_light.is_some()
        || found.temperature_c.is_some()
        || found.voltage_v.is_some()
        || found.bias_ma.is_some()
        || found.state.is_some()
        || found.status.is_some()
        || found.serial.is_some();
    known.then_some(found)
}

/// Which object to believe: one with power, then with a verdict on light, then the more complete.
fn score(c: &Candidate<'_, '_>) -> (bool, bool, bool, bool, usize) {
    let extras = [
        c.temperature.is_some(),
        c.voltage.is_some(),
        c.bias.is_some(),
        c.state.is_some(),
    ];
    (
        c.rx.is_some() && !c.generic,
        c.rx.is_some(),
        c.no_light.is_some(),
        c.tx.is_some(),
        extras.into_iter().filter(|known| *known).count(),
    )
}

fn candidate<'i, 'a>(object: Node<'i, 'a>, row: Option<&OpticalRow>) -> Option<Candidate<'i, 'a>> {
    let rules = row.map(|r| r.leaves.as_slice()).unwrap_or_default();
    let find = |fact| leaf(object, rules, fact);
    let rx = find(OpticalFact::Rx);
    let tx = find(OpticalFact::Tx);
    let (rx_reading, tx_reading) = convert::powers(
        rx.and_then(|(l, u)| Some((l.value()?.text()?, u))),
        tx.and_then(|(l, u)| Some((l.value()?.text()?, u))),
    );
    let fact = |leaf: Option<(Node<'_, '_>, Unit)>, reading: Reading<f64>| match reading {
        Reading::Value(value, inferred) => {
            leaf.map(|(l, _)| confident(l.fact(value), row, inferred))
        }
        Reading::NoLight | Reading::Unknown => None,
    };
    let number = |kind, convert: fn(&str, Unit) -> Reading<f64>| {
        let leaf = find(kind);
        let reading = leaf
            .and_then(|(l, u)| Some(convert(l.value()?.text()?, u)))
            .unwrap_or(Reading::Unknown);
        fact(leaf, reading)
    };
    let no_light = match rx_reading {
        Reading::NoLight => rx.map(|(l, _)| confident(l.fact(true), row, false)),
        Reading::Value(..) | Reading::Unknown => None,
    };
    let voltage = number(OpticalFact::Voltage, convert::voltage);
    let found = Candidate {
        object,
        rx: fact(rx, rx_reading),
        tx: fact(tx, tx_reading),
        no_light,
        // A transceiver without a supply measures nothing: its 0 °C is no reading.
        temperature: number(OpticalFact::Temperature, convert::temperature)
            .filter(|t| t.value != 0.0 || voltage.is_some()),
        voltage,
        bias: number(OpticalFact::Bias, convert::bias),
        state: find(OpticalFact::State).and_then(|(l, u)| state(l, u)),
        standard: find(OpticalFact::Standard)
            .and_then(|(l, _)| text(l))
            .or_else(|| standard_by_name(object)),
        serial: find(OpticalFact::Serial).and_then(|(l, _)| serial(l)),
        los: find(OpticalFact::Los).and_then(|(l, _)| Some(l.fact(l.value()?.boolean()?))),
        rx_low: number(OpticalFact::RxLow, convert::threshold),
        rx_high: number(OpticalFact::RxHigh, convert::threshold),
        generic: row.is_none(),
    };
    // A name that sounds optical is not enough: there must be a transceiver's leaf, even if
    // it makes no sense.
    let read = |leaf: Option<(Node<'_, '_>, Unit)>| leaf.is_some_and(|(l, _)| l.value().is_some());
    let transceiver = read(rx) || read(tx) || (row.is_some() && read(find(OpticalFact::Bias)));
    transceiver.then_some(found)
}

/// The leaf of a fact: the names of the row, else the usual spellings.
fn leaf<'i, 'a>(
    object: Node<'i, 'a>,
    rules: &[LeafRule],
    fact: OpticalFact,
) -> Option<(Node<'i, 'a>, Unit)> {
    let rule = rules.iter().find(|r| r.fact == fact);
    let unit = rule.map_or(Unit::Auto, |r| r.unit);
    let own = rule.map(|r| r.names.as_slice()).unwrap_or_default();
    let usual = SPELLINGS
        .iter()
        .find(|(f, _)| *f == fact)
        .map(|(_, names)| *names)
        .unwrap_or_default();
    let named = |name: &str| {
        if name.contains('*') {
            let glob = name.to_ascii_lowercase();
            object
                .children()
                .filter(|c| glob_matches(&glob, c.name()) && !is_secret(c.name()))
                .min_by_key(|c| c.name())
        } else {
            object.child(name)
        }
    };
    // A leaf with a value before one that was never read.
    let pick = |names: &mut dyn Iterator<Item = &str>| {
        let found: Vec<Node<'i, 'a>> = names.filter_map(named).collect();
        found
            .iter()
            .find(|l| l.value().is_some())
            .or(found.first())
            .copied()
    };
    let leaf =
        pick(&mut own.iter().map(String::as_str)).or_else(|| pick(&mut usual.iter().copied()))?;
    // The unit of a row is that of the leaves it names; a dBm twin is in dBm whatever it says.
    let is_own = own.iter().any(|name| glob_matches(name, leaf.name()));
    let says_dbm = !is_own && leaf.name().to_ascii_lowercase().contains("dbm");
    let unit = if says_dbm {
        Unit::Dbm
    } else if is_own || own.is_empty() {
        unit
    } else {
        Unit::Auto
    };
    Some((leaf, unit))
}

fn confident<T>(fact: Fact<T>, row: Option<&OpticalRow>, inferred: bool) -> Fact<T> {
    let confidence = match row {
        None => Confidence::Inferred,
        Some(_) if inferred => Confidence::Inferred,
        Some(row) if row.vendor == "Broadband Forum" => Confidence::Standard,
        Some(_) => Confidence::Vendor,
    };
    fact.with_confidence(confidence)
}

fn text(leaf: Node<'_, '_>) -> Option<Fact<String>> {
    let text = leaf.value()?.text()?;
    (!text.eq_ignore_ascii_case("unknown")).then(|| leaf.fact(text.to_owned()))
}

fn state(leaf: Node<'_, '_>, unit: Unit) -> Option<Fact<String>> {
    let fact = text(leaf)?;
    let number = fact
        .value
        .trim_start_matches(['O', 'o'])
        .parse::<u8>()
        .ok()
        .filter(|n| (1..=9).contains(n));
    match (number, unit) {
        (Some(number), Unit::PloamState) => Some(fact.map(|_| format!("O{number}"))),
        (Some(number), _) if fact.value.starts_with(['O', 'o']) => {
            Some(fact.map(|_| format!("O{number}")))
        }
        _ => Some(fact),
    }
}

/// The 12 character form when it can be made, else nothing: a device serial is elsewhere.
fn serial(leaf: Node<'_, '_>) -> Option<Fact<String>> {
    let text = leaf.value()?.text()?;
    match text.parse::<GponSerial>() {
        Ok(serial) => Some(leaf.fact(serial.to_string())),
        // Some write bytes that are no letters: kept as they are.
        Err(_) => (text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit()))
            .then(|| leaf.fact(text.to_ascii_uppercase())),
    }
}

/// `X_…GponInterfaceConfig` says the standard by its own name.
fn standard_by_name(object: Node<'_, '_>) -> Option<Fact<String>> {
    let name = object.name().to_ascii_lowercase();
    let standard = if name.contains("xgspon") {
        "XGS-PON"
    } else if name.contains("gpon") {
        "GPON"
    } else if name.contains("epon") {
        "EPON"
    } else {
        return None;
    };
    Some(
        object
            .fact(standard.to_owned())
            .with_confidence(Confidence::Inferred),
    )
}

#[derive(Default)]
struct Info {
    interface: Option<String>,
    state: Option<Fact<String>>,
    standard: Option<Fact<String>>,
    status: Option<Fact<String>>,
    serial: Option<Fact<String>>,
    los: Option<Fact<bool>>,
    vendor: Option<Fact<String>>,
    part_number: Option<Fact<String>>,
}

/// What stands beside the transceiver: status, ONU activation, serial number.
fn interface_info(doc: Doc<'_, '_>, candidates: &[Candidate<'_, '_>]) -> Info {
    let mut info = Info::default();
    if let Some(root) = doc.tr181 {
        let mut rows = root.table("Optical.Interface");
        // The interface the power comes from speaks for itself.
        let best = candidates.first().map(|c| c.object);
        rows.sort_by_key(|row| {
            let within = std::iter::successors(best, |n| n.parent()).any(|n| n == *row);
            !within
        });
        for row in rows {
            info.interface.get_or_insert_with(|| row.path());
            info.status = info.status.or_else(|| row.text("Status"));
            info.serial = info
                .serial
                .or_else(|| row.at("GponAuth.GponSn").and_then(serial));
        }
        for ani in root
            .table("XPON.ONU")
            .into_iter()
            .flat_map(|o| o.table("ANI"))
        {
            info.interface.get_or_insert_with(|| ani.path());
            info.status = info.status.or_else(|| ani.text("Status"));
            info.standard = info.standard.or_else(|| ani.at("PONMode").and_then(text));
            let activation = ani.at("TC.ONUActivation");
            info.state = info
                .state
                .or_else(|| state(activation?.child("ONUState")?, Unit::PloamState));
            info.serial = info
                .serial
                .or_else(|| serial(activation?.child("SerialNumber")?));
            info.los = info.los.or_else(|| ani.flag("TC.Alarms.LOS"));
            for transceiver in ani.table("Transceiver") {
                info.vendor = info.vendor.or_else(|| transceiver.text("VendorName"));
                info.part_number = info
                    .part_number
                    .or_else(|| transceiver.text("VendorPartNumber"));
            }
        }
    }
    // A PON terminal's own serial number often is the GPON one.
    if info.serial.is_none() && !candidates.is_empty() {
        info.serial = doc.tr098.into_iter().chain(doc.tr181).find_map(|root| {
            ["DeviceInfo.X_HW_SerialNumber", "DeviceInfo.SerialNumber"]
                .iter()
                .find_map(|name| {
                    let leaf = root.at(name)?;
                    let serial: GponSerial = leaf.value()?.text()?.parse().ok()?;
                    Some(leaf.fact(serial.to_string()))
                })
        });
    }
    if info.standard.is_none() && !candidates.is_empty() {
        let access = doc
            .tr098
            .into_iter()
            .flat_map(|r| r.table("WANDevice"))
            .find_map(|d| d.text("WANCommonInterfaceConfig.WANAccessType"));
        let pon = |f: &Fact<String>| f.value.to_ascii_lowercase().contains("pon");
        info.standard = access
            .filter(pon)
            .or_else(|| doc.tr098?.text("DeviceInfo.AccessType").filter(pon))
            .map(|f| f.map(|t| t.to_ascii_uppercase()));
    }
    info
}
