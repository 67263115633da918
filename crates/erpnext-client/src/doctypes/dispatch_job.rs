//! Dispatch Job, a doctype of the field service.
//!
//! Source: [`bootstrap`](crate::bootstrap), which makes it on a site.

use jiff::civil::Date;

use crate::value::{Decimal, Extra, Json, SiteDateTime, SiteTime};
use crate::{DocName, Doctype, Modified, Select};

/// Work at a place. `external_ref` is unique: it makes creating a job twice impossible.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{DispatchJobPatch, JobStatus};
/// use erpnext_client::value::SiteDateTime;
///
/// let arrived: SiteDateTime = "2026-05-04 08:34:12".parse()?;
/// let on_site = DispatchJobPatch::default().status(JobStatus::OnSite).arrived_at(arrived);
/// assert_eq!(
///     serde_json::to_string(&on_site)?,
///     r#"{"status":"On Site","arrived_at":"2026-05-04 08:34:12"}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Dispatch Job")]
#[non_exhaustive]
pub struct DispatchJob {
    /// Name: `DJ-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What is to be done.
    pub subject: String,
    /// Kind of work.
    pub job_type: Option<JobType>,
    /// How far it is.
    pub status: JobStatus,
    /// How soon.
    pub priority: Option<JobPriority>,
    /// For whom.
    pub customer: Option<DocName>,
    /// Where.
    pub service_location: Option<DocName>,
    /// For which Subscription.
    pub subscription: Option<DocName>,
    /// HD Ticket or Issue it is from.
    pub ticket: Option<DocName>,
    /// Who does it.
    pub technician: Option<DocName>,
    /// Who helps.
    pub assistants: Vec<JobAssistant>,
    /// Day.
    pub scheduled_date: Option<Date>,
    /// Begin, on that day.
    pub start_time: Option<SiteTime>,
    /// Minutes.
    pub duration_minutes: Option<i64>,
    /// How well the technician fits.
    pub score: Option<Decimal>,
    /// How the score came about.
    pub score_detail: Option<Json>,
    /// Skills, separated by commas, a level after a colon: `fusion:2, aerial`.
    pub required_skills: Option<String>,
    /// What it was made from.
    pub template: Option<String>,
    /// Dispatch Job that comes first.
    pub depends_on: Option<DocName>,
    /// What is used.
    pub materials: Vec<JobMaterial>,
    /// What is to be ticked off.
    pub checklist: Vec<JobChecklistItem>,
    /// Addresses of the attached files.
    pub photos: Option<Json>,
    /// Address of the customer's signature.
    pub signature: Option<String>,
    /// Free text.
    pub notes: Option<String>,
    /// Reference outside; unique.
    pub external_ref: Option<String>,
    /// When the technician arrived.
    pub arrived_at: Option<SiteDateTime>,
    /// When it was done.
    pub completed_at: Option<SiteDateTime>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Kind of work of a [`DispatchJob`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum JobType {
    /// Install.
    Install,
    /// Repair.
    Repair,
    /// Upgrade.
    Upgrade,
    /// Move.
    Move,
    /// Disconnect.
    Disconnect,
    /// Survey.
    Survey,
    /// An option added by the site.
    Other(String),
}

/// How far a [`DispatchJob`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum JobStatus {
    /// Open.
    Open,
    /// Assigned.
    Assigned,
    /// En Route.
    #[select("En Route")]
    EnRoute,
    /// On Site.
    #[select("On Site")]
    OnSite,
    /// Completed.
    Completed,
    /// Cancelled.
    Cancelled,
    /// On Hold.
    #[select("On Hold")]
    OnHold,
    /// An option added by the site.
    Other(String),
}

/// How soon a [`DispatchJob`] is to be done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum JobPriority {
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Urgent.
    Urgent,
    /// An option added by the site.
    Other(String),
}

/// Who helps with a [`DispatchJob`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::JobAssistant;
///
/// let helper = JobAssistant { technician: Some("TECH-0002".parse()?), ..Default::default() };
/// assert_eq!(serde_json::to_string(&helper)?, r#"{"technician":"TECH-0002"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Dispatch Job Assistant", child)]
pub struct JobAssistant {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Technician. Needed.
    pub technician: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What is used for a [`DispatchJob`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::JobMaterial;
///
/// let cable = JobMaterial {
///     item: Some("DROP-CABLE".parse()?),
///     qty: Some("42.5".parse()?),
///     ..Default::default()
/// };
/// assert_eq!(serde_json::to_string(&cable)?, r#"{"item":"DROP-CABLE","qty":42.5}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Dispatch Job Material", child)]
pub struct JobMaterial {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Item. Needed.
    pub item: Option<DocName>,
    /// How many; 1 if not sent.
    pub qty: Option<Decimal>,
    /// Serial number.
    pub serial_no: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What is to be ticked off at a [`DispatchJob`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::JobChecklistItem;
///
/// let step = JobChecklistItem { label: Some("Mesurer la lumière".to_owned()), ..Default::default() };
/// assert_eq!(serde_json::to_string(&step)?, r#"{"label":"Mesurer la lumière","done":0}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Dispatch Job Checklist Item", child)]
pub struct JobChecklistItem {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// What is to be done. Needed.
    pub label: Option<String>,
    /// Done.
    pub done: bool,
    /// When it was done.
    pub done_at: Option<SiteDateTime>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
