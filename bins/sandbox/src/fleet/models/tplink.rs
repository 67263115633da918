//! TR-181 as TP-Link writes it: the `XX230v` ONT and the EX220 router.

use super::device2::{
    access_point, bridge, interface, ipv4, ipv6, nat, path, plugged, pool, port, radio, route,
    ssid, stats, when_up,
};
use super::{Facts, hex_serial, identity};
use crate::fleet::household::{Band, Link, Thing};
use crate::fleet::signal::{Moment, count, rcpi, whole};
use crate::fleet::tree::{At, Book, date};
use crate::fleet::{Cpe, Trouble};

/// The networks of both: row, band, and what it is for.
const NETWORKS: [(u32, Band, Use); 6] = [
    (1, Band::Two, Use::Main),
    (2, Band::Two, Use::Guest),
    (3, Band::Five, Use::Main),
    (4, Band::Five, Use::Guest),
    (5, Band::Two, Use::Backhaul),
    (6, Band::Five, Use::Backhaul),
];

#[derive(Clone, Copy, Eq, PartialEq)]
enum Use {
    Main,
    Guest,
    Backhaul,
}

/// TP-Link's connection columns of `IP.Interface`.
fn connection(node: &mut At<'_>, name: &str, kind: &str, service: &str) {
    node.rw("X_TP_ConnName", name)
        .rw("X_TP_ConnType", kind)
        .rw("X_TP_ServiceType", service);
}

pub(super) fn xx230v(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        model_name: "XX230v",
        hardware: "XX230v v1.0 00000000",
        software: "0.9.0 3.1.0 v6066.0 Build 250611 Rel.40117n",
        description: "AX1800 Dual Band Wi-Fi 6 GPON Router",
        memory_kib: 212_544,
    };
    identity(cpe, now, book, &facts);
    device_columns(book, "PON", "XX230v(CA)");
    for row in 1..=4 {
        let up = plugged(&cpe.household, row);
        let name = if up {
            format!("eth0.{row}")
        } else {
            String::new()
        };
        port(book, cpe, row, &name, up, false).ro("X_TP_IfNameAlias", format!("LAN{row}"));
    }
    port(book, cpe, 6, "", false, true).ro("X_TP_IfNameAlias", "EWAN");
    lan(cpe, now, book, 4);

    // The mobile sticks nobody plugs in: enabled, never with an address.
    interface(book, "PPP.Interface.1", "", false)
        .lower(&[path("USB.Interface.1")])
        .ro("ConnectionStatus", "Disconnected")
        .ro("LastConnectionError", "ERROR_NONE");
    let mut three = interface(book, "IP.Interface.2", "", false);
    three.lower(&[path("PPP.Interface.1")]);
    connection(&mut three, "usb_ppp3g", "PPP3G", "Unknown");
    ipv4(book, "IP.Interface.2", "", "", "IPCP");
    let mut four = interface(book, "IP.Interface.3", "", false);
    four.lower(&[path("USB.Interface.1")]);
    connection(&mut four, "usb_dhcp4g", "DHCP4G", "Unknown");
    ipv4(book, "IP.Interface.3", "", "", "DHCP");
    interface(book, "Ethernet.Link.3", "", false)
        .lower(&[path("Ethernet.Interface.6")])
        .ro("MACAddress", "");
    interface(book, "Ethernet.VLANTermination.1", "", false)
        .lower(&[path("Ethernet.Link.3")])
        .rw("VLANID", 0_u32);
    let mut dormant = interface(book, "IP.Interface.4", "eth1.6", false);
    dormant.lower(&[path("Ethernet.VLANTermination.1")]);
    connection(&mut dormant, "ipoe_0_0_d", "DHCP", "Internet");
    ipv4(book, "IP.Interface.4", "", "", "DHCP");
    dhcp_client(book, 2, "IP.Interface.4", None);

    // The live one: PPPoE over a VLAN over the GPON link.
    let up = now.wan_up;
    book.edge("Device.DSL.Channel.1.", "Device.DSL.Line.1.");
    interface(book, "X_TP_GPON.Link.1", "nas1", now.rx_dbm.is_some())
        .lower(&[path("Optical.Interface.1")]);
    interface(book, "Ethernet.Link.5", "nas1_2", up)
        .lower(&[path("X_TP_GPON.Link.1")])
        .ro("MACAddress", cpe.mac_of(2))
        .ro("X_TP_MACAddressOverride", false);
    interface(book, "Ethernet.VLANTermination.3", "nas1_2", up)
        .lower(&[path("Ethernet.Link.5")])
        .rw("VLANID", 40_u32)
        .rw("X_TP_VLANPriority", "None");
    ppp(cpe, now, book, "Ethernet.VLANTermination.3");
    let mut live = interface(book, "IP.Interface.6", "ppp0", up);
    live.lower(&[path("PPP.Interface.3")]);
    connection(&mut live, "pppoe_gpon_40_1", "PPPoE", "Internet,TR069");
    let address = when_up(now, &cpe.wan_address());
    ipv4(book, "IP.Interface.6", &address, "255.255.255.255", "IPCP");
    if up {
        ipv6(book, cpe, "IP.Interface.6");
    }
    stats(book, "IP.Interface.6", now.down_bytes, now.up_bytes);
    book.at("Device.IP").ro("InterfaceNumberOfEntries", 5_u32);

    let gateway = cpe.wan_gateway().to_string();
    route(book, 1, "IP.Interface.2", None, "IPCP");
    route(book, 2, "IP.Interface.4", None, "DHCPv4");
    route(
        book,
        3,
        "IP.Interface.6",
        up.then_some(gateway.as_str()),
        "IPCP",
    );
    book.at("Device.Routing.Router.1")
        .rw("X_TP_DefaultIntf", path("IP.Interface.6"));
    nat(book, cpe, "IP.Interface.6", up);
    optical(cpe, now, book);
    wifi(cpe, now, book, &facts);
    book.interface_stack();
}

