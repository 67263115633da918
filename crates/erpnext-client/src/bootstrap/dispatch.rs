//! Work to do at a place, and its tables.

use super::{Naming, NewDoctype, NewField as F, ROLE};

pub(super) const DISPATCH_JOB: NewDoctype =
    NewDoctype::new("Dispatch Job", Naming::Format("DJ-{#####}"), JOB)
        .title("subject")
        .roles(&[ROLE]);

static JOB: &[F] = &[
    F::new("subject", "Subject", "Data").required().listed(),
    F::select(
        "job_type",
        "Type",
        "\nInstall\nRepair\nUpgrade\nMove\nDisconnect\nSurvey",
    )
    .required()
    .listed(),
    F::select(
        "status",
        "Status",
        "Open\nAssigned\nEn Route\nOn Site\nCompleted\nCancelled\nOn Hold",
    )
    .required()
    .default("Open")
    .indexed()
    .listed(),
    F::select("priority", "Priority", "Low\nMedium\nHigh\nUrgent").default("Medium"),
    F::link("customer", "Customer", "Customer"),
    F::link("service_location", "Service location", "Service Location"),
    F::link("subscription", "Subscription", "Subscription"),
    F::new("ticket", "Ticket", "Data").indexed().description(
        "Name of the HD Ticket or Issue: which of the two a site has is its own affair",
    ),
    F::link("technician", "Technician", "Technician").listed(),
    F::table("assistants", "Assistants", "Dispatch Job Assistant"),
    F::new("scheduled_date", "Date", "Date").indexed().listed(),
    F::new("start_time", "Start", "Time"),
    F::new("duration_minutes", "Minutes", "Int"),
    F::new("score", "Score", "Float"),
    F::new("score_detail", "How the score came about", "JSON"),
    F::new("required_skills", "Required skills", "Small Text")
        .description("Separated by commas, a level after a colon: fusion:2, aerial"),
    F::new("template", "Template", "Data"),
    F::link("depends_on", "Waits for", "Dispatch Job"),
    F::table("materials", "Materials", "Dispatch Job Material"),
    F::table("checklist", "Checklist", "Dispatch Job Checklist Item"),
    F::new("photos", "Photos", "JSON").description("Addresses of the attached files"),
    F::new("signature", "Signature", "Attach"),
    F::new("notes", "Notes", "Text"),
    F::new("external_ref", "External reference", "Data")
        .unique()
        .description("Makes creating it twice impossible"),
    F::new("arrived_at", "Arrived at", "Datetime"),
    F::new("completed_at", "Completed at", "Datetime"),
];

pub(super) const ASSISTANT: NewDoctype = NewDoctype::child(
    "Dispatch Job Assistant",
    &[F::link("technician", "Technician", "Technician")
        .required()
        .listed()],
);

pub(super) const MATERIAL: NewDoctype = NewDoctype::child(
    "Dispatch Job Material",
    &[
        F::link("item", "Item", "Item").required().listed(),
        F::new("qty", "Quantity", "Float").default("1").listed(),
        F::new("serial_no", "Serial number", "Data").listed(),
    ],
);

pub(super) const CHECKLIST_ITEM: NewDoctype = NewDoctype::child(
    "Dispatch Job Checklist Item",
    &[
        F::new("label", "Label", "Data").required().listed(),
        F::new("done", "Done", "Check").listed(),
        F::new("done_at", "Done at", "Datetime").listed(),
    ],
);
