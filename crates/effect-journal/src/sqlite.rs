//! The embedded journal.

mod encode;
mod files;
mod inbox;
mod log;
mod read;
mod schema;
mod space;
mod time;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use integration_core::Clock;
use jiff::Timestamp;
use tokio::sync::Notify;

use self::read::Readers;
use self::space::Space;
use self::time::Wall;
use self::writer::{Care, Writer};
use crate::{
    Accepted, Claim, Delivery, EffectKey, EffectRecord, Effects, Error, ErrorKind, Intent, Item,
    Items, Journal, Lease, Leased, Observer, Retention, Seq, Stats, Swept, Take, UnderWay,
};

/// A journal in a folder of this machine: SQLite (WAL, `synchronous=FULL`), written by one thread
/// that commits what has come together in one go.
///
/// One process at a time; the folder must not be on a network file system. Cheap to clone; the
/// journal closes with the last clone, or with [`close`](Self::close).
///
/// # Examples
/// ```
/// use effect_journal::{Accepted, Delivery, Journal as _, SqliteJournal, Take};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// let folder = tempfile::tempdir()?;
/// let journal = SqliteJournal::open(folder.path()).await?;
/// let event = Delivery::new("stripe", "evt_1", b"{}".to_vec());
/// assert!(matches!(journal.accept(event.clone()).await?, Accepted::New(_)));
/// assert!(matches!(journal.accept(event).await?, Accepted::Duplicate { .. }));
///
/// for item in journal.take(Take::new(10)).await? {
///     journal.complete(&item.lease).await?;
/// }
/// journal.close().await;
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct SqliteJournal(Arc<Inner>);

struct Inner {
    writer: Writer,
    readers: Readers,
    wall: Arc<Wall>,
    /// The highest number that was given.
    last_seq: Arc<AtomicI64>,
    observer: Option<Arc<dyn Observer>>,
    arrivals: Arc<Notify>,
    under_way: UnderWay,
}

/// Settings of a [`SqliteJournal`].
#[derive(Debug)]
#[must_use]
pub struct SqliteJournalBuilder {
    folder: PathBuf,
    clock: Clock,
    queue: usize,
    batch: usize,
    patience: Duration,
    reserve: u64,
    max_pages: Option<u32>,
    observer: Option<Arc<dyn Observer>>,
}

impl SqliteJournalBuilder {
    /// Who is told of what the journal does; nobody unless set.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Another clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// So many writes may wait; the next is refused with `Full`. 4,096 unless set.
    pub fn queue(mut self, writes: usize) -> Self {
        self.queue = writes.max(1);
        self
    }

    /// So many writes share one commit at most; 256 unless set, 1 for none.
    pub fn batch(mut self, writes: usize) -> Self {
        self.batch = writes.max(1);
        self
    }

    /// How long a call waits for its commit before it answers `Unknown`; 10 s unless set.
    pub fn patience(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// Room to be left on the disk, in bytes: below it nothing more is accepted, while what is
    /// here is still worked on. 512 MiB unless set, or 5 % of a smaller disk.
    pub fn reserve(mut self, bytes: u64) -> Self {
        self.reserve = bytes;
        self
    }

    /// Largest file, in pages of 16 KiB. As large as the disk unless set.
    pub fn max_pages(mut self, pages: u32) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Opens the journal, making it where there is none. Leases and claims of an earlier process
    /// are void from here on.
    ///
    /// # Errors
    /// `InUse` when another process has it, `Corrupt` when its file is damaged, `Unavailable` for
    /// everything the file system refuses.
    pub async fn open(self) -> Result<SqliteJournal, Error> {
        tokio::task::spawn_blocking(move || self.open_blocking())
            .await
            .map_err(|panic| Error::with_source(ErrorKind::Unavailable, panic))?
    }

    fn open_blocking(self) -> Result<SqliteJournal, Error> {
        let lock = files::lock(&self.folder)?;
        let path = self.folder.join(files::DATABASE);
        let opening = schema::Opening {
            path: path.clone(),
            max_pages: self.max_pages,
        };
        let (connection, last) = schema::open(&opening)?;
        schema::check(&connection)?;
        let wall = Arc::new(Wall::new(self.clock, last));
        schema::void_leases(&connection, wall.now_ms())?;
        let last_seq = Arc::new(AtomicI64::new(schema::last_seq(&connection)?));
        let space = Space::new(self.folder, self.reserve);
        let arrivals = Arc::new(Notify::new());
        let writer = Writer::start(writer::Setup {
            connection,
            opening,
            lock,
            wall: wall.clone(),
            space,
            arrivals: arrivals.clone(),
            queue: self.queue,
            batch: self.batch,
            patience: self.patience,
            observer: self.observer.clone(),
        })?;
        Ok(SqliteJournal(Arc::new(Inner {
            writer,
            readers: Readers::new(path, self.patience),
            wall,
            last_seq,
            observer: self.observer,
            arrivals,
            under_way: UnderWay::default(),
        })))
    }
}

impl SqliteJournal {
    /// Opens the journal of a folder, with all settings as they are.
    ///
    /// # Errors
    /// As [`SqliteJournalBuilder::open`].
    pub async fn open(folder: impl AsRef<Path>) -> Result<Self, Error> {
        Self::builder(folder).open().await
    }

