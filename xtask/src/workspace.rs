//! The workspace as `cargo metadata` describes it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::process::Run;

/// Everything the checks need to know of the members.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
    pub(crate) packages: Vec<Package>,
}

/// One member.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) keywords: Vec<String>,
    #[serde(default)]
    pub(crate) categories: Vec<String>,
    pub(crate) readme: Option<String>,
    pub(crate) documentation: Option<String>,
    /// Absent: any registry. Empty: never published.
    pub(crate) publish: Option<Vec<String>>,
    metadata: Option<PackageMetadata>,
}

#[derive(Debug, Deserialize)]
struct PackageMetadata {
    house: Option<House>,
}

#[derive(Debug, Deserialize)]
struct House {
    floor: Option<u8>,
}

/// One line of a member's dependencies.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) req: String,
    /// Absent for a normal dependency, else `dev` or `build`.
    pub(crate) kind: Option<String>,
    /// Present when the dependency is a folder of this workspace.
    pub(crate) path: Option<PathBuf>,
}

impl Dependency {
    /// Whether only tests, examples and benches see it.
    pub(crate) fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

impl Workspace {
    /// Asks cargo for the workspace around the current folder. Not around the folder this tool was
    /// compiled in: two checkouts may share a target directory.
    pub(crate) fn load() -> Result<Self> {
        let text = Run::cargo(Path::new("."))
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .read()?;
        Self::parse(&text)
    }

    /// Reads what `cargo metadata --no-deps` printed.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let mut workspace: Self =
            serde_json::from_str(text).context("cannot read the answer of `cargo metadata`")?;
        workspace.packages.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(workspace)
    }

    /// The libraries under `crates/`, by name.
    pub(crate) fn libraries(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.is_under(package, "crates"))
    }

    /// The libraries and the programs: everything that stands on a floor.
    pub(crate) fn house(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.is_under(package, "crates") || self.is_under(package, "bins"))
    }

    /// A member by name.
    pub(crate) fn find(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }

    fn is_under(&self, package: &Package, folder: &str) -> bool {
        package.manifest_path.starts_with(self.root.join(folder))
    }
}

impl Package {
    /// The folder of the member.
    pub(crate) fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("."))
    }

    /// `[package.metadata.house] floor`.
    pub(crate) fn floor(&self) -> Option<u8> {
        self.metadata.as_ref()?.house.as_ref()?.floor
    }

    /// Whether the crate goes to a registry.
    pub(crate) fn is_published(&self) -> bool {
        self.publish.as_ref().is_none_or(|list| !list.is_empty())
    }

    /// Every feature but `default`.
    pub(crate) fn named_features(&self) -> impl Iterator<Item = &str> {
        self.features
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "default")
    }
}
