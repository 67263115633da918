//! The wide area, the home network, and what hangs on it.

use std::fmt::Display;

use tr181::{Fact, Health, Host, HostInterface, Lan, Wan, WanKind};

use super::facts::Facts;
use super::section;
use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Cell, Table, Tone, clean};

/// A fact's value as text, empty when unknown.
pub(super) fn shown<T: Display>(fact: Option<&Fact<T>>) -> String {
    fact.map(|fact| clean(&fact.value.to_string()))
        .unwrap_or_default()
}

fn list<T: Display>(facts: &[Fact<T>]) -> Option<String> {
    let all: Vec<String> = facts
        .iter()
        .map(|fact| clean(&fact.value.to_string()))
        .collect();
    (!all.is_empty()).then(|| all.join(", "))
}

fn kind(kind: WanKind, lang: Lang) -> &'static str {
    match kind {
        WanKind::Ppp => "PPPoE",
        WanKind::Dhcp => "DHCP",
        WanKind::Static => lang.pick("fixe", "static"),
        WanKind::Bridge => lang.pick("pont", "bridge"),
        _ => "",
    }
}

/// The connection to the Internet, then the others.
pub(super) fn internet(wans: &[Wan], health: &Health, context: &Context, out: &mut String) {
    let lang = context.lang;
    let (primary, others): (Vec<&Wan>, Vec<&Wan>) = wans.iter().partition(|wan| wan.primary);
    for wan in primary {
        section("Internet", wan, context, out);
        let mut facts = Facts::new(context);
        let status = |status: &String| clean(status);
        facts.marked(
            lang.pick("état", "status"),
            wan.status.as_ref(),
            status,
            health.wan,
        );
        let trouble = wan
            .ppp
            .as_ref()
            .and_then(|ppp| ppp.last_error.as_ref())
            .or(wan.last_error.as_ref());
        let trouble =
            trouble.filter(|fact| wan.is_up() != Some(true) && !fact.value.ends_with("NONE"));
        facts.text(lang.pick("dernière erreur", "last error"), trouble);
        let name = shown(wan.name.as_ref());
        let how = [kind(wan.kind, lang), name.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty());
        let how = how.collect::<Vec<_>>().join(" · ");
        facts.bare(
            lang.pick("connexion", "connection"),
            Some(how.as_str()).filter(|how| !how.is_empty()),
        );
        facts.show("IPv4", wan.ipv4.as_ref(), ToString::to_string);
        facts.show("IPv6", wan.ipv6.as_ref(), ToString::to_string);
        facts.bare(
            lang.pick("préfixe IPv6", "IPv6 prefix"),
            list(&wan.ipv6_prefixes).as_deref(),
        );
        facts.show(
            lang.pick("passerelle", "gateway"),
            wan.gateway.as_ref(),
            ToString::to_string,
        );
        facts.bare("DNS", list(&wan.dns).as_deref());
        facts.show("VLAN", wan.vlan.as_ref(), ToString::to_string);
        facts.show("MAC", wan.mac.as_ref(), ToString::to_string);
        facts.show("MTU", wan.mtu.as_ref(), |mtu| {
            lang.quantity(f64::from(*mtu), 0, lang.pick("octets", "bytes"))
        });
        let span = |seconds: &u64| lang.span(i64::try_from(*seconds).unwrap_or(i64::MAX));
        facts.show(
            lang.pick("connecté", "connected for"),
            wan.uptime_s.as_ref(),
            span,
        );
        facts.text("service", wan.service.as_ref());
        facts.draw(out);
        if context.verbose && !wan.chain.is_empty() {
            // Too long for a column.
            let name = context
                .painter
                .paint(Tone::Quiet, lang.pick("couches", "chain"));
            out.push_str(&format!(
                "  {name}  {}
",
                clean(&wan.chain.join(" → "))
            ));
        }
    }
    if !others.is_empty() {
        section(
            lang.pick("Autres connexions", "Other connections"),
            &others,
            context,
            out,
        );
        let names = [
            lang.pick("NOM", "NAME"),
            "TYPE",
            lang.pick("ÉTAT", "STATUS"),
            "IPV4",
            "VLAN",
            "SERVICE",
        ];
        let mut table = Table::headed(&names);
        for wan in others {
            let name = wan
                .name
                .as_ref()
                .map_or_else(|| clean(&wan.interface), |fact| clean(&fact.value));
            table.row([
                Cell::from(name),
                kind(wan.kind, lang).into(),
                shown(wan.status.as_ref()).into(),
                shown(wan.ipv4.as_ref()).into(),
                shown(wan.vlan.as_ref()).into(),
                shown(wan.service.as_ref()).into(),
            ]);
        }
        table.draw(context.painter, out);
    }
}

