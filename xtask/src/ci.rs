//! `cargo xtask ci`: the steps, in order, each timed.

mod arrows;
mod clippy;
mod deny;
mod doc;
mod features;
mod fmt;
mod house;
mod package;
mod quick_start;
mod test;
mod tree;
mod web;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;

use crate::outside;
use crate::workspace::Workspace;

/// What to run.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Run this step alone (may be given several times).
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Name the steps and stop.
    #[arg(long)]
    list: bool,
    /// Stop at the first step that fails, instead of running the others too.
    #[arg(long)]
    fail_fast: bool,
}

/// What became of a step that did not fail.
#[derive(Debug)]
enum Outcome {
    Passed,
    Skipped(String),
}

/// One step.
#[derive(Debug)]
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Result<Outcome>,
}

/// The order matters: what fails often comes first, and the test step leaves the build that the
/// browser step starts.
const STEPS: &[Step] = &[
    Step::new("fmt", "formatting", fmt::run),
    Step::new("clippy", "lints, warnings denied", clippy::run),
    Step::new("arrows", "dependencies point down the floors", arrows::run),
    Step::new(
        "features",
        "each feature alone; the lean build has no I/O",
        features::run,
    ),
    Step::new("test", "the README's test command", test::run),
    Step::new("doc", "rustdoc, warnings denied", doc::run),
    Step::new("package", "a publication of every crate, dry", package::run),
    Step::new(
        "house",
        "files, READMEs, book and wording of the house",
        house::run,
    ),
    Step::new("web", "the pages in a real browser", web::run),
    Step::new("deny", "licences and advisories", deny::run),
];

impl Step {
    const fn new(
        name: &'static str,
        about: &'static str,
        run: fn(&Workspace) -> Result<Outcome>,
    ) -> Self {
        Self { name, about, run }
    }
}

/// Runs the chosen steps and prints the table of times.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if options.list {
        for step in STEPS {
            println!("{:<9} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    for name in &options.only {
        if !STEPS.iter().any(|step| step.name == name) {
            bail!("no step is called `{name}`; `cargo xtask ci --list` names them");
        }
    }
    let workspace = Workspace::load()?;
    let mut rows = Vec::new();
    for step in STEPS {
        if !options.only.is_empty() && !options.only.iter().any(|name| name == step.name) {
            continue;
        }
        eprintln!("\n=== {}: {}", step.name, step.about);
        let (result, time) = outside::timed(|| (step.run)(&workspace));
        if let Err(error) = &result {
            eprintln!("{}: {error:#}", step.name);
        }
        let failed = result.is_err();
        rows.push((step.name, time, result));
        if failed && options.fail_fast {
            break;
        }
    }
    Ok(report(&rows))
}

/// Prints the table; the exit code says whether any step failed.
fn report(rows: &[(&str, Duration, Result<Outcome>)]) -> ExitCode {
    println!("\n{:<10} {:>9}  result", "step", "seconds");
    let mut failed = false;
    for (name, time, result) in rows {
        let word = match result {
            Ok(Outcome::Passed) => "passed".to_owned(),
            Ok(Outcome::Skipped(reason)) => format!("skipped: {reason}"),
            Err(_) => {
                failed = true;
                "FAILED".to_owned()
            }
        };
        println!("{name:<10} {:>9.1}  {word}", time.as_secs_f64());
    }
    let total: Duration = rows.iter().map(|(_, time, _)| *time).sum();
    println!("{:<10} {:>9.1}", "total", total.as_secs_f64());
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// Turns a list of problems into the result of a step.
fn verdict(mut problems: Vec<String>) -> Result<Outcome> {
    problems.sort();
    problems.dedup();
    for problem in &problems {
        eprintln!("- {problem}");
    }
    match problems.len() {
        0 => Ok(Outcome::Passed),
        1 => bail!("1 problem"),
        count => bail!("{count} problems"),
    }
}
