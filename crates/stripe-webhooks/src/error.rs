use crate::{Envelope, EventId, ThinEvent};

/// Why a request gives no event, or why a verifier cannot be built.
///
/// Holds neither secrets nor the body. What goes back to the caller of the route is no more than
/// a status; [`code`](Self::code) is for the counter and the log.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Error, Verifier};
///
/// let verifier = Verifier::new(["whsec_test"])?;
/// let error = verifier.event(b"{}", None::<&str>, 0).unwrap_err();
/// assert!(matches!(error, Error::Signature(_)));
/// assert_eq!(error.code(), "missing_header");
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The signature is missing, wrong or out of time; or there is no usable secret.
    #[error("the signature is refused")]
    Signature(#[source] webhook_signatures::Error),
    /// The body is not UTF-8 text.
    #[error("the body is not text")]
    NotText(#[source] std::str::Utf8Error),
    /// The body is not JSON.
    #[error("the body is not JSON")]
    Json(#[source] serde_json::Error),
    /// The body is JSON, but not an event: no `id` or no `type`.
    #[error("the body is not an event")]
    NotEvent,
    /// A notification of API v2, which has no object in it: fetch what it names.
    #[error("the event is a notification without its object")]
    Thin(Box<ThinEvent>),
    /// An event wrapped by a cloud's event bus: Stripe does not sign those.
    #[error("the event came wrapped by {0}, which is not signed")]
    Envelope(Envelope),
    /// The event is of the mode that [`Verifier::with_livemode`](crate::Verifier::with_livemode)
    /// does not accept.
    #[error("the event is of the {} mode", mode(.livemode))]
    WrongMode {
        /// Which event it is.
        id: EventId,
        /// Its mode.
        livemode: bool,
    },
}

impl Error {
    /// A stable name for counters and logs; of a signature, that of
    /// [`webhook_signatures::Error::code`].
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Error, Event};
    ///
    /// assert_eq!(Event::parse(b"{").unwrap_err().code(), "json");
    /// assert_eq!(Event::parse(b"{}").unwrap_err().code(), "not_event");
    /// assert_eq!(Error::from(webhook_signatures::Error::Mismatch).code(), "mismatch");
    /// ```
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Signature(error) => error.code(),
            Self::NotText(_) => "not_text",
            Self::Json(_) => "json",
            Self::NotEvent => "not_event",
            Self::Thin(_) => "thin",
            Self::Envelope(_) => "envelope",
            Self::WrongMode { .. } => "wrong_mode",
        }
    }
}

impl From<webhook_signatures::Error> for Error {
    fn from(error: webhook_signatures::Error) -> Self {
        Self::Signature(error)
    }
}

fn mode(livemode: &bool) -> &'static str {
    if *livemode { "live" } else { "test" }
}
