//! The extractors in a router.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::routing::post;
use futures_util::stream;
use http::{Request, StatusCode};
use stripe_webhooks::testing::{EventBuilder, SignedEvent, ThinEventBuilder};
use stripe_webhooks::{
    HEADER, MAX_BODY_BYTES, Receiver, Rejection, UnixTime, VerifiedBody, VerifiedEvent, Verifier,
};
use tower::ServiceExt as _;

use crate::{NOW, SECRET};

#[derive(Clone)]
struct Shop {
    verifier: Option<Verifier>,
    limit: usize,
}

impl Receiver for Shop {
    fn verifier(&self) -> Option<&Verifier> {
        self.verifier.as_ref()
    }

    fn now(&self) -> UnixTime {
        NOW.into()
    }

    fn body_limit(&self) -> usize {
        self.limit
    }
}

fn shop() -> Shop {
    Shop {
        verifier: Some(Verifier::new([SECRET]).unwrap().with_livemode(false)),
        limit: MAX_BODY_BYTES,
    }
}

async fn event(VerifiedEvent { event, body }: VerifiedEvent) -> String {
    assert_eq!(event.json().as_bytes(), body);
    event.id.to_string()
}

async fn raw(VerifiedBody(body): VerifiedBody) -> Bytes {
    body
}

async fn told(event: Result<VerifiedEvent, Rejection>) -> String {
    event.map_or_else(
        |rejection| format!("{} {rejection}", rejection.code()),
        |verified| verified.event.id.into(),
    )
}

fn app(shop: Shop) -> Router {
    Router::new()
        .route("/event", post(event))
        .route("/raw", post(raw))
        .route("/told", post(told))
        .with_state(Arc::new(shop))
}

fn request(path: &str, sent: &SignedEvent) -> Request<Body> {
    Request::post(path)
        .header(HEADER, &sent.header)
        .body(Body::from(sent.body.clone()))
        .unwrap()
}

async fn answer(shop: Shop, request: Request<Body>) -> (StatusCode, String) {
    let response = app(shop).oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.into()).unwrap())
}

#[tokio::test]
async fn a_signed_event_reaches_the_handler_with_its_bytes() {
    let sent = EventBuilder::invoice_paid("in_1")
        .id("evt_1")
        .sign(SECRET, NOW);
    let ok = |body: &str| (StatusCode::OK, body.to_owned());
    assert_eq!(answer(shop(), request("/event", &sent)).await, ok("evt_1"));
    let body = String::from_utf8(sent.body.clone()).unwrap();
    assert_eq!(answer(shop(), request("/raw", &sent)).await, ok(&body));
}

#[tokio::test]
async fn a_bad_signature_is_400_without_a_word() {
    let good = EventBuilder::invoice_paid("in_1").sign(SECRET, NOW);
    let forged = EventBuilder::invoice_paid("in_1").sign("whsec_other", NOW);
    let old = EventBuilder::invoice_paid("in_1").sign(SECRET, NOW - 301);
    let silence = (StatusCode::BAD_REQUEST, String::new());
    for path in ["/event", "/raw"] {
        assert_eq!(answer(shop(), request(path, &forged)).await, silence);
        assert_eq!(answer(shop(), request(path, &old)).await, silence);
        let unsigned = Request::post(path).body(Body::from(good.body.clone()));
        assert_eq!(answer(shop(), unsigned.unwrap()).await, silence);
        let odd = Request::post(path)
            .header(HEADER, b"t=\xff,v1=\x80".as_slice())
            .body(Body::from(good.body.clone()));
        assert_eq!(answer(shop(), odd.unwrap()).await, silence);
        let empty = Request::post(path)
            .header(HEADER, &good.header)
            .body(Body::empty());
        assert_eq!(answer(shop(), empty.unwrap()).await, silence);
    }
    let not_json = SignedEvent::new(b"x", [SECRET], NOW);
    assert_eq!(answer(shop(), request("/event", &not_json)).await, silence);
    assert_eq!(
        answer(shop(), request("/raw", &not_json)).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn header_lines_are_one_list() {
    let sent = EventBuilder::invoice_paid("in_1")
        .id("evt_1")
        .sign(SECRET, NOW);
    let (time, signature) = sent.header.split_once(',').unwrap();
    let lines = |second: &str| {
        Request::post("/event")
            .header(HEADER, time)
            .header(HEADER, second)
            .body(Body::from(sent.body.clone()))
            .unwrap()
    };
    assert_eq!(answer(shop(), lines(signature)).await.0, StatusCode::OK);
    // A second line cannot hide behind the first: two times are refused.
    assert_eq!(
        answer(shop(), lines(&sent.header)).await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_announced_or_not() {
    let sent = SignedEvent::new(vec![b' '; 100], [SECRET], NOW);
    let small = |limit| Shop { limit, ..shop() };
    assert_eq!(
        answer(small(100), request("/raw", &sent)).await.0,
        StatusCode::OK
    );
    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, String::new());
    assert_eq!(answer(small(99), request("/raw", &sent)).await, too_large);
    let announced = Request::post("/raw")
        .header("content-length", "100")
        .header(HEADER, &sent.header)
        .body(Body::from_stream(stream::pending::<
            Result<Bytes, std::io::Error>,
        >()));
    assert_eq!(answer(small(99), announced.unwrap()).await, too_large);
    let chunks = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 1024])));
    let endless = Request::post("/raw")
        .header(HEADER, &sent.header)
        .body(Body::from_stream(chunks));
    assert_eq!(answer(shop(), endless.unwrap()).await, too_large);
    let broken = stream::iter([Err::<Bytes, _>(std::io::Error::other("reset"))]);
    let broken = Request::post("/told").body(Body::from_stream(broken));
    let (_, words) = answer(shop(), broken.unwrap()).await;
    assert!(words.starts_with("interrupted "), "{words}");
}

#[tokio::test]
async fn without_a_verifier_it_is_503() {
    let sent = EventBuilder::invoice_paid("in_1").sign(SECRET, NOW);
    let closed = Shop {
        verifier: None,
        ..shop()
    };
    let (status, _) = answer(closed.clone(), request("/event", &sent)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let (_, words) = answer(closed, request("/told", &sent)).await;
    assert_eq!(words, "not_configured there is no verifier");
}

#[tokio::test]
async fn what_is_signed_and_needs_nothing_is_confirmed() {
    let live = EventBuilder::invoice_paid("in_1")
        .livemode(true)
        .sign(SECRET, NOW);
    let thin = ThinEventBuilder::new("v2.x.updated", "x_1").sign(SECRET, NOW);
    for (sent, code) in [(live, "wrong_mode "), (thin, "thin ")] {
        let silence = (StatusCode::OK, String::new());
        assert_eq!(answer(shop(), request("/event", &sent)).await, silence);
        let (_, words) = answer(shop(), request("/told", &sent)).await;
        assert!(words.starts_with(code), "{words}");
    }
}
