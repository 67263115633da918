//! Time for an invoice, and for the ageing of a whole ledger.
#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::ToSpan as _;
use jiff::civil::date;
use quebec_tax::{Ageing, Decimal, Locale, OpenItem, Taxes, from_cents, money, split};

const ITEMS: i64 = 100_000;

fn invoice(c: &mut Criterion) {
    let lines: Vec<Decimal> = (0..20).map(|index| from_cents(3_995 + index)).collect();
    c.bench_function("taxes_on_20_lines", |b| {
        b.iter(|| Taxes::on_lines(black_box(&lines).iter().copied()));
    });
    let total = from_cents(11_498);
    c.bench_function("taxes_included_in", |b| {
        b.iter(|| Taxes::included_in(black_box(total)));
    });
    c.bench_function("split_over_20_lines", |b| {
        b.iter(|| split(black_box(total), &lines));
    });
    c.bench_function("money_text", |b| {
        b.iter(|| money(Locale::FrCa, black_box(from_cents(123_456_789))));
    });
}

fn ageing(c: &mut Criterion) {
    let day = date(2026, 11, 22);
    let items: Vec<OpenItem> = (0..ITEMS)
        .map(|index| {
            let posted = day.saturating_sub((index % 400).days());
            let due = posted.saturating_add(30.days());
            OpenItem::new(posted, Some(due), from_cents(index))
        })
        .collect();
    let rule = Ageing::default();
    let mut group = c.benchmark_group("ageing");
    group.throughput(Throughput::Elements(items.len() as u64));
    group.bench_function("100_000_items", |b| {
        b.iter(|| rule.sum(day, black_box(&items).iter().copied()));
    });
    group.finish();
}

criterion_group!(benches, invoice, ageing);
criterion_main!(benches);
