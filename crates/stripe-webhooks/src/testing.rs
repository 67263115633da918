//! Events as Stripe would send them, signed: for tests, never for production.
//!
//! The bodies have the shape of real ones: indented by two spaces, with the fields in Stripe's
//! order and many that nobody reads. The same calls give the same bytes.
//!
//! # Examples
//!
//! ```
//! use stripe_webhooks::testing::EventBuilder;
//! use stripe_webhooks::{EventType, Verifier};
//!
//! let sent = EventBuilder::payment_intent_succeeded("pi_1")
//!     .amount(11_497)
//!     .metadata("invoice", "INV-0000123")
//!     .sign("whsec_test", 1_763_827_200);
//!
//! let event = Verifier::new(["whsec_test"])?.event(&sent.body, &sent.header, 1_763_827_200)?;
//! assert_eq!(event.kind, EventType::PaymentIntentSucceeded);
//! assert_eq!(event.object().metadata().map(|all| all["invoice"].as_str()), Some("INV-0000123"));
//! # Ok::<(), stripe_webhooks::Error>(())
//! ```

mod builder;
mod node;
mod payment;
mod shapes;
mod thin;

use webhook_signatures::stripe::{HEADER, sign};

use crate::UnixTime;

pub use builder::EventBuilder;
pub use payment::Payment;
pub use thin::ThinEventBuilder;

/// A body and the header that goes with it.
///
/// # Examples
///
/// ```
/// use stripe_webhooks::testing::SignedEvent;
///
/// // While a secret is rolled there is a signature for each.
/// let sent = SignedEvent::new("{}", ["whsec_new", "whsec_old"], 1_000);
/// assert_eq!(sent.header.matches("v1=").count(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedEvent {
    /// The raw body.
    pub body: Vec<u8>,
    /// The value of `Stripe-Signature`.
    pub header: String,
}

impl SignedEvent {
    /// Signs any body with each of the secrets.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Verifier, testing::SignedEvent};
    ///
    /// let sent = SignedEvent::new(b"no JSON", ["whsec_test"], 1_000);
    /// let verifier = Verifier::new(["whsec_test"])?;
    /// assert_eq!(verifier.event(&sent.body, &sent.header, 1_000).unwrap_err().code(), "json");
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn new<S: AsRef<str>>(
        body: impl Into<Vec<u8>>,
        secrets: impl IntoIterator<Item = S>,
        signed_at: impl Into<UnixTime>,
    ) -> Self {
        let body = body.into();
        let header = sign(secrets, &body, signed_at);
        Self { body, header }
    }

    /// The name of the header.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::testing::SignedEvent;
    ///
    /// assert_eq!(SignedEvent::HEADER, "Stripe-Signature");
    /// ```
    pub const HEADER: &'static str = HEADER;
}
