//! Hosts: the host table joined with the stations and the DHCP leases.

use std::collections::HashMap;
use std::net::Ipv6Addr;

use super::Doc;
use crate::fact::{Confidence, Fact};
use crate::input::index::Node;
use crate::mac::MacAddr;
use crate::model::{Band, DhcpLease, Host, HostInterface, Station, Summary};

/// What the other tables know, by MAC address.
struct Known<'s> {
    stations: HashMap<MacAddr, &'s Station>,
    leases: HashMap<MacAddr, &'s DhcpLease>,
    /// Network, band and guest role by the path of the access point or configuration.
    networks: HashMap<String, Network>,
    /// Whether a radio is known to be on 6 GHz; none when no band is known.
    has_6ghz: Option<bool>,
}

#[derive(Clone, Default)]
struct Network {
    ssid: Option<Fact<String>>,
    band: Option<Fact<Band>>,
}

pub(crate) fn hosts(doc: Doc<'_, '_>, summary: &Summary, prefer98: bool) -> Vec<Host> {
    let mut networks = HashMap::new();
    for ssid in &summary.wifi.ssids {
        networks.insert(
            ssid.interface.clone(),
            Network {
                ssid: ssid.ssid.clone(),
                band: ssid.band.clone(),
            },
        );
    }
    for radio in &summary.wifi.radios {
        networks
            .entry(radio.interface.clone())
            .or_insert_with(|| Network {
                ssid: None,
                band: radio.band.clone(),
            });
    }
    let known = Known {
        stations: summary
            .wifi
            .stations
            .iter()
            .filter_map(|s| Some((s.mac.as_ref()?.value, s)))
            .collect(),
        leases: summary
            .lan
            .leases
            .iter()
            .filter_map(|l| Some((l.mac.as_ref()?.value, l)))
            .collect(),
        networks,
        has_6ghz: summary
            .wifi
            .radios
            .iter()
            .filter_map(|r| r.band.as_ref().map(|b| b.value == Band::Ghz6))
            .max(),
    };
    let rows181 = doc.tr181.map(|d| d.table("Hosts.Host")).unwrap_or_default();
    let rows98: Vec<_> = doc
        .tr098
        .into_iter()
        .flat_map(|d| d.table("LANDevice"))
        .flat_map(|l| l.table("Hosts.Host"))
        .collect();
    let mut tables = [
        rows181
            .into_iter()
            .filter_map(|row| host181(doc, row, &known))
            .collect::<Vec<_>>(),
        rows98
            .into_iter()
            .filter_map(|row| host98(row, &known))
            .collect(),
    ];
    if prefer98 {
        tables.reverse();
    }
    unite(tables.into_iter().flatten())
}

/// One row per MAC address; the active row wins, the other fills its gaps.
fn unite(rows: impl Iterator<Item = Host>) -> Vec<Host> {
    let mut hosts: Vec<Host> = Vec::new();
    let mut places: HashMap<MacAddr, usize> = HashMap::new();
    for row in rows {
        let Some(mac) = row.mac.as_ref().map(|m| m.value) else {
            continue;
        };
        let place = *places.entry(mac).or_insert(hosts.len());
        match hosts.get_mut(place) {
            None => hosts.push(row),
            Some(known) => {
                let active = |h: &Host| h.active.as_ref().is_some_and(|a| a.value);
                let (lead, other) = if active(&row) && !active(known) {
                    (row, known.clone())
                } else {
                    (known.clone(), row)
                };
                *known = fill(lead, other);
            }
        }
    }
    hosts
}

