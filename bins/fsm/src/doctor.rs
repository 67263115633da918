//! `fsm doctor`: is every configured remote system reachable, and what to fix.
//!
//! Each remote has one file here with a [`Check`]; a new one is added to [`CHECKS`] and leaves
//! [`systems::LATER`].

mod erpnext;
mod genieacs;
mod hub;
mod probe;
mod report;
mod stripe;
mod systems;

use std::future::Future;
use std::pin::Pin;

use clap::Args;
use futures_util::future::join_all;
use serde::Serialize;

use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Exit, Failure, json};
use crate::settings::Settings;

/// Options of `doctor`.
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// Print one JSON document: an array "checks", and "ok"
    #[arg(long)]
    json: bool,
}

/// Every check there is.
const CHECKS: &[&dyn Check] = &[
    &hub::Hub,
    &erpnext::Erpnext,
    &genieacs::Genieacs,
    &stripe::Stripe,
];

/// A remote system that can be asked how it is.
trait Check: Sync {
    /// Its name in JSON, and what a person calls it.
    fn name(&self) -> (&'static str, &'static str);

    /// The settings without which there is nothing to ask; any one of them is enough.
    fn settings(&self) -> &'static [&'static str];

    /// Asks it. Called only when it is configured.
    fn probe<'a>(&'a self, of: &'a Asked<'a>) -> Pin<Box<dyn Future<Output = Finding> + 'a>>;
}

/// What a check is given.
struct Asked<'a> {
    settings: &'a Settings,
    lang: Lang,
}

/// How a remote system is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Status {
    /// It works.
    Ok,
    /// It works, with something to look at.
    Degraded,
    /// It is configured and does not work.
    Failed,
    /// It is configured, and this program cannot check it yet.
    Unchecked,
    /// Its settings are absent.
    NotConfigured,
}

/// What a probe found out.
#[derive(Debug)]
struct Finding {
    status: Status,
    latency_ms: Option<u64>,
    version: Option<String>,
    clock_skew_s: Option<i64>,
    message: String,
    fix: Option<String>,
}

impl Finding {
    fn new(status: Status, message: impl Into<String>) -> Self {
        Self {
            status,
            latency_ms: None,
            version: None,
            clock_skew_s: None,
            message: message.into(),
            fix: None,
        }
    }

    fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

/// One row of the answer.
#[derive(Debug, Serialize)]
struct Row {
    name: &'static str,
    status: Status,
    #[serde(skip)]
    title: &'static str,
    latency_ms: Option<u64>,
    version: Option<String>,
    clock_skew_s: Option<i64>,
    message: String,
    fix: Option<String>,
}

impl Row {
    fn new((name, title): (&'static str, &'static str), of: Finding) -> Self {
        Self {
            name,
            title,
            status: of.status,
            latency_ms: of.latency_ms,
            version: of.version,
            clock_skew_s: of.clock_skew_s,
            message: of.message,
            fix: of.fix,
        }
    }
}

#[derive(Debug, Serialize)]
struct Answer {
    checks: Vec<Row>,
    ok: bool,
}

impl Doctor {
    pub(crate) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::remote(format!("cannot start: {error}"), "free some file handles")
            })?;
        let checks = runtime.block_on(examine(context));
        let ok = checks.iter().all(|row| row.status != Status::Failed);
        let answer = Answer { checks, ok };
        let text = if self.json {
            json(&answer)?
        } else {
            report::draw(&answer, context)
        };
        Ok((text, if ok { Exit::Done } else { Exit::No }))
    }
}

/// Asks all of them at once: one that hangs holds up nobody.
async fn examine(context: &Context) -> Vec<Row> {
    let asked = Asked {
        settings: &context.settings,
        lang: context.lang,
    };
    let mut rows = vec![Row::new(
        ("settings", asked.lang.pick("Réglages", "Settings")),
        settings(&asked),
    )];
    rows.extend(
        join_all(CHECKS.iter().map(async |check| {
            let finding = match configured(check.settings(), &asked) {
                Some(finding) => finding,
                None => check.probe(&asked).await,
            };
            Row::new(check.name(), finding)
        }))
        .await,
    );
    rows.extend(systems::LATER.iter().map(|system| {
        let finding = configured(system.settings, &asked).unwrap_or_else(|| {
            let message = asked.lang.pick(
                "configuré; pas encore vérifié par fsm",
                "configured; fsm cannot check it yet",
            );
            Finding::new(Status::Unchecked, message)
        });
        Row::new((system.name, system.title), finding)
    }));
    rows
}

/// What can be said without asking: nothing is configured, or not in a usable way.
fn configured(names: &[&str], of: &Asked<'_>) -> Option<Finding> {
    if names.iter().any(|name| of.settings.get(name).is_some()) {
        return None;
    }
    if let Some(problem) = names.iter().find_map(|name| of.settings.problem(name)) {
        let message = format!("{}: {}", problem.name, problem.rule);
        return Some(
            Finding::new(Status::Failed, message)
                .fix(of.lang.pick("corrigez ce réglage", "correct this setting")),
        );
    }
    let message = of.lang.pick("non configuré", "not configured");
    let fix = format!(
        "{} {}",
        of.lang.pick("donnez", "set"),
        names.join(of.lang.pick(" ou ", " or "))
    );
    Some(Finding::new(Status::NotConfigured, message).fix(fix))
}

/// Whether every setting can be right.
fn settings(of: &Asked<'_>) -> Finding {
    let problems = of.settings.problems();
    if problems.is_empty() {
        return Finding::new(
            Status::Ok,
            of.lang.pick("rien à signaler", "nothing to report"),
        );
    }
    let each: Vec<String> = problems
        .iter()
        .map(|problem| format!("{}: {}", problem.name, problem.rule))
        .collect();
    let fix = of
        .lang
        .pick("corrigez ces réglages", "correct these settings");
    Finding::new(Status::Failed, each.join("; ")).fix(fix)
}
