//! `POST /webhook/stripe`: our hub beside one in Node, in turns.
//!
//! Both check the signature with their library. Ours then keeps the event on disk before it
//! answers, and the peer forgets it; so ours is measured with events that are new, which it
//! writes, and with one that is repeated, which it knows.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use webhook_signatures::stripe;

use super::server::{Server, check_open_files, free_address, keep_to};
use super::{median, peers};
use crate::outside;
use crate::process::Run;
use crate::workspace::Workspace;

/// What both sides check with.
const SECRET: &str = "whsec_compare_compare_compare";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder of the peers. Default: `shared/peers` beside the workspace.
    #[arg(long, value_name = "DIR")]
    peers: Option<PathBuf>,
    /// How many requests are on their way at once, each on a connection that is kept.
    #[arg(long, value_name = "N", default_value_t = 64)]
    connections: usize,
    /// How many requests are sent in one run.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    requests: usize,
    /// How many times each server is measured, in turns.
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// Measure what has been built already.
    #[arg(long)]
    built: bool,
    /// Fail when a target is missed.
    #[arg(long)]
    strict: bool,
}

/// Who is measured, and with what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Node,
    New,
    Repeated,
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::New => "hub, new events",
            Self::Repeated => "hub, one repeated",
        }
    }
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    check_open_files(options.connections * 2 + 200)?;
    let workspace = Workspace::load()?;
    let folder = peers::folder(&workspace, options.peers.as_deref())?;
    if !options.built {
        Run::cargo(&workspace.root)
            .args(["build", "--quiet", "--release", "--package", "hub"])
            .check()?;
    }
    let hub = workspace.target.join("release/hub");
    let node = peers::node_hub(&workspace, &folder)?;
    if node.is_none() {
        println!("skipped: the peer cannot be installed here, so ours is measured alone");
    }
    let event = fs::read_to_string(folder.join("hub-node/event.json"))?;
    println!(
        "webhook {} requests of {} bytes over {} connections, {} rounds in turns",
        options.requests,
        event.len(),
        options.connections,
        options.rounds
    );
    keep_to(1);
    let mut seen: Vec<(Who, u64)> = Vec::new();
    for round in 0..options.rounds.max(1) {
        for who in [Who::Node, Who::New, Who::Repeated] {
            let data = workspace.target.join("compare-webhook");
            let _ = fs::remove_dir_all(&data);
            let server = match (who, &node) {
                (Who::Node, None) => continue,
                (Who::Node, Some((node, script))) => start_node(node, script)?,
                _ => start_hub(&hub, &data)?,
            };
            let sender = Sender::new(options, &event, who == Who::Repeated, round)?;
            // Warm on both sides, and what is repeated is known.
            sender.send(server.address, options.requests.div_ceil(20))?;
            let before = server.cpu_ms()?;
            let (sent, took) = outside::timed(|| sender.send(server.address, options.requests));
            sent?;
            let cpu_ms = (server.cpu_ms()? - before).max(1);
            let rate = options.requests as u64 * 1_000 / cpu_ms;
            println!(
                "  {:<18} {rate:>7} per CPU-s  {:>7.0} per s  resident {} kB",
                who.name(),
                per_second(options.requests, took),
                server.resident_kb()?
            );
            seen.push((who, rate));
            drop(server);
            let _ = fs::remove_dir_all(&data);
        }
    }
    let of = |who: Who| {
        let rates = seen.iter().filter(|(whose, _)| *whose == who);
        median(rates.map(|(_, rate)| *rate).collect())
    };
    let mut met = true;
    for who in [Who::New, Who::Repeated] {
        if let (Some(ours), Some(node)) = (of(who), of(Who::Node)) {
            #[allow(clippy::cast_precision_loss, reason = "two digits are printed")]
            let ratio = ours as f64 / node.max(1) as f64;
            let verdict = if ratio >= 3.0 { "met" } else { "MISSED" };
            met &= ratio >= 3.0;
            println!(
                "{}/node, requests per CPU-second: {ratio:.2} ×, at least 3.00: {verdict}",
                who.name()
            );
        }
    }
    Ok(if met || !options.strict {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn start_node(node: &Path, script: &Path) -> Result<Server> {
    let address = free_address()?;
    let script = script.to_str().context("the path of the peer is text")?;
    let port = address.port().to_string();
    let variables = [("PORT", port.as_str()), ("STRIPE_WHSEC", SECRET)];
    Server::start(node, &[script], &variables, address)
}

fn start_hub(hub: &Path, data: &Path) -> Result<Server> {
    let address = free_address()?;
    let listen = address.to_string();
    let data = data.to_str().context("the path of the data is text")?;
    let variables = [
        ("HUB_LISTEN", listen.as_str()),
        ("HUB_DATA_DIR", data),
        ("STRIPE_WEBHOOK_SECRET", SECRET),
        ("RUST_LOG", "warn"),
    ];
    Server::start(hub, &[], &variables, address)
}

#[allow(clippy::cast_precision_loss, reason = "a few digits are printed")]
fn per_second(requests: usize, took: Duration) -> f64 {
    requests as f64 / took.as_secs_f64()
}

/// Signs and sends events.
struct Sender<'a> {
    connections: usize,
    before_id: &'a str,
    after_id: &'a str,
    repeated: bool,
    round: usize,
    next: AtomicUsize,
    now: i64,
}

impl<'a> Sender<'a> {
    fn new(options: &Options, event: &'a str, repeated: bool, round: usize) -> Result<Self> {
        // The first id of the document is the event's own.
        let (before_id, rest) = event.split_once("\"evt_").context("an event has an id")?;
        let (_, after_id) = rest.split_once('"').context("an id has an end")?;
        Ok(Self {
            connections: options.connections.max(1),
            before_id,
            after_id,
            repeated,
            round,
            next: AtomicUsize::new(0),
            now: outside::unix_seconds(),
        })
    }

    /// Sends so many; each connection sends its next when the one before is answered.
    fn send(&self, address: SocketAddr, requests: usize) -> Result<()> {
        let left = AtomicUsize::new(requests);
        std::thread::scope(|scope| {
            let senders: Vec<_> = (0..self.connections)
                .map(|_| scope.spawn(|| self.send_while(address, &left)))
                .collect();
            for sender in senders {
                match sender.join() {
                    Ok(sent) => sent?,
                    Err(_) => bail!("a sender failed"),
                }
            }
            Ok(())
        })
    }

    fn send_while(&self, address: SocketAddr, left: &AtomicUsize) -> Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut buffer = vec![0; 4096];
        let one_less = |left: usize| left.checked_sub(1);
        while left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
        {
            stream.write_all(&self.request(address))?;
            read_answer(&mut stream, &mut buffer)?;
        }
        Ok(())
    }

    fn request(&self, address: SocketAddr) -> Vec<u8> {
        let number = match self.next.fetch_add(1, Ordering::Relaxed) {
            _ if self.repeated => 0,
            number => number,
        };
        let Self {
            before_id,
            after_id,
            round,
            ..
        } = self;
        let body = format!("{before_id}\"evt_{round}_{number}\"{after_id}");
        let signature = stripe::sign([SECRET], body.as_bytes(), self.now);
        let head = format!(
            "POST /webhook/stripe HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Stripe-Signature: {signature}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        [head.into_bytes(), body.into_bytes()].concat()
    }
}

/// Reads one answer that has a length, and insists that it is a good one.
fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
    let mut read = 0;
    loop {
        let room = buffer.get_mut(read..).unwrap_or_default();
        match stream.read(room)? {
            0 => bail!("the connection was closed"),
            more => read += more,
        }
        let text = String::from_utf8_lossy(buffer.get(..read).unwrap_or_default());
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            bail!("{text}");
        }
        let length = head
            .split_once("content-length:")
            .and_then(|(_, rest)| rest.lines().next()?.trim().parse::<usize>().ok());
        if body.len() >= length.context("an answer has a length")? {
            return Ok(());
        }
    }
}
