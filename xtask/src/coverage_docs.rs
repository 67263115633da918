//! `cargo xtask coverage-docs`: rustdoc's own count of documented items and of examples.

use std::collections::BTreeMap;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde::Deserialize;

use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

/// Which crates.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// This library alone (may be given several times).
    #[arg(long, short, value_name = "CRATE")]
    package: Vec<String>,
}

/// The counts of one source file, and their sum for a crate.
#[derive(Debug, Default, Deserialize)]
struct Count {
    total: u32,
    with_docs: u32,
    total_examples: u32,
    with_examples: u32,
}

/// Prints one row for each library; needs a nightly toolchain, and says so when there is none.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    if outside::program("rustup").is_none() || !nightly_is_there() {
        println!("skipped: rustdoc counts on a nightly toolchain only, and none is installed");
        return Ok(ExitCode::SUCCESS);
    }
    let workspace = Workspace::load()?;
    println!(
        "{:<24} {:>6} {:>12} {:>14}",
        "crate", "items", "documented", "with example"
    );
    let mut code = ExitCode::SUCCESS;
    for package in workspace.libraries() {
        if !options.package.is_empty() && !options.package.contains(&package.name) {
            continue;
        }
        match count(&workspace, &package.name) {
            Ok(sum) => println!(
                "{:<24} {:>6} {:>10} % {:>12} %",
                package.name,
                sum.total,
                percent(sum.with_docs, sum.total),
                percent(sum.with_examples, sum.total_examples),
            ),
            Err(error) => {
                eprintln!("{}: {error:#}", package.name);
                code = ExitCode::FAILURE;
            }
        }
    }
    Ok(code)
}

/// Asks rustdoc.
fn count(workspace: &Workspace, package: &str) -> Result<Count> {
    let text = Run::new("rustup", &workspace.root)
        .args(["run", "nightly", "cargo", "rustdoc", "--quiet", "--lib"])
        .args(["--package", package, "--all-features"])
        .args(["--target-dir"])
        .args([workspace.target.join("coverage-docs")])
        .args(["--", "-Z", "unstable-options"])
        .args(["--show-coverage", "--output-format", "json"])
        .read()?;
    sum(&text).context("rustdoc's counts cannot be read")
}

fn nightly_is_there() -> bool {
    Run::new("rustup", ".".as_ref())
        .args(["run", "nightly", "cargo", "--version"])
        .output()
        .is_ok_and(|output| output.status.success())
}

/// The sum over the files of a crate.
fn sum(text: &str) -> Result<Count> {
    let files: BTreeMap<String, Count> = serde_json::from_str(text.trim())?;
    Ok(files
        .into_values()
        .fold(Count::default(), |sum, file| Count {
            total: sum.total + file.total,
            with_docs: sum.with_docs + file.with_docs,
            total_examples: sum.total_examples + file.total_examples,
            with_examples: sum.with_examples + file.with_examples,
        }))
}

/// `99.5`: a share, rounded down so that 100 means all of them.
fn percent(part: u32, whole: u32) -> String {
    let tenths = (u64::from(part) * 1000)
        .checked_div(u64::from(whole))
        .unwrap_or(1000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{percent, sum};

    #[test]
    fn the_files_of_a_crate_are_added_up() {
        let text = r#"{"src/a.rs":{"total":3,"with_docs":2,"total_examples":2,"with_examples":1},
                       "src/b.rs":{"total":1,"with_docs":1,"total_examples":1,"with_examples":0}}"#;
        let sum = sum(text).unwrap();
        assert_eq!((sum.total, sum.with_docs), (4, 3));
        assert_eq!((sum.total_examples, sum.with_examples), (3, 1));
    }

    #[test]
    fn a_share_is_rounded_down() {
        assert_eq!(percent(1999, 2000), "99.9");
        assert_eq!(percent(2, 2), "100.0");
        assert_eq!(percent(0, 0), "100.0");
    }
}
