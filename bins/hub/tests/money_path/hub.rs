//! The hub as a process that is killed and started again.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::Method;
use integration_core::{ApiPath, HttpClient, RetryPolicy};
use serde_json::Value;
use tokio::sync::watch;

use crate::books::Books;

pub(crate) const WHSEC: &str = "whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55";
pub(crate) const TOKEN: &str = "token-of-the-money-path";
const PREFIX: &str = "trigger:payment:";

/// A hub with its journal in a folder.
pub(crate) struct Hub {
    folder: PathBuf,
    settings: Vec<(String, String)>,
    child: Mutex<Child>,
    address: watch::Sender<SocketAddr>,
    triggers: Arc<Mutex<HashSet<String>>>,
}

impl Hub {
    pub(crate) fn start(folder: &Path, books: &Books) -> Self {
        let settings = books.settings();
        let triggers = Arc::default();
        let (child, address) = spawn(folder, &settings, &triggers);
        Self {
            folder: folder.to_owned(),
            settings,
            child: Mutex::new(child),
            address: watch::Sender::new(address),
            triggers,
        }
    }

    /// Where it listens: another port after each start.
    pub(crate) fn address(&self) -> watch::Receiver<SocketAddr> {
        self.address.subscribe()
    }

    /// `SIGKILL`, and another process on the same folder.
    pub(crate) fn kill_and_restart(&self) {
        let mut child = self.child.lock().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let (next, address) = spawn(&self.folder, &self.settings, &self.triggers);
        *child = next;
        self.address.send_replace(address);
    }

    /// `SIGTERM`: whether it ends by itself, with success.
    pub(crate) fn stop(&self) -> bool {
        let mut child = self.child.lock().unwrap();
        let id = child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        told.success() && child.wait().unwrap().success()
    }

    /// How many events are not done with; `None` while it does not answer.
    pub(crate) async fn waiting(&self) -> Option<usize> {
        let url = format!("http://{}", *self.address.borrow());
        let client = HttpClient::builder(url).retry(RetryPolicy::none());
        let client = client.timeout(Duration::from_secs(5)).build().unwrap();
        let mut waiting = 0;
        for state in ["pending", "leased", "dead"] {
            let request = client
                .request(Method::GET, ApiPath::new("inbox"))
                .query("state", state)
                .query("limit", "200")
                .header(http::header::AUTHORIZATION, &format!("Bearer {TOKEN}"));
            let answer: Value = request.send().await.ok()?.json().ok()?;
            waiting += answer["items"].as_array()?.len();
        }
        Some(waiting)
    }

    /// The payments of which the log says that flows were told.
    pub(crate) fn triggers(&self) -> HashSet<String> {
        self.triggers.lock().unwrap().clone()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // Already gone when the test went well.
        let _ = self.child.lock().unwrap().kill();
    }
}

/// Starts it and waits until it listens.
fn spawn(
    folder: &Path,
    settings: &[(String, String)],
    triggers: &Arc<Mutex<HashSet<String>>>,
) -> (Child, SocketAddr) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_hub"))
        .env_clear()
        .envs(settings.iter().cloned())
        .env("HUB_LISTEN", "127.0.0.1:0")
        .env("HUB_DATA_DIR", folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    log.read_line(&mut line).unwrap();
    let started: Value = serde_json::from_str(&line).unwrap();
    let address = started["listen"].as_str().unwrap().parse().unwrap();
    let triggers = triggers.clone();
    std::thread::spawn(move || {
        for line in log.lines() {
            let Ok(line) = line else { return };
            let Ok(line) = serde_json::from_str::<Value>(&line) else {
                continue;
            };
            let key = line["key"]
                .as_str()
                .and_then(|key| key.strip_prefix(PREFIX));
            if let (Some(intent), Some("on_payment_received")) = (key, line["trigger"].as_str()) {
                triggers.lock().unwrap().insert(intent.to_owned());
            }
        }
    });
    (child, address)
}
