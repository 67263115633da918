//! Readers by number: a number is used again, so a key carries which use of it is meant.

use std::task::Waker;

use crate::reader::Ended;

/// A reader, as long as it is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) index: u32,
    generation: u32,
}

/// No event waits.
pub(crate) const NOTHING: u64 = u64::MAX;

/// What a reader wants to hear of; numbers of topics in rising order, each with the reader's
/// place in the list of the topic.
#[derive(Debug)]
pub(crate) enum Interest {
    Topics(Box<[(u32, u32)]>),
    /// Every event, whatever its topic.
    All,
}

impl Interest {
    pub(crate) fn covers(&self, topic: u32) -> bool {
        match self {
            Self::All => true,
            Self::Topics(topics) => match &**topics {
                [(only, _)] => *only == topic,
                many => many
                    .binary_search_by_key(&topic, |(number, _)| *number)
                    .is_ok(),
            },
        }
    }

    /// The topic, where it is a single one.
    pub(crate) fn single(&self) -> Option<u32> {
        match self {
            Self::Topics(topics) => match &**topics {
                [(only, _)] => Some(*only),
                _ => None,
            },
            Self::All => None,
        }
    }
}

/// A reader.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) interest: Interest,
    /// Place of the first event for this reader that it has not been given, or [`NOTHING`].
    pub(crate) pending: u64,
    pub(crate) waker: Option<Waker>,
    /// Milliseconds of the Unix epoch; `i64::MAX` for never.
    pub(crate) expires_ms: i64,
    pub(crate) ended: Option<Ended>,
    /// Whether it stands in the queue of those to be woken.
    pub(crate) queued: bool,
    pub(crate) ping: bool,
    /// Place up to which the client's last id is true, where it has been told one since.
    pub(crate) told: u64,
}

#[derive(Debug)]
struct Cell {
    generation: u32,
    slot: Option<Slot>,
}

#[derive(Debug, Default)]
pub(crate) struct Slots {
    cells: Vec<Cell>,
    free: Vec<u32>,
}

impl Slots {
    pub(crate) fn len(&self) -> usize {
        self.cells.len() - self.free.len()
    }

    /// Numbers there are, used or free.
    pub(crate) fn numbers(&self) -> u32 {
        u32::try_from(self.cells.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn insert(&mut self, slot: Slot) -> Key {
        if let Some(index) = self.free.pop()
            && let Some(cell) = self.cells.get_mut(index as usize)
        {
            cell.slot = Some(slot);
            return Key {
                index,
                generation: cell.generation,
            };
        }
        let index = self.numbers();
        self.cells.push(Cell {
            generation: 0,
            slot: Some(slot),
        });
        Key {
            index,
            generation: 0,
        }
    }

    pub(crate) fn remove(&mut self, key: Key) -> Option<Slot> {
        let cell = self.cells.get_mut(key.index as usize)?;
        if cell.generation != key.generation {
            return None;
        }
        let slot = cell.slot.take()?;
        cell.generation = cell.generation.wrapping_add(1);
        self.free.push(key.index);
        Some(slot)
    }

    pub(crate) fn get_mut(&mut self, key: Key) -> Option<&mut Slot> {
        let cell = self.cells.get_mut(key.index as usize)?;
        if cell.generation == key.generation {
            cell.slot.as_mut()
        } else {
            None
        }
    }

    /// The reader that has this number now.
    pub(crate) fn at_mut(&mut self, index: u32) -> Option<(Key, &mut Slot)> {
        let cell = self.cells.get_mut(index as usize)?;
        let key = Key {
            index,
            generation: cell.generation,
        };
        cell.slot.as_mut().map(|slot| (key, slot))
    }
}
