//! Features are additive: each must build alone, none must build, and what stays without any
//! must be free of I/O.

use std::fs;

use anyhow::{Context as _, Result};

use super::{Outcome, tree, verdict};
use crate::process::Run;
use crate::workspace::{Package, Workspace};

/// What a wire crate without features may not bring.
const HEAVY: [&str; 3] = ["reqwest", "tokio", "rustls"];

/// The floors whose crates promise a lean build: foundation and integrations.
const LEAN: [u8; 2] = [0, 2];

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    let mut problems = Vec::new();
    for package in workspace.libraries() {
        problems.extend(readme_table(package)?);
        if package.floor().is_some_and(|floor| LEAN.contains(&floor)) {
            let tree = tree::read(workspace, &package.name, &["--no-default-features"])?;
            for way in tree::ways_to(&tree, &HEAVY) {
                problems.push(format!(
                    "{}: with default features off, {way}",
                    package.name
                ));
            }
        }
        for feature in [None].into_iter().chain(package.named_features().map(Some)) {
            if let Err(error) = check(workspace, package, feature) {
                let set = feature.unwrap_or("no feature");
                problems.push(format!("{} with {set}: {error:#}", package.name));
            }
        }
    }
    verdict(problems)
}

/// Type-checks the library with one feature, or with none.
fn check(workspace: &Workspace, package: &Package, feature: Option<&str>) -> Result<()> {
    let run = Run::cargo(&workspace.root)
        .args(["check", "--quiet", "--package", &package.name, "--lib"])
        .args(["--no-default-features"]);
    match feature {
        Some(feature) => run.args(["--features", feature]).check(),
        None => run.check(),
    }
}

/// Features that the crate's README does not explain.
fn readme_table(package: &Package) -> Result<Vec<String>> {
    let path = package.folder().join("README.md");
    let readme =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(missing_from_table(&readme, package.named_features())
        .into_iter()
        .map(|feature| {
            format!(
                "{}: no row of a table in README.md has `{feature}` in its first cell",
                package.name
            )
        })
        .collect())
}

/// The features that no table row begins with.
fn missing_from_table<'a>(
    readme: &str,
    features: impl IntoIterator<Item = &'a str>,
) -> Vec<&'a str> {
    let cells: Vec<&str> = readme
        .lines()
        .filter_map(|line| line.trim().strip_prefix('|')?.split('|').next())
        .collect();
    features
        .into_iter()
        .filter(|feature| {
            let code = format!("`{feature}`");
            !cells.iter().any(|cell| cell.contains(&code))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::missing_from_table;

    #[test]
    fn a_feature_counts_only_in_the_first_cell_of_a_row() {
        let readme = "`loose`\n| feature | brings |\n|---|---|\n| `client` | `rustls` too |\n";
        assert_eq!(
            missing_from_table(readme, ["client", "rustls", "loose"]),
            ["rustls", "loose"]
        );
    }
}
