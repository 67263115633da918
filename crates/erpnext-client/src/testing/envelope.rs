//! Answers as the two API versions wrap them.

use http::HeaderValue;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::failure::{Failure, Message};
use super::json::{self, Object};
use crate::Dialect;

/// Which envelope an answer goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    V1,
    V2,
}

/// How the site answers one request.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) api: Api,
    pub(super) dialect: Dialect,
    /// Whether this caller is shown tracebacks.
    pub(super) traceback: bool,
    /// The caller takes HTML rather than JSON.
    pub(super) html: bool,
    pub(super) expired: bool,
    /// Makes the ids of exceptions.
    pub(super) serial: u64,
}

/// A success.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) content: Content,
    /// More members of the body, after the value.
    pub(super) extra: Vec<(&'static str, Value)>,
    pub(super) cookies: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Content {
    /// Under `data`.
    Data(Value),
    /// Under `message` on v1 (and absent when null), under `data` on v2.
    Message(Value),
    /// No envelope.
    Raw {
        mime: String,
        body: Vec<u8>,
        headers: Vec<(&'static str, String)>,
    },
}

impl Reply {
    pub(super) fn data(value: impl Into<Value>) -> Self {
        Self::of(Content::Data(value.into()))
    }

    pub(super) fn message(value: impl Into<Value>) -> Self {
        Self::of(Content::Message(value.into()))
    }

    pub(super) fn raw(mime: impl Into<String>, body: Vec<u8>) -> Self {
        Self::of(Content::Raw {
            mime: mime.into(),
            body,
            headers: Vec::new(),
        })
    }

    fn of(content: Content) -> Self {
        Self {
            status: 200,
            content,
            extra: Vec::new(),
            cookies: Vec::new(),
        }
    }

    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(super) fn with(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.extra.push((key, value.into()));
        self
    }
}

impl Style {
    pub(super) fn render(
        &self,
        outcome: Result<Reply, Failure>,
        messages: Vec<Message>,
    ) -> ResponseTemplate {
        match outcome {
            Ok(reply) => self.success(reply, &messages),
            Err(failure) => self.error(&failure, messages),
        }
    }

    fn success(&self, reply: Reply, messages: &[Message]) -> ResponseTemplate {
        let mut template = ResponseTemplate::new(reply.status);
        for cookie in &reply.cookies {
            template = cookie_header(template, cookie);
        }
        let (key, value) = match reply.content {
            Content::Data(value) => ("data", value),
            Content::Message(value) => match self.api {
                Api::V1 => ("message", value),
                Api::V2 => ("data", value),
            },
            Content::Raw {
                mime,
                body,
                headers,
            } => {
                for (name, value) in headers {
                    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
                        template = template.append_header(name, value);
                    }
                }
                return template.set_body_raw(body, &mime);
            }
        };
        let mut body = Object::default();
        if self.expired {
            body.put("session_expired", 1);
        }
        if !(key == "message" && value.is_null()) {
            body.put(key, value);
        }
        for (key, value) in reply.extra {
            body.put(key, value);
        }
        if !messages.is_empty() {
            match self.api {
                Api::V1 => body.put("_server_messages", self.server_messages(messages)),
                Api::V2 => body.put("messages", self.plain_messages(messages)),
            }
        }
        template.set_body_raw(json::answer(&body, self.dialect), "application/json")
    }

    fn error(&self, failure: &Failure, mut messages: Vec<Message>) -> ResponseTemplate {
        let template = ResponseTemplate::new(failure.status);
        if failure.page {
            let page = werkzeug_page(failure.status, &failure.text);
            return template.set_body_raw(page, "text/html; charset=utf-8");
        }
        messages.extend(failure.messages.iter().cloned());
        if self.html {
            let page = error_page(failure, &messages);
            return template.set_body_raw(page, "text/html; charset=utf-8");
        }
        let traced = self.traceback && failure.traced;
        let mut body = Object::default();
        if self.expired {
            body.put("session_expired", 1);
        }
        if let Some(said) = failure.said {
            body.put("message", said);
        }
        match self.api {
            Api::V1 => self.error_v1(&mut body, failure, &messages, traced),
            Api::V2 => self.error_v2(&mut body, failure, messages, traced),
        }
        template.set_body_raw(json::answer(&body, self.dialect), "application/json")
    }

    fn error_v1(&self, body: &mut Object, failure: &Failure, messages: &[Message], traced: bool) {
        if traced {
            body.put("exception", exception(failure, self.dialect));
        }
        if !failure.exc_type.is_empty() {
            body.put("exc_type", failure.exc_type);
        }
        if traced {
            body.put("exc", json::dumps(&[traceback(failure, self.dialect)]));
        }
        if !messages.is_empty() {
            body.put("_server_messages", self.server_messages(messages));
        }
        if let Some(text) = &failure.error_message {
            body.put("_error_message", text.as_str());
        }
        if failure.erpnext && traced {
            body.put("_exc_source", "erpnext (app)");
        }
    }

    fn error_v2(
        &self,
        body: &mut Object,
        failure: &Failure,
        mut messages: Vec<Message>,
        traced: bool,
    ) {
        let mut error = Object::default();
        error.put("type", failure.exc_type);
        if traced {
            error.put("exception", traceback(failure, self.dialect));
        }
        // The message of the exception moves into the error; the others stay beside it.
        let own = messages.iter().rposition(|message| message.raised);
        if let Some(at) = own.or(messages.len().checked_sub(1)) {
            let message = messages.remove(at);
            error.put("message", message.text);
            if self.dialect == Dialect::V16 {
                error.put("as_table", false);
            }
            error.put("title", message.title);
            if let Some(indicator) = message.indicator {
                error.put("indicator", indicator);
            }
        }
        body.put_list("errors", vec![error]);
        if !messages.is_empty() {
            body.put("messages", self.plain_messages(&messages));
        }
    }

    /// A JSON array of strings of JSON, in a string.
    fn server_messages(&self, messages: &[Message]) -> String {
        let texts = messages.iter().zip(self.serial..);
        let texts: Vec<String> = texts
            .map(|(message, serial)| {
                json::message(&message.object(serial, self.dialect), self.dialect)
            })
            .collect();
        json::message(&texts, self.dialect)
    }

    fn plain_messages(&self, messages: &[Message]) -> Value {
        let objects = messages.iter().zip(self.serial..);
        objects
            .map(|(message, serial)| json!(message.object(serial, self.dialect)))
            .collect()
    }
}

pub(super) fn cookie_header(template: ResponseTemplate, cookie: &str) -> ResponseTemplate {
    match HeaderValue::from_str(cookie) {
        Ok(value) => template.append_header("Set-Cookie", value),
        Err(_) => template,
    }
}

/// `frappe.exceptions.MandatoryError: text`.
fn exception(failure: &Failure, dialect: Dialect) -> String {
    let module = match (failure.exc_type, failure.status) {
        ("TypeError" | "KeyError" | "AttributeError" | "ValueError", _) => "",
        ("ImportError", _) => return format!("Error: {}", failure.text),
        ("OperationalError" | "ProgrammingError", _) | ("DataError", 500) => match dialect {
            Dialect::V15 => "pymysql.err.",
            Dialect::V16 => "MySQLdb.",
        },
        ("JSONDecodeError", _) => "json.decoder.",
        _ => "frappe.exceptions.",
    };
    match failure.text.as_str() {
        "" => format!("{module}{}", failure.exc_type),
        text => format!("{module}{}: {text}", failure.exc_type),
    }
}

fn traceback(failure: &Failure, dialect: Dialect) -> String {
    format!(
        "Traceback (most recent call last):\n  File \"apps/frappe/frappe/app.py\", line 120, in application\n    response = frappe.api.handle(request)\n               ^^^^^^^^^^^^^^^^^^^^^^^^^^\n{}\n",
        exception(failure, dialect)
    )
}

pub(super) fn reason(status: u16) -> &'static str {
    let status = http::StatusCode::from_u16(status).ok();
    status
        .and_then(|status| status.canonical_reason())
        .unwrap_or("Error")
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&#34;")
        .replace('\'', "&#39;")
}

fn werkzeug_page(status: u16, text: &str) -> String {
    let (reason, text) = (reason(status), escape(text));
    format!(
        "<!doctype html>\n<html lang=en>\n<title>{status} {reason}</title>\n<h1>{reason}</h1>\n<p>{text}</p>\n"
    )
}

fn error_page(failure: &Failure, messages: &[Message]) -> String {
    let (reason, status) = (reason(failure.status), failure.status);
    let text = messages
        .last()
        .map_or(failure.exc_type, |m| m.text.as_str());
    format!(
        "<!DOCTYPE html>\n<!-- Built on Frappe. https://frappeframework.com/ -->\n<html lang=\"en\">\n<head>\n\t<title>{reason}</title>\n</head>\n<body>\n<p>{text}</p>\n<p>Status: {status}</p>\n</body>\n</html>\n"
    )
}
