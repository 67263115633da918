//! Settings as a file that a shell, a container or `fsm --env-file` reads.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;

/// One `NAME=value` a line. Values of the sandbox hold nothing that needs quotes.
#[must_use]
pub fn render(settings: &BTreeMap<&'static str, String>) -> String {
    settings.iter().fold(String::new(), |text, (name, value)| {
        format!("{text}{name}={value}\n")
    })
}

/// Writes the settings, whole or not at all.
///
/// # Errors
///
/// The file cannot be written.
pub fn write(path: &Path, settings: &BTreeMap<&'static str, String>) -> anyhow::Result<()> {
    let temporary = path.with_extension("tmp");
    std::fs::write(&temporary, render(settings))
        .and_then(|()| std::fs::rename(&temporary, path))
        .with_context(|| format!("{} cannot be written", path.display()))
}
