//! `fsm erp bootstrap`: a site gets what the field service needs.

use std::io::{IsTerminal as _, Write as _, stderr, stdin};

use clap::Args;
use erpnext_client::Error;
use erpnext_client::bootstrap::{Obstacle, Plan, ROLE, Schema, Step};
use serde::Serialize;

use super::site;
use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Cell, Exit, Failure, Painter, Table, Tone, clean, json as to_json};

/// Options of `erp bootstrap`.
#[derive(Args, Debug)]
pub(crate) struct Bootstrap {
    /// Show what is missing, and stop: exits 1 when something is
    #[arg(long)]
    dry_run: bool,
    /// Create what is missing without asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Print JSON: "fulfilled", "steps", "obstacles" and "present"
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer {
    /// Nothing is missing, or stands in the way.
    fulfilled: bool,
    steps: Vec<StepRow>,
    obstacles: Vec<String>,
    present: Vec<&'static str>,
}

#[derive(Serialize)]
struct StepRow {
    kind: &'static str,
    doctype: Option<&'static str>,
    name: &'static str,
    done: bool,
}

impl Bootstrap {
    pub(super) async fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let client = site::client(context)?;
        let schema = Schema::field_service();
        let plan = schema
            .plan(&client)
            .await
            .map_err(|error| site::failed(&error))?;
        if self.dry_run || plan.steps().is_empty() {
            return self.answer(&plan, 0, context);
        }
        if !self.yes {
            self.ask(&plan, context)?;
        }
        let mut done = 0_usize;
        let outcome = plan
            .apply(&client, |step| {
                done = done.saturating_add(1);
                if stderr().is_terminal() && !self.json {
                    let _ = writeln!(stderr().lock(), "  {done}/{} {step}", plan.steps().len());
                }
            })
            .await;
        match outcome {
            Ok(()) => self.answer(&plan, done, context),
            Err(error) => {
                let failure = explained(&error, done, &plan);
                Err(if self.json {
                    failure.with_document(to_json(&answer(&plan, done))?)
                } else {
                    failure
                })
            }
        }
    }

    /// Waits for a yes; what is asked stands on stderr, beside the answer to come.
    fn ask(&self, plan: &Plan, context: &Context) -> Result<(), Failure> {
        let count = plan.steps().len();
        let hint = "give --yes to create it, or --dry-run to only see it";
        if self.json || !stdin().is_terminal() {
            return Err(Failure::input(
                format!("the site lacks {count} things, and nobody is there to say yes"),
                hint,
            ));
        }
        let mut err = stderr().lock();
        let question = match context.lang {
            Lang::Fr => format!("Créer ces {count} choses? [o/N] "),
            Lang::En => format!("Create these {count}? [y/N] "),
        };
        let _ = write!(err, "{}\n{question}", draw(plan, 0, context));
        let _ = err.flush();
        let mut line = String::new();
        let read = stdin().read_line(&mut line);
        let yes = ["y", "yes", "o", "oui"];
        if read.is_ok() && yes.contains(&line.trim().to_lowercase().as_str()) {
            Ok(())
        } else {
            Err(Failure::input("nothing was created", hint))
        }
    }

    fn answer(
        &self,
        plan: &Plan,
        done: usize,
        context: &Context,
    ) -> Result<(String, Exit), Failure> {
        let answer = answer(plan, done);
        let exit = if answer.fulfilled {
            Exit::Done
        } else {
            Exit::No
        };
        let text = if self.json {
            to_json(&answer)?
        } else {
            draw(plan, done, context)
        };
        Ok((text, exit))
    }
}

fn answer(plan: &Plan, done: usize) -> Answer {
    let steps: Vec<StepRow> = plan
        .steps()
        .iter()
        .enumerate()
        .filter_map(|(place, step)| row(step, place < done))
        .collect();
    Answer {
        fulfilled: plan.obstacles().is_empty() && steps.iter().all(|step| step.done),
        steps,
        obstacles: plan.obstacles().iter().map(Obstacle::to_string).collect(),
        present: plan.present().to_vec(),
    }
}

