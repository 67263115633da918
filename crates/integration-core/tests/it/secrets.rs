use http::{HeaderName, Method};
use integration_core::transport::TransportErrorKind;
use integration_core::{
    ApiError, ApiPath, Credentials, DecodeError, Error, ErrorKind, HttpClient, Secret,
};

use crate::scripted::{Scripted, Step};

/// All that a log can show of an error: itself, its kind and every cause, in both forms.
pub(crate) fn everything_shown(error: &Error) -> String {
    let mut shown = format!("{error} {error:?} {error:#?} {:?}", error.kind());
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        shown.push_str(&format!(" {error} {error:?} {error:#?}"));
        cause = error.source();
    }
    shown
}

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

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only its shape counts")]
struct Line {
    vlan: u16,
    state: State,
}

#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Up,
}

#[tokio::test]
async fn an_answer_that_cannot_be_decoded_is_kept_and_never_shown() {
    for body in [
        r#"{"vlan": "canary-9f2c"}"#,
        r#"{"canary-9f2c": 1}"#,
        r#"{"vlan": 1, "state": "canary-9f2c"}"#,
        r#""canary-9f2c""#,
        "canary-9f2c",
        r#"{"vlan": 1, "state": "up"} canary-9f2c"#,
    ] {
        let remote = Scripted::new([Step::Answer(200, &[], body)]);
        let client = remote.client().build().unwrap();
        let request = client.request(Method::GET, ApiPath::new("x"));
        let error = request.send().await.unwrap().json::<Line>().unwrap_err();
        let shown = everything_shown(&error);
        assert!(!shown.contains(CANARY), "{shown}");
        // A byte string prints as text in some `Debug` and as numbers in others.
        assert!(!shown.contains("99, 97, 110, 97, 114, 121"), "{shown}");
        assert!(
            matches!(error.kind(), ErrorKind::Decode { body: kept, .. } if kept == body),
            "{error:?}"
        );
        let cause = std::error::Error::source(&error).unwrap();
        let place = cause.downcast_ref::<DecodeError>().unwrap();
        assert_eq!(place.line(), 1, "{place}");
        assert!(place.column() > 0, "{place}");
    }
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
