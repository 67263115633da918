//! Shapes that a sender may change to: never an error.

use serde_json::json;
use stripe_webhooks::testing::EventBuilder;
use stripe_webhooks::{Event, EventType, Object, PaymentIntentStatus};

#[test]
fn unknown_types_objects_fields_and_choices_are_kept() {
    let event = EventBuilder::new("treasury.flow.created", "trf_1")
        .field("new", json!([{"deep": [1]}]))
        .event_field("new", json!({"a": 1}))
        .event();
    assert_eq!(
        event.kind,
        EventType::Other("treasury.flow.created".to_owned())
    );
    let Object::Other(raw) = event.object() else {
        panic!("known");
    };
    assert_eq!(raw.kind.as_deref(), Some("treasury.flow"));
    assert!(raw.json().contains("deep"));
    let Object::PaymentIntent(intent) = EventBuilder::payment_intent_succeeded("pi_1")
        .field("status", json!("dreaming"))
        .event()
        .object()
    else {
        panic!("another");
    };
    assert_eq!(
        intent.status,
        Some(PaymentIntentStatus::Other("dreaming".to_owned()))
    );
}

#[test]
fn every_field_of_every_object_may_be_anything() {
    let kinds = [
        EventBuilder::checkout_session_completed("x_1"),
        EventBuilder::payment_intent_payment_failed("x_1"),
        EventBuilder::setup_intent_setup_failed("x_1"),
        EventBuilder::charge_refunded("x_1"),
        EventBuilder::refund_created("x_1"),
        EventBuilder::charge_dispute_created("x_1"),
        EventBuilder::invoice_paid("x_1"),
        EventBuilder::customer_subscription_updated("x_1"),
        EventBuilder::payment_method_attached("x_1"),
        EventBuilder::customer_updated("x_1"),
    ];
    let values = [
        json!(null),
        json!(true),
        json!(-1.5e300),
        json!(u64::MAX),
        json!(""),
        json!("é\u{0}\u{1F600}"),
        json!([]),
        json!([[{"id": "y"}], null]),
        json!({}),
        json!({"id": 7, "data": [1, {"id": []}], "object": null}),
    ];
    for builder in kinds {
        let object: serde_json::Map<_, _> = builder.event().object_as().unwrap();
        let extra = ["refunds", "subscription", "deleted", "invoice"];
        let names: Vec<&str> = object.keys().map(String::as_str).chain(extra).collect();
        let mut everything = vec![builder.clone(); values.len()];
        for name in names {
            for (value, all) in values.iter().zip(&mut everything) {
                let one = builder.clone().field(name, value.clone()).event();
                assert!(
                    one.object().id().is_some() || matches!(name, "id"),
                    "{name}"
                );
                *all = all.clone().field(name, value.clone());
            }
        }
        for all in everything {
            assert!(matches!(all.event().object(), Object::Other(_)), "{all:?}");
        }
    }
}

#[test]
fn every_field_of_the_envelope_but_two_may_be_anything() {
    let builder = EventBuilder::invoice_paid("in_1");
    for name in [
        "api_version",
        "created",
        "livemode",
        "pending_webhooks",
        "request",
        "data",
        "account",
    ] {
        for value in [
            json!(null),
            json!(1e300),
            json!("x"),
            json!([1]),
            json!({"a": {}}),
        ] {
            let event = builder.clone().event_field(name, value).event();
            assert_eq!(event.kind, EventType::InvoicePaid, "{name}");
            let _ = (event.object(), format!("{event:?}"));
        }
    }
    let bare = Event::parse(br#"{"id":"evt_1","type":"invoice.paid"}"#).unwrap();
    assert_eq!(bare.object_json(), "null");
    assert_eq!((bare.created, bare.livemode), (None, false));
    assert!(matches!(bare.object(), Object::Other(_)));
}

#[test]
fn ids_are_read_from_expanded_objects() {
    let Object::PaymentIntent(intent) = EventBuilder::payment_intent_succeeded("pi_1")
        .field(
            "customer",
            json!({"id": "cus_1", "object": "customer", "name": "Éloïse"}),
        )
        .field("latest_charge", json!({"object": "charge", "id": "ch_9"}))
        .field("payment_method", json!({"object": "payment_method"}))
        .event()
        .object()
    else {
        panic!("another");
    };
    assert_eq!(intent.customer.as_deref(), Some("cus_1"));
    assert_eq!(intent.latest_charge.as_deref(), Some("ch_9"));
    assert_eq!(intent.payment_method, None);
}

#[test]
fn the_request_is_an_object_a_text_or_nothing() {
    let request = |value| {
        EventBuilder::invoice_paid("in_1")
            .event_field("request", value)
            .event()
            .request
    };
    assert_eq!(request(json!(null)), None);
    assert_eq!(
        request(json!("req_old")).unwrap().id.as_deref(),
        Some("req_old")
    );
    let both = request(json!({"id": "req_1", "idempotency_key": "k"})).unwrap();
    assert_eq!(both.idempotency_key.as_deref(), Some("k"));
    let neither = request(json!({"id": null, "idempotency_key": null})).unwrap();
    assert_eq!((neither.id, neither.idempotency_key), (None, None));
}

#[test]
fn repeated_names_and_impossible_numbers_are_read_as_a_browser_would() {
    let event = Event::parse(
        br#"{"id":"evt_0","id":"evt_1","object":"event","type":"x","type":"payment_intent.succeeded",
            "created":1e999,"livemode":false,"livemode":true,
            "data":{"object":null},
            "data":{"object":{"id":"pi_1","object":"payment_intent","amount":1,"amount":2,
                "amount_received":99999999999999999999,"amount_received_":-1E+400,
                "currency":"CAD","customer":"\ud800","metadata":{"a":"1","a":"2","\ud800":"x","n":1e999}}}}"#,
    )
    .unwrap();
    assert_eq!(event.id.as_str(), "evt_1");
    assert_eq!((event.created, event.livemode), (None, true));
    let Object::PaymentIntent(intent) = event.object() else {
        panic!("another");
    };
    assert_eq!((intent.amount, intent.amount_received), (Some(2), None));
    assert_eq!(
        intent
            .currency
            .map(|currency| currency.to_string())
            .as_deref(),
        Some("cad")
    );
    assert_eq!(intent.customer, None);
    assert_eq!(intent.metadata["a"], "2");
    assert_eq!(intent.metadata["n"], "1e999");
}

#[test]
fn depth_is_no_danger() {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let body = format!(
        r#"{{"id":"evt_1","object":"event","type":"x","extra":{deep},
            "data":{{"object":{{"id":"pi_1","object":"payment_intent","amount":1,"metadata":{deep},"charges":{deep}}}}}}}"#
    );
    let event = Event::parse(body.as_bytes()).unwrap();
    assert_eq!(event.object().id(), Some("pi_1"));
    assert!(event.object_as::<serde_json::Value>().is_err());
}
