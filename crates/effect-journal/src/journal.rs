//! What a journal promises.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use crate::{
    Accepted, Claim, Delivery, EffectKey, EffectRecord, Effects, Error, Intent, Item, Items, Lease,
    Leased, Retention, Seq, Stats, Swept, Take, UnderWay,
};

/// An inbox and a log of effects, durable: what a call has answered survives `kill -9` and the
/// power going off.
///
/// Every call is bounded in time and can be repeated. Dropping its future leaves nothing locked
/// for longer than a lease; what was begun may be done.
///
/// Backends pass [`testing::conformance`](crate::testing) (feature `testing`).
#[async_trait]
pub trait Journal: fmt::Debug + Send + Sync + 'static {
    /// Keeps a delivery. When this answers, it is on disk.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::ErrorKind) `Invalid`, `Full`, `Unavailable`, `Unknown`.
    async fn accept(&self, delivery: Delivery) -> Result<Accepted, Error>;

    /// Hands out items that are due, earliest due first, then by number.
    ///
    /// # Errors
    /// `Unavailable`, `Full`, `Unknown`: what was leased then comes back when the lease ends.
    async fn take(&self, take: Take) -> Result<Vec<Leased>, Error>;

    /// Says that an item is done.
    ///
    /// # Errors
    /// `Lost` when the lease has passed to another.
    async fn complete(&self, lease: &Lease) -> Result<(), Error>;

    /// Puts an item back, to be due at a time. `error` is kept, cut at 2 kB: no secrets, no bodies.
    ///
    /// # Errors
    /// `Lost` when the lease has passed to another.
    async fn retry(&self, lease: &Lease, at: Timestamp, error: &str) -> Result<(), Error>;

    /// Puts an item back because it is not its time: to be due at a time, the attempt not counted.
    /// `reason` is kept, cut at 2 kB: no secrets, no bodies.
    ///
    /// # Errors
    /// `Lost` when the lease has passed to another.
    async fn defer(&self, lease: &Lease, at: Timestamp, reason: &str) -> Result<(), Error>;

    /// Puts an item back as if it had not been taken: due at once, the attempt not counted.
    ///
    /// # Errors
    /// `Lost` when the lease has passed to another.
    async fn release(&self, lease: &Lease) -> Result<(), Error>;

    /// Gives an item up.
    ///
    /// # Errors
    /// `Lost` when the lease has passed to another.
    async fn bury(&self, lease: &Lease, error: &str) -> Result<(), Error>;

    /// Keeps an item for longer: so long from now.
    ///
    /// # Errors
    /// `Lost` when the lease has passed to another.
    async fn extend(&self, lease: &Lease, time: Duration) -> Result<Lease, Error>;

    /// Records the intent of an effect before it is performed, or tells what became of it.
    ///
    /// # Errors
    /// `Unavailable`, `Full`, `Unknown`: then do not perform it.
    async fn intend(&self, key: &EffectKey, claim: Duration) -> Result<Intent, Error>;

    /// Records the result of an effect.
    ///
    /// # Errors
    /// `Lost` when the claim has passed to another: that one looks, and finds the effect.
    async fn record(&self, claim: &Claim, result: Bytes) -> Result<(), Error>;

    /// Takes an intent back: the effect has certainly not happened.
    ///
    /// # Errors
    /// `Lost` when the claim has passed to another.
    async fn abandon(&self, claim: &Claim) -> Result<(), Error>;

    /// Lets go of a claim without knowing how the effect ended: whoever comes next looks first.
    ///
    /// # Errors
    /// `Lost` when the claim has passed to another.
    async fn unsure(&self, claim: &Claim) -> Result<(), Error>;

    /// Lists items without their bodies, newest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn items(&self, items: Items) -> Result<Vec<Item>, Error>;

    /// One item with its body.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn item(&self, seq: Seq) -> Result<Option<Item>, Error>;

    /// Makes an item that is dead or done due at once, as if it had just come.
    ///
    /// # Errors
    /// `NotFound` when there is none in such a state, or its body was forgotten.
    async fn replay(&self, seq: Seq) -> Result<(), Error>;

    /// How much there is.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn stats(&self) -> Result<Stats, Error>;

    /// Forgets some of what is done and old.
    ///
    /// # Errors
    /// `Unavailable`, `Full`, `Unknown`.
    async fn sweep(&self, retention: Retention) -> Result<Swept, Error>;

    /// Lists effects that were begun and have no result, oldest first.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn effects(&self, effects: Effects) -> Result<Vec<EffectRecord>, Error>;

    /// What is known of an effect, with or without a result.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn effect(&self, key: &EffectKey) -> Result<Option<EffectRecord>, Error>;

    /// Finishes what was begun and lets go of everything; calls from then on are refused.
    async fn close(&self);

    /// Whether new deliveries are being refused, as far as is known without asking: the disk is
    /// nearly full, or the last commit failed. For a readiness probe.
    fn is_degraded(&self) -> bool;

    /// Waits until something that this would take may be due, but no longer than this.
    async fn wait(&self, take: &Take, at_most: Duration);

    /// The effects that are being performed through this journal and its clones.
    fn under_way(&self) -> &UnderWay;

    /// The journal's clock: the machine's, never running backwards.
    fn now(&self) -> Timestamp;
}

