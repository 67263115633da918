//! One run of a load generator, ours or the peers', and what it says.

use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::compare::server::{Server, pinned};

/// What one run has shown. Delays are in tenths of a millisecond.
#[derive(Debug, Default)]
pub(super) struct Figures {
    pub(super) expected: u64,
    pub(super) delivered: u64,
    pub(super) disorder: u64,
    pub(super) dead: u64,
    pub(super) delay_p50: u64,
    pub(super) delay_p99: u64,
    pub(super) answer_p99: u64,
    pub(super) clients: u64,
    /// Resident memory before the first client, and with all of them idle.
    pub(super) start_kb: u64,
    pub(super) idle_kb: u64,
    /// Time of the server's processor from the first event to the last delivery.
    pub(super) cpu_ms: u64,
}

impl Figures {
    pub(super) fn lost(&self) -> u64 {
        self.expected.saturating_sub(self.delivered)
    }

    pub(super) fn per_cpu_second(&self) -> u64 {
        self.delivered * 1_000 / self.cpu_ms.max(1)
    }

    pub(super) fn bytes_a_client(&self) -> u64 {
        self.idle_kb.saturating_sub(self.start_kb) * 1_024 / self.clients.max(1)
    }
}

impl fmt::Display for Figures {
    #[allow(clippy::cast_precision_loss, reason = "a few digits are printed")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8} per CPU-s  {:>6} B/client  lost {} disorder {} dead {}  p50 {:.1} p99 {:.1} ms  CPU {:.2} s  resident {} → {} kB",
            self.per_cpu_second(),
            self.bytes_a_client(),
            self.lost(),
            self.disorder,
            self.dead,
            self.delay_p50 as f64 / 10.0,
            self.delay_p99 as f64 / 10.0,
            self.cpu_ms as f64 / 1_000.0,
            self.start_kb,
            self.idle_kb,
        )?;
        if self.answer_p99 > 0 {
            let answer = self.answer_p99 as f64 / 10.0;
            write!(f, "  /broadcast p99 {answer:.1} ms")?;
        }
        Ok(())
    }
}

/// Which generator, which is also how it takes its arguments.
enum Kind {
    Peers { address: SocketAddr, header: String },
    Own { arguments: Vec<String> },
}

/// A run to be made.
pub(super) struct Load {
    program: std::path::PathBuf,
    kind: Kind,
    clients: usize,
    messages: usize,
    pace: Option<usize>,
    stalled: usize,
}

/// The last line of our own generator.
#[derive(Deserialize)]
struct Told {
    expected: u64,
    delivered: u64,
    disorder: u64,
    dead: u64,
    delay_p50: u64,
    delay_p99: u64,
    answer_p99: u64,
}

impl Load {
    pub(super) fn peers(program: &Path, address: SocketAddr, headers: &[String]) -> Self {
        Self::new(
            program,
            Kind::Peers {
                address,
                header: headers.join("\r\n"),
            },
        )
    }

    pub(super) fn own(
        program: &Path,
        streams: SocketAddr,
        publish: SocketAddr,
        headers: &[String],
    ) -> Self {
        let mut arguments = vec!["--streams".to_owned(), streams.to_string()];
        arguments.extend(["--publish".to_owned(), publish.to_string()]);
        for header in headers {
            arguments.extend(["--header".to_owned(), header.clone()]);
        }
        Self::new(program, Kind::Own { arguments })
    }

    fn new(program: &Path, kind: Kind) -> Self {
        Self {
            program: program.to_path_buf(),
            kind,
            clients: 0,
            messages: 0,
            pace: None,
            stalled: 0,
        }
    }

    pub(super) fn clients(mut self, clients: usize) -> Self {
        self.clients = clients;
        self
    }

    pub(super) fn messages(mut self, messages: usize) -> Self {
        self.messages = messages;
        self
    }

    pub(super) fn pace(mut self, a_second: usize) -> Self {
        self.pace = Some(a_second);
        self
    }

    pub(super) fn stalled(mut self, clients: usize) -> Self {
        self.stalled = clients;
        self
    }

