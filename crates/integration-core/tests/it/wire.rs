//! Real sockets: every fault of the switchboard as the client sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::testing::{FakeServer, Fault, FaultRule};
use integration_core::{ApiPath, Error, ErrorKind, HttpClient, Response, RetryPolicy};
use wiremock::{Request, ResponseTemplate};

struct Remote {
    fake: FakeServer,
    carried_out: Arc<AtomicUsize>,
}

async fn remote() -> Remote {
    let carried_out = Arc::new(AtomicUsize::new(0));
    let counter = carried_out.clone();
    let fake = FakeServer::start(move |_: &Request| {
        counter.fetch_add(1, Ordering::SeqCst);
        ResponseTemplate::new(200).set_body_string("0123456789")
    })
    .await
    .unwrap();
    Remote { fake, carried_out }
}

impl Remote {
    async fn call(&self, method: Method) -> Result<Response, Error> {
        HttpClient::builder(self.fake.url())
            .retry(RetryPolicy::none())
            .timeout(Duration::from_millis(400))
            .build()
            .unwrap()
            .request(method, ApiPath::new("things"))
            .send()
            .await
    }

    async fn meets(&self, fault: Fault) -> (Result<Response, Error>, usize) {
        self.fake.faults().clear();
        self.fake.faults().add(FaultRule::new(fault));
        let before = self.carried_out.load(Ordering::SeqCst);
        let outcome = self.call(Method::POST).await;
        (outcome, self.carried_out.load(Ordering::SeqCst) - before)
    }
}

#[tokio::test]
async fn each_fault_is_told_apart_and_says_what_was_carried_out() {
    let remote = remote().await;

    let (outcome, done) = remote.meets(Fault::Reset).await;
    assert!(matches!(outcome.unwrap_err().kind(), ErrorKind::Aborted));
    assert_eq!(done, 0);

    let (outcome, done) = remote.meets(Fault::Close).await;
    assert!(matches!(outcome.unwrap_err().kind(), ErrorKind::Aborted));
    assert_eq!(done, 0);

    let (outcome, done) = remote.meets(Fault::ResetAfterCommit).await;
    assert!(matches!(outcome.unwrap_err().kind(), ErrorKind::Aborted));
    assert_eq!(done, 1);

    let (outcome, done) = remote.meets(Fault::Truncate(4)).await;
    assert!(matches!(outcome.unwrap_err().kind(), ErrorKind::Truncated));
    assert_eq!(done, 1);

    let (outcome, done) = remote.meets(Fault::Hang).await;
    assert!(outcome.unwrap_err().is_timeout());
    assert_eq!(done, 0);

    let (outcome, done) = remote.meets(Fault::HangAfterCommit).await;
    assert!(outcome.unwrap_err().is_timeout());
    assert_eq!(done, 1);

    let fault = Fault::Status(StatusCode::BAD_GATEWAY, "<html>".to_owned());
    let (outcome, done) = remote.meets(fault).await;
    let error = outcome.unwrap().error_for_status().unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
    assert_eq!(error.into_api().unwrap().body(), "<html>".as_bytes());
    assert_eq!(done, 0);
}

#[tokio::test]
async fn nobody_listening_is_never_sent() {
    let address = {
        let fake = remote().await.fake;
        fake.url()
    };
    let client = HttpClient::builder(address)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client
        .request(Method::POST, ApiPath::new("x"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    assert!(!format!("{error:?}").contains("127.0.0.1/x"));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_an_error_not_a_flood() {
    let remote = remote().await;
    let client = HttpClient::builder(remote.fake.url())
        .max_body(9)
        .build()
        .unwrap();
    let call = |limit| {
        client
            .request(Method::GET, ApiPath::new("x"))
            .max_body(limit)
            .send()
    };
    let error = call(9).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 9 }));
    assert_eq!(call(10).await.unwrap().body(), "0123456789".as_bytes());
}

#[tokio::test]
async fn a_wrong_answer_is_kept_for_the_reader() {
    let remote = remote().await;
    let answer = remote.call(Method::GET).await.unwrap();
    let error = answer.json::<Vec<u8>>().unwrap_err();
    match error.kind() {
        ErrorKind::Decode { status, body } => {
            assert_eq!(
                (status.as_u16(), body.as_ref()),
                (200, b"0123456789".as_slice())
            );
        }
        other => panic!("{other:?}"),
    }
    assert!(!format!("{error:?}").contains("0123456789"));
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn https_needs_no_process_wide_crypto_provider() {
    let remote = remote().await;
    let address = remote.fake.url().replace("http://", "https://");
    let client = HttpClient::builder(address)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    // The fake speaks no TLS: what counts is that nothing panics and nothing was sent.
    let error = client
        .request(Method::POST, ApiPath::new("x"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(remote.carried_out.load(Ordering::SeqCst), 0);
}
