//! The home network.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::is_none;
use crate::fact::Fact;
use crate::mac::MacAddr;

/// The home network: addresses, DHCP pools and wired ports.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"InternetGatewayDevice":{"LANDevice":{"1":{"LANHostConfigManagement":{
///     "MinAddress":{"_value":"192.168.1.2"},"IPInterface":{"1":{"IPInterfaceIPAddress":{"_value":"192.168.1.1"}}}}}}}}"#)?;
/// assert_eq!(summary.lan.ipv4.map(|f| f.value.to_string()).as_deref(), Some("192.168.1.1"));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Lan {
    /// Path of the main LAN interface.
    #[serde(skip_serializing_if = "is_none")]
    pub interface: Option<String>,
    /// IPv4 address of the device on the main LAN interface.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// Its mask.
    #[serde(skip_serializing_if = "is_none")]
    pub netmask: Option<Fact<Ipv4Addr>>,
    /// IPv6 address of the device on the main LAN interface.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv6: Option<Fact<Ipv6Addr>>,
    /// MAC address of the device on the main LAN interface.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
    /// Every LAN interface, the main one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interfaces: Vec<LanInterface>,
    /// DHCP address pools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dhcp_pools: Vec<DhcpPool>,
    /// Leases the DHCP server has given out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leases: Vec<DhcpLease>,
    /// Wired ports.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<EthernetPort>,
}
/// One LAN interface.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"InternetGatewayDevice":{"LANDevice":{"1":{"LANHostConfigManagement":{
///     "MinAddress":{"_value":"192.168.1.2"},"IPInterface":{"1":{"IPInterfaceIPAddress":{"_value":"192.168.1.1"}}}}}}}}"#)?;
/// assert_eq!(summary.lan.interfaces.len(), 1);
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct LanInterface {
    /// Path of the object.
    pub interface: String,
    /// Name.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// Status as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// IPv4 address.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// IPv4 mask.
    #[serde(skip_serializing_if = "is_none")]
    pub netmask: Option<Fact<Ipv4Addr>>,
    /// IPv6 addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ipv6: Vec<Fact<Ipv6Addr>>,
    /// MAC address.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
}
/// A DHCP address pool.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"InternetGatewayDevice":{"LANDevice":{"1":{"LANHostConfigManagement":{
///     "MinAddress":{"_value":"192.168.1.2"},"IPInterface":{"1":{"IPInterfaceIPAddress":{"_value":"192.168.1.1"}}}}}}}}"#)?;
/// assert_eq!(summary.lan.dhcp_pools[0].min.as_ref().map(|f| f.value.octets()[3]), Some(2));
/// # Ok::<(), tr181::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DhcpPool {
    /// Path of the object.
    pub pool: String,
    /// Whether the server hands out these addresses.
    #[serde(skip_serializing_if = "is_none")]
    pub enabled: Option<Fact<bool>>,
    /// First address.
    #[serde(skip_serializing_if = "is_none")]
    pub min: Option<Fact<Ipv4Addr>>,
    /// Last address.
    #[serde(skip_serializing_if = "is_none")]
    pub max: Option<Fact<Ipv4Addr>>,
    /// Mask.
    #[serde(skip_serializing_if = "is_none")]
    pub netmask: Option<Fact<Ipv4Addr>>,
    /// Router announced to the clients.
    #[serde(skip_serializing_if = "is_none")]
    pub gateway: Option<Fact<Ipv4Addr>>,
    /// Name servers announced to the clients.
    pub dns: Vec<Fact<Ipv4Addr>>,
    /// Domain name announced to the clients.
    #[serde(skip_serializing_if = "is_none")]
    pub domain: Option<Fact<String>>,
    /// Lease time, seconds; -1 is infinite.
    #[serde(skip_serializing_if = "is_none")]
    pub lease_s: Option<Fact<i64>>,
    /// Addresses reserved for a MAC address.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reservations: Vec<DhcpLease>,
}
/// An address given to, or reserved for, a MAC address.
///
/// # Examples
///
/// ```
/// assert!(tr181::DhcpLease::default().mac.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DhcpLease {
    /// The client.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
    /// Its address.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// Whether the lease (or reservation) is in force.
    #[serde(skip_serializing_if = "is_none")]
    pub active: Option<Fact<bool>>,
    /// When the lease ends.
    #[serde(skip_serializing_if = "is_none")]
    pub expires_at: Option<Fact<Timestamp>>,
}
/// A wired port.
///
/// # Examples
///
/// ```
/// assert!(tr181::EthernetPort::default().rate_mbps.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct EthernetPort {
    /// Path of the object.
    pub interface: String,
    /// Name; the label on the case when the vendor gives it (`LAN1`).
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// Status as the device spells it.
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// Whether it looks towards the Internet.
    #[serde(skip_serializing_if = "is_none")]
    pub upstream: Option<Fact<bool>>,
    /// Negotiated rate, Mbit/s.
    #[serde(skip_serializing_if = "is_none")]
    pub rate_mbps: Option<Fact<u32>>,
    /// Highest rate, Mbit/s; absent when automatic.
    #[serde(skip_serializing_if = "is_none")]
    pub max_rate_mbps: Option<Fact<u32>>,
    /// `Half`, `Full` or `Auto`.
    #[serde(skip_serializing_if = "is_none")]
    pub duplex: Option<Fact<String>>,
    /// MAC address.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
}
