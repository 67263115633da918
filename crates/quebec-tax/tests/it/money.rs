//! Amounts as text, both ways.

use quebec_tax::{Decimal, Error, Locale, money, parse_money};

use super::dec;

#[test]
fn both_languages_write_their_way() {
    for (amount, french, english) in [
        ("0", "0,00\u{a0}$", "$0.00"),
        ("-0", "0,00\u{a0}$", "$0.00"),
        ("-0.004", "0,00\u{a0}$", "$0.00"),
        ("45.94", "45,94\u{a0}$", "$45.94"),
        ("-45.94", "\u{2212}45,94\u{a0}$", "\u{2212}$45.94"),
        ("999.995", "1\u{a0}000,00\u{a0}$", "$1,000.00"),
        (
            "1234567.8",
            "1\u{a0}234\u{a0}567,80\u{a0}$",
            "$1,234,567.80",
        ),
        ("100000", "100\u{a0}000,00\u{a0}$", "$100,000.00"),
    ] {
        assert_eq!(money(Locale::FrCa, dec(amount)), french, "{amount}");
        assert_eq!(money(Locale::EnCa, dec(amount)), english, "{amount}");
    }
    // Beyond the range of computing there is still a text.
    let text = money(Locale::EnCa, Decimal::MAX);
    assert_eq!(text, "$79,228,162,514,264,337,593,543,950,335.00");
}

#[test]
fn what_people_write_is_read() {
    for (text, amount) in [
        ("45,94 $", "45.94"),
        ("45,94\u{a0}$", "45.94"),
        ("1 234,56", "1234.56"),
        ("1\u{202f}234\u{a0}567 $", "1234567"),
        ("\u{2212}45,9", "-45.90"),
        (" - 7 $ ", "-7"),
        ("1234,56$", "1234.56"),
    ] {
        assert_eq!(parse_money(Locale::FrCa, text), Ok(dec(amount)), "{text}");
    }
    for (text, amount) in [
        ("$45.94", "45.94"),
        ("1,234.56", "1234.56"),
        ("$ 1234567", "1234567"),
        ("-$45.9", "-45.90"),
        ("0.01", "0.01"),
    ] {
        assert_eq!(parse_money(Locale::EnCa, text), Ok(dec(amount)), "{text}");
    }
}

#[test]
fn what_is_ambiguous_is_refused() {
    for text in [
        "",
        "$",
        "-",
        ",5",
        "5,",
        "1,234",
        "1.5",
        "1 23",
        "12 34,00",
        "1234 567",
        "1  234",
        "+5",
        "--5",
        "5 $ $",
        "$5",
        "1,2,3",
        "cinq",
        "٥",
        "5,٥",
        "1e3",
        " ,",
        "99999999999999999999999",
    ] {
        assert_eq!(
            parse_money(Locale::FrCa, text),
            Err(Error::NotMoney),
            "{text:?}"
        );
    }
    for text in [
        "1,23", "1,2345", ",123", "1.234", "1.", ".5", "5$", "1 234", "($5.00)", "$-5",
    ] {
        assert_eq!(
            parse_money(Locale::EnCa, text),
            Err(Error::NotMoney),
            "{text:?}"
        );
    }
    assert_eq!(
        parse_money(Locale::EnCa, "99999999999999999999"),
        Err(Error::OutOfRange)
    );
}
