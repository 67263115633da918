//! Address.
//!
//! Source: `frappe/contacts/doctype/address/address.json`.

use super::DynamicLink;
use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// Where somebody is.
///
/// Those of a customer: filter the child `Dynamic Link` by `link_doctype` and `link_name`.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{AddressPatch, AddressType, DynamicLink};
///
/// let address = AddressPatch::default()
///     .address_title("Éloïse Tremblay")
///     .address_type(AddressType::Billing)
///     .address_line1("12, rue des Érables")
///     .city("Saint-Romain")
///     .country("Canada")
///     .links([DynamicLink::to("Customer", "Éloïse Tremblay")]);
/// assert_eq!(serde_json::to_value(&address)?["links"][0]["link_doctype"], "Customer");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Address")]
#[non_exhaustive]
pub struct Address {
    /// Name: `{title}-{type}`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it is called.
    pub address_title: Option<String>,
    /// What it is for.
    pub address_type: AddressType,
    /// Number and street.
    pub address_line1: String,
    /// Apartment.
    pub address_line2: Option<String>,
    /// City.
    pub city: String,
    /// County.
    pub county: Option<String>,
    /// Province.
    pub state: Option<String>,
    /// Country.
    pub country: DocName,
    /// Postal code.
    pub pincode: Option<String>,
    /// E-mail address.
    pub email_id: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// Preferred for invoices.
    pub is_primary_address: bool,
    /// Preferred for deliveries.
    pub is_shipping_address: bool,
    /// Not to be chosen any more.
    pub disabled: bool,
    /// Whose it is.
    pub links: Vec<DynamicLink>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What an [`Address`] is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum AddressType {
    /// Billing.
    Billing,
    /// Shipping.
    Shipping,
    /// Office.
    Office,
    /// Personal.
    Personal,
    /// Plant.
    Plant,
    /// Postal.
    Postal,
    /// Shop.
    Shop,
    /// Subsidiary.
    Subsidiary,
    /// Warehouse.
    Warehouse,
    /// Current.
    Current,
    /// Permanent.
    Permanent,
    /// An option added by the site.
    Other(String),
}
