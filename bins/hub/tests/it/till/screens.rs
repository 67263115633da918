//! The payments' screens.

use std::time::Duration;

use integration_core::testing::{Fault, FaultRule};
use serde_json::json;
use stripe_lite::testing::TestCard;
use ui_kit::testing::{Audit, assert_page};

use super::shop::Shop;
use crate::support::{Answer, get};

async fn page(shop: &Shop, path: &str) -> Answer {
    let answer = get(path)
        .staff()
        .header("accept", "text/html")
        .send(shop.hub())
        .await;
    assert_page(&answer.text);
    answer
}

fn client(id: &str) -> String {
    format!("/ops/clients/{}", ui_kit::query_value(id))
}

#[tokio::test]
async fn from_the_client_s_page_to_the_link_and_the_mail() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    let record = page(&shop, &client(&zoe)).await;
    assert!(record.text.contains("Lien de paiement"), "{}", record.text);
    let (action, fields) = shop.form(&client(&zoe), "/payments/link").await;
    assert!(
        fields.contains(&("invoice".to_owned(), invoice.clone())),
        "{fields:?}"
    );
    let sent = shop.submit(&action, &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let shown = page(&shop, sent.header("location")).await;
    assert_eq!(shown.status, 200);
    assert!(
        shown.text.contains("/c/pay/") && shown.text.contains("91,97\u{a0}$"),
        "{}",
        shown.text
    );

    let (action, fields) = shop.form(sent.header("location"), "/payments/send").await;
    let mailed = shop.submit(&action, &fields).await;
    let told = page(&shop, mailed.header("location")).await;
    assert!(told.text.contains("envoyé par courriel"), "{}", told.text);
    assert_eq!(shop.room.fake.count("Communication"), 1);

    let forged: Vec<_> = fields
        .iter()
        .cloned()
        .map(|(name, value)| {
            let value = if name == "csrf" {
                "00".to_owned()
            } else {
                value
            };
            (name, value)
        })
        .collect();
    assert_eq!(shop.submit(&action, &forged).await.status, 403);
}

#[tokio::test]
async fn a_card_is_charged_after_a_page_that_asks_and_once_however_often_it_is_sent() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let overview = format!("{}/payments", client(&zoe));
    let shown = page(&shop, &overview).await;
    assert!(shown.text.contains("Visa •••• 4242"), "{}", shown.text);
    assert!(shown.text.contains("Porter à la carte"), "{}", shown.text);
    let before = format!("{overview}/charge?invoice={invoice}");
    assert!(page(&shop, &before).await.text.contains("91,97\u{a0}$"));
    let (action, fields) = shop.form(&before, "/payments/charge").await;
    let (one, two) =
        futures_util::join!(shop.submit(&action, &fields), shop.submit(&action, &fields));
    for sent in [&one, &two] {
        assert_eq!(sent.status, 303);
        let told = page(&shop, sent.header("location")).await;
        assert!(
            told.text.contains("accepté"),
            "{} {}",
            sent.header("location"),
            told.text
        );
    }
    assert_eq!(shop.stripe.payment_intents().len(), 1);
    shop.settle().await;
    assert_eq!(shop.room.due(&invoice), 0);
    let paid = page(&shop, &overview).await;
    assert!(
        paid.text.contains("Rembourser") && paid.text.contains("Tout est payé"),
        "{}",
        paid.text
    );
}

#[tokio::test]
async fn a_refusal_and_a_changed_balance_are_said_in_words() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::InsufficientFunds).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let before = format!("{}/payments/charge?invoice={invoice}", client(&zoe));
    let (action, fields) = shop.form(&before, "/payments/charge").await;
    let sent = shop.submit(&action, &fields).await;
    let told = page(&shop, sent.header("location")).await;
    assert!(told.text.contains("fonds insuffisants"), "{}", told.text);
    let (action, fields) = shop.form(&before, "/payments/charge").await;
    assert!(shop.room.fake.set(
        "Sales Invoice",
        &invoice,
        json!({"outstanding_amount": 50.0})
    ));
    let sent = shop.submit(&action, &fields).await;
    let told = page(&shop, sent.header("location")).await;
    assert!(told.text.contains("Le solde a changé"), "{}", told.text);
    assert_eq!(shop.stripe.payment_intents().len(), 1);
}

#[tokio::test]
async fn a_refund_asks_for_its_amount_and_takes_no_more_than_is_left() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    shop.post(
        "/payments/charge",
        json!({"customer": zoe, "invoice": invoice}),
    )
    .await;
    shop.settle().await;
    let entry = shop.room.entry()["name"].as_str().unwrap().to_owned();
    let before = format!("{}/payments/refund?entry={entry}", client(&zoe));
    assert!(page(&shop, &before).await.text.contains("91,97"));
    let (action, fields) = shop.form(&before, "/payments/refund").await;
    let with = |amount: &str| -> Vec<(String, String)> {
        let fields = fields.iter().cloned();
        fields
            .map(|(name, value)| match name.as_str() {
                "amount" => (name, amount.to_owned()),
                _ => (name, value),
            })
            .collect()
    };
    for wrong in ["", "0", "douze", "91,98"] {
        let sent = shop.submit(&action, &with(wrong)).await;
        assert_eq!(sent.status, 422, "{wrong}");
        assert_page(&sent.text);
        assert!(sent.text.contains("Il y a un problème"), "{}", sent.text);
    }
    let sent = shop.submit(&action, &with("20,00\u{a0}$")).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let again = shop.submit(&action, &with("20,00\u{a0}$")).await;
    assert_eq!(again.status, 303);
    let told = page(&shop, sent.header("location")).await;
    assert!(
        told.text.contains("Remboursement de 20,00\u{a0}$ accepté"),
        "{}",
        told.text
    );
    assert_eq!(shop.stripe.refunds().len(), 1);
    shop.settle().await;
    assert_eq!(shop.room.entries().len(), 2, "the refund is booked");
}

