use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::{HeaderName, Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::client::conn::http1 as client;
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, JoinSet};
use wiremock::{Match, Mock, MockServer, Respond};

use super::{Fault, Faults};

/// A responder sets this header to the reason phrase that the answer shall carry.
pub const REASON_HEADER: HeaderName = HeaderName::from_static("x-fake-reason");
/// A responder sets this header to have the connection closed without an answer.
pub const ABORT_HEADER: HeaderName = HeaderName::from_static("x-fake-abort");

type AnswerBody = BoxBody<Bytes, NoAnswer>;
type Upstream = client::SendRequest<Incoming>;

/// A remote system on a free loopback port, which ends with this value.
///
/// # Examples
///
/// ```
/// use integration_core::testing::{Fault, FaultRule, FakeServer};
/// use integration_core::{ApiPath, HttpClient};
/// use wiremock::ResponseTemplate;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let fake = FakeServer::start(|_: &wiremock::Request| {
///     ResponseTemplate::new(202).insert_header("x-fake-reason", "Device is offline")
/// })
/// .await?;
/// fake.faults().add(FaultRule::new(Fault::Reset).times(1));
///
/// let client = HttpClient::builder(fake.url()).build()?;
/// let answer = client.request(http::Method::GET, ApiPath::new("x")).send().await?;
/// assert_eq!(answer.reason(), Some("Device is offline"));
/// assert_eq!(answer.attempts(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct FakeServer {
    address: SocketAddr,
    mock: MockServer,
    faults: Faults,
    accepting: JoinHandle<()>,
}

/// Settings of a [`FakeServer`].
#[derive(Debug, Default)]
#[must_use]
pub struct FakeServerBuilder {
    record: bool,
    address: Option<SocketAddr>,
}

impl FakeServerBuilder {
    /// Keeps every request for [`MockServer::received_requests`]. Off unless set: a fake
    /// that runs for days must not grow.
    pub fn record_requests(mut self, record: bool) -> Self {
        self.record = record;
        self
    }

    /// Sets the address to listen on; a free loopback port unless set.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = Some(address);
        self
    }

    /// Starts the server; the responder answers every request.
    ///
    /// # Errors
    ///
    /// The address is in use or not of this machine.
    pub async fn start(self, responder: impl Respond + 'static) -> io::Result<FakeServer> {
        let mut builder = MockServer::builder();
        if !self.record {
            builder = builder.disable_request_recording();
        }
        let mock = builder.start().await;
        // A test may mount mocks of its own before this one.
        Mock::given(Anything)
            .respond_with(responder)
            .with_priority(u8::MAX)
            .mount(&mock)
            .await;
        let address = self
            .address
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let faults = Faults::default();
        let front = Front {
            upstream: *mock.address(),
            faults: faults.clone(),
        };
        Ok(FakeServer {
            address,
            mock,
            faults,
            accepting: tokio::spawn(front.accept(listener)),
        })
    }
}

impl FakeServer {
    /// Starts a server on a free loopback port; the responder answers every request.
    ///
    /// # Errors
    ///
    /// No port is free.
    pub async fn start(responder: impl Respond + 'static) -> io::Result<Self> {
        FakeServerBuilder::default().start(responder).await
    }

    /// Begins a server with settings.
    pub fn builder() -> FakeServerBuilder {
        FakeServerBuilder::default()
    }

    /// Address of the server: `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Socket address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The wiremock server behind: for mocks and expectations of a test's own.
    #[must_use]
    pub fn mock(&self) -> &MockServer {
        &self.mock
    }

    /// The switchboard of faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A switchboard of faults in front of a real remote system, on a free loopback port, which ends
/// with this value.
///
/// # Examples
///
/// ```
/// use http::Method;
/// use integration_core::testing::{FakeServer, Fault, FaultRule, FaultyProxy};
/// use integration_core::{ApiPath, HttpClient};
/// use wiremock::ResponseTemplate;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let real = FakeServer::start(|_: &wiremock::Request| ResponseTemplate::new(200)).await?;
/// let proxy = FaultyProxy::start(real.address()).await?;
/// proxy.faults().add(FaultRule::new(Fault::ResetAfterCommit).times(1));
///
/// let client = HttpClient::builder(proxy.url()).build()?;
/// let answer = client.request(Method::GET, ApiPath::new("x")).send().await?;
/// assert_eq!((answer.status().as_u16(), answer.attempts()), (200, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Debug)]
pub struct FaultyProxy {
    address: SocketAddr,
    faults: Faults,
    accepting: JoinHandle<()>,
}

impl FaultyProxy {
    /// Starts in front of the system at this address.
    ///
    /// # Errors
    ///
    /// No port is free.
    pub async fn start(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let faults = Faults::default();
        let front = Front {
            upstream,
            faults: faults.clone(),
        };
        Ok(Self {
            address,
            faults,
            accepting: tokio::spawn(front.accept(listener)),
        })
    }

