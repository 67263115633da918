//! What no file of the project may contain.

use super::File;

/// Beyond this a file holds more than one concept.
const MOST_LINES: usize = 800;

/// The files that may print markup that nobody escaped.
const RAW_MARKUP: [&str; 4] = [
    "crates/ui-kit/src/svg.rs",
    "crates/ui-kit/src/svg/",
    "crates/ui-kit/src/icon.rs",
    "crates/ui-kit/src/icon/",
];

/// Written in two halves, so that this file is not its own first offender.
const UNFINISHED: [&str; 2] = [concat!("todo", "!("), concat!("unimplemented", "!(")];
const RAW: &str = concat!("Pre", "Escaped");
const WORKPLACE: &str = concat!("/wo", "rk/");

pub(super) fn problems(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    let path = &file.path;
    let is_rust = path.ends_with(".rs");
    let is_source = is_rust
        || [".js", ".mjs", ".css"]
            .iter()
            .any(|end| path.ends_with(end));
    let lines = file.text.lines().count();
    if is_source && lines > MOST_LINES {
        problems.push(format!("{path}: {lines} lines, the most is {MOST_LINES}"));
    }
    for (number, line) in (1..).zip(file.text.lines()) {
        if has_workplace_path(line) {
            problems.push(format!("{path}:{number}: a path of somebody's machine"));
        }
        if !is_rust || line.trim_start().starts_with("//") {
            continue;
        }
        for word in UNFINISHED {
            if line.contains(word) {
                problems.push(format!("{path}:{number}: `{word}…)` is not finished"));
            }
        }
        // A test may look for the word itself.
        let is_raw = line.contains(RAW) && !path.contains("/tests/");
        if is_raw && !RAW_MARKUP.iter().any(|allowed| path.starts_with(allowed)) {
            problems.push(format!(
                "{path}:{number}: `{RAW}` outside the icons and charts"
            ));
        }
    }
    problems
}

/// Whether the line holds the path, and not a longer one such as a route that ends like it.
fn has_workplace_path(line: &str) -> bool {
    line.match_indices(WORKPLACE).any(|(at, _)| {
        !line
            .get(..at)
            .and_then(|before| before.chars().next_back())
            .is_some_and(|before| before.is_alphanumeric() || "_-.}~".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::{File, RAW, UNFINISHED, WORKPLACE, problems};

    fn found(path: &str, text: &str) -> usize {
        problems(&File {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .len()
    }

    #[test]
    fn an_unfinished_function_is_found_and_a_comment_about_it_is_not() {
        let [word, _] = UNFINISHED;
        assert_eq!(found("a.rs", &format!("fn f() {{ {word}) }}\n")), 1);
        assert_eq!(found("a.rs", &format!("    // {word})\n")), 0);
    }

    #[test]
    fn unescaped_markup_is_for_icons_and_charts() {
        assert_eq!(found("crates/ui-kit/src/icon.rs", RAW), 0);
        assert_eq!(found("crates/ui-kit/src/svg/line.rs", RAW), 0);
        assert_eq!(found("bins/hub/src/devices/page.rs", RAW), 1);
        assert_eq!(found("docs/decisions/pages.md", RAW), 0);
        assert_eq!(found("crates/ui-kit/tests/it/assets.rs", RAW), 0);
    }

    #[test]
    fn a_file_of_801_lines_is_too_long_unless_it_is_prose() {
        assert_eq!(found("a.rs", &"\n".repeat(800)), 0);
        assert_eq!(found("a.rs", &"\n".repeat(801)), 1);
        assert_eq!(found("Cargo.lock", &"\n".repeat(801)), 0);
    }

    #[test]
    fn only_the_root_folder_of_that_name_is_a_workplace() {
        assert_eq!(found("a.md", &format!("see {WORKPLACE}main")), 1);
        assert_eq!(found("a.md", WORKPLACE), 1);
        assert_eq!(
            found(
                "a.md",
                &format!("see ~{WORKPLACE}main or net{WORKPLACE}order")
            ),
            0
        );
    }
}
