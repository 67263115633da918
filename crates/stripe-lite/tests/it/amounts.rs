//! Money: exact both ways, whatever the currency.

use proptest::prelude::{any, proptest};
use stripe_lite::{Amount, Currency};

#[test]
fn decimals_follow_the_currency() {
    for (text, currency, minor) in [
        ("114.97", "cad", 11_497),
        ("114.9", "CAD", 11_490),
        ("114", "usd", 11_400),
        ("-0.01", "cad", -1),
        ("0114.970000", "cad", 11_497),
        ("500", "jpy", 500),
        ("500.00", "jpy", 500),
        ("1.234", "kwd", 1_234),
        ("92233720368547758.07", "cad", i64::MAX),
        ("-92233720368547758.08", "cad", i64::MIN),
    ] {
        let amount = Amount::from_decimal(text, currency.parse().unwrap()).unwrap();
        assert_eq!(amount.minor(), minor, "{text} {currency}");
    }
}

#[test]
fn what_is_not_exact_is_refused() {
    for (text, currency) in [
        ("0.005", "cad"),
        ("1.5", "jpy"),
        ("1.2345", "kwd"),
        ("", "cad"),
        (".5", "cad"),
        ("5.", "cad"),
        ("1e3", "cad"),
        ("+1", "cad"),
        ("1,50", "cad"),
        ("--1", "cad"),
        ("١", "cad"),
        ("92233720368547758.08", "cad"),
    ] {
        assert!(
            Amount::from_decimal(text, currency.parse().unwrap()).is_err(),
            "{text}"
        );
    }
}

#[test]
fn a_currency_is_letters() {
    for text in ["", "ca", "c d", "caddddddd", "câd", "ca\0"] {
        assert!(text.parse::<Currency>().is_err(), "{text:?}");
    }
    let coin: Currency = "USDC".parse().unwrap();
    assert_eq!(serde_json::to_string(&coin).unwrap(), r#""usdc""#);
}

proptest! {
    #[test]
    fn decimals_and_back(minor in any::<i64>(), which in 0_usize..4) {
        let currency: Currency = ["cad", "jpy", "kwd", "isk"][which].parse().unwrap();
        let amount = Amount::new(minor, currency);
        assert_eq!(Amount::from_decimal(&amount.to_decimal(), currency).unwrap(), amount);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Amount::from_decimal(&text, Currency::CAD);
        let _ = text.parse::<Currency>();
    }
}