    /// Address of the proxy: `http://127.0.0.1:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The switchboard of faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }
}

impl Drop for FaultyProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Matches every request.
struct Anything;

impl Match for Anything {
    fn matches(&self, _: &wiremock::Request) -> bool {
        true
    }
}

#[derive(Clone)]
struct Front {
    upstream: SocketAddr,
    faults: Faults,
}

/// The connection of one client, and ours to wiremock that goes with it.
struct Connection {
    front: Front,
    upstream: Mutex<Option<Upstream>>,
    reset: Arc<AtomicBool>,
}

impl Front {
    /// Serves until dropped; dropping ends the connections too.
    async fn accept(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else {
                        // Most likely out of file descriptors: let other tasks close some.
                        tokio::time::sleep(Duration::from_millis(10)).await;
                        continue;
                    };
                    connections.spawn(self.clone().serve(stream));
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }

    async fn connect(&self) -> Result<Upstream, NoAnswer> {
        let stream = TcpStream::connect(self.upstream).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await?;
        // Ends when the sender is dropped, with the connection of the client.
        tokio::spawn(connection);
        sender.ready().await?;
        Ok(sender)
    }

    /// Sends a request over the connection that was kept, or over a new one where that has
    /// died meanwhile. Only a request of which nothing was sent goes out a second time: a
    /// responder never sees one twice.
    async fn send(
        &self,
        kept: Option<Upstream>,
        mut request: Request<Incoming>,
    ) -> Result<(Upstream, Response<Incoming>), NoAnswer> {
        if let Some(mut sender) = kept
            && sender.ready().await.is_ok()
        {
            match sender.try_send_request(request).await {
                Ok(answer) => return Ok((sender, answer)),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(error.into_error().into()),
                },
            }
        }
        let mut sender = self.connect().await?;
        let answer = sender.send_request(request).await?;
        Ok((sender, answer))
    }

