//! The commands that the README promises.

use anyhow::{Context as _, Result, bail};

/// The comment that stands before the fence.
pub(super) const MARKER: &str = "<!-- test-command -->";

/// The shell lines of the fenced block that follows [`MARKER`].
pub(super) fn test_command(readme: &str) -> Result<String> {
    let (_, after) = readme
        .split_once(MARKER)
        .with_context(|| format!("README.md has no `{MARKER}` before its test command"))?;
    let mut lines = after
        .lines()
        .map(str::trim_end)
        .skip_while(|line| line.is_empty());
    match lines.next() {
        Some(line) if line.starts_with("```") => {}
        _ => bail!("README.md: `{MARKER}` is not followed by a fenced block"),
    }
    let mut command = Vec::new();
    for line in lines {
        if line.starts_with("```") {
            if command.is_empty() {
                bail!("README.md: the block after `{MARKER}` is empty");
            }
            return Ok(command.join("\n"));
        }
        let line = line.strip_prefix("$ ").unwrap_or(line);
        if !line.is_empty() && !line.starts_with('#') {
            command.push(line);
        }
    }
    bail!("README.md: the block after `{MARKER}` never ends")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::test_command;

    #[test]
    fn the_block_after_the_marker_is_read() {
        let readme = "# A\n```sh\nsandbox\n```\n\n<!-- test-command -->\n\n```sh\n# every test\n$ cargo test --workspace\n```\nmore\n```\nno\n```\n";
        assert_eq!(test_command(readme).unwrap(), "cargo test --workspace");
    }

    #[test]
    fn several_lines_are_one_script() {
        let readme = "<!-- test-command -->\n```\nexport A=1\ncargo test\n```\n";
        assert_eq!(test_command(readme).unwrap(), "export A=1\ncargo test");
    }

    #[test]
    fn a_readme_that_drifted_is_an_error() {
        for readme in [
            "",
            "cargo test",
            "<!-- test-command -->\ncargo test\n",
            "<!-- test-command -->\n```sh\n```\n",
            "<!-- test-command -->\n```sh\ncargo test\n",
        ] {
            assert!(test_command(readme).is_err(), "{readme:?}");
        }
    }
}
