//! Documents kept for a while.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::OnceCell;

use super::Docs;
use crate::{DocName, Error, Record};

/// Other spellings that are remembered for a document.
const SPELLINGS: usize = 8;

/// Documents that are read again only after a time; begun by [`Docs::cached`].
///
/// Kept under the name the site *answered*, and found under every spelling that was asked for:
/// `ete` and `été` are one entry. Callers that ask for the same name at the same time share one
/// call. That a document does not exist is not remembered, nor is an error. When it is full, the
/// entry that was not asked for the longest makes room.
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// use std::time::Duration;
/// use erpnext_client::DocName;
///
/// let technicians = client.documents("Technician").cached(Duration::from_secs(60), 200);
/// let name = DocName::new("TECH-0001")?;
/// let technician = technicians.find(&name).await?;
/// technicians.invalidate(&name);
/// # Ok(()) }
/// ```
pub struct Cache<T> {
    docs: Docs<T>,
    ttl: Duration,
    capacity: usize,
    state: Mutex<State<T>>,
}

/// A call under way, which those who ask for the same name meanwhile wait for.
struct Flight<T> {
    epoch: u64,
    began: SystemTime,
    answer: OnceCell<Option<Arc<T>>>,
}

/// Ends a flight when the last who waits for it has gone, with an answer or without.
struct Passenger<'a, T: Record> {
    cache: &'a Cache<T>,
    name: &'a DocName,
    flight: Arc<Flight<T>>,
}

impl<T: Record> Drop for Passenger<'_, T> {
    fn drop(&mut self) {
        let mut state = self.cache.state();
        let ours = |other: &Arc<Flight<T>>| Arc::ptr_eq(other, &self.flight);
        // The map's and this one.
        let last = Arc::strong_count(&self.flight) <= 2;
        if (last || self.flight.answer.initialized())
            && state.flights.get(self.name).is_some_and(ours)
        {
            state.flights.remove(self.name);
        }
    }
}

struct State<T> {
    /// By the name answered.
    entries: HashMap<DocName, Entry<T>>,
    /// Spellings asked for, the name answered.
    spellings: HashMap<DocName, DocName>,
    /// When an entry was last asked for.
    used: BTreeMap<u64, DocName>,
    tick: u64,
    /// Calls under way, by the name asked for.
    flights: HashMap<DocName, Arc<Flight<T>>>,
    /// Grows with each invalidation: what was read before is not kept.
    epoch: u64,
}

struct Entry<T> {
    document: Arc<T>,
    read: SystemTime,
    tick: u64,
    spellings: Vec<DocName>,
}

impl<T: Record> Docs<T> {
    /// A cache of these documents, for so long and so many.
    #[must_use]
    pub fn cached(&self, ttl: Duration, capacity: usize) -> Cache<T> {
        Cache {
            docs: self.clone(),
            ttl,
            capacity: capacity.max(1),
            state: Mutex::new(State {
                entries: HashMap::new(),
                spellings: HashMap::new(),
                used: BTreeMap::new(),
                tick: 0,
                flights: HashMap::new(),
                epoch: 0,
            }),
        }
    }
}

impl<T: Record> Cache<T> {
    /// A document, from the cache while it is fresh; `None` when there is none.
    ///
    /// # Errors
    /// See [`Error`]; an error is not kept.
    pub async fn find(&self, name: &DocName) -> Result<Option<Arc<T>>, Error> {
        let now = self.docs.client.inner.clock.now();
        let flight = {
            let mut state = self.state();
            if let Some(document) = state.fresh(name, now, self.ttl) {
                return Ok(Some(document));
            }
            state.flight(name, now)
        };
        let passenger = Passenger {
            cache: self,
            name,
            flight,
        };
        let flight = &passenger.flight;
        let read = || async { Ok::<_, Error>(self.docs.find(name).await?.map(Arc::new)) };
        let found = flight.answer.get_or_try_init(read).await?.clone();
        if let Some(document) = &found {
            let mut state = self.state();
            if state.epoch == flight.epoch {
                state.keep(name, document.clone(), flight.began, self.capacity);
            }
        }
        Ok(found)
    }

    /// A document, from the cache while it is fresh.
    ///
    /// # Errors
    /// As [`find`](Self::find); [`Error::is_not_found`] when there is none.
    pub async fn get(&self, name: &DocName) -> Result<Arc<T>, Error> {
        match self.find(name).await? {
            Some(document) => Ok(document),
            // Its own words about it.
            None => self.docs.get(name).await.map(Arc::new),
        }
    }

    /// Forgets a document, under all its spellings; a call under way for it is not kept either.
    pub fn invalidate(&self, name: &DocName) {
        let mut state = self.state();
        state.epoch = state.epoch.wrapping_add(1);
        let answered = state.spellings.get(name).cloned();
        state.forget(answered.as_ref().unwrap_or(name));
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut state = self.state();
        state.epoch = state.epoch.wrapping_add(1);
        state.flights.clear();
        state.entries.clear();
        state.spellings.clear();
        state.used.clear();
    }

    /// How many documents are kept, fresh or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().entries.len()
    }

    /// Whether none are kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Record> State<T> {
    /// The call under way for a name; one that began before an invalidation is left alone.
    fn flight(&mut self, name: &DocName, now: SystemTime) -> Arc<Flight<T>> {
        match self.flights.get(name) {
            Some(flight) if flight.epoch == self.epoch => flight.clone(),
            _ => {
                let flight = Arc::new(Flight {
                    epoch: self.epoch,
                    began: now,
                    answer: OnceCell::new(),
                });
                self.flights.insert(name.clone(), flight.clone());
                flight
            }
        }
    }

    fn fresh(&mut self, name: &DocName, now: SystemTime, ttl: Duration) -> Option<Arc<T>> {
        let answered = self.spellings.get(name).unwrap_or(name).clone();
        let entry = self.entries.get_mut(&answered)?;
        // A clock that was set back makes nothing younger.
        if now.duration_since(entry.read).is_ok_and(|age| age < ttl) {
            self.used.remove(&entry.tick);
            self.tick = self.tick.wrapping_add(1);
            entry.tick = self.tick;
            self.used.insert(entry.tick, answered);
            return Some(entry.document.clone());
        }
        self.forget(&answered);
        None
    }

    fn keep(&mut self, asked: &DocName, document: Arc<T>, now: SystemTime, capacity: usize) {
        let answered = document.name().clone();
        let mut spellings = match self.forget(&answered) {
            Some(entry) => entry.spellings,
            None => Vec::new(),
        };
        while self.entries.len() >= capacity {
            let Some((_, oldest)) = self.used.pop_first() else {
                break;
            };
            self.forget(&oldest);
        }
        if *asked != answered && !spellings.contains(asked) {
            if spellings.len() >= SPELLINGS {
                spellings.remove(0);
            }
            spellings.push(asked.clone());
        }
        for spelling in &spellings {
            self.spellings.insert(spelling.clone(), answered.clone());
        }
        self.tick = self.tick.wrapping_add(1);
        self.used.insert(self.tick, answered.clone());
        let entry = Entry {
            document,
            read: now,
            tick: self.tick,
            spellings,
        };
        self.entries.insert(answered, entry);
    }

    fn forget(&mut self, answered: &DocName) -> Option<Entry<T>> {
        let entry = self.entries.remove(answered)?;
        self.used.remove(&entry.tick);
        for spelling in &entry.spellings {
            self.spellings.remove(spelling);
        }
        Some(entry)
    }
}

impl<T> fmt::Debug for Cache<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("docs", &self.docs)
            .field("ttl", &self.ttl)
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
