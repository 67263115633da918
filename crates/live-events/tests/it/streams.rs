use std::task::Poll;
use std::time::Duration;

use live_events::{Error, EventName, LiveEvents, Subscription, Topic, Topics};

use crate::support::{Client, Clock, all_of, data_of, live, options, say, topic};

#[test]
fn the_first_bytes_tell_when_and_from_where_to_come_back() {
    let (live, _) = live();
    let id = say(&live, "a", "before");
    let text = Client::new(&live, &all_of("a")).drain();
    let retry: u64 = text
        .strip_prefix(": welcome\nretry: ")
        .and_then(|rest| rest.split('\n').next())
        .unwrap()
        .parse()
        .unwrap();
    assert!((3_000..5_000).contains(&retry), "{retry}");
    assert!(text.ends_with(&format!("\nid: {id}\n\n")), "{text}");
}

#[test]
fn a_frame_is_what_the_standard_says() {
    let (live, _) = live();
    let mut client = Client::new(&live, &all_of("a"));
    client.drain();
    let name = EventName::new("job.updated").unwrap();
    let id = live.publish(&topic("a"), &name, "one\r\ntwo\rthree\n").id;
    assert_eq!(
        client.drain(),
        format!("id: {id}\nevent: job.updated\ndata: one\ndata: two\ndata: three\ndata: \n\n")
    );
}

#[test]
fn ids_rise_whatever_the_clock_does() {
    let (live, clock) = live();
    let mut last = live.last_id();
    for step in [0, 0, 5, -600_000, 0, 1, 700_000, 0] {
        clock.forward(step);
        let id = say(&live, "a", "x").parse().unwrap();
        assert!(last < id, "{last} {id}");
        last = id;
    }
}

#[test]
fn readers_hear_of_their_topics_alone_and_all_of_them_in_order() {
    let (live, _) = live();
    let mut one = Client::new(&live, &all_of("a"));
    let mut two = Client::new(&live, &all_of("b,a,c"));
    assert_eq!((one.data().len(), two.data().len()), (0, 0));
    let to = ["a", "b", "d", "c", "a"];
    for (number, to) in to.into_iter().enumerate() {
        say(&live, to, &number.to_string());
    }
    assert_eq!(one.data(), ["0", "4"]);
    assert_eq!(two.data(), ["0", "1", "3", "4"]);
}

#[test]
fn only_the_readers_of_a_topic_are_woken_and_once() {
    let (live, _) = live();
    let mut one = Client::new(&live, &all_of("a"));
    let mut other = Client::new(&live, &all_of("b"));
    one.drain();
    other.drain();
    for _ in 0..3 {
        say(&live, "a", "x");
    }
    assert_eq!((one.bell.rings(), other.bell.rings()), (1, 0));
    assert_eq!(one.data().len(), 3);
    say(&live, "a", "x");
    assert_eq!(one.bell.rings(), 2);
}

#[test]
fn everybody_is_woken_when_nobody_runs_the_rest() {
    let (live, _) = live();
    let mut clients: Vec<Client> = (0..1_000)
        .map(|_| Client::new(&live, &all_of("a")))
        .collect();
    for client in &mut clients {
        client.drain();
    }
    say(&live, "a", "x");
    assert!(clients.iter().all(|client| client.bell.rings() == 1));
}

#[test]
fn what_waits_is_given_together_and_shared() {
    let (live, _) = live();
    let mut one = Client::new(&live, &all_of("a"));
    let mut two = Client::new(&live, &all_of("a"));
    one.drain();
    two.drain();
    let take = |client: &mut Client| match client.poll() {
        Poll::Ready(Some(bytes)) => bytes,
        other => panic!("{other:?}"),
    };
    say(&live, "a", "x");
    assert_eq!(take(&mut one).as_ptr(), take(&mut two).as_ptr());
    for number in 0..100 {
        say(&live, "a", &number.to_string());
    }
    let (first, second) = (take(&mut one), take(&mut two));
    assert_eq!(first.as_ptr(), second.as_ptr());
    let text = String::from_utf8(first.to_vec()).unwrap();
    assert_eq!(data_of(&text).len(), 64);
    assert_eq!((one.data().len(), two.data().len()), (36, 36));
}

#[test]
fn a_write_is_bounded_in_bytes_unless_one_event_is_longer() {
    let (live, _) = live();
    let mut client = Client::new(&live, &all_of("a"));
    client.drain();
    for length in [40_000, 40_000, 100_000, 10] {
        say(&live, "a", &"x".repeat(length));
    }
    let mut lengths = Vec::new();
    while let Poll::Ready(Some(bytes)) = client.poll() {
        lengths.push(bytes.len() / 10_000);
    }
    assert_eq!(lengths, [4, 4, 10, 0]);
}

