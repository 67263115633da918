//! Intelbras W5-2100G: names that are placeholders, a lease with its bytes swapped, 5 GHz first.

use super::igd::{
    Connection, Hosts, Network, common_interface, connection, hosts, internet, lan_config, layer2,
    network, ports, rates, stations,
};
use super::{Facts, identity};
use crate::fleet::household::Band;
use crate::fleet::signal::{Moment, whole};
use crate::fleet::tree::{Book, Datum};
use crate::fleet::{Cpe, Trouble};

pub(super) fn write(cpe: &Cpe, now: &Moment, book: &mut Book) {
    let facts = Facts {
        // Not a placeholder of ours: the firmware reports this word.
        model_name: "ModelName",
        hardware: "V1.0",
        software: "1.20.4",
        description: "Roteador Wi-Fi 6",
        memory_kib: 62_000,
    };
    identity(cpe, now, book, &facts);
    let down = cpe.trouble == Trouble::WanDown;
    let address = internet(cpe, now);
    let of = Connection {
        device: 1,
        row: 1,
        ppp: true,
        name: "wan0_pppoe",
        status: if address.is_some() {
            "Connected"
        } else {
            "Disconnected"
        },
        address,
        error: if down {
            "ERROR_AUTHENTICATION_FAILURE"
        } else {
            "ERROR_NONE"
        },
        mac: cpe.mac_of(1),
    };
    connection(book, cpe, now, &of)
        .rw("X_ITBS_VlanMuxID", 40)
        .rw("X_ITBS_IfName", "nas0_0");
    let bridged = Connection {
        row: 1,
        device: 2,
        ppp: false,
        name: "wan1_iptv",
        address: None,
        status: "Disconnected",
        error: "ERROR_NONE",
        mac: cpe.mac_of(2),
    };
    connection(book, cpe, now, &bridged)
        .rw("X_ITBS_VlanMuxID", -1)
        .rw("X_ITBS_IfName", "nas0_1");
    common_interface(book, now, "Ethernet", true);
    ports(book, cpe, now, 3, |row| format!("eth0.{}", row + 1));
    lan_config(book, &cpe.household, 7_200);
    let home = &cpe.household;
    let rows = [
        Network::new(1, Band::Five, home.ssid_of(Band::Five), true, "an+ac+ax"),
        Network::new(2, Band::Five, "Invites-5G", false, "an+ac+ax"),
        Network::new(6, Band::Two, home.ssid_of(Band::Two), true, "bgn+ax"),
        Network::new(7, Band::Two, "Invites", false, "bgn+ax"),
    ];
    for of in &rows {
        let &Network { row, band, on, .. } = of;
        network(book, cpe, now, of)
            // A boolean that is neither.
            .rw("X_ITBS_WLAN_Isolation", Datum::typed("xsd:boolean", 2))
            .rw(
                "X_ITBS_WLAN_BandWidth",
                if band == Band::Two { "40" } else { "80" },
            );
        if !on {
            continue;
        }
        stations(book, cpe, now, row, band, |node, thing, dbm| {
            node.live("X_ITBS_WLAN_ClientSignalStrength", whole(dbm))
                .live("LastDataTransmitRate", (rates(thing).0 / 1000).to_string());
        });
    }
    let style = Hosts {
        nameless: "*",
        layer2: &|link| layer2(link, 6, 1, "."),
        columns: &|node, thing| {
            // An hour in network byte order, read on the other side.
            let lease = if thing.lease_s.is_multiple_of(3) {
                1_995_712_256_u32
            } else {
                3_600
            };
            node.live("X_ITBS_LeaseTime", lease).ro("X_ITBS_Vendor", "");
        },
    };
    hosts(book, home, &style);
}
