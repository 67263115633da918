//! What the house asks of every crate and no other tool checks.

mod book;
mod layout;
mod links;
mod manifest;
mod sources;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Outcome, quick_start, verdict};
use crate::process::Run;
use crate::workspace::Workspace;

/// A text file of the project.
#[derive(Debug)]
struct File {
    /// From the root, with `/`.
    path: String,
    text: String,
}

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    let files = project_files(&workspace.root)?;
    let names: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut problems = Vec::new();
    for file in &files {
        problems.extend(sources::problems(file));
        problems.extend(links::problems(file, &workspace.root));
    }
    for package in workspace.house() {
        problems.extend(manifest::problems(package)?);
    }
    for package in workspace.libraries() {
        let folder = relative(package.folder(), &workspace.root);
        problems.extend(layout::problems(package, &folder, &names, &files));
    }
    let text = |path: &str| {
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| &*file.text)
    };
    match text("README.md") {
        Some(readme) => {
            if let Err(error) = quick_start::test_command(readme) {
                problems.push(error.to_string());
            }
            problems.extend(book::table(readme, workspace.libraries()));
        }
        None => problems.push("README.md is missing".to_owned()),
    }
    match text("docs/SUMMARY.md") {
        Some(summary) => problems.extend(book::pages(summary, &names, workspace.libraries())),
        None => problems.push("docs/SUMMARY.md is missing".to_owned()),
    }
    verdict(problems)
}

/// Every text file that is in the repository or would be added to it.
fn project_files(root: &Path) -> Result<Vec<File>> {
    // A build machine often checks out as one user and builds as another.
    let listed = Run::new("git", root)
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .args(["--cached", "--others", "--exclude-standard"])
        .read()
        .context("the house checks read the files that git knows")?;
    let mut files = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        // A listed file may have been deleted since; a picture is no text.
        let Ok(bytes) = fs::read(root.join(path)) else {
            continue;
        };
        if let Ok(text) = String::from_utf8(bytes) {
            files.push(File {
                path: path.to_owned(),
                text,
            });
        }
    }
    Ok(files)
}

/// `crates/name`.
fn relative(folder: &Path, root: &Path) -> String {
    let path: PathBuf = folder.strip_prefix(root).unwrap_or(folder).to_owned();
    path.to_string_lossy().replace('\\', "/")
}
