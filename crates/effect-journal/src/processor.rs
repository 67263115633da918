//! What works through the inbox.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{Backoff, Error, ErrorKind, Journal, Lease, Leased, OnceError, Take};

/// How far in the future a handler may put an item, and with it its lane.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);
/// The shortest wait that is not counted.
const PAUSE: Duration = Duration::from_secs(1);

/// What became of an attempt at an item.
///
/// # Examples
/// ```
/// use effect_journal::Outcome;
///
/// let outcome = match "carte refusée" {
///     "" => Outcome::Done,
///     reason => Outcome::Retry(reason.to_owned()),
/// };
/// assert_ne!(outcome, Outcome::Done);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Done.
    Done,
    /// Not done; to be tried again after the back-off. The text is kept: no secrets, no bodies.
    Retry(String),
    /// Not done; to be tried again at a time that someone knows, a week from now at most. Counts
    /// as an attempt.
    RetryAt(Timestamp, String),
    /// Not tried: it is not its time yet. To be looked at again at that time, a week from now at
    /// most; the attempt is not counted. Only for what comes to an end by itself.
    Wait(Timestamp, String),
    /// Given up: a person must look.
    Dead(String),
}

impl From<OnceError> for Outcome {
    /// What a failed effect means for the item that is about it: final, to be waited for, or to be
    /// tried again. The texts of all causes are kept.
    fn from(error: OnceError) -> Self {
        let mut text = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        match error.retry_at() {
            _ if error.is_final() => Self::Dead(text),
            Some(at) => Self::Wait(at, text),
            None => Self::Retry(text),
        }
    }
}

/// Works on items; must be able to do so twice with one of them.
///
/// # Examples
/// ```
/// use async_trait::async_trait;
/// use effect_journal::{Handler, Leased, Outcome};
///
/// #[derive(Debug)]
/// struct Print;
///
/// #[async_trait]
/// impl Handler for Print {
///     async fn handle(&self, item: Leased) -> Outcome {
///         println!("{} {}", item.delivery.source(), item.delivery.key());
///         Outcome::Done
///     }
/// }
/// ```
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Works on one item. The lease is kept up meanwhile; when it is lost all the same, this
    /// future is dropped and its outcome would have been discarded.
    async fn handle(&self, item: Leased) -> Outcome;
}

/// Takes items from a journal and hands them to a handler, several at a time.
///
/// # Examples
/// ```
/// # use async_trait::async_trait;
/// use std::sync::Arc;
/// use effect_journal::{Delivery, Handler, Journal as _, Leased, Outcome, Processor, SqliteJournal};
/// use tokio_util::sync::CancellationToken;
///
/// struct Stop(CancellationToken);
///
/// #[async_trait]
/// impl Handler for Stop {
///     async fn handle(&self, _item: Leased) -> Outcome {
///         self.0.cancel();
///         Outcome::Done
///     }
/// }
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let journal = Arc::new(SqliteJournal::open(folder.path()).await?);
/// journal.accept(Delivery::new("stripe", "evt_1", b"{}".to_vec())).await?;
/// let stop = CancellationToken::new();
/// Processor::builder(journal.clone(), Stop(stop.clone())).workers(4).run(stop).await;
/// assert_eq!(journal.stats().await?.done, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
pub struct Processor {
    journal: Arc<dyn Journal>,
    handler: Arc<dyn Handler>,
    workers: usize,
    take: Take,
    lease: Duration,
    limit: Duration,
    backoff: Backoff,
    max_attempts: u32,
    drain: Duration,
    idle: Duration,
}

/// Settings of a [`Processor`].
#[must_use]
pub struct ProcessorBuilder(Processor);

impl Processor {
    /// A processor of a journal.
    pub fn builder(journal: Arc<dyn Journal>, handler: impl Handler) -> ProcessorBuilder {
        ProcessorBuilder(Self {
            journal,
            handler: Arc::new(handler),
            workers: 8,
            take: Take::new(0),
            lease: Duration::from_secs(30),
            limit: Duration::from_secs(120),
            backoff: Backoff::default(),
            max_attempts: 12,
            drain: Duration::from_secs(20),
            idle: Duration::from_secs(5),
        })
    }
}