fn fill(lead: Host, other: Host) -> Host {
    // A signal belongs to the link it was measured on.
    let same_link =
        lead.interface.as_ref().map(|f| f.value) == other.interface.as_ref().map(|f| f.value);
    Host {
        mac: lead.mac.or(other.mac),
        ipv4: lead.ipv4.or(other.ipv4),
        ipv6: if lead.ipv6.is_empty() {
            other.ipv6
        } else {
            lead.ipv6
        },
        name: lead.name.or(other.name),
        active: lead.active.or(other.active),
        // Where it is connected changes with every row: taken together.
        band: if lead.interface.is_some() {
            lead.band
        } else {
            other.band
        },
        ssid: if lead.interface.is_some() {
            lead.ssid
        } else {
            other.ssid
        },
        port: if lead.interface.is_some() {
            lead.port
        } else {
            other.port
        },
        guest: if lead.interface.is_some() {
            lead.guest
        } else {
            other.guest
        },
        rssi_dbm: if lead.interface.is_some() && !same_link {
            lead.rssi_dbm
        } else {
            lead.rssi_dbm.or(other.rssi_dbm)
        },
        interface: lead.interface.or(other.interface),
        address_source: lead.address_source.or(other.address_source),
        lease_remaining_s: lead.lease_remaining_s.or(other.lease_remaining_s),
        device_type: lead.device_type.or(other.device_type),
    }
}

/// How a host is connected, and what follows from it.
#[derive(Default)]
struct Connection {
    interface: Option<Fact<HostInterface>>,
    band: Option<Fact<Band>>,
    ssid: Option<Fact<String>>,
    port: Option<String>,
    guest: Option<Fact<bool>>,
}

/// A table of addresses, or a list in one leaf.
fn ipv6_addresses(row: Node<'_, '_>) -> Vec<Fact<Ipv6Addr>> {
    let table: Vec<_> = row
        .table("IPv6Address")
        .into_iter()
        .filter_map(|r| r.ipv6("IPAddress"))
        .collect();
    if table.is_empty() {
        row.ipv6_list("IPv6Address")
    } else {
        table
    }
}

fn host181(doc: Doc<'_, '_>, row: Node<'_, '_>, known: &Known<'_>) -> Option<Host> {
    let mac = row.mac("PhysAddress")?;
    let station = known.stations.get(&mac.value).copied();
    let lease = known.leases.get(&mac.value).copied();
    let connection = by_reference(doc, row, "AssociatedDevice", known)
        .or_else(|| by_reference(doc, row, "Layer1Interface", known))
        .or_else(|| by_type(row))
        .or_else(|| by_tp_link(row, known.has_6ghz))
        .or_else(|| by_station(station))
        .unwrap_or_default();
    let host = Host {
        ipv4: row
            .ipv4("IPAddress")
            .or_else(|| {
                row.table("IPv4Address")
                    .into_iter()
                    .find_map(|r| r.ipv4("IPAddress"))
            })
            .or_else(|| station.and_then(|s| s.ipv4.clone()))
            .or_else(|| {
                lease
                    .filter(|l| l.active.as_ref().is_none_or(|a| a.value))
                    .and_then(|l| l.ipv4.clone())
            }),
        ipv6: ipv6_addresses(row),
        name: row
            .host_name("HostName")
            .filter(|n| n.value.parse::<MacAddr>().is_err())
            .or_else(|| station.and_then(|s| s.name.clone())),
        active: row.flag("Active"),
        address_source: row
            .text("AddressSource")
            .filter(|s| !s.value.eq_ignore_ascii_case("None")),
        lease_remaining_s: row.lease("LeaseTimeRemaining").filter(|l| l.value != 0),
        device_type: row
            .text("X_TP_ClientType")
            .filter(|t| !t.value.eq_ignore_ascii_case("Other")),
        mac: Some(mac),
        ..Host::default()
    };
    Some(connect(host, connection, station))
}

fn host98(row: Node<'_, '_>, known: &Known<'_>) -> Option<Host> {
    let mac = row.mac("MACAddress")?;
    let station = known.stations.get(&mac.value).copied();
    let connection = by_layer2(row, known)
        .or_else(|| by_type(row))
        .or_else(|| by_tp_link(row, known.has_6ghz))
        .or_else(|| by_vendor_text(row))
        .or_else(|| by_station(station))
        .unwrap_or_default();
    let host = Host {
        ipv4: row
            .ipv4("IPAddress")
            .or_else(|| station.and_then(|s| s.ipv4.clone())),
        ipv6: ipv6_addresses(row),
        name: row
            .first(
                &["HostName", "X_HW_DeviceName", "X_HW_DevName"],
                Node::host_name,
            )
            .filter(|n| n.value.parse::<MacAddr>().is_err())
            .or_else(|| station.and_then(|s| s.name.clone())),
        active: row.flag("Active"),
        rssi_dbm: row
            .first(&["X_HW_RSSI", "Rssi"], Node::number)
            .filter(|f| (-200.0..0.0).contains(&f.value)),
        address_source: row
            .text("AddressSource")
            .filter(|s| !s.value.eq_ignore_ascii_case("None")),
        lease_remaining_s: row.lease("LeaseTimeRemaining").filter(|l| l.value != 0),
        mac: Some(mac),
        ..Host::default()
    };
    Some(connect(host, connection, station))
}

