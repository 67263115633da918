//! The simulated fleet: customers' units as GenieACS device documents that move with time.
//!
//! A [`Fleet`] is laid out from a seed alone: the same seed and size give the same units, serial
//! numbers, households and troubles. A [`Cpe`] then writes its device document for a moment,
//! and reads part of itself again at a later one, as a refresh task would:
//!
//! ```
//! use sandbox::fleet::Fleet;
//!
//! let fleet = Fleet::new(7, 200);
//! let cpe = fleet.find(Fleet::exemplars().weak.id).ok_or("no such unit")?;
//!
//! let now = "2026-11-22T15:00:00Z".parse()?;
//! let mut document = cpe.document(now);
//! assert_eq!(document["_id"], cpe.id());
//!
//! let later = "2026-11-22T15:05:00Z".parse()?;
//! let leaves = cpe.read(&mut document, "Device.DeviceInfo", later);
//! assert!(leaves > 10);
//! assert_eq!(document["Device"]["DeviceInfo"]["UpTime"]["_timestamp"], "2026-11-22T15:05:00.000Z");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Units, families and addresses are invented; the shapes and the oddities (zeros that mean
//! nothing, leaves never read, numbers in text) are those of real firmware.

mod cast;
mod household;
mod models;
mod prng;
mod signal;
mod tree;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

pub use cast::{Exemplar, Exemplars};
use household::Household;
pub use models::Model;
use signal::Moment;
use tree::{Book, Leaf, Nature, stamp};

/// Time between two informs of a unit.
pub const INFORM_INTERVAL: SignedDuration = SignedDuration::from_secs(300);

/// What is wrong at a customer's.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Trouble {
    /// Nothing.
    None,
    /// Receives between -28.5 and -26 dBm: a dirty connector, a bent fibre.
    WeakSignal,
    /// No light any more: offline since some hours, its last reading shows it.
    NoLight,
    /// The transceiver runs far too warm.
    Hot,
    /// A device on Wi-Fi hangs on at -82 dBm or less.
    FarStation,
    /// In touch with the ACS, but the Internet connection does not come up.
    WanDown,
    /// Last heard of days ago, nothing wrong before: unplugged, or moved.
    Silent,
}

/// How a unit takes what the ACS asks of it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Behaviour {
    /// Opens a session at once and does what is asked.
    Answers,
    /// Does what is asked, after a long time.
    Slow,
    /// Cannot be reached.
    Asleep,
    /// Refuses every task with a CWMP fault.
    Faults {
        /// The CWMP fault code, 9000 to 9899.
        code: u16,
        /// The fault string the unit sends with it.
        string: String,
    },
}

/// One simulated unit.
#[derive(Clone, Debug)]
pub struct Cpe {
    id: String,
    model: Model,
    oui: &'static str,
    serial: String,
    pon_serial: String,
    index: u32,
    trouble: Trouble,
    behaviour: Behaviour,
    household: Household,
    /// What this unit's slow swings start from, in radians.
    phase: f64,
    rx_dbm: f64,
    tx_dbm: f64,
    bias_ma: f64,
    warmth: f64,
    /// Mean download in bytes a second.
    rate: f64,
    /// Seconds between two reboots, and the offset of the first.
    reboots: (i64, i64),
    /// For a unit out of touch, how long.
    silence: SignedDuration,
}

impl Cpe {
    /// The device id GenieACS gives it, parts escaped: `C0B101-ZXHN%20F670L-ZTEG0CAB0012`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The make and model.
    #[must_use]
    pub fn model(&self) -> Model {
        self.model
    }

    /// The manufacturer's identifier, six hex digits.
    #[must_use]
    pub fn oui(&self) -> &str {
        self.oui
    }

    /// The serial number as the unit reports it.
    #[must_use]
    pub fn serial(&self) -> &str {
        &self.serial
    }

    /// The serial number the OLT knows it by, twelve characters (`TPLG0CAB0012`); empty for a
    /// router without fibre.
    #[must_use]
    pub fn pon_serial(&self) -> &str {
        &self.pon_serial
    }

    /// The address of its LAN side, upper case with colons.
    #[must_use]
    pub fn mac(&self) -> String {
        self.mac_of(0)
    }

    /// The public address of its Internet connection when it is up.
    #[must_use]
    pub fn wan_ipv4(&self) -> Option<Ipv4Addr> {
        let up = !matches!(self.trouble, Trouble::NoLight | Trouble::WanDown);
        up.then(|| self.wan_address())
    }

    /// The family it serves.
    #[must_use]
    pub fn family(&self) -> &str {
        self.household.family
    }

    /// The name of its Wi-Fi network.
    #[must_use]
    pub fn ssid(&self) -> &str {
        &self.household.ssid
    }

    /// What is wrong with it.
    #[must_use]
    pub fn trouble(&self) -> Trouble {
        self.trouble
    }

    /// How it takes tasks.
    #[must_use]
    pub fn behaviour(&self) -> &Behaviour {
        &self.behaviour
    }

