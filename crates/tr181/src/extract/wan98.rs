//! TR-098 WAN connections.

use std::cmp::Reverse;
use std::net::IpAddr;

use super::Doc;
use super::wan::{rank_reasons, unique, usable};
use crate::fact::{Confidence, Fact};
use crate::input::index::Node;
use crate::input::scalar;
use crate::model::{Medium, PortMapping, Ppp, Wan, WanKind, WanReason};
use crate::read::reference;

/// Words a service list is made of, as operators write them into connection names.
const SERVICES: [&str; 6] = ["INTERNET", "TR069", "VOIP", "VOICE", "IPTV", "OTHER"];

pub(crate) fn wans(doc: Doc<'_, '_>) -> Vec<Wan> {
    let Some(root) = doc.tr098 else {
        return Vec::new();
    };
    let routing = Routing::new(root);
    let mut wans = Vec::new();
    for device in root.table("WANDevice") {
        let medium = medium(device);
        for container in device.table("WANConnectionDevice") {
            for (table, ppp) in [("WANPPPConnection", true), ("WANIPConnection", false)] {
                for row in container.table(table) {
                    // An instance of which nothing was read is not a connection yet.
                    if row.children().any(|leaf| leaf.value().is_some()) {
                        wans.push(wan(doc, &routing, container, row, ppp, medium));
                    }
                }
            }
        }
    }
    wans.sort_by_key(|wan| Reverse(rank(wan)));
    let second = wans.get(1).map(rank);
    if let Some(first) = wans.first_mut() {
        first.primary = true;
        if second == Some(rank(first)) {
            first.reasons.push(WanReason::LowestIndex);
        }
    }
    wans
}

/// Connected with an address, carries Internet, is the default one, PPP before IP.
fn rank(wan: &Wan) -> [bool; 7] {
    let has = |reason| wan.reasons.contains(&reason);
    let bridged = has(WanReason::Bridged);
    [
        has(WanReason::UpWithIpv4) && !bridged,
        !bridged && has(WanReason::InternetService),
        !bridged && (has(WanReason::DefaultConnectionService) || has(WanReason::OwnsDefaultRoute)),
        has(WanReason::Ipv6Only),
        !bridged && wan.kind == WanKind::Ppp,
        !bridged,
        !has(WanReason::Disabled),
    ]
}

struct Routing<'i> {
    default_service: Option<&'i str>,
    default_route: Option<&'i str>,
}

impl<'i> Routing<'i> {
    fn new(root: Node<'i, '_>) -> Self {
        let default_route = root
            .table("Layer3Forwarding.Forwarding")
            .into_iter()
            .find_map(|row| {
                let zero = |name| matches!(row.str_of(name), None | Some("0.0.0.0"));
                let read = row
                    .child("DestIPAddress")
                    .is_some_and(|l| l.value().is_some());
                let off = row.is("Enable", false) || row.str_of("Status") == Some("Disabled");
                (read && zero("DestIPAddress") && zero("DestSubnetMask") && !off)
                    .then(|| row.reference("Interface"))?
            });
        Self {
            default_service: root
                .at("Layer3Forwarding")
                .and_then(|l| l.reference("DefaultConnectionService")),
            default_route,
        }
    }
}

fn medium(device: Node<'_, '_>) -> Option<Medium> {
    let access = device
        .str_of("WANCommonInterfaceConfig.WANAccessType")
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    if access.contains("pon") || access.contains("fib") || access.contains("optic") {
        Some(Medium::Optical)
    } else if access.contains("dsl") {
        Some(Medium::Dsl)
    } else if access.contains("eth") {
        // A PON terminal may call its WAN Ethernet; the optical object tells.
        Some(if has_pon(device) {
            Medium::Optical
        } else {
            Medium::Ethernet
        })
    } else {
        has_pon(device).then_some(Medium::Optical)
    }
}

fn has_pon(device: Node<'_, '_>) -> bool {
    device
        .children()
        .any(|c| c.name().to_ascii_lowercase().contains("pon") && c.has_value())
}

