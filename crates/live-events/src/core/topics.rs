//! Topics by number, each with its readers, for as long as a reader or an event has it.

use std::collections::HashMap;

use crate::Topic;

#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) topic: Topic,
    /// Numbers of the readers.
    pub(crate) readers: Vec<u32>,
    /// Events of the ring that have this topic.
    pub(crate) events: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Registry {
    numbers: HashMap<Topic, u32>,
    entries: Vec<Option<Entry>>,
    free: Vec<u32>,
}

impl Registry {
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(crate) fn number_of(&mut self, topic: &Topic) -> u32 {
        if let Some(&number) = self.numbers.get(topic) {
            return number;
        }
        let entry = Some(Entry {
            topic: topic.clone(),
            readers: Vec::new(),
            events: 0,
        });
        let number = match self.free.pop() {
            Some(number) => {
                if let Some(place) = self.entries.get_mut(number as usize) {
                    *place = entry;
                }
                number
            }
            None => {
                self.entries.push(entry);
                u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.numbers.insert(topic.clone(), number);
        number
    }

    pub(crate) fn find(&self, topic: &Topic) -> Option<&Entry> {
        self.get(*self.numbers.get(topic)?)
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Entry> {
        self.entries.get(number as usize)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut Entry> {
        self.entries.get_mut(number as usize)?.as_mut()
    }

    /// Forgets a topic that nothing has any more.
    pub(crate) fn tidy(&mut self, number: u32) {
        let Some(place) = self.entries.get_mut(number as usize) else {
            return;
        };
        let unused = |entry: &mut Entry| entry.readers.is_empty() && entry.events == 0;
        if let Some(entry) = place.take_if(unused) {
            self.numbers.remove(&entry.topic);
            self.free.push(number);
        }
    }
}
