//! Listens, serves, and stops in order.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::health;
use super::identity::Peer;
use crate::Hub;

/// Longest head of a request, in bytes.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long a client may take to send the head.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Most connections held at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 16 * 1024;
/// File descriptors kept for everything that is not a client.
const RESERVED: usize = 128;
/// How often dependencies are asked and metrics tidied, whether anybody looks or not.
const HOUSEKEEPING: Duration = Duration::from_secs(15);

/// How the server stops.
#[derive(Clone, Copy, Debug)]
pub struct Drain {
    /// How long `/ready` says no while the hub still accepts, so that a proxy can turn away.
    pub announce: Duration,
    /// How long requests in flight may take to finish.
    pub finish: Duration,
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            announce: Duration::from_secs(5),
            finish: Duration::from_secs(20),
        }
    }
}

impl Drain {
    /// For a laptop or a test, where no proxy asks.
    #[must_use]
    pub fn quick() -> Self {
        Self {
            announce: Duration::ZERO,
            ..Self::default()
        }
    }
}

/// Serves the hub until told to stop, then lets requests in flight finish.
///
/// Answers `true` when all finished in time.
pub async fn serve(
    hub: Hub,
    listener: TcpListener,
    metrics_listener: Option<TcpListener>,
    stop: CancellationToken,
    drain: Drain,
) -> bool {
    let metrics = metrics_listener.map(|listener| {
        let hub = hub.clone();
        let app = Router::new().route(
            "/metrics",
            axum::routing::get(move || async move { health::exposition(&hub) }),
        );
        let stop = stop.clone();
        tokio::spawn(run(app, listener, stop, Drain::quick()))
    });
    let accept_until = CancellationToken::new();
    let announcing = tokio::spawn({
        let (hub, accept_until) = (hub.clone(), accept_until.clone());
        async move {
            stop.cancelled().await;
            hub.begin_draining();
            tokio::time::sleep(drain.announce).await;
            accept_until.cancel();
        }
    });
    let keeping = tokio::spawn(keep_house(hub.clone()));
    let app = crate::router(hub);
    let finished = run(app, listener, accept_until, drain).await;
    announcing.abort();
    keeping.abort();
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    finished
}

/// Keeps the gauges of dependencies true, and the recorder from growing until it is read.
async fn keep_house(hub: Hub) {
    let mut tick = tokio::time::interval(HOUSEKEEPING);
    loop {
        tick.tick().await;
        hub.metrics().tidy();
        hub.readiness().dependencies(&hub).await;
    }
}

/// As many connections as the process has file descriptors for.
fn connections() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    let room = soft.map_or(CONNECTIONS, |soft| soft.saturating_sub(RESERVED));
    room.clamp(16, CONNECTIONS)
}

async fn run(app: Router, listener: TcpListener, stop: CancellationToken, drain: Drain) -> bool {
    // HTTP/1.1 alone: proxies speak it, and every wait for a head has a limit in it.
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_LIMIT);
    let graceful = GracefulShutdown::new();
    let room = std::sync::Arc::new(tokio::sync::Semaphore::new(connections()));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, room.clone()) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else {
            continue;
        };
        let app = app.clone();
        let service = hyper::service::service_fn(move |mut request: http::Request<_>| {
            request.extensions_mut().insert(Peer(peer));
            let request: Request = request.map(Body::new);
            app.clone().oneshot(request)
        });
        let connection = server.serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // An error here is the client's: a reset, bad syntax, a head that never came.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "connection");
            }
            drop(permit);
        });
    }
    drop(listener);
    tokio::time::timeout(drain.finish, graceful.shutdown())
        .await
        .is_ok()
}

async fn accept(
    listener: &TcpListener,
    room: std::sync::Arc<tokio::sync::Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let permit = room.acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            let _ = stream.set_nodelay(true);
            Some((stream, peer, permit))
        }
        Err(error) => {
            // Out of file descriptors, most likely: waiting lets some be closed.
            if !is_passing(&error) {
                tracing::warn!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            None
        }
    }
}

fn is_passing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}
