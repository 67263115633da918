use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;

use crate::core::{Key, Step};
use crate::live::Shared;

/// Why a stream has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The reader was so slow that events it had not been given left the ring. It comes back
    /// with the id of its last event, and is told to fetch everything again.
    Slow,
    /// The credential of the reader has expired.
    Expired,
    /// The service stops.
    Drained,
}

/// One stream of events, from [`LiveEvents::subscribe`](crate::LiveEvents::subscribe): bytes to
/// be sent as they are. Dropping it ends the subscription.
///
/// With feature `axum` it is a body.
pub struct Reader {
    shared: Arc<Shared>,
    key: Key,
    greeting: Bytes,
}

impl Reader {
    pub(crate) fn new(shared: Arc<Shared>, key: Key, greeting: Bytes) -> Self {
        Self {
            shared,
            key,
            greeting,
        }
    }

    /// Polls for the next bytes: everything that waits, as far as one write should hold.
    /// `None` is the end.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if !self.greeting.is_empty() {
            return Poll::Ready(Some(std::mem::take(&mut self.greeting)));
        }
        let now_ms = self.shared.now_ms();
        let step = self.shared.lock().poll(self.key, context.waker(), now_ms);
        match step {
            Step::Given(bytes) => Poll::Ready(Some(bytes)),
            Step::Wait => Poll::Pending,
            Step::End(_) => Poll::Ready(None),
        }
    }

    /// The next bytes; `None` is the end.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Bytes> {
        std::future::poll_fn(|context| self.poll_next(context)).await
    }

    /// Polls for the end alone: for one who cannot take more bytes yet, and would not learn
    /// otherwise that nobody wants him to.
    pub fn poll_ended(&mut self, context: &mut Context<'_>) -> Poll<Ended> {
        let now_ms = self.shared.now_ms();
        let ended = self
            .shared
            .lock()
            .poll_ended(self.key, context.waker(), now_ms);
        ended.map_or(Poll::Pending, Poll::Ready)
    }

    /// The first bytes, where they have not been given yet.
    #[cfg(feature = "listener")]
    pub(crate) fn take_greeting(&mut self) -> Bytes {
        std::mem::take(&mut self.greeting)
    }

    #[cfg(feature = "listener")]
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.shared.now()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.shared.lock().unregister(self.key);
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
