//! What the settings screen shows.

use effect_journal::{Item, Seq, Stats};
use jiff::Timestamp;
use ui_kit::Lang;

use crate::platform::health::Dependency;

/// The whole screen.
#[derive(Debug)]
pub(super) struct SettingsView<'a> {
    /// Language of the person.
    pub lang: Lang,
    /// The moment of rendering.
    pub now: Timestamp,
    /// Token of the forms.
    pub csrf: &'a str,
    /// Id of the request, for whoever has to look a failure up.
    pub request_id: &'a str,
    /// Each dependency by its name in `/ready`.
    pub dependencies: Vec<(&'static str, Dependency)>,
    /// What the journal holds.
    pub journal: Reading,
    /// Outcome of what was just asked.
    pub notice: Option<Notice>,
}

/// What was read from the journal.
#[derive(Debug)]
pub(super) enum Reading {
    /// There is none.
    Off,
    /// It cannot be read.
    Unavailable,
    /// All of it.
    Read(Box<Events>),
}

/// Events that were given up, and those that wait for another attempt.
#[derive(Debug)]
pub(super) struct Events {
    /// How much there is.
    pub stats: Stats,
    /// A page of those that were given up, newest first.
    pub dead: Vec<Item>,
    /// The page on which this is.
    pub after: Option<Seq>,
    /// Where the next page begins.
    pub next: Option<Seq>,
    /// Those that failed and will be tried again, newest first.
    pub waiting: Vec<Item>,
}

/// How a replay ended, told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// The event is due again.
    Replayed(i64),
    /// It was not given up, or is gone: nothing changed.
    NotDead(i64),
    /// The journal did not answer: it may be due again or not.
    Unknown(i64),
}
