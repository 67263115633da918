//! Prints a device document as text: `cargo run --example summarize -- FILE [--json|--plain]`.
#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;

use tr181::{Fact, Summary};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .ok_or("usage: summarize FILE [--json|--plain]")?;
    let summary = tr181::summarize(&std::fs::read(file)?)?;
    match arguments.next().as_deref() {
        Some("--json") => println!("{}", serde_json::to_string_pretty(&summary)?),
        Some("--plain") => println!("{}", serde_json::to_string_pretty(&summary.to_plain())?),
        _ => print(&summary),
    }
    Ok(())
}

fn text<T: std::fmt::Display>(fact: Option<&Fact<T>>) -> String {
    fact.map_or_else(|| "unknown".to_owned(), |f| f.value.to_string())
}

fn print(summary: &Summary) {
    let identity = &summary.identity;
    println!(
        "{} {}",
        text(identity.manufacturer.as_ref()),
        text(identity.model.as_ref())
    );
    println!(
        "  serial {}, software {}",
        text(identity.serial.as_ref()),
        text(identity.software.as_ref())
    );
    for wan in &summary.wan {
        let mark = if wan.primary { '*' } else { ' ' };
        println!(
            "{mark} WAN {}: {:?}, {}, address {}, VLAN {}, gateway {}",
            text(wan.name.as_ref()),
            wan.kind,
            text(wan.status.as_ref()),
            text(wan.ipv4.as_ref()),
            text(wan.vlan.as_ref()),
            text(wan.gateway.as_ref()),
        );
    }
    if let Some(optical) = &summary.optical {
        println!(
            "  fibre: {} dBm received, {} dBm launched, {} °C, state {}",
            text(optical.rx_dbm.as_ref()),
            text(optical.tx_dbm.as_ref()),
            text(optical.temperature_c.as_ref()),
            text(optical.state.as_ref()),
        );
    }
    for station in &summary.wifi.stations {
        println!(
            "  Wi-Fi {} ({}): {} dBm on {}",
            text(station.mac.as_ref()),
            text(station.name.as_ref()),
            text(station.rssi_dbm.as_ref()),
            text(station.band.as_ref()),
        );
    }
    println!("  {} hosts", summary.hosts.len());
}
