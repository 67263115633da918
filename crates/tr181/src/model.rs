//! The summary: what a person wants to know about a device, fact by fact.

mod host;
mod lan;
mod optical;
mod wan;
mod wifi;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use host::{Host, HostInterface};
pub use lan::{DhcpLease, DhcpPool, EthernetPort, Lan, LanInterface};
pub use optical::Optical;
pub use wan::{Dhcp, Medium, PortMapping, Ppp, Wan, WanKind, WanReason};
pub use wifi::{Band, MeshNode, Radio, Ssid, SsidRole, Station, Wifi};

use crate::fact::Fact;

/// A list or option that is left out of the JSON when nothing is known.
pub(crate) fn is_none<T>(value: &Option<T>) -> bool {
    value.is_none()
}

/// Everything that was found in one device document.
///
/// An unknown fact is `None` (and absent from the JSON), never `0` or `""`.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"_id":"x-1","Device":{"DeviceInfo":{
///     "UpTime":{"_value":15687,"_timestamp":"2026-11-22T15:30:23Z"}}}}"#)?;
/// assert_eq!(summary.document.id.as_deref(), Some("x-1"));
/// assert_eq!(summary.identity.uptime_s.map(|f| f.value), Some(15687));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Summary {
    /// What the ACS says about the document itself.
    #[serde(skip_serializing_if = "Document::is_empty")]
    pub document: Document,
    /// Who the device is and how it is doing.
    pub identity: Identity,
    /// Every WAN connection, the primary one first.
    pub wan: Vec<Wan>,
    /// The home network.
    pub lan: Lan,
    /// Radios, networks, stations and mesh nodes.
    pub wifi: Wifi,
    /// The optical transceiver; absent when the document speaks of none.
    #[serde(skip_serializing_if = "is_none")]
    pub optical: Option<Optical>,
    /// Everything connected to the home network, one row per MAC address.
    pub hosts: Vec<Host>,
}

impl Summary {
    /// The WAN connection that carries the subscriber's Internet traffic.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(tr181::Summary::default().primary_wan().is_none());
    /// ```
    #[must_use]
    pub fn primary_wan(&self) -> Option<&Wan> {
        self.wan.iter().find(|wan| wan.primary)
    }

    /// The summary as JSON with bare values in place of facts.
    ///
    /// # Examples
    ///
    /// ```
    /// let summary = tr181::summarize(br#"{"Device":{"DeviceInfo":{"UpTime":{"_value":60}}}}"#)?;
    /// assert_eq!(summary.to_plain()["identity"]["uptime_s"], 60);
    /// # Ok::<(), tr181::Error>(())
    /// ```
    #[must_use]
    pub fn to_plain(&self) -> serde_json::Value {
        crate::plain::plain(self)
    }
}

/// What the ACS itself knows: the metadata around the parameters.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"_id":"a","_tags":["vip"],"_lastInform":"2026-11-22T15:30:23.084Z"}"#)?;
/// assert_eq!(summary.document.tags, ["vip"]);
/// assert!(summary.document.last_inform.is_some());
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Document {
    /// `_id` of the device in the ACS.
    #[serde(skip_serializing_if = "is_none")]
    pub id: Option<String>,
    /// `_lastInform`: when the device last spoke to the ACS.
    #[serde(skip_serializing_if = "is_none")]
    pub last_inform: Option<Timestamp>,
    /// `_lastBoot`.
    #[serde(skip_serializing_if = "is_none")]
    pub last_boot: Option<Timestamp>,
    /// `_lastBootstrap`.
    #[serde(skip_serializing_if = "is_none")]
    pub last_bootstrap: Option<Timestamp>,
    /// `_registered`: when the ACS first saw the device.
    #[serde(skip_serializing_if = "is_none")]
    pub registered: Option<Timestamp>,
    /// `_tags`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The data models present, the preferred one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub data_models: Vec<DataModel>,
}

impl Document {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A root data model.
///
/// # Examples
///
/// ```
/// assert_eq!(tr181::DataModel::Tr181.root(), "Device");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DataModel {
    /// `Device.` (Device:2).
    Tr181,
    /// `InternetGatewayDevice.`
    Tr098,
}

impl DataModel {
    /// The root object's name.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(tr181::DataModel::Tr098.root(), "InternetGatewayDevice");
    /// ```
    #[must_use]
    pub const fn root(self) -> &'static str {
        match self {
            Self::Tr181 => "Device",
            Self::Tr098 => "InternetGatewayDevice",
        }
    }
}

/// Who the device is and how it is doing (`DeviceInfo`).
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"_deviceId":{"_Manufacturer":"TP-Link","_SerialNumber":"80156"}}"#)?;
/// assert_eq!(summary.identity.serial.map(|f| f.value).as_deref(), Some("80156"));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Identity {
    /// Manufacturer.
    #[serde(skip_serializing_if = "is_none")]
    pub manufacturer: Option<Fact<String>>,
    /// Organisationally unique identifier, six hexadecimal digits.
    #[serde(skip_serializing_if = "is_none")]
    pub oui: Option<Fact<String>>,
    /// Model name; falls back to the vendor's own leaf, then to the product class.
    #[serde(skip_serializing_if = "is_none")]
    pub model: Option<Fact<String>>,
    /// Product class (TP-Link says `Device2` for every model).
    #[serde(skip_serializing_if = "is_none")]
    pub product_class: Option<Fact<String>>,
    /// Serial number as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub serial: Option<Fact<String>>,
    /// Firmware version.
    #[serde(skip_serializing_if = "is_none")]
    pub software: Option<Fact<String>>,
    /// Hardware version.
    #[serde(skip_serializing_if = "is_none")]
    pub hardware: Option<Fact<String>>,
    /// Free text description.
    #[serde(skip_serializing_if = "is_none")]
    pub description: Option<Fact<String>>,
    /// The device's own host name.
    #[serde(skip_serializing_if = "is_none")]
    pub host_name: Option<Fact<String>>,
    /// Seconds since the last boot.
    #[serde(skip_serializing_if = "is_none")]
    pub uptime_s: Option<Fact<u64>>,
    /// Memory, KiB.
    #[serde(skip_serializing_if = "is_none")]
    pub memory_total_kib: Option<Fact<u64>>,
    /// Free memory, KiB.
    #[serde(skip_serializing_if = "is_none")]
    pub memory_free_kib: Option<Fact<u64>>,
    /// Processor use, percent.
    #[serde(skip_serializing_if = "is_none")]
    pub cpu_percent: Option<Fact<u32>>,
    /// The hottest sensor, °C.
    #[serde(skip_serializing_if = "is_none")]
    pub temperature_c: Option<Fact<f64>>,
    /// Every temperature sensor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub temperatures: Vec<TemperatureSensor>,
}

/// One row of `DeviceInfo.TemperatureStatus.TemperatureSensor`.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"DeviceInfo":{"TemperatureStatus":{"TemperatureSensor":{
///     "1":{"Name":{"_value":"CPU"},"Value":{"_value":61}},"2":{"Value":{"_value":-274}}}}}}}"#)?;
/// assert_eq!(summary.identity.temperatures.len(), 1);
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct TemperatureSensor {
    /// Name.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// Reading, °C.
    #[serde(skip_serializing_if = "is_none")]
    pub value_c: Option<Fact<f64>>,
    /// Highest reading seen, °C.
    #[serde(skip_serializing_if = "is_none")]
    pub max_c: Option<Fact<f64>>,
}
