//! Live events: who gets a stream, who publishes, and what both doors do to it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use hub::Hub;
use hub::platform::serve::{Beside, Drain, serve};
use live_events::{EventName, Topic};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::support::{STRANGER, call, get, hub};

const TOKEN: &str = "internal-token-0123456789";
const WITH_TOKEN: &[(&str, &str)] = &[("INTERNAL_TOKEN", TOKEN)];

fn say(hub: &Hub, topic: &str, data: &str) -> String {
    let topic = Topic::new(topic).unwrap();
    let name = EventName::new("said").unwrap();
    hub.live().publish(&topic, &name, data).id.to_string()
}

#[tokio::test]
async fn a_request_for_a_stream_is_judged_before_it_is_one() {
    let hub = hub(&[]);
    let many = |count: usize| {
        let topics: Vec<String> = (0..count).map(|number| format!("t{number}")).collect();
        format!("/sse?topics={}", topics.join(","))
    };
    for (uri, status) in [
        ("/sse", 400),
        ("/sse?topics=", 400),
        ("/sse?topics=a,,b", 400),
        ("/sse?topics=a%0ab", 400),
        ("/sse?topics=a&topics=b", 400),
        ("/sse?topics=a&last_event_id=1&last_event_id=2", 400),
        (&many(51), 400),
    ] {
        let answer = get(uri).staff().send(&hub).await;
        assert_eq!(answer.status.as_u16(), status, "{uri}");
        assert_eq!(answer.json()["error"], "malformed");
    }
    // A stranger learns nothing of what may be asked, and cannot say it is staff.
    for uri in ["/sse?topics=dispatch", "/sse"] {
        let answer = get(uri).send(&hub).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let answer = get(uri).staff().from(STRANGER).send(&hub).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(hub.live().stats().subscribed, 0);
    hub.live().drain(Duration::ZERO).await;
    let answer = get(&many(50)).staff().send(&hub).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test]
async fn a_stream_resumes_after_the_header_rather_than_the_address() {
    let hub = hub(&[]);
    let ids: Vec<String> = (0..3)
        .map(|n| say(&hub, "dispatch", &n.to_string()))
        .collect();
    let uri = format!("/sse?topics=dispatch&last_event_id={}", ids[0]);
    let read = async |header: Option<&str>| {
        let mut request = http::Request::get(&uri).header("x-authentik-email", "m@example.ca");
        if let Some(id) = header {
            request = request.header("last-event-id", id);
        }
        let mut request = request.body(Body::empty()).unwrap();
        let peer = hub::platform::identity::Peer("10.0.0.2:4000".parse().unwrap());
        request.extensions_mut().insert(peer);
        let answer = hub::router(hub.clone()).oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream; charset=utf-8");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("x-accel-buffering"), "no");
        let mut body = answer.into_body();
        let mut text = String::new();
        for _ in 0..2 {
            let Ok(Some(Ok(frame))) = timeout(Duration::from_millis(100), body.frame()).await
            else {
                break;
            };
            text.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
        }
        text
    };
    let text = read(None).await;
    assert!(
        text.contains("data: 1\n") && text.contains("data: 2\n"),
        "{text}"
    );
    let text = read(Some(&ids[1])).await;
    assert!(
        !text.contains("data: 1\n") && text.contains("data: 2\n"),
        "{text}"
    );
    let text = read(Some("elsewhere.1-0")).await;
    assert!(text.contains("event: reset\ndata: {}\n\n"), "{text}");
}

#[tokio::test]
async fn only_a_machine_with_the_token_publishes() {
    let hub = hub(WITH_TOKEN);
    let event = json!({"topic": "dispatch", "event": "job.updated", "data": {"key": "DJ-1"}});
    let post = || call(Method::POST, "/broadcast");
    assert_eq!(
        post().json(&event).send(&hub).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        post().json(&event).staff().send(&hub).await.status,
        StatusCode::UNAUTHORIZED
    );
    let bearer = format!("Bearer {TOKEN}");
    let send = async |body: &str| {
        let call = post()
            .header("authorization", &bearer)
            .header("content-type", "application/json");
        call.streaming(Body::from(body.to_owned())).send(&hub).await
    };
    let answer = send(&event.to_string()).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(answer.json()["id"], hub.live().last_id().to_string());
    assert_eq!(answer.json()["subscribers"], 0);
    for (body, status) in [
        ("", 400),
        ("[]", 400),
        ("{\"topic\":\"a\",\"event\":\"b\"}", 400),
        ("{\"topic\":\"a\",\"event\":\"b\",\"data\":nul}", 400),
        ("{\"topic\":\"a,b\",\"event\":\"b\",\"data\":1}", 422),
        (
            "{\"topic\":\"a\",\"event\":\"b\\ndata: x\",\"data\":1}",
            422,
        ),
        (
            &format!(
                "{{\"topic\":\"a\",\"event\":\"b\",\"data\":\"{}\"}}",
                "x".repeat(65_536)
            ),
            413,
        ),
    ] {
        assert_eq!(
            send(body).await.status.as_u16(),
            status,
            "{}",
            &body[..body.len().min(60)]
        );
    }
    assert_eq!(hub.live().stats().published, 1);
    // A document of several lines is one line of data, and the same document.
    let before = hub.live().last_id();
    send("{\"topic\":\"a\",\"event\":\"b\",\"data\":{\n \"n\": 12345678901234567890.10,\r\n \"t\": \"a\\nb\"}}").await;
    let (_, mut events) = hub.live().follow(Some(&before)).unwrap();
    let data = events.next().await.unwrap().data;
    assert_eq!(
        data,
        "{  \"n\": 12345678901234567890.10,   \"t\": \"a\\nb\"}"
    );
}

struct Running {
    hub: Hub,
    doors: [SocketAddr; 2],
    stop: CancellationToken,
    serving: JoinHandle<bool>,
}

async fn running() -> Running {
    let listeners = [
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
    ];
    let doors = [0, 1].map(|at: usize| listeners[at].local_addr().unwrap());
    let [main, sse] = listeners;
    let hub = hub(&[("TRUSTED_PROXIES", "127.0.0.1"), ("INTERNAL_TOKEN", TOKEN)]);
    let stop = CancellationToken::new();
    let beside = Beside {
        metrics: None,
        sse: Some(sse),
    };
    let serving = tokio::spawn(serve(
        hub.clone(),
        main,
        beside,
        stop.clone(),
        Drain::quick(),
    ));
    Running {
        hub,
        doors,
        stop,
        serving,
    }
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
    timeout(Duration::from_secs(10), reading).await.unwrap();
    String::from_utf8(read).unwrap()
}

const STAFF: &str = "Host: h\r\nX-Authentik-Email: m@example.ca\r\n";

async fn opened(door: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(door).await.unwrap();
    let request = format!("GET /sse?topics=dispatch HTTP/1.1\r\n{STAFF}\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let head = until(&mut stream, "\nid: ").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    let lower = head.to_ascii_lowercase();
    for line in [
        "content-type: text/event-stream; charset=utf-8\r\n",
        "cache-control: no-cache\r\n",
        "x-accel-buffering: no\r\n",
        "connection: close\r\n",
        "\r\n\r\n: welcome\nretry: ",
    ] {
        assert!(lower.contains(line), "{line} in {head}");
    }
    stream
}

#[tokio::test]
async fn both_doors_stream_and_notice_who_leaves() {
    let running = running().await;
    for door in running.doors {
        let mut stream = opened(door).await;
        assert_eq!(running.hub.live().stats().readers, 1);
        let id = say(&running.hub, "dispatch", "{}");
        let text = until(&mut stream, "data: {}\n\n").await;
        assert!(
            text.ends_with(&format!("id: {id}\nevent: said\ndata: {{}}\n\n")),
            "{text}"
        );
        drop(stream);
        let gone = async {
            while running.hub.live().stats().readers > 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(10), gone).await.unwrap();
    }
    running.stop.cancel();
    assert!(running.serving.await.unwrap());
}

#[tokio::test]
async fn both_doors_refuse_alike() {
    let running = running().await;
    for door in running.doors {
        for (line, headers, status) in [
            ("GET /sse?topics=dispatch HTTP/1.1", "Host: h\r\n", "401"),
            ("GET /sse?topics= HTTP/1.1", STAFF, "400"),
            ("GET /nowhere HTTP/1.1", STAFF, "404"),
            ("POST /sse?topics=dispatch HTTP/1.1", STAFF, "405"),
            (
                "GET /sse?topics=a HTTP/1.1",
                "Host: h\r\nX-Authentik-Email: a\r\nX-Authentik-Email: b\r\n",
                "400",
            ),
        ] {
            let mut stream = TcpStream::connect(door).await.unwrap();
            let request = format!("{line}\r\n{headers}Connection: close\r\n\r\n");
            stream.write_all(request.as_bytes()).await.unwrap();
            let answer = until(&mut stream, "never").await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status} ")),
                "{line}: {answer}"
            );
            if status != "405" {
                assert!(answer.contains("\"request_id\":"), "{answer}");
            }
        }
    }
    assert_eq!(running.hub.live().stats().subscribed, 0);
}

