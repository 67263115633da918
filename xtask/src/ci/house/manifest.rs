//! What the `Cargo.toml` of a member must say.

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Package;

/// The most that the registry takes.
const MOST_KEYWORDS: usize = 5;

pub(super) fn problems(package: &Package) -> Result<Vec<String>> {
    let path = &package.manifest_path;
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut problems: Vec<String> = Vec::new();
    if !text.contains("[lints]\nworkspace = true") {
        problems.push("`[lints]` `workspace = true` is missing".to_owned());
    }
    if package.is_published() {
        if !text.lines().any(|line| line.starts_with("include = [")) {
            problems.push("no `include` list: build folders would be packed".to_owned());
        }
        if !text.contains("[package.metadata.docs.rs]\nall-features = true") {
            problems
                .push("`[package.metadata.docs.rs]` `all-features = true` is missing".to_owned());
        }
        problems.extend(for_the_registry(package));
    }
    Ok(problems
        .into_iter()
        .map(|problem| format!("{}: Cargo.toml: {problem}", package.name))
        .collect())
}

fn for_the_registry(package: &Package) -> Vec<String> {
    let mut problems = Vec::new();
    for (field, absent) in [
        ("description", package.description.is_none()),
        ("readme", package.readme.is_none()),
        ("documentation", package.documentation.is_none()),
        ("keywords", package.keywords.is_empty()),
        ("categories", package.categories.is_empty()),
    ] {
        if absent {
            problems.push(format!("no `{field}`"));
        }
    }
    if package.keywords.len() > MOST_KEYWORDS {
        problems.push(format!(
            "{} keywords, the most is 5",
            package.keywords.len()
        ));
    }
    for dependency in &package.dependencies {
        // With a version it would stay in the published manifest, and two crates that test each
        // other could never be published.
        if dependency.is_dev() && dependency.path.is_some() && dependency.req != "*" {
            problems.push(format!(
                "dev-dependency {}: give its path alone, without a version",
                dependency.name
            ));
        }
        if !dependency.is_dev() && dependency.path.is_some() && dependency.req == "*" {
            problems.push(format!(
                "dependency {}: give its version too",
                dependency.name
            ));
        }
    }
    problems
}
