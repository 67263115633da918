//! The one thread that writes, and commits together what has come together.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, params};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::inbox;
use super::schema::{self, Opening};
use super::space::Space;
use super::time::Wall;
use crate::{Error, ErrorKind, Observer, Retention, Swept};

/// What the thread starts with.
pub(super) struct Setup {
    pub(super) connection: Connection,
    pub(super) opening: Opening,
    pub(super) lock: File,
    pub(super) wall: Arc<Wall>,
    pub(super) space: Space,
    pub(super) arrivals: Arc<Notify>,
    pub(super) queue: usize,
    pub(super) batch: usize,
    pub(super) patience: Duration,
    pub(super) observer: Option<Arc<dyn Observer>>,
}

/// The way to the thread.
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    ended: CancellationToken,
    space: Space,
    waiting: Arc<AtomicUsize>,
    /// Pages that sweeps gave back since the log was last cut.
    freed: Arc<AtomicI64>,
    /// The log is to be cut after the next commit.
    shrink: Arc<AtomicBool>,
    failing: Arc<AtomicBool>,
    patience: Duration,
}

/// Bytes that may wait in the queue: a flood of large bodies is refused, not kept in memory.
const WAITING: usize = 64 * 1024 * 1024;

/// Bytes that wait, until it is dropped.
struct Waiting(Arc<AtomicUsize>, usize);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, Ordering::Relaxed);
    }
}

/// What became of a transaction.
#[derive(Clone, Copy)]
enum Fate {
    Committed,
    /// Taken back, or not known. After some failures nothing can be known through the handle.
    Failed {
        kind: ErrorKind,
        reopen: bool,
    },
}

/// What is special about a write.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// Nothing.
    None,
    /// It makes something due: who waits is to look.
    Wakes,
    /// It gives something to its caller: not done when that one has gone, who could not use it.
    WhileWanted,
    /// One statement changes something, which SQLite takes back by itself when it fails.
    One,
    /// One statement, and it makes something due.
    OneWakes,
    /// One statement, the only one whose half would do harm, and it gives something to its caller.
    OneWanted,
}

impl Care {
    fn wakes(self) -> bool {
        matches!(self, Self::Wakes | Self::OneWakes)
    }

    /// Only done for a caller that is still there.
    fn is_wanted(self) -> bool {
        matches!(self, Self::WhileWanted | Self::OneWanted)
    }

    /// Several statements: they need a savepoint to be taken back to.
    fn is_several(self) -> bool {
        !matches!(self, Self::One | Self::OneWakes | Self::OneWanted)
    }
}

/// One write: carried out within a transaction, answered after its commit.
trait Job: Send {
    fn run(&mut self, connection: &Connection, now: i64) -> Result<(), rusqlite::Error>;
    fn answer(self: Box<Self>, fate: Fate);
    fn wakes(&self) -> bool;
}

struct Write<T, F> {
    operation: Option<F>,
    outcome: Option<rusqlite::Result<T>>,
    answer: oneshot::Sender<Result<T, Error>>,
    care: Care,
}

impl<T, F> Job for Write<T, F>
where
    T: Send,
    F: FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send,
{
    /// Fails only where the transaction cannot go on.
    fn run(&mut self, connection: &Connection, now: i64) -> Result<(), rusqlite::Error> {
        let Some(operation) = self.operation.take() else {
            return Ok(());
        };
        if self.care.is_wanted() && self.answer.is_closed() {
            return Ok(());
        }
        let several = self.care.is_several();
        if several {
            connection.prepare_cached("SAVEPOINT job")?.execute([])?;
        }
        let outcome = catch_unwind(AssertUnwindSafe(|| operation(connection, now)))
            .unwrap_or(Err(rusqlite::Error::UnwindingPanic));
        if several && outcome.is_err() && !connection.is_autocommit() {
            // A write that fails takes back what it did, and nothing of its neighbours.
            connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
        }
        let outcome = self.outcome.insert(outcome);
        match outcome {
            Err(error) if connection.is_autocommit() || is_of_the_file(error) => {
                Err(copy_of(error))
            }
            _ if several => connection
                .prepare_cached("RELEASE job")?
                .execute([])
                .map(drop),
            _ => Ok(()),
        }
    }

    fn answer(self: Box<Self>, fate: Fate) {
        let result = match (fate, self.outcome) {
            (Fate::Committed, Some(Ok(value))) => Ok(value),
            (Fate::Committed, Some(Err(error))) => Err(Error::with_source(kind_of(&error), error)),
            (Fate::Failed { kind, .. }, Some(Err(error))) => Err(Error::with_source(kind, error)),
            (Fate::Failed { kind, .. }, _) => Err(kind.into()),
            (Fate::Committed, None) => Err(ErrorKind::Unavailable.into()),
        };
        // A caller that has gone away does not take its write along.
        let _ = self.answer.send(result);
    }

    fn wakes(&self) -> bool {
        self.care.wakes()
    }
}

