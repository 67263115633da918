//! A doctype of one's own: read from an answer, changed, and what would be sent.
//!
//! `cargo run -p erpnext-client-derive --example one`
#![allow(clippy::print_stdout, reason = "an example")]

use erpnext_client::value::{Decimal, Extra, SiteTime};
use erpnext_client::{DocName, Doctype, Modified, Record, Row, Select};

/// A van that technicians drive.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Service Van")]
struct Van {
    name: DocName,
    modified: Option<Modified>,
    plate: String,
    state: State,
    /// Litres.
    fuel: Option<Decimal>,
    leaves_at: Option<SiteTime>,
    stock: Vec<StockLine>,
    #[doctype(extra)]
    extra: Extra,
}

#[derive(Clone, Debug, PartialEq, Select)]
enum State {
    Ready,
    #[select("At the Garage")]
    AtTheGarage,
    Other(String),
}

#[derive(Clone, Debug, Default, Doctype)]
#[doctype(name = "Service Van Stock", child)]
struct StockLine {
    name: Option<DocName>,
    item: Option<DocName>,
    qty: Decimal,
    #[doctype(extra)]
    extra: Extra,
}

fn main() -> Result<(), serde_json::Error> {
    let answer = r#"{"name": "VAN-3", "modified": "2026-05-04 06:02:11.514000", "plate": "F12 345",
        "state": "At the Garage", "fuel": 41.5, "leaves_at": "8:30:00", "colour": "blanc",
        "stock": [{"name": "s1", "item": "ONT-G2", "qty": 6.0, "shelf": "B"}]}"#;
    let van: Van = serde_json::from_str(answer)?;
    println!("{} ({}) is {}", van.plate, van.name(), van.state);
    println!("lists ask for {}", Van::FIELDS.join(", "));
    println!("its rows are documents of {}", StockLine::DOCTYPE);
    println!("kept without a place: {:?}", van.extra);

    // Rows are sent whole: those that were there, with all they had, and a new one.
    let mut stock = van.stock.clone();
    stock.push(StockLine {
        item: "DROP-CABLE".parse().ok(),
        qty: Decimal::ONE,
        ..StockLine::default()
    });
    let patch = VanPatch::default()
        .state(State::Ready)
        .clear_fuel()
        .stock(stock)
        .set("custom_checked_by", "TECH-0001");
    println!("{}", serde_json::to_string_pretty(&patch)?);
    Ok(())
}