    /// How long it takes before a session is open.
    #[must_use]
    pub fn delay(&self) -> Duration {
        match self.behaviour {
            Behaviour::Slow => Duration::from_secs(7),
            Behaviour::Answers | Behaviour::Asleep | Behaviour::Faults { .. } => {
                Duration::from_millis(60 + u64::from(self.index % 17) * 20)
            }
        }
    }

    /// Writes the whole device document as the ACS would hold it at `now`: informed within the
    /// last five minutes (units out of touch: hours or days ago), readings of that moment,
    /// settings read some hours before, a few leaves never read.
    #[must_use]
    pub fn document(&self, now: Timestamp) -> Value {
        let heard = back(now, self.silence);
        let boot = self.boot(heard);
        let book = self.book(heard, boot);
        let mut root = book.nest(|leaf| match leaf.nature {
            Nature::Live => heard,
            Nature::Still | Nature::Unread => back(heard, self.read_before(&leaf.path)),
        });
        let registered = back(
            boot,
            SignedDuration::from_hours(24 * (40 + i64::from(self.index % 900))),
        );
        let boot = stamp(boot);
        root.insert("_id".into(), self.id.as_str().into());
        root.insert("_deviceId".into(), self.device_id().into());
        root.insert("_registered".into(), stamp(registered).into());
        root.insert("_lastBootstrap".into(), stamp(registered).into());
        root.insert("_lastBoot".into(), boot.into());
        root.insert("_lastInform".into(), stamp(heard).into());
        root.insert("_timestamp".into(), stamp(heard).into());
        root.insert("_tags".into(), self.model.tags().into());
        root.into()
    }

    /// Reads the leaves under a path again, as a `getParameterValues` or `refreshObject` task
    /// does once the unit answers: moving values take their value at `now`, leaves never read
    /// get one, settings keep what the document holds, and all are stamped. `""` is the whole
    /// tree; a `*` stands for any one name. Returns how many leaves were read.
    ///
    /// It is for the caller to leave a unit alone that does not answer ([`Cpe::behaviour`]).
    pub fn read(&self, document: &mut Value, prefix: &str, now: Timestamp) -> usize {
        self.read_each(document, &[prefix], now)
    }

    /// Lets the unit report in: dates of the document, and the few values an Inform carries.
    pub fn inform(&self, document: &mut Value, now: Timestamp) {
        let boot = stamp(self.boot_of(document, now));
        self.read_each(document, self.model.informs(), now);
        if let Some(root) = document.as_object_mut() {
            root.insert("_lastInform".into(), stamp(now).into());
            root.insert("_lastBoot".into(), boot.into());
        }
    }

    fn read_each(&self, document: &mut Value, prefixes: &[&str], now: Timestamp) -> usize {
        let book = self.book(now, self.boot_of(document, now));
        let leaves: HashMap<&str, &Leaf> = book
            .leaves()
            .iter()
            .map(|leaf| (leaf.path.as_str(), leaf))
            .collect();
        let now = Value::from(stamp(now));
        let Some(root) = document.as_object_mut() else {
            return 0;
        };
        let mut read = 0;
        for prefix in prefixes {
            let names = prefix.trim_end_matches('.').split('.');
            let names: Vec<&str> = names.filter(|name| !name.is_empty()).collect();
            read += refresh(root, &mut String::new(), &names, &leaves, &now);
        }
        read
    }

    /// Restarts the unit: its up time and counters begin again at `now`, and it reports in.
    pub fn reboot(&self, document: &mut Value, now: Timestamp) {
        if let Some(root) = document.as_object_mut() {
            root.insert("_lastBoot".into(), stamp(now).into());
        }
        self.inform(document, now);
    }

    /// True when the document's last inform is [`INFORM_INTERVAL`] old and the unit can be heard.
    #[must_use]
    pub fn is_due(&self, document: &Value, now: Timestamp) -> bool {
        let last = date_at(document, "_lastInform");
        self.behaviour != Behaviour::Asleep
            && last.is_none_or(|last| now.duration_since(last) >= INFORM_INTERVAL)
    }

    fn book(&self, at: Timestamp, boot: Timestamp) -> Book {
        let mut book = Book::default();
        self.model
            .write(self, &Moment::new(self, at, boot), &mut book);
        book
    }

    /// The last reboot by the unit's own rhythm.
    fn boot(&self, now: Timestamp) -> Timestamp {
        let (period, offset) = self.reboots;
        let since = (now.as_second() - offset).rem_euclid(period.max(1));
        back(now, SignedDuration::from_secs(since))
    }

    /// The last reboot: the unit's own or the one it was asked for, whichever is later.
    fn boot_of(&self, document: &Value, now: Timestamp) -> Timestamp {
        let own = self.boot(now);
        let asked = date_at(document, "_lastBoot").filter(|&at| at <= now);
        asked.map_or(own, |asked| own.max(asked))
    }

