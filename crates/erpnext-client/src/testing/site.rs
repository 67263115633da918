//! The site: its data, its people, its switches; and the transaction of one request.

use std::collections::{HashMap, VecDeque};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::coerce::{cstr, site_text, text};
use super::failure::{Failure, Message};
use super::files::Blobs;
use super::naming::Numbers;
use super::ratelimit::RateLimit;
use super::schema::Schema;
use super::store::Store;
use super::users::Users;
use super::webhooks::Hooks;
use super::{LoggedRequest, permission::Right};
use crate::Dialect;

/// A document, or a row of one: its keys and tables.
pub(super) type Doc = Map<String, Value>;

/// All of it, behind one lock.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) store: Store,
    pub(super) dialect: Dialect,
    pub(super) traceback: bool,
    /// The one host it answers to, where it minds.
    pub(super) host: Option<String>,
    pub(super) zone: TimeZone,
    pub(super) zone_name: String,
    pub(super) users: Users,
    pub(super) blobs: Blobs,
    pub(super) hooks: Hooks,
    pub(super) rate: Option<RateLimit>,
    /// How many of the next writes end in a deadlock.
    pub(super) deadlocks: u32,
    /// The page that stands in for the next so many answers.
    pub(super) pages: Option<(u16, u32)>,
    pub(super) log: VecDeque<LoggedRequest>,
    /// Clear text of Password fields, by doctype, name and field.
    pub(super) passwords: HashMap<(String, String, String), String>,
    pub(super) clock: Clock,
    pub(super) journal: Vec<Undo>,
    random: u64,
    last: DateTime,
    /// Runs through all requests.
    pub(super) serial: u64,
}