    fn command(&self, server: &Server) -> Command {
        let mut command = pinned(&self.program, 1);
        match &self.kind {
            Kind::Peers { address, header } => {
                let mode = self
                    .pace
                    .map_or_else(|| "burst".to_owned(), |pace| format!("pace:{pace}"));
                command
                    .env("SRVPID", server.id().to_string())
                    .arg(address.to_string())
                    .args([self.clients.to_string(), self.messages.to_string(), mode])
                    .args(["/sse?topics=dispatch", "/broadcast", "hub", header]);
            }
            Kind::Own { arguments } => {
                command
                    .args(arguments)
                    .args(["--clients", &self.clients.to_string()])
                    .args(["--messages", &self.messages.to_string()])
                    .args(["--stalled", &self.stalled.to_string()])
                    .args(["--idle", "1.5"]);
                if let Some(pace) = self.pace {
                    command.args(["--pace", &pace.to_string()]);
                }
            }
        }
        command
    }

    /// Runs it, looking at the server when the clients are idle and when all is delivered.
    pub(super) fn run(&self, server: &Server) -> Result<Figures> {
        let mut figures = Figures {
            clients: (self.clients + self.stalled) as u64,
            expected: (self.clients * self.messages) as u64,
            start_kb: server.resident_kb()?,
            ..Figures::default()
        };
        let mut child = self
            .command(server)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let output = child.stdout.take().context("the output is piped")?;
        let mut before = 0;
        let mut ended = false;
        for line in BufReader::new(output).lines() {
            let line = line?;
            if line.starts_with("rss_idle_clients") || line == "publishing" {
                figures.idle_kb = server.resident_kb()?;
                before = server.cpu_ms()?;
            } else if line.starts_with("published") {
                figures.cpu_ms = server.cpu_ms()? - before;
                ended = figures.read_counts(&line).is_some();
            } else if line.starts_with("latency") {
                figures.read_delays(&line);
            } else if line.starts_with('{') {
                figures.cpu_ms = server.cpu_ms()? - before;
                figures.take(&serde_json::from_str(&line).context("not the figures expected")?);
                ended = true;
            }
        }
        let status = child.wait()?;
        if !status.success() || !ended {
            bail!("the load ended with {status} before all was measured");
        }
        Ok(figures)
    }
}

impl Figures {
    fn take(&mut self, told: &Told) {
        self.expected = told.expected;
        self.delivered = told.delivered;
        self.disorder = told.disorder;
        self.dead = told.dead;
        self.delay_p50 = told.delay_p50;
        self.delay_p99 = told.delay_p99;
        self.answer_p99 = told.answer_p99;
    }

    /// `published 1000 in 1.2s; delivered 5 of 5 in 1.3s = 4 deliveries/s; dead 0; gaps/out-of-order 0`
    fn read_counts(&mut self, line: &str) -> Option<()> {
        self.delivered = number_after(line, "delivered ")?;
        self.dead = number_after(line, "dead ")?;
        self.disorder = number_after(line, "out-of-order ")?;
        Some(())
    }

    /// `latency ms p50 1.0 p95 2.0 p99 3.0 max 4.0`
    fn read_delays(&mut self, line: &str) {
        let tenths = |name: &str| {
            let text = line.split_once(name)?.1.split_whitespace().next()?;
            text.replace('.', "").parse().ok()
        };
        self.delay_p50 = tenths("p50 ").unwrap_or_default();
        self.delay_p99 = tenths("p99 ").unwrap_or_default();
    }
}

fn number_after(line: &str, name: &str) -> Option<u64> {
    let digits: String = line
        .split_once(name)?
        .1
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Figures;

    #[test]
    fn the_words_of_the_peers_generator_are_read() {
        let mut figures = Figures::default();
        let line = "published 20 in 0.1s; delivered 1998 of 2000 in 0.214s = 9 deliveries/s; dead 1; gaps/out-of-order 3";
        assert_eq!(figures.read_counts(line), Some(()));
        figures.read_delays("latency ms p50 13.9 p95 20.0 p99 32.8 max 40.0");
        assert_eq!(
            (figures.delivered, figures.dead, figures.disorder),
            (1_998, 1, 3)
        );
        assert_eq!((figures.delay_p50, figures.delay_p99), (139, 328));
    }
}
