//! What the real server and the proxies before it do to a connection, byte by byte.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use genieacs_nbi::{Client, Credentials, Device, Error, FileLabels, Query, Task, TaskOutcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use crate::world::id;

const TASK: &str = r#"{"_id":"692200000000000000000001","name":"reboot","device":"A-1","timestamp":"2026-11-22T15:00:00.000Z"}"#;

/// One answer, and whether the connection is closed behind it.
#[derive(Clone)]
struct Answer {
    bytes: String,
    close: bool,
    /// Told when the client has closed its side too.
    let_go: Option<Arc<Notify>>,
}

fn stay(bytes: impl Into<String>) -> Answer {
    let bytes = bytes.into();
    Answer {
        bytes,
        close: false,
        let_go: None,
    }
}

fn close(bytes: impl Into<String>) -> Answer {
    let bytes = bytes.into();
    Answer {
        bytes,
        close: true,
        let_go: None,
    }
}

fn json(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nKeep-Alive: timeout=5\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn chunked(head: &str, chunks: &[&str]) -> String {
    let mut out = format!("HTTP/1.1 200 OK\r\n{head}Transfer-Encoding: chunked\r\n\r\n");
    for chunk in chunks {
        out += &format!("{:x}\r\n{chunk}\r\n", chunk.len());
    }
    out + "0\r\n\r\n"
}

/// What a server of canned answers was asked: connection and request.
type Asked = Arc<Mutex<Vec<(usize, String)>>>;

/// Gives these answers in turn, whatever is asked and on however many connections.
async fn server(answers: impl IntoIterator<Item = Answer>) -> (Client, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers: Arc<Mutex<VecDeque<Answer>>> = Arc::new(Mutex::new(answers.into_iter().collect()));
    let asked = Asked::default();
    let log = Arc::clone(&asked);
    tokio::spawn(async move {
        let mut number = 0;
        while let Ok((stream, _)) = listener.accept().await {
            number += 1;
            tokio::spawn(serve(
                stream,
                number,
                Arc::clone(&answers),
                Arc::clone(&log),
            ));
        }
    });
    (Client::new(url, Credentials::None).unwrap(), asked)
}

async fn serve(
    mut stream: TcpStream,
    number: usize,
    answers: Arc<Mutex<VecDeque<Answer>>>,
    log: Asked,
) {
    while let Some(request) = read(&mut stream).await {
        log.lock().unwrap().push((number, request));
        let Some(answer) = answers.lock().unwrap().pop_front() else {
            return;
        };
        stream.write_all(answer.bytes.as_bytes()).await.unwrap();
        if let Some(let_go) = answer.let_go {
            stream.shutdown().await.unwrap();
            assert_eq!(
                stream.read(&mut [0; 1]).await.unwrap(),
                0,
                "sent on a closed connection"
            );
            let_go.notify_one();
        }
        if answer.close {
            return;
        }
    }
}

/// Head and body of a request.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut seen = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&seen).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let head = head.to_lowercase();
            let length = head
                .split("\r\n")
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
                .unwrap_or(0_usize);
            let chunked = head.contains("transfer-encoding: chunked");
            if (chunked && body.ends_with("0\r\n\r\n")) || (!chunked && body.len() >= length) {
                return Some(text);
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => seen.extend_from_slice(&piece[..n]),
        }
    }
}

fn lines(asked: &Asked) -> Vec<String> {
    let asked = asked.lock().unwrap();
    let first = |text: &String| text.lines().next().unwrap_or_default().to_owned();
    asked.iter().map(|(_, text)| first(text)).collect()
}

/// The server advertises 5 s and keeps to it; a proxy may be quicker. What was never sent is sent on
/// a new connection, a task included, and once.
#[tokio::test]
async fn a_connection_closed_while_idle_harms_no_call() {
    let list = "[\n{\"_id\":\"A-1\"}\n]";
    // The task goes out at once, and once the client has seen the close.
    for let_go in [None, Some(Arc::new(Notify::new()))] {
        let (client, asked) = server([
            Answer {
                let_go: let_go.clone(),
                ..close(json("200 OK", list))
            },
            close(json("202 Accepted", TASK)),
            close(json("200 OK", list)),
        ])
        .await;
        let get = || async { client.devices().get(&id("A-1")).await };
        assert!(get().await.unwrap().is_some());
        if let Some(let_go) = &let_go {
            let_go.notified().await;
        }
        let outcome = client
            .tasks()
            .create(&id("A-1"), Task::Reboot)
            .send()
            .await
            .unwrap();
        // In the very moment of the close it cannot be told from a crash; it is never repeated.
        if let_go.is_some() {
            assert!(matches!(outcome, TaskOutcome::Queued { .. }), "{outcome:?}");
        }
        if outcome != TaskOutcome::ServerAborted {
            assert!(get().await.unwrap().is_some());
        }
        let posts = lines(&asked)
            .iter()
            .filter(|l| l.starts_with("POST"))
            .count();
        assert!(posts <= 1, "{:?}", lines(&asked));
    }
}

/// The close meets the request on its way: a read is repeated.
#[tokio::test]
async fn a_read_that_meets_the_close_is_repeated() {
    let list = "[\n{\"_id\":\"A-1\"}\n]";
    let (client, asked) = server([
        stay(json("200 OK", list)),
        close(""),
        stay(json("200 OK", list)),
    ])
    .await;
    assert!(client.devices().get(&id("A-1")).await.unwrap().is_some());
    assert!(client.devices().get(&id("A-1")).await.unwrap().is_some());
    let connections: Vec<usize> = asked.lock().unwrap().iter().map(|(n, _)| *n).collect();
    assert_eq!(connections, [1, 1, 2]);
}

