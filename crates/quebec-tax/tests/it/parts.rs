//! Parts of months and shares of amounts.

use jiff::civil::date;
use quebec_tax::{Error, Proration, prorate, split};

use super::dec;

#[test]
fn a_month_is_divided_by_its_days() {
    for (price, days, of, part) in [
        ("39.95", 7, 30, "9.32"),
        ("39.95", 0, 30, "0.00"),
        ("39.95", 30, 30, "39.95"),
        ("0.05", 1, 10, "0.01"),
        ("-39.95", 7, 30, "-9.32"),
        ("79.99", 14, 28, "40.00"),
    ] {
        assert_eq!(prorate(dec(price), days, of).unwrap().to_string(), part);
    }
    assert_eq!(
        prorate(dec("1"), 31, 30),
        Err(Error::Days { days: 31, of: 30 })
    );
    assert_eq!(prorate(dec("1"), 0, 0), Err(Error::Days { days: 0, of: 0 }));
}

#[test]
fn an_activation_is_charged_from_the_next_day() {
    let price = dec("39.95");
    for (activated, days, of) in [
        (date(2026, 11, 23), 7, 30),
        (date(2026, 12, 1), 30, 31),
        (date(2027, 2, 27), 1, 28),
        (date(2028, 2, 27), 2, 29),
    ] {
        let part = Proration::after_activation(price, activated)
            .unwrap()
            .unwrap();
        assert_eq!((part.days(), part.days_in_month()), (days, of));
        assert_eq!(part.first(), activated.tomorrow().unwrap());
        assert_eq!(part.last(), activated.last_of_month());
        assert_eq!(part.amount() + part.remainder(), price);
    }
    for last in [date(2026, 11, 30), date(2028, 2, 29), date(9999, 12, 31)] {
        assert_eq!(Proration::after_activation(price, last), Ok(None));
    }
    let beyond = dec("1e20".replace("e20", "00000000000000000000").as_str());
    for day in [date(2026, 11, 30), date(2026, 11, 1)] {
        assert_eq!(
            Proration::after_activation(beyond, day),
            Err(Error::OutOfRange)
        );
    }
}

#[test]
fn days_of_two_months_or_backwards_are_no_part() {
    let price = dec("30");
    for (first, last) in [
        (date(2026, 11, 24), date(2026, 12, 1)),
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2025, 11, 24), date(2026, 11, 24)),
    ] {
        assert_eq!(
            Proration::between(price, first, last),
            Err(Error::NotOneMonth)
        );
    }
    let day = date(2026, 11, 24);
    assert_eq!(
        Proration::between(price, day, day).unwrap().amount(),
        dec("1")
    );
}

#[test]
fn shares_add_up_and_bad_weights_are_refused() {
    let parts = |amount, weights: &[&str]| {
        let weights: Vec<_> = weights.iter().map(|weight| dec(weight)).collect();
        split(dec(amount), &weights)
            .map(|parts| parts.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(
        parts("1.00", &["1", "1", "1"]).unwrap(),
        ["0.33", "0.34", "0.33"]
    );
    assert_eq!(
        parts("-1.00", &["3", "0", "1"]).unwrap(),
        ["-0.75", "0.00", "-0.25"]
    );
    assert_eq!(parts("0.01", &["1", "1"]).unwrap(), ["0.01", "0.00"]);
    for bad in [&[][..], &["0", "0"], &["1", "-1"], &["2", "-1"]] {
        assert_eq!(parts("1", bad), Err(Error::Weights), "{bad:?}");
    }
    assert_eq!(parts("1.001", &["1"]), Err(Error::NotWholeCents));
}
