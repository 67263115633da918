//! What TR-098 makes have in common.

use crate::fleet::Cpe;
use crate::fleet::household::{Band, Household, Link, Thing};
use crate::fleet::signal::Moment;
use crate::fleet::tree::{At, Book};

pub(super) const WAN: &str = "InternetGatewayDevice.WANDevice.1";
pub(super) const LAN: &str = "InternetGatewayDevice.LANDevice.1";

/// One connection of the WAN table.
pub(super) struct Connection<'a> {
    /// `WANConnectionDevice` row.
    pub(super) device: u32,
    /// Row in the connection table.
    pub(super) row: u32,
    pub(super) ppp: bool,
    pub(super) name: &'a str,
    /// `Connected`, `Connecting`, `Disconnected`.
    pub(super) status: &'static str,
    /// Address and gateway when connected.
    pub(super) address: Option<(String, String)>,
    pub(super) error: &'static str,
    pub(super) mac: String,
}

impl Connection<'_> {
    pub(super) fn path(&self) -> String {
        let table = if self.ppp {
            "WANPPPConnection"
        } else {
            "WANIPConnection"
        };
        format!(
            "{WAN}.WANConnectionDevice.{}.{table}.{}",
            self.device, self.row
        )
    }
}

/// Writes a connection; the answer takes the make's own columns.
pub(super) fn connection<'a>(
    book: &'a mut Book,
    cpe: &Cpe,
    now: &Moment,
    of: &Connection<'_>,
) -> At<'a> {
    let table = of.path();
    book.table(
        table
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .trim_end_matches('.'),
    );
    let up = of.address.is_some();
    let (address, gateway) = of
        .address
        .clone()
        .unwrap_or_else(|| ("0.0.0.0".into(), "0.0.0.0".into()));
    book.at(format!("{table}.Stats"))
        .live(
            "EthernetBytesReceived",
            if up { now.down_bytes % (1 << 32) } else { 0 },
        )
        .live(
            "EthernetBytesSent",
            if up { now.up_bytes % (1 << 32) } else { 0 },
        )
        .live("EthernetErrorsReceived", 0_u32);
    let mut node = book.at(table);
    node.rw("Enable", true)
        .live("ConnectionStatus", of.status)
        .rw("ConnectionType", "IP_Routed")
        .ro("PossibleConnectionTypes", "IP_Routed,IP_Bridged")
        .rw("Name", of.name)
        .live("ExternalIPAddress", address)
        .live("DefaultGateway", gateway.as_str())
        .live(
            "DNSServers",
            if up { "203.0.113.53,203.0.113.54" } else { "" },
        )
        .rw("DNSEnabled", true)
        .live(
            "Uptime",
            if up {
                now.uptime_s.saturating_sub(31)
            } else {
                0
            },
        )
        .live("LastConnectionError", of.error)
        .ro("MACAddress", of.mac.as_str())
        .rw("NATEnabled", true)
        .rw("ConnectionTrigger", "AlwaysOn")
        .unread("IdleDisconnectTime", 180_u32)
        .unread("WarnDisconnectDelay", 0_u32)
        .ro("PortMappingNumberOfEntries", 0_u32);
    if of.ppp {
        node.live("RemoteIPAddress", gateway)
            .rw("MaxMRUSize", 1492_u32)
            .ro("CurrentMRUSize", 1492_u32)
            .rw(
                "Username",
                format!("{}@fibre.example.ca", cpe.serial.to_lowercase()),
            )
            .rw("Password", "")
            .rw("PPPAuthenticationProtocol", "PAP");
    } else {
        node.live("SubnetMask", if up { "255.192.0.0" } else { "0.0.0.0" })
            .rw("AddressingType", "DHCP")
            .rw("MaxMTUSize", 1500_u32);
    }
    node
}

/// What the line itself says.
pub(super) fn common_interface(book: &mut Book, now: &Moment, access: &str, light: bool) {
    let (down, up) = if access == "Ethernet" {
        (1_000_000_000_u32, 1_000_000_000)
    } else {
        (2_500_000_000, 1_250_000_000)
    };
    book.at(format!("{WAN}.WANCommonInterfaceConfig"))
        .ro("WANAccessType", access)
        .live("PhysicalLinkStatus", if light { "Up" } else { "Down" })
        .ro("Layer1DownstreamMaxBitRate", down)
        .ro("Layer1UpstreamMaxBitRate", up)
        .ro("EnabledForInternet", true)
        .live("TotalBytesReceived", now.down_bytes % (1 << 32))
        .live("TotalBytesSent", now.up_bytes % (1 << 32))
        .live("TotalPacketsReceived", now.down_bytes / 900 % (1 << 32))
        .live("TotalPacketsSent", now.up_bytes / 210 % (1 << 32));
}

