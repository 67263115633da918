//! Gauges and charts drawn as SVG, without script.
//!
//! Geometry alone is drawn; the labels are HTML beside it, because text in a scaled drawing is
//! unreadable on a phone. Each drawing is an image whose name says its range and its last value.

mod bands;
mod gauge;
mod line;

pub use bands::Bands;
pub use gauge::Gauge;
pub use line::{LineChart, Point, sparkline};
