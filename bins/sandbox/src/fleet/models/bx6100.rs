//! An XGS-PON ONT by the book: every standard object filled in, in standard units.

use super::device2::{
    access_point, bridge, interface, ipv4, ipv6, nat, path, plugged, pool, port, radio, route,
    ssid, stats, when_up,
};
use super::{Facts, hex_serial, identity};
use crate::fleet::Cpe;
use crate::fleet::household::{Band, Link};
use crate::fleet::signal::{Moment, rcpi, whole};
use crate::fleet::tree::{Book, long};

const BANDS: [(u32, Band, &str); 3] = [
    (1, Band::Two, "g,n,ax,be"),
    (2, Band::Five, "a,n,ac,ax,be"),
    (3, Band::Six, "ax,be"),
];

pub(super) fn write(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        model_name: "BX-6100",
        hardware: "BX6100-R2",
        software: "4.2.1-build7",
        description: "XGS-PON Wi-Fi 7 gateway",
        memory_kib: 1_013_760,
    };
    identity(cpe, now, book, &facts);
    book.at("Device.DeviceInfo").rw("HostName", "bx6100").ro(
        "FirstUseDate",
        super::super::tree::date("2025-02-11T16:00:00.000Z"),
    );
    for (sensor, name, above) in [(1_u32, "CPU", 9.0), (2, "PON", 0.0)] {
        book.at(format!(
            "Device.DeviceInfo.TemperatureStatus.TemperatureSensor.{sensor}"
        ))
        .ro("Name", name)
        .ro("Status", "Enabled")
        .live("Value", whole(now.temperature_c + above))
        .ro("MinValue", -274);
    }
    for row in 1..=2 {
        let up = plugged(&cpe.household, row);
        port(book, cpe, row, &format!("lan{row}"), up, false)
            .live("CurrentBitRate", if up { 2500_u32 } else { 0 });
    }
    let mut members: Vec<(String, bool)> = (1..=2)
        .map(|row| {
            (
                format!("Ethernet.Interface.{row}"),
                plugged(&cpe.household, row),
            )
        })
        .collect();
    members.extend(
        BANDS
            .iter()
            .map(|(row, ..)| (format!("WiFi.SSID.{row}"), true)),
    );
    bridge(book, &members);
    interface(book, "Ethernet.Link.1", "br-lan", true)
        .lower(&[path("Bridging.Bridge.1.Port.1")])
        .ro("MACAddress", cpe.mac());
    interface(book, "IP.Interface.1", "br-lan", true)
        .lower(&[path("Ethernet.Link.1")])
        .rw("Type", "Normal");
    ipv4(
        book,
        "IP.Interface.1",
        &format!("{}.1", cpe.household.lan),
        "255.255.255.0",
        "Static",
    );
    pool(book, cpe, "IP.Interface.1", 43_200);
    wan(cpe, now, book);
    xpon(cpe, now, book);
    wifi(cpe, now, book);
    hosts(cpe, book);
    book.interface_stack();
}

