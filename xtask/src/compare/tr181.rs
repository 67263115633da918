//! Reading one device document, ours and Node's in turns.
//!
//! Ours turns the document into typed facts; the peer only parses it and visits every leaf, so
//! the ratio is a lower bound of what a summary in Node would cost.

mod synthetic;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{median, milliseconds};
use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

/// The capture measured by default, where the shared data is at hand.
const CAPTURE: &str = "devices/tplink-XX230v.json";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// A device document as the NBI returns it. Default: the shared capture, or else one that is
    /// written for the occasion.
    #[arg(long, value_name = "FILE")]
    document: Option<PathBuf>,
    /// How many times each program runs, in turns.
    #[arg(long, value_name = "N", default_value_t = 5)]
    rounds: u32,
    /// How many times a program reads the document in one run; its median counts.
    #[arg(long, value_name = "N", default_value_t = 200)]
    iterations: u32,
}

/// What our example prints.
#[derive(Debug, Deserialize)]
struct Ours {
    median_ns: u64,
    allocations: u64,
    allocated_bytes: u64,
    peak_bytes: u64,
}

/// What the peer prints.
#[derive(Debug, Deserialize)]
struct Peer {
    median_ns: u64,
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let document = document(&workspace, options)?;
    let size = fs::metadata(&document)
        .with_context(|| format!("cannot read {}", document.display()))?
        .len();
    Run::cargo(&workspace.root)
        .args(["build", "--quiet", "--release", "--package", "tr181"])
        .args(["--example", "bench_once"])
        .check()?;
    let ours = workspace.target.join("release/examples/bench_once");
    let peer = workspace.root.join("xtask/peers/tr181.mjs");
    let node = outside::program("node");
    if node.is_none() {
        println!("skipped: node is not installed, so ours is measured alone");
    }

    println!("document    {} ({size} bytes)", document.display());
    println!(
        "rounds      {} of {} readings each, in turns",
        options.rounds, options.iterations
    );
    let mut our_times = Vec::new();
    let mut peer_times = Vec::new();
    let mut last: Option<Ours> = None;
    let iterations = options.iterations.to_string();
    let arguments = [document.as_os_str(), iterations.as_ref()];
    for _ in 0..options.rounds.max(1) {
        let figures: Ours = read(Run::new(&ours, &workspace.root).args(arguments))?;
        our_times.push(figures.median_ns);
        last = Some(figures);
        if let Some(node) = &node {
            let figures: Peer = read(
                Run::new(node, &workspace.root)
                    .args([&peer])
                    .args(arguments),
            )?;
            peer_times.push(figures.median_ns);
        }
    }
    print(our_times, peer_times, last);
    Ok(ExitCode::SUCCESS)
}

fn print(our_times: Vec<u64>, peer_times: Vec<u64>, last: Option<Ours>) {
    let ours = median(our_times);
    if let Some(ours) = ours {
        println!("tr181       {}", milliseconds(ours));
    }
    if let (Some(ours), Some(peer)) = (ours, median(peer_times)) {
        println!("node        {}", milliseconds(peer));
        println!("node/tr181  {}", ratio(peer, ours));
    }
    if let Some(last) = last {
        println!(
            "tr181       {} allocations of {} bytes in all, {} bytes at the peak, for one reading",
            last.allocations, last.allocated_bytes, last.peak_bytes
        );
    }
}

/// `12.3 ×`.
#[allow(clippy::cast_precision_loss, reason = "two digits are printed")]
fn ratio(a: u64, b: u64) -> String {
    format!("{:.2} ×", a as f64 / b.max(1) as f64)
}

/// Runs a program that prints one JSON document.
fn read<T: DeserializeOwned>(run: Run) -> Result<T> {
    let text = run.read()?;
    serde_json::from_str(&text).with_context(|| format!("not the figures expected: {text}"))
}

/// The document named, the shared capture, or a synthetic one.
fn document(workspace: &Workspace, options: &Options) -> Result<PathBuf> {
    if let Some(document) = &options.document {
        return Ok(fs::canonicalize(document).unwrap_or_else(|_| document.clone()));
    }
    let beside = workspace
        .root
        .parent()
        .unwrap_or(Path::new("."))
        .join("shared/data");
    let capture = outside::shared_data().unwrap_or(beside).join(CAPTURE);
    if capture.is_file() {
        return Ok(capture);
    }
    let path = workspace.target.join("xtask-device.json");
    fs::create_dir_all(&workspace.target)?;
    fs::write(&path, synthetic::document())
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
