//! The screens with tame, missing and hostile readings.

use jiff::Timestamp;
use proptest::prelude::*;
use tr181::{Health, Summary, Thresholds};
use ui_kit::testing::{Audit, Document, assert_page};
use ui_kit::{Lang, NavItem, Page};

use super::{
    Act, DeviceView, Found, Match, Notice, Outcome, RebootView, SearchView, Target, device,
    model_name, reboot, search,
};

const READ: &str = "2026-11-22T15:30:00.000Z";
const OLD: &str = "2026-11-22T09:00:00.000Z";

fn now() -> Timestamp {
    "2026-11-22T15:30:40Z".parse().unwrap()
}

fn leaf(value: impl Into<serde_json::Value>, at: &str) -> serde_json::Value {
    serde_json::json!({"_value": value.into(), "_timestamp": at, "_type": "xsd:string", "_writable": false})
}

/// A small device of our own: one connection, two radios, two stations.
fn document(name: &str, rx: i64) -> Vec<u8> {
    let station = |mac: &str, rssi: i64| serde_json::json!({"MACAddress": leaf(mac, READ), "SignalStrength": leaf(rssi, READ)});
    serde_json::json!({
        "_id": "x", "_lastInform": READ, "_tags": [name],
        "Device": {
            "DeviceInfo": {
                "Manufacturer": leaf("TP-Link", READ), "ModelName": leaf("XX230v", READ),
                "SerialNumber": leaf("TPLGAB12CD34", READ), "UpTime": leaf(1_230_000, READ),
                "SoftwareVersion": leaf(name, READ)
            },
            "Optical": {"Interface": {"1": {"OpticalSignalLevel": leaf(rx, READ), "TransmitOpticalLevel": leaf(2_300, OLD), "Status": leaf("Up", READ)}}},
            "IP": {"Interface": {"2": {"Status": leaf("Up", READ), "Name": leaf(name, READ),
                "IPv4Address": {"1": {"IPAddress": leaf("192.0.2.34", READ)}}, "X_TP_ConnType": leaf("DHCP", READ)}}},
            "DHCPv4": {"Client": {"1": {"Interface": leaf("Device.IP.Interface.2.", READ), "Enable": leaf(true, READ)}}},
            "WiFi": {
                "Radio": {
                    "1": {"OperatingFrequencyBand": leaf("2.4GHz", READ), "Channel": leaf(6, READ), "Enable": leaf(true, READ), "Status": leaf("Up", READ)},
                    "2": {"OperatingFrequencyBand": leaf("5GHz", READ), "Channel": leaf(44, READ)}
                },
                "SSID": {"1": {"SSID": leaf(name, READ), "LowerLayers": leaf("Device.WiFi.Radio.1.", READ)}},
                "AccessPoint": {"1": {"SSIDReference": leaf("Device.WiFi.SSID.1.", READ), "AssociatedDevice": {
                    "1": station("02:00:00:00:00:01", -78), "2": station("02:00:00:00:00:02", -50)
                }}}
            },
            "Hosts": {"Host": {"1": {"PhysAddress": leaf("02:00:00:00:00:01", READ), "HostName": leaf(name, READ), "Active": leaf(true, READ)}}}
        }
    })
    .to_string()
    .into_bytes()
}

fn frame(lang: Lang) -> Page {
    Page::console("Réseau").lang(lang).nav(NavItem::Network)
}

struct Shown {
    summary: Summary,
    health: Health,
    limits: Thresholds,
}

impl Shown {
    fn new(document: &[u8]) -> Self {
        let summary = tr181::summarize(document).unwrap();
        let limits = Thresholds::default();
        let health = tr181::health(&summary, &limits, now());
        Self {
            summary,
            health,
            limits,
        }
    }

    fn view(&self, lang: Lang) -> DeviceView<'_> {
        DeviceView {
            lang,
            now: now(),
            csrf: "token",
            target: Target {
                serial: "TPLGAB12CD34",
                id: "",
            },
            online: true,
            last_inform: Some(READ.parse().unwrap()),
            summary: &self.summary,
            health: &self.health,
            thresholds: &self.limits,
            stale_after: 600,
            notice: None,
        }
    }
}

fn render(view: &DeviceView<'_>) -> String {
    device(frame(view.lang), view).render()
}

fn banner(html: &str) -> String {
    Document::parse(html).by_id("verdict").unwrap().text.clone()
}

