//! Links by which invoices are paid.

use http::Method;
use integration_core::testing::{Fault, FaultRule};
use serde_json::json;
use stripe_lite::testing::TestCard;

use super::shop::Shop;
use crate::support::call;

const LINK: &str = "/billing/checkout-link";

#[tokio::test]
async fn a_link_asks_for_what_is_outstanding_and_names_the_invoice() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    let answer = shop.post(LINK, json!({"invoice": invoice})).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let link = answer.json();
    assert_eq!(link["amount_cents"], 9_197);
    assert_eq!(link["currency"], "cad");
    assert_eq!(link["customer"], zoe);
    assert!(link["url"].as_str().unwrap().contains("/c/pay/"), "{link}");

    let session = &shop.stripe.checkout_sessions()[0];
    assert_eq!(session["client_reference_id"], invoice);
    assert_eq!(
        session["metadata"],
        json!({"invoice": invoice, "customer": zoe})
    );
    assert_eq!(session["locale"], "fr-CA");
    assert_eq!(session["customer"], shop.stripe_customer(&zoe));
    assert_eq!(
        session["success_url"],
        "https://portail.example.ca/paiement/retour?session={CHECKOUT_SESSION_ID}"
    );
    let asked = shop.stripe.requests();
    let created = asked
        .iter()
        .find(|call| call.method == "POST" && call.path == "/v1/checkout/sessions");
    let key = created.unwrap().idempotency_key.clone().unwrap();
    assert_eq!(key, format!("checkout:{invoice}:9197:2026-11-22"));

    // The payment carries the same, which is how the books know what it pays.
    shop.stripe
        .pay(session["id"].as_str().unwrap(), TestCard::Visa)
        .unwrap();
    let intent = &shop.stripe.payment_intents()[0];
    assert_eq!(intent["metadata"]["invoice"], invoice);
    shop.settle().await;
    assert_eq!(shop.room.due(&invoice), 0);
}

#[tokio::test]
async fn an_open_link_is_given_again_until_the_amount_changes() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"invoice": invoice});
    let first = shop.post(LINK, body.clone()).await.json();
    let second = shop.post(LINK, body.clone()).await.json();
    assert_eq!(first["session"], second["session"]);
    assert_eq!(second["reused"], true);
    assert_eq!(shop.stripe.customers().len(), 1);

    assert!(shop.room.fake.set(
        "Sales Invoice",
        &invoice,
        json!({"outstanding_amount": 50.0})
    ));
    let third = shop.post(LINK, body.clone()).await.json();
    assert_eq!(third["amount_cents"], 5_000);
    assert_ne!(third["session"], first["session"]);
    // Nobody can pay both.
    let of = |id: &serde_json::Value| shop.stripe.object(id.as_str().unwrap()).unwrap();
    assert_eq!(of(&first["session"])["status"], "expired");

    // One that ran out is replaced on the same day, under another key.
    assert!(shop.stripe.expire(third["session"].as_str().unwrap()));
    let fourth = shop.post(LINK, body).await.json();
    assert_ne!(fourth["session"], third["session"]);
    assert_eq!(of(&fourth["session"])["status"], "open");
}

#[tokio::test]
async fn what_is_paid_or_not_to_be_paid_has_no_link() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let paid = shop.room.invoice(&zoe, 1_000);
    assert!(
        shop.room
            .fake
            .set("Sales Invoice", &paid, json!({"outstanding_amount": 0}))
    );
    let draft = shop.room.invoice_as(&zoe, 1_000, 0);
    let cancelled = shop.room.invoice(&zoe, 1_000);
    assert!(
        shop.room
            .fake
            .set("Sales Invoice", &cancelled, json!({"docstatus": 2}))
    );
    for (invoice, status, code) in [
        (paid.as_str(), 409, "already_paid"),
        (draft.as_str(), 409, "not_payable"),
        (cancelled.as_str(), 409, "not_payable"),
        ("ACC-SINV-2026-09999", 404, "not_found"),
        ("", 422, "invalid"),
    ] {
        let answer = shop.post(LINK, json!({"invoice": invoice})).await;
        assert_eq!(answer.status, status, "{invoice} {}", answer.text);
        assert_eq!(answer.json()["error"], code);
    }
    let answer = shop.post(LINK, json!({"facture": "x"})).await;
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert!(shop.stripe.checkout_sessions().is_empty());
    let stranger = call(Method::POST, LINK).json(&json!({"invoice": paid}));
    assert_eq!(stranger.send(shop.hub()).await.status, 401);
    let other_site = call(Method::POST, LINK)
        .staff()
        .header("sec-fetch-site", "cross-site");
    let other_site = other_site.json(&json!({"invoice": paid}));
    assert_eq!(other_site.send(shop.hub()).await.status, 403);
}

#[tokio::test]
async fn no_second_link_while_money_is_on_its_way() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    let link = shop.post(LINK, json!({"invoice": invoice})).await.json();
    shop.stripe
        .pay(link["session"].as_str().unwrap(), TestCard::Visa)
        .unwrap();
    // Stripe has the money, ERPNext has not heard of it.
    let again = shop.post(LINK, json!({"invoice": invoice})).await;
    assert_eq!(again.status, 409, "{}", again.text);
    assert_eq!(again.json()["error"], "payment_under_way");
    shop.settle().await;
    let again = shop.post(LINK, json!({"invoice": invoice})).await;
    assert_eq!(again.json()["error"], "already_paid");
}

#[tokio::test]
async fn a_customer_is_made_once_however_many_ask() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let bodies: Vec<_> = (0..4).map(|_| shop.room.invoice(&zoe, 1_000)).collect();
    let asked = bodies
        .iter()
        .map(|invoice| shop.post(LINK, json!({"invoice": invoice})));
    for answer in futures_util::future::join_all(asked).await {
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    assert_eq!(shop.stripe.customers().len(), 1);
    assert_eq!(shop.stripe.customers()[0]["metadata"]["customer"], zoe);
}

#[tokio::test]
async fn the_same_key_is_answered_the_same_and_another_request_is_refused() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let (one, other) = (
        shop.room.invoice(&zoe, 1_000),
        shop.room.invoice(&zoe, 2_000),
    );
    let first = shop.post_as("clé-1", LINK, json!({"invoice": one})).await;
    assert_eq!(first.status, 400, "a key is visible ASCII");
    let first = shop.post_as("k-1", LINK, json!({"invoice": one})).await;
    let again = shop.post_as("k-1", LINK, json!({"invoice": one})).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.json(), first.json());
    let reused = shop.post_as("k-1", LINK, json!({"invoice": other})).await;
    assert_eq!(
        (reused.status.as_u16(), reused.json()["error"].clone()),
        (409, json!("key_reused"))
    );
}

#[tokio::test]
async fn what_stripe_cannot_do_is_said_without_its_words() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 1_000);
    let broken = Fault::Status(http::StatusCode::UNAUTHORIZED, "{}".to_owned());
    shop.stripe.faults().add(FaultRule::new(broken));
    let answer = shop.post(LINK, json!({"invoice": invoice})).await;
    assert_eq!(answer.status, 502, "{}", answer.text);
    assert_eq!(answer.json()["error"], "upstream_failed");
    let ready = crate::support::get("/ready").send(shop.hub()).await.json();
    assert_eq!(ready["dependencies"]["stripe"]["state"], "degraded");
}
