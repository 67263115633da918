//! The reference, as docs.rs would build it.

use anyhow::Result;

use super::Outcome;
use crate::process::Run;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    Run::cargo(&workspace.root)
        .args(["doc", "--workspace", "--all-features", "--no-deps"])
        .args(["--document-private-items"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .check()?;
    Ok(Outcome::Passed)
}
