//! What is read of ERPNext's documents: the fields that the screens show, and no other.
//!
//! Everything but the name is optional: a record that is not as it should be is shown as far as it
//! goes.

use erpnext_client::doctypes::{ContactPhone, DynamicLink, SubscriptionPlanDetail};
use erpnext_client::value::{Decimal, SiteDateTime, SiteTime};
use erpnext_client::{DocName, Doctype};
use jiff::civil::Date;

/// A client.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Customer")]
pub(super) struct Customer {
    pub(super) name: DocName,
    pub(super) customer_name: Option<String>,
    pub(super) disabled: Option<bool>,
    pub(super) is_frozen: Option<bool>,
    pub(super) mobile_no: Option<String>,
    pub(super) email_id: Option<String>,
}

/// A person, with the clients that the person stands for.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Contact")]
pub(super) struct Contact {
    pub(super) name: DocName,
    pub(super) phone: Option<String>,
    pub(super) mobile_no: Option<String>,
    pub(super) email_id: Option<String>,
    pub(super) phone_nos: Vec<ContactPhone>,
    pub(super) links: Vec<DynamicLink>,
}

/// An address, with the clients that it belongs to.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Address")]
pub(super) struct Address {
    pub(super) name: DocName,
    pub(super) address_line1: Option<String>,
    pub(super) city: Option<String>,
    pub(super) pincode: Option<String>,
    pub(super) links: Vec<DynamicLink>,
}

/// Columns of a [`DynamicLink`].
pub(super) const LINK: [&str; 2] = ["link_doctype", "link_name"];

/// Columns of a [`ContactPhone`].
pub(super) const PHONE: [&str; 3] = ["phone", "is_primary_phone", "is_primary_mobile_no"];

/// The clients among what something belongs to.
pub(super) fn customers(links: &[DynamicLink]) -> impl Iterator<Item = &DocName> {
    links
        .iter()
        .filter(|link| {
            link.link_doctype
                .as_ref()
                .is_some_and(|doctype| doctype.as_str() == "Customer")
        })
        .filter_map(|link| link.link_name.as_ref())
}

/// A place that is or will be served.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Service Location")]
pub(super) struct Location {
    pub(super) name: DocName,
    pub(super) customer: Option<DocName>,
    pub(super) status: Option<String>,
    pub(super) address_line: Option<String>,
    pub(super) city: Option<String>,
    pub(super) postal_code: Option<String>,
}

/// A device of ours.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Service Equipment")]
pub(super) struct Device {
    pub(super) name: DocName,
    pub(super) customer: Option<DocName>,
    pub(super) serial_number: Option<String>,
    pub(super) equipment_type: Option<String>,
    pub(super) brand: Option<String>,
    pub(super) model: Option<String>,
    pub(super) status: Option<String>,
    pub(super) acs: Option<String>,
    pub(super) acs_device_id: Option<String>,
}

/// An invoice.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Sales Invoice")]
pub(super) struct Invoice {
    pub(super) name: DocName,
    pub(super) customer: Option<DocName>,
    pub(super) creation: Option<SiteDateTime>,
    pub(super) posting_date: Option<Date>,
    pub(super) due_date: Option<Date>,
    pub(super) grand_total: Option<Decimal>,
    pub(super) rounded_total: Option<Decimal>,
    pub(super) outstanding_amount: Option<Decimal>,
    pub(super) is_return: Option<bool>,
}

/// Money that came in or went out.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Payment Entry")]
pub(super) struct Payment {
    pub(super) name: DocName,
    pub(super) creation: Option<SiteDateTime>,
    pub(super) posting_date: Option<Date>,
    pub(super) payment_type: Option<String>,
    pub(super) paid_amount: Option<Decimal>,
    pub(super) mode_of_payment: Option<String>,
}

/// What a client has subscribed to.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Subscription")]
pub(super) struct Subscription {
    pub(super) name: DocName,
    pub(super) status: Option<String>,
    pub(super) plans: Vec<SubscriptionPlanDetail>,
}

/// A plan.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Subscription Plan")]
pub(super) struct PlanRow {
    pub(super) name: DocName,
    pub(super) plan_name: Option<String>,
    pub(super) price_determination: Option<String>,
    pub(super) cost: Option<Decimal>,
    pub(super) billing_interval: Option<String>,
    pub(super) billing_interval_count: Option<i64>,
}

/// A job.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Dispatch Job")]
pub(super) struct Job {
    pub(super) name: DocName,
    pub(super) creation: Option<SiteDateTime>,
    pub(super) job_type: Option<String>,
    pub(super) status: Option<String>,
    pub(super) technician: Option<DocName>,
    pub(super) scheduled_date: Option<Date>,
    pub(super) start_time: Option<SiteTime>,
    pub(super) duration_minutes: Option<i64>,
    pub(super) completed_at: Option<SiteDateTime>,
}

/// Who does jobs.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Technician")]
pub(super) struct Technician {
    pub(super) name: DocName,
    pub(super) full_name: Option<String>,
}

/// A request of a client.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Issue")]
pub(super) struct Issue {
    pub(super) name: DocName,
    pub(super) creation: Option<SiteDateTime>,
    pub(super) subject: Option<String>,
    pub(super) status: Option<String>,
}

/// A message, without its text: an e-mail may be very long.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Communication")]
pub(super) struct Message {
    pub(super) name: DocName,
    pub(super) creation: Option<SiteDateTime>,
    pub(super) communication_date: Option<SiteDateTime>,
    pub(super) communication_medium: Option<String>,
    pub(super) sent_or_received: Option<String>,
    pub(super) subject: Option<String>,
}

/// The text of a message.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Communication")]
pub(super) struct MessageText {
    pub(super) name: DocName,
    pub(super) content: Option<String>,
}
