//! The design tokens as data: the stylesheet's custom properties and the contrast test both come
//! from this table.

use std::fmt::Write as _;

/// A colour of sRGB, one byte a channel.
///
/// # Examples
///
/// ```
/// use ui_kit::Rgb;
///
/// assert_eq!(Rgb(0x1E5FC4).to_string(), "#1E5FC4");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub u32);

impl Rgb {
    /// Relative luminance, 0 (black) to 1 (white), as WCAG 2.2 defines it.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Rgb;
    ///
    /// assert!((Rgb(0xFFFFFF).luminance() - 1.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn luminance(self) -> f64 {
        let channel = |shift: u32| {
            let byte = (self.0 >> shift) & 0xFF;
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    /// Contrast ratio with another colour, 1 to 21.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::Rgb;
    ///
    /// assert!((Rgb(0x000000).contrast(Rgb(0xFFFFFF)) - 21.0).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:06X}", self.0 & 0x00FF_FFFF)
    }
}

/// A named colour in both themes.
///
/// # Examples
///
/// ```
/// let ink = ui_kit::token("ink").expect("the table has an ink");
/// assert_eq!(ink.light.to_string(), "#16191F");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Name of the custom property, without its two dashes.
    pub name: &'static str,
    /// Value in the light theme.
    pub light: Rgb,
    /// Value in the dark theme.
    pub dark: Rgb,
}

const fn t(name: &'static str, light: u32, dark: u32) -> Token {
    Token {
        name,
        light: Rgb(light),
        dark: Rgb(dark),
    }
}

/// Every colour of the stylesheet.
///
/// # Examples
///
/// ```
/// assert!(ui_kit::TOKENS.iter().any(|token| token.name == "accent"));
/// ```
pub const TOKENS: &[Token] = &[
    t("bg", 0xF6F7F9, 0x0E1116),
    t("surface", 0xFFFFFF, 0x161A21),
    t("raised", 0xFFFFFF, 0x1E242D),
    t("sunken", 0xEEF0F3, 0x0A0D11),
    t("line", 0xDDE1E7, 0x2B323D),
    t("line-strong", 0x858E9C, 0x707B8B),
    t("ink", 0x16191F, 0xE8EBF0),
    t("ink-2", 0x4A5261, 0xB3BBC8),
    t("ink-3", 0x616A79, 0x949EAD),
    t("accent", 0x1E5FC4, 0x6EA3F5),
    t("accent-hover", 0x184EA3, 0x8DB7F8),
    t("accent-on", 0xFFFFFF, 0x0B1420),
    t("accent-soft", 0xE6EEFB, 0x1A2A44),
    t("accent-ink", 0x1A4A97, 0xA9C8FA),
    t("ok", 0x17754A, 0x4FC58B),
    t("ok-soft", 0xE0F3E8, 0x12301F),
    t("ok-ink", 0x0F5C39, 0x7FDBAB),
    t("warn", 0x976100, 0xE2A93B),
    t("warn-soft", 0xFCF0D4, 0x37290C),
    t("warn-ink", 0x744A00, 0xF0C570),
    t("bad", 0xBE2A2A, 0xF07F7A),
    t("bad-soft", 0xFCE7E6, 0x3E1A1B),
    t("bad-ink", 0x931E1E, 0xF7ABA7),
    t("idle", 0x616A79, 0x949EAD),
    t("idle-soft", 0xEBEDF0, 0x262C35),
    t("idle-ink", 0x474F5C, 0xBCC4D0),
    t("focus", 0x1E5FC4, 0x8DB7F8),
    t("select", 0xEDF3FC, 0x182437),
];

/// Finds a token by name.
///
/// # Examples
///
/// ```
/// assert!(ui_kit::token("accent").is_some());
/// assert!(ui_kit::token("mauve").is_none());
/// ```
#[must_use]
pub fn token(name: &str) -> Option<&'static Token> {
    TOKENS.iter().find(|token| token.name == name)
}

/// Writes the custom properties of both themes: light by default, dark when the system asks for
/// it, and either one when `data-theme` on the root element says so.
///
/// # Examples
///
/// ```
/// let css = ui_kit::tokens_css();
/// assert!(css.contains("--accent:#1E5FC4;"));
/// assert!(css.contains("[data-theme=dark]"));
/// ```
#[must_use]
pub fn tokens_css() -> String {
    let declare = |pick: fn(&Token) -> Rgb| {
        let mut text = String::new();
        for token in TOKENS {
            // Writing to a String cannot fail.
            let _ = write!(text, "--{}:{};", token.name, pick(token));
        }
        text
    };
    let light = declare(|token| token.light);
    let dark = declare(|token| token.dark);
    let card_light = "--shadow:0 1px 2px rgb(16 24 40/.06);--shadow-hover:0 2px 8px rgb(16 24 40/.1);--shadow-dialog:0 12px 32px rgb(16 24 40/.18);";
    let card_dark = "--shadow:none;--shadow-hover:none;--shadow-dialog:0 0 0 1px var(--line);";
    format!(
        "@layer base{{:root{{color-scheme:light;{light}{card_light}}}\n\
         @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}{card_dark}}}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}{card_dark}}}}}\n"
    )
}
