//! Flow Template and Flow Run, doctypes of the field service.
//!
//! Source: [`bootstrap`](crate::bootstrap), which makes them on a site.

use crate::value::{Extra, Json, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// What is to happen when something happens.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::FlowTemplatePatch;
/// use serde_json::json;
///
/// let template = FlowTemplatePatch::default()
///     .name("Bienvenue")
///     .trigger_event("on_contract_signed")
///     .definition(json!({"steps": []}));
/// // A JSON field travels as text.
/// assert_eq!(serde_json::to_value(&template)?["definition"], r#"{"steps":[]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Flow Template")]
#[non_exhaustive]
pub struct FlowTemplate {
    /// Its name, chosen.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Runs are started from it.
    pub enabled: bool,
    /// What it belongs to.
    pub category: Option<String>,
    /// What it starts on: `on_payment_received`, `manual`, …
    pub trigger_event: String,
    /// When it starts, as `JSONLogic`.
    pub trigger_condition: Option<String>,
    /// Version.
    pub version: Option<i64>,
    /// Steps.
    pub definition: Json,
    /// What it is for.
    pub description: Option<String>,
    /// Comes with the product.
    pub is_system: bool,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// A run of a [`FlowTemplate`]. `run_key` and `dedupe_key` are unique.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{FlowRun, FlowRunStatus};
/// use serde_json::json;
///
/// let run: FlowRun = serde_json::from_str(
///     r#"{"name": "FR-0000001", "flow_template": "Bienvenue", "status": "Waiting",
///         "variables": "{\"first_name\": \"Zoé\"}", "wake_at": "2026-05-04 08:30:00"}"#,
/// )?;
/// assert_eq!(run.status, FlowRunStatus::Waiting);
/// assert_eq!(run.variables.unwrap().0, json!({"first_name": "Zoé"}));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Flow Run")]
#[non_exhaustive]
pub struct FlowRun {
    /// Name: `FR-0000001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Flow Template.
    pub flow_template: DocName,
    /// Version of the template that runs.
    pub template_version: Option<i64>,
    /// How far it is.
    pub status: FlowRunStatus,
    /// Doctype of what it is about.
    pub context_doctype: Option<DocName>,
    /// What it is about.
    pub context_name: Option<DocName>,
    /// Whom it is about.
    pub customer: Option<DocName>,
    /// What it knows.
    pub variables: Option<Json>,
    /// How far each step is.
    pub step_state: Option<Json>,
    /// Step it is at.
    pub current_step: Option<String>,
    /// When it began.
    pub started_at: Option<SiteDateTime>,
    /// When it goes on.
    pub wake_at: Option<SiteDateTime>,
    /// When it ended.
    pub finished_at: Option<SiteDateTime>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// How often the step was tried.
    pub attempts: Option<i64>,
    /// What started it.
    pub trigger_event: Option<String>,
    /// Identifier of the event.
    pub trigger_id: Option<String>,
    /// Identifier of the run where it is executed; unique.
    pub run_key: Option<String>,
    /// Digest of template and event; unique. See [`dedupe_key`](crate::bootstrap::dedupe_key).
    pub dedupe_key: Option<String>,
    /// Position in the journal.
    pub journal_seq: Option<i64>,
    /// Fence of the lease it is executed under.
    pub fence: Option<i64>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How far a [`FlowRun`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum FlowRunStatus {
    /// Running.
    Running,
    /// Waiting.
    Waiting,
    /// Completed.
    Completed,
    /// Failed.
    Failed,
    /// Cancelled.
    Cancelled,
    /// An option added by the site.
    Other(String),
}