/// The file itself fails, not what was asked of it.
fn is_of_the_file(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::CannotOpen
        )
    )
}

fn copy_of(error: &rusqlite::Error) -> rusqlite::Error {
    error
        .sqlite_error()
        .map_or(rusqlite::Error::InvalidQuery, |code| {
            rusqlite::Error::SqliteFailure(*code, None)
        })
}

/// What an error of SQLite means for what was asked, when it was not the commit's.
fn kind_of(error: &rusqlite::Error) -> ErrorKind {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => ErrorKind::Full,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => ErrorKind::Corrupt,
        _ => ErrorKind::Unavailable,
    }
}

impl Writer {
    pub(super) fn start(setup: Setup) -> Result<Self, Error> {
        let (queue, jobs) = mpsc::channel(setup.queue);
        let ended = CancellationToken::new();
        let patience = setup.patience;
        let (shrink, failing) = (Arc::<AtomicBool>::default(), Arc::<AtomicBool>::default());
        let thread = Thread {
            connection: Some(setup.connection),
            opening: setup.opening,
            wall: setup.wall,
            arrivals: setup.arrivals,
            shrink: shrink.clone(),
            failing: failing.clone(),
            batch: setup.batch,
            noted: 0,
            observer: setup.observer,
        };
        let (lock, ending) = (setup.lock, ended.clone().drop_guard());
        thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                thread.serve(jobs);
                // Another process may come from here on.
                drop(lock);
                drop(ending);
            })
            .map_err(|error| Error::with_source(ErrorKind::Unavailable, error))?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            ended,
            space: setup.space,
            waiting: Arc::default(),
            freed: Arc::default(),
            shrink,
            failing,
            patience,
        })
    }

    /// Whether nothing is accepted: the disk is nearly full, or the last commit failed.
    pub(super) fn is_degraded(&self) -> bool {
        self.ended.is_cancelled() || self.failing.load(Ordering::Relaxed) || self.space.is_low()
    }

    /// A write that brings so many bytes: refused when the disk is nearly full.
    pub(super) async fn accept<T: Send + 'static>(
        &self,
        bytes: usize,
        operation: impl FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        if self.space.is_low() {
            return Err(ErrorKind::Full.into());
        }
        let add = |waiting: usize| waiting.checked_add(bytes).filter(|sum| *sum <= WAITING);
        self.waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add)
            .map_err(|_| ErrorKind::Full)?;
        let waiting = Waiting(self.waiting.clone(), bytes);
        let operation = move |connection: &Connection, now| {
            let done = operation(connection, now);
            drop(waiting);
            done
        };
        self.write(Care::OneWakes, operation).await
    }

    /// A write.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        care: Care,
        operation: impl FnOnce(&Connection, i64) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        let queue = lock(&self.queue).clone().ok_or(ErrorKind::Unavailable)?;
        let job = Box::new(Write {
            operation: Some(operation),
            outcome: None,
            answer,
            care,
        });
        queue.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => ErrorKind::Full,
            mpsc::error::TrySendError::Closed(_) => ErrorKind::Unavailable,
        })?;
        drop(queue);
        match timeout(self.patience, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) | Err(_) => Err(ErrorKind::Unknown.into()),
        }
    }

    /// Forgets a slice of what is old. When nothing more is to be forgotten and much was, what the
    /// log of the file holds is given back to the disk.
    pub(super) async fn sweep(&self, retention: Retention) -> Result<Swept, Error> {
        let (freed, shrink) = (self.freed.clone(), self.shrink.clone());
        self.write(Care::None, move |connection, now| {
            let (swept, pages) = inbox::sweep(connection, now, retention)?;
            let freed_before = freed.fetch_add(pages, Ordering::Relaxed);
            if !swept.more && freed_before.saturating_add(pages) >= MANY_PAGES {
                freed.store(0, Ordering::Relaxed);
                shrink.store(true, Ordering::Relaxed);
            }
            Ok(swept)
        })
        .await
    }

    /// Lets the thread finish what is queued, and waits for its end.
    pub(super) async fn close(&self) {
        drop(lock(&self.queue).take());
        self.ended.cancelled().await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Thread {
    /// None after a failure that leaves it in doubt, until it is opened again.
    connection: Option<Connection>,
    opening: Opening,
    wall: Arc<Wall>,
    arrivals: Arc<Notify>,
    shrink: Arc<AtomicBool>,
    failing: Arc<AtomicBool>,
    batch: usize,
    /// The time that was last written down.
    noted: i64,
    observer: Option<Arc<dyn Observer>>,
}

impl Thread {
    fn serve(mut self, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        let mut batch = Vec::with_capacity(self.batch);
        while let Some(first) = jobs.blocking_recv() {
            batch.push(first);
            while batch.len() < self.batch
                && let Ok(next) = jobs.try_recv()
            {
                batch.push(next);
            }
            let began = Instant::now();
            // Whatever happens, whoever waits hears of it, and the next batch is served.
            let fate =
                catch_unwind(AssertUnwindSafe(|| self.commit(&mut batch))).unwrap_or_else(|_| {
                    tracing::error!("the writer of the journal panicked; its file is opened anew");
                    Fate::Failed {
                        kind: ErrorKind::Unknown,
                        reopen: true,
                    }
                });
            let failed = matches!(fate, Fate::Failed { .. });
            self.failing.store(failed, Ordering::Relaxed);
            if let Some(observer) = &self.observer {
                observer.committed(batch.len(), began.elapsed(), failed);
            }
            let wakes = batch.iter().any(|job| job.wakes());
            for job in batch.drain(..) {
                job.answer(fate);
            }
            if wakes {
                // Also when the callers have gone: what they brought is due.
                self.arrivals.notify_waiters();
            }
            if self.shrink.swap(false, Ordering::Relaxed) {
                self.cut_log();
            }
        }
        if let Some(connection) = self.connection.take() {
            // What stays in the log is read at the next start.
            let _ = connection.close();
        }
    }

    /// Carries out a batch in one transaction. The handle is out of place meanwhile: a panic takes
    /// it, and with it the transaction.
    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Fate {
        let now = self.wall.now_ms();
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => match schema::open(&self.opening) {
                Ok((connection, _)) => connection,
                Err(error) => {
                    let kind = error.kind();
                    return Fate::Failed { kind, reopen: true };
                }
            },
        };
        let fate = match transact(&connection, batch, now, &mut self.noted) {
            Ok(()) => Fate::Committed,
            Err((step, error)) => failed(&connection, step, &error),
        };
        if let Fate::Failed { reopen: true, kind } = fate {
            tracing::error!(?kind, "the file of the journal failed; it is opened anew");
        } else {
            self.connection = Some(connection);
        }
        fate
    }

    /// Writes the log back into the file and cuts it; a reader that is at it puts it off to the
    /// next time, rather than hold up everyone.
    fn cut_log(&self) {
        let Some(connection) = &self.connection else {
            return;
        };
        let cut = connection.busy_timeout(Duration::ZERO).and_then(|()| {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            })
        });
        let restored = connection.busy_timeout(schema::BUSY);
        if let Err(error) = cut.map(drop).and(restored) {
            tracing::warn!(%error, "the log of the journal was not cut");
        }
    }
}

