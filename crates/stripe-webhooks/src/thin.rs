use crate::json::Read as _;
use crate::{Error, EventId};

lenient! {
    /// What a thin notification is about.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::ThinEvent;
    /// let body = br#"{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.no_meter_found",
    ///     "related_object":{"id":"mtr_1","type":"billing.meter","url":"/v1/billing/meters/mtr_1"}}"#;
    /// let related = ThinEvent::parse(body)?.related_object.ok_or("absent")?;
    /// assert_eq!(related.url.as_deref(), Some("/v1/billing/meters/mtr_1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct RelatedObject {
        /// Its id.
        id: Option<String> = "id",
        /// Its type.
        kind: Option<String> = "type",
        /// The path to fetch it at.
        url: Option<String> = "url",
    }
}

lenient! {
    /// A thin notification (API v2): says that something happened, and where to fetch it.
    ///
    /// Signed as other events are; the snapshot parser refuses it with [`Error::Thin`].
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Error, Event};
    ///
    /// let body = br#"{"id":"evt_test_65T","object":"v2.core.event","type":"v2.core.account.updated",
    ///     "created":"2026-11-22T16:00:00.000Z","livemode":false}"#;
    /// let Err(Error::Thin(thin)) = Event::parse(body) else { return Err("not thin".into()) };
    /// assert_eq!(thin.kind, "v2.core.account.updated");
    /// assert_eq!(thin.created.as_deref(), Some("2026-11-22T16:00:00.000Z"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct ThinEvent {
        /// Which one; the same over all attempts.
        id: EventId = "id",
        /// What happened: `v1.…` or `v2.…`.
        kind: String = "type",
        /// When: a text of ISO 8601, unlike the seconds of other events.
        created: Option<String> = "created",
        /// Whether it is of the live mode.
        livemode: bool = "livemode",
        /// The account it came from, with Connect.
        context: Option<String> = "context",
        /// What it is about.
        related_object: Option<RelatedObject> = "related_object",
    }
}

impl ThinEvent {
    /// Reads a notification whose signature was checked.
    ///
    /// # Errors
    /// [`Error::NotText`], [`Error::Json`], [`Error::NotEvent`] also for an event that is not
    /// thin.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::ThinEvent;
    ///
    /// let thin = ThinEvent::parse(br#"{"id":"evt_1","object":"v2.core.event","type":"v2.x"}"#)?;
    /// assert_eq!(thin.id.as_str(), "evt_1");
    /// assert!(ThinEvent::parse(br#"{"id":"evt_1","object":"event","type":"x"}"#).is_err());
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        match crate::Event::parse(body) {
            Err(Error::Thin(thin)) => Ok(*thin),
            Ok(_) => Err(Error::NotEvent),
            Err(error) => Err(error),
        }
    }

    /// Whether the members of an event make it a thin one.
    pub(crate) fn is(object: Option<&str>, kind: &str) -> bool {
        match object {
            Some(object) => object.starts_with("v2."),
            None => kind.starts_with("v1.") || kind.starts_with("v2."),
        }
    }

    pub(crate) fn of(json: &str) -> Box<Self> {
        Box::new(Self::read(json))
    }
}
