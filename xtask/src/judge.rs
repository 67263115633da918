//! `cargo xtask judge`: our fakes and encoders, driven by the official clients of the systems
//! they imitate.

mod stripe;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

/// What to judge.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// `stripe-lite`: its fake, its webhooks and its form encoding, by the npm package `stripe`.
    Stripe(stripe::Options),
}

/// Runs one judgement.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    match &options.subject {
        Subject::Stripe(options) => stripe::run(options),
    }
}
