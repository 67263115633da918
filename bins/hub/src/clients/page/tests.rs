//! The screens with tame, missing and hostile records.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use ui_kit::testing::{Audit, Document, assert_page};
use ui_kit::{Lang, NavItem, Page, Tone};

use super::super::view::{
    Appointment, Balance, Client, Equipment, Event, Found, History, Hit, Identity, Invoice,
    InvoiceState, Invoices, Live, LiveEquipment, LiveState, Managed, Moment, Part, Plan, Seen,
    Source, Standing, What, Wifi,
};
use super::{client, equipment, href, invoices, money, search};

const EVIL: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>javascript:alert(1)";

fn moment(lang: Lang) -> Moment<'static> {
    Moment {
        lang,
        now: "2026-11-22T15:00:00Z".parse().unwrap(),
        zone: TimeZone::get("America/Toronto").unwrap(),
        request_id: "r-1234",
    }
}

fn frame(lang: Lang) -> Page {
    Page::console("Clients").lang(lang).nav(NavItem::Customers)
}

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn who(name: &str) -> Identity {
    Identity {
        id: "CUST-00042".to_owned(),
        name: name.to_owned(),
        standing: Some(Standing::Active),
        address: Some("1867, chemin de la Rivière, Sainte-Clotilde".to_owned()),
        phone: Some("+1-4505550142".to_owned()),
        email: Some("elodie@example.ca".to_owned()),
    }
}

fn invoice(number: &str, state: InvoiceState) -> Invoice {
    Invoice {
        number: number.to_owned(),
        issued: Some("2026-10-25".parse().unwrap()),
        due: Some("2026-11-10".parse().unwrap()),
        state,
        amount: amount("91.97"),
    }
}

fn device(text: &str) -> Equipment {
    Equipment {
        serial: "TPLGAB12CD34".to_owned(),
        kind: "ONT".to_owned(),
        model: Some(text.to_owned()),
        status: "Installed".to_owned(),
        managed: Some(Managed::Serial("TPLGAB12CD34".to_owned())),
    }
}

fn event(at: &str, what: What) -> Event {
    Event {
        at: at.parse().unwrap(),
        timed: true,
        what,
    }
}

/// A client all of whose free texts are this one.
fn record(text: &str) -> Client {
    Client {
        who: who(text),
        balance: Part::Read(Balance {
            due: amount("91.97"),
            unpaid: 2,
            late: 1,
            oldest_days: Some(12),
            oldest: Some("SINV-2026-11871".to_owned()),
            cut: false,
        }),
        plan: Part::Read(Some(Plan {
            name: text.to_owned(),
            monthly: Some(amount("79.99")),
            others: 0,
            note: None,
        })),
        appointment: Part::Read(Some(Appointment {
            date: "2026-11-23".parse().unwrap(),
            start: Some("13:00".parse().unwrap()),
            end: Some("15:00".parse().unwrap()),
            technician: Some(text.to_owned()),
        })),
        invoices: Part::Read(Invoices {
            rows: vec![
                invoice("SINV-2026-11871", InvoiceState::Late),
                invoice(text, InvoiceState::Paid),
            ],
            all: Some(38),
            newer: None,
            older: Some("x".to_owned()),
        }),
        equipment: Part::Read(vec![device(text)]),
        history: History {
            events: vec![
                event(
                    "2026-11-22T09:40:00",
                    What::Message {
                        medium: "SMS".to_owned(),
                        received: true,
                        text: text.to_owned(),
                    },
                ),
                event(
                    "2026-11-21T09:00:00",
                    What::Job {
                        kind: "Install".to_owned(),
                        status: "Assigned".to_owned(),
                        day: Some("2026-11-23".parse().unwrap()),
                        start: Some("13:00".parse().unwrap()),
                    },
                ),
                event(
                    "2026-11-10T09:00:00",
                    What::Paid {
                        amount: amount("1091.97"),
                        means: Some(text.to_owned()),
                        back: false,
                    },
                ),
                event(
                    "2025-10-25T00:00:00",
                    What::Invoiced {
                        number: text.to_owned(),
                        amount: amount("91.97"),
                        credit: false,
                    },
                ),
                event(
                    "2025-10-24T00:00:00",
                    What::Issue {
                        subject: text.to_owned(),
                        status: text.to_owned(),
                    },
                ),
            ],
            missing: Vec::new(),
        },
        has_device_server: true,
        till: Some("token".to_owned()),
    }
}

