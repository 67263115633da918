//! A hub between an ERPNext and a Stripe, and a client who owes money.

use std::sync::Mutex;

use erpnext_client::Dialect;
use erpnext_client::testing::FakeSite;
use http::Method;
use hub::Hub;
use integration_core::Clock;
use serde_json::{Value, json};
use stripe_lite::testing::{FakeStripe, TestCard};
use stripe_webhooks::testing::SignedEvent;

use crate::payments::room::{Room, WHSEC, site};
use crate::support::{Answer, call, get, noon};

pub(crate) struct Shop {
    pub(crate) room: Room,
    pub(crate) stripe: FakeStripe,
    /// Events that the hub has been told.
    told: Mutex<usize>,
}

impl Shop {
    pub(crate) async fn new() -> Self {
        Self::of(site(Dialect::V16, true).await).await
    }

    pub(crate) async fn of(fake: FakeSite) -> Self {
        let stripe = FakeStripe::builder().clock(Clock::fixed(noon()));
        let stripe = stripe.start().await.unwrap();
        let (url, key) = (stripe.url(), stripe.secret_key());
        let more = [
            ("STRIPE_API_URL", url.as_str()),
            ("STRIPE_SECRET_KEY", key.as_str()),
            ("PORTAL_URL", "https://portail.example.ca"),
            ("MAGIC_LINK_SECRET", "0123456789abcdef0123456789abcdef"),
        ];
        Self {
            room: Room::of(fake, &more).await,
            stripe,
            told: Mutex::new(0),
        }
    }

    pub(crate) fn hub(&self) -> &Hub {
        &self.room.hub
    }

    /// A client with an e-mail address.
    pub(crate) fn customer(&self, name: &str) -> String {
        let customer = self.room.customer(name);
        self.room.fake.insert(
            "Contact",
            json!({
                "first_name": "Personne",
                "email_ids": [{"email_id": "zoe@example.ca", "is_primary": 1}],
                "links": [{"link_doctype": "Customer", "link_name": customer}],
            }),
        );
        customer
    }

    /// A client with a saved card, and what Stripe calls the card.
    pub(crate) async fn carded(&self, name: &str, card: TestCard) -> (String, String) {
        let customer = self.customer(name);
        let made = self
            .post("/payments/setup", json!({"customer": customer}))
            .await;
        assert_eq!(made.status, 200, "{}", made.text);
        let id = self.stripe_customer(&customer);
        let card = self.stripe.save_card(&id, card).unwrap();
        (customer, card)
    }

    /// What ERPNext says the client is called at Stripe.
    pub(crate) fn stripe_customer(&self, customer: &str) -> String {
        let kept = self.room.fake.document("Customer", customer).unwrap();
        kept["custom_stripe_customer"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let call = call(Method::POST, path).staff().json(&body);
        call.send(self.hub()).await
    }

    pub(crate) async fn post_as(&self, key: &str, path: &str, body: Value) -> Answer {
        let call = call(Method::POST, path).staff().json(&body);
        call.header("idempotency-key", key).send(self.hub()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        get(path).staff().send(self.hub()).await
    }

    /// Tells the hub what Stripe has to tell, and waits until it is worked on.
    pub(crate) async fn settle(&self) {
        let events = self.stripe.events();
        let from = std::mem::replace(&mut *self.told.lock().unwrap(), events.len());
        for event in events.iter().skip(from) {
            let now = jiff::Timestamp::try_from(noon()).unwrap().as_second();
            let signed = SignedEvent::new(event.to_string(), [WHSEC], now);
            let answer = self.room.send(signed).await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        self.room.settled().await;
    }

    /// Forms of a page: where they go and what they hold.
    pub(crate) async fn form(&self, page: &str, ending: &str) -> (String, Vec<(String, String)>) {
        let html = get(page).staff().header("accept", "text/html");
        let html = html.send(self.hub()).await.text;
        let found = html.split("<form").skip(1).find_map(|part| {
            let part = part.split("</form>").next()?;
            let action = attribute(part, "action")?;
            let inputs = part.split("<input").skip(1);
            let fields = inputs.filter_map(|input| {
                let kind = attribute(input, "type")?;
                let is_off = kind == "radio" && !input.split('>').next()?.contains(" checked");
                (!is_off).then_some((attribute(input, "name")?, attribute(input, "value")?))
            });
            action.ends_with(ending).then(|| (action, fields.collect()))
        });
        found.unwrap_or_else(|| panic!("no form to {ending} in {html}"))
    }

    pub(crate) async fn submit(&self, action: &str, fields: &[(String, String)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", ui_kit::query_value(value)))
            .collect();
        call(Method::POST, action)
            .staff()
            .header("accept", "text/html")
            .header("sec-fetch-site", "same-origin")
            .form(&body.join("&"))
            .send(self.hub())
            .await
    }
}

fn attribute(part: &str, name: &str) -> Option<String> {
    let tag = part.split('>').next()?;
    let open = format!(" {name}=\"");
    let rest = tag.get(tag.find(&open)? + open.len()..)?;
    Some(rest.split('"').next()?.replace("&amp;", "&"))
}