/// The connection a healthy unit has to the Internet; nothing while it is down.
pub(super) fn internet(cpe: &Cpe, now: &Moment) -> Option<(String, String)> {
    now.wan_up
        .then(|| (cpe.wan_address().to_string(), cpe.wan_gateway().to_string()))
}

/// The management connection: up as long as there is light.
pub(super) fn management(cpe: &Cpe, now: &Moment) -> Option<(String, String)> {
    now.rx_dbm
        .is_some()
        .then(|| (cpe.management_address().to_string(), "10.64.0.1".to_owned()))
}

/// Ports of the LAN.
pub(super) fn ports(
    book: &mut Book,
    cpe: &Cpe,
    now: &Moment,
    count: u32,
    name: impl Fn(u32) -> String,
) {
    for row in 1..=count {
        let up = super::device2::plugged(&cpe.household, row);
        let at = format!("{LAN}.LANEthernetInterfaceConfig.{row}");
        book.at(at.as_str())
            .rw("Enable", true)
            .live("Status", if up { "Up" } else { "NoLink" })
            .ro("Name", name(row))
            .ro("MACAddress", cpe.mac())
            .rw("MaxBitRate", if up { "1000" } else { "Auto" })
            .rw("DuplexMode", if up { "Full" } else { "Auto" })
            .rw("MACAddressControlEnabled", false);
        let share = u64::from(up);
        book.at(format!("{at}.Stats"))
            .live("BytesReceived", share * (now.up_bytes / 3) % (1 << 32))
            .live("BytesSent", share * (now.down_bytes / 3) % (1 << 32))
            .live("PacketsReceived", share * (now.up_bytes / 700) % (1 << 32))
            .live("PacketsSent", share * (now.down_bytes / 2_700) % (1 << 32))
            .live("ErrorsReceived", 0_u32)
            .live("ErrorsSent", 0_u32);
    }
}

/// Address pool and the unit's own address on the LAN.
pub(super) fn lan_config(book: &mut Book, home: &Household, lease_s: i32) {
    let lan = &home.lan;
    book.at(format!("{LAN}.LANHostConfigManagement"))
        .rw("DHCPServerEnable", true)
        .rw("DHCPServerConfigurable", true)
        .ro("DHCPRelay", false)
        .rw("MinAddress", format!("{lan}.2"))
        .rw("MaxAddress", format!("{lan}.253"))
        .rw("SubnetMask", "255.255.255.0")
        .rw("IPRouters", format!("{lan}.1"))
        .rw("DNSServers", format!("{lan}.1"))
        .rw("DomainName", "home")
        .rw("DHCPLeaseTime", lease_s)
        .unread("ReservedAddresses", "")
        .unread("AllowedMACAddresses", "")
        .ro("IPInterfaceNumberOfEntries", 1_u32);
    book.at(format!("{LAN}.LANHostConfigManagement.IPInterface.1"))
        .rw("Enable", true)
        .rw("IPInterfaceIPAddress", format!("{lan}.1"))
        .rw("IPInterfaceSubnetMask", "255.255.255.0")
        .rw("IPInterfaceAddressingType", "Static");
}

/// How one make writes its host table.
pub(super) struct Hosts<'a> {
    /// What stands for a name the device did not give.
    pub(super) nameless: &'a str,
    /// The reference to what the host hangs on.
    pub(super) layer2: &'a dyn Fn(&Link) -> String,
    pub(super) columns: &'a dyn Fn(&mut At<'_>, &Thing),
}

pub(super) fn hosts(book: &mut Book, home: &Household, style: &Hosts<'_>) {
    book.at(format!("{LAN}.Hosts"))
        .live("HostNumberOfEntries", home.things.len() as u64);
    for (row, thing) in (1_u32..).zip(&home.things) {
        let wireless = thing.wifi().is_some();
        let name = if thing.name.is_empty() {
            style.nameless
        } else {
            &thing.name
        };
        let mut node = book.at(format!("{LAN}.Hosts.Host.{row}"));
        node.ro("MACAddress", thing.mac.as_str())
            .live("IPAddress", thing.ip.as_str())
            .ro("HostName", name)
            .live("Active", thing.active)
            .ro("AddressSource", "DHCP")
            .live(
                "LeaseTimeRemaining",
                i64::try_from(thing.lease_s).unwrap_or(0),
            )
            .ro(
                "InterfaceType",
                if wireless { "802.11" } else { "Ethernet" },
            )
            .ro("Layer2Interface", (style.layer2)(&thing.link));
        (style.columns)(&mut node, thing);
    }
}

