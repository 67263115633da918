//! Bands of a reading.

use serde::{Deserialize, Serialize};

use super::{OpticalThresholds, Verdict, WifiThresholds};

/// Band of the optical power an ONU receives.
///
/// # Examples
///
/// ```
/// use tr181::health::{OpticalBand, OpticalThresholds};
///
/// let limits = OpticalThresholds::default();
/// assert_eq!(OpticalBand::of(-36.0, &limits), OpticalBand::NoLight);
/// assert_eq!(OpticalBand::of(-27.5, &limits), OpticalBand::CriticalLow);
/// assert_eq!(OpticalBand::of(-27.0, &limits), OpticalBand::Low);
/// assert_eq!(OpticalBand::of(-25.0, &limits), OpticalBand::Good);
/// assert_eq!(OpticalBand::of(-9.0, &limits), OpticalBand::High);
/// assert_eq!(OpticalBand::of(-2.5, &limits), OpticalBand::Overload);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OpticalBand {
    /// Nothing is received.
    NoLight,
    /// Below the sensitivity of the receiver.
    CriticalLow,
    /// Little margin left.
    Low,
    /// As designed.
    Good,
    /// More than designed.
    High,
    /// Above what the receiver stands.
    Overload,
}

impl OpticalBand {
    /// The band of a power in dBm.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::health::{OpticalBand, OpticalThresholds};
    /// assert_eq!(OpticalBand::of(-20.0, &OpticalThresholds::default()), OpticalBand::Good);
    /// ```
    #[must_use]
    pub fn of(dbm: f64, limits: &OpticalThresholds) -> Self {
        if dbm <= limits.no_light_dbm {
            Self::NoLight
        } else if dbm < limits.critical_low_dbm {
            Self::CriticalLow
        } else if dbm < limits.low_dbm {
            Self::Low
        } else if dbm > limits.overload_dbm {
            Self::Overload
        } else if dbm > limits.high_dbm {
            Self::High
        } else {
            Self::Good
        }
    }

    /// The verdict a screen shows.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::health::{OpticalBand, Verdict};
    /// assert_eq!(OpticalBand::Low.verdict(), Verdict::Marginal);
    /// assert_eq!(OpticalBand::Overload.verdict(), Verdict::Bad);
    /// ```
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Good => Verdict::Good,
            Self::Low | Self::High => Verdict::Marginal,
            Self::NoLight | Self::CriticalLow | Self::Overload => Verdict::Bad,
        }
    }
}

/// Band of a Wi-Fi signal.
///
/// # Examples
///
/// ```
/// use tr181::health::{SignalBand, WifiThresholds};
///
/// let limits = WifiThresholds::default();
/// assert_eq!(SignalBand::of_rssi(-50.0, &limits), SignalBand::Excellent);
/// assert_eq!(SignalBand::of_rssi(-60.0, &limits), SignalBand::Good);
/// assert_eq!(SignalBand::of_rssi(-67.0, &limits), SignalBand::Fair);
/// assert_eq!(SignalBand::of_rssi(-75.0, &limits), SignalBand::Weak);
/// assert_eq!(SignalBand::of_rssi(-80.0, &limits), SignalBand::Poor);
/// assert_eq!(SignalBand::of_rssi(-86.0, &limits), SignalBand::Unusable);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignalBand {
    /// Beside the access point.
    Excellent,
    /// Anything works.
    Good,
    /// Voice and video still work.
    Fair,
    /// Slow.
    Weak,
    /// Barely connected.
    Poor,
    /// Will drop.
    Unusable,
}

impl SignalBand {
    /// The band of a signal in dBm.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::health::{SignalBand, WifiThresholds};
    /// assert_eq!(SignalBand::of_rssi(-55.0, &WifiThresholds::default()), SignalBand::Good);
    /// ```
    #[must_use]
    pub fn of_rssi(dbm: f64, limits: &WifiThresholds) -> Self {
        if dbm >= limits.excellent_dbm {
            Self::Excellent
        } else if dbm >= limits.good_dbm {
            Self::Good
        } else if dbm >= limits.fair_dbm {
            Self::Fair
        } else if dbm >= limits.weak_dbm {
            Self::Weak
        } else if dbm >= limits.unusable_dbm {
            Self::Poor
        } else {
            Self::Unusable
        }
    }

    /// The band of a signal to noise ratio in dB; no ratio is worse than poor.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::health::{SignalBand, WifiThresholds};
    /// let limits = WifiThresholds::default();
    /// assert_eq!(SignalBand::of_snr(41.0, &limits), SignalBand::Excellent);
    /// assert_eq!(SignalBand::of_snr(14.0, &limits), SignalBand::Poor);
    /// ```
    #[must_use]
    pub fn of_snr(db: f64, limits: &WifiThresholds) -> Self {
        if db >= limits.excellent_snr_db {
            Self::Excellent
        } else if db >= limits.good_snr_db {
            Self::Good
        } else if db >= limits.fair_snr_db {
            Self::Fair
        } else {
            Self::Poor
        }
    }
}
