//! Screens of the network: search, one device, the restart that asks first.
//!
//! Pure functions from what was read to a page. The caller brings the [`ui_kit::Page`] with its frame
//! (person, language, theme, sections) and gets it back with its head and its body.

mod cards;
mod device;
mod reboot;
mod search;
mod sources;
mod tables;
#[cfg(test)]
mod tests;
mod verdict;

use jiff::Timestamp;
use tr181::{Health, Summary, Thresholds};
use ui_kit::{Lang, query_value};

pub(crate) use cards::present;
pub(super) use device::device;
pub(super) use reboot::reboot;
pub(super) use search::search;
pub(crate) use verdict::tone;

/// Address of the search screen.
pub(super) const SEARCH: &str = "/ops/network";
/// Address of the screen of a device.
pub(super) const DEVICE: &str = "/ops/network/device";
/// Where *Relire* is sent: POST with `csrf`, `serial`, `id`.
pub(super) const READ: &str = "/ops/network/device/read";
/// Address of the restart: GET shows the consequences, POST with `csrf`, `serial`, `id` acts.
pub(super) const REBOOT: &str = "/ops/network/device/reboot";

/// Which device a screen is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// Serial number, as it stands in the address.
    pub serial: &'a str,
    /// Id in the device server; tells two devices of one serial number apart.
    pub id: &'a str,
}

impl Target<'_> {
    /// Address of one of the screens about this device.
    pub(super) fn href(&self, screen: &str) -> String {
        let serial = query_value(self.serial);
        if self.id.is_empty() {
            format!("{screen}?serial={serial}")
        } else {
            format!("{screen}?serial={serial}&id={}", query_value(self.id))
        }
    }
}

/// Address of the screen of a device, for the other rooms; the id may be empty.
pub(crate) fn screen_of(serial: &str, id: &str) -> String {
    Target { serial, id }.href(DEVICE)
}

/// What the screen of a device shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeviceView<'a> {
    /// Language of the person.
    pub lang: Lang,
    /// The moment of rendering.
    pub now: Timestamp,
    /// Token of the forms.
    pub csrf: &'a str,
    /// The device.
    pub target: Target<'a>,
    /// Whether it spoke to the device server lately.
    pub online: bool,
    /// When it last spoke to the device server.
    pub last_inform: Option<Timestamp>,
    /// Everything that was read.
    pub summary: &'a Summary,
    /// The verdict on it, from [`tr181::health()`].
    pub health: &'a Health,
    /// The limits of that verdict.
    pub thresholds: &'a Thresholds,
    /// Seconds after which a reading is old: two reading periods.
    pub stale_after: u32,
    /// Outcome of what was just asked of it.
    pub notice: Option<Notice<'a>>,
}

/// Something that can be asked of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Its values were read again.
    Read,
    /// It was restarted.
    Reboot,
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome<'a> {
    /// The device did it.
    Done,
    /// The device does not answer: it will be asked when it comes back.
    Queued,
    /// The device refused, with its own words.
    Faulted(&'a str),
    /// The request never left: nothing was asked. The id of the request.
    Unreachable(&'a str),
    /// The request left and its answer was lost: the device may have done it. The id of the
    /// request.
    Unknown(&'a str),
    /// The request left and its answer has not come yet: the device may still be at it.
    Pending,
    /// The device was in a session: nothing was asked.
    Busy,
    /// The device server does not know the device: nothing was asked.
    Missing,
}

/// The outcome of an act, told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Notice<'a> {
    /// What was asked.
    pub act: Act,
    /// How it ended.
    pub outcome: Outcome<'a>,
}

/// What the search screen shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct SearchView<'a> {
    /// Language of the person.
    pub lang: Lang,
    /// The moment of rendering.
    pub now: Timestamp,
    /// What was typed, as it was typed.
    pub query: &'a str,
    /// What came of it.
    pub found: Found<'a>,
    /// Outcome of what was just asked of a device that cannot be shown.
    pub notice: Option<Notice<'a>>,
}

/// What came of a search. One device alone is not shown here: the answer is a redirect to it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    /// Nothing was asked yet.
    Nothing,
    /// What was typed can be neither a serial number nor an address.
    Invalid,
    /// No device has this number.
    None,
    /// Several devices; `more` when the list was cut.
    Several { devices: &'a [Match], more: bool },
    /// The device server could not be read; the id of the request.
    Unavailable { request_id: &'a str },
}

/// A device that a search found.
#[derive(Clone, Debug)]
pub(super) struct Match {
    /// Serial number.
    pub serial: String,
    /// Id in the device server.
    pub id: String,
    /// Manufacturer and model, when known.
    pub model: Option<String>,
    /// WAN address, when known.
    pub ip: Option<String>,
    /// Whether it spoke to the device server lately.
    pub online: bool,
    /// When it last spoke to the device server.
    pub last_inform: Option<Timestamp>,
}

/// What the screen of the restart shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct RebootView<'a> {
    /// Language of the person.
    pub lang: Lang,
    /// Token of the form.
    pub csrf: &'a str,
    /// The device.
    pub target: Target<'a>,
    /// Manufacturer and model, when known: see [`model_name`].
    pub model: &'a str,
    /// Whether it spoke to the device server lately.
    pub online: bool,
    /// How many devices are connected to it, when known.
    pub connected: Option<usize>,
}

/// Manufacturer and model as one name; empty when neither is known.
pub(super) fn model_name(summary: &Summary) -> String {
    let text = |fact: &Option<tr181::Fact<String>>| {
        fact.as_ref()
            .map(|fact| fact.value.trim().to_owned())
            .filter(|value| !value.is_empty())
    };
    let model = text(&summary.identity.model).or_else(|| text(&summary.identity.product_class));
    match (text(&summary.identity.manufacturer), model) {
        (Some(maker), Some(model)) if model.to_lowercase().starts_with(&maker.to_lowercase()) => {
            model
        }
        (Some(maker), Some(model)) => format!("{maker} {model}"),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => String::new(),
    }
}
