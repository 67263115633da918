//! Lead.
//!
//! Source: `erpnext/crm/doctype/lead/lead.json`. Where a lead came from is `source` on version 15 and
//! `utm_source` later: both through `extra` and `set`.

use crate::value::{Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// Who might become a customer.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{LeadPatch, LeadStatus};
///
/// let lead = LeadPatch::default().first_name("Zoé").email_id("zoe@example.ca").status("Open");
/// assert_eq!(lead.status.value(), Some(&LeadStatus::Open));
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Lead")]
#[non_exhaustive]
pub struct Lead {
    /// Name: `CRM-LEAD-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// First and last name, or the company's.
    #[doctype(read_only)]
    pub lead_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Organisation.
    pub company_name: Option<String>,
    /// E-mail address; unique by a setting of the site.
    pub email_id: Option<String>,
    /// Mobile number.
    pub mobile_no: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
    /// How far it is.
    pub status: LeadStatus,
    /// Whether it is worth the work.
    pub qualification_status: Option<QualificationStatus>,
    /// User who follows it.
    pub lead_owner: Option<DocName>,
    /// The Customer it is from.
    pub customer: Option<DocName>,
    /// City.
    pub city: Option<String>,
    /// Province.
    pub state: Option<String>,
    /// Country.
    pub country: Option<DocName>,
    /// Territory.
    pub territory: Option<DocName>,
    /// Language: `fr`.
    pub language: Option<DocName>,
    /// Not to be chosen any more.
    pub disabled: bool,
    /// What was noted.
    pub notes: Vec<CrmNote>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How far a [`Lead`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum LeadStatus {
    /// Lead.
    Lead,
    /// Open.
    Open,
    /// Replied.
    Replied,
    /// Opportunity.
    Opportunity,
    /// Quotation.
    Quotation,
    /// Lost Quotation.
    #[select("Lost Quotation")]
    LostQuotation,
    /// Interested.
    Interested,
    /// Converted.
    Converted,
    /// Do Not Contact.
    #[select("Do Not Contact")]
    DoNotContact,
    /// An option added by the site.
    Other(String),
}

/// Whether a [`Lead`] is worth the work.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum QualificationStatus {
    /// Unqualified.
    Unqualified,
    /// In Process.
    #[select("In Process")]
    InProcess,
    /// Qualified.
    Qualified,
    /// An option added by the site.
    Other(String),
}

/// A note on a [`Lead`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::CrmNote;
///
/// // This child counts its rows up: their names are integers.
/// let note: CrmNote = serde_json::from_str(r#"{"name": 12, "note": "<p>Rappeler lundi</p>"}"#)?;
/// assert_eq!(note.name.unwrap().as_str(), "12");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "CRM Note", child)]
pub struct CrmNote {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// HTML.
    pub note: Option<String>,
    /// User.
    pub added_by: Option<DocName>,
    /// When.
    pub added_on: Option<SiteDateTime>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
