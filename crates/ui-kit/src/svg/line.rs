use std::fmt::Write as _;

use maud::{Markup, Render, html};

use super::bands::{Bands, fill};
use crate::{Lang, Text, format};

/// Most points a line is drawn with; more are gathered by their least and greatest.
const MOST_POINTS: usize = 300;

/// A moment of a line: its place on the axis, 0 to 1, and the value read then, if any.
///
/// # Examples
///
/// ```
/// let gap = ui_kit::Point { at: 0.5, value: None };
/// # let _ = gap;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Place on the axis, 0 (left) to 1 (right).
    pub at: f64,
    /// The value, none where nothing was read: the line stops there.
    pub value: Option<f64>,
}

/// A line over a day, on its bands; a gap stays a gap.
///
/// # Examples
///
/// ```
/// use maud::Render;
/// use ui_kit::{Bands, Lang, LineChart, Point};
///
/// let points = vec![
///     Point { at: 0.0, value: Some(-19.6) },
///     Point { at: 0.5, value: None },
///     Point { at: 1.0, value: Some(-20.1) },
/// ];
/// let chart = LineChart::new(Lang::Fr, "Signal optique", points, Bands::optical_power())
///     .unit("dBm")
///     .axis(["0\u{a0}h", "24\u{a0}h"]);
/// assert!(chart.render().into_string().contains("1 trou"));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct LineChart {
    lang: Lang,
    label: String,
    points: Vec<Point>,
    bands: Bands,
    unit: String,
    axis: Vec<String>,
    table: Vec<(String, String)>,
}

impl LineChart {
    /// Makes a chart: what is drawn, its points from left to right, and the bands behind.
    pub fn new(lang: Lang, label: impl Into<String>, points: Vec<Point>, bands: Bands) -> Self {
        Self {
            lang,
            label: label.into(),
            points,
            bands,
            unit: String::new(),
            axis: Vec::new(),
            table: Vec::new(),
        }
    }

    /// Sets the unit.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Lang, LineChart, Point, Render};
    ///
    /// let html = LineChart::new(Lang::Fr, "Signal", vec![Point { at: 0.0, value: Some(-20.0) }], Bands::optical_power()).unit("dBm").render().into_string();
    /// assert!(html.contains("dBm"));
    /// ```
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Sets the words under the axis, spread evenly.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Lang, LineChart, Point, Render};
    ///
    /// let html = LineChart::new(Lang::Fr, "Signal", vec![Point { at: 0.0, value: Some(-20.0) }], Bands::optical_power()).axis(["0 h", "24 h"]).render().into_string();
    /// assert!(html.contains("<span>24 h</span>"));
    /// ```
    pub fn axis<S: Into<String>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.axis = words.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the same data as a table, shown on request: the time and the value, written.
    ///
    /// # Examples
    ///
    /// ```
    /// use ui_kit::{Bands, Lang, LineChart, Point, Render};
    ///
    /// let html = LineChart::new(Lang::Fr, "Signal", vec![Point { at: 0.0, value: Some(-20.0) }], Bands::optical_power()).table(vec![("0 h".into(), "−20".into())]).render().into_string();
    /// assert!(html.contains("<details"));
    /// ```
    pub fn table(mut self, rows: Vec<(String, String)>) -> Self {
        self.table = rows;
        self
    }

    /// The name of the image: range, last value, gaps.
    fn describe(&self) -> String {
        let values = || {
            self.points
                .iter()
                .filter_map(|point| point.value)
                .filter(|value| value.is_finite())
        };
        let write = |value: f64| format::quantity(self.lang, value, 1, &self.unit);
        let Some(last) = values().next_back() else {
            return format!("{}, {}", self.label, self.lang.t(Text::NoReading));
        };
        let low = values().fold(last, f64::min);
        let high = values().fold(last, f64::max);
        let gaps = runs(&self.points).len().saturating_sub(1);
        let (range, end) = match self.lang {
            Lang::Fr => (
                format!("de {} à {}", write(low), write(high)),
                format!(
                    "dernière valeur {}, {gaps} {}",
                    write(last),
                    if gaps > 1 { "trous" } else { "trou" }
                ),
            ),
            Lang::En => (
                format!("from {} to {}", write(low), write(high)),
                format!(
                    "last value {}, {gaps} {}",
                    write(last),
                    if gaps == 1 { "gap" } else { "gaps" }
                ),
            ),
        };
        format!("{}, {range}, {end}", self.label)
    }
}

