use std::fmt;

use super::form;
use super::url::Address;
use crate::{Error, Header};

/// A request as it came, except that the address is the public one.
///
/// # Examples
///
/// ```
/// use webhook_signatures::twilio::Request;
///
/// let request = Request::new("POST", "https://example.ca/webhook/twilio/sms-status?job=7")
///     .content_type(Some("application/x-www-form-urlencoded"))
///     .body(b"MessageStatus=delivered")
///     .settings(None::<&str>);
/// # let _ = request;
/// ```
#[derive(Clone, Copy)]
pub struct Request<'a> {
    method: &'a str,
    pub(super) url: &'a str,
    content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
    pub(super) settings: Header<'a>,
}

impl<'a> Request<'a> {
    /// A request without a body, with the address as Twilio called it.
    #[must_use]
    pub fn new(method: &'a str, url: &'a str) -> Self {
        Self {
            method,
            url,
            content_type: None,
            body: &[],
            settings: Header::ABSENT,
        }
    }

    /// Sets the raw body.
    #[must_use]
    pub fn body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }

    /// Sets the value of `Content-Type`. A body without one is read as a form.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<Option<&'a str>>) -> Self {
        self.content_type = content_type.into();
        self
    }

    /// Sets the value of `X-Twilio-Webhooks-Signature-Settings`.
    #[must_use]
    pub fn settings(mut self, settings: impl Into<Header<'a>>) -> Self {
        self.settings = settings.into();
        self
    }

    /// Whether the parameters of the body are signed.
    pub(super) fn is_form(&self) -> bool {
        !self.is_read() && self.content_type.is_none_or(is_form_type)
    }

    /// Whether the method is one that sends no body.
    fn is_read(&self) -> bool {
        ["GET", "HEAD"]
            .iter()
            .any(|read| self.method.eq_ignore_ascii_case(read))
    }
}

/// The query of the address and the body may hold anything: neither is shown.
impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field(
                "url",
                &self.url.split(['?', '#']).next().unwrap_or_default(),
            )
            .field("content_type", &self.content_type)
            .field("body_bytes", &self.body.len())
            .field("settings", &self.settings)
            .finish()
    }
}

/// What covers the body.
pub(super) enum Coverage<'a> {
    /// There is none.
    Nothing,
    /// The signed text of a form.
    Form(Vec<u8>),
    /// The hash in the address.
    Hash(&'a str),
}

impl<'a> Coverage<'a> {
    /// # Errors
    /// [`Error::BodyNotSigned`], [`Error::TooManyParameters`].
    pub(super) fn of(request: &Request<'a>, address: &Address<'a>) -> Result<Self, Error> {
        let hash = address.body_sha256();
        // An empty form adds nothing to the address: without the second condition a JSON request
        // could be repeated as a form, with its body cut off.
        if request.is_form() && (hash.is_none() || !request.body.is_empty()) {
            return form::signed_text(request.body).map(Self::Form);
        }
        if let Some(hash) = hash {
            return Ok(Self::Hash(hash));
        }
        if request.is_read() && request.body.is_empty() {
            return Ok(Self::Nothing);
        }
        Err(Error::BodyNotSigned)
    }

    /// What follows the address in the signed text.
    pub(super) fn parameters(&self) -> &[u8] {
        match self {
            Self::Form(text) => text,
            Self::Nothing | Self::Hash(_) => &[],
        }
    }
}

fn is_form_type(content_type: &str) -> bool {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