fn nothing() -> Client {
    Client {
        who: Identity {
            id: "CUST-1".to_owned(),
            name: String::new(),
            standing: Some(Standing::NoService),
            address: None,
            phone: None,
            email: None,
        },
        balance: Part::Read(Balance {
            due: Decimal::ZERO,
            unpaid: 0,
            late: 0,
            oldest_days: None,
            oldest: Some("SINV-2026-11871".to_owned()),
            cut: false,
        }),
        plan: Part::Read(None),
        appointment: Part::Read(None),
        invoices: Part::Read(Invoices {
            rows: Vec::new(),
            all: Some(0),
            newer: None,
            older: None,
        }),
        equipment: Part::Read(Vec::new()),
        history: History {
            events: Vec::new(),
            missing: Vec::new(),
        },
        has_device_server: true,
        till: None,
    }
}

fn silent() -> Client {
    Client {
        who: Identity {
            standing: None,
            ..who("Élodie")
        },
        balance: Part::Unavailable,
        plan: Part::Unavailable,
        appointment: Part::Unavailable,
        invoices: Part::Unavailable,
        equipment: Part::Unavailable,
        history: History {
            events: Vec::new(),
            missing: vec![Source::Payments, Source::Messages],
        },
        has_device_server: true,
        till: Some("token".to_owned()),
    }
}

fn seen(online: bool) -> LiveState {
    LiveState::Seen(Box::new(Seen {
        href: "/ops/network/device?serial=TPLGAB12CD34".to_owned(),
        online,
        last_inform: Some("2026-11-22T14:40:00Z".parse().unwrap()),
        up_s: Some(14 * 86_400),
        rx_dbm: Some(-19.6),
        optical: Tone::Ok,
        wifi: Some(Wifi {
            present: 9,
            weak: 1,
            weakest_dbm: Some(-78.0),
        }),
    }))
}

fn modem(text: &str, state: LiveState) -> Live {
    Live {
        serial: "TPLGAB12CD34".to_owned(),
        model: Some(text.to_owned()),
        state,
    }
}

fn show(lang: Lang, record: &Client) -> String {
    client(frame(lang), &moment(lang), record).render()
}

fn live(lang: Lang, read: &LiveEquipment) -> String {
    let devices = Part::Read(vec![device("TP-Link XX230v")]);
    equipment(frame(lang), &moment(lang), &who("Élodie"), &devices, read).render()
}

#[test]
fn a_client_is_shown_whole() {
    for lang in [Lang::Fr, Lang::En] {
        assert_page(&show(lang, &record("Élodie Côté-Bélanger")));
    }
    let html = show(Lang::Fr, &record("Élodie Côté-Bélanger"));
    assert!(html.len() < 20_000, "{} bytes", html.len());
    for text in [
        "<h1>Élodie Côté-Bélanger</h1>",
        "badge ok\">Actif",
        "CUST-00042 · 1867, chemin de la Rivière",
        "href=\"tel:+14505550142\"",
        "450\u{a0}555-0142",
        "91,97\u{a0}$",
        "1 facture en retard de 12\u{a0}jours",
        "79,99\u{a0}$ par mois + taxes",
        "lun. 23\u{a0}nov., 13\u{a0}h",
        "de 13\u{a0}h à 15\u{a0}h · Élodie",
        "Toutes (38)",
        "/ops/clients/CUST-00042?factures=",
        "badge bad\">En retard",
        "badge ok\">Payée",
        "data-src=\"/ops/clients/CUST-00042/equipment\"",
        "/ops/network/device?serial=TPLGAB12CD34",
        "SMS reçu",
        "il y a 20\u{a0}min",
        ">hier<",
        "10\u{a0}nov.",
        ">2025-10-25<",
        "1\u{a0}091,97\u{a0}$",
        "Installation, lun. 23\u{a0}nov., 13\u{a0}h",
    ] {
        assert!(html.contains(text), "{text}\n{html}");
    }
}

#[test]
fn a_client_with_nothing_is_a_page_too() {
    for lang in [Lang::Fr, Lang::En] {
        assert_page(&show(lang, &nothing()));
    }
    let html = show(Lang::Fr, &nothing());
    for text in [
        "<h1>CUST-1</h1>",
        "Sans service",
        "0,00\u{a0}$",
        "tout est payé",
        "Aucun forfait",
        "Aucune facture.",
        "Aucun équipement",
        "Rien encore.",
    ] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("/equipment\"") && !html.contains("Toutes"));
    assert!(
        !html.contains("<p class=\"meta\">CUST-1"),
        "the number is the title already"
    );
}

