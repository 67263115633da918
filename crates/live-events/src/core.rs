//! The whole state, without a lock, a clock or a task: every step is a call with `now`.
//!
//! Publishing marks the readers of the topic and puts them in a queue; wakers are taken from
//! that queue in small batches. While a batch is served, more events may come, and whoever is
//! still in the queue is then given all of them at once: the more there is to send, the fewer
//! writes an event costs.

mod ring;
mod slots;
mod topics;

use std::collections::{BTreeSet, VecDeque};
use std::task::Waker;

use bytes::{Bytes, BytesMut};

use crate::frame;
use crate::id::{EventId, Position, random};
use crate::reader::Ended;
use crate::{Error, EventName, Options, Subscription, Topic};

use ring::{Bounds, Entry, Ring};
pub(crate) use slots::Key;
use slots::{Interest, NOTHING, Slot, Slots};
use topics::Registry;

/// Most events given to a reader at once.
const MAX_FRAMES: usize = 64;
/// Most bytes given to a reader at once, unless one event is longer.
const MAX_BATCH: usize = 64 * 1024;
/// In how many parts the readers are sent their signs of life.
pub(crate) const SHARES: u32 = 25;

/// What was counted since the start.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) published: u64,
    pub(crate) subscribed: u64,
    pub(crate) resumed: u64,
    pub(crate) reset: u64,
    pub(crate) slow: u64,
    pub(crate) expired: u64,
    pub(crate) batches: u64,
}

/// The answer to a reader that asks for more.
#[derive(Debug)]
pub(crate) enum Step<T> {
    Given(T),
    Wait,
    End(Ended),
}

/// Several events of one topic, put together once for all readers that are as far.
#[derive(Debug)]
struct Batch {
    topic: u32,
    from: u64,
    next: u64,
    pending: u64,
    told: u64,
    bytes: Bytes,
}

#[derive(Debug)]
pub(crate) struct State {
    epoch: crate::Epoch,
    last: Position,
    ring: Ring,
    topics: Registry,
    /// Numbers of the readers that want everything.
    followers: Vec<u32>,
    slots: Slots,
    expiries: BTreeSet<(i64, Key)>,
    queue: VecDeque<Key>,
    batch: Option<Batch>,
    ping: Option<(Position, Bytes)>,
    share: u32,
    pub(crate) draining: bool,
    pub(crate) counts: Counts,
    retry_ms: u64,
    max_readers: usize,
}

impl State {
    pub(crate) fn new(options: &Options) -> Self {
        let age_ms = i64::try_from(options.max_age.as_millis()).unwrap_or(i64::MAX);
        Self {
            epoch: options.epoch.clone(),
            last: (0, 0),
            ring: Ring::new(Bounds {
                events: options.ring,
                age_ms,
                bytes: options.max_bytes,
            }),
            topics: Registry::default(),
            followers: Vec::new(),
            slots: Slots::default(),
            expiries: BTreeSet::new(),
            queue: VecDeque::new(),
            batch: None,
            ping: None,
            share: 0,
            draining: false,
            counts: Counts::default(),
            retry_ms: u64::try_from(options.retry.as_millis()).unwrap_or(u64::MAX / 4),
            max_readers: options.max_readers,
        }
    }

    pub(crate) fn last_id(&self) -> EventId {
        EventId::from_parts(self.epoch.clone(), self.last)
    }

    pub(crate) fn readers(&self) -> usize {
        self.slots.len()
    }

