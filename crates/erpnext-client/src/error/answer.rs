//! The envelopes of errors and messages, of both versions of the API, read without trust.

use serde_json::{Map, Value};

use super::text::plain;
use super::{ExcType, ServerMessage};

/// What an answer says beside its status.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) exc: Option<ExcType>,
    pub(super) message: Option<Box<str>>,
    pub(super) messages: Vec<ServerMessage>,
    pub(super) session_expired: bool,
}

impl Said {
    /// `None` for what is no JSON object: not an answer of the API.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let Ok(Value::Object(answer)) = serde_json::from_slice(body) else {
            return None;
        };
        let mut messages = messages_of(answer.get("_server_messages"));
        let errors = objects(answer.get("errors"));
        for error in &errors {
            // An error of the second version is a message that was raised.
            messages.extend(message(error).map(|mut message| {
                message.raised = true;
                message
            }));
        }
        messages.extend(messages_of(answer.get("messages")));

        let exception = text(&answer, "exception").or_else(|| {
            let error = errors.iter().find_map(|error| text(error, "exception"));
            error.or_else(|| trace(answer.get("exc")))
        });
        let last_line = exception.as_deref().and_then(last_line);
        let exc = text(&answer, "exc_type")
            .or_else(|| errors.iter().find_map(|error| text(error, "type")))
            .and_then(|name| ExcType::from_wire(&name))
            .or_else(|| ExcType::from_wire(last_line?.split(':').next()?));
        let message = human(&answer, &messages, last_line, exc.as_ref());
        let session_expired = match answer.get("session_expired") {
            Some(Value::Number(number)) => number.as_i64() == Some(1),
            Some(Value::Bool(expired)) => *expired,
            Some(Value::String(text)) => text == "1",
            _ => false,
        };
        Some(Self {
            exc,
            message,
            messages,
            session_expired,
        })
    }
}

/// The text for a person, in the order of how much it says.
fn human(
    answer: &Map<String, Value>,
    messages: &[ServerMessage],
    exception: Option<&str>,
    exc: Option<&ExcType>,
) -> Option<Box<str>> {
    let said = |message: &&ServerMessage| !message.text().is_empty();
    let raised = messages.iter().filter(|message| message.raised).find(said);
    let any = || messages.iter().rev().find(said);
    let own = |key: &str| {
        let said = plain(&text(answer, key)?);
        (!said.is_empty()).then_some(said)
    };
    raised
        .or_else(any)
        .map(|message| message.text().to_owned())
        .or_else(|| own("_error_message"))
        // What a refused login says.
        .or_else(|| own("message"))
        .or_else(|| {
            let (_, tail) = exception?.split_once(": ")?;
            let tail = plain(tail);
            (!tail.is_empty()).then_some(tail)
        })
        .or_else(|| exc.map(|exc| exc.as_str().to_owned()))
        .map(String::into_boxed_str)
}

/// The messages of `_server_messages` (a text that holds an array of texts that hold objects) or
/// of `messages` (plain JSON); what cannot be read is left out.
pub(crate) fn messages_of(value: Option<&Value>) -> Vec<ServerMessage> {
    objects(value).iter().filter_map(message).collect()
}

/// An array of objects, where each level may be a text that holds the JSON.
fn objects(value: Option<&Value>) -> Vec<Map<String, Value>> {
    let items = match value {
        Some(Value::Array(items)) => items.clone(),
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Array(items)) => items,
            Ok(Value::Object(one)) => vec![Value::Object(one)],
            _ => vec![Value::String(text.clone())],
        },
        Some(Value::Object(one)) => vec![Value::Object(one.clone())],
        _ => Vec::new(),
    };
    items
        .into_iter()
        .filter_map(|item| match item {
            Value::Object(object) => Some(object),
            Value::String(text) => match serde_json::from_str(&text) {
                Ok(Value::Object(object)) => Some(object),
                _ => Some(Map::from_iter([("message".to_owned(), text.into())])),
            },
            _ => None,
        })
        .collect()
}

fn message(object: &Map<String, Value>) -> Option<ServerMessage> {
    let text = match object.get("message") {
        Some(Value::String(text)) => plain(text),
        // `as_list` and `as_table` messages.
        Some(Value::Array(items)) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).map(plain).collect();
            items.join("\n")
        }
        _ => return None,
    };
    let raised = match object.get("raise_exception") {
        Some(Value::Bool(raised)) => *raised,
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        _ => false,
    };
    let field = |key: &str| {
        let said = plain(object.get(key)?.as_str()?);
        (!said.is_empty()).then(|| said.into_boxed_str())
    };
    Some(ServerMessage {
        text: text.into(),
        title: field("title"),
        indicator: field("indicator"),
        raised,
    })
}

fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    let text = object.get(key)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// `exc`: a traceback, a text that holds an array of them, or such an array.
fn trace(value: Option<&Value>) -> Option<String> {
    let last = |items: &[Value]| Some(items.last()?.as_str()?.to_owned());
    match value? {
        Value::Array(items) => last(items),
        Value::String(text) => match serde_json::from_str(text) {
            Ok(Value::Array(items)) => last(&items),
            _ => Some(text.clone()),
        },
        _ => None,
    }
}

/// The line of a traceback that names the exception: the last.
fn last_line(trace: &str) -> Option<&str> {
    trace.lines().map(str::trim).rfind(|line| !line.is_empty())
}
