//! A client of ERPNext and the customer at Stripe that stands for it.

use async_trait::async_trait;
use bytes::Bytes;
use effect_journal::{Effect, EffectError, EffectKey, Probe, once};
use erpnext_client::{Client as Erp, DocName, Filter};
use stripe_lite::{
    Client as Stripe, CreateCustomer, Error as StripeError, IdempotencyKey, ListPaymentMethods,
    PaymentMethod, Search,
};
use ui_kit::Lang;

use super::bill::failed;
use super::outcome::settled;
use super::provider;
use super::rows::{Payer, Person};
use crate::Hub;
use crate::platform::error::{HubError, HubResult};

/// The member of metadata that names the client.
pub(super) const CUSTOMER: &str = "customer";

impl Payer {
    /// Language that the client is written to.
    pub(super) fn lang(&self) -> Lang {
        let language = self.language.as_ref().map_or("fr", DocName::as_str);
        if language.starts_with("en") {
            Lang::En
        } else {
            Lang::Fr
        }
    }

    /// The same for Stripe's pages.
    pub(super) fn locale(&self) -> &'static str {
        self.lang().pick("fr-CA", "en")
    }

    /// The customer at Stripe, where there is one.
    pub(super) fn stripe_customer(&self) -> Option<&str> {
        let id = self.custom_stripe_customer.as_deref()?.trim();
        (!id.is_empty()).then_some(id)
    }

    /// The card that the client has agreed to, where one was named.
    pub(super) fn agreed_card(&self) -> Option<&str> {
        let id = self.custom_ppa_payment_method.as_deref()?.trim();
        (!id.is_empty()).then_some(id)
    }
}

/// Reads a client.
///
/// # Errors
///
/// 404 where there is none.
pub(super) async fn payer(erp: &Erp, name: &DocName) -> HubResult<Payer> {
    let found = erp.docs::<Payer>().find(name).await;
    found
        .map_err(|error| failed(&error))?
        .ok_or_else(HubError::not_found)
}

/// Where to write to: the record's own address, else that of a person of the client.
pub(super) async fn email(erp: &Erp, payer: &Payer) -> HubResult<Option<String>> {
    let usable = |email: &Option<String>| {
        let email = email.as_deref()?.trim();
        (!email.is_empty()).then(|| email.to_owned())
    };
    if let Some(email) = usable(&payer.email_id) {
        return Ok(Some(email));
    }
    let people = erp
        .docs::<Person>()
        .list()
        .filters([
            Filter::eq("link_doctype", "Customer").on("Dynamic Link"),
            Filter::eq("link_name", &payer.name).on("Dynamic Link"),
        ])
        .limit(20)
        .page()
        .await;
    let people = people.map_err(|error| failed(&error))?;
    Ok(people
        .items
        .iter()
        .find_map(|person| usable(&person.email_id)))
}

/// A customer at Stripe, made once.
struct Making<'a> {
    stripe: &'a Stripe,
    payer: &'a Payer,
    email: Option<String>,
}

#[async_trait]
impl Effect for Making<'_> {
    async fn perform(&self, key: &EffectKey) -> Result<Bytes, EffectError> {
        let payer = self.payer;
        let name = payer.customer_name.as_deref();
        let mut customer = CreateCustomer::new()
            .name(name.unwrap_or(payer.name.as_str()))
            .metadata(CUSTOMER, payer.name.as_str())
            .preferred_locale(payer.locale());
        if let Some(email) = &self.email {
            customer = customer.email(email.as_str());
        }
        let key = IdempotencyKey::new(key.short()).map_err(refused)?;
        let made = self.stripe.customers().create(&customer, key).await;
        match made {
            Ok(made) => Ok(Bytes::from(made.id.to_string())),
            Err(error) if error.may_have_been_carried_out() => {
                Err(EffectError::Unknown(error.into()))
            }
            Err(error) if error.is_retryable() => Err(EffectError::NotDone(error.into())),
            Err(error) => Err(refused(error)),
        }
    }

    /// Stripe answers a key that it has seen as it did the first time, for a day; a search finds
    /// what is older.
    async fn probe(&self, _: &EffectKey) -> Result<Probe, EffectError> {
        let search = Search::metadata(CUSTOMER, self.payer.name.as_str());
        let page = async { self.stripe.customers().search(&search)?.page().await };
        match page.await {
            Ok(page) => Ok(page.items.first().map_or(Probe::NotFound, |found| {
                Probe::Found(Bytes::from(found.id.to_string()))
            })),
            Err(error) => Err(EffectError::NotDone(error.into())),
        }
    }
}

fn refused(error: StripeError) -> EffectError {
    EffectError::Refused(error.into())
}

/// The customer at Stripe of a client; made, and noted in ERPNext, where there is none yet.
///
/// # Errors
///
/// Stripe or ERPNext fail.
pub(super) async fn ensure_customer(hub: &Hub, payer: &Payer) -> HubResult<String> {
    if let Some(id) = payer.stripe_customer() {
        return Ok(id.to_owned());
    }
    let (erp, stripe) = (hub.erp()?, hub.stripe()?);
    let turn = hub.turns().take(&format!("customer:{}", payer.name)).await;
    let payer = &self::payer(erp, &payer.name).await?;
    if let Some(id) = payer.stripe_customer() {
        return Ok(id.to_owned());
    }
    let making = Making {
        stripe,
        payer,
        email: email(erp, payer).await?,
    };
    let key = EffectKey::new(format!("stripe-customer:{}", payer.name))?;
    let id = match hub.journal() {
        Ok(journal) => settled(once(&**journal, &key, &making).await)?,
        // Without a journal, Stripe's own memory of the key is what there is.
        Err(_) => making
            .perform(&key)
            .await
            .map_err(|error| HubError::upstream().caused_by(&error))?,
    };
    let id = String::from_utf8_lossy(&id).into_owned();
    // The same done twice, and unique: whoever was first is right.
    let noted = erp
        .docs::<Payer>()
        .converge(&payer.name, |payer| {
            if payer.stripe_customer().is_none() {
                payer.custom_stripe_customer = Some(id.clone());
            }
        })
        .await
        .map_err(|error| failed(&error))?;
    drop(turn);
    Ok(noted.stripe_customer().unwrap_or(&id).to_owned())
}

/// The saved cards of a customer at Stripe.
///
/// # Errors
///
/// Stripe fails.
pub(super) async fn cards(stripe: &Stripe, customer: &str) -> HubResult<Vec<PaymentMethod>> {
    let list = ListPaymentMethods::new()
        .customer(customer)
        .kind("card")
        .limit(20);
    let page = async { stripe.payment_methods().list(&list)?.page().await };
    match page.await {
        Ok(page) => Ok(page.items),
        // Deleted at Stripe: there is nothing to charge.
        Err(error) if error.is_not_found() => Ok(Vec::new()),
        Err(error) => Err(provider::failed(&error)),
    }
}
