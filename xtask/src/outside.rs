//! The environment and the clock: the only file of this tool that reads either.
#![allow(
    clippy::disallowed_methods,
    reason = "a check runner is timed by the real clock and set by the real environment"
)]

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The cargo that started this tool, so that every step uses the same toolchain.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Whether a missing browser or service is a failure rather than a skipped step.
pub(crate) fn services_required() -> bool {
    env::var_os("REQUIRE_SERVICES").is_some_and(|value| value == "1")
}

/// The folder of shared captures named by the environment.
pub(crate) fn shared_data() -> Option<PathBuf> {
    env::var_os("FSM_SHARED_DATA").map(PathBuf::from)
}

/// A program found on the search path.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Names of variables that `cargo run` sets for us and that must not reach another cargo: build
/// scripts that watch them (ring's does) would run again at every change of caller.
pub(crate) fn variables_of_cargo_run() -> Vec<OsString> {
    const PREFIXES: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    const NAMES: [&str; 3] = [
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_PRIMARY_PACKAGE",
    ];
    env::vars_os()
        .map(|(name, _)| name)
        .filter(|name| {
            name.to_str().is_some_and(|name| {
                NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
            })
        })
        .collect()
}

/// Runs `work` and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

/// Waits a moment for another program.
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// Seconds since the Unix epoch.
pub(crate) fn unix_seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
