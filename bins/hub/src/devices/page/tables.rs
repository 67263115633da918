//! The lists of a device: other connections, stations, hosts.

use tr181::{Fact, Host, HostInterface, Station, Wan};
use ui_kit::{
    Align, Badge, Bands, Card, Empty, Icon, Lang, Markup, Render as _, Row, Table, Text, Tone,
    format, html, mono,
};

use super::DeviceView;
use super::cards::{band, counted, kind, present, station_name, wan_badge};

/// Most rows of one list: a page stays light even when a device invents hosts.
const MOST_ROWS: usize = 64;

/// A line that says that a list was cut.
fn rest(lang: Lang, all: usize) -> Option<String> {
    let more = all.checked_sub(MOST_ROWS).filter(|more| *more > 0)?;
    let number = counted(lang, more);
    Some(match (lang, more) {
        (Lang::Fr, 1) => "et 1 autre".to_owned(),
        (Lang::Fr, _) => format!("et {number} autres"),
        (Lang::En, _) => format!("and {number} more"),
    })
}

/// How long a list is, and how much of it is not there now: the card above counts who is.
struct Length {
    all: usize,
    absent: usize,
}

impl Length {
    fn words(&self, lang: Lang) -> String {
        let all = counted(lang, self.all);
        let absent = counted(lang, self.absent);
        match (lang, self.absent) {
            (_, 0) => all,
            (Lang::Fr, 1) => format!("{all}, dont 1 absent"),
            (Lang::Fr, _) => format!("{all}, dont {absent} absents"),
            (Lang::En, _) => format!("{all}, {absent} of them away"),
        }
    }
}

/// Whether a device is known to have left.
fn has_left(active: Option<&Fact<bool>>) -> bool {
    active.is_some_and(|fact| !fact.value)
}

fn absent(lang: Lang) -> Badge {
    Badge::new(Tone::Idle, lang.pick("Absent", "Away"))
}

fn card(
    id: &str,
    title: &str,
    lang: Lang,
    length: &Length,
    table: Table,
    empty: (Icon, &str),
) -> Markup {
    let all = length.all;
    let card = Card::new(id, title).aside(length.words(lang));
    let card = if all == 0 {
        card.flush(Empty::new(empty.0, empty.1))
    } else {
        card.flush(table)
    };
    match rest(lang, all) {
        Some(words) => card.footer(words).render(),
        None => card.render(),
    }
}

/// The connections that do not carry the subscriber's traffic: management, voice, television.
pub(super) fn other_wans(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let primary = view
        .summary
        .primary_wan()
        .or_else(|| view.summary.wan.first());
    let others: Vec<&Wan> = view
        .summary
        .wan
        .iter()
        .filter(|wan| !primary.is_some_and(|primary| std::ptr::eq(*wan, primary)))
        .collect();
    if others.is_empty() {
        return html! {};
    }
    let title = lang.pick("Autres connexions", "Other connections");
    let table = Table::new(title)
        .column(lang.t(Text::Name), Align::Text)
        .column(lang.pick("Service", "Service"), Align::Text)
        .column(lang.t(Text::State), Align::State)
        .column("VLAN", Align::Text)
        .column("IPv4", Align::Text)
        .column(lang.pick("Mode", "Mode"), Align::Text)
        .rows(others.iter().take(MOST_ROWS).map(|wan| {
            let name = wan
                .name
                .as_ref()
                .map_or(wan.interface.as_str(), |fact| &fact.value);
            Row::new(name)
                .cell_if(wan.service.as_ref().map(|fact| fact.value.as_str()))
                .cell(wan_badge(lang, wan))
                .cell_if(wan.vlan.as_ref().map(|fact| fact.value.to_string()))
                .cell_if(wan.ipv4.as_ref().map(|fact| mono(&fact.value.to_string())))
                .cell(kind(lang, wan.kind))
        }));
    let length = Length {
        all: others.len(),
        absent: 0,
    };
    card("wans", title, lang, &length, table, (Icon::Globe, ""))
}

fn rate(lang: Lang, station: &Station) -> Option<String> {
    let write = |kbps: u64| format::bit_rate(lang, kbps.saturating_mul(1000));
    let down = station
        .rate_down_kbps
        .as_ref()
        .filter(|fact| fact.value > 0);
    let up = station.rate_up_kbps.as_ref().filter(|fact| fact.value > 0);
    match (down, up) {
        (Some(down), Some(up)) => Some(format!("{} / {}", write(down.value), write(up.value))),
        (Some(one), None) | (None, Some(one)) => Some(write(one.value)),
        (None, None) => None,
    }
}

/// The signal of a station, in words that a badge can carry.
fn signal(view: &DeviceView<'_>, dbm: f64) -> Badge {
    let limits = &view.thresholds.wifi;
    let bands = Bands::new(-95.0, -30.0)
        .until(limits.bad_dbm, Tone::Bad)
        .until(limits.marginal_dbm, Tone::Warn)
        .rest(Tone::Ok);
    Badge::new(bands.tone(dbm), format::quantity(view.lang, dbm, 0, "dBm"))
}

