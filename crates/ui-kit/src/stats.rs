use maud::{Markup, Render, html};

use crate::{Tone, safe_href};

/// One figure of a strip: what it counts and one line of detail; it may link to its list.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::Stat;
///
/// let html = Stat::number("31", "tâches aujourd’hui").detail("18 faites").render().into_string();
/// assert!(html.contains("<b>31</b>"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Stat {
    value: String,
    label: String,
    detail: Option<String>,
    href: Option<String>,
    tone: Option<Tone>,
    text: bool,
    fragment: Option<String>,
}

impl Stat {
    /// Makes a cell whose figure comes first.
    pub fn number(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            detail: None,
            href: None,
            tone: None,
            text: false,
            fragment: None,
        }
    }

    /// Makes a cell whose label comes first and whose value is words or an amount.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::Stat;
    ///
    /// let html = Stat::text("En ligne", "Connexion").render().into_string();
    /// assert!(html.contains("stat txt"));
    /// ```
    pub fn text(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            text: true,
            ..Self::number(value, label)
        }
    }

    /// Adds one line under the figure.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Stat};
    ///
    /// let html = Stat::number("7", "à répondre").detail("2 en retard").render().into_string();
    /// assert!(html.contains("<small>2 en retard</small>"));
    /// ```
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Makes the whole cell a link.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Stat};
    ///
    /// let html = Stat::number("7", "à répondre").link("/ops/inbox").render().into_string();
    /// assert!(html.contains("href=\"/ops/inbox\""));
    /// ```
    pub fn link(mut self, href: &str) -> Self {
        self.href = Some(safe_href(href).to_owned());
        self
    }

    /// Colours the figure; the words must say the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Stat, Tone};
    ///
    /// let html = Stat::number("7", "à répondre").tone(Tone::Bad).render().into_string();
    /// assert!(html.contains("stat bad"));
    /// ```
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = Some(tone);
        self
    }

    /// Makes the cell a fragment of this id, which an enhanced answer replaces.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Render, Stat};
    ///
    /// let html = Stat::text("En ligne", "Connexion").fragment("connection").render().into_string();
    /// assert!(html.starts_with("<div class=\"stat txt\" id=\"connection\" data-frag>"));
    /// ```
    pub fn fragment(mut self, id: impl Into<String>) -> Self {
        self.fragment = Some(id.into());
        self
    }
}

impl Render for Stat {
    fn render(&self) -> Markup {
        let class = format!(
            "stat{}{}",
            if self.text { " txt" } else { "" },
            match self.tone {
                Some(Tone::Ok) => " ok",
                Some(Tone::Warn) => " warn",
                Some(Tone::Bad) => " bad",
                Some(Tone::Info | Tone::Idle) | None => "",
            }
        );
        let body = html! {
            @if self.text { span { (self.label) } }
            b { (self.value) }
            @if !self.text { span { (self.label) } }
            @if let Some(detail) = &self.detail { small { (detail) } }
        };
        let id = self.fragment.as_deref();
        match &self.href {
            Some(href) => {
                html! { a class=(class) id=[id] data-frag[id.is_some()] href=(href) { (body) } }
            }
            None => html! { div class=(class) id=[id] data-frag[id.is_some()] { (body) } },
        }
    }
}

/// A strip of figures.
///
/// # Examples
///
/// ```
/// use ui_kit::{Stat, stat_strip};
///
/// let html = stat_strip(&[Stat::number("7", "à répondre")]).into_string();
/// assert!(html.starts_with("<div class=\"stats\">"));
/// ```
#[must_use]
pub fn stat_strip(cells: &[Stat]) -> Markup {
    html! { div.stats { @for cell in cells { (cell) } } }
}
