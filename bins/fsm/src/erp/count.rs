//! `fsm erp count`: how many.

use clap::Args;
use serde_json::json;

use super::list::Conditions;
use super::site;
use crate::cli::Context;
use crate::output::{Exit, Failure, json as to_json};

/// Options of `erp count`.
#[derive(Args, Debug)]
pub(crate) struct Count {
    /// Their doctype
    doctype: String,
    #[command(flatten)]
    conditions: Conditions,
    /// Print JSON: "doctype" and "count"
    #[arg(long)]
    json: bool,
}

impl Count {
    pub(super) async fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let filters = self.conditions.read()?;
        let client = site::client(context)?;
        let count = client
            .documents(self.doctype.clone())
            .list()
            .filters(filters)
            .count()
            .await
            .map_err(|error| site::failed(&error))?;
        let text = if self.json {
            to_json(&json!({"doctype": self.doctype, "count": count}))?
        } else {
            format!("{count}\n")
        };
        Ok((text, Exit::Done))
    }
}
