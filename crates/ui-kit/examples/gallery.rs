//! Writes a page with every component, in both languages, and the files that it loads.
//!
//! `cargo run -p ui-kit --example gallery -- out` then serve the folder `out`.

use std::{fs, io, path::PathBuf};

use jiff::{Timestamp, civil};
use ui_kit::{
    Align, Badge, Bands, Banner, Button, Card, Confirm, DiagnosticCard, Empty, ErrorPart, Facts,
    Field, Gauge, Icon, Item, Lang, LineChart, Markup, NavItem, Page, PageHead, Phrase, Point,
    Render, Row, Stat, Table, Text, Tone, ago, choices, error_summary, form_post, form_search,
    format, html, item_list, mono, pager, read_age, skeleton, sparkline, stat_strip, steps,
};

fn main() -> io::Result<()> {
    let out = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "gallery".into()));
    fs::create_dir_all(out.join("assets"))?;
    for file in ui_kit::assets() {
        fs::write(out.join(file.path.trim_start_matches('/')), &file.body)?;
    }
    for lang in [Lang::Fr, Lang::En] {
        let code = lang.cookie();
        fs::write(out.join(format!("gallery-{code}.html")), gallery(lang))?;
        fs::write(out.join(format!("portal-{code}.html")), portal(lang))?;
        fs::write(out.join(format!("job-{code}.html")), job(lang))?;
    }
    Ok(())
}

/// A line over a day with a gap in the morning.
fn day() -> Vec<Point> {
    (0..288_u32)
        .map(|n| {
            let at = f64::from(n) / 287.0;
            let level = if at > 0.73 { -21.0 } else { -19.6 };
            let ripple = f64::from(n * 7 % 5) * 0.12;
            Point {
                at,
                value: (!(0.37..0.42).contains(&at)).then_some(level - ripple),
            }
        })
        .collect()
}

fn gallery(lang: Lang) -> String {
    let t = |text| lang.t(text);
    let now = Timestamp::from_second(1_795_454_400).unwrap_or_default();
    let before = |seconds| Timestamp::from_second(now.as_second() - seconds).unwrap_or_default();
    let head = PageHead::new(lang.pick("Composants", "Components"))
        .lang(lang)
        .badge(Badge::online(lang, true))
        .meta(html! {
            (format::date_long(lang, civil::date(2026, 11, 23))) ", "
            (format::clock_range(lang, civil::time(13, 0, 0, 0), civil::time(15, 0, 0, 0)))
        })
        .action(form_post(
            "/ops/read",
            "token",
            Button::submit(t(Text::ReadAgain)).icon(Icon::Refresh),
        ))
        .action(
            Button::link("/ops/reboot", t(Text::Restart))
                .danger()
                .icon(Icon::Power)
                .action(),
        );
    let body = html! {
        div.stack {
            (Banner::new(Tone::Ok, lang.pick("Aucun problème du réseau.", "No network problem."))
                .detail(ago(lang, before(7_200), now)))
            (Banner::new(Tone::Bad, lang.p(&Phrase::BackAround("16\u{a0}h"))).link("/ops/outages/1", t(Text::Outage)))
            (Banner::new(Tone::Warn, t(Text::PlannedWork)))
            (Banner::new(Tone::Info, t(Text::PageChanged)))
            (stat_strip(&[
                Stat::number("31", t(Text::Job)).detail(t(Text::InProgress)).link("/ops/dispatch"),
                Stat::text(format::money(lang, 9_197), t(Text::BalanceDue)).tone(Tone::Bad).detail(t(Text::Overdue)),
                Stat::text(t(Text::Online), t(Text::State)).tone(Tone::Ok),
            ]))
            (diagnostics(lang, now))
            (lists(lang, now))
            (forms(lang))
            (Confirm::new(lang, "/ops/reboot", "token", t(Text::Restart), "/ops")
                .consequence(lang.pick("Internet coupe environ 2\u{a0}minutes.", "Internet stops for about 2\u{a0}minutes.")))
            (Card::new("icons", lang.pick("Icônes", "Icons")).body(html! {
                div.row { @for icon in Icon::ALL { (icon) } }
            }))
        }
    };
    Page::console(lang.pick("Composants", "Components"))
        .lang(lang)
        .brand("Gigafibre")
        .user("marie.tremblay@example.ca")
        .nav(NavItem::Network)
        .count(NavItem::Dispatch, 4)
        .count(NavItem::Messages, 7)
        .search("/ops/search")
        .head(head)
        .body(body)
        .render()
}

fn diagnostics(lang: Lang, now: Timestamp) -> Markup {
    let t = |text| lang.t(text);
    let power = -19.6;
    let bands = Bands::optical_power();
    let optical = DiagnosticCard::new("optical", t(Text::Optics))
        .badge(Badge::measure(lang, bands.tone(power)))
        .figure(
            format::decimal(lang, power, 1),
            lang.pick("dBm reçus", "dBm received"),
        )
        .gauge(Gauge::new(lang, t(Text::Received), power, bands.clone()).unit("dBm"))
        .facts(
            Facts::new()
                .row(t(Text::Transmitted), format::quantity(lang, 2.3, 1, "dBm"))
                .row(t(Text::Temperature), format::quantity(lang, 48.0, 0, "°C")),
        )
        .more(read_age(lang, Some(now), now, 600));
    let wan = DiagnosticCard::new("wan", t(Text::Internet))
        .badge(Badge::new(Tone::Ok, t(Text::Connected)))
        .figure("14", lang.pick("jours sans coupure", "days without a cut"))
        .facts(
            Facts::new()
                .row("IPv4", mono("192.0.2.34"))
                .row("VLAN", "40"),
        );
    let wifi = DiagnosticCard::new("wifi", t(Text::Wifi))
        .badge(Badge::measure(lang, Tone::Idle))
        .figure(t(Text::Unknown), "")
        .more(skeleton("hosts", "/ops/hosts", t(Text::ReadAgain)));
    html! {
        div.c4 { (optical) (wan) (wifi) }
        (Card::new("day", t(Text::OpticalSignal))
            .aside(read_age(lang, Some(now), now, 600))
            .body(LineChart::new(lang, t(Text::OpticalSignal), day(), bands)
                .unit("dBm")
                .axis(["0\u{a0}h", "6\u{a0}h", "12\u{a0}h", "18\u{a0}h", "24\u{a0}h"])
                .table(vec![("2026-11-23 00:00".into(), format::quantity(lang, power, 1, "dBm"))])))
        (Card::new("spark", t(Text::Signal)).body(sparkline(t(Text::OpticalSignal), &day())))
    }
}