#[tokio::test]
async fn consent_is_asked_for_with_its_text() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let ppa = format!("{}/payments/ppa", client(&zoe));
    assert!(page(&shop, &ppa).await.text.contains("J’autorise"));
    for (expected, enabled) in [("est activé", 1), ("est désactivé", 0)] {
        let (action, fields) = shop.form(&ppa, "/payments/ppa").await;
        let sent = shop.submit(&action, &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        assert!(
            page(&shop, sent.header("location"))
                .await
                .text
                .contains(expected)
        );
        let kept = shop.room.fake.document("Customer", &zoe).unwrap();
        assert_eq!(kept["custom_ppa_enabled"], enabled);
    }
}

#[tokio::test]
async fn a_stripe_that_hangs_or_is_broken_leaves_the_rest_of_the_page() {
    let shop = Shop::new().await;
    let (zoe, _) = shop.carded("Zoé Gagnon", TestCard::Visa).await;
    let invoice = shop.room.invoice(&zoe, 9_197);
    let overview = format!("{}/payments", client(&zoe));
    for fault in [
        Fault::Hang,
        Fault::Status(http::StatusCode::BAD_GATEWAY, "<html>".to_owned()),
    ] {
        shop.stripe.faults().clear();
        shop.stripe.faults().add(FaultRule::new(fault));
        let began = tokio::time::Instant::now();
        let shown = page(&shop, &overview).await;
        assert!(began.elapsed() < Duration::from_secs(8));
        assert_eq!(shown.status, 200);
        assert!(
            shown.text.contains("Stripe ne répond pas") && shown.text.contains(&invoice),
            "{}",
            shown.text
        );
    }
    // The client's own page does not ask Stripe at all.
    assert_eq!(page(&shop, &client(&zoe)).await.status, 200);
}

#[tokio::test]
async fn words_of_a_stranger_do_not_come_through_a_link() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé \"Gagnon\" &amp;");
    let other = shop.customer("Luc Roy");
    let invoice = shop.room.invoice(&other, 1_000);
    let link = shop
        .post("/billing/checkout-link", json!({"invoice": invoice}))
        .await
        .json();
    let session = link["session"].as_str().unwrap();
    for query in [
        "act=charge&outcome=%3Cscript%3E".to_owned(),
        "act=charge&outcome=done&payment=pi_none".to_owned(),
        "act=refund&outcome=done&refund=..%2F..%2Fv1".to_owned(),
        format!("act=link&outcome=done&session={session}"),
    ] {
        let shown = page(&shop, &format!("{}/payments?{query}", client(&zoe))).await;
        assert_eq!(shown.status, 200, "{query}");
        assert!(
            !shown.text.contains("/c/pay/") && !shown.text.contains("<script>"),
            "{query}"
        );
        let problems = Audit::page().problems(&shown.text);
        assert!(problems.is_empty(), "{problems:?}");
    }
    assert_eq!(
        page(&shop, "/ops/clients/Personne/payments").await.status,
        404
    );
}

#[tokio::test]
async fn who_comes_back_is_told_what_stripe_says_and_not_what_the_address_says() {
    let shop = Shop::new().await;
    let zoe = shop.customer("Zoé Gagnon");
    let invoice = shop.room.invoice(&zoe, 9_197);
    let link = shop
        .post("/billing/checkout-link", json!({"invoice": invoice}))
        .await
        .json();
    let session = link["session"].as_str().unwrap();
    let back = |query: String| {
        let call = get(&format!("/paiement/retour?{query}")).from(crate::support::STRANGER);
        call.header("accept", "text/html").send(shop.hub())
    };
    let open = back(format!("session={session}")).await;
    assert_page(&open.text);
    assert!(
        open.text.contains("Nous confirmons votre paiement"),
        "{}",
        open.text
    );
    shop.stripe.pay(session, TestCard::Visa).unwrap();
    let paid = back(format!("session={session}")).await;
    assert!(
        paid.text.contains("Payé. Merci.") && !paid.text.contains("Gagnon"),
        "{}",
        paid.text
    );
    for query in [
        "session=cs_none",
        "session=pi_1",
        "session=..%2Fcustomers",
        "",
        "paid=1",
    ] {
        let unknown = back(query.to_owned()).await;
        assert_eq!(unknown.status, 200);
        assert!(
            unknown.text.contains("Nous confirmons"),
            "{query} {}",
            unknown.text
        );
    }
    assert!(
        back("annule=1".to_owned())
            .await
            .text
            .contains("Paiement annulé")
    );
}