/// One network of the Wi-Fi table.
pub(super) struct Network<'a> {
    pub(super) row: u32,
    pub(super) band: Band,
    pub(super) name: &'a str,
    pub(super) on: bool,
    pub(super) standard: &'a str,
}

impl<'a> Network<'a> {
    pub(super) fn new(row: u32, band: Band, name: &'a str, on: bool, standard: &'a str) -> Self {
        Self {
            row,
            band,
            name,
            on,
            standard,
        }
    }
}

/// Writes a network; the answer takes the make's own columns.
pub(super) fn network<'a>(book: &'a mut Book, cpe: &Cpe, now: &Moment, of: &Network<'_>) -> At<'a> {
    let at = format!("{LAN}.WLANConfiguration.{}", of.row);
    let share = u64::from(of.on);
    book.at(format!("{at}.Stats"))
        .live("BytesReceived", share * (now.up_bytes / 2) % (1 << 32))
        .live("BytesSent", share * (now.down_bytes / 2) % (1 << 32))
        .live("ErrorsReceived", 0_u32)
        .live("ErrorsSent", share * (now.uptime_s / 900));
    book.at(format!("{at}.PreSharedKey.1"))
        .rw("KeyPassphrase", "")
        .unread("PreSharedKey", "");
    book.at(format!("{at}.WPS"))
        .rw("Enable", false)
        .unread("DevicePassword", 0_u32);
    let channels = if of.band == Band::Two {
        "1-11"
    } else {
        "36,40,44,48,100,104,149,153,157,161"
    };
    let mut node = book.at(at);
    node.rw("Enable", of.on)
        .live("Status", if of.on { "Up" } else { "Disabled" })
        .rw("Name", format!("ath{}", of.row))
        .ro("BSSID", cpe.mac_of(3 + of.row % 12))
        .rw("SSID", of.name)
        .rw("SSIDAdvertisementEnabled", true)
        .rw("RadioEnabled", true)
        .live("Channel", cpe.household.channel_of(of.band))
        .rw("AutoChannelEnable", true)
        .ro("PossibleChannels", channels)
        .rw("Standard", of.standard)
        .rw("MaxBitRate", "Auto")
        .rw("BeaconType", "11i")
        .rw("IEEE11iEncryptionModes", "AESEncryption")
        .rw("IEEE11iAuthenticationMode", "PSKAuthentication")
        .rw("KeyPassphrase", "")
        .rw("TransmitPower", 100_u32)
        .rw("RegulatoryDomain", "CA ")
        .rw("MACAddressControlEnabled", false)
        .unread("BeaconAdvertisementEnabled", true)
        .unread(
            "OperationalDataTransmitRates",
            "1,2,5.5,11,6,9,12,18,24,36,48,54",
        )
        .live(
            "TotalAssociations",
            if of.on {
                cpe.household.stations(of.band, 0).count() as u64
            } else {
                0
            },
        );
    node
}

/// Stations of a network; `columns` writes what the make calls signal and rates.
pub(super) fn stations(
    book: &mut Book,
    cpe: &Cpe,
    now: &Moment,
    row: u32,
    band: Band,
    columns: impl Fn(&mut At<'_>, &Thing, f64),
) {
    let here = cpe.household.stations(band, 0).filter(|thing| thing.active);
    for (station, thing) in (1_u32..).zip(here) {
        let dbm = now.station_dbm(&thing.link).unwrap_or(-100.0);
        let mut node = book.at(format!(
            "{LAN}.WLANConfiguration.{row}.AssociatedDevice.{station}"
        ));
        node.ro("AssociatedDeviceMACAddress", thing.mac.as_str())
            .live("AssociatedDeviceIPAddress", thing.ip.as_str())
            .live("AssociatedDeviceAuthenticationState", true);
        columns(&mut node, thing, dbm);
    }
}

/// Down and up rate of a station in kbit/s.
pub(super) fn rates(thing: &Thing) -> (u64, u64) {
    match thing.link {
        Link::Wifi {
            down_kbps, up_kbps, ..
        } => (down_kbps, up_kbps),
        Link::Wired { .. } => (0, 0),
    }
}

/// A reference to the port or the network a host hangs on.
pub(super) fn layer2(link: &Link, two: u32, five: u32, dot: &str) -> String {
    match *link {
        Link::Wired { port } => format!("{LAN}.LANEthernetInterfaceConfig.{port}{dot}"),
        Link::Wifi { band, .. } => {
            let row = if band == Band::Two { two } else { five };
            format!("{LAN}.WLANConfiguration.{row}{dot}")
        }
    }
}
