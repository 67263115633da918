use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};

use crate::Reader;

#[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
impl Body for Reader {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.get_mut()
            .poll_next(context)
            .map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }
}

impl Reader {
    /// The whole answer to `GET /sse`, with its headers. In axum: `.map(axum::body::Body::new)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use live_events::{LiveEvents, Options, Subscription, Topic};
    ///
    /// let live = LiveEvents::new(Options::default());
    /// let reader = live.subscribe(&Subscription::unrestricted(Topic::new("dispatch")?))?;
    /// let answer = reader.into_response();
    /// assert_eq!(answer.headers()["content-type"], "text/event-stream; charset=utf-8");
    /// assert_eq!(answer.headers()["x-accel-buffering"], "no");
    /// # Ok::<(), live_events::Error>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "axum")))]
    #[must_use]
    pub fn into_response(self) -> http::Response<Self> {
        super::with_headers(self)
    }
}
