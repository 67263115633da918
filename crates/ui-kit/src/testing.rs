//! Checks of rendered pages, for the tests of those who write them.
//!
//! A page is parsed with a tokenizer that follows the HTML standard, and everything that can be
//! said without a browser is said: one `<h1>`, unique ids, labelled inputs, no inline style, no
//! handler, a token in every POST form, a language, a size, French spacing.
//!
//! ```
//! use ui_kit::{Page, testing::Audit};
//!
//! let html = Page::public("État du réseau").render();
//! assert_eq!(Audit::page().problems(&html), Vec::<String>::new());
//! ```

mod audit;
mod document;

pub use audit::Audit;
pub use document::{Document, Element};

/// Checks a whole page and stops the test with the list of its problems.
///
/// # Panics
///
/// When [`Audit::page`] finds a problem.
///
/// # Examples
///
/// ```
/// ui_kit::testing::assert_page(&ui_kit::Page::public("Panne").render());
/// ```
pub fn assert_page(html: &str) {
    let problems = Audit::page().problems(html);
    assert!(problems.is_empty(), "the page has problems: {problems:#?}");
}

/// Checks a part of a page and stops the test with the list of its problems.
///
/// # Panics
///
/// When [`Audit::fragment`] finds a problem.
///
/// # Examples
///
/// ```
/// use ui_kit::{Badge, Render, Tone, testing::assert_fragment};
///
/// assert_fragment(&Badge::new(Tone::Ok, "Bon").render().into_string());
/// ```
pub fn assert_fragment(html: &str) {
    let problems = Audit::fragment().problems(html);
    assert!(problems.is_empty(), "the part has problems: {problems:#?}");
}
