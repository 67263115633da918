use serde_json::Value;

use super::SignedEvent;
use super::node::{Node, node};
use super::shapes::{self, Common};
use crate::{EventType, UnixTime};

/// The time of events that are not given one: 2025-11-22T16:00:00Z.
const CREATED: i64 = 1_763_827_200;
/// The amount of objects that are not given one, in cents.
const AMOUNT: i64 = 11_497;

/// Writes one event.
///
/// Starts from an ordinary event of its type; the setters change what a test is about.
///
/// # Examples
///
/// ```
/// use serde_json::json;
/// use stripe_webhooks::testing::EventBuilder;
/// use stripe_webhooks::{Object, PaymentStatus};
///
/// let event = EventBuilder::checkout_session_completed("cs_test_1")
///     .payment_intent("pi_1")
///     .customer("cus_1")
///     .metadata("invoice", "INV-0000123")
///     .field("payment_status", json!("unpaid"))
///     .event();
/// let Object::CheckoutSession(session) = event.object() else { return Err("another") };
/// assert_eq!(session.payment_status, Some(PaymentStatus::Unpaid));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug)]
pub struct EventBuilder {
    event: Node,
    kind: EventType,
}

/// One constructor for each type.
macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident: $kind:ident, $id:literal;)+) => {
        $(
            $(#[$doc])*
            ///
            /// # Examples
            ///
            /// ```
            /// # use stripe_webhooks::{EventType, testing::EventBuilder};
            #[doc = concat!("let event = EventBuilder::", stringify!($name), "(\"", $id, "\").event();")]
            #[doc = concat!("assert_eq!(event.kind, EventType::", stringify!($kind), ");")]
            /// ```
            #[must_use]
            pub fn $name(id: &str) -> Self {
                Self::new(EventType::$kind, id)
            }
        )+
    };
}

impl EventBuilder {
    constructors! {
        /// A paid checkout, by the id of its session.
        checkout_session_completed: CheckoutSessionCompleted, "cs_test_1";
        /// A checkout that a delayed method has paid, by the id of its session.
        checkout_session_async_payment_succeeded: CheckoutSessionAsyncPaymentSucceeded, "cs_test_1";
        /// A checkout that a delayed method has not paid, by the id of its session.
        checkout_session_async_payment_failed: CheckoutSessionAsyncPaymentFailed, "cs_test_1";
        /// A checkout that nobody completed, by the id of its session.
        checkout_session_expired: CheckoutSessionExpired, "cs_test_1";
        /// A payment that came in, by its id.
        payment_intent_succeeded: PaymentIntentSucceeded, "pi_1";
        /// A payment that was declined for lack of funds, by its id.
        payment_intent_payment_failed: PaymentIntentPaymentFailed, "pi_1";
        /// A payment under way, by its id.
        payment_intent_processing: PaymentIntentProcessing, "pi_1";
        /// A payment that the customer has to confirm, by its id.
        payment_intent_requires_action: PaymentIntentRequiresAction, "pi_1";
        /// A payment that was given up, by its id.
        payment_intent_canceled: PaymentIntentCanceled, "pi_1";
        /// A card that was saved, by the id of its intent.
        setup_intent_succeeded: SetupIntentSucceeded, "seti_1";
        /// A card that was not saved, by the id of its intent.
        setup_intent_setup_failed: SetupIntentSetupFailed, "seti_1";
        /// A charge that was refunded whole, by its id.
        charge_refunded: ChargeRefunded, "ch_1";
        /// A new dispute, by its id.
        charge_dispute_created: ChargeDisputeCreated, "dp_1";
        /// A dispute that was lost, by its id.
        charge_dispute_closed: ChargeDisputeClosed, "dp_1";
        /// A new refund, by its id.
        refund_created: RefundCreated, "re_1";
        /// A refund that has changed, by its id.
        refund_updated: RefundUpdated, "re_1";
        /// A refund that the bank did not take, by its id.
        refund_failed: RefundFailed, "re_1";
        /// An invoice of Stripe Billing that was paid, by its id.
        invoice_paid: InvoicePaid, "in_1";
        /// An invoice of Stripe Billing that was not paid, by its id.
        invoice_payment_failed: InvoicePaymentFailed, "in_1";
        /// An invoice of Stripe Billing that the customer has to confirm, by its id.
        invoice_payment_action_required: InvoicePaymentActionRequired, "in_1";
        /// A subscription that has changed, by its id.
        customer_subscription_updated: CustomerSubscriptionUpdated, "sub_1";
        /// A subscription that is over, by its id.
        customer_subscription_deleted: CustomerSubscriptionDeleted, "sub_1";
        /// A card that was attached, by its id.
        payment_method_attached: PaymentMethodAttached, "pm_1";
        /// A card that was detached, by its id.
        payment_method_detached: PaymentMethodDetached, "pm_1";
        /// A card with a new number or date, by its id.
        payment_method_automatically_updated: PaymentMethodAutomaticallyUpdated, "pm_1";
        /// A customer that has changed, by its id.
        customer_updated: CustomerUpdated, "cus_1";
    }

