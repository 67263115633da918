//! The four cards of a device, and what it is.

use std::collections::BTreeMap;

use tr181::{Band, EthernetPort, Fact, Radio, Station, Summary, Wan, WanKind};
use ui_kit::{
    Badge, Bands, Card, DiagnosticCard, Gauge, Lang, Markup, Render as _, Text, Tone, format, html,
    mono,
};

use super::sources::Gathered;
use super::{DeviceView, verdict};

/// A number of the device, which comes in whole units.
fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Optical power, temperature and the like.
pub(super) fn optical(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.t(Text::Optics);
    let card = DiagnosticCard::new("optical", title);
    let Some(optical) = &view.summary.optical else {
        return card
            .badge(Badge::measure(lang, Tone::Idle))
            .figure(lang.t(Text::Unknown), "")
            .more(html! { p.note { (lang.pick(
                "Ce modem ne donne pas de lecture optique.",
                "This modem gives no optical reading.",
            )) } })
            .render();
    };
    let dbm = |value: &f64| format::quantity(lang, *value, 1, "dBm");
    let said = |fact: &Option<Fact<bool>>| fact.as_ref().is_some_and(|fact| fact.value);
    let dark = said(&optical.no_light) || said(&optical.los);
    let mut facts = Gathered::new(view);
    facts.source(lang.t(Text::Received), optical.rx_dbm.as_ref(), dbm);
    facts.source(
        lang.pick("Lumière absente", "No light"),
        optical.no_light.as_ref(),
        |v| yes(lang, *v),
    );
    facts.source(
        lang.pick("Perte de signal", "Loss of signal"),
        optical.los.as_ref(),
        |v| yes(lang, *v),
    );
    facts.row(lang.t(Text::Transmitted), optical.tx_dbm.as_ref(), dbm);
    facts.row(
        lang.t(Text::Temperature),
        optical.temperature_c.as_ref(),
        |v| format::quantity(lang, *v, 0, "°C"),
    );
    facts.row(
        lang.pick("Courant laser", "Laser current"),
        optical.bias_ma.as_ref(),
        |v| format::quantity(lang, *v, 1, "mA"),
    );
    facts.row(
        lang.pick("Tension", "Voltage"),
        optical.voltage_v.as_ref(),
        |v| format::quantity(lang, *v, 2, "V"),
    );
    facts.row(
        lang.t(Text::State),
        optical.state.as_ref().or(optical.status.as_ref()),
        |v| v.clone(),
    );
    facts.fixed(
        lang.pick("Norme", "Standard"),
        optical.standard.as_ref(),
        |v| v.clone(),
    );
    facts.fixed(
        lang.pick("Série optique", "Optical serial"),
        optical.serial.as_ref(),
        |v| mono(v),
    );
    let bands = optical_bands(&view.thresholds.optical);
    let verdict = verdict::tone(view.health.optical);
    let power = optical.rx_dbm.as_ref().map(|fact| fact.value);
    let card = match power {
        _ if dark => card
            .badge(Badge::measure(lang, Tone::Bad))
            .figure(lang.pick("Aucune lumière", "No light"), ""),
        Some(power) => card
            .badge(Badge::measure(lang, verdict))
            .figure(
                format::decimal(lang, power, 1),
                lang.pick("dBm reçus", "dBm received"),
            )
            .gauge(Gauge::new(lang, lang.t(Text::OpticalSignal), power, bands).unit("dBm")),
        None => card
            .badge(Badge::measure(lang, verdict))
            .figure(lang.t(Text::Unknown), ""),
    };
    card.facts(facts.facts())
        .more(facts.table("src-optical", title))
        .render()
}

/// The bands of a gauge, with the limits of the verdict.
fn optical_bands(limits: &tr181::health::OpticalThresholds) -> Bands {
    Bands::new(-32.0, -8.0)
        .until(limits.critical_low_dbm, Tone::Bad)
        .until(limits.low_dbm, Tone::Warn)
        .until(limits.high_dbm, Tone::Ok)
        .until(limits.overload_dbm, Tone::Warn)
        .rest(Tone::Bad)
}

