//! From a request to an answer: who calls, what was answered before, and where it goes.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use tokio::time::Instant;
use wiremock::{Request, Respond, ResponseTemplate};

use super::args::Args;
use super::failure::Failure;
use super::state::{
    CHARGE, CUSTOMER, DISPUTE, EVENT, METHOD, PAYMENT, REFUND, SESSION, SETUP, State, text,
};
use super::{Shared, customers, lists, page, payments, refunds, sessions, setups};

#[derive(Debug)]
pub(super) struct Responder(pub(super) Shared);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        self.0.lock(|state| answer(state, request))
    }
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers.get(name)?.to_str().ok()
}

fn answer(state: &mut State, request: &Request) -> ResponseTemplate {
    let path = request.url.path().to_owned();
    if !path.starts_with("/v1/") {
        return page::answer(state, request.method.as_str(), &path, &request.body);
    }
    let request_id = state.id("req");
    let mut args = Args::decode(request.url.query().unwrap_or_default().as_bytes());
    args.merge(Args::decode(&request.body));
    let call = Call {
        method: request.method.as_str(),
        path: &path,
        key: header(request, "idempotency-key"),
        authorization: header(request, "authorization"),
        args: &args,
    };
    let answer = call.run(state, &request_id);
    let params = if request.body.is_empty() {
        request.url.query().unwrap_or_default().to_owned()
    } else {
        String::from_utf8_lossy(&request.body).into_owned()
    };
    state.record(super::LoggedRequest {
        method: call.method.to_owned(),
        path: path.clone(),
        idempotency_key: call.key.map(str::to_owned),
        params,
        status: answer.status,
    });
    let version = header(request, "stripe-version").unwrap_or(&state.api_version);
    let body = serde_json::to_vec_pretty(&answer.body).unwrap_or_default();
    let mut template = ResponseTemplate::new(answer.status)
        .set_body_raw(body, "application/json")
        .insert_header("Request-Id", request_id.as_str())
        .insert_header("Stripe-Version", version)
        .set_delay(state.processing);
    if let Some(key) = call.key {
        template = template.insert_header("Idempotency-Key", key);
    }
    if let Some(original) = &answer.replay_of {
        template = template
            .insert_header("Idempotent-Replayed", "true")
            .insert_header("Original-Request", original.as_str());
    }
    if answer.status == 409 {
        template = template.insert_header("Stripe-Should-Retry", "true");
    }
    template
}

struct Answer {
    status: u16,
    body: Value,
    replay_of: Option<String>,
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        Self {
            status: failure.status,
            body: failure.body(),
            replay_of: None,
        }
    }
}

struct Call<'a> {
    method: &'a str,
    path: &'a str,
    key: Option<&'a str>,
    authorization: Option<&'a str>,
    args: &'a Args,
}