    /// An event of any type, about the object with this id; the kind of object follows from the
    /// type, and is a bare `{id, object}` for a type that is not known.
    ///
    /// # Examples
    ///
    /// ```
    /// use stripe_webhooks::{EventType, testing::EventBuilder};
    ///
    /// let event = EventBuilder::new("fish.caught", "fish_1").event();
    /// assert_eq!(event.kind, EventType::Other("fish.caught".to_owned()));
    /// ```
    #[must_use]
    pub fn new(kind: impl Into<EventType>, id: &str) -> Self {
        let kind = kind.into();
        let event_id = format!("evt_{:016x}", fnv(kind.as_str(), id));
        let event = node!({
            "id": (event_id),
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": CREATED,
            "data": { "object": (object(&kind, id)) },
            "livemode": false,
            "pending_webhooks": 1_i64,
            "request": { "id": (shapes::sibling(id, "req")), "idempotency_key": null },
            "type": (kind.as_str())
        });
        Self { event, kind }
    }

    /// Sets the id of the event; made from type and object otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::invoice_paid("in_1").id("evt_1").event();
    /// assert_eq!(event.id.as_str(), "evt_1");
    /// ```
    #[must_use]
    pub fn id(self, id: &str) -> Self {
        self.envelope_field("id", id.into())
    }

    /// Sets when event and object were made, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::invoice_paid("in_1").created(1_763_900_000).event();
    /// assert_eq!(event.created, Some(1_763_900_000));
    /// ```
    #[must_use]
    pub fn created(mut self, secs: i64) -> Self {
        self.event.set("created", secs.into());
        self.in_object("created", secs.into())
    }

    /// Sets the mode of event and object; the test mode otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// assert!(EventBuilder::invoice_paid("in_1").livemode(true).event().livemode);
    /// ```
    #[must_use]
    pub fn livemode(mut self, livemode: bool) -> Self {
        self.event.set("livemode", livemode.into());
        self.in_object("livemode", livemode.into())
    }

    /// Sets how many endpoints have not confirmed the event: what differs between deliveries.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::invoice_paid("in_1");
    /// assert_ne!(event.clone().pending_webhooks(2).body(), event.body());
    /// ```
    #[must_use]
    pub fn pending_webhooks(self, count: i64) -> Self {
        self.envelope_field("pending_webhooks", count.into())
    }

    /// Sets the connected account.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::invoice_paid("in_1").account("acct_1").event();
    /// assert_eq!(event.account.as_deref(), Some("acct_1"));
    /// ```
    #[must_use]
    pub fn account(self, id: &str) -> Self {
        self.envelope_field("account", id.into())
    }

