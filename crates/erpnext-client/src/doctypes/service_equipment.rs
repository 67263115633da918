//! Service Equipment, a doctype of the field service.
//!
//! Source: [`bootstrap`](crate::bootstrap), which makes it on a site.

use jiff::civil::Date;

use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// A device at a customer's, or in stock for one. `serial_number` is unique.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{ServiceEquipmentPatch, ServiceEquipmentStatus};
///
/// let back = ServiceEquipmentPatch::default()
///     .status(ServiceEquipmentStatus::Returned)
///     .clear_service_location();
/// assert_eq!(serde_json::to_string(&back)?, r#"{"status":"Returned","service_location":null}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Service Equipment")]
#[non_exhaustive]
pub struct ServiceEquipment {
    /// Name: `EQ-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Serial number.
    pub serial_number: String,
    /// `AA:BB:CC:DD:EE:FF`.
    pub mac_address: Option<String>,
    /// What it is.
    pub equipment_type: Option<EquipmentType>,
    /// Brand.
    pub brand: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Where it is.
    pub status: Option<ServiceEquipmentStatus>,
    /// Who has it.
    pub customer: Option<DocName>,
    /// Service Location it is at.
    pub service_location: Option<DocName>,
    /// Subscription it serves.
    pub subscription: Option<DocName>,
    /// Which server manages it.
    pub acs: Option<Acs>,
    /// What that server calls it.
    pub acs_device_id: Option<String>,
    /// OLT it is on.
    pub olt: Option<String>,
    /// Serial number of the ONU: `ABCD12345678`.
    pub onu_serial: Option<String>,
    /// Version of the firmware.
    pub firmware: Option<String>,
    /// Address on the Internet.
    pub wan_ip: Option<String>,
    /// Day it was installed.
    pub installed_on: Option<Date>,
    /// Technician.
    pub installed_by: Option<DocName>,
    /// How the serial number was taken.
    pub scan_source: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What a [`ServiceEquipment`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum EquipmentType {
    /// Ends the fibre.
    #[select("ONT")]
    Ont,
    /// Router.
    Router,
    /// Carries the Wi-Fi further.
    Mesh,
    /// Television.
    #[select("STB")]
    Stb,
    /// Telephone.
    #[select("VoIP ATA")]
    VoipAta,
    /// An option added by the site.
    Other(String),
}

/// Where a [`ServiceEquipment`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum ServiceEquipmentStatus {
    /// In Stock.
    #[select("In Stock")]
    InStock,
    /// Assigned.
    Assigned,
    /// Installed.
    Installed,
    /// Faulty.
    Faulty,
    /// Returned.
    Returned,
    /// Retired.
    Retired,
    /// An option added by the site.
    Other(String),
}

/// Which server manages a [`ServiceEquipment`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum Acs {
    /// No server.
    None,
    /// GenieACS, over CWMP.
    #[select("GenieACS")]
    GenieAcs,
    /// Oktopus, over USP.
    Oktopus,
    /// An option added by the site.
    Other(String),
}
