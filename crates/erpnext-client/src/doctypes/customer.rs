//! Customer.
//!
//! Source: `erpnext/selling/doctype/customer/customer.json`.

use crate::value::{Decimal, Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// Who is served and invoiced.
///
/// A second customer of the same name is made without a word, as `X - 1`: create it by something
/// unique.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{Customer, CustomerPatch};
///
/// let customer: Customer = serde_json::from_str(
///     r#"{"name": "Éloïse Tremblay", "customer_name": "Éloïse Tremblay", "customer_type": "Individual",
///         "disabled": 0, "is_frozen": 0, "custom_area": "B"}"#,
/// )?;
/// assert_eq!(customer.extra["custom_area"], "B");
/// let freeze = CustomerPatch::default().is_frozen(true);
/// assert_eq!(serde_json::to_string(&freeze)?, r#"{"is_frozen":1}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Customer")]
#[non_exhaustive]
pub struct Customer {
    /// The customer's name, or `CUST-2026-00001`: a setting of the site.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What the customer is called.
    pub customer_name: String,
    /// Company, individual, partnership.
    pub customer_type: Option<CustomerType>,
    /// Customer Group.
    pub customer_group: Option<DocName>,
    /// Territory.
    pub territory: Option<DocName>,
    /// Language of what is sent: `fr`.
    pub language: Option<DocName>,
    /// Currency of invoices, where it is not the company's.
    pub default_currency: Option<DocName>,
    /// Price List.
    pub default_price_list: Option<DocName>,
    /// Tax number.
    pub tax_id: Option<String>,
    /// Tax Category.
    pub tax_category: Option<DocName>,
    /// E-mail address of the primary contact.
    #[doctype(read_only)]
    pub email_id: Option<String>,
    /// Mobile number of the primary contact.
    #[doctype(read_only)]
    pub mobile_no: Option<String>,
    /// Contact.
    pub customer_primary_contact: Option<DocName>,
    /// Address.
    pub customer_primary_address: Option<DocName>,
    /// Payment Terms Template.
    pub payment_terms: Option<DocName>,
    /// The Lead it was.
    pub lead_name: Option<DocName>,
    /// Web site.
    pub website: Option<String>,
    /// Free text.
    pub customer_details: Option<String>,
    /// Not to be chosen any more.
    pub disabled: bool,
    /// Nothing more may be booked.
    pub is_frozen: bool,
    /// What may be owed, by company.
    pub credit_limits: Vec<CustomerCreditLimit>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// What a [`Customer`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum CustomerType {
    /// Company.
    Company,
    /// Individual.
    Individual,
    /// Partnership.
    Partnership,
    /// An option added by the site.
    Other(String),
}

/// What a [`Customer`] may owe to a company.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::CustomerCreditLimit;
/// use erpnext_client::value::Decimal;
///
/// let limit = CustomerCreditLimit { credit_limit: Some(Decimal::from(500)), ..Default::default() };
/// assert_eq!(serde_json::to_string(&limit)?, r#"{"credit_limit":500,"bypass_credit_limit_check":0}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Customer Credit Limit", child)]
pub struct CustomerCreditLimit {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Company.
    pub company: Option<DocName>,
    /// Amount.
    pub credit_limit: Option<Decimal>,
    /// Not looked at when an order is made.
    pub bypass_credit_limit_check: bool,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}
