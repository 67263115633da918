//! Devices at a client's: what ERPNext lists, and what the modems say now.

use ui_kit::{
    Badge, Banner, Card, Empty, ErrorPart, Facts, Icon, Lang, Markup, Page, Phrase, Render as _,
    Stat, Text, Tone, ago, format, html, mono, skeleton,
};

use super::super::view::{
    Client, Equipment, Identity, Live, LiveEquipment, LiveState, Managed, Moment, Part, Seen, Wifi,
};
use super::{SEARCH, count, head, href, live_href, title, unavailable};

/// Id of the figure of the connection.
const CONNECTION: &str = "connection";
/// Id of the part that says what the modems say now.
const LIVE: &str = "modem";

/// Fills the page of what a client's modems say now: the answer to the fragments of the client's
/// own page, and a page for those without script.
pub(in crate::clients) fn equipment(
    page: Page,
    moment: &Moment<'_>,
    who: &Identity,
    devices: &Part<Vec<Equipment>>,
    live: &LiveEquipment,
) -> Page {
    let lang = moment.lang;
    let here = live_href(&who.id);
    let card = Card::new("equipment", lang.t(Text::Equipment));
    let card = match devices {
        Part::Unavailable => card.body(unavailable(moment, &here)),
        Part::Read(devices) => {
            let managed = devices.iter().find(|device| device.managed.is_some());
            let card = match (managed, live) {
                (Some(device), LiveEquipment::Read(_)) => card.aside(diagnosis(lang, device)),
                _ => card,
            };
            card.body(html! {
                (list(lang, devices))
                div.mt #(LIVE) data-frag { (said(moment, live, &here)) }
            })
        }
    };
    page.search(SEARCH)
        .head(
            head(moment, who)
                .crumb(SEARCH, lang.t(Text::Customers))
                .crumb(&href(&who.id), title(who)),
        )
        .refresh(&here)
        .body(html! {
            div.stack {
                (ui_kit::stat_strip(&[connection(moment, devices, live)]))
                (card)
            }
        })
}

/// The figure of the connection, before the modems are read.
pub(super) fn waiting(moment: &Moment<'_>, client: &Client) -> Stat {
    let lang = moment.lang;
    let label = lang.t(Text::Connection);
    let Part::Read(devices) = &client.equipment else {
        return Stat::text(lang.pick("Indisponible", "Unavailable"), label);
    };
    if !client.has_device_server || devices.iter().all(|device| device.managed.is_none()) {
        return unread(lang, client.has_device_server).fragment(CONNECTION);
    }
    Stat::text("…", label)
        .detail(lang.pick("lecture du modem", "reading the modem"))
        .link(&live_href(&client.who.id))
        .fragment(CONNECTION)
}

/// A connection that nobody can be asked about.
fn unread(lang: Lang, server: bool) -> Stat {
    let detail = if server {
        lang.pick("aucun modem géré", "no managed modem")
    } else {
        lang.pick(
            "serveur des modems non configuré",
            "modem server not configured",
        )
    };
    Stat::text(lang.t(Text::Unknown), lang.t(Text::Connection)).detail(detail)
}

/// The card of the equipment: what ERPNext lists, and where the modems will say the rest.
pub(super) fn card(moment: &Moment<'_>, client: &Client) -> Markup {
    let lang = moment.lang;
    let card = Card::new("equipment", lang.t(Text::Equipment));
    let devices = match &client.equipment {
        Part::Unavailable => {
            return card
                .body(unavailable(moment, &href(&client.who.id)))
                .render();
        }
        Part::Read(devices) => devices,
    };
    let first = devices.iter().find(|device| device.managed.is_some());
    let Some(first) = first.filter(|_| client.has_device_server) else {
        return if devices.is_empty() {
            card.flush(none(lang)).render()
        } else {
            card.body(list(lang, devices)).render()
        };
    };
    card.aside(diagnosis(lang, first))
        .body(html! {
            (list(lang, devices))
            div.mt {
                (skeleton(
                    LIVE,
                    &live_href(&client.who.id),
                    lang.pick("Lire l’état du modem", "Read the modem’s state"),
                ))
            }
        })
        .render()
}

fn none(lang: Lang) -> Empty {
    Empty::new(
        Icon::Router,
        lang.pick(
            "Aucun équipement chez ce client.",
            "No equipment at this customer’s.",
        ),
    )
}

