//! Events that were kept a moment ago.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// So many are remembered.
const MOST: usize = 4_096;

/// Ids of events that are on disk: another delivery of one is acknowledged without a write. A
/// memory, not the truth: what is not in it is asked of the journal.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    set: HashSet<Arc<str>>,
    order: VecDeque<Arc<str>>,
}

impl Known {
    /// Whether an event is on disk for certain.
    pub(super) fn has(&self, id: &str) -> bool {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.set.contains(id)
    }

    /// Remembers one that is on disk; the oldest is forgotten.
    pub(super) fn keep(&self, id: &str) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id: Arc<str> = id.into();
        if !ids.set.insert(id.clone()) {
            return;
        }
        ids.order.push_back(id);
        if ids.order.len() > MOST
            && let Some(oldest) = ids.order.pop_front()
        {
            ids.set.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, MOST};

    #[test]
    fn the_oldest_is_forgotten_and_nothing_grows() {
        let known = Known::default();
        for n in 0..=MOST {
            known.keep(&format!("evt_{n}"));
            known.keep(&format!("evt_{n}"));
        }
        assert!(!known.has("evt_0"));
        assert!(known.has("evt_1") && known.has(&format!("evt_{MOST}")));
        let ids = known.0.lock().unwrap();
        assert_eq!((ids.set.len(), ids.order.len()), (MOST, MOST));
    }
}
