//! Webhooks out: what is announced, and how it is sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::coerce::{cint, cstr, rows, text};
use super::json;
use super::schema::Schema;
use super::site::{Doc, Site};
use crate::webhook::{SIGNATURE_HEADER, sign};
use crate::{Dialect, Secret};

/// How many events wait to be sent; more are lost.
const QUEUE: usize = 1024;
/// How many are on their way at a time.
const AT_ONCE: usize = 8;
const TIMEOUT: Duration = Duration::from_secs(5);
const KEPT: usize = 1000;

/// A webhook of a [`FakeSite`](super::FakeSite): which event of which doctype goes where.
///
/// # Examples
/// ```
/// use erpnext_client::testing::FakeWebhook;
///
/// let hook = FakeWebhook::new("Customer", "on_update", "http://127.0.0.1:9/hook")
///     .secret("s3cr3t")
///     .fields(["name", "customer_name", "modified"]);
/// # let _ = hook;
/// ```
#[derive(Clone)]
#[must_use]
pub struct FakeWebhook {
    name: String,
    doctype: String,
    event: String,
    url: String,
    secret: Option<String>,
    /// Key in the body, field of the document.
    data: Vec<(String, String)>,
    template: String,
    headers: Vec<(String, String)>,
}

impl std::fmt::Debug for FakeWebhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FakeWebhook")
            .field("doctype", &self.doctype)
            .field("event", &self.event)
            .finish_non_exhaustive()
    }
}

impl FakeWebhook {
    /// Announces an event (`after_insert`, `on_update`, `on_submit`, `on_cancel`, `on_trash`,
    /// `on_update_after_submit`, `on_change`) to an `http://` address.
    pub fn new(
        doctype: impl Into<String>,
        event: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            name: String::new(),
            doctype: doctype.into(),
            event: event.into(),
            url: url.into(),
            secret: None,
            data: Vec::new(),
            template: String::new(),
            headers: Vec::new(),
        }
    }

    /// Signs the body.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeWebhook;
    ///
    /// let hook = FakeWebhook::new("Customer", "on_update", "http://127.0.0.1:9/hook")
    ///     .secret("s3cret");
    /// # let _ = hook;
    /// ```
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Fields of the document that the body holds, in this order on version 15.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeWebhook;
    ///
    /// let hook = FakeWebhook::new("Customer", "on_update", "http://127.0.0.1:9/hook")
    ///     .fields(["name", "modified"]);
    /// # let _ = hook;
    /// ```
    pub fn fields(mut self, fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let pairs = fields
            .into_iter()
            .map(Into::into)
            .map(|f: String| (f.clone(), f));
        self.data.extend(pairs);
        self
    }

    /// A JSON body as a template, with `{{ doc.field }}` and `{{ doc.field | tojson }}`. What is
    /// no JSON once it is filled in is not sent.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeWebhook;
    ///
    /// let hook = FakeWebhook::new("Customer", "on_update", "http://127.0.0.1:9/hook")
    ///     .template(r#"{"name": "{{ doc.name }}"}"#);
    /// # let _ = hook;
    /// ```
    pub fn template(mut self, template: impl Into<String>) -> Self {
        self.template = template.into();
        self
    }

    /// A header. Without one of its own there is not even a Content-Type.
    ///
    /// # Examples
    /// ```
    /// use erpnext_client::testing::FakeWebhook;
    ///
    /// let hook = FakeWebhook::new("Customer", "on_update", "http://127.0.0.1:9/hook")
    ///     .header("content-type", "application/json");
    /// # let _ = hook;
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The body for a document, or none where the template breaks.
    fn body(&self, doc: &Doc, dialect: Dialect) -> Option<Vec<u8>> {
        let value = |field: &str| doc.get(field).cloned().unwrap_or_default();
        let ordered: Pairs = if self.data.is_empty() && !self.template.is_empty() {
            let filled = fill(&self.template, &value);
            match serde_json::from_str(&filled).ok()? {
                Value::Object(body) => Pairs(body.into_iter().collect()),
                _ => return None,
            }
        } else {
            let data = self.data.iter();
            Pairs(
                data.map(|(key, field)| (key.clone(), value(field)))
                    .collect(),
            )
        };
        Some(match dialect {
            Dialect::V15 => json::dumps(&ordered).into_bytes(),
            Dialect::V16 => {
                let mut sorted = ordered;
                sorted.0.sort_by(|left, right| left.0.cmp(&right.0));
                json::dumps_indented(&sorted).into_bytes()
            }
        })
    }
}

/// A JSON object in its own order.
struct Pairs(Vec<(String, Value)>);