/// The way to the screen of a device.
fn diagnosis(lang: Lang, device: &Equipment) -> Markup {
    html! { a href=(device_href(device)) { (lang.t(Text::FullDiagnosis)) } }
}

/// The screen of a device.
fn device_href(device: &Equipment) -> String {
    let id = match &device.managed {
        Some(Managed::Id(id)) => id.as_str(),
        Some(Managed::Serial(_)) | None => "",
    };
    crate::devices::screen_of(&device.serial, id)
}

/// What ERPNext lists.
fn list(lang: Lang, devices: &[Equipment]) -> Markup {
    if devices.is_empty() {
        return none(lang).render();
    }
    devices
        .iter()
        .fold(Facts::new(), |facts, device| {
            facts.row(
                kind(lang, &device.kind),
                html! {
                    @if let Some(model) = &device.model { (model) " · " }
                    (mono(&device.serial))
                    @if let Some(badge) = status(lang, &device.status) { " " (badge) }
                },
            )
        })
        .render()
}

/// What kind of device, in a word; one that this version does not know in the site's own.
fn kind(lang: Lang, kind: &str) -> &str {
    match kind {
        "ONT" => lang.pick("Modem optique", "ONT"),
        "Router" => lang.pick("Routeur", "Router"),
        "Mesh" => lang.pick("Borne Wi-Fi", "Mesh node"),
        "STB" => lang.pick("Décodeur", "Set-top box"),
        "VoIP ATA" => lang.pick("Adaptateur téléphonique", "Phone adapter"),
        "" | "Other" => lang.pick("Autre", "Other"),
        other => other,
    }
}

/// What became of a device, where it does not simply work at the client's.
fn status(lang: Lang, status: &str) -> Option<Badge> {
    let (tone, word) = match status {
        "" | "Installed" => return None,
        "Assigned" => (Tone::Info, lang.pick("Assigné", "Assigned")),
        "Faulty" => (Tone::Bad, lang.pick("Défectueux", "Faulty")),
        "Returned" => (Tone::Idle, lang.pick("Rendu", "Returned")),
        "Retired" => (Tone::Idle, lang.pick("Retiré", "Retired")),
        "In Stock" => (Tone::Idle, lang.pick("En stock", "In stock")),
        other => (Tone::Idle, other),
    };
    Some(Badge::new(tone, word))
}

/// The figure of the connection, after the modems were read.
fn connection(moment: &Moment<'_>, devices: &Part<Vec<Equipment>>, live: &LiveEquipment) -> Stat {
    let lang = moment.lang;
    let label = lang.t(Text::Connection);
    let modems = match (devices, live) {
        (Part::Unavailable, _) => {
            let gone = lang.pick("Indisponible", "Unavailable");
            return Stat::text(gone, label).fragment(CONNECTION);
        }
        (_, LiveEquipment::NotConfigured) => return unread(lang, false).fragment(CONNECTION),
        (_, LiveEquipment::None) => return unread(lang, true).fragment(CONNECTION),
        (_, LiveEquipment::Read(modems)) => modems,
    };
    let seen: Vec<&Seen> = modems
        .iter()
        .filter_map(|modem| match &modem.state {
            LiveState::Seen(seen) => Some(seen.as_ref()),
            LiveState::Unknown | LiveState::Failed => None,
        })
        .collect();
    let Some(first) = seen.first() else {
        let failed = modems
            .iter()
            .any(|modem| matches!(modem.state, LiveState::Failed));
        let (value, detail) = if failed {
            (
                lang.pick("Indisponible", "Unavailable"),
                lang.pick("serveur des modems muet", "modem server silent"),
            )
        } else {
            (
                lang.t(Text::Unknown),
                lang.pick("modem jamais vu", "modem never seen"),
            )
        };
        return Stat::text(value, label).detail(detail).fragment(CONNECTION);
    };
    let off = seen.iter().filter(|seen| !seen.online).count();
    let stat = match off {
        0 => Stat::text(lang.t(Text::Online), label).tone(Tone::Ok),
        n if n == seen.len() => Stat::text(lang.t(Text::Offline), label).tone(Tone::Bad),
        n => {
            let (n, all) = (count(lang, n), count(lang, seen.len()));
            let words = lang.pick(
                format!("{n} hors ligne sur {all}"),
                format!("{n} of {all} offline"),
            );
            Stat::text(words, label).tone(Tone::Warn)
        }
    };
    let mut detail = Vec::new();
    if first.online {
        if let Some(up) = first.up_s {
            let up = format::duration(lang, up);
            detail.push(lang.pick(format!("depuis {up}"), format!("for {up}")));
        }
        if let Some(power) = first.rx_dbm {
            detail.push(format::quantity(lang, power, 1, "dBm"));
        }
    } else if let Some(at) = first.last_inform {
        let at = format::relative(lang, at, moment.now);
        detail.push(lang.pick(
            format!("dernier contact {at}"),
            format!("last contact {at}"),
        ));
    }
    let stat = stat.link(&first.href).fragment(CONNECTION);
    if detail.is_empty() {
        stat
    } else {
        stat.detail(detail.join(" · "))
    }
}

