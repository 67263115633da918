//! Charges while the customer is away, saved cards, and money that goes back.

use stripe_lite::testing::TestCard;
use stripe_lite::{
    Advice, ConfirmPaymentIntent, CreatePaymentIntent, CreateRefund, CreateSetupIntent, Customer,
    IdempotencyKey, ListRefunds, PaymentIntentStatus, RefundReason, RefundStatus,
    SetupIntentStatus, UpdateCustomer,
};

use crate::support::{cad, customer, fake, kinds, session};

fn off(customer: &Customer, card: &str) -> CreatePaymentIntent {
    CreatePaymentIntent::off_session(cad(4_999), &customer.id, card).metadata("invoice", "SINV-1")
}

#[tokio::test]
async fn a_saved_card_is_charged_while_the_customer_is_away() {
    let (fake, client) = fake().await;
    let marie = customer(&client).await;
    let card = client
        .payment_methods()
        .attach("pm_card_visa", &marie.id)
        .await
        .unwrap();
    let payment = client
        .payment_intents()
        .create(&off(&marie, card.id.as_str()), None)
        .await
        .unwrap();
    assert!(payment.is_succeeded());
    assert_eq!(payment.received(), Some(cad(4_999)));
    assert_eq!(payment.metadata["invoice"], "SINV-1");
    let charge = payment.latest_charge.unwrap().id().to_owned();
    let charge = client.charges().retrieve(charge).await.unwrap();
    assert_eq!(charge.refundable(), 4_999);
    let funds = client.balance().await.unwrap().pending;
    assert_eq!(funds[0].amount(), cad(4_999));
    assert!(kinds(&fake).ends_with(&[
        "charge.succeeded".to_owned(),
        "payment_intent.succeeded".to_owned()
    ]));
}

#[tokio::test]
async fn less_than_half_a_dollar_is_not_charged() {
    let (fake, client) = fake().await;
    let marie = customer(&client).await;
    let card = fake.save_card(marie.id.as_str(), TestCard::Visa).unwrap();
    for (cents, fits) in [(1, false), (49, false), (50, true)] {
        let charge = CreatePaymentIntent::off_session(cad(cents), &marie.id, &card);
        let charged = client.payment_intents().create(&charge, None).await;
        match charged {
            Ok(payment) => assert!(fits && payment.is_succeeded()),
            Err(error) => {
                assert!(!fits && error.code() == Some("amount_too_small"), "{error}");
                assert!(!error.may_have_been_carried_out());
            }
        }
    }
}

#[tokio::test]
async fn each_refusal_says_what_may_be_done() {
    let (fake, client) = fake().await;
    let marie = customer(&client).await;
    for (card, code, decline, advice) in [
        (
            TestCard::Declined,
            "card_declined",
            Some("generic_decline"),
            Advice::Later,
        ),
        (
            TestCard::InsufficientFunds,
            "card_declined",
            Some("insufficient_funds"),
            Advice::Later,
        ),
        (
            TestCard::LostCard,
            "card_declined",
            Some("lost_card"),
            Advice::Never,
        ),
        (
            TestCard::StolenCard,
            "card_declined",
            Some("stolen_card"),
            Advice::Never,
        ),
        (
            TestCard::Fraudulent,
            "card_declined",
            Some("fraudulent"),
            Advice::Never,
        ),
        (TestCard::Expired, "expired_card", None, Advice::NewCard),
        (
            TestCard::IncorrectCvc,
            "incorrect_cvc",
            None,
            Advice::NewCard,
        ),
        (
            TestCard::ProcessingError,
            "processing_error",
            None,
            Advice::Later,
        ),
        (
            TestCard::AuthenticationRequired,
            "authentication_required",
            Some("authentication_required"),
            Advice::Authenticate,
        ),
    ] {
        let saved = fake.save_card(marie.id.as_str(), card).unwrap();
        let refused = client
            .payment_intents()
            .create(&off(&marie, &saved), None)
            .await
            .unwrap_err();
        assert!(
            refused.is_card_declined() && !refused.is_retryable(),
            "{card:?}"
        );
        assert!(!refused.may_have_been_carried_out());
        assert_eq!(refused.status(), Some(402));
        assert_eq!(refused.code(), Some(code));
        assert_eq!(refused.decline_code(), decline);
        assert_eq!(
            refused.authentication_required(),
            advice == Advice::Authenticate
        );
        assert!(refused.request_id().unwrap().starts_with("req_"));
        let error = refused.card().unwrap();
        assert_eq!(error.advice(), advice, "{card:?}");
        assert_eq!(error.is_hard_decline(), advice == Advice::Never);
        let payment = error.payment_intent().unwrap();
        assert_eq!(
            payment.status,
            Some(PaymentIntentStatus::RequiresPaymentMethod)
        );
        assert_eq!(
            payment.last_payment_error.as_ref().unwrap().advice(),
            advice
        );
        assert!(error.charge().unwrap().starts_with("ch_"));
    }
}

