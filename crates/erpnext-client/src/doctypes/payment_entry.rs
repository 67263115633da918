//! Payment Entry.
//!
//! Source: `erpnext/accounts/doctype/payment_entry/payment_entry.json` and its child doctype.

use jiff::civil::Date;

use crate::value::{Decimal, Extra, SiteDateTime};
use crate::{DocName, DocStatus, Doctype, Modified, Select};

/// Money received or paid. Submittable.
///
/// The best way to one: the method `get_payment_entry` of the site makes a draft for an invoice; set
/// `reference_no`, insert, submit. `reference_no` is not unique: look first.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{PaymentEntryPatch, PaymentEntryReference, PaymentType};
/// use erpnext_client::value::Decimal;
///
/// let amount = Decimal::new(7995, 2);
/// let payment = PaymentEntryPatch::default()
///     .payment_type(PaymentType::Receive)
///     .party_type("Customer")
///     .party("Éloïse Tremblay")
///     .paid_amount(amount)
///     .received_amount(amount)
///     .reference_no("pi_3Q")
///     .references([PaymentEntryReference {
///         reference_doctype: Some("Sales Invoice".parse()?),
///         reference_name: Some("ACC-SINV-2026-00001".parse()?),
///         allocated_amount: Some(amount),
///         ..Default::default()
///     }]);
/// assert_eq!(serde_json::to_value(&payment)?["references"][0]["allocated_amount"], 79.95);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Payment Entry")]
#[non_exhaustive]
pub struct PaymentEntry {
    /// Name: `ACC-PAY-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Draft, submitted or cancelled.
    pub docstatus: DocStatus,
    /// Received, paid, or moved.
    pub payment_type: PaymentType,
    /// Day of the booking.
    pub posting_date: Date,
    /// Company.
    pub company: DocName,
    /// Mode of Payment.
    pub mode_of_payment: Option<DocName>,
    /// Doctype of the party: `Customer`.
    pub party_type: Option<DocName>,
    /// Who paid, or is paid.
    pub party: Option<DocName>,
    /// What the party is called.
    pub party_name: Option<String>,
    /// Account the money comes from.
    pub paid_from: DocName,
    /// Account the money goes to.
    pub paid_to: DocName,
    /// Amount, in the currency of `paid_from`.
    pub paid_amount: Decimal,
    /// Amount, in the currency of `paid_to`.
    pub received_amount: Decimal,
    /// Exchange rate of `paid_from`.
    pub source_exchange_rate: Option<Decimal>,
    /// Exchange rate of `paid_to`.
    pub target_exchange_rate: Option<Decimal>,
    /// Cheque or transaction: the payment provider's identifier.
    pub reference_no: Option<String>,
    /// Day of that.
    pub reference_date: Option<Date>,
    /// What is paid with it.
    pub references: Vec<PaymentEntryReference>,
    /// What of it is allocated.
    #[doctype(read_only)]
    pub total_allocated_amount: Option<Decimal>,
    /// What of it is not.
    pub unallocated_amount: Option<Decimal>,
    /// What is left over between both sides.
    #[doctype(read_only)]
    pub difference_amount: Option<Decimal>,
    /// Day the bank confirmed it.
    #[doctype(read_only)]
    pub clearance_date: Option<Date>,
    /// How far it is.
    #[doctype(read_only)]
    pub status: Option<PaymentEntryStatus>,
    /// Free text.
    pub remarks: Option<String>,
    /// Cost Center.
    pub cost_center: Option<DocName>,
    /// Project.
    pub project: Option<DocName>,
    /// The cancelled one that this replaces.
    #[doctype(read_only)]
    pub amended_from: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Which way the money of a [`PaymentEntry`] goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum PaymentType {
    /// Receive.
    Receive,
    /// Pay.
    Pay,
    /// Internal Transfer.
    #[select("Internal Transfer")]
    InternalTransfer,
    /// An option added by the site.
    Other(String),
}

/// How far a [`PaymentEntry`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum PaymentEntryStatus {
    /// Draft.
    Draft,
    /// Submitted.
    Submitted,
    /// Cancelled.
    Cancelled,
    /// An option added by the site.
    Other(String),
}

/// What a [`PaymentEntry`] pays.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::PaymentEntryReference;
/// use erpnext_client::value::Decimal;
///
/// let paid: PaymentEntryReference = serde_json::from_str(
///     r#"{"name": "r1", "reference_doctype": "Sales Invoice", "reference_name": "ACC-SINV-2026-00001",
///         "allocated_amount": 80.0}"#,
/// )?;
/// assert_eq!(paid.allocated_amount, Some(Decimal::from(80)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Payment Entry Reference", child)]
pub struct PaymentEntryReference {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Doctype: `Sales Invoice`. Needed.
    pub reference_doctype: Option<DocName>,
    /// Document. Needed.
    pub reference_name: Option<DocName>,
    /// Last day to pay. Set by the site.
    pub due_date: Option<Date>,
    /// Total of the document. Set by the site.
    pub total_amount: Option<Decimal>,
    /// What was still to be paid. Set by the site.
    pub outstanding_amount: Option<Decimal>,
    /// What is paid of it.
    pub allocated_amount: Option<Decimal>,
    /// Exchange rate of the document. Set by the site.
    pub exchange_rate: Option<Decimal>,
    /// Account.
    pub account: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