    /// Sets every amount the object has, in minor units; 11497 otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{Object, testing::EventBuilder};
    /// let event = EventBuilder::payment_intent_succeeded("pi_1").amount(500).event();
    /// let Object::PaymentIntent(intent) = event.object() else { return Err("another") };
    /// assert_eq!((intent.amount, intent.amount_received), (Some(500), Some(500)));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn amount(mut self, minor: i64) -> Self {
        const AMOUNTS: [&str; 10] = [
            "amount",
            "amount_captured",
            "amount_due",
            "amount_paid",
            "amount_received",
            "amount_refunded",
            "amount_subtotal",
            "amount_total",
            "subtotal",
            "total",
        ];
        let zero = Node::from(0_i64);
        for name in AMOUNTS {
            // What is 0 is so by the event's nature: a failed payment has received nothing.
            if self.object().get(name).is_some_and(|old| *old != zero) {
                self.object_mut().set(name, minor.into());
            }
        }
        self
    }

    /// Sets the currency; `cad` otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::payment_intent_succeeded("pi_1").currency("usd").event();
    /// assert!(event.object_json().contains(r#""currency": "usd""#));
    /// ```
    #[must_use]
    pub fn currency(self, currency: &str) -> Self {
        self.in_object("currency", currency.into())
    }

    /// Sets the id of the customer; none otherwise.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::payment_intent_succeeded("pi_1").customer("cus_1").event();
    /// assert!(event.object_json().contains("cus_1"));
    /// ```
    #[must_use]
    pub fn customer(self, id: &str) -> Self {
        self.in_object("customer", id.into())
    }

    /// Sets the id of the payment that the object belongs to.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{Object, testing::EventBuilder};
    /// let event = EventBuilder::refund_created("re_9").payment_intent("pi_1").event();
    /// let Object::Refund(refund) = event.object() else { return Err("another") };
    /// assert_eq!(refund.payment_intent.as_deref(), Some("pi_1"));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn payment_intent(self, id: &str) -> Self {
        self.in_object("payment_intent", id.into())
    }

    /// Attaches a text to the object.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::payment_intent_succeeded("pi_1").metadata("invoice", "INV-1").event();
    /// assert!(event.object().metadata().is_some_and(|all| all["invoice"] == "INV-1"));
    /// ```
    #[must_use]
    pub fn metadata(mut self, name: &str, value: &str) -> Self {
        if let Some(metadata) = self.object_mut().get_mut("metadata") {
            metadata.set(name, value.into());
        }
        self
    }

    /// Sets any field of the object, also to what Stripe would not send.
    ///
    /// # Examples
    ///
    /// ```
    /// # use serde_json::json;
    /// # use stripe_webhooks::{Object, testing::EventBuilder};
    /// let event = EventBuilder::checkout_session_completed("cs_1")
    ///     .field("payment_intent", json!({"id": "pi_1", "object": "payment_intent"}))
    ///     .event();
    /// let Object::CheckoutSession(session) = event.object() else { return Err("another") };
    /// assert_eq!(session.payment_intent.as_deref(), Some("pi_1"));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.object_mut().set(name, value.into());
        self
    }

    /// Sets any field of the event itself, also to what Stripe would not send.
    ///
    /// # Examples
    ///
    /// ```
    /// # use serde_json::json;
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::invoice_paid("in_1").event_field("request", json!("req_old")).event();
    /// assert_eq!(event.request.and_then(|request| request.id).as_deref(), Some("req_old"));
    /// ```
    #[must_use]
    pub fn event_field(self, name: &str, value: Value) -> Self {
        self.envelope_field(name, value.into())
    }

    /// Sets what an update has replaced.
    ///
    /// # Examples
    ///
    /// ```
    /// # use serde_json::json;
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let event = EventBuilder::payment_method_detached("pm_1")
    ///     .previous_attributes(json!({"customer": "cus_1"}))
    ///     .event();
    /// assert!(event.previous_attributes_json().is_some());
    /// ```
    #[must_use]
    pub fn previous_attributes(mut self, value: Value) -> Self {
        if let Some(data) = self.event.get_mut("data") {
            data.set("previous_attributes", value.into());
        }
        self
    }

    /// The raw body.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let body = EventBuilder::invoice_paid("in_1").id("evt_1").body();
    /// assert!(body.starts_with(b"{\n  \"id\": \"evt_1\",\n  \"object\": \"event\","));
    /// ```
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        self.event.write().into_bytes()
    }

    /// The event as a receiver reads it.
    ///
    /// # Panics
    /// When [`event_field`](Self::event_field) made it something else than an event.
    #[must_use]
    pub fn event(&self) -> crate::Event {
        crate::Event::parse(&self.body()).expect("an event")
    }

    /// The body, and a header made with one secret.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{Verifier, testing::EventBuilder};
    /// let sent = EventBuilder::invoice_paid("in_1").sign("whsec_test", 1_000);
    /// assert!(Verifier::new(["whsec_test"])?.event(&sent.body, &sent.header, 1_000).is_ok());
    /// # Ok::<(), stripe_webhooks::Error>(())
    /// ```
    #[must_use]
    pub fn sign(&self, secret: &str, signed_at: impl Into<UnixTime>) -> SignedEvent {
        self.sign_all([secret], signed_at)
    }

    /// The body, and a header with a signature of each secret, as while one is rolled.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::testing::EventBuilder;
    /// let sent = EventBuilder::invoice_paid("in_1").sign_all(["whsec_new", "whsec_old"], 1_000);
    /// assert_eq!(sent.header.matches("v1=").count(), 2);
    /// ```
    #[must_use]
    pub fn sign_all<S: AsRef<str>>(
        &self,
        secrets: impl IntoIterator<Item = S>,
        signed_at: impl Into<UnixTime>,
    ) -> SignedEvent {
        SignedEvent::new(self.body(), secrets, signed_at)
    }

    /// What happens in the event.
    ///
    /// # Examples
    ///
    /// ```
    /// # use stripe_webhooks::{EventType, testing::EventBuilder};
    /// assert_eq!(EventBuilder::invoice_paid("in_1").kind(), &EventType::InvoicePaid);
    /// ```
    #[must_use]
    pub fn kind(&self) -> &EventType {
        &self.kind
    }

    fn envelope_field(mut self, name: &str, value: Node) -> Self {
        self.event.set(name, value);
        self
    }

    /// Sets a field that the object has.
    fn in_object(mut self, name: &str, value: Node) -> Self {
        let object = self.object_mut();
        if object.get(name).is_some() {
            object.set(name, value);
        }
        self
    }

    fn object(&self) -> &Node {
        self.event
            .get("data")
            .and_then(|data| data.get("object"))
            .expect("every event has an object")
    }

    fn object_mut(&mut self) -> &mut Node {
        self.event
            .get_mut("data")
            .and_then(|data| data.get_mut("object"))
            .expect("every event has an object")
    }
}