    /// Begins with the settings.
    pub fn builder(folder: impl AsRef<Path>) -> SqliteJournalBuilder {
        SqliteJournalBuilder {
            folder: folder.as_ref().to_owned(),
            clock: Clock::system(),
            queue: 4096,
            batch: 256,
            patience: Duration::from_secs(10),
            reserve: 512 * 1024 * 1024,
            max_pages: None,
            observer: None,
        }
    }

    /// Finishes what was begun and lets go of the folder. Calls from now on are refused.
    pub async fn close(&self) {
        Journal::close(self).await;
    }

    /// Writes a consistent copy to a file that does not exist yet, while the journal goes on.
    ///
    /// # Errors
    /// `Unavailable` with the reason.
    pub async fn backup(&self, to: impl Into<PathBuf>) -> Result<(), Error> {
        let (to, path) = (to.into(), self.0.readers.path()?);
        // A connection of its own, and as long as it takes.
        tokio::task::spawn_blocking(move || schema::copy(&path, &to))
            .await
            .map_err(|panic| Error::with_source(ErrorKind::Unavailable, panic))?
    }

    async fn keep(&self, delivery: Delivery) -> Result<Accepted, Error> {
        delivery.check()?;
        let bytes = delivery.body.len();
        let last = self.0.last_seq.clone();
        self.0
            .writer
            .accept(bytes, move |connection, now| {
                inbox::accept(connection, now, &delivery, &last)
            })
            .await
    }

