//! Objects: whatever comes, only the id is needed.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_lite::{
    Charge, CheckoutMode, CheckoutSession, Customer, Event, PaymentIntent, PaymentMethod,
    PortalSession, Refund, SetupIntent,
};

fn read<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_value(value.clone()).map_err(|error| error.to_string())
}

#[test]
fn an_id_is_enough() {
    let bare = json!({"id": "x_1"});
    read::<CheckoutSession>(&bare).unwrap();
    read::<PaymentIntent>(&bare).unwrap();
    read::<SetupIntent>(&bare).unwrap();
    read::<Charge>(&bare).unwrap();
    read::<Refund>(&bare).unwrap();
    read::<Customer>(&bare).unwrap();
    read::<PaymentMethod>(&bare).unwrap();
    read::<Event>(&bare).unwrap();
    assert!(read::<PaymentIntent>(&json!({})).is_err());
    assert!(read::<PaymentIntent>(&json!({"id": ""})).is_err());
}

#[test]
fn null_is_the_same_as_nothing() {
    let fields = [
        "url",
        "mode",
        "status",
        "payment_status",
        "amount_total",
        "currency",
        "payment_intent",
        "setup_intent",
        "subscription",
        "customer",
        "customer_email",
        "client_reference_id",
        "metadata",
        "created",
        "expires_at",
        "livemode",
        "amount",
        "amount_received",
        "payment_method",
        "latest_charge",
        "last_payment_error",
        "next_action",
        "description",
        "usage",
        "client_secret",
        "reason",
        "failure_reason",
        "charge",
        "amount_refunded",
        "paid",
        "refunded",
        "disputed",
        "name",
        "email",
        "phone",
        "invoice_settings",
        "preferred_locales",
        "deleted",
        "type",
        "card",
        "data",
        "api_version",
    ];
    let mut object = json!({"id": "x_1"});
    for field in fields {
        object[field] = Value::Null;
    }
    read::<CheckoutSession>(&object).unwrap();
    read::<PaymentIntent>(&object).unwrap();
    read::<SetupIntent>(&object).unwrap();
    read::<Charge>(&object).unwrap();
    read::<Refund>(&object).unwrap();
    read::<Customer>(&object).unwrap();
    read::<PaymentMethod>(&object).unwrap();
    read::<Event>(&object).unwrap();
}

#[test]
fn words_of_tomorrow_are_kept() {
    let session = json!({"id": "cs_1", "mode": "donation", "brand_new": {"a": [1]}});
    let session: CheckoutSession = read(&session).unwrap();
    let mode = session.mode.unwrap();
    assert_eq!(mode.as_str(), "donation");
    assert!(!matches!(mode, CheckoutMode::Payment));
    assert_eq!(session.extra["brand_new"]["a"][0], 1);
}

#[test]
fn references_come_whole_or_as_an_id() {
    let whole = json!({"id": "pi_1", "latest_charge": {"id": "ch_1", "payment_intent": "pi_1",
        "customer": {"id": "cus_1", "deleted": true}}});
    let payment: PaymentIntent = read(&whole).unwrap();
    let charge = payment.latest_charge.unwrap();
    assert_eq!(charge.id(), "ch_1");
    let customer = charge.object().unwrap().customer.as_ref().unwrap();
    assert!(customer.object().unwrap().deleted);
    let id: PaymentIntent = read(&json!({"id": "pi_1", "latest_charge": "ch_1"})).unwrap();
    assert_eq!(id.latest_charge.unwrap().id(), "ch_1");
}

#[test]
fn secrets_do_not_show() {
    let setup: SetupIntent =
        read(&json!({"id": "seti_1", "client_secret": "seti_1_secret_x"})).unwrap();
    assert!(!format!("{setup:?}").contains("secret_x"));
    let portal = json!({"id": "bps_1", "url": "https://billing.stripe.com/p/session/open-sesame"});
    let portal: PortalSession = read(&portal).unwrap();
    assert!(!format!("{portal:?}").contains("sesame"));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z_]{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names = prop_oneof![
            Just("id".to_owned()),
            Just("metadata".to_owned()),
            Just("customer".to_owned()),
            Just("payment_intent".to_owned()),
            Just("latest_charge".to_owned()),
            Just("status".to_owned()),
            Just("amount".to_owned()),
            Just("currency".to_owned()),
            Just("data".to_owned()),
            Just("object".to_owned()),
            "[a-z]{1,6}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn anything_is_read_or_refused(value in value()) {
        let _ = read::<CheckoutSession>(&value);
        let _ = read::<PaymentIntent>(&value);
        let _ = read::<SetupIntent>(&value);
        let _ = read::<Charge>(&value);
        let _ = read::<Refund>(&value);
        let _ = read::<Customer>(&value);
        let _ = read::<PaymentMethod>(&value);
        let _ = read::<Event>(&value);
    }
}