impl Call<'_> {
    fn run(&self, state: &mut State, request_id: &str) -> Answer {
        if let Err(failure) = self.authenticate(state) {
            return failure.into();
        }
        let now = Instant::now();
        let method_and_path = format!("{} {}", self.method, self.path);
        // Only a POST knows keys; reads and deletions are the same each time.
        let key = self.key.filter(|_| self.method == "POST");
        if let Some(key) = key {
            if key.len() > 255 {
                let message = "Idempotency keys must be at most 255 characters.";
                return Failure::invalid(message).into();
            }
            match state
                .keys
                .replay(key, &method_and_path, self.args.tree(), now)
            {
                Ok(None) => {}
                Ok(Some(replay)) => {
                    return Answer {
                        status: replay.status,
                        body: replay.body,
                        replay_of: Some(replay.original_request),
                    };
                }
                Err(failure) => return failure.into(),
            }
        }
        state.request = Some((request_id.to_owned(), self.key.map(str::to_owned)));
        let outcome = self.execute(state);
        state.request = None;
        let (answer, stored) = match outcome {
            Ok(body) => (
                Answer {
                    status: 200,
                    body,
                    replay_of: None,
                },
                true,
            ),
            Err(failure) => {
                let stored = failure.is_stored();
                (failure.into(), stored)
            }
        };
        if let Some(key) = key.filter(|_| stored) {
            let ready = now + state.processing;
            let params = self.args.tree().clone();
            let body = answer.body.clone();
            state.keys.keep(
                key,
                method_and_path,
                params,
                answer.status,
                body,
                request_id,
                ready,
            );
        }
        answer
    }

    fn authenticate(&self, state: &State) -> Result<(), Failure> {
        let Some(given) = self.authorization else {
            return Err(Failure::unauthorized(
                "You did not provide an API key. You need to provide your API key in the \
                 Authorization header, using Bearer auth (e.g. 'Authorization: Bearer \
                 YOUR_SECRET_KEY').",
            ));
        };
        let expected = state.secret_key.expose();
        let right = match given.split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim() == expected,
            Some((scheme, _)) if scheme.eq_ignore_ascii_case("basic") => {
                // The key is the user; curl writes `key:`.
                use integration_core::Credentials;
                let named = Credentials::basic(expected, "");
                matches!(named.to_header(), Ok(Some((_, value))) if value.as_bytes() == given.as_bytes())
            }
            _ => false,
        };
        if right {
            return Ok(());
        }
        Err(Failure::unauthorized("Invalid API Key provided: sk_****"))
    }

    fn execute(&self, state: &mut State) -> Result<Value, Failure> {
        if self.method == "POST" && state.failing > 0 {
            state.failing -= 1;
            let message = "Sorry! There was an error while talking to one of our backends.";
            return Err(Failure::new(500, "api_error", message));
        }
        let steps: Vec<String> = self
            .path
            .trim_start_matches("/v1/")
            .split('/')
            .map(|step| percent_decode_str(step).decode_utf8_lossy().into_owned())
            .collect();
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        let body = self.route(state, &steps)?;
        lists::expand(state, body, self.args)
    }

    fn route(&self, state: &mut State, steps: &[&str]) -> Result<Value, Failure> {
        let args = self.args;
        match (self.method, steps) {
            ("POST", ["customers"]) => customers::create(state, args),
            ("POST", ["customers", id]) => customers::update(state, id, args),
            ("DELETE", ["customers", id]) => customers::delete(state, id),
            ("GET", ["customers", "search"]) => self.search(state, CUSTOMER),
            ("GET", ["customers"]) => self.list(state, CUSTOMER, &["email"]),
            ("GET", ["customers", id]) => self.read(state, CUSTOMER, id),
            ("GET", ["customers", id, "payment_methods"]) => {
                state.find(CUSTOMER, id, None)?;
                let mut methods = self.filtered(state, METHOD, &["type"])?;
                methods.retain(|method| text(method, "customer") == *id);
                self.cut(methods, &["type"])
            }

            ("POST", ["payment_methods"]) => customers::create_method(state, args),
            ("POST", ["payment_methods", id, "attach"]) => {
                args.only(&["customer"])?;
                let customer = args.required("customer")?;
                if !id.starts_with("pm_card_") && id.starts_with("pm_") {
                    let known = super::TestCard::from_token(id).is_some();
                    if !known {
                        state.find(METHOD, id, None)?;
                    }
                }
                customers::attach(state, id, customer, true)
            }
            ("POST", ["payment_methods", id, "detach"]) => customers::detach(state, id),
            ("GET", ["payment_methods"]) => {
                let mut methods = self.filtered(state, METHOD, &["customer", "type"])?;
                methods.retain(|method| !method["customer"].is_null());
                self.cut(methods, &["customer", "type"])
            }
            ("GET", ["payment_methods", id]) => self.read(state, METHOD, id),

            ("POST", ["payment_intents"]) => payments::create(state, args),
            ("GET", ["payment_intents", "search"]) => self.search(state, PAYMENT),
            ("POST", ["payment_intents", id]) => payments::update(state, id, args),
            ("POST", ["payment_intents", id, "confirm"]) => payments::confirm(state, id, args),
            ("POST", ["payment_intents", id, "cancel"]) => payments::cancel(state, id, args),
            ("GET", ["payment_intents"]) => self.list(state, PAYMENT, &["customer"]),
            ("GET", ["payment_intents", id]) => self.read(state, PAYMENT, id),

            ("POST", ["setup_intents"]) => setups::create(state, args),
            ("POST", ["setup_intents", id, "confirm"]) => setups::confirm(state, id, args),
            ("POST", ["setup_intents", id, "cancel"]) => setups::cancel(state, id),
            ("GET", ["setup_intents"]) => self.list(state, SETUP, &["customer", "payment_method"]),
            ("GET", ["setup_intents", id]) => self.read(state, SETUP, id),

            ("POST", ["refunds"]) => refunds::create(state, args),
            ("POST", ["refunds", id]) => refunds::update(state, id, args),
            ("POST", ["refunds", id, "cancel"]) => refunds::cancel(state, id),
            ("GET", ["refunds"]) => self.list(state, REFUND, &["charge", "payment_intent"]),
            ("GET", ["refunds", id]) => self.read(state, REFUND, id),

            ("GET", ["charges"]) => self.list(state, CHARGE, &["customer", "payment_intent"]),
            ("GET", ["charges", id]) => self.read(state, CHARGE, id),
            ("GET", ["disputes"]) => self.list(state, DISPUTE, &["charge", "payment_intent"]),
            ("GET", ["disputes", id]) => self.read(state, DISPUTE, id),

            ("POST", ["checkout", "sessions"]) => sessions::create(state, args),
            ("POST", ["checkout", "sessions", id]) => sessions::update(state, id, args),
            ("POST", ["checkout", "sessions", id, "expire"]) => sessions::expire(state, id),
            ("GET", ["checkout", "sessions"]) => {
                let filters = ["customer", "payment_intent", "status", "subscription"];
                self.list(state, SESSION, &filters)
            }
            ("GET", ["checkout", "sessions", id]) => {
                sessions::look_at_clock(state, id);
                self.read(state, SESSION, id)
            }
            ("GET", ["checkout", "sessions", id, "line_items"]) => {
                self.cut(sessions::items(state, id)?, &[])
            }
            ("POST", ["billing_portal", "sessions"]) => sessions::create_portal(state, args),

            ("GET", ["events"]) => {
                let events = lists::events(state, args)?;
                self.cut(events, &["type", "types", "delivery_success"])
            }
            ("GET", ["events", id]) => self.read(state, EVENT, id),
            ("GET", ["balance"]) => Ok(balance(state)),
            (method, _) => Err(Failure::no_such_route(method, self.path)),
        }
    }

    fn read(&self, state: &State, kind: &str, id: &str) -> Result<Value, Failure> {
        self.args.only(&[])?;
        state.find(kind, id, None).cloned()
    }

    fn list(&self, state: &State, kind: &str, filters: &[&str]) -> Result<Value, Failure> {
        self.cut(self.filtered(state, kind, filters)?, filters)
    }

    /// Objects whose fields are as the parameters say.
    fn filtered(&self, state: &State, kind: &str, filters: &[&str]) -> Result<Vec<Value>, Failure> {
        let wanted: Vec<(&str, &str)> = filters
            .iter()
            .filter_map(|name| Some((*name, self.args.text(name)?)))
            .collect();
        Ok(state
            .newest(kind)
            .filter(|object| {
                wanted
                    .iter()
                    .all(|(name, value)| text(object, name) == *value)
            })
            .cloned()
            .collect())
    }

    fn cut(&self, objects: Vec<Value>, filters: &[&str]) -> Result<Value, Failure> {
        lists::page(objects, self.args, filters, self.path)
    }

    fn search(&self, state: &State, kind: &str) -> Result<Value, Failure> {
        lists::search(state.newest(kind).cloned(), self.args, self.path)
    }
}

/// What has come and not gone back, by currency.
fn balance(state: &State) -> Value {
    let mut sums = std::collections::BTreeMap::<String, i64>::new();
    for charge in state.newest(CHARGE).filter(|charge| charge["paid"] == true) {
        let sum = sums.entry(text(charge, "currency").to_owned()).or_default();
        let kept =
            super::state::int(charge, "amount") - super::state::int(charge, "amount_refunded");
        *sum = sum.saturating_add(kept);
    }
    if sums.is_empty() {
        sums.insert("cad".to_owned(), 0);
    }
    let funds = |pending: bool| -> Vec<Value> {
        sums.iter()
            .map(|(currency, sum)| {
                let amount = if pending { *sum } else { 0 };
                json!({ "amount": amount, "currency": currency, "source_types": {"card": amount} })
            })
            .collect()
    };
    json!({
        "object": "balance",
        "available": funds(false),
        "livemode": state.livemode,
        "pending": funds(true),
    })
}
