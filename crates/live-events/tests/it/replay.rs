use std::time::Duration;

use live_events::{EventId, LiveEvents, Replay};
use proptest::prelude::*;

use crate::support::{Client, Clock, all_of, data_of, live, options, say};

/// The text after the greeting.
fn after_greeting(text: &str) -> &str {
    text.split_once("\n\n").unwrap().1
}

#[test]
fn every_id_resumes_with_exactly_what_followed() {
    let (live, _) = live();
    let mut ids = vec![live.last_id().to_string()];
    let topics = ["a", "b", "c"];
    for number in 0..30 {
        ids.push(say(&live, topics[number % 3], &number.to_string()));
    }
    for (at, id) in ids.iter().enumerate() {
        let mut client = Client::new(&live, &all_of("a,b").resume(Some(id)));
        let expected: Vec<String> = (at..30)
            .filter(|number| number % 3 != 2)
            .map(|number| number.to_string())
            .collect();
        assert_eq!(client.data(), expected, "after {id}");
        say(&live, "c", "live");
    }
}

#[test]
fn replay_and_live_neither_overlap_nor_leave_a_gap() {
    let (live, _) = live();
    let id = say(&live, "a", "0");
    say(&live, "a", "1");
    let mut client = Client::new(&live, &all_of("a").resume(Some(&id)));
    say(&live, "a", "2");
    assert_eq!(client.data(), ["1", "2"]);
    say(&live, "a", "3");
    assert_eq!(client.data(), ["3"]);
}

#[test]
fn an_id_that_is_gone_or_was_never_ours_is_answered_by_reset() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).ring(3));
    let first = live.last_id().to_string();
    let ids: Vec<String> = (0..5).map(|n| say(&live, "a", &n.to_string())).collect();
    let last = ids.last().unwrap();
    let resume = |id: &str| Client::new(&live, &all_of("a").resume(Some(id))).drain();
    let expected = format!("id: {last}\nevent: reset\ndata: {{}}\n\n");
    assert_eq!(after_greeting(&resume(&first)), expected);
    assert_eq!(after_greeting(&resume(&ids[0])), expected);
    // The event before the oldest one kept: nothing since is missing.
    assert_eq!(data_of(&resume(&ids[1])), ["2", "3", "4"]);
    let foreign = last.replace("e1.", "e2.");
    let later = last.replace("-4", "-5");
    let between = last.replace("490-", "489-");
    for id in [
        &*foreign, &*later, &*between, "7", "e1.1-2-3", "\u{0}", "e1.00-0",
    ] {
        assert!(resume(id).contains("event: reset"), "{id}");
    }
    assert!(!resume("").contains("event: reset"));
}

#[test]
fn events_are_kept_by_age_and_by_bytes_too() {
    let clock = Clock::new();
    let live = LiveEvents::new(
        options(&clock)
            .max_age(Duration::from_secs(10))
            .max_bytes(1_000),
    );
    let old = say(&live, "a", "old");
    clock.forward(9_999);
    let young = say(&live, "a", "young");
    clock.forward(1);
    let resume = |id: &str| Client::new(&live, &all_of("a").resume(Some(id))).drain();
    assert_eq!(data_of(&resume(&old)), ["young"]);
    assert_eq!(live.stats().kept, 1);
    for _ in 0..5 {
        say(&live, "a", &"x".repeat(300));
    }
    assert!(resume(&young).contains("event: reset"));
    assert!(live.stats().kept_bytes <= 1_000);
    say(&live, "a", &"x".repeat(5_000));
    assert_eq!(live.stats().kept, 1);
    clock.forward(10_000);
    live.tick();
    assert_eq!((live.stats().kept, live.stats().kept_bytes), (0, 0));
    // Nothing is kept, and nothing is missing after the last.
    let last = live.last_id().to_string();
    assert!(!resume(&last).contains("event: reset"));
}

#[tokio::test]
async fn a_follower_sees_everything_as_it_was_published() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).ring(3));
    let before = live.last_id();
    say(&live, "a", "one\ntwo");
    say(&live, "b", "{}");
    let (replay, mut events) = live.follow(Some(&before)).unwrap();
    assert_eq!(replay, Replay::Exact);
    let first = events.next().await.unwrap();
    assert_eq!(
        (first.topic.as_str(), &first.data[..]),
        ("a", &b"one\ntwo"[..])
    );
    assert_eq!(events.next().await.unwrap().topic.as_str(), "b");
    for _ in 0..4 {
        say(&live, "c", "x");
    }
    assert_eq!(events.next().await, None);
    assert_eq!(events.ended(), Some(live_events::Ended::Slow));
    assert_eq!(live.follow(Some(&first.id)).unwrap().0, Replay::Reset);
    assert_eq!(live.follow(None).unwrap().0, Replay::Exact);
}

proptest! {
    /// Whatever a client sends as an id: no panic, and either a reset or what follows.
    #[test]
    fn any_text_is_an_id_or_is_not(text in "\\PC{0,40}") {
        let (live, _) = live();
        say(&live, "a", "1");
        let text = Client::new(&live, &all_of("a").resume(Some(&text))).drain();
        prop_assert!(text.starts_with(": welcome\n"));
    }

    #[test]
    fn ids_are_read_as_they_are_written(epoch in "[a-zA-Z0-9]{1,32}", ms: u64, number: u64) {
        let text = format!("{epoch}.{ms}-{number}");
        let id: EventId = text.parse().unwrap();
        prop_assert_eq!(id.to_string(), text);
        prop_assert_eq!((id.milliseconds(), id.number()), (ms, number));
    }

    /// A client that puts lines together again has the text that was published, with `\n` for
    /// every end of line; and nothing in a text makes a field of its own.
    #[test]
    fn data_comes_back_whatever_it_is(data in "([a-z:\\n\\r\\x00é ]|\\nid: 7\\n|\\n\\n){0,40}") {
        let (live, _) = live();
        let mut client = Client::new(&live, &all_of("a"));
        client.drain();
        say(&live, "a", &data);
        let frame = client.drain();
        prop_assert!(frame.ends_with("\n\n"));
        let body = frame.strip_suffix("\n\n").unwrap();
        let lines: Vec<&str> = body.split(['\n', '\r']).collect();
        prop_assert!(lines[0].starts_with("id: ") && lines[1] == "event: said");
        let read: Vec<&str> = lines[2..].iter().map(|line| line.strip_prefix("data: ").unwrap()).collect();
        let expected = data.replace("\r\n", "\n").replace('\r', "\n");
        prop_assert_eq!(read.join("\n"), expected);
    }
}
