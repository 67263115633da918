//! GL Entry and Account.
//!
//! Source: `erpnext/accounts/doctype/gl_entry/gl_entry.json`,
//! `erpnext/accounts/doctype/account/account.json`.

use jiff::civil::Date;

use crate::value::{Decimal, Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// A line of the ledger. Only the site writes it; filter by `is_cancelled = 0`.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::GlEntry;
/// use erpnext_client::value::Decimal;
///
/// let entry: GlEntry = serde_json::from_str(
///     r#"{"name": "ACC-GLE-2026-00001", "account": "Debtors - G", "debit": 79.95, "credit": 0.0,
///         "is_opening": "No", "is_cancelled": 0}"#,
/// )?;
/// assert_eq!(entry.debit - entry.credit, Decimal::new(7995, 2));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "GL Entry")]
#[non_exhaustive]
pub struct GlEntry {
    /// Name: `ACC-GLE-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Day of the booking.
    #[doctype(read_only)]
    pub posting_date: Option<Date>,
    /// Account.
    #[doctype(read_only)]
    pub account: Option<DocName>,
    /// Doctype of the party.
    #[doctype(read_only)]
    pub party_type: Option<DocName>,
    /// Whose debt it is.
    #[doctype(read_only)]
    pub party: Option<DocName>,
    /// Debit, in the company's currency.
    #[doctype(read_only)]
    pub debit: Decimal,
    /// Credit, in the company's currency.
    #[doctype(read_only)]
    pub credit: Decimal,
    /// Currency of the account.
    #[doctype(read_only)]
    pub account_currency: Option<DocName>,
    /// Debit, in the account's currency.
    #[doctype(read_only)]
    pub debit_in_account_currency: Option<Decimal>,
    /// Credit, in the account's currency.
    #[doctype(read_only)]
    pub credit_in_account_currency: Option<Decimal>,
    /// Doctype of what was booked.
    #[doctype(read_only)]
    pub voucher_type: Option<DocName>,
    /// What was booked.
    #[doctype(read_only)]
    pub voucher_no: Option<DocName>,
    /// Doctype of what that pays.
    #[doctype(read_only)]
    pub against_voucher_type: Option<DocName>,
    /// What that pays.
    #[doctype(read_only)]
    pub against_voucher: Option<DocName>,
    /// Company.
    #[doctype(read_only)]
    pub company: Option<DocName>,
    /// Fiscal Year.
    #[doctype(read_only)]
    pub fiscal_year: Option<DocName>,
    /// Cost Center.
    #[doctype(read_only)]
    pub cost_center: Option<DocName>,
    /// Free text.
    #[doctype(read_only)]
    pub remarks: Option<String>,
    /// Opens the books.
    #[doctype(read_only)]
    pub is_opening: Option<YesNo>,
    /// Taken back.
    #[doctype(read_only)]
    pub is_cancelled: bool,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Yes or no, where a site says it in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum YesNo {
    /// No.
    No,
    /// Yes.
    Yes,
    /// An option added by the site.
    Other(String),
}

/// An account, or a group of accounts.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{Account, RootType};
///
/// let account: Account = serde_json::from_str(
///     r#"{"name": "Debtors - G", "account_name": "Debtors", "company": "Gigafibre", "is_group": 0,
///         "disabled": 0, "root_type": "Asset", "account_type": "Receivable", "lft": 4, "rgt": 5}"#,
/// )?;
/// assert_eq!(account.root_type, Some(RootType::Asset));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Account")]
#[non_exhaustive]
pub struct Account {
    /// Name: `{number} - {name} - {abbreviation of the company}`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it is called.
    pub account_name: String,
    /// Number.
    pub account_number: Option<String>,
    /// Company.
    pub company: DocName,
    /// Group it is in; the roots have none.
    pub parent_account: Option<DocName>,
    /// A group: nothing is booked on it.
    pub is_group: bool,
    /// Which part of the books.
    #[doctype(read_only)]
    pub root_type: Option<RootType>,
    /// What it is for: `Receivable`, `Bank`, `Tax`, …
    pub account_type: Option<String>,
    /// Currency.
    pub account_currency: Option<DocName>,
    /// Percent, of a tax account.
    pub tax_rate: Option<Decimal>,
    /// Not to be chosen any more.
    pub disabled: bool,
    /// Left bound in the tree.
    #[doctype(read_only)]
    pub lft: Option<i64>,
    /// Right bound in the tree.
    #[doctype(read_only)]
    pub rgt: Option<i64>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Which part of the books an [`Account`] is in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum RootType {
    /// Asset.
    Asset,
    /// Liability.
    Liability,
    /// Income.
    Income,
    /// Expense.
    Expense,
    /// Equity.
    Equity,
    /// An option added by the site.
    Other(String),
}
