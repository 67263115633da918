//! Wi-Fi: radios, networks, stations and mesh nodes.

use std::net::Ipv4Addr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::is_none;
use crate::fact::Fact;
use crate::mac::MacAddr;

/// A Wi-Fi frequency band.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::Band::Ghz2_4).unwrap(), "\"2.4GHz\"");
/// assert_eq!(tr181::Band::Ghz5.to_string(), "5GHz");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(
    clippy::exhaustive_enums,
    reason = "a new band is a breaking change on purpose"
)]
pub enum Band {
    /// 2.4 GHz.
    #[serde(rename = "2.4GHz")]
    Ghz2_4,
    /// 5 GHz.
    #[serde(rename = "5GHz")]
    Ghz5,
    /// 6 GHz.
    #[serde(rename = "6GHz")]
    Ghz6,
}

impl std::fmt::Display for Band {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Ghz2_4 => "2.4GHz",
            Self::Ghz5 => "5GHz",
            Self::Ghz6 => "6GHz",
        })
    }
}

/// What a network is for.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::SsidRole::Guest).unwrap(), "\"guest\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SsidRole {
    /// The household's network.
    Main,
    /// A guest network.
    Guest,
}

/// Radios, networks, stations and mesh nodes.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"WiFi":{
///     "Radio":{"1":{"OperatingFrequencyBand":{"_value":"5GHz"},"Channel":{"_value":36}}},
///     "SSID":{"1":{"SSID":{"_value":"Erable"},"LowerLayers":{"_value":"Device.WiFi.Radio.1."}}},
///     "AccessPoint":{"1":{"SSIDReference":{"_value":"Device.WiFi.SSID.1"},"AssociatedDevice":{"1":{
///         "MACAddress":{"_value":"020000000001"},"SignalStrength":{"_value":-52}}}}}}}}"#)?;
/// assert_eq!(summary.wifi.stations.len(), 1);
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Wifi {
    /// Radios.
    pub radios: Vec<Radio>,
    /// Networks a person can join; hidden backhaul networks are left out.
    pub ssids: Vec<Ssid>,
    /// Stations, one row per MAC address.
    pub stations: Vec<Station>,
    /// Mesh nodes, the device itself included when it lists itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<MeshNode>,
}
/// A radio.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"WiFi":{
///     "Radio":{"1":{"OperatingFrequencyBand":{"_value":"5GHz"},"Channel":{"_value":36}}},
///     "SSID":{"1":{"SSID":{"_value":"Erable"},"LowerLayers":{"_value":"Device.WiFi.Radio.1."}}},
///     "AccessPoint":{"1":{"SSIDReference":{"_value":"Device.WiFi.SSID.1"},"AssociatedDevice":{"1":{
///         "MACAddress":{"_value":"020000000001"},"SignalStrength":{"_value":-52}}}}}}}}"#)?;
/// assert_eq!(summary.wifi.radios[0].channel.as_ref().map(|f| f.value), Some(36));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Radio {
    /// Path of the object.
    pub interface: String,
    /// Name.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// Administratively enabled.
    #[serde(skip_serializing_if = "is_none")]
    pub enabled: Option<Fact<bool>>,
    /// Status as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// Frequency band.
    #[serde(skip_serializing_if = "is_none")]
    pub band: Option<Fact<Band>>,
    /// Channel in use.
    #[serde(skip_serializing_if = "is_none")]
    pub channel: Option<Fact<u32>>,
    /// Whether the device chooses the channel.
    #[serde(skip_serializing_if = "is_none")]
    pub auto_channel: Option<Fact<bool>>,
    /// Channel bandwidth in use, else the configured one (`80MHz`).
    #[serde(skip_serializing_if = "is_none")]
    pub bandwidth: Option<Fact<String>>,
    /// Standards, comma separated (`a,n,ac,ax`).
    #[serde(skip_serializing_if = "is_none")]
    pub standards: Option<Fact<String>>,
    /// Highest rate, Mbit/s.
    #[serde(skip_serializing_if = "is_none")]
    pub max_rate_mbps: Option<Fact<u32>>,
    /// Transmit power, percent; absent when automatic.
    #[serde(skip_serializing_if = "is_none")]
    pub transmit_power_percent: Option<Fact<u32>>,
    /// Noise floor, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub noise_dbm: Option<Fact<f64>>,
    /// Regulatory domain.
    #[serde(skip_serializing_if = "is_none")]
    pub country: Option<Fact<String>>,
}
/// A network. Its passphrase is never read.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"WiFi":{
///     "Radio":{"1":{"OperatingFrequencyBand":{"_value":"5GHz"},"Channel":{"_value":36}}},
///     "SSID":{"1":{"SSID":{"_value":"Erable"},"LowerLayers":{"_value":"Device.WiFi.Radio.1."}}},
///     "AccessPoint":{"1":{"SSIDReference":{"_value":"Device.WiFi.SSID.1"},"AssociatedDevice":{"1":{
///         "MACAddress":{"_value":"020000000001"},"SignalStrength":{"_value":-52}}}}}}}}"#)?;
/// assert_eq!(summary.wifi.ssids[0].band.as_ref().map(|f| f.value), Some(tr181::Band::Ghz5));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Ssid {
    /// Path of the object.
    pub interface: String,
    /// Network name.
    #[serde(skip_serializing_if = "is_none")]
    pub ssid: Option<Fact<String>>,
    /// MAC address of the access point.
    #[serde(skip_serializing_if = "is_none")]
    pub bssid: Option<Fact<MacAddr>>,
    /// Band of its radio.
    #[serde(skip_serializing_if = "is_none")]
    pub band: Option<Fact<Band>>,
    /// Administratively enabled.
    #[serde(skip_serializing_if = "is_none")]
    pub enabled: Option<Fact<bool>>,
    /// Status as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// Path of its radio.
    #[serde(skip_serializing_if = "is_none")]
    pub radio: Option<String>,
    /// Security mode as the device spells it (`WPA2-Personal`, `11i`).
    #[serde(skip_serializing_if = "is_none")]
    pub security: Option<Fact<String>>,
    /// Whether the name is announced.
    #[serde(skip_serializing_if = "is_none")]
    pub broadcast: Option<Fact<bool>>,
    /// What it is for, when the vendor says so.
    #[serde(skip_serializing_if = "is_none")]
    pub role: Option<SsidRole>,
    /// Stations the device counts on it.
    #[serde(skip_serializing_if = "is_none")]
    pub station_count: Option<Fact<u32>>,
}
/// A station.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"WiFi":{
///     "Radio":{"1":{"OperatingFrequencyBand":{"_value":"5GHz"},"Channel":{"_value":36}}},
///     "SSID":{"1":{"SSID":{"_value":"Erable"},"LowerLayers":{"_value":"Device.WiFi.Radio.1."}}},
///     "AccessPoint":{"1":{"SSIDReference":{"_value":"Device.WiFi.SSID.1"},"AssociatedDevice":{"1":{
///         "MACAddress":{"_value":"020000000001"},"SignalStrength":{"_value":-52}}}}}}}}"#)?;
/// let station = &summary.wifi.stations[0];
/// assert_eq!(station.rssi_dbm.as_ref().map(|f| f.value), Some(-52.0));
/// assert_eq!(station.band.as_ref().map(|f| f.value), Some(tr181::Band::Ghz5));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Station {
    /// MAC address.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
    /// Host name.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// IPv4 address.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// Network it is on.
    #[serde(skip_serializing_if = "is_none")]
    pub ssid: Option<Fact<String>>,
    /// Band it is on.
    #[serde(skip_serializing_if = "is_none")]
    pub band: Option<Fact<Band>>,
    /// Whether the device says it is connected.
    #[serde(skip_serializing_if = "is_none")]
    pub active: Option<Fact<bool>>,
    /// Signal received from it, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub rssi_dbm: Option<Fact<f64>>,
    /// Noise, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub noise_dbm: Option<Fact<f64>>,
    /// Signal to noise ratio, dB.
    #[serde(skip_serializing_if = "is_none")]
    pub snr_db: Option<Fact<f64>>,
    /// Last rate towards the station, kbit/s.
    #[serde(skip_serializing_if = "is_none")]
    pub rate_down_kbps: Option<Fact<u64>>,
    /// Last rate from the station, kbit/s.
    #[serde(skip_serializing_if = "is_none")]
    pub rate_up_kbps: Option<Fact<u64>>,
    /// Wi-Fi standard in use.
    #[serde(skip_serializing_if = "is_none")]
    pub standard: Option<Fact<String>>,
    /// Seconds since it joined.
    #[serde(skip_serializing_if = "is_none")]
    pub connected_s: Option<Fact<u64>>,
    /// When it joined.
    #[serde(skip_serializing_if = "is_none")]
    pub connected_at: Option<Fact<Timestamp>>,
    /// Mesh node it is attached to.
    #[serde(skip_serializing_if = "is_none")]
    pub node: Option<Fact<MacAddr>>,
    /// Path of the table it was first found in.
    pub access_point: String,
}
/// A mesh node.
///
/// # Examples
///
/// ```
/// assert!(tr181::MeshNode::default().mac.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MeshNode {
    /// Path of the object.
    pub interface: String,
    /// MAC address.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
    /// Name or location.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// Manufacturer.
    #[serde(skip_serializing_if = "is_none")]
    pub manufacturer: Option<Fact<String>>,
    /// Model.
    #[serde(skip_serializing_if = "is_none")]
    pub model: Option<Fact<String>>,
    /// Serial number.
    #[serde(skip_serializing_if = "is_none")]
    pub serial: Option<Fact<String>>,
    /// Firmware version.
    #[serde(skip_serializing_if = "is_none")]
    pub software: Option<Fact<String>>,
    /// IPv4 address.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// Status as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// Whether it is reachable.
    #[serde(skip_serializing_if = "is_none")]
    pub active: Option<Fact<bool>>,
    /// Link type towards the gateway as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub backhaul: Option<Fact<String>>,
    /// MAC address of the node it hangs on.
    #[serde(skip_serializing_if = "is_none")]
    pub backhaul_mac: Option<Fact<MacAddr>>,
    /// Signal of a Wi-Fi backhaul, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub backhaul_rssi_dbm: Option<Fact<f64>>,
    /// Seconds since it came up.
    #[serde(skip_serializing_if = "is_none")]
    pub uptime_s: Option<Fact<u64>>,
}
