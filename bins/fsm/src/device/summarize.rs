//! `fsm device summarize`: a document from a file or from stdin.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use clap::Args;

use super::Format;
use crate::cli::Context;
use crate::output::{Exit, Failure, chain};

/// Far above the largest document seen (about 1 MB).
const LONGEST: u64 = 64 * 1024 * 1024;

/// Options of `device summarize`.
#[derive(Args, Debug)]
pub(crate) struct Summarize {
    /// The document, or - for stdin
    file: PathBuf,
    #[command(flatten)]
    format: Format,
}

impl Summarize {
    pub(super) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let name = if self.file.as_os_str() == "-" {
            "stdin".to_owned()
        } else {
            self.file.display().to_string()
        };
        let bytes = self.read().map_err(|error| {
            Failure::input(
                format!("cannot read {name}: {error}"),
                "name a file that holds a device document, or - for stdin",
            )
        })?;
        if bytes.len() as u64 > LONGEST {
            return Err(Failure::input(
                format!("{name} is longer than {LONGEST} bytes"),
                "give one device document, not a whole fleet",
            ));
        }
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Failure::input(
                format!("{name} is empty"),
                "give one device document as JSON",
            ));
        }
        let summary = tr181::summarize(&bytes).map_err(|error| {
            let hint = match error {
                tr181::Error::SeveralDocuments { .. } => {
                    "give one of them, for instance with jq '.[0]'"
                }
                tr181::Error::Truncated { .. } => "fetch it again: the end is missing",
                _ => "give one GenieACS device document",
            };
            Failure::input(format!("{name}: {}", chain(&error)), hint)
        })?;
        Ok((self.format.print(&summary, context)?, Exit::Done))
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let input: Box<dyn Read> = if self.file.as_os_str() == "-" {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(&self.file)?)
        };
        input.take(LONGEST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
