use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::json::{Read, member, members, text};
use crate::{Envelope, Error, EventType, Object, ThinEvent};

/// The id of an event: the same over all attempts to deliver it.
///
/// # Examples
///
/// ```
/// # use stripe_webhooks::Event;
/// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"invoice.paid"}"#)?;
/// assert_eq!(event.id.as_str(), "evt_1");
/// assert_eq!(event.id.to_string(), "evt_1");
/// # Ok::<(), stripe_webhooks::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(Box<str>);

impl EventId {
    /// The text of the id, which is never empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for EventId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<EventId> for String {
    fn from(id: EventId) -> Self {
        id.0.into_string()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Read for EventId {
    fn read(json: &str) -> Self {
        Self(text(json).unwrap_or_default().into_boxed_str())
    }
}

lenient! {
    /// The API call that led to an event.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"invoice.paid",
    ///     "request":{"id":"req_1","idempotency_key":"ppa-1"}}"#)?;
    /// let request = event.request.unwrap_or_default();
    /// assert_eq!(request.idempotency_key.as_deref(), Some("ppa-1"));
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    pub struct Request {
        /// `req_…`; absent when Stripe acted by itself.
        id: Option<String> = "id",
        /// The key that was sent with it.
        idempotency_key: Option<String> = "idempotency_key",
    }
}

impl Request {
    /// A text in place of the object is the id: so events of the first API versions have it.
    fn of(json: &str) -> Option<Self> {
        match text(json) {
            Some(id) => Some(Self {
                id: Some(id),
                idempotency_key: None,
            }),
            None => Read::read(json),
        }
    }
}

/// A snapshot event: what happened, and the object as it was then.
///
/// The envelope is read; the object in it is read by [`object`](Self::object), and is there as
/// text in [`object_json`](Self::object_json). See Stripe's API reference, "Events".
///
/// # Examples
///
/// ```
/// use stripe_webhooks::{Event, EventType, Object};
///
/// let event = Event::parse(br#"{
///   "id": "evt_1", "object": "event", "created": 1763827200, "livemode": false,
///   "type": "payment_intent.succeeded",
///   "data": {"object": {"id": "pi_1", "object": "payment_intent", "amount": 11497, "currency": "cad"}}
/// }"#)?;
/// assert_eq!(event.kind, EventType::PaymentIntentSucceeded);
/// let Object::PaymentIntent(intent) = event.object() else { return Err("another".into()) };
/// assert_eq!(intent.amount, Some(11_497));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Which one; the same over all attempts.
    pub id: EventId,
    /// What happened.
    pub kind: EventType,
    /// When, in seconds since 1970-01-01T00:00:00Z.
    pub created: Option<i64>,
    /// Whether it is of the live mode; what does not say so is not.
    pub livemode: bool,
    /// The connected account it happened in, with Connect.
    pub account: Option<String>,
    /// The API version the object is written in: the endpoint's.
    pub api_version: Option<String>,
    /// How many endpoints had not confirmed it when it was sent.
    pub pending_webhooks: Option<i64>,
    /// The API call that led to it.
    pub request: Option<Request>,
    json: Box<str>,
    object: Range<usize>,
    previous: Range<usize>,
}

impl Event {
    /// Reads an event whose signature was checked.
    ///
    /// Unknown types, unknown, absent and repeated fields and values of other kinds are no
    /// errors: an event has an `id` and a `type`, everything else may be missing.
    ///
    /// # Errors
    /// [`Error::NotText`], [`Error::Json`], [`Error::NotEvent`], [`Error::Thin`],
    /// [`Error::Envelope`].
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, EventType};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"fish.caught"}"#)?;
    /// assert_eq!(event.kind, EventType::Other("fish.caught".to_owned()));
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    pub fn parse(body: &[u8]) -> Result<Self, Error> {
        let json = std::str::from_utf8(body).map_err(Error::NotText)?;
        // A byte-order mark is signed as it came, and means nothing.
        let json = json.strip_prefix('\u{feff}').unwrap_or(json).trim();
        let mut event = Self {
            id: EventId::default(),
            kind: EventType::Other(String::new()),
            created: None,
            livemode: false,
            account: None,
            api_version: None,
            pending_webhooks: None,
            request: None,
            json: Box::default(),
            object: 0..0,
            previous: 0..0,
        };
        let (mut object, mut kind, mut data) = (None, String::new(), None);
        let read = members(json, |name, value| match name {
            "id" => event.id = Read::read(value),
            "object" => object = text(value),
            "type" => kind = text(value).unwrap_or_default(),
            "created" => event.created = Read::read(value),
            "livemode" => event.livemode = Read::read(value),
            "account" => event.account = Read::read(value),
            "api_version" => event.api_version = text(value),
            "pending_webhooks" => event.pending_webhooks = Read::read(value),
            "request" => event.request = Request::of(value),
            "data" => data = Some(value),
            _ => {}
        });
        match read {
            Err(error) if error.is_data() => return Err(not_event(json)),
            Err(error) => return Err(Error::Json(error)),
            Ok(()) => {}
        }
        if event.id.as_str().is_empty() || kind.is_empty() {
            return Err(not_event(json));
        }
        if object.is_none()
            && let Some(envelope) = Envelope::of(json)
        {
            return Err(Error::Envelope(envelope));
        }
        if ThinEvent::is(object.as_deref(), &kind) {
            return Err(Error::Thin(ThinEvent::of(json)));
        }
        if object.is_some_and(|object| object != "event") {
            return Err(Error::NotEvent);
        }
        event.kind = EventType::from(kind.as_str());
        if let Some(data) = data {
            let _ = members(data, |name, value| match name {
                "object" => event.object = place(json, value),
                "previous_attributes" => event.previous = place(json, value),
                _ => {}
            });
        }
        event.json = json.into();
        Ok(event)
    }

    /// The object as it was when the event was made: typed where its kind is known.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{Event, Object};
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"fish.caught",
    ///     "data":{"object":{"id":"fish_1","object":"fish"}}}"#)?;
    /// let Object::Other(fish) = event.object() else { return Err("known".into()) };
    /// assert_eq!(fish.kind.as_deref(), Some("fish"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn object(&self) -> Object {
        Object::read(self.object_json())
    }

    /// The JSON of the object; `null` where there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"x","data":{"object":{"id":"a"}}}"#)?;
    /// assert_eq!(event.object_json(), r#"{"id":"a"}"#);
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn object_json(&self) -> &str {
        self.part(&self.object).unwrap_or("null")
    }

    /// The id of the object, whatever its kind.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"x","data":{"object":{"id":"a"}}}"#)?;
    /// assert_eq!(event.object_id().as_deref(), Some("a"));
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn object_id(&self) -> Option<String> {
        member(self.object_json(), "id").and_then(text)
    }

    /// The JSON of what an update has replaced, by name.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"customer.updated",
    ///     "data":{"object":{},"previous_attributes":{"balance":0}}}"#)?;
    /// assert_eq!(event.previous_attributes_json(), Some(r#"{"balance":0}"#));
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn previous_attributes_json(&self) -> Option<&str> {
        self.part(&self.previous)
    }

    /// The JSON of the whole event, as it was sent.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// let body = br#"{"id":"evt_1","object":"event","type":"x","new_field":[1]}"#;
    /// assert_eq!(Event::parse(body)?.json().as_bytes(), body);
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Reads the object into a type of the caller's, for fields that [`Object`] leaves out.
    ///
    /// # Errors
    /// When the object is not of that shape.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::Event;
    /// #[derive(serde::Deserialize)]
    /// struct Customer {
    ///     balance: i64,
    /// }
    ///
    /// let event = Event::parse(br#"{"id":"evt_1","object":"event","type":"customer.updated",
    ///     "data":{"object":{"id":"cus_1","object":"customer","balance":-500}}}"#)?;
    /// assert_eq!(event.object_as::<Customer>()?.balance, -500);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn object_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(self.object_json())
    }

    fn part(&self, place: &Range<usize>) -> Option<&str> {
        self.json
            .get(place.clone())
            .filter(|part| !part.is_empty() && *part != "null")
    }
}

/// An object may hold anything about a person: its text is not shown.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("id", &self.id.as_str())
            .field("kind", &self.kind.as_str())
            .field("created", &self.created)
            .field("livemode", &self.livemode)
            .field("account", &self.account)
            .field("api_version", &self.api_version)
            .field("request", &self.request)
            .field("bytes", &self.json.len())
            .finish_non_exhaustive()
    }
}

fn not_event(json: &str) -> Error {
    Envelope::of(json).map_or(Error::NotEvent, Error::Envelope)
}

/// Where a part of a text is in it.
fn place(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start.saturating_add(part.len())
}