pub(super) fn ex220(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        model_name: "EX220",
        hardware: "EX220 v1.20 00000000",
        software: "0.16.0 2.1.0 v605f.0 Build 241127 Rel.33120n",
        description: "AX1800 Dual Band Wi-Fi 6 Router",
        memory_kib: 116_496,
    };
    identity(cpe, now, book, &facts);
    device_columns(book, "ISP.WIRELESSROUTER", "EX220(CA)");
    for row in 1..=3 {
        let up = plugged(&cpe.household, row);
        port(book, cpe, row, &format!("eth0.{row}"), up, false)
            .ro("X_TP_IfNameAlias", format!("LAN{row}"));
    }
    let linked = cpe.trouble != Trouble::Silent;
    port(book, cpe, 7, "eth1", linked, true).ro("X_TP_IfNameAlias", "EWAN");
    lan(cpe, now, book, 3);
    let up = now.wan_up;
    interface(book, "Ethernet.Link.2", "eth1", up)
        .lower(&[path("Ethernet.Interface.7")])
        .ro("MACAddress", cpe.mac_of(1));
    interface(book, "Ethernet.VLANTermination.1", "eth1@0", up)
        .lower(&[path("Ethernet.Link.2")])
        .rw("VLANID", 0_u32);
    let mut wan = interface(book, "IP.Interface.4", "eth1@0", up);
    wan.lower(&[path("Ethernet.VLANTermination.1")]);
    connection(&mut wan, "ipoe_0_0_d", "DHCP", "Internet,TR069");
    let address = when_up(now, &cpe.wan_address());
    ipv4(book, "IP.Interface.4", &address, "255.192.0.0", "DHCP");
    stats(book, "IP.Interface.4", now.down_bytes, now.up_bytes);
    book.at("Device.IP").ro("InterfaceNumberOfEntries", 2_u32);
    dhcp_client(book, 1, "IP.Interface.4", up.then_some(cpe));
    let gateway = cpe.wan_gateway().to_string();
    route(
        book,
        1,
        "IP.Interface.4",
        up.then_some(gateway.as_str()),
        "DHCPv4",
    );
    nat(book, cpe, "IP.Interface.4", up);
    wifi(cpe, now, book, &facts);
    book.interface_stack();
}

fn device_columns(book: &mut Book, kind: &str, model: &str) {
    book.at("Device.DeviceInfo")
        .ro("X_TP_DevType", kind)
        .ro("X_TP_DeviceModel", model)
        .ro("X_TP_ProtoVersion", "TAUC_1.1")
        .unread("X_TP_BetaCode", "");
}