impl ProcessorBuilder {
    /// So many items at a time; 8 unless set.
    pub fn workers(mut self, workers: usize) -> Self {
        self.0.workers = workers.max(1);
        self
    }

    /// Only items of this source; may be said several times.
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.0.take = self.0.take.from(source);
        self
    }

    /// How long a lease lasts; it is renewed at every third of it. 30 s unless set, a day at
    /// most.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.0.lease = lease.clamp(Duration::from_millis(30), Duration::from_secs(86_400));
        self
    }

    /// How long one attempt may take; 2 minutes unless set.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.0.limit = limit;
        self
    }

    /// How long to wait between attempts.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.0.backoff = backoff;
        self
    }

    /// After so many attempts an item is given up; 12 unless set.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.0.max_attempts = attempts.max(1);
        self
    }

    /// How long what is under way may go on after the stop; 20 s unless set.
    pub fn drain(mut self, time: Duration) -> Self {
        self.0.drain = time;
        self
    }

    /// How often to look without a reason; 5 s unless set.
    pub fn idle(mut self, time: Duration) -> Self {
        self.0.idle = time.max(Duration::from_millis(10));
        self
    }

    /// Works until told to stop, then lets go of everything.
    ///
    /// # Cancel safety
    /// Dropped, it drops what is under way; those items come back when their leases end.
    pub async fn run(self, stop: CancellationToken) {
        self.0.run(stop).await;
    }
}

