//! What both commands take: secrets, a body, a request of Twilio's.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::PathBuf;

use clap::Args;
use webhook_signatures::{Header, twilio};

use crate::cli::Context;
use crate::output::Failure;
use crate::settings::secret_file;

/// Far above what any server accepts as the body of a webhook.
const LONGEST_BODY: u64 = 64 * 1024 * 1024;

/// Where secrets come from.
#[derive(Args, Debug)]
pub(super) struct Secrets {
    /// A secret; several while one is rolled. Others on this machine may see it: prefer a file or
    /// the environment
    #[arg(long = "secret", value_name = "SECRET", num_args = 1..)]
    given: Vec<String>,
    /// A file that holds one secret; may be given several times
    #[arg(long = "secret-file", value_name = "PATH")]
    files: Vec<PathBuf>,
}

impl Secrets {
    /// All that were given; where none was, those of the setting.
    pub(super) fn read(
        self,
        setting: Option<&str>,
        context: &Context,
    ) -> Result<Vec<String>, Failure> {
        gather(
            (self.given, "--secret"),
            (self.files, "--secret-file"),
            setting,
            context,
        )
    }
}

/// The texts of an option and of the files of another; where there is neither, the comma list of
/// a setting.
fn gather(
    (mut given, option): (Vec<String>, &str),
    (files, file_option): (Vec<PathBuf>, &str),
    setting: Option<&str>,
    context: &Context,
) -> Result<Vec<String>, Failure> {
    for path in files {
        given.push(secret_file(&path).map_err(|rule| {
            Failure::input(
                format!("{file_option} {rule}"),
                "name a file with one secret",
            )
        })?);
    }
    if !given.is_empty() {
        return Ok(given);
    }
    let hint = match setting {
        Some(setting) => {
            if let Some(list) = context.settings.get(setting) {
                return Ok(list
                    .split(',')
                    .map(|secret| secret.trim().to_owned())
                    .collect());
            }
            if let Some(problem) = context.settings.problem(setting) {
                return Err(Failure::input(
                    format!("{} {}", problem.name, problem.rule),
                    "correct this setting",
                ));
            }
            format!("give {option}, {file_option} or {setting}")
        }
        None => format!("give {option} or {file_option}"),
    };
    Err(Failure::input("there is no secret to work with", hint))
}

/// The bytes of standard input, as they are.
pub(super) fn body() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(LONGEST_BODY + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| {
            Failure::input(
                format!("cannot read the body: {error}"),
                "give the raw body on standard input",
            )
        })?;
    if bytes.len() as u64 > LONGEST_BODY {
        return Err(Failure::input(
            format!("the body is longer than {LONGEST_BODY} bytes"),
            "give the body of one webhook",
        ));
    }
    Ok(bytes)
}

/// A header's value as it was typed: any bytes.
pub(super) fn header(value: &OsString) -> Header<'_> {
    Header::from(value.as_encoded_bytes())
}

/// A request of Twilio's, but for its body.
#[derive(Args, Debug)]
pub(super) struct TwilioRequest {
    /// An auth token; several while the secondary one is promoted. Where --settings names a shared
    /// key and --shared-key does not give it, this is the shared key
    #[arg(long = "token", value_name = "TOKEN", num_args = 1..)]
    tokens: Vec<String>,
    /// A file that holds one auth token; may be given several times
    #[arg(long = "token-file", value_name = "PATH")]
    token_files: Vec<PathBuf>,
    /// The secret of a shared key (HMAC-SHA256); may be given several times
    #[arg(long = "shared-key", value_name = "SECRET", num_args = 1..)]
    shared_keys: Vec<String>,
    /// A file that holds the secret of one shared key; may be given several times
    #[arg(long = "shared-key-file", value_name = "PATH")]
    shared_key_files: Vec<PathBuf>,
    /// The public address, as Twilio called it
    #[arg(long, value_name = "URL", allow_hyphen_values = true)]
    pub(super) url: String,
    /// The method
    #[arg(long, value_name = "METHOD", default_value = "POST")]
    method: String,
    /// The value of Content-Type; without it the body is read as a form
    #[arg(long, value_name = "TYPE", allow_hyphen_values = true)]
    content_type: Option<String>,
    /// The value of X-Twilio-Webhooks-Signature-Settings
    #[arg(long, value_name = "HEADER", allow_hyphen_values = true)]
    settings: Option<OsString>,
}

/// The keys for a request of Twilio's.
#[derive(Debug)]
pub(super) struct TwilioKeys {
    pub(super) tokens: Vec<String>,
    pub(super) shared: Vec<String>,
}

impl TwilioRequest {
    pub(super) fn request<'a>(&'a self, body: &'a [u8]) -> twilio::Request<'a> {
        let settings = self.settings.as_ref().map_or(Header::ABSENT, header);
        twilio::Request::new(&self.method, &self.url)
            .content_type(self.content_type.as_deref())
            .settings(settings)
            .body(body)
    }

    /// The keys of each algorithm: one key never serves both, whatever the request asks for.
    pub(super) fn keys(&mut self, context: &Context) -> Result<TwilioKeys, Failure> {
        let signed_with_shared = self.settings.as_ref().is_some_and(|text| !text.is_empty());
        let has_shared = !(self.shared_keys.is_empty() && self.shared_key_files.is_empty());
        let has_token = !(self.tokens.is_empty() && self.token_files.is_empty());
        let mut keys = TwilioKeys {
            tokens: Vec::new(),
            shared: Vec::new(),
        };
        if has_shared {
            keys.shared = gather(
                (std::mem::take(&mut self.shared_keys), "--shared-key"),
                (
                    std::mem::take(&mut self.shared_key_files),
                    "--shared-key-file",
                ),
                None,
                context,
            )?;
        }
        if has_token || !has_shared {
            keys.tokens = gather(
                (std::mem::take(&mut self.tokens), "--token"),
                (std::mem::take(&mut self.token_files), "--token-file"),
                Some("TWILIO_AUTH_TOKEN"),
                context,
            )?;
        }
        if signed_with_shared && !has_shared {
            keys.shared = std::mem::take(&mut keys.tokens);
        }
        Ok(keys)
    }
}
