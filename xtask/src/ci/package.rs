//! A publication of every crate, up to the upload.

use anyhow::Result;

use super::Outcome;
use crate::process::Run;
use crate::workspace::Workspace;

/// The form that builds each packed crate: it proves that nothing outside the package is needed.
/// The target directory is given by name, because cargo would otherwise build each package in a
/// directory of its own and compile every dependency again. Members that are not published are
/// left out by cargo.
pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    Run::cargo(&workspace.root)
        .args(["publish", "--workspace", "--dry-run", "--allow-dirty"])
        .env("CARGO_TARGET_DIR", &workspace.target)
        .check()?;
    Ok(Outcome::Passed)
}