/// Adds the connection and, on Wi-Fi, what the station table knows.
fn connect(mut host: Host, connection: Connection, station: Option<&Station>) -> Host {
    let wifi = connection
        .interface
        .as_ref()
        .is_some_and(|i| i.value == HostInterface::WiFi);
    host.interface = connection.interface;
    host.band = connection.band;
    host.ssid = connection.ssid;
    host.port = connection.port;
    host.guest = connection.guest;
    if wifi && let Some(station) = station {
        host.band = station.band.clone().or(host.band);
        host.ssid = station.ssid.clone().or(host.ssid);
        host.rssi_dbm = station.rssi_dbm.clone().or(host.rssi_dbm);
        host.port = host.port.or_else(|| Some(station.access_point.clone()));
    }
    host
}

/// `AssociatedDevice` and `Layer1Interface` name a row of the Wi-Fi or Ethernet tables.
fn by_reference(
    doc: Doc<'_, '_>,
    row: Node<'_, '_>,
    leaf: &str,
    known: &Known<'_>,
) -> Option<Connection> {
    let fact = row.text(leaf)?;
    let path = doc.canonical(row.reference(leaf)?).into_owned();
    let interface = |kind| Some(fact.clone().map(|_| kind));
    let after = path
        .split_once('.')
        .map(|(_, rest)| rest)
        .unwrap_or_default();
    if after.starts_with("WiFi.") {
        // The access point of `….AccessPoint.3.AssociatedDevice.1`.
        let point = [".AssociatedDevice", ".STA."]
            .iter()
            .fold(path.as_str(), |path, table| {
                path.split(table).next().unwrap_or_default()
            })
            .to_owned();
        let mut network = known.networks.get(&point).cloned();
        if network.is_none()
            && let Some(ssid) = doc
                .resolve(&point)
                .and_then(|p| p.reference("SSIDReference"))
        {
            network = known.networks.get(doc.canonical(ssid).as_ref()).cloned();
        }
        let network = network.unwrap_or_default();
        return Some(Connection {
            interface: interface(HostInterface::WiFi),
            band: network.band,
            ssid: network.ssid,
            port: Some(point),
            guest: None,
        });
    }
    let kind = if after.starts_with("Ethernet.") {
        HostInterface::Ethernet
    } else if after.starts_with("USB.") {
        HostInterface::Usb
    } else if ["MoCA.", "HPNA.", "HomePlug.", "UPA.", "Ghn.", "G.hn."]
        .iter()
        .any(|p| after.starts_with(p))
    {
        HostInterface::Other
    } else {
        return None;
    };
    Some(Connection {
        interface: interface(kind),
        port: Some(path),
        ..Connection::default()
    })
}

/// `Layer2Interface` names a Wi-Fi configuration or an Ethernet port.
fn by_layer2(row: Node<'_, '_>, known: &Known<'_>) -> Option<Connection> {
    let fact = row.text("Layer2Interface")?;
    let path = crate::read::reference(&fact.value).to_owned();
    let lower = path.to_ascii_lowercase();
    let kind = if lower.contains("wlanconfiguration") || lower.contains("ssid") {
        HostInterface::WiFi
    } else if lower.contains("lanethernetinterfaceconfig")
        || lower.contains("lan") && !lower.contains("landevice")
    {
        HostInterface::Ethernet
    } else if lower.contains("usb") {
        HostInterface::Usb
    } else {
        return None;
    };
    let network = known.networks.get(&path).cloned().unwrap_or_default();
    Some(Connection {
        interface: Some(fact.map(|_| kind)),
        band: network.band,
        ssid: network.ssid,
        port: Some(path),
        guest: None,
    })
}

