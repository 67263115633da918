//! The seam between a client and the network: one trait, one implementation, any number of
//! decorators and doubles.

mod reqwest;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

pub use self::reqwest::{ReqwestOptions, ReqwestTransport};
use crate::{ByteStream, RequestBody};

/// The reason phrase of an HTTP/1 answer, kept as an extension where it is not the standard
/// one of the status: some remotes say there what happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a wrapper around one text")]
pub struct ReasonPhrase(pub String);

/// Carries one request to the remote and brings the answer back.
///
/// Implementations neither retry nor follow redirects: [`HttpClient`](crate::HttpClient)
/// decides. Decorate one to measure, record or sign.
///
/// # Examples
///
/// ```
/// use async_trait::async_trait;
/// use integration_core::transport::{Transport, TransportError, TransportErrorKind};
/// use integration_core::{ByteStream, HttpClient, RequestBody};
///
/// #[derive(Debug)]
/// struct Unplugged;
///
/// #[async_trait]
/// impl Transport for Unplugged {
///     async fn send(
///         &self,
///         _: http::Request<RequestBody>,
///     ) -> Result<http::Response<ByteStream>, TransportError> {
///         Err(TransportError::new(TransportErrorKind::Connect))
///     }
/// }
///
/// let client = HttpClient::builder("http://acs.example.ca").transport(Unplugged).build()?;
/// # Ok::<(), integration_core::Invalid>(())
/// ```
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends the request and waits for the head of the answer; the body follows as a stream.
    ///
    /// # Errors
    ///
    /// [`TransportError`] when there is no answer; an answer of any status is not an error.
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError>;
}

#[async_trait]
impl<T: Transport + ?Sized> Transport for Arc<T> {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        (**self).send(request).await
    }
}

/// How far a call came before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: nothing was sent, any call may be repeated.
    Connect,
    /// No answer in time: it may have been carried out.
    Timeout,
    /// The connection was closed before a byte of the answer: it may have been carried out.
    Aborted,
    /// The body of the answer broke off.
    Body,
    /// The request could not be written; repeating it is of no use.
    Request,
}

/// A call without an answer. `Display` and `Debug` hold no address and no body.
///
/// # Examples
///
/// ```
/// use integration_core::Error;
/// use integration_core::transport::{TransportError, TransportErrorKind};
///
/// let silence = TransportError::new(TransportErrorKind::Timeout);
/// assert_eq!(silence.to_string(), "the remote did not answer in time");
/// assert!(Error::from(silence).is_timeout());
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{}", match kind {
    TransportErrorKind::Connect => "no connection to the remote",
    TransportErrorKind::Timeout => "the remote did not answer in time",
    TransportErrorKind::Aborted => "the remote closed the connection without an answer",
    TransportErrorKind::Body => "the answer broke off",
    TransportErrorKind::Request => "the request cannot be sent",
})]
pub struct TransportError {
    kind: TransportErrorKind,
    #[source]
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// An error of a kind without a cause.
    #[must_use]
    pub fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// An error of a kind with its cause, which must not show addresses or secrets.
    pub fn with_source(
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            source: Some(source.into()),
        }
    }

    /// How far the call came.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    pub(crate) fn into_source(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.source
    }
}
