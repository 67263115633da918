use http::{HeaderName, Method};
use integration_core::transport::TransportErrorKind;
use integration_core::{ApiError, ApiPath, Credentials, HttpClient, Secret};

use crate::scripted::{Scripted, Step};

const CANARY: &str = "canary-9f2c";

#[tokio::test(start_paused = true)]
async fn no_secret_reaches_debug_or_an_error() {
    let remote = Scripted::new([Step::Fail(TransportErrorKind::Request)]);
    let credentials = Credentials::basic("hub", CANARY);
    let client = remote
        .client()
        .credentials(credentials.clone())
        .header("X-API-Key", Secret::new(CANARY))
        .build()
        .unwrap();
    let request = client
        .request(Method::GET, ApiPath::new("x"))
        .query("token", CANARY);
    let shown = format!("{client:?} {request:?} {credentials:?}");
    let error = request.send().await.unwrap_err();
    let all = format!("{shown} {error:?} {error}");
    assert!(!all.contains(CANARY), "{all}");

    let sent = &remote.requests()[0];
    assert!(sent.headers()["authorization"].is_sensitive());
    assert!(sent.headers()["x-api-key"].is_sensitive());
    assert_eq!(
        sent.headers()["authorization"],
        "Basic aHViOmNhbmFyeS05ZjJj"
    );
}

#[test]
fn an_api_error_keeps_the_body_and_hides_it() {
    let error = ApiError::new(http::StatusCode::BAD_REQUEST, CANARY.into()).with_code("bad");
    assert_eq!(error.body(), CANARY.as_bytes());
    assert!(!format!("{error:?} {error}").contains(CANARY));
    let long = ApiError::new(http::StatusCode::BAD_GATEWAY, vec![b'x'; 1 << 20].into());
    assert_eq!(long.body().len(), ApiError::BODY_LIMIT);
}

#[test]
fn a_credential_no_header_can_carry_is_refused_without_being_shown() {
    for credentials in [
        Credentials::bearer("a\r\nX-Evil: canary-9f2c"),
        Credentials::basic("a:b", CANARY),
        Credentials::header(HeaderName::from_static("x-key"), "canary-9f2c\n"),
    ] {
        let error = HttpClient::builder("http://127.0.0.1")
            .credentials(credentials)
            .build()
            .unwrap_err();
        assert!(!format!("{error} {error:?}").contains(CANARY));
    }
}
