//! A plan is carried out.

use serde_json::json;

use super::look::{doctype, role};
use super::{Plan, Step};
use crate::{Changes, Client, Error};

impl Plan {
    /// Creates what is missing, in order, and reports each step that is done.
    ///
    /// The user must be a System Manager. A step whose answer was lost, or that somebody else
    /// did meanwhile, is looked up and counts as done; carrying out a plan twice does no harm.
    /// What stands in the way stays: see [`obstacles`](Self::obstacles).
    ///
    /// # Errors
    /// The first step that cannot be done: what was done before it stays. A refusal
    /// ([`Error::is_permission`]) means that the user is no System Manager.
    ///
    /// # Cancel safety
    /// A plan dropped half-way leaves whole steps done; plan again.
    pub async fn apply(
        &self,
        client: &Client,
        mut done: impl FnMut(&Step) + Send,
    ) -> Result<(), Error> {
        for step in self.steps() {
            if let Err(error) = step.create(client).await {
                let settled = !error.is_permission() && step.is_done(client).await.unwrap_or(false);
                if !settled {
                    return Err(error);
                }
            }
            done(step);
        }
        client.forget_meta();
        Ok(())
    }
}

impl Step {
    async fn create(&self, client: &Client) -> Result<(), Error> {
        let (doctype, body) = match self {
            Self::Role(name) => ("Role", json!({"role_name": name, "desk_access": 1})),
            Self::Doctype(doctype) => ("DocType", doctype.to_json()),
            Self::Field(custom) => ("Custom Field", custom.to_json()),
        };
        let body = body.as_object().cloned().unwrap_or_default();
        client
            .documents(doctype)
            .checked(false)
            .insert(&Changes::from(body))
            .await?;
        Ok(())
    }

    async fn is_done(&self, client: &Client) -> Result<bool, Error> {
        client.forget_meta();
        match self {
            Self::Role(name) => role(client, name).await,
            Self::Doctype(wanted) => Ok(doctype(client, wanted.name).await?.is_some()),
            Self::Field(custom) => Ok(doctype(client, custom.doctype)
                .await?
                .is_some_and(|found| found.field(custom.field.name).is_some())),
        }
    }
}
