//! What the screens of the clients show: read from several systems, rendered by `page`.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rust_decimal::Decimal;
use ui_kit::{Lang, Tone};

/// Who looks, when, and where the site's clocks are.
#[derive(Clone, Debug)]
pub(super) struct Moment<'a> {
    /// Language of the person.
    pub lang: Lang,
    /// The moment of rendering.
    pub now: Timestamp,
    /// Zone of the site, in which its naive times are.
    pub zone: TimeZone,
    /// Id of the request, for whoever has to look a failure up.
    pub request_id: &'a str,
}

impl Moment<'_> {
    /// The moment on the site's clocks.
    pub(super) fn local(&self) -> Zoned {
        self.now.to_zoned(self.zone.clone())
    }

    /// The day on the site's calendar.
    pub(super) fn today(&self) -> Date {
        self.local().date()
    }

    /// The moment that a naive time of the site means; the earlier one where a clock is set back.
    pub(super) fn instant(&self, at: DateTime) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(at).compatible().ok()
    }
}

/// A part of a page, which fails alone.
#[derive(Clone, Debug)]
pub(super) enum Part<T> {
    /// It was read.
    Read(T),
    /// It could not be read; the log says why.
    Unavailable,
}

impl<T> Part<T> {
    /// The part, where it was read.
    pub(super) fn read(&self) -> Option<&T> {
        match self {
            Self::Read(part) => Some(part),
            Self::Unavailable => None,
        }
    }
}

/// How it stands between a client and the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Served.
    Active,
    /// Not served for now.
    Suspended,
    /// Being connected.
    Installing,
    /// Will be served.
    Planned,
    /// Was served.
    Ended,
    /// The account is closed.
    Closed,
    /// Has never been served.
    NoService,
}

impl Standing {
    /// The gravest of what is known: the account's own marks, then the best of its locations.
    pub(super) fn of<'a>(
        disabled: bool,
        frozen: bool,
        locations: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        if disabled {
            return Self::Closed;
        }
        if frozen {
            return Self::Suspended;
        }
        locations
            .into_iter()
            .filter_map(|status| match status {
                "Active" => Some(Self::Active),
                "Suspended" => Some(Self::Suspended),
                "Installing" => Some(Self::Installing),
                "Planned" | "Serviceable" => Some(Self::Planned),
                "Terminated" => Some(Self::Ended),
                _ => None,
            })
            .min_by_key(|standing| *standing as u8)
            .unwrap_or(Self::NoService)
    }
}

/// Who a page is about.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// Name of the document, the key of everything else.
    pub id: String,
    /// Name of the person or the company.
    pub name: String,
    /// How it stands; none where that could not be read.
    pub standing: Option<Standing>,
    /// Where the service is, on one line.
    pub address: Option<String>,
    /// Telephone, as it was written down.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

/// A client that a search found.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    /// The client.
    pub who: Identity,
    /// What is due; none where that could not be read.
    pub balance: Option<Decimal>,
}

/// What came of a search.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// Nothing was asked yet.
    Nothing,
    /// What was typed is too long to be any of it.
    TooLong,
    /// At least one client, or none while every part was read.
    Clients {
        /// At most [`MOST_HITS`].
        hits: Vec<Hit>,
        /// Whether there are more.
        more: bool,
        /// Whether a part of the search failed.
        partial: bool,
    },
    /// Nothing could be read.
    Unavailable,
}

/// Most clients that a search shows.
pub(super) const MOST_HITS: usize = 50;

/// What is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Balance {
    /// Sum of what is outstanding, credits taken off.
    pub due: Decimal,
    /// Invoices that are not paid.
    pub unpaid: usize,
    /// Of these, the ones past their due date.
    pub late: usize,
    /// Days since the oldest of those was due.
    pub oldest_days: Option<i32>,
    /// The invoice that has waited longest.
    pub oldest: Option<String>,
    /// Whether there were too many to add up.
    pub cut: bool,
}

