//! What an event does not say is asked of Stripe.

use effect_journal::OnceError;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use stripe_lite::{
    Error, Expandable, ListCheckoutSessions, ListRefunds, Refund as StripeRefund, RefundStatus,
};

use super::booking::Money;
use super::decide::{Card, clean, name};
use super::refund::Refund;
use super::{Settlement, Stop};

impl From<Error> for Stop {
    /// Asking changes nothing: it is asked again.
    fn from(error: Error) -> Self {
        Self::Effect(OnceError::NotDone(error.into()))
    }
}

impl Settlement {
    /// Finds out what a payment is for: from the page it was made on, else from who paid.
    pub(super) async fn identify(&self, mut money: Money) -> Result<Money, Stop> {
        if money.invoice.is_some() {
            return Ok(money);
        }
        if let Ok(stripe) = self.hub.stripe() {
            let of_payment = ListCheckoutSessions::new()
                .payment_intent(&money.intent)
                .limit(1);
            let found = match stripe.checkout_sessions().list(&of_payment)?.page().await {
                // A payment that this account does not know; a key that is not valid says nothing.
                Err(error) if error.status().is_some_and(|s| s < 404 && s != 401) => None,
                found => found?.items.into_iter().next(),
            };
            if let Some(session) = found {
                let reference = session.client_reference_id.as_deref().and_then(clean);
                money.invoice = name(&session.metadata, "invoice").or(reference);
                let customer = name(&session.metadata, "customer");
                money.customer = money.customer.or(customer);
            }
        }
        if money.invoice.is_none() && money.customer.is_none() {
            money.customer = self.customer_of(money.payer.as_deref()).await?;
        }
        Ok(money)
    }

    /// ERPNext's name of a customer of Stripe's.
    async fn customer_of(&self, payer: Option<&str>) -> Result<Option<String>, Stop> {
        match payer {
            Some(payer) => Ok(self.books.customer_of(payer).await?),
            None => Ok(None),
        }
    }

    /// Whether a refund that an event calls done has failed since: events come in any order.
    pub(super) async fn has_failed(&self, refund: &Refund) -> Result<bool, Stop> {
        let Ok(stripe) = self.hub.stripe() else {
            return Ok(false);
        };
        match stripe.refunds().retrieve(&refund.id).await {
            Ok(now) => Ok(matches!(
                now.status,
                Some(RefundStatus::Failed | RefundStatus::Canceled)
            )),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Books every refund of a payment.
    pub(super) async fn refunds(&self, intent: &str) -> Result<&'static str, Stop> {
        // Without a key there are the events of each refund.
        let Ok(stripe) = self.hub.stripe() else {
            return Ok("nothing");
        };
        let of_payment = ListRefunds::new().payment_intent(intent);
        let list = stripe.refunds().list(&of_payment)?;
        let refunds: Vec<StripeRefund> = match list.stream().try_collect().await {
            Err(error) if error.is_not_found() => return Ok("nothing"),
            listed => listed?,
        };
        for refund in refunds {
            if refund.status == Some(RefundStatus::Succeeded)
                && let Some(refund) = listed(&refund)
            {
                self.give_back(refund).await?;
            }
        }
        Ok("refunded")
    }

    /// Tells the screens of a card: those of its customer too, where that one is known.
    pub(super) async fn card(&self, card: Card) {
        let known = match &card.customer {
            Some(name) => Some(name.clone()),
            None => self
                .customer_of(card.payer.as_deref())
                .await
                .unwrap_or_default(),
        };
        self.announce_card(&card, known.as_deref());
    }
}

/// A refund of a list, as an event would tell of it.
fn listed(refund: &StripeRefund) -> Option<Refund> {
    let currency = refund.currency?;
    (refund.amount > 0).then(|| Refund {
        id: refund.id.as_str().to_owned(),
        intent: refund
            .payment_intent
            .as_ref()
            .map(|intent| Expandable::id(intent).to_owned()),
        amount: refund.amount,
        currency: currency.as_str().to_owned(),
        customer: name(&refund.metadata, "customer"),
        at: Timestamp::from_second(refund.created).unwrap_or(Timestamp::UNIX_EPOCH),
    })
}