/// Where the time comes from.
pub(super) struct Clock(pub(super) Box<dyn Fn() -> Timestamp + Send + Sync>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// How to take a step back.
#[derive(Debug)]
pub(super) enum Undo {
    Inserted(String, String),
    Updated(String, Doc),
    Removed(String, Doc),
    Renamed(String, String, String),
}

/// Who asks, and what was said meanwhile.
#[derive(Debug)]
pub(super) struct Cx {
    pub(super) user: String,
    /// Base URL by which the site was asked.
    pub(super) base: String,
    pub(super) messages: Vec<Message>,
}

impl Site {
    pub(super) fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            dialect: Dialect::V16,
            traceback: true,
            host: None,
            zone: TimeZone::get("America/Toronto").unwrap_or(TimeZone::UTC),
            zone_name: "America/Toronto".to_owned(),
            users: Users::default(),
            blobs: Blobs::default(),
            hooks: Hooks::default(),
            rate: None,
            deadlocks: 0,
            pages: None,
            log: VecDeque::new(),
            passwords: HashMap::new(),
            clock,
            journal: Vec::new(),
            random: 0x5eed,
            last: DateTime::default(),
            serial: 0,
        }
    }

    /// The time of the site's clock.
    pub(super) fn time(&self) -> DateTime {
        (self.clock.0)().to_zoned(self.zone.clone()).datetime()
    }

    /// A time stamp, never given before: two saves in one microsecond have two.
    pub(super) fn stamp(&mut self) -> String {
        let micros = self.time().round(jiff::Unit::Microsecond);
        let mut now = micros.unwrap_or_else(|_| self.time());
        if now <= self.last {
            let next = self.last.checked_add(SignedDuration::from_micros(1));
            now = next.unwrap_or(self.last);
        }
        self.last = now;
        site_text(now)
    }

    pub(super) fn today(&self) -> String {
        self.time().date().to_string()
    }

    /// Keeps what `work` did, unless it failed.
    pub(super) fn savepoint<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let (mark, queued) = (self.journal.len(), self.hooks.queued());
        let outcome = work(self);
        if outcome.is_err() {
            self.roll_back(mark);
            self.hooks.forget(queued);
        }
        outcome
    }

    /// Takes everything back that was written since.
    pub(super) fn roll_back(&mut self, mark: usize) {
        while self.journal.len() > mark {
            // What was there before goes back without question.
            let _ = match self.journal.pop() {
                Some(Undo::Inserted(doctype, name)) => {
                    self.store.remove(&doctype, &name);
                    Ok(())
                }
                Some(Undo::Updated(doctype, doc)) => {
                    self.store.update(&doctype, &text(&doc, "name"), doc)
                }
                Some(Undo::Removed(doctype, doc)) => self.store.insert(&doctype, doc),
                Some(Undo::Renamed(doctype, old, new)) => self.store.rename(&doctype, &new, &old),
                None => break,
            };
        }
    }

    pub(super) fn load(&self, doctype: &str, name: &str) -> Option<Doc> {
        self.store.get(doctype, name)
    }

    /// The document, or the 404 of it.
    pub(super) fn must_load(&self, doctype: &str, name: &str) -> Result<Doc, Failure> {
        self.load(doctype, name)
            .ok_or_else(|| Failure::not_found(doctype, name))
    }

    pub(super) fn db_insert(&mut self, doctype: &str, doc: Doc) -> Result<(), Failure> {
        let name = doc.get("name").map(cstr).unwrap_or_default();
        self.store
            .insert(doctype, doc)
            .map_err(|refusal| clash(refusal, doctype, &name))?;
        self.journal.push(Undo::Inserted(doctype.to_owned(), name));
        Ok(())
    }

    pub(super) fn db_update(
        &mut self,
        doctype: &str,
        before: Doc,
        doc: Doc,
    ) -> Result<(), Failure> {
        let name = text(&before, "name");
        self.store
            .update(doctype, &name, doc)
            .map_err(|refusal| clash(refusal, doctype, &name))?;
        self.journal.push(Undo::Updated(doctype.to_owned(), before));
        Ok(())
    }

    pub(super) fn db_remove(&mut self, doctype: &str, name: &str) -> Result<(), Failure> {
        let before = self.must_load(doctype, name)?;
        self.store.remove(doctype, name);
        self.journal.push(Undo::Removed(doctype.to_owned(), before));
        Ok(())
    }

    pub(super) fn db_rename(&mut self, doctype: &str, old: &str, new: &str) -> Result<(), Failure> {
        self.store.rename(doctype, old, new)?;
        let undo = Undo::Renamed(doctype.to_owned(), old.to_owned(), new.to_owned());
        self.journal.push(undo);
        Ok(())
    }

    /// Sets columns of a stored document, as `db_set` does: no checks, no new `modified`.
    pub(super) fn db_set(
        &mut self,
        doctype: &str,
        name: &str,
        values: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> Result<(), Failure> {
        let before = self.must_load(doctype, name)?;
        let mut after = before.clone();
        for (key, value) in values {
            after.insert(key.to_owned(), value);
        }
        self.db_update(doctype, before, after)
    }

    /// The doctype, or the 404 that lists answer.
    pub(super) fn schema(&self, doctype: &str) -> Result<Schema, Failure> {
        self.store
            .schema(doctype)
            .cloned()
            .ok_or_else(|| Failure::not_found("DocType", doctype))
    }

    /// The doctype, or the 500 of what loads its module first.
    pub(super) fn controller(&self, doctype: &str) -> Result<Schema, Failure> {
        self.store
            .schema(doctype)
            .cloned()
            .ok_or_else(|| Failure::no_module(doctype))
    }

    /// A document as an answer holds it: with its doctype, and nulls only where they are kept.
    pub(super) fn wire(&self, schema: &Schema, mut doc: Doc, nulls: bool) -> Value {
        doc.insert("doctype".to_owned(), json!(schema.name));
        for field in schema.tables() {
            let rows = doc
                .entry(field.fieldname.clone())
                .or_insert_with(|| json!([]));
            let rows = rows
                .as_array_mut()
                .map(Vec::as_mut_slice)
                .unwrap_or_default();
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                row.insert("doctype".to_owned(), json!(field.options));
                if !nulls {
                    row.retain(|_, value| !value.is_null());
                }
            }
        }
        if schema.issingle {
            doc.insert("idx".to_owned(), json!("0"));
        }
        if nulls {
            for field in schema.fields.iter().filter(|field| field.is_column()) {
                doc.entry(field.fieldname.clone()).or_insert(Value::Null);
            }
        } else {
            doc.retain(|_, value| !value.is_null());
        }
        Value::Object(doc)
    }

    pub(super) fn random(&mut self) -> u64 {
        // SplitMix64: the same order in every run.
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// So many letters and digits.
    pub(super) fn token(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
        let mut bits = 0;
        (0..length)
            .map(|at| {
                if at % 12 == 0 {
                    bits = self.random();
                }
                let index = usize::try_from(bits & 31).unwrap_or_default();
                bits >>= 5;
                ALPHABET.get(index).map_or('0', |&byte| char::from(byte))
            })
            .collect()
    }

    pub(super) fn may(&self, cx: &Cx, doctype: &str, right: Right, doc: Option<&Doc>) -> bool {
        let schema = self.store.schema(doctype);
        schema.is_some_and(|schema| self.users.may(&cx.user, schema, right, doc))
    }
}

impl Numbers for Site {
    fn next_in_series(&mut self, prefix: &str) -> u64 {
        self.store.next_in_series(prefix)
    }

    fn hash(&mut self) -> String {
        self.token(10)
    }

    fn moment(&self) -> DateTime {
        self.time()
    }
}

/// The database's refusals of a new row, in Frappe's words.
fn clash(refusal: super::refusal::Refusal, doctype: &str, name: &str) -> Failure {
    let key = |column: &str| {
        format!(
            "('{doctype}', '{name}', IntegrityError(1062, \"Duplicate entry '{name}' for key '{column}'\"))"
        )
    };
    let mut failure = match refusal.exc_type {
        "DuplicateEntryError" => Failure::raised(409, "DuplicateEntryError", key("PRIMARY")),
        "UniqueValidationError" => Failure::raised(417, "UniqueValidationError", key("unique")),
        _ => return refusal.into(),
    };
    let mut message = Message::said(refusal.message);
    if failure.status == 409 {
        message.title = "Duplicate Name";
        message.indicator = Some("red");
    }
    failure.messages.push(message);
    failure
}
