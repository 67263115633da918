//! Licences, advisories, sources. Only where cargo-deny is installed: building it would cost
//! more than everything else it protects.

use anyhow::Result;

use super::Outcome;
use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    if outside::program("cargo-deny").is_none() {
        return Ok(Outcome::Skipped("cargo-deny is not installed".to_owned()));
    }
    Run::cargo(&workspace.root)
        .args(["deny", "--all-features", "check"])
        .check()?;
    Ok(Outcome::Passed)
}
