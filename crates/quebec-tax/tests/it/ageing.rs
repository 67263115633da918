//! Receivables by age.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use quebec_tax::{AgeBy, Ageing, Bucket, Decimal, Error, MAX_AMOUNT, NotDue, OpenItem};

use super::dec;

const TODAY: Date = date(2026, 11, 22);

fn texts(amounts: &[Decimal]) -> Vec<String> {
    amounts.iter().map(Decimal::to_string).collect()
}

#[test]
fn the_last_day_of_a_bucket_belongs_to_it() {
    let ageing = Ageing::default();
    for (days, place) in [
        (0, 0),
        (30, 0),
        (31, 1),
        (60, 1),
        (61, 2),
        (90, 2),
        (91, 3),
        (120, 3),
        (121, 4),
        (100_000, 4),
    ] {
        assert_eq!(ageing.bucket_of_age(days), Bucket::Range(place), "{days}");
        let item = OpenItem::new(TODAY.saturating_sub(days.days()), None, dec("1"));
        assert_eq!(ageing.bucket(&item, TODAY), Bucket::Range(place), "{days}");
    }
    assert_eq!(ageing.bucket_of_age(-1), Bucket::NotDue);
    assert_eq!(ageing.bucket_of_age(i64::MAX), Bucket::Range(4));
    assert_eq!(ageing.bucket_of_age(i64::MIN), Bucket::NotDue);
}

#[test]
fn a_report_of_mixed_items_balances() {
    let items = [
        OpenItem::new(date(2026, 11, 1), Some(date(2026, 12, 1)), dec("45.94")),
        OpenItem::new(date(2026, 10, 1), Some(date(2026, 10, 31)), dec("91.97")),
        OpenItem::new(date(2026, 9, 1), Some(date(2026, 10, 1)), dec("131.65")),
        OpenItem::new(date(2026, 1, 1), Some(date(2026, 1, 31)), dec("10.72")),
        // A payment on account, and a credit note.
        OpenItem::new(date(2026, 11, 20), None, dec("-20")),
        OpenItem::new(date(2026, 8, 15), None, dec("-0.12")),
        // Less than half a cent is nothing.
        OpenItem::new(date(2026, 1, 1), None, dec("0.004")),
    ];
    let aged = Ageing::default().sum(TODAY, items).unwrap();
    assert_eq!(aged.not_due(), dec("45.94"));
    assert_eq!(
        texts(aged.buckets()),
        ["71.97", "131.65", "0.00", "-0.12", "10.72"]
    );
    assert_eq!(aged.due(), dec("214.22"));
    assert_eq!(aged.total(), dec("260.16"));

    let first = Ageing::default().not_due(NotDue::FirstBucket);
    let aged = first.sum(TODAY, items).unwrap();
    assert_eq!(aged.buckets()[0], dec("117.91"));
    assert!(aged.not_due().is_zero());
    assert_eq!(aged.total(), dec("260.16"));

    let posted = Ageing::default().by(AgeBy::PostingDate);
    let aged = posted.sum(TODAY, items).unwrap();
    assert_eq!(
        texts(aged.buckets()),
        ["25.94", "91.97", "131.65", "-0.12", "10.72"]
    );
    assert_eq!(aged.total(), dec("260.16"));
}

#[test]
fn limits_must_rise() {
    let bad: [&[u32]; 4] = [&[], &[30, 30], &[60, 30], &[1; 13]];
    for limits in bad {
        assert_eq!(Ageing::new(limits), Err(Error::Limits { most: 12 }));
    }
    let ageing = Ageing::new([0, u32::MAX]).unwrap();
    assert_eq!(ageing.labels(), ["0–0", "1–4294967295", "4294967295+"]);
    assert_eq!(ageing.bucket_of_age(0), Bucket::Range(0));
    assert_eq!(ageing.bucket_of_age(1), Bucket::Range(1));
}

#[test]
fn a_sum_out_of_range_is_refused_and_changes_nothing() {
    let mut aged = Ageing::default().start(TODAY);
    aged.add(&OpenItem::new(TODAY, None, MAX_AMOUNT)).unwrap();
    let before = aged.clone();
    let old = date(2020, 1, 1);
    for amount in [dec("0.01"), MAX_AMOUNT, Decimal::MAX] {
        let error = aged.add(&OpenItem::new(old, None, amount)).unwrap_err();
        assert_eq!(error, Error::OutOfRange);
    }
    assert_eq!(aged, before);
}
