//! ERPNext: who we are there, what we may do, and whether the site has what the product needs.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use erpnext_client::bootstrap::{Obstacle, Plan, ROLE, Schema, Step};
use erpnext_client::{Client, Credentials, Error, RetryPolicy, Site};
use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use integration_core::ApiPath;
use serde::Deserialize;

use super::{Asked, Check, Finding, Status, probe};
use crate::lang::Lang;
use crate::output::{chain, clean};

/// How long the site may take to answer one question.
const PATIENCE: Duration = Duration::from_secs(8);
/// Questions asked at a time.
const AT_ONCE: usize = 6;
/// Zone of the operation, unless `ERPNEXT_TIME_ZONE` says otherwise.
const ZONE: &str = "America/Toronto";
/// As many names as one line bears.
const NAMED: usize = 4;

/// What the product does with each doctype, and the role that allows it as Frappe ships.
const NEEDS: &[(&str, &[&str], &str)] = &[
    ("Customer", &["read", "write", "create"], "Sales User"),
    ("Contact", &["read", "write", "create"], "Sales User"),
    ("Address", &["read", "write", "create"], "Sales User"),
    ("Lead", &["read", "write", "create"], "Sales User"),
    ("Quotation", &["read", "write", "create"], "Sales User"),
    ("Item", &["read"], "Sales User"),
    ("Sales Invoice", &["read"], "Accounts User"),
    ("Subscription", &["read"], "Accounts User"),
    (
        "Payment Entry",
        &["read", "write", "create"],
        "Accounts User",
    ),
    ("Issue", &["read", "write", "create"], "Support Team"),
    ("Service Location", &["read", "write", "create"], ROLE),
    ("Service Equipment", &["read", "write", "create"], ROLE),
    ("Technician", &["read"], ROLE),
    ("Dispatch Job", &["read", "write", "create"], ROLE),
    ("Flow Template", &["read"], ROLE),
    ("Flow Run", &["read", "write", "create"], ROLE),
];

/// Asks who we are, which versions answer, what is missing and what is not allowed.
pub(super) struct Erpnext;

impl Check for Erpnext {
    fn name(&self) -> (&'static str, &'static str) {
        ("erpnext", "ERPNext")
    }

    fn settings(&self) -> &'static [&'static str] {
        &["ERPNEXT_URL"]
    }

    fn probe<'a>(&'a self, of: &'a Asked<'a>) -> Pin<Box<dyn Future<Output = Finding> + 'a>> {
        Box::pin(ask(of))
    }
}

async fn ask(of: &Asked<'_>) -> Finding {
    let lang = of.lang;
    let base = of.settings.get("ERPNEXT_URL").unwrap_or_default();
    // Anyone may ask this: it tells the way is free, how long it is, and what time it is there.
    let reply = match probe::get(base, ApiPath::new("api/method/ping"), &[], of).await {
        Ok(reply) => reply,
        Err(finding) => return finding,
    };
    let pong = reply.response.json::<Pong>();
    if !pong.is_ok_and(|pong| pong.message == "pong") {
        let status = reply.response.status().as_u16();
        let message = match lang {
            Lang::Fr => format!("répond {status}, mais n’est pas un site Frappe"),
            Lang::En => format!("answers {status}, but is not a Frappe site"),
        };
        return reply.finding(Status::Failed, message).fix(lang.pick(
            "ERPNEXT_URL doit nommer le site: Frappe le choisit d’après le nom d’hôte",
            "ERPNEXT_URL must name the site: Frappe chooses it by the host name",
        ));
    }
    let client = match client(base, of) {
        Ok(client) => client,
        Err(problem) => return problem.of(&reply),
    };
    let known = match know(&client, of).await {
        Ok(known) => known,
        Err(problem) => return problem.of(&reply),
    };
    let mut finding = reply.sound(known.summary(lang), of);
    finding.version = Some(known.version());
    for problem in known.problems(of) {
        problem.join(&mut finding);
    }
    finding
}

#[derive(Deserialize)]
struct Pong {
    message: String,
}

/// One thing to put right.
struct Problem {
    status: Status,
    message: String,
    fix: String,
}

impl Problem {
    fn failed(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            status: Status::Failed,
            message: message.into(),
            fix: fix.into(),
        }
    }

    fn degraded(message: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            status: Status::Degraded,
            ..Self::failed(message, fix)
        }
    }

    fn of(self, reply: &probe::Reply) -> Finding {
        reply.finding(self.status, self.message).fix(self.fix)
    }

    /// Adds it to what was found before.
    fn join(self, finding: &mut Finding) {
        if finding.status != Status::Failed {
            finding.status = self.status;
        }
        finding.message = format!("{}; {}", finding.message, self.message);
        finding.fix = Some(match finding.fix.take() {
            Some(fix) => format!("{fix}; {}", self.fix),
            None => self.fix,
        });
    }
}

