//! Parts of a page that have nothing to show, could not be read, or show something old.

use jiff::Timestamp;
use maud::{Markup, Render, html};

use crate::{Button, Icon, Lang, Phrase, Text, format, safe_href};

/// A part with nothing in it: an icon, one sentence, one action.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Empty, Icon};
///
/// let html = Empty::new(Icon::Inbox, "Aucune conversation à répondre.").action("/ops/inbox", "Voir toutes");
/// assert!(html.render().into_string().contains("Voir toutes"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Empty {
    icon: Icon,
    sentence: String,
    detail: Option<String>,
    action: Option<(String, String)>,
}

impl Empty {
    /// Makes the part with its sentence.
    pub fn new(icon: Icon, sentence: impl Into<String>) -> Self {
        Self {
            icon,
            sentence: sentence.into(),
            detail: None,
            action: None,
        }
    }

    /// Adds what to do about it.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Empty, Icon, Render};
    ///
    /// let html = Empty::new(Icon::Inbox, "Rien à répondre.").detail("Tout est à jour.").render().into_string();
    /// assert!(html.contains("Tout est à jour."));
    /// ```
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the one action.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Empty, Icon, Render};
    ///
    /// let html = Empty::new(Icon::Inbox, "Rien à répondre.").action("/ops/inbox", "Voir toutes").render().into_string();
    /// assert!(html.contains("Voir toutes"));
    /// ```
    pub fn action(mut self, href: &str, label: impl Into<String>) -> Self {
        self.action = Some((safe_href(href).to_owned(), label.into()));
        self
    }
}

impl Render for Empty {
    fn render(&self) -> Markup {
        html! {
            div.empty {
                (self.icon)
                p { b { (self.sentence) } }
                @if let Some(detail) = &self.detail { p { (detail) } }
                @if let Some((href, label)) = &self.action { p { a href=(href) { (label) } } }
            }
        }
    }
}

/// A part that could not be read, while the rest of the page stays: what happened, a way to try
/// again, and the request id that support asks for.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{ErrorPart, Lang};
///
/// let part = ErrorPart::cannot_read(Lang::Fr, "l’OLT").retry("/ops/network").request_id("r-1");
/// let html = part.render().into_string();
/// assert!(html.contains("Impossible de lire l’OLT.") && html.contains("r-1"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ErrorPart {
    lang: Lang,
    sentence: String,
    detail: Option<String>,
    retry: Option<String>,
    request_id: Option<String>,
}

impl ErrorPart {
    /// Makes the part with its sentence.
    pub fn new(lang: Lang, sentence: impl Into<String>) -> Self {
        Self {
            lang,
            sentence: sentence.into(),
            detail: None,
            retry: None,
            request_id: None,
        }
    }

    /// Makes the part of something that could not be read, named with its article.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{ErrorPart, Lang, Render};
    ///
    /// let html = ErrorPart::cannot_read(Lang::En, "the OLT").render().into_string();
    /// assert!(html.contains("Could not read the OLT."));
    /// ```
    pub fn cannot_read(lang: Lang, what: &str) -> Self {
        Self::new(lang, lang.p(&Phrase::CannotRead(what)))
    }

    /// Adds why, or what to do.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{ErrorPart, Lang, Render};
    ///
    /// let html = ErrorPart::new(Lang::Fr, "Lecture impossible.").detail("Délai dépassé.").render().into_string();
    /// assert!(html.contains("Délai dépassé."));
    /// ```
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds the link that tries again.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{ErrorPart, Lang, Render};
    ///
    /// let html = ErrorPart::new(Lang::Fr, "Lecture impossible.").retry("/ops/network").render().into_string();
    /// assert!(html.contains("Réessayer"));
    /// ```
    pub fn retry(mut self, href: &str) -> Self {
        self.retry = Some(safe_href(href).to_owned());
        self
    }

    /// Adds the request id.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{ErrorPart, Lang, Render};
    ///
    /// let html = ErrorPart::new(Lang::Fr, "Lecture impossible.").request_id("r-1").render().into_string();
    /// assert!(html.contains("<code>r-1</code>"));
    /// ```
    pub fn request_id(mut self, id: impl Into<String>) -> Self {
        self.request_id = Some(id.into());
        self
    }
}

impl Render for ErrorPart {
    fn render(&self) -> Markup {
        html! {
            div.part role="group" aria-label=(self.lang.t(Text::ErrorPrefix)) {
                p.row { (Icon::Alert) strong { (self.sentence) } }
                @if let Some(detail) = &self.detail { p { (detail) } }
                @if let Some(retry) = &self.retry {
                    (Button::link(retry, self.lang.t(Text::TryAgain)).icon(Icon::Refresh))
                }
                @if let Some(id) = &self.request_id {
                    p.rid { (self.lang.t(Text::RequestId)) (self.lang.pick("\u{a0}: ", ": ")) code { (id) } }
                }
            }
        }
    }
}

/// How long ago a moment was, kept up to date by the script; the exact moment is in `datetime`.
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use ui_kit::{Lang, ago};
///
/// let now: Timestamp = "2026-11-23T15:00:00Z".parse()?;
/// let then: Timestamp = "2026-11-23T14:59:20Z".parse()?;
/// assert!(ago(Lang::Fr, then, now).into_string().contains("il y a 40\u{a0}s"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn ago(lang: Lang, then: Timestamp, now: Timestamp) -> Markup {
    html! { time datetime=(then.to_string()) data-rel { (format::relative(lang, then, now)) } }
}

/// The age of a reading: *lu il y a 12 min*, in the colour of a warning when it is older than
/// `stale_after` seconds (two reading periods).
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use ui_kit::{Lang, read_age};
///
/// let now: Timestamp = "2026-11-23T15:00:00Z".parse()?;
/// let then: Timestamp = "2026-11-23T14:48:00Z".parse()?;
/// assert!(read_age(Lang::Fr, Some(then), now, 600).into_string().contains("age stale"));
/// assert!(read_age(Lang::Fr, None, now, 600).into_string().contains("aucune lecture"));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn read_age(lang: Lang, read: Option<Timestamp>, now: Timestamp, stale_after: u32) -> Markup {
    let Some(read) = read else {
        return html! { span.age { (lang.t(Text::NoReading)) } };
    };
    let age = now.as_second().saturating_sub(read.as_second());
    html! {
        span.age.stale[age > i64::from(stale_after)] {
            (lang.pick("lu ", "read "))
            time datetime=(read.to_string()) data-rel data-stale=(stale_after) {
                (format::relative(lang, read, now))
            }
        }
    }
}

/// A part that is fetched after the page: grey lines, and a link for those without script.
///
/// # Examples
///
/// ```
/// use ui_kit::skeleton;
///
/// let html = skeleton("live", "/ops/network/live", "Lire l’appareil").into_string();
/// assert!(html.contains("data-src=\"/ops/network/live\""));
/// ```
#[must_use]
pub fn skeleton(id: &str, src: &str, label: &str) -> Markup {
    let src = safe_href(src);
    html! {
        div.skeleton id=(id) data-frag data-src=(src) aria-busy="true" {
            i {} i {} i {}
            p { a href=(src) { (label) } }
        }
    }
}