fn row(step: &Step, done: bool) -> Option<StepRow> {
    let (kind, doctype, name) = match step {
        Step::Role(name) => ("role", None, *name),
        Step::Doctype(doctype) => ("doctype", None, doctype.name),
        Step::Field(custom) => ("field", Some(custom.doctype), custom.field.name),
        _ => return None,
    };
    Some(StepRow {
        kind,
        doctype,
        name,
        done,
    })
}

fn explained(error: &Error, done: usize, plan: &Plan) -> Failure {
    let after = format!("{done} of {} done", plan.steps().len());
    if error.is_permission() {
        return Failure::remote(
            format!("ERPNext does not let this user create doctypes and fields ({after})"),
            "give the user of ERPNEXT_API_KEY the role System Manager for the bootstrap, and take it back afterwards",
        );
    }
    let said = error.message().map(clean).unwrap_or_default();
    Failure::remote(
        format!("ERPNext: {error}: {said} ({after})"),
        "correct what it says and run it again: what is done stays done",
    )
}

fn draw(plan: &Plan, done: usize, context: &Context) -> String {
    let (lang, painter) = (context.lang, context.painter);
    let mut table = Table::default();
    for (place, step) in plan.steps().iter().enumerate() {
        let Some(row) = row(step, place < done) else {
            continue;
        };
        let (tone, shape, word) = if row.done {
            (Tone::Good, '●', lang.pick("créé", "created"))
        } else {
            (Tone::Marginal, '◆', lang.pick("manque", "missing"))
        };
        let kind = match row.kind {
            "role" => lang.pick("rôle", "role"),
            "doctype" => "doctype",
            _ => lang.pick("champ", "field"),
        };
        let of = row
            .doctype
            .map(|doctype| format!("{} {doctype}", lang.pick("de", "of")))
            .unwrap_or_default();
        table.row([
            Cell::toned(tone, format!("{shape} {word}")),
            kind.into(),
            row.name.into(),
            of.into(),
        ]);
    }
    for obstacle in plan.obstacles() {
        table.row([
            Cell::toned(Tone::Bad, format!("■ {}", lang.pick("à voir", "look"))),
            obstacle_text(obstacle, lang).into(),
        ]);
    }
    let mut out = String::new();
    table.draw(painter, &mut out);
    if table.is_empty() {
        out = match lang {
            Lang::Fr => "  ● Tout est là: le rôle, les doctypes, les champs.\n".to_owned(),
            Lang::En => "  ● Everything is there: the role, the doctypes, the fields.\n".to_owned(),
        };
        out = lang.typeset(&out);
    } else if done > 0 && done == plan.steps().len() {
        out.push_str(&next(painter, lang));
    }
    out
}

/// What is left to a person.
fn next(painter: Painter, lang: Lang) -> String {
    let text = match lang {
        Lang::Fr => format!(
            "Donnez le rôle « {ROLE} » à l’utilisateur de la clé d’API et au personnel, puis fsm doctor."
        ),
        Lang::En => format!(
            "Give the role {ROLE} to the user of the API key and to staff, then run fsm doctor."
        ),
    };
    format!("\n{}\n", painter.paint(Tone::Quiet, &text))
}

fn obstacle_text(obstacle: &Obstacle, lang: Lang) -> String {
    if lang == Lang::En {
        return obstacle.to_string();
    }
    match obstacle {
        Obstacle::NoDoctype { doctype, needed_by } => {
            format!("{needed_by} a besoin du doctype {doctype}, qui n’est pas là")
        }
        Obstacle::OtherType {
            doctype,
            field,
            expected,
            found,
        } => format!("{field} de {doctype} est {found} au lieu de {expected}"),
        Obstacle::NotUnique { doctype, field } => {
            format!("{field} de {doctype} n’est pas unique")
        }
        Obstacle::NoChoice {
            doctype,
            field,
            missing,
        } => format!("{field} de {doctype} n’offre pas {}", missing.join(", ")),
        other => other.to_string(),
    }
}
