//! The tests, by the very command that the README tells a newcomer to type.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Outcome, quick_start};
use crate::process::Run;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    let readme =
        fs::read_to_string(workspace.root.join("README.md")).context("README.md cannot be read")?;
    let command = quick_start::test_command(&readme)?;
    Run::new("bash", &workspace.root)
        .args(["-euo", "pipefail", "-c", &command])
        .check()?;
    Ok(Outcome::Passed)
}
