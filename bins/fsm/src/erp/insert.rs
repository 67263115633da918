//! `fsm erp insert`: new documents.

use std::io::{IsTerminal as _, Read as _, Write as _, stderr, stdin};

use clap::Args;
use erpnext_client::{Changes, Client, Created, Document, Error, Record as _};
use serde::Serialize;
use serde_json::{Map, Value};

use super::site;
use crate::cli::Context;
use crate::lang::Lang;
use crate::output::{Cell, Exit, Failure, Table, Tone, clean, json as to_json};

/// The largest input that is read.
const LARGEST: u64 = 64 << 20;

/// Options of `erp insert`.
#[derive(Args, Debug)]
pub(crate) struct Insert {
    /// Its doctype
    doctype: String,
    /// A file with the document as a JSON object, or an array of them; - reads standard input
    file: Option<String>,
    /// A field of it, over what the file says
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// A unique field: what has the same value is taken as it is instead of being created, so that
    /// the command may be run again
    #[arg(long, value_name = "FIELD")]
    unique: Option<String>,
    /// Print JSON: "documents", each with its "name" and "outcome"
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    doctype: &'a str,
    documents: &'a [Made],
    /// What was asked for, done or not.
    total: usize,
}

#[derive(Serialize)]
struct Made {
    name: String,
    outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Created,
    Existing,
    /// An answer was lost: it is there, by this command or another.
    Unconfirmed,
}

impl Insert {
    pub(super) async fn run(self, context: &Context) -> Result<(String, Exit), Failure> {
        let mut wanted = match &self.file {
            Some(path) => documents(&read(path)?)?,
            None if self.set.is_empty() => {
                return Err(Failure::input(
                    "nothing to insert",
                    "give a file, - for standard input, or --set FIELD=VALUE",
                ));
            }
            None => vec![Map::new()],
        };
        for text in &self.set {
            let (field, value) = assignment(text)?;
            for document in &mut wanted {
                document.insert(field.to_owned(), value.into());
            }
        }
        let client = site::client(context)?;
        let mut made = Vec::with_capacity(wanted.len());
        let total = wanted.len();
        let progress = total > 1 && stderr().is_terminal();
        for document in wanted {
            match self.one(&client, Changes::from(document)).await {
                Ok(one) => made.push(one),
                Err(error) => return Err(self.stopped(&error, &made, total)?),
            }
            if progress {
                let _ = write!(stderr().lock(), "\r{}/{total}", made.len());
            }
        }
        if progress {
            let _ = writeln!(stderr().lock());
        }
        let text = if self.json {
            to_json(&self.answer(&made, total))?
        } else {
            draw(&made, context)
        };
        Ok((text, Exit::Done))
    }

    async fn one(&self, client: &Client, document: Changes) -> Result<Made, Error> {
        let documents = client.documents(self.doctype.clone());
        let created = match &self.unique {
            Some(field) => documents.create_or_get(field, &document).await?,
            None => Created::New(documents.insert(&document).await?),
        };
        let outcome = match created.is_new() {
            Some(true) => Outcome::Created,
            Some(false) => Outcome::Existing,
            None => Outcome::Unconfirmed,
        };
        let document: &Document = created.get();
        Ok(Made {
            name: document.name().to_string(),
            outcome,
        })
    }

    fn answer<'a>(&'a self, made: &'a [Made], total: usize) -> Answer<'a> {
        Answer {
            doctype: &self.doctype,
            documents: made,
            total,
        }
    }

    /// What went wrong, and what is there nevertheless.
    fn stopped(&self, error: &Error, made: &[Made], total: usize) -> Result<Failure, Failure> {
        let mut failure = if error.may_have_been_carried_out() {
            Failure::remote(
                format!(
                    "ERPNext did not answer: document {} of {total} may have been created",
                    made.len().saturating_add(1)
                ),
                "look with fsm erp list before you run it again; with --unique FIELD running it again is safe",
            )
        } else {
            site::failed(error)
        };
        if total > 1 {
            failure = failure.after(format!("{} of {total} done", made.len()));
        }
        Ok(if self.json {
            failure.with_document(to_json(&self.answer(made, total))?)
        } else {
            failure
        })
    }
}

fn read(path: &str) -> Result<String, Failure> {
    let shown = if path == "-" { "stdin" } else { path };
    let failed = |error: std::io::Error| {
        Failure::input(
            format!("{shown} cannot be read: {error}"),
            "give a readable file of JSON",
        )
    };
    let mut text = String::new();
    let outcome = if path == "-" {
        stdin().take(LARGEST + 1).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
    };
    outcome.map_err(failed)?;
    if text.len() as u64 > LARGEST {
        return Err(Failure::input(
            format!("{shown} is larger than 64 MiB"),
            "insert it in parts",
        ));
    }
    Ok(text)
}

/// The documents of a file.
fn documents(text: &str) -> Result<Vec<Map<String, Value>>, Failure> {
    let bad =
        |what: String| Failure::input(what, r#"write {"field": value, …}, or several in […]"#);
    let value: Value = serde_json::from_str(text)
        .map_err(|error| bad(format!("the input is not JSON: {error}")))?;
    let values = match value {
        Value::Array(values) => values,
        one => vec![one],
    };
    if values.is_empty() {
        return Err(bad("the input holds no document".to_owned()));
    }
    (1..)
        .zip(values)
        .map(|(place, value)| match value {
            Value::Object(document) => Ok(document),
            _ => Err(bad(format!(
                "document {place} of the input is no JSON object"
            ))),
        })
        .collect()
}

fn assignment(text: &str) -> Result<(&str, &str), Failure> {
    text.split_once('=')
        .map(|(field, value)| (field.trim(), value))
        .filter(|(field, _)| !field.is_empty())
        .ok_or_else(|| {
            Failure::input(
                format!("--set {text:?} sets nothing"),
                "write --set FIELD=VALUE",
            )
        })
}

fn draw(made: &[Made], context: &Context) -> String {
    let lang = context.lang;
    let mut table = Table::default();
    for one in made {
        let (tone, mark, word) = match (one.outcome, lang) {
            (Outcome::Created, Lang::Fr) => (Tone::Good, '●', "créé"),
            (Outcome::Created, Lang::En) => (Tone::Good, '●', "created"),
            (Outcome::Existing, Lang::Fr) => (Tone::Quiet, '○', "déjà là"),
            (Outcome::Existing, Lang::En) => (Tone::Quiet, '○', "already there"),
            (Outcome::Unconfirmed, Lang::Fr) => (Tone::Marginal, '◆', "là, réponse perdue"),
            (Outcome::Unconfirmed, Lang::En) => (Tone::Marginal, '◆', "there, answer lost"),
        };
        table.row([
            Cell::toned(tone, format!("{mark} {word}")),
            clean(&one.name).into(),
        ]);
    }
    let mut out = String::new();
    table.draw(context.painter, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::{assignment, documents};

    #[test]
    fn one_document_or_several_are_read() {
        assert_eq!(documents(r#"{"a": 1}"#).unwrap().len(), 1);
        assert_eq!(documents(r#"[{"a": 1}, {}]"#).unwrap().len(), 2);
        for text in ["", "[]", "1", r#"[{"a": 1}, 2]"#, r#"{"a": 1} {}"#] {
            assert!(documents(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_value_may_hold_anything() {
        assert_eq!(assignment("subject=a=b ").unwrap(), ("subject", "a=b "));
        assert_eq!(assignment("notes=").unwrap(), ("notes", ""));
        assert!(assignment("notes").is_err());
        assert!(assignment("=x").is_err());
    }
}