fn by_type(row: Node<'_, '_>) -> Option<Connection> {
    let interface =
        row.text("InterfaceType")?
            .and_then(|t| match t.to_ascii_lowercase().as_str() {
                "ethernet" | "lan" | "wired" => Some(HostInterface::Ethernet),
                "wi-fi" | "wifi" | "802.11" | "wlan" | "wireless" => Some(HostInterface::WiFi),
                "usb" => Some(HostInterface::Usb),
                "g.hn" | "hpna" | "homepna" | "homeplug" | "moca" | "upa" => {
                    Some(HostInterface::Other)
                }
                // "Other" says nothing: the next rule may.
                _ => None,
            })?;
    Some(Connection {
        interface: Some(interface),
        ..Connection::default()
    })
}

/// TP-Link's `X_TP_LanConnType`.
fn by_tp_link(row: Node<'_, '_>, has_6ghz: Option<bool>) -> Option<Connection> {
    let fact = row.within("X_TP_LanConnType", 0..=10)?;
    let (kind, band, guest) = match fact.value {
        0 => (HostInterface::Ethernet, None, false),
        1 | 8 => (HostInterface::WiFi, Some(Band::Ghz2_4), false),
        2 => (HostInterface::WiFi, Some(Band::Ghz2_4), true),
        3 | 9 => (HostInterface::WiFi, Some(Band::Ghz5), false),
        4 => (HostInterface::WiFi, Some(Band::Ghz5), true),
        // Firmware without 6 GHz writes 5 for "unknown", and so does other for hosts that left;
        // where no radio is known only a host that is there can be on 6 GHz.
        5 if row.is("Active", false) || !has_6ghz.unwrap_or_else(|| row.is("Active", true)) => {
            return None;
        }
        5 => (HostInterface::WiFi, Some(Band::Ghz6), false),
        6 => (HostInterface::WiFi, Some(Band::Ghz6), true),
        10 => (HostInterface::WiFi, None, false),
        _ => return None,
    };
    Some(Connection {
        band: band.map(|b| fact.clone().map(|_| b)),
        guest: guest.then(|| fact.clone().map(|_| true)),
        interface: Some(fact.map(|_| kind)),
        ..Connection::default()
    })
}

/// TP-Link TR-098: `X_TP_ConnIntf` is `2.4GHz`, `5GHz` or a port.
fn by_vendor_text(row: Node<'_, '_>) -> Option<Connection> {
    for name in ["X_TP_ConnIntf", "X_TP_ConnType"] {
        let Some(fact) = row.text(name) else { continue };
        let lower = fact.value.to_ascii_lowercase();
        let band = super::wifi::band_leaf(row, name).filter(|_| lower.contains("ghz"));
        if band.is_some()
            || lower.contains("wireless")
            || lower.contains("wifi")
            || lower.contains("wi-fi")
            || lower.contains("wlan")
        {
            return Some(Connection {
                interface: Some(fact.map(|_| HostInterface::WiFi)),
                band,
                ..Connection::default()
            });
        }
        if lower.contains("wired") || lower.contains("eth") || lower.starts_with("lan") {
            return Some(Connection {
                interface: Some(fact.map(|_| HostInterface::Ethernet)),
                ..Connection::default()
            });
        }
    }
    None
}

fn by_station(station: Option<&Station>) -> Option<Connection> {
    let mac = station?.mac.clone()?;
    Some(Connection {
        interface: Some(
            mac.map(|_| HostInterface::WiFi)
                .with_confidence(Confidence::Inferred),
        ),
        ..Connection::default()
    })
}

/// Gives the stations the names and addresses of the hosts.
pub(crate) fn name_stations(summary: &mut Summary) {
    let hosts: HashMap<MacAddr, &Host> = summary
        .hosts
        .iter()
        .filter_map(|h| Some((h.mac.as_ref()?.value, h)))
        .collect();
    for station in &mut summary.wifi.stations {
        let Some(host) = station.mac.as_ref().and_then(|m| hosts.get(&m.value)) else {
            continue;
        };
        if station.name.is_none() {
            station.name.clone_from(&host.name);
        }
        if station.ipv4.is_none() {
            station.ipv4.clone_from(&host.ipv4);
        }
    }
}
