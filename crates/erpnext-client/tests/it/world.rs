//! The sites a test talks to: the fake in both dialects, or the one real site that
//! `ERPNEXT_TEST_URL` names (with `ERPNEXT_TEST_KEY` and `ERPNEXT_TEST_SECRET`, or
//! `ERPNEXT_TEST_USER` and `ERPNEXT_TEST_PASSWORD`).
//!
//! On a real site a test makes what it needs under names of its own, and what it made is deleted
//! when its body ends, also by a panic.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use erpnext_client::testing::FakeSite;
use erpnext_client::{
    Client, ClientBuilder, Credentials, Dialect, DocName, Docs, Document, Record as _,
};
use futures_util::FutureExt as _;
use serde_json::{Value, json};

/// A site under test.
#[derive(Debug)]
pub(crate) struct Site {
    url: String,
    credentials: Credentials,
    client: Client,
    fake: Option<FakeSite>,
    /// What is to be deleted, the last first.
    made: Mutex<Vec<(String, DocName)>>,
}

/// Runs a test on each site there is to run on.
pub(crate) async fn for_each_site(body: impl AsyncFn(&Site)) {
    if let Some(site) = real() {
        return on(site, &body).await;
    }
    for dialect in [Dialect::V15, Dialect::V16] {
        println!("on {dialect:?}");
        // One as a developer has it, one as it is run: without tracebacks.
        let builder = FakeSite::builder()
            .dialect(dialect)
            .traceback(dialect == Dialect::V15);
        let fake = builder.start().await.unwrap();
        let mut site = Site::new(fake.url(), fake.credentials());
        site.fake = Some(fake);
        on(site, &body).await;
    }
}

async fn on(site: Site, body: &impl AsyncFn(&Site)) {
    let outcome = AssertUnwindSafe(body(&site)).catch_unwind().await;
    site.clean_up().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

fn real() -> Option<Site> {
    #[allow(clippy::disallowed_methods, reason = "where to find the real site")]
    let setting = |name: &str| std::env::var(format!("ERPNEXT_TEST_{name}")).ok();
    let url = setting("URL")?;
    let credentials = match (setting("KEY"), setting("SECRET")) {
        (Some(key), Some(secret)) => Credentials::token(key, secret),
        _ => Credentials::session(setting("USER")?, setting("PASSWORD")?),
    };
    Some(Site::new(url, credentials))
}

/// A name nobody has used: letters, digits and `-`.
pub(crate) fn unique(prefix: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    #[allow(clippy::disallowed_methods, reason = "any number that was not there")]
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "{prefix}-{:x}-{}-{count}",
        now.as_micros(),
        std::process::id()
    )
}

impl Site {
    fn new(url: String, credentials: Credentials) -> Self {
        let client = Client::builder(&url)
            .credentials(credentials.clone())
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Self {
            url,
            credentials,
            client,
            fake: None,
            made: Mutex::default(),
        }
    }

    /// A client of an administrator.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The fake, where the site is one.
    pub(crate) fn fake(&self) -> Option<&FakeSite> {
        self.fake.as_ref()
    }

    /// Another client of the same user, with settings of its own.
    pub(crate) fn builder(&self) -> ClientBuilder {
        Client::builder(&self.url).credentials(self.credentials.clone())
    }

    /// Makes a document, which is deleted when the test ends.
    pub(crate) async fn insert(&self, doctype: &str, fields: Value) -> DocName {
        let mut doc = fields;
        doc["doctype"] = doctype.into();
        let made: Document = self
            .client
            .rpc("frappe.client.insert")
            .arg("doc", doc)
            .send()
            .await
            .unwrap();
        self.delete_later(doctype, made.name());
        made.name().clone()
    }

