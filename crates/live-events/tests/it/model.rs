//! Any sequence of calls, beside a model so simple that it must be right.

use std::task::Poll;

use live_events::LiveEvents;
use proptest::prelude::*;

use crate::support::{Client, Clock, all_of, data_of, options, say};

const RING: usize = 5;
const TOPICS: [&str; 3] = ["a", "b", "c"];

#[derive(Clone, Debug)]
enum Step {
    Publish(usize),
    Open { mask: usize, resume: Option<usize> },
    Read(usize),
    Leave(usize),
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize).prop_map(Step::Publish),
        2 => (1..8_usize, prop::option::of(0..12_usize))
            .prop_map(|(mask, resume)| Step::Open { mask, resume }),
        3 => any::<usize>().prop_map(Step::Read),
        1 => any::<usize>().prop_map(Step::Leave),
        1 => Just(Step::Tick),
    ]
}

struct Reader {
    client: Client,
    mask: usize,
    /// Number of events before the first it has not been given.
    next: usize,
    reset: bool,
    ended: bool,
}

fn wants(mask: usize, topic: usize) -> bool {
    mask & (1 << topic) != 0
}

/// Reads all there is; `None` at the end of the stream.
fn read(client: &mut Client) -> Option<String> {
    let mut text = String::new();
    loop {
        match client.poll() {
            Poll::Pending => return Some(text),
            Poll::Ready(Some(bytes)) => text.push_str(std::str::from_utf8(&bytes).unwrap()),
            Poll::Ready(None) => return None,
        }
    }
}

proptest! {
    #[test]
    fn readers_get_what_the_model_says(steps in prop::collection::vec(step(), 0..80)) {
        let live = LiveEvents::new(options(&Clock::new()).ring(RING));
        let mut ids = vec![live.last_id().to_string()];
        let mut events: Vec<usize> = Vec::new();
        let mut readers: Vec<Reader> = Vec::new();
        for step in steps {
            let oldest = events.len().saturating_sub(RING);
            match step {
                Step::Publish(topic) => {
                    ids.push(say(&live, TOPICS[topic], &events.len().to_string()));
                    events.push(topic);
                }
                Step::Open { mask, resume } => {
                    let topics: Vec<&str> = (0..3).filter(|t| wants(mask, *t)).map(|t| TOPICS[t]).collect();
                    let known = resume.map(|back| events.len().saturating_sub(back));
                    let id = known.map(|known| ids[known].as_str());
                    let client = Client::new(&live, &all_of(&topics.join(",")).resume(id));
                    let exact = known.filter(|known| *known >= oldest);
                    readers.push(Reader {
                        client,
                        mask,
                        next: exact.unwrap_or(events.len()),
                        reset: known.is_some() && exact.is_none(),
                        ended: false,
                    });
                }
                Step::Read(which) if !readers.is_empty() => {
                    let which = which % readers.len();
                    let reader = &mut readers[which];
                    let waiting: Vec<usize> = (reader.next..events.len())
                        .filter(|event| wants(reader.mask, events[*event]))
                        .collect();
                    reader.ended |= waiting.first().is_some_and(|first| *first < oldest);
                    let text = read(&mut reader.client);
                    prop_assert_eq!(text.is_none(), reader.ended);
                    if let Some(text) = text {
                        let mut expected: Vec<String> = waiting.iter().map(usize::to_string).collect();
                        if std::mem::take(&mut reader.reset) {
                            expected.insert(0, "{}".to_owned());
                        }
                        prop_assert_eq!(data_of(&text), expected);
                        reader.next = events.len();
                    }
                }
                Step::Leave(which) if !readers.is_empty() => {
                    let which = which % readers.len();
                    readers.swap_remove(which);
                }
                Step::Tick => live.tick(),
                Step::Read(_) | Step::Leave(_) => {}
            }
            prop_assert_eq!(live.stats().readers, readers.len());
            prop_assert_eq!(live.stats().kept, events.len().min(RING));
        }
    }
}
