//! The site of the settings, and what its refusals mean to who typed the command.

use erpnext_client::{Client, Credentials, DocName, Error};

use crate::cli::Context;
use crate::output::{Failure, chain, clean};
use crate::settings::Settings;

/// What is needed to ask the site.
const SETTINGS: [&str; 3] = ["ERPNEXT_URL", "ERPNEXT_API_KEY", "ERPNEXT_API_SECRET"];

/// A client of the site that the settings name.
pub(super) fn client(context: &Context) -> Result<Client, Failure> {
    let [url, key, secret] = SETTINGS.map(|name| setting(&context.settings, name));
    Client::builder(url?)
        .credentials(Credentials::token(key?, secret?))
        .user_agent(concat!("fsm/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| {
            Failure::input(
                format!("the settings of ERPNext cannot be used: {}", chain(&error)),
                "check ERPNEXT_URL, ERPNEXT_API_KEY and ERPNEXT_API_SECRET",
            )
        })
}

fn setting<'a>(settings: &'a Settings, name: &str) -> Result<&'a str, Failure> {
    settings.get(name).ok_or_else(|| {
        let hint = format!("set {}, or give --env-file PATH", SETTINGS.join(", "));
        match settings.problem(name) {
            Some(problem) => Failure::input(format!("{name}: {}", problem.rule), hint),
            None => Failure::input(format!("no ERPNext to ask: {name} is not set"), hint),
        }
    })
}

/// A name as it was typed.
pub(super) fn name(text: &str) -> Result<DocName, Failure> {
    DocName::new(text).map_err(|error| {
        Failure::input(
            format!("{text:?}: {}", chain(&error)),
            "give a document's name",
        )
    })
}

/// What went wrong, and what to do.
pub(super) fn failed(error: &Error) -> Failure {
    let said = error.message().map(clean);
    let what = match &said {
        Some(said) => format!("ERPNext: {} ({said})", chain(error)),
        None => format!("ERPNext: {}", chain(error)),
    };
    match error {
        Error::Invalid { .. } => {
            return Failure::input(chain(error), "see fsm erp --help");
        }
        Error::UnknownField { .. } => {
            // It names the likely one itself, where there is one.
            return Failure::input(chain(error), "fsm erp codegen lists its fields");
        }
        _ => {}
    }
    let hint = match error.status() {
        Some(401) => "check ERPNEXT_API_KEY and ERPNEXT_API_SECRET: new ones end the old ones",
        Some(403) => {
            "give the user of the API key a role that may do this; fsm doctor names what is missing"
        }
        Some(404) => "check the name of the doctype: capitals and spaces count",
        Some(417) => "correct what it says",
        Some(429) => "wait, or raise rate_limit in the site's configuration",
        Some(_) => "look at the site's error log",
        None => "check ERPNEXT_URL, and that the site runs: fsm doctor",
    };
    Failure::remote(what, hint)
}