#[test]
fn a_device_is_shown_with_its_verdict_cards_and_sources() {
    let shown = Shown::new(&document("Érable", -19_600));
    for lang in [Lang::Fr, Lang::En] {
        let html = render(&shown.view(lang));
        assert_page(&html);
        assert!(html.contains("<h1>TP-Link XX230v</h1>"));
    }
    let html = render(&shown.view(Lang::Fr));
    assert_eq!(
        banner(&html),
        "Aucun problème du réseau. Un appareil Wi-Fi est trop loin du modem (02:00:00:00:00:01, \u{2212}78\u{a0}dBm)."
            .replace("02:00:00:00:00:01", "Érable")
    );
    let page = Document::parse(&html);
    let optical = page.by_id("optical").unwrap();
    assert!(
        optical.text.contains("\u{2212}19,6 dBm reçus"),
        "{}",
        optical.text
    );
    assert!(optical.text.contains("Bon"));
    assert!(
        optical
            .text
            .contains("Device.Optical.Interface.1.OpticalSignalLevel")
    );
    assert!(optical.text.contains("il y a 40\u{a0}s"));
    // The transmit power was read six hours before the rest, and says so beside its value.
    assert!(
        optical.text.contains("2,3\u{a0}dBm lu il y a 6\u{a0}h"),
        "{}",
        optical.text
    );
    let wan = page.by_id("wan").unwrap();
    assert!(
        wan.text.contains("192.0.2.34") && wan.text.contains("Connecté"),
        "{}",
        wan.text
    );
    let wifi = page.by_id("wifi").unwrap();
    assert!(
        wifi.text.contains("canal 6 · 2 appareils") && wifi.text.contains("À surveiller"),
        "{}",
        wifi.text
    );
    let read = page.by_id("read").unwrap();
    assert_eq!(read.name, "button");
    let restart = page.by_id("reboot").unwrap();
    assert_eq!(
        restart.attribute("href"),
        Some("/ops/network/device/reboot?serial=TPLGAB12CD34")
    );
}

#[test]
fn the_worst_of_the_network_leads() {
    let shown = Shown::new(&document("Érable", -28_400));
    let html = render(&shown.view(Lang::Fr));
    assert!(
        banner(&html).starts_with("Le signal optique est trop faible (\u{2212}28,4\u{a0}dBm).")
    );
    assert!(banner(&html).contains("trop loin du modem"));
    let english = render(&shown.view(Lang::En));
    assert!(banner(&english).starts_with("The optical signal is too weak"));
}

#[test]
fn an_offline_device_says_so_first_with_its_last_contact() {
    let shown = Shown::new(&document("Érable", -19_600));
    let mut view = shown.view(Lang::Fr);
    view.online = false;
    let html = render(&view);
    assert_page(&html);
    assert!(
        banner(&html).starts_with("Le modem est hors ligne. Dernier contact il y a 40\u{a0}s."),
        "{}",
        banner(&html)
    );
    view.last_inform = None;
    assert!(banner(&render(&view)).contains("Aucun contact connu."));
}

#[test]
fn an_unread_device_is_unknown_and_never_well() {
    let shown = Shown::new(b"{}");
    for online in [true, false] {
        let mut view = shown.view(Lang::Fr);
        view.online = online;
        let html = render(&view);
        assert_page(&html);
        assert!(
            !banner(&html).contains("Aucun problème"),
            "{}",
            banner(&html)
        );
        let page = Document::parse(&html);
        for card in ["optical", "wan", "wifi", "lan"] {
            assert!(page.by_id(card).unwrap().text.contains("Inconnu"), "{card}");
        }
        assert!(html.len() < 20_000, "{} bytes", html.len());
    }
}

