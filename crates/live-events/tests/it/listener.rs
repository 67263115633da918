use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Response, StatusCode};
use live_events::{LiveEvents, Options, SseListener, Subscription};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::{all_of, say};

struct Door {
    live: LiveEvents,
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

/// `/sse` is for whoever says `X-Key: right`.
async fn door(options: Options, set: impl FnOnce(SseListener) -> SseListener) -> Door {
    let live = LiveEvents::new(options);
    let sse = SseListener::new(live.clone(), |request, _| {
        if request.uri().path() != "/sse" {
            return Err(StatusCode::NOT_FOUND.into());
        }
        match request.headers().get("x-key").map(|key| key.as_bytes()) {
            Some(b"right") => Ok(all_of("a").resume(
                request
                    .headers()
                    .get("last-event-id")
                    .and_then(|id| id.to_str().ok()),
            )),
            Some(_) => {
                let mut refused = Response::new(Bytes::from_static(b"{\"error\":\"forbidden\"}"));
                *refused.status_mut() = StatusCode::FORBIDDEN;
                Err(refused.into())
            }
            None => Err(StatusCode::UNAUTHORIZED.into()),
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(set(sse).serve(listener, stop.clone()));
    Door {
        live,
        address,
        stop,
        serving,
    }
}

const ASK: &str = "GET /sse HTTP/1.1\r\nHost: h\r\nX-Key: right\r\n\r\n";

async fn send(door: &Door, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(door.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    stream
}

/// Reads until the text has this in it, or the end.
async fn until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    let reading = async {
        while !String::from_utf8_lossy(&read).contains(text) {
            if stream.read_buf(&mut read).await.unwrap_or(0) == 0 {
                break;
            }
        }
    };
    timeout(Duration::from_secs(20), reading).await.unwrap();
    String::from_utf8(read).unwrap()
}

async fn readers(live: &LiveEvents, count: usize) {
    let waiting = async {
        while live.stats().readers != count {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(20), waiting).await.unwrap();
}

#[tokio::test]
async fn a_stream_is_served_and_resumed_and_who_leaves_is_noticed() {
    let door = door(Options::default(), |sse| sse).await;
    let mut stream = send(&door, ASK.as_bytes()).await;
    let head = until(&mut stream, "\nid: ").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for line in [
        "content-type: text/event-stream; charset=utf-8\r\n",
        "cache-control: no-cache\r\n",
        "x-accel-buffering: no\r\n",
        "connection: close\r\n",
        " GMT\r\n",
        "\r\n\r\n: welcome\nretry: ",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    assert!(!head.contains("chunked"));
    let id = say(&door.live, "a", "1");
    assert!(until(&mut stream, "data: 1\n\n").await.contains(&id));
    drop(stream);
    readers(&door.live, 0).await;
    say(&door.live, "a", "2");
    let ask = ASK.replace("\r\n\r\n", &format!("\r\nLast-Event-ID: {id}\r\n\r\n"));
    let mut stream = send(&door, ask.as_bytes()).await;
    assert!(
        until(&mut stream, "data: 2\n\n")
            .await
            .contains("data: 2\n\n")
    );
    // A head may come in any pieces.
    let mut stream = TcpStream::connect(door.address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    for byte in ASK.bytes() {
        stream.write_all(&[byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    assert!(
        until(&mut stream, ": welcome")
            .await
            .starts_with("HTTP/1.1 200")
    );
}

#[tokio::test]
async fn requests_that_are_not_for_a_stream_are_refused() {
    let door = door(Options::default(), |sse| sse).await;
    let long = format!(
        "GET /sse HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n",
        "x".repeat(17_000)
    );
    let many = format!(
        "GET /sse HTTP/1.1\r\nHost: h\r\n{}\r\n",
        "X: 1\r\n".repeat(65)
    );
    for (request, status) in [
        ("GET /sse HTTP/1.1\r\nHost: h\r\n\r\n", "401 Unauthorized"),
        (
            "GET /sse HTTP/1.1\r\nHost: h\r\nX-Key: wrong\r\n\r\n",
            "403 Forbidden",
        ),
        (
            "GET / HTTP/1.1\r\nHost: h\r\nX-Key: right\r\n\r\n",
            "404 Not Found",
        ),
        (
            "POST /sse HTTP/1.1\r\nHost: h\r\nX-Key: right\r\n\r\n",
            "405 Method Not Allowed",
        ),
        (
            "HEAD /sse HTTP/1.1\r\nHost: h\r\nX-Key: right\r\n\r\n",
            "405 Method Not Allowed",
        ),
        (
            "GET /sse HTTP/1.1\r\nX-Key: right\r\n\r\n",
            "400 Bad Request",
        ),
        (
            "GET /sse HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "400 Bad Request",
        ),
        ("GET /sse HTTP/2.0\r\nHost: h\r\n\r\n", "400 Bad Request"),
        ("GET  /sse HTTP/1.1\r\nHost: h\r\n\r\n", "400 Bad Request"),
        (
            "GET ht!tp:// HTTP/1.1\r\nHost: h\r\n\r\n",
            "400 Bad Request",
        ),
        ("\u{16}\u{3}\u{1}\r\n\r\n", "400 Bad Request"),
        (&long, "431 Request Header Fields Too Large"),
        (&many, "431 Request Header Fields Too Large"),
    ] {
        let mut stream = send(&door, request.as_bytes()).await;
        let answer = until(&mut stream, "never").await;
        let expected = format!("HTTP/1.1 {status}\r\n");
        assert!(answer.starts_with(&expected), "{request:.60}: {answer}");
        assert!(answer.contains("connection: close\r\n"), "{answer}");
        assert_eq!(status.starts_with("405"), answer.contains("allow: GET\r\n"));
        assert_eq!(
            status.starts_with("403"),
            answer.ends_with("\r\n\r\n{\"error\":\"forbidden\"}")
        );
    }
    assert_eq!(door.live.stats().subscribed, 0);
}

#[tokio::test]
async fn who_sends_no_head_is_let_go() {
    let door = door(Options::default(), |sse| {
        sse.head_time(Duration::from_millis(20))
    })
    .await;
    let mut stream = send(&door, b"GET /sse HTTP/1.1\r\n").await;
    let answer = until(&mut stream, "never").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn no_more_connections_are_held_than_allowed() {
    let door = door(Options::default(), |sse| sse.connections(2)).await;
    let mut first = send(&door, ASK.as_bytes()).await;
    let mut second = send(&door, ASK.as_bytes()).await;
    until(&mut first, ": welcome").await;
    until(&mut second, ": welcome").await;
    // Waits in the queue of the kernel until there is room.
    let mut third = send(&door, ASK.as_bytes()).await;
    assert_eq!(door.live.stats().subscribed, 2);
    drop(first);
    assert!(
        until(&mut third, ": welcome")
            .await
            .starts_with("HTTP/1.1 200")
    );
}

#[tokio::test]
async fn a_client_that_takes_nothing_is_dropped_and_the_others_go_on() {
    let door = door(Options::default().ring(4), |sse| sse).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stalled = socket.connect(door.address).await.unwrap();
    stalled.write_all(ASK.as_bytes()).await.unwrap();
    let mut quick = send(&door, ASK.as_bytes()).await;
    until(&mut quick, "\nid: ").await;
    readers(&door.live, 2).await;
    // Until the buffers of the kernel are full and the events it waits for have left the ring.
    let big = "x".repeat(60_000);
    for number in 0..200 {
        say(&door.live, "a", &format!("{number}:{big}"));
        let text = until(&mut quick, "\n\n").await;
        assert!(text.contains(&format!("data: {number}:")));
        door.live.tick();
        if door.live.stats().readers == 1 {
            break;
        }
    }
    readers(&door.live, 1).await;
    assert_eq!(door.live.stats().slow, 1);
    drop(stalled);
}

#[tokio::test]
async fn stopping_waits_for_the_streams_that_draining_ends() {
    let door = door(Options::default(), |sse| sse).await;
    let mut stream = send(&door, ASK.as_bytes()).await;
    until(&mut stream, "\nid: ").await;
    door.stop.cancel();
    tokio::task::yield_now().await;
    assert!(!door.serving.is_finished());
    door.live.drain(Duration::ZERO).await;
    assert_eq!(until(&mut stream, "never").await, "");
    timeout(Duration::from_secs(20), door.serving)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn a_client_that_talks_on_is_let_go() {
    let door = door(Options::default(), |sse| sse).await;
    let mut stream = send(&door, ASK.as_bytes()).await;
    until(&mut stream, "\nid: ").await;
    let chatter = vec![b'x'; 1024];
    let talking = async { while stream.write_all(&chatter).await.is_ok() {} };
    timeout(Duration::from_secs(20), talking).await.unwrap();
    readers(&door.live, 0).await;
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    /// Whatever comes in: an answer of 4xx or a closed connection, and no panic.
    #[test]
    fn any_bytes_are_a_head_or_are_refused(
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        start in proptest::sample::select(vec!["", "GET /sse HTTP/1.1\r\n", "GET /sse?"]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let door = door(Options::default(), |sse| sse).await;
            let mut head = start.as_bytes().to_vec();
            head.extend_from_slice(&bytes);
            head.extend_from_slice(b"\r\n\r\n");
            let mut stream = send(&door, &head).await;
            stream.shutdown().await.unwrap();
            let answer = until(&mut stream, "never").await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        });
    }
}

#[test]
fn a_subscription_is_small_and_goes_anywhere() {
    fn goes_anywhere<T: Send + Sync + 'static>() {}
    goes_anywhere::<Subscription>();
    goes_anywhere::<LiveEvents>();
    goes_anywhere::<live_events::Reader>();
    goes_anywhere::<live_events::Error>();
    assert!(size_of::<live_events::Error>() <= 32);
    assert!(size_of::<live_events::Reader>() <= 64);
}
