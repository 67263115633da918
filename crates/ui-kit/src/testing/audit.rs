use std::collections::BTreeSet;

use super::document::{Document, Element};
use crate::{french_slips, safe_href};

/// What to check, and the limits.
///
/// # Examples
///
/// ```
/// use ui_kit::testing::Audit;
///
/// let problems = Audit::fragment().problems("<p onclick=\"x()\">a</p>");
/// assert_eq!(problems, ["<p> has the handler onclick"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Audit {
    whole: bool,
    budget: usize,
    typography: bool,
}

impl Audit {
    /// Checks a whole page, of 60 kB at most.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Page, testing::Audit};
    ///
    /// assert!(Audit::page().problems(&Page::public("Panne").render()).is_empty());
    /// ```
    pub fn page() -> Self {
        Self {
            whole: true,
            budget: 60_000,
            typography: true,
        }
    }

    /// Checks a part of a page.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::testing::Audit;
    ///
    /// assert!(Audit::fragment().problems("<p>Bonjour</p>").is_empty());
    /// ```
    pub fn fragment() -> Self {
        Self {
            whole: false,
            ..Self::page()
        }
    }

    /// Sets the most bytes that the page may have.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::testing::Audit;
    ///
    /// assert_eq!(Audit::fragment().budget(5).problems("<p>a</p>").len(), 1);
    /// ```
    pub fn budget(mut self, bytes: usize) -> Self {
        self.budget = bytes;
        self
    }

    /// Turns the French spacing off, for pages rendered with hostile data.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::testing::Audit;
    ///
    /// assert!(Audit::fragment().typography(false).problems("<p>5 $</p>").is_empty());
    /// ```
    pub fn typography(mut self, on: bool) -> Self {
        self.typography = on;
        self
    }

    /// Lists what is wrong, in the order of the source within each kind; nothing when all is well.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::testing::Audit;
    ///
    /// let html = "<form method=post action=/x><button>Envoyer</button></form>";
    /// assert_eq!(Audit::fragment().problems(html), ["the POST form to /x has no csrf"]);
    /// ```
    #[must_use]
    pub fn problems(&self, html: &str) -> Vec<String> {
        let document = Document::parse(html);
        let mut problems: Vec<String> = document.slips().to_vec();
        if html.len() > self.budget {
            problems.push(format!("{} bytes, over {}", html.len(), self.budget));
        }
        if self.whole {
            whole(&document, html, &mut problems);
        }
        ids(&document, &mut problems);
        safety(&document, &mut problems);
        names(&document, &mut problems);
        forms(&document, &mut problems);
        let language = document
            .named("html")
            .find_map(|e| e.attribute("lang"))
            .unwrap_or("fr");
        if self.typography && language.starts_with("fr") {
            typography(&document, &mut problems);
        }
        problems
    }
}

fn whole(document: &Document, html: &str, problems: &mut Vec<String>) {
    let mut say = |problem: &str| problems.push(problem.to_owned());
    if !html.starts_with("<!DOCTYPE html>") {
        say("no doctype");
    }
    let language = document.named("html").find_map(|e| e.attribute("lang"));
    if !matches!(language, Some("fr-CA" | "en-CA")) {
        say("no language of ours on <html>");
    }
    if document.named("h1").count() != 1 {
        say("not exactly one <h1>");
    }
    if document.named("h1").any(|e| e.text.trim().is_empty()) {
        say("the <h1> is empty");
    }
    let mains: Vec<&Element> = document.named("main").collect();
    if mains.len() != 1 || mains.iter().any(|e| e.attribute("id") != Some("main")) {
        say("not exactly one main#main");
    }
    if document
        .named("title")
        .next()
        .is_none_or(|e| e.text.trim().is_empty())
    {
        say("no title");
    }
    let viewport = document
        .named("meta")
        .find(|e| e.attribute("name") == Some("viewport"))
        .and_then(|e| e.attribute("content"));
    if !viewport
        .is_some_and(|text| !text.contains("maximum-scale") && !text.contains("user-scalable"))
    {
        say("no viewport, or one that forbids zoom");
    }
    let first = document.named("a").next();
    if first.and_then(|e| e.attribute("href")) != Some("#main") {
        say("the first link does not skip to the content");
    }
    let mut level = 0;
    for element in document.elements() {
        let Some(next) = element
            .name
            .strip_prefix('h')
            .and_then(|n| n.parse::<u8>().ok())
        else {
            continue;
        };
        if level > 0 && next > level + 1 {
            say(&format!("<h{next}> follows <h{level}>"));
        }
        level = next;
    }
}