#[tokio::test]
async fn a_new_attempt_after_a_refusal_needs_a_new_key() {
    let (fake, client) = fake().await;
    let marie = customer(&client).await;
    let card = fake
        .save_card(marie.id.as_str(), TestCard::InsufficientFunds)
        .unwrap();
    let payments = client.payment_intents();
    let attempt = |number: u32| IdempotencyKey::new(format!("ppa-SINV-1-{number}")).unwrap();
    assert!(
        payments
            .create(&off(&marie, &card), attempt(1))
            .await
            .is_err()
    );
    fake.replace_card(&card, TestCard::Visa);
    // The refusal is repeated, as Stripe does.
    let same = payments
        .create(&off(&marie, &card), attempt(1))
        .await
        .unwrap_err();
    assert_eq!(same.decline_code(), Some("insufficient_funds"));
    let paid = payments
        .create(&off(&marie, &card), attempt(2))
        .await
        .unwrap();
    assert!(paid.is_succeeded());
    assert_eq!(fake.payment_intents().len(), 2);
}

#[tokio::test]
async fn a_payment_is_confirmed_later_or_given_up() {
    let (_fake, client) = fake().await;
    let payments = client.payment_intents();
    let waiting = payments
        .create(&CreatePaymentIntent::new(cad(700)), None)
        .await
        .unwrap();
    assert_eq!(
        waiting.status,
        Some(PaymentIntentStatus::RequiresPaymentMethod)
    );
    let bare = payments
        .confirm(&waiting.id, &ConfirmPaymentIntent::new(), None)
        .await
        .unwrap_err();
    assert_eq!(bare.code(), Some("payment_intent_unexpected_state"));
    let with = ConfirmPaymentIntent::new().payment_method("pm_card_visa");
    let paid = payments.confirm(&waiting.id, &with, None).await.unwrap();
    assert!(paid.is_succeeded());
    assert_eq!(
        payments.cancel(&waiting.id).await.unwrap_err().status(),
        Some(400)
    );

    let other = payments
        .create(&CreatePaymentIntent::new(cad(700)), None)
        .await
        .unwrap();
    let over = payments.cancel(&other.id).await.unwrap();
    assert_eq!(over.status, Some(PaymentIntentStatus::Canceled));
    // With the customer there, one who has to take part is asked to.
    let present = CreatePaymentIntent::new(cad(700))
        .payment_method("pm_card_authenticationRequired")
        .confirm();
    let present = payments.create(&present, None).await.unwrap();
    assert_eq!(present.status, Some(PaymentIntentStatus::RequiresAction));
    assert!(present.next_action.is_some());
}

#[tokio::test]
async fn a_card_belongs_to_one_customer() {
    let (fake, client) = fake().await;
    let (marie, jean) = (customer(&client).await, customer(&client).await);
    let card = fake.save_card(marie.id.as_str(), TestCard::Visa).unwrap();
    let wrong = client
        .payment_intents()
        .create(&off(&jean, &card), None)
        .await
        .unwrap_err();
    assert_eq!(wrong.code(), Some("payment_method_customer_mismatch"));
    let taken = client
        .payment_methods()
        .attach(&card, &jean.id)
        .await
        .unwrap_err();
    assert_eq!(taken.code(), Some("payment_method_unexpected_state"));
    assert!(fake.payment_intents().is_empty(), "nothing was begun");
}

