//! Methods of the site, called by name.

use std::fmt;

use http::Method;
use integration_core::ApiPath;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Client;
use super::send::{Call, Envelope, Repeat};
use crate::{Error, ServerMessage};

/// What a call answered, and what the site had to say about it.
///
/// # Examples
/// ```no_run
/// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
/// let renamed = client
///     .rpc("frappe.client.rename_doc")
///     .arg("doctype", "ToDo")
///     .arg("old_name", "a")
///     .arg("new_name", "b")
///     .answer::<String>()
///     .await?;
/// for message in &renamed.messages {
///     println!("{}", message.text());
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer<T> {
    /// The value.
    pub value: T,
    /// Warnings and notes.
    pub messages: Vec<ServerMessage>,
}

/// A call of a whitelisted method, or of a Server Script of type API; begun by [`Client::rpc`].
#[derive(Clone)]
#[must_use]
pub struct Rpc {
    client: Client,
    method: String,
    args: Map<String, Value>,
    repeat: Repeat,
    envelope: Envelope,
    unwritable: bool,
}

impl Client {
    /// Begins a call of a method by its dotted path.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn run(client: erpnext_client::Client) -> Result<(), erpnext_client::Error> {
    /// let customers: u64 = client
    ///     .rpc("frappe.client.get_count")
    ///     .arg("doctype", "Customer")
    ///     .get()
    ///     .await?;
    /// # Ok(()) }
    /// ```
    pub fn rpc(&self, method: impl Into<String>) -> Rpc {
        Rpc {
            client: self.clone(),
            method: method.into(),
            args: Map::new(),
            repeat: Repeat::Never,
            envelope: Envelope::Message,
            unwritable: false,
        }
    }
}

impl fmt::Debug for Rpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An argument may be a password.
        f.debug_struct("Rpc")
            .field("method", &self.method)
            .field("args", &self.args.len())
            .finish_non_exhaustive()
    }
}

impl Rpc {
    /// Adds an argument. Frappe drops, without a word, those it does not know.
    pub fn arg(mut self, name: impl Into<String>, value: impl Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => {
                self.args.insert(name.into(), value);
            }
            Err(_) => self.unwritable = true,
        }
        self
    }

    /// States that the method may be called again when its answer was lost: it only reads, or
    /// does the same when done twice.
    pub fn repeatable(mut self) -> Self {
        self.repeat = Repeat::Safe;
        self
    }

    /// Takes the value from `docs` instead of `message`, where some methods of the desk have it.
    pub fn docs(mut self) -> Self {
        self.envelope = Envelope::Docs;
        self
    }

    /// Calls by POST: what the method changes is kept. Not repeated when the answer is lost,
    /// unless [`repeatable`](Self::repeatable).
    ///
    /// # Errors
    /// See [`Error`]. A method that does not exist is 417 `ValidationError`, a missing argument
    /// 500 `TypeError`.
    pub async fn send<R: DeserializeOwned>(self) -> Result<R, Error> {
        Ok(self.answer().await?.value)
    }

    /// As [`send`](Self::send), with the messages of the site.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn answer<R: DeserializeOwned>(mut self) -> Result<Answer<R>, Error> {
        let body = Some(Value::Object(std::mem::take(&mut self.args)));
        self.call(Method::POST, Vec::new(), body).await
    }

    /// Calls by GET: what the method changes is taken back, and the call may be repeated.
    /// Arguments other than texts go as JSON; where they make the address too long, they go by
    /// POST.
    ///
    /// # Errors
    /// As [`send`](Self::send), and 403 for a method that does not allow GET.
    pub async fn get<R: DeserializeOwned>(mut self) -> Result<R, Error> {
        self.repeat = Repeat::Safe;
        let query: Vec<_> = self
            .args
            .iter()
            .map(|(k, v)| (k.clone(), text(v)))
            .collect();
        if crate::client::send::is_long(&query) {
            return self.send().await;
        }
        Ok(self.call(Method::GET, query, None).await?.value)
    }

    async fn call<R: DeserializeOwned>(
        self,
        method: Method,
        query: Vec<(String, String)>,
        body: Option<Value>,
    ) -> Result<Answer<R>, Error> {
        if self.unwritable {
            return Err(Error::invalid("argument", "cannot be written as JSON"));
        }
        let call = Call {
            what: "a method",
            method,
            path: ApiPath::new("api/method").segment(&self.method)?,
            query,
            body,
            repeat: self.repeat,
            envelope: self.envelope,
        };
        self.client.answer(call).await
    }
}

/// A value as a query parameter.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
