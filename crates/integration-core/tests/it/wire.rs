//! Real sockets: every fault of the switchboard as the client sees it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::testing::{FakeServer, Fault, FaultRule};
use integration_core::{ApiPath, Error, ErrorKind, HttpClient, Response, RetryPolicy};
use wiremock::{Request, ResponseTemplate};

use crate::secrets::everything_shown;

/// Ten bytes: a JSON text.
const BODY: &str = r#""01234567""#;

struct Remote {
    fake: FakeServer,
    carried_out: Arc<AtomicUsize>,
}

async fn remote() -> Remote {
    let carried_out = Arc::new(AtomicUsize::new(0));
    let counter = carried_out.clone();
    let fake = FakeServer::start(move |_: &Request| {
        counter.fetch_add(1, Ordering::SeqCst);
        ResponseTemplate::new(200).set_body_string(BODY)
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
    let port = address.rsplit(':').next().unwrap().to_owned();
    let client = HttpClient::builder(address)
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let error = client
        .request(Method::POST, ApiPath::new("lines/555-0142"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
    let shown = everything_shown(&error);
    assert!(!shown.contains("555-0142"), "{shown}");
    assert!(!shown.contains(&port), "{shown}");
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
    assert_eq!(call(10).await.unwrap().body(), BODY.as_bytes());
}

#[tokio::test]
async fn a_wrong_answer_is_kept_for_the_reader() {
    let remote = remote().await;
    let answer = remote.call(Method::GET).await.unwrap();
    let error = answer.json::<Vec<u8>>().unwrap_err();
    match error.kind() {
        ErrorKind::Decode { status, body } => {
            assert_eq!((status.as_u16(), body.as_ref()), (200, BODY.as_bytes()));
        }
        other => panic!("{other:?}"),
    }
    let quoting = serde_json::from_str::<Vec<u8>>(BODY).unwrap_err();
    assert!(quoting.to_string().contains("01234567"), "{quoting}");
    let shown = everything_shown(&error);
    assert!(!shown.contains("01234567"), "{shown}");
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

#[tokio::test]
async fn one_client_calls_many_times_and_at_once() {
    let remote = remote().await;
    let client = HttpClient::builder(remote.fake.url())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let call = |number: usize| {
        let method = if number.is_multiple_of(2) {
            Method::GET
        } else {
            Method::POST
        };
        client
            .request(method, ApiPath::new("things"))
            .body(vec![b'x'; number])
            .send()
    };
    for number in 0..200 {
        let answer = call(number).await.unwrap();
        assert_eq!(answer.body(), BODY.as_bytes());
    }
    let at_once = (0..50).map(|number| tokio::spawn(call(number)));
    for answer in futures_util::future::join_all(at_once).await {
        assert_eq!(answer.unwrap().unwrap().body(), BODY.as_bytes());
    }
    assert_eq!(remote.carried_out.load(Ordering::SeqCst), 250);
}

#[tokio::test]
async fn answers_without_a_body_leave_the_connection_usable() {
    let fake = FakeServer::start(|request: &Request| {
        let status: u16 = request.url.path().trim_start_matches('/').parse().unwrap();
        ResponseTemplate::new(status)
            .insert_header("x-total", "3")
            .set_body_string(BODY)
    })
    .await
    .unwrap();
    let client = HttpClient::builder(fake.url())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    for _ in 0..3 {
        for (method, path, body) in [
            (Method::HEAD, "200", ""),
            (Method::GET, "204", ""),
            (Method::GET, "304", ""),
            (Method::HEAD, "404", ""),
            (Method::GET, "200", BODY),
        ] {
            let what = format!("{method} {path}");
            let answer = client.request(method, ApiPath::new(path)).send().await;
            let answer = answer.unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert_eq!(answer.status().as_str(), path);
            assert_eq!(answer.header("x-total"), Some("3"), "{what}");
            assert_eq!(answer.body(), body.as_bytes(), "{what}");
        }
    }
}

#[tokio::test]
async fn long_bodies_pass_in_pieces_both_ways() {
    const LENGTH: usize = 8 * 1024 * 1024;
    let fake = FakeServer::start(|request: &Request| {
        let length = request.body.len().to_string();
        ResponseTemplate::new(200)
            .insert_header("x-length", length.as_str())
            .set_body_bytes(vec![b'y'; LENGTH])
    })
    .await
    .unwrap();
    let client = HttpClient::builder(fake.url())
        .retry(RetryPolicy::none())
        .build()
        .unwrap();
    let pieces = (0..128).map(|_| Ok(vec![b'x'; LENGTH / 128].into()));
    let answer = client
        .request(Method::PUT, ApiPath::new("file"))
        .body_stream(Box::pin(futures_util::stream::iter(pieces)))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.header("x-length"), Some("8388608"));
    assert_eq!(answer.body().len(), LENGTH);
}

#[tokio::test]
async fn a_fault_that_answers_early_takes_the_upload_off_the_wire() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let remote = remote().await;
    let busy = Fault::Status(StatusCode::SERVICE_UNAVAILABLE, "busy".to_owned());
    remote.fake.faults().add(FaultRule::new(busy));
    // Far more than the buffers of two sockets hold, written whole before anything is read.
    let body = vec![b'x'; 32 * 1024 * 1024];
    let head = format!(
        "PUT /file HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = tokio::net::TcpStream::connect(remote.fake.address())
        .await
        .unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&body).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.ends_with("busy"), "{answer}");
    assert_eq!(remote.carried_out.load(Ordering::SeqCst), 0);
}
