//! What a crate reaches, as `cargo tree` resolves it for that crate alone.

use anyhow::Result;

use crate::process::Run;
use crate::workspace::Workspace;

/// Runs `cargo tree` for the normal dependencies of one crate, with `features` as arguments.
pub(super) fn read(workspace: &Workspace, package: &str, features: &[&str]) -> Result<String> {
    Run::cargo(&workspace.root)
        .args(["tree", "--quiet", "--package", package])
        .args(["--edges", "normal", "--prefix", "depth", "--format", " {p}"])
        .args(features)
        .read()
}

/// The first way to each of `wanted`, written `a → b → c`, in a tree printed with depths.
pub(super) fn ways_to(tree: &str, wanted: &[&str]) -> Vec<String> {
    let mut way: Vec<&str> = Vec::new();
    let mut found: Vec<&str> = Vec::new();
    let mut ways = Vec::new();
    for line in tree.lines() {
        let Some((depth, rest)) = line.split_once(' ') else {
            continue;
        };
        let (Ok(depth), Some(name)) = (depth.parse::<usize>(), rest.split_whitespace().next())
        else {
            continue;
        };
        way.truncate(depth);
        way.push(name);
        if depth > 0 && wanted.contains(&name) && !found.contains(&name) {
            found.push(name);
            ways.push(way.join(" → "));
        }
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::ways_to;

    const TREE: &str = "\
0 otp v0.1.0 (/checkout/crates/otp)
1 serde v1.0.0
2 serde_core v1.0.0
1 clock v0.2.0
2 tokio v1.48.0
2 bytes v1.11.0
1 tokio v1.48.0 (*)
";

    #[test]
    fn the_way_to_a_crate_is_named() {
        assert_eq!(ways_to(TREE, &["tokio", "axum"]), ["otp → clock → tokio"]);
    }

    #[test]
    fn a_prefix_of_a_name_is_another_crate() {
        assert!(ways_to("0 a v1\n1 tokio-util v0.7.0\n", &["tokio"]).is_empty());
    }

    #[test]
    fn the_crate_itself_is_not_reached() {
        assert!(ways_to("0 tokio v1.0.0\n1 bytes v1.0.0\n", &["tokio"]).is_empty());
    }
}