impl Serialize for Pairs {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// Puts values into a template; what is quoted wrongly stays so.
fn fill(template: &str, value: &dyn Fn(&str) -> Value) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, more)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((expression, after)) = more.split_once("}}") else {
            break;
        };
        let (path, filter) = expression.split_once('|').unwrap_or((expression, ""));
        let value = value(path.trim().trim_start_matches("doc."));
        if filter.trim() == "tojson" {
            filled.push_str(&value.to_string());
        } else {
            filled.push_str(&cstr(&value));
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What became of one announcement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// Doctype of the document.
    pub doctype: String,
    /// Its name.
    pub document: String,
    /// `on_update`, …
    pub event: String,
    /// Status of the last answer; none when nobody answered.
    pub status: Option<u16>,
    /// How often it was sent, at most three times.
    pub attempts: u32,
}

#[derive(Debug)]
struct Event {
    delivery: WebhookDelivery,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// The webhooks of the site, and the events of the running request.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    all: Vec<FakeWebhook>,
    outbox: Vec<Event>,
    sender: Option<mpsc::Sender<Event>>,
    pending: Option<Arc<watch::Sender<usize>>>,
}

impl Hooks {
    pub(super) fn add(&mut self, hook: FakeWebhook) {
        self.all.push(hook);
    }

    pub(super) fn queued(&self) -> usize {
        self.outbox.len()
    }

    /// The transaction was rolled back: nothing of it is told.
    pub(super) fn forget(&mut self, mark: usize) {
        self.outbox.truncate(mark);
    }

    pub(super) fn drop_hook(&mut self, name: &str) {
        self.all.retain(|hook| hook.name != name);
    }
}

impl Site {
    /// Reads a Webhook document: from now on it is announced.
    pub(super) fn read_hook(&mut self, doc: &Doc) {
        let name = text(doc, "name");
        self.hooks.drop_hook(&name);
        let is = |key: &str, unset: bool| doc.get(key).map_or(unset, |value| cint(value) != 0);
        if !is("enabled", true) {
            return;
        }
        let secret = (
            "Webhook".to_owned(),
            name.clone(),
            "webhook_secret".to_owned(),
        );
        let secret = self.passwords.get(&secret).cloned();
        let pairs = |table: &str, key: &str, value: &str| -> Vec<(String, String)> {
            let pair = |row: &Doc| (text(row, key), text(row, value));
            rows(doc, table).map(pair).collect()
        };
        self.hooks.add(FakeWebhook {
            name,
            doctype: text(doc, "webhook_doctype"),
            event: text(doc, "webhook_docevent"),
            url: text(doc, "request_url"),
            secret: secret.filter(|_| is("enable_security", false)),
            data: pairs("webhook_data", "key", "fieldname"),
            template: text(doc, "webhook_json"),
            headers: pairs("webhook_headers", "key", "value"),
        });
    }

    /// Queues an event for the end of the transaction.
    pub(super) fn announce(&mut self, schema: &Schema, doc: &Doc, event: &str) {
        let dialect = self.dialect;
        let matches = |hook: &&FakeWebhook| hook.doctype == schema.name && hook.event == event;
        let events: Vec<Event> = self
            .hooks
            .all
            .iter()
            .filter(matches)
            .filter_map(|hook| {
                let body = hook.body(doc, dialect)?;
                let mut headers = hook.headers.clone();
                if let Some(secret) = &hook.secret {
                    let signature = sign(&Secret::from(secret.as_str()), &body);
                    headers.push((SIGNATURE_HEADER.to_owned(), signature));
                }
                Some(Event {
                    delivery: WebhookDelivery {
                        doctype: schema.name.clone(),
                        document: text(doc, "name"),
                        event: event.to_owned(),
                        status: None,
                        attempts: 0,
                    },
                    url: hook.url.clone(),
                    headers,
                    body,
                })
            })
            .collect();
        self.hooks.outbox.extend(events);
    }

    /// Hands the events of a committed request to the worker.
    pub(super) fn dispatch(&mut self) {
        let Hooks {
            outbox,
            sender,
            pending,
            ..
        } = &mut self.hooks;
        let (Some(sender), Some(pending)) = (sender, pending) else {
            return;
        };
        for event in outbox.drain(..) {
            // Counted before it is sent: the worker may be done with it at once.
            pending.send_modify(|count| *count += 1);
            if sender.try_send(event).is_err() {
                pending.send_modify(|count| *count -= 1);
            }
        }
    }
}

/// Sends what the site announces, until dropped.
#[derive(Debug)]
pub(super) struct Worker {
    task: JoinHandle<()>,
    pending: watch::Receiver<usize>,
    done: Arc<Mutex<VecDeque<WebhookDelivery>>>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Worker {
    /// Starts the worker of a site; `pauses` are waited before the second and third try.
    pub(super) fn start(hooks: &mut Hooks, pauses: [Duration; 2]) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let (count, pending) = watch::channel(0);
        let count = Arc::new(count);
        hooks.sender = Some(sender);
        hooks.pending = Some(count.clone());
        let done = Arc::new(Mutex::new(VecDeque::new()));
        let task = tokio::spawn(work(receiver, pauses, count, done.clone()));
        Self {
            task,
            pending,
            done,
        }
    }