/// Who is on Wi-Fi, the weakest first; then who has left.
pub(super) fn stations(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.pick("Appareils sur le Wi-Fi", "Devices on Wi-Fi");
    let mut list: Vec<&Station> = view.summary.wifi.stations.iter().collect();
    list.sort_by(|a, b| {
        let power = |s: &Station| s.rssi_dbm.as_ref().map_or(f64::INFINITY, |fact| fact.value);
        let left = |s: &Station| has_left(s.active.as_ref());
        left(a).cmp(&left(b)).then(power(a).total_cmp(&power(b)))
    });
    let length = Length {
        all: list.len(),
        absent: list.len() - present(view.summary).count(),
    };
    let table = Table::new(title)
        .column(lang.t(Text::Name), Align::Text)
        .column(lang.t(Text::Signal), Align::State)
        .column(lang.pick("Réseau", "Network"), Align::Text)
        .column(lang.t(Text::Band), Align::Text)
        .column(lang.pick("Débit", "Rate"), Align::Text)
        .column(lang.pick("Depuis", "For"), Align::Text)
        .column(lang.t(Text::MacAddress), Align::Text)
        .rows(list.iter().take(MOST_ROWS).map(|station| {
            Row::new(station_name(lang, station))
                .cell(match &station.rssi_dbm {
                    // What it was heard at says nothing once it has left.
                    _ if has_left(station.active.as_ref()) => absent(lang),
                    Some(fact) => signal(view, fact.value),
                    None => Badge::measure(lang, Tone::Idle),
                })
                .cell_if(station.ssid.as_ref().map(|fact| fact.value.as_str()))
                .cell_if(station.band.as_ref().map(|fact| band(lang, fact.value)))
                .cell_if(rate(lang, station))
                .cell_if(
                    station
                        .connected_s
                        .as_ref()
                        .map(|fact| format::duration(lang, fact.value)),
                )
                .cell_if(
                    station
                        .mac
                        .as_ref()
                        .map(|fact| mono(&fact.value.to_string())),
                )
        }));
    let none = lang.pick("Aucun appareil sur le Wi-Fi.", "No device on Wi-Fi.");
    card("stations", title, lang, &length, table, (Icon::Wifi, none))
}

fn connection(lang: Lang, host: &Host) -> Option<String> {
    let wired = match host.interface.as_ref().map(|fact| fact.value) {
        Some(HostInterface::Ethernet) => "Ethernet",
        Some(HostInterface::WiFi) => "Wi-Fi",
        Some(HostInterface::Usb) => "USB",
        Some(_) => lang.pick("autre", "other"),
        None if host.band.is_some() => "Wi-Fi",
        None => return None,
    };
    Some(match &host.band {
        Some(fact) => format!("{wired} {}", band(lang, fact.value)),
        None => wired.to_owned(),
    })
}

/// Everything on the home network.
pub(super) fn hosts(view: &DeviceView<'_>) -> Markup {
    let lang = view.lang;
    let title = lang.t(Text::ConnectedDevices);
    let mut list: Vec<&Host> = view.summary.hosts.iter().collect();
    list.sort_by_key(|host| has_left(host.active.as_ref()));
    let length = Length {
        all: list.len(),
        absent: list
            .iter()
            .filter(|host| has_left(host.active.as_ref()))
            .count(),
    };
    let table = Table::new(title)
        .column(lang.t(Text::Name), Align::Text)
        .column(lang.t(Text::State), Align::State)
        .column(lang.t(Text::IpAddress), Align::Text)
        .column(lang.t(Text::MacAddress), Align::Text)
        .column(lang.pick("Branchement", "Connection"), Align::Text)
        .rows(list.iter().take(MOST_ROWS).map(|host| {
            let mac = host.mac.as_ref().map(|fact| fact.value.to_string());
            let name = host
                .name
                .as_ref()
                .map(|fact| fact.value.clone())
                .filter(|name| !name.trim().is_empty())
                .or_else(|| mac.clone())
                .unwrap_or_else(|| lang.t(Text::Unknown).to_owned());
            Row::new(name)
                .cell(match host.active.as_ref().map(|fact| fact.value) {
                    Some(true) => Badge::new(Tone::Ok, lang.pick("Présent", "Present")),
                    Some(false) => absent(lang),
                    None => Badge::measure(lang, Tone::Idle),
                })
                .cell_if(host.ipv4.as_ref().map(|fact| mono(&fact.value.to_string())))
                .cell_if(mac.map(|mac| mono(&mac)))
                .cell_if(connection(lang, host))
        }));
    let none = lang.pick(
        "Aucun appareil connu. Relisez le modem.",
        "No known device. Read the modem again.",
    );
    card("hosts", title, lang, &length, table, (Icon::Router, none))
}
