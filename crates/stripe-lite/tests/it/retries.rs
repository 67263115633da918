//! Attempts: when a call is tried again, with which key, and what is said when it is not.

use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::testing::{FakeServer, Fault, FaultRule};
use stripe_lite::{
    Client, CreateCustomer, Error, ErrorType, IdempotencyKey, ListCustomers, RetryPolicy,
};
use wiremock::ResponseTemplate;

use crate::support::{client, fake};

fn keys(fake: &stripe_lite::testing::FakeStripe) -> Vec<Option<String>> {
    let requests = fake.requests();
    requests
        .into_iter()
        .map(|request| request.idempotency_key)
        .collect()
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_with_the_same_key() {
    let (fake, client) = fake().await;
    let rule = FaultRule::new(Fault::ResetAfterCommit)
        .on(Method::POST)
        .times(1);
    fake.faults().add(rule);
    let made = client
        .customers()
        .create(&CreateCustomer::new(), None)
        .await
        .unwrap();
    assert_eq!(fake.customers().len(), 1, "carried out once");
    assert_eq!(fake.customers()[0]["id"], made.id.as_str());
    let keys = keys(&fake);
    assert_eq!(keys.len(), 2);
    assert!(keys[0].is_some());
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn every_call_has_a_key_of_its_own() {
    let (fake, client) = fake().await;
    for _ in 0..2 {
        client
            .customers()
            .create(&CreateCustomer::new(), None)
            .await
            .unwrap();
    }
    let given = IdempotencyKey::new("customer-CUST-7").unwrap();
    for _ in 0..2 {
        client
            .customers()
            .create(&CreateCustomer::new(), given.clone())
            .await
            .unwrap();
    }
    let keys = keys(&fake);
    assert_ne!(keys[0], keys[1]);
    assert_eq!(keys[2].as_deref(), Some("customer-CUST-7"));
    assert_eq!(fake.customers().len(), 3);
    client.balance().await.unwrap();
    assert_eq!(
        fake.requests().last().unwrap().idempotency_key,
        None,
        "reads need none"
    );
}

#[tokio::test]
async fn a_key_with_other_parameters_is_a_mistake() {
    let (_fake, client) = fake().await;
    let key = IdempotencyKey::new("k").unwrap();
    let customers = client.customers();
    customers
        .create(&CreateCustomer::new().name("Une"), key.clone())
        .await
        .unwrap();
    let conflict = customers
        .create(&CreateCustomer::new().name("Deux"), key)
        .await
        .unwrap_err();
    assert!(conflict.is_idempotency_conflict() && !conflict.is_retryable());
    assert_eq!(*conflict.api().unwrap().kind(), ErrorType::Idempotency);
    assert_eq!(conflict.api().unwrap().attempts(), 1);
}

#[tokio::test]
async fn a_call_under_way_makes_a_second_one_wait() {
    let (fake, client) = fake().await;
    fake.processing_time(Duration::from_millis(60));
    let key = IdempotencyKey::new("k").unwrap();
    let create = || async {
        let customers = client.customers();
        customers.create(&CreateCustomer::new(), key.clone()).await
    };
    let (one, two) = tokio::join!(create(), create());
    // One of the two met the other: told to wait, it got the same answer, or ran out of attempts.
    let busy = [&one, &two]
        .into_iter()
        .filter(|outcome| outcome.is_err())
        .count();
    assert!(busy <= 1);
    assert!(fake.requests().iter().any(|request| request.status == 409));
    assert_eq!(fake.customers().len(), 1);
    if let Some(error) = [one, two].into_iter().find_map(Result::err) {
        assert!(matches!(error, Error::Busy(_)) && error.is_retryable());
        assert_eq!(error.code(), Some("idempotency_key_in_use"));
        assert!(error.may_have_been_carried_out(), "the other call was");
    }
}

#[tokio::test]
async fn statuses_that_pass_are_tried_again() {
    let (fake, client) = fake().await;
    for status in [409, 429, 500, 502, 503] {
        let status = StatusCode::from_u16(status).unwrap();
        fake.faults()
            .add(FaultRule::new(Fault::Status(status, "{}".into())).times(1));
        client.balance().await.unwrap();
        client
            .customers()
            .create(&CreateCustomer::new(), None)
            .await
            .unwrap();
    }
    for status in [400, 401, 403, 404] {
        let status = StatusCode::from_u16(status).unwrap();
        fake.faults()
            .add(FaultRule::new(Fault::Status(status, "{}".into())).times(1));
        let refused = client.balance().await.unwrap_err();
        assert_eq!(refused.status(), Some(status.as_u16()));
        assert_eq!(refused.api().unwrap().attempts(), 1);
    }
}

#[tokio::test]
async fn a_failure_that_was_kept_is_a_failure_for_its_key() {
    let (fake, client) = fake().await;
    fake.fail_writes(1);
    let failed = client
        .customers()
        .create(&CreateCustomer::new(), None)
        .await
        .unwrap_err();
    assert_eq!(failed.status(), Some(500));
    assert!(failed.may_have_been_carried_out() && failed.is_retryable());
    assert_eq!(
        failed.api().unwrap().attempts(),
        3,
        "the same answer each time"
    );
    assert!(fake.customers().is_empty());
    client
        .customers()
        .create(&CreateCustomer::new(), None)
        .await
        .unwrap();
}

/// A remote that answers once in this way, and then that all is well; the client's attempts.
async fn attempts_after(first: ResponseTemplate) -> (usize, Result<(), Error>) {
    let seen = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = seen.clone();
    let server = FakeServer::start(move |_: &wiremock::Request| {
        match counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
            0 => first.clone(),
            _ => ResponseTemplate::new(200).set_body_string(r#"{"livemode":false}"#),
        }
    })
    .await
    .unwrap();
    let client = Client::builder("sk_test_1")
        .url(server.url())
        .retry(
            RetryPolicy::default()
                .base(Duration::from_millis(1))
                .cap(Duration::from_secs(2)),
        )
        .build()
        .unwrap();
    let outcome = client.balance().await.map(drop);
    (seen.load(std::sync::atomic::Ordering::Relaxed), outcome)
}

#[tokio::test]
async fn stripe_has_the_last_word_on_trying_again() {
    let yes = ResponseTemplate::new(400).insert_header("stripe-should-retry", "true");
    assert!(matches!(attempts_after(yes).await, (2, Ok(()))));
    let no = ResponseTemplate::new(503).insert_header("stripe-should-retry", "false");
    let (attempts, outcome) = attempts_after(no).await;
    assert_eq!(attempts, 1);
    assert!(!outcome.unwrap_err().is_retryable());
    let no = ResponseTemplate::new(409).insert_header("stripe-should-retry", "false");
    assert_eq!(attempts_after(no).await.0, 1);
}

#[tokio::test]
async fn a_wait_that_is_asked_for_is_kept_up_to_a_limit() {
    let soon = ResponseTemplate::new(429).insert_header("retry-after", "0");
    assert!(matches!(attempts_after(soon).await, (2, Ok(()))));
    let late = ResponseTemplate::new(429).insert_header("retry-after", "3600");
    let (attempts, outcome) = attempts_after(late).await;
    assert_eq!(attempts, 1, "nobody waits an hour here");
    let busy = outcome.unwrap_err();
    assert!(matches!(busy, Error::Busy(_)));
    assert_eq!(busy.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn what_cannot_be_read_or_reached_is_told_apart() {
    let nobody = Client::builder("sk_test_1")
        .url("http://127.0.0.1:9")
        .retry(RetryPolicy::none());
    let unreachable = nobody.build().unwrap().balance().await.unwrap_err();
    assert!(matches!(unreachable, Error::Transport(_)));
    assert!(unreachable.is_retryable() && !unreachable.may_have_been_carried_out());

    let (fake, _) = fake().await;
    let impatient = Client::builder(fake.secret_key())
        .url(fake.url())
        .timeout(Duration::from_millis(50))
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    fake.faults()
        .add(FaultRule::new(Fault::HangAfterCommit).times(1));
    let lost = impatient
        .customers()
        .create(&CreateCustomer::new(), None)
        .await
        .unwrap_err();
    assert!(matches!(lost, Error::Lost(_)));
    assert!(lost.may_have_been_carried_out());
    assert_eq!(fake.customers().len(), 1);

    let client = client(&fake);
    let html = Fault::Status(StatusCode::OK, "<html>".into());
    fake.faults().add(FaultRule::new(html).times(1));
    let unread = client.balance().await.unwrap_err();
    assert!(matches!(unread, Error::Decode { .. }));
    let html = Fault::Status(StatusCode::BAD_GATEWAY, "<html>s3cret".into());
    fake.faults().add(FaultRule::new(html).times(3));
    let proxy = client.balance().await.unwrap_err();
    assert_eq!(proxy.status(), Some(502));
    assert!(!format!("{proxy} {proxy:?}").contains("s3cret"));
}

#[tokio::test]
async fn what_was_lost_once_stays_uncertain() {
    let (fake, _) = fake().await;
    let impatient = Client::builder(fake.secret_key())
        .url(fake.url())
        .timeout(Duration::from_millis(200))
        .retry(
            RetryPolicy::default()
                .max_attempts(2)
                .base(Duration::from_millis(1)),
        )
        .build()
        .unwrap();
    for (status, body) in [
        (
            StatusCode::TOO_MANY_REQUESTS,
            r#"{"error":{"type":"invalid_request_error","code":"rate_limit"}}"#,
        ),
        (
            StatusCode::CONFLICT,
            r#"{"error":{"type":"idempotency_error"}}"#,
        ),
        (
            StatusCode::UNAUTHORIZED,
            r#"{"error":{"type":"invalid_request_error"}}"#,
        ),
        (StatusCode::NOT_FOUND, "<html>"),
    ] {
        let before = fake.customers().len();
        let later = || Fault::Status(status, body.into());
        fake.faults()
            .add(FaultRule::new(Fault::HangAfterCommit).times(1));
        fake.faults().add(FaultRule::new(later()).times(1));
        let create = || async {
            let customers = impatient.customers();
            customers.create(&CreateCustomer::new(), None).await
        };
        let error = create().await.unwrap_err();
        assert_eq!(error.status(), Some(status.as_u16()));
        assert_eq!(fake.customers().len(), before + 1);
        assert!(error.may_have_been_carried_out(), "{status}");

        // Never sent but to be refused: it was not.
        fake.faults().add(FaultRule::new(later()).times(2));
        let error = create().await.unwrap_err();
        assert!(!error.may_have_been_carried_out(), "{status}");
        fake.faults().clear();
    }
}

#[tokio::test]
async fn errors_do_not_repeat_what_was_sent() {
    let (_fake, client) = fake().await;
    let search = stripe_lite::Search::raw("marie@example.ca ???");
    let list = client.customers().search(&search).unwrap();
    let refused = list.page().await.unwrap_err();
    let shown = format!("{refused} {refused:?}");
    assert!(!shown.contains("marie"), "{shown}");
    assert!(shown.contains("req_"), "{shown}");
    let unknown = client
        .customers()
        .retrieve("cus_secretive")
        .await
        .unwrap_err();
    assert!(unknown.is_not_found());
    assert!(!format!("{unknown} {unknown:?}").contains("secretive"));
    assert!(
        unknown.message().unwrap().contains("secretive"),
        "for those who ask"
    );
    let stranger = Client::builder("sk_test_s3cret").build().unwrap();
    assert!(!format!("{stranger:?}").contains("s3cret"));
}

#[test]
fn errors_are_small_and_can_be_sent() {
    fn sendable<T: Send + Sync + 'static>() {}
    sendable::<Error>();
    sendable::<Client>();
    assert!(size_of::<Error>() <= 128);
}

#[tokio::test]
async fn ids_that_cannot_be_addressed_are_refused() {
    let (fake, client) = fake().await;
    for id in ["", ".", ".."] {
        let refused = client.customers().retrieve(id).await.unwrap_err();
        assert!(matches!(refused, Error::Invalid { what: "id", .. }));
    }
    // Anything else is one segment, whatever it looks like.
    let refused = client.customers().retrieve("../balance").await.unwrap_err();
    assert!(refused.is_not_found());
    assert_eq!(fake.requests().len(), 1);
    let refused = client.customers().list(&ListCustomers::new().limit(101));
    assert!(refused.is_err());
}