    /// How long before the last inform a setting was read: by subtree, up to a day and a half.
    fn read_before(&self, path: &str) -> SignedDuration {
        let subtree = path
            .match_indices('.')
            .nth(2)
            .map_or(path, |(end, _)| &path[..end]);
        let mix = subtree.bytes().fold(u64::from(self.index), |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        let seconds = if mix.is_multiple_of(3) {
            mix % 120
        } else {
            mix % 130_000
        };
        SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0))
    }

    fn device_id(&self) -> Map<String, Value> {
        let mut parts = Map::new();
        parts.insert("_Manufacturer".into(), self.model.manufacturer().into());
        parts.insert("_OUI".into(), self.oui.into());
        parts.insert("_ProductClass".into(), self.model.product_class().into());
        parts.insert("_SerialNumber".into(), self.serial.as_str().into());
        parts
    }

    /// The address of interface `n` of the unit, 0 to 15.
    fn mac_of(&self, n: u32) -> String {
        let low = (self.index.wrapping_mul(16) | (n & 15)) & 0x00FF_FFFF;
        let [_, a, b, c] = low.to_be_bytes();
        let mut mac = String::with_capacity(17);
        for pair in self.oui.as_bytes().chunks(2) {
            mac.extend(pair.iter().map(|&b| char::from(b)));
            mac.push(':');
        }
        mac + &format!("{a:02X}:{b:02X}:{c:02X}")
    }

    /// An address of 100.64.0.0/10, the range carriers share.
    fn wan_address(&self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(Ipv4Addr::new(100, 64, 1, 0)) + (self.index & 0x001F_FFFF))
    }

    fn wan_gateway(&self) -> Ipv4Addr {
        let [a, b, _, _] = self.wan_address().octets();
        Ipv4Addr::new(a, b, 0, 1)
    }

    /// An address of the management network.
    fn management_address(&self) -> Ipv4Addr {
        Ipv4Addr::from(u32::from(Ipv4Addr::new(10, 64, 1, 0)) + (self.index & 0x001F_FFFF))
    }
}

/// A whole fleet.
#[derive(Clone, Debug)]
pub struct Fleet {
    cpes: Vec<Cpe>,
    by_id: HashMap<String, usize>,
}

impl Fleet {
    /// Lays out a fleet of `count` units, the [exemplars](Self::exemplars) first; never fewer
    /// than those. About one unit in five is in some trouble.
    #[must_use]
    pub fn new(seed: u64, count: usize) -> Self {
        let cpes = cast::cast(seed, count);
        let by_id = cpes
            .iter()
            .enumerate()
            .map(|(row, cpe)| (cpe.id.clone(), row))
            .collect();
        Self { cpes, by_id }
    }

    /// The units whose ids and stories never change, whatever the seed.
    #[must_use]
    pub const fn exemplars() -> Exemplars {
        Exemplars::ALL
    }

    /// Every unit.
    #[must_use]
    pub fn cpes(&self) -> &[Cpe] {
        &self.cpes
    }

    /// The unit of a device id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Cpe> {
        self.by_id.get(id).and_then(|&row| self.cpes.get(row))
    }

    /// Every unit's document at `now`.
    #[must_use]
    pub fn documents(&self, now: Timestamp) -> Vec<Value> {
        self.cpes.iter().map(|cpe| cpe.document(now)).collect()
    }
}

/// An earlier time, the earliest there is when the span is too long.
fn back(from: Timestamp, span: SignedDuration) -> Timestamp {
    from.checked_sub(span).unwrap_or(Timestamp::MIN)
}

fn date_at(document: &Value, key: &str) -> Option<Timestamp> {
    document.get(key)?.as_str()?.parse().ok()
}

/// Walks the document's nodes that lie on or under `prefix` and reads its leaves again.
fn refresh(
    node: &mut Map<String, Value>,
    path: &mut String,
    prefix: &[&str],
    leaves: &HashMap<&str, &Leaf>,
    now: &Value,
) -> usize {
    let mut read = 0;
    let here = path.len();
    for (name, child) in node.iter_mut().filter(|(name, _)| !name.starts_with('_')) {
        let below = match prefix {
            [] => &[],
            [wanted, below @ ..] if *wanted == name || *wanted == "*" => below,
            _ => continue,
        };
        let Some(child) = child.as_object_mut() else {
            continue;
        };
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        if child.get("_object").and_then(Value::as_bool) == Some(false) {
            if below.is_empty() {
                if let Some(leaf) = leaves.get(path.as_str()) {
                    let empty = !child.contains_key("_value");
                    if leaf.nature == Nature::Live || empty {
                        leaf.fill(child);
                    }
                }
                if child.contains_key("_value") {
                    child.insert("_timestamp".into(), now.clone());
                    read += 1;
                }
            }
        } else {
            if below.is_empty() && child.contains_key("_timestamp") {
                child.insert("_timestamp".into(), now.clone());
            }
            read += refresh(child, path, below, leaves, now);
        }
        path.truncate(here);
    }
    read
}