/// The Internet by DHCP on VLAN 40 and management on VLAN 30, both over the ONU's ANI.
fn wan(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let light = now.rx_dbm.is_some();
    interface(book, "Ethernet.Link.2", "pon0", light)
        .lower(&[path("XPON.ONU.1.ANI.1")])
        .ro("MACAddress", cpe.mac_of(1));
    let gateway = cpe.wan_gateway().to_string();
    let management = if light {
        cpe.management_address().to_string()
    } else {
        String::new()
    };
    let rows = [
        (
            2_u32,
            40_u32,
            now.wan_up,
            when_up(now, &cpe.wan_address()),
            gateway.as_str(),
        ),
        (3, 30, light, management, "10.64.0.1"),
    ];
    for (row, vlan, up, address, router) in rows {
        let name = format!("pon0.{vlan}");
        let at = format!("IP.Interface.{row}");
        interface(
            book,
            &format!("Ethernet.VLANTermination.{}", row - 1),
            &name,
            up,
        )
        .lower(&[path("Ethernet.Link.2")])
        .rw("VLANID", vlan);
        interface(book, &at, &name, up)
            .lower(&[path(&format!("Ethernet.VLANTermination.{}", row - 1))])
            .rw("Type", "Normal");
        ipv4(book, &at, &address, "255.192.0.0", "DHCP");
        let text = |value: &str| if up { value.to_owned() } else { String::new() };
        book.at(format!("Device.DHCPv4.Client.{}", row - 1))
            .rw("Enable", true)
            .rw("Interface", path(&at))
            .live("Status", if up { "Enabled" } else { "Error" })
            .live("DHCPStatus", if up { "Bound" } else { "Selecting" })
            .live("IPAddress", address.as_str())
            .live("SubnetMask", text("255.192.0.0"))
            .live("IPRouters", text(router))
            .live(
                "DNSServers",
                if row == 2 {
                    text("203.0.113.53, 203.0.113.54")
                } else {
                    String::new()
                },
            )
            .live("DHCPServer", text("203.0.113.10"))
            .live(
                "LeaseTimeRemaining",
                if up {
                    1800 + whole(now.uptime_s as f64 % 1800.0)
                } else {
                    0
                },
            );
        let default = (row == 2 && up).then_some(router);
        route(book, row - 1, &at, default, "DHCPv4");
    }
    if now.wan_up {
        ipv6(book, cpe, "IP.Interface.2");
    }
    book.at("Device.IP.Interface.2.Stats")
        .live("BytesReceived", long(now.down_bytes))
        .live("BytesSent", long(now.up_bytes))
        .live("PacketsReceived", long(now.down_bytes / 900))
        .live("PacketsSent", long(now.up_bytes / 210));
    book.at("Device.IP").ro("InterfaceNumberOfEntries", 3_u32);
    nat(book, cpe, "IP.Interface.2", now.wan_up);
}

fn xpon(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let light = now.rx_dbm.is_some();
    let thousandths = |dbm: f64| whole(dbm * 1000.0);
    interface(book, "Optical.Interface.1", "optical0", light)
        .rw("LowerLayers", "")
        .ro("Upstream", true)
        .live(
            "OpticalSignalLevel",
            now.rx_dbm.map_or(-40_000, thousandths),
        )
        .live("TransmitOpticalLevel", thousandths(now.tx_dbm))
        .ro("LowerOpticalThreshold", -28_000)
        .ro("UpperOpticalThreshold", -8_000)
        .ro("LowerTransmitPowerThreshold", -63_500)
        .ro("UpperTransmitPowerThreshold", -63_500);
    stats(book, "Optical.Interface.1", now.down_bytes, now.up_bytes);
    interface(book, "XPON.ONU.1.ANI.1", "ani0", light)
        .lower(&[path("Optical.Interface.1")])
        .ro("PONMode", "XGS-PON");
    let tenths = |dbm: f64| whole(dbm * 10.0);
    book.at("Device.XPON.ONU.1.ANI.1.Transceiver.1")
        .ro("Identifier", 0x0C_u32)
        .ro("VendorName", "BOREAL")
        .ro("VendorPartNumber", "BX-TRX-XGS")
        .ro("PONMode", "XGS-PON")
        .ro("Connector", "SC")
        .ro("NominalBitRateDownstream", 9_953_280_u32)
        .ro("NominalBitRateUpstream", 9_953_280_u32)
        .live("RxPower", now.rx_dbm.map_or(-400, tenths))
        .live("TxPower", tenths(now.tx_dbm))
        .live("Voltage", whole(now.volts * 1000.0))
        .live("Bias", whole(now.bias_ma * 1000.0))
        .live("Temperature", whole(now.temperature_c));
    book.at("Device.XPON.ONU.1.ANI.1.TC.ONUActivation")
        .live("ONUState", if light { "O5.1" } else { "O1" })
        .ro("VendorID", "BRLN")
        .ro("SerialNumber", hex_serial(&cpe.pon_serial))
        .live("ONUID", cpe.index % 128);
    let mut alarms = book.at("Device.XPON.ONU.1.ANI.1.TC.Alarms");
    for alarm in [
        "LOS", "LOF", "SF", "SD", "LCDG", "TF", "SUF", "MEM", "MIS", "PEE",
    ] {
        alarms.live(alarm, alarm == "LOS" && !light);
    }
    book.at("Device.XPON.ONU.1.ANI.1.TC.PM.PHY")
        .live("CorrectedFECBytes", long(now.uptime_s / 3))
        .live("CorrectedFECCodewords", long(now.uptime_s / 40))
        .live("UncorrectableFECCodewords", long(now.uptime_s / 700_000));
}

