//! Words of the reports, French and English side by side.

use clap::ValueEnum;

/// A language of the product.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Lang {
    /// Français du Québec
    Fr,
    /// Canadian English
    En,
}

impl Lang {
    /// French for a French locale (`fr_CA.UTF-8`), English otherwise.
    pub(crate) fn of_locale(locale: Option<&str>) -> Self {
        match locale {
            Some(locale) if locale.starts_with("fr") => Self::Fr,
            _ => Self::En,
        }
    }

    /// The one of two wordings.
    pub(crate) const fn pick<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Fr => fr,
            Self::En => en,
        }
    }

    /// Puts the no-break space before a colon that French wants.
    pub(crate) fn typeset(self, text: &str) -> String {
        if self == Self::Fr {
            text.replace(": ", "\u{a0}: ")
        } else {
            text.to_owned()
        }
    }

    /// A number with so many decimals: comma and true minus in French.
    pub(crate) fn number(self, value: f64, decimals: usize) -> String {
        let text = format!("{value:.decimals$}");
        // A rounded negative zero reads as zero.
        let zero = text.trim_start_matches(['-', '0', '.']).is_empty();
        let text = text.replace('-', if zero { "" } else { "\u{2212}" });
        if self == Self::Fr {
            text.replace('.', ",")
        } else {
            text
        }
    }

    /// A number with its unit, kept together.
    pub(crate) fn quantity(self, value: f64, decimals: usize, unit: &str) -> String {
        format!("{}\u{a0}{unit}", self.number(value, decimals))
    }

    /// A span of time in its two largest parts: `12 d 4 h`.
    pub(crate) fn span(self, seconds: i64) -> String {
        let seconds = seconds.max(0);
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
        let day = self.pick("j", "d");
        let parts = match (days, hours, minutes) {
            (0, 0, 0) => vec![(seconds, "s")],
            (0, 0, _) => vec![(minutes, "min")],
            (0, ..) => vec![(hours, "h"), (minutes, "min")],
            (1..10, ..) => vec![(days, day), (hours, "h")],
            _ => vec![(days, day)],
        };
        let shown: Vec<String> = parts
            .into_iter()
            .enumerate()
            .filter(|(place, (count, _))| *place == 0 || *count != 0)
            .map(|(_, (count, unit))| format!("{count}\u{a0}{unit}"))
            .collect();
        shown.join(" ")
    }

    /// How long ago something was.
    pub(crate) fn ago(self, seconds: i64) -> String {
        if seconds < 10 {
            return self.pick("à l’instant", "just now").to_owned();
        }
        match self {
            Self::Fr => format!("il y a {}", self.span(seconds)),
            Self::En => format!("{} ago", self.span(seconds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    #[test]
    fn numbers_follow_the_language() {
        assert_eq!(Lang::Fr.quantity(-27.42, 1, "dBm"), "−27,4\u{a0}dBm");
        assert_eq!(Lang::En.quantity(-27.42, 1, "dBm"), "−27.4\u{a0}dBm");
        assert_eq!(Lang::En.number(-0.04, 1), "0.0");
        assert_eq!(Lang::Fr.typeset("Port lent: LAN1"), "Port lent\u{a0}: LAN1");
    }

    #[test]
    fn spans_keep_their_two_largest_parts() {
        assert_eq!(Lang::En.span(42), "42\u{a0}s");
        assert_eq!(Lang::En.span(3_600), "1\u{a0}h");
        assert_eq!(Lang::En.span(5_400), "1\u{a0}h 30\u{a0}min");
        assert_eq!(Lang::Fr.span(2 * 86_400 + 7_300), "2\u{a0}j 2\u{a0}h");
        assert_eq!(Lang::Fr.ago(90), "il y a 1\u{a0}min");
        assert_eq!(Lang::En.ago(-5), "just now");
    }
}
