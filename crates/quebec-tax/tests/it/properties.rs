//! The parts are the whole, to the cent.

use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::collection::vec;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use quebec_tax::{
    AgeBy, Ageing, Decimal, Error, Locale, NotDue, OpenItem, Proration, Taxes, from_cents, money,
    parse_money, prorate, round_to_cent, split, to_cents,
};

const MOST: i64 = 1_000_000_000_000_000;

proptest! {
    #[test]
    fn the_total_is_the_sum_of_its_parts(cents in -MOST..=MOST) {
        let price = from_cents(cents);
        let taxes = Taxes::on(price).unwrap();
        prop_assert_eq!(taxes.net(), price);
        prop_assert_eq!(taxes.net() + taxes.gst() + taxes.qst(), taxes.total());
        // Each tax is within half a cent of the exact one.
        let half = Decimal::new(5, 3);
        prop_assert!((taxes.gst() - price * Decimal::new(5, 2)).abs() <= half);
        prop_assert!((taxes.qst() - price * Decimal::new(9_975, 5)).abs() <= half);
        let credit = Taxes::on(-price).unwrap();
        prop_assert_eq!(credit.total(), -taxes.total());
    }

    #[test]
    fn a_price_is_found_again_in_its_total(cents in -100_000_000_000_i64..=100_000_000_000) {
        let taxes = Taxes::on(from_cents(cents)).unwrap();
        prop_assert_eq!(Taxes::included_in(taxes.total()), Ok(taxes));
    }

    #[test]
    fn every_total_is_taken_apart_without_rest(cents in -MOST..=MOST) {
        let total = from_cents(cents);
        let taxes = Taxes::included_in(total).unwrap();
        prop_assert_eq!(taxes.net() + taxes.gst() + taxes.qst(), total);
        let exact = total / Decimal::new(114_975, 5);
        prop_assert!((taxes.net() - exact).abs() <= Decimal::new(2, 2));
    }

    #[test]
    fn one_price_and_its_lines_bear_the_same_taxes(cents in vec(-1_000_000_i64..=1_000_000, 0..40)) {
        let lines = cents.iter().copied().map(from_cents);
        let sum = from_cents(cents.iter().sum());
        prop_assert_eq!(Taxes::on_lines(lines), Taxes::on(sum));
    }

    #[test]
    fn shares_add_up_and_are_near(
        cents in -MOST..=MOST,
        weights in vec(0..1_000_000_i64, 1..30),
    ) {
        let whole = from_cents(cents);
        let weights: Vec<Decimal> = weights.into_iter().map(from_cents).collect();
        let sum: Decimal = weights.iter().sum();
        match split(whole, &weights) {
            Err(error) => {
                prop_assert_eq!(error, Error::Weights);
                prop_assert!(sum.is_zero());
            }
            Ok(parts) => {
                prop_assert_eq!(parts.len(), weights.len());
                prop_assert_eq!(parts.iter().sum::<Decimal>(), whole);
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = whole * (weight / sum);
                    prop_assert!((part - exact).abs() <= Decimal::new(101, 4), "{} {}", part, exact);
                    prop_assert!(part.is_zero() || part.is_sign_negative() == whole.is_sign_negative());
                }
            }
        }
    }

    #[test]
    fn two_parts_of_a_month_are_the_month(cents in -MOST..=MOST, month in 1..=12_i8, day in 1..=31_i8) {
        let price = from_cents(cents);
        let first = date(2027, month, 1);
        let activated = first.saturating_add((i64::from(day) - 1).days());
        if let Some(part) = Proration::after_activation(price, activated).unwrap() {
            prop_assert_eq!(part.amount() + part.remainder(), price);
            let whole = i64::from(part.days_in_month());
            prop_assert_eq!(i64::from(part.days()), whole - i64::from(activated.day()));
            prop_assert!(part.amount().abs() < price.abs() || price.abs() <= Decimal::ONE);
        } else {
            prop_assert_eq!(activated, activated.last_of_month());
        }
    }

    #[test]
    fn any_part_of_any_period_is_answered(price in any::<i128>(), scale in 0..=28_u32, days in any::<u32>(), of in any::<u32>()) {
        let price = Decimal::try_from_i128_with_scale(price >> 33, scale).unwrap();
        let _ = prorate(price, days, of);
        let _ = Taxes::on(price);
        let _ = Taxes::included_in(price);
        let _ = to_cents(price);
        let _ = split(price, &[price, price]);
        let _ = money(Locale::FrCa, price);
        let rounded = round_to_cent(price);
        prop_assert!((rounded - price).abs() <= Decimal::new(5, 3));
    }

    #[test]
    fn the_buckets_add_up_to_what_is_open(
        items in vec((-2_000..2_000_i64, proptest::option::of(-100..100_i64), -10_000_000..10_000_000_i64), 0..60),
        by_posting in any::<bool>(),
        first_bucket in any::<bool>(),
    ) {
        let today = date(2026, 11, 22);
        let open: Decimal = items.iter().map(|item| from_cents(item.2)).sum();
        let items = items.into_iter().map(|(age, term, cents)| {
            let posted = today.saturating_sub(age.days());
            OpenItem::new(posted, term.map(|days| posted.saturating_add(days.days())), from_cents(cents))
        });
        let by = if by_posting { AgeBy::PostingDate } else { AgeBy::DueDate };
        let not_due = if first_bucket { NotDue::FirstBucket } else { NotDue::Separate };
        let aged = Ageing::default().by(by).not_due(not_due).sum(today, items).unwrap();
        prop_assert_eq!(aged.total(), open);
        prop_assert_eq!(aged.buckets().iter().sum::<Decimal>() + aged.not_due(), open);
        prop_assert!(!first_bucket || aged.not_due().is_zero());
    }

    #[test]
    fn a_text_is_read_back(cents in -MOST..=MOST) {
        let amount = from_cents(cents);
        for locale in [Locale::FrCa, Locale::EnCa] {
            prop_assert_eq!(parse_money(locale, &money(locale, amount)), Ok(amount));
        }
        prop_assert_eq!(to_cents(amount), Ok(cents));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[-−$0-9., \u{a0}\u{202f}é]{0,30}", wild in any::<String>()) {
        for locale in [Locale::FrCa, Locale::EnCa] {
            let _ = parse_money(locale, &text);
            let _ = parse_money(locale, &wild);
        }
    }
}
