//! One at a time for what must not be done by two at once: an invoice's charge, a payment's refund.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Room, OwnedMutexGuard};

/// Who holds a name or waits for it; gone when nobody does.
type Rooms = HashMap<Box<str>, Weak<Room<()>>>;

/// Turns by name. Within this process: several hubs need a lease instead.
#[derive(Clone, Debug, Default)]
pub struct Turns(Arc<Mutex<Rooms>>);

/// A turn, until it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Turn {
    _guard: OwnedMutexGuard<()>,
}

/// From so many names on, those that nobody holds are forgotten.
const TIDY: usize = 256;

impl Turns {
    /// Waits until it is the caller's turn.
    ///
    /// # Cancel safety
    ///
    /// A dropped wait leaves its place in the queue.
    pub async fn take(&self, name: &str) -> Turn {
        let room = self.room(name);
        Turn {
            _guard: room.lock_owned().await,
        }
    }

    fn room(&self, name: &str) -> Arc<Room<()>> {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(name).and_then(Weak::upgrade) {
            return room;
        }
        if rooms.len() >= TIDY {
            rooms.retain(|_, room| room.strong_count() > 0);
        }
        let room = Arc::new(Room::new(()));
        rooms.insert(name.into(), Arc::downgrade(&room));
        room
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;

    #[tokio::test]
    async fn one_at_a_time_by_name() {
        let turns = Turns::default();
        let first = turns.take("a").await;
        let other = turns.take("b").await;
        let mut waiting = Box::pin(turns.take("a"));
        assert!(futures_util::poll!(waiting.as_mut()).is_pending());
        drop(first);
        let second = waiting.await;
        drop((second, other));
        for n in 0..super::TIDY * 3 {
            drop(turns.take(&n.to_string()).await);
        }
        assert!(turns.0.lock().unwrap().len() <= super::TIDY);
    }
}
