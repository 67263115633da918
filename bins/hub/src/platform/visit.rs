//! Who asks for a page of the staff console, and in which language.

use axum::extract::FromRequestParts;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use ui_kit::{NavItem, Page};

use super::call::Call;
use super::error::{HubError, HubResult};
use super::identity::Staff;
use super::pages;
use crate::Hub;

/// A member of staff at a page.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The hub that is visited.
    pub hub: Hub,
    /// Language and id of the request.
    pub call: Call,
    /// Who visits.
    pub staff: Staff,
}

impl FromRequestParts<Hub> for Visit {
    type Rejection = HubError;

    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> HubResult<Self> {
        let staff = Staff::from_request_parts(parts, hub).await?;
        let call = parts.extensions.get::<Call>().cloned();
        Ok(Self {
            hub: hub.clone(),
            call: call.ok_or_else(HubError::internal)?,
            staff,
        })
    }
}

impl Visit {
    /// An empty page of a section; `here` is its own address.
    pub fn page(&self, section: NavItem, title: &str, here: &str) -> Page {
        pages::console(title, &self.call, &self.staff, here).nav(section)
    }

    /// A page as an answer.
    #[must_use]
    pub fn answer(&self, status: StatusCode, page: &Page) -> Response {
        pages::answer(&self.hub, status, page)
    }
}