#[test]
fn a_slow_reader_ends_and_the_others_do_not_notice() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).ring(10));
    let mut slow = Client::new(&live, &all_of("a"));
    let mut quick = Client::new(&live, &all_of("a"));
    let mut quiet = Client::new(&live, &all_of("b"));
    for client in [&mut slow, &mut quick, &mut quiet] {
        client.drain();
    }
    for number in 0..11 {
        say(&live, "a", &number.to_string());
        assert_eq!(quick.data(), [number.to_string()]);
    }
    assert_eq!(slow.poll(), Poll::Ready(None));
    assert_eq!(slow.poll(), Poll::Ready(None));
    assert_eq!(live.stats().slow, 1);
    // Nothing of a quiet topic has been missed.
    assert!(quiet.poll().is_pending());
    drop(slow);
    assert_eq!((live.stats().slow, live.stats().readers), (1, 2));
}

#[test]
fn a_reader_that_is_never_polled_ends_at_a_tick_and_learns_it() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).ring(1));
    let mut client = Client::new(&live, &all_of("a"));
    client.drain();
    let waker = std::task::Waker::from(client.bell.clone());
    let mut context = std::task::Context::from_waker(&waker);
    say(&live, "a", "1");
    assert!(client.reader.poll_ended(&mut context).is_pending());
    say(&live, "a", "2");
    let rings = client.bell.rings();
    for _ in 0..25 {
        live.tick();
    }
    assert!(client.bell.rings() > rings);
    assert!(client.reader.poll_ended(&mut context).is_ready());
}

#[test]
fn every_reader_gets_one_sign_of_life_in_a_period() {
    let (live, _) = live();
    let mut clients: Vec<Client> = (0..100).map(|_| Client::new(&live, &all_of("a"))).collect();
    for client in &mut clients {
        client.drain();
    }
    for _ in 0..25 {
        live.tick();
        let pinged = clients
            .iter_mut()
            .filter_map(|client| (client.drain() == ": ping\n\n").then_some(()))
            .count();
        assert_eq!(pinged, 4);
    }
}

#[test]
fn a_sign_of_life_carries_the_id_that_a_quiet_reader_may_resume_after() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).ring(2));
    let mut quiet = Client::new(&live, &all_of("quiet"));
    quiet.drain();
    let mut id = String::new();
    for number in 0..5 {
        id = say(&live, "busy", &number.to_string());
    }
    live.tick();
    assert_eq!(quiet.drain(), format!(": ping\nid: {id}\n\n"));
    say(&live, "quiet", "x");
    let mut back = Client::new(&live, &all_of("quiet").resume(Some(&id)));
    assert_eq!(back.data(), ["x"]);
}

#[test]
fn a_credential_ends_the_stream_when_it_ends() {
    let (live, clock) = live();
    let until = clock.now() + Duration::from_secs(60);
    let mut client = Client::new(&live, &all_of("a").expires_at(Some(until)));
    client.drain();
    clock.forward(59_999);
    say(&live, "a", "in time");
    live.tick();
    assert_eq!(client.data(), ["in time"]);
    clock.forward(1);
    say(&live, "a", "too late");
    assert_eq!(client.poll(), Poll::Ready(None));
    // One that sleeps is woken to end.
    let until = clock.now() + Duration::from_secs(1);
    let mut asleep = Client::new(&live, &all_of("b").expires_at(Some(until)));
    asleep.drain();
    clock.forward(1_000);
    live.tick();
    assert_eq!(asleep.bell.rings(), 1);
    assert_eq!(asleep.poll(), Poll::Ready(None));
    assert_eq!(live.stats().expired, 2);
}

#[test]
fn one_forbidden_topic_refuses_the_whole_request() {
    let asked: Topics = "customer:1,dispatch".parse().unwrap();
    let refused = Subscription::authorised(asked.clone(), |topic| topic.kind() == "customer");
    assert_eq!(refused.unwrap_err(), Error::Forbidden);
    assert!(Subscription::authorised(asked, |_| true).is_ok());
}

#[test]
fn requests_are_bounded() {
    let list = |count: usize| {
        let topics: Vec<String> = (0..count).map(|number| format!("t{number}")).collect();
        topics.join(",").parse::<Topics>()
    };
    assert!(list(50).is_ok());
    assert_eq!(list(51), Err(Error::TooManyTopics(50)));
    assert_eq!("".parse::<Topics>(), Err(Error::NoTopic));
    for bad in ["a,", ",a", " a", "a\u{0}", "a\nb", &"x".repeat(257)] {
        assert_eq!(bad.parse::<Topics>(), Err(Error::Topic), "{bad:?}");
    }
    assert!(Topic::new("customer:Élodie Côté").is_ok());
}

