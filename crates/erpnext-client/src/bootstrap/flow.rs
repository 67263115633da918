//! Flows and their runs.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Naming, NewDoctype, NewField as F, ROLE};

/// The value of `dedupe_key` of a Flow Run: one run for each template and event.
///
/// REST can make one column unique but no pair of them; the column holds both parts, as a digest
/// (64 hexadecimal digits). Frappe compares ignoring case and accents, and event identifiers may
/// differ in case alone; digests do not. What went in stays readable in `flow_template` and
/// `trigger_id`.
///
/// # Examples
/// ```
/// use erpnext_client::bootstrap::dedupe_key;
///
/// let key = dedupe_key("Welcome", "evt_1AbC");
/// assert_eq!(key.len(), 64);
/// assert_eq!(key, dedupe_key("Welcome", "evt_1AbC"));
/// assert_ne!(key, dedupe_key("Welcome", "evt_1aBC"));
/// assert_ne!(key, dedupe_key("Receipt", "evt_1AbC"));
/// ```
#[must_use]
pub fn dedupe_key(flow_template: &str, event_id: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(flow_template);
    // No name holds it, so that no two pairs run together alike.
    digest.update([0]);
    digest.update(event_id);
    let mut key = String::with_capacity(64);
    for byte in digest.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

pub(super) const FLOW_TEMPLATE: NewDoctype =
    NewDoctype::new("Flow Template", Naming::Prompt, TEMPLATE).roles(&[ROLE]);

static TEMPLATE: &[F] = &[
    F::new("enabled", "Enabled", "Check").default("1").listed(),
    F::new("category", "Category", "Data").listed(),
    F::new("trigger_event", "Starts on", "Data")
        .required()
        .indexed()
        .listed()
        .description("on_payment_received, on_job_complete, on_contract_signed, manual, …"),
    F::new("trigger_condition", "Condition", "Code").description("JSONLogic"),
    F::new("version", "Version", "Int").default("1").listed(),
    F::new("definition", "Definition", "JSON").required(),
    F::new("description", "Description", "Small Text"),
    F::new("is_system", "Comes with the product", "Check"),
];

pub(super) const FLOW_RUN: NewDoctype =
    NewDoctype::new("Flow Run", Naming::Format("FR-{#######}"), RUN).roles(&[ROLE]);

static RUN: &[F] = &[
    F::link("flow_template", "Template", "Flow Template")
        .required()
        .listed(),
    F::new("template_version", "Version", "Int"),
    F::select(
        "status",
        "Status",
        "Running\nWaiting\nCompleted\nFailed\nCancelled",
    )
    .required()
    .default("Running")
    .indexed()
    .listed(),
    F::link("context_doctype", "About", "DocType"),
    F::new("context_name", "Document", "Dynamic Link")
        .options("context_doctype")
        .indexed(),
    F::link("customer", "Customer", "Customer"),
    F::new("variables", "Variables", "JSON"),
    F::new("step_state", "Steps", "JSON"),
    F::new("current_step", "Current step", "Data"),
    F::new("started_at", "Started at", "Datetime"),
    F::new("wake_at", "Wakes at", "Datetime").indexed(),
    F::new("finished_at", "Finished at", "Datetime"),
    F::new("last_error", "Last error", "Long Text"),
    F::new("attempts", "Attempts", "Int"),
    F::new("trigger_event", "Started by", "Data"),
    F::new("trigger_id", "Event", "Data").indexed(),
    F::new("run_key", "Run", "Data")
        .unique()
        .description("Identifier of the run where it is executed"),
    F::new("dedupe_key", "Template and event", "Data")
        .unique()
        .description("Digest of both: one event starts a template once"),
    F::new("journal_seq", "Journal position", "Int"),
    F::new("fence", "Fence", "Int"),
];