    /// Waits until everything announced so far was sent or given up.
    pub(super) async fn idle(&self) {
        let mut pending = self.pending.clone();
        // The other end lives as long as the site.
        let _ = pending.wait_for(|count| *count == 0).await;
    }

    pub(super) fn deliveries(&self) -> Vec<WebhookDelivery> {
        let done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.iter().cloned().collect()
    }
}

async fn work(
    mut receiver: mpsc::Receiver<Event>,
    pauses: [Duration; 2],
    pending: Arc<watch::Sender<usize>>,
    done: Arc<Mutex<VecDeque<WebhookDelivery>>>,
) {
    // Dropping the set with this task ends what is on its way.
    let mut running = JoinSet::new();
    while let Some(event) = receiver.recv().await {
        while running.len() >= AT_ONCE {
            running.join_next().await;
        }
        let (pending, done) = (pending.clone(), done.clone());
        running.spawn(async move {
            let delivery = deliver(event, pauses).await;
            let mut kept = done.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT {
                kept.pop_front();
            }
            kept.push_back(delivery);
            drop(kept);
            pending.send_modify(|count| *count = count.saturating_sub(1));
        });
    }
}

/// Three tries; any answer below 400 ends them.
async fn deliver(event: Event, pauses: [Duration; 2]) -> WebhookDelivery {
    let mut delivery = event.delivery.clone();
    let mut pauses = pauses.into_iter();
    loop {
        delivery.attempts += 1;
        let sent = tokio::time::timeout(TIMEOUT, send(&event)).await;
        delivery.status = sent.ok().and_then(Result::ok);
        if delivery.status.is_some_and(|status| status < 400) {
            return delivery;
        }
        match pauses.next() {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return delivery,
        }
    }
}

/// One POST over a connection of its own; answers the status.
async fn send(event: &Event) -> std::io::Result<u16> {
    let invalid = || std::io::Error::from(std::io::ErrorKind::InvalidInput);
    let url = url::Url::parse(&event.url).map_err(|_| invalid())?;
    let host = url
        .host_str()
        .filter(|_| url.scheme() == "http")
        .ok_or_else(invalid)?;
    let port = url.port_or_known_default().unwrap_or(80);
    let mut stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let mut head = format!(
        "POST {}{query} HTTP/1.1\r\nHost: {host}:{port}\r\nUser-Agent: python-requests/2.32.4\r\nAccept: */*\r\nConnection: close\r\nContent-Length: {}\r\n",
        url.path(),
        event.body.len()
    );
    for (name, value) in &event.headers {
        let line = format!("{name}: {value}").replace(['\r', '\n'], " ");
        head.push_str(&line);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&event.body).await?;
    let mut answer = Vec::new();
    // The status line is in the first bytes; the rest is taken so that the peer is not reset.
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    let line = answer
        .get(9..12)
        .and_then(|digits| std::str::from_utf8(digits).ok());
    line.and_then(|digits| digits.parse().ok())
        .ok_or_else(invalid)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bodies_and_signatures_of_both_dialects() {
        let doc = json!({"name": "W-1", "title": "Éloïse / x", "qty": 2.5});
        let doc = doc.as_object().cloned().unwrap();
        let hook = FakeWebhook::new("Work", "on_update", "").fields(["name", "title", "qty"]);
        let signed = |dialect| {
            let body = hook.body(&doc, dialect).unwrap();
            (
                sign(&Secret::from("s3cr3t"), &body),
                String::from_utf8(body).unwrap(),
            )
        };
        assert_eq!(
            signed(Dialect::V15),
            (
                "hSXHF4ALmS8sL20jbVK17CMCjJ02AMUlUU2Q8ieSgfA=".into(),
                r#"{"name": "W-1", "title": "\u00c9lo\u00efse / x", "qty": 2.5}"#.into()
            )
        );
        assert_eq!(
            signed(Dialect::V16),
            (
                "cWlmahcq7yi7jT1XyGI0q1qe0HpXczVo0K8+O5XBTqo=".into(),
                "{\n \"name\": \"W-1\",\n \"qty\": 2.5,\n \"title\": \"\\u00c9lo\\u00efse / x\"\n}"
                    .into()
            )
        );
    }

    #[test]
    fn a_template_breaks_on_a_quote_unless_it_says_tojson() {
        let doc = json!({"title": "24\" cable"}).as_object().cloned().unwrap();
        let body = |template: &str| {
            let hook = FakeWebhook::new("Work", "on_update", "").template(template);
            hook.body(&doc, Dialect::V15)
        };
        assert_eq!(body(r#"{"t": "{{ doc.title }}"}"#), None);
        assert!(body(r#"{"t": {{ doc.title | tojson }}}"#).is_some());
    }
}
