//! The home network.

use std::borrow::Cow;

use super::Doc;
use super::stack::Stack;
use super::wan::{ipv6_all, is_lan, is_loopback};
use crate::fact::Fact;
use crate::input::index::Node;
use crate::input::scalar;
use crate::model::{DhcpLease, DhcpPool, EthernetPort, Lan, LanInterface};

pub(crate) fn tr181(doc: Doc<'_, '_>) -> Lan {
    let Some(device) = doc.tr181 else {
        return Lan::default();
    };
    let stack = Stack::new(doc);
    let pools = device.table("DHCPv4.Server.Pool");
    let clients: Vec<Cow<'_, str>> = device
        .table("DHCPv4.Client")
        .iter()
        .filter(|c| !c.is("Enable", false))
        .filter_map(|c| c.reference("Interface"))
        .map(|r| doc.canonical(r))
        .collect();
    let served: Vec<(Cow<'_, str>, bool)> = pools
        .iter()
        .filter_map(|p| {
            let interface = doc.canonical(p.reference("Interface")?);
            Some((interface, !p.is("Enable", false)))
        })
        .collect();
    let mut interfaces = Vec::new();
    for ip in device
        .table("IP.Interface")
        .into_iter()
        .filter(|ip| !is_loopback(*ip))
    {
        let path = ip.path();
        let chain = stack.below(ip);
        let pool = served
            .iter()
            .filter(|(interface, _)| *interface == path)
            .map(|(_, on)| *on)
            .max();
        if !is_lan(ip, &chain, pool, clients.iter().any(|c| *c == path)) {
            continue;
        }
        let address = ip.table("IPv4Address").into_iter().find_map(|row| {
            let off = row.is("Enable", false);
            (!off).then(|| {
                row.ipv4("IPAddress")
                    .map(|a| (a, row.netmask("SubnetMask")))
            })?
        });
        let (ipv4, netmask) = address.map_or((None, None), |(a, m)| (Some(a), m));
        interfaces.push(LanInterface {
            name: ip.text("Name"),
            status: ip.text("Status"),
            ipv4,
            netmask,
            ipv6: ipv6_all(ip),
            mac: ip
                .mac("MACAddress")
                .or_else(|| chain.layers.iter().find_map(|l| l.mac("MACAddress"))),
            interface: path,
        });
    }
    // The network that hands out addresses and is up is the household's own.
    let main = |i: &LanInterface| {
        let pool = served
            .iter()
            .any(|(interface, on)| *on && *interface == i.interface);
        let up = i
            .status
            .as_ref()
            .is_some_and(|s| s.value.eq_ignore_ascii_case("Up"));
        (i.ipv4.is_some(), pool, up)
    };
    interfaces.sort_by_key(|i| std::cmp::Reverse(main(i)));
    lan(
        interfaces,
        pools
            .iter()
            .map(|p| {
                pool181(
                    *p,
                    device.at("DHCPv4.Server").and_then(|s| s.flag("Enable")),
                )
            })
            .collect(),
        pools.iter().flat_map(|p| leases181(*p)).collect(),
        device
            .table("Ethernet.Interface")
            .into_iter()
            .map(port181)
            .collect(),
    )
}

fn lan(
    interfaces: Vec<LanInterface>,
    dhcp_pools: Vec<DhcpPool>,
    leases: Vec<DhcpLease>,
    ports: Vec<EthernetPort>,
) -> Lan {
    let first = interfaces.first().cloned().unwrap_or_default();
    Lan {
        interface: interfaces.first().map(|i| i.interface.clone()),
        ipv4: first.ipv4,
        netmask: first.netmask,
        ipv6: first.ipv6.into_iter().next(),
        mac: first.mac,
        interfaces,
        dhcp_pools,
        leases,
        ports,
    }
}

fn pool181(row: Node<'_, '_>, server: Option<Fact<bool>>) -> DhcpPool {
    DhcpPool {
        pool: row.path(),
        // A pool of a stopped server hands out nothing.
        enabled: server.filter(|s| !s.value).or_else(|| row.flag("Enable")),
        min: row.ipv4("MinAddress"),
        max: row.ipv4("MaxAddress"),
        netmask: row.netmask("SubnetMask"),
        gateway: row.first_ipv4("IPRouters"),
        dns: ipv4_list(row, "DNSServers"),
        domain: row.text("DomainName"),
        lease_s: row.lease("LeaseTime").filter(|l| l.value != 0),
        reservations: row
            .table("StaticAddress")
            .into_iter()
            .filter_map(reservation)
            .collect(),
    }
}

fn ipv4_list(row: Node<'_, '_>, name: &str) -> Vec<Fact<std::net::Ipv4Addr>> {
    row.addresses(name)
        .into_iter()
        .filter_map(|f| {
            f.and_then(|a| match a {
                std::net::IpAddr::V4(v4) => Some(v4),
                std::net::IpAddr::V6(_) => None,
            })
        })
        .collect()
}

fn reservation(row: Node<'_, '_>) -> Option<DhcpLease> {
    let mac = row.mac("Chaddr")?;
    Some(DhcpLease {
        mac: Some(mac),
        ipv4: row.ipv4("Yiaddr"),
        active: row.flag("Enable"),
        expires_at: None,
    })
}

fn leases181(pool: Node<'_, '_>) -> Vec<DhcpLease> {
    pool.table("Client")
        .into_iter()
        .filter_map(|client| {
            let mac = client.mac("Chaddr")?;
            let rows = client.table("IPv4Address");
            let row = rows.iter().find(|r| r.ipv4("IPAddress").is_some());
            Some(DhcpLease {
                mac: Some(mac),
                ipv4: row.and_then(|r| r.ipv4("IPAddress")),
                active: client.flag("Active"),
                expires_at: row.and_then(|r| r.time("LeaseTimeRemaining")),
            })
        })
        .collect()
}

fn port181(row: Node<'_, '_>) -> EthernetPort {
    EthernetPort {
        interface: row.path(),
        name: row.first(&["X_TP_IfNameAlias", "Name", "Alias"], Node::text),
        status: row.text("Status"),
        upstream: row.flag("Upstream"),
        rate_mbps: row.within("CurrentBitRate", 1..=1_000_000),
        max_rate_mbps: row.within("MaxBitRate", 1..=1_000_000),
        duplex: row.text("DuplexMode"),
        mac: row.mac("MACAddress"),
    }
}

pub(crate) fn tr098(doc: Doc<'_, '_>) -> Lan {
    let Some(root) = doc.tr098 else {
        return Lan::default();
    };
    let mut interfaces = Vec::new();
    let mut pools = Vec::new();
    let mut ports = Vec::new();
    let mut disabled = Vec::new();
    for device in root.table("LANDevice") {
        if let Some(config) = device.child("LANHostConfigManagement") {
            let ipv6: Vec<_> = config
                .table("X_HW_IPv6Interface")
                .into_iter()
                .flat_map(|i| i.table("IPv6Address"))
                .filter_map(|a| a.ipv6("IPv6Address"))
                .collect();
            for (position, row) in config.table("IPInterface").into_iter().enumerate() {
                if row.is("Enable", false) {
                    disabled.push(row.path());
                }
                interfaces.push(LanInterface {
                    interface: row.path(),
                    name: None,
                    status: None,
                    ipv4: row.ipv4("IPInterfaceIPAddress"),
                    netmask: row.netmask("IPInterfaceSubnetMask"),
                    ipv6: if position == 0 {
                        ipv6.clone()
                    } else {
                        Vec::new()
                    },
                    mac: config.mac("MACAddress"),
                });
            }
            pools.extend(pool98(config));
        }
        ports.extend(
            device
                .table("LANEthernetInterfaceConfig")
                .into_iter()
                .map(port98),
        );
    }
    // Some firmware says its only interface is disabled: last, but not left out.
    interfaces.sort_by_key(|i| (i.ipv4.is_none(), disabled.contains(&i.interface)));
    ports.retain(|p: &EthernetPort| p.status.is_some() || p.name.is_some() || p.mac.is_some());
    lan(interfaces, pools, Vec::new(), ports)
}

fn pool98(config: Node<'_, '_>) -> Option<DhcpPool> {
    let pool = DhcpPool {
        pool: config.path(),
        enabled: config.flag("DHCPServerEnable"),
        min: config.ipv4("MinAddress"),
        max: config.ipv4("MaxAddress"),
        netmask: config.netmask("SubnetMask"),
        gateway: config.first_ipv4("IPRouters"),
        dns: ipv4_list(config, "DNSServers"),
        domain: config.text("DomainName"),
        lease_s: config.lease("DHCPLeaseTime").filter(|l| l.value != 0),
        reservations: config
            .table("DHCPStaticAddress")
            .into_iter()
            .filter_map(reservation)
            .collect(),
    };
    (pool.enabled.is_some() || pool.min.is_some()).then_some(pool)
}

fn port98(row: Node<'_, '_>) -> EthernetPort {
    EthernetPort {
        interface: row.path(),
        name: row.text("Name"),
        status: row.text("Status"),
        upstream: None,
        rate_mbps: speed(row),
        max_rate_mbps: row.within("MaxBitRate", 1..=1_000_000),
        duplex: row.text("DuplexMode"),
        mac: row.mac("MACAddress"),
    }
}

/// Huawei writes `1000` or `Auto_1000`; without a link the rate is what the port last tried.
fn speed(row: Node<'_, '_>) -> Option<Fact<u32>> {
    let up = row
        .str_of("Status")
        .is_some_and(|s| s.eq_ignore_ascii_case("Up"));
    let text = row.text("X_HW_Speed").filter(|_| up)?;
    text.and_then(|t| {
        let digits = t.rsplit('_').next()?;
        u32::try_from(scalar::integer(digits)?)
            .ok()
            .filter(|v| *v > 0)
    })
}
