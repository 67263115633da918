//! WAN connections.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use super::is_none;
use crate::fact::Fact;
use crate::mac::MacAddr;

/// How a WAN connection gets its address.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::WanKind::Ppp).unwrap(), "\"ppp\"");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum WanKind {
    /// PPP, nearly always PPPoE.
    Ppp,
    /// DHCP.
    Dhcp,
    /// A fixed address.
    Static,
    /// Bridged: the device passes frames on and has no address here.
    Bridge,
    /// The document does not say.
    #[default]
    Unknown,
}

/// The physical medium at the bottom of a WAN connection.
///
/// # Examples
///
/// ```
/// assert_eq!(serde_json::to_string(&tr181::Medium::Optical).unwrap(), "\"optical\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Medium {
    /// Passive optical network or other fibre.
    Optical,
    /// Copper Ethernet port.
    Ethernet,
    /// DSL line.
    Dsl,
    /// Mobile network.
    Cellular,
    /// A Wi-Fi uplink.
    Wifi,
    /// A USB modem.
    Usb,
}

/// Why a connection counts as a WAN, and why it is the primary one.
///
/// The first group says why it is a candidate, the second what ranks it.
///
/// # Examples
///
/// ```
/// let reason = tr181::WanReason::UpWithIpv4;
/// assert_eq!(serde_json::to_string(&reason).unwrap(), "\"up_with_ipv4\"");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WanReason {
    /// Its layers contain a PPP interface.
    ChainHasPpp,
    /// Its layers contain an optical or PON interface.
    ChainHasOptical,
    /// Its layers contain a DSL line.
    ChainHasDsl,
    /// Its layers contain a mobile interface.
    ChainHasCellular,
    /// Its layers end on an interface marked as upstream.
    ChainHasUpstream,
    /// A DHCP client runs on it.
    HasDhcpClient,
    /// Address translation is enabled on it.
    HasNat,
    /// The vendor's connection type leaf says so.
    VendorType,
    /// It is a row of a TR-098 WAN connection table.
    WanConnectionTable,
    /// It is up and has a usable IPv4 address.
    UpWithIpv4,
    /// The enabled default route leaves through it.
    OwnsDefaultRoute,
    /// `Layer3Forwarding.DefaultConnectionService` names it.
    DefaultConnectionService,
    /// Its service list contains `Internet`.
    InternetService,
    /// It is up with IPv6 only.
    Ipv6Only,
    /// It is up without any address.
    UpWithoutAddress,
    /// It is disabled.
    Disabled,
    /// It is bridged and carries no address of the device.
    Bridged,
    /// Nothing distinguishes it but its index.
    LowestIndex,
}

/// One WAN connection: Internet, management, voice or television.
///
/// # Examples
///
/// ```
/// let summary = tr181::summarize(br#"{"InternetGatewayDevice":{"WANDevice":{"1":{"WANConnectionDevice":{"1":{
///     "WANPPPConnection":{"1":{"ConnectionStatus":{"_value":"Connected"},"ExternalIPAddress":{"_value":"192.0.2.7"},
///     "X_HW_VLAN":{"_value":40}}}}}}}}}"#)?;
/// let wan = summary.primary_wan().ok_or("no WAN")?;
/// assert_eq!(wan.vlan.as_ref().map(|f| f.value), Some(40));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Wan {
    /// Path of the object it was read from, without a trailing dot.
    pub interface: String,
    /// Name given by the device or the operator.
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<Fact<String>>,
    /// How it gets its address.
    pub kind: WanKind,
    /// The physical medium under it.
    #[serde(skip_serializing_if = "is_none")]
    pub medium: Option<Medium>,
    /// Administratively enabled.
    #[serde(skip_serializing_if = "is_none")]
    pub enabled: Option<Fact<bool>>,
    /// Status as the device spells it (`Up`, `Down`, `Connected`, …).
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// IPv4 address.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv4: Option<Fact<Ipv4Addr>>,
    /// IPv4 mask (255.255.255.255 on PPP).
    #[serde(skip_serializing_if = "is_none")]
    pub netmask: Option<Fact<Ipv4Addr>>,
    /// IPv6 address, a global one when there is one.
    #[serde(skip_serializing_if = "is_none")]
    pub ipv6: Option<Fact<Ipv6Addr>>,
    /// IPv6 prefixes delegated to the device.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ipv6_prefixes: Vec<Fact<String>>,
    /// Next hop.
    #[serde(skip_serializing_if = "is_none")]
    pub gateway: Option<Fact<IpAddr>>,
    /// Name servers, in the order of the device.
    pub dns: Vec<Fact<IpAddr>>,
    /// MAC address of the nearest layer that has one.
    #[serde(skip_serializing_if = "is_none")]
    pub mac: Option<Fact<MacAddr>>,
    /// VLAN identifier, 1..=4094.
    #[serde(skip_serializing_if = "is_none")]
    pub vlan: Option<Fact<u16>>,
    /// Largest packet, bytes.
    #[serde(skip_serializing_if = "is_none")]
    pub mtu: Option<Fact<u32>>,
    /// What it carries, as the device spells it (`INTERNET`, `TR069_INTERNET`, `VOIP`).
    #[serde(skip_serializing_if = "is_none")]
    pub service: Option<Fact<String>>,
    /// Address translation enabled.
    #[serde(skip_serializing_if = "is_none")]
    pub nat: Option<Fact<bool>>,
    /// Seconds since it came up.
    #[serde(skip_serializing_if = "is_none")]
    pub uptime_s: Option<Fact<u64>>,
    /// Last connection error (`ERROR_NONE` when there was none).
    #[serde(skip_serializing_if = "is_none")]
    pub last_error: Option<Fact<String>>,
    /// Bytes sent.
    #[serde(skip_serializing_if = "is_none")]
    pub bytes_sent: Option<Fact<u64>>,
    /// Bytes received.
    #[serde(skip_serializing_if = "is_none")]
    pub bytes_received: Option<Fact<u64>>,
    /// PPP session.
    #[serde(skip_serializing_if = "is_none")]
    pub ppp: Option<Ppp>,
    /// DHCP client.
    #[serde(skip_serializing_if = "is_none")]
    pub dhcp: Option<Dhcp>,
    /// Ports forwarded to the home network.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub port_mappings: Vec<PortMapping>,
    /// Paths of the layers from the IP interface down to the medium.
    pub chain: Vec<String>,
    /// Whether it carries the subscriber's Internet traffic.
    pub primary: bool,
    /// Why it is listed and how it ranks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<WanReason>,
}
impl Wan {
    /// Whether the device reports the connection as working.
    ///
    /// # Examples
    ///
    /// ```
    /// let mut wan = tr181::Wan::default();
    /// assert_eq!(wan.is_up(), None);
    /// wan.status = Some(tr181::Fact::new("Up".to_owned(), "Device.IP.Interface.1.Status"));
    /// assert_eq!(wan.is_up(), Some(true));
    /// ```
    #[must_use]
    pub fn is_up(&self) -> Option<bool> {
        let status = &self.status.as_ref()?.value;
        if status.eq_ignore_ascii_case("unknown") {
            return None;
        }
        Some(
            ["up", "connected", "bound", "online", "1", "true", "enabled"]
                .iter()
                .any(|s| status.eq_ignore_ascii_case(s)),
        )
    }
}

