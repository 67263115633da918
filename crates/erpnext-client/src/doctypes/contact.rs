//! Contact.
//!
//! Source: `frappe/contacts/doctype/contact/contact.json` and its child doctypes.

use super::DynamicLink;
use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// How somebody is reached.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{ContactEmail, ContactPatch, DynamicLink};
///
/// let contact = ContactPatch::default()
///     .first_name("Éloïse")
///     .email_ids([ContactEmail {
///         email_id: Some("eloise@example.ca".to_owned()),
///         is_primary: true,
///         ..Default::default()
///     }])
///     .links([DynamicLink::to("Customer", "Éloïse Tremblay")]);
/// assert_eq!(serde_json::to_value(&contact)?["email_ids"][0]["is_primary"], 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Contact")]
#[non_exhaustive]
pub struct Contact {
    /// Name: first and last name, and whose it is.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// First, middle and last name.
    #[doctype(read_only)]
    pub full_name: Option<String>,
    /// Organisation.
    pub company_name: Option<String>,
    /// Function.
    pub designation: Option<String>,
    /// The primary e-mail address of `email_ids`.
    #[doctype(read_only)]
    pub email_id: Option<String>,
    /// The primary telephone number of `phone_nos`.
    #[doctype(read_only)]
    pub phone: Option<String>,
    /// The primary mobile number of `phone_nos`.
    #[doctype(read_only)]
    pub mobile_no: Option<String>,
    /// E-mail addresses.
    pub email_ids: Vec<ContactEmail>,
    /// Telephone numbers.
    pub phone_nos: Vec<ContactPhone>,
    /// Whether something was sent or answered.
    pub status: Option<ContactStatus>,
    /// User of the site.
    pub user: Option<DocName>,
    /// Address.
    pub address: Option<DocName>,
    /// Preferred.
    pub is_primary_contact: bool,
    /// Wants no mailings.
    pub unsubscribed: bool,
    /// Whose it is.
    pub links: Vec<DynamicLink>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Whether something was sent to a [`Contact`], or answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum ContactStatus {
    /// Passive.
    Passive,
    /// Open.
    Open,
    /// Replied.
    Replied,
    /// An option added by the site.
    Other(String),
}

/// An e-mail address of a [`Contact`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::ContactEmail;
///
/// let email: ContactEmail =
///     serde_json::from_str(r#"{"name": "e1", "email_id": "eloise@example.ca", "is_primary": 1}"#)?;
/// assert!(email.is_primary);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Contact Email", child)]
pub struct ContactEmail {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Address. Needed.
    pub email_id: Option<String>,
    /// Preferred.
    pub is_primary: bool,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// A telephone number of a [`Contact`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::ContactPhone;
///
/// let phone = ContactPhone {
///     phone: Some("+1-4185550100".to_owned()),
///     is_primary_mobile_no: true,
///     ..Default::default()
/// };
/// assert_eq!(serde_json::to_value(&phone)?["is_primary_mobile_no"], 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Contact Phone", child)]
pub struct ContactPhone {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Number. Needed.
    pub phone: Option<String>,
    /// Preferred for calls.
    pub is_primary_phone: bool,
    /// Preferred for texts.
    pub is_primary_mobile_no: bool,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
