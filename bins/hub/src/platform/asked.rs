//! What staff asks a JSON route to change: who asks, under which key, and what.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use serde::de::DeserializeOwned;

use super::csrf::Acting;
use super::error::HubError;
use super::idempotency::RequestKey;
use super::identity::Staff;
use crate::Hub;

/// A request of staff that changes something, with its JSON body.
#[derive(Debug)]
pub struct Asked<T> {
    /// Who asks.
    pub staff: Staff,
    /// Under which `Idempotency-Key`, if any.
    pub key: RequestKey,
    /// What for.
    pub wanted: T,
}

impl<T: DeserializeOwned> FromRequest<Hub> for Asked<T> {
    type Rejection = HubError;

    async fn from_request(request: Request, hub: &Hub) -> Result<Self, HubError> {
        let (mut parts, body) = request.into_parts();
        let Acting(staff) = Acting::from_request_parts(&mut parts, hub).await?;
        let key = RequestKey::from_request_parts(&mut parts, hub).await?;
        let Json(wanted) = Json::from_request(Request::from_parts(parts, body), hub).await?;
        Ok(Self { staff, key, wanted })
    }
}
