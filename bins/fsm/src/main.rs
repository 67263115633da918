//! The command line: one door for every crate.
//!
//! What a person reads or a script parses goes to stdout; what went wrong goes to stderr in
//! one line that says what to do. Exit codes: 0 done, 1 the answer is "no" or a remote failed,
//! 2 bad usage or bad input.

mod cli;
mod device;
mod doctor;
mod erp;
mod inbox;
mod lang;
mod output;
mod settings;
mod webhook;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