/// Splits a line where nothing was read.
fn runs(points: &[Point]) -> Vec<Vec<(f64, f64)>> {
    let mut runs = Vec::new();
    let mut run = Vec::new();
    for point in points {
        match point.value {
            Some(value) if value.is_finite() && point.at.is_finite() => {
                run.push((point.at.clamp(0.0, 1.0), value));
            }
            _ if run.is_empty() => {}
            _ => runs.push(std::mem::take(&mut run)),
        }
    }
    if !run.is_empty() {
        runs.push(run);
    }
    runs
}

/// Keeps the least and the greatest of each bucket, in their order.
fn thin(run: &[(f64, f64)], share: usize) -> Vec<(f64, f64)> {
    if run.len() <= share.max(2) {
        return run.to_vec();
    }
    let size = run.len().div_ceil((share / 2).max(1));
    let mut kept = Vec::new();
    for bucket in run.chunks(size.max(1)) {
        let least = bucket.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
        let most = bucket.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
        let mut pair: Vec<_> = least.into_iter().chain(most).collect();
        pair.sort_by(|a, b| a.0.total_cmp(&b.0));
        pair.dedup();
        kept.extend(pair);
    }
    kept
}

/// The path of a line in a drawing of `width` by `height`, the value placed by `place`.
fn path(points: &[Point], width: f64, height: f64, place: impl Fn(f64) -> f64) -> String {
    let all: usize = points.len().max(1);
    let mut d = String::new();
    for run in runs(points) {
        let share = (MOST_POINTS * run.len() / all).max(2);
        for (index, (at, value)) in thin(&run, share).into_iter().enumerate() {
            let command = if index == 0 { 'M' } else { 'L' };
            let (x, y) = (at * width, (1.0 - place(value)) * height);
            // Writing to a String cannot fail.
            let _ = write!(d, "{command}{x:.1} {y:.1}");
        }
    }
    d
}

impl Render for LineChart {
    fn render(&self) -> Markup {
        const WIDTH: f64 = 1000.0;
        const HEIGHT: f64 = 240.0;
        let line = path(&self.points, WIDTH, HEIGHT, |value| self.bands.place(value));
        let (low, high) = (self.bands.min(), self.bands.max());
        let step = (high - low) / 3.0;
        html! {
            div.chart {
                div.y aria-hidden="true" {
                    @for value in [high, high - step, high - 2.0 * step] {
                        span { (format::decimal(self.lang, value, 0)) }
                    }
                    span { (format::quantity(self.lang, low, 0, &self.unit)) }
                }
                svg viewBox="0 0 1000 240" preserveAspectRatio="none" role="img" aria-label=(self.describe()) {
                    @for (from, to, tone) in self.bands.spans() {
                        rect class=(fill(tone)) x="0" width="1000" y=(format!("{:.1}", (1.0 - to) * HEIGHT))
                            height=(format!("{:.1}", (to - from) * HEIGHT)) {}
                    }
                    path.grid d="M0 80H1000M0 160H1000" {}
                    path.line d=(line) {}
                }
                div.x aria-hidden="true" { @for word in &self.axis { span { (word) } } }
            }
            @if !self.table.is_empty() {
                details.more {
                    summary { (self.lang.t(Text::DataTable)) }
                    table.table.small {
                        caption.vh { (self.label) }
                        thead { tr {
                            th scope="col" { (self.lang.t(Text::Time)) }
                            th.num scope="col" { (self.lang.t(Text::Value)) }
                        } }
                        tbody { @for (time, value) in &self.table {
                            tr { th scope="row" { (time) } td.num { (value) } }
                        } }
                    }
                }
            }
        }
    }
}

/// Draws a line of 120 by 28 pixels, without axes, scaled to its own range.
///
/// # Examples
///
/// ```
/// use ui_kit::{Point, sparkline};
///
/// let points = [Point { at: 0.0, value: Some(1.0) }, Point { at: 1.0, value: Some(2.0) }];
/// assert!(sparkline("Signal optique, 24 heures", &points).into_string().contains("M0.0 25.2L120.0 2.8"));
/// ```
#[must_use]
pub fn sparkline(label: &str, points: &[Point]) -> Markup {
    let values = || {
        points
            .iter()
            .filter_map(|point| point.value)
            .filter(|value| value.is_finite())
    };
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    let place = |value: f64| {
        let place = (value - low) / (high - low);
        // A flat line runs through the middle; a tenth of the height is kept free at both ends.
        if place.is_finite() {
            0.1 + place * 0.8
        } else {
            0.5
        }
    };
    let line = path(points, 120.0, 28.0, place);
    html! {
        svg.spark viewBox="0 0 120 28" preserveAspectRatio="none" role="img" aria-label=(label) {
            path.line d=(line) {}
        }
    }
}