#[tokio::test]
async fn a_card_is_saved_preferred_and_forgotten() {
    let (fake, client) = fake().await;
    let marie = customer(&client).await;
    let setup = CreateSetupIntent::off_session(&marie.id)
        .payment_method("pm_card_mastercard")
        .confirm();
    let setup = client.setup_intents().create(&setup, None).await.unwrap();
    assert_eq!(setup.status, Some(SetupIntentStatus::Succeeded));
    let card = setup.payment_method.unwrap().id().to_owned();
    let prefer = UpdateCustomer::new().default_payment_method(&card);
    let marie = client.customers().update(&marie.id, &prefer).await.unwrap();
    assert_eq!(marie.default_payment_method(), Some(card.as_str()));
    let gone = client.payment_methods().detach(&card).await.unwrap();
    assert!(gone.customer.is_none());
    let marie = client.customers().retrieve(&marie.id).await.unwrap();
    assert_eq!(marie.default_payment_method(), None);
    assert!(kinds(&fake).contains(&"payment_method.detached".to_owned()));

    let bad = CreateSetupIntent::off_session(&marie.id)
        .payment_method("pm_card_chargeDeclined")
        .confirm();
    let refused = client.setup_intents().create(&bad, None).await.unwrap_err();
    let setup = refused.card().unwrap().setup_intent().unwrap();
    assert!(setup.last_setup_error.is_some());
}

#[tokio::test]
async fn parts_go_back_until_nothing_is_left() {
    let (fake, client) = fake().await;
    let made = session(&client, 11_497).await;
    let paid = fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
    let payment = paid.payment_intent.unwrap().id().to_owned();
    let refunds = client.refunds();
    let part = CreateRefund::payment_intent(&payment)
        .amount(1_000)
        .reason(&RefundReason::RequestedByCustomer)
        .metadata("by", "CUST-7");
    let part = refunds.create(&part, None).await.unwrap();
    assert_eq!(part.status, Some(RefundStatus::Succeeded));
    assert_eq!(part.payment_intent.as_ref().unwrap().id(), payment);

    let too_much = CreateRefund::payment_intent(&payment).amount(10_498);
    let refused = refunds.create(&too_much, None).await.unwrap_err();
    assert_eq!(refused.api().unwrap().param(), Some("amount"));
    let rest = refunds
        .create(&CreateRefund::payment_intent(&payment), None)
        .await
        .unwrap();
    assert_eq!(rest.amount, 10_497);
    let again = refunds
        .create(&CreateRefund::payment_intent(&payment), None)
        .await
        .unwrap_err();
    assert_eq!(again.code(), Some("charge_already_refunded"));
    let list = refunds
        .list(&ListRefunds::new().payment_intent(&payment))
        .unwrap();
    assert_eq!(list.page().await.unwrap().items, [rest, part.clone()]);

    // Days later the bank sends one back.
    assert!(fake.fail_refund(part.id.as_str(), "expired_or_canceled_card"));
    assert!(
        !fake.fail_refund(part.id.as_str(), "expired_or_canceled_card"),
        "once"
    );
    let failed = refunds.retrieve(&part.id).await.unwrap();
    assert_eq!(failed.status, Some(RefundStatus::Failed));
    let charge = failed.charge.unwrap().id().to_owned();
    let charge = client.charges().retrieve(charge).await.unwrap();
    assert_eq!((charge.amount_refunded, charge.refunded), (10_497, false));
    let told: Vec<_> = kinds(&fake)
        .into_iter()
        .filter(|k| k.contains("refund"))
        .collect();
    assert_eq!(
        told,
        [
            "refund.created",
            "charge.refunded",
            "refund.created",
            "charge.refunded",
            "refund.updated",
            "refund.failed"
        ]
    );
}

#[tokio::test]
async fn a_disputed_payment_cannot_go_back_twice() {
    let (fake, client) = fake().await;
    let made = session(&client, 5_000).await;
    let paid = fake.pay(made.id.as_str(), TestCard::Visa).unwrap();
    let payment = paid.payment_intent.unwrap().id().to_owned();
    let dispute = fake.dispute(&payment, "fraudulent").unwrap();
    assert_eq!(fake.dispute(&payment, "fraudulent"), None, "once");
    let refused = client
        .refunds()
        .create(&CreateRefund::payment_intent(&payment), None)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), Some("charge_disputed"));
    assert!(fake.close_dispute(&dispute, false));
    assert!(kinds(&fake).ends_with(&["charge.dispute.closed".to_owned()]));
}

#[tokio::test]
async fn an_amount_is_more_than_nothing() {
    let (fake, client) = fake().await;
    for amount in [0, -5] {
        let nothing = CreatePaymentIntent::new(cad(amount));
        assert!(
            client
                .payment_intents()
                .create(&nothing, None)
                .await
                .is_err()
        );
        let nothing = CreateRefund::payment_intent("pi_1").amount(amount);
        assert!(client.refunds().create(&nothing, None).await.is_err());
    }
    assert!(fake.requests().is_empty(), "nothing was sent");
}
