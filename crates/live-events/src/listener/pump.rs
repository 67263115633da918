//! From the ring to a socket, in as little memory as that takes.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderValue, Response};
use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use crate::Reader;
use crate::listener::head;

/// How long a write may make no progress.
const STALL: Duration = Duration::from_secs(30);
/// Most bytes a client may send after its head; it has nothing to say.
const CHATTER: usize = 64 * 1024;

/// Sends one stream.
pub(super) struct Pump {
    stream: TcpStream,
    reader: Reader,
    out: Bytes,
    chatter: usize,
    /// Only while the client takes nothing: a timer weighs more than all the rest.
    stalled: Option<Pin<Box<Sleep>>>,
    ended: bool,
}

impl Pump {
    pub(super) fn new(mut reader: Reader, stream: TcpStream, head: Response<()>) -> Self {
        let (mut parts, ()) = head.into_parts();
        // The end of the connection is the end of the body.
        parts.headers.remove(CONTENT_LENGTH);
        parts.headers.remove(TRANSFER_ENCODING);
        let close = HeaderValue::from_static("close");
        parts.headers.insert(CONNECTION, close);
        let mut out = head::write(&parts, reader.now());
        out.extend_from_slice(&reader.take_greeting());
        Self {
            stream,
            reader,
            out: out.freeze(),
            chatter: 0,
            stalled: None,
            ended: false,
        }
    }

    /// Whether the client has gone, or sends what nobody asked for.
    fn has_gone(&mut self, context: &mut Context<'_>) -> bool {
        let mut bytes = [0; 256];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending => return false,
                Poll::Ready(Err(_)) => return true,
                Poll::Ready(Ok(())) => {
                    self.chatter += buffer.filled().len();
                    if buffer.filled().is_empty() || self.chatter > CHATTER {
                        return true;
                    }
                }
            }
        }
    }

    /// Whether a client that takes nothing is to be given up.
    fn is_lost(&mut self, context: &mut Context<'_>) -> bool {
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(STALL)));
        stalled.as_mut().poll(context).is_ready() || self.reader.poll_ended(context).is_ready()
    }
}

impl Future for Pump {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            if this.ended {
                return Pin::new(&mut this.stream).poll_shutdown(context).map(drop);
            }
            if this.has_gone(context) {
                return Poll::Ready(());
            }
            if this.out.is_empty() {
                match ready!(this.reader.poll_next(context)) {
                    Some(bytes) => this.out = bytes,
                    None => this.ended = true,
                }
                continue;
            }
            match Pin::new(&mut this.stream).poll_write(context, &this.out) {
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(written)) => {
                    this.out.advance(written);
                    this.stalled = None;
                }
                Poll::Pending if this.is_lost(context) => return Poll::Ready(()),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

/// Sets what a socket of a stream needs: no waiting to fill a packet, and an end when the other
/// side has silently gone or takes nothing.
pub fn tune(stream: &TcpStream) {
    /// How long the other side may leave what was sent unacknowledged, or its window shut.
    #[cfg(target_os = "linux")]
    const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

    // A socket that cannot be set is one that has gone.
    let _ = stream.set_nodelay(true);
    let socket = SockRef::from(stream);
    let probes = TcpKeepalive::new()
        .with_time(Duration::from_secs(60))
        .with_interval(Duration::from_secs(10));
    let _ = socket.set_tcp_keepalive(&probes);
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
}