    pub(crate) fn topic_count(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn ring_size(&self) -> (usize, usize) {
        (self.ring.len(), self.ring.bytes())
    }

    pub(crate) fn subscribers(&self, topic: &Topic) -> usize {
        self.topics
            .find(topic)
            .map_or(0, |entry| entry.readers.len())
    }

    /// Keeps an event and marks its readers; answers its id and how many readers the topic has.
    pub(crate) fn publish(
        &mut self,
        topic: &Topic,
        name: &EventName,
        data: &str,
        now_ms: i64,
    ) -> (EventId, usize) {
        let milliseconds = u64::try_from(now_ms).unwrap_or_default();
        // The clock may jump back, the ids may not.
        self.last = if milliseconds > self.last.0 {
            (milliseconds, 0)
        } else {
            (self.last.0, self.last.1 + 1)
        };
        let (frame, part) = frame::event(&self.epoch, self.last, name, data);
        let data = part.map_or_else(
            || Bytes::copy_from_slice(data.as_bytes()),
            |part| frame.slice(part),
        );
        let number = self.topics.number_of(topic);
        let place = self.ring.next();
        self.ring.push(Entry {
            id: self.last,
            at_ms: now_ms,
            topic: number,
            name: name.clone(),
            frame,
            data,
        });
        self.counts.published += 1;
        let mut subscribers = 0;
        if let Some(entry) = self.topics.get_mut(number) {
            entry.events += 1;
            subscribers = entry.readers.len();
            mark(&mut self.slots, &mut self.queue, &entry.readers, place);
        }
        mark(&mut self.slots, &mut self.queue, &self.followers, place);
        self.evict(now_ms);
        (self.last_id(), subscribers)
    }

    fn evict(&mut self, now_ms: i64) {
        while let Some(entry) = self.ring.evict(now_ms) {
            if let Some(topic) = self.topics.get_mut(entry.topic) {
                topic.events -= 1;
            }
            self.topics.tidy(entry.topic);
        }
    }

    /// Wakers of the next readers in the queue, at most so many.
    pub(crate) fn take_wakers(&mut self, most: usize) -> Vec<Waker> {
        let mut wakers = Vec::with_capacity(most.min(self.queue.len()));
        while wakers.len() < most
            && let Some(key) = self.queue.pop_front()
        {
            if let Some(slot) = self.slots.get_mut(key) {
                slot.queued = false;
                wakers.extend(slot.waker.take());
            }
        }
        wakers
    }

    pub(crate) fn has_queue(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Registers a reader and answers the first bytes of its stream.
    pub(crate) fn subscribe(
        &mut self,
        asked: &Subscription,
        now_ms: i64,
    ) -> Result<(Key, Bytes), Error> {
        self.admit()?;
        self.evict(now_ms);
        // Whoever resumes knows its place; whoever comes first is told it.
        let resumed = asked
            .last_event_id
            .as_deref()
            .map(|id| self.place_after(id));
        let mut numbers: Vec<(u32, u32)> = asked
            .topics
            .iter()
            .map(|topic| (self.topics.number_of(topic), 0))
            .collect();
        numbers.sort_unstable();
        let retry_ms = self.retry_ms + random() % (self.retry_ms * 2 / 3).max(1);
        let here = (resumed.is_none()).then_some((&self.epoch, self.last));
        let mut greeting = frame::greeting(retry_ms, here);
        if resumed == Some(None) {
            frame::reset(&mut greeting, &self.epoch, self.last);
            self.counts.reset += 1;
        }
        let expires_ms = asked
            .expires_at
            .map_or(i64::MAX, jiff::Timestamp::as_millisecond);
        let interest = Interest::Topics(numbers.into_boxed_slice());
        let from = resumed.flatten();
        if from.is_some() {
            self.counts.resumed += 1;
        }
        Ok((
            self.register(interest, from, expires_ms),
            Bytes::from(greeting),
        ))
    }

    /// Registers a reader of everything; answers whether it misses nothing since `from`.
    pub(crate) fn follow(
        &mut self,
        from: Option<&EventId>,
        now_ms: i64,
    ) -> Result<(Key, bool), Error> {
        self.admit()?;
        self.evict(now_ms);
        let resumed = from.map(|id| self.place_of(id));
        let exact = resumed != Some(None);
        let key = self.register(Interest::All, resumed.flatten(), i64::MAX);
        Ok((key, exact))
    }

    fn admit(&self) -> Result<(), Error> {
        if self.draining {
            return Err(Error::Draining);
        }
        if self.slots.len() >= self.max_readers {
            return Err(Error::Full);
        }
        Ok(())
    }

    fn place_after(&self, id: &str) -> Option<u64> {
        self.place_of(&id.parse().ok()?)
    }

    fn place_of(&self, id: &EventId) -> Option<u64> {
        if *id.epoch() != self.epoch {
            return None;
        }
        self.ring.after(id.position())
    }

    fn register(&mut self, interest: Interest, from: Option<u64>, expires_ms: i64) -> Key {
        let from = from.unwrap_or(self.ring.next());
        let pending = self.next_for(&interest, from);
        let key = self.slots.insert(Slot {
            interest,
            pending,
            waker: None,
            expires_ms,
            ended: None,
            queued: false,
            ping: false,
            told: from,
        });
        if expires_ms != i64::MAX {
            self.expiries.insert((expires_ms, key));
        }
        self.counts.subscribed += 1;
        let Self {
            slots,
            topics,
            followers,
            ..
        } = self;
        if let Some(slot) = slots.get_mut(key) {
            match &mut slot.interest {
                Interest::All => followers.push(key.index),
                Interest::Topics(numbers) => {
                    for (number, place) in numbers.iter_mut() {
                        if let Some(topic) = topics.get_mut(*number) {
                            *place = u32::try_from(topic.readers.len()).unwrap_or(u32::MAX);
                            topic.readers.push(key.index);
                        }
                    }
                }
            }
        }
        key
    }

    /// Place of the first event from a place on that is of interest.
    fn next_for(&self, interest: &Interest, from: u64) -> u64 {
        self.ring
            .from(from)
            .find(|(_, entry)| interest.covers(entry.topic))
            .map_or(NOTHING, |(place, _)| place)
    }

    /// Forgets a reader.
    pub(crate) fn unregister(&mut self, key: Key) {
        let Some(slot) = self.slots.remove(key) else {
            return;
        };
        if slot.expires_ms != i64::MAX {
            self.expiries.remove(&(slot.expires_ms, key));
        }
        if slot.ended.is_none() && slot.pending < self.ring.base() {
            self.counts.slow += 1;
        }
        match slot.interest {
            Interest::All => self.followers.retain(|&index| index != key.index),
            Interest::Topics(numbers) => {
                for &(number, place) in &numbers {
                    self.leave(number, place);
                    self.topics.tidy(number);
                }
            }
        }
    }

    /// Takes a reader out of the list of a topic; the last one of the list gets its place.
    fn leave(&mut self, number: u32, place: u32) {
        let Some(topic) = self.topics.get_mut(number) else {
            return;
        };
        if (place as usize) >= topic.readers.len() {
            return;
        }
        topic.readers.swap_remove(place as usize);
        let Some(&moved) = topic.readers.get(place as usize) else {
            return;
        };
        if let Some((_, slot)) = self.slots.at_mut(moved)
            && let Interest::Topics(numbers) = &mut slot.interest
            && let Ok(at) = numbers.binary_search_by_key(&number, |(number, _)| *number)
            && let Some((_, theirs)) = numbers.get_mut(at)
        {
            *theirs = place;
        }
    }

    /// Everything that waits for a reader, as far as one write may hold.
    pub(crate) fn poll(&mut self, key: Key, waker: &Waker, now_ms: i64) -> Step<Bytes> {
        let Some(slot) = self.slots.get_mut(key) else {
            return Step::End(Ended::Drained);
        };
        if let Some(ended) = end_of(slot, self.ring.base(), now_ms, &mut self.counts) {
            // Who leaves because we stop is given what was already there.
            let waits = slot.pending != NOTHING && slot.pending >= self.ring.base();
            if ended != Ended::Drained || !waits {
                return Step::End(ended);
            }
        }
        if slot.pending != NOTHING {
            slot.ping = false;
            let bytes = collect(&self.ring, &mut self.batch, slot);
            self.counts.batches += 1;
            return Step::Given(bytes);
        }
        if slot.ping {
            slot.ping = false;
            if slot.told == self.ring.next() {
                return Step::Given(Bytes::from_static(b": ping\n\n"));
            }
            slot.told = self.ring.next();
            let bytes = match &self.ping {
                Some((at, bytes)) if *at == self.last => bytes.clone(),
                _ => {
                    let bytes = frame::ping(Some((&self.epoch, self.last)));
                    self.ping = Some((self.last, bytes.clone()));
                    bytes
                }
            };
            return Step::Given(bytes);
        }
        park(slot, waker);
        Step::Wait
    }

    /// Why a reader has ended, for one who is busy with what it was given.
    pub(crate) fn poll_ended(&mut self, key: Key, waker: &Waker, now_ms: i64) -> Option<Ended> {
        let Some(slot) = self.slots.get_mut(key) else {
            return Some(Ended::Drained);
        };
        let ended = end_of(slot, self.ring.base(), now_ms, &mut self.counts);
        if ended.is_none() {
            park(slot, waker);
        }
        ended
    }

    /// The next event for a reader of everything.
    pub(crate) fn poll_event(
        &mut self,
        key: Key,
        waker: &Waker,
        now_ms: i64,
    ) -> Step<(EventId, Topic, EventName, Bytes)> {
        let Some(slot) = self.slots.get_mut(key) else {
            return Step::End(Ended::Drained);
        };
        if let Some(ended) = end_of(slot, self.ring.base(), now_ms, &mut self.counts) {
            return Step::End(ended);
        }
        slot.ping = false;
        if slot.pending != NOTHING
            && let Some((place, entry)) = self.ring.from(slot.pending).next()
            && let Some(topic) = self.topics.get(entry.topic)
        {
            slot.pending = if place + 1 == self.ring.next() {
                NOTHING
            } else {
                place + 1
            };
            let id = EventId::from_parts(self.epoch.clone(), entry.id);
            return Step::Given((
                id,
                topic.topic.clone(),
                entry.name.clone(),
                entry.data.clone(),
            ));
        }
        park(slot, waker);
        Step::Wait
    }

    /// One part of a keep-alive period has passed: what is old goes, who has expired ends, who
    /// is too slow ends, and the next share of the readers is due a sign of life.
    pub(crate) fn tick(&mut self, now_ms: i64) {
        self.evict(now_ms);
        while let Some(&(at, key)) = self.expiries.first()
            && at <= now_ms
        {
            self.expiries.pop_first();
            self.end(key, Ended::Expired);
        }
        let base = self.ring.base();
        let share = self.share;
        self.share = (share + 1) % SHARES;
        for index in (share..self.slots.numbers()).step_by(SHARES as usize) {
            let Some((key, slot)) = self.slots.at_mut(index) else {
                continue;
            };
            if slot.pending < base && slot.ended.is_none() {
                slot.ended = Some(Ended::Slow);
                self.counts.slow += 1;
            }
            slot.ping = true;
            enqueue(&mut self.queue, key, slot);
        }
    }

    fn end(&mut self, key: Key, why: Ended) {
        if let Some(slot) = self.slots.get_mut(key)
            && slot.ended.is_none()
        {
            slot.ended = Some(why);
            if why == Ended::Expired {
                self.counts.expired += 1;
            }
            enqueue(&mut self.queue, key, slot);
        }
    }

    /// Numbers readers have or have had.
    pub(crate) fn numbers(&self) -> u32 {
        self.slots.numbers()
    }

    /// Ends the readers of the numbers from `from` on, at most `most`; answers where to go on.
    pub(crate) fn end_some(&mut self, from: u32, most: usize) -> u32 {
        let mut ended = 0;
        let mut index = from;
        while ended < most && index < self.slots.numbers() {
            if let Some((key, _)) = self.slots.at_mut(index) {
                self.end(key, Ended::Drained);
                ended += 1;
            }
            index += 1;
        }
        index
    }
}

/// Notes for each reader that an event waits, and that it is to be woken.
fn mark(slots: &mut Slots, queue: &mut VecDeque<Key>, readers: &[u32], place: u64) {
    for &index in readers {
        if let Some((key, slot)) = slots.at_mut(index)
            && slot.pending == NOTHING
            && slot.ended.is_none()
        {
            slot.pending = place;
            enqueue(queue, key, slot);
        }
    }
}

fn enqueue(queue: &mut VecDeque<Key>, key: Key, slot: &mut Slot) {
    if !slot.queued {
        slot.queued = true;
        queue.push_back(key);
    }
}

fn park(slot: &mut Slot, waker: &Waker) {
    match &mut slot.waker {
        Some(parked) => parked.clone_from(waker),
        none => *none = Some(waker.clone()),
    }
}

/// Why a reader gets no more, if so.
fn end_of(slot: &mut Slot, base: u64, now_ms: i64, counts: &mut Counts) -> Option<Ended> {
    if slot.ended.is_none() {
        if slot.expires_ms <= now_ms {
            counts.expired += 1;
            slot.ended = Some(Ended::Expired);
        } else if slot.pending < base {
            counts.slow += 1;
            slot.ended = Some(Ended::Slow);
        }
    }
    slot.ended
}

/// The frames that wait for a reader: one as it is, several in one buffer.
fn collect(ring: &Ring, batch: &mut Option<Batch>, slot: &mut Slot) -> Bytes {
    let from = slot.pending;
    let single = slot.interest.single();
    if let Some(batch) = batch
        && single == Some(batch.topic)
        && (from, ring.next()) == (batch.from, batch.next)
    {
        slot.pending = batch.pending;
        slot.told = batch.told;
        return batch.bytes.clone();
    }
    let mut frames = 0;
    let mut length = 0;
    let mut first = Bytes::new();
    slot.pending = NOTHING;
    let mut end = ring.next();
    for (place, entry) in ring.from(from) {
        if !slot.interest.covers(entry.topic) {
            continue;
        }
        if frames == MAX_FRAMES || (frames > 0 && length + entry.frame.len() > MAX_BATCH) {
            slot.pending = place;
            end = place;
            break;
        }
        if frames == 0 {
            first = entry.frame.clone();
        }
        slot.told = place + 1;
        frames += 1;
        length += entry.frame.len();
    }
    if frames <= 1 {
        return first;
    }
    let mut bytes = BytesMut::with_capacity(length);
    for (place, entry) in ring.from(from) {
        if place >= end {
            break;
        }
        if slot.interest.covers(entry.topic) {
            bytes.extend_from_slice(&entry.frame);
        }
    }
    let bytes = bytes.freeze();
    if let Some(topic) = single {
        *batch = Some(Batch {
            topic,
            from,
            next: ring.next(),
            pending: slot.pending,
            told: slot.told,
            bytes: bytes.clone(),
        });
    }
    bytes
}