/// Pages of 16 KiB for which it is worth while to write the log back and cut it.
const MANY_PAGES: i64 = 64;

/// Where in a transaction something failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Before,
    Commit,
}

fn transact(
    connection: &Connection,
    batch: &mut [Box<dyn Job>],
    now: i64,
    noted: &mut i64,
) -> Result<(), (Step, rusqlite::Error)> {
    let before = |error| (Step::Before, error);
    let execute = |sql: &str| {
        connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute([]))
    };
    execute("BEGIN IMMEDIATE").map_err(before)?;
    for job in batch {
        job.run(connection, now).map_err(before)?;
    }
    let note = now.saturating_sub(*noted) >= 1000;
    if note {
        note_time(connection, now).map_err(before)?;
    }
    execute("COMMIT").map_err(|error| (Step::Commit, error))?;
    if note {
        *noted = now;
    }
    Ok(())
}

/// What a failure means, after the transaction was taken back.
fn failed(connection: &Connection, step: Step, error: &rusqlite::Error) -> Fate {
    // SQLite may have taken it back itself, as it does when the disk is full.
    let back = connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
    // A commit whose fsync failed may be on the disk all the same.
    let kind = match step {
        Step::Commit if is_of_the_file(error) => ErrorKind::Unknown,
        _ => kind_of(error),
    };
    Fate::Failed {
        kind,
        reopen: !back || is_of_the_file(error),
    }
}

fn note_time(connection: &Connection, now: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO meta VALUES ('last_wall_ms', ?1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )?
        .execute(params![now])
        .map(drop)
}

#[cfg(test)]
mod tests;