fn client(base: &str, of: &Asked<'_>) -> Result<Client, Problem> {
    let lang = of.lang;
    let setting = |name: &str| {
        of.settings.get(name).ok_or_else(|| {
            let message = match of.settings.problem(name) {
                Some(problem) => format!("{name}: {}", problem.rule),
                None => format!("{name}: {}", lang.pick("non donné", "not set")),
            };
            Problem::failed(
                message,
                lang.pick(
                    "créez une clé d’API dans la fiche d’un utilisateur d’ERPNext (Accès API)",
                    "make an API key on the page of a user of ERPNext (API Access)",
                ),
            )
        })
    };
    let credentials =
        Credentials::token(setting("ERPNEXT_API_KEY")?, setting("ERPNEXT_API_SECRET")?);
    Client::builder(base)
        .credentials(credentials)
        .user_agent(concat!("fsm/", env!("CARGO_PKG_VERSION")))
        .timeout(PATIENCE)
        .retry(RetryPolicy::none())
        .build()
        .map_err(|error| {
            Problem::failed(
                chain(&error),
                lang.pick("corrigez ces réglages", "correct these settings"),
            )
        })
}

/// What the site told.
struct Known {
    user: String,
    site: std::sync::Arc<Site>,
    plan: Plan,
    refused: Vec<Refused>,
}

/// Something the user may not do.
struct Refused {
    doctype: &'static str,
    permission: &'static str,
    role: &'static str,
}

async fn know(client: &Client, of: &Asked<'_>) -> Result<Known, Problem> {
    let user = client.user().await.map_err(|error| unwelcome(&error, of))?;
    if user.as_str() == "Guest" {
        return Err(anonymous(of));
    }
    let failed = |error: Error| {
        let said = error.message().map(clean).unwrap_or_default();
        Problem::failed(
            format!("{} {said}", chain(&error)).trim_end().to_owned(),
            of.lang.pick(
                "regardez le journal d’erreurs du site",
                "look at the site's error log",
            ),
        )
    };
    let site = client.site().await.map_err(failed)?;
    let plan = Schema::field_service().plan(client).await.map_err(failed)?;
    // Of what is not there, nothing can be allowed.
    let absent: Vec<&str> = plan
        .steps()
        .iter()
        .filter_map(|step| match step {
            Step::Doctype(doctype) => Some(doctype.name),
            _ => None,
        })
        .chain(
            plan.obstacles()
                .iter()
                .filter_map(|obstacle| match obstacle {
                    Obstacle::NoDoctype { doctype, .. } => Some(*doctype),
                    _ => None,
                }),
        )
        .collect();
    let questions: Vec<Refused> = NEEDS
        .iter()
        .filter(|(doctype, ..)| !absent.contains(doctype))
        .flat_map(|(doctype, permissions, role)| {
            permissions.iter().map(|permission| Refused {
                doctype,
                permission,
                role,
            })
        })
        .collect();
    let refused = stream::iter(questions)
        .map(async |question| {
            let allowed = may(client, &question).await?;
            Ok::<_, Error>((!allowed).then_some(question))
        })
        .buffered(AT_ONCE)
        .try_filter_map(async |refused| Ok(refused))
        .try_collect()
        .await
        .map_err(failed)?;
    Ok(Known {
        user: clean(user.as_str()),
        site,
        plan,
        refused,
    })
}

