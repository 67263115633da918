//! Nokia G-1425G-A: optical power in text, bars beside decibels, dates from before the epoch.

use super::igd::{
    Connection, Hosts, Network, WAN, common_interface, connection, hosts, internet, lan_config,
    layer2, management, network, ports, rates, stations,
};
use super::{Facts, identity};
use crate::fleet::household::Band;
use crate::fleet::signal::{Moment, count, whole};
use crate::fleet::tree::{Book, Datum};
use crate::fleet::{Cpe, Trouble};

pub(super) fn write(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        model_name: "G-1425G-A",
        hardware: "3FE77771AEAA",
        software: "3FE49568HJIL92",
        description: "GPON ONT Home Gateway",
        memory_kib: 249_000,
    };
    identity(cpe, now, book, &facts);
    book.at("InternetGatewayDevice.DeviceInfo")
        // The type's case is as the firmware writes it.
        .live(
            "X_ALU-COM_UsedMemory",
            Datum::typed(
                "xsd:unsignedint",
                whole(249_000.0 * (1.0 - now.free)).to_string(),
            ),
        )
        .unread("X_ALU-COM_ServiceManage", "");
    wan(cpe, now, book);
    let light = now.rx_dbm.is_some();
    common_interface(book, now, "GPON", light);
    let dbm = |power: f64| format!("{power:.6}");
    book.at("InternetGatewayDevice.X_ALU_OntOpticalParam")
        .live("RXPower", now.rx_dbm.map_or_else(|| "-".to_owned(), dbm))
        .live("TXPower", dbm(now.tx_dbm))
        .ro("RXPowerLower", "-27.958800")
        .ro("RXPowerUpper", "-7.000000")
        .live(
            "TransceiverTemperature",
            format!("{:.6}", now.temperature_c),
        )
        .live("SupplyVottage", format!("{:.6}", now.volts))
        .live("BiasCurrent", format!("{:.2}", now.bias_ma * 1000.0));
    ports(book, cpe, now, 4, |row| format!("LAN{row}"));
    lan_config(book, &cpe.household, 86_400);
    wifi(cpe, now, book);
    let style = Hosts {
        nameless: "",
        layer2: &|link| layer2(link, 1, 5, ""),
        columns: &|node, thing| {
            let last = if thing.active {
                "22/11/2026 09:12:44"
            } else {
                "31/12/1969 19:00:00"
            };
            node.live("X_ALU-COM_LastActiveTime", last)
                .ro("X_ALU-COM_Vendor", "");
        },
    };
    hosts(book, &cpe.household, &style);
}

fn wan(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let down = cpe.trouble == Trouble::WanDown;
    let rows = [
        (1, true, "1_INTERNET_R_VID_40", 40_u32, internet(cpe, now)),
        (2, false, "2_TR069_R_VID_30", 30, management(cpe, now)),
    ];
    for (device, ppp, name, vlan, address) in rows {
        let of = Connection {
            device,
            row: 1,
            ppp,
            name,
            status: if address.is_some() {
                "Connected"
            } else {
                "Disconnected"
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
            .rw(
                "X_ALU-COM_ServiceList",
                if ppp { "INTERNET" } else { "TR069" },
            )
            .rw("X_ALU-COM_IPMode", 1)
            .unread("X_ALU-COM_FullConeNATEnabled", false);
        book.at(format!(
            "{WAN}.WANConnectionDevice.{device}.WANEthernetLinkConfig"
        ))
        .live(
            "EthernetLinkStatus",
            if now.rx_dbm.is_some() { "Up" } else { "Down" },
        )
        .rw("X_ALU-COM_VLANIDMark", vlan)
        .rw("X_ALU-COM_802-1pMark", -1)
        .rw("X_ALU-COM_Mode", 2);
    }
}

fn wifi(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let home = &cpe.household;
    let rows = [
        Network::new(1, Band::Two, home.ssid_of(Band::Two), true, "b,g,n"),
        Network::new(2, Band::Two, "Invites", false, "b,g,n"),
        Network::new(3, Band::Two, "SSID3", false, "b,g,n"),
        Network::new(5, Band::Five, home.ssid_of(Band::Five), true, "a,n,ac"),
        Network::new(6, Band::Five, "SSID6", false, "a,n,ac"),
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
            .rw("OperatingFrequencyBand", band.text())
            .rw(
                "X_ALU-COM_ChannelBandWidth",
                if band == Band::Two { "40MHz" } else { "80MHz" },
            );
        if !on {
            continue;
        }
        stations(book, cpe, now, row, band, |node, thing, dbm| {
            let (down, up) = rates(thing);
            node.live("SignalStrength", whole(dbm))
                // Bars, not decibels.
                .live("RSSI", count((dbm + 90.0) / 8.0).min(5))
                .live("LastDataDownlinkRate", down)
                .live("LastDataUplinkRate", up)
                .ro("HostName", thing.name.as_str())
                .ro("X_ALU-COM_Standard", standard);
        });
    }
}
