//! The programs ours are put beside: copied into the target folder, installed and built there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

/// Where the peers are, unless it is said.
pub(super) fn folder(workspace: &Workspace, given: Option<&Path>) -> Result<PathBuf> {
    let beside = workspace
        .root
        .parent()
        .unwrap_or(Path::new("."))
        .join("shared/peers");
    let folder = given.map_or(beside, Path::to_path_buf);
    if folder.join("hub-node/hub.js").is_file() {
        Ok(folder)
    } else {
        bail!(
            "no peers in {}: name their folder with --peers",
            folder.display()
        )
    }
}

/// The hub in Node with its dependencies, at the versions it names; `None` where there is no Node.
pub(super) fn node_hub(workspace: &Workspace, peers: &Path) -> Result<Option<(PathBuf, PathBuf)>> {
    let (Some(node), Some(npm)) = (outside::program("node"), outside::program("npm")) else {
        return Ok(None);
    };
    let copy = copied(workspace, &peers.join("hub-node"))?;
    if !copy.join("node_modules/stripe/package.json").is_file() {
        let install = Run::new(npm, &copy)
            .args(["install", "--silent", "--ignore-scripts", "--no-audit"])
            .args(["--no-fund", "--prefix", "."]);
        if let Err(error) = install.check() {
            println!("{error:#}");
            return Ok(None);
        }
    }
    Ok(Some((node, copy.join("hub.js"))))
}

/// The load generator that comes with the peers.
pub(super) fn load_generator(workspace: &Workspace, peers: &Path) -> Result<PathBuf> {
    let copy = copied(workspace, &peers.join("loadgen"))?;
    // It lies inside of our workspace and is not a member of it.
    let manifest = copy.join("Cargo.toml");
    let text = fs::read_to_string(&manifest)?;
    if !text.contains("[workspace]") {
        fs::write(&manifest, format!("{text}\n[workspace]\n"))?;
    }
    let target = copy.join("target");
    Run::cargo(&copy)
        .env("CARGO_TARGET_DIR", &target)
        .args(["build", "--quiet", "--release"])
        .check()?;
    Ok(target.join("release/sse-loadgen"))
}

/// A copy of a folder under the target folder, brought up to date.
fn copied(workspace: &Workspace, from: &Path) -> Result<PathBuf> {
    let name = from.file_name().context("a folder has a name")?;
    let to = workspace.target.join("peers").join(name);
    copy(from, &to)?;
    Ok(to)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot make {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            if entry.file_name() != "node_modules" && entry.file_name() != "target" {
                copy(&from, &to)?;
            }
        } else {
            let bytes = fs::read(&from)?;
            // Written only where it differs: a build tool looks at times.
            if fs::read(&to).ok().as_ref() != Some(&bytes) {
                fs::write(&to, bytes).with_context(|| format!("cannot write {}", to.display()))?;
            }
        }
    }
    Ok(())
}