#[test]
fn outcomes_are_told_in_words() {
    let shown = Shown::new(b"{}");
    let cases = [
        (Act::Read, Outcome::Done, "Lecture terminée."),
        (Act::Reboot, Outcome::Done, "Le modem redémarre."),
        (Act::Read, Outcome::Queued, "se fera à son prochain contact"),
        (Act::Reboot, Outcome::Queued, "Le redémarrage attend"),
        (
            Act::Read,
            Outcome::Faulted("9005"),
            "Sa réponse\u{a0}: 9005",
        ),
        (
            Act::Reboot,
            Outcome::Faulted("<b>9001</b>"),
            "&lt;b&gt;9001",
        ),
        (Act::Reboot, Outcome::Unreachable("r-42"), "r-42"),
        (
            Act::Reboot,
            Outcome::Unreachable("r-42"),
            "Rien n’a été demandé au modem.",
        ),
        (
            Act::Reboot,
            Outcome::Unknown("r-42"),
            "On ne sait pas si la demande est passée.",
        ),
        (
            Act::Read,
            Outcome::Unknown("r-42"),
            "Vérifiez les tâches du modem avant de recommencer. Numéro de la requête\u{a0}: r-42",
        ),
        (
            Act::Reboot,
            Outcome::Pending,
            "Le modem y travaille peut-être encore.",
        ),
        (Act::Reboot, Outcome::Busy, "Le modem est déjà en session."),
        (Act::Read, Outcome::Busy, "Réessayez dans un instant."),
        (Act::Reboot, Outcome::Missing, "ne connaît pas ce modem"),
    ];
    for (act, outcome, words) in cases {
        let mut view = shown.view(Lang::Fr);
        view.notice = Some(Notice { act, outcome });
        let html = render(&view);
        assert_page(&html);
        assert!(html.contains(words), "{act:?} {outcome:?}");
        // Where the modem may have done it, nothing says that it was not asked.
        if matches!(outcome, Outcome::Unknown(_) | Outcome::Pending) {
            assert!(!html.contains("Rien n’a été demandé"), "{outcome:?}");
        }
        view.lang = Lang::En;
        assert_page(&render(&view));
    }
}

#[test]
fn the_search_has_a_screen_for_every_outcome() {
    let found = |n: usize| Match {
        serial: format!("TPLG{n}"),
        id: format!("00AA-{n}"),
        model: Some("TP-Link XX230v".into()),
        ip: Some("192.0.2.1".into()),
        online: n.is_multiple_of(2),
        last_inform: Some(now()),
    };
    let devices: Vec<Match> = (0..3).map(found).collect();
    for lang in [Lang::Fr, Lang::En] {
        let show = |query, found| {
            search(
                frame(lang),
                &SearchView {
                    lang,
                    now: now(),
                    query,
                    found,
                    notice: None,
                },
            )
            .render()
        };
        for found in [
            Found::Nothing,
            Found::Invalid,
            Found::None,
            Found::Several {
                devices: &devices,
                more: true,
            },
            Found::Unavailable { request_id: "r-1" },
        ] {
            assert_page(&show("TPLG", found));
        }
        let several = show(
            "TPLG",
            Found::Several {
                devices: &devices,
                more: false,
            },
        );
        assert!(several.contains("/ops/network/device?serial=TPLG1&amp;id=00AA-1"));
        assert!(several.contains("data-results"));
        let invalid = show("?", Found::Invalid);
        assert!(invalid.contains("href=\"#q\"") && invalid.contains("aria-invalid=\"true\""));
    }
    let fr = |found| {
        search(
            frame(Lang::Fr),
            &SearchView {
                lang: Lang::Fr,
                now: now(),
                query: "TPLG",
                found,
                notice: None,
            },
        )
        .render()
    };
    assert!(fr(Found::None).contains("Aucun appareil avec ce numéro."));
    let down = fr(Found::Unavailable { request_id: "r-1" });
    assert!(down.contains("Impossible de lire le serveur des modems.") && down.contains("r-1"));
    assert!(down.contains("/ops/network?q=TPLG"));
}

#[test]
fn the_restart_asks_first_and_says_what_happens() {
    let view = RebootView {
        lang: Lang::Fr,
        csrf: "token",
        target: Target {
            serial: "TPLG 1",
            id: "00AA-1",
        },
        model: "TP-Link XX230v",
        online: false,
        connected: Some(9),
    };
    let html = reboot(frame(Lang::Fr), &view).render();
    assert_page(&html);
    assert!(html.contains("method=\"post\" action=\"/ops/network/device/reboot\""));
    assert!(
        html.contains("name=\"serial\" value=\"TPLG 1\"")
            && html.contains("name=\"id\" value=\"00AA-1\"")
    );
    assert!(html.contains("9 appareils connectés perdent leur connexion."));
    assert!(html.contains("la télévision sont coupés de 2 à 5\u{a0}minutes."));
    assert!(html.contains("prochain contact"));
    assert!(html.contains("/ops/network/device?serial=TPLG%201&amp;id=00AA-1"));
    assert_page(
        &reboot(
            frame(Lang::En),
            &RebootView {
                lang: Lang::En,
                online: true,
                connected: None,
                model: "",
                ..view
            },
        )
        .render(),
    );
}

