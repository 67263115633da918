//! Pages: made, paid, given up, ended.

use stripe_lite::testing::TestCard;
use stripe_lite::{
    CheckoutMode, CheckoutStatus, CreateCheckoutSession, Currency, ListCheckoutSessions,
    ListPaymentMethods, PaymentStatus,
};

use crate::support::{customer, fake, invoice_page, kinds, session};

#[tokio::test]
async fn a_paid_page_is_one_payment_with_its_notes() {
    let (fake, client) = fake().await;
    let made = session(&client, 11_497).await;
    assert_eq!(made.mode, Some(CheckoutMode::Payment));
    assert_eq!(made.status, Some(CheckoutStatus::Open));
    assert!(made.url.as_ref().unwrap().contains(made.id.as_str()));
    assert!(made.payment_intent.is_none() && !made.is_paid());

    fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
    let paid = client.checkout_sessions().retrieve(&made.id).await.unwrap();
    assert_eq!(paid.status, Some(CheckoutStatus::Complete));
    assert_eq!(paid.payment_status, Some(PaymentStatus::Paid));
    assert_eq!(paid.url, None);
    let intent = paid.payment_intent.as_ref().unwrap().id().to_owned();
    let payment = client.payment_intents().retrieve(&intent).await.unwrap();
    assert!(payment.is_succeeded());
    assert_eq!((payment.amount, payment.amount_received), (11_497, 11_497));
    assert_eq!(payment.metadata["invoice"], "SINV-0042");
    assert_eq!(
        kinds(&fake),
        [
            "payment_intent.created",
            "charge.succeeded",
            "payment_intent.succeeded",
            "checkout.session.completed"
        ]
    );

    let of_payment = ListCheckoutSessions::new().payment_intent(&intent);
    let list = client.checkout_sessions().list(&of_payment).unwrap();
    let found = list.page().await.unwrap();
    assert_eq!(found.items, [paid]);
}

#[tokio::test]
async fn a_refused_card_leaves_the_page_open_for_another() {
    let (fake, client) = fake().await;
    let made = session(&client, 5_000).await;
    assert!(fake.pay(made.id.as_str(), TestCard::Declined).is_err());
    let open = client.checkout_sessions().retrieve(&made.id).await.unwrap();
    assert_eq!(open.status, Some(CheckoutStatus::Open));
    let paid = fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
    assert!(paid.is_paid());
    assert_eq!(fake.payment_intents().len(), 1, "one payment, two cards");
    assert!(kinds(&fake).contains(&"payment_intent.payment_failed".to_owned()));
    // Paid is paid.
    assert!(fake.pay(made.id.as_str(), TestCard::Visa).is_err());
}

#[tokio::test]
async fn an_ended_page_cannot_be_paid() {
    let (fake, client) = fake().await;
    let made = session(&client, 5_000).await;
    let ended = client.checkout_sessions().expire(&made.id).await.unwrap();
    assert_eq!(ended.status, Some(CheckoutStatus::Expired));
    assert!(fake.pay(made.id.as_str(), TestCard::Visa).is_err());
    let again = client
        .checkout_sessions()
        .expire(&made.id)
        .await
        .unwrap_err();
    assert_eq!(again.status(), Some(400));
    assert_eq!(kinds(&fake), ["checkout.session.expired"]);
}

#[tokio::test]
async fn a_page_that_saves_a_card_charges_nothing() {
    let (fake, client) = fake().await;
    let customer = customer(&client).await;
    let page = CreateCheckoutSession::setup(Currency::CAD)
        .customer(&customer.id)
        .metadata_everywhere("customer", "CUST-7")
        .success_url("https://portail.example.ca/cartes");
    let made = client
        .checkout_sessions()
        .create(&page, None)
        .await
        .unwrap();
    fake.pay(made.id.as_str(), TestCard::Mastercard).unwrap();

    let done = client.checkout_sessions().retrieve(&made.id).await.unwrap();
    assert_eq!(done.payment_status, Some(PaymentStatus::NoPaymentRequired));
    let setup = done.setup_intent.unwrap().id().to_owned();
    let setup = client.setup_intents().retrieve(&setup).await.unwrap();
    assert_eq!(setup.metadata["customer"], "CUST-7");
    let list = ListPaymentMethods::new()
        .customer(&customer.id)
        .kind("card");
    let cards = client.payment_methods().list(&list).unwrap();
    let cards = cards.page().await.unwrap().items;
    assert_eq!(cards.len(), 1);
    assert_eq!(
        cards[0].card.as_ref().unwrap().last4.as_deref(),
        Some("4444")
    );
    assert!(fake.payment_intents().is_empty());
    assert_eq!(
        kinds(&fake)[1..],
        [
            "setup_intent.created",
            "payment_method.attached",
            "setup_intent.succeeded",
            "checkout.session.completed"
        ]
    );
}

#[tokio::test]
async fn a_slow_method_is_complete_before_it_is_paid() {
    let (fake, client) = fake().await;
    let page = invoice_page(9_900).payment_method_type("acss_debit");
    let made = client
        .checkout_sessions()
        .create(&page, None)
        .await
        .unwrap();
    let done = fake.pay(made.id.as_str(), TestCard::BankDebit).unwrap();
    assert_eq!(done.status, Some(CheckoutStatus::Complete));
    assert!(!done.is_paid());
    assert!(fake.settle_debit(made.id.as_str(), true));
    let paid = client.checkout_sessions().retrieve(&made.id).await.unwrap();
    assert!(paid.is_paid());
    let last = kinds(&fake).pop();
    assert_eq!(
        last.as_deref(),
        Some("checkout.session.async_payment_succeeded")
    );
}

#[tokio::test]
async fn what_a_page_lacks_is_named() {
    let (_fake, client) = fake().await;
    let sessions = client.checkout_sessions();
    let nothing = CreateCheckoutSession::payment().success_url("https://portail.example.ca/");
    let refused = sessions.create(&nothing, None).await.unwrap_err();
    assert_eq!(refused.code(), Some("parameter_missing"));
    assert_eq!(refused.api().unwrap().param(), Some("line_items"));
    assert!(refused.request_id().unwrap().starts_with("req_"));

    let unknown = invoice_page(100).set("sucess_url", "https://portail.example.ca/");
    let refused = sessions.create(&unknown, None).await.unwrap_err();
    assert_eq!(refused.code(), Some("parameter_unknown"));

    let stranger = invoice_page(100).customer("cus_nobody");
    let refused = sessions.create(&stranger, None).await.unwrap_err();
    assert_eq!(
        (refused.status(), refused.code()),
        (Some(400), Some("resource_missing"))
    );

    let long = invoice_page(100).client_reference_id("x".repeat(201));
    let refused = sessions.create(&long, None).await.unwrap_err();
    assert!(matches!(
        refused,
        stripe_lite::Error::Invalid {
            what: "client_reference_id",
            ..
        }
    ));
}
