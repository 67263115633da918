use std::sync::Arc;
use std::time::Duration;

use live_events::testing::{Harness, conformance};
use live_events::{EventBus, EventName, LiveEvents, Options};
use tokio_util::sync::CancellationToken;

use crate::support::{all_of, data_of, topic};

struct InProcess;

#[async_trait::async_trait]
impl Harness for InProcess {
    async fn bus(&self) -> Arc<dyn EventBus> {
        Arc::new(LiveEvents::new(Options::default().ring(self.keeps())))
    }

    fn keeps(&self) -> usize {
        100
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_bus_in_the_process_keeps_the_promises_of_a_bus() {
    conformance(&InProcess).await;
}

#[tokio::test]
async fn and_in_one_thread() {
    conformance(&InProcess).await;
}

/// Reads a stream for a while, cuts it anywhere, comes back with the last id a browser would
/// have, until it has seen the last event.
async fn browse(live: LiveEvents, topics: &'static str, cut: usize, last: String) -> Vec<String> {
    let mut id: Option<String> = None;
    let mut seen = Vec::new();
    loop {
        let asked = all_of(topics).resume(id.as_deref());
        let mut reader = live.subscribe(&asked).unwrap();
        for _ in 0..cut {
            let bytes = reader.next().await.expect("not too slow");
            let text = std::str::from_utf8(&bytes).unwrap();
            assert!(!text.contains("event: reset"), "{text}");
            for line in text.lines() {
                if let Some(new) = line.strip_prefix("id: ") {
                    id = Some(new.to_owned());
                }
            }
            seen.extend(data_of(text));
            if seen.last() == Some(&last) {
                return seen;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn browsers_that_come_and_go_while_many_publish_see_everything_once() {
    const EVENTS: usize = 3_000;
    let live = LiveEvents::new(Options::default().ring(2 * EVENTS));
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (live, stop) = (live.clone(), stop.clone());
        async move { live.run(stop).await }
    });
    let last = EVENTS.to_string();
    let browsers: Vec<_> = (0..200)
        .map(|number| {
            let topics = if number % 2 == 0 { "a" } else { "a,b" };
            tokio::spawn(browse(live.clone(), topics, 2 + number % 7, last.clone()))
        })
        .collect();
    while live.stats().readers < 200 {
        tokio::task::yield_now().await;
    }
    let name = EventName::new("said").unwrap();
    let noise = tokio::spawn({
        let (live, name) = (live.clone(), name.clone());
        async move {
            for number in 0..EVENTS {
                live.publish(&topic("noise"), &name, &number.to_string());
                tokio::task::yield_now().await;
            }
        }
    });
    for number in 1..=EVENTS {
        let to = if number % 3 == 0 && number < EVENTS {
            "b"
        } else {
            "a"
        };
        live.publish(&topic(to), &name, &number.to_string());
        if number % 10 == 0 {
            tokio::task::yield_now().await;
        }
    }
    noise.await.unwrap();
    for (number, browser) in browsers.into_iter().enumerate() {
        let seen = tokio::time::timeout(Duration::from_secs(60), browser).await;
        let expected: Vec<String> = (1..=EVENTS)
            .filter(|event| number % 2 == 1 || event % 3 != 0 || *event == EVENTS)
            .map(|event| event.to_string())
            .collect();
        let seen = seen.unwrap().unwrap();
        assert!(
            seen == expected,
            "browser {number}: {} of {}",
            seen.len(),
            expected.len()
        );
    }
    stop.cancel();
    running.await.unwrap();
    assert_eq!(live.stats().readers, 0);
}
