//! GST and QST against figures computed elsewhere.

use quebec_tax::{Error, Line, MAX_AMOUNT, Taxes, from_cents, round_to_cent, to_cents};

use super::dec;

/// Price, GST, QST, total.
const FIGURES: [[&str; 4]; 7] = [
    ["100.00", "5.00", "9.98", "114.98"],
    ["39.95", "2.00", "3.99", "45.94"],
    ["79.99", "4.00", "7.98", "91.97"],
    ["114.50", "5.73", "11.42", "131.65"],
    ["0.10", "0.01", "0.01", "0.12"],
    ["9.32", "0.47", "0.93", "10.72"],
    ["1234.56", "61.73", "123.15", "1419.44"],
];

fn texts(taxes: &Taxes) -> [String; 4] {
    [taxes.net(), taxes.gst(), taxes.qst(), taxes.total()].map(|amount| amount.to_string())
}

#[test]
fn the_figures_are_right_to_the_cent() {
    for figures in FIGURES {
        let price = dec(figures[0]);
        assert_eq!(texts(&Taxes::on(price).unwrap()), figures);
        let credit = Taxes::on(-price).unwrap();
        assert_eq!(credit.total(), -dec(figures[3]));
        assert_eq!(credit.gst(), -dec(figures[1]));
    }
}

#[test]
fn a_total_gives_its_price_back() {
    for figures in FIGURES {
        assert_eq!(
            texts(&Taxes::included_in(dec(figures[3])).unwrap()),
            figures
        );
    }
}

#[test]
fn a_total_that_no_price_has_is_still_taken_apart() {
    // 0.05 $ costs 0.05 and 0.06 $ costs 0.07: nothing costs 0.06.
    let six = Taxes::included_in(dec("0.06")).unwrap();
    assert_eq!(texts(&six), ["0.05", "0.00", "0.01", "0.06"]);
    let totals: Vec<_> = (0..2_000)
        .map(|cents| Taxes::on(from_cents(cents)).unwrap().total())
        .collect();
    let mut gaps = 0;
    for cents in 0..2_000 {
        let total = from_cents(cents);
        let taxes = Taxes::included_in(total).unwrap();
        assert_eq!(taxes.total(), total);
        if !totals.contains(&total) {
            gaps += 1;
            let off = (Taxes::on(taxes.net()).unwrap().total() - total).abs();
            assert!(off <= dec("0.02"), "{total}: {off}");
        }
    }
    assert_eq!(gaps, 260);
}

#[test]
fn the_sum_is_taxed_and_not_each_line() {
    let line = dec("10.10");
    let invoice = Taxes::on_lines([line, line, line]).unwrap();
    assert_eq!(invoice.qst(), dec("3.02"));
    let one = Taxes::on(line).unwrap();
    assert_eq!(one.qst() + one.qst() + one.qst(), dec("3.03"));
    // Fractions of a cent are summed before anything is rounded.
    let third = dec("3.3333");
    let invoice = Taxes::on_lines([third, third, third]).unwrap();
    assert_eq!(texts(&invoice), ["10.00", "0.50", "1.00", "11.50"]);
}

#[test]
fn an_exempt_line_bears_no_tax() {
    let taxes = Taxes::on_lines([
        Line::taxable(dec("39.95")),
        Line::exempt(dec("100")),
        Line::taxable(dec("-10")),
    ])
    .unwrap();
    assert_eq!(taxes.taxable(), dec("29.95"));
    assert_eq!(texts(&taxes), ["129.95", "1.50", "2.99", "134.44"]);
    let nothing: [Line; 0] = [];
    assert_eq!(texts(&Taxes::on_lines(nothing).unwrap()), ["0.00"; 4]);
}

#[test]
fn half_a_cent_goes_away_from_zero() {
    for (amount, rounded) in [
        ("0.005", "0.01"),
        ("0.0049999", "0.00"),
        ("2.675", "2.68"),
        ("-0.005", "-0.01"),
        ("-0.0049999", "0.00"),
        ("1", "1.00"),
    ] {
        assert_eq!(round_to_cent(dec(amount)).to_string(), rounded, "{amount}");
    }
}

#[test]
fn amounts_out_of_range_are_refused() {
    let beyond = MAX_AMOUNT + dec("0.01");
    assert_eq!(MAX_AMOUNT.to_string(), "10000000000000");
    assert_eq!(Taxes::on(beyond), Err(Error::OutOfRange));
    assert_eq!(Taxes::on(-beyond), Err(Error::OutOfRange));
    assert_eq!(
        Taxes::on_lines([MAX_AMOUNT, dec("1")]),
        Err(Error::OutOfRange)
    );
    assert_eq!(Taxes::included_in(beyond), Err(Error::OutOfRange));
    assert_eq!(Taxes::included_in(dec("1.001")), Err(Error::NotWholeCents));
    assert_eq!(to_cents(beyond), Err(Error::OutOfRange));
    assert_eq!(to_cents(MAX_AMOUNT), Ok(1_000_000_000_000_000));
    assert_eq!(to_cents(dec("-45.9400")), Ok(-4_594));
    assert_eq!(Taxes::on(MAX_AMOUNT).unwrap().gst(), dec("500000000000.00"));
}
