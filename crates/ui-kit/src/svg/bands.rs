use crate::Tone;

/// The ranges of a measure, from the lowest to the highest, and what each means.
///
/// # Examples
///
/// ```
/// use ui_kit::{Bands, Tone};
///
/// let temperature = Bands::new(0.0, 100.0).until(65.0, Tone::Ok).until(75.0, Tone::Warn).rest(Tone::Bad);
/// assert_eq!(temperature.tone(48.0), Tone::Ok);
/// assert_eq!(temperature.tone(75.0), Tone::Bad);
/// assert_eq!(temperature.tone(f64::NAN), Tone::Idle);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Bands {
    min: f64,
    max: f64,
    below: Vec<(f64, Tone)>,
    rest: Tone,
}

impl Bands {
    /// Makes an axis from `min` to `max`, in the unit of the measure.
    pub fn new(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            below: Vec::new(),
            rest: Tone::Idle,
        }
    }

    /// Adds the band below a limit, which itself belongs to the next one.
    pub fn until(mut self, limit: f64, tone: Tone) -> Self {
        self.below.push((limit, tone));
        self
    }

    /// Sets the band above the last limit.
    pub fn rest(mut self, tone: Tone) -> Self {
        self.rest = tone;
        self
    }

    /// Optical power received by an ONU, in dBm: bad below −27 and above −8, good from −25 to −10.
    ///
    /// Our defaults for class B+ optics; no standard sets them.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Tone};
    ///
    /// let bands = Bands::optical_power();
    /// assert_eq!(bands.tone(-19.6), Tone::Ok);
    /// assert_eq!(bands.tone(-26.0), Tone::Warn);
    /// assert_eq!(bands.tone(-7.0), Tone::Bad);
    /// ```
    pub fn optical_power() -> Self {
        Self::new(-32.0, -8.0)
            .until(-27.0, Tone::Bad)
            .until(-25.0, Tone::Warn)
            .until(-10.0, Tone::Ok)
            .until(-8.0, Tone::Warn)
            .rest(Tone::Bad)
    }

    /// Strength of a Wi-Fi station, in dBm: good from −65, bad below −75. Our defaults.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Tone};
    ///
    /// assert_eq!(Bands::wifi_strength().tone(-78.0), Tone::Bad);
    /// ```
    pub fn wifi_strength() -> Self {
        Self::new(-95.0, -30.0)
            .until(-75.0, Tone::Bad)
            .until(-65.0, Tone::Warn)
            .rest(Tone::Ok)
    }

    /// Temperature of a device, in degrees Celsius: to be watched from 65, bad from 75. Our
    /// defaults.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Tone};
    ///
    /// assert_eq!(Bands::temperature().tone(70.0), Tone::Warn);
    /// ```
    pub fn temperature() -> Self {
        Self::new(0.0, 100.0)
            .until(65.0, Tone::Ok)
            .until(75.0, Tone::Warn)
            .rest(Tone::Bad)
    }

    /// Says what a value means; one that is not a number means nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Tone};
    ///
    /// assert_eq!(Bands::optical_power().tone(-27.0), Tone::Warn);
    /// ```
    #[must_use]
    pub fn tone(&self, value: f64) -> Tone {
        if value.is_nan() {
            return Tone::Idle;
        }
        self.below
            .iter()
            .find(|(limit, _)| value < *limit)
            .map_or(self.rest, |(_, tone)| *tone)
    }

    pub(crate) fn min(&self) -> f64 {
        self.min
    }

    pub(crate) fn max(&self) -> f64 {
        self.max
    }

    /// Place of a value on the axis, 0 to 1, held within it.
    pub(crate) fn place(&self, value: f64) -> f64 {
        let place = (value - self.min) / (self.max - self.min);
        if place.is_finite() {
            place.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// The bands as (from, to, tone), 0 to 1 along the axis.
    pub(crate) fn spans(&self) -> Vec<(f64, f64, Tone)> {
        let mut spans = Vec::new();
        let mut from = 0.0;
        for (limit, tone) in &self.below {
            let to = self.place(*limit);
            if to > from {
                spans.push((from, to, *tone));
                from = to;
            }
        }
        if from < 1.0 {
            spans.push((from, 1.0, self.rest));
        }
        spans
    }
}

/// Class that fills a band.
pub(super) fn fill(tone: Tone) -> &'static str {
    match tone {
        Tone::Ok | Tone::Info => "f-ok",
        Tone::Warn => "f-warn",
        Tone::Bad => "f-bad",
        Tone::Idle => "f-idle",
    }
}
