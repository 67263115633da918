//! What a person must look at becomes an Issue, once.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe};
use erpnext_client::{Changes, DocName, Filter, Record as _};

use super::amount::decimal;
use super::booking::Booked;
use super::books::{Books, Obstacle};
use super::decide::Contest;
use super::share::Attention;

/// Longest subject that ERPNext keeps.
const SUBJECT: usize = 140;

/// An Issue in the making. Its subject names what it is about, and by it it is found again.
#[derive(Clone, Debug)]
pub(super) struct Issue {
    subject: String,
    text: String,
    customer: Option<String>,
}

impl Issue {
    pub(super) fn new(subject: impl Into<String>, text: impl Into<String>) -> Self {
        let subject: String = subject.into();
        Self {
            subject: subject.chars().take(SUBJECT).collect(),
            text: text.into(),
            customer: None,
        }
    }

    /// About this customer, as ERPNext calls it.
    pub(super) fn customer(mut self, customer: Option<&str>) -> Self {
        self.customer = customer.filter(|name| !name.is_empty()).map(str::to_owned);
        self
    }

    /// About a payment that was booked, but not as it was meant.
    pub(super) fn of_payment(
        attention: Attention,
        intent: &str,
        booked: &Booked,
        invoice: Option<&str>,
    ) -> Self {
        let why = match attention {
            Attention::NoInvoice => "la facture n’existe pas",
            Attention::Draft => "la facture n’est pas soumise",
            Attention::Cancelled => "la facture est annulée",
            Attention::CreditNote => "la facture est une note de crédit",
            Attention::Paid => "la facture était déjà payée",
            Attention::Over => "le client a payé plus que la facture",
        };
        let text = format!(
            "L’encaissement {} pour la facture {} laisse {} {} non affectés : {why}. Affectez ce \
             montant ou remboursez-le.",
            booked.payment_entry,
            invoice.unwrap_or("?"),
            booked.unallocated,
            booked.currency.to_ascii_uppercase(),
        );
        Self::new(format!("Paiement {intent} à vérifier : {why}"), text)
            .customer(Some(&booked.customer))
    }

    /// About a refund that did not reach the customer.
    pub(super) fn of_refund(refund: &str, entry: Option<&str>) -> Self {
        let booked = entry.map_or_else(String::new, |entry| {
            format!(" L’écriture {entry} a été annulée.")
        });
        Self::new(
            format!("Remboursement {refund} échoué"),
            format!(
                "Le remboursement {refund} n’est pas parvenu au client.{booked} L’argent est \
                 toujours chez nous. Convenez d’un autre moyen avec le client."
            ),
        )
    }

    /// About a payment that is contested at the bank.
    pub(super) fn of_contest(contest: &Contest, entry: Option<&str>) -> Self {
        let stage = if contest.closed { "clos" } else { "ouvert" };
        let currency = contest.currency.to_ascii_uppercase();
        let amount = contest.amount.map_or_else(String::new, |amount| {
            format!(" de {} {currency}", decimal(amount, &contest.currency))
        });
        let text = format!(
            "Litige {}{amount}, paiement {}, encaissement {}, motif {}, état {}. Répondez-y dans le \
             tableau de bord de Stripe.",
            contest.id,
            contest.intent.as_deref().unwrap_or("?"),
            entry.unwrap_or("?"),
            contest.reason.as_deref().unwrap_or("?"),
            contest.status.as_deref().unwrap_or("?"),
        );
        Self::new(format!("Litige {} {stage}", contest.id), text)
    }

    /// About money that is not in the books.
    pub(super) fn of_unbooked(id: &str, amount: &str, currency: &str, why: &str) -> Self {
        let currency = currency.to_ascii_uppercase();
        Self::new(
            format!("{id} n’est pas comptabilisé"),
            format!(
                "{amount} {currency} ({id}) ne sont pas dans les livres : {why}. Corrigez la cause, puis \
                 rejouez l’événement dans les paramètres de la console."
            ),
        )
    }
}

/// The effect.
#[derive(Debug)]
pub(super) struct Raise<'a> {
    pub(super) books: &'a Books,
    pub(super) issue: &'a Issue,
}

impl Raise<'_> {
    async fn find(&self) -> Result<Option<DocName>, Obstacle> {
        let issues = self.books.writing().documents("Issue").list();
        let found = issues
            .filter(Filter::eq("subject", self.issue.subject.as_str()))
            .limit(1)
            .names()
            .await?;
        Ok(found.into_iter().next())
    }

    async fn raise(&self) -> Result<DocName, Obstacle> {
        if let Some(name) = self.find().await? {
            return Ok(name);
        }
        let mut issue = Changes::new()
            .set("subject", self.issue.subject.as_str())
            .set("description", escaped(&self.issue.text));
        if let Some(customer) = &self.issue.customer {
            issue.insert("customer", customer.as_str());
        }
        let issues = self.books.writing().documents("Issue");
        Ok(issues.insert(&issue).await?.name().clone())
    }
}

/// As the text of an HTML field.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn bytes(name: &DocName) -> Bytes {
    Bytes::copy_from_slice(name.as_str().as_bytes())
}

#[async_trait]
impl Effect for Raise<'_> {
    async fn perform(&self, _: &EffectKey) -> Result<Bytes, EffectError> {
        Ok(bytes(&self.raise().await?))
    }

    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        let found = self.find().await?;
        Ok(found.map_or(Probe::NotFound, |name| Probe::Found(bytes(&name))))
    }

    fn time_limit(&self) -> Duration {
        Duration::from_secs(20)
    }

    /// Nothing but the look keeps ERPNext from a second one.
    fn settling(&self) -> Duration {
        Duration::from_secs(10)
    }
}
