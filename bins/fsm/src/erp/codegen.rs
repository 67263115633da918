//! `fsm erp codegen`: a doctype as a Rust struct.

use clap::Args;
use erpnext_client::{Meta, codegen};
use serde_json::json;

use super::site;
use crate::cli::Context;
use crate::output::{Exit, Failure, json as to_json};

/// Options of `erp codegen`.
#[derive(Args, Debug)]
pub(crate) struct Codegen {
    /// The doctype, as in: "Sales Invoice"
    doctype: String,
    /// Print JSON: "doctype" and "source"
    #[arg(long)]
    json: bool,
}

impl Codegen {
    pub(super) async fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let client = site::client(context)?;
        let meta = client
            .meta(&self.doctype)
            .await
            .map_err(|error| site::failed(&error))?;
        let mut children: Vec<Meta> = Vec::new();
        for (_, doctype) in meta.tables() {
            if children.iter().all(|child| child.name != doctype) {
                let child = client
                    .meta(doctype)
                    .await
                    .map_err(|error| site::failed(&error))?;
                children.push(Meta::clone(&child));
            }
        }
        let source = codegen::rust_struct(&meta, &children);
        let text = if self.json {
            to_json(&json!({"doctype": meta.name, "source": source}))?
        } else {
            source
        };
        Ok((text, Exit::Done))
    }
}
