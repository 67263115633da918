//! `fsm device`: what a modem's document says.

mod lookup;
mod marks;
mod report;
mod summarize;

use clap::{Args, Subcommand};
use tr181::Summary;

use crate::cli::Context;
use crate::output::{Exit, Failure, json};

/// Commands about devices.
#[derive(Debug, Subcommand)]
pub(crate) enum Device {
    /// Summarise a device document: WAN, optical signal, Wi-Fi, LAN, hosts
    ///
    /// Reads one GenieACS device document (the object that `GET /devices/?query=…` returns, with
    /// or without the array around it) of a TR-181 or TR-098 device. What the document does not
    /// say is left out, never shown as 0.
    Summarize(summarize::Summarize),
    /// Look a device up in GenieACS, and summarise it
    ///
    /// Exits 1 when there is none, or several: then they are listed, and --id takes one of them.
    Lookup(lookup::Lookup),
}

/// How a summary is printed.
#[derive(Args, Clone, Copy, Debug)]
struct Format {
    /// Print JSON: each fact with its value, its source path, when it was read and how sure it is
    #[arg(long)]
    json: bool,
    /// Print JSON with bare values instead of facts
    #[arg(long)]
    plain: bool,
}

impl Device {
    pub(crate) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        match self {
            Self::Summarize(command) => command.run(context),
            Self::Lookup(command) => command.run(context),
        }
    }
}

impl Format {
    fn print(self, summary: &Summary, context: &Context) -> Result<String, Failure> {
        if self.plain {
            json(&summary.to_plain())
        } else if self.json {
            json(summary)
        } else {
            Ok(report::draw(summary, context))
        }
    }
}
