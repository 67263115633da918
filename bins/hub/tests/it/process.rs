//! The hub as a process: exit codes, signals, and what its log gives away.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The hub with these settings and no others.
fn hub(settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hub"));
    command.env_clear().envs(settings.iter().copied());
    command
}

#[test]
fn bad_settings_end_with_2_and_a_line_each_without_the_values() {
    let output = hub(&[
        ("HUB_LISTEN", "canary-address"),
        ("MAGIC_LINK_SECRET", "canary-secret"),
    ])
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let lines = String::from_utf8(output.stderr).unwrap();
    assert_eq!(lines.lines().count(), 2, "{lines}");
    assert!(lines.contains("HUB_LISTEN: ") && lines.contains("MAGIC_LINK_SECRET: "));
    assert!(!lines.contains("canary"), "{lines}");
    let checked = hub(&[]).arg("--check-config").output().unwrap();
    assert_eq!(checked.status.code(), Some(0));
}

/// A hub that ends with the test, and the address it says it listens on.
struct Running {
    child: Child,
    log: BufReader<std::process::ChildStdout>,
    address: SocketAddr,
}

impl Running {
    fn start(settings: &[(&str, &str)]) -> Self {
        let mut child = hub(settings)
            .env("HUB_LISTEN", "127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        let started: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = started["listen"].as_str().unwrap().parse().unwrap();
        Self {
            child,
            log,
            address,
        }
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends SIGTERM; the exit code and the rest of the log.
    fn terminate(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap().code(), rest)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone when the test went well.
        let _ = self.child.kill();
    }
}

#[test]
fn it_stops_on_sigterm_and_its_log_gives_nobody_away() {
    let hub = Running::start(&[
        ("TRUSTED_PROXIES", "127.0.0.1"),
        ("INTERNAL_TOKEN", "canary-internal-token"),
        ("RUST_LOG", "trace"),
    ]);
    let head = "Host: h\r\nConnection: close\r\nX-Authentik-Email: canary@example.ca\r\n\
                Authorization: Bearer canary-internal-token\r\nCookie: lang=fr; session=canary-cookie\r\n";
    let health = hub.ask(&format!(
        "GET /health?token=canary-query HTTP/1.1\r\n{head}\r\n"
    ));
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    let lookup = format!("GET /devices/lookup?serial=CANARY-SERIAL HTTP/1.1\r\n{head}\r\n");
    assert!(hub.ask(&lookup).starts_with("HTTP/1.1 503"));
    let body = r#"{"name":"canary-body"}"#;
    let post = format!(
        "POST /acs/devices/CANARY-ID/tasks HTTP/1.1\r\n{head}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert!(hub.ask(&post).starts_with("HTTP/1.1 422"));

    let (code, log) = hub.terminate();
    assert_eq!(code, Some(0));
    let ours: Vec<serde_json::Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let requests: Vec<_> = ours
        .iter()
        .filter(|line| line["message"] == "request")
        .collect();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[1]["route"], "/devices/lookup");
    assert_eq!(requests[1]["principal"], "staff");
    assert!(!log.to_lowercase().contains("canary"), "{log}");
}
