//! The official client for Node drives `FakeStripe`, takes its webhooks, and writes the forms
//! that ours must equal byte for byte.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::process::Run;
use crate::workspace::Workspace;
use crate::{npm, outside};

/// The client that judges.
const VERSION: &str = "23.1.0";

/// How to judge.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many random structures are encoded both ways.
    #[arg(long, value_name = "N", default_value_t = 5000)]
    structures: u32,
    /// The seed of the random structures.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    let workspace = Workspace::load()?;
    let Some(node) = outside::program("node") else {
        if outside::services_required() {
            bail!("node is not installed");
        }
        println!("skipped: node is not installed");
        return Ok(ExitCode::SUCCESS);
    };
    let client = npm::installed(&workspace, "stripe", VERSION)?;
    Run::cargo(&workspace.root)
        .args(["build", "--quiet", "--package", "stripe-lite"])
        .args(["--features", "testing"])
        .args(["--example", "fake_stripe", "--example", "encode_form"])
        .check()?;
    let examples = workspace.target.join("debug/examples");
    let judged = Run::new(node, &workspace.root)
        .args([workspace.root.join("xtask/peers/stripe-judge.mjs"), client])
        .args([examples.join("fake_stripe"), examples.join("encode_form")])
        .args([options.structures.to_string(), options.seed.to_string()])
        .output()?;
    print!("{}", String::from_utf8_lossy(&judged.stdout));
    eprint!("{}", String::from_utf8_lossy(&judged.stderr));
    Ok(if judged.status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
