//! The direction of dependencies: an arrow only ever points down.
//!
//! Every crate says on which floor it stands, `[package.metadata.house] floor = N`:
//!
//! | floor | what | may depend on |
//! |---|---|---|
//! | 0 | foundation | nothing of the house |
//! | 1 | domain: no I/O, no clock | 0 |
//! | 2 | integrations: one remote system each | 0 |
//! | 3 | engines | 0, 1 |
//! | 4 | programs | everything |
//!
//! Dev-dependencies are free, with one exception: the tests of an integration may not reach
//! another integration either.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::Result;

use super::{Outcome, tree, verdict};
use crate::workspace::{Package, Workspace};

const DOMAIN: u8 = 1;
const INTEGRATION: u8 = 2;
const PROGRAM: u8 = 4;

/// What turns a pure crate into one that does I/O.
const RUNTIMES: [&str; 5] = ["tokio", "reqwest", "axum", "hyper", "rustls"];

pub(super) fn run(workspace: &Workspace) -> Result<Outcome> {
    let mut problems = directions(workspace);
    for package in workspace.libraries() {
        if package.floor() == Some(DOMAIN) {
            let tree = tree::read(workspace, &package.name, &["--all-features"])?;
            for way in tree::ways_to(&tree, &RUNTIMES) {
                problems.push(format!("a domain crate does no I/O, but {way}"));
            }
        }
    }
    verdict(problems)
}

/// The floors that a crate on `floor` may build on.
fn allowed(floor: u8) -> &'static [u8] {
    match floor {
        0 => &[],
        1 | 2 => &[0],
        3 => &[0, 1],
        _ => &[0, 1, 2, 3, 4],
    }
}

/// Everything that can be said from the manifests.
fn directions(workspace: &Workspace) -> Vec<String> {
    let mut problems = Vec::new();
    for package in workspace.house() {
        let name = &package.name;
        let Some(floor) = package.floor() else {
            problems.push(format!(
                "{name}: its Cargo.toml does not say `[package.metadata.house]` `floor = N`"
            ));
            continue;
        };
        if floor > PROGRAM {
            problems.push(format!("{name}: there is no floor {floor}"));
            continue;
        }
        for (target, is_dev) in edges(workspace, package) {
            let Some(below) = target.floor() else {
                continue;
            };
            if !is_dev && !allowed(floor).contains(&below) {
                problems.push(format!(
                    "{name} (floor {floor}) → {} (floor {below}): floor {floor} may use {}",
                    target.name,
                    floors_in_words(allowed(floor))
                ));
            }
        }
        if floor == INTEGRATION {
            for way in ways_to_integrations(workspace, package) {
                problems.push(format!("an integration reaches another one: {way}"));
            }
        }
    }
    problems
}

fn floors_in_words(floors: &[u8]) -> String {
    match floors {
        [] => "no other crate of the house".to_owned(),
        floors => {
            let list: Vec<String> = floors.iter().map(u8::to_string).collect();
            format!("floor {} only", list.join(" and "))
        }
    }
}

/// The members a member names, and whether it names them for its tests only.
fn edges<'a>(
    workspace: &'a Workspace,
    package: &'a Package,
) -> impl Iterator<Item = (&'a Package, bool)> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.name != package.name)
        .filter_map(|dependency| {
            let target = workspace.find(&dependency.name)?;
            Some((target, dependency.is_dev()))
        })
}

/// The shortest way from `start` to each other integration. The first arrow may be a
/// dev-dependency: what the tests of `start` link is what the tests of `start` know.
fn ways_to_integrations(workspace: &Workspace, start: &Package) -> Vec<String> {
    let mut seen = BTreeSet::from([start.name.as_str()]);
    let mut queue = VecDeque::from([start]);
    let mut came_from: BTreeMap<&str, (&str, bool)> = BTreeMap::new();
    let mut ways = Vec::new();
    while let Some(package) = queue.pop_front() {
        for (target, is_dev) in edges(workspace, package) {
            if is_dev && package.name != start.name {
                continue;
            }
            if !seen.insert(&target.name) {
                continue;
            }
            came_from.insert(&target.name, (&package.name, is_dev));
            if target.floor() == Some(INTEGRATION) {
                ways.push(way(&came_from, &target.name));
            } else {
                queue.push_back(target);
            }
        }
    }
    ways
}

fn way(came_from: &BTreeMap<&str, (&str, bool)>, end: &str) -> String {
    let mut text = end.to_owned();
    let mut at = end;
    while let Some((before, is_dev)) = came_from.get(at) {
        let arrow = if *is_dev { "→ (dev)" } else { "→" };
        text = format!("{before} {arrow} {text}");
        at = before;
    }
    text
}

#[cfg(test)]
mod tests;