fn wan(
    doc: Doc<'_, '_>,
    routing: &Routing<'_>,
    container: Node<'_, '_>,
    row: Node<'_, '_>,
    is_ppp: bool,
    medium: Option<Medium>,
) -> Wan {
    let path = row.path();
    let bridged = row
        .str_of("ConnectionType")
        .is_some_and(|t| t.to_ascii_lowercase().contains("bridge"));
    let kind = kind(row, is_ppp, bridged);
    let routed = (!bridged).then_some(row);
    let service = service(doc, row);
    let dns6 = [
        "X_ZTE-COM_IPv6DNSServers",
        "X_CT-COM_IPv6DNSServers",
        "X_CMCC_IPv6DNSServers",
    ];
    let mut dns = routed
        .map(|r| r.addresses("DNSServers"))
        .unwrap_or_default();
    dns.extend(
        routed
            .into_iter()
            .flat_map(|r| dns6.iter().flat_map(move |name| r.addresses(name))),
    );
    let wan = Wan {
        name: row.text("Name"),
        kind,
        medium,
        enabled: row.flag("Enable"),
        status: row.text("ConnectionStatus"),
        ipv4: routed.and_then(|r| r.ipv4("ExternalIPAddress")),
        netmask: routed.and_then(|r| r.netmask("SubnetMask")),
        ipv6: routed.and_then(ipv6),
        ipv6_prefixes: routed.map(prefixes).unwrap_or_default(),
        gateway: routed
            .and_then(|r| r.first(&["DefaultGateway", "RemoteIPAddress"], Node::ipv4))
            .map(|f| f.map(IpAddr::V4)),
        dns: unique(dns),
        mac: row.mac("MACAddress"),
        vlan: vlan(doc, container, row),
        mtu: row.first(&["MaxMTUSize", "CurrentMRUSize", "MaxMRUSize"], |n, l| {
            n.within(l, 64..=65_535)
        }),
        service,
        nat: row.flag("NATEnabled"),
        uptime_s: row.positive("Uptime"),
        last_error: row.text("LastConnectionError"),
        bytes_sent: row.unsigned("Stats.EthernetBytesSent"),
        bytes_received: row.unsigned("Stats.EthernetBytesReceived"),
        ppp: (is_ppp && !bridged).then(|| ppp(row)),
        dhcp: None,
        port_mappings: mappings(row),
        chain: std::iter::successors(Some(row), |n| n.parent())
            .filter(|n| n.name().parse::<u64>().is_ok())
            .map(Node::path)
            .collect(),
        interface: path,
        primary: false,
        reasons: Vec::new(),
    };
    ranked(wan, routing)
}

fn ranked(mut wan: Wan, routing: &Routing<'_>) -> Wan {
    if wan.is_up() == Some(false) {
        wan.uptime_s = None;
    }
    let mut reasons = vec![WanReason::WanConnectionTable];
    if routing.default_route == Some(reference(&wan.interface)) {
        reasons.push(WanReason::OwnsDefaultRoute);
    }
    if routing.default_service == Some(reference(&wan.interface)) {
        reasons.push(WanReason::DefaultConnectionService);
    }
    let internet = wan
        .service
        .as_ref()
        .is_some_and(|s| s.value.to_ascii_uppercase().contains("INTERNET"));
    rank_reasons(&mut reasons, &wan, internet);
    // Without a status, an address that can be used is as good as "connected".
    if wan.status.is_none() && wan.ipv4.as_ref().is_some_and(|a| usable(a.value)) {
        reasons.push(WanReason::UpWithIpv4);
    }
    wan.reasons = reasons;
    wan
}

fn kind(row: Node<'_, '_>, ppp: bool, bridged: bool) -> WanKind {
    if bridged {
        return WanKind::Bridge;
    }
    if ppp {
        return WanKind::Ppp;
    }
    match row
        .str_of("AddressingType")
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("dhcp") => WanKind::Dhcp,
        Some("static") => WanKind::Static,
        _ => WanKind::Unknown,
    }
}

