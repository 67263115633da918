//! Links of a Markdown file to files beside it.

use std::path::Path;

use super::File;

pub(super) fn problems(file: &File, root: &Path) -> Vec<String> {
    if !file.path.ends_with(".md") {
        return Vec::new();
    }
    let folder = root.join(&file.path);
    let folder = folder.parent().unwrap_or(root);
    targets(&file.text)
        .into_iter()
        .filter(|target| !folder.join(target).exists())
        .map(|target| format!("{}: the link to {target} leads nowhere", file.path))
        .collect()
}

/// The relative targets of inline links and pictures, without their fragment; code is skipped.
fn targets(markdown: &str) -> Vec<&str> {
    let mut targets = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Every second part of a line cut at back-quotes is code.
        for text in line.split('`').step_by(2) {
            for after in text.split("](").skip(1) {
                let Some((target, _)) = after.split_once(')') else {
                    continue;
                };
                let target = target.split_once('#').map_or(target, |(path, _)| path);
                let is_elsewhere = target.contains(':') || target.starts_with('/');
                // A Rust path is rustdoc's to check.
                if !target.is_empty() && !is_elsewhere && looks_like_a_file(target) {
                    targets.push(target);
                }
            }
        }
    }
    targets
}

fn looks_like_a_file(target: &str) -> bool {
    target.contains(['/', '.'])
}

#[cfg(test)]
mod tests {
    use super::targets;

    #[test]
    fn only_links_to_files_are_followed() {
        let text = "[a](docs/a.md#b) ![p](p.png) [w](https://example.ca/x) [i](Client) \
                    [c](crate::Client) [h](#here) `[q](no.md)` [z](../z.md)\n```\n[n](no.md)\n```\n";
        assert_eq!(targets(text), ["docs/a.md", "p.png", "../z.md"]);
    }

    #[test]
    fn a_link_whose_text_is_code_is_followed() {
        assert_eq!(targets("see [`a`](a.md)"), ["a.md"]);
    }
}
