//! Sales Invoice.
//!
//! Source: `erpnext/accounts/doctype/sales_invoice/sales_invoice.json` and its child doctypes.

use jiff::civil::Date;

use crate::value::{Decimal, Extra, SiteDateTime, SiteTime};
use crate::{DocName, DocStatus, Doctype, Modified, Select};

/// An invoice to a customer. Submittable.
///
/// Enough to create one: `customer`, `due_date`, and `items` with `item_code`, `qty`, `rate`.
///
/// Collect `outstanding_amount`, never `grand_total`: a site may round the total (79.95 was booked as
/// 80.00) unless `disable_rounded_total` is set.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{SalesInvoiceItem, SalesInvoicePatch};
/// use erpnext_client::value::Decimal;
///
/// let invoice = SalesInvoicePatch::default()
///     .customer("Éloïse Tremblay")
///     .due_date(jiff::civil::date(2026, 6, 1))
///     .items([SalesInvoiceItem {
///         item_code: Some("FTTH-1000".parse()?),
///         qty: 1.into(),
///         rate: Some(Decimal::new(7995, 2)),
///         ..Default::default()
///     }]);
/// assert_eq!(
///     serde_json::to_value(&invoice)?,
///     serde_json::json!({
///         "customer": "Éloïse Tremblay",
///         "due_date": "2026-06-01",
///         "items": [{"item_code": "FTTH-1000", "qty": 1, "rate": 79.95}],
///     })
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Sales Invoice")]
#[non_exhaustive]
pub struct SalesInvoice {
    /// Name: `ACC-SINV-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Draft, submitted or cancelled.
    pub docstatus: DocStatus,
    /// Who is to pay.
    pub customer: DocName,
    /// What the customer is called.
    #[doctype(read_only)]
    pub customer_name: Option<String>,
    /// Who is paid.
    pub company: DocName,
    /// Day of the booking; today unless `set_posting_time` is sent.
    pub posting_date: Date,
    /// Time of the booking.
    pub posting_time: Option<SiteTime>,
    /// `posting_date` is kept as it is sent.
    pub set_posting_time: bool,
    /// Last day to pay.
    pub due_date: Option<Date>,
    /// A credit note.
    pub is_return: bool,
    /// The invoice that a credit note takes back.
    pub return_against: Option<DocName>,
    /// Currency.
    pub currency: DocName,
    /// Exchange rate to the company's currency.
    pub conversion_rate: Option<Decimal>,
    /// Price List.
    pub selling_price_list: Option<DocName>,
    /// Account of what is owed.
    pub debit_to: DocName,
    /// Cost Center.
    pub cost_center: Option<DocName>,
    /// Project.
    pub project: Option<DocName>,
    /// Lines.
    pub items: Vec<SalesInvoiceItem>,
    /// Template of the taxes.
    pub taxes_and_charges: Option<DocName>,
    /// Taxes.
    pub taxes: Vec<SalesTaxesAndCharges>,
    /// Discount on the whole, in percent.
    pub additional_discount_percentage: Option<Decimal>,
    /// Discount on the whole.
    pub discount_amount: Option<Decimal>,
    /// Without taxes.
    #[doctype(read_only)]
    pub net_total: Decimal,
    /// Taxes.
    #[doctype(read_only)]
    pub total_taxes_and_charges: Option<Decimal>,
    /// With taxes.
    #[doctype(read_only)]
    pub grand_total: Decimal,
    /// With taxes, rounded as the currency says; 0 where rounding is disabled.
    #[doctype(read_only)]
    pub rounded_total: Option<Decimal>,
    /// What is still to be paid.
    #[doctype(read_only)]
    pub outstanding_amount: Decimal,
    /// The total is not rounded.
    pub disable_rounded_total: bool,
    /// How far it is.
    #[doctype(read_only)]
    pub status: Option<SalesInvoiceStatus>,
    /// The Subscription that made it.
    pub subscription: Option<DocName>,
    /// First day of what is invoiced.
    pub from_date: Option<Date>,
    /// Last day of what is invoiced.
    pub to_date: Option<Date>,
    /// The customer's order.
    pub po_no: Option<String>,
    /// Free text.
    pub remarks: Option<String>,
    /// Terms, HTML.
    pub terms: Option<String>,
    /// Contact.
    pub contact_person: Option<DocName>,
    /// Address of the customer.
    pub customer_address: Option<DocName>,
    /// Payment Terms Template.
    pub payment_terms_template: Option<DocName>,
    /// The cancelled one that this replaces.
    #[doctype(read_only)]
    pub amended_from: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How far a [`SalesInvoice`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum SalesInvoiceStatus {
    /// Draft.
    Draft,
    /// Return.
    Return,
    /// Credit Note Issued.
    #[select("Credit Note Issued")]
    CreditNoteIssued,
    /// Submitted.
    Submitted,
    /// Paid.
    Paid,
    /// Partly Paid.
    #[select("Partly Paid")]
    PartlyPaid,
    /// Unpaid.
    Unpaid,
    /// Unpaid and Discounted.
    #[select("Unpaid and Discounted")]
    UnpaidAndDiscounted,
    /// Partly Paid and Discounted.
    #[select("Partly Paid and Discounted")]
    PartlyPaidAndDiscounted,
    /// Overdue and Discounted.
    #[select("Overdue and Discounted")]
    OverdueAndDiscounted,
    /// Overdue.
    Overdue,
    /// Cancelled.
    Cancelled,
    /// Internal Transfer.
    #[select("Internal Transfer")]
    InternalTransfer,
    /// An option added by the site.
    Other(String),
}

/// A line of a [`SalesInvoice`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::SalesInvoiceItem;
///
/// // What the struct has no place for goes back with the row.
/// let line: SalesInvoiceItem =
///     serde_json::from_str(r#"{"name": "a1", "item_code": "FTTH-1000", "qty": 2.0, "idx": 1}"#)?;
/// assert_eq!(serde_json::to_value(&line)?["idx"], 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Sales Invoice Item", child)]
pub struct SalesInvoiceItem {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Item.
    pub item_code: Option<DocName>,
    /// What it is called; the Item's own name if not sent.
    pub item_name: Option<String>,
    /// HTML; the Item's own if not sent.
    pub description: Option<String>,
    /// How many.
    pub qty: Decimal,
    /// Unit; the Item's own if not sent.
    pub uom: Option<DocName>,
    /// Price of one; from the price list if not sent.
    pub rate: Option<Decimal>,
    /// Discount, in percent of the price list's rate.
    pub discount_percentage: Option<Decimal>,
    /// `qty` times `rate`. Set by the site.
    pub amount: Option<Decimal>,
    /// Without taxes that the price includes. Set by the site.
    pub net_amount: Option<Decimal>,
    /// Account of the income.
    pub income_account: Option<DocName>,
    /// Cost Center.
    pub cost_center: Option<DocName>,
    /// Taxes of this line.
    pub item_tax_template: Option<DocName>,
    /// First day of the service.
    pub service_start_date: Option<Date>,
    /// Last day of the service.
    pub service_end_date: Option<Date>,
    /// Serial numbers, one a line.
    pub serial_no: Option<String>,
    /// Warehouse.
    pub warehouse: Option<DocName>,
    /// Project.
    pub project: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// A tax of a [`SalesInvoice`] or a [`Quotation`](super::Quotation).
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{ChargeType, SalesTaxesAndCharges};
/// use erpnext_client::value::Decimal;
///
/// let qst = SalesTaxesAndCharges {
///     charge_type: Some(ChargeType::OnNetTotal),
///     account_head: Some("QST - G".parse()?),
///     description: Some("TVQ".to_owned()),
///     rate: Some(Decimal::new(9975, 3)),
///     ..Default::default()
/// };
/// assert_eq!(serde_json::to_value(&qst)?["rate"], 9.975);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Sales Taxes and Charges", child)]
pub struct SalesTaxesAndCharges {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// What it is computed on. Needed.
    pub charge_type: Option<ChargeType>,
    /// Account. Needed.
    pub account_head: Option<DocName>,
    /// What is printed. Needed.
    pub description: Option<String>,
    /// Percent.
    pub rate: Option<Decimal>,
    /// Amount, when the type is `Actual`; else set by the site.
    pub tax_amount: Option<Decimal>,
    /// Total with this tax. Set by the site.
    pub total: Option<Decimal>,
    /// The prices include it.
    pub included_in_print_rate: bool,
    /// Cost Center.
    pub cost_center: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What a tax is computed on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum ChargeType {
    /// Actual.
    Actual,
    /// On Net Total.
    #[select("On Net Total")]
    OnNetTotal,
    /// On Previous Row Amount.
    #[select("On Previous Row Amount")]
    OnPreviousRowAmount,
    /// On Previous Row Total.
    #[select("On Previous Row Total")]
    OnPreviousRowTotal,
    /// On Item Quantity.
    #[select("On Item Quantity")]
    OnItemQuantity,
    /// An option added by the site.
    Other(String),
}
