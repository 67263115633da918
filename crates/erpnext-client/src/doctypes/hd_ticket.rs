//! HD Ticket, of the help desk app.
//!
//! Source: `helpdesk/helpdesk/doctype/hd_ticket/hd_ticket.json` of `frappe/helpdesk`.

use jiff::civil::Date;

use crate::value::{Extra, SiteDateTime, SiteTime};
use crate::{DocName, Doctype, Modified, Select};

/// Something a customer has trouble with.
///
/// Names count up and may come as numbers; as everywhere they are kept as text. Its `customer` is an
/// HD Customer, not a [`Customer`](super::Customer).
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::HdTicket;
///
/// let ticket: HdTicket = serde_json::from_str(
///     r#"{"name": 1042, "subject": "Pas de signal", "status": "Open", "via_customer_portal": 1}"#,
/// )?;
/// assert_eq!(ticket.name.as_str(), "1042");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "HD Ticket")]
#[non_exhaustive]
pub struct HdTicket {
    /// Name: `1042`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it is about.
    pub subject: String,
    /// E-mail address it came from.
    pub raised_by: Option<String>,
    /// HD Ticket Status: `Open`, `Replied`, `Resolved`, `Closed`, or the site's own.
    pub status: Option<DocName>,
    /// HD Ticket Priority.
    pub priority: Option<DocName>,
    /// HD Ticket Type.
    pub ticket_type: Option<DocName>,
    /// HD Team.
    pub agent_group: Option<DocName>,
    /// HTML.
    pub description: Option<String>,
    /// HD Customer.
    pub customer: Option<DocName>,
    /// Contact.
    pub contact: Option<DocName>,
    /// Opened by the customer on the site.
    pub via_customer_portal: bool,
    /// Day it was opened.
    #[doctype(read_only)]
    pub opening_date: Option<Date>,
    /// Time it was opened.
    #[doctype(read_only)]
    pub opening_time: Option<SiteTime>,
    /// When it is to be answered.
    #[doctype(read_only)]
    pub response_by: Option<SiteDateTime>,
    /// When it is to be solved.
    #[doctype(read_only)]
    pub resolution_by: Option<SiteDateTime>,
    /// How it stands with what was promised.
    #[doctype(read_only)]
    pub agreement_status: Option<AgreementStatus>,
    /// What was done, HTML.
    pub resolution_details: Option<String>,
    /// What the customer thinks of it, 0 to 1.
    #[doctype(read_only)]
    pub feedback_rating: Option<f64>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How an [`HdTicket`] stands with what was promised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum AgreementStatus {
    /// First Response Due.
    #[select("First Response Due")]
    FirstResponseDue,
    /// Resolution Due.
    #[select("Resolution Due")]
    ResolutionDue,
    /// Failed.
    Failed,
    /// Fulfilled.
    Fulfilled,
    /// Paused.
    Paused,
    /// An option added by the site.
    Other(String),
}