#[tokio::test]
async fn chunks_may_end_anywhere() {
    let whole = "[\n{\"_id\":\"A-1\",\"_tags\":[\"é\"]},\n{\"_id\":\"A-2\"}\n]";
    // Never within a character: a Rust string cannot be cut there.
    for at in (0..whole.len()).filter(|at| whole.is_char_boundary(*at)) {
        let (head, tail) = whole.split_at(at);
        let chunks: Vec<&str> = [head, tail].into_iter().filter(|c| !c.is_empty()).collect();
        let answer = stay(chunked("total: 2\r\n", &chunks));
        let (client, _) = server([answer.clone(), answer]).await;
        let list = client.devices().list();
        let page = list.clone().send().await.unwrap();
        assert_eq!((page.items.len(), page.total), (2, Some(2)));
        let all: Vec<Device> = list.stream_once().try_collect().await.unwrap();
        assert_eq!(all.len(), 2, "cut at {at}");
    }
}

/// A proxy that drops the header: the page has no total, and counting counts.
#[tokio::test]
async fn no_total() {
    let (client, asked) = server([
        stay("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        stay(chunked(
            "",
            &["[\n{\"_id\":\"A-1\"},\n", "{\"_id\":\"A-2\"}\n]"],
        )),
        stay(chunked("", &["[\n", "\n]"])),
    ])
    .await;
    let list = client.devices().list().query(Query::tag("fibre"));
    assert_eq!(list.clone().count().await.unwrap(), 2);
    let page = list.send().await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, None));
    let lines = lines(&asked);
    assert!(lines[0].starts_with("HEAD "), "{lines:?}");
    assert!(
        lines[1].contains("projection=_id") && lines[1].contains("_tags"),
        "{lines:?}"
    );
}

/// Some proxies write no reason phrase, not even the blank before it.
#[tokio::test]
async fn no_reason_phrase() {
    for status in ["202", "202 "] {
        let fault = r#"[{"_id":"A-1:task_692200000000000000000001","device":"A-1","channel":"task_692200000000000000000001","code":"cwmp.9001","message":"Request denied"}]"#;
        let (client, _) = server([
            stay(json("200", r#"[{"_id":"A-1"}]"#)),
            stay(json(status, TASK)),
            stay(json("200", fault)),
        ])
        .await;
        let outcome = client
            .tasks()
            .create(&id("A-1"), Task::Reboot)
            .connection_request()
            .send()
            .await
            .unwrap();
        assert!(
            matches!(&outcome, TaskOutcome::Faulted { fault: Some(_), .. }),
            "{outcome:?}"
        );
    }
}

/// Text of the server's own, Latin-1 as Node writes it, is kept within bounds.
#[tokio::test]
async fn a_bare_connection_request_tells_why_not() {
    let (client, asked) = server([
        stay(json("200 OK", "[]")),
        stay("HTTP/1.1 504 Connection request error: getaddrinfo ENOTFOUND cpe.example.ca\r\nContent-Length: 0\r\n\r\n"),
    ])
    .await;
    let error = client
        .tasks()
        .connection_request(&id("A-%2E"))
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::ConnectionRequest { reason } if reason.ends_with("ENOTFOUND cpe.example.ca")),
        "{error:?}"
    );
    assert!(lines(&asked)[1].starts_with("POST /devices/A-%252E/tasks?connection_request"));

    // The words are in the body as well, for where the phrase is lost.
    for status in ["504", "504 ", "504 Gateway Timeout", "504 Gateway Time-out"] {
        let (client, _) = server([
            stay(json("200 OK", "[]")),
            stay(json(status, "Device is offline")),
        ])
        .await;
        let error = client.tasks().connection_request(&id("A-1")).await;
        let Err(Error::ConnectionRequest { reason }) = error else {
            panic!("{error:?}")
        };
        assert_eq!(&*reason, "Device is offline", "{status:?}");
    }

    // A proxy that has waited too long says nothing of the CPE.
    let page = json(
        "504 Gateway Time-out",
        "<html><head><title>504</title></head></html>",
    );
    let (client, _) = server([stay(json("200 OK", "[]")), stay(page)]).await;
    let error = client.tasks().connection_request(&id("A-1")).await;
    assert_eq!(error.unwrap_err().status().unwrap(), 504);
}

#[tokio::test]
async fn an_upload_streams_with_its_headers() {
    let (client, asked) = server([stay("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")]).await;
    let labels = FileLabels::firmware()
        .oui("1C61B4")
        .product_class("Device2")
        .version("1.2");
    let pieces = (0..3).map(|_| Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"firm")));
    client
        .files()
        .upload_stream(
            "a b/ü.bin",
            &labels,
            futures_util::stream::iter(pieces.collect::<Vec<_>>()),
        )
        .await
        .unwrap();
    let (_, request) = asked.lock().unwrap()[0].clone();
    assert!(
        request.starts_with("PUT /files/a%20b%2F%C3%BC%2Ebin HTTP/1.1"),
        "{request}"
    );
    let lower = request.to_lowercase();
    for header in [
        "filetype: 1 firmware upgrade image",
        "oui: 1c61b4",
        "productclass: device2",
        "version: 1.2",
        "transfer-encoding: chunked",
    ] {
        assert!(lower.contains(header), "{header}: {request}");
    }
}
