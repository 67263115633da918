//! `fsm verify`: whether a webhook is what its sender sent.

use std::ffi::OsString;

use clap::{Args, Subcommand};
use serde::Serialize;
use stripe_webhooks::Event;
use webhook_signatures::{
    Error, Header, Tolerance, UnixTime, Verified, docuseal, frappe, shared_secret,
    standard_webhooks, stripe, twilio,
};

use super::input::{Secrets, TwilioRequest, body, header};
use crate::cli::Context;
use crate::output::{Exit, Failure, Tone, clean, json};

/// Checks the signature of a webhook.
#[derive(Debug, Subcommand)]
pub(crate) enum Verify {
    /// Stripe: Stripe-Signature over the raw body on standard input
    #[command(after_help = "Secrets: --secret, --secret-file, or STRIPE_WEBHOOK_SECRET.")]
    Stripe(Timed),
    /// Twilio: X-Twilio-Signature over the address and the raw body on standard input
    #[command(after_help = "Keys: --token and --shared-key, their files, or TWILIO_AUTH_TOKEN.")]
    Twilio(Twilio),
    /// DocuSeal: X-Docuseal-Signature over the raw body on standard input
    ///
    /// For the secret in a header of its own, which older installations send, take shared-secret.
    #[command(after_help = "Secrets: --secret, --secret-file, or DOCUSEAL_WEBHOOK_SECRET.")]
    Docuseal(Timed),
    /// Frappe and ERPNext: X-Frappe-Webhook-Signature over the raw body on standard input
    Frappe(Untimed),
    /// Standard Webhooks: webhook-id, -timestamp and -signature over the raw body on standard input
    StandardWebhooks(Standard),
    /// A secret that is sent as it is: Uptime Kuma, 3CX, …
    SharedSecret(Shared),
}

/// How old a signature may be.
#[derive(Args, Clone, Copy, Debug)]
struct Age {
    /// How old, and how far in the future, a signature may be; 0 accepts any. --now sets the time
    /// it is judged by
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    tolerance: u64,
}

impl Age {
    const fn tolerance(self) -> Tolerance {
        Tolerance::from_secs(self.tolerance)
    }
}

/// How the verdict is printed.
#[derive(Args, Clone, Copy, Debug)]
struct Format {
    /// Print JSON: "valid", and which secret fitted or the "reason"
    #[arg(long)]
    json: bool,
}

/// Options of a scheme with one header that holds a time.
#[derive(Args, Debug)]
pub(crate) struct Timed {
    #[command(flatten)]
    secrets: Secrets,
    /// The value of the header
    #[arg(long, value_name = "HEADER", allow_hyphen_values = true)]
    header: OsString,
    #[command(flatten)]
    age: Age,
    #[command(flatten)]
    format: Format,
}

/// Options of a scheme with one header and no time.
#[derive(Args, Debug)]
pub(crate) struct Untimed {
    #[command(flatten)]
    secrets: Secrets,
    /// The value of the header
    #[arg(long, value_name = "HEADER", allow_hyphen_values = true)]
    header: OsString,
    #[command(flatten)]
    format: Format,
}

/// Options of `verify twilio`.
#[derive(Args, Debug)]
pub(crate) struct Twilio {
    #[command(flatten)]
    request: TwilioRequest,
    /// The value of X-Twilio-Signature
    #[arg(long, value_name = "SIGNATURE", allow_hyphen_values = true)]
    signature: OsString,
    #[command(flatten)]
    format: Format,
}

/// Options of `verify standard-webhooks`.
#[derive(Args, Debug)]
pub(crate) struct Standard {
    #[command(flatten)]
    secrets: Secrets,
    /// The value of webhook-id
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    id: OsString,
    /// The value of webhook-timestamp
    #[arg(long, value_name = "TIMESTAMP", allow_hyphen_values = true)]
    timestamp: OsString,
    /// The value of webhook-signature
    #[arg(
        long,
        value_name = "HEADER",
        visible_alias = "signature",
        allow_hyphen_values = true
    )]
    header: OsString,
    #[command(flatten)]
    age: Age,
    #[command(flatten)]
    format: Format,
}