/// State of a PPP session. The user name is a credential and is not read.
///
/// # Examples
///
/// ```
/// let ppp = tr181::Ppp::default();
/// assert!(ppp.status.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Ppp {
    /// `Connected`, `Authenticating`, `Disconnected`, …
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// Last connection error.
    #[serde(skip_serializing_if = "is_none")]
    pub last_error: Option<Fact<String>>,
    /// PPPoE session.
    #[serde(skip_serializing_if = "is_none")]
    pub session_id: Option<Fact<u32>>,
    /// PPPoE access concentrator.
    #[serde(skip_serializing_if = "is_none")]
    pub access_concentrator: Option<Fact<String>>,
    /// PPPoE service name.
    #[serde(skip_serializing_if = "is_none")]
    pub service_name: Option<Fact<String>>,
    /// Address of the other end.
    #[serde(skip_serializing_if = "is_none")]
    pub remote_ip: Option<Fact<Ipv4Addr>>,
}
/// State of a DHCP client.
///
/// # Examples
///
/// ```
/// let dhcp = tr181::Dhcp::default();
/// assert!(dhcp.server.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Dhcp {
    /// `Bound`, `Renewing`, …
    #[serde(skip_serializing_if = "is_none")]
    pub status: Option<Fact<String>>,
    /// Address of the server.
    #[serde(skip_serializing_if = "is_none")]
    pub server: Option<Fact<Ipv4Addr>>,
    /// Seconds left on the lease.
    #[serde(skip_serializing_if = "is_none")]
    pub lease_remaining_s: Option<Fact<u64>>,
}
/// A port forwarded from the WAN to a host.
///
/// # Examples
///
/// ```
/// let mapping = tr181::PortMapping::default();
/// assert!(mapping.external_port.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PortMapping {
    /// Whether it is in force.
    #[serde(skip_serializing_if = "is_none")]
    pub enabled: Option<Fact<bool>>,
    /// Free text.
    #[serde(skip_serializing_if = "is_none")]
    pub description: Option<Fact<String>>,
    /// `TCP`, `UDP`, …
    #[serde(skip_serializing_if = "is_none")]
    pub protocol: Option<Fact<String>>,
    /// First port on the WAN side.
    #[serde(skip_serializing_if = "is_none")]
    pub external_port: Option<Fact<u16>>,
    /// Last port on the WAN side.
    #[serde(skip_serializing_if = "is_none")]
    pub external_port_end: Option<Fact<u16>>,
    /// Port of the host.
    #[serde(skip_serializing_if = "is_none")]
    pub internal_port: Option<Fact<u16>>,
    /// Address of the host.
    #[serde(skip_serializing_if = "is_none")]
    pub internal_client: Option<Fact<String>>,
}
