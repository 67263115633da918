//! A stateful Frappe site on a loopback port.
//!
//! [`FakeSite`] speaks both dialects of Frappe's REST API as its clients meet them: documents
//! with their rules, lists, permissions, error envelopes, files, webhooks, and of ERPNext the
//! invoices, payments and ledger of a small provider. On top of that it can fail: see
//! [`FakeSite::faults`], [`FakeSite::deadlock`] and [`FakeSite::html_error`].

mod aggregate;
mod auth;
mod bulk;
mod catalog;
mod cell;
mod coerce;
mod collation;
mod docstatus;
mod document;
mod envelope;
mod failure;
mod fake;
mod fields;
mod files;
mod filter;
mod hooks;
mod invoice;
mod json;
mod ledger;
mod list;
mod methods;
mod names;
mod naming;
mod payment;
mod permission;
mod plan;
mod ratelimit;
mod refusal;
mod report;
mod respond;
mod route;
mod schema;
mod scope;
mod seed;
mod select;
mod series;
mod site;
mod store;
mod subscription;
mod table;
mod timespan;
mod users;
mod validate;
mod webhooks;

use self::fake::Shared;
pub use self::fake::{FakeSite, FakeSiteBuilder, LoggedRequest};
pub use self::permission::Right;
pub use self::seed::{Isp, SeedEquipment};
pub use self::users::FakeUser;
pub use self::webhooks::{FakeWebhook, WebhookDelivery};
