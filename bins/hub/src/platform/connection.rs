//! One connection: its requests are answered until one of them makes it a stream.
//!
//! An HTTP server keeps some 11 kB of buffers for each connection. A stream needs none of them:
//! its connection is taken out of the server, and sent to by a task of some hundred bytes.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use http::{Method, Request, StatusCode, response};
use hyper::body::Incoming;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use live_events::Reader;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::identity::Peer;

/// The way for a handler to give its connection to a stream; in the extensions of a request
/// whose connection can be given.
#[derive(Clone, Debug, Default)]
pub struct Door(Arc<Mutex<Option<Reader>>>);

impl Door {
    /// Gives the connection to a stream, once the head of the answer is there.
    pub fn hand_over(&self, reader: Reader) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader);
    }

    fn take(&self) -> Option<Reader> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.take()
    }
}

/// What the server of a connection and its requests know of each other.
#[derive(Debug, Default)]
struct Line {
    /// Bytes of an earlier answer wait in a buffer: the connection cannot be taken.
    unsent: AtomicBool,
    stream: Mutex<Option<(response::Parts, Reader)>>,
}

impl Line {
    fn put(&self, head: response::Parts, reader: Reader) {
        *self.stream.lock().unwrap_or_else(PoisonError::into_inner) = Some((head, reader));
    }

    fn take(&self) -> Option<(response::Parts, Reader)> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        stream.take()
    }
}

/// Answers requests until the connection ends or is told to, or becomes a stream: what is then
/// left to do is answered, and needs nothing of the server.
pub(super) async fn serve(
    server: &http1::Builder,
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    stop: CancellationToken,
) -> Option<impl Future<Output = ()> + Send + use<>> {
    let line = Arc::new(Line::default());
    let socket = Socket {
        inner: TokioIo::new(stream),
        line: line.clone(),
    };
    let service = hyper::service::service_fn({
        let line = line.clone();
        // In a box, so that a connection that waits does not keep the room of a request.
        move |request| Box::pin(answer(request, peer, app.clone(), line.clone()))
    });
    let mut connection = server.serve_connection(socket, service);
    let mut stopping = pin!(stop.cancelled());
    let mut told = false;
    let handed = std::future::poll_fn(|context| {
        if !told && stopping.as_mut().poll(context).is_ready() {
            told = true;
            Pin::new(&mut connection).graceful_shutdown();
        }
        match Pin::new(&mut connection).poll(context) {
            Poll::Ready(ended) => {
                // An error here is the client's: a reset, bad syntax, a head that never came.
                if let Err(error) = ended {
                    tracing::debug!(%error, "connection");
                }
                Poll::Ready(None)
            }
            Poll::Pending => line
                .take()
                .map_or(Poll::Pending, |it| Poll::Ready(Some(it))),
        }
    })
    .await;
    let (head, reader) = handed?;
    let stream = connection.into_parts().io.inner.into_inner();
    Some(reader.write_to(stream, Response::from_parts(head, ())))
}

async fn answer(
    mut request: Request<Incoming>,
    peer: SocketAddr,
    app: Router,
    line: Arc<Line>,
) -> Result<Response, Infallible> {
    request.extensions_mut().insert(Peer(peer));
    let can_give = request.method() == Method::GET
        && request.body().is_end_stream()
        && !line.unsent.load(Ordering::Relaxed);
    let door = can_give.then(Door::default);
    if let Some(door) = &door {
        request.extensions_mut().insert(door.clone());
    }
    let answer = app.oneshot(request.map(Body::new)).await?;
    let reader = door.and_then(|door| door.take());
    match reader {
        Some(reader) if answer.status() == StatusCode::OK => {
            line.put(answer.into_parts().0, reader);
            // The server is dropped with this wait in it, and writes nothing.
            std::future::pending().await
        }
        _ => Ok(answer),
    }
}

/// A socket that knows whether all that was to be written has been.
struct Socket {
    inner: TokioIo<TcpStream>,
    line: Arc<Line>,
}

impl Socket {
    fn note(&self, wanted: usize, written: &Poll<std::io::Result<usize>>) {
        let all = matches!(written, Poll::Ready(Ok(written)) if *written == wanted);
        self.line.unsent.store(!all, Ordering::Relaxed);
    }
}

impl Read for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_read(context, buffer)
    }
}

impl Write for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write(context, bytes);
        this.note(bytes.len(), &written);
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.inner).poll_write_vectored(context, slices);
        let wanted = slices.iter().map(|slice| slice.len()).sum();
        this.note(wanted, &written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(context)
    }
}
