//! TR-181 WAN connections: which IP interfaces look towards the Internet.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Doc;
use super::stack::{Chain, Stack};
use crate::fact::Fact;
use crate::input::index::Node;
use crate::input::scalar;
use crate::model::{Dhcp, PortMapping, Ppp, Wan, WanKind, WanReason};
use crate::read;

/// The tables that point at IP interfaces, read once.
struct Tables<'i, 'a> {
    dhcp4: Vec<Pointing<'i, 'a>>,
    dhcp6: Vec<Pointing<'i, 'a>>,
    nat: Vec<Pointing<'i, 'a>>,
    pools: Vec<Pointing<'i, 'a>>,
    /// The preferred one first.
    routes: Vec<Pointing<'i, 'a>>,
    routes6: Vec<Pointing<'i, 'a>>,
    dns: Vec<Pointing<'i, 'a>>,
    /// Servers of no interface in particular.
    dns_anywhere: Vec<Node<'i, 'a>>,
    mappings: Vec<Pointing<'i, 'a>>,
}

/// The path of an interface, and a row that names it.
type Pointing<'i, 'a> = (Cow<'i, str>, Node<'i, 'a>);

/// Rows of a table with the interface they point at.
fn pointing<'i, 'a>(doc: Doc<'i, 'a>, rows: Vec<Node<'i, 'a>>) -> Vec<Pointing<'i, 'a>> {
    rows.into_iter()
        .filter_map(|row| Some((doc.canonical(row.reference("Interface")?), row)))
        .collect()
}

impl<'i, 'a> Tables<'i, 'a> {
    fn new(doc: Doc<'i, 'a>, device: Node<'i, 'a>) -> Self {
        let mut routes = Vec::new();
        let mut routes6 = Vec::new();
        for router in device.table("Routing.Router") {
            routes.extend(
                router
                    .table("IPv4Forwarding")
                    .into_iter()
                    .filter(|r| in_force(*r) && is_default(*r)),
            );
            routes6.extend(
                router
                    .table("IPv6Forwarding")
                    .into_iter()
                    .filter(|r| in_force(*r) && is_default6(*r)),
            );
        }
        routes.sort_by_key(|route| metric(*route));
        let mut dns = device.table("DNS.Client.Server");
        dns.extend(device.table("DNS.Relay.Forwarding"));
        dns.retain(|row| in_force(*row));
        Self {
            dhcp4: pointing(doc, device.table("DHCPv4.Client")),
            dhcp6: pointing(doc, device.table("DHCPv6.Client")),
            nat: pointing(doc, device.table("NAT.InterfaceSetting")),
            pools: pointing(doc, device.table("DHCPv4.Server.Pool")),
            routes: pointing(doc, routes),
            routes6: pointing(doc, routes6),
            // An interface never read is unknown; an empty one is "any".
            dns_anywhere: dns
                .iter()
                .filter(|row| row.references("Interface").is_some_and(|r| r.is_empty()))
                .copied()
                .collect(),
            dns: pointing(doc, dns),
            mappings: pointing(doc, device.table("NAT.PortMapping")),
        }
    }
}

fn row_of<'i, 'a>(rows: &[Pointing<'i, 'a>], path: &str) -> Option<Node<'i, 'a>> {
    let mut matching = rows.iter().filter(|(p, _)| p == path).map(|(_, row)| *row);
    let first = matching.next()?;
    if first.is("Enable", false) {
        return matching
            .find(|row| !row.is("Enable", false))
            .or(Some(first));
    }
    Some(first)
}

fn enabled<'i, 'a>(row: Option<Node<'i, 'a>>) -> Option<Node<'i, 'a>> {
    row.filter(|r| !r.is("Enable", false))
}

/// Enabled, and not reported as out of service.
fn in_force(row: Node<'_, '_>) -> bool {
    let status = row.str_of("Status").unwrap_or("Enabled");
    !row.is("Enable", false)
        && !status.to_ascii_lowercase().contains("disabled")
        && !status.to_ascii_lowercase().contains("error")
}

/// The lower, the more preferred; -1 is "no metric".
fn metric(route: Node<'_, '_>) -> u32 {
    route
        .str_of("ForwardingMetric")
        .and_then(scalar::integer)
        .and_then(|m| u32::try_from(m).ok())
        .unwrap_or(0)
}

fn is_default(route: Node<'_, '_>) -> bool {
    let zero = |name| matches!(route.str_of(name), None | Some("0.0.0.0"));
    // A route whose destination was never read is no default route.
    route
        .child("DestIPAddress")
        .is_some_and(|l| l.value().is_some())
        && zero("DestIPAddress")
        && zero("DestSubnetMask")
}

fn is_default6(route: Node<'_, '_>) -> bool {
    route
        .child("DestIPPrefix")
        .is_some_and(|l| l.value().is_some())
        && matches!(route.str_of("DestIPPrefix"), None | Some("::" | "::/0"))
}

pub(crate) fn wans(doc: Doc<'_, '_>) -> Vec<Wan> {
    let Some(device) = doc.tr181 else {
        return Vec::new();
    };
    let stack = Stack::new(doc);
    let tables = Tables::new(doc, device);
    let mut wans: Vec<Wan> = device
        .table("IP.Interface")
        .into_iter()
        .filter(|ip| !is_loopback(*ip))
        .filter_map(|ip| {
            let path = ip.path();
            let chain = stack.below(ip);
            let reasons = reasons(ip, &path, &chain, &tables)?;
            Some(wan(ip, path, &chain, &tables, reasons))
        })
        .collect();
    // Stable sort: the lowest index stays first among equals.
    wans.sort_by_cached_key(|wan| order(wan, &tables));
    let second = wans.get(1).map(|wan| order(wan, &tables));
    if let Some(first) = wans.first_mut() {
        first.primary = true;
        if second == Some(order(first, &tables)) {
            first.reasons.push(WanReason::LowestIndex);
        }
        let mut dns = std::mem::take(&mut first.dns);
        let anywhere = tables.dns_anywhere.iter();
        dns.extend(anywhere.flat_map(|row| row.addresses("DNSServer")));
        first.dns = unique(dns);
    }
    wans
}

pub(crate) fn is_loopback(ip: Node<'_, '_>) -> bool {
    ip.str_of("Type")
        .is_some_and(|t| t.eq_ignore_ascii_case("Loopback"))
        || ip.is("Loopback", true)
        || ip.str_of("Name") == Some("lo")
}

/// Whether an IP interface belongs to the home network.
///
/// A pool that serves it decides; one that is switched off only where nothing leads out.
pub(crate) fn is_lan(
    ip: Node<'_, '_>,
    chain: &Chain<'_, '_>,
    pool: Option<bool>,
    uplink: bool,
) -> bool {
    if ip
        .str_of("X_TP_ConnType")
        .is_some_and(|t| t.eq_ignore_ascii_case("LAN"))
        || pool == Some(true)
    {
        return true;
    }
    let inside = chain.bridge || (pool == Some(false) && !chain.leads_out());
    !chain.ppp && inside && !uplink
}

/// Why an interface is a WAN; none when it is not.
fn reasons(
    ip: Node<'_, '_>,
    path: &str,
    chain: &Chain<'_, '_>,
    tables: &Tables<'_, '_>,
) -> Option<Vec<WanReason>> {
    let dhcp = enabled(row_of(&tables.dhcp4, path)).or(enabled(row_of(&tables.dhcp6, path)));
    let nat = row_of(&tables.nat, path).filter(|r| r.is("Enable", true));
    let route = row_of(&tables.routes, path).or(row_of(&tables.routes6, path));
    let pool = row_of(&tables.pools, path).map(|row| !row.is("Enable", false));
    if is_lan(ip, chain, pool, dhcp.is_some() || route.is_some()) {
        return None;
    }
    let vendor = ip.str_of("X_TP_ConnType").is_some();
    let checks = [
        (chain.ppp, WanReason::ChainHasPpp),
        (chain.optical, WanReason::ChainHasOptical),
        (chain.dsl, WanReason::ChainHasDsl),
        (chain.cellular, WanReason::ChainHasCellular),
        (chain.upstream, WanReason::ChainHasUpstream),
        (dhcp.is_some(), WanReason::HasDhcpClient),
        (nat.is_some(), WanReason::HasNat),
        (vendor, WanReason::VendorType),
        (route.is_some(), WanReason::OwnsDefaultRoute),
    ];
    let reasons: Vec<WanReason> = checks
        .into_iter()
        .filter_map(|(is, why)| is.then_some(why))
        .collect();
    (!reasons.is_empty()).then_some(reasons)
}

/// Smaller is better; field order is the order of the criteria.
type Order = (Reverse<[bool; 2]>, u32, Reverse<[bool; 5]>);

fn order(wan: &Wan, tables: &Tables<'_, '_>) -> Order {
    let has = |reason| wan.reasons.contains(&reason);
    let bridged = has(WanReason::Bridged);
    // Of several default routes the one with the lowest metric carries the traffic.
    let metric = row_of(&tables.routes, &wan.interface).map_or(0, metric);
    (
        Reverse([has(WanReason::UpWithIpv4), has(WanReason::OwnsDefaultRoute)]),
        metric,
        Reverse([
            !bridged && has(WanReason::InternetService),
            has(WanReason::Ipv6Only),
            // A bridge is up without an address whatever becomes of the Internet.
            !bridged && has(WanReason::UpWithoutAddress),
            !has(WanReason::Disabled),
            !bridged,
        ]),
    )
}

fn wan(
    ip: Node<'_, '_>,
    path: String,
    chain: &Chain<'_, '_>,
    tables: &Tables<'_, '_>,
    mut reasons: Vec<WanReason>,
) -> Wan {
    let ppp_layer = chain.layers.iter().copied().find(|l| {
        l.parent()
            .and_then(Node::parent)
            .is_some_and(|t| t.name().eq_ignore_ascii_case("PPP"))
    });
    let dhcp_row = enabled(row_of(&tables.dhcp4, &path));
    let addressing = addressing_type(ip);
    let kind = kind(ip, chain, dhcp_row, addressing);
    let dhcp_row = dhcp_row.filter(|_| kind == WanKind::Dhcp || !chain.ppp);
    let ppp = ppp_layer.map(ppp);
    let status = ip
        .text("Status")
        .or_else(|| ppp.as_ref().and_then(|p| p.status.clone()));
    let (ipv4, netmask) = ipv4(ip, ppp_layer, dhcp_row);
    let is_up = status
        .as_ref()
        .is_some_and(|s| s.value.eq_ignore_ascii_case("Up"));
    let is_down = status.as_ref().is_some_and(|s| {
        ["Down", "LowerLayerDown", "NotPresent"]
            .iter()
            .any(|w| s.value.eq_ignore_ascii_case(w))
    });
    let mut wan = Wan {
        name: ip.first(&["X_TP_ConnName", "Name", "Alias"], Node::text),
        kind,
        medium: chain.medium(),
        enabled: ip.flag("Enable"),
        status,
        ipv4,
        netmask,
        ipv6: ipv6(ip),
        ipv6_prefixes: prefixes(ip),
        gateway: gateway(&path, ppp_layer, dhcp_row, tables),
        dns: dns(&path, ppp_layer, dhcp_row, tables),
        mac: ip
            .mac("MACAddress")
            .or_else(|| chain.layers.iter().find_map(|l| l.mac("MACAddress"))),
        vlan: chain.layers.iter().find_map(|l| l.vlan("VLANID")),
        mtu: ip
            .within("MaxMTUSize", 64..=65_535)
            .or_else(|| ppp_layer.and_then(|p| p.within("CurrentMRUSize", 64..=65_535))),
        service: ip
            .text("X_TP_ServiceType")
            .filter(|s| !s.value.eq_ignore_ascii_case("Unknown")),
        nat: row_of(&tables.nat, &path).and_then(|r| r.flag("Enable")),
        // LastChange counts since the last change of state, so only while up; 0 on a device
        // that has been up for hours means "not implemented".
        uptime_s: ip
            .first(&["X_TP_Uptime", "X_TP_UpTime"], Node::positive)
            .filter(|_| !is_down)
            .or_else(|| ip.positive("LastChange").filter(|_| is_up)),
        last_error: ppp.as_ref().and_then(|p| p.last_error.clone()),
        bytes_sent: ip.unsigned("Stats.BytesSent"),
        bytes_received: ip.unsigned("Stats.BytesReceived"),
        ppp,
        dhcp: dhcp_row.map(dhcp),
        port_mappings: mappings(&path, tables),
        chain: std::iter::once(path.clone())
            .chain(chain.paths.iter().map(|p| p.clone().into_owned()))
            .collect(),
        interface: path,
        primary: false,
        reasons: Vec::new(),
    };
    let internet = wan
        .service
        .as_ref()
        .is_some_and(|s| s.value.to_ascii_lowercase().contains("internet"));
    rank_reasons(&mut reasons, &wan, internet);
    wan.reasons = reasons;
    wan
}

/// Appends the reasons that rank a candidate.
pub(crate) fn rank_reasons(reasons: &mut Vec<WanReason>, wan: &Wan, internet: bool) {
    let disabled = wan.enabled.as_ref().is_some_and(|e| !e.value);
    let up = wan.is_up() == Some(true) && !disabled;
    let usable = wan.ipv4.as_ref().is_some_and(|a| usable(a.value));
    let global = wan.ipv6.as_ref().is_some_and(|a| is_global(a.value));
    let checks = [
        (up && usable, WanReason::UpWithIpv4),
        (internet, WanReason::InternetService),
        (up && !usable && global, WanReason::Ipv6Only),
        (up && !usable && !global, WanReason::UpWithoutAddress),
        (disabled, WanReason::Disabled),
        (wan.kind == WanKind::Bridge, WanReason::Bridged),
    ];
    reasons.extend(checks.into_iter().filter_map(|(is, why)| is.then_some(why)));
}

pub(crate) fn usable(address: Ipv4Addr) -> bool {
    !address.is_unspecified() && !address.is_loopback() && !address.is_link_local()
}

/// An address the Internet can reach; those of a household's own making are not.
pub(crate) fn is_global(address: Ipv6Addr) -> bool {
    !address.is_unique_local()
        && !address.is_unicast_link_local()
        && !address.is_loopback()
        && !address.is_unspecified()
}

fn addressing_type<'i>(ip: Node<'i, '_>) -> Option<&'i str> {
    let rows = ip.table("IPv4Address");
    rows.iter()
        .find(|r| in_force(**r))
        .or(rows.first())?
        .str_of("AddressingType")
}

fn kind(
    ip: Node<'_, '_>,
    chain: &Chain<'_, '_>,
    dhcp: Option<Node<'_, '_>>,
    addressing: Option<&str>,
) -> WanKind {
    if chain.ppp {
        return WanKind::Ppp;
    }
    let vendor = ip
        .str_of("X_TP_ConnType")
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    let says = |word: &str| {
        vendor.contains(word) || addressing.is_some_and(|a| a.to_ascii_lowercase().contains(word))
    };
    if says("bridge") {
        WanKind::Bridge
    } else if says("ppp") || says("ipcp") {
        WanKind::Ppp
    } else if says("static") {
        WanKind::Static
    } else if says("dhcp") || dhcp.is_some() {
        WanKind::Dhcp
    } else {
        WanKind::Unknown
    }
}

type Addresses = (Option<Fact<Ipv4Addr>>, Option<Fact<Ipv4Addr>>);

/// Address and mask, from the same row.
fn ipv4(ip: Node<'_, '_>, ppp: Option<Node<'_, '_>>, dhcp: Option<Node<'_, '_>>) -> Addresses {
    let mut rows: Vec<_> = ip
        .table("IPv4Address")
        .into_iter()
        .filter(|r| in_force(*r))
        .filter_map(|r| Some((r.ipv4("IPAddress")?, r)))
        .filter(|(a, _)| !a.value.is_loopback())
        .collect();
    // One the firmware made up (169.254…) only when there is no other.
    rows.sort_by_key(|(a, _)| !usable(a.value));
    if let Some((address, row)) = rows.into_iter().next() {
        return (Some(address), row.netmask("SubnetMask"));
    }
    if let Some(address) = ppp.and_then(|p| p.ipv4("IPCP.LocalIPAddress")) {
        return (Some(address), None);
    }
    match dhcp.and_then(|d| d.ipv4("IPAddress")) {
        Some(address) => (Some(address), dhcp.and_then(|d| d.netmask("SubnetMask"))),
        None => (None, None),
    }
}

/// The best IPv6 address: global before local.
pub(crate) fn ipv6(ip: Node<'_, '_>) -> Option<Fact<Ipv6Addr>> {
    ipv6_all(ip).into_iter().min_by_key(|a| distance(a.value))
}

/// How far from being reachable an address is.
pub(crate) fn distance(address: Ipv6Addr) -> (bool, bool) {
    (!is_global(address), address.is_unicast_link_local())
}

pub(crate) fn ipv6_all(ip: Node<'_, '_>) -> Vec<Fact<Ipv6Addr>> {
    ip.table("IPv6Address")
        .into_iter()
        .filter(|r| in_force(*r))
        .filter_map(|r| r.ipv6("IPAddress"))
        .collect()
}

fn prefixes(ip: Node<'_, '_>) -> Vec<Fact<String>> {
    ip.table("IPv6Prefix")
        .into_iter()
        // A delegated prefix is not assigned to the WAN itself: its Status may well be Disabled.
        .filter(|r| {
            let says = |n| {
                r.str_of(n)
                    .is_some_and(|t| t.eq_ignore_ascii_case("PrefixDelegation"))
            };
            says("Origin") || says("StaticType")
        })
        .filter_map(|r| r.ipv6_prefix("Prefix"))
        .collect()
}

fn gateway(
    path: &str,
    ppp: Option<Node<'_, '_>>,
    dhcp: Option<Node<'_, '_>>,
    tables: &Tables<'_, '_>,
) -> Option<Fact<IpAddr>> {
    tables
        .routes
        .iter()
        .filter(|(p, _)| p == path)
        .find_map(|(_, route)| route.ipv4("GatewayIPAddress"))
        .or_else(|| ppp?.ipv4("IPCP.RemoteIPAddress"))
        .or_else(|| dhcp?.first_ipv4("IPRouters"))
        .map(|f| f.map(IpAddr::V4))
        .or_else(|| {
            let mut routes = tables.routes6.iter().filter(|(p, _)| p == path);
            routes
                .find_map(|(_, route)| route.ipv6("NextHop"))
                .map(|f| f.map(IpAddr::V6))
        })
}

fn dns(
    path: &str,
    ppp: Option<Node<'_, '_>>,
    dhcp: Option<Node<'_, '_>>,
    tables: &Tables<'_, '_>,
) -> Vec<Fact<IpAddr>> {
    let mut servers = ppp
        .map(|p| p.addresses("IPCP.DNSServers"))
        .unwrap_or_default();
    servers.extend(dhcp.map(|d| d.addresses("DNSServers")).unwrap_or_default());
    for (_, row) in tables.dns.iter().filter(|(p, _)| p == path) {
        servers.extend(row.addresses("DNSServer"));
    }
    unique(servers)
}

/// Keeps the first of equal values.
pub(crate) fn unique<T: PartialEq>(facts: Vec<Fact<T>>) -> Vec<Fact<T>> {
    let mut kept: Vec<Fact<T>> = Vec::with_capacity(facts.len());
    for fact in facts {
        if !kept.iter().any(|k| k.value == fact.value) {
            kept.push(fact);
        }
    }
    kept
}

fn ppp(layer: Node<'_, '_>) -> Ppp {
    Ppp {
        status: layer.text("ConnectionStatus"),
        last_error: layer.text("LastConnectionError"),
        session_id: layer.within("PPPoE.SessionID", 1..=65_535),
        access_concentrator: layer.text("PPPoE.ACName"),
        service_name: layer.text("PPPoE.ServiceName"),
        remote_ip: layer.ipv4("IPCP.RemoteIPAddress"),
    }
}

fn dhcp(row: Node<'_, '_>) -> Dhcp {
    Dhcp {
        status: row.text("DHCPStatus"),
        server: row.ipv4("DHCPServer"),
        lease_remaining_s: row
            .lease("LeaseTimeRemaining")
            .and_then(|l| l.and_then(|v| u64::try_from(v).ok().filter(|v| *v > 0))),
    }
}

fn mappings(path: &str, tables: &Tables<'_, '_>) -> Vec<PortMapping> {
    tables
        .mappings
        .iter()
        .filter(|(interface, _)| interface == path)
        .map(|(_, row)| PortMapping {
            enabled: row.flag("Enable"),
            description: row.text("Description"),
            protocol: row.text("Protocol"),
            external_port: row.port("ExternalPort"),
            external_port_end: row.port("ExternalPortEndRange"),
            internal_port: row.port("InternalPort"),
            internal_client: row
                .text("InternalClient")
                .filter(|c| read::address(&c.value).is_some() || c.value != "0.0.0.0"),
        })
        .collect()
}
