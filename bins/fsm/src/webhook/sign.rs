//! `fsm sign`: the headers that a sender would send.

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};
use webhook_signatures::{
    Error, docuseal, frappe, shared_secret, standard_webhooks, stripe, twilio,
};

use super::input::{Secrets, TwilioRequest, body};
use crate::cli::Context;
use crate::output::{Exit, Failure, json as to_json};

/// Writes the header that a sender would send.
#[derive(Debug, Subcommand)]
pub(crate) enum Sign {
    /// Stripe: Stripe-Signature for the body on standard input, one v1 for each secret
    Stripe(Plain),
    /// Twilio: X-Twilio-Signature for an address and the body on standard input
    Twilio(Twilio),
    /// DocuSeal: X-Docuseal-Signature for the body on standard input
    Docuseal(Plain),
    /// Frappe and ERPNext: X-Frappe-Webhook-Signature for the body on standard input
    Frappe(Plain),
    /// Standard Webhooks: the three headers for the body on standard input
    StandardWebhooks(Standard),
    /// A secret that is sent as it is: the value of Authorization
    SharedSecret(Plain),
}

/// Options of a scheme that needs no more than a secret.
#[derive(Args, Debug)]
pub(crate) struct Plain {
    #[command(flatten)]
    secrets: Secrets,
    /// Print JSON: "headers", by name
    #[arg(long)]
    json: bool,
}

/// Options of `sign twilio`.
#[derive(Args, Debug)]
pub(crate) struct Twilio {
    #[command(flatten)]
    request: TwilioRequest,
    /// Print JSON: "headers", by name
    #[arg(long)]
    json: bool,
}

/// Options of `sign standard-webhooks`.
#[derive(Args, Debug)]
pub(crate) struct Standard {
    #[command(flatten)]
    secrets: Secrets,
    /// The id of the message
    #[arg(long, value_name = "ID", default_value = "msg_test")]
    id: String,
    /// Print JSON: "headers", by name
    #[arg(long)]
    json: bool,
}

impl Sign {
    pub(crate) fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let now = context.now.as_second();
        match self {
            Self::Stripe(command) => {
                let secrets = command
                    .secrets
                    .read(Some("STRIPE_WEBHOOK_SECRET"), context)?;
                let body = body()?;
                stripe::Verifier::new(&secrets).map_err(|error| unusable(&error))?;
                let value = stripe::sign(&secrets, &body, now);
                print(command.json, &[(stripe::HEADER, value)])
            }
            Self::Docuseal(command) => {
                let secrets = command
                    .secrets
                    .read(Some("DOCUSEAL_WEBHOOK_SECRET"), context)?;
                let body = body()?;
                docuseal::Verifier::new(&secrets).map_err(|error| unusable(&error))?;
                let value = docuseal::sign(only(&secrets)?, &body, now);
                print(command.json, &[(docuseal::HEADER, value)])
            }
            Self::Frappe(command) => {
                let secrets = command.secrets.read(None, context)?;
                let body = body()?;
                frappe::Verifier::new(&secrets).map_err(|error| unusable(&error))?;
                let value = frappe::sign(only(&secrets)?, &body);
                print(command.json, &[(frappe::HEADER, value)])
            }
            Self::StandardWebhooks(command) => {
                let secrets = command.secrets.read(None, context)?;
                let body = body()?;
                if command.id.is_empty() || command.id.contains('.') {
                    return Err(Failure::input(
                        "the id is empty or holds a full stop",
                        "give an id like msg_1",
                    ));
                }
                let value = standard_webhooks::sign(&secrets, &command.id, &body, now)
                    .map_err(|error| unusable(&error))?;
                let headers = [
                    (standard_webhooks::ID_HEADER, command.id),
                    (standard_webhooks::TIMESTAMP_HEADER, now.to_string()),
                    (standard_webhooks::SIGNATURE_HEADER, value),
                ];
                print(command.json, &headers)
            }
            Self::SharedSecret(command) => {
                let secrets = command.secrets.read(None, context)?;
                shared_secret::Verifier::new(&secrets).map_err(|error| unusable(&error))?;
                let value = shared_secret::bearer(only(&secrets)?);
                print(command.json, &[("Authorization", value)])
            }
            Self::Twilio(mut command) => {
                let keys = command.request.keys(context)?;
                let body = body()?;
                let request = command.request.request(&body);
                let (value, check) = if keys.shared.is_empty() {
                    let token = only(&keys.tokens)?;
                    (
                        twilio::sign(token, &request),
                        twilio::Verifier::new([token]),
                    )
                } else {
                    let key = only(&keys.shared)?;
                    (
                        twilio::sign_shared_key(key, &request),
                        twilio::Verifier::shared_keys_only([key]),
                    )
                };
                let _verified = check
                    .and_then(|verifier| verifier.verify(&request, &value))
                    .map_err(|error| match error {
                        Error::BodyNotSigned => Failure::input(
                            "the signature of such a request does not cover its body",
                            format!(
                                "give --url '{}'",
                                twilio::with_body_sha256(&command.request.url, &body)
                            ),
                        ),
                        Error::NoKey { .. } => Failure::input(
                            "a shared key signs what its settings announce",
                            "give --settings key=<id>,algorithm=HMAC_SHA256",
                        ),
                        error => unusable(&error),
                    })?;
                print(command.json, &[(twilio::HEADER, value)])
            }
        }
    }
}

/// The one secret of a scheme whose header has room for one.
fn only(secrets: &[String]) -> Result<&str, Failure> {
    match secrets {
        [secret] => Ok(secret),
        _ => Err(Failure::input(
            "this scheme signs with one secret",
            "give one of them",
        )),
    }
}

fn unusable(error: &Error) -> Failure {
    Failure::input(
        format!("cannot sign: {error}"),
        "give what the sender would use",
    )
}

/// One header is printed as its value alone, for `$(…)`; several with their names, for `curl -H`.
fn print(as_json: bool, headers: &[(&str, String)]) -> Result<(String, Exit), Failure> {
    let text = if as_json {
        let by_name: Map<String, Value> = headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
            .collect();
        to_json(&json!({ "headers": by_name }))?
    } else if let [(_, value)] = headers {
        format!("{value}\n")
    } else {
        headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect()
    };
    Ok((text, Exit::Done))
}
