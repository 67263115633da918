//! The pages in a real browser: see `tests/web`.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::Outcome;
use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

const BROWSER: &str = "/usr/bin/chromium";

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    if let Some(missing) = missing() {
        if outside::services_required() {
            bail!("{missing}, and REQUIRE_SERVICES=1 says it must be there");
        }
        return Ok(Outcome::Skipped(missing));
    }
    // With the examples, so that cargo takes the features of the test step's build and compiles
    // nothing twice.
    Run::cargo(&workspace.root)
        .args(["build", "--workspace", "--all-features"])
        .args(["--bins", "--examples"])
        .check()?;
    let suite = workspace.root.join("tests/web");
    if !is_installed(&suite) {
        Run::new("npm", &suite)
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .check()?;
    }
    Run::new("node", &suite)
        .args(["run.mjs", "--sandbox"])
        .args([workspace.target.join("debug/sandbox")])
        .check()?;
    Ok(Outcome::Passed)
}

/// What the suite needs and this machine does not have.
fn missing() -> Option<String> {
    if !Path::new(BROWSER).is_file() {
        return Some(format!("{BROWSER} is not installed"));
    }
    ["node", "npm"]
        .into_iter()
        .find(|name| outside::program(name).is_none())
        .map(|name| format!("{name} is not installed"))
}

/// Whether `node_modules` was installed from the lock file as it is now.
fn is_installed(suite: &Path) -> bool {
    let time = |path: &str| fs::metadata(suite.join(path))?.modified();
    match (
        time("node_modules/.package-lock.json"),
        time("package-lock.json"),
    ) {
        (Ok(installed), Ok(locked)) => installed >= locked,
        _ => false,
    }
}
