//! What TR-181 makes have in common.

use crate::fleet::Cpe;
use crate::fleet::household::{Band, Household, Link};
use crate::fleet::signal::Moment;
use crate::fleet::tree::{At, Book, Datum};

/// A reference as it stands in a leaf: with its trailing dot.
pub(super) fn path(of: &str) -> String {
    format!("Device.{of}.")
}

/// An interface's common leaves.
pub(super) fn interface<'a>(book: &'a mut Book, at: &str, name: &str, up: bool) -> At<'a> {
    let mut node = book.at(format!("Device.{at}"));
    node.rw("Enable", true)
        .live("Status", if up { "Up" } else { "Down" })
        .ro("Name", name)
        .ro("LastChange", 0_u32);
    node
}

/// The four counters a technician looks at.
pub(super) fn stats(book: &mut Book, at: &str, received: u64, sent: u64) {
    book.at(format!("Device.{at}.Stats"))
        .live("BytesReceived", wrapping(received))
        .live("BytesSent", wrapping(sent))
        .live("PacketsReceived", wrapping(received / 900))
        .live("PacketsSent", wrapping(sent / 210));
}

/// A counter of 32 bits, which wraps.
fn wrapping(count: u64) -> Datum {
    Datum::from(count % (1 << 32))
}

/// An IP interface with one IPv4 address; empty without one.
pub(super) fn ipv4(book: &mut Book, at: &str, address: &str, mask: &str, kind: &str) {
    let mut node = book.at(format!("Device.{at}"));
    node.rw("IPv4Enable", true)
        .rw("MaxMTUSize", if kind == "IPCP" { 1492_u32 } else { 1500 });
    node.ro("IPv4AddressNumberOfEntries", 1_u32);
    book.at(format!("Device.{at}.IPv4Address.1"))
        .rw("Enable", true)
        .live(
            "Status",
            if address.is_empty() {
                "Disabled"
            } else {
                "Enabled"
            },
        )
        .live("IPAddress", address)
        .live("SubnetMask", if address.is_empty() { "" } else { mask })
        .ro("AddressingType", kind);
}

/// A global address and a delegated prefix, documentation range.
pub(super) fn ipv6(book: &mut Book, cpe: &Cpe, at: &str) {
    let (high, low) = (cpe.index >> 16, cpe.index & 0xFFFF);
    book.at(format!("Device.{at}"))
        .rw("IPv6Enable", true)
        .ro("IPv6AddressNumberOfEntries", 1_u32)
        .ro("IPv6PrefixNumberOfEntries", 1_u32);
    book.at(format!("Device.{at}.IPv6Address.1"))
        .rw("Enable", true)
        .ro("Status", "Enabled")
        .ro("IPAddressStatus", "Preferred")
        .live("IPAddress", format!("2001:db8:{high:x}:{low:x}::1"))
        .ro("Origin", "DHCPv6");
    book.at(format!("Device.{at}.IPv6Prefix.1"))
        .rw("Enable", true)
        .ro("Status", "Enabled")
        .live(
            "Prefix",
            format!("2001:db8:{:x}:{low:x}00::/56", high | 0x8000),
        )
        .ro("Origin", "PrefixDelegation");
}

/// The LAN bridge: one port for each thing under it, and the port they are gathered in.
pub(super) fn bridge(book: &mut Book, members: &[(String, bool)]) {
    let port = |row: usize| path(&format!("Bridging.Bridge.1.Port.{row}"));
    book.at("Device.Bridging")
        .ro("BridgeNumberOfEntries", 1_u32);
    book.at("Device.Bridging.Bridge.1")
        .rw("Enable", true)
        .ro("Status", "Enabled")
        .rw("Alias", "cpe-bridge")
        .ro("PortNumberOfEntries", members.len() as u64 + 1);
    let below: Vec<String> = (2..members.len() + 2).map(port).collect();
    interface(book, "Bridging.Bridge.1.Port.1", "br0", true)
        .lower(&below)
        .rw("ManagementPort", true);
    for (row, (member, up)) in (2..).zip(members) {
        interface(book, &format!("Bridging.Bridge.1.Port.{row}"), "", *up).lower(&[path(member)]);
    }
}

/// The address pool of the LAN.
pub(super) fn pool(book: &mut Book, cpe: &Cpe, interface: &str, lease_s: i32) {
    let lan = &cpe.household.lan;
    book.at("Device.DHCPv4.Server")
        .rw("Enable", true)
        .ro("PoolNumberOfEntries", 1_u32);
    book.at("Device.DHCPv4.Server.Pool.1")
        .rw("Enable", true)
        .ro("Status", "Enabled")
        .rw("Interface", path(interface))
        .rw("MinAddress", format!("{lan}.2"))
        .rw("MaxAddress", format!("{lan}.249"))
        .rw("SubnetMask", "255.255.255.0")
        .rw("IPRouters", format!("{lan}.1"))
        .rw("DNSServers", format!("{lan}.1,0.0.0.0"))
        .rw("DomainName", "")
        .rw("LeaseTime", lease_s)
        .unread("ReservedAddresses", "")
        .ro("StaticAddressNumberOfEntries", 0_u32);
}