impl Processor {
    async fn run(self, stop: CancellationToken) {
        let this = Arc::new(self);
        let hard = CancellationToken::new();
        let mut under_way = JoinSet::new();
        loop {
            while let Some(ended) = under_way.try_join_next() {
                log_panic(ended);
            }
            let free = this.workers.saturating_sub(under_way.len());
            if free == 0 {
                tokio::select! {
                    () = stop.cancelled() => break,
                    ended = under_way.join_next() => ended.into_iter().for_each(log_panic),
                }
                continue;
            }
            let mut take = this
                .take
                .clone()
                .lease(this.lease)
                .max_attempts(this.max_attempts);
            take.items = free;
            // Not dropped at a stop: what it leases would wait for the end of its lease.
            let taken = this.journal.take(take.clone()).await;
            if stop.is_cancelled() {
                for item in taken.unwrap_or_default() {
                    let released = this.journal.release(&item.lease).await;
                    settle(released, item.delivery.source(), item.lease);
                }
                break;
            }
            let rest = match taken {
                Ok(items) if items.len() == free => {
                    continue_with(&this, &hard, &mut under_way, items)
                }
                Ok(items) => {
                    continue_with(&this, &hard, &mut under_way, items);
                    Some(this.idle)
                }
                Err(error) => {
                    tracing::warn!(%error, "the journal gives out nothing");
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = tokio::time::sleep(Duration::from_secs(1)) => None,
                    }
                }
            };
            if let Some(idle) = rest {
                tokio::select! {
                    () = stop.cancelled() => break,
                    () = this.journal.wait(&take, idle) => {}
                    Some(ended) = under_way.join_next() => log_panic(ended),
                }
            }
        }
        let finishing = async {
            while let Some(ended) = under_way.join_next().await {
                log_panic(ended);
            }
        };
        if tokio::time::timeout(this.drain, finishing).await.is_err() {
            // Each gives its item back and ends.
            hard.cancel();
            while let Some(ended) = under_way.join_next().await {
                log_panic(ended);
            }
        }
    }

    fn later(&self, wait: Duration) -> Timestamp {
        let at = self.journal.now().checked_add(wait);
        at.unwrap_or(Timestamp::MAX)
    }

    async fn work(&self, item: Leased, hard: CancellationToken) {
        let (mut lease, attempt) = (item.lease, item.attempt);
        let trace = item.delivery.trace_id().map(str::to_owned);
        let source = item.delivery.source().to_owned();
        let handler = self.handler.clone();
        // A task of its own: a panic ends the attempt, not the processor.
        let mut handling = JoinSet::new();
        handling.spawn(async move { handler.handle(item).await });
        // By this machine's clock: past it another may have the item, whatever the journal says.
        let mut over = Instant::now() + self.lease;
        let limit = tokio::time::sleep(self.limit);
        tokio::pin!(limit);
        let outcome = loop {
            tokio::select! {
                ended = handling.join_next() => break match ended {
                    Some(Ok(outcome)) => outcome,
                    _ => Outcome::Retry("the handler panicked".to_owned()),
                },
                () = &mut limit => break Outcome::Retry("the handler took too long".to_owned()),
                () = hard.cancelled() => {
                    handling.shutdown().await;
                    settle(self.journal.release(&lease).await, &source, lease);
                    return;
                }
                () = tokio::time::sleep_until(over) => {
                    tracing::warn!(%source, seq = %lease.seq(), "the lease ran out; the attempt is dropped");
                    return;
                }
                () = tokio::time::sleep(self.lease / 3) => {
                    let asked = Instant::now();
                    match self.journal.extend(&lease, self.lease).await {
                        Ok(extended) => {
                            lease = extended;
                            over = asked + self.lease;
                        }
                        Err(error) if error.kind() == ErrorKind::Lost => {
                            tracing::warn!(%source, seq = %lease.seq(), "the lease was lost; the attempt is dropped");
                            return;
                        }
                        // It may yet be renewed at the next third.
                        Err(error) => tracing::warn!(%error, "a lease was not renewed"),
                    }
                }
            }
        };
        handling.shutdown().await;
        let settled = match outcome {
            Outcome::Done => self.journal.complete(&lease).await,
            Outcome::Dead(error) => {
                tracing::error!(%source, seq = %lease.seq(), trace, error, "given up");
                self.journal.bury(&lease, &error).await
            }
            Outcome::Retry(error) | Outcome::RetryAt(_, error) if attempt >= self.max_attempts => {
                tracing::error!(%source, seq = %lease.seq(), trace, attempt, error, "given up");
                self.journal.bury(&lease, &error).await
            }
            Outcome::Retry(error) => {
                let wait = self
                    .backoff
                    .wait(attempt, RandomState::new().hash_one(attempt));
                tracing::warn!(%source, seq = %lease.seq(), trace, attempt, error, "to be tried again");
                self.journal.retry(&lease, self.later(wait), &error).await
            }
            Outcome::RetryAt(at, error) => {
                let at = at.min(self.later(LONGEST));
                self.journal.retry(&lease, at, &error).await
            }
            Outcome::Wait(at, reason) => {
                // Without an attempt to count, a time in the past would be tried without a pause.
                let at = at.clamp(self.later(PAUSE), self.later(LONGEST));
                self.journal.defer(&lease, at, &reason).await
            }
        };
        settle(settled, &source, lease);
    }
}

/// What could not be written comes back when its lease ends: the handler can do it twice.
fn settle(settled: Result<(), Error>, source: &str, lease: Lease) {
    if let Err(error) = settled {
        tracing::warn!(source, seq = %lease.seq(), %error, "the outcome was not recorded");
    }
}

fn continue_with(
    processor: &Arc<Processor>,
    hard: &CancellationToken,
    under_way: &mut JoinSet<()>,
    items: Vec<Leased>,
) -> Option<Duration> {
    for item in items {
        let (processor, hard) = (processor.clone(), hard.clone());
        under_way.spawn(async move { processor.work(item, hard).await });
    }
    None
}

fn log_panic(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a worker ended before its time");
    }
}

impl fmt::Debug for Processor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Processor")
            .field("journal", &self.journal)
            .field("workers", &self.workers)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ProcessorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
