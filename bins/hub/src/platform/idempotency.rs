//! `Idempotency-Key`: a request that is sent again is answered again, not carried out again.

use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use effect_journal::{EffectKey, Intent};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::csrf::hex;
use super::error::{HubError, HubResult};
use crate::Hub;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Longer than any answer of a route that takes a key.
const CLAIM: Duration = Duration::from_secs(120);

/// The key of a request, where it brings one: 1 to 128 visible ASCII characters.
#[derive(Clone, Debug, Default)]
pub struct RequestKey(Option<String>);

impl RequestKey {
    /// A key that a page of ours has put into its form.
    #[must_use]
    pub fn of_form(nonce: &str) -> Self {
        Self(is_key(nonce).then(|| nonce.to_owned()))
    }

    /// The key.
    #[must_use]
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

fn is_key(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl<S: Send + Sync> FromRequestParts<S> for RequestKey {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> HubResult<Self> {
        let mut given = parts.headers.get_all(HEADER).iter();
        let Some(first) = given.next() else {
            return Ok(Self(None));
        };
        let text = first.to_str().ok().filter(|text| is_key(text));
        match (text, given.next()) {
            (Some(text), None) => Ok(Self(Some(text.to_owned()))),
            _ => Err(HubError::malformed().because("Idempotency-Key")),
        }
    }
}

/// What is kept of an answer.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    /// Digest of the request's body.
    request: String,
    status: u16,
    body: Value,
}

/// An answer with a body of JSON.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::exhaustive_structs, reason = "an answer has no more parts")]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// The body.
    pub body: Value,
}

impl Answer {
    /// 200 with a body.
    #[must_use]
    pub fn ok(body: Value) -> Self {
        Self {
            status: StatusCode::OK,
            body,
        }
    }

    fn into_response(self, replayed: bool) -> Response {
        let mut answer = (self.status, axum::Json(self.body)).into_response();
        if replayed {
            let yes = HeaderValue::from_static("true");
            answer.headers_mut().insert(REPLAYED, yes);
        }
        answer
    }
}

/// Carries a request out, or answers as it was answered under its key before.
///
/// Answers are kept; errors are not: what they stand for did not happen, or is told apart by the
/// effect's own key. A hub without a journal carries every request out.
///
/// # Errors
///
/// Those of the work; 409 where the key belongs to another request, or to one under way.
pub async fn answered(
    hub: &Hub,
    key: &RequestKey,
    route: &str,
    principal: &str,
    request: &impl Serialize,
    work: impl Future<Output = HubResult<Answer>>,
) -> HubResult<Response> {
    let (Some(key), Ok(journal)) = (key.as_deref(), hub.journal()) else {
        return Ok(work.await?.into_response(false));
    };
    let request = serde_json::to_vec(request).map_err(|_| HubError::malformed())?;
    let request = hex(&Sha256::digest(&request));
    // Whoever calls has keys of their own; an address does not belong into the journal.
    let principal = hub.csrf().pseudonym(principal);
    let effect = EffectKey::new(format!("request:{route}:{principal}:{key}"))
        .map_err(|error| HubError::malformed().caused_by(&error))?;
    let claim = match journal.intend(&effect, CLAIM).await {
        Ok(Intent::Fresh(claim) | Intent::Uncertain { claim, .. }) => claim,
        Ok(Intent::Done(kept)) => {
            let kept: Kept = serde_json::from_slice(&kept)
                .map_err(|error| HubError::internal().caused_by(&error))?;
            if kept.request != request {
                return Err(HubError::state("key_reused"));
            }
            let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
            let body = kept.body;
            return Ok(Answer { status, body }.into_response(true));
        }
        Ok(_) => {
            return Err(HubError::state("in_progress").retry_after(Duration::from_secs(1)));
        }
        Err(error) => return Err(error.into()),
    };
    let outcome = work.await;
    let settled = match &outcome {
        Ok(answer) => {
            let kept = Kept {
                request,
                status: answer.status.as_u16(),
                body: answer.body.clone(),
            };
            let kept = serde_json::to_vec(&kept).unwrap_or_default();
            journal.record(&claim, Bytes::from(kept)).await
        }
        Err(_) => journal.abandon(&claim).await,
    };
    if let Err(error) = settled {
        // The effect itself has a key of its own: asked again, it is found.
        tracing::warn!(%error, route, "the answer under an Idempotency-Key is not kept");
    }
    Ok(outcome?.into_response(false))
}
