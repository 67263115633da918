//! `cargo xtask compare`: our crates beside the programs they replace, on this machine, now.

mod peers;
mod server;
mod sse;
mod stripe;
mod tr181;
mod webhook;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

/// What to compare.
#[derive(Debug, Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    subject: Subject,
}

#[derive(Debug, Subcommand)]
enum Subject {
    /// Live events to many clients: the hub beside one in Node.
    Sse(sse::Options),
    /// Checking a webhook of Stripe's: `stripe-webhooks` beside the official library in Node.
    Stripe(stripe::Options),
    /// Reading a device document: `tr181` beside parsing and walking it in Node.
    Tr181(tr181::Options),
    /// Webhooks over the network: `POST /webhook/stripe` of the hub beside one in Node.
    Webhook(webhook::Options),
}

/// Runs one comparison.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    match &options.subject {
        Subject::Sse(options) => sse::run(options),
        Subject::Stripe(options) => stripe::run(options),
        Subject::Tr181(options) => tr181::run(options),
        Subject::Webhook(options) => webhook::run(options),
    }
}

/// The middle value; of an even number of values, the lower of the two in the middle.
fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

/// Nanoseconds as `1.234 ms`.
#[allow(clippy::cast_precision_loss, reason = "three digits are printed")]
fn milliseconds(nanoseconds: u64) -> String {
    format!("{:.3} ms", nanoseconds as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::{median, milliseconds};

    #[test]
    fn the_median_is_a_value_that_was_seen() {
        assert_eq!(median(vec![9, 1, 5]), Some(5));
        assert_eq!(median(vec![4, 1, 2, 3]), Some(2));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn times_are_printed_in_milliseconds() {
        assert_eq!(milliseconds(1_234_567), "1.235 ms");
    }
}
