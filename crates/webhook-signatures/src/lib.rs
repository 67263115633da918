#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod docuseal;
mod error;
pub mod frappe;
mod header;
mod keys;
pub mod shared_secret;
pub mod standard_webhooks;
pub mod stripe;
mod text;
mod time;
pub mod twilio;
mod verified;

pub use error::{Error, Malformation};
pub use header::{Header, MAX_HEADER_BYTES};
pub use time::{Tolerance, UnixTime};
pub use verified::Verified;
