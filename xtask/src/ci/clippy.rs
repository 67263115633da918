//! Lints. Warnings are denied by clippy's own arguments: `RUSTFLAGS` would rebuild the whole
//! graph.

use anyhow::Result;

use super::Outcome;
use crate::process::Run;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    Run::cargo(&workspace.root)
        .args(["clippy", "--workspace", "--all-targets", "--all-features"])
        .args(["--keep-going"])
        .args(["--", "-D", "warnings"])
        .check()?;
    Ok(Outcome::Passed)
}