/// Options of `verify shared-secret`.
#[derive(Args, Debug)]
pub(crate) struct Shared {
    #[command(flatten)]
    secrets: Secrets,
    /// What was presented; otherwise standard input, without the line end
    #[arg(long, value_name = "VALUE", allow_hyphen_values = true)]
    value: Option<OsString>,
    /// What was presented is the value of Authorization: the word Bearer and the secret
    #[arg(long)]
    bearer: bool,
    #[command(flatten)]
    format: Format,
}

impl Verify {
    pub(crate) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let now = UnixTime::from_secs(context.now.as_second());
        match self {
            Self::Stripe(command) => {
                let Timed {
                    secrets,
                    header: value,
                    age,
                    format,
                } = command;
                let secrets = secrets.read(Some("STRIPE_WEBHOOK_SECRET"), context)?;
                let body = body()?;
                let verdict = stripe::Verifier::new(secrets).and_then(|verifier| {
                    verifier
                        .with_tolerance(age.tolerance())
                        .verify(&body, header(&value), now)
                });
                let event = verdict.is_ok().then(|| About::of(&body));
                format.print(verdict, event, now, context)
            }
            Self::Docuseal(command) => {
                let Timed {
                    secrets,
                    header: value,
                    age,
                    format,
                } = command;
                let secrets = secrets.read(Some("DOCUSEAL_WEBHOOK_SECRET"), context)?;
                let body = body()?;
                let verdict = docuseal::Verifier::new(secrets).and_then(|verifier| {
                    verifier
                        .with_tolerance(age.tolerance())
                        .verify(&body, header(&value), now)
                });
                format.print(verdict, None, now, context)
            }
            Self::Frappe(command) => {
                let secrets = command.secrets.read(None, context)?;
                let body = body()?;
                let verdict = frappe::Verifier::new(secrets)
                    .and_then(|verifier| verifier.verify(&body, header(&command.header)));
                command.format.print(verdict, None, now, context)
            }
            Self::Twilio(mut command) => {
                let keys = command.request.keys(context)?;
                let body = body()?;
                let verifier = match (keys.tokens.is_empty(), keys.shared.is_empty()) {
                    (true, _) => twilio::Verifier::shared_keys_only(keys.shared),
                    (false, true) => twilio::Verifier::new(keys.tokens),
                    (false, false) => twilio::Verifier::new(keys.tokens)
                        .and_then(|verifier| verifier.with_shared_keys(keys.shared)),
                };
                let verdict = verifier.and_then(|verifier| {
                    verifier.verify(&command.request.request(&body), header(&command.signature))
                });
                command.format.print(verdict, None, now, context)
            }
            Self::StandardWebhooks(command) => {
                let secrets = command.secrets.read(None, context)?;
                let body = body()?;
                let headers = standard_webhooks::Headers::new(
                    header(&command.id),
                    header(&command.timestamp),
                    header(&command.header),
                );
                let verdict = standard_webhooks::Verifier::new(secrets).and_then(|verifier| {
                    verifier
                        .with_tolerance(command.age.tolerance())
                        .verify(&body, &headers, now)
                });
                command.format.print(verdict, None, now, context)
            }
            Self::SharedSecret(command) => {
                let secrets = command.secrets.read(None, context)?;
                let piped = match &command.value {
                    Some(_) => Vec::new(),
                    None => body()?,
                };
                let presented = match &command.value {
                    Some(value) => header(value),
                    None => Header::from(line(&piped)),
                };
                let verdict = shared_secret::Verifier::new(secrets).and_then(|verifier| {
                    if command.bearer {
                        verifier.verify_bearer(presented)
                    } else {
                        verifier.verify(presented)
                    }
                });
                command.format.print(verdict, None, now, context)
            }
        }
    }
}