/// `IP.Interface.1` over the bridge of ports and networks.
fn lan(cpe: &Cpe, now: &Moment, book: &mut Book, ports: u32) {
    let mut members: Vec<(String, bool)> = (1..=ports)
        .map(|row| {
            (
                format!("Ethernet.Interface.{row}"),
                plugged(&cpe.household, row),
            )
        })
        .collect();
    for (row, _, purpose) in NETWORKS {
        members.push((format!("WiFi.SSID.{row}"), purpose != Use::Guest));
    }
    bridge(book, &members);
    interface(book, "Ethernet.Link.1", "br0", true)
        .lower(&[path("Bridging.Bridge.1.Port.1")])
        .ro("MACAddress", cpe.mac());
    let mut node = interface(book, "IP.Interface.1", "br0", true);
    node.lower(&[path("Ethernet.Link.1")]);
    connection(&mut node, "Default", "LAN", "Unknown");
    ipv4(
        book,
        "IP.Interface.1",
        &format!("{}.1", cpe.household.lan),
        "255.255.255.0",
        "Static",
    );
    stats(book, "IP.Interface.1", now.up_bytes, now.down_bytes);
    pool(book, cpe, "IP.Interface.1", 7200);
    hosts(cpe, book);
}

fn ppp(cpe: &Cpe, now: &Moment, book: &mut Book, lower: &str) {
    let up = now.wan_up;
    let error = if cpe.trouble == Trouble::WanDown {
        "ERROR_AUTHENTICATION_FAILURE"
    } else {
        "ERROR_NONE"
    };
    interface(book, "PPP.Interface.3", "ppp0", up)
        .lower(&[path(lower)])
        .live(
            "ConnectionStatus",
            if up { "Connected" } else { "Disconnected" },
        )
        .live("LastConnectionError", error)
        .rw("ConnectionTrigger", "AlwaysOn")
        .rw("AuthenticationProtocol", "PAP")
        .rw(
            "Username",
            format!("{}@fibre.example.ca", cpe.serial.to_lowercase()),
        )
        .rw("Password", "")
        .rw("MaxMRUSize", 1492_u32)
        .ro("CurrentMRUSize", 1492_u32);
    book.at("Device.PPP.Interface.3.PPPoE")
        .live("SessionID", if up { 1 + cpe.index % 60_000 } else { 0 })
        .rw("ACName", "")
        .rw("ServiceName", "");
    book.at("Device.PPP.Interface.3.IPCP")
        .live("LocalIPAddress", when_up(now, &cpe.wan_address()))
        .live("RemoteIPAddress", when_up(now, &cpe.wan_gateway()))
        .live("DNSServers", when_up(now, &"203.0.113.53,203.0.113.54"));
}

fn dhcp_client(book: &mut Book, row: u32, interface: &str, bound: Option<&Cpe>) {
    let text = |of: Option<String>| of.unwrap_or_default();
    book.at(format!("Device.DHCPv4.Client.{row}"))
        .rw("Enable", true)
        .rw("Interface", path(interface))
        .live(
            "Status",
            if bound.is_some() {
                "Enabled"
            } else {
                "Disabled"
            },
        )
        .live("DHCPStatus", if bound.is_some() { "Bound" } else { "Init" })
        .live(
            "IPAddress",
            text(bound.map(|cpe| cpe.wan_address().to_string())),
        )
        .live("SubnetMask", text(bound.map(|_| "255.192.0.0".to_owned())))
        .live(
            "IPRouters",
            text(bound.map(|cpe| cpe.wan_gateway().to_string())),
        )
        .live(
            "DNSServers",
            text(bound.map(|_| "203.0.113.53,203.0.113.54".to_owned())),
        )
        .live("LeaseTimeRemaining", if bound.is_some() { 2417 } else { 0 })
        .live(
            "X_TP_ConnStatus",
            if bound.is_some() {
                "Connected"
            } else {
                "Disconnected"
            },
        );
}

/// The standard leaves are always 0 here; the readings are in TP-Link's own object, raw.
fn optical(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let light = now.rx_dbm.is_some();
    interface(book, "Optical.Interface.1", "BBA_OPTC_INTF", light)
        .rw("LowerLayers", "")
        .ro("Upstream", true)
        .live("OpticalSignalLevel", 0)
        .live("TransmitOpticalLevel", 0);
    stats(book, "Optical.Interface.1", now.down_bytes, now.up_bytes);
    book.at("Device.Optical.Interface.1.GponAuth")
        .rw("GponSn", hex_serial(&cpe.pon_serial))
        .rw("GponPwd", "")
        .rw("SnType", 1_u32);
    book.at("Device.Optical.Interface.1.X_TP_GPON_Config")
        .ro("Enable", true)
        .rw("PonType", "GPON")
        .live("Status", if light { "5" } else { "1" })
        .live("RXPower", now.rx_raw())
        .live("TXPower", now.tx_raw())
        .live("TransceiverTemperature", whole(now.temperature_c * 256.0))
        .live("SupplyVottage", whole(now.volts * 1000.0))
        .live("BiasCurrent", whole(now.bias_ma * 500.0))
        .rw("FecDsEn", true)
        .rw("FecUsEn", false)
        .ro("RegErrNo", 0_u32);
    book.at("Device.Optical.Interface.1.X_TP_OMCIStats")
        .live("PacketsReceived", now.uptime_s / 30)
        .live("PacketsSent", now.uptime_s / 30 + 10);
}

