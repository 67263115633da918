// Fibre Plan, as its site describes it.

use erpnext_client::value::{Date, Decimal, Extra, Json, SignedDuration, SiteDateTime, SiteTime};
use erpnext_client::{DocName, DocStatus, Doctype, Modified, Select};

/// What is sold, with \<b\>all\</b\> kinds of fields and \[odd\] names.
///
/// Submittable.
#[derive(Clone, Debug, PartialEq, Doctype)]
#[doctype(name = "Fibre Plan")]
pub struct FibrePlan {
    /// Name.
    pub name: DocName,
    /// Who made it.
    pub owner: Option<DocName>,
    /// When it was made.
    pub creation: Option<SiteDateTime>,
    /// Optimistic lock.
    pub modified: Option<Modified>,
    /// Draft, submitted or cancelled.
    pub docstatus: DocStatus,
    /// Title.
    pub title: String,
    /// Type.
    pub r#type: FibrePlanType,
    /// Status.
    #[doctype(read_only)]
    pub status: Option<FibrePlanStatus>,
    /// Series.
    pub series: Option<String>,
    /// Customer.
    ///
    /// Link to Customer.
    pub customer: Option<DocName>,
    /// Party.
    ///
    /// Its doctype is in party\_type.
    pub party: Option<DocName>,
    /// Cost.
    ///
    /// Per month\\in CAD.
    pub cost: Decimal,
    /// Speed (Mb/s).
    pub speed: Option<i64>,
    /// Rank.
    pub rank: Option<f64>,
    /// Enabled.
    pub enabled: bool,
    /// Starts.
    pub starts: Option<Date>,
    /// Seen at.
    pub seen_at: Option<SiteDateTime>,
    /// Opens.
    pub opens: Option<SiteTime>,
    /// Lasts.
    pub lasts: Option<SignedDuration>,
    /// Detail.
    pub detail: Option<Json>,
    /// Age.
    #[doctype(read_only, unlisted)]
    pub age: Option<i64>,
    /// Default.
    #[doctype(rename = "default")]
    pub default_: Option<String>,
    /// 2FA.
    #[doctype(rename = "2fa_method")]
    pub field_2fa_method: Option<String>,
    /// How.
    pub how_the_signal_is_to_be_measured_when_nobody_is_at_home:
        Option<FibrePlanHowTheSignalIsToBeMeasuredWhenNobodyIsAtHome>,
    /// Steps.
    pub steps: Vec<FibrePlanStep>,
    // `regions`, rows of Fibre Plan Region, is in `extra`: they were not described.
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Type.
///
/// Options of a field of [`FibrePlan`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
pub enum FibrePlanType {
    /// Home.
    Home,
    /// Business 24/7.
    #[select("Business 24/7")]
    Business24_7,
    /// 501-1000.
    #[select("501-1000")]
    N501_1000,
    /// An option added by the site.
    Other(String),
}

/// Status.
///
/// Options of a field of [`FibrePlan`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
pub enum FibrePlanStatus {
    /// Open.
    Open,
    /// En Route.
    #[select("En Route")]
    EnRoute,
    /// À faire.
    #[select("À faire")]
    ÀFaire,
    /// An option added by the site.
    Other(String),
}

/// How.
///
/// Options of a field of [`FibrePlan`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
pub enum FibrePlanHowTheSignalIsToBeMeasuredWhenNobodyIsAtHome {
    /// Remote.
    Remote,
    /// Visit.
    Visit,
    /// An option added by the site.
    Other(String),
}

/// Fibre Plan Step.
#[derive(Clone, Debug, Default, PartialEq, Doctype)]
#[doctype(name = "Fibre Plan Step", child)]
pub struct FibrePlanStep {
    /// Name of the row; a new one has none.
    pub name: Option<DocName>,
    /// Label.
    pub label: Option<String>,
    /// Kind.
    pub kind: Option<FibrePlanStepKind>,
    /// Done.
    pub done: bool,
    /// Quantity.
    pub qty: Option<Decimal>,
    /// Fields that have no place above.
    #[doctype(extra)]
    pub extra: Extra,
}

/// Kind.
///
/// Options of a field of [`FibrePlanStep`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
pub enum FibrePlanStepKind {
    /// Start.
    Start,
    /// End.
    End,
    /// An option added by the site.
    Other(String),
}