/// What the client has subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Name of the plan.
    pub name: String,
    /// Price by month without taxes, where it is fixed.
    pub monthly: Option<Decimal>,
    /// How many more plans there are.
    pub others: usize,
    /// What the subscription is, where it is not simply in force.
    pub note: Option<PlanNote>,
}

/// A subscription that is not simply in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlanNote {
    /// In its trial.
    Trial,
    /// Its last invoice is not paid.
    Unpaid,
}

/// The next visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Appointment {
    /// The day.
    pub date: Date,
    /// When it begins.
    pub start: Option<Time>,
    /// When it ends.
    pub end: Option<Time>,
    /// Who comes.
    pub technician: Option<String>,
}

/// One invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Invoice {
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued: Option<Date>,
    /// When it is due.
    pub due: Option<Date>,
    /// How it stands.
    pub state: InvoiceState,
    /// What it asks for.
    pub amount: Decimal,
}

/// How an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InvoiceState {
    /// Nothing is due.
    Paid,
    /// Something is due, not yet late.
    Unpaid,
    /// Something was paid, the rest is not late.
    PartlyPaid,
    /// Something is due since before today.
    Late,
    /// It gives money back.
    Credit,
}

impl InvoiceState {
    /// What amounts and dates say; the site's own word is only brought up to date at night.
    pub(super) fn of(
        amount: Decimal,
        outstanding: Decimal,
        due: Option<Date>,
        is_return: bool,
        today: Date,
    ) -> Self {
        if is_return || amount.is_sign_negative() && !amount.is_zero() {
            Self::Credit
        } else if outstanding <= Decimal::ZERO {
            Self::Paid
        } else if due.is_some_and(|due| due < today) {
            Self::Late
        } else if outstanding < amount {
            Self::PartlyPaid
        } else {
            Self::Unpaid
        }
    }
}

/// Invoices, newest first.
#[derive(Clone, Debug)]
pub(super) struct Invoices {
    /// The ones shown.
    pub rows: Vec<Invoice>,
    /// How many there are, where that could be counted.
    pub all: Option<u64>,
    /// Where the page of newer ones begins.
    pub newer: Option<String>,
    /// Where the page of older ones begins.
    pub older: Option<String>,
}

/// A device at the client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Equipment {
    /// Serial number.
    pub serial: String,
    /// What it is: `ONT`, `Router`, …
    pub kind: String,
    /// Brand and model, when known.
    pub model: Option<String>,
    /// What became of it: `Installed`, `Returned`, …
    pub status: String,
    /// How the device server calls it.
    pub managed: Option<Managed>,
}

/// How the device server knows a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Managed {
    /// By its id.
    Id(String),
    /// By its serial number.
    Serial(String),
}

/// What a modem says now.
#[derive(Clone, Debug)]
pub(super) struct Live {
    /// Serial number, from ERPNext.
    pub serial: String,
    /// Brand and model, when known.
    pub model: Option<String>,
    /// What was read.
    pub state: LiveState,
}

/// How reading a modem ended.
#[derive(Clone, Debug)]
pub(super) enum LiveState {
    /// It is known to the device server.
    Seen(Box<Seen>),
    /// The device server has never heard of it.
    Unknown,
    /// It could not be read.
    Failed,
}

/// A modem as it was last read.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The screen of the device.
    pub href: String,
    /// Whether it spoke to the device server lately.
    pub online: bool,
    /// When it last did.
    pub last_inform: Option<Timestamp>,
    /// Seconds since its Internet connection came up.
    pub up_s: Option<u64>,
    /// Received optical power.
    pub rx_dbm: Option<f64>,
    /// The verdict on its optics.
    pub optical: Tone,
    /// Devices on its Wi-Fi, where they were listed.
    pub wifi: Option<Wifi>,
}