#[test]
fn a_crowded_device_keeps_its_page_light() {
    let mut document: serde_json::Value = serde_json::from_slice(&document("x", -19_600)).unwrap();
    let hosts: serde_json::Map<String, serde_json::Value> = (1..=400_u32)
        .map(|n| {
            let mac = format!("02:00:00:00:{:02X}:{:02X}", n / 256, n % 256);
            (n.to_string(), serde_json::json!({"PhysAddress": leaf(mac, READ), "HostName": leaf(format!("h{n}"), READ)}))
        })
        .collect();
    document["Device"]["Hosts"]["Host"] = hosts.into();
    let shown = Shown::new(document.to_string().as_bytes());
    let html = render(&shown.view(Lang::Fr));
    assert_page(&html);
    assert!(
        html.contains("et 336 autres") || html.contains("et 337 autres"),
        "the list says that it is cut"
    );
}

#[test]
fn a_list_that_is_one_too_long_says_so_in_the_singular() {
    let hosts: serde_json::Map<String, serde_json::Value> = (1..=65_u32)
        .map(|n| {
            let host =
                serde_json::json!({"PhysAddress": leaf(format!("02:00:00:00:01:{n:02X}"), READ)});
            (n.to_string(), host)
        })
        .collect();
    let document = serde_json::json!({"Device": {"Hosts": {"Host": hosts}}});
    let shown = Shown::new(document.to_string().as_bytes());
    let hosts = |lang| {
        let html = render(&shown.view(lang));
        Document::parse(&html).by_id("hosts").unwrap().text.clone()
    };
    assert!(hosts(Lang::Fr).ends_with("et 1 autre"));
    assert!(hosts(Lang::En).ends_with("and 1 more"));
}

#[test]
fn the_head_of_a_list_agrees_with_the_card_above() {
    let mut document: serde_json::Value = serde_json::from_slice(&document("x", -19_600)).unwrap();
    let stations = &mut document["Device"]["WiFi"]["AccessPoint"]["1"]["AssociatedDevice"];
    stations["1"]["Active"] = leaf(false, READ);
    document["Device"]["Hosts"]["Host"]["1"]["Active"] = leaf(false, READ);
    let shown = Shown::new(document.to_string().as_bytes());
    let text = |lang, id: &str| {
        let html = render(&shown.view(lang));
        assert_page(&html);
        Document::parse(&html).by_id(id).unwrap().text.clone()
    };
    let card = text(Lang::Fr, "wifi");
    assert!(
        card.contains("Bon1 appareil") && !card.contains("2 appareils"),
        "{card}"
    );
    let stations = text(Lang::Fr, "stations");
    assert!(stations.contains("2, dont 1 absent"), "{stations}");
    // One that has left is said to be away, after those who are here, without its last signal.
    assert!(stations.contains("Absent") && !stations.contains("\u{2212}78"));
    assert!(stations.find("\u{2212}50") < stations.find("Absent"));
    assert!(text(Lang::Fr, "hosts").contains(", dont 1 absent"));
    assert!(text(Lang::En, "stations").contains("2, 1 of them away"));
}

#[test]
fn a_model_that_begins_with_its_maker_is_not_doubled() {
    let named = |maker: &str, model: &str| {
        let document = serde_json::json!({"Device": {"DeviceInfo": {"Manufacturer": leaf(maker, READ), "ModelName": leaf(model, READ)}}});
        model_name(&tr181::summarize(document.to_string().as_bytes()).unwrap())
    };
    assert_eq!(named("TP-Link", "XX230v"), "TP-Link XX230v");
    assert_eq!(named("ZTE", "ZTE F670L"), "ZTE F670L");
    assert_eq!(model_name(&Summary::default()), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_device_says_stays_text(name in "[<>\"'&/=a-z :;(){}\\PC]{1,40}", serial in "\\PC{1,40}") {
        let shown = Shown::new(&document(&name, -19_600));
        let mut view = shown.view(Lang::Fr);
        view.target = Target { serial: &serial, id: &name };
        view.notice = Some(Notice { act: Act::Read, outcome: Outcome::Faulted(&name) });
        let html = render(&view);
        prop_assert_eq!(Audit::page().typography(false).problems(&html), Vec::<String>::new());
        let page = search(frame(Lang::Fr), &SearchView { lang: Lang::Fr, now: now(), query: &name, found: Found::None, notice: view.notice }).render();
        prop_assert_eq!(Audit::page().typography(false).problems(&page), Vec::<String>::new());
    }
}
