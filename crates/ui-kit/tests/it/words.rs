//! The words, in both languages.

use jiff::{Timestamp, civil};
use proptest::prelude::*;
use ui_kit::{Lang, Phrase, Text, format, french_slips, query_value, safe_href};

#[test]
fn every_text_has_both_languages_and_french_spacing() {
    for text in Text::ALL {
        let (fr, en) = (text.get(Lang::Fr), text.get(Lang::En));
        assert!(!fr.is_empty() && !en.is_empty(), "{text:?}");
        assert_eq!(french_slips(fr), [], "{fr}");
        assert!(!en.contains('\''), "{en}");
    }
}

#[test]
fn phrases_have_french_spacing() {
    for phrase in [
        Phrase::TakenBy("Nadia"),
        Phrase::AssignedTo("Luc"),
        Phrase::BlockedBy("client"),
        Phrase::NoResultsFor("roy"),
        Phrase::BackAround("16\u{a0}h"),
        Phrase::RetryIn(12),
        Phrase::TextsToSend(1),
        Phrase::TextsToSend(1_200),
        Phrase::StepOf(4, 6),
        Phrase::CannotRead("l’OLT"),
        Phrase::ReadAgo("il y a 12\u{a0}min"),
        Phrase::Selected(3),
    ] {
        assert_eq!(french_slips(&phrase.get(Lang::Fr)), [], "{phrase:?}");
        assert!(!phrase.get(Lang::En).is_empty());
    }
    assert_eq!(
        Phrase::TextsToSend(1_200).get(Lang::Fr),
        "1\u{a0}200 textos seront envoyés."
    );
}

#[test]
fn numbers_are_written_as_in_quebec() {
    assert_eq!(format::decimal(Lang::Fr, -0.04, 1), "0,0");
    assert_eq!(
        format::decimal(Lang::Fr, 1_234_567.891, 2),
        "1\u{a0}234\u{a0}567,89"
    );
    assert_eq!(
        format::quantity(Lang::Fr, -22.1, 1, "dBm"),
        "\u{2212}22,1\u{a0}dBm"
    );
    assert_eq!(format::money(Lang::Fr, 0), "0,00\u{a0}$");
    assert_eq!(
        format::money(Lang::Fr, i64::MIN).chars().next(),
        Some('\u{2212}')
    );
    assert_eq!(format::bit_rate(Lang::Fr, 999), "999\u{a0}bit/s");
    assert_eq!(format::bit_rate(Lang::En, 1_000_000_000), "1\u{a0}Gbit/s");
    assert_eq!(format::percent(Lang::En, 85.0, 0), "85%");
}

#[test]
fn dates_and_times_are_written_as_in_quebec() {
    let first = civil::date(2026, 12, 1);
    assert_eq!(
        format::date_long(Lang::Fr, first),
        "mardi 1er\u{a0}décembre 2026"
    );
    assert_eq!(format::date(first), "2026-12-01");
    assert_eq!(
        format::clock(Lang::Fr, civil::time(10, 2, 0, 0)),
        "10\u{a0}h\u{a0}02"
    );
    assert_eq!(
        format::clock(Lang::En, civil::time(0, 5, 0, 0)),
        "12:05\u{a0}a.m."
    );
    assert_eq!(format::duration(Lang::Fr, 86_400), "1\u{a0}jour");
    assert_eq!(format::duration(Lang::En, 59), "59\u{a0}s");
}

#[test]
fn relative_time_changes_unit_at_its_edges() {
    let now = Timestamp::from_second(1_000_000).unwrap();
    let before = |seconds: i64| {
        format::relative(
            Lang::Fr,
            Timestamp::from_second(1_000_000 - seconds).unwrap(),
            now,
        )
    };
    assert_eq!(before(59), "il y a 59\u{a0}s");
    assert_eq!(before(60), "il y a 1\u{a0}min");
    assert_eq!(before(3_600), "il y a 1\u{a0}h");
    assert_eq!(before(86_400), "il y a 1\u{a0}jour");
    assert_eq!(before(172_800), "il y a 2\u{a0}jours");
    assert_eq!(before(-60), "il y a 0\u{a0}s");
}

#[test]
fn language_is_negotiated() {
    assert_eq!(Lang::negotiate(None, Some("*")), Lang::Fr);
    assert_eq!(Lang::negotiate(None, Some("fr;q=0.1, en;q=0.2")), Lang::En);
    assert_eq!(Lang::negotiate(None, Some("en;q=0")), Lang::Fr);
    assert_eq!(Lang::negotiate(None, Some("en;q=NaN")), Lang::Fr);
    assert_eq!(Lang::negotiate(Some("xx"), Some("en-US")), Lang::En);
}

#[test]
fn addresses_that_run_script_are_refused() {
    for bad in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example.ca",
        "/\\evil.example.ca",
        "\\\\evil.example.ca",
        "tel:javascript",
        "geo:a",
        "http:evil",
        "",
    ] {
        assert_eq!(safe_href(bad), "#", "{bad:?}");
    }
    for good in [
        "/",
        "/a?b=c:d#e",
        "?q=1",
        "#main",
        "page",
        "https://example.ca/x",
        "mailto:a@example.ca",
        "geo:45.1,-73.2",
    ] {
        assert_eq!(safe_href(good), good);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formats_never_panic(value in any::<f64>(), digits in 0_usize..400, n in any::<i64>(), u in any::<u64>(), text in ".*") {
        for lang in [Lang::Fr, Lang::En] {
            let _ = format::decimal(lang, value, digits);
            let _ = (format::count(lang, n), format::money(lang, n));
            let _ = (format::bytes(lang, u), format::bit_rate(lang, u), format::duration(lang, u));
            let _ = format::phone(lang, &text);
        }
        let href = format::phone_href(&text);
        prop_assert!(href.trim_start_matches("tel:").chars().all(|c| c.is_ascii_digit() || c == '+'));
        let _ = french_slips(&text);
        let _ = Lang::negotiate(Some(&text), Some(&text));
    }

    #[test]
    fn safe_addresses_have_a_known_scheme(text in "[ -~\t\n]{0,40}") {
        let safe = safe_href(&text).to_ascii_lowercase();
        prop_assert!(!safe.trim_start().starts_with("javascript"), "{safe}");
        prop_assert!(!safe.starts_with("//"));
    }

    #[test]
    fn query_values_are_plain(text in ".*") {
        prop_assert!(query_value(&text).chars().all(|c| c.is_ascii_alphanumeric() || "-._~%".contains(c)));
    }
}
