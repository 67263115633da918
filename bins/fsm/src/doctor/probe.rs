//! One harmless request, and what its answer says about the remote besides its body.

use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::{ApiPath, Clock, Credentials, ErrorKind, HttpClient, Response, RetryPolicy};
use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::{Asked, Finding, Status};
use crate::output::chain;

/// Beyond this, signatures and links with a time in them begin to be refused.
const SKEW_S: i64 = 30;
/// Beyond this, people notice.
const SLOW_MS: u64 = 2_000;
/// How long a remote may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// An answer, with the time it took and how far the remote's clock is from ours.
pub(super) struct Reply {
    pub(super) response: Response,
    pub(super) latency_ms: u64,
    /// Positive when the remote is ahead.
    pub(super) clock_skew_s: Option<i64>,
}

/// Asks once, without trying again: the doctor reports what a first call meets.
pub(super) async fn get(
    base: &str,
    path: ApiPath,
    query: &[(&str, &str)],
    of: &Asked<'_>,
) -> Result<Reply, Finding> {
    get_as(base, path, query, Credentials::None, of).await
}

/// The same, with credentials.
pub(super) async fn get_as(
    base: &str,
    path: ApiPath,
    query: &[(&str, &str)],
    credentials: Credentials,
    of: &Asked<'_>,
) -> Result<Reply, Finding> {
    let client = HttpClient::builder(base)
        .credentials(credentials)
        .user_agent(concat!("fsm/", env!("CARGO_PKG_VERSION")))
        .timeout(PATIENCE)
        .retry(RetryPolicy::none())
        .build()
        .map_err(|invalid| Finding::new(Status::Failed, invalid.to_string()))?;
    let mut request = client.request(Method::GET, path);
    for (name, value) in query {
        request = request.query(*name, *value);
    }
    let began = tokio::time::Instant::now();
    let outcome = request.send().await;
    let took = began.elapsed();
    let latency_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let response = outcome.map_err(|error| {
        let mut finding =
            Finding::new(Status::Failed, chain(&error)).fix(unreachable_fix(&error, base, of));
        finding.latency_ms = Some(latency_ms);
        finding
    })?;
    let clock_skew_s = skew(&response, took);
    let reply = Reply {
        response,
        latency_ms,
        clock_skew_s,
    };
    if matches!(
        reply.response.status(),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    ) {
        let code = reply.response.status().as_u16();
        let message = format!("{} {code}", of.lang.pick("accès refusé:", "access denied:"));
        return Err(reply.finding(Status::Failed, message).fix(of.lang.pick(
            "vérifiez les identifiants et ce que le mandataire devant lui exige",
            "check the credentials, and what the proxy in front of it asks for",
        )));
    }
    Ok(reply)
}

impl Reply {
    /// A finding that carries what was measured.
    pub(super) fn finding(&self, status: Status, message: impl Into<String>) -> Finding {
        let mut finding = Finding::new(status, message);
        finding.latency_ms = Some(self.latency_ms);
        finding.clock_skew_s = self.clock_skew_s;
        finding
    }

    /// A finding for a remote that answered well: degraded when its clock or its speed is off.
    pub(super) fn sound(&self, message: impl Into<String>, of: &Asked<'_>) -> Finding {
        let message = message.into();
        if let Some(skew) = self.clock_skew_s.filter(|skew| skew.abs() > SKEW_S) {
            let apart = of.lang.span(skew.abs());
            let message = match of.lang {
                crate::lang::Lang::Fr => {
                    format!("{message}; son horloge et la nôtre diffèrent de {apart}")
                }
                crate::lang::Lang::En => format!("{message}; its clock and ours are {apart} apart"),
            };
            let fix = of.lang.pick(
                "synchronisez les deux machines par NTP",
                "synchronise both machines by NTP",
            );
            return self.finding(Status::Degraded, message).fix(fix);
        }
        if self.latency_ms > SLOW_MS {
            let fix = of.lang.pick(
                "regardez sa charge et le réseau entre nous",
                "look at its load and the network between us",
            );
            return self.finding(Status::Degraded, message).fix(fix);
        }
        self.finding(Status::Ok, message)
    }
}

/// What to do about a remote that did not answer.
fn unreachable_fix(error: &integration_core::Error, base: &str, of: &Asked<'_>) -> String {
    // The address is a setting, and refuses to hold credentials.
    match (error.kind(), of.lang) {
        (ErrorKind::Connect, crate::lang::Lang::Fr) => {
            format!("vérifiez que {base} est la bonne adresse et qu’il est démarré")
        }
        (ErrorKind::Connect, crate::lang::Lang::En) => {
            format!("check that {base} is the right address and that it runs")
        }
        (ErrorKind::Timeout, lang) => lang
            .pick(
                "regardez sa charge et les pare-feu entre nous",
                "look at its load and the firewalls between us",
            )
            .to_owned(),
        (_, lang) => lang
            .pick("regardez son journal", "look at its log")
            .to_owned(),
    }
}

/// The remote's `Date` against our clock in the middle of the call, in seconds.
fn skew(response: &Response, took: Duration) -> Option<i64> {
    let theirs = rfc2822::parse(response.header("date")?).ok()?.timestamp();
    let ours = Timestamp::try_from(Clock::system().now()).ok()?;
    let middle = ours.checked_sub(took / 2).ok()?;
    // `Date` drops the fraction of a second: half of one is added, less than one is no skew.
    let apart = theirs.duration_since(middle).as_millis() + 500;
    i64::try_from(apart / 1_000).ok()
}
