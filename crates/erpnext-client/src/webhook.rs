//! Where Frappe calls us: the signature and the payload of its webhooks.
//!
//! A webhook is sent after the commit by a worker, up to three times, in any order, without a time:
//! keep the [`Delivery::dedupe_key`] of what was done.
//!
//! # Examples
//! ```
//! use erpnext_client::{Secret, webhook};
//!
//! let secret = Secret::from("s3cr3t");
//! let body = br#"{"name": "W-1", "modified": "2026-05-04 08:30:00"}"#;
//! let header = webhook::sign(&secret, body);
//!
//! let delivery = webhook::Delivery::verified([&secret], body, Some(&header))?;
//! assert_eq!(delivery.name().as_str(), "W-1");
//! assert_eq!(delivery.dedupe_key().as_deref(), Some("W-1 2026-05-04 08:30:00"));
//! # Ok::<(), webhook::WebhookError>(())
//! ```

use integration_core::{DecodeError, Secret};
use serde_json::{Map, Value};
use webhook_signatures::{Error as SignatureError, frappe};

use crate::{DocName, Document, Modified, Record as _};

/// The header that holds the signature.
pub const SIGNATURE_HEADER: &str = frappe::HEADER;

/// Why a webhook is not taken.
///
/// # Examples
/// ```
/// use erpnext_client::{Secret, webhook::{self, WebhookError}};
///
/// let secret = Secret::from("s3cr3t");
/// assert!(matches!(webhook::verify([&secret], b"{}", None), Err(WebhookError::Missing)));
/// assert!(matches!(webhook::verify([&secret], b"{}", Some("?")), Err(WebhookError::Malformed)));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// No signature: the webhook has no secret on the site, or this is not Frappe.
    #[error("the webhook is not signed")]
    Missing,
    /// The signature is not the base64 of 32 bytes.
    #[error("the signature of the webhook is not one")]
    Malformed,
    /// There is no secret to check with, or it is empty.
    #[error("there is no secret to check the webhook with")]
    NoSecret,
    /// The signature was made with none of the secrets, or over another body.
    #[error("the signature of the webhook is not right")]
    Mismatch,
    /// The signed body is not a JSON object with a `name`.
    #[error("the payload of the webhook is not a document")]
    Payload(#[source] DecodeError),
}

/// The signature of a body: base64 of HMAC-SHA256 over its bytes.
///
/// # Examples
/// ```
/// use erpnext_client::{Secret, webhook};
///
/// let body = br#"{"name": "W-1", "title": "\u00c9lo\u00efse / x", "qty": 2.5}"#;
/// let signature = webhook::sign(&Secret::from("s3cr3t"), body);
/// assert_eq!(signature, "hSXHF4ALmS8sL20jbVK17CMCjJ02AMUlUU2Q8ieSgfA=");
/// ```
#[must_use]
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    frappe::sign(secret.expose(), body)
}

/// Checks the signature of a body *as it came*: parsed and written again, it would be another.
///
/// Several secrets are for the time of a change. Takes the same time wherever signatures differ.
///
/// # Errors
/// [`WebhookError`] of every kind but `Payload`.
///
/// # Examples
/// ```
/// use erpnext_client::{Secret, webhook};
///
/// let (old, new) = (Secret::from("old"), Secret::from("new"));
/// let header = webhook::sign(&old, b"{}");
/// assert!(webhook::verify([&new, &old], b"{}", Some(&header)).is_ok());
/// assert!(webhook::verify([&new], b"{}", Some(&header)).is_err());
/// ```
pub fn verify<'a>(
    secrets: impl IntoIterator<Item = &'a Secret>,
    body: &[u8],
    header: Option<&str>,
) -> Result<(), WebhookError> {
    // Anybody can sign with an empty key.
    let secrets = secrets
        .into_iter()
        .map(Secret::expose)
        .filter(|secret| !secret.trim().is_empty());
    let verifier = frappe::Verifier::new(secrets).map_err(|_| WebhookError::NoSecret)?;
    let header = header.map(str::trim).filter(|header| !header.is_empty());
    match verifier.verify(body, header) {
        Ok(_) => Ok(()),
        Err(SignatureError::MissingHeader { .. }) => Err(WebhookError::Missing),
        Err(SignatureError::Mismatch) => Err(WebhookError::Mismatch),
        Err(_) => Err(WebhookError::Malformed),
    }
}

/// The payload of a webhook: the fields chosen on the site, `name` among them.
///
/// # Examples
/// ```
/// use erpnext_client::webhook::Delivery;
///
/// let delivery = Delivery::parse(br#"{"name": "DJ-00001", "status": "Completed"}"#)?;
/// assert_eq!(delivery.get("status").and_then(|status| status.as_str()), Some("Completed"));
/// assert_eq!(delivery.dedupe_key(), None);
/// # Ok::<(), erpnext_client::webhook::WebhookError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery(Document);

impl Delivery {
    /// Checks the signature of a body and reads it.
    ///
    /// # Errors
    /// [`WebhookError`].
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::{Secret, webhook::{self, Delivery}};
    ///
    /// let secret = Secret::from("s3cr3t");
    /// let body = br#"{"name": "W-1"}"#;
    /// let header = webhook::sign(&secret, body);
    /// assert!(Delivery::verified([&secret], body, Some(&header)).is_ok());
    /// assert!(Delivery::verified([&secret], body, None).is_err());
    /// ```
    pub fn verified<'a>(
        secrets: impl IntoIterator<Item = &'a Secret>,
        body: &[u8],
        header: Option<&str>,
    ) -> Result<Self, WebhookError> {
        verify(secrets, body, header)?;
        Self::parse(body)
    }

    /// Reads a body whose signature has been checked.
    ///
    /// # Errors
    /// [`WebhookError::Payload`].
    pub fn parse(body: &[u8]) -> Result<Self, WebhookError> {
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|error| WebhookError::Payload(error.into()))
    }

    /// The document's name.
    #[must_use]
    pub fn name(&self) -> &DocName {
        self.0.name()
    }

    /// When the document was saved, where the payload has it.
    #[must_use]
    pub fn modified(&self) -> Option<&Modified> {
        self.0.modified()
    }

    /// A field other than `name` and `modified`.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// All fields but `name` and `modified`.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        self.0.fields()
    }

    /// What is the same when the same save is delivered again; `None` when the payload has no
    /// `modified`: choose that field on the site, too.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::webhook::Delivery;
    ///
    /// let delivery = Delivery::parse(br#"{"name": "A", "modified": "2026-05-04 08:30:00"}"#)?;
    /// assert_eq!(delivery.dedupe_key().as_deref(), Some("A 2026-05-04 08:30:00"));
    /// # Ok::<(), erpnext_client::webhook::WebhookError>(())
    /// ```
    #[must_use]
    pub fn dedupe_key(&self) -> Option<String> {
        let modified = self.modified()?.as_str();
        Some(format!("{} {modified}", self.name()))
    }

    /// The payload as a document.
    #[must_use]
    pub fn into_document(self) -> Document {
        self.0
    }
}