fn hosts(cpe: &Cpe, book: &mut Book) {
    let home = &cpe.household;
    book.at("Device.Hosts")
        .live("HostNumberOfEntries", home.things.len() as u64);
    for (row, thing) in (1_u32..).zip(&home.things) {
        let link = match thing.link {
            // Whatever it was: a device that left is told as "5 GHz".
            _ if !thing.active => 5_u32,
            Link::Wired { .. } => 0,
            Link::Wifi {
                band: Band::Two, ..
            } => 1,
            Link::Wifi {
                band: Band::Five, ..
            } => 3,
            Link::Wifi {
                band: Band::Six, ..
            } => 5,
        };
        let name = if thing.name.is_empty() {
            "Unknown"
        } else {
            &thing.name
        };
        book.at(format!("Device.Hosts.Host.{row}"))
            .ro("PhysAddress", thing.mac.as_str())
            .live("IPAddress", thing.ip.as_str())
            .rw("HostName", name)
            .live("Active", thing.active)
            .ro("AddressSource", "DHCP")
            .live("LeaseTimeRemaining", whole(thing.lease_s as f64 % 7200.0))
            .ro("X_TP_LanConnType", link)
            .ro(
                "X_TP_LanConnDev",
                if thing.active { "br0" } else { "Unknown" },
            )
            .ro("X_TP_ClientType", thing.kind);
    }
}

/// The wanted stations of a network on one node of the mesh.
fn stations(cpe: &Cpe, band: Band, purpose: Use, node: u32) -> Vec<&Thing> {
    if purpose == Use::Main {
        cpe.household.stations(band, node).collect()
    } else {
        Vec::new()
    }
}

fn wifi(cpe: &Cpe, now: &Moment, book: &mut Book, facts: &Facts) {
    let home = &cpe.household;
    let real_dbm = facts.model_name == "EX220";
    radio(book, 1, Band::Two, home, "b,g,n,ax").ro("X_TP_Bandwidth", "Auto");
    radio(book, 2, Band::Five, home, "a,n,ac,ax").ro("X_TP_Bandwidth", "Auto");
    let hidden = format!(
        "{:030X}",
        (u128::from(cpe.index) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060) >> 8
    );
    for (row, band, purpose) in NETWORKS {
        let name = match purpose {
            Use::Main => home.ssid_of(band).to_owned(),
            Use::Guest => format!("{}_Invites", home.ssid),
            Use::Backhaul => hidden.clone(),
        };
        let radio = if band == Band::Two { 1 } else { 2 };
        ssid(
            book,
            row,
            radio,
            &name,
            &cpe.mac_of(3 + row),
            purpose != Use::Guest,
        );
        let here = stations(cpe, band, purpose, 0);
        access_point(
            book,
            row,
            here.len(),
            purpose == Use::Backhaul,
            "WPA2-Personal",
        )
        .rw(
            "X_TP_APType",
            if purpose == Use::Main {
                "Primary"
            } else {
                "Secondary"
            },
        );
        for (station, thing) in (1_u32..).zip(here) {
            let dbm = now
                .station_dbm(&thing.link)
                .filter(|_| real_dbm)
                .map_or(0, whole);
            let (down, up) = rates(thing);
            book.at(format!(
                "Device.WiFi.AccessPoint.{row}.AssociatedDevice.{station}"
            ))
            .ro("MACAddress", thing.mac.to_lowercase())
            .live("SignalStrength", dbm)
            .live("Noise", if real_dbm { -92 } else { 0 })
            .live("LastDataDownlinkRate", if real_dbm { down } else { 0 })
            .live("LastDataUplinkRate", if real_dbm { up } else { 58 })
            .ro("OperatingStandard", if real_dbm { "ax" } else { "NULL" })
            .ro("AssociationTime", date("0001-01-01T00:00:00.000Z"));
        }
    }
    multi_ap(cpe, now, book, facts, 0, &hidden);
    let mesh = home
        .things
        .iter()
        .any(|thing| thing.wifi().is_some_and(|(_, node)| node == 1));
    if mesh {
        multi_ap(cpe, now, book, facts, 1, &hidden);
    }
    book.at("Device.WiFi.MultiAP")
        .ro("APDeviceNumberOfEntries", if mesh { 2_u32 } else { 1 });
}

