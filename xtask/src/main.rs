//! Every check of the workspace, and the measurements that go with it.
//!
//! `cargo xtask ci` is what `.ci/run` runs: one list of steps, so that a developer sees what
//! the server sees. `cargo xtask ci --list` names the steps.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to a terminal"
)]

mod ci;
mod compare;
mod coverage_docs;
mod judge;
mod npm;
mod outside;
mod process;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks and measurements of the workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every check, in the order of the list, and print how long each took.
    Ci(ci::Options),
    /// Measure one of our crates beside a peer.
    Compare(compare::Options),
    /// Have the official client of a remote system drive our fake of it.
    Judge(judge::Options),
    /// Print which share of the public items is documented, and which has an example.
    CoverageDocs(coverage_docs::Options),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Ci(options) => ci::run(&options),
        Command::Compare(options) => compare::run(&options),
        Command::Judge(options) => judge::run(&options),
        Command::CoverageDocs(options) => coverage_docs::run(&options),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
