//! Child processes: shown before they run, never fed from our standard input.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::outside;

/// A command that will be shown, run and judged by its exit status.
#[derive(Debug)]
pub(crate) struct Run {
    command: Command,
}

impl Run {
    /// A command that runs in `folder`.
    pub(crate) fn new(program: impl AsRef<OsStr>, folder: &Path) -> Self {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null());
        for name in outside::variables_of_cargo_run() {
            command.env_remove(name);
        }
        Self { command }
    }

    /// The cargo of this toolchain.
    pub(crate) fn cargo(folder: &Path) -> Self {
        Self::new(outside::cargo(), folder)
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command as a person would type it.
    fn shown(&self) -> String {
        let mut words = Vec::new();
        for (name, value) in self.command.get_envs() {
            if let Some(value) = value {
                words.push(format!(
                    "{}={:?}",
                    name.to_string_lossy(),
                    value.to_string_lossy()
                ));
            }
        }
        let program = Path::new(self.command.get_program());
        let program = program.file_name().unwrap_or(program.as_os_str());
        words.push(program.to_string_lossy().into_owned());
        words.extend(
            self.command
                .get_args()
                .map(|word| word.to_string_lossy().into_owned()),
        );
        words.join(" ")
    }

    /// Runs with our own output streams; a status other than 0 is an error.
    pub(crate) fn check(mut self) -> Result<()> {
        let shown = self.shown();
        eprintln!("$ {shown}");
        let status = self
            .command
            .status()
            .with_context(|| format!("cannot start `{shown}`"))?;
        if !status.success() {
            bail!("`{shown}` ended with {status}");
        }
        Ok(())
    }

    /// Runs in silence and returns what was written, whatever the status.
    pub(crate) fn output(mut self) -> Result<Output> {
        let shown = self.shown();
        self.command
            .output()
            .with_context(|| format!("cannot start `{shown}`"))
    }

    /// Runs in silence and returns standard output; a status other than 0 is an error that
    /// carries standard error.
    pub(crate) fn read(self) -> Result<String> {
        let shown = self.shown();
        let output = self.output()?;
        if !output.status.success() {
            bail!(
                "`{shown}` ended with {}\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim_end()
            );
        }
        String::from_utf8(output.stdout).with_context(|| format!("`{shown}` wrote no UTF-8"))
    }
}
