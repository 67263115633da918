//! The makes of the fleet: who they are, and which file writes their data model.

mod bx6100;
mod device2;
mod huawei;
mod igd;
mod intelbras;
mod nokia;
mod tplink;
mod zte;

use super::Cpe;
use super::signal::Moment;
use super::tree::Book;

/// A make and model of the fleet.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Model {
    /// TP-Link `XX230v`: GPON ONT, TR-181, optical power in tenths of a microwatt, RCPI stations.
    Xx230v,
    /// TP-Link EX220: router on an Ethernet port, TR-181, mesh.
    Ex220,
    /// Huawei EG8145V5: GPON ONT, TR-098, whole decibels, four WAN connections.
    Eg8145v5,
    /// Nokia G-1425G-A: GPON ONT, TR-098, optical power as text.
    G1425ga,
    /// ZTE F670L: GPON ONT, TR-098, a product class with a space.
    F670l,
    /// Intelbras W5-2100G: router, TR-098, literal `ModelName` and other oddities.
    W52100g,
    /// An XGS-PON ONT by the book: TR-181 with the standard optical objects, Wi-Fi on 6 GHz.
    Bx6100,
}

impl Model {
    /// Every model of the fleet.
    pub const ALL: [Self; 7] = [
        Self::Xx230v,
        Self::Ex220,
        Self::Eg8145v5,
        Self::G1425ga,
        Self::F670l,
        Self::W52100g,
        Self::Bx6100,
    ];

    /// The manufacturer as the unit spells it.
    #[must_use]
    pub const fn manufacturer(self) -> &'static str {
        match self {
            Self::Xx230v | Self::Ex220 => "TP-Link",
            Self::Eg8145v5 => "Huawei Technologies Co., Ltd",
            Self::G1425ga => "ALCL",
            Self::F670l => "ZTE",
            Self::W52100g => "Intelbras",
            Self::Bx6100 => "Boreal Reseaux",
        }
    }

    /// The product class, half of what tells models apart in a device id.
    #[must_use]
    pub const fn product_class(self) -> &'static str {
        match self {
            Self::Xx230v | Self::Ex220 => "Device2",
            Self::Eg8145v5 => "EG8145V5",
            Self::G1425ga => "G-1425G-A",
            Self::F670l => "ZXHN F670L",
            Self::W52100g => "W5-2100G",
            Self::Bx6100 => "BX6100",
        }
    }

    /// The root of its data model.
    #[must_use]
    pub const fn root(self) -> &'static str {
        match self {
            Self::Xx230v | Self::Ex220 | Self::Bx6100 => "Device",
            Self::Eg8145v5 | Self::G1425ga | Self::F670l | Self::W52100g => "InternetGatewayDevice",
        }
    }

    /// True for a unit with a transceiver in it.
    #[must_use]
    pub const fn has_fibre(self) -> bool {
        !matches!(self, Self::Ex220 | Self::W52100g)
    }

    pub(super) const fn oui(self) -> &'static str {
        match self {
            Self::Xx230v | Self::Ex220 => "1C61B4",
            Self::Eg8145v5 => "00259E",
            Self::G1425ga => "9075BC",
            Self::F670l => "C0B101",
            Self::W52100g => "58108C",
            Self::Bx6100 => "02B0EA",
        }
    }

    pub(super) fn serial(self, number: u32) -> String {
        match self {
            Self::Xx230v | Self::Ex220 => {
                format!("22{:03X}A7{:06}", number >> 20, number & 0x000F_FFFF)
            }
            Self::Eg8145v5 => format!("48575443{number:08X}"),
            Self::W52100g => format!("QW{number:011}"),
            Self::G1425ga | Self::F670l | Self::Bx6100 => self.pon_serial(number),
        }
    }

    /// Twelve characters: the vendor and eight hex digits.
    pub(super) fn pon_serial(self, number: u32) -> String {
        let vendor = match self {
            Self::Xx230v => "TPLG",
            Self::Eg8145v5 => "HWTC",
            Self::G1425ga => "ALCL",
            Self::F670l => "ZTEG",
            Self::Bx6100 => "BRLN",
            Self::Ex220 | Self::W52100g => return String::new(),
        };
        format!("{vendor}{number:08X}")
    }

    /// The LAN's first three bytes, how many ports it has, and whether it speaks 6 GHz.
    pub(super) const fn lan(self) -> (&'static str, u64, bool) {
        match self {
            Self::Xx230v => ("192.168.1", 4, false),
            Self::Ex220 => ("192.168.0", 3, false),
            Self::Eg8145v5 => ("192.168.18", 4, false),
            Self::G1425ga | Self::F670l => ("192.168.1", 4, false),
            Self::W52100g => ("10.0.0", 3, false),
            Self::Bx6100 => ("192.168.50", 2, true),
        }
    }

    /// The most things one of its tables is given: keeps documents of one size.
    pub(super) const fn most_things(self) -> u64 {
        match self {
            Self::Xx230v => 7,
            Self::Ex220 => 9,
            Self::Bx6100 => 11,
            Self::Eg8145v5 | Self::G1425ga | Self::F670l | Self::W52100g => 12,
        }
    }

    pub(super) fn tags(self) -> Vec<&'static str> {
        match self {
            Self::Xx230v | Self::Eg8145v5 | Self::G1425ga | Self::F670l => vec!["gpon"],
            Self::Bx6100 => vec!["xgspon"],
            Self::Ex220 | Self::W52100g => vec!["router"],
        }
    }

    /// The paths whose values travel with every inform.
    pub(super) const fn informs(self) -> &'static [&'static str] {
        match self {
            Self::Xx230v | Self::Ex220 | Self::Bx6100 => &[
                "Device.DeviceInfo.HardwareVersion",
                "Device.DeviceInfo.SoftwareVersion",
                "Device.DeviceInfo.ProvisioningCode",
                "Device.DeviceInfo.UpTime",
                "Device.ManagementServer.ConnectionRequestURL",
                "Device.ManagementServer.ParameterKey",
                "Device.IP.Interface.*.IPv4Address.*.IPAddress",
            ],
            Self::Eg8145v5 | Self::G1425ga | Self::F670l | Self::W52100g => &[
                "InternetGatewayDevice.DeviceInfo.HardwareVersion",
                "InternetGatewayDevice.DeviceInfo.SoftwareVersion",
                "InternetGatewayDevice.DeviceInfo.ProvisioningCode",
                "InternetGatewayDevice.DeviceInfo.UpTime",
                "InternetGatewayDevice.ManagementServer.ConnectionRequestURL",
                "InternetGatewayDevice.ManagementServer.ParameterKey",
                "InternetGatewayDevice.WANDevice.*.WANConnectionDevice.*.WANPPPConnection.*.ExternalIPAddress",
                "InternetGatewayDevice.WANDevice.*.WANConnectionDevice.*.WANIPConnection.*.ExternalIPAddress",
            ],
        }
    }

    /// Writes the unit's whole data model at a moment.
    pub(super) fn write(self, cpe: &Cpe, now: &Moment, book: &mut Book) {
        match self {
            Self::Xx230v => tplink::xx230v(cpe, now, book),
            Self::Ex220 => tplink::ex220(cpe, now, book),
            Self::Eg8145v5 => huawei::write(cpe, now, book),
            Self::G1425ga => nokia::write(cpe, now, book),
            Self::F670l => zte::write(cpe, now, book),
            Self::W52100g => intelbras::write(cpe, now, book),
            Self::Bx6100 => bx6100::write(cpe, now, book),
        }
    }
}

