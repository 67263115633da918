use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use http_body::Body as _;

use crate::support::{all_of, live, say};

#[test]
fn a_reader_is_a_body_with_the_headers_of_a_stream() {
    let (live, _) = live();
    let answer = live.subscribe(&all_of("a")).unwrap().into_response();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/event-stream; charset=utf-8");
    assert_eq!(header("cache-control"), "no-cache");
    assert_eq!(header("x-accel-buffering"), "no");
    let mut body = answer.into_body();
    let mut context = Context::from_waker(Waker::noop());
    say(&live, "a", "x");
    let mut text = Vec::new();
    while let Poll::Ready(frame) = Pin::new(&mut body).poll_frame(&mut context) {
        text.extend_from_slice(frame.unwrap().unwrap().data_ref().unwrap());
    }
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.starts_with(": welcome\n") && text.ends_with("data: x\n\n"),
        "{text}"
    );
    assert!(!body.is_end_stream());
}