/// The connection that carries the subscriber's traffic.
pub(super) fn internet(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.t(Text::Internet);
    let card = DiagnosticCard::new("wan", title);
    let Some(wan) = view
        .summary
        .primary_wan()
        .or_else(|| view.summary.wan.first())
    else {
        return card
            .badge(Badge::measure(lang, Tone::Idle))
            .figure(lang.t(Text::Unknown), "")
            .more(html! { p.note { (lang.pick(
                "Aucune connexion lue. Relisez le modem.",
                "No connection was read. Read the modem again.",
            )) } })
            .render();
    };
    let mut facts = Gathered::new(view);
    facts.source(lang.t(Text::State), wan.status.as_ref(), |v| v.clone());
    facts.source(
        lang.pick("Sans coupure", "Without a cut"),
        wan.uptime_s.as_ref(),
        |v| format::duration(lang, *v),
    );
    facts.row("IPv4", wan.ipv4.as_ref(), |v| mono(&v.to_string()));
    facts.row("IPv6", wan.ipv6.as_ref(), |v| mono(&v.to_string()));
    facts.row("VLAN", wan.vlan.as_ref(), u16::to_string);
    if !wan.dns.is_empty() {
        let servers: Vec<String> = wan.dns.iter().map(|fact| fact.value.to_string()).collect();
        facts.plain("DNS", mono(&servers.join(", ")));
        for server in &wan.dns {
            facts.source("DNS", Some(server), |v| mono(&v.to_string()));
        }
    }
    facts.plain(lang.pick("Mode", "Mode"), kind(lang, wan.kind));
    facts.row(
        lang.pick("Passerelle", "Gateway"),
        wan.gateway.as_ref(),
        |v| mono(&v.to_string()),
    );
    facts.row("MTU", wan.mtu.as_ref(), u32::to_string);
    let error = wan.last_error.as_ref().filter(|fact| {
        let text = fact.value.trim();
        !text.is_empty() && !text.eq_ignore_ascii_case("ERROR_NONE")
    });
    facts.row(lang.pick("Dernière erreur", "Last error"), error, |v| {
        v.clone()
    });
    facts.row(
        lang.pick("Volume reçu", "Received"),
        wan.bytes_received.as_ref(),
        |v| format::bytes(lang, *v),
    );
    facts.row(
        lang.pick("Volume émis", "Sent"),
        wan.bytes_sent.as_ref(),
        |v| format::bytes(lang, *v),
    );
    facts.source(lang.pick("Service", "Service"), wan.service.as_ref(), |v| {
        v.clone()
    });
    let (figure, unit) = uptime(lang, wan);
    card.badge(wan_badge(lang, wan))
        .figure(figure, unit)
        .facts(facts.facts())
        .more(facts.table("src-wan", title))
        .render()
}

/// The large figure of a connection: how long it has held, else its state.
fn uptime(lang: Lang, wan: &Wan) -> (String, String) {
    let down = wan.is_up() == Some(false);
    match wan.uptime_s.as_ref().map(|fact| fact.value) {
        Some(seconds) if !down => {
            let text = format::duration(lang, seconds);
            match text.split_once('\u{a0}').filter(|_| seconds >= 86_400) {
                Some((number, word)) => (
                    number.to_owned(),
                    format!("{word} {}", lang.pick("sans coupure", "without a cut")),
                ),
                None => (text, lang.pick("sans coupure", "without a cut").to_owned()),
            }
        }
        _ if down => (lang.t(Text::Disconnected).to_owned(), String::new()),
        _ if wan.is_up() == Some(true) => (lang.t(Text::Connected).to_owned(), String::new()),
        _ => (lang.t(Text::Unknown).to_owned(), String::new()),
    }
}

/// The badge of a connection.
pub(super) fn wan_badge(lang: Lang, wan: &Wan) -> Badge {
    if wan.enabled.as_ref().is_some_and(|fact| !fact.value) {
        return Badge::new(Tone::Idle, lang.pick("Désactivée", "Disabled"));
    }
    match wan.is_up() {
        Some(true) => Badge::new(Tone::Ok, lang.t(Text::Connected)),
        Some(false) => Badge::new(Tone::Bad, lang.t(Text::Disconnected)),
        None => Badge::measure(lang, Tone::Idle),
    }
}