/// Who is on Wi-Fi.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wifi {
    /// Devices present.
    pub present: usize,
    /// Of these, the ones too far away.
    pub weak: usize,
    /// The weakest signal.
    pub weakest_dbm: Option<f64>,
}

/// The modems of a client, read now.
#[derive(Clone, Debug)]
pub(super) enum LiveEquipment {
    /// There is no device server.
    NotConfigured,
    /// The client has no modem that it knows.
    None,
    /// What each says.
    Read(Vec<Live>),
}

/// What happened, newest first.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// The latest.
    pub events: Vec<Event>,
    /// What could not be read.
    pub missing: Vec<Source>,
}

/// Where events come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Invoices.
    Invoices,
    /// Payments.
    Payments,
    /// Jobs.
    Jobs,
    /// Issues.
    Issues,
    /// Communications.
    Messages,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// When, on the site's clocks.
    pub at: DateTime,
    /// Whether the hour is known, or the day alone.
    pub timed: bool,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// An invoice or a credit was issued.
    Invoiced {
        /// Its number.
        number: String,
        /// What it asks for.
        amount: Decimal,
        /// Whether it gives money back.
        credit: bool,
    },
    /// Money came in or went out.
    Paid {
        /// How much.
        amount: Decimal,
        /// By which means, in the site's words.
        means: Option<String>,
        /// Whether it was given back.
        back: bool,
    },
    /// A job was made, done or called off.
    Job {
        /// `Install`, `Repair`, …
        kind: String,
        /// `Open`, `Completed`, …
        status: String,
        /// The day it is for.
        day: Option<Date>,
        /// When it begins.
        start: Option<Time>,
    },
    /// An issue was opened.
    Issue {
        /// Its subject.
        subject: String,
        /// `Open`, `Closed`, …
        status: String,
    },
    /// A message came in or went out.
    Message {
        /// `Email`, `SMS`, `Phone`, …
        medium: String,
        /// Whether it came in.
        received: bool,
        /// How it begins, as plain text.
        text: String,
    },
}

/// Everything on the screen of a client.
#[derive(Clone, Debug)]
pub(super) struct Client {
    /// Who.
    pub who: Identity,
    /// What is due.
    pub balance: Part<Balance>,
    /// What the client has subscribed to.
    pub plan: Part<Option<Plan>>,
    /// The next visit.
    pub appointment: Part<Option<Appointment>>,
    /// The latest invoices.
    pub invoices: Part<Invoices>,
    /// Devices at the client's.
    pub equipment: Part<Vec<Equipment>>,
    /// What happened.
    pub history: History,
    /// Whether modems can be read at all.
    pub has_device_server: bool,
    /// Token of the forms by which payments are asked for; none where there is no Stripe.
    pub till: Option<String>,
}

/// A text of the site as plain text: entities that the site stored are undone, and what would
/// not be seen or would turn the line around is left out.
pub(super) fn plain(text: &str) -> String {
    let shown = |c: char| {
        !(c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
    };
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&");
    let text: String = text
        .chars()
        .map(|c| {
            if c.is_whitespace() && c != '\u{a0}' {
                ' '
            } else {
                c
            }
        })
        .filter(|c| shown(*c))
        .collect();
    text.trim().to_owned()
}

/// The beginning of an HTML text as plain text, tags and what is not shown left out.
pub(super) fn excerpt(html: &str, most_chars: usize) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let tag = from.get(1..).unwrap_or_default();
        // A sign that opens no tag is text.
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = tag;
            continue;
        }
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let hidden = matches!(name.as_str(), "script" | "style" | "head" | "title");
        let end = if hidden {
            let close = format!("</{name}");
            let lower = tag.to_ascii_lowercase();
            lower.find(&close).and_then(|at| {
                let after = tag.get(at..)?.find('>')?;
                Some(at + after)
            })
        } else {
            tag.find('>')
        };
        out.push(' ');
        rest = end.and_then(|end| tag.get(end + 1..)).unwrap_or_default();
        if out.len() > most_chars * 8 {
            break;
        }
    }
    out.push_str(rest);
    let words: Vec<&str> = out.split_whitespace().collect();
    cut(&plain(&words.join(" ")), most_chars)
}