async fn may(client: &Client, question: &Refused) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Answer {
        has_permission: bool,
    }
    let answer = client
        .rpc("frappe.client.has_permission")
        .arg("doctype", question.doctype)
        .arg("docname", "")
        .arg("perm_type", question.permission)
        .get::<Answer>()
        .await;
    match answer {
        Ok(answer) => Ok(answer.has_permission),
        // A doctype that is not there, asked by who may not know.
        Err(error) if error.is_permission() || error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The site does not take us for a user.
fn unwelcome(error: &Error, of: &Asked<'_>) -> Problem {
    let lang = of.lang;
    match error.status() {
        Some(401) => Problem::failed(
            lang.pick("refuse la clé d’API", "refuses the API key"),
            lang.pick(
                "vérifiez ERPNEXT_API_KEY et ERPNEXT_API_SECRET: générer de nouvelles clés annule les anciennes",
                "check ERPNEXT_API_KEY and ERPNEXT_API_SECRET: generating new keys ends the old ones",
            ),
        ),
        Some(403) => anonymous(of),
        _ => Problem::failed(
            chain(error),
            lang.pick(
                "regardez le journal d’erreurs du site",
                "look at the site's error log",
            ),
        ),
    }
}

fn anonymous(of: &Asked<'_>) -> Problem {
    let lang = of.lang;
    Problem::failed(
        lang.pick(
            "ne nous prend pour personne (Guest)",
            "takes us for nobody (Guest)",
        ),
        lang.pick(
            "le mandataire devant le site doit laisser passer l’en-tête Authorization",
            "the proxy in front of the site must let the header Authorization through",
        ),
    )
}

impl Known {
    fn version(&self) -> String {
        match self.site.app("erpnext") {
            Some(erpnext) => erpnext.version.clone(),
            None => self.site.frappe().to_owned(),
        }
    }

    fn summary(&self, lang: Lang) -> String {
        let (user, frappe) = (&self.user, self.site.frappe());
        let dialect = match self.site.dialect() {
            erpnext_client::Dialect::V15 => "v15",
            _ => "v16",
        };
        match lang {
            Lang::Fr => format!("utilisateur {user}; Frappe {frappe}, dialecte {dialect}"),
            Lang::En => format!("as {user}; Frappe {frappe}, dialect {dialect}"),
        }
    }

    /// What is to be put right, the worst first.
    fn problems(&self, of: &Asked<'_>) -> Vec<Problem> {
        let lang = of.lang;
        let mut problems = Vec::new();
        if self.site.app("erpnext").is_none() {
            problems.push(Problem::failed(
                lang.pick(
                    "ERPNext n’y est pas installé",
                    "ERPNext is not installed there",
                ),
                lang.pick(
                    "installez l’app erpnext sur ce site",
                    "install the app erpnext on this site",
                ),
            ));
        }
        problems.extend(self.missing(lang));
        problems.extend(self.obstacles(lang));
        problems.extend(self.refusals(lang));
        problems.extend(self.zone(of));
        problems
    }

    fn missing(&self, lang: Lang) -> Option<Problem> {
        let steps = self.plan.steps();
        let names: Vec<String> = steps
            .iter()
            .map(|step| match step {
                Step::Role(name) => (*name).to_owned(),
                Step::Doctype(doctype) => doctype.name.to_owned(),
                Step::Field(custom) => format!("{}.{}", custom.doctype, custom.field.name),
                other => other.to_string(),
            })
            .collect();
        (!names.is_empty()).then(|| {
            let message = format!("{} {}", lang.pick("manque:", "missing:"), some(&names));
            Problem::failed(
                message,
                lang.pick("lancez fsm erp bootstrap", "run fsm erp bootstrap"),
            )
        })
    }

    fn obstacles(&self, lang: Lang) -> Option<Problem> {
        let each: Vec<String> = self
            .plan
            .obstacles()
            .iter()
            .map(Obstacle::to_string)
            .collect();
        (!each.is_empty()).then(|| {
            Problem::degraded(
                some(&each),
                lang.pick(
                    "fsm erp bootstrap --dry-run montre tout; corrigez-le dans ERPNext",
                    "fsm erp bootstrap --dry-run shows all of it; put it right in ERPNext",
                ),
            )
        })
    }

    fn refusals(&self, lang: Lang) -> Option<Problem> {
        if self.refused.is_empty() {
            return None;
        }
        let each: Vec<String> = self
            .refused
            .iter()
            .map(|refused| format!("{} {}", refused.permission, refused.doctype))
            .collect();
        let mut roles: Vec<&str> = self.refused.iter().map(|refused| refused.role).collect();
        roles.sort_unstable();
        roles.dedup();
        let user = &self.user;
        let roles = roles.join(", ");
        let message = format!("{} {}", lang.pick("ne peut pas:", "may not:"), some(&each));
        let fix = match lang {
            Lang::Fr => format!("donnez à {user} dans ERPNext: {roles}"),
            Lang::En => format!("give {user} in ERPNext: {roles}"),
        };
        Some(Problem::failed(message, fix))
    }

    /// Times of the site are read in its zone; due dates are days of the customers.
    fn zone(&self, of: &Asked<'_>) -> Option<Problem> {
        let expected = of.settings.get("ERPNEXT_TIME_ZONE").unwrap_or(ZONE);
        let found = self.site.zone().iana_name().unwrap_or("?");
        (found != expected).then(|| {
            let message = match of.lang {
                Lang::Fr => format!("fuseau du site: {found}, attendu {expected}"),
                Lang::En => format!("time zone of the site: {found}, expected {expected}"),
            };
            Problem::degraded(
                message,
                of.lang.pick(
                    "changez-le dans System Settings, ou donnez ERPNEXT_TIME_ZONE",
                    "change it in System Settings, or set ERPNEXT_TIME_ZONE",
                ),
            )
        })
    }
}

/// The first few, and how many more there are.
fn some(names: &[String]) -> String {
    let shown = names
        .iter()
        .take(NAMED)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} (+{more})"),
    }
}
