//! ZTE F670L: a space in the product class, optical power as text in dBm.

use super::igd::{
    Connection, Hosts, Network, WAN, common_interface, connection, hosts, internet, lan_config,
    layer2, management, network, ports, rates, stations,
};
use super::{Facts, identity};
use crate::fleet::household::Band;
use crate::fleet::signal::{Moment, whole};
use crate::fleet::tree::{Book, long};
use crate::fleet::{Cpe, Trouble};

pub(super) fn write(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        model_name: "ZXHN F670L",
        hardware: "V9.0",
        software: "V9.0.11P1N41",
        description: "ZXHN F670L",
        memory_kib: 262_144,
    };
    identity(cpe, now, book, &facts);
    book.at("InternetGatewayDevice.DeviceInfo.TemperatureStatus.TemperatureSensor.1")
        .ro("Name", "CPU")
        .ro("Status", "Enable")
        .live("Value", whole(now.temperature_c + 6.0))
        .live("ResetTime", long(now.uptime_s));
    wan(cpe, now, book);
    let light = now.rx_dbm.is_some();
    common_interface(book, now, "GPON", light);
    book.at(format!("{WAN}.X_ZTE-COM_WANPONInterfaceConfig"))
        .live("Status", if light { "Up" } else { "Down" })
        .live(
            "RXPower",
            now.rx_dbm
                .map_or_else(|| "-40.00".to_owned(), |dbm| format!("{dbm:.2}")),
        )
        .live("TXPower", format!("{:.2}", now.tx_dbm))
        .live("TransceiverTemperature", whole(now.temperature_c))
        .live("SupplyVoltage", whole(now.volts * 1000.0))
        .live("BiasCurrent", whole(now.bias_ma))
        .ro("Loid", "");
    ports(book, cpe, now, 4, |row| format!("LAN{row}"));
    lan_config(book, &cpe.household, 86_400);
    wifi(cpe, now, book);
    let style = Hosts {
        nameless: "",
        layer2: &|link| layer2(link, 1, 5, ""),
        columns: &|node, thing| {
            node.ro("X_ZTE-COM_Alias", "").ro(
                "X_ZTE-COM_LinkType",
                if thing.wifi().is_some() { 2_u32 } else { 1 },
            );
        },
    };
    hosts(book, &cpe.household, &style);
}

fn wan(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let down = cpe.trouble == Trouble::WanDown;
    let rows = [
        (
            1,
            true,
            "omci_ipv4_pppoe_1",
            "INTERNET",
            40_u32,
            internet(cpe, now),
        ),
        (
            2,
            false,
            "omci_ipv4_dhcp_2",
            "TR069",
            30,
            management(cpe, now),
        ),
    ];
    for (device, ppp, name, service, vlan, address) in rows {
        let of = Connection {
            device,
            row: 1,
            ppp,
            name,
            status: if address.is_some() {
                "Connected"
            } else {
                "Connecting"
            },
            address,
            error: if down && ppp {
                "ERROR_AUTHENTICATION_FAILURE"
            } else {
                "ERROR_NONE"
            },
            mac: cpe.mac_of(device),
        };
        connection(book, cpe, now, &of)
            .rw("X_ZTE-COM_ServiceList", service)
            .rw("X_ZTE-COM_VLANID", vlan)
            .rw("X_ZTE-COM_IPMode", "IPv4")
            .unread("X_ZTE-COM_DSCP", -1);
        book.at(format!("{}.X_ZTE-COM_Prefix.1", of.path()))
            .ro("Prefix", "fe80::/64")
            .ro("Origin", "WellKnown")
            .ro("ValidLifetime", "9999-12-31T23:59:59Z");
    }
}

fn wifi(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let home = &cpe.household;
    let rows = [
        Network::new(1, Band::Two, home.ssid_of(Band::Two), true, "b,g,n"),
        Network::new(2, Band::Two, "SSID2", false, "b,g,n"),
        Network::new(3, Band::Two, "SSID3", false, "b,g,n"),
        Network::new(5, Band::Five, home.ssid_of(Band::Five), true, "a,n,ac"),
        Network::new(6, Band::Five, "SSID6", false, "a,n,ac"),
        Network::new(7, Band::Five, "SSID7", false, "a,n,ac"),
    ];
    for of in &rows {
        let &Network { row, band, on, .. } = of;
        network(book, cpe, now, of).rw(
            "X_ZTE-COM_BandWidth",
            if band == Band::Two { "Auto" } else { "80MHz" },
        );
        if !on {
            continue;
        }
        stations(book, cpe, now, row, band, |node, thing, dbm| {
            let (down, _) = rates(thing);
            node.live("X_ZTE-COM_RSSI", whole(dbm))
                .live("X_ZTE-COM_SNR", whole(dbm + 94.0))
                .live("LastDataTransmitRate", (down / 1000).to_string())
                .ro("X_ZTE-COM_HostName", thing.name.as_str());
        });
    }
}