#[test]
fn each_part_fails_alone_and_names_the_request() {
    for lang in [Lang::Fr, Lang::En] {
        assert_page(&show(lang, &silent()));
    }
    let html = show(Lang::Fr, &silent());
    let page = Document::parse(&html);
    for id in ["invoices", "equipment"] {
        let card = page.by_id(id).unwrap();
        assert!(card.text.contains("Indisponible pour le moment."), "{id}");
        assert!(
            card.text.contains("r-1234") && card.text.contains("Réessayer"),
            "{id}"
        );
    }
    let history = page.by_id("history").unwrap();
    assert!(
        history.text.contains("paiements, messages"),
        "{}",
        history.text
    );
    assert!(html.contains("Une partie de la fiche n’a pas pu être lue."));
    assert!(!html.contains("0,00"), "what is not known is never zero");
    // One part alone.
    let mut one = record("Élodie");
    one.invoices = Part::Unavailable;
    let html = show(Lang::Fr, &one);
    assert_eq!(html.matches("Indisponible pour le moment").count(), 1);
    assert!(html.contains("79,99") && !html.contains("Une partie de la fiche"));
}

#[test]
fn hostile_records_execute_nothing() {
    let pages = [
        show(Lang::Fr, &record(EVIL)),
        {
            let mut client = record(EVIL);
            client.who.id = EVIL.to_owned();
            client.who.phone = Some("javascript:alert(1)".to_owned());
            client.equipment = Part::Read(vec![Equipment {
                serial: EVIL.to_owned(),
                kind: EVIL.to_owned(),
                status: EVIL.to_owned(),
                managed: Some(Managed::Id(EVIL.to_owned())),
                ..device(EVIL)
            }]);
            show(Lang::Fr, &client)
        },
        search(
            frame(Lang::Fr),
            &moment(Lang::Fr),
            EVIL,
            &Found::Clients {
                hits: vec![Hit {
                    who: who(EVIL),
                    balance: None,
                }],
                more: true,
                partial: true,
            },
        )
        .render(),
        equipment(
            frame(Lang::Fr),
            &moment(Lang::Fr),
            &who(EVIL),
            &Part::Read(vec![device(EVIL)]),
            &LiveEquipment::Read(vec![
                modem(EVIL, LiveState::Unknown),
                modem(EVIL, LiveState::Failed),
            ]),
        )
        .render(),
        invoices(
            frame(Lang::Fr),
            &moment(Lang::Fr),
            &who(EVIL),
            EVIL,
            &Part::Read(Invoices {
                rows: vec![invoice(EVIL, InvoiceState::Credit)],
                all: None,
                newer: Some(EVIL.to_owned()),
                older: Some(EVIL.to_owned()),
            }),
        )
        .render(),
    ];
    for html in pages {
        let problems = Audit::page().typography(false).problems(&html);
        assert_eq!(problems, Vec::<String>::new());
        assert!(!html.contains("<script>alert") && !html.contains("<img"));
        assert!(!html.contains("href=\"javascript"));
    }
}

#[test]
fn the_longest_page_stays_within_its_budget() {
    let text = "é".repeat(140);
    let mut client = record(&text);
    client.equipment = Part::Read(vec![device(&text); 20]);
    client.invoices = Part::Read(Invoices {
        rows: vec![invoice(&text, InvoiceState::Late); 10],
        all: Some(38),
        newer: None,
        older: None,
    });
    client.history.events = vec![client.history.events[0].clone(); 20];
    assert_page(&show(Lang::Fr, &client));
    let hits = vec![
        Hit {
            who: who(&text),
            balance: Some(amount("12345678.905")),
        };
        50
    ];
    let found = Found::Clients {
        hits,
        more: true,
        partial: true,
    };
    assert_page(&search(frame(Lang::Fr), &moment(Lang::Fr), &text, &found).render());
    let rows = vec![invoice(&text, InvoiceState::Late); 50];
    let read = Part::Read(Invoices {
        rows,
        all: Some(41_000),
        newer: Some("a".to_owned()),
        older: Some("b".to_owned()),
    });
    let page = invoices(frame(Lang::Fr), &moment(Lang::Fr), &who(&text), "a", &read).render();
    assert_page(&page);
    assert!(page.contains("Plus anciens") && page.contains("Plus récents"));
    assert!(page.contains("41\u{a0}000"));
}

