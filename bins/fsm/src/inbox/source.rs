//! Where the inbox is read: from a running hub, or from its folder while none runs.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use effect_journal::{ErrorKind, ItemState, Items, Journal as _, Seq, SqliteJournal};
use http::{Method, StatusCode};
use integration_core::{ApiPath, HttpClient, Response, RetryPolicy};
use serde::Deserialize;

use super::item::{Item, Whole};
use crate::cli::Context;
use crate::output::{Failure, chain};

/// Which inbox.
#[derive(Args, Debug)]
pub(super) struct From {
    // Not a doc comment: backticks would be printed.
    #[arg(
        long,
        value_name = "URL",
        help = "Address of a running hub, asked with INTERNAL_TOKEN [default: PUBLIC_URL]",
        conflicts_with = "data_dir"
    )]
    hub: Option<String>,
    /// The hub's data directory, read by ourselves while no hub runs
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// An inbox that can be asked.
#[derive(Debug)]
pub(super) enum Source {
    Hub(HttpClient),
    Folder(SqliteJournal),
}

#[derive(Debug, Deserialize)]
struct Page {
    items: Vec<Item>,
    next: Option<i64>,
}

impl From {
    pub(super) async fn open(&self, context: &Context) -> Result<Source, Failure> {
        if let Some(folder) = &self.data_dir {
            return open_folder(folder).await.map(Source::Folder);
        }
        let settings = &context.settings;
        let hint = "give --hub URL, or --data-dir DIR while no hub runs";
        let url = self.hub.as_deref().or_else(|| settings.get("PUBLIC_URL"));
        let url =
            url.ok_or_else(|| Failure::input("no hub to ask: PUBLIC_URL is not set", hint))?;
        // During a rotation there are two; the first is the new one.
        let token = settings
            .get("INTERNAL_TOKEN")
            .and_then(|tokens| tokens.split(',').next())
            .map(str::trim)
            .ok_or_else(|| {
                Failure::input(
                    "a hub is asked with a token, and INTERNAL_TOKEN is not set",
                    "set INTERNAL_TOKEN, or give --env-file PATH",
                )
            })?;
        HttpClient::builder(url)
            .user_agent(concat!("fsm/", env!("CARGO_PKG_VERSION")))
            .header("authorization", format!("Bearer {token}"))
            .timeout(Duration::from_secs(15))
            .retry(RetryPolicy::none())
            .build()
            .map(Source::Hub)
            .map_err(|invalid| {
                Failure::input(
                    format!("the hub’s address cannot be used: {invalid}"),
                    "give http://host:3300",
                )
            })
    }
}

async fn open_folder(folder: &PathBuf) -> Result<SqliteJournal, Failure> {
    let shown = folder.display();
    // Opening makes what is not there: a typing error must not.
    if !folder.join("journal.sqlite").is_file() {
        return Err(Failure::input(
            format!("{shown} holds no journal"),
            "give the folder that HUB_DATA_DIR names",
        ));
    }
    SqliteJournal::builder(folder)
        .reserve(0)
        .open()
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::InUse => Failure::remote(
                format!("a running hub has {shown}"),
                "ask it with --hub URL, or stop it first",
            ),
            _ => Failure::remote(
                format!("{shown} cannot be read: {}", chain(&error)),
                "check its rights, or restore it from a copy",
            ),
        })
}

impl Source {
    /// A page of events, and the number after which the next begins.
    pub(super) async fn list(
        &self,
        state: Option<&str>,
        source: Option<&str>,
        limit: u32,
        after: Option<i64>,
    ) -> Result<(Vec<Item>, Option<i64>), Failure> {
        match self {
            Self::Hub(client) => {
                let mut request = client
                    .request(Method::GET, ApiPath::new("inbox"))
                    .query("limit", limit.to_string());
                if let Some(state) = state {
                    request = request.query("state", state);
                }
                if let Some(source) = source {
                    request = request.query("source", source);
                }
                if let Some(after) = after {
                    request = request.query("after", after.to_string());
                }
                let page: Page = read(&answered(request.send().await, None)?)?;
                Ok((page.items, page.next))
            }
            Self::Folder(journal) => {
                let mut items = Items::new().limit(limit.saturating_add(1));
                if let Some(state) = state.and_then(state_of) {
                    items = items.state(state);
                }
                if let Some(source) = source {
                    items = items.source(source);
                }
                if let Some(after) = after {
                    items = items.before(Seq::new(after));
                }
                let found = journal.items(items).await.map_err(|error| failed(&error))?;
                let limit = usize::try_from(limit).unwrap_or(usize::MAX);
                let items: Vec<Item> = found.iter().take(limit).map(Item::from).collect();
                let more = found.len() > limit;
                let next = items.last().filter(|_| more).map(|item| item.seq);
                Ok((items, next))
            }
        }
    }

