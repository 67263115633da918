//! Limits, all configurable.

use serde::{Deserialize, Serialize};

/// Limits of every check.
///
/// # Examples
///
/// ```
/// use tr181::Thresholds;
///
/// // A class C+ plant: what is left out keeps its default.
/// let limits: Thresholds = serde_json::from_str(r#"{"optical":{"critical_low_dbm":-30.0,"low_dbm":-28.0}}"#)?;
/// assert_eq!(limits.optical.critical_low_dbm, -30.0);
/// assert_eq!(limits.optical.overload_dbm, -8.0);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Thresholds {
    /// Optical limits.
    pub optical: OpticalThresholds,
    /// Wi-Fi limits.
    pub wifi: WifiThresholds,
    /// Device temperature from which the verdict is marginal, °C.
    pub warm_c: f64,
    /// Device temperature from which the verdict is bad, °C.
    pub hot_c: f64,
    /// Processor use from which it is worth saying, percent.
    pub cpu_percent: u32,
    /// Free memory below which it is worth saying, percent.
    pub memory_free_percent: f64,
    /// Age from which readings are called stale, seconds.
    pub stale_s: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            optical: OpticalThresholds::default(),
            wifi: WifiThresholds::default(),
            warm_c: 65.0,
            hot_c: 75.0,
            cpu_percent: 90,
            memory_free_percent: 5.0,
            stale_s: 86_400,
        }
    }
}

/// Optical limits; the defaults are for GPON class B+ (ITU-T G.984.2 Amd. 1).
///
/// # Examples
///
/// ```
/// let limits = tr181::health::OpticalThresholds::default();
/// assert!(limits.critical_low_dbm < limits.low_dbm && limits.high_dbm < limits.overload_dbm);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OpticalThresholds {
    /// At or below: no light, dBm.
    pub no_light_dbm: f64,
    /// Below: under the sensitivity of the receiver, dBm.
    pub critical_low_dbm: f64,
    /// Below: little margin, dBm.
    pub low_dbm: f64,
    /// Above: more than designed, dBm.
    pub high_dbm: f64,
    /// Above: the receiver is overloaded, dBm.
    pub overload_dbm: f64,
    /// Lowest launched power of the laser class, dBm.
    pub tx_low_dbm: f64,
    /// Highest launched power of the laser class, dBm.
    pub tx_high_dbm: f64,
    /// Transceiver temperature up to which it is good, °C.
    pub temperature_good_c: f64,
    /// Transceiver temperature above which it is alarming, °C.
    pub temperature_alarm_c: f64,
    /// Lowest supply voltage, V.
    pub voltage_low_v: f64,
    /// Highest supply voltage, V.
    pub voltage_high_v: f64,
    /// Lowest bias current of a laser that shines, mA.
    pub bias_low_ma: f64,
    /// Highest bias current: above, the laser is ageing, mA.
    pub bias_high_ma: f64,
}

impl Default for OpticalThresholds {
    fn default() -> Self {
        Self {
            no_light_dbm: -35.0,
            critical_low_dbm: -27.0,
            low_dbm: -25.0,
            high_dbm: -10.0,
            overload_dbm: -8.0,
            // Launch +0.5..=+5 dBm; half a dB for the rounding of integer firmware.
            tx_low_dbm: 0.0,
            tx_high_dbm: 5.5,
            temperature_good_c: 70.0,
            temperature_alarm_c: 85.0,
            voltage_low_v: 3.0,
            voltage_high_v: 3.6,
            bias_low_ma: 5.0,
            bias_high_ma: 30.0,
        }
    }
}

/// Wi-Fi limits.
///
/// # Examples
///
/// ```
/// let limits = tr181::health::WifiThresholds::default();
/// assert_eq!((limits.marginal_dbm, limits.bad_dbm), (-65.0, -75.0));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct WifiThresholds {
    /// At or above: excellent, dBm.
    pub excellent_dbm: f64,
    /// At or above: good, dBm.
    pub good_dbm: f64,
    /// At or above: fair (design floor of voice and video), dBm.
    pub fair_dbm: f64,
    /// At or above: weak; below: poor, dBm.
    pub weak_dbm: f64,
    /// Below: unusable, dBm.
    pub unusable_dbm: f64,
    /// Below: a station makes the verdict marginal, dBm.
    pub marginal_dbm: f64,
    /// Below: a station makes the verdict bad, dBm.
    pub bad_dbm: f64,
    /// Signal to noise ratio at or above which it is excellent, dB.
    pub excellent_snr_db: f64,
    /// Signal to noise ratio at or above which it is good, dB.
    pub good_snr_db: f64,
    /// Signal to noise ratio at or above which it is fair, dB.
    pub fair_snr_db: f64,
}

impl Default for WifiThresholds {
    fn default() -> Self {
        Self {
            excellent_dbm: -50.0,
            good_dbm: -60.0,
            fair_dbm: -67.0,
            weak_dbm: -75.0,
            unusable_dbm: -85.0,
            marginal_dbm: -65.0,
            bad_dbm: -75.0,
            excellent_snr_db: 40.0,
            good_snr_db: 25.0,
            fair_snr_db: 15.0,
        }
    }
}
