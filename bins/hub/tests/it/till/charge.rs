//! Invoices charged to saved cards.

use std::time::Duration;

use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};
use stripe_lite::testing::TestCard;

use super::shop::Shop;

const CHARGE: &str = "/payments/charge";

/// Payments that Stripe was asked for and that went through.
fn paid(shop: &Shop) -> Vec<Value> {
    let intents = shop.stripe.payment_intents();
    let paid = intents
        .into_iter()
        .filter(|intent| intent["status"] == "succeeded");
    paid.collect()
}

#[tokio::test]
async fn what_is_outstanding_is_charged_and_booked() {
    let shop = Shop::new().await;
    let (zoe, card) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"customer": zoe, "invoice": invoice});
    let answer = shop.post(CHARGE, body.clone()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let charged = answer.json();
    assert_eq!(charged["status"], "succeeded");
    assert_eq!(charged["amount_cents"], 9_197);
    assert_eq!(charged["payment_method"], card);
    let intent = &paid(&shop)[0];
    assert_eq!(intent["metadata"]["invoice"], invoice);
    assert_eq!(intent["metadata"]["customer"], zoe);

    // Until it is booked, it is under way; then there is nothing left to charge.
    let again = shop.post(CHARGE, body.clone()).await;
    assert_eq!(
        (again.status.as_u16(), again.json()["error"].clone()),
        (409, json!("payment_under_way"))
    );
    shop.settle().await;
    assert_eq!(shop.room.due(&invoice), 0);
    let again = shop.post(CHARGE, body).await;
    assert_eq!(again.json()["error"], "already_paid");
    assert_eq!(paid(&shop).len(), 1);
}

#[tokio::test]
async fn many_at_once_make_one_charge() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"customer": zoe, "invoice": invoice});
    let asked = (0..8).map(|n| {
        let (shop, body) = (&shop, body.clone());
        async move {
            match n % 2 {
                0 => shop.post(CHARGE, body).await,
                _ => {
                    shop.post_as(&format!("click-{}", n % 4), CHARGE, body)
                        .await
                }
            }
        }
    });
    let answers = futures_util::future::join_all(asked).await;
    assert!(answers.iter().any(|answer| answer.status == 200));
    for answer in &answers {
        assert!(
            [200, 409].contains(&answer.status.as_u16()),
            "{}",
            answer.text
        );
    }
    assert_eq!(paid(&shop).len(), 1);
}

#[tokio::test]
async fn a_refusal_is_an_answer_and_the_next_attempt_another() {
    let shop = Shop::new().await;
    let (zoe, card) = shop.carded("Zoé Gagnon", TestCard::InsufficientFunds).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"customer": zoe, "invoice": invoice});
    let refused = shop.post_as("a", CHARGE, body.clone()).await;
    assert_eq!(refused.status, 402, "{}", refused.text);
    let told = refused.json();
    assert_eq!(told["error"], "card_declined");
    assert_eq!(told["decline_code"], "insufficient_funds");
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .contains("fonds insuffisants"),
        "{told}"
    );
    // The same request again is the same refusal, though the card would now be good.
    shop.stripe.replace_card(&card, TestCard::Visa);
    let same = shop.post_as("a", CHARGE, body.clone()).await;
    assert_eq!(same.status, 402);
    assert_eq!(same.json()["payment_intent"], told["payment_intent"]);
    // Another request is another attempt.
    let next = shop.post_as("b", CHARGE, body).await;
    assert_eq!(next.status, 200, "{}", next.text);
    assert_eq!(next.json()["attempt"], 2);
    assert_eq!(paid(&shop).len(), 1);
}

#[tokio::test]
async fn a_bank_that_wants_the_customer_is_answered_with_a_link() {
    let shop = Shop::new().await;
    let (zoe, _) = shop
        .carded("Zoé Gagnon", TestCard::AuthenticationRequired)
        .await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let refused = shop
        .post(CHARGE, json!({"customer": zoe, "invoice": invoice}))
        .await;
    assert_eq!(refused.status, 402, "{}", refused.text);
    let told = refused.json();
    assert_eq!(told["error"], "authentication_required");
    assert!(
        told["checkout_url"].as_str().unwrap().contains("/c/pay/"),
        "{told}"
    );
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_not_charged_again() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"customer": zoe, "invoice": invoice});
    let lost = FaultRule::new(Fault::ResetAfterCommit)
        .on(http::Method::POST)
        .under("/v1/payment_intents");
    shop.stripe.faults().add(lost);
    let unknown = shop.post_as("a", CHARGE, body.clone()).await;
    assert_eq!(unknown.status, 503, "{}", unknown.text);
    assert_eq!(unknown.json()["error"], "outcome_unknown");
    assert_eq!(paid(&shop).len(), 1, "Stripe has carried it out");
    shop.stripe.faults().clear();
    shop.room.time.forward(Duration::from_secs(90));
    let known = shop.post_as("a", CHARGE, body).await;
    assert_eq!(known.status, 200, "{}", known.text);
    assert_eq!(known.json()["attempt"], 1);
    assert_eq!(paid(&shop).len(), 1);
}