fn ids(document: &Document, problems: &mut Vec<String>) {
    let mut seen = BTreeSet::new();
    for element in document.elements() {
        if let Some(id) = element.attribute("id") {
            if id.is_empty() || id.contains(char::is_whitespace) {
                problems.push(format!("<{}> has the id {id:?}", element.name));
            }
            if !seen.insert(id) {
                problems.push(format!("the id {id} is not unique"));
            }
        }
    }
    for element in document.elements() {
        for name in [
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
            "for",
        ] {
            for id in element
                .attribute(name)
                .unwrap_or("")
                .split_ascii_whitespace()
            {
                if !seen.contains(id) {
                    problems.push(format!("{name} points to {id}, which is not there"));
                }
            }
        }
    }
}

fn safety(document: &Document, problems: &mut Vec<String>) {
    for element in document.elements() {
        let name = &element.name;
        if name == "style" || name == "iframe" || name == "object" || name == "base" {
            problems.push(format!("<{name}> is not allowed"));
        }
        if name == "script" && (element.attribute("src").is_none() || !element.text.is_empty()) {
            problems.push("a script is written in the page".to_owned());
        }
        for (attribute, value) in &element.attributes {
            if attribute == "style" {
                problems.push(format!("<{name}> has a style attribute"));
            }
            if attribute.starts_with("on") {
                problems.push(format!("<{name}> has the handler {attribute}"));
            }
            let address = matches!(
                attribute.as_str(),
                "href" | "src" | "action" | "formaction" | "xlink:href" | "data-src" | "data-undo"
            );
            if address && safe_href(value) != value {
                problems.push(format!("<{name}> has an unsafe {attribute}"));
            }
        }
    }
}

fn names(document: &Document, problems: &mut Vec<String>) {
    for element in document.elements() {
        let named = !element.text.trim().is_empty()
            || ["aria-label", "aria-labelledby"].iter().any(|name| {
                element
                    .attribute(name)
                    .is_some_and(|v| !v.trim().is_empty())
            });
        match element.name.as_str() {
            "a" | "button" if !named => {
                problems.push(format!("a <{}> has no name", element.name));
            }
            "nav" | "dialog"
                if !named
                    || element.attribute("aria-label").is_none()
                        && element.attribute("aria-labelledby").is_none() =>
            {
                problems.push(format!("a <{}> has no label", element.name));
            }
            "img" if element.attribute("alt").is_none() => {
                problems.push("an <img> has no alt".to_owned());
            }
            "svg" => {
                let hidden = element.attribute("aria-hidden") == Some("true");
                let image = element.attribute("role") == Some("img")
                    && element
                        .attribute("aria-label")
                        .is_some_and(|v| !v.is_empty());
                if !hidden && !image {
                    problems.push("an <svg> is neither hidden nor named".to_owned());
                }
            }
            _ => {}
        }
    }
}

fn forms(document: &Document, problems: &mut Vec<String>) {
    let labelled: BTreeSet<&str> = document
        .named("label")
        .filter(|e| !e.text.trim().is_empty())
        .filter_map(|e| e.attribute("for"))
        .collect();
    for input in document.elements() {
        let hidden = input.attribute("type") == Some("hidden");
        if !matches!(input.name.as_str(), "input" | "select" | "textarea") || hidden {
            continue;
        }
        let by_for = input
            .attribute("id")
            .is_some_and(|id| labelled.contains(id));
        let around = document.around(input).any(|e| e.name == "label");
        let aria = input.attribute("aria-label").is_some_and(|v| !v.is_empty())
            || input.attribute("aria-labelledby").is_some();
        if !by_for && !around && !aria {
            let name = input.attribute("name").unwrap_or("(no name)");
            problems.push(format!("the field {name} has no label"));
        }
    }
    for form in document.named("form") {
        let post = form
            .attribute("method")
            .is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let token = document.named("input").any(|input| {
            input.attribute("name") == Some("csrf")
                && input.attribute("value").is_some_and(|v| !v.is_empty())
                && document.around(input).any(|e| std::ptr::eq(e, form))
        });
        if post && !token {
            let action = form.attribute("action").unwrap_or_default();
            problems.push(format!("the POST form to {action} has no csrf"));
        }
    }
}

fn typography(document: &Document, problems: &mut Vec<String>) {
    for (parent, text) in document.texts() {
        let ours = parent.is_none_or(|element| {
            !["code", "pre", "script"].contains(&element.name.as_str())
                && !element.has_class("mono")
                && !document
                    .around(element)
                    .any(|outer| outer.attribute("lang").is_some_and(|l| l.starts_with("en")))
        });
        if ours {
            for slip in french_slips(text) {
                problems.push(format!("{}: {:?}", slip.rule, slip.near));
            }
        }
    }
}
