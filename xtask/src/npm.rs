//! Packages of the npm registry at a fixed version, kept in the target folder.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

/// The folder whose `node_modules` holds a package at a version, which is installed once.
///
/// Scripts of the package are not run.
pub(crate) fn installed(workspace: &Workspace, package: &str, version: &str) -> Result<PathBuf> {
    let folder = workspace
        .target
        .join("npm")
        .join(format!("{}-{version}", package.replace('/', "-")));
    let manifest = folder
        .join("node_modules")
        .join(package)
        .join("package.json");
    if manifest.is_file() {
        return Ok(folder);
    }
    let Some(npm) = outside::program("npm") else {
        bail!("npm is not installed");
    };
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
    Run::new(npm, &folder)
        .args([
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ])
        .args([format!("{package}@{version}")])
        .check()?;
    if !manifest.is_file() {
        bail!("npm installed no {package}");
    }
    Ok(folder)
}