    /// Has a document deleted when the test ends.
    pub(crate) fn delete_later(&self, doctype: &str, name: &DocName) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.push((doctype.to_owned(), name.clone()));
    }

    /// Deletes a document now.
    pub(crate) async fn delete(&self, doctype: &str, name: &DocName) {
        self.client
            .rpc("frappe.client.delete")
            .arg("doctype", doctype)
            .arg("name", name)
            .send::<()>()
            .await
            .unwrap();
    }

    async fn clean_up(&self) {
        if self.fake.is_some() {
            return;
        }
        let made = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        for (doctype, name) in made.into_iter().rev() {
            // Others change the schema meanwhile, and lock what is to be deleted.
            for attempt in 1..=4 {
                let deleted = self
                    .client
                    .rpc("frappe.client.delete")
                    .arg("doctype", &doctype)
                    .arg("name", &name)
                    .send::<Value>()
                    .await;
                match deleted {
                    Err(error) if !error.is_not_found() && attempt < 4 => {
                        tokio::time::sleep(Duration::from_millis(300 * attempt)).await;
                    }
                    Err(error) if !error.is_not_found() => {
                        println!("left behind: {doctype} {name}: {:?}", error.message());
                    }
                    _ => break,
                }
            }
        }
    }

    /// A doctype of this test alone, with a table of child rows.
    pub(crate) async fn things(&self) -> Things {
        let tag = unique("T").replace('-', "");
        let rows = format!("Line {tag}");
        let doctype = format!("Thing {tag}");
        let field =
            |name: &str, kind: &str| json!({"fieldname": name, "label": name, "fieldtype": kind});
        self.insert(
            "DocType",
            json!({
                "name": rows, "module": "Custom", "custom": 1, "istable": 1,
                "fields": [field("item", "Data"), field("qty", "Float")],
            }),
        )
        .await;
        let mut fields = vec![
            field("title", "Data"),
            field("qty", "Int"),
            field("amount", "Currency"),
            field("ratio", "Float"),
            field("day", "Date"),
            field("at", "Datetime"),
            field("clock", "Time"),
            field("status", "Select"),
            field("note", "Small Text"),
            field("done", "Check"),
            field("code", "Data"),
            field("lines", "Table"),
            field("who", "Link"),
        ];
        fields[7]["options"] = "Open\nClosed".into();
        fields[10]["unique"] = 1.into();
        fields[11]["options"] = rows.as_str().into();
        fields[12]["options"] = "User".into();
        self.insert(
            "DocType",
            json!({
                "name": doctype, "module": "Custom", "custom": 1, "autoname": "prompt",
                "allow_rename": 1,
                "fields": fields,
                "permissions": [{
                    "role": "System Manager",
                    "read": 1, "write": 1, "create": 1, "delete": 1,
                }],
            }),
        )
        .await;
        Things {
            docs: self.client.documents(doctype.clone()),
            doctype,
            rows,
        }
    }
}

/// A doctype with the fields `title`, `qty` (Int), `amount` (Currency), `ratio` (Float), `day`
/// (Date), `at` (Datetime), `clock` (Time), `status` (Open or Closed), `note` (Small Text), `done`
/// (Check), `code` (unique), `lines` (rows of `item` and `qty`) and `who` (User). Names are
/// given.
#[derive(Debug)]
pub(crate) struct Things {
    /// Name of the doctype.
    pub(crate) doctype: String,
    /// Doctype of the rows of `lines`.
    pub(crate) rows: String,
    /// The documents.
    pub(crate) docs: Docs<Document>,
}

impl Things {
    /// Makes a thing of this name, which is deleted when the test ends.
    pub(crate) async fn make(&self, site: &Site, name: &str, fields: Value) -> DocName {
        let mut fields = fields;
        fields["name"] = name.into();
        // What Frappe takes for the name of a prompt.
        fields["__newname"] = name.into();
        site.insert(&self.doctype, fields).await
    }

    /// Makes things of these fields, each with a `name`.
    pub(crate) async fn make_many(&self, site: &Site, things: Vec<Value>) {
        for chunk in things.chunks(100) {
            let docs: Vec<Value> = chunk
                .iter()
                .map(|thing| {
                    let mut doc = thing.clone();
                    doc["doctype"] = self.doctype.as_str().into();
                    doc["__newname"] = doc["name"].clone();
                    doc
                })
                .collect();
            let names: Vec<DocName> = site
                .client
                .rpc("frappe.client.insert_many")
                .arg("docs", docs)
                .send()
                .await
                .unwrap();
            for name in &names {
                site.delete_later(&self.doctype, name);
            }
        }
    }
}