/// The GPON serial number in its sixteen-digit form: the vendor's letters as hex.
fn hex_serial(pon: &str) -> String {
    let (vendor, number) = pon.split_at_checked(4).unwrap_or((pon, ""));
    vendor
        .bytes()
        .map(|byte| format!("{byte:02X}"))
        .chain([number.to_owned()])
        .collect()
}

/// What every make tells about itself.
struct Facts {
    model_name: &'static str,
    hardware: &'static str,
    software: &'static str,
    description: &'static str,
    memory_kib: u64,
}

/// `DeviceInfo` and `ManagementServer` have the same leaves under both roots.
fn identity(cpe: &Cpe, now: &Moment, book: &mut Book, facts: &Facts) {
    let root = cpe.model.root();
    book.at(format!("{root}.DeviceInfo"))
        .ro("Manufacturer", cpe.model.manufacturer())
        .ro("ManufacturerOUI", cpe.oui)
        .ro("ModelName", facts.model_name)
        .ro("ModelNumber", "")
        .ro("ProductClass", cpe.model.product_class())
        .ro("SerialNumber", cpe.serial.as_str())
        .ro("HardwareVersion", facts.hardware)
        .ro("SoftwareVersion", facts.software)
        .ro("AdditionalHardwareVersion", "")
        .ro("AdditionalSoftwareVersion", "")
        .ro("Description", facts.description)
        .rw("ProvisioningCode", "")
        .live("UpTime", now.uptime_s);
    let free = super::signal::count(facts.memory_kib as f64 * now.free);
    book.at(format!("{root}.DeviceInfo.MemoryStatus"))
        .ro("Total", facts.memory_kib)
        .live("Free", free);
    book.at(format!("{root}.DeviceInfo.ProcessStatus"))
        .live("CPUUsage", now.cpu)
        .live("ProcessNumberOfEntries", 96 + now.cpu / 2);
    let callback = format!("http://{}:7547/{:08x}", cpe.management_address(), cpe.index);
    book.at(format!("{root}.ManagementServer"))
        .rw("URL", "http://acs.example.ca:7547")
        .rw("Username", cpe.serial.as_str())
        .rw("Password", "")
        .rw("PeriodicInformEnable", true)
        .rw("PeriodicInformInterval", 300_u32)
        .rw(
            "PeriodicInformTime",
            super::tree::date("0001-01-01T00:00:00.000Z"),
        )
        .ro("ParameterKey", "")
        .ro("ConnectionRequestURL", callback)
        .rw("ConnectionRequestUsername", "acs")
        .rw("ConnectionRequestPassword", "")
        .rw("EnableCWMP", true)
        .rw("UpgradesManaged", false)
        .ro("NATDetected", false)
        .rw("STUNEnable", false)
        .rw("STUNServerAddress", "")
        .rw("STUNServerPort", 3478_u32)
        .ro("UDPConnectionRequestAddress", "")
        .unread("STUNUsername", "")
        .unread("STUNPassword", "")
        .unread("CWMPRetryMinimumWaitInterval", 5_u32)
        .unread("CWMPRetryIntervalMultiplier", 2000_u32);
    let local = now
        .at
        .to_zoned(jiff::tz::TimeZone::UTC)
        .strftime("%Y-%m-%dT%H:%M:%S.000Z")
        .to_string();
    book.at(format!("{root}.Time"))
        .rw("Enable", true)
        .ro("Status", "Synchronized")
        .rw("NTPServer1", "ntp1.example.ca")
        .rw("NTPServer2", "ntp2.example.ca")
        .live("CurrentLocalTime", super::tree::date(&local))
        .rw("LocalTimeZone", "EST5EDT,M3.2.0,M11.1.0");
}

#[cfg(test)]
mod tests {
    use super::hex_serial;

    #[test]
    fn the_two_forms_of_a_fibre_serial_number() {
        assert_eq!(hex_serial("TPLG12345678"), "54504C4712345678");
    }
}