/// The service list, or what the connection's name says of it.
fn service(doc: Doc<'_, '_>, row: Node<'_, '_>) -> Option<Fact<String>> {
    if let Some(listed) = doc
        .vendor
        .wan_service
        .iter()
        .find_map(|leaf| row.text(leaf))
    {
        return Some(listed);
    }
    let name = row.text("Name")?;
    let words: Vec<&str> = name
        .value
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter_map(|word| SERVICES.into_iter().find(|s| s.eq_ignore_ascii_case(word)))
        .collect();
    (!words.is_empty()).then(|| {
        name.map(|_| words.join("_"))
            .with_confidence(Confidence::Inferred)
    })
}

fn vlan(doc: Doc<'_, '_>, container: Node<'_, '_>, row: Node<'_, '_>) -> Option<Fact<u16>> {
    // The connection's own leaf before the one of the device that carries it.
    let listed = doc
        .vendor
        .wan_vlan
        .iter()
        .find_map(|leaf| row.vlan(leaf).or_else(|| container.vlan(leaf)));
    listed.or_else(|| {
        // "4_TR069_INTERNET_R_VID_1": the name is made from the VLAN.
        let name = row.text("Name")?;
        let mut words = name
            .value
            .split('_')
            .skip_while(|w| !w.eq_ignore_ascii_case("VID"));
        let id = u16::try_from(scalar::integer(words.nth(1)?)?)
            .ok()
            .filter(|v| (1..=4094).contains(v))?;
        Some(name.map(|_| id).with_confidence(Confidence::Inferred))
    })
}

fn ipv6(row: Node<'_, '_>) -> Option<Fact<std::net::Ipv6Addr>> {
    let mut all: Vec<_> = row
        .table("X_HW_IPv6.IPv6Address")
        .into_iter()
        .filter_map(|r| r.ipv6("IPAddress"))
        .collect();
    all.extend(
        [
            "X_ZTE-COM_ExternalIPv6Address",
            "X_CT-COM_IPv6IPAddress",
            "X_CMCC_IPv6IPAddress",
            "X_FH_IPv6IPAddress",
            "X_TP_ExternalIPv6Address",
        ]
        .iter()
        .filter_map(|name| row.ipv6(name)),
    );
    all.into_iter()
        .min_by_key(|a| super::wan::distance(a.value))
}

fn prefixes(row: Node<'_, '_>) -> Vec<Fact<String>> {
    let delegated = |r: &Node<'_, '_>| {
        r.str_of("Origin")
            .is_none_or(|o| o.eq_ignore_ascii_case("PrefixDelegation"))
    };
    let mut all: Vec<_> = row
        .table("X_HW_IPv6.IPv6Prefix")
        .into_iter()
        .filter(delegated)
        .filter_map(|r| r.ipv6_prefix("Prefix"))
        .collect();
    let leaves = ["X_ZTE-COM_PD", "X_CT-COM_IPv6Prefix", "X_CMCC_IPv6Prefix"];
    all.extend(leaves.iter().filter_map(|name| row.ipv6_prefix(name)));
    all
}

fn ppp(row: Node<'_, '_>) -> Ppp {
    Ppp {
        status: row.text("ConnectionStatus"),
        last_error: row.text("LastConnectionError"),
        session_id: row.within("PPPoESessionID", 1..=65_535),
        access_concentrator: row.text("PPPoEACName"),
        service_name: row.text("PPPoEServiceName"),
        remote_ip: row.ipv4("RemoteIPAddress"),
    }
}

fn mappings(row: Node<'_, '_>) -> Vec<PortMapping> {
    row.table("PortMapping")
        .into_iter()
        .map(|m| PortMapping {
            enabled: m.flag("PortMappingEnabled"),
            description: m.text("PortMappingDescription"),
            protocol: m.text("PortMappingProtocol"),
            external_port: m.port("ExternalPort"),
            external_port_end: m.port("ExternalPortEndRange"),
            internal_port: m.port("InternalPort"),
            internal_client: m.text("InternalClient").filter(|c| c.value != "0.0.0.0"),
        })
        .collect()
}
