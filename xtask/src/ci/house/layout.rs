//! The files that every library has.

use std::collections::BTreeSet;

use super::File;
use crate::workspace::Package;

/// Beyond this, `lib.rs` does more than name the modules and the surface.
const MOST_LIB_LINES: usize = 120;

/// What makes the README the crate's page, and its code a doctest.
const CRATE_PAGE: &str = r#"#![doc = include_str!("../README.md")]"#;

pub(super) fn problems(
    package: &Package,
    folder: &str,
    names: &BTreeSet<&str>,
    files: &[File],
) -> Vec<String> {
    let name = &package.name;
    let mut problems = Vec::new();
    let text = |file: &str| {
        let path = format!("{folder}/{file}");
        files
            .iter()
            .find(|file| file.path == path)
            .map(|file| &*file.text)
    };
    for file in [
        "README.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "tests/it/main.rs",
    ] {
        if !names.contains(&*format!("{folder}/{file}")) {
            problems.push(format!("{name}: {file} is missing"));
        }
    }
    let examples = format!("{folder}/examples/");
    if !names
        .iter()
        .any(|path| path.starts_with(&examples) && path.ends_with(".rs"))
    {
        problems.push(format!("{name}: no example in examples/"));
    }
    if text("CHANGELOG.md").is_some_and(|changes| !tells_of(changes, &package.version)) {
        problems.push(format!(
            "{name}: CHANGELOG.md has neither `## Unreleased` nor a chapter for {}",
            package.version
        ));
    }
    if text("README.md").is_some_and(|readme| !readme.contains("```")) {
        problems.push(format!("{name}: README.md shows no code"));
    }
    if let Some(lib) = text("src/lib.rs") {
        let lines = lib.lines().count();
        if lines > MOST_LIB_LINES {
            problems.push(format!(
                "{name}: lib.rs has {lines} lines, the most is {MOST_LIB_LINES}"
            ));
        }
        if !lib.contains(CRATE_PAGE) {
            problems.push(format!(
                "{name}: lib.rs does not take README.md as its page"
            ));
        }
    }
    problems
}

/// Whether a change log has a chapter for what is not released, or for the version at hand.
fn tells_of(changes: &str, version: &str) -> bool {
    changes
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .any(|title| {
            let first = title.split_whitespace().next().unwrap_or_default();
            let first = first.trim_matches(['[', ']']);
            first == "Unreleased" || first.trim_start_matches('v') == version
        })
}

#[cfg(test)]
mod tests {
    use super::tells_of;

    #[test]
    fn a_change_log_tells_of_this_version() {
        for changes in [
            "# C\n\n## Unreleased\n",
            "## [0.1.0] - 2026-11-23\n",
            "## v0.1.0\n",
        ] {
            assert!(tells_of(changes, "0.1.0"), "{changes}");
        }
        assert!(!tells_of("# C\n## 0.1.01\n### 0.1.0\n", "0.1.0"));
    }
}
