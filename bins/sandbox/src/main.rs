//! Starts the sandbox, tells where everything is, and stops on Ctrl-C.
#![allow(clippy::print_stdout, reason = "the command line talks to its reader")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use erpnext_client::Dialect;
use sandbox::env_file;
use sandbox::tour::{self, Step};
use sandbox::world::{Addresses, Options, World};
use tokio::signal::unix::{SignalKind, signal};

/// A whole ISP on a laptop: fakes of the remote systems, simulated modems, and the hub.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Port of the hub [default: 3300, or a free one where that is in use]. With `--without hub`,
    /// the port that events of the payment provider are sent to.
    #[arg(long)]
    port: Option<u16>,
    /// Customers of the ERP; as many modems are simulated, 200 at least and 1,000 at most.
    #[arg(long, default_value_t = 240, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    customers: u32,
    /// Seed of everything that is made up.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How ERPNext speaks: as version 15, or as 16 and later.
    #[arg(long, value_enum, default_value_t = Version::V16)]
    erpnext_dialect: Version,
    /// Walks through what the hub can do, then stops: 0 when every step worked.
    #[arg(long)]
    tour: bool,
    /// Prints one line of JSON: the addresses; with --tour, the steps and the addresses.
    #[arg(long)]
    json: bool,
    /// Writes every setting to this file, for a hub or command line started apart.
    #[arg(long, value_name = "PATH")]
    env_file: Option<PathBuf>,
    /// Leaves parts out, to be started apart.
    #[arg(long, value_delimiter = ',')]
    without: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Version {
    V15,
    V16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    Hub,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(Ended::Well) => ExitCode::SUCCESS,
        Ok(Ended::Badly) => ExitCode::FAILURE,
        Ok(Ended::Misused) => ExitCode::from(2),
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// From more customers than these on, starting is said to take a while.
const PATIENT: usize = 1_000;

/// How a run ended.
enum Ended {
    Well,
    Badly,
    Misused,
}

async fn run(arguments: Arguments) -> anyhow::Result<Ended> {
    let without_hub = arguments.without.contains(&Part::Hub);
    if arguments.tour && without_hub {
        complain("--tour needs the hub");
        return Ok(Ended::Misused);
    }
    let customers = usize::try_from(arguments.customers).unwrap_or(usize::MAX);
    if customers > PATIENT {
        complain(&format!(
            "making up {customers} customers and a year of their invoices, payments and visits; \
             a release build is much faster at it"
        ));
    }
    let world = World::start(Options {
        port: arguments.port,
        customers,
        seed: arguments.seed,
        dialect: match arguments.erpnext_dialect {
            Version::V15 => Dialect::V15,
            Version::V16 => Dialect::V16,
        },
        without_hub,
    })
    .await?;
    if let Some(path) = &arguments.env_file {
        env_file::write(path, &world.addresses().settings)?;
    }
    if arguments.json && !arguments.tour {
        println!("{}", serde_json::to_string(world.addresses())?);
    } else if !arguments.json {
        greet(world.addresses());
    }
    let passed = if arguments.tour {
        tour(world.addresses(), arguments.json).await?
    } else {
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted?,
            _ = terminate.recv() => {}
        }
        true
    };
    world.stop().await;
    Ok(if passed { Ended::Well } else { Ended::Badly })
}

async fn tour(addresses: &Addresses, json: bool) -> anyhow::Result<bool> {
    let steps = tour::run(addresses, |step| {
        if !json {
            println!("{}", line(step));
        }
    })
    .await?;
    let passed = steps.iter().all(|step| step.error.is_none());
    if json {
        println!(
            "{}",
            serde_json::json!({ "passed": passed, "steps": steps })
        );
    } else if passed {
        let page = tour::client_page_of(&addresses.examples.customer);
        println!(
            "\nAll {} steps passed. To see the page yourself, start",
            steps.len()
        );
        println!("  cargo run --bin sandbox");
        if let Some(console) = &addresses.console {
            println!("and open\n  {console}{page}");
        }
    }
    Ok(passed)
}

fn line(step: &Step) -> String {
    let mark = if step.error.is_none() { "✓" } else { "✗" };
    let mut text = format!("{mark} {:>6} ms  {}", step.milliseconds, step.title);
    for detail in step.details.iter().chain(&step.error) {
        text.push_str(&format!("\n               {detail}"));
    }
    text
}

fn greet(addresses: &Addresses) {
    println!(
        "A sandbox ISP with {} customers and {} simulated modems.\n",
        addresses.customers, addresses.modems
    );
    let rows = [
        ("hub", addresses.hub.as_deref()),
        ("staff console, signed in", addresses.console.as_deref()),
        ("GenieACS NBI", Some(addresses.genieacs_nbi.as_str())),
        ("ERPNext", Some(addresses.erpnext.as_str())),
        ("Stripe", Some(addresses.stripe.as_str())),
    ];
    for (name, address) in rows {
        if let Some(address) = address {
            println!("  {name:<26}{address}");
        }
    }
    let headers: Vec<String> = addresses
        .staff_headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    println!("  {:<26}{}", "headers that name staff", headers.join(" · "));
    println!(
        "  {:<26}Authorization: {}",
        "header of ERPNext", addresses.erpnext_authorization
    );
    let examples = &addresses.examples;
    println!(
        "  {:<26}{} · owing {}",
        "customers", examples.customer, examples.owing
    );
    println!(
        "  {:<26}{} · weak {} · offline {} · twice {} · faulting {}\n",
        "serial numbers",
        examples.serial,
        examples.weak,
        examples.offline,
        examples.shared,
        examples.faulting,
    );
}

#[allow(clippy::print_stderr, reason = "diagnostics of a command line")]
fn complain(text: &str) {
    eprintln!("sandbox: {text}");
}