    async fn serve(self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let reset = Arc::new(AtomicBool::new(false));
        let connection = Arc::new(Connection {
            front: self,
            upstream: Mutex::new(None),
            reset: reset.clone(),
        });
        let service = service_fn(move |request| {
            let connection = connection.clone();
            async move { connection.answer(request).await }
        });
        // An error here is a fault that was asked for, or a client that went away.
        let _ = server::Builder::new()
            .serve_connection(TokioIo::new(Wire { stream, reset }), service)
            .await;
    }
}

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
enum NoAnswer {
    #[error("the connection is dropped on purpose")]
    Dropped,
    #[error("wiremock cannot be reached")]
    Connect(#[from] io::Error),
    #[error("wiremock does not answer")]
    Upstream(#[from] hyper::Error),
}

impl Connection {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<AnswerBody>, NoAnswer> {
        let fault = self
            .front
            .faults
            .meet(request.method(), request.uri().path());
        match fault {
            None => self.forward(request).await,
            Some(Fault::Status(status, body)) => {
                drain(request).await?;
                let mut answer = Response::new(full(body.into()));
                *answer.status_mut() = status;
                Ok(answer)
            }
            Some(Fault::Delay(time)) => {
                let answer = self.forward(request).await;
                tokio::time::sleep(time).await;
                answer
            }
            Some(Fault::Hang) => std::future::pending().await,
            Some(Fault::HangAfterCommit) => {
                self.carry_out(request).await?;
                std::future::pending().await
            }
            Some(Fault::Reset) => self.drop_with_reset(),
            Some(Fault::ResetAfterCommit) => {
                self.carry_out(request).await?;
                self.drop_with_reset()
            }
            Some(Fault::Close) => {
                drain(request).await?;
                Err(NoAnswer::Dropped)
            }
            Some(Fault::Truncate(bytes)) => {
                let answer = self.forward(request).await?;
                Ok(truncated(answer, bytes).await?)
            }
        }
    }

    fn drop_with_reset<T>(&self) -> Result<T, NoAnswer> {
        self.reset.store(true, Ordering::Relaxed);
        Err(NoAnswer::Dropped)
    }

    async fn carry_out(&self, request: Request<Incoming>) -> Result<(), NoAnswer> {
        self.forward(request).await?.into_body().collect().await?;
        Ok(())
    }

    async fn forward(&self, request: Request<Incoming>) -> Result<Response<AnswerBody>, NoAnswer> {
        let mut upstream = self.upstream.lock().await;
        let kept = upstream.take();
        let (sender, answer) = self.front.send(kept, request).await?;
        *upstream = Some(sender);
        let (mut parts, body) = answer.into_parts();
        if parts.headers.contains_key(ABORT_HEADER) {
            return Err(NoAnswer::Dropped);
        }
        if let Some(reason) = parts.headers.remove(REASON_HEADER)
            && let Ok(reason) = hyper::ext::ReasonPhrase::try_from(reason.as_bytes())
        {
            parts.extensions.insert(reason);
        }
        let body = body.map_err(NoAnswer::from).boxed();
        Ok(Response::from_parts(parts, body))
    }
}

/// Takes the rest of a request off the wire: a connection that closes on unread data is reset
/// by the operating system, and the client might lose the answer.
async fn drain(request: Request<Incoming>) -> Result<(), hyper::Error> {
    let mut body = request.into_body();
    while let Some(frame) = body.frame().await {
        frame?;
    }
    Ok(())
}

fn full(bytes: Bytes) -> AnswerBody {
    Full::new(bytes)
        .map_err(|never: Infallible| match never {})
        .boxed()
}

/// The same head, so that the client waits for the whole; then a part, then nothing.
async fn truncated(
    answer: Response<AnswerBody>,
    length: usize,
) -> Result<Response<AnswerBody>, NoAnswer> {
    let (parts, body) = answer.into_parts();
    let whole = body.collect().await?.to_bytes();
    let part = whole.slice(..length.min(whole.len()));
    let pieces = stream::iter([Ok(Frame::data(part))]).chain(stream::once(async {
        // hyper must have flushed the part before the connection ends.
        tokio::task::yield_now().await;
        Err(NoAnswer::Dropped)
    }));
    Ok(Response::from_parts(
        parts,
        BodyExt::boxed(StreamBody::new(pieces)),
    ))
}

/// A TCP stream that is reset, rather than closed, when it has been told so.
#[derive(Debug)]
struct Wire {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        pin!(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.reset.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        pin!(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        pin!(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.reset.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        pin!(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;
    use crate::{ApiPath, HttpClient, RetryPolicy};

    /// Answers one request a connection, promises to keep it, and closes it when told.
    async fn forgetful(listener: TcpListener, close: Arc<tokio::sync::Notify>) {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else {
                return;
            };
            let mut seen = Vec::new();
            while !seen.ends_with(b"\r\n\r\n") {
                seen.push(stream.read_u8().await.unwrap());
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
            stream.write_all(answer).await.unwrap();
            close.notified().await;
        }
    }

    #[tokio::test]
    async fn a_kept_connection_that_died_does_not_fail_the_next_request() {
        let loopback = || TcpListener::bind(("127.0.0.1", 0));
        let behind = loopback().await.unwrap();
        let front = Front {
            upstream: behind.local_addr().unwrap(),
            faults: Faults::default(),
        };
        let listener = loopback().await.unwrap();
        let address = listener.local_addr().unwrap();
        let close = Arc::new(tokio::sync::Notify::new());
        let remote = tokio::spawn(forgetful(behind, close.clone()));
        let serving = tokio::spawn(front.accept(listener));

        let client = HttpClient::builder(format!("http://{address}"))
            .retry(RetryPolicy::none())
            .build()
            .unwrap();
        for round in 0..20 {
            let answer = client
                .request(http::Method::POST, ApiPath::new("x"))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.body(), "ok".as_bytes());
            close.notify_one();
            // Every other time the front learns of it before the next request comes: enough
            // turns for the runtime to look at its sockets.
            for _ in 0..(round % 2 * 500) {
                tokio::task::yield_now().await;
            }
        }
        serving.abort();
        remote.abort();
    }
}