/// How a connection gets its address, in a word.
pub(super) fn kind(lang: Lang, kind: WanKind) -> &'static str {
    match kind {
        WanKind::Ppp => "PPPoE",
        WanKind::Dhcp => "DHCP",
        WanKind::Static => lang.pick("adresse fixe", "fixed address"),
        WanKind::Bridge => lang.pick("pont", "bridge"),
        _ => lang.pick("inconnu", "unknown"),
    }
}

/// The name of a band.
pub(super) fn band(lang: Lang, band: Band) -> &'static str {
    match band {
        Band::Ghz2_4 => lang.pick("2,4\u{a0}GHz", "2.4\u{a0}GHz"),
        Band::Ghz5 => "5\u{a0}GHz",
        Band::Ghz6 => "6\u{a0}GHz",
    }
}

fn yes(lang: Lang, value: bool) -> &'static str {
    if value {
        lang.pick("oui", "yes")
    } else {
        lang.pick("non", "no")
    }
}

/// A name to call a station by: what it says it is, else its address.
pub(super) fn station_name(lang: Lang, station: &Station) -> String {
    station
        .name
        .as_ref()
        .map(|fact| fact.value.clone())
        .filter(|name| !name.trim().is_empty())
        .or_else(|| station.mac.as_ref().map(|fact| fact.value.to_string()))
        .unwrap_or_else(|| lang.t(Text::Unknown).to_owned())
}

/// Stations that are not known to have left.
pub(crate) fn present(summary: &Summary) -> impl Iterator<Item = &Station> {
    summary
        .wifi
        .stations
        .iter()
        .filter(|station| station.active.as_ref().is_none_or(|fact| fact.value))
}

/// The radios and who is on them.
pub(super) fn wifi(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.t(Text::Wifi);
    let card = DiagnosticCard::new("wifi", title);
    let wifi = &view.summary.wifi;
    if wifi.radios.is_empty() && wifi.stations.is_empty() && wifi.ssids.is_empty() {
        return card
            .badge(Badge::measure(lang, Tone::Idle))
            .figure(lang.t(Text::Unknown), "")
            .more(html! { p.note { (lang.pick("Aucune radio lue.", "No radio was read.")) } })
            .render();
    }
    let mut on_band: BTreeMap<Band, usize> = BTreeMap::new();
    for station in present(view.summary) {
        if let Some(band) = &station.band {
            *on_band.entry(band.value).or_default() += 1;
        }
    }
    let mut facts = Gathered::new(view);
    for radio in &wifi.radios {
        radio_row(lang, &mut facts, radio, &on_band);
    }
    let weakest = present(view.summary)
        .filter_map(|station| Some((station, station.rssi_dbm.as_ref()?)))
        .filter(|(_, rssi)| rssi.value.is_finite())
        .min_by(|a, b| a.1.value.total_cmp(&b.1.value));
    if let Some((station, rssi)) = weakest {
        let signal = format::quantity(lang, rssi.value, 0, "dBm");
        facts.plain(
            lang.pick("Plus faible", "Weakest"),
            format!("{}, {signal}", station_name(lang, station)),
        );
        facts.source(lang.pick("Plus faible", "Weakest"), Some(rssi), |_| {
            signal.clone()
        });
    }
    for ssid in &wifi.ssids {
        facts.source("SSID", ssid.ssid.as_ref(), |v| v.clone());
    }
    let stations = present(view.summary).count();
    let off = !wifi.radios.is_empty()
        && wifi
            .radios
            .iter()
            .all(|radio| radio.enabled.as_ref().is_some_and(|fact| !fact.value));
    let badge = match verdict::tone(view.health.wifi) {
        _ if off => Badge::new(Tone::Idle, lang.pick("Éteint", "Off")),
        // A device too far away is something to watch, not a fault of the network.
        Tone::Bad | Tone::Warn => Badge::measure(lang, Tone::Warn),
        Tone::Ok | Tone::Info | Tone::Idle => Badge::measure(lang, Tone::Ok),
    };
    card.badge(badge)
        .figure(stations.to_string(), devices(lang, stations))
        .facts(facts.facts())
        .more(facts.table("src-wifi", title))
        .render()
}

