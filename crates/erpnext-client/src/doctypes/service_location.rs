//! Service Location, a doctype of the field service.
//!
//! Source: [`bootstrap`](crate::bootstrap), which makes it on a site.

use jiff::civil::Date;

use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// Where fibre is, or will be.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{ServiceLocationPatch, ServiceLocationStatus};
///
/// let suspend = ServiceLocationPatch::default().status(ServiceLocationStatus::Suspended);
/// assert_eq!(serde_json::to_string(&suspend)?, r#"{"status":"Suspended"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Service Location")]
#[non_exhaustive]
pub struct ServiceLocation {
    /// Name: `LOC-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Who is served.
    pub customer: Option<DocName>,
    /// How far it is.
    pub status: Option<ServiceLocationStatus>,
    /// Address.
    pub address: Option<DocName>,
    /// Number, street, apartment.
    pub address_line: String,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// Identifier in the Répertoire québécois des adresses.
    pub rqa_address_id: Option<String>,
    /// OLT.
    pub olt: Option<String>,
    /// Slot of the OLT.
    pub olt_slot: Option<i64>,
    /// Port of the slot.
    pub olt_port: Option<i64>,
    /// ONU on the port.
    pub onu_id: Option<i64>,
    /// How the fibre comes in.
    pub drop_type: Option<DropType>,
    /// How a technician gets in.
    pub access_notes: Option<String>,
    /// First day of service.
    pub activated_on: Option<Date>,
    /// Last day of service.
    pub terminated_on: Option<Date>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How far a [`ServiceLocation`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum ServiceLocationStatus {
    /// Planned.
    Planned,
    /// Serviceable.
    Serviceable,
    /// Installing.
    Installing,
    /// Active.
    Active,
    /// Suspended.
    Suspended,
    /// Terminated.
    Terminated,
    /// An option added by the site.
    Other(String),
}

/// How the fibre comes in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum DropType {
    /// From a pole.
    Aerial,
    /// Through the ground.
    Buried,
    /// In a building of several dwellings.
    #[select("MDU")]
    Mdu,
    /// An option added by the site.
    Other(String),
}
