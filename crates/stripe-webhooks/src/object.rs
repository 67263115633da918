//! What events are about: of each kind of object the fields that are used.

mod billing;
mod charge;
mod checkout;
mod customer;
mod dispute;
mod payment;
mod refund;
mod setup;

use std::collections::BTreeMap;
use std::fmt;

use crate::json::{member, text};

pub use billing::{
    Invoice, InvoiceParent, InvoiceStatus, Subscription, SubscriptionDetails, SubscriptionStatus,
};
pub use charge::{Charge, ChargeStatus};
pub use checkout::{CheckoutMode, CheckoutSession, CheckoutStatus, PaymentStatus};
pub use customer::{Card, Customer, InvoiceSettings, PaymentMethod};
pub use dispute::{Dispute, DisputeStatus};
pub use payment::{CancellationReason, PaymentError, PaymentIntent, PaymentIntentStatus};
pub use refund::{Refund, RefundStatus};
pub use setup::{SetupIntent, SetupIntentStatus};

/// What a program has attached to an object: texts by name.
pub type Metadata = BTreeMap<String, String>;

/// The object of an event, by its `object` field.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Event, Object};
///
/// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"refund.updated",
///     "data":{"object":{"id":"re_1","object":"refund","amount":500}}}"#)?;
/// match event.object() {
///     Object::Refund(refund) => assert_eq!(refund.amount, Some(500)),
///     other => panic!("{} is no refund", other.id().unwrap_or("this")),
/// }
/// # Ok::<(), stripe_webhooks::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Object {
    /// `checkout.session`
    CheckoutSession(Box<CheckoutSession>),
    /// `payment_intent`
    PaymentIntent(Box<PaymentIntent>),
    /// `setup_intent`
    SetupIntent(Box<SetupIntent>),
    /// `charge`
    Charge(Box<Charge>),
    /// `refund`
    Refund(Box<Refund>),
    /// `dispute`
    Dispute(Box<Dispute>),
    /// `invoice`
    Invoice(Box<Invoice>),
    /// `subscription`
    Subscription(Box<Subscription>),
    /// `payment_method`
    PaymentMethod(Box<PaymentMethod>),
    /// `customer`
    Customer(Box<Customer>),
    /// Any other, and what has no id.
    Other(RawObject),
}

impl Object {
    /// Reads any JSON; what is no known object is [`Other`](Self::Other).
    pub(crate) fn read(json: &str) -> Self {
        let kind = member(json, "object").and_then(text);
        let id = member(json, "id")
            .and_then(text)
            .filter(|id| !id.is_empty());
        if id.is_some() {
            match kind.as_deref() {
                Some("checkout.session") => return Self::CheckoutSession(boxed(json)),
                Some("payment_intent") => return Self::PaymentIntent(boxed(json)),
                Some("setup_intent") => return Self::SetupIntent(boxed(json)),
                Some("charge") => return Self::Charge(boxed(json)),
                Some("refund") => return Self::Refund(boxed(json)),
                Some("dispute") => return Self::Dispute(boxed(json)),
                Some("invoice") => return Self::Invoice(boxed(json)),
                Some("subscription") => return Self::Subscription(boxed(json)),
                Some("payment_method") => return Self::PaymentMethod(boxed(json)),
                Some("customer") => return Self::Customer(boxed(json)),
                _ => {}
            }
        }
        Self::Other(RawObject {
            kind,
            id,
            json: json.into(),
        })
    }

    /// The id of the object.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"customer.updated",
    ///     "data":{"object":{"id":"cus_1","object":"customer"}}}"#)?;
    /// assert_eq!(event.object().id(), Some("cus_1"));
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::CheckoutSession(object) => Some(&object.id),
            Self::PaymentIntent(object) => Some(&object.id),
            Self::SetupIntent(object) => Some(&object.id),
            Self::Charge(object) => Some(&object.id),
            Self::Refund(object) => Some(&object.id),
            Self::Dispute(object) => Some(&object.id),
            Self::Invoice(object) => Some(&object.id),
            Self::Subscription(object) => Some(&object.id),
            Self::PaymentMethod(object) => Some(&object.id),
            Self::Customer(object) => Some(&object.id),
            Self::Other(object) => object.id.as_deref(),
        }
    }

    /// What was attached to the object; nothing for kinds that are not known.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"charge.refunded",
    ///     "data":{"object":{"id":"ch_1","object":"charge","metadata":{"invoice":"INV-1"}}}}"#)?;
    /// let object = event.object();
    /// let metadata = object.metadata().ok_or("unknown")?;
    /// assert_eq!(metadata["invoice"], "INV-1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn metadata(&self) -> Option<&Metadata> {
        match self {
            Self::CheckoutSession(object) => Some(&object.metadata),
            Self::PaymentIntent(object) => Some(&object.metadata),
            Self::SetupIntent(object) => Some(&object.metadata),
            Self::Charge(object) => Some(&object.metadata),
            Self::Refund(object) => Some(&object.metadata),
            Self::Dispute(object) => Some(&object.metadata),
            Self::Invoice(object) => Some(&object.metadata),
            Self::Subscription(object) => Some(&object.metadata),
            Self::PaymentMethod(object) => Some(&object.metadata),
            Self::Customer(object) => Some(&object.metadata),
            Self::Other(_) => None,
        }
    }
}

fn boxed<T: crate::json::Read>(json: &str) -> Box<T> {
    Box::new(T::read(json))
}

/// An object that is not known here.
///
/// # Examples
///
/// ```
/// # use stripe_webhooks::{Event, Object};
/// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"payout.paid",
///     "data":{"object":{"id":"po_1","object":"payout","amount":100}}}"#)?;
/// let Object::Other(payout) = event.object() else { return Err("known".into()) };
/// assert_eq!((payout.kind.as_deref(), payout.id.as_deref()), (Some("payout"), Some("po_1")));
/// assert!(payout.json().contains(r#""amount":100"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawObject {
    /// What it says it is: its `object` field.
    pub kind: Option<String>,
    /// Its id.
    pub id: Option<String>,
    json: Box<str>,
}

impl RawObject {
    /// Its JSON; `null` where there is no object.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }
}

/// It may hold anything about a person: its text is not shown.
impl fmt::Debug for RawObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawObject")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
