//! Live events to many clients, ours and a hub in Node in turns.
//!
//! The server has one core and the load the other. What counts is deliveries for a second of the
//! server's processor, and resident memory for each idle client: both hold on a busy machine.

mod figures;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;

use super::server::{Server, check_open_files, free_address};
use super::{median, peers};
use crate::process::Run;
use crate::workspace::Workspace;
use figures::{Figures, Load};

/// What lets the load into our hub.
const TOKEN: &str = "compare-compare-compare";
const STAFF: &str = "X-Authentik-Email: mesure@example.ca";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Folder of the peers. Default: `shared/peers` beside the workspace.
    #[arg(long, value_name = "DIR")]
    peers: Option<PathBuf>,
    /// How many clients listen.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    clients: usize,
    /// How many events are published, each as soon as the one before is answered.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    messages: usize,
    /// How many times each server is measured, in turns.
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// How many clients of the second part never read.
    #[arg(long, value_name = "N", default_value_t = 100)]
    stalled: usize,
    /// How many events a second the second part publishes.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pace: usize,
    /// Measure what has been built already.
    #[arg(long)]
    built: bool,
    /// Fail when a target is missed.
    #[arg(long)]
    strict: bool,
}

/// The programs that take part.
struct Cast {
    hub: PathBuf,
    node: Option<(PathBuf, PathBuf)>,
    generator: PathBuf,
    load: PathBuf,
}

/// A server, and where on it the streams are.
struct Stage {
    server: Server,
    streams: std::net::SocketAddr,
}

/// Who is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Node,
    Hub,
    Listener,
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Hub => "hub",
            Self::Listener => "hub, HUB_SSE_LISTEN",
        }
    }
}

