//! Subscription and Subscription Plan.
//!
//! Source: `erpnext/accounts/doctype/subscription/subscription.json`,
//! `erpnext/accounts/doctype/subscription_plan/subscription_plan.json`.

use jiff::civil::Date;

use crate::value::{Decimal, Extra, SiteDateTime};
use crate::{DocName, Doctype, Modified, Select};

/// What a customer is invoiced for, again and again.
///
/// The document methods `cancel_subscription` and `restart_subscription` end and resume it.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{SubscriptionPatch, SubscriptionPlanDetail};
///
/// let subscription = SubscriptionPatch::default()
///     .party_type("Customer")
///     .party("Éloïse Tremblay")
///     .start_date(jiff::civil::date(2026, 6, 1))
///     .plans([SubscriptionPlanDetail {
///         plan: Some("FTTH 1 Gb/s".parse()?),
///         qty: 1,
///         ..Default::default()
///     }]);
/// assert_eq!(
///     serde_json::to_value(&subscription)?["plans"],
///     serde_json::json!([{"plan": "FTTH 1 Gb/s", "qty": 1}])
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Subscription")]
#[non_exhaustive]
pub struct Subscription {
    /// Name: `ACC-SUB-2026-00001`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Doctype of the party: `Customer`.
    pub party_type: DocName,
    /// Whose it is.
    pub party: DocName,
    /// Company that invoices.
    pub company: Option<DocName>,
    /// How it stands.
    #[doctype(read_only)]
    pub status: Option<SubscriptionStatus>,
    /// First day.
    pub start_date: Option<Date>,
    /// Last day.
    pub end_date: Option<Date>,
    /// Day it was cancelled.
    #[doctype(read_only)]
    pub cancelation_date: Option<Date>,
    /// First day without an invoice.
    pub trial_period_start: Option<Date>,
    /// Last day without an invoice.
    pub trial_period_end: Option<Date>,
    /// First day of the period being invoiced.
    #[doctype(read_only)]
    pub current_invoice_start: Option<Date>,
    /// Last day of the period being invoiced.
    #[doctype(read_only)]
    pub current_invoice_end: Option<Date>,
    /// What is invoiced.
    pub plans: Vec<SubscriptionPlanDetail>,
    /// When in a period it is invoiced.
    pub generate_invoice_at: Option<GenerateInvoiceAt>,
    /// Days before the period, where it is invoiced before.
    pub number_of_days: Option<i64>,
    /// Days to pay.
    pub days_until_due: Option<i64>,
    /// Invoices are submitted, not left as drafts.
    pub submit_invoice: bool,
    /// Ends with the period.
    pub cancel_at_period_end: bool,
    /// Periods begin on the first of a month.
    pub follow_calendar_months: bool,
    /// Goes on although invoices are not paid.
    pub generate_new_invoices_past_due_date: bool,
    /// Discount, in percent.
    pub additional_discount_percentage: Option<Decimal>,
    /// Discount.
    pub additional_discount_amount: Option<Decimal>,
    /// Template of the taxes.
    pub sales_tax_template: Option<DocName>,
    /// Cost Center.
    pub cost_center: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// How a [`Subscription`] stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum SubscriptionStatus {
    /// In its trial period.
    Trialing,
    /// The same, as version 15 spells it.
    Trialling,
    /// Active.
    Active,
    /// An invoice is late.
    #[select("Grace Period")]
    GracePeriod,
    /// The same, in version 15.
    #[select("Past Due Date")]
    PastDueDate,
    /// Cancelled.
    Cancelled,
    /// Unpaid.
    Unpaid,
    /// Completed.
    Completed,
    /// An option added by the site.
    Other(String),
}

/// When in a period a [`Subscription`] is invoiced.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum GenerateInvoiceAt {
    /// End of the current subscription period.
    #[select("End of the current subscription period")]
    PeriodEnd,
    /// Beginning of the current subscription period.
    #[select("Beginning of the current subscription period")]
    PeriodBeginning,
    /// Days before the current subscription period.
    #[select("Days before the current subscription period")]
    DaysBeforePeriod,
    /// An option added by the site.
    Other(String),
}

/// A plan of a [`Subscription`].
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::SubscriptionPlanDetail;
///
/// let plan: SubscriptionPlanDetail =
///     serde_json::from_str(r#"{"name": "p1", "plan": "FTTH 1 Gb/s", "qty": 1}"#)?;
/// assert_eq!(plan.qty, 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Subscription Plan Detail", child)]
pub struct SubscriptionPlanDetail {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Subscription Plan. Needed.
    pub plan: Option<DocName>,
    /// How many.
    pub qty: i64,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// An item with a price, again and again.
///
/// # Examples
/// ```
/// use erpnext_client::doctypes::{BillingInterval, SubscriptionPlanPatch};
/// use erpnext_client::value::Decimal;
///
/// let plan = SubscriptionPlanPatch::default()
///     .plan_name("FTTH 1 Gb/s")
///     .item("FTTH-1000")
///     .price_determination("Fixed Rate")
///     .cost(Decimal::new(7995, 2))
///     .billing_interval(BillingInterval::Month)
///     .billing_interval_count(1);
/// assert_eq!(serde_json::to_value(&plan)?["cost"], 79.95);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Subscription Plan")]
#[non_exhaustive]
pub struct SubscriptionPlan {
    /// The same as `plan_name`.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// What it is called.
    pub plan_name: String,
    /// Item that is invoiced.
    pub item: DocName,
    /// Currency.
    pub currency: DocName,
    /// Where the price is from.
    pub price_determination: Option<PriceDetermination>,
    /// Price of one interval, where the price is fixed.
    pub cost: Option<Decimal>,
    /// Price List, where the price is from one.
    pub price_list: Option<DocName>,
    /// Unit of the interval.
    pub billing_interval: BillingInterval,
    /// How many units make an interval.
    pub billing_interval_count: i64,
    /// Cost Center.
    pub cost_center: Option<DocName>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Where the price of a [`SubscriptionPlan`] is from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum PriceDetermination {
    /// Fixed Rate.
    #[select("Fixed Rate")]
    FixedRate,
    /// Based On Price List.
    #[select("Based On Price List")]
    BasedOnPriceList,
    /// Monthly Rate.
    #[select("Monthly Rate")]
    MonthlyRate,
    /// An option added by the site.
    Other(String),
}

/// Unit of the interval of a [`SubscriptionPlan`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
pub enum BillingInterval {
    /// Day.
    Day,
    /// Week.
    Week,
    /// Month.
    Month,
    /// Year.
    Year,
    /// An option added by the site.
    Other(String),
}
