//! Checking a webhook of Stripe's, ours and the official library's in turns.
//!
//! Times are of the processor, so that a busy machine counts little. Both sides check the same
//! body with the same secret, and have to write the same header for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

/// The peer's version.
const VERSION: &str = "23.1.0";
/// What both sides sign with, and when.
const SECRET: &str = "whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55";
const NOW: &str = "1763827200";
/// The sizes of the bodies: an ordinary event, and a large one.
const SIZES: [usize; 2] = [459, 70_000];

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many times each program runs, in turns.
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: u32,
    /// How many batches a program times in one run; their median counts.
    #[arg(long, value_name = "N", default_value_t = 100)]
    batches: u32,
    /// Fail when a target is missed.
    #[arg(long)]
    strict: bool,
}

/// What either program prints: nanoseconds for one body.
#[derive(Clone, Debug, Deserialize)]
struct Figures {
    bytes: usize,
    header: String,
    verify_ns: f64,
    event_ns: f64,
    hmac_ns: f64,
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    Run::cargo(&workspace.root)
        .args(["build", "--quiet", "--release", "--package"])
        .args(["stripe-webhooks", "--example", "measure"])
        .check()?;
    let ours = workspace.target.join("release/examples/measure");
    let folder = workspace.target.join(format!("peers/stripe-{VERSION}"));
    let node = peer(&folder)?;
    if node.is_none() {
        println!("skipped: the peer cannot be installed here, so ours is measured alone");
    }
    println!(
        "rounds  {} of {} batches each, in turns; nanoseconds of the processor, medians",
        options.rounds, options.batches
    );
    let batches = options.batches.max(1).to_string();
    let mut met = true;
    for size in SIZES {
        let file = folder.with_file_name(format!("stripe-event-{size}.json"));
        fs::write(&file, event(size))
            .with_context(|| format!("cannot write {}", file.display()))?;
        let (mut our_runs, mut peer_runs) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds.max(1) {
            let arguments = [
                file.as_os_str(),
                SECRET.as_ref(),
                NOW.as_ref(),
                batches.as_ref(),
            ];
            our_runs.push(read::<Figures>(
                Run::new(&ours, &workspace.root).args(arguments),
            )?);
            if let Some(node) = &node {
                let script = workspace.root.join("xtask/peers/stripe.mjs");
                let run = Run::new(node, &workspace.root)
                    .args([script.as_os_str(), folder.as_os_str()])
                    .args(arguments);
                peer_runs.push(read::<Figures>(run)?);
            }
        }
        met &= print(size, &our_runs, &peer_runs)?;
    }
    Ok(if met || !options.strict {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Node with the library of the pinned version beside it, installed where it is missing.
fn peer(folder: &Path) -> Result<Option<PathBuf>> {
    let (Some(node), Some(npm)) = (outside::program("node"), outside::program("npm")) else {
        return Ok(None);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    if installed(folder).is_none() {
        let install = Run::new(npm, folder)
            .args(["install", "--silent", "--ignore-scripts", "--no-audit"])
            .args(["--no-fund", "--no-save", "--prefix", "."])
            .args([format!("stripe@{VERSION}")]);
        if let Err(error) = install.check() {
            println!("{error:#}");
            return Ok(None);
        }
    }
    match installed(folder) {
        Some(version) if version == VERSION => Ok(Some(node)),
        other => bail!("stripe {VERSION} is wanted and {other:?} is installed"),
    }
}

/// The version of the library in a folder.
fn installed(folder: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Package {
        version: String,
    }
    let text = fs::read(folder.join("node_modules/stripe/package.json")).ok()?;
    serde_json::from_slice::<Package>(&text)
        .ok()
        .map(|package| package.version)
}

/// Runs a program that prints one JSON document.
fn read<T: DeserializeOwned>(run: Run) -> Result<T> {
    let text = run.read()?;
    serde_json::from_str(&text).with_context(|| format!("not the figures expected: {text}"))
}

/// An event of exactly so many bytes.
fn event(size: usize) -> String {
    let with = |filler: &str| {
        format!(
            r#"{{"id":"evt_1","object":"event","api_version":"2026-10-28.endive","created":{NOW},"livemode":false,"pending_webhooks":1,"request":{{"id":"req_1","idempotency_key":null}},"type":"checkout.session.completed","data":{{"object":{{"id":"cs_test_1","object":"checkout.session","amount_total":4999,"currency":"cad","payment_intent":"pi_1","payment_status":"paid","metadata":{{"invoice":"INV-0000123"}},"description":"{filler}"}}}}}}"#
        )
    };
    with(&"x".repeat(size.saturating_sub(with("").len())))
}

/// Prints the figures of one size; says whether the targets are met.
fn print(size: usize, our_runs: &[Figures], peer_runs: &[Figures]) -> Result<bool> {
    for run in our_runs.iter().chain(peer_runs) {
        if run.bytes != size
            || our_runs
                .first()
                .is_some_and(|ours| ours.header != run.header)
        {
            bail!("the two sides did not check the same request");
        }
    }
    let ours = |figure: fn(&Figures) -> f64| median(our_runs.iter().map(figure));
    let peer = |figure: fn(&Figures) -> f64| median(peer_runs.iter().map(figure));
    let (Some(verify), Some(event), Some(hmac)) = (
        ours(|f| f.verify_ns),
        ours(|f| f.event_ns),
        ours(|f| f.hmac_ns),
    ) else {
        bail!("nothing was measured");
    };
    println!("body    {size} bytes");
    println!("  ours   verify {verify:.0}  verify and read {event:.0}  hmac alone {hmac:.0}");
    let mut met = true;
    let mut target = |what: &str, value: f64, at_least: f64, unit: &str| {
        let verdict = if value >= at_least { "met" } else { "MISSED" };
        met &= value >= at_least;
        println!("  {what:<36} {value:.2} {unit}  (at least {at_least:.2}: {verdict})");
    };
    if let (Some(verify_header), Some(construct), Some(raw)) = (
        peer(|f| f.verify_ns),
        peer(|f| f.event_ns),
        peer(|f| f.hmac_ns),
    ) {
        println!(
            "  node   verifyHeader {verify_header:.0}  constructEvent {construct:.0}  createHmac {raw:.0}"
        );
        println!(
            "  constructEvent/verify and read       {:.2} ×",
            construct / event
        );
        if size == SIZES[0] {
            target("verifyHeader/verify", verify_header / verify, 6.0, "×");
            target("constructEvent/verify", construct / verify, 10.0, "×");
        }
    }
    if size == SIZES[0] {
        target("verify on one core", 1_000.0 / verify, 1.5, "M/s");
    } else {
        target("hmac alone/verify", hmac / verify, 1.0 / 1.2, "×");
    }
    Ok(met)
}

/// The middle value; of an even number of values, the lower of the two in the middle.
fn median(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::{SIZES, event, median};

    #[test]
    fn the_events_have_the_sizes_that_are_named() {
        for size in SIZES {
            let event = event(size);
            assert_eq!(event.len(), size);
            assert!(serde_json::from_str::<serde_json::Value>(&event).is_ok());
        }
    }

    #[test]
    fn the_median_is_a_value_that_was_seen() {
        assert_eq!(median([4.0, 1.0, 2.0, 3.0].into_iter()), Some(2.0));
        assert_eq!(median(std::iter::empty()), None);
    }
}