/// At most so many characters, with an ellipsis where it was longer.
pub(super) fn cut(text: &str, most_chars: usize) -> String {
    match text.char_indices().nth(most_chars) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn an_invoice_stands_as_its_amounts_and_dates_say() {
        let today = "2026-11-22".parse().unwrap();
        let of = |amount: &str, outstanding: &str, due: &str, is_return| {
            let due = due.parse().ok();
            InvoiceState::of(money(amount), money(outstanding), due, is_return, today)
        };
        for (state, seen) in [
            (InvoiceState::Paid, of("91.97", "0", "2026-11-10", false)),
            (InvoiceState::Paid, of("0", "0", "2026-11-10", false)),
            (
                InvoiceState::Late,
                of("91.97", "91.97", "2026-11-21", false),
            ),
            (InvoiceState::Late, of("91.97", "0.01", "2026-11-21", false)),
            // Due today is not late.
            (
                InvoiceState::Unpaid,
                of("91.97", "91.97", "2026-11-22", false),
            ),
            (
                InvoiceState::PartlyPaid,
                of("91.97", "40", "2026-12-01", false),
            ),
            (InvoiceState::Unpaid, of("91.97", "91.97", "", false)),
            (InvoiceState::Credit, of("-20", "-20", "2026-11-10", true)),
            (InvoiceState::Credit, of("-20", "0", "2026-11-10", false)),
        ] {
            assert_eq!(state, seen);
        }
    }

    #[test]
    fn a_client_stands_as_the_best_location_unless_the_account_says_otherwise() {
        let of = |disabled, frozen, locations: &[&str]| {
            Standing::of(disabled, frozen, locations.iter().copied())
        };
        assert_eq!(
            of(false, false, &["Terminated", "Active"]),
            Standing::Active
        );
        assert_eq!(
            of(false, false, &["Terminated", "Suspended"]),
            Standing::Suspended
        );
        assert_eq!(of(false, false, &["Terminated"]), Standing::Ended);
        assert_eq!(of(false, false, &["Serviceable"]), Standing::Planned);
        assert_eq!(of(false, false, &["Weird"]), Standing::NoService);
        assert_eq!(of(false, false, &[]), Standing::NoService);
        assert_eq!(of(false, true, &["Active"]), Standing::Suspended);
        assert_eq!(of(true, true, &["Active"]), Standing::Closed);
    }

    #[test]
    fn html_becomes_the_words_that_a_reader_would_see() {
        let text = |html| excerpt(html, 40);
        assert_eq!(
            text("<p>Bonjour,<br>à&nbsp;quelle&amp;heure</p>"),
            "Bonjour, à\u{a0}quelle&heure"
        );
        assert_eq!(
            text("<STYLE>p{}</style>a<script>alert(1)</SCRIPT >b"),
            "a b"
        );
        assert_eq!(text("3 < 4 et 5 > 2"), "3 < 4 et 5 > 2");
        assert_eq!(text("<img src=x onerror=alert(1)>x"), "x");
        assert_eq!(text("<unfinished"), "");
        // Undone after the tags are gone: what was text stays text.
        assert_eq!(text("&lt;b&gt;gras&lt;/b&gt;"), "<b>gras</b>");
        assert_eq!(excerpt("un deux trois", 7), "un deux…");
        assert_eq!(plain("a\u{202e}b\u{0}c\nd"), "abc d");
        assert_eq!(plain(" R&amp;D "), "R&D");
    }

    proptest! {
        #[test]
        fn any_text_is_cut_and_none_panics(text in ".{0,300}", most in 1usize..50) {
            prop_assert!(excerpt(&text, most).chars().count() <= most + 1);
            prop_assert!(!plain(&text).chars().any(char::is_control));
        }
    }
}
