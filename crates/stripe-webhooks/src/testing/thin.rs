use super::SignedEvent;
use super::node::{Node, node};
use crate::UnixTime;

/// Writes one thin notification (API v2).
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Error, Verifier, testing::ThinEventBuilder};
///
/// let sent = ThinEventBuilder::new("v2.core.account.updated", "acct_1").sign("whsec_test", 1_000);
/// let error = Verifier::new(["whsec_test"])?.event(&sent.body, &sent.header, 1_000).unwrap_err();
/// let Error::Thin(thin) = error else { return Err(error) };
/// assert_eq!(thin.related_object.and_then(|object| object.id).as_deref(), Some("acct_1"));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ThinEventBuilder {
    event: Node,
}

impl ThinEventBuilder {
    /// A notification of this type (`v1.…`, `v2.…`) about the object with this id.
    #[must_use]
    pub fn new(kind: &str, id: &str) -> Self {
        let event = node!({
            "id": (super::shapes::sibling(id, "evt_test")),
            "object": "v2.core.event",
            "type": kind,
            "livemode": false,
            "created": "2025-11-22T16:00:00.000Z",
            "context": null,
            "reason": null,
            "related_object": {
                "id": id,
                "type": (kind.rsplit_once('.').map_or(kind, |(kind, _)| kind)),
                "url": (format!("/v2/core/objects/{id}"))
            }
        });
        Self { event }
    }

    /// Sets the mode; the test mode otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{ThinEvent, testing::ThinEventBuilder};
    /// let body = ThinEventBuilder::new("v2.x", "a_1").livemode(true).body();
    /// assert!(ThinEvent::parse(&body)?.livemode);
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn livemode(mut self, livemode: bool) -> Self {
        self.event.set("livemode", livemode.into());
        self
    }

    /// The raw body.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{ThinEvent, testing::ThinEventBuilder};
    /// let body = ThinEventBuilder::new("v2.core.account.updated", "acct_1").body();
    /// assert_eq!(ThinEvent::parse(&body)?.kind, "v2.core.account.updated");
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        self.event.write().into_bytes()
    }

    /// The body, and a header made with one secret.
    #[must_use]
    pub fn sign(&self, secret: &str, signed_at: impl Into<UnixTime>) -> SignedEvent {
        SignedEvent::new(self.body(), [secret], signed_at)
    }
}
