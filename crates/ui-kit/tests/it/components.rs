//! Every component with tame words, compared with its golden, and with hostile ones.

use jiff::Timestamp;
use proptest::prelude::*;
use ui_kit::{
    Align, Badge, Bands, Banner, Button, Card, Confirm, DiagnosticCard, Empty, ErrorPart, Facts,
    Field, Gauge, Icon, Item, Lang, LineChart, PageHead, Point, Render, Row, Stat, Table, Tone,
    ago, choices, error_summary, form_post, form_search, html, item_list, mono, pager, read_age,
    skeleton, sparkline, stat_strip, steps,
    testing::{Audit, Document},
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn points() -> Vec<Point> {
    [
        Some(-19.6),
        Some(-20.1),
        None,
        Some(-26.0),
        Some(f64::NAN),
        Some(-40.0),
    ]
    .into_iter()
    .zip(0_u32..)
    .map(|(value, n)| Point {
        at: f64::from(n) / 5.0,
        value,
    })
    .collect()
}

/// Every component with `text` wherever data may stand.
fn every(lang: Lang, text: &str, address: &str) -> Vec<(&'static str, String)> {
    let (now, then) = (at(1_000_000), at(999_000));
    let badge = Badge::new(Tone::Warn, text);
    let gauge = Gauge::new(lang, text, -19.6, Bands::optical_power()).unit(text);
    let field = Field::new("q", text).hint(text).error(text).value(text);
    let table = Table::new(text)
        .sorted(text, Align::Text, address, Some(false))
        .column(text, Align::State)
        .column(text, Align::Number)
        .results()
        .row(
            Row::new(text)
                .link(address)
                .note(text)
                .meta(text)
                .cell(&badge)
                .cell(text),
        )
        .row(Row::new(text).cell_if(None::<&str>).cell_if(Some(text)));
    let rendered = [
        ("badge", badge.render()),
        (
            "banner",
            Banner::new(Tone::Bad, text)
                .detail(text)
                .link(address, text)
                .alert()
                .id("b")
                .render(),
        ),
        (
            "button-link",
            Button::link(address, text)
                .danger()
                .icon(Icon::Power)
                .hotkey('e')
                .action()
                .render(),
        ),
        (
            "button-submit",
            Button::submit(text)
                .primary()
                .big()
                .block()
                .id("s")
                .value("a", text)
                .render(),
        ),
        (
            "button-icon",
            Button::link(address, text)
                .quiet()
                .icon(Icon::Back)
                .icon_only()
                .render(),
        ),
        (
            "card",
            Card::new("c", text)
                .aside(text)
                .body(text)
                .footer(text)
                .fragment()
                .render(),
        ),
        (
            "diagnostic-card",
            DiagnosticCard::new("d", text)
                .badge(badge.clone())
                .figure(text, text)
                .gauge(gauge.clone())
                .facts(Facts::new().row(text, mono(text)))
                .more(text)
                .fragment()
                .render(),
        ),
        (
            "stat-strip",
            stat_strip(&[
                Stat::number(text, text).detail(text).link(address),
                Stat::text(text, text).tone(Tone::Ok),
            ]),
        ),
        (
            "facts",
            Facts::new()
                .row(text, text)
                .row_if(text, None::<&str>)
                .numeric()
                .render(),
        ),
        ("table", table.render()),
        (
            "table-small",
            Table::new(text)
                .column(text, Align::Text)
                .small()
                .row(Row::new(text))
                .render(),
        ),
        (
            "item-list",
            item_list(&[
                Item::new(text)
                    .meta(text)
                    .detail(text)
                    .link(address)
                    .current(true),
                Item::new(text),
            ]),
        ),
        ("field", field.render()),
        (
            "form-search",
            form_search(
                address,
                lang,
                &Field::new("q", text).search().value(text),
                true,
            ),
        ),
        ("form-post", form_post(address, text, Button::submit(text))),
        (
            "error-summary",
            html! { (error_summary(lang, &[("q", text)])) },
        ),
        (
            "choices",
            choices(
                "p",
                text,
                &[(text, text, Some(text)), ("b", text, None)],
                Some(text),
            ),
        ),
        (
            "empty",
            Empty::new(Icon::Search, text)
                .detail(text)
                .action(address, text)
                .render(),
        ),
        (
            "error-part",
            ErrorPart::new(lang, text)
                .detail(text)
                .retry(address)
                .request_id(text)
                .render(),
        ),
        (
            "read-age",
            html! { (read_age(lang, Some(then), now, 600)) (read_age(lang, None, now, 600)) (ago(lang, then, now)) },
        ),
        ("skeleton", skeleton("k", address, text)),
        (
            "page-head",
            PageHead::new(text)
                .lang(lang)
                .badge(badge)
                .meta(text)
                .aside(text)
                .action(text)
                .crumb(address, text)
                .render(),
        ),
        ("pager", pager(lang, Some(address), Some(address))),
        ("steps", steps(lang, 4, 6)),
        (
            "confirm",
            Confirm::new(lang, address, text, text, address)
                .intro(text)
                .consequence(text)
                .hidden("x", text)
                .render(),
        ),
        ("gauge", gauge.render()),
        (
            "line-chart",
            LineChart::new(lang, text, points(), Bands::optical_power())
                .unit(text)
                .axis([text, text])
                .table(vec![(text.to_owned(), text.to_owned())])
                .render(),
        ),
        ("sparkline", sparkline(text, &points())),
    ];
    rendered
        .into_iter()
        .map(|(name, markup)| (name, markup.into_string()))
        .collect()
}

#[test]
fn goldens_hold() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut different = Vec::new();
    for (name, html) in every(Lang::Fr, "Télé du salon", "/ops/x?y=1&z=2") {
        let file = folder.join(format!("{name}.html"));
        let golden = std::fs::read_to_string(&file).unwrap_or_default();
        if golden.trim_end() != html {
            std::fs::write(file.with_extension("html.new"), format!("{html}\n")).unwrap();
            different.push(name);
        }
    }
    assert!(
        different.is_empty(),
        "{different:?} differ from tests/golden: look at the .new files, and rename them when right"
    );
}