fn devices(lang: Lang, count: usize) -> &'static str {
    match (lang, count) {
        (Lang::Fr, 0 | 1) => "appareil",
        (Lang::Fr, _) => "appareils",
        (Lang::En, 1) => "device",
        (Lang::En, _) => "devices",
    }
}

fn radio_row(lang: Lang, facts: &mut Gathered, radio: &Radio, on_band: &BTreeMap<Band, usize>) {
    let on = radio.band.as_ref().map(|fact| fact.value);
    let label = match on {
        Some(on) => band(lang, on).to_owned(),
        None => radio
            .name
            .as_ref()
            .map_or_else(|| "Radio".to_owned(), |fact| fact.value.clone()),
    };
    let mut parts = Vec::new();
    if radio.enabled.as_ref().is_some_and(|fact| !fact.value) {
        parts.push(lang.pick("éteinte", "off").to_owned());
    } else {
        if let Some(channel) = &radio.channel {
            parts.push(format!(
                "{} {}",
                lang.pick("canal", "channel"),
                channel.value
            ));
        }
        if let Some(count) = on.and_then(|on| on_band.get(&on)) {
            parts.push(format!("{count} {}", devices(lang, *count)));
        }
    }
    if !parts.is_empty() {
        facts.plain(label.as_str(), parts.join(" · "));
    }
    facts.source(
        &format!("{label}, {}", lang.pick("canal", "channel")),
        radio.channel.as_ref(),
        u32::to_string,
    );
    facts.source(
        &format!("{label}, {}", lang.pick("largeur", "width")),
        radio.bandwidth.as_ref(),
        |v| v.clone(),
    );
    facts.source(
        &format!("{label}, {}", lang.pick("allumée", "on")),
        radio.enabled.as_ref(),
        |v| yes(lang, *v),
    );
}

/// Whether a port has a cable in it.
fn port_up(port: &EthernetPort) -> Option<bool> {
    let status = &port.status.as_ref()?.value;
    Some(
        ["up", "connected", "1", "true"]
            .iter()
            .any(|word| status.eq_ignore_ascii_case(word)),
    )
}

/// Ports and leases of the home network.
pub(super) fn lan(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.t(Text::LocalNetwork);
    let card = DiagnosticCard::new("lan", title);
    let lan = &view.summary.lan;
    let ports: Vec<&EthernetPort> = lan
        .ports
        .iter()
        .filter(|port| !port.upstream.as_ref().is_some_and(|fact| fact.value))
        .collect();
    let mut facts = Gathered::new(view);
    for (port, number) in ports.iter().zip(1_usize..) {
        let label = port
            .name
            .as_ref()
            .map(|fact| fact.value.trim().to_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| format!("LAN{number}"));
        if port_up(port) == Some(true) {
            let rate = port.rate_mbps.as_ref().filter(|fact| fact.value > 0);
            match rate {
                Some(_) => facts.row(&label, rate, |v| {
                    format::bit_rate(lang, u64::from(*v).saturating_mul(1_000_000))
                }),
                None => facts.row(&label, port.status.as_ref(), |_| lang.t(Text::Connected)),
            }
        } else {
            facts.source(&label, port.status.as_ref(), |v| v.clone());
        }
    }
    let taken = lan
        .leases
        .iter()
        .filter(|lease| lease.active.as_ref().is_none_or(|fact| fact.value))
        .count();
    let room = pool_size(view.summary);
    if !lan.leases.is_empty() {
        let leases = count_of(lang, taken, room);
        facts.plain("DHCP", leases);
    }
    facts.row(lang.t(Text::Address), lan.ipv4.as_ref(), |v| {
        mono(&v.to_string())
    });
    for pool in &lan.dhcp_pools {
        let from = lang.pick("DHCP, première adresse", "DHCP, first address");
        let to = lang.pick("DHCP, dernière adresse", "DHCP, last address");
        facts.source(from, pool.min.as_ref(), |v| mono(&v.to_string()));
        facts.source(to, pool.max.as_ref(), |v| mono(&v.to_string()));
    }
    let known = ports.iter().any(|port| port_up(port).is_some());
    let up = ports
        .iter()
        .filter(|port| port_up(port) == Some(true))
        .count();
    let full = room.is_some_and(|room| whole_usize(taken) >= room && room > 0);
    let card = if known {
        card.figure(
            up.to_string(),
            match (lang, up) {
                (Lang::Fr, 0 | 1) => "port actif",
                (Lang::Fr, _) => "ports actifs",
                (Lang::En, 1) => "active port",
                (Lang::En, _) => "active ports",
            },
        )
    } else {
        card.figure(lang.t(Text::Unknown), "")
    };
    let tone = match verdict::tone(view.health.lan) {
        Tone::Bad => Tone::Bad,
        _ if full => Tone::Warn,
        Tone::Idle if known => Tone::Ok,
        tone => tone,
    };
    card.badge(Badge::measure(lang, tone))
        .facts(facts.facts())
        .more(facts.table("src-lan", title))
        .render()
}

