//! Servers that are measured: each on a core of its own, each a fresh process, each ended with
//! the measurement.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::outside;

/// Ticks of the processor clock in a second, which Linux has told programs since ever.
const TICK_MS: u64 = 10;

/// A server under measurement.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Server {
    /// Starts a program with an environment of these variables alone, and waits until it takes
    /// connections.
    pub(super) fn start(
        program: &Path,
        arguments: &[&str],
        variables: &[(&str, &str)],
        address: SocketAddr,
    ) -> Result<Self> {
        let mut command = pinned(program, 0);
        command
            .args(arguments)
            .env_clear()
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit());
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut server = Self { child, address };
        for _ in 0..400 {
            if TcpStream::connect(address).is_ok() {
                return Ok(server);
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("{} ended with {status}", program.display());
            }
            outside::pause(Duration::from_millis(50));
        }
        bail!("{} does not answer at {address}", program.display())
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Time on the processor so far, of the program and the kernel for it, in milliseconds.
    pub(super) fn cpu_ms(&self) -> Result<u64> {
        let stat = self.proc("stat")?;
        let after_name = stat.rsplit_once(')').context("no name in stat")?.1;
        let ticks: Option<u64> = after_name
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>().ok())
            .sum();
        Ok(ticks.context("no times in stat")? * TICK_MS)
    }

    /// Resident memory, in kB.
    pub(super) fn resident_kb(&self) -> Result<u64> {
        let status = self.proc("status")?;
        status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
            .context("no VmRSS in status")
    }

    fn proc(&self, file: &str) -> Result<String> {
        let path = format!("/proc/{}/{file}", self.id());
        fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program on one core, where there are several: servers on the first, load on the second.
pub(super) fn pinned(program: &Path, core: usize) -> Command {
    match taskset() {
        Some(taskset) => {
            let mut command = Command::new(taskset);
            command.args(["-c", &core.to_string()]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// Keeps this thread, and those it starts, to one core, where there are several.
pub(super) fn keep_to(core: usize) {
    if let Some(taskset) = taskset() {
        let _ = Command::new(taskset)
            .args(["-c", "-p", &core.to_string()])
            .arg(std::process::id().to_string())
            .stdout(Stdio::null())
            .status();
    }
}

/// What keeps programs to cores; of no use where there is one.
fn taskset() -> Option<PathBuf> {
    let cores = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let several = cores.matches("\nprocessor").count() >= 1;
    outside::program("taskset").filter(|_| several)
}

/// An address that is free at the moment.
pub(super) fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr()?)
}

/// Says what to do where fewer files can be open than are needed.
pub(super) fn check_open_files(needed: usize) -> Result<()> {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let soft = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok());
    match soft {
        Some(soft) if soft < needed => {
            bail!("{soft} files can be open and {needed} are needed: `ulimit -n {needed}` first")
        }
        _ => Ok(()),
    }
}
