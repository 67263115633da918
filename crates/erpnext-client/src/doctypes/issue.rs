//! Issue.
//!
//! Source: `erpnext/support/doctype/issue/issue.json`.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::value::{Extra, SiteDateTime, SiteTime};
use crate::{DocName, Doctype, Modified, Select};

/// Something a customer has trouble with, in ERPNext itself. With the help desk app it is an
/// [`HdTicket`](super::HdTicket).
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{Issue, IssueStatus};
///
/// let issue: Issue = serde_json::from_str(
///     r#"{"name": "ISS-2026-00001", "subject": "Lent le soir", "status": "Open",
///         "via_customer_portal": 0, "opening_time": "8:30:00", "first_response_time": 900.0}"#,
/// )?;
/// assert_eq!(issue.status, IssueStatus::Open);
/// assert_eq!(issue.first_response_time.unwrap().as_secs(), 900);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Issue")]
#[non_exhaustive]
pub struct Issue {
    /// Name: `ISS-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it is about.
    pub subject: String,
    /// Whose it is.
    pub customer: Option<DocName>,
    /// What the customer is called.
    #[doctype(read_only)]
    pub customer_name: Option<String>,
    /// E-mail address it came from.
    pub raised_by: Option<String>,
    /// How far it is.
    pub status: IssueStatus,
    /// Issue Priority.
    pub priority: Option<DocName>,
    /// Issue Type.
    pub issue_type: Option<DocName>,
    /// HTML.
    pub description: Option<String>,
    /// Contact.
    pub contact: Option<DocName>,
    /// Lead.
    pub lead: Option<DocName>,
    /// Project.
    pub project: Option<DocName>,
    /// Company.
    pub company: Option<DocName>,
    /// Opened by the customer on the site.
    pub via_customer_portal: bool,
    /// Day it was opened.
    #[doctype(read_only)]
    pub opening_date: Option<Date>,
    /// Time it was opened.
    #[doctype(read_only)]
    pub opening_time: Option<SiteTime>,
    /// When it was first answered.
    pub first_responded_on: Option<SiteDateTime>,
    /// How long that took.
    #[doctype(read_only)]
    pub first_response_time: Option<SignedDuration>,
    /// What was done, HTML.
    pub resolution_details: Option<String>,
    /// How long it took.
    #[doctype(read_only)]
    pub resolution_time: Option<SignedDuration>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How far an [`Issue`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum IssueStatus {
    /// Open.
    Open,
    /// Replied.
    Replied,
    /// On Hold.
    #[select("On Hold")]
    OnHold,
    /// Resolved.
    Resolved,
    /// Closed.
    Closed,
    /// An option added by the site.
    Other(String),
}
