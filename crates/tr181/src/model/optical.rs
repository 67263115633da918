//! The optical transceiver.

use serde::{Deserialize, Serialize};

use super::is_none;
use crate::fact::Fact;

/// The optical transceiver of an ONT.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"Optical":{"Interface":{"1":{"X_TP_GPON_Config":{
///     "RXPower":{"_value":5624},"Status":{"_value":"5"}}}}}}}"#)?;
/// let optical = summary.optical.ok_or("no optics")?;
/// assert_eq!(optical.rx_dbm.map(|f| f.value), Some(-2.5));
/// assert_eq!(optical.state.map(|f| f.value).as_deref(), Some("O5"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Optical {
    /// Path of the object the readings come from.
    #[serde(skip_serializing_if = "is_none")]
    pub interface: Option<String>,
    /// Received power, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub rx_dbm: Option<Fact<f64>>,
    /// Launched power, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub tx_dbm: Option<Fact<f64>>,
    /// Present and true when the receiver itself reports no light (no power to convert).
    #[serde(skip_serializing_if = "is_none")]
    pub no_light: Option<Fact<bool>>,
    /// Transceiver temperature, °C.
    #[serde(skip_serializing_if = "is_none")]
    pub temperature_c: Option<Fact<f64>>,
    /// Supply voltage, V.
    #[serde(skip_serializing_if = "is_none")]
    pub voltage_v: Option<Fact<f64>>,
    /// Laser bias current, mA.
    #[serde(skip_serializing_if = "is_none")]
    pub bias_ma: Option<Fact<f64>>,
    /// ONU state: `O1`…`O9` when the device gives the PLOAM state, else its text (`Up`).
    #[serde(skip_serializing_if = "is_none")]
    pub state: Option<Fact<String>>,
    /// PON standard: `GPON`, `EPON`, `XGS-PON`, …
    #[serde(skip_serializing_if = "is_none")]
    pub standard: Option<Fact<String>>,
    /// Status of the optical interface.
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// GPON serial number, 12 characters when it could be normalised.
    #[serde(skip_serializing_if = "is_none")]
    pub serial: Option<Fact<String>>,
    /// Loss of signal alarm.
    #[serde(skip_serializing_if = "is_none")]
    pub los: Option<Fact<bool>>,
    /// Lower receive threshold the device itself holds, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub rx_low_dbm: Option<Fact<f64>>,
    /// Upper receive threshold the device itself holds, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub rx_high_dbm: Option<Fact<f64>>,
    /// Transceiver vendor.
    #[serde(skip_serializing_if = "is_none")]
    pub vendor: Option<Fact<String>>,
    /// Transceiver part number.
    #[serde(skip_serializing_if = "is_none")]
    pub part_number: Option<Fact<String>>,
}