fn wifi(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let home = &cpe.household;
    let network = "Device.WiFi.DataElements.Network";
    for (row, band, standards) in BANDS {
        radio(book, row, band, home, standards);
        book.at(format!("Device.WiFi.Radio.{row}.Stats"))
            .live("Noise", -95)
            .live("ErrorsSent", long(now.uptime_s / 600));
        let bssid = cpe.mac_of(3 + row);
        ssid(book, row, row, home.ssid_of(band), &bssid, true);
        let here: Vec<_> = home
            .stations(band, 0)
            .filter(|thing| thing.active)
            .collect();
        access_point(book, row, here.len(), false, "WPA3-Personal-Transition");
        let bss = format!("{network}.Device.1.Radio.{row}.BSS.1");
        book.at(bss.as_str())
            .ro("BSSID", bssid.as_str())
            .ro("SSID", home.ssid_of(band))
            .ro("Enabled", true)
            .live("STANumberOfEntries", here.len() as u64);
        for (station, thing) in (1_u32..).zip(here) {
            let dbm = now.station_dbm(&thing.link).unwrap_or(-110.0);
            let (down, up) = super::igd::rates(thing);
            book.at(format!(
                "Device.WiFi.AccessPoint.{row}.AssociatedDevice.{station}"
            ))
            .ro("MACAddress", thing.mac.as_str())
            .live("Active", true)
            .live("SignalStrength", whole(dbm))
            .live("Noise", -95)
            .live("LastDataDownlinkRate", down)
            .live("LastDataUplinkRate", up)
            .live("Retransmissions", now.uptime_s % 97)
            .ro(
                "OperatingStandard",
                if band == Band::Two { "n" } else { "be" },
            );
            book.at(format!("{bss}.STA.{station}"))
                .ro("MACAddress", thing.mac.as_str())
                .live("SignalStrength", rcpi(dbm))
                .live("LastDataDownlinkRate", down)
                .live("LastDataUplinkRate", up)
                .live("LastConnectTime", now.uptime_s % 50_000)
                .ro("Hostname", thing.name.as_str());
        }
    }
    book.at(network)
        .ro("ControllerID", cpe.mac())
        .ro("DeviceNumberOfEntries", 1_u32);
    book.at(format!("{network}.Device.1"))
        .ro("ID", cpe.mac())
        .ro("RadioNumberOfEntries", 3_u32);
}

fn hosts(cpe: &Cpe, book: &mut Book) {
    let home = &cpe.household;
    book.at("Device.Hosts")
        .live("HostNumberOfEntries", home.things.len() as u64);
    for (row, thing) in (1_u32..).zip(&home.things) {
        let station = thing.wifi().and_then(|(band, _)| {
            let radio = BANDS.iter().find(|(_, of, _)| *of == band)?.0;
            let mut near = home.stations(band, 0).filter(|other| other.active);
            let place = near.position(|other| other.mac == thing.mac)? + 1;
            Some(path(&format!(
                "WiFi.AccessPoint.{radio}.AssociatedDevice.{place}"
            )))
        });
        let port = match thing.link {
            Link::Wired { port } => path(&format!("Ethernet.Interface.{port}")),
            Link::Wifi { .. } => String::new(),
        };
        book.at(format!("Device.Hosts.Host.{row}"))
            .ro("PhysAddress", thing.mac.as_str())
            .live("IPAddress", thing.ip.as_str())
            .ro("HostName", thing.name.as_str())
            .live("Active", thing.active)
            .ro(
                "InterfaceType",
                if port.is_empty() { "Wi-Fi" } else { "Ethernet" },
            )
            .ro("Layer1Interface", port)
            .ro("Layer3Interface", path("IP.Interface.1"))
            .live("AssociatedDevice", station.unwrap_or_default())
            .ro("DHCPClient", "")
            .live(
                "LeaseTimeRemaining",
                i64::try_from(thing.lease_s).unwrap_or(-1),
            );
        book.at(format!("Device.Hosts.Host.{row}.IPv4Address.1"))
            .live("IPAddress", thing.ip.as_str());
    }
}
