//! Devices: find a modem, read it, say how it is, ask something of it.

mod acs;
mod act;
mod lookup;
mod page;
mod screens;
mod service;

pub use self::lookup::Key;
pub(crate) use self::page::{present, screen_of, tone};
pub(crate) use self::service::{Reading, find, read};
pub use self::service::{nbi_client, probe};

use crate::platform::api::Api;

/// Routes and screens of this room.
pub fn api() -> Api {
    service::api().merge(acs::api()).merge(screens::api())
}