#[async_trait]
impl<J: Journal + ?Sized> Journal for Arc<J> {
    async fn accept(&self, delivery: Delivery) -> Result<Accepted, Error> {
        (**self).accept(delivery).await
    }
    async fn take(&self, take: Take) -> Result<Vec<Leased>, Error> {
        (**self).take(take).await
    }
    async fn complete(&self, lease: &Lease) -> Result<(), Error> {
        (**self).complete(lease).await
    }
    async fn retry(&self, lease: &Lease, at: Timestamp, error: &str) -> Result<(), Error> {
        (**self).retry(lease, at, error).await
    }
    async fn defer(&self, lease: &Lease, at: Timestamp, reason: &str) -> Result<(), Error> {
        (**self).defer(lease, at, reason).await
    }
    async fn release(&self, lease: &Lease) -> Result<(), Error> {
        (**self).release(lease).await
    }
    async fn bury(&self, lease: &Lease, error: &str) -> Result<(), Error> {
        (**self).bury(lease, error).await
    }
    async fn extend(&self, lease: &Lease, time: Duration) -> Result<Lease, Error> {
        (**self).extend(lease, time).await
    }
    async fn intend(&self, key: &EffectKey, claim: Duration) -> Result<Intent, Error> {
        (**self).intend(key, claim).await
    }
    async fn record(&self, claim: &Claim, result: Bytes) -> Result<(), Error> {
        (**self).record(claim, result).await
    }
    async fn abandon(&self, claim: &Claim) -> Result<(), Error> {
        (**self).abandon(claim).await
    }
    async fn unsure(&self, claim: &Claim) -> Result<(), Error> {
        (**self).unsure(claim).await
    }
    async fn items(&self, items: Items) -> Result<Vec<Item>, Error> {
        (**self).items(items).await
    }
    async fn item(&self, seq: Seq) -> Result<Option<Item>, Error> {
        (**self).item(seq).await
    }
    async fn replay(&self, seq: Seq) -> Result<(), Error> {
        (**self).replay(seq).await
    }
    async fn stats(&self) -> Result<Stats, Error> {
        (**self).stats().await
    }
    async fn sweep(&self, retention: Retention) -> Result<Swept, Error> {
        (**self).sweep(retention).await
    }
    async fn effects(&self, effects: Effects) -> Result<Vec<EffectRecord>, Error> {
        (**self).effects(effects).await
    }
    async fn effect(&self, key: &EffectKey) -> Result<Option<EffectRecord>, Error> {
        (**self).effect(key).await
    }
    async fn close(&self) {
        (**self).close().await;
    }
    fn is_degraded(&self) -> bool {
        (**self).is_degraded()
    }
    async fn wait(&self, take: &Take, at_most: Duration) {
        (**self).wait(take, at_most).await;
    }
    fn under_way(&self) -> &UnderWay {
        (**self).under_way()
    }
    fn now(&self) -> Timestamp {
        (**self).now()
    }
}