/// Text from a pipe, without the line end that `echo` adds.
fn line(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// What a body whose signature is right tells of.
#[derive(Serialize)]
struct About {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    livemode: Option<bool>,
    /// Why it is no snapshot event.
    problem: Option<&'static str>,
}

impl About {
    fn of(body: &[u8]) -> Self {
        let (id, kind, livemode, problem) = match Event::parse(body) {
            Ok(event) => (
                Some(event.id.to_string()),
                Some(event.kind.to_string()),
                Some(event.livemode),
                None,
            ),
            Err(stripe_webhooks::Error::Thin(thin)) => (
                Some(thin.id.to_string()),
                Some(thin.kind.clone()),
                Some(thin.livemode),
                Some("thin"),
            ),
            Err(error) => (None, None, None, Some(error.code())),
        };
        Self {
            id,
            kind,
            livemode,
            problem,
        }
    }
}

#[derive(Serialize)]
struct Yes {
    valid: bool,
    /// Which of the secrets, counted from 0.
    secret: usize,
    signed_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<About>,
}

#[derive(Serialize)]
struct No {
    valid: bool,
    reason: &'static str,
    message: String,
}

impl Format {
    fn print(
        self,
        verdict: Result<Verified, Error>,
        event: Option<About>,
        now: UnixTime,
        context: &Context,
    ) -> Result<(String, Exit), Failure> {
        match verdict {
            Ok(verified) if self.json => {
                let answer = Yes {
                    valid: true,
                    secret: verified.secret(),
                    signed_at: verified.signed_at().map(UnixTime::as_secs),
                    event,
                };
                Ok((json(&answer)?, Exit::Done))
            }
            Ok(verified) => Ok((sentence(verified, event, now, context), Exit::Done)),
            Err(error) => {
                let refusal = Failure::remote(
                    format!("not valid ({}): {error}", error.code()),
                    hint(&error),
                );
                if !self.json {
                    return Err(refusal);
                }
                let answer = No {
                    valid: false,
                    reason: error.code(),
                    message: error.to_string(),
                };
                Err(refusal.with_document(json(&answer)?))
            }
        }
    }
}

/// The verdict for a person.
fn sentence(verified: Verified, event: Option<About>, now: UnixTime, context: &Context) -> String {
    let lang = context.lang;
    let mut text = context
        .painter
        .paint(Tone::Good, lang.pick("● valide", "● valid"));
    let secret = verified.secret() + 1;
    text.push_str(&match lang {
        crate::lang::Lang::Fr => format!("  secret nº {secret}"),
        crate::lang::Lang::En => format!("  secret {secret}"),
    });
    if let Some(signed_at) = verified.signed_at() {
        let age = now.as_secs().saturating_sub(signed_at.as_secs());
        let when = if age < 0 {
            format!(
                "{} {}",
                lang.span(age.saturating_neg()),
                lang.pick("dans l’avenir", "in the future")
            )
        } else {
            lang.ago(age)
        };
        text.push_str(&format!(", {} {when}", lang.pick("signé", "signed")));
    }
    text.push('\n');
    if let Some(event) = event {
        let words: Vec<String> = [event.id, event.kind].into_iter().flatten().collect();
        let mut line = clean(&words.join("  "));
        if let Some(livemode) = event.livemode {
            line.push_str(if livemode { "  live" } else { "  test" });
        }
        if let Some(problem) = event.problem {
            let note = lang.pick("ce n’est pas un événement complet", "not a snapshot event");
            line.push_str(&format!("  ({note}: {problem})"));
        }
        text.push_str(&format!("  {}\n", line.trim_start()));
    }
    text
}

/// What to look at.
fn hint(error: &Error) -> &'static str {
    match error {
        Error::Mismatch => {
            "check the secret, and that the body is the one that came, byte for byte"
        }
        Error::TooOld { .. } | Error::InFuture { .. } => {
            "give --now the time it came at, or --tolerance 0"
        }
        Error::BlankSecret { .. } | Error::NoSecret | Error::SecretNotBase64 { .. } => {
            "give the secret as the sender shows it"
        }
        Error::MissingHeader { .. } => "give the header as it came",
        Error::EmptyBody => "give the raw body on standard input",
        Error::NoKey { .. } => "give --token for HMAC_SHA1 or --shared-key for HMAC_SHA256",
        Error::BodyNotSigned => "such a body needs bodySHA256 in the address",
        Error::BodyHashMismatch => "the address is genuine, the body is not",
        Error::BadUrl => "give the whole address, from https:// on",
        _ => "do not trust it",
    }
}
