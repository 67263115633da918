use maud::{Markup, Render, html};

use crate::{Icon, Tone, safe_href};

/// A sentence over a page that says how things are, and one link.
///
/// It is announced by itself only when [`alert`](Banner::alert) says that it was inserted after
/// the page was read.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Banner, Tone};
///
/// let banner = Banner::new(Tone::Bad, "Panne : PON 0/3/7.").detail("38 clients").link("/o/1", "Ouvrir");
/// assert!(banner.render().into_string().contains("<strong>"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Banner {
    tone: Tone,
    icon: Option<Icon>,
    sentence: String,
    detail: Option<Markup>,
    link: Option<(String, String)>,
    alert: bool,
    id: Option<String>,
}

impl Banner {
    /// Makes a banner of a tone and a sentence.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Banner, Render, Tone};
    ///
    /// let html = Banner::new(Tone::Ok, "Rien à signaler.").render().into_string();
    /// assert!(html.contains("Rien à signaler."));
    /// ```
    pub fn new(tone: Tone, sentence: impl Into<String>) -> Self {
        Self {
            tone,
            icon: None,
            sentence: sentence.into(),
            detail: None,
            link: None,
            alert: false,
            id: None,
        }
    }

    /// Replaces the icon of the tone.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Banner, Icon, Render, Tone};
    ///
    /// let html = Banner::new(Tone::Ok, "Rien à signaler.").icon(Icon::Clock).render().into_string();
    /// assert!(html.contains("<svg"));
    /// ```
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Adds what follows the sentence.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Banner, Render, Tone};
    ///
    /// let html = Banner::new(Tone::Ok, "Rien à signaler.").detail("Lu à 10 h.").render().into_string();
    /// assert!(html.contains("Lu à 10 h."));
    /// ```
    pub fn detail(mut self, detail: impl Render) -> Self {
        self.detail = Some(detail.render());
        self
    }

    /// Adds a link; the address goes through [`safe_href`].
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Banner, Render, Tone};
    ///
    /// let html = Banner::new(Tone::Ok, "Rien à signaler.").link("/o/1", "Ouvrir").render().into_string();
    /// assert!(html.contains("<a href=\"/o/1\">Ouvrir</a>"));
    /// ```
    pub fn link(mut self, href: &str, label: impl Into<String>) -> Self {
        self.link = Some((safe_href(href).to_owned(), label.into()));
        self
    }

    /// Makes it announced at once (`role="alert"`).
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Banner, Render, Tone};
    ///
    /// let html = Banner::new(Tone::Ok, "Rien à signaler.").alert().render().into_string();
    /// assert!(html.contains("role=\"alert\""));
    /// ```
    pub fn alert(mut self) -> Self {
        self.alert = true;
        self
    }

    /// Sets the id.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Banner, Render, Tone};
    ///
    /// let html = Banner::new(Tone::Ok, "Rien à signaler.").id("verdict").render().into_string();
    /// assert!(html.contains("id=\"verdict\""));
    /// ```
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }
}

impl Render for Banner {
    fn render(&self) -> Markup {
        let icon = self.icon.unwrap_or(match self.tone {
            Tone::Ok => Icon::Success,
            Tone::Warn | Tone::Bad => Icon::Warning,
            Tone::Info | Tone::Idle => Icon::Info,
        });
        html! {
            div class={ "banner " (self.tone.class()) } id=[&self.id] role=[self.alert.then_some("alert")] {
                (icon)
                div {
                    strong { (self.sentence) }
                    @if let Some(detail) = &self.detail { " " (detail) }
                    @if let Some((href, label)) = &self.link { " " a href=(href) { (label) } }
                }
            }
        }
    }
}
