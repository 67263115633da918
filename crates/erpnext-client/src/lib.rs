#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

// The macros name this crate from inside it, too.
#[cfg(feature = "derive")]
extern crate self as erpnext_client;

#[doc(hidden)]
pub mod __derive;
pub mod bootstrap;
mod changes;
#[cfg(feature = "client")]
mod client;
pub mod codegen;
mod credentials;
mod dialect;
mod docstatus;
mod doctype;
#[cfg(feature = "derive")]
pub mod doctypes;
mod document;
mod error;
mod filter;
mod meta;
mod modified;
mod name;
mod patch;
mod query;
#[cfg(feature = "testing")]
pub mod testing;
pub mod value;
pub mod webhook;

pub use changes::Changes;
#[cfg(feature = "client")]
pub use client::{Answer, Client, ClientBuilder, Docs, Rpc};
#[cfg(feature = "client")]
pub use client::{App, Batch, Cache, Created, List, Outcome, Outcomes, Permission, Site};
#[cfg(feature = "client")]
pub use client::{Download, File, Files, Upload};
pub use credentials::Credentials;
pub use dialect::Dialect;
pub use docstatus::DocStatus;
pub use doctype::{ChildTable, Doctype, Record, Row};
pub use document::Document;
#[cfg(feature = "derive")]
pub use erpnext_client_derive::{Doctype, Select};
pub use error::DecodeError;
pub use error::{Error, ExcType, ServerError, ServerMessage};
pub use filter::{Filter, Operand, Period, Timespan};
pub use integration_core::Secret;
#[cfg(feature = "client")]
pub use integration_core::{Page, RetryPolicy, transport::Transport};
pub use meta::{FieldType, Meta, MetaField};
pub use modified::Modified;
pub use name::DocName;
pub use patch::Patch;
pub use query::{Api, Field, Order, Query, Rendered};
