//! `fsm erp`: documents of ERPNext.

mod bootstrap;
mod codegen;
mod condition;
mod count;
mod get;
mod grid;
mod insert;
mod list;
mod site;

use clap::Subcommand;

use crate::cli::Context;
use crate::output::{Exit, Failure};

/// Commands about ERPNext.
#[derive(Debug, Subcommand)]
pub(crate) enum Erp {
    /// Show a document with its tables
    ///
    /// Exits 1 when there is no document of that name.
    Get(get::Get),
    /// List documents
    ///
    /// Says when more rows follow than were asked for: nothing is left out in silence.
    List(list::List),
    /// Count documents
    Count(count::Count),
    /// Create documents
    ///
    /// Fields that the doctype does not have are refused: Frappe would ignore them without a word.
    Insert(insert::Insert),
    /// Create what the field service needs: a role, doctypes, fields
    ///
    /// Compares the site with what the product uses, shows what is missing, and creates it after
    /// a yes. Deletes nothing and changes no type; doing it again does no harm. Needs a user with
    /// the role System Manager.
    Bootstrap(bootstrap::Bootstrap),
    /// Write a doctype as a Rust struct, with its tables and choices
    Codegen(codegen::Codegen),
}

impl Erp {
    pub(crate) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::remote(format!("cannot start: {error}"), "free some file handles")
            })?;
        runtime.block_on(async {
            match self {
                Self::Get(command) => command.run(context).await,
                Self::List(command) => command.run(context).await,
                Self::Count(command) => command.run(context).await,
                Self::Insert(command) => command.run(context).await,
                Self::Bootstrap(command) => command.run(context).await,
                Self::Codegen(command) => command.run(context).await,
            }
        })
    }
}