#[test]
fn there_are_no_more_readers_than_allowed() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).max_readers(1));
    let one = live.subscribe(&all_of("a")).unwrap();
    assert_eq!(live.subscribe(&all_of("a")).unwrap_err(), Error::Full);
    drop(one);
    assert!(live.subscribe(&all_of("a")).is_ok());
}

#[test]
fn who_leaves_is_forgotten_and_so_are_topics_that_nothing_has() {
    let clock = Clock::new();
    let live = LiveEvents::new(options(&clock).ring(1));
    let mut readers = Vec::new();
    for number in 0..100 {
        readers.push(Client::new(&live, &all_of(&format!("t{number},all"))));
    }
    assert_eq!(live.subscribers(&topic("all")), 100);
    // In an order of leaving that is neither the first's nor the last's.
    for index in [50, 0, 98, 20, 20, 20] {
        readers.swap_remove(index % readers.len());
    }
    assert_eq!(
        live.publish(&topic("all"), &EventName::new("x").unwrap(), "1")
            .subscribers,
        94
    );
    for reader in &mut readers {
        assert_eq!(reader.data(), ["1"]);
    }
    readers.clear();
    say(&live, "t1", "x");
    say(&live, "last", "x");
    let stats = live.stats();
    assert_eq!((stats.readers, stats.topics, stats.kept), (0, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn draining_spreads_the_ends_and_takes_nobody_new() {
    let (live, _) = live();
    let mut clients: Vec<Client> = (0..1_000)
        .map(|_| Client::new(&live, &all_of("a")))
        .collect();
    for client in &mut clients {
        client.drain();
    }
    let began = tokio::time::Instant::now();
    let draining = tokio::spawn({
        let live = live.clone();
        async move { live.drain(Duration::from_secs(10)).await }
    });
    tokio::time::sleep(Duration::from_secs(5)).await;
    let ended = |clients: &mut Vec<Client>| {
        let ended = |client: &mut Client| client.poll() == Poll::Ready(None);
        clients
            .iter_mut()
            .filter_map(|client| ended(client).then_some(()))
            .count()
    };
    let half = ended(&mut clients);
    assert!((450..550).contains(&half), "{half}");
    assert_eq!(live.subscribe(&all_of("a")).unwrap_err(), Error::Draining);
    draining.await.unwrap();
    assert_eq!(ended(&mut clients), 1_000);
    assert!(began.elapsed() <= Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn draining_few_does_not_take_the_whole_window() {
    let (live, _) = live();
    let _client = Client::new(&live, &all_of("a"));
    let began = tokio::time::Instant::now();
    live.drain(Duration::from_secs(10)).await;
    assert!(began.elapsed() < Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn a_large_audience_is_woken_in_parts_while_it_runs() {
    let (live, _) = live();
    let stop = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn({
        let (live, stop) = (live.clone(), stop.clone());
        async move { live.run(stop).await }
    });
    tokio::task::yield_now().await;
    let mut clients: Vec<Client> = (0..1_000)
        .map(|_| Client::new(&live, &all_of("a")))
        .collect();
    for client in &mut clients {
        client.drain();
    }
    say(&live, "a", "1");
    let woken = |clients: &[Client]| {
        clients
            .iter()
            .filter(|client| client.bell.rings() > 0)
            .count()
    };
    assert_eq!(woken(&clients), 64);
    say(&live, "a", "2");
    // Who is still to be woken is then given both.
    while woken(&clients) < 1_000 {
        tokio::task::yield_now().await;
    }
    for client in &mut clients {
        assert_eq!(client.bell.rings(), 1);
        assert_eq!(client.data(), ["1", "2"]);
    }
    // And signs of life come by themselves.
    tokio::time::sleep(Duration::from_secs(26)).await;
    for client in &mut clients {
        assert_eq!(client.drain().matches(": ping\n").count(), 1);
    }
    say(&live, "a", "3");
    stop.cancel();
    running.await.unwrap();
    for client in &mut clients {
        assert_eq!(client.bell.rings(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_drained_is_first_given_what_was_there() {
    let (live, _) = live();
    let mut client = Client::new(&live, &all_of("a"));
    client.drain();
    say(&live, "a", "before");
    live.drain(Duration::ZERO).await;
    let Poll::Ready(Some(bytes)) = client.poll() else {
        panic!("what was there is gone");
    };
    assert_eq!(data_of(std::str::from_utf8(&bytes).unwrap()), ["before"]);
    say(&live, "a", "after");
    assert_eq!(client.poll(), Poll::Ready(None));
}
