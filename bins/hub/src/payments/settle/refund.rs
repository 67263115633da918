//! Money that went back becomes one Payment Entry of its own; one that came back all the same is
//! taken out again.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe};
use erpnext_client::{Changes, DocName, DocStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::amount::{decimal, number};
use super::booking::{LIMIT, SETTLING};
use super::books::{Books, Entry, Obstacle, REFERENCE};
use crate::platform::home;

/// A refund as its event tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refund {
    /// The refund.
    pub(super) id: String,
    /// The payment that it gives back.
    pub(super) intent: Option<String>,
    /// In minor units.
    pub(super) amount: i64,
    pub(super) currency: String,
    /// The customer, as ERPNext calls it.
    pub(super) customer: Option<String>,
    /// When it was made.
    pub(super) at: Timestamp,
}

/// What became of it: kept in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Refunded {
    /// None where there was nothing to undo.
    pub(super) payment_entry: Option<String>,
    pub(super) customer: Option<String>,
}

impl Refunded {
    fn of(entry: &Entry) -> Self {
        let text = |name: &DocName| name.as_str().to_owned();
        Self {
            payment_entry: Some(text(&entry.name)),
            customer: entry.party.as_ref().map(text),
        }
    }

    fn to_bytes(&self) -> Result<Bytes, EffectError> {
        let text = serde_json::to_vec(self);
        Ok(text
            .map_err(|error| EffectError::Unknown(error.into()))?
            .into())
    }
}

/// Books what was given back.
#[derive(Debug)]
pub(super) struct GiveBack<'a> {
    pub(super) books: &'a Books,
    pub(super) refund: &'a Refund,
}

impl GiveBack<'_> {
    async fn book(&self) -> Result<Refunded, Obstacle> {
        let Refund { id, currency, .. } = self.refund;
        let draft = match self.books.entry(id).await? {
            Some(entry) if entry.docstatus != DocStatus::Draft => return Ok(Refunded::of(&entry)),
            draft => draft,
        };
        let payment = match &self.refund.intent {
            Some(intent) => self.books.entry(intent).await?,
            None => None,
        };
        let payment = payment.filter(|payment| payment.docstatus != DocStatus::Draft);
        let customer = match (
            payment.as_ref().and_then(|p| p.party.clone()),
            &self.refund.customer,
        ) {
            (Some(party), _) => party,
            (None, Some(name)) => {
                let known = self.books.customer(name).await?;
                known.ok_or(Obstacle::NotYet)?
            }
            (None, None) => return Err(Obstacle::NotYet),
        };
        let company = payment
            .as_ref()
            .and_then(|payment| payment.company.as_ref());
        let (company, mode, account) = self.books.house(company, currency).await?;
        // From the account that the money came to.
        let account = match payment
            .as_ref()
            .and_then(|payment| payment.paid_to.as_ref())
        {
            Some(account) => account.as_str().to_owned(),
            None => account,
        };
        let amount = number(decimal(self.refund.amount, currency));
        let day = home::day(self.refund.at).to_string();
        let mut changes = Changes::new()
            .set("payment_type", "Pay")
            .set("company", company.as_str())
            .set("party_type", "Customer")
            .set("party", customer.as_str())
            .set("paid_from", account)
            .set("paid_amount", amount.clone())
            .set("received_amount", amount)
            .set("source_exchange_rate", 1)
            .set("target_exchange_rate", 1)
            .set("posting_date", day.as_str())
            .set("reference_no", id.as_str())
            .set("reference_date", day)
            .set(REFERENCE, id.as_str());
        if let Some(receivable) = payment
            .as_ref()
            .and_then(|payment| payment.paid_from.as_ref())
        {
            changes.insert("paid_to", receivable.as_str());
        }
        if let Some(mode) = mode {
            changes.insert("mode_of_payment", mode);
        }
        let name = self.books.book(changes, draft.as_ref()).await?;
        Ok(Refunded {
            payment_entry: Some(name.as_str().to_owned()),
            customer: Some(customer.as_str().to_owned()),
        })
    }
}

#[async_trait]
impl Effect for GiveBack<'_> {
    async fn perform(&self, _: &EffectKey) -> Result<Bytes, EffectError> {
        self.book().await?.to_bytes()
    }

    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        match self.books.entry(&self.refund.id).await? {
            Some(entry) if entry.docstatus != DocStatus::Draft => {
                Ok(Probe::Found(Refunded::of(&entry).to_bytes()?))
            }
            _ => Ok(Probe::NotFound),
        }
    }

    fn time_limit(&self) -> Duration {
        LIMIT
    }

    fn settling(&self) -> Duration {
        SETTLING
    }
}

/// Takes a refund that failed out of the books.
#[derive(Debug)]
pub(super) struct TakeBack<'a> {
    pub(super) books: &'a Books,
    pub(super) refund: &'a Refund,
}

#[async_trait]
impl Effect for TakeBack<'_> {
    async fn perform(&self, _: &EffectKey) -> Result<Bytes, EffectError> {
        let Some(entry) = self.books.entry(&self.refund.id).await? else {
            let nothing = Refunded {
                payment_entry: None,
                customer: None,
            };
            return nothing.to_bytes();
        };
        if entry.docstatus == DocStatus::Submitted {
            self.books.cancel(&entry.name).await?;
        }
        Refunded::of(&entry).to_bytes()
    }

    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        match self.books.entry(&self.refund.id).await? {
            Some(entry) if entry.docstatus == DocStatus::Cancelled => {
                Ok(Probe::Found(Refunded::of(&entry).to_bytes()?))
            }
            // Cancelling twice is cancelling once.
            _ => Ok(Probe::NotFound),
        }
    }

    fn time_limit(&self) -> Duration {
        LIMIT
    }

    fn settling(&self) -> Duration {
        SETTLING
    }
}
