//! Quotation.
//!
//! Source: `erpnext/selling/doctype/quotation/quotation.json` and its child doctypes.

use jiff::civil::Date;

use super::SalesTaxesAndCharges;
use crate::value::{Decimal, Extra, SiteDateTime};
use crate::{DocName, DocStatus, Doctype, Modified, Select};

/// An offer. Submittable.
///
/// Enough to create one: `quotation_to`, `party_name` and `items` with `item_code`, `qty`, `rate`.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{QuotationItem, QuotationPatch};
///
/// let offer = QuotationPatch::default()
///     .quotation_to("Lead")
///     .party_name("CRM-LEAD-2026-00001")
///     .items([QuotationItem {
///         item_code: Some("FTTH-1000".parse()?),
///         qty: 1.into(),
///         ..Default::default()
///     }]);
/// assert_eq!(serde_json::to_value(&offer)?["items"][0]["qty"], 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Quotation")]
#[non_exhaustive]
pub struct Quotation {
    /// Name: `SAL-QTN-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Draft, submitted or cancelled.
    pub docstatus: DocStatus,
    /// Doctype of the party: `Customer`, `Lead`.
    pub quotation_to: DocName,
    /// Name of the party.
    pub party_name: Option<DocName>,
    /// What the party is called.
    #[doctype(read_only)]
    pub customer_name: Option<String>,
    /// Company that offers.
    pub company: DocName,
    /// Day of the offer.
    pub transaction_date: Date,
    /// Last day of the offer.
    pub valid_till: Option<Date>,
    /// What is offered.
    pub order_type: Option<OrderType>,
    /// Currency.
    pub currency: Option<DocName>,
    /// Exchange rate to the company's currency.
    pub conversion_rate: Option<Decimal>,
    /// Price List.
    pub selling_price_list: Option<DocName>,
    /// Lines.
    pub items: Vec<QuotationItem>,
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
    pub net_total: Option<Decimal>,
    /// Taxes.
    #[doctype(read_only)]
    pub total_taxes_and_charges: Option<Decimal>,
    /// With taxes.
    #[doctype(read_only)]
    pub grand_total: Option<Decimal>,
    /// With taxes, rounded as the currency says; 0 where rounding is disabled.
    #[doctype(read_only)]
    pub rounded_total: Option<Decimal>,
    /// The total is not rounded.
    pub disable_rounded_total: bool,
    /// How far it is.
    #[doctype(read_only)]
    pub status: Option<QuotationStatus>,
    /// Terms, HTML.
    pub terms: Option<String>,
    /// Contact.
    pub contact_person: Option<DocName>,
    /// Address of the party.
    pub customer_address: Option<DocName>,
    /// The cancelled one that this replaces.
    #[doctype(read_only)]
    pub amended_from: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What a [`Quotation`] offers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum OrderType {
    /// Sales.
    Sales,
    /// Maintenance.
    Maintenance,
    /// Shopping Cart.
    #[select("Shopping Cart")]
    ShoppingCart,
    /// An option added by the site.
    Other(String),
}

/// How far a [`Quotation`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum QuotationStatus {
    /// Draft.
    Draft,
    /// Open.
    Open,
    /// Replied.
    Replied,
    /// Partially Ordered.
    #[select("Partially Ordered")]
    PartiallyOrdered,
    /// Ordered.
    Ordered,
    /// Lost.
    Lost,
    /// Cancelled.
    Cancelled,
    /// Expired.
    Expired,
    /// An option added by the site.
    Other(String),
}

/// A line of a [`Quotation`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::QuotationItem;
/// use erpnext_client::value::Decimal;
///
/// let line: QuotationItem =
///     serde_json::from_str(r#"{"name": "q1", "item_code": "FTTH-1000", "qty": 1.0, "rate": 79.95}"#)?;
/// assert_eq!(line.rate, Some(Decimal::new(7995, 2)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Quotation Item", child)]
pub struct QuotationItem {
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
    /// Taxes of this line.
    pub item_tax_template: Option<DocName>,
    /// Warehouse.
    pub warehouse: Option<DocName>,
    /// Free text.
    pub additional_notes: Option<String>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
