//! `fsm inbox`: what came in, and what could not be processed.

mod item;
mod source;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use self::item::Item;
use self::source::{From, Source};
use crate::cli::Context;
use crate::output::{Exit, Failure, Table, clean, json as to_json};

/// Commands about the inbox.
#[derive(Debug, Subcommand)]
pub(crate) enum Inbox {
    /// List events, newest first, without their bodies
    List(List),
    /// Show one event: where it stands, why it failed, what came, what was done about it
    ///
    /// Exits 1 when there is none of that number.
    Show(Show),
    /// Make an event that was given up due again
    ///
    /// What it has done is not done again. Exits 1 when it was not given up.
    Replay(Replay),
}

/// Options of `inbox list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    from: From,
    /// Only events in this state
    #[arg(long, value_enum, value_name = "STATE")]
    state: Option<State>,
    /// Only events of this source, such as stripe
    #[arg(long, value_name = "SOURCE")]
    source: Option<String>,
    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    limit: u32,
    /// What follows the event of this number: the last one of the page before
    #[arg(long, value_name = "NUMBER")]
    after: Option<i64>,
    /// Print JSON: "items", and "next" where more follow
    #[arg(long)]
    json: bool,
}

/// Options of `inbox show`.
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// Its number
    number: i64,
    #[command(flatten)]
    from: From,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Options of `inbox replay`.
#[derive(Args, Debug)]
pub(crate) struct Replay {
    /// Its number
    number: i64,
    #[command(flatten)]
    from: From,
    /// Print JSON: "seq" and "state"
    #[arg(long)]
    json: bool,
}

/// Where an event stands.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum State {
    /// Waits for its turn or its time
    Pending,
    /// Is being worked on
    Leased,
    /// Done
    Done,
    /// Given up
    Dead,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

impl Inbox {
    pub(crate) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::remote(format!("cannot start: {error}"), "free some file handles")
            })?;
        runtime.block_on(async {
            let from = match &self {
                Self::List(command) => &command.from,
                Self::Show(command) => &command.from,
                Self::Replay(command) => &command.from,
            };
            let source = from.open(context).await?;
            let answer = match self {
                Self::List(command) => command.run(&source, context).await,
                Self::Show(command) => command.run(&source, context).await,
                Self::Replay(command) => command.run(&source, context).await,
            };
            source.close().await;
            answer
        })
    }
}

impl List {
    async fn run(self, source: &Source, context: &Context) -> Result<(String, Exit), Failure> {
        let state = self.state.map(State::word);
        let (items, next) = source
            .list(state, self.source.as_deref(), self.limit, self.after)
            .await?;
        if self.json {
            let text = to_json(&json!({ "items": items, "next": next }))?;
            return Ok((text, Exit::Done));
        }
        Ok((listed(&items, next, context), Exit::Done))
    }
}

fn listed(items: &[Item], next: Option<i64>, context: &Context) -> String {
    let lang = context.lang;
    if items.is_empty() {
        return lang.pick("Aucun événement.\n", "No event.\n").to_owned();
    }
    let mut table = Table::headed(&[
        lang.pick("NUMÉRO", "NUMBER"),
        lang.pick("SOURCE", "SOURCE"),
        lang.pick("ÉVÉNEMENT", "EVENT"),
        lang.pick("ÉTAT", "STATE"),
        lang.pick("REÇU", "RECEIVED"),
        lang.pick("ESSAIS", "ATTEMPTS"),
        lang.pick("RAISON", "REASON"),
    ]);
    for item in items {
        table.row(item.row(context));
    }
    let mut text = String::new();
    table.draw(context.painter, &mut text);
    if let Some(next) = next {
        let more = lang.pick("D’autres suivent", "More follow");
        text.push_str(&lang.typeset(&format!("\n{more}: --after {next}\n")));
    }
    text
}

impl Show {
    async fn run(self, source: &Source, context: &Context) -> Result<(String, Exit), Failure> {
        let whole = source.show(self.number).await?;
        let text = if self.json {
            to_json(&whole)?
        } else {
            whole.text(context)
        };
        Ok((text, Exit::Done))
    }
}

impl Replay {
    async fn run(self, source: &Source, context: &Context) -> Result<(String, Exit), Failure> {
        source.replay(self.number).await?;
        let text = if self.json {
            to_json(&json!({ "seq": self.number, "state": "pending" }))?
        } else {
            let due = match (context.lang, source) {
                (crate::lang::Lang::Fr, Source::Hub(_)) => "sera rejoué dans un instant",
                (crate::lang::Lang::En, Source::Hub(_)) => "will be replayed in a moment",
                (crate::lang::Lang::Fr, Source::Folder(_)) => "sera rejoué quand le hub démarrera",
                (crate::lang::Lang::En, Source::Folder(_)) => {
                    "will be replayed when the hub starts"
                }
            };
            let event = context.lang.pick("L’événement", "Event");
            format!("{event} {} {due}.\n", self.number)
        };
        Ok((text, Exit::Done))
    }
}

/// A text of outside in one line of a terminal, not endless.
fn short(text: &str, most: usize) -> String {
    let mut shown: String = clean(text).chars().take(most).collect();
    if text.chars().count() > most {
        shown.push('…');
    }
    shown
}
