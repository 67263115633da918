use maud::{Markup, Render, html};

use crate::{Badge, Lang, Text, safe_href};

/// The head of a page: its only `<h1>`, a badge, a line about it, and the actions.
///
/// # Examples
///
/// ```
/// use maud::{Render, html};
/// use ui_kit::{Badge, Button, PageHead, Tone};
///
/// let head = PageHead::new("TP-Link XX230v")
///     .badge(Badge::new(Tone::Ok, "En ligne"))
///     .action(Button::link("/reboot", "Redémarrer").danger());
/// assert!(head.render().into_string().contains("<h1>TP-Link XX230v</h1>"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct PageHead {
    title: String,
    badges: Vec<Badge>,
    meta: Option<Markup>,
    aside: Option<Markup>,
    actions: Vec<Markup>,
    crumbs: Vec<(String, String)>,
    lang: Lang,
}

impl PageHead {
    /// Makes a head with its title.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            badges: Vec::new(),
            meta: None,
            aside: None,
            actions: Vec::new(),
            crumbs: Vec::new(),
            lang: Lang::Fr,
        }
    }

    /// Sets the language of its own words.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Lang, PageHead, Render};
    ///
    /// let html = PageHead::new("Restart").lang(Lang::En).crumb("/ops/network", "Network").render().into_string();
    /// assert!(html.contains("aria-label=\"Breadcrumbs\""));
    /// ```
    pub fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// Adds a badge after the title.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Badge, PageHead, Render, Tone};
    ///
    /// let html = PageHead::new("Réseau").badge(Badge::new(Tone::Ok, "En ligne")).render().into_string();
    /// assert!(html.contains("En ligne"));
    /// ```
    pub fn badge(mut self, badge: Badge) -> Self {
        self.badges.push(badge);
        self
    }

    /// Sets the line under the title.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{PageHead, Render};
    ///
    /// let html = PageHead::new("Réseau").meta("TPLG1").render().into_string();
    /// assert!(html.contains("<p class=\"meta\">TPLG1</p>"));
    /// ```
    pub fn meta(mut self, meta: impl Render) -> Self {
        self.meta = Some(meta.render());
        self
    }

    /// Sets a word beside the title: a date.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{PageHead, Render};
    ///
    /// let html = PageHead::new("Réseau").aside("dimanche").render().into_string();
    /// assert!(html.contains("dimanche"));
    /// ```
    pub fn aside(mut self, aside: impl Render) -> Self {
        self.aside = Some(aside.render());
        self
    }

    /// Adds an action at the right: a button, a form.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Button, PageHead, Render};
    ///
    /// let html = PageHead::new("Réseau").action(Button::link("/x", "Relire")).render().into_string();
    /// assert!(html.contains("Relire"));
    /// ```
    pub fn action(mut self, action: impl Render) -> Self {
        self.actions.push(action.render());
        self
    }

    /// Adds a step of the way here, the nearest last.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::PageHead;
    ///
    /// let html = PageHead::new("Redémarrer").crumb("/ops/network", "Réseau").render().into_string();
    /// assert!(html.contains("aria-label=\"Fil d’Ariane\""));
    /// ```
    pub fn crumb(mut self, href: &str, label: impl Into<String>) -> Self {
        self.crumbs.push((safe_href(href).to_owned(), label.into()));
        self
    }
}

impl Render for PageHead {
    fn render(&self) -> Markup {
        html! {
            @if !self.crumbs.is_empty() {
                nav.crumbs aria-label=(self.lang.t(Text::Breadcrumbs)) {
                    ol { @for (href, label) in &self.crumbs { li { a href=(href) { (label) } } } }
                }
            }
            div.head {
                div {
                    div.t {
                        h1 { (self.title) }
                        @for badge in &self.badges { (badge) }
                        @if let Some(aside) = &self.aside { span.muted { (aside) } }
                    }
                    @if let Some(meta) = &self.meta { p.meta { (meta) } }
                }
                @if !self.actions.is_empty() {
                    div.acts { @for action in &self.actions { (action) } }
                }
            }
        }
    }
}

/// Paging by cursor: the addresses of the newer and of the older lines, where there are any.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, pager};
///
/// let html = pager(Lang::Fr, None, Some("?before=42")).into_string();
/// assert!(html.contains("Plus anciens") && !html.contains("Plus récents"));
/// ```
#[must_use]
pub fn pager(lang: Lang, newer: Option<&str>, older: Option<&str>) -> Markup {
    html! {
        @if newer.is_some() || older.is_some() {
            nav.pages aria-label=(lang.t(Text::Pages)) {
                @if let Some(href) = newer {
                    a.btn href=(safe_href(href)) rel="prev" { (lang.t(Text::Newer)) }
                } @else { span {} }
                @if let Some(href) = older {
                    a.btn href=(safe_href(href)) rel="next" { (lang.t(Text::Older)) }
                }
            }
        }
    }
}

/// Progress through the pages of an order: a bar and the words *Étape 4 sur 6*.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, steps};
///
/// assert!(steps(Lang::Fr, 4, 6).into_string().contains("Étape 4 sur 6"));
/// ```
#[must_use]
pub fn steps(lang: Lang, step: u32, of: u32) -> Markup {
    html! {
        div.steps aria-hidden="true" { @for n in 1..=of.min(12) { i.done[n <= step] {} } }
        p.muted.mb { (lang.p(&crate::Phrase::StepOf(step, of))) }
    }
}