    /// One event.
    pub(super) async fn show(&self, number: i64) -> Result<Whole, Failure> {
        match self {
            Self::Hub(client) => {
                let path = ApiPath::new("inbox");
                let path = path
                    .segment(&number.to_string())
                    .map_err(|_| none(number))?;
                let answer = client.request(Method::GET, path).send().await;
                read(&answered(answer, Some(number))?)
            }
            Self::Folder(journal) => {
                let item = journal.item(Seq::new(number)).await;
                let item = item.map_err(|error| failed(&error))?;
                item.as_ref().map(Whole::from).ok_or_else(|| none(number))
            }
        }
    }

    /// Makes an event that was given up due again.
    pub(super) async fn replay(&self, number: i64) -> Result<(), Failure> {
        match self {
            Self::Hub(client) => {
                let path = ApiPath::new("inbox");
                let path = path
                    .segment(&number.to_string())
                    .and_then(|path| path.segment("replay"))
                    .map_err(|_| none(number))?;
                let answer = client.request(Method::POST, path).send().await;
                answered(answer, Some(number)).map(drop)
            }
            Self::Folder(journal) => {
                let item = journal.item(Seq::new(number)).await;
                let item = item
                    .map_err(|error| failed(&error))?
                    .ok_or_else(|| none(number))?;
                if item.state != ItemState::Dead {
                    return Err(not_dead(number));
                }
                let replayed = journal.replay(item.seq).await;
                replayed.map_err(|error| failed(&error))
            }
        }
    }

    pub(super) async fn close(&self) {
        if let Self::Folder(journal) = self {
            journal.close().await;
        }
    }
}

fn state_of(word: &str) -> Option<ItemState> {
    [
        ItemState::Pending,
        ItemState::Leased,
        ItemState::Done,
        ItemState::Dead,
    ]
    .into_iter()
    .find(|state| state.as_str() == word)
}

fn none(number: i64) -> Failure {
    Failure::remote(
        format!("no event has the number {number}"),
        "fsm inbox list shows them",
    )
}

fn not_dead(number: i64) -> Failure {
    Failure::remote(
        format!("event {number} was not given up: nothing was changed"),
        "fsm inbox list --state dead shows those that were",
    )
}

/// An answer of the hub that is one, or what its refusal means.
fn answered(
    answer: Result<Response, integration_core::Error>,
    number: Option<i64>,
) -> Result<Response, Failure> {
    let answer = answer.map_err(|error| {
        Failure::remote(
            format!("the hub: {}", chain(&error)),
            "check the address, and that it runs: fsm doctor",
        )
    })?;
    let status = answer.status();
    match (status, number) {
        (status, _) if status.is_success() => Ok(answer),
        (StatusCode::NOT_FOUND, Some(number)) => Err(none(number)),
        (StatusCode::CONFLICT, Some(number)) => Err(not_dead(number)),
        (StatusCode::UNAUTHORIZED, _) => Err(Failure::remote(
            "the hub does not know the token",
            "set INTERNAL_TOKEN to what the hub has",
        )),
        (StatusCode::SERVICE_UNAVAILABLE, _) => Err(Failure::remote(
            "the hub’s journal is not available",
            "check HUB_DATA_DIR of the hub; GET /ready tells more",
        )),
        (StatusCode::NOT_FOUND, None) => Err(Failure::remote(
            "there is no inbox at this address",
            "give the address of the hub itself: http://host:3300",
        )),
        _ => Err(Failure::remote(
            format!("the hub answers {}", status.as_u16()),
            "look at its log",
        )),
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: &Response) -> Result<T, Failure> {
    answer.json().map_err(|error| {
        Failure::remote(
            format!("the hub: {}", chain(&error)),
            "give the address of the hub itself, of this version",
        )
    })
}

fn failed(error: &effect_journal::Error) -> Failure {
    Failure::remote(
        chain(error),
        "try again; if it stays, restore it from a copy",
    )
}
