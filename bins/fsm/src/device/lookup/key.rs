//! What a device is looked for by.

use std::fmt;
use std::net::IpAddr;

use genieacs_nbi::{DeviceId, Query};
use tr181::{GponSerial, MacAddr};

use crate::output::Failure;

/// A well-formed key.
#[derive(Clone, Debug)]
pub(super) enum Key {
    Serial(String),
    Mac(MacAddr),
    Ip(IpAddr),
    Id(DeviceId),
}

/// The longest serial number any label carries, with room.
const LONGEST_SERIAL: usize = 64;

/// Where serial numbers are: the ACS's own copy, and where makes keep the one the OLT knows.
const SERIALS: [&str; 3] = [
    "_deviceId._SerialNumber",
    "Device.Optical.Interface.1.GponAuth.GponSn",
    "InternetGatewayDevice.DeviceInfo.X_HW_SerialNumber",
];

impl Key {
    pub(super) fn serial(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        let fits =
            (1..=LONGEST_SERIAL).contains(&text.len()) && !text.chars().any(char::is_control);
        if fits {
            Ok(Self::Serial(text.to_owned()))
        } else {
            Err(bad("serial number", "give it as on the label"))
        }
    }

    pub(super) fn mac(text: &str) -> Result<Self, Failure> {
        text.trim()
            .parse()
            .map(Self::Mac)
            .map_err(|_| bad("MAC address", "give it like 02:00:5E:10:20:30"))
    }

    pub(super) fn ip(text: &str) -> Result<Self, Failure> {
        text.trim()
            .parse()
            .map(Self::Ip)
            .map_err(|_| bad("IP address", "give it like 192.0.2.10"))
    }

    pub(super) fn id(text: &str) -> Result<Self, Failure> {
        DeviceId::new(text.trim()).map(Self::Id).map_err(|_| {
            bad(
                "device id",
                "give it as GenieACS writes it, like C0B101-ZXHN%20F670L-ZTEG01234567",
            )
        })
    }

    /// The question for the ACS. What was typed is a value in it, never a pattern.
    pub(super) fn query(&self) -> Query {
        match self {
            Self::Serial(serial) => {
                let mut forms = vec![serial.clone(), serial.to_ascii_uppercase()];
                if let Ok(gpon) = serial.parse::<GponSerial>() {
                    forms.extend([gpon.to_string(), gpon.to_hex()]);
                }
                forms.sort_unstable();
                forms.dedup();
                any(SERIALS.iter().map(|path| (*path).to_owned()), &forms)
            }
            Self::Mac(mac) => {
                let upper = mac.to_string();
                let forms = [upper.to_ascii_lowercase(), upper];
                let ethernet = (1..=8).flat_map(|row| {
                    [
                        format!("Device.Ethernet.Interface.{row}.MACAddress"),
                        format!("Device.Ethernet.Link.{row}.MACAddress"),
                    ]
                });
                let lan =
                    "InternetGatewayDevice.LANDevice.1.LANEthernetInterfaceConfig.1.MACAddress"
                        .to_owned();
                // A list of plain values, which takes half the room: behind a proxy a request line
                // longer than 8 KiB is refused. No MAC address reads as a pattern.
                let paths = ethernet.chain([lan]).chain(connections("MACAddress"));
                Query::any(paths.map(|path| Query::is_in(path, forms.iter())))
            }
            Self::Ip(ip) => {
                let leaf = if ip.is_ipv4() {
                    "IPv4Address"
                } else {
                    "IPv6Address"
                };
                let interfaces =
                    (1..=8).map(|row| format!("Device.IP.Interface.{row}.{leaf}.1.IPAddress"));
                any(
                    interfaces.chain(connections("ExternalIPAddress")),
                    &[ip.to_string()],
                )
            }
            Self::Id(id) => Query::device(id),
        }
    }
}

fn any(paths: impl Iterator<Item = String>, forms: &[String]) -> Query {
    Query::any(paths.flat_map(|path| {
        forms
            .iter()
            .map(move |form| Query::exact(path.clone(), form.as_str()))
    }))
}

/// A leaf of the connections a TR-098 unit has.
fn connections(leaf: &'static str) -> impl Iterator<Item = String> {
    (1..=4).flat_map(move |device| {
        ["WANPPPConnection", "WANIPConnection"].map(|table| {
            format!(
                "InternetGatewayDevice.WANDevice.1.WANConnectionDevice.{device}.{table}.1.{leaf}"
            )
        })
    })
}

fn bad(what: &str, hint: &str) -> Failure {
    Failure::input(format!("this is no {what}"), hint)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(serial) => write!(f, "serial {serial}"),
            Self::Mac(mac) => write!(f, "MAC {mac}"),
            Self::Ip(ip) => write!(f, "IP {ip}"),
            Self::Id(id) => write!(f, "id {}", id.as_str()),
        }
    }
}
