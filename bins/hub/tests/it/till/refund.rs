//! Money that goes back.

use std::time::Duration;

use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};
use stripe_lite::testing::TestCard;

use super::shop::Shop;

const REFUND: &str = "/payments/refund";

/// A payment of so many cents, booked: what Stripe and ERPNext call it.
async fn payment(shop: &Shop, cents: i64) -> (String, String) {
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, cents);
    let body = json!({"customer": zoe, "invoice": invoice});
    let charged = shop.post("/payments/charge", body).await;
    assert_eq!(charged.status, 200, "{}", charged.text);
    shop.settle().await;
    let intent = charged.json()["payment_intent"]
        .as_str()
        .unwrap()
        .to_owned();
    (
        intent,
        shop.room.entry()["name"].as_str().unwrap().to_owned(),
    )
}

fn refunded(shop: &Shop) -> i64 {
    let refunds = shop.stripe.refunds();
    let void = |refund: &&Value| refund["status"] != "failed";
    refunds
        .iter()
        .filter(void)
        .map(|refund| refund["amount"].as_i64().unwrap())
        .sum()
}

#[tokio::test]
async fn parts_go_back_until_nothing_is_left() {
    let shop = Shop::new().await;
    let (intent, entry) = payment(&shop, 9_197).await;
    let part =
        json!({"payment_entry": entry, "amount": "20.00", "reason": "requested_by_customer"});
    let first = shop.post(REFUND, part.clone()).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.json()["amount_cents"], 2_000);
    assert_eq!(first.json()["left_cents"], 7_197);
    // The same again without a key is the same refund.
    let same = shop.post(REFUND, part.clone()).await.json();
    assert_eq!(
        (same["refund"].clone(), same["replayed"].clone()),
        (first.json()["refund"].clone(), json!(true))
    );
    // With keys of their own, two are two.
    let second = shop.post_as("two", REFUND, part).await;
    assert_eq!(second.json()["left_cents"], 5_197, "{}", second.text);
    let much = shop
        .post(REFUND, json!({"payment_intent": intent, "amount": 51.98}))
        .await;
    assert_eq!(much.status, 422, "{}", much.text);
    assert_eq!(
        (
            much.json()["field"].clone(),
            much.json()["left_cents"].clone()
        ),
        (json!("amount"), json!(5_197))
    );
    let rest = shop.post(REFUND, json!({"payment_intent": intent})).await;
    assert_eq!(rest.json()["amount_cents"], 5_197, "{}", rest.text);
    let none = shop
        .post(REFUND, json!({"payment_intent": intent, "amount_cents": 1}))
        .await;
    assert_eq!(
        (none.status.as_u16(), none.json()["error"].clone()),
        (409, json!("already_refunded"))
    );
    assert_eq!(refunded(&shop), 9_197);
}

#[tokio::test]
async fn two_at_once_never_give_back_more_than_was_paid() {
    let shop = Shop::new().await;
    let (intent, _) = payment(&shop, 1_000).await;
    let asked = (0..6).map(|n| {
        let (shop, body) = (&shop, json!({"payment_intent": intent, "amount": "6.00"}));
        async move { shop.post_as(&format!("k{n}"), REFUND, body).await }
    });
    let answers = futures_util::future::join_all(asked).await;
    let done = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!((done, refunded(&shop)), (1, 600));
}

#[tokio::test]
async fn a_lost_answer_is_looked_up() {
    let shop = Shop::new().await;
    let (intent, _) = payment(&shop, 1_000).await;
    let lost = FaultRule::new(Fault::ResetAfterCommit)
        .on(http::Method::POST)
        .under("/v1/refunds");
    shop.stripe.faults().add(lost);
    let body = json!({"payment_intent": intent, "amount": "6.00"});
    let unknown = shop.post_as("a", REFUND, body.clone()).await;
    assert_eq!(
        unknown.json()["error"],
        "outcome_unknown",
        "{}",
        unknown.text
    );
    shop.stripe.faults().clear();
    shop.room.time.forward(Duration::from_secs(90));
    let known = shop.post_as("a", REFUND, body).await;
    assert_eq!(known.status, 200, "{}", known.text);
    assert_eq!(refunded(&shop), 600);
}

#[tokio::test]
async fn what_the_bank_sends_back_may_be_tried_again() {
    let shop = Shop::new().await;
    let (intent, _) = payment(&shop, 1_000).await;
    let body = json!({"payment_intent": intent, "amount": "6.00"});
    let first = shop.post(REFUND, body.clone()).await.json();
    assert!(shop.stripe.fail_refund(
        first["refund"].as_str().unwrap(),
        "expired_or_canceled_card"
    ));
    let again = shop.post(REFUND, body).await.json();
    assert_ne!(again["refund"], first["refund"]);
    assert_eq!(refunded(&shop), 600);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let shop = Shop::new().await;
    let (intent, entry) = payment(&shop, 1_000).await;
    for (body, status) in [
        (json!({"payment_intent": intent, "amount": "0"}), 422),
        (json!({"payment_intent": intent, "amount": "-1"}), 422),
        (json!({"payment_intent": intent, "amount": "1.005"}), 422),
        (json!({"payment_intent": intent, "amount": "1e9"}), 422),
        (json!({"payment_intent": intent, "reason": "because"}), 422),
        (
            json!({"payment_intent": intent, "payment_entry": entry}),
            422,
        ),
        (json!({}), 422),
        (json!({"payment_intent": "ch_1"}), 422),
        (json!({"payment_intent": "pi_none"}), 404),
        (json!({"payment_entry": "ACC-PAY-2026-09999"}), 404),
    ] {
        let answer = shop.post(REFUND, body.clone()).await;
        assert_eq!(answer.status, status, "{body} {}", answer.text);
    }
    assert!(shop.stripe.refunds().is_empty());
}

#[tokio::test]
async fn the_same_key_of_two_people_is_not_taken_for_one_amount() {
    let shop = Shop::new().await;
    let (intent, _) = payment(&shop, 1_000).await;
    let first = json!({"payment_intent": intent, "amount": "2.00"});
    assert_eq!(shop.post_as("1", REFUND, first).await.status, 200);
    let luc = crate::support::call(http::Method::POST, REFUND)
        .header("x-authentik-email", "luc@example.ca")
        .header("x-authentik-groups", "soutien")
        .header("idempotency-key", "1")
        .json(&json!({"payment_intent": intent, "amount": "3.00"}));
    let luc = luc.send(shop.hub()).await;
    assert_eq!(
        (luc.status.as_u16(), luc.json()["error"].clone()),
        (409, json!("key_reused"))
    );
    assert_eq!(refunded(&shop), 200);
}