fn lists(lang: Lang, now: Timestamp) -> Markup {
    let t = |text| lang.t(text);
    let table = Table::new(t(Text::Invoices))
        .sorted(t(Text::Invoice), Align::Text, "?sort=name", Some(true))
        .column(t(Text::DueDate), Align::Text)
        .column(t(Text::State), Align::State)
        .column(t(Text::MonthlyTotal), Align::Number)
        .row(
            Row::new("SINV-2026-11871")
                .link("/invoices/1")
                .cell(format::date(civil::date(2026, 11, 10)))
                .cell(Badge::new(Tone::Bad, t(Text::Overdue)))
                .cell(format::money(lang, 123_456)),
        )
        .row(
            Row::new("SINV-2026-10442")
                .link("/invoices/2")
                .cell(format::date(civil::date(2026, 10, 10)))
                .cell(Badge::new(Tone::Ok, t(Text::Paid)))
                .cell(format::money(lang, 9_197)),
        );
    let items = [
        Item::new("Élodie Côté-Bélanger")
            .meta(ago(lang, now, now))
            .detail("Bonjour")
            .link("/ops/inbox/1")
            .current(true),
        Item::new("Garage Lussier")
            .meta(Badge::new(Tone::Info, t(Text::Sms)))
            .link("/ops/inbox/2"),
    ];
    html! {
        div.cols-main {
            (Card::new("invoices", t(Text::Invoices)).flush(table))
            (Card::new("inbox", t(Text::Messages)).flush(item_list(&items)))
        }
        (pager(lang, Some("?after=1"), Some("?before=2")))
        div.cols {
            (Card::new("empty", t(Text::Results)).flush(Empty::new(Icon::Search, t(Text::NoDevice)).action("/ops/network", t(Text::TryAgain))))
            (Card::new("broken", t(Text::Network)).body(ErrorPart::cannot_read(lang, lang.pick("l’appareil", "the device")).retry("/ops/network").request_id("0b1c-42")))
        }
    }
}

fn forms(lang: Lang) -> Markup {
    let t = |text| lang.t(text);
    let email = t(Text::InvalidEmail);
    html! {
        (Card::new("forms", t(Text::Search)).body(html! {
            (form_search("/ops/network", lang, &Field::new("q", t(Text::SerialNumber)).search(), false))
        }))
        (Card::new("account", t(Text::Account)).body(html! {
            (error_summary(lang, &[("email", email)]))
            (form_post("/compte", "token", html! { div.stack {
                (Field::new("email", t(Text::Email)).input_type("email").autocomplete("email").error(email))
                (Field::new("phone", t(Text::TextMessage)).input_type("tel").autocomplete("tel").optional(lang)
                    .hint(format::phone(lang, "+14505550142")))
                (choices("plan", t(Text::Plan), &[
                    ("f500", "Fibre 500", Some(format::money(lang, 6_999).as_str())),
                    ("f1000", "Fibre 1000", None),
                ], Some("f500")))
                div.row { (Button::submit(t(Text::Continue)).primary()) (Button::link("/", t(Text::Cancel)).quiet()) }
            } }))
        }))
    }
}

fn portal(lang: Lang) -> String {
    let t = |text| lang.t(text);
    Page::portal(lang.pick("Bonjour Élodie", "Hello Élodie"))
        .lang(lang)
        .brand("Gigafibre")
        .language_link("?lang=other")
        .tab("/", t(Text::Home), Icon::Home, true)
        .tab("/factures", t(Text::Invoices), Icon::Invoice, false)
        .tab("/messages", t(Text::Messages), Icon::Messages, false)
        .tab("/compte", t(Text::Account), Icon::Person, false)
        .footer(html! { "Gigafibre · " a href=(format::phone_href("4505550100")) { (format::phone(lang, "4505550100")) } })
        .body(html! { div.stack {
            (steps(lang, 4, 6))
            (Banner::new(Tone::Bad, t(Text::OutageInArea)).detail(lang.p(&Phrase::BackAround("16\u{a0}h"))))
            (Card::new("balance", t(Text::BalanceDue)).body(html! {
                p.figure { (format::money(lang, 9_197)) }
                (Button::link("/factures", t(Text::PayNow)).primary().big().block())
            }))
        } })
        .render()
}

fn job(lang: Lang) -> String {
    let t = |text| lang.t(text);
    Page::technician("Installation fibre")
        .lang(lang)
        .brand("Gigafibre")
        .body(
            Banner::new(Tone::Warn, t(Text::Offline))
                .icon(Icon::Offline)
                .render(),
        )
        .action_bar(form_post(
            "/j/1/done",
            "token",
            Button::submit(t(Text::CompleteJob)).primary().big().block(),
        ))
        .render()
}
