#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[macro_use]
mod macros;

mod currency;
mod envelope;
mod error;
mod event;
mod event_type;
#[cfg(feature = "axum")]
mod extract;
mod json;
mod object;
#[cfg(feature = "testing")]
pub mod testing;
mod thin;
mod verifier;

pub use currency::Currency;
pub use envelope::Envelope;
pub use error::Error;
pub use event::{Event, EventId, Request};
pub use event_type::EventType;
#[cfg(feature = "axum")]
pub use extract::{MAX_BODY_BYTES, Receiver, Rejection, VerifiedBody, VerifiedEvent};
pub use object::{
    CancellationReason, Card, Charge, ChargeStatus, CheckoutMode, CheckoutSession, CheckoutStatus,
    Customer, Dispute, DisputeStatus, Invoice, InvoiceParent, InvoiceSettings, InvoiceStatus,
    Metadata, Object, PaymentError, PaymentIntent, PaymentIntentStatus, PaymentMethod,
    PaymentStatus, RawObject, Refund, RefundStatus, SetupIntent, SetupIntentStatus, Subscription,
    SubscriptionDetails, SubscriptionStatus,
};
pub use thin::{RelatedObject, ThinEvent};
pub use verifier::Verifier;
pub use webhook_signatures::stripe::HEADER;
pub use webhook_signatures::{Header, Tolerance, UnixTime, Verified};