/// Network address translation of the Internet connection, with a port somebody opened.
pub(super) fn nat(book: &mut Book, cpe: &Cpe, interface: &str, up: bool) {
    book.table("Device.NAT.PortMapping");
    book.at("Device.NAT")
        .ro("InterfaceSettingNumberOfEntries", 1_u32);
    book.at("Device.NAT.InterfaceSetting.1")
        .rw("Enable", true)
        .live("Status", if up { "Enabled" } else { "Disabled" })
        .rw("Interface", path(interface));
    let host = cpe
        .household
        .things
        .iter()
        .find(|thing| matches!(thing.link, Link::Wired { .. }));
    if let Some(host) = host {
        book.at("Device.NAT.PortMapping.1")
            .rw("Enable", true)
            .rw("Interface", path(interface))
            .rw("ExternalPort", 3074_u32)
            .rw("ExternalPortEndRange", 0_u32)
            .rw("InternalPort", 3074_u32)
            .rw("Protocol", "UDP")
            .rw("InternalClient", host.ip.as_str())
            .rw("RemoteHost", "")
            .rw("Description", "console")
            .rw("LeaseDuration", 0_u32);
    }
}

/// A default route; disabled ones keep the gateway 0.0.0.0.
pub(super) fn route(
    book: &mut Book,
    row: u32,
    interface: &str,
    gateway: Option<&str>,
    origin: &str,
) {
    book.table("Device.Routing.Router.1.IPv4Forwarding");
    book.at(format!("Device.Routing.Router.1.IPv4Forwarding.{row}"))
        .rw("Enable", gateway.is_some())
        .live(
            "Status",
            if gateway.is_some() {
                "Enabled"
            } else {
                "Disabled"
            },
        )
        .rw("DestIPAddress", "")
        .rw("DestSubnetMask", "")
        .live("GatewayIPAddress", gateway.unwrap_or("0.0.0.0"))
        .rw("Interface", path(interface))
        .ro("Origin", origin)
        .rw("ForwardingMetric", -1);
}

/// A radio; the caller adds what its make adds.
pub(super) fn radio<'a>(
    book: &'a mut Book,
    row: u32,
    band: Band,
    home: &Household,
    standards: &str,
) -> At<'a> {
    let (channels, width, rate) = match band {
        Band::Two => ("1,2,3,4,5,6,7,8,9,10,11", "40MHz", 574_u32),
        Band::Five => (
            "36,40,44,48,100,104,108,112,149,153,157,161,165",
            "80MHz",
            1201,
        ),
        Band::Six => ("5,21,37,53,69,85", "160MHz", 2882),
    };
    let mut node = interface(book, &format!("WiFi.Radio.{row}"), "", true);
    node.rw("LowerLayers", "")
        .ro("Upstream", false)
        .ro("MaxBitRate", rate)
        .ro("SupportedFrequencyBands", band.text())
        .rw("OperatingFrequencyBand", band.text())
        .rw("OperatingStandards", standards)
        .ro("PossibleChannels", channels)
        .live("Channel", home.channel_of(band))
        .rw("AutoChannelEnable", true)
        .rw("OperatingChannelBandwidth", "Auto")
        .ro("CurrentOperatingChannelBandwidth", width)
        .rw("TransmitPower", 100)
        .rw("RegulatoryDomain", "CA ")
        .unread("BeaconPeriod", 100_u32)
        .unread("DTIMPeriod", 1_u32);
    node
}

/// A network name over a radio.
pub(super) fn ssid(book: &mut Book, row: u32, radio: u32, name: &str, bssid: &str, on: bool) {
    interface(book, &format!("WiFi.SSID.{row}"), "", on)
        .lower(&[path(&format!("WiFi.Radio.{radio}"))])
        .ro("BSSID", bssid)
        .ro("MACAddress", bssid)
        .rw("SSID", name);
}

/// The access point of a network name.
pub(super) fn access_point<'a>(
    book: &'a mut Book,
    row: u32,
    stations: usize,
    hidden: bool,
    mode: &str,
) -> At<'a> {
    book.at(format!("Device.WiFi.AccessPoint.{row}.Security"))
        .ro(
            "ModesSupported",
            "None,WPA2-Personal,WPA3-Personal,WPA3-Personal-Transition",
        )
        .rw("ModeEnabled", mode)
        .rw("KeyPassphrase", "")
        .unread("SAEPassphrase", "");
    let mut node = book.at(format!("Device.WiFi.AccessPoint.{row}"));
    node.rw("Enable", true)
        .ro("Status", "Enabled")
        .rw("SSIDReference", path(&format!("WiFi.SSID.{row}")))
        .rw("SSIDAdvertisementEnabled", !hidden)
        .rw("IsolationEnable", false)
        .live("AssociatedDeviceNumberOfEntries", stations as u64);
    node
}

/// One LAN or WAN port.
pub(super) fn port<'a>(
    book: &'a mut Book,
    cpe: &Cpe,
    row: u32,
    name: &str,
    up: bool,
    upstream: bool,
) -> At<'a> {
    let mac = cpe.mac_of(if upstream { 1 } else { 0 });
    let mut node = interface(book, &format!("Ethernet.Interface.{row}"), name, up);
    node.rw("LowerLayers", "")
        .ro("Upstream", upstream)
        .ro("MACAddress", mac)
        .rw("MaxBitRate", -1)
        .rw("DuplexMode", "Auto");
    node
}

/// True when something active is plugged into the port.
pub(super) fn plugged(home: &Household, row: u32) -> bool {
    home.things
        .iter()
        .any(|thing| thing.active && matches!(thing.link, Link::Wired { port } if port == row))
}

/// The WAN's readings as text, empty while it is down.
pub(super) fn when_up(now: &Moment, text: &dyn ToString) -> String {
    if now.wan_up {
        text.to_string()
    } else {
        String::new()
    }
}
