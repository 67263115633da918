use maud::{Markup, Render, html};

use super::bands::{Bands, fill};
use crate::{Lang, Tone, format};

/// A value on its bands: a bar, a mark, and the ends of the axis in words.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Bands, Gauge, Lang};
///
/// let gauge = Gauge::new(Lang::Fr, "Puissance reçue", -19.6, Bands::optical_power()).unit("dBm");
/// let html = gauge.render().into_string();
/// assert!(html.contains("role=\"img\"") && html.contains("Bon"));
/// assert!(!html.contains("style="));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Gauge {
    lang: Lang,
    label: String,
    value: f64,
    bands: Bands,
    unit: String,
}

impl Gauge {
    /// Makes a gauge: what is measured, the value, and its bands.
    pub fn new(lang: Lang, label: impl Into<String>, value: f64, bands: Bands) -> Self {
        Self {
            lang,
            label: label.into(),
            value,
            bands,
            unit: String::new(),
        }
    }

    /// Sets the unit.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Gauge, Lang, Render};
    ///
    /// let html = Gauge::new(Lang::Fr, "Reçu", -19.6, Bands::optical_power()).unit("dBm").render().into_string();
    /// assert!(html.contains("dBm"));
    /// ```
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }
}

/// A place of 0 to 1 as a percentage of the width.
fn percent(place: f64) -> String {
    format!("{:.2}%", place * 100.0)
}

impl Render for Gauge {
    fn render(&self) -> Markup {
        let tone = self.bands.tone(self.value);
        let at = percent(self.bands.place(self.value));
        let name = format!(
            "{}{}{}, {}",
            self.label,
            self.lang.pick("\u{a0}: ", ": "),
            format::quantity(self.lang, self.value, 1, &self.unit),
            self.lang.t(tone.word())
        );
        let mark = match tone {
            Tone::Ok | Tone::Info => "p-ok",
            Tone::Warn => "p-warn",
            Tone::Bad => "p-bad",
            Tone::Idle => "p-idle",
        };
        html! {
            div.gauge {
                svg role="img" aria-label=(name) {
                    @for (from, to, tone) in self.bands.spans() {
                        rect class=(fill(tone)) x=(percent(from)) y="5" width=(percent(to - from)) height="6" {}
                    }
                    @if self.value.is_finite() {
                        line class=(mark) x1=(at) x2=(at) y1="1" y2="15" {}
                        circle class=(mark) cx=(at) cy="8" r="3.5" {}
                    }
                }
                div {
                    span { (format::decimal(self.lang, self.bands.min(), 0)) }
                    span { (format::quantity(self.lang, self.bands.max(), 0, &self.unit)) }
                }
            }
        }
    }
}