#[test]
fn tame_components_pass_the_audit() {
    for lang in [Lang::Fr, Lang::En] {
        for (name, html) in every(lang, "Télé du salon", "/ops/x") {
            let problems = Audit::fragment().problems(&html);
            assert_eq!(problems, Vec::<String>::new(), "{name}");
        }
    }
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></textarea></style><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;b&gt;&#x27;",
    "\u{202e}\u{0}\u{7f}",
    "]]> --> {{7*7}} ${7*7}",
];

#[test]
fn hostile_data_stays_text() {
    for text in HOSTILE {
        let tame: Vec<usize> = every(Lang::Fr, "x", "/x")
            .iter()
            .map(|(_, html)| Document::parse(html).elements().len())
            .collect();
        for ((name, html), count) in every(Lang::Fr, text, text).into_iter().zip(tame) {
            let document = Document::parse(&html);
            assert_eq!(
                document.elements().len(),
                count,
                "{name} grew an element from {text:?}: {html}"
            );
            for element in document.elements() {
                assert!(
                    element
                        .attributes
                        .keys()
                        .all(|key| !key.starts_with("on") && key != "style"),
                    "{name}"
                );
                for key in ["href", "action", "data-src", "src"] {
                    let value = element.attribute(key).unwrap_or_default();
                    assert!(
                        !value.to_ascii_lowercase().contains("javascript:"),
                        "{name}: {value}"
                    );
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_stays_text(text in "[<>\"'&/=a-z :;(){}\\PC]{1,30}") {
        let tame = every(Lang::En, "x", "/x");
        for ((name, html), (_, plain)) in every(Lang::En, &text, &text).into_iter().zip(tame) {
            let (hostile, plain) = (Document::parse(&html), Document::parse(&plain));
            // An address that is refused or allowed does not change the shape either.
            prop_assert_eq!(hostile.elements().len(), plain.elements().len(), "{}: {}", name, html);
        }
    }

    #[test]
    fn charts_draw_any_numbers(values in prop::collection::vec(prop::option::of(any::<f64>()), 0..800), value in any::<f64>()) {
        let points: Vec<Point> = values.into_iter().map(|value| Point { at: 0.5, value }).collect();
        let chart = LineChart::new(Lang::Fr, "x", points.clone(), Bands::optical_power()).render().into_string();
        prop_assert!(!chart.contains("NaN") && !chart.contains("inf"));
        let spark = sparkline("x", &points).into_string();
        prop_assert!(!spark.contains("NaN") && !spark.contains("inf"));
        let gauge = Gauge::new(Lang::Fr, "x", value, Bands::wifi_strength()).render().into_string();
        prop_assert!(!gauge.contains("NaN") && !gauge.contains("inf%"));
    }
}

#[test]
fn a_long_line_is_thinned_and_keeps_its_extremes() {
    let points: Vec<Point> = (0..5_000_u32)
        .map(|n| Point {
            at: f64::from(n) / 5_000.0,
            value: Some(if n == 2_500 { -31.0 } else { -20.0 }),
        })
        .collect();
    let html = LineChart::new(Lang::Fr, "x", points, Bands::optical_power())
        .render()
        .into_string();
    assert!(
        html.matches('L').count() <= 300,
        "{}",
        html.matches('L').count()
    );
    assert!(html.contains(" 230.0"), "the dip is kept");
}

#[test]
fn a_gap_is_never_bridged() {
    let html = sparkline("x", &points()).into_string();
    assert_eq!(html.matches('M').count(), 3);
}

#[test]
fn a_gauge_says_its_value_in_words() {
    let html = Gauge::new(Lang::Fr, "Reçu", -26.0, Bands::optical_power())
        .unit("dBm")
        .render()
        .into_string();
    assert!(html.contains("aria-label=\"Reçu\u{a0}: \u{2212}26,0\u{a0}dBm, À surveiller\""));
}
