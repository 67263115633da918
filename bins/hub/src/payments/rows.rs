//! What is read of ERPNext's documents about money, and no more.

use erpnext_client::value::{Decimal, SiteDateTime};
use erpnext_client::{DocName, DocStatus, Doctype};
use jiff::civil::Date;

/// Who pays.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Customer")]
pub(super) struct Payer {
    pub(super) name: DocName,
    pub(super) customer_name: Option<String>,
    pub(super) language: Option<DocName>,
    pub(super) email_id: Option<String>,
    pub(super) disabled: Option<bool>,
    pub(super) custom_stripe_customer: Option<String>,
    pub(super) custom_ppa_enabled: Option<bool>,
    pub(super) custom_ppa_consent_at: Option<SiteDateTime>,
    pub(super) custom_ppa_consent_version: Option<String>,
    pub(super) custom_ppa_consent_by: Option<String>,
    pub(super) custom_ppa_payment_method: Option<String>,
}

/// What is to be paid.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Sales Invoice")]
pub(super) struct Bill {
    pub(super) name: DocName,
    pub(super) docstatus: DocStatus,
    pub(super) customer: Option<DocName>,
    pub(super) posting_date: Option<Date>,
    pub(super) due_date: Option<Date>,
    pub(super) is_return: Option<bool>,
    pub(super) currency: Option<DocName>,
    pub(super) outstanding_amount: Option<Decimal>,
}

/// Money that was booked.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Payment Entry")]
pub(super) struct Booked {
    pub(super) name: DocName,
    pub(super) docstatus: DocStatus,
    pub(super) payment_type: Option<String>,
    pub(super) posting_date: Option<Date>,
    pub(super) party: Option<DocName>,
    pub(super) paid_amount: Option<Decimal>,
    pub(super) custom_psp_reference: Option<String>,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Communication")]
pub(super) struct Sent {
    pub(super) name: DocName,
}

/// A person, for the address to write to.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Contact")]
pub(super) struct Person {
    pub(super) name: DocName,
    pub(super) email_id: Option<String>,
}