#[tokio::test]
async fn a_charge_closes_the_pages_on_which_it_could_be_paid_again() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let link = shop
        .post("/billing/checkout-link", json!({"invoice": invoice}))
        .await
        .json();
    let charged = shop
        .post(CHARGE, json!({"customer": zoe, "invoice": invoice}))
        .await;
    assert_eq!(charged.status, 200, "{}", charged.text);
    let session = shop
        .stripe
        .object(link["session"].as_str().unwrap())
        .unwrap();
    assert_eq!(session["status"], "expired");
}

#[tokio::test]
async fn who_has_no_card_or_another_s_is_told_so() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let (luc, others) = shop.carded("Luc Roy", TestCard::Visa).await;
    let bare = shop.customer("Ève Roy");
    let (of_zoe, of_bare) = (
        shop.room.invoice(&zoe, 1_000),
        shop.room.invoice(&bare, 1_000),
    );
    for (body, status, code) in [
        (
            json!({"customer": bare, "invoice": of_bare}),
            409,
            "no_card",
        ),
        (
            json!({"customer": luc, "invoice": of_zoe}),
            404,
            "not_found",
        ),
        (
            json!({"customer": zoe, "invoice": of_zoe, "payment_method": others}),
            422,
            "invalid",
        ),
        (
            json!({"customer": zoe, "invoice": "nope"}),
            404,
            "not_found",
        ),
    ] {
        let answer = shop.post(CHARGE, body).await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.json()["error"], code);
    }
    assert!(shop.stripe.payment_intents().is_empty());
}

#[tokio::test]
async fn a_page_that_is_paid_while_the_card_is_about_to_be_charged_is_the_only_payment() {
    for booked in [false, true] {
        let shop = Shop::new().await;
        let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
        let invoice = shop.room.invoice(&zoe, 9_197);
        let link = shop
            .post("/billing/checkout-link", json!({"invoice": invoice}))
            .await
            .json();
        let lists = |shop: &Shop| {
            let requests = shop.stripe.requests();
            let of_payments = requests.iter().filter(|request| {
                (request.method.as_str(), request.path.as_str()) == ("GET", "/v1/payment_intents")
            });
            of_payments.count()
        };
        let before = lists(&shop);
        let slow = FaultRule::new(Fault::Delay(Duration::from_millis(700)))
            .on(http::Method::GET)
            .under("/v1/payment_intents");
        shop.stripe.faults().add(slow);
        let charging = shop.post(CHARGE, json!({"customer": zoe, "invoice": invoice}));
        let paying = async {
            // The payments have been read, and the answer is on its way.
            while lists(&shop) == before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            let session = link["session"].as_str().unwrap();
            shop.stripe.pay(session, TestCard::Visa).unwrap();
            if booked {
                shop.settle().await;
            }
        };
        let (charged, ()) = tokio::join!(charging, paying);
        assert_eq!(charged.status, 409, "{}", charged.text);
        assert_eq!(paid(&shop).len(), 1);
    }
}

#[tokio::test]
async fn a_key_is_of_one_card() {
    let shop = Shop::new().await;
    let (zoe, card) = shop.carded("Zoé Gagnon", TestCard::InsufficientFunds).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let other = shop.stripe_customer(&zoe);
    let other = shop.stripe.save_card(&other, TestCard::Visa).unwrap();
    let with = |card: &str| json!({"customer": zoe, "invoice": invoice, "payment_method": card});
    let refused = shop.post_as("a", CHARGE, with(&card)).await;
    assert_eq!(refused.status, 402, "{}", refused.text);
    let reused = shop.post_as("a", CHARGE, with(&other)).await;
    assert_eq!(reused.json()["error"], "key_reused", "{}", reused.text);
    let next = shop.post_as("b", CHARGE, with(&other)).await;
    assert_eq!(next.status, 200, "{}", next.text);
    assert_eq!(paid(&shop).len(), 1);
}

#[tokio::test]
async fn a_refusal_that_the_journal_has_forgotten_is_not_the_answer_to_another_request() {
    let shop = Shop::new().await;
    let (zoe, card) = shop.carded("Zoé Gagnon", TestCard::InsufficientFunds).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let body = json!({"customer": zoe, "invoice": invoice});
    let refused = shop.post_as("a", CHARGE, body.clone()).await;
    assert_eq!(refused.status, 402, "{}", refused.text);
    let days = Duration::from_secs(31 * 24 * 3600);
    shop.room.time.forward(days);
    let retention = effect_journal::Retention::new();
    while shop.room.journal.sweep(retention).await.unwrap().more {}
    shop.stripe.forget_keys();
    shop.stripe.replace_card(&card, TestCard::Visa);
    let next = shop.post_as("b", CHARGE, body).await;
    assert_eq!(next.status, 200, "{}", next.text);
    assert_eq!(next.json()["attempt"], 2);
    assert_eq!(paid(&shop).len(), 1);
}
