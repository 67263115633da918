//! Huawei EG8145V5: whole decibels in `X_GponInterafceConfig` (so spelt), four WAN connections.

use super::igd::{
    Connection, Hosts, LAN, Network, WAN, common_interface, connection, hosts, internet,
    lan_config, layer2, management, network, ports, rates, stations,
};
use super::{Facts, identity};
use crate::fleet::household::Band;
use crate::fleet::signal::{Moment, whole};
use crate::fleet::tree::Book;
use crate::fleet::{Cpe, Trouble};

pub(super) fn write(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        model_name: "EG8145V5",
        hardware: "159D.A",
        software: "V5R020C10S115",
        description: "EchoLife EG8145V5 GPON Terminal (CLASS B+/PRODUCT ID:simulated)",
        memory_kib: 262_144,
    };
    identity(cpe, now, book, &facts);
    book.at("InternetGatewayDevice.DeviceInfo")
        .ro("X_HW_SerialNumber", cpe.pon_serial.as_str())
        .ro("AccessType", "Gpon")
        .rw("X_HW_Loid", "")
        .live("X_HW_CpuUsed", now.cpu)
        .live("X_HW_MemUsed", whole(100.0 - now.free * 100.0));
    book.at("InternetGatewayDevice.DeviceInfo.TemperatureStatus.TemperatureSensor.1")
        .ro("Name", "HUAWEI")
        .ro("Status", "Enabled")
        .live("Value", whole(now.temperature_c));
    book.at("InternetGatewayDevice.Layer3Forwarding")
        .rw("DefaultConnectionService", "");
    wan(cpe, now, book);
    let light = now.rx_dbm.is_some();
    common_interface(book, now, "GPON", light);
    let gpon = format!("{WAN}.X_GponInterafceConfig");
    book.at(gpon.as_str())
        .live("Status", if light { "Up" } else { "Down" })
        .live("RXPower", now.rx_dbm.map_or(-40, whole))
        .live("TXPower", whole(now.tx_dbm))
        .live("TransceiverTemperature", whole(now.temperature_c))
        .live("SupplyVoltage", whole(now.volts * 1000.0))
        .live("BiasCurrent", whole(now.bias_ma));
    book.at(format!("{gpon}.Stats"))
        .live("BytesReceived", now.down_bytes % (1 << 32))
        .live("BytesSent", now.up_bytes % (1 << 32))
        .live("FECError", now.uptime_s / 86_400)
        .live("HECError", 0_u32)
        .live("DropPackets", 0_u32);
    ports(book, cpe, now, 4, |row| format!("eth0:{row}"));
    lan_config(book, &cpe.household, 86_400);
    wifi(cpe, now, book);
    let style = Hosts {
        nameless: "",
        layer2: &|link| layer2(link, 1, 5, ""),
        columns: &|node, thing| {
            let signal = now
                .station_dbm(&thing.link)
                .filter(|_| thing.active)
                .map_or(0, whole);
            node.live("X_HW_RSSI", signal)
                .live("X_HW_NegotiatedRate", (rates(thing).0 / 1000).to_string());
        },
    };
    hosts(book, &cpe.household, &style);
}

/// A PPP nobody provisioned, the Internet by DHCP, management by PPP, and IPTV still asking.
fn wan(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let down = cpe.trouble == Trouble::WanDown;
    let rows = [
        (
            1,
            true,
            "1_INTERNET_R_VID_",
            "INTERNET",
            0_u32,
            None,
            "Disconnected",
            "ERROR_AUTHENTICATION_FAILURE",
        ),
        (
            2,
            false,
            "2_INTERNET_R_VID_40",
            "INTERNET",
            40,
            internet(cpe, now),
            "Connecting",
            "ERROR_NONE",
        ),
        (
            3,
            true,
            "3_TR069_R_VID_30",
            "TR069",
            30,
            management(cpe, now),
            "Connecting",
            "ERROR_NONE",
        ),
        (
            4,
            false,
            "4_IPTV_R_VID_50",
            "IPTV",
            50,
            None,
            "Connecting",
            "ERROR_NONE",
        ),
    ];
    for (device, ppp, name, service, vlan, address, otherwise, error) in rows {
        let of = Connection {
            device,
            row: 1,
            ppp,
            name,
            status: if address.is_some() {
                "Connected"
            } else {
                otherwise
            },
            address,
            error: if down && device == 2 {
                "ERROR_NO_CARRIER"
            } else {
                error
            },
            mac: cpe.mac_of(device),
        };
        connection(book, cpe, now, &of)
            .rw("X_HW_SERVICELIST", service)
            .rw("X_HW_VLAN", vlan)
            .rw("X_HW_PRI", 0_u32)
            .rw("X_HW_IPv4Enable", true)
            .rw("X_HW_IPv6Enable", false)
            // No multicast VLAN: a -1 that lost its sign.
            .rw("X_HW_MultiCastVLAN", u32::MAX)
            .unread("X_HW_DscpToPbitTbl", "");
    }
}

fn wifi(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let home = &cpe.household;
    let guest = format!("{}_Invites", home.ssid);
    let rows = [
        Network::new(1, Band::Two, home.ssid_of(Band::Two), true, "11bgn"),
        Network::new(2, Band::Two, guest.as_str(), false, "11bgn"),
        Network::new(5, Band::Five, home.ssid_of(Band::Five), true, "11ac"),
    ];
    for of in &rows {
        let &Network {
            row,
            band,
            on,
            standard,
            ..
        } = of;
        network(book, cpe, now, of)
            .ro("X_HW_RFBand", if band == Band::Two { "2.4G" } else { "5G" })
            .rw("X_HW_HT20", if band == Band::Two { 1_u32 } else { 3 })
            .rw("X_HW_AssociateNum", 32_u32);
        if !on {
            continue;
        }
        stations(book, cpe, now, row, band, |node, thing, dbm| {
            let (down, up) = rates(thing);
            let mbps = |kbps: u64| (kbps / 1000).to_string();
            node.live("X_HW_RSSI", whole(dbm))
                .live("X_HW_Noise", -93)
                .live("X_HW_SNR", whole(dbm + 93.0))
                .live("X_HW_TxRate", mbps(down))
                .live("X_HW_RxRate", mbps(up))
                .live("X_HW_Uptime", now.uptime_s % 40_000)
                .ro("X_HW_AssociatedDevicedescriptions", thing.name.as_str())
                .ro("X_HW_WorkingMode", standard);
        });
    }
    book.at(format!("{LAN}.WiFi.Radio.1"))
        .rw("Enable", true)
        .rw("OperatingFrequencyBand", "2.4GHz");
    book.at(format!("{LAN}.WiFi.Radio.2"))
        .rw("Enable", true)
        .rw("OperatingFrequencyBand", "5GHz");
}
