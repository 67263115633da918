//! Over a real socket: starting, stopping, and clients that misbehave.

use std::net::SocketAddr;
use std::time::Duration;

use hub::platform::serve::{Drain, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::support::hub;

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    serving: JoinHandle<bool>,
}

async fn running(settings: &[(&str, &str)]) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(
        hub(settings),
        listener,
        None,
        stop.clone(),
        Drain::quick(),
    ));
    Running {
        address,
        stop,
        serving,
    }
}

async fn exchange(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    timeout(Duration::from_secs(20), read)
        .await
        .unwrap()
        .unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_request_in_flight_finishes_and_no_new_one_is_taken() {
    let remote = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nbi = format!("http://{}", remote.local_addr().unwrap());
    let settings = [
        ("GENIEACS_NBI_URL", nbi.as_str()),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ];
    let hub = running(&settings).await;
    let mut client = TcpStream::connect(hub.address).await.unwrap();
    let request = "GET /devices/lookup?serial=A HTTP/1.1\r\nHost: hub\r\nConnection: close\r\nX-Authentik-Email: m@example.ca\r\n\r\n";
    client.write_all(request.as_bytes()).await.unwrap();
    // The hub has asked the device server: the request is in flight.
    let mut others = Vec::new();
    let mut asked = loop {
        let (mut asked, _) = remote.accept().await.unwrap();
        let mut question = vec![0; 4096];
        let read = asked.read(&mut question).await.unwrap();
        if String::from_utf8_lossy(&question[..read]).contains("_deviceId") {
            break asked;
        }
        // The hub's own probe, which nobody waits for.
        others.push(asked);
    };
    hub.stop.cancel();
    let empty = "HTTP/1.1 200 OK\r\ntotal: 0\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n[\n\n]";
    asked.write_all(empty.as_bytes()).await.unwrap();
    let answer = exchange(&mut client, "").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(hub.serving.await.unwrap(), "all requests finished");
    assert!(TcpStream::connect(hub.address).await.is_err());
}

#[tokio::test]
async fn heads_that_are_too_long_or_rubbish_are_refused() {
    let hub = running(&[]).await;
    let long = format!(
        "GET /health HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n",
        "x".repeat(17 * 1024)
    );
    let mut client = TcpStream::connect(hub.address).await.unwrap();
    let answer = exchange(&mut client, &long).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    let mut client = TcpStream::connect(hub.address).await.unwrap();
    let answer = exchange(&mut client, "\x16\x03\x01 rubbish\r\n\r\n").await;
    assert!(
        answer.starts_with("HTTP/1.1 400") || answer.is_empty(),
        "{answer}"
    );
    hub.stop.cancel();
}

#[tokio::test]
async fn the_metrics_address_answers_metrics_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let metrics = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = metrics.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(
        hub(&[]),
        listener,
        Some(metrics),
        stop.clone(),
        Drain::quick(),
    ));
    let mut client = TcpStream::connect(address).await.unwrap();
    let answer = exchange(
        &mut client,
        "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("fsm_build_info"),
        "{answer}"
    );
    let mut client = TcpStream::connect(address).await.unwrap();
    let answer = exchange(
        &mut client,
        "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    stop.cancel();
    assert!(serving.await.unwrap());
}

#[tokio::test]
async fn who_connects_and_says_nothing_is_let_go() {
    let hub = running(&[]).await;
    let preface = "PRI * HTTP/2.0\r\n";
    let address = hub.address;
    let saying = ["", "G", preface, "GET /health HTTP/1.1\r\nHost: h\r\n"].map(|said| async move {
        let mut client = TcpStream::connect(address).await.unwrap();
        // Ends when the hub closes; the limit of `exchange` is twice what the hub grants.
        (said, exchange(&mut client, said).await)
    });
    for (said, answer) in futures_util::future::join_all(saying).await {
        assert!(!answer.starts_with("HTTP/1.1 200"), "{said:?}: {answer}");
    }
    hub.stop.cancel();
}
