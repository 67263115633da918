use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

/// Headers of a stream: its type, and that nothing on the way may keep or collect it.
pub(crate) const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (
        CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    ),
    (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (
        HeaderName::from_static("x-accel-buffering"),
        HeaderValue::from_static("no"),
    ),
];

/// An answer that is a stream, whatever its body.
pub(crate) fn with_headers<B>(body: B) -> http::Response<B> {
    let mut answer = http::Response::new(body);
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, value);
    }
    answer
}

#[cfg(feature = "axum")]
mod stream;
