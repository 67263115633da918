//! ERPNext as this room uses it: a client of its own, so that what hangs here holds up no page.

use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use effect_journal::EffectError;
use erpnext_client::{
    Changes, Client, Created, Credentials, DocName, DocStatus, Doctype, Document, Error, Filter,
    Modified, Record as _, RetryPolicy,
};
use integration_core::transport::{ReqwestOptions, ReqwestTransport};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::share::Bill;
use crate::platform::config::Erpnext;
use crate::platform::metrics::Measured;

/// How long a look may take, and how long a booking.
const READ: Duration = Duration::from_secs(5);
const WRITE: Duration = Duration::from_secs(10);
/// Most calls under way: what hangs among them must leave room for the others.
const AT_ONCE: usize = 12;
/// How long a call waits for its turn.
const TURN: Duration = Duration::from_secs(15);
/// How long what is known of the way of paying serves.
const FRESH: Duration = Duration::from_secs(600);
/// The field that keeps ERPNext from booking the same money twice.
pub(super) const REFERENCE: &str = "custom_psp_reference";
/// The field of a customer that holds its name at Stripe.
const PAYER: &str = "custom_stripe_customer";
/// The way of paying, where the site has it.
const MODE: &str = "Stripe";
const PAYMENT: &str = "Payment Entry";
const GET_PAYMENT_ENTRY: &str =
    "erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry";

/// A Payment Entry, as far as it is looked at.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Payment Entry")]
pub(super) struct Entry {
    pub(super) name: DocName,
    pub(super) modified: Option<Modified>,
    pub(super) docstatus: DocStatus,
    pub(super) company: Option<DocName>,
    pub(super) party: Option<DocName>,
    pub(super) paid_from: Option<DocName>,
    pub(super) paid_to: Option<DocName>,
    pub(super) total_allocated_amount: Option<Decimal>,
    pub(super) unallocated_amount: Option<Decimal>,
}

/// Where money is when no invoice says.
#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Company")]
struct Company {
    name: DocName,
    default_currency: Option<DocName>,
    default_bank_account: Option<DocName>,
    default_cash_account: Option<DocName>,
}

/// Why the books do not take something.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// ERPNext.
    Erp(Error),
    /// The site lacks the field without which the same money could be booked twice.
    NoField,
    /// Neither the invoice nor the customer is known there.
    Nobody,
    /// The invoice, or the company, counts in another currency.
    Currency,
    /// The company has no account to book on.
    NoAccount,
    /// The invoice changed while it was looked at.
    Moved,
    /// What it is about is not booked yet.
    NotYet,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Erp(_) => "ERPNext did not do it",
            Self::NoField => {
                "Payment Entry has no unique field custom_psp_reference: run `fsm erp bootstrap`"
            }
            Self::Nobody => "neither an invoice nor a customer is known for it",
            Self::Currency => "the currency is not the invoice's",
            Self::NoAccount => "the company has neither a bank account nor a way of paying",
            Self::Moved => "the invoice changed meanwhile",
            Self::NotYet => "the payment has not been booked yet",
        })
    }
}

