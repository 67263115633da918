#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(feature = "axum", feature = "listener"))]
mod body;
mod bus;
mod core;
mod error;
mod frame;
mod id;
#[cfg(feature = "listener")]
mod listener;
mod live;
mod options;
mod reader;
mod subscription;
#[cfg(feature = "testing")]
pub mod testing;
mod topic;

pub use bus::{Event, EventBus, EventStream, Followed, Follower, Replay};
pub use error::Error;
pub use id::{Epoch, EventId};
#[cfg(feature = "listener")]
pub use listener::{Refusal, SseListener, tune};
pub use live::{LiveEvents, Published, Stats};
pub use options::Options;
pub use reader::{Ended, Reader};
pub use subscription::{Subscription, Topics};
pub use topic::{EventName, Topic};