pub(super) fn run(options: &Options) -> Result<ExitCode> {
    check_open_files(options.clients + options.stalled + 200)?;
    let workspace = Workspace::load()?;
    let cast = Cast::gather(&workspace, options)?;
    let mut judge = Judge { met: true };
    burst(&cast, options, &mut judge)?;
    stalled(&cast, options, &mut judge)?;
    Ok(if judge.met || !options.strict {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

impl Cast {
    fn gather(workspace: &Workspace, options: &Options) -> Result<Self> {
        let peers = peers::folder(workspace, options.peers.as_deref())?;
        if !options.built {
            Run::cargo(&workspace.root)
                .args(["build", "--quiet", "--release", "--package", "hub"])
                .check()?;
            Run::cargo(&workspace.root)
                .args(["build", "--quiet", "--release"])
                .args(["--package", "live-events", "--example", "load"])
                .check()?;
        }
        let node = peers::node_hub(workspace, &peers)?;
        if node.is_none() {
            println!("skipped: the peer cannot be installed here, so ours is measured alone");
        }
        Ok(Self {
            hub: workspace.target.join("release/hub"),
            node,
            generator: peers::load_generator(workspace, &peers)?,
            load: workspace.target.join("release/examples/load"),
        })
    }

    /// Starts a server; `None` for a peer that is not here.
    fn stage(&self, who: Who) -> Result<Option<Stage>> {
        let address = free_address()?;
        if who == Who::Node {
            let Some((node, script)) = &self.node else {
                return Ok(None);
            };
            let script = script.to_str().context("the path of the peer is text")?;
            let port = address.port().to_string();
            let server = Server::start(node, &[script], &[("PORT", &port)], address)?;
            return Ok(Some(Stage {
                server,
                streams: address,
            }));
        }
        let streams = free_address()?;
        let (listen, sse_listen) = (address.to_string(), streams.to_string());
        let variables = [
            ("HUB_LISTEN", listen.as_str()),
            ("HUB_SSE_LISTEN", &sse_listen),
            ("TRUSTED_PROXIES", "127.0.0.1"),
            ("INTERNAL_TOKEN", TOKEN),
            ("RUST_LOG", "warn"),
        ];
        let server = Server::start(&self.hub, &[], &variables, address)?;
        let streams = if who == Who::Listener {
            streams
        } else {
            address
        };
        Ok(Some(Stage { server, streams }))
    }

    /// The peers' own generator, where all is at one address, and ours.
    fn load(&self, stage: &Stage, options: &Options) -> Load {
        let headers = [STAFF.to_owned(), format!("Authorization: Bearer {TOKEN}")];
        if stage.streams == stage.server.address {
            Load::peers(&self.generator, stage.streams, &headers)
        } else {
            Load::own(&self.load, stage.streams, stage.server.address, &headers)
        }
        .clients(options.clients)
        .messages(options.messages)
    }

    fn own_load(&self, stage: &Stage, options: &Options) -> Load {
        let headers = [STAFF.to_owned(), format!("Authorization: Bearer {TOKEN}")];
        Load::own(&self.load, stage.streams, stage.server.address, &headers)
            .clients(options.clients)
            .messages(options.messages)
    }
}

/// Everybody at once, as fast as it goes.
fn burst(cast: &Cast, options: &Options, judge: &mut Judge) -> Result<()> {
    println!(
        "burst   {} clients × {} events, {} rounds in turns",
        options.clients, options.messages, options.rounds
    );
    let mut seen: Vec<(Who, Figures)> = Vec::new();
    for _ in 0..options.rounds.max(1) {
        for who in [Who::Node, Who::Hub, Who::Listener] {
            let Some(stage) = cast.stage(who)? else {
                continue;
            };
            let figures = cast.load(&stage, options).run(&stage.server)?;
            println!("  {:<20} {figures}", who.name());
            seen.push((who, figures));
        }
    }
    let of = |who: Who, figure: fn(&Figures) -> u64| {
        median(
            seen.iter()
                .filter(|(whose, _)| *whose == who)
                .map(|(_, figures)| figure(figures))
                .collect(),
        )
    };
    let faults: u64 = seen
        .iter()
        .filter(|(who, _)| *who != Who::Node)
        .map(|(_, figures)| figures.lost() + figures.disorder + figures.dead)
        .sum();
    judge.at_most("lost, out of order or cut", faults, 0, "");
    for who in [Who::Hub, Who::Listener] {
        let rate = of(who, Figures::per_cpu_second);
        let bytes = of(who, Figures::bytes_a_client);
        if let (Some(ours), Some(node)) = (rate, of(Who::Node, Figures::per_cpu_second)) {
            let what = format!("{}/node, deliveries per CPU-second", who.name());
            judge.ratio_at_least(&what, ours, node, 1.3);
        }
        if let (Some(ours), Some(node)) = (bytes, of(Who::Node, Figures::bytes_a_client)) {
            let what = format!("{}, bytes per idle client", who.name());
            judge.at_most(&what, ours, node, " (node)");
        }
    }
    if let Some(bytes) = of(Who::Listener, Figures::bytes_a_client) {
        judge.at_most("bytes per idle client at HUB_SSE_LISTEN", bytes, 2_048, "");
    }
    if let Some(kb) = of(Who::Hub, |figures| figures.start_kb) {
        judge.at_most("resident kB of the idle hub", kb, 25_000, "");
    }
    Ok(())
}

/// At an even pace, with and without clients that never read; and how fast `/broadcast` answers.
fn stalled(cast: &Cast, options: &Options, judge: &mut Judge) -> Result<()> {
    let messages = (options.pace * 10).max(1);
    println!(
        "pace    {} clients, {} events a second, with {} more clients that never read, and without",
        options.clients, options.pace, options.stalled
    );
    let mut seen: Vec<(Who, usize, Figures)> = Vec::new();
    for _ in 0..options.rounds.max(1) {
        for (who, stalled) in [(Who::Node, 0), (Who::Hub, 0), (Who::Hub, options.stalled)] {
            let Some(stage) = cast.stage(who)? else {
                continue;
            };
            let load = cast
                .own_load(&stage, options)
                .messages(messages)
                .pace(options.pace)
                .stalled(stalled);
            let figures = load.run(&stage.server)?;
            let name = if stalled > 0 {
                "hub, some stalled"
            } else {
                who.name()
            };
            println!("  {name:<20} {figures}");
            seen.push((who, stalled, figures));
        }
    }
    let of = |who: Who, stalled: usize, figure: fn(&Figures) -> u64| {
        median(
            seen.iter()
                .filter(|(whose, how, _)| *whose == who && *how == stalled)
                .map(|(_, _, figures)| figure(figures))
                .collect(),
        )
    };
    let p99 = |figures: &Figures| figures.delay_p99;
    if let (Some(with), Some(without)) = (of(Who::Hub, options.stalled, p99), of(Who::Hub, 0, p99))
    {
        judge.ratio_at_most("p99 of the others, stalled/none", with, without, 1.1);
    }
    let answer = |figures: &Figures| figures.answer_p99;
    if let (Some(ours), Some(node)) = (of(Who::Hub, 0, answer), of(Who::Node, 0, answer)) {
        judge.at_most("/broadcast answered, p99 in 0.1 ms", ours, node, " (node)");
    }
    Ok(())
}

/// Prints what was aimed at beside what was seen.
struct Judge {
    met: bool,
}

impl Judge {
    fn say(&mut self, met: bool, text: &str) {
        self.met &= met;
        println!("{text}: {}", if met { "met" } else { "MISSED" });
    }

    fn at_most(&mut self, what: &str, seen: u64, most: u64, of: &str) {
        self.say(seen <= most, &format!("{what}: {seen}, at most {most}{of}"));
    }

    #[allow(clippy::cast_precision_loss, reason = "two digits are printed")]
    fn ratio_at_least(&mut self, what: &str, ours: u64, theirs: u64, least: f64) {
        let ratio = ours as f64 / theirs.max(1) as f64;
        self.say(
            ratio >= least,
            &format!("{what}: {ratio:.2} ×, at least {least:.2}"),
        );
    }

    #[allow(clippy::cast_precision_loss, reason = "two digits are printed")]
    fn ratio_at_most(&mut self, what: &str, one: u64, other: u64, most: f64) {
        let ratio = one as f64 / other.max(1) as f64;
        self.say(
            ratio <= most,
            &format!("{what}: {ratio:.2} ×, at most {most:.2}"),
        );
    }
}
