//! An invoice in both languages: `invoice [PRICE…]`, prices before taxes written `39.95`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use quebec_tax::{Locale, Tax, Taxes, money, parse_money};

fn main() -> Result<(), Box<dyn Error>> {
    let mut prices = Vec::new();
    for argument in std::env::args().skip(1) {
        prices.push(parse_money(Locale::EnCa, &argument)?);
    }
    if prices.is_empty() {
        prices = vec![
            parse_money(Locale::EnCa, "$79.99")?,
            parse_money(Locale::FrCa, "39,95 $")?,
        ];
    }
    let taxes = Taxes::on_lines(prices.iter().copied())?;
    for (locale, total) in [(Locale::FrCa, "Total"), (Locale::EnCa, "Total")] {
        for price in &prices {
            println!("{:>40}", money(locale, *price));
        }
        for tax in [Tax::Gst, Tax::Qst] {
            println!(
                "{:<20}{:>20}",
                tax.label(locale),
                money(locale, taxes.of_tax(tax))
            );
        }
        println!("{total:<20}{:>20}\n", money(locale, taxes.total()));
    }
    Ok(())
}
