//! What is worth saying about a device.

use serde::{Deserialize, Serialize};

use super::SignalBand;
use crate::mac::MacAddr;

/// How grave a finding is.
///
/// # Examples
///
/// ```
/// use tr181::health::Severity;
/// assert!(Severity::Critical > Severity::Warning && Severity::Warning > Severity::Notice);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// Good to know.
    Notice,
    /// Works, but should be looked at.
    Warning,
    /// Does not work, or soon will not.
    Critical,
}

/// A typed finding; JSON has its name under `kind`.
///
/// # Examples
///
/// ```
/// use tr181::health::{Finding, Severity};
///
/// let finding = Finding::LowReceivePower { rx_dbm: -26.1 };
/// assert_eq!(finding.severity(), Severity::Warning);
/// assert_eq!(serde_json::to_value(&finding)?["kind"], "low_receive_power");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The receiver sees no light.
    NoLight {
        /// Reading, when there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rx_dbm: Option<f64>,
    },
    /// The primary WAN connection is down.
    WanDown {
        /// Its name or path.
        name: String,
        /// Its status as the device spells it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        /// Its last error, when there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_error: Option<String>,
    },
    /// The primary WAN connection is up and has no usable address.
    WanWithoutAddress {
        /// Its name or path.
        name: String,
    },
    /// Received power below the sensitivity of the receiver.
    CriticalReceivePower {
        /// Reading, dBm.
        rx_dbm: f64,
    },
    /// Received power above what the receiver stands.
    ReceiverOverload {
        /// Reading, dBm.
        rx_dbm: f64,
    },
    /// The device or its transceiver is too hot.
    Overheating {
        /// Reading, °C.
        temperature_c: f64,
        /// True when it is the optical transceiver.
        transceiver: bool,
    },
    /// The ONU is not in operation (O5).
    OnuNotOperating {
        /// Its state.
        state: String,
    },
    /// A station whose signal is too weak.
    WeakStation {
        /// Host name, when known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// MAC address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mac: Option<MacAddr>,
        /// Signal, dBm.
        rssi_dbm: f64,
        /// Its band.
        band: SignalBand,
    },
    /// Little margin on the received power.
    LowReceivePower {
        /// Reading, dBm.
        rx_dbm: f64,
    },
    /// More received power than designed.
    HighReceivePower {
        /// Reading, dBm.
        rx_dbm: f64,
    },
    /// The laser launches more or less than its class.
    TransmitPowerOutOfRange {
        /// Reading, dBm.
        tx_dbm: f64,
    },
    /// The supply voltage of the transceiver is out of range.
    VoltageOutOfRange {
        /// Reading, V.
        voltage_v: f64,
    },
    /// The bias current is out of range: rising, the laser is ageing.
    BiasOutOfRange {
        /// Reading, mA.
        bias_ma: f64,
    },
    /// Warmer than it should be.
    Warm {
        /// Reading, °C.
        temperature_c: f64,
        /// True when it is the optical transceiver.
        transceiver: bool,
    },
    /// The processor is busy.
    HighCpu {
        /// Use, percent.
        percent: u32,
    },
    /// Little memory is left.
    LowMemory {
        /// Free, percent.
        free_percent: f64,
    },
    /// A radio that is enabled is not up.
    RadioDown {
        /// Its path.
        interface: String,
        /// Its status as the device spells it.
        status: String,
    },
    /// A network without encryption.
    OpenNetwork {
        /// Its name.
        ssid: String,
    },
    /// A wired port runs below 1 Gbit/s.
    SlowPort {
        /// Its name or path.
        name: String,
        /// Rate, Mbit/s.
        rate_mbps: u32,
    },
    /// The readings are old.
    StaleReadings {
        /// Age of the last contact, seconds.
        age_s: i64,
    },
}

impl Finding {
    /// How grave it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use tr181::health::{Finding, Severity};
    /// assert_eq!(Finding::NoLight { rx_dbm: None }.severity(), Severity::Critical);
    /// ```
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Self::NoLight { .. }
            | Self::WanDown { .. }
            | Self::WanWithoutAddress { .. }
            | Self::CriticalReceivePower { .. }
            | Self::ReceiverOverload { .. }
            | Self::Overheating { .. }
            | Self::OnuNotOperating { .. } => Severity::Critical,
            Self::WeakStation { .. }
            | Self::LowReceivePower { .. }
            | Self::HighReceivePower { .. }
            | Self::TransmitPowerOutOfRange { .. }
            | Self::VoltageOutOfRange { .. }
            | Self::BiasOutOfRange { .. }
            | Self::Warm { .. }
            | Self::HighCpu { .. }
            | Self::LowMemory { .. }
            | Self::RadioDown { .. } => Severity::Warning,
            Self::OpenNetwork { .. } | Self::SlowPort { .. } | Self::StaleReadings { .. } => {
                Severity::Notice
            }
        }
    }
}
