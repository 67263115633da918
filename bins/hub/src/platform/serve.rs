//! Listens, serves, and stops in order.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{connection, health, journal};
use crate::payments::settle::Settlement;
use crate::{Hub, live};

/// Longest head of a request, in bytes.
const HEAD_LIMIT: usize = 16 * 1024;
/// How long a client may take to send the head.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Most connections held at once; more wait in the kernel's queue.
const CONNECTIONS: usize = 16 * 1024;
/// File descriptors kept for everything that is not a client.
const RESERVED: usize = 128;
/// Connections for metrics alone, of those that are kept.
const SCRAPERS: usize = 16;
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

/// Sockets beside the hub's own.
#[derive(Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "all there is to choose")]
pub struct Beside {
    /// Where `/metrics` alone answers.
    pub metrics: Option<TcpListener>,
    /// Where streams alone answer.
    pub sse: Option<TcpListener>,
}

impl From<Option<TcpListener>> for Beside {
    fn from(metrics: Option<TcpListener>) -> Self {
        Self { metrics, sse: None }
    }
}

/// Serves the hub until told to stop, then lets requests in flight finish.
///
/// Answers `true` when all finished in time.
pub async fn serve(
    hub: Hub,
    listener: TcpListener,
    beside: impl Into<Beside>,
    stop: CancellationToken,
    drain: Drain,
) -> bool {
    let Beside { metrics, sse } = beside.into();
    let metrics = metrics.map(|listener| {
        let hub = hub.clone();
        let app = Router::new().route(
            "/metrics",
            axum::routing::get(move || async move { health::exposition(&hub) }),
        );
        let stop = stop.clone();
        tokio::spawn(run(app, listener, SCRAPERS, stop, Drain::quick()))
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
    // Streams have no end of their own: they are ended over the first half of the time.
    let draining = tokio::spawn({
        let (live, stop) = (hub.live().clone(), accept_until.clone());
        async move {
            stop.cancelled().await;
            live.drain(drain.finish / 2).await;
        }
    });
    let background = Background::start(&hub);
    let room = connections(1 + usize::from(sse.is_some()));
    let streams = sse.map(|listener| {
        let stop = accept_until.clone();
        tokio::spawn(live::serve(hub.clone(), listener, room, stop))
    });
    let app = crate::router(hub);
    // Both have the same time, from the same moment: one of them may have nobody to wait for.
    let told = accept_until.clone();
    let streams = async {
        match streams {
            Some(streams) => {
                told.cancelled().await;
                tokio::time::timeout(drain.finish, streams).await.is_ok()
            }
            None => true,
        }
    };
    let (answered, ended) = tokio::join!(run(app, listener, room, accept_until, drain), streams);
    let finished = answered && ended;
    announcing.abort();
    keeping.abort();
    draining.abort();
    // After the last request: what came in may still be worked on until then.
    let ended = background.end(drain.finish).await;
    let finished = finished && ended;
    if let Some(metrics) = metrics {
        metrics.abort();
    }
    finished
}

/// Works on what came in and was kept, until told to stop.
async fn settle(hub: Hub, stop: CancellationToken) {
    match Settlement::new(&hub) {
        Ok(Some(settlement)) => settlement.run(stop).await,
        Ok(None) => {}
        // Shown at the start: the same settings made the hub's own client.
        Err(mistake) => tracing::error!(%mistake, "payments are kept, and not booked"),
    }
}

/// Wakes those who read live events, until told to stop.
async fn send(hub: Hub, stop: CancellationToken) {
    hub.live().run(stop).await;
}

/// Work that goes on beside the requests, owned here: told to stop, and waited for.
#[derive(Debug)]
struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Background {
    /// Starts all of it.
    fn start(hub: &Hub) -> Self {
        let background = Self {
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let stop = || background.stop.clone();
        background.tasks.spawn(journal::keep(hub.clone(), stop()));
        background.tasks.spawn(settle(hub.clone(), stop()));
        background.tasks.spawn(send(hub.clone(), stop()));
        background
    }

    /// Ends it; whether it ended in time.
    async fn end(self, within: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(within, self.tasks.wait())
            .await
            .is_ok()
    }
}

/// Keeps the gauges of dependencies true, and the recorder from growing until it is read.
async fn keep_house(hub: Hub) {
    let mut tick = tokio::time::interval(HOUSEKEEPING);
    loop {
        tick.tick().await;
        hub.metrics().tidy();
        hub.readiness().dependencies(&hub).await;
        journal::gauge(&hub).await;
    }
}

/// As many connections for each of the doors as the process has file descriptors for.
fn connections(doors: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    share(soft, doors)
}

/// What a door has of so many file descriptors.
fn share(descriptors: Option<usize>, doors: usize) -> usize {
    let room = descriptors.map_or(CONNECTIONS, |all| {
        all.saturating_sub(RESERVED) / doors.max(1)
    });
    room.clamp(16, CONNECTIONS)
}

async fn run(
    app: Router,
    listener: TcpListener,
    room: usize,
    stop: CancellationToken,
    drain: Drain,
) -> bool {
    // HTTP/1.1 alone: proxies speak it, and every wait for a head has a limit in it.
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_LIMIT);
    let tasks = TaskTracker::new();
    let room = std::sync::Arc::new(tokio::sync::Semaphore::new(room));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, room.clone()) => accepted,
        };
        let Some((stream, peer, permit)) = accepted else {
            continue;
        };
        let (server, app, stop) = (server.clone(), app.clone(), stop.clone());
        let streams = tasks.clone();
        tasks.spawn(async move {
            // A stream goes on in a task of its own, which is small.
            if let Some(stream) = connection::serve(&server, stream, peer, app, stop).await {
                streams.spawn(async move {
                    stream.await;
                    drop(permit);
                });
            }
        });
    }
    drop(listener);
    tasks.close();
    tokio::time::timeout(drain.finish, tasks.wait())
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
            live_events::tune(&stream);
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

#[cfg(test)]
mod tests {
    use super::{CONNECTIONS, RESERVED, SCRAPERS, share};

    #[test]
    fn all_doors_together_leave_what_is_reserved() {
        for all in [1024, 4096, 32_000] {
            for doors in [1, 2] {
                assert!(
                    share(Some(all), doors) * doors + RESERVED <= all,
                    "{all} {doors}"
                );
            }
        }
        assert_eq!(share(Some(1 << 20), 2), CONNECTIONS);
        assert_eq!(share(None, 2), CONNECTIONS);
        assert_eq!(share(Some(64), 2), 16);
        const { assert!(SCRAPERS < RESERVED) };
    }
}
