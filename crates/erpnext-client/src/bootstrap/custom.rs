//! Fields on doctypes of ERPNext. The unique ones are what makes creating a document twice
//! impossible where Frappe itself would make a twin.

use super::{NewCustomField, NewField as F};

const fn on(doctype: &'static str, field: F) -> NewCustomField {
    NewCustomField::new(doctype, field)
}

const ORDER: F = F::new("custom_order_ref", "Order", "Data")
    .unique()
    .description("The order that created this document");

pub(super) static FIELDS: &[NewCustomField] = &[
    on(
        "Payment Entry",
        F::new(
            "custom_psp_reference",
            "Payment provider's reference",
            "Data",
        )
        .unique()
        .description("Payment intent or refund: the same money is never booked twice"),
    ),
    on(
        "Customer",
        F::new("custom_legacy_id", "Former customer number", "Data").unique(),
    ),
    on(
        "Customer",
        F::new("custom_ppa_enabled", "Pre-authorised payment", "Check"),
    ),
    on(
        "Customer",
        F::new(
            "custom_ppa_consent_at",
            "Consent given or withdrawn at",
            "Datetime",
        ),
    ),
    on(
        "Customer",
        F::new(
            "custom_ppa_consent_version",
            "Text that was agreed to",
            "Data",
        ),
    ),
    on(
        "Customer",
        F::new("custom_ppa_consent_by", "Consent taken down by", "Data"),
    ),
    on(
        "Customer",
        F::new("custom_ppa_payment_method", "Card to charge", "Data")
            .description("Payment method at the payment provider; empty for its default"),
    ),
    on(
        "Customer",
        F::new(
            "custom_stripe_customer",
            "Customer at the payment provider",
            "Data",
        )
        .unique()
        .description("cus_…: whose cards are charged"),
    ),
    on("Customer", ORDER),
    on("Lead", ORDER),
    on("Quotation", ORDER),
    on(
        "Communication",
        F::new("custom_external_ref", "External reference", "Data")
            .unique()
            .description("Call or message at the telephone provider"),
    ),
];
