//! The two languages of the pages, and how one is chosen.

use crate::{Phrase, Text};

/// A language of the pages.
///
/// # Examples
///
/// ```
/// use ui_kit::{Lang, Text};
///
/// assert_eq!(Lang::Fr.code(), "fr-CA");
/// assert_eq!(Lang::En.t(Text::Restart), "Restart");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[allow(
    clippy::exhaustive_enums,
    reason = "a third language is a breaking change on purpose: every text must be written"
)]
pub enum Lang {
    /// French of Québec, the default.
    #[default]
    Fr,
    /// English of Canada.
    En,
}

impl Lang {
    /// Value of the `lang` attribute.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::Lang::En.code(), "en-CA");
    /// ```
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr-CA",
            Self::En => "en-CA",
        }
    }

    /// Value of the `lang` cookie.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::Lang::Fr.cookie(), "fr");
    /// ```
    #[must_use]
    pub fn cookie(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The other language, for the link that changes it.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Lang;
    ///
    /// assert_eq!(Lang::Fr.other(), Lang::En);
    /// ```
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }

    /// Name of the language in itself.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(ui_kit::Lang::Fr.name(), "Français");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Fr => "Français",
            Self::En => "English",
        }
    }

    /// Looks a text up.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Lang, Text};
    ///
    /// assert_eq!(Lang::Fr.t(Text::ReadAgain), "Relire");
    /// ```
    #[must_use]
    pub fn t(self, text: Text) -> &'static str {
        text.get(self)
    }

    /// Looks a text with values up.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Lang, Phrase};
    ///
    /// assert_eq!(Lang::Fr.p(&Phrase::TakenBy("Nadia")), "Déjà prise par Nadia");
    /// ```
    #[must_use]
    pub fn p(self, phrase: &Phrase<'_>) -> String {
        phrase.get(self)
    }

    /// Chooses one of two values, the French one first.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Lang;
    ///
    /// assert_eq!(Lang::En.pick("oui", "yes"), "yes");
    /// ```
    #[must_use]
    pub fn pick<T>(self, fr: T, en: T) -> T {
        match self {
            Self::Fr => fr,
            Self::En => en,
        }
    }

    /// Chooses the language of a request: the cookie when it names one of ours, then the best of
    /// `Accept-Language` by its weights ([RFC 9110, section 12.5.4]), then French.
    ///
    /// [RFC 9110, section 12.5.4]: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Lang;
    ///
    /// assert_eq!(Lang::negotiate(None, Some("de, en-CA;q=0.8, fr;q=0.3")), Lang::En);
    /// assert_eq!(Lang::negotiate(Some("fr"), Some("en")), Lang::Fr);
    /// assert_eq!(Lang::negotiate(None, None), Lang::Fr);
    /// ```
    #[must_use]
    pub fn negotiate(cookie: Option<&str>, accept_language: Option<&str>) -> Self {
        if let Some(lang) = cookie.and_then(Self::from_tag) {
            return lang;
        }
        let mut best = (0.0, Self::Fr);
        for range in accept_language.unwrap_or_default().split(',').take(32) {
            let mut parts = range.split(';');
            let Some(lang) = parts.next().and_then(|tag| Self::from_tag(tag.trim())) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse::<f64>().unwrap_or(0.0));
            if weight.is_finite() && weight > best.0 {
                best = (weight, lang);
            }
        }
        best.1
    }

    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?;
        if primary.eq_ignore_ascii_case("fr") {
            Some(Self::Fr)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }
}