/// Address, pool and ports of the home network.
pub(super) fn lan(lan: &Lan, context: &Context, out: &mut String) {
    let lang = context.lang;
    let pools = lan
        .dhcp_pools
        .iter()
        .filter(|pool| pool.min.is_some() || pool.max.is_some());
    let pools: Vec<_> = pools.collect();
    if lan.ipv4.is_none() && pools.is_empty() && lan.ports.is_empty() {
        return;
    }
    section(lang.pick("Réseau local", "Home network"), lan, context, out);
    let mut facts = Facts::new(context);
    facts.show(
        lang.pick("adresse", "address"),
        lan.ipv4.as_ref(),
        ToString::to_string,
    );
    for pool in pools {
        let ends = format!(
            "{} – {}",
            shown(pool.min.as_ref()),
            shown(pool.max.as_ref())
        );
        facts.bare(lang.pick("plage DHCP", "DHCP pool"), Some(&ends));
    }
    let ports = lan.ports.iter().map(|port| {
        let name = port
            .name
            .as_ref()
            .map_or_else(|| last(&port.interface), |fact| clean(&fact.value));
        let rate = port.rate_mbps.as_ref().map(|rate| {
            format!(
                " {}",
                lang.quantity(f64::from(rate.value), 0, lang.pick("Mbit/s", "Mbit/s"))
            )
        });
        format!(
            "{name} {}{}",
            shown(port.status.as_ref()),
            rate.unwrap_or_default()
        )
        .trim_end()
        .to_owned()
    });
    let ports = ports.collect::<Vec<_>>().join(" · ");
    facts.bare(
        "ports",
        Some(ports.as_str()).filter(|ports| !ports.is_empty()),
    );
    facts.draw(out);
}

/// The end of a path: `Interface.3`.
pub(super) fn last(path: &str) -> String {
    let path = path.trim_end_matches('.');
    let start = path.rmatch_indices('.').nth(1).map_or(0, |(at, _)| at + 1);
    clean(path.get(start..).unwrap_or(path))
}

/// Everything connected, those present first.
pub(super) fn hosts(hosts: &[Host], context: &Context, out: &mut String) {
    if hosts.is_empty() {
        return;
    }
    let lang = context.lang;
    let name = format!(
        "{} ({})",
        lang.pick("Appareils branchés", "Connected devices"),
        hosts.len()
    );
    section(&name, &hosts, context, out);
    let names = [
        lang.pick("NOM", "NAME"),
        "IPV4",
        "MAC",
        lang.pick("PAR", "BY"),
        lang.pick("PRÉSENCE", "PRESENCE"),
    ];
    let mut table = Table::headed(&names);
    let mut sorted: Vec<&Host> = hosts.iter().collect();
    sorted.sort_by_key(|host| host.active.as_ref().is_some_and(|active| !active.value));
    for host in sorted {
        let by = match host.interface.as_ref().map(|fact| fact.value) {
            Some(HostInterface::Ethernet) => lang.pick("câble", "cable").to_owned(),
            Some(HostInterface::WiFi) => {
                let band = host.band.as_ref().map(|band| format!(" {}", band.value));
                format!("Wi-Fi{}", band.unwrap_or_default())
            }
            Some(HostInterface::Usb) => "USB".to_owned(),
            Some(_) | None => String::new(),
        };
        let presence = match host.active.as_ref().map(|fact| fact.value) {
            Some(true) => Cell::from(lang.pick("là", "here")),
            Some(false) => Cell::toned(Tone::Quiet, lang.pick("absent", "away").to_owned()),
            None => "".into(),
        };
        table.row([
            Cell::from(shown(host.name.as_ref())),
            shown(host.ipv4.as_ref()).into(),
            shown(host.mac.as_ref()).into(),
            by.into(),
            presence,
        ]);
    }
    table.draw(context.painter, out);
}
