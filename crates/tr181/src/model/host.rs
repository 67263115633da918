//! Everything connected to the home network.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::is_none;
use super::wifi::Band;
use crate::fact::Fact;
use crate::mac::MacAddr;

/// How a host is connected, with the names of TR-181's `InterfaceType`.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::HostInterface::WiFi).unwrap(), "\"Wi-Fi\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum HostInterface {
    /// Wired Ethernet.
    Ethernet,
    /// Wi-Fi (`802.11` in TR-098).
    #[serde(rename = "Wi-Fi")]
    WiFi,
    /// USB.
    #[serde(rename = "USB")]
    Usb,
    /// Home networking over phone or power lines, or coaxial cable.
    Other,
}

/// A host, joined over the host table, the station tables and the DHCP leases.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"Device":{"Hosts":{"Host":{
///     "1":{"PhysAddress":{"_value":"02:00:00:00:00:01"},"HostName":{"_value":"portable"}},
///     "2":{"HostName":{"_value":"ghost"}}}}}}"#)?;
/// assert_eq!(summary.hosts.len(), 1);
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Host {
    /// MAC address.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
    /// IPv4 address.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// IPv6 addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ipv6: Vec<Fact<Ipv6Addr>>,
    /// Host name.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// Whether the device says it is connected (not trustworthy on some firmware).
    #[serde(skip_serializing_if = "is_none")]
    pub active: Option<Fact<bool>>,
    /// How it is connected.
    #[serde(skip_serializing_if = "is_none")]
    pub interface: Option<Fact<HostInterface>>,
    /// Wi-Fi band.
    #[serde(skip_serializing_if = "is_none")]
    pub band: Option<Fact<Band>>,
    /// Wi-Fi network.
    #[serde(skip_serializing_if = "is_none")]
    pub ssid: Option<Fact<String>>,
    /// Wi-Fi signal, dBm.
    #[serde(skip_serializing_if = "is_none")]
    pub rssi_dbm: Option<Fact<f64>>,
    /// Path of the port or access point it is connected to.
    #[serde(skip_serializing_if = "is_none")]
    pub port: Option<String>,
    /// Whether it is on a guest network.
    #[serde(skip_serializing_if = "is_none")]
    pub guest: Option<Fact<bool>>,
    /// Where its address comes from (`DHCP`, `Static`, …).
    #[serde(skip_serializing_if = "is_none")]
    pub address_source: Option<Fact<String>>,
    /// Seconds left on its lease; -1 is infinite.
    #[serde(skip_serializing_if = "is_none")]
    pub lease_remaining_s: Option<Fact<i64>>,
    /// Kind of device as the vendor guesses it.
    #[serde(skip_serializing_if = "is_none")]
    pub device_type: Option<Fact<String>>,
}
