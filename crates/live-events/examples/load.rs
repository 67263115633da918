//! Opens many streams of a service that runs, publishes events to it, and tells in one JSON
//! document what arrived, in which order and how fast.
//!
//! ```text
//! cargo run --release -p live-events --example load -- \
//!     --streams 127.0.0.1:3300 --publish 127.0.0.1:3300 --clients 1000 --messages 200 \
//!     --header "X-Authentik-Email: m@example.ca" --header "Authorization: Bearer TOKEN"
//! ```
//!
//! Each event carries `SEQ<number>;`, which is what the streams are searched for. `--pace N` sends
//! N a second instead of one after the answer to the other; `--stalled N` opens N streams more
//! that are never read. It is one thread, so that it can be given one core.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool"
)]

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Instant, sleep, sleep_until};

/// How long to wait for something that does not come.
const PATIENCE: Duration = Duration::from_secs(20);

struct Plan {
    streams: SocketAddr,
    publish: SocketAddr,
    clients: usize,
    messages: usize,
    pace: Option<f64>,
    stalled: usize,
    headers: String,
    /// Wait for this many seconds once all are connected, so that memory can be looked at.
    idle: f64,
}

impl Plan {
    fn read(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut plan = Self {
            streams: ([127, 0, 0, 1], 3300).into(),
            publish: ([127, 0, 0, 1], 3300).into(),
            clients: 100,
            messages: 100,
            pace: None,
            stalled: 0,
            headers: String::new(),
            idle: 0.0,
        };
        let mut arguments = arguments;
        while let Some(name) = arguments.next() {
            let value = arguments.next()?;
            match name.as_str() {
                "--streams" => plan.streams = value.parse().ok()?,
                "--publish" => plan.publish = value.parse().ok()?,
                "--clients" => plan.clients = value.parse().ok()?,
                "--messages" => plan.messages = value.parse().ok()?,
                "--pace" => plan.pace = Some(value.parse().ok()?),
                "--stalled" => plan.stalled = value.parse().ok()?,
                "--idle" => plan.idle = value.parse().ok()?,
                "--header" => plan.headers.push_str(&format!("{value}\r\n")),
                _ => return None,
            }
        }
        Some(plan)
    }

    fn ask(&self) -> String {
        format!(
            "GET /sse?topics=dispatch HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n{}\r\n",
            self.streams, self.headers
        )
    }
}

/// What all streams of the run know together.
struct Seen {
    sent: RefCell<Vec<Instant>>,
    /// Delays in tenths of a millisecond.
    delays: RefCell<Vec<u32>>,
    open: Cell<usize>,
    dead: Cell<usize>,
    disorder: Cell<u64>,
}

fn main() {
    let Some(plan) = Plan::read(std::env::args().skip(1)) else {
        eprintln!("load: see the head of examples/load.rs");
        std::process::exit(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, run(plan));
}

async fn run(plan: Plan) {
    let seen = Rc::new(Seen {
        sent: RefCell::new(vec![Instant::now(); plan.messages + 1]),
        delays: RefCell::new(Vec::with_capacity(plan.clients * plan.messages)),
        open: Cell::new(0),
        dead: Cell::new(0),
        disorder: Cell::new(0),
    });
    let mut asleep = Vec::new();
    for _ in 0..plan.stalled {
        asleep.push(stalled(&plan).await);
    }
    for number in 0..plan.clients {
        let stream = TcpStream::connect(plan.streams).await.unwrap();
        spawn_local(watch(stream, plan.ask(), seen.clone()));
        if number % 50 == 49 {
            sleep(Duration::from_millis(2)).await;
        }
    }
    let began = Instant::now();
    while seen.open.get() + seen.dead.get() < plan.clients && began.elapsed() < PATIENCE {
        sleep(Duration::from_millis(5)).await;
    }
    println!("connected");
    sleep(Duration::from_secs_f64(plan.idle)).await;
    println!("publishing");
    let began = Instant::now();
    let answers = publish(&plan, &seen).await;
    let expected = plan.clients * plan.messages;
    let mut last = (0, Instant::now());
    while seen.delays.borrow().len() < expected && last.1.elapsed() < PATIENCE {
        let count = seen.delays.borrow().len();
        if count != last.0 {
            last = (count, Instant::now());
        }
        sleep(Duration::from_millis(2)).await;
    }
    let seconds = began.elapsed().as_secs_f64();
    report(&seen, answers, expected, seconds);
    drop(asleep);
}

fn report(seen: &Seen, answers: Vec<u32>, expected: usize, seconds: f64) {
    let mut delays = seen.delays.borrow_mut();
    let delivered = delays.len();
    let (p50, p99) = (at(&mut delays, 50), at(&mut delays, 99));
    let mut answers = answers;
    let (answer_p50, answer_p99) = (at(&mut answers, 50), at(&mut answers, 99));
    println!(
        "{{\"expected\":{expected},\"delivered\":{delivered},\"disorder\":{},\"dead\":{},\
         \"seconds\":{seconds:.3},\"delay_p50\":{p50},\"delay_p99\":{p99},\
         \"answer_p50\":{answer_p50},\"answer_p99\":{answer_p99}}}",
        seen.disorder.get(),
        seen.dead.get(),
    );
}

/// The value that so many per cent do not exceed, in tenths of a millisecond.
fn at(values: &mut [u32], percent: usize) -> u32 {
    values.sort_unstable();
    let index = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(index).copied().unwrap_or_default()
}

fn tenths(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_micros() / 100).unwrap_or(u32::MAX)
}

