use std::time::{Duration, SystemTime};

use http::{HeaderName, Method};
use integration_core::transport::TransportErrorKind;
use integration_core::{ApiPath, Attempt, Clock, Error, ErrorKind, Response, RetryPolicy};
use proptest::prelude::*;

use crate::scripted::{Scripted, Step};

async fn call(remote: &Scripted, method: Method) -> Result<Response, Error> {
    let client = remote.client().build().unwrap();
    client
        .request(method, ApiPath::new("x"))
        .body("same")
        .send()
        .await
}

const OK: Step = Step::Answer(200, &[], "{}");

#[tokio::test(start_paused = true)]
async fn a_read_is_repeated_until_it_succeeds() {
    let remote = Scripted::new([
        Step::Fail(TransportErrorKind::Aborted),
        Step::Answer(503, &[], "busy"),
        OK,
    ]);
    let answer = call(&remote, Method::GET).await.unwrap();
    assert_eq!(answer.attempts(), 3);
    let waits = remote.waits();
    assert!(waits[0] <= Duration::from_millis(201), "{waits:?}");
    assert!(waits[1] <= Duration::from_millis(401), "{waits:?}");
}

#[tokio::test(start_paused = true)]
async fn a_write_that_may_have_arrived_is_never_repeated() {
    for step in [
        Step::Fail(TransportErrorKind::Aborted),
        Step::Fail(TransportErrorKind::Body),
        Step::Answer(503, &[], ""),
        Step::Answer(429, &[("retry-after", "1")], ""),
        Step::Never,
    ] {
        let remote = Scripted::new([step]);
        let _ = call(&remote, Method::POST).await;
        assert_eq!(remote.calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_never_left_is_repeated() {
    let remote = Scripted::new([Step::Fail(TransportErrorKind::Connect), OK]);
    assert!(call(&remote, Method::POST).await.is_ok());
    assert_eq!(remote.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_keyed_write_is_repeated_with_the_same_key_and_body() {
    let remote = Scripted::new([Step::Fail(TransportErrorKind::Timeout), OK]);
    let client = remote.client().build().unwrap();
    client
        .request(Method::POST, ApiPath::new("charges"))
        .idempotency_key(HeaderName::from_static("idempotency-key"), "k1")
        .json(&serde_json::json!({"amount": 4594}))
        .send()
        .await
        .unwrap();
    let requests = remote.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].body(), requests[1].body());
    assert_eq!(requests[0].headers(), requests[1].headers());
    assert_eq!(requests[1].headers()["idempotency-key"], "k1");
}

#[tokio::test(start_paused = true)]
async fn other_statuses_are_answers() {
    for status in [200, 204, 302, 400, 401, 404, 409, 422, 500, 501] {
        let remote = Scripted::new([Step::Answer(status, &[], "")]);
        let answer = call(&remote, Method::GET).await.unwrap();
        assert_eq!((answer.status().as_u16(), remote.calls()), (status, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_in_seconds_is_a_floor() {
    let remote = Scripted::new([Step::Answer(429, &[("retry-after", "7")], ""), OK]);
    call(&remote, Method::GET).await.unwrap();
    let wait = remote.waits()[0];
    assert!(
        wait >= Duration::from_secs(7) && wait < Duration::from_secs(8),
        "{wait:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn retry_after_as_a_date_is_measured_by_the_remotes_clock() {
    let headers = &[
        ("date", "Sun, 22 Nov 2026 10:00:00 GMT"),
        ("retry-after", "Sun, 22 Nov 2026 10:00:05 GMT"),
    ];
    let remote = Scripted::new([Step::Answer(503, headers, ""), OK]);
    call(&remote, Method::GET).await.unwrap();
    let wait = remote.waits()[0];
    assert!(
        wait >= Duration::from_secs(5) && wait < Duration::from_secs(6),
        "{wait:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_cap_ends_the_tries() {
    let remote = Scripted::new([Step::Answer(503, &[("retry-after", "3600")], "later")]);
    let answer = call(&remote, Method::GET).await.unwrap();
    assert_eq!((answer.status().as_u16(), remote.calls()), (503, 1));
    assert_eq!(
        answer.to_api_error().retry_after(),
        Some(Duration::from_secs(3600))
    );
}

#[tokio::test(start_paused = true)]
async fn retry_after_as_a_date_alone_is_measured_by_the_clients_clock() {
    let headers = &[("retry-after", "Sun, 22 Nov 2026 10:01:00 GMT")];
    // 2026-11-22 10:00:00 UTC.
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_341_600);
    let remote = Scripted::new([
        Step::Answer(429, headers, ""),
        Step::Answer(429, headers, ""),
    ]);
    let client = remote.client().clock(Clock::fixed(now)).build().unwrap();
    let request = || client.request(Method::GET, ApiPath::new("x"));
    let minute = Some(Duration::from_secs(60));

    let answer = request().send().await.unwrap();
    assert_eq!(answer.to_api_error().retry_after(), minute);

    let streaming = request().send_streaming().await.unwrap();
    let error = streaming.read().await.unwrap().error_for_status();
    let refusal = error.unwrap_err().into_api().unwrap();
    assert_eq!(refusal.retry_after(), minute);
}

#[tokio::test(start_paused = true)]
async fn a_time_limit_beyond_the_clock_is_none() {
    let remote = Scripted::new([OK, OK]);
    let client = remote.client().timeout(Duration::MAX).build().unwrap();
    let request = || client.request(Method::GET, ApiPath::new("x"));
    assert!(request().send().await.is_ok());
    assert!(request().timeout(Duration::MAX).send().await.is_ok());

    let remote = Scripted::new([Step::Never]);
    let client = remote.client().timeout(Duration::MAX).build().unwrap();
    let call = client.request(Method::GET, ApiPath::new("x")).send();
    let day = Duration::from_secs(24 * 60 * 60);
    assert!(tokio::time::timeout(day, call).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn silence_ends_at_the_time_limit_and_the_budget() {
    let remote = Scripted::new([Step::Never, Step::Never, Step::Never]);
    let began = tokio::time::Instant::now();
    let error = call(&remote, Method::GET).await.unwrap_err();
    assert!(error.is_timeout());
    // 15 s, a wait, 15 s: a third attempt would begin after the budget of 30 s.
    assert_eq!(error.attempts(), 2);
    assert!(began.elapsed() < Duration::from_secs(31));
    assert_eq!(
        error.to_string(),
        "the remote did not answer in time (after 2 attempts)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_streamed_body_is_sent_once() {
    let remote = Scripted::new([Step::Fail(TransportErrorKind::Connect)]);
    let client = remote.client().build().unwrap();
    let stream = Box::pin(futures_util::stream::empty());
    let error = client
        .request(Method::PUT, ApiPath::new("files/a"))
        .body_stream(stream)
        .send()
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect));
    assert_eq!(remote.calls(), 1);
}

#[test]
fn calls_can_be_spawned() {
    fn is_send<T: Send>(_: T) {}
    let client = Scripted::default().client().build().unwrap();
    let request = || client.request(Method::GET, ApiPath::new("x"));
    is_send(request().send());
    is_send(request().send_streaming());
    is_send(client.clone());
    assert!(size_of::<Error>() <= 16);
}

proptest! {
    #[test]
    fn waits_stay_within_cap_and_budget(
        number in 0_u32..50,
        elapsed in 0_u64..60_000,
        asked in proptest::option::of(0_u64..60_000),
        random: u64,
        never_sent: bool,
        idempotent: bool,
    ) {
        let policy = RetryPolicy::default().max_attempts(40);
        let elapsed = Duration::from_millis(elapsed);
        let attempt = Attempt {
            number,
            elapsed,
            never_sent,
            idempotent,
            retry_after: asked.map(Duration::from_millis),
        };
        if let Some(wait) = policy.next_wait(&attempt, random) {
            prop_assert!(never_sent || idempotent);
            prop_assert!(wait <= Duration::from_secs(10));
            prop_assert!(elapsed + wait <= Duration::from_secs(30));
            prop_assert!(attempt.retry_after.is_none_or(|asked| wait >= asked));
        }
    }
}
