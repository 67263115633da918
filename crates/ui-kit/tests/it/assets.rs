//! The files that pages load.

use std::collections::BTreeSet;

use ui_kit::{TOKENS, assets, stylesheet};

#[test]
fn the_stylesheet_keeps_its_budget_and_its_layers() {
    let css = stylesheet();
    assert!(css.len() <= 28_000, "{} bytes", css.len());
    assert!(css.starts_with("@layer reset,base,layout,components,utilities;"));
    assert!(!css.contains("@import"));
    assert!(!css.contains("url("));
    for rule in [
        "prefers-color-scheme:dark",
        "data-theme=dark",
        "@media print",
        "prefers-reduced-motion",
    ] {
        assert!(css.contains(rule), "no {rule}");
    }
    assert_eq!(css.matches('{').count(), css.matches('}').count());
}

#[test]
fn every_custom_property_used_is_declared() {
    let css = stylesheet();
    let declared: BTreeSet<&str> = TOKENS
        .iter()
        .map(|token| token.name)
        .chain([
            "shadow",
            "shadow-hover",
            "shadow-dialog",
            "control",
            "row",
            "h2",
            "h3",
        ])
        .collect();
    for piece in css.split("var(--").skip(1) {
        let name = piece.split([')', ',']).next().unwrap();
        assert!(declared.contains(name), "--{name} is not declared");
    }
}

#[test]
fn the_script_keeps_its_budget_and_needs_no_eval() {
    let js = assets()
        .iter()
        .find(|file| file.content_type.starts_with("text/javascript"))
        .unwrap();
    assert!(js.body.len() <= 12_000, "{} bytes", js.body.len());
    let text = std::str::from_utf8(&js.body).unwrap();
    for word in [
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "document.write",
        "window.confirm",
        "http://",
        "https://",
    ] {
        assert!(!text.contains(word), "the script has {word}");
    }
    assert!(text.contains("createPolicy('pages'"));
    assert_eq!(text.matches("createPolicy").count(), 1);
}

#[test]
fn paths_are_named_by_content() {
    for file in assets() {
        assert!(file.path.starts_with("/assets/"));
        assert!(!file.body.is_empty());
    }
    let css = &assets()[0];
    assert_eq!(css.path.len(), "/assets/app..css".len() + 16);
}

#[test]
fn unescaped_markup_is_written_in_two_files_alone() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root];
    let mut seen = 0;
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            seen += 1;
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let allowed = name == "icon.rs" || name == "svg.rs";
            assert!(
                allowed || !text.contains("PreEscaped("),
                "{name} writes unescaped markup"
            );
        }
    }
    assert!(seen > 20);
}
