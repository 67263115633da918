use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{ALLOW, CONNECTION, CONTENT_LENGTH};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{Error, LiveEvents, Reader, Subscription};

mod head;
mod pump;

pub use pump::tune;

/// Says what a request is granted, or with what it is refused.
type Authorise = dyn Fn(Request<()>, SocketAddr) -> Result<Subscription, Refusal> + Send + Sync;

/// The answer to a request that is not granted: made of a whole answer, or of a status, which is
/// then an answer without a body.
///
/// # Examples
///
/// ```
/// use http::StatusCode;
/// use live_events::Refusal;
///
/// let refusal: Refusal = StatusCode::FORBIDDEN.into();
/// assert_eq!(refusal.status(), StatusCode::FORBIDDEN);
/// ```
#[derive(Debug)]
pub struct Refusal(Box<Response<Bytes>>);

impl Refusal {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }
}

impl From<Response<Bytes>> for Refusal {
    fn from(answer: Response<Bytes>) -> Self {
        Self(Box::new(answer))
    }
}

impl From<StatusCode> for Refusal {
    fn from(status: StatusCode) -> Self {
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = status;
        answer.into()
    }
}

/// A small HTTP/1.1 listener for streams alone: about a tenth of the memory that a general
/// server keeps for each client.
///
/// It takes one `GET` on a connection, and the connection ends with the stream: no chunks, no
/// pipelining. A proxy sends it the path of the stream, and everything else elsewhere.
///
/// # Examples
///
/// ```no_run
/// use live_events::{LiveEvents, Options, SseListener, Subscription, Topic};
/// use tokio_util::sync::CancellationToken;
///
/// # async fn run() -> std::io::Result<()> {
/// let live = LiveEvents::new(Options::default());
/// let sse = SseListener::new(live, |request, _peer| {
///     if request.uri().path() != "/sse" {
///         return Err(http::StatusCode::NOT_FOUND.into());
///     }
///     let topic = Topic::new("public").expect("a topic");
///     Ok(Subscription::unrestricted(topic))
/// });
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3301").await?;
/// sse.serve(listener, CancellationToken::new()).await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct SseListener {
    live: LiveEvents,
    authorise: Arc<Authorise>,
    connections: usize,
    head_time: Duration,
}

impl SseListener {
    /// Longest head of a request, in bytes.
    pub const HEAD_LIMIT: usize = 16 * 1024;

    /// A listener that asks `authorise` about each request: method, target and headers as they
    /// came, and the address at the other end of the connection.
    ///
    /// The method is always `GET`. A [`Refusal`] is sent as it is.
    pub fn new<F>(live: LiveEvents, authorise: F) -> Self
    where
        F: Fn(Request<()>, SocketAddr) -> Result<Subscription, Refusal> + Send + Sync + 'static,
    {
        Self {
            live,
            authorise: Arc::new(authorise),
            connections: 16 * 1024,
            head_time: Duration::from_secs(10),
        }
    }

    /// Sets how many connections are held at once, 16,384 unless set; more wait in the queue of
    /// the kernel.
    pub fn connections(mut self, most: usize) -> Self {
        self.connections = most.max(1);
        self
    }

    /// Sets how long a client may take to send its head, 10 s unless set.
    pub fn head_time(mut self, time: Duration) -> Self {
        self.head_time = time;
        self
    }