/// A stream that is opened and not read.
async fn stalled(plan: &Plan) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(plan.streams).await.unwrap();
    stream.write_all(plan.ask().as_bytes()).await.unwrap();
    let mut head = [0; 64];
    let _ = stream.read(&mut head).await.unwrap();
    stream
}

/// Reads a stream to its end.
async fn watch(mut stream: TcpStream, ask: String, seen: Rc<Seen>) {
    let _ = stream.set_nodelay(true);
    let mut bytes: Vec<u8> = Vec::with_capacity(2048);
    let mut next = 1;
    let mut is_open = false;
    let sent = stream.write_all(ask.as_bytes()).await;
    while sent.is_ok() {
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        if !is_open {
            if !bytes.starts_with(b"HTTP/1.1 200") {
                eprintln!("load: {}", String::from_utf8_lossy(&bytes));
                break;
            }
            is_open = true;
            seen.open.set(seen.open.get() + 1);
        }
        let rest = take(&bytes, &mut next, &seen);
        bytes.drain(..rest);
    }
    seen.dead.set(seen.dead.get() + 1);
}

/// Notes every whole mark; answers up to where the bytes are done with.
fn take(bytes: &[u8], next: &mut usize, seen: &Seen) -> usize {
    let mut at = 0;
    while let Some(found) = find(&bytes[at..]) {
        let start = at + found + 3;
        let Some(length) = bytes[start..].iter().position(|byte| *byte == b';') else {
            return at + found;
        };
        let number = std::str::from_utf8(&bytes[start..start + length]).unwrap();
        let number: usize = number.parse().unwrap();
        if number != *next {
            seen.disorder.set(seen.disorder.get() + 1);
        }
        *next = number + 1;
        let sent = seen.sent.borrow()[number];
        seen.delays.borrow_mut().push(tenths(sent));
        at = start + length;
    }
    // A mark may have begun in the last two bytes.
    at.max(bytes.len().saturating_sub(2))
}

fn find(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'S') {
        at += found;
        if bytes[at..].starts_with(b"SEQ") {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// Publishes, and answers how long each answer took, in tenths of a millisecond.
async fn publish(plan: &Plan, seen: &Seen) -> Vec<u32> {
    let mut stream = TcpStream::connect(plan.publish).await.unwrap();
    let _ = stream.set_nodelay(true);
    let padding = "x".repeat(120);
    let began = Instant::now();
    let mut answers = Vec::new();
    for number in 1..=plan.messages {
        if let Some(pace) = plan.pace {
            #[allow(clippy::cast_precision_loss, reason = "a small number")]
            let after = (number - 1) as f64 / pace;
            sleep_until(began + Duration::from_secs_f64(after)).await;
        }
        let body = format!(
            "{{\"topic\":\"dispatch\",\"event\":\"job.updated\",\"data\":{{\"m\":\"SEQ{number};\",\"job\":\"DJ-2026-00042\",\"pad\":\"{padding}\"}}}}"
        );
        let request = format!(
            "POST /broadcast HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{body}",
            plan.publish,
            body.len(),
            plan.headers
        );
        let asked = Instant::now();
        seen.sent.borrow_mut()[number] = asked;
        stream.write_all(request.as_bytes()).await.unwrap();
        answer(&mut stream).await;
        answers.push(tenths(asked));
    }
    answers
}

/// Reads one answer that has a length.
async fn answer(stream: &mut TcpStream) {
    let mut bytes = Vec::new();
    loop {
        assert!(stream.read_buf(&mut bytes).await.unwrap() > 0, "closed");
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        assert!(head.starts_with("http/1.1 20"), "{text}");
        let length = head.split_once("content-length:").unwrap().1;
        let length: usize = length.lines().next().unwrap().trim().parse().unwrap();
        if body.len() >= length {
            return;
        }
    }
}