fn rates(thing: &Thing) -> (u64, u64) {
    match thing.link {
        Link::Wifi {
            down_kbps, up_kbps, ..
        } => (down_kbps, up_kbps),
        Link::Wired { .. } => (0, 0),
    }
}

/// One node of the mesh: the only table whose signal can be trusted, counted as RCPI.
fn multi_ap(cpe: &Cpe, now: &Moment, book: &mut Book, facts: &Facts, node: u32, hidden: &str) {
    let home = &cpe.household;
    let own = node == 0;
    let at = format!("Device.WiFi.MultiAP.APDevice.{}", node + 1);
    let mac = cpe.mac_of(if own { 0 } else { 12 });
    let serial = if own {
        cpe.serial.clone()
    } else {
        format!("{}M", &cpe.serial)
    };
    book.at(at.as_str())
        .ro("MACAddress", mac.as_str())
        .ro("Manufacturer", "TP-Link")
        .ro("SerialNumber", serial)
        .ro("ProductClass", "Device2")
        .ro("SoftwareVersion", facts.software)
        .ro(
            "X_TP_ModelName",
            if own { facts.model_name } else { "HX220" },
        )
        .ro("X_TP_HostName", if own { "" } else { "relais-etage" })
        .ro(
            "X_TP_IPAddress",
            format!("{}.{}", home.lan, if own { 1 } else { 240 }),
        )
        .ro("X_TP_IsController", own)
        .live("X_TP_Active", true)
        .live("X_TP_UpTime", now.uptime_s)
        .ro("BackhaulLinkType", if own { "" } else { "Wi-Fi" })
        .live("BackhaulSignalStrength", if own { 0 } else { rcpi(-58.0) })
        .ro("RadioNumberOfEntries", 2_u32);
    for (radio, band) in [(1_u32, Band::Two), (2, Band::Five)] {
        let at = format!("{at}.Radio.{radio}");
        book.at(at.as_str())
            .ro("OperatingFrequencyBand", band.text())
            .live("Channel", home.channel_of(band))
            .ro(
                "CurrentOperatingChannelBandwidth",
                if band == Band::Two { "40MHz" } else { "80MHz" },
            )
            .ro("APNumberOfEntries", 2_u32);
        for (ap, purpose) in [(1_u32, Use::Backhaul), (2, Use::Main)] {
            let at = format!("{at}.AP.{ap}");
            let here = stations(cpe, band, purpose, node);
            book.at(at.as_str())
                .ro("BSSID", cpe.mac_of(3 + radio + 4 * ap))
                .ro(
                    "SSID",
                    if purpose == Use::Main {
                        home.ssid_of(band)
                    } else {
                        hidden
                    },
                )
                .ro(
                    "X_TP_Type",
                    if purpose == Use::Main {
                        "Primary"
                    } else {
                        "Backhaul"
                    },
                )
                .live("AssociatedDeviceNumberOfEntries", here.len() as u64);
            for (row, thing) in (1_u32..).zip(here) {
                let dbm = now.station_dbm(&thing.link).unwrap_or(-110.0);
                let (down, up) = rates(thing);
                let since = if thing.active {
                    "2026-03-02T11:20:00.000Z"
                } else {
                    "2016-01-01T00:13:26.000Z"
                };
                book.at(format!("{at}.AssociatedDevice.{row}"))
                    .ro("MACAddress", thing.mac.as_str())
                    .live("Active", thing.active)
                    .live("SignalStrength", rcpi(dbm))
                    .live("LastDataDownlinkRate", down)
                    .live("LastDataUplinkRate", up)
                    .ro("AssociationTime", date(since))
                    .ro("X_TP_HostName", thing.name.as_str())
                    .live("X_TP_IPAddress", thing.ip.as_str())
                    .ro("X_TP_ApDeviceMac", mac.as_str())
                    .live("X_TP_SignalStrengthLevel", count((dbm + 90.0) / 8.0).min(5));
            }
        }
    }
}
