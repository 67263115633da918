//! From what a person reads on a sticker to a query of the device server.

use std::net::IpAddr;

use genieacs_nbi::Query;
use tr181::{GponSerial, MacAddr};

/// What a device can be found by.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Key {
    /// Serial number, as the device, its sticker or the OLT writes it.
    Serial(String),
    /// A MAC address of the device itself.
    Mac(MacAddr),
    /// A WAN address, or the one the device server calls it at.
    Ip(IpAddr),
}

/// Longest serial number that is looked for, in characters.
const SERIAL_LIMIT: usize = 64;

impl Key {
    /// Reads a serial number.
    #[must_use]
    pub fn serial(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = (1..=SERIAL_LIMIT).contains(&text.chars().count());
        (fits && !text.chars().any(char::is_control)).then(|| Self::Serial(text.to_owned()))
    }

    /// Reads a MAC address in any usual form.
    #[must_use]
    pub fn mac(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self::Mac)
    }

    /// Reads an IP address.
    #[must_use]
    pub fn ip(text: &str) -> Option<Self> {
        text.trim().parse().ok().map(Self::Ip)
    }

    /// All that a text typed into one field may be: a bare run of 12 hexadecimal digits is a
    /// MAC address on one sticker and a serial number on the next.
    ///
    /// # Examples
    ///
    /// ```
    /// use hub::devices::Key;
    ///
    /// assert!(matches!(Key::guess("24.48.12.34")[..], [Key::Ip(_)]));
    /// assert!(matches!(Key::guess("5c628ba1b2c3")[..], [Key::Mac(_), Key::Serial(_)]));
    /// assert!(matches!(Key::guess("TPLGAB12CD34")[..], [Key::Serial(_)]));
    /// ```
    #[must_use]
    pub fn guess(text: &str) -> Vec<Self> {
        if let Some(ip) = Self::ip(text) {
            return vec![ip];
        }
        Self::mac(text)
            .into_iter()
            .chain(Self::serial(text))
            .collect()
    }

    /// The ways in which a serial number is written: as given, both of a GPON serial number,
    /// upper and lower case.
    ///
    /// # Examples
    ///
    /// ```
    /// use hub::devices::Key;
    ///
    /// let spellings = Key::serial_spellings("TPLGAB12CD34");
    /// assert!(spellings.contains(&"54504C47AB12CD34".to_owned()));
    /// ```
    #[must_use]
    pub fn serial_spellings(serial: &str) -> Vec<String> {
        serial_forms(serial)
    }

    /// The query that finds the device. Values are data in it, never syntax.
    #[must_use]
    pub fn query(&self) -> Query {
        match self {
            Self::Serial(serial) => {
                let forms = serial_forms(serial);
                Query::any(
                    SERIAL_PATHS.iter().flat_map(|path| {
                        forms.iter().map(|form| Query::exact(*path, form.as_str()))
                    }),
                )
            }
            Self::Mac(mac) => {
                let upper = mac.to_string();
                let lower = upper.to_ascii_lowercase();
                Query::any(
                    mac_paths().map(|path| Query::is_in(path, [upper.as_str(), lower.as_str()])),
                )
            }
            Self::Ip(ip) => {
                let text = ip.to_string();
                let host = if ip.is_ipv6() {
                    format!("[{text}]")
                } else {
                    text.clone()
                };
                let called = ["Device", "InternetGatewayDevice"].into_iter().map(|root| {
                    let path = format!("{root}.ManagementServer.ConnectionRequestURL");
                    Query::wildcard(path, &format!("http://{host}:*"))
                });
                Query::any(
                    ip_paths(*ip)
                        .map(|path| Query::exact(path, text.as_str()))
                        .chain(called),
                )
            }
        }
    }
}

const SERIAL_PATHS: &[&str] = &[
    "_deviceId._SerialNumber",
    "Device.DeviceInfo.SerialNumber",
    "InternetGatewayDevice.DeviceInfo.SerialNumber",
    "Device.Optical.Interface.1.GponAuth.GponSn",
];

/// A GPON serial number has two spellings, and stickers differ in case.
fn serial_forms(serial: &str) -> Vec<String> {
    let mut forms = vec![serial.to_owned()];
    if let Ok(gpon) = serial.parse::<GponSerial>() {
        forms.extend([gpon.to_string(), gpon.to_hex()]);
    }
    forms.push(serial.to_ascii_uppercase());
    forms.push(serial.to_ascii_lowercase());
    let mut seen = Vec::new();
    forms.retain(|form| {
        let new = !seen.contains(form);
        seen.push(form.clone());
        new
    });
    forms
}

/// Where devices of both data models keep MAC addresses of their own.
fn mac_paths() -> impl Iterator<Item = String> {
    let ethernet = (1..=8).flat_map(|i| {
        [
            format!("Device.Ethernet.Interface.{i}.MACAddress"),
            format!("Device.Ethernet.Link.{i}.MACAddress"),
            format!("Device.WiFi.SSID.{i}.BSSID"),
        ]
    });
    let lan = [
        "InternetGatewayDevice.LANDevice.1.LANHostConfigManagement.MACAddress".to_owned(),
        "InternetGatewayDevice.LANDevice.1.LANEthernetInterfaceConfig.1.MACAddress".to_owned(),
        "InternetGatewayDevice.LANDevice.1.WLANConfiguration.1.BSSID".to_owned(),
    ];
    ethernet.chain(lan).chain(wan_connections("MACAddress"))
}

fn ip_paths(ip: IpAddr) -> Box<dyn Iterator<Item = String>> {
    if ip.is_ipv6() {
        return Box::new((1..=10).flat_map(|i| {
            (1..=3).map(move |j| format!("Device.IP.Interface.{i}.IPv6Address.{j}.IPAddress"))
        }));
    }
    let tr181 = (1..=10).map(|i| format!("Device.IP.Interface.{i}.IPv4Address.1.IPAddress"));
    Box::new(tr181.chain(wan_connections("ExternalIPAddress")))
}

/// A leaf of every WAN connection that TR-098 devices of this fleet have.
fn wan_connections(leaf: &'static str) -> impl Iterator<Item = String> {
    (1..=3).flat_map(move |device| {
        (1..=4).flat_map(move |connection| {
            ["WANIPConnection", "WANPPPConnection"].into_iter().map(move |kind| {
                format!(
                    "InternetGatewayDevice.WANDevice.{device}.WANConnectionDevice.{connection}.{kind}.1.{leaf}"
                )
            })
        })
    })
}
