//! The files that every page loads, embedded and named by their content.

use std::{borrow::Cow, fmt::Write as _, sync::LazyLock};

use sha2::{Digest as _, Sha256};

use crate::{favicon, tokens_css};

const LAYERS: &str = "@layer reset,base,layout,components,utilities;\n";
const STYLES: &str = include_str!("../assets/app.css");
const SCRIPT: &str = include_str!("../assets/pages.js");

/// A file to serve, immutable: a change of content changes its path.
///
/// # Examples
///
/// ```
/// let css = ui_kit::assets().iter().find(|file| file.content_type.starts_with("text/css"));
/// assert!(css.is_some_and(|file| file.path.starts_with("/assets/app.")));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asset {
    /// Path on the site, beginning with `/assets/`.
    pub path: String,
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// The bytes, uncompressed.
    pub body: Cow<'static, [u8]>,
}

/// Value of `Cache-Control` for every [`Asset`].
pub const ASSET_CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let css = stylesheet();
    let js = squeeze(SCRIPT);
    [
        Asset {
            path: format!("/assets/app.{}.css", hash(&css)),
            content_type: "text/css; charset=utf-8",
            body: Cow::Owned(css.into_bytes()),
        },
        Asset {
            path: format!("/assets/pages.{}.js", hash(&js)),
            content_type: "text/javascript; charset=utf-8",
            body: Cow::Owned(js.into_bytes()),
        },
        Asset {
            path: "/assets/icon.svg".to_owned(),
            content_type: "image/svg+xml",
            body: Cow::Owned(favicon().into_bytes()),
        },
    ]
});

/// Gives the files to serve: the stylesheet, the script and the icon.
///
/// # Examples
///
/// ```
/// let paths: Vec<&str> = ui_kit::assets().iter().map(|file| file.path.as_str()).collect();
/// assert_eq!(paths.len(), 3);
/// assert!(paths.contains(&"/assets/icon.svg"));
/// ```
#[must_use]
pub fn assets() -> &'static [Asset] {
    &*ASSETS
}

/// Path of the stylesheet.
///
/// # Examples
///
/// ```
/// assert!(ui_kit::stylesheet_path().ends_with(".css"));
/// ```
#[must_use]
pub fn stylesheet_path() -> &'static str {
    &ASSETS[0].path
}

/// Path of the script.
///
/// # Examples
///
/// ```
/// assert!(ui_kit::script_path().ends_with(".js"));
/// ```
#[must_use]
pub fn script_path() -> &'static str {
    &ASSETS[1].path
}

/// The whole stylesheet: the order of the layers, the tokens, the rules.
///
/// # Examples
///
/// ```
/// assert!(ui_kit::stylesheet().len() <= 28_000);
/// ```
#[must_use]
pub fn stylesheet() -> String {
    format!("{LAYERS}{}{STYLES}", tokens_css())
}

/// Drops indentation and lines of comment.
fn squeeze(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for line in source.lines().map(str::trim_start) {
        if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Eight bytes of SHA-256 in hexadecimal.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let mut out = String::new();
    for byte in digest.iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}
