#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod backoff;
mod delivery;
mod effect;
mod error;
mod item;
mod journal;
mod observer;
mod once;
mod processor;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;

pub use backoff::Backoff;
pub use delivery::{Accepted, Delivery};
pub use effect::{Claim, EffectKey, EffectRecord, Effects, Intent, Turn, UnderWay};
pub use error::{Error, ErrorKind};
pub use item::{
    Item, ItemState, Items, Lease, Leased, Retention, Seq, SourceStats, Stats, Swept, Take,
};
pub use journal::Journal;
pub use observer::Observer;
pub use once::{Effect, EffectError, OnceError, Probe, once};
pub use processor::{Handler, Outcome, Processor, ProcessorBuilder};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteJournal, SqliteJournalBuilder};
