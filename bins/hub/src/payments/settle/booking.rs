//! Money that came in becomes one Payment Entry.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe};
use erpnext_client::{Changes, DocName, DocStatus};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::amount::{decimal, number};
use super::books::{Books, Entry, Obstacle, REFERENCE};
use super::share::{Attention, Bill, Share};
use crate::platform::home;

/// How long booking may take, all looks included. Short, because a repeat is harmless: the unique
/// field lets one through. What is cut off is looked up a moment later.
pub(super) const LIMIT: Duration = Duration::from_secs(15);
pub(super) const SETTLING: Duration = Duration::from_secs(1);

/// A payment as its event tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Money {
    /// The payment intent.
    pub(super) intent: String,
    /// In minor units.
    pub(super) amount: i64,
    pub(super) currency: String,
    /// The invoice it is for.
    pub(super) invoice: Option<String>,
    /// The customer, as ERPNext calls it.
    pub(super) customer: Option<String>,
    /// The customer, as Stripe calls it.
    pub(super) payer: Option<String>,
    /// When it was paid.
    pub(super) at: Timestamp,
}

/// What became of it: kept in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Booked {
    pub(super) payment_entry: String,
    pub(super) customer: String,
    pub(super) invoice: Option<String>,
    /// In minor units.
    pub(super) cents: i64,
    pub(super) currency: String,
    /// Left to pay of the invoice, as text.
    pub(super) outstanding: Option<String>,
    /// Not allocated, as text.
    pub(super) unallocated: String,
    pub(super) attention: Option<Attention>,
    /// A person has cancelled the entry.
    pub(super) cancelled: bool,
}

impl Booked {
    /// As it is kept.
    fn to_bytes(&self) -> Result<Bytes, EffectError> {
        let text = serde_json::to_vec(self);
        Ok(text
            .map_err(|error| EffectError::Unknown(error.into()))?
            .into())
    }
}

/// The effect.
#[derive(Debug)]
pub(super) struct Booking<'a> {
    books: &'a Books,
    money: &'a Money,
    /// Whether it was made by this very attempt.
    pub(super) made: AtomicBool,
}

impl<'a> Booking<'a> {
    pub(super) fn new(books: &'a Books, money: &'a Money) -> Self {
        Self {
            books,
            money,
            made: AtomicBool::new(false),
        }
    }
}

