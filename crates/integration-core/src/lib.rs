#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api_error;
mod base_url;
#[cfg(feature = "client")]
mod body;
#[cfg(feature = "client")]
mod client;
mod clock;
mod credentials;
mod decode_error;
#[cfg(feature = "client")]
mod error;
mod page;
#[cfg(feature = "client")]
mod request;
mod request_id;
#[cfg(feature = "client")]
mod response;
mod retry;
mod secret;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "client")]
pub mod transport;

pub use api_error::ApiError;
pub use base_url::{ApiPath, BaseUrl, Invalid};
#[cfg(feature = "client")]
pub use body::{ByteStream, RequestBody};
#[cfg(feature = "client")]
pub use client::{HttpClient, HttpClientBuilder};
pub use clock::Clock;
pub use credentials::Credentials;
pub use decode_error::DecodeError;
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind};
pub use page::Page;
#[cfg(feature = "client")]
pub use page::paginate;
#[cfg(feature = "client")]
pub use request::RequestBuilder;
pub use request_id::RequestId;
#[cfg(feature = "client")]
pub use response::{Response, StreamingResponse};
pub use retry::{Attempt, RetryAfter, RetryPolicy};
pub use secret::Secret;
