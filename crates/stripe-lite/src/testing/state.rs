//! What the fake remembers: objects by id, in the order of their making.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use integration_core::{Clock, Secret};
use serde_json::{Value, json};

use super::card::TestCard;
use super::failure::Failure;
use super::idempotency::Keys;
use super::outbox::Outbox;
use super::random::Random;

/// The kinds of object, as their field `object` says.
pub(super) const CUSTOMER: &str = "customer";
pub(super) const METHOD: &str = "payment_method";
pub(super) const SESSION: &str = "checkout.session";
pub(super) const PAYMENT: &str = "payment_intent";
pub(super) const SETUP: &str = "setup_intent";
pub(super) const CHARGE: &str = "charge";
pub(super) const REFUND: &str = "refund";
pub(super) const DISPUTE: &str = "dispute";
pub(super) const EVENT: &str = "event";
pub(super) const PORTAL: &str = "billing_portal.session";
pub(super) const SUBSCRIPTION: &str = "subscription";
pub(super) const INVOICE: &str = "invoice";
pub(super) const PRICE: &str = "price";

/// A request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// `GET`, `POST`, `DELETE`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The key it carried.
    pub idempotency_key: Option<String>,
    /// The body, or the query of a read, as it came.
    pub params: String,
    /// The status it was answered with.
    pub status: u16,
}

/// How many requests are remembered.
const LOGGED: usize = 1000;

#[derive(Debug)]
pub(super) struct State {
    pub(super) url: String,
    pub(super) secret_key: Secret,
    pub(super) livemode: bool,
    pub(super) api_version: String,
    pub(super) clock: Clock,
    pub(super) random: Random,
    objects: HashMap<String, Value>,
    order: BTreeMap<&'static str, Vec<String>>,
    /// How the cards of payment methods behave.
    cards: HashMap<String, TestCard>,
    /// What a session keeps for the payment that comes of it.
    pub(super) session_data: HashMap<String, Value>,
    pub(super) keys: Keys,
    pub(super) outbox: Outbox,
    pub(super) log: VecDeque<LoggedRequest>,
    /// The request being answered, and its key.
    pub(super) request: Option<(String, Option<String>)>,
    /// How many executions fail with 500 from now on.
    pub(super) failing: u32,
    /// How long an answer takes.
    pub(super) processing: Duration,
}

impl State {
    pub(super) fn new() -> Self {
        let mut state = Self {
            url: String::new(),
            secret_key: Secret::new(""),
            livemode: false,
            api_version: crate::API_VERSION.to_owned(),
            clock: Clock::system(),
            random: Random::new(0),
            objects: HashMap::new(),
            order: BTreeMap::new(),
            cards: HashMap::new(),
            session_data: HashMap::new(),
            keys: Keys::default(),
            outbox: Outbox::default(),
            log: VecDeque::new(),
            request: None,
            failing: 0,
            processing: Duration::ZERO,
        };
        state.seed(0);
        state
    }

    pub(super) fn seed(&mut self, seed: u64) {
        self.random = Random::new(seed);
        self.outbox.random = Random::new(seed ^ 0x5eed);
    }

    pub(super) fn now(&self) -> i64 {
        let since = self.clock.now().duration_since(SystemTime::UNIX_EPOCH);
        since.map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
    }

    /// A new id: the prefix and 24 letters and digits.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        format!("{prefix}_{}", self.random.letters(24))
    }

    /// The mode as it stands in ids: `test` or `live`.
    pub(super) fn mode(&self) -> &'static str {
        if self.livemode { "live" } else { "test" }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Value> {
        self.objects.get(id)
    }

    /// An object of a kind, or the refusal of an id.
    pub(super) fn find(
        &self,
        kind: &str,
        id: &str,
        param: Option<&str>,
    ) -> Result<&Value, Failure> {
        self.get(id)
            .filter(|object| object["object"] == kind)
            .ok_or_else(|| {
                // Stripe's own messages write some kinds in another way.
                let what = match kind {
                    METHOD => "PaymentMethod",
                    SETUP => "setupintent",
                    kind => kind,
                };
                Failure::no_such(what, id, param)
            })
    }

    /// Keeps a new object, or a changed one.
    pub(super) fn put(&mut self, object: Value) {
        let id = text(&object, "id").to_owned();
        let kind = kind_of(&object);
        if self.objects.insert(id.clone(), object).is_none() {
            self.order.entry(kind).or_default().push(id);
        }
    }

    /// Changes some fields of an object and gives it back.
    pub(super) fn change(&mut self, id: &str, fields: Value) -> Value {
        let Some(object) = self.objects.get_mut(id) else {
            return Value::Null;
        };
        if let (Value::Object(object), Value::Object(fields)) = (&mut *object, fields) {
            object.extend(fields);
        }
        object.clone()
    }

    pub(super) fn remove(&mut self, id: &str) {
        if let Some(object) = self.objects.remove(id)
            && let Some(ids) = self.order.get_mut(kind_of(&object))
        {
            ids.retain(|known| known != id);
        }
    }

    /// All objects of a kind, newest first.
    pub(super) fn newest(&self, kind: &str) -> impl Iterator<Item = &Value> {
        let ids = self.order.get(kind).map(Vec::as_slice).unwrap_or_default();
        ids.iter().rev().filter_map(|id| self.objects.get(id))
    }

    pub(super) fn card(&self, method: &str) -> Option<TestCard> {
        self.cards.get(method).copied()
    }

    pub(super) fn set_card(&mut self, method: &str, card: TestCard) {
        self.cards.insert(method.to_owned(), card);
    }

    /// Something has happened: it is kept, and announced where anybody listens.
    pub(super) fn emit(&mut self, kind: &str, object: &Value) -> String {
        self.emit_change(kind, object, None)
    }

    pub(super) fn emit_change(
        &mut self,
        kind: &str,
        object: &Value,
        previous: Option<Value>,
    ) -> String {
        let id = self.id("evt");
        let (request, key) = self.request.clone().unzip();
        let mut data = json!({ "object": object });
        if let Some(previous) = previous {
            data["previous_attributes"] = previous;
        }
        let event = json!({
            "id": id,
            "object": EVENT,
            "api_version": self.api_version,
            "created": self.now(),
            "data": data,
            "livemode": self.livemode,
            "pending_webhooks": self.outbox.interested(kind),
            "request": {"id": request, "idempotency_key": key.flatten()},
            "type": kind,
        });
        self.outbox.announce(&event);
        self.put(event);
        id
    }

    pub(super) fn record(&mut self, request: LoggedRequest) {
        if self.log.len() >= LOGGED {
            self.log.pop_front();
        }
        self.log.push_back(request);
    }
}

/// A field as text, whether it holds a text or nothing.
pub(super) fn text<'a>(object: &'a Value, field: &str) -> &'a str {
    object
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

pub(super) fn int(object: &Value, field: &str) -> i64 {
    object
        .get(field)
        .and_then(Value::as_i64)
        .unwrap_or_default()
}

fn kind_of(object: &Value) -> &'static str {
    const KINDS: [&str; 13] = [
        CUSTOMER,
        METHOD,
        SESSION,
        PAYMENT,
        SETUP,
        CHARGE,
        REFUND,
        DISPUTE,
        EVENT,
        PORTAL,
        SUBSCRIPTION,
        INVOICE,
        PRICE,
    ];
    let kind = text(object, "object");
    KINDS
        .into_iter()
        .find(|known| *known == kind)
        .unwrap_or("unknown")
}
