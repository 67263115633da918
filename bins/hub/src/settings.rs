//! The console's settings: how the integrations are, and what could not be processed.

mod inbox;
mod page;
mod screens;
mod view;
mod words;

use crate::platform::api::Api;

/// Routes and screens of this room.
pub fn api() -> Api {
    inbox::api().merge(screens::api())
}