impl Booking<'_> {
    fn amount(&self) -> Decimal {
        decimal(self.money.amount, &self.money.currency)
    }

    async fn bill(&self) -> Result<Option<Bill>, Obstacle> {
        match &self.money.invoice {
            Some(name) => self.books.bill(name).await,
            None => Ok(None),
        }
    }

    async fn book(&self) -> Result<Booked, Obstacle> {
        let entry = self.books.entry(&self.money.intent).await?;
        let bill = self.bill().await?;
        let draft = match entry {
            Some(entry) if entry.docstatus != DocStatus::Draft => {
                return Ok(self.found(&entry, bill.as_ref()));
            }
            draft => draft,
        };
        let share = Share::of(self.amount(), bill.as_ref());
        let customer = match &bill {
            Some(bill) => bill.customer.clone(),
            None => self.customer().await?,
        };
        let changes = match &bill {
            Some(bill) if !bill.is_in(&self.money.currency) => return Err(Obstacle::Currency),
            Some(bill) if share.allocated > Decimal::ZERO => self.allocated(bill, &share).await?,
            _ => self.unallocated(&customer, bill.as_ref()).await?,
        };
        let changes = self.common(changes);
        let name = self.books.book(changes, draft.as_ref()).await?;
        self.made.store(true, Ordering::Relaxed);
        let attention = Attention::of(bill.as_ref(), share.allocated, share.rest);
        Ok(Booked {
            payment_entry: name.as_str().to_owned(),
            customer: customer.as_str().to_owned(),
            outstanding: bill.as_ref().map(|_| share.left.to_string()),
            unallocated: share.rest.to_string(),
            attention: attention.filter(|_| self.money.invoice.is_some()),
            invoice: bill.map(|bill| bill.name.as_str().to_owned()),
            cents: self.money.amount,
            currency: self.money.currency.clone(),
            cancelled: false,
        })
    }

    /// The customer that the event names, else the one whose card it was.
    async fn customer(&self) -> Result<DocName, Obstacle> {
        if let Some(name) = &self.money.customer
            && let Some(known) = self.books.customer(name).await?
        {
            return Ok(known);
        }
        let payer = self.money.payer.as_deref().ok_or(Obstacle::Nobody)?;
        let name = self.books.customer_of(payer).await?;
        let name = name.ok_or(Obstacle::Nobody)?;
        self.books.customer(&name).await?.ok_or(Obstacle::Nobody)
    }

    /// What an entry that is there already says.
    fn found(&self, entry: &Entry, bill: Option<&Bill>) -> Booked {
        let allocated = entry.total_allocated_amount.unwrap_or_default();
        let rest = entry.unallocated_amount.unwrap_or_default();
        let customer = entry.party.as_ref().or(bill.map(|bill| &bill.customer));
        let attention = Attention::of(bill, allocated, rest);
        Booked {
            payment_entry: entry.name.as_str().to_owned(),
            customer: customer.map_or_else(String::new, |name| name.as_str().to_owned()),
            invoice: bill.map(|bill| bill.name.as_str().to_owned()),
            cents: self.money.amount,
            currency: self.money.currency.clone(),
            outstanding: bill.map(|bill| bill.due().to_string()),
            unallocated: rest.to_string(),
            attention: attention.filter(|_| self.money.invoice.is_some()),
            cancelled: entry.docstatus == DocStatus::Cancelled,
        }
    }

    /// For an invoice: on the accounts that ERPNext proposes.
    async fn allocated(&self, bill: &Bill, share: &Share) -> Result<Changes, Obstacle> {
        let mode = self.books.mode(bill.company.as_str()).await?;
        let account = mode.as_ref().and_then(|(_, account)| account.as_deref());
        let proposal = self.books.proposal(bill, account).await?;
        let text = |key: &str| proposal.get(key).and_then(Value::as_str);
        // Of a paid invoice ERPNext proposes to give something back.
        if text("payment_type") != Some("Receive") {
            return Err(Obstacle::Moved);
        }
        for key in ["paid_from_account_currency", "paid_to_account_currency"] {
            let other = |found: &str| !found.eq_ignore_ascii_case(&self.money.currency);
            if text(key).is_some_and(other) {
                return Err(Obstacle::Currency);
            }
        }
        let references = rows(&proposal, share.allocated).ok_or(Obstacle::Moved)?;
        let mut changes = Changes::new().set("references", references);
        for key in [
            "company",
            "party_type",
            "party",
            "paid_from",
            "paid_to",
            "paid_from_account_currency",
            "paid_to_account_currency",
            "source_exchange_rate",
            "target_exchange_rate",
            "cost_center",
        ] {
            if let Some(value) = proposal.get(key).filter(|value| !value.is_null()) {
                changes.insert(key, value.clone());
            }
        }
        if text("paid_to").is_none_or(str::is_empty) {
            let house = self.books.house(Some(&bill.company), &self.money.currency);
            changes.insert("paid_to", house.await?.2);
        }
        if let Some((mode, _)) = mode {
            changes.insert("mode_of_payment", mode);
        }
        Ok(changes)
    }

    /// On account of the customer.
    async fn unallocated(
        &self,
        customer: &DocName,
        bill: Option<&Bill>,
    ) -> Result<Changes, Obstacle> {
        let company = bill.map(|bill| &bill.company);
        let (company, mode, account) = self.books.house(company, &self.money.currency).await?;
        let mut changes = Changes::new()
            .set("company", company.as_str())
            .set("party_type", "Customer")
            .set("party", customer.as_str())
            .set("paid_to", account)
            // A draft in whose place it comes may have some.
            .set("references", json!([]))
            .set("source_exchange_rate", 1)
            .set("target_exchange_rate", 1);
        if let Some(mode) = mode {
            changes.insert("mode_of_payment", mode);
        }
        Ok(changes)
    }

    fn common(&self, changes: Changes) -> Changes {
        let (amount, day) = (number(self.amount()), home::day(self.money.at).to_string());
        changes
            .set("payment_type", "Receive")
            .set("posting_date", day.as_str())
            .set("paid_amount", amount.clone())
            .set("received_amount", amount)
            .set("reference_no", self.money.intent.as_str())
            .set("reference_date", day)
            .set(REFERENCE, self.money.intent.as_str())
    }
}

/// The proposed references (one for each payment term), filled in their order up to an amount;
/// `None` where they do not hold as much.
fn rows(proposal: &Map<String, Value>, amount: Decimal) -> Option<Value> {
    let mut left = amount;
    let mut filled = Vec::new();
    for row in proposal.get("references")?.as_array()? {
        let proposed: Decimal = row.get("allocated_amount")?.to_string().parse().ok()?;
        let allocated = left.min(proposed.round_dp(2));
        if allocated <= Decimal::ZERO {
            continue;
        }
        left -= allocated;
        let mut filled_row = json!({ "allocated_amount": number(allocated) });
        for key in [
            "reference_doctype",
            "reference_name",
            "payment_term",
            "account",
            "exchange_rate",
        ] {
            if let Some(value) = row.get(key).filter(|value| !value.is_null()) {
                filled_row[key] = value.clone();
            }
        }
        filled.push(filled_row);
    }
    (left == Decimal::ZERO).then(|| filled.into())
}

#[async_trait]
impl Effect for Booking<'_> {
    async fn perform(&self, _: &EffectKey) -> Result<Bytes, EffectError> {
        self.book().await?.to_bytes()
    }

    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        match self.books.entry(&self.money.intent).await? {
            Some(entry) if entry.docstatus != DocStatus::Draft => {
                let bill = self.bill().await?;
                Ok(Probe::Found(self.found(&entry, bill.as_ref()).to_bytes()?))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_filled_in_their_order_up_to_what_was_paid() {
        let proposal = json!({"references": [
            {"reference_name": "A", "allocated_amount": 50.0, "payment_term": "first"},
            {"reference_name": "A", "allocated_amount": 30.1, "payment_term": null},
        ]});
        let of = |cents| rows(proposal.as_object().unwrap(), Decimal::new(cents, 2));
        assert_eq!(
            of(6000).unwrap(),
            json!([
                {"reference_name": "A", "allocated_amount": 50, "payment_term": "first"},
                {"reference_name": "A", "allocated_amount": 10},
            ])
        );
        assert_eq!(of(4000).unwrap().as_array().unwrap().len(), 1);
        assert_eq!(of(8011), None, "more than is due");
        assert!(rows(&Map::new(), Decimal::ONE).is_none());
    }
}