impl StdError for Obstacle {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Erp(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Error> for Obstacle {
    fn from(error: Error) -> Self {
        Self::Erp(error)
    }
}

impl From<Obstacle> for EffectError {
    fn from(obstacle: Obstacle) -> Self {
        match &obstacle {
            Obstacle::Erp(error) if error.may_have_been_carried_out() => {
                Self::Unknown(obstacle.into())
            }
            Obstacle::Erp(error) if is_final(error) => Self::Refused(obstacle.into()),
            Obstacle::Currency => Self::Refused(obstacle.into()),
            _ => Self::NotDone(obstacle.into()),
        }
    }
}

/// Whether Frappe itself refuses what is in the document, so that it will refuse it again. Rights
/// and keys are put right by a person, and then it goes by itself.
fn is_final(error: &Error) -> bool {
    let by_frappe = matches!(error, Error::Server(_)) && error.status().is_some_and(|s| s < 500);
    let passing = error.is_retryable()
        || error.is_timestamp_mismatch()
        || error.is_duplicate()
        || error.is_permission()
        || error.is_authentication();
    matches!(error, Error::Invalid { .. } | Error::UnknownField { .. }) || (by_frappe && !passing)
}

/// A look at a site that stumbles, once or twice more: it changes nothing, and an attempt at the
/// whole event is not spent on it.
async fn patiently<T, F: Future<Output = Result<T, Error>>>(
    mut look: impl FnMut() -> F,
) -> Result<T, Error> {
    for wait in [100, 400] {
        match look().await {
            Err(error) if error.status().is_some_and(|status| status >= 500) => {
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            answer => return answer,
        }
    }
    look().await
}

/// A way of paying: the account of each company that it goes to.
#[derive(Clone, Debug)]
pub(super) struct Mode(Vec<(String, String)>);

impl Mode {
    fn account(&self, company: &str) -> Option<&str> {
        let of = self.0.iter().find(|(name, _)| name == company);
        of.map(|(_, account)| account.as_str())
    }
}

/// When it was asked for, and what was found.
type Known = Option<(Instant, Option<Mode>)>;

/// The books.
#[derive(Clone, Debug)]
pub(super) struct Books {
    erp: Client,
    mode: Arc<Mutex<Known>>,
}

impl Books {
    /// A client of its own, with its own calls under way.
    pub(super) fn connect(settings: &Erpnext) -> Result<Self, Error> {
        let url = settings.url.as_str();
        let mut options = ReqwestOptions::default();
        options.https = url.starts_with("https:");
        let key = Credentials::token(settings.key.expose(), settings.secret.clone());
        let builder = Client::builder(url)
            .credentials(key)
            .timeout(READ)
            .max_concurrent(AT_ONCE)
            .max_wait(TURN)
            .retry(
                RetryPolicy::default()
                    .max_attempts(2)
                    .total_budget(READ * 2),
            );
        let erp = match ReqwestTransport::new(&options) {
            Ok(transport) => builder
                .transport(Measured::new("erpnext", transport))
                .build(),
            // The client's own set-up reports what is wrong.
            Err(_) => builder.build(),
        }?;
        Ok(Self {
            erp,
            mode: Arc::default(),
        })
    }

    fn reading(&self) -> Client {
        self.erp.with_timeout(READ)
    }

    pub(super) fn writing(&self) -> Client {
        self.erp.with_timeout(WRITE)
    }

    /// The entry that was made for this money, cancelled ones included.
    pub(super) async fn entry(&self, reference: &str) -> Result<Option<Entry>, Obstacle> {
        let erp = self.reading();
        let meta = patiently(|| erp.meta(PAYMENT)).await?;
        let unique = meta.field(REFERENCE).map(|field| field.unique);
        if unique != Some(true) {
            // Asked again next time: somebody will have put it there.
            erp.forget_meta();
            return Err(Obstacle::NoField);
        }
        let entries = erp.docs::<Entry>().list();
        let entries = entries.filter(Filter::eq(REFERENCE, reference));
        Ok(patiently(|| entries.clone().first()).await?)
    }

    /// An invoice as it is now.
    pub(super) async fn bill(&self, name: &str) -> Result<Option<Bill>, Obstacle> {
        // What cannot be a name is nobody's.
        let Ok(name) = DocName::new(name) else {
            return Ok(None);
        };
        let bills = self.reading().docs::<Bill>();
        Ok(patiently(|| bills.find(&name)).await?)
    }

    /// A customer by the name that ERPNext writes.
    pub(super) async fn customer(&self, name: &str) -> Result<Option<DocName>, Obstacle> {
        let Ok(name) = DocName::new(name) else {
            return Ok(None);
        };
        let customers = self.reading().documents("Customer");
        Ok(patiently(|| customers.exists(&name)).await?)
    }

    /// The customer whose cards are kept under this name at Stripe.
    pub(super) async fn customer_of(&self, payer: &str) -> Result<Option<String>, Obstacle> {
        let erp = self.reading();
        if erp.meta("Customer").await?.field(PAYER).is_none() {
            erp.forget_meta();
            return Ok(None);
        }
        let customers = erp.documents("Customer").list();
        let found = customers.filter(Filter::eq(PAYER, payer)).limit(1).names();
        Ok(found.await?.first().map(|name| name.as_str().to_owned()))
    }

    /// What ERPNext proposes to book for an invoice.
    pub(super) async fn proposal(
        &self,
        bill: &Bill,
        account: Option<&str>,
    ) -> Result<Map<String, Value>, Obstacle> {
        let mut call = self
            .reading()
            .rpc(GET_PAYMENT_ENTRY)
            .arg("dt", "Sales Invoice")
            .arg("dn", &bill.name);
        if let Some(account) = account {
            call = call.arg("bank_account", account);
        }
        Ok(patiently(|| call.clone().get()).await?)
    }

    /// The way of paying and its account at a company; a site may well not have it.
    pub(super) async fn mode(
        &self,
        company: &str,
    ) -> Result<Option<(&'static str, Option<String>)>, Obstacle> {
        let known = self.known().clone();
        let mode = match known {
            Some((at, mode)) if at.elapsed() < FRESH => mode,
            _ => {
                let mode = self.ask_mode().await?;
                *self.known() = Some((Instant::now(), mode.clone()));
                mode
            }
        };
        Ok(mode.map(|mode| (MODE, mode.account(company).map(str::to_owned))))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.mode.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask_mode(&self) -> Result<Option<Mode>, Obstacle> {
        let modes = self.reading().documents("Mode of Payment");
        let name = DocName::new(MODE)?;
        let mode = match patiently(|| modes.find(&name)).await {
            // Whoever may not read it does without.
            Err(error) if error.is_permission() => None,
            found => found?,
        };
        let enabled = |mode: &Document| mode.read::<bool>("enabled").ok().flatten() != Some(false);
        Ok(mode.filter(enabled).map(|mode| {
            let rows = mode.get("accounts").and_then(Value::as_array);
            let text = |row: &Value, key: &str| Some(row.get(key)?.as_str()?.to_owned());
            let rows = rows.into_iter().flatten();
            Mode(
                rows.filter_map(|row| Some((text(row, "company")?, text(row, "default_account")?)))
                    .collect(),
            )
        }))
    }

    /// The company that is meant where no invoice says, and the account that it is paid on.
    pub(super) async fn house(
        &self,
        company: Option<&DocName>,
        currency: &str,
    ) -> Result<(DocName, Option<&'static str>, String), Obstacle> {
        let companies = self.reading().docs::<Company>();
        let company = match company {
            Some(name) => companies.get(name).await?,
            None => {
                let mut all = companies.list().limit(2).all().await?;
                match (all.pop(), all.is_empty()) {
                    (Some(only), true) => only,
                    _ => companies.get(&self.default_company().await?).await?,
                }
            }
        };
        let counts = company.default_currency.as_ref();
        if counts.is_some_and(|counts| !counts.as_str().eq_ignore_ascii_case(currency)) {
            return Err(Obstacle::Currency);
        }
        let mode = self.mode(company.name.as_str()).await?;
        let (mode, account) = mode.map_or((None, None), |(mode, account)| (Some(mode), account));
        let own = company
            .default_bank_account
            .or(company.default_cash_account)
            .map(|account| account.as_str().to_owned());
        let account = match account.or(own) {
            Some(account) => account,
            None => self.any_account(&company.name).await?,
        };
        Ok((company.name, mode, account))
    }

    async fn default_company(&self) -> Result<DocName, Obstacle> {
        let settings = self.reading().documents("Global Defaults");
        let name = DocName::new("Global Defaults")?;
        let company: Option<DocName> = settings.value_of(&name, "default_company").await?;
        company.ok_or(Obstacle::NoAccount)
    }

    async fn any_account(&self, company: &DocName) -> Result<String, Obstacle> {
        let accounts = self.reading().documents("Account").list();
        let found = accounts
            .filter(Filter::eq("company", company))
            .filter(Filter::is_in("account_type", ["Bank", "Cash"]))
            .filter(Filter::eq("is_group", false))
            .filter(Filter::eq("disabled", false))
            .limit(1)
            .names()
            .await?;
        let account = found.into_iter().next().ok_or(Obstacle::NoAccount)?;
        Ok(account.as_str().to_owned())
    }

    /// Books what these changes say, submitted at once; a draft that was left behind is corrected
    /// and submitted in its place. Answers the entry's name.
    pub(super) async fn book(
        &self,
        changes: Changes,
        draft: Option<&Entry>,
    ) -> Result<DocName, Obstacle> {
        let payments = self.writing().documents(PAYMENT);
        let changes = changes.set("docstatus", DocStatus::Submitted.as_int());
        if let Some((draft, modified)) = draft.and_then(|d| Some((d, d.modified.as_ref()?))) {
            let made = payments.patch_if_unmodified(&draft.name, modified, &changes);
            return Ok(made.await?.name().clone());
        }
        let made = payments.create_or_get(REFERENCE, &changes).await?;
        let drafted = made.get().read::<DocStatus>("docstatus")? == Some(DocStatus::Draft);
        match &made {
            // Of a moment ago, and not made from what was looked at here: to be looked at anew.
            Created::Existing(_) => return Err(Obstacle::Moved),
            Created::Unconfirmed(_) if drafted => return Err(Obstacle::Moved),
            _ => {}
        }
        Ok(made.get().name().clone())
    }

    /// Cancels an entry.
    pub(super) async fn cancel(&self, name: &DocName) -> Result<(), Obstacle> {
        self.writing().docs::<Entry>().cancel(name).await?;
        Ok(())
    }
}