#[test]
fn the_search_says_what_came_of_it() {
    let show = |query: &str, found: &Found| {
        let html = search(frame(Lang::Fr), &moment(Lang::Fr), query, found).render();
        assert_page(&html);
        let english = search(frame(Lang::En), &moment(Lang::En), query, found).render();
        assert_page(&english);
        html
    };
    let clients = |hits: Vec<Hit>, partial| Found::Clients {
        hits,
        more: false,
        partial,
    };
    assert!(show("", &Found::Nothing).contains("droit à la fiche"));
    assert!(show("x", &Found::TooLong).contains("Il y a un problème"));
    let none = show("roy", &clients(Vec::new(), false));
    assert!(none.contains("Aucun client pour «\u{a0}roy\u{a0}»."));
    assert!(!none.contains("n’a pas répondu"));
    let partly = show("roy", &clients(Vec::new(), true));
    assert!(partly.contains("n’a pas répondu") && partly.contains("r-1234"));
    let one = show(
        "roy",
        &clients(
            vec![Hit {
                who: who("Élodie"),
                balance: Some(amount("91.97")),
            }],
            false,
        ),
    );
    assert!(one.contains(&format!("href=\"{}\"", href("CUST-00042"))));
    assert!(one.contains("91,97\u{a0}$") && one.contains("Actif"));
    assert!(show("roy", &Found::Unavailable).contains("r-1234"));
}

#[test]
fn the_modems_answer_both_fragments() {
    for lang in [Lang::Fr, Lang::En] {
        for state in [
            vec![modem("XX230v", seen(true))],
            vec![modem("XX230v", seen(false)), modem("HX220", seen(true))],
            vec![modem("XX230v", LiveState::Failed)],
            vec![modem("XX230v", LiveState::Unknown)],
        ] {
            assert_page(&live(lang, &LiveEquipment::Read(state)));
        }
        assert_page(&live(lang, &LiveEquipment::NotConfigured));
        assert_page(&live(lang, &LiveEquipment::None));
    }
    let fragment = |html: &str, id: &str| {
        let page = Document::parse(html);
        let part = page.by_id(id).unwrap();
        assert!(part.attribute("data-frag").is_some(), "{id}");
        part.text.clone()
    };
    let one = |state| live(Lang::Fr, &LiveEquipment::Read(vec![modem("XX230v", state)]));
    let up = one(seen(true));
    let text = fragment(&up, "connection");
    assert!(
        text.contains("En ligne") && text.contains("depuis 14\u{a0}jours"),
        "{text}"
    );
    let text = fragment(&up, "modem");
    assert!(
        text.contains("\u{2212}19,6\u{a0}dBm") && text.contains("Bon"),
        "{text}"
    );
    assert!(
        text.contains("9 appareils · 1 faible (\u{2212}78\u{a0}dBm)"),
        "{text}"
    );
    let text = fragment(&one(seen(false)), "connection");
    assert!(
        text.contains("Hors ligne") && text.contains("il y a 20\u{a0}min"),
        "{text}"
    );
    assert!(fragment(&one(LiveState::Failed), "modem").contains("r-1234"));
    assert!(fragment(&one(LiveState::Unknown), "connection").contains("Inconnu"));
    let both = LiveEquipment::Read(vec![modem("a", seen(false)), modem("b", seen(true))]);
    assert!(fragment(&live(Lang::Fr, &both), "connection").contains("1 hors ligne sur 2"));
    // The page that asks for them has the same two.
    let html = show(Lang::Fr, &record("Élodie"));
    for id in ["connection", "modem"] {
        fragment(&html, id);
    }
}

#[test]
fn amounts_are_written_to_the_cent() {
    for (given, fr) in [
        ("0", "0,00\u{a0}$"),
        ("91.965", "91,97\u{a0}$"),
        ("91.964", "91,96\u{a0}$"),
        ("-0.005", "\u{2212}0,01\u{a0}$"),
        ("-0.004", "0,00\u{a0}$"),
        ("1234567.8", "1\u{a0}234\u{a0}567,80\u{a0}$"),
        (
            "79228162514264337593543950335",
            "79228162514264337593543950335",
        ),
    ] {
        assert_eq!(money(Lang::Fr, amount(given)), fr);
    }
    assert_eq!(money(Lang::En, amount("-45.94")), "\u{2212}$45.94");
}