    /// Serves until told to stop; then takes no more connections, and returns when the streams
    /// have ended, which [`LiveEvents::drain`] sees to.
    pub async fn serve(self, listener: TcpListener, stop: CancellationToken) {
        let room = Arc::new(Semaphore::new(self.connections));
        let tasks = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = accept(&listener, room.clone()) => accepted,
            };
            match accepted {
                Ok((stream, peer, permit)) => {
                    let (this, streams) = (self.clone(), tasks.clone());
                    tasks.spawn(async move { this.answer(stream, peer, permit, &streams).await });
                }
                // Out of file descriptors, most likely: waiting lets some be closed.
                Err(error) => {
                    tracing::warn!(%error, "accept");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop(listener);
        tasks.close();
        tasks.wait().await;
    }

    /// Reads the head, and starts the stream in a task of its own, which is small.
    async fn answer(
        self,
        mut stream: TcpStream,
        peer: SocketAddr,
        permit: OwnedSemaphorePermit,
        streams: &TaskTracker,
    ) {
        tune(&stream);
        let granted = match timeout(self.head_time, read_head(&mut stream)).await {
            Err(_) => Err(StatusCode::REQUEST_TIMEOUT.into()),
            Ok(Err(refused)) => Err(refused),
            Ok(Ok(None)) => return,
            Ok(Ok(Some(request))) => self.grant(request, peer),
        };
        match granted {
            Ok(reader) => {
                let head = head_of_stream();
                let sent = reader.write_to(stream, head);
                streams.spawn(async move {
                    sent.await;
                    drop(permit);
                });
            }
            Err(refused) => {
                // A client that does not take its refusal is not waited for.
                let _ = timeout(
                    self.head_time,
                    refuse(&mut stream, refused, self.live.shared().now()),
                )
                .await;
            }
        }
    }

    fn grant(&self, request: Request<()>, peer: SocketAddr) -> Result<Reader, Refusal> {
        if request.method() != Method::GET {
            let mut refused = Refusal::from(StatusCode::METHOD_NOT_ALLOWED);
            let allow = HeaderValue::from_static("GET");
            refused.0.headers_mut().insert(ALLOW, allow);
            return Err(refused);
        }
        let subscription = (self.authorise)(request, peer)?;
        self.live
            .subscribe(&subscription)
            .map_err(|error| match error {
                Error::Draining | Error::Full => StatusCode::SERVICE_UNAVAILABLE.into(),
                _ => StatusCode::BAD_REQUEST.into(),
            })
    }
}

impl std::fmt::Debug for SseListener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SseListener")
            .field("connections", &self.connections)
            .field("head_time", &self.head_time)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Sends the stream on a connection that is its own from now on: first the head, then the
    /// events, until the stream ends or the client goes, which closes the connection.
    ///
    /// For who has read the request by other means: the future holds about 200 bytes, and no
    /// buffer. The connection must have nothing else to be written.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future closes the connection.
    pub fn write_to(
        self,
        stream: TcpStream,
        head: Response<()>,
    ) -> impl Future<Output = ()> + Send + use<> {
        pump::Pump::new(self, stream, head)
    }
}

/// The head of an answer that is a stream.
fn head_of_stream() -> Response<()> {
    crate::body::with_headers(())
}

async fn accept(
    listener: &TcpListener,
    room: Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let Ok(permit) = room.acquire_owned().await else {
        return Err(io::ErrorKind::Other.into());
    };
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return Ok((stream, peer, permit)),
            // The client has gone while it waited.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Reads until the head is whole. `None`: the client has gone.
async fn read_head(stream: &mut TcpStream) -> Result<Option<Request<()>>, Refusal> {
    let mut buffer = BytesMut::with_capacity(1024);
    loop {
        match stream.read_buf(&mut buffer).await {
            Ok(0) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
        if let Some(request) = head::parse(&buffer)? {
            return Ok(Some(request));
        }
        if buffer.len() >= SseListener::HEAD_LIMIT {
            let too_long = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return Err(too_long.into());
        }
    }
}

async fn refuse(stream: &mut TcpStream, refused: Refusal, now: jiff::Timestamp) -> io::Result<()> {
    let (mut parts, body) = refused.0.into_parts();
    parts
        .headers
        .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    parts
        .headers
        .insert(CONNECTION, HeaderValue::from_static("close"));
    let mut answer = head::write(&parts, now);
    answer.extend_from_slice(&body);
    stream.write_all(&answer).await?;
    stream.shutdown().await
}