    async fn done(&self, changed: Result<usize, Error>) -> Result<(), Error> {
        match changed? {
            0 => Err(ErrorKind::Lost.into()),
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn accept(&self, delivery: Delivery) -> Result<Accepted, Error> {
        let Some(observer) = &self.0.observer else {
            return self.keep(delivery).await;
        };
        let source = delivery.source.clone();
        let answer = self.keep(delivery).await;
        let told = answer.as_ref().map(|accepted| *accepted);
        observer.accepted(&source, told.map_err(Error::kind));
        answer
    }

    async fn take(&self, take: Take) -> Result<Vec<Leased>, Error> {
        self.0
            .writer
            .write(Care::WhileWanted, move |connection, now| {
                inbox::take(connection, now, &take)
            })
            .await
    }

    async fn complete(&self, lease: &Lease) -> Result<(), Error> {
        let lease = *lease;
        let changed = self
            .0
            .writer
            .write(Care::Wakes, move |connection, now| {
                inbox::complete(connection, now, lease)
            })
            .await;
        self.done(changed).await
    }

    async fn retry(&self, lease: &Lease, at: Timestamp, error: &str) -> Result<(), Error> {
        let (lease, error) = (*lease, encode::cut(error));
        let changed = self
            .0
            .writer
            .write(Care::OneWakes, move |connection, _| {
                inbox::retry(connection, lease, at, &error)
            })
            .await;
        self.done(changed).await
    }

    async fn defer(&self, lease: &Lease, at: Timestamp, reason: &str) -> Result<(), Error> {
        let (lease, reason) = (*lease, encode::cut(reason));
        let changed = self
            .0
            .writer
            .write(Care::OneWakes, move |connection, _| {
                inbox::defer(connection, lease, at.as_millisecond(), Some(&reason))
            })
            .await;
        self.done(changed).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        let lease = *lease;
        let changed = self
            .0
            .writer
            .write(Care::OneWakes, move |connection, now| {
                inbox::defer(connection, lease, now, None)
            })
            .await;
        self.done(changed).await
    }

    async fn bury(&self, lease: &Lease, error: &str) -> Result<(), Error> {
        let (lease, error) = (*lease, encode::cut(error));
        let changed = self
            .0
            .writer
            .write(Care::Wakes, move |connection, now| {
                inbox::bury(connection, now, lease, &error)
            })
            .await;
        self.done(changed).await
    }

    async fn extend(&self, lease: &Lease, time: Duration) -> Result<Lease, Error> {
        let lease = *lease;
        self.0
            .writer
            .write(Care::One, move |connection, now| {
                inbox::extend(connection, now, lease, time)
            })
            .await?
            .ok_or_else(|| ErrorKind::Lost.into())
    }

    async fn intend(&self, key: &EffectKey, claim: Duration) -> Result<Intent, Error> {
        let key = key.clone();
        self.0
            .writer
            // A fence that was drawn and not used does no harm.
            .write(Care::OneWanted, move |connection, now| {
                log::intend(connection, now, &key, claim)
            })
            .await
    }

    async fn record(&self, claim: &Claim, result: Bytes) -> Result<(), Error> {
        let claim = claim.clone();
        let changed = self
            .0
            .writer
            .write(Care::One, move |connection, now| {
                log::record(connection, now, &claim, &result)
            })
            .await;
        self.done(changed).await
    }

    async fn abandon(&self, claim: &Claim) -> Result<(), Error> {
        let claim = claim.clone();
        let changed = self
            .0
            .writer
            .write(Care::One, move |connection, _| {
                log::abandon(connection, &claim)
            })
            .await;
        self.done(changed).await
    }

    async fn unsure(&self, claim: &Claim) -> Result<(), Error> {
        let claim = claim.clone();
        let changed = self
            .0
            .writer
            .write(Care::One, move |connection, _| {
                log::unsure(connection, &claim)
            })
            .await;
        self.done(changed).await
    }

    async fn items(&self, items: Items) -> Result<Vec<Item>, Error> {
        self.0
            .readers
            .run(move |connection| read::items(connection, &items))
            .await
    }

    async fn item(&self, seq: Seq) -> Result<Option<Item>, Error> {
        self.0
            .readers
            .run(move |connection| read::item(connection, seq))
            .await
    }

    async fn replay(&self, seq: Seq) -> Result<(), Error> {
        let changed = self
            .0
            .writer
            .write(Care::Wakes, move |connection, now| {
                inbox::replay(connection, now, seq)
            })
            .await?;
        match changed {
            0 => Err(ErrorKind::NotFound.into()),
            _ => Ok(()),
        }
    }

    async fn stats(&self) -> Result<Stats, Error> {
        let now = self.0.wall.now_ms();
        self.0
            .readers
            .run(move |connection| read::stats(connection, now))
            .await
    }

    async fn sweep(&self, retention: Retention) -> Result<Swept, Error> {
        self.0.writer.sweep(retention).await
    }

    async fn effects(&self, effects: Effects) -> Result<Vec<EffectRecord>, Error> {
        self.0
            .readers
            .run(move |connection| read::effects(connection, &effects))
            .await
    }

    async fn effect(&self, key: &EffectKey) -> Result<Option<EffectRecord>, Error> {
        let key = key.clone();
        self.0
            .readers
            .run(move |connection| read::effect(connection, &key))
            .await
    }

    async fn close(&self) {
        self.0.readers.close();
        self.0.writer.close().await;
    }

    fn is_degraded(&self) -> bool {
        self.0.writer.is_degraded()
    }

    async fn wait(&self, take: &Take, at_most: Duration) {
        let arrival = self.0.arrivals.notified();
        tokio::pin!(arrival);
        // Heard of from here on, also what comes while the journal is being asked.
        arrival.as_mut().enable();
        let due = self
            .0
            .readers
            .run({
                let sources = take.sources.clone();
                move |connection| read::next_due(connection, &sources)
            })
            .await;
        let now = self.0.wall.now_ms();
        let wait = match due {
            Ok(Some(due)) if due <= now => return,
            Ok(Some(due)) => at_most.min(Duration::from_millis(due.abs_diff(now))),
            Ok(None) | Err(_) => at_most,
        };
        // Either way the caller looks.
        let _ = tokio::time::timeout(wait, arrival).await;
    }

    fn under_way(&self) -> &UnderWay {
        &self.0.under_way
    }

    fn now(&self) -> Timestamp {
        time::timestamp(self.0.wall.now_ms())
    }
}

impl fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteJournal").finish_non_exhaustive()
    }
}
