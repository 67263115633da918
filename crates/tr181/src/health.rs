//! Verdicts on a summary: is it good, and what is wrong.
//!
//! Pure and without words: the findings are typed, whoever shows them has the texts. The
//! thresholds are those of ITU-T G.984.2 class B+ optics and of common Wi-Fi practice, and
//! can be configured.

mod bands;
mod check;
mod finding;
mod thresholds;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bands::{OpticalBand, SignalBand};
pub use finding::{Finding, Severity};
pub use thresholds::{OpticalThresholds, Thresholds, WifiThresholds};

use crate::model::Summary;

/// A verdict on one area.
///
/// # Examples
///
/// ```
/// use tr181::health::Verdict;
/// assert!(Verdict::Bad > Verdict::Good);
/// assert_eq!(serde_json::to_string(&Verdict::Marginal)?, "\"marginal\"");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The document does not say enough.
    #[default]
    Unknown,
    /// Nothing to do.
    Good,
    /// Works, with little margin.
    Marginal,
    /// Needs attention.
    Bad,
}

/// What [`health`] found.
///
/// # Examples
///
/// ```
/// use tr181::{Thresholds, health, health::Verdict};
///
/// let summary = tr181::summarize(br#"{"Device":{"Optical":{"Interface":{"1":{
///     "OpticalSignalLevel":{"_value":-28500}}}}}}"#)?;
/// let health = health::health(&summary, &Thresholds::default(), "2026-11-22T16:00:00Z".parse()?);
/// assert_eq!(health.optical, Verdict::Bad);
/// assert_eq!(health.wifi, Verdict::Unknown);
/// assert_eq!(health.findings.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Health {
    /// The fibre.
    pub optical: Verdict,
    /// The Internet connection.
    pub wan: Verdict,
    /// The radio network.
    pub wifi: Verdict,
    /// The wired home network.
    pub lan: Verdict,
    /// The device itself: temperature, processor, memory.
    pub device: Verdict,
    /// Band of the received optical power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optical_band: Option<OpticalBand>,
    /// Everything worth saying, the gravest first.
    pub findings: Vec<Finding>,
}

impl Health {
    /// The worst of the areas that are known.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(tr181::Health::default().overall(), tr181::health::Verdict::Unknown);
    /// ```
    #[must_use]
    pub fn overall(&self) -> Verdict {
        [self.optical, self.wan, self.wifi, self.lan, self.device]
            .into_iter()
            .max()
            .unwrap_or_default()
    }
}

/// Judges a summary at a moment.
///
/// # Examples
///
/// ```
/// let health = tr181::health(&tr181::Summary::default(), &tr181::Thresholds::default(), "2026-11-22T16:00:00Z".parse()?);
/// assert!(health.findings.is_empty());
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn health(summary: &Summary, thresholds: &Thresholds, now: Timestamp) -> Health {
    check::health(summary, thresholds, now)
}
