use maud::{Markup, Render, html};

use crate::{Lang, Text};

/// What a state means, in five degrees; each has its colour and its shape.
///
/// # Examples
///
/// ```
/// assert_eq!(ui_kit::Tone::Warn.class(), "warn");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(
    clippy::exhaustive_enums,
    reason = "the stylesheet has these five and no other"
)]
pub enum Tone {
    /// All is well: green, a disc.
    Ok,
    /// To be watched: amber, a diamond.
    Warn,
    /// Broken: red, a square.
    Bad,
    /// Of note: blue, a disc.
    Info,
    /// Unknown or at rest: grey, a disc.
    #[default]
    Idle,
}

impl Tone {
    /// Name of the class in the stylesheet.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::Tone::Ok.class(), "ok");
    /// ```
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Info => "info",
            Self::Idle => "idle",
        }
    }

    /// The word of a measure: good, marginal, bad or unknown.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Text, Tone};
    ///
    /// assert_eq!(Tone::Warn.word(), Text::Marginal);
    /// ```
    #[must_use]
    pub fn word(self) -> Text {
        match self {
            Self::Ok | Self::Info => Text::Good,
            Self::Warn => Text::Marginal,
            Self::Bad => Text::Bad,
            Self::Idle => Text::Unknown,
        }
    }
}

/// A state in a word, with the shape of its tone: never clickable.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Badge, Tone};
///
/// let html = Badge::new(Tone::Ok, "En ligne").render().into_string();
/// assert_eq!(html, "<span class=\"badge ok\">En ligne</span>");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Badge {
    tone: Tone,
    word: String,
}

impl Badge {
    /// Makes a badge of a tone and its word.
    ///
    /// # Examples
    ///
    /// ```
    /// let badge = ui_kit::Badge::new(ui_kit::Tone::Bad, "Urgent");
    /// # let _ = badge;
    /// ```
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self {
            tone,
            word: word.into(),
        }
    }

    /// Makes the badge of a measure: *Bon*, *À surveiller*, *Mauvais* or *Inconnu*.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::{Badge, Lang, Tone};
    ///
    /// let html = Badge::measure(Lang::En, Tone::Idle).render().into_string();
    /// assert!(html.contains("Unknown"));
    /// ```
    pub fn measure(lang: Lang, tone: Tone) -> Self {
        Self::new(tone, lang.t(tone.word()))
    }

    /// Makes the badge of a connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use maud::Render;
    /// use ui_kit::{Badge, Lang};
    ///
    /// let html = Badge::online(Lang::Fr, false).render().into_string();
    /// assert!(html.contains("badge bad") && html.contains("Hors ligne"));
    /// ```
    pub fn online(lang: Lang, online: bool) -> Self {
        if online {
            Self::new(Tone::Ok, lang.t(Text::Online))
        } else {
            Self::new(Tone::Bad, lang.t(Text::Offline))
        }
    }
}

impl Render for Badge {
    fn render(&self) -> Markup {
        html! { span class={ "badge " (self.tone.class()) } { (self.word) } }
    }
}