#[tokio::test]
async fn a_connection_with_a_past_becomes_a_stream_too() {
    let running = running().await;
    let mut stream = TcpStream::connect(running.doors[0]).await.unwrap();
    for _ in 0..3 {
        let request = format!("GET /health HTTP/1.1\r\n{STAFF}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        assert!(until(&mut stream, "}").await.starts_with("HTTP/1.1 200"));
    }
    // Even when its client does not wait for the answer before.
    let request = format!(
        "GET /health HTTP/1.1\r\n{STAFF}\r\nGET /sse?topics=dispatch HTTP/1.1\r\n{STAFF}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let text = until(&mut stream, ": welcome").await;
    assert_eq!(text.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{text}");
    say(&running.hub, "dispatch", "{}");
    assert!(
        until(&mut stream, "data: {}\n\n")
            .await
            .contains("event: said")
    );
}

#[tokio::test]
async fn streams_of_their_own_door_have_their_time_though_the_other_is_idle() {
    let running = running().await;
    let mut streams = Vec::new();
    // At a hundred a second, they are not ended within one.
    for _ in 0..160 {
        streams.push(opened(running.doors[1]).await);
    }
    running.stop.cancel();
    assert!(running.serving.await.unwrap());
    assert_eq!(running.hub.live().stats().readers, 0);
}

#[tokio::test]
async fn open_streams_end_when_the_hub_stops() {
    let running = running().await;
    let mut streams = Vec::new();
    for door in running.doors {
        for _ in 0..5 {
            streams.push(opened(door).await);
        }
    }
    let began = tokio::time::Instant::now();
    running.stop.cancel();
    for stream in &mut streams {
        until(stream, "never").await;
    }
    assert!(running.serving.await.unwrap());
    assert!(began.elapsed() < Duration::from_secs(5));
}
