//! Routes of the settings screen.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use effect_journal::{ItemState, Items, Journal, Seq};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use ui_kit::{NavItem, Text};

use super::inbox;
use super::page::{self, REPLAY, SETTINGS};
use super::view::{Events, Notice, Reading, SettingsView};
use crate::platform::api::Api;
use crate::platform::error::{HubError, HubResult};
use crate::platform::visit::Visit;

/// Failed events of one page, and most of those that are shown waiting.
const ROWS: u32 = 25;
/// Items among which those that wait for another attempt are looked for.
const LOOKED_AT: u32 = 200;

/// Routes of this room.
pub(super) fn api() -> Api {
    Api::new()
        .page(SETTINGS, get(settings))
        .page(REPLAY, post(replay))
}

#[derive(Debug, Deserialize)]
struct Shown {
    after: Option<i64>,
    /// How a replay ended, and of which event.
    outcome: Option<String>,
    seq: Option<i64>,
}

impl Shown {
    /// The outcome that a redirect carries: words of our own only.
    fn notice(&self) -> Option<Notice> {
        let seq = self.seq?;
        match self.outcome.as_deref()? {
            "replayed" => Some(Notice::Replayed(seq)),
            "not-dead" => Some(Notice::NotDead(seq)),
            "unknown" => Some(Notice::Unknown(seq)),
            _ => None,
        }
    }
}

async fn settings(
    visit: Visit,
    query: Result<Query<Shown>, QueryRejection>,
) -> HubResult<Response> {
    let Query(shown) = query?;
    let after = shown.after.map(Seq::new);
    let journal = match visit.hub.journal() {
        Err(_) => Reading::Off,
        Ok(journal) => match read(&**journal, after).await {
            Ok(events) => Reading::Read(Box::new(events)),
            Err(error) => {
                let request_id = visit.call.id.as_str();
                tracing::warn!(request_id, cause = error.cause(), "journal");
                Reading::Unavailable
            }
        },
    };
    let csrf = visit.hub.csrf().token(&visit.staff.email, visit.hub.now());
    let dependencies = visit.hub.readiness().dependencies(&visit.hub).await;
    let view = SettingsView {
        lang: visit.call.lang,
        now: visit.hub.now(),
        csrf: &csrf,
        request_id: visit.call.id.as_str(),
        dependencies: dependencies.into_iter().collect(),
        journal,
        notice: shown.notice(),
    };
    let title = visit.call.lang.t(Text::Settings);
    let frame = visit.page(NavItem::Settings, title, &page::href(after));
    Ok(visit.answer(StatusCode::OK, &page::settings(frame, &view)))
}

async fn read(journal: &dyn Journal, after: Option<Seq>) -> HubResult<Events> {
    let mut dead = Items::new().state(ItemState::Dead);
    if let Some(after) = after {
        dead = dead.before(after);
    }
    let (dead, next) = inbox::page(journal, dead, ROWS).await?;
    let pending = Items::new().state(ItemState::Pending);
    let (pending, _) = inbox::page(journal, pending, LOOKED_AT).await?;
    let waiting = pending.into_iter().filter(|item| item.error.is_some());
    Ok(Events {
        stats: journal
            .stats()
            .await
            .map_err(|error| inbox::failed(&error))?,
        dead,
        after,
        next,
        waiting: waiting
            .take(usize::try_from(ROWS).unwrap_or(usize::MAX))
            .collect(),
    })
}

#[derive(Debug, Deserialize)]
struct Asked {
    csrf: String,
    seq: i64,
    after: Option<i64>,
}

async fn replay(
    visit: Visit,
    headers: HeaderMap,
    form: Result<Form<Asked>, FormRejection>,
) -> HubResult<Response> {
    let Form(asked) = form.map_err(|error| HubError::of_status(error.status()).because(error))?;
    let public_url = visit.hub.config().public_url.as_ref();
    let email = &visit.staff.email;
    visit
        .hub
        .csrf()
        .check(&headers, public_url, email, &asked.csrf, visit.hub.now())?;
    let journal = visit.hub.journal()?;
    let outcome = match journal.item(Seq::new(asked.seq)).await {
        Err(_) => "unknown",
        Ok(None) => "not-dead",
        Ok(Some(item)) => match inbox::again(&**journal, &item).await {
            Ok(()) => "replayed",
            Err(error) if error.status() == StatusCode::CONFLICT => "not-dead",
            Err(error) => {
                let request_id = visit.call.id.as_str();
                tracing::warn!(request_id, cause = error.cause(), "replay");
                "unknown"
            }
        },
    };
    let mut address = format!("{SETTINGS}?outcome={outcome}&seq={}", asked.seq);
    if let Some(after) = asked.after {
        address = format!("{address}&after={after}");
    }
    Ok(Redirect::to(&address).into_response())
}