/// An ordinary object for this type of event.
fn object(kind: &EventType, id: &str) -> Node {
    let of = Common {
        id,
        amount: AMOUNT,
        created: CREATED,
    };
    let (mut object, changes) = match kind {
        EventType::CheckoutSessionCompleted | EventType::CheckoutSessionAsyncPaymentSucceeded => {
            (shapes::checkout_session(&of), vec![])
        }
        EventType::CheckoutSessionAsyncPaymentFailed => (
            shapes::checkout_session(&of),
            vec![("payment_status", "unpaid".into())],
        ),
        EventType::CheckoutSessionExpired => (
            shapes::checkout_session(&of),
            vec![
                ("payment_status", "unpaid".into()),
                ("status", "expired".into()),
            ],
        ),
        EventType::PaymentIntentSucceeded => (shapes::payment_intent(&of), vec![]),
        EventType::PaymentIntentPaymentFailed => (
            shapes::payment_intent(&of),
            vec![
                ("amount_received", 0_i64.into()),
                ("last_payment_error", declined()),
                ("payment_method", Node::null()),
                ("status", "requires_payment_method".into()),
            ],
        ),
        EventType::PaymentIntentProcessing => (
            shapes::payment_intent(&of),
            vec![
                ("amount_received", 0_i64.into()),
                ("status", "processing".into()),
            ],
        ),
        EventType::PaymentIntentRequiresAction => (
            shapes::payment_intent(&of),
            vec![
                ("amount_received", 0_i64.into()),
                ("latest_charge", Node::null()),
                ("next_action", node!({ "type": "use_stripe_sdk" })),
                ("status", "requires_action".into()),
            ],
        ),
        EventType::PaymentIntentCanceled => (
            shapes::payment_intent(&of),
            vec![
                ("amount_received", 0_i64.into()),
                ("canceled_at", CREATED.into()),
                ("cancellation_reason", "abandoned".into()),
                ("latest_charge", Node::null()),
                ("status", "canceled".into()),
            ],
        ),
        EventType::SetupIntentSucceeded => (shapes::setup_intent(&of), vec![]),
        EventType::SetupIntentSetupFailed => (
            shapes::setup_intent(&of),
            vec![
                ("last_setup_error", declined()),
                ("payment_method", Node::null()),
                ("status", "requires_payment_method".into()),
            ],
        ),
        EventType::ChargeRefunded => (shapes::charge(&of), vec![]),
        EventType::ChargeDisputeCreated => (shapes::dispute(&of), vec![]),
        EventType::ChargeDisputeClosed => (shapes::dispute(&of), vec![("status", "lost".into())]),
        EventType::RefundCreated | EventType::RefundUpdated => (shapes::refund(&of), vec![]),
        EventType::RefundFailed => (
            shapes::refund(&of),
            vec![
                ("failure_reason", "expired_or_canceled_card".into()),
                ("status", "failed".into()),
            ],
        ),
        EventType::InvoicePaid => (shapes::invoice(&of), vec![]),
        EventType::InvoicePaymentFailed | EventType::InvoicePaymentActionRequired => (
            shapes::invoice(&of),
            vec![
                ("amount_paid", 0_i64.into()),
                ("amount_remaining", AMOUNT.into()),
                ("status", "open".into()),
            ],
        ),
        EventType::CustomerSubscriptionUpdated => (shapes::subscription(&of), vec![]),
        EventType::CustomerSubscriptionDeleted => (
            shapes::subscription(&of),
            vec![
                ("canceled_at", CREATED.into()),
                ("ended_at", CREATED.into()),
                ("status", "canceled".into()),
            ],
        ),
        EventType::PaymentMethodAttached
        | EventType::PaymentMethodDetached
        | EventType::PaymentMethodAutomaticallyUpdated => (shapes::payment_method(&of), vec![]),
        EventType::CustomerUpdated => (shapes::customer(&of), vec![]),
        EventType::Other(other) => {
            let kind = other
                .rsplit_once('.')
                .map_or(other.as_str(), |(kind, _)| kind);
            let bare = node!({ "id": id, "object": kind, "metadata": {} });
            (bare, vec![])
        }
    };
    for (name, value) in changes {
        object.set(name, value);
    }
    object
}

fn declined() -> Node {
    node!({
        "advice_code": "try_again_later",
        "charge": null,
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "doc_url": "https://docs.stripe.com/error-codes/card-declined",
        "message": "Your card has insufficient funds.",
        "payment_method": { "id": "pm_declined", "object": "payment_method", "type": "card" },
        "type": "card_error"
    })
}

/// A number that is the same for the same texts (FNV-1a).
fn fnv(kind: &str, id: &str) -> u64 {
    kind.bytes()
        .chain([0])
        .chain(id.bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