fn whole_usize(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Addresses that the first pool can lend.
fn pool_size(summary: &Summary) -> Option<i64> {
    summary.lan.dhcp_pools.iter().find_map(|pool| {
        let (min, max) = (pool.min.as_ref()?.value, pool.max.as_ref()?.value);
        let size = i64::from(u32::from(max)) - i64::from(u32::from(min)) + 1;
        (size > 0).then_some(size)
    })
}

fn count_of(lang: Lang, taken: usize, room: Option<i64>) -> String {
    let taken = whole_usize(taken);
    let word = match (lang, taken) {
        (Lang::Fr, 0 | 1) => "bail",
        (Lang::Fr, _) => "baux",
        (Lang::En, 1) => "lease",
        (Lang::En, _) => "leases",
    };
    match room {
        Some(room) => format!(
            "{} {word} {} {}",
            format::count(lang, taken),
            lang.pick("sur", "of"),
            format::count(lang, room)
        ),
        None => format!("{} {word}", format::count(lang, taken)),
    }
}

/// What the device is.
pub(super) fn identity(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.pick("Appareil", "Device");
    let identity = &view.summary.identity;
    let mut facts = Gathered::new(view);
    facts.fixed(
        lang.pick("Fabricant", "Maker"),
        identity.manufacturer.as_ref(),
        |v| v.clone(),
    );
    facts.fixed(lang.t(Text::Model), identity.model.as_ref(), |v| v.clone());
    facts.fixed(lang.t(Text::SerialNumber), identity.serial.as_ref(), |v| {
        mono(v)
    });
    facts.fixed(lang.t(Text::Firmware), identity.software.as_ref(), |v| {
        mono(v)
    });
    facts.fixed(
        lang.pick("Matériel", "Hardware"),
        identity.hardware.as_ref(),
        |v| v.clone(),
    );
    facts.row(lang.t(Text::Uptime), identity.uptime_s.as_ref(), |v| {
        format::duration(lang, *v)
    });
    facts.row(
        lang.t(Text::Temperature),
        identity.temperature_c.as_ref(),
        |v| format::quantity(lang, *v, 0, "°C"),
    );
    facts.row(
        lang.pick("Processeur", "Processor"),
        identity.cpu_percent.as_ref(),
        |v| format::percent(lang, f64::from(*v), 0),
    );
    facts.row(
        lang.pick("Mémoire libre", "Free memory"),
        identity.memory_free_kib.as_ref(),
        |v| {
            let free = format::bytes(lang, v.saturating_mul(1024));
            match &identity.memory_total_kib {
                Some(total) => format!(
                    "{free} {} {}",
                    lang.pick("sur", "of"),
                    format::bytes(lang, total.value.saturating_mul(1024))
                ),
                None => free,
            }
        },
    );
    let empty = facts.facts().is_empty();
    Card::new("identity", title)
        .body(html! {
            @if empty { p.muted { (lang.t(Text::Unknown)) } }
            (facts.facts())
            (facts.table("src-identity", title))
        })
        .render()
}

/// A count as it is written in a heading.
pub(super) fn counted(lang: Lang, count: usize) -> String {
    format::count(lang, whole(u64::try_from(count).unwrap_or(u64::MAX)))
}
