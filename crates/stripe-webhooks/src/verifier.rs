use webhook_signatures::{Header, Tolerance, UnixTime, Verified, stripe};

use crate::{Envelope, Error, Event};

/// Checks requests with the secrets of an endpoint, and reads their events.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Error, EventType, Tolerance, Verifier};
///
/// // Two secrets while one is rolled; events of the live mode only.
/// let verifier = Verifier::new(["whsec_new", "whsec_old"])?
///     .with_tolerance(Tolerance::from_secs(300))
///     .with_livemode(true);
///
/// let body = br#"{"id":"evt_1","object":"event","livemode":true,"type":"invoice.paid","data":{"object":{}}}"#;
/// let header = webhook_signatures::stripe::sign(["whsec_old"], body, 1_763_827_200);
/// let event = verifier.event(body, &header, 1_763_827_260)?;
/// assert_eq!(event.kind, EventType::InvoicePaid);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    signatures: stripe::Verifier,
    livemode: Option<bool>,
}

impl Verifier {
    /// Takes the texts of all secrets that may have been used, `whsec_` included.
    ///
    /// # Errors
    /// [`Error::Signature`] without a secret, or with a blank one.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::Verifier;
    ///
    /// assert!(Verifier::new("whsec_a,whsec_b".split(',')).is_ok());
    /// assert_eq!(Verifier::new([" "]).unwrap_err().code(), "blank_secret");
    /// ```
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Result<Self, Error> {
        Ok(Self {
            signatures: stripe::Verifier::new(secrets)?,
            livemode: None,
        })
    }

    /// Sets how old a signature may be, and how far in the future; 300 s both ways otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Tolerance, Verifier};
    ///
    /// // An event that waited in a queue: judged by the signature alone.
    /// let verifier = Verifier::new(["whsec_test"])?.with_tolerance(Tolerance::OFF);
    /// let header = webhook_signatures::stripe::sign(["whsec_test"], b"{}", 0);
    /// assert!(verifier.verify(b"{}", &header, 1_763_827_200).is_ok());
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: Tolerance) -> Self {
        self.signatures = self.signatures.with_tolerance(tolerance);
        self
    }

    /// Accepts events of the live mode only, or of the test mode only; of both otherwise.
    ///
    /// An endpoint that got the secret of the other mode would book payments nobody made.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::Verifier;
    ///
    /// let verifier = Verifier::new(["whsec_test"])?.with_livemode(true);
    /// let body = br#"{"id":"evt_1","object":"event","livemode":false,"type":"invoice.paid"}"#;
    /// let header = webhook_signatures::stripe::sign(["whsec_test"], body, 0);
    /// assert_eq!(verifier.event(body, &header, 0).unwrap_err().code(), "wrong_mode");
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn with_livemode(mut self, livemode: bool) -> Self {
        self.livemode = Some(livemode);
        self
    }

    /// Checks the signature of a body as it came, and no more.
    ///
    /// # Errors
    /// [`Error::Signature`].
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::Verifier;
    ///
    /// let verifier = Verifier::new(["whsec_test"])?;
    /// let header = webhook_signatures::stripe::sign(["whsec_test"], b"{}", 1_000);
    /// assert_eq!(verifier.verify(b"{}", &header, 1_000)?.secret(), 0);
    /// assert_eq!(verifier.verify(b"{ }", &header, 1_000).unwrap_err().code(), "mismatch");
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    pub fn verify<'h>(
        &self,
        body: &[u8],
        header: impl Into<Header<'h>>,
        now: impl Into<UnixTime>,
    ) -> Result<Verified, Error> {
        Ok(self.signatures.verify(body, header, now)?)
    }

    /// Reads the event of a body whose signature was checked with [`verify`](Self::verify), and
    /// checks its mode.
    ///
    /// # Errors
    /// As [`Event::parse`]; [`Error::WrongMode`].
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::Verifier;
    ///
    /// let verifier = Verifier::new(["whsec_test"])?.with_livemode(false);
    /// let event = verifier.parse(br#"{"id":"evt_1","object":"event","livemode":false,"type":"x.y"}"#)?;
    /// assert_eq!(event.kind.as_str(), "x.y");
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    pub fn parse(&self, body: &[u8]) -> Result<Event, Error> {
        let event = Event::parse(body)?;
        match self.livemode {
            Some(livemode) if livemode != event.livemode => Err(Error::WrongMode {
                livemode: event.livemode,
                id: event.id,
            }),
            _ => Ok(event),
        }
    }

    /// Checks the signature and the mode, and reads the event.
    ///
    /// # Errors
    /// [`Error::Signature`]; then as [`Event::parse`]; [`Error::WrongMode`]. Without a
    /// signature, what a cloud's bus has wrapped is told as [`Error::Envelope`].
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Object, Verifier};
    ///
    /// let body = br#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded",
    ///     "data":{"object":{"id":"pi_1","object":"payment_intent","amount":4999}}}"#;
    /// let header = webhook_signatures::stripe::sign(["whsec_test"], body, 1_000);
    /// let event = Verifier::new(["whsec_test"])?.event(body, &header, 1_000)?;
    /// let Object::PaymentIntent(intent) = event.object() else { return Err("another".into()) };
    /// assert_eq!((intent.id.as_str(), intent.amount), ("pi_1", Some(4999)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn event<'h>(
        &self,
        body: &[u8],
        header: impl Into<Header<'h>>,
        now: impl Into<UnixTime>,
    ) -> Result<Event, Error> {
        match self.signatures.verify(body, header, now) {
            Ok(_) => self.parse(body),
            Err(error) => Err(refused(error, body)),
        }
    }
}

/// A better reason for a signature that is missing, where the body tells one.
pub(crate) fn refused(error: webhook_signatures::Error, body: &[u8]) -> Error {
    if matches!(error, webhook_signatures::Error::MissingHeader { .. })
        && let Ok(text) = std::str::from_utf8(body)
        && let Some(envelope) = Envelope::of(text.trim())
    {
        return Error::Envelope(envelope);
    }
    Error::Signature(error)
}
