//! Balance, saved cards, consent, and links that are sent.

use serde_json::json;
use stripe_lite::testing::TestCard;

use super::shop::Shop;

#[tokio::test]
async fn balance_and_cards_are_read_of_those_who_own_them() {
    let shop = Shop::new().await;
    let (zoe, card) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let late = shop.room.invoice(&zoe, 9_197);
    shop.room.invoice(&zoe, 1_000);
    assert!(
        shop.room
            .fake
            .set("Sales Invoice", &late, json!({"due_date": "2026-11-10"}))
    );
    let path = ui_kit::query_value(&zoe);
    let balance = shop.get(&format!("/payments/balance/{path}")).await.json();
    assert_eq!(
        balance["balances"],
        json!([{"currency": "cad", "due_cents": 10_197, "late_cents": 9_197}])
    );
    assert_eq!(balance["invoices"][0]["invoice"], late);
    let methods = shop.get(&format!("/payments/methods/{path}")).await.json();
    assert_eq!(methods["methods"][0]["id"], card);
    assert_eq!(methods["methods"][0]["last4"], "4242");
    assert_eq!(methods["methods"][0]["default"], true);
    assert_eq!(methods["ppa"]["enabled"], false);
    for path in ["/payments/balance/Personne", "/payments/methods/Personne"] {
        assert_eq!(shop.get(path).await.status, 404);
    }
    let portal = shop
        .post("/payments/portal", json!({"customer": zoe}))
        .await;
    assert_eq!(portal.status, 200, "{}", portal.text);
    assert!(portal.json()["url"].as_str().unwrap().starts_with("http"));
}

#[tokio::test]
async fn consent_is_kept_with_its_text_and_always_withdrawn() {
    let shop = Shop::new().await;
    let (zoe, card) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    const TOGGLE: &str = "/payments/toggle-ppa";
    let unread = shop
        .post(TOGGLE, json!({"customer": zoe, "enabled": true}))
        .await;
    assert_eq!(
        (unread.status.as_u16(), unread.json()["field"].clone()),
        (422, json!("consent_version"))
    );
    let stranger = json!({"customer": zoe, "enabled": true, "consent_version": "v1", "payment_method": "pm_x"});
    assert_eq!(shop.post(TOGGLE, stranger).await.status, 422);
    let wish = json!({"customer": zoe, "enabled": true, "consent_version": "2026-01-fr", "payment_method": card});
    let kept = shop.post(TOGGLE, wish).await;
    assert_eq!(kept.status, 200, "{}", kept.text);
    assert_eq!(
        kept.json()["ppa"],
        json!({"enabled": true, "consent_at": "2026-11-22T15:00:00Z", "consent_version": "2026-01-fr",
               "consent_by": "marie@example.ca", "payment_method": card})
    );
    let stored = shop.room.fake.document("Customer", &zoe).unwrap();
    assert_eq!(stored["custom_ppa_enabled"], 1);
    assert_eq!(stored["custom_ppa_consent_at"], "2026-11-22 10:00:00");
    // Withdrawing asks neither for a text nor for Stripe.
    shop.stripe
        .faults()
        .add(integration_core::testing::FaultRule::new(
            integration_core::testing::Fault::Status(
                http::StatusCode::INTERNAL_SERVER_ERROR,
                String::new(),
            ),
        ));
    let off = shop
        .post(TOGGLE, json!({"customer": zoe, "enabled": false}))
        .await
        .json();
    assert_eq!(off["ppa"]["enabled"], false);
    assert_eq!(
        off["ppa"]["consent_version"], "2026-01-fr",
        "which text was withdrawn from"
    );
}

#[tokio::test]
async fn a_link_is_mailed_once_a_day_for_an_amount() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    const SEND: &str = "/payments/send-link";
    let body = json!({"invoice": invoice, "channel": "email"});
    let first = shop.post(SEND, body.clone()).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.json()["sent"], true);
    let name = first.json()["message"].as_str().unwrap().to_owned();
    let mail = shop.room.fake.document("Communication", &name).unwrap();
    assert_eq!(mail["recipients"], "zoe@example.ca");
    assert_eq!(mail["reference_name"], invoice);
    let text = mail["content"].as_str().unwrap();
    assert!(
        text.contains("91,97\u{a0}$") && text.contains(first.json()["url"].as_str().unwrap()),
        "{text}"
    );

    let again = shop.post(SEND, body).await.json();
    assert_eq!(
        (again["sent"].clone(), again["message"].clone()),
        (json!(false), json!(name))
    );
    let forced = json!({"invoice": invoice, "channel": "email", "force": true});
    assert_eq!(shop.post(SEND, forced).await.json()["sent"], true);
    assert_eq!(shop.room.fake.count("Communication"), 2);

    let sms = shop
        .post(SEND, json!({"invoice": invoice, "channel": "sms"}))
        .await;
    assert_eq!(
        (sms.status.as_u16(), sms.json()["error"].clone()),
        (503, json!("not_configured"))
    );
    let nowhere = shop.room.customer("Ève Roy");
    let invoice = shop.room.invoice(&nowhere, 1_000);
    let nowhere = shop
        .post(SEND, json!({"invoice": invoice, "channel": "email"}))
        .await;
    assert_eq!(
        (nowhere.status.as_u16(), nowhere.json()["error"].clone()),
        (409, json!("no_email"))
    );
}

#[tokio::test]
async fn without_stripe_the_rooms_are_closed_and_the_balance_is_not() {
    let room = crate::payments::room::Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 1_000);
    for (path, body) in [
        ("/billing/checkout-link", json!({"invoice": invoice})),
        (
            "/payments/charge",
            json!({"customer": zoe, "invoice": invoice}),
        ),
        ("/payments/setup", json!({"customer": zoe})),
        ("/payments/portal", json!({"customer": zoe})),
        (
            "/payments/send-link",
            json!({"invoice": invoice, "channel": "email"}),
        ),
    ] {
        let call = crate::support::call(http::Method::POST, path)
            .staff()
            .json(&body);
        let answer = call.send(&room.hub).await;
        assert_eq!(answer.status, 503, "{path} {}", answer.text);
        assert_eq!(answer.json()["error"], "not_configured", "{path}");
    }
    let path = format!("/payments/balance/{}", ui_kit::query_value(&zoe));
    let balance = crate::support::get(&path).staff().send(&room.hub).await;
    assert_eq!(balance.json()["balances"][0]["due_cents"], 1_000);
}

#[tokio::test]
async fn a_link_that_was_closed_since_is_followed_by_the_next() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"invoice": invoice, "channel": "email"});
    let first = shop.post("/payments/send-link", body.clone()).await.json();
    assert!(shop.stripe.expire(first["session"].as_str().unwrap()));
    let next = shop.post("/payments/send-link", body).await.json();
    assert_ne!(next["session"], first["session"]);
    assert_eq!(next["sent"], true, "{next}");
}
