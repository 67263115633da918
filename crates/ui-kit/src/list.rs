use maud::{Markup, Render, html};

use crate::safe_href;

/// A line of a list: a name, something at its right, one line below.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::Item;
///
/// let html = Item::new("Installation fibre").meta("2\u{a0}h").link("/j/1").render().into_string();
/// assert!(html.contains("class=\"item\""));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Item {
    name: String,
    meta: Option<Markup>,
    detail: Option<Markup>,
    href: Option<String>,
    current: bool,
}

impl Item {
    /// Makes a line with its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            meta: None,
            detail: None,
            href: None,
            current: false,
        }
    }

    /// Sets what stands at the right of the name.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Item, Render};
    ///
    /// let html = Item::new("Roy").meta("hier").render().into_string();
    /// assert!(html.contains("<span class=\"m\">hier</span>"));
    /// ```
    pub fn meta(mut self, meta: impl Render) -> Self {
        self.meta = Some(meta.render());
        self
    }

    /// Sets the line below.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Item, Render};
    ///
    /// let html = Item::new("Roy").detail("Bonjour").render().into_string();
    /// assert!(html.contains("<span class=\"d\">Bonjour</span>"));
    /// ```
    pub fn detail(mut self, detail: impl Render) -> Self {
        self.detail = Some(detail.render());
        self
    }

    /// Makes the whole line a link.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Item, Render};
    ///
    /// let html = Item::new("Roy").link("/c/1").render().into_string();
    /// assert!(html.contains("href=\"/c/1\""));
    /// ```
    pub fn link(mut self, href: &str) -> Self {
        self.href = Some(safe_href(href).to_owned());
        self
    }

    /// Marks the chosen line.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Item, Render};
    ///
    /// let html = Item::new("Roy").current(true).render().into_string();
    /// assert!(html.contains("aria-current=\"true\""));
    /// ```
    pub fn current(mut self, yes: bool) -> Self {
        self.current = yes;
        self
    }
}

impl Render for Item {
    fn render(&self) -> Markup {
        let current = self.current.then_some("true");
        let body = html! {
            span.l {
                b { (self.name) }
                @if let Some(meta) = &self.meta { span.m { (meta) } }
            }
            @if let Some(detail) = &self.detail { span.d { (detail) } }
        };
        match &self.href {
            Some(href) => {
                html! { a.item href=(href) aria-current=[current] { (body) } }
            }
            None => html! { div.item aria-current=[current] { (body) } },
        }
    }
}

/// A list of lines.
///
/// # Examples
///
/// ```
/// use ui_kit::{Item, item_list};
///
/// let html = item_list(&[Item::new("Roy")]).into_string();
/// assert!(html.starts_with("<ul class=\"list\"><li>"));
/// ```
#[must_use]
pub fn item_list(items: &[Item]) -> Markup {
    html! { ul.list { @for item in items { li { (item) } } } }
}