/// What the modems say now.
fn said(moment: &Moment<'_>, live: &LiveEquipment, here: &str) -> Markup {
    let lang = moment.lang;
    let modems = match live {
        LiveEquipment::NotConfigured => {
            return html! { p.muted { (lang.pick(
                "Le serveur des modems n’est pas configuré.",
                "The modem server is not configured.",
            )) } };
        }
        LiveEquipment::None => {
            return html! { p.muted { (lang.pick(
                "Aucun modem de ce client n’est géré à distance.",
                "No modem of this customer is managed remotely.",
            )) } };
        }
        LiveEquipment::Read(modems) => modems,
    };
    let several = modems.len() > 1;
    html! {
        div.stack {
            @for modem in modems {
                div {
                    @if several { h3 { (called(modem)) } }
                    (one(moment, modem, here))
                }
            }
        }
    }
}

/// What a modem is called, with its screen where it has one.
fn called(modem: &Live) -> Markup {
    let name = modem.model.as_deref().unwrap_or(&modem.serial);
    html! {
        @match &modem.state {
            LiveState::Seen(seen) => { a href=(ui_kit::safe_href(&seen.href)) { (name) } }
            LiveState::Unknown | LiveState::Failed => { (name) }
        }
    }
}

fn one(moment: &Moment<'_>, modem: &Live, here: &str) -> Markup {
    let lang = moment.lang;
    let seen = match &modem.state {
        LiveState::Unknown => {
            return Banner::new(
                Tone::Idle,
                lang.pick(
                    "Le serveur des modems ne connaît pas cet appareil.",
                    "The modem server does not know this device.",
                ),
            )
            .detail(mono(&modem.serial))
            .render();
        }
        LiveState::Failed => {
            let what = lang.pick("le serveur des modems", "the modem server");
            return ErrorPart::new(lang, lang.p(&Phrase::CannotRead(what)))
                .retry(here)
                .request_id(moment.request_id)
                .render();
        }
        LiveState::Seen(seen) => seen,
    };
    Facts::new()
        .row(
            lang.t(Text::Connection),
            html! {
                (Badge::online(lang, seen.online))
                @if let Some(at) = seen.last_inform { " " span.muted { (ago(lang, at, moment.now)) } }
            },
        )
        .row(
            lang.t(Text::OpticalSignal),
            html! {
                @if let Some(power) = seen.rx_dbm { (format::quantity(lang, power, 1, "dBm")) " " }
                (Badge::measure(lang, seen.optical))
            },
        )
        .row_if(lang.t(Text::Wifi), seen.wifi.map(|wifi| stations(lang, wifi)))
        .render()
}

/// Who is on Wi-Fi: *9 appareils · 1 faible (−78 dBm)*.
fn stations(lang: Lang, wifi: Wifi) -> String {
    let present = match wifi.present {
        0 => lang.pick("aucun appareil", "no device").to_owned(),
        1 => lang.pick("1 appareil", "1 device").to_owned(),
        n => {
            let n = count(lang, n);
            lang.pick(format!("{n} appareils"), format!("{n} devices"))
        }
    };
    if wifi.weak == 0 {
        return present;
    }
    let weak = count(lang, wifi.weak);
    let word = if wifi.weak == 1 {
        lang.pick("faible", "weak")
    } else {
        lang.pick("faibles", "weak")
    };
    let signal = wifi
        .weakest_dbm
        .map(|dbm| format!(" ({})", format::quantity(lang, dbm, 0, "dBm")))
        .unwrap_or_default();
    format!("{present} · {weak} {word}{signal}")
}
