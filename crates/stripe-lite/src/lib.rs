#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod amount;
mod balance;
mod charge;
mod checkout;
#[cfg(feature = "client")]
mod client;
mod customer;
mod error;
mod event;
mod form;
mod id;
mod idempotency;
mod lenient;
mod open_enum;
mod param;
mod payment_intent;
mod payment_method;
mod portal;
mod refund;
mod search;
mod setup_intent;
#[cfg(feature = "testing")]
pub mod testing;

pub use amount::{Amount, Currency};
pub use balance::{Balance, Funds};
pub use charge::Charge;
pub use checkout::{
    CheckoutMode, CheckoutSession, CheckoutStatus, CreateCheckoutSession, FutureUsage, LineItem,
    ListCheckoutSessions, PaymentStatus,
};
#[cfg(feature = "client")]
pub use client::{
    API_VERSION, BillingPortal, Charges, CheckoutSessions, Client, ClientBuilder, Customers,
    Events, List, PaymentIntents, PaymentMethods, Refunds, SetupIntents,
};
pub use customer::{CreateCustomer, Customer, InvoiceSettings, ListCustomers, UpdateCustomer};
pub use error::{Advice, ApiError, CardError, Error, ErrorType};
pub use event::{Event, ListEvents};
pub use id::{
    ChargeId, CheckoutSessionId, CustomerId, EventId, InvoiceId, PaymentIntentId, PaymentMethodId,
    PortalSessionId, RefundId, SetupIntentId, SubscriptionId,
};
pub use idempotency::IdempotencyKey;
#[cfg(feature = "client")]
pub use integration_core::{Clock, RetryPolicy};
pub use integration_core::{Page, Secret};
pub use lenient::{Expandable, Identified};
pub use param::{Param, Params};
pub use payment_intent::{
    ConfirmPaymentIntent, CreatePaymentIntent, LastError, ListPaymentIntents, PaymentIntent,
    PaymentIntentStatus,
};
pub use payment_method::{Card, ListPaymentMethods, PaymentMethod};
pub use portal::{CreatePortalSession, PortalSession};
pub use refund::{CreateRefund, ListRefunds, Refund, RefundReason, RefundStatus};
pub use search::Search;
pub use setup_intent::{
    ClientSecret, CreateSetupIntent, ListSetupIntents, SetupIntent, SetupIntentStatus,
};
