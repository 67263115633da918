//! Formatting.

use anyhow::Result;

use super::Outcome;
use crate::process::Run;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    Run::cargo(&workspace.root)
        .args(["fmt", "--all", "--check", "--message-format", "short"])
        .check()?;
    Ok(Outcome::Passed)
}
