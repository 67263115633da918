//! The newest events, bounded by number, age and bytes.

use std::collections::VecDeque;
use std::ops::Range;

use bytes::Bytes;

use crate::EventName;
use crate::id::Position;

/// An event as it is kept.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) id: Position,
    pub(crate) at_ms: i64,
    pub(crate) topic: u32,
    pub(crate) name: EventName,
    pub(crate) frame: Bytes,
    pub(crate) data: Bytes,
}

impl Entry {
    /// What the entry weighs; data that is not a part of the frame weighs again.
    fn weight(&self) -> usize {
        let inside = |range: Range<*const u8>, part: *const u8| range.contains(&part);
        let shared = inside(self.frame.as_ptr_range(), self.data.as_ptr());
        self.frame.len() + if shared { 0 } else { self.data.len() }
    }
}

/// Bounds of a ring.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) events: usize,
    pub(crate) age_ms: i64,
    pub(crate) bytes: usize,
}

/// Events in the order of their ids. Each has a place: the first ever is at 0.
#[derive(Debug)]
pub(crate) struct Ring {
    entries: VecDeque<Entry>,
    base: u64,
    bytes: usize,
    /// The id before the oldest event kept: whoever knows it can be given all that followed.
    horizon: Position,
    bounds: Bounds,
}

impl Ring {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            entries: VecDeque::new(),
            base: 0,
            bytes: 0,
            horizon: (0, 0),
            bounds,
        }
    }

    /// Place of the oldest event kept.
    pub(crate) fn base(&self) -> u64 {
        self.base
    }

    /// Place that the next event will have.
    pub(crate) fn next(&self) -> u64 {
        self.base + self.entries.len() as u64
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(crate) fn push(&mut self, entry: Entry) {
        self.bytes += entry.weight();
        self.entries.push_back(entry);
    }

    /// The oldest event, taken out, while it exceeds a bound. The newest stays whatever its size.
    pub(crate) fn evict(&mut self, now_ms: i64) -> Option<Entry> {
        let oldest = self.entries.front()?;
        let crowded = self.entries.len() > 1
            && (self.entries.len() > self.bounds.events || self.bytes > self.bounds.bytes);
        let old = now_ms.saturating_sub(oldest.at_ms) >= self.bounds.age_ms;
        if !crowded && !old {
            return None;
        }
        let entry = self.entries.pop_front()?;
        self.base += 1;
        self.bytes -= entry.weight();
        self.horizon = entry.id;
        Some(entry)
    }

    /// Events from a place on, with their places.
    pub(crate) fn from(&self, place: u64) -> impl Iterator<Item = (u64, &Entry)> {
        let skipped = usize::try_from(place.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let skipped = skipped.min(self.entries.len());
        let places = self.base + skipped as u64..;
        places.zip(self.entries.range(skipped..))
    }

    /// Place of the first event after the one with this id, where nothing since can be missing.
    pub(crate) fn after(&self, id: Position) -> Option<u64> {
        if id == self.horizon {
            return Some(self.base);
        }
        let index = self.entries.binary_search_by(|entry| entry.id.cmp(&id));
        index.ok().map(|index| self.base + index as u64 + 1)
    }
}
