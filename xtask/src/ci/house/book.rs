//! The README's table of crates and the book's pages.

use std::collections::BTreeSet;

use crate::workspace::Package;

/// Crates that the root README's table leaves out, or describes wrongly.
///
/// A row belongs to a crate when one of its cells links to `crates/<name>`. In a table whose
/// head has a column `floor` or `version`, that cell must be true.
pub(super) fn table<'a>(readme: &str, crates: impl Iterator<Item = &'a Package>) -> Vec<String> {
    let rows = rows(readme);
    let mut problems = Vec::new();
    for package in crates {
        let name = &package.name;
        let link = format!("](crates/{name})");
        let slashed = format!("](crates/{name}/");
        let row = rows.iter().find(|row| {
            row.cells
                .iter()
                .any(|cell| cell.contains(&link) || cell.contains(&slashed))
        });
        let Some(row) = row else {
            problems.push(format!(
                "README.md: no row of a table links to crates/{name}"
            ));
            continue;
        };
        for (column, truth) in [
            ("floor", package.floor().map(|floor| floor.to_string())),
            ("version", Some(package.version.clone())),
        ] {
            if let (Some(cell), Some(truth)) = (row.cell(column), truth)
                && cell != truth
            {
                problems.push(format!(
                    "README.md: the {column} of {name} is {truth}, not {cell}"
                ));
            }
        }
    }
    problems
}

/// Crates without a page in the book, pages that are not in the table of contents.
pub(super) fn pages<'a>(
    summary: &str,
    names: &BTreeSet<&str>,
    crates: impl Iterator<Item = &'a Package>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for package in crates {
        let page = format!("docs/crates/{}.md", package.name);
        if !names.contains(&*page) {
            problems.push(format!("{page} is missing"));
        }
    }
    for path in names {
        if let Some(page) = path.strip_prefix("docs/")
            && page.ends_with(".md")
            && page != "SUMMARY.md"
            && !summary.contains(&format!("]({page})"))
            && !summary.contains(&format!("](./{page})"))
        {
            problems.push(format!("docs/SUMMARY.md does not link to {page}"));
        }
    }
    problems
}

/// A row of a table, with the names of its columns.
struct Row<'a> {
    head: Vec<&'a str>,
    cells: Vec<&'a str>,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let at = self
            .head
            .iter()
            .position(|name| name.eq_ignore_ascii_case(column))?;
        self.cells.get(at).map(|cell| cell.trim_matches('`'))
    }
}

/// Every row of every table.
fn rows(markdown: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut head: Option<Vec<&str>> = None;
    for line in markdown.lines() {
        let Some(inner) = line.trim().strip_prefix('|') else {
            head = None;
            continue;
        };
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
        match &head {
            None => head = Some(cells),
            Some(head) => rows.push(Row {
                head: head.clone(),
                cells,
            }),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::{pages, table};
    use crate::workspace::Workspace;

    fn workspace() -> Workspace {
        Workspace::parse(
            r#"{
                "workspace_root": "/checkout",
                "target_directory": "/checkout/target",
                "packages": [{
                    "name": "otp",
                    "version": "0.2.0",
                    "manifest_path": "/checkout/crates/otp/Cargo.toml",
                    "dependencies": [],
                    "features": {},
                    "metadata": { "house": { "floor": 1 } }
                }]
            }"#,
        )
        .unwrap()
    }

    #[test]
    fn a_row_with_the_link_is_enough() {
        let readme = "| crate | for |\n|---|---|\n| [otp](crates/otp) | codes |\n";
        assert!(table(readme, workspace().libraries()).is_empty());
    }

    #[test]
    fn a_link_outside_a_table_is_no_row() {
        assert_eq!(table("[otp](crates/otp)", workspace().libraries()).len(), 1);
    }

    #[test]
    fn a_wrong_floor_or_version_is_found() {
        let readme = "| Floor | crate | version |\n|--|--|--|\n| 2 | [otp](crates/otp/README.md) | `0.1.0` |\n";
        assert_eq!(
            table(readme, workspace().libraries()),
            [
                "README.md: the floor of otp is 1, not 2",
                "README.md: the version of otp is 0.2.0, not 0.1.0",
            ]
        );
    }

    #[test]
    fn a_crate_needs_a_page_and_the_page_a_link() {
        let workspace = workspace();
        let missing = pages("", &["docs/SUMMARY.md"].into(), workspace.libraries());
        assert_eq!(missing, ["docs/crates/otp.md is missing"]);
        let names = ["docs/crates/otp.md"].into();
        assert_eq!(pages("", &names, workspace.libraries()).len(), 1);
        assert!(pages("- [otp](crates/otp.md)", &names, workspace.libraries()).is_empty());
    }
}
