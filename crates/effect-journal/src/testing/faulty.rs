//! A journal that fails on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use crate::{
    Accepted, Claim, Delivery, EffectKey, EffectRecord, Effects, Error, ErrorKind, Intent, Item,
    Items, Journal, Lease, Leased, Retention, Seq, Stats, Swept, Take, UnderWay,
};

/// What befalls a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It fails, and nothing has happened.
    Before(ErrorKind),
    /// It is carried out, and fails as [`ErrorKind::Unknown`]: the answer is lost.
    After,
    /// It is carried out after this time.
    Delay(Duration),
}

/// Any journal, with faults: each planned one befalls the next write.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use effect_journal::{Accepted, Delivery, ErrorKind, Journal as _, SqliteJournal};
/// use effect_journal::testing::{Fault, FaultyJournal};
///
/// # tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
/// # let folder = tempfile::tempdir()?;
/// let journal = FaultyJournal::new(Arc::new(SqliteJournal::open(folder.path()).await?));
/// journal.plan([Fault::After]);
/// let event = Delivery::new("stripe", "evt_1", b"{}".to_vec());
/// let lost = journal.accept(event.clone()).await.unwrap_err();
/// assert_eq!(lost.kind(), ErrorKind::Unknown);
/// assert!(matches!(journal.accept(event).await?, Accepted::Duplicate { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct FaultyJournal {
    journal: Arc<dyn Journal>,
    plan: Arc<Mutex<VecDeque<Fault>>>,
}

impl FaultyJournal {
    /// A journal without faults as yet.
    #[must_use]
    pub fn new(journal: Arc<dyn Journal>) -> Self {
        Self {
            journal,
            plan: Arc::default(),
        }
    }

    /// Adds faults, one for each of the next writes.
    pub fn plan(&self, faults: impl IntoIterator<Item = Fault>) {
        let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        plan.extend(faults);
    }

    async fn befall<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let fault = {
            let mut plan = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
            plan.pop_front()
        };
        match fault {
            None => call.await,
            Some(Fault::Before(kind)) => Err(kind.into()),
            Some(Fault::After) => {
                call.await?;
                Err(ErrorKind::Unknown.into())
            }
            Some(Fault::Delay(time)) => {
                tokio::time::sleep(time).await;
                call.await
            }
        }
    }
}

#[async_trait]
impl Journal for FaultyJournal {
    async fn accept(&self, delivery: Delivery) -> Result<Accepted, Error> {
        self.befall(self.journal.accept(delivery)).await
    }
    async fn take(&self, take: Take) -> Result<Vec<Leased>, Error> {
        self.befall(self.journal.take(take)).await
    }
    async fn complete(&self, lease: &Lease) -> Result<(), Error> {
        self.befall(self.journal.complete(lease)).await
    }
    async fn retry(&self, lease: &Lease, at: Timestamp, error: &str) -> Result<(), Error> {
        self.befall(self.journal.retry(lease, at, error)).await
    }
    async fn defer(&self, lease: &Lease, at: Timestamp, reason: &str) -> Result<(), Error> {
        self.befall(self.journal.defer(lease, at, reason)).await
    }
    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        self.befall(self.journal.release(lease)).await
    }
    async fn bury(&self, lease: &Lease, error: &str) -> Result<(), Error> {
        self.befall(self.journal.bury(lease, error)).await
    }
    async fn extend(&self, lease: &Lease, time: Duration) -> Result<Lease, Error> {
        self.befall(self.journal.extend(lease, time)).await
    }
    async fn intend(&self, key: &EffectKey, claim: Duration) -> Result<Intent, Error> {
        self.befall(self.journal.intend(key, claim)).await
    }
    async fn record(&self, claim: &Claim, result: Bytes) -> Result<(), Error> {
        self.befall(self.journal.record(claim, result)).await
    }
    async fn abandon(&self, claim: &Claim) -> Result<(), Error> {
        self.befall(self.journal.abandon(claim)).await
    }
    async fn unsure(&self, claim: &Claim) -> Result<(), Error> {
        self.befall(self.journal.unsure(claim)).await
    }
    async fn items(&self, items: Items) -> Result<Vec<Item>, Error> {
        self.journal.items(items).await
    }
    async fn item(&self, seq: Seq) -> Result<Option<Item>, Error> {
        self.journal.item(seq).await
    }
    async fn replay(&self, seq: Seq) -> Result<(), Error> {
        self.befall(self.journal.replay(seq)).await
    }
    async fn stats(&self) -> Result<Stats, Error> {
        self.journal.stats().await
    }
    async fn sweep(&self, retention: Retention) -> Result<Swept, Error> {
        self.befall(self.journal.sweep(retention)).await
    }
    async fn effects(&self, effects: Effects) -> Result<Vec<EffectRecord>, Error> {
        self.journal.effects(effects).await
    }
    async fn effect(&self, key: &EffectKey) -> Result<Option<EffectRecord>, Error> {
        self.journal.effect(key).await
    }
    async fn close(&self) {
        self.journal.close().await;
    }
    fn is_degraded(&self) -> bool {
        self.journal.is_degraded()
    }
    async fn wait(&self, take: &Take, at_most: Duration) {
        self.journal.wait(take, at_most).await;
    }
    fn under_way(&self) -> &UnderWay {
        self.journal.under_way()
    }
    fn now(&self) -> Timestamp {
        self.journal.now()
    }
}
