//! Follows what changes in a doctype: each look takes up where the last one ended.
#![allow(clippy::print_stdout, reason = "an example")]

use std::pin::pin;

use erpnext_client::testing::FakeSite;
use erpnext_client::{Client, Document, Error, Filter, Modified, Order, Record as _};
use futures_util::TryStreamExt as _;
use serde_json::json;

/// What was saved since, in the order in which it was; the mark for the next look.
async fn look(client: &Client, mark: Option<Modified>) -> Result<Option<Modified>, Error> {
    let mut list = client
        .documents("ToDo")
        .list()
        .fields(["name", "modified", "description"])
        .order_by("modified", Order::Asc);
    if let Some(mark) = &mark {
        // Not `gt`: two documents may be saved in the same microsecond.
        list = list.filter(Filter::ge("modified", mark));
    }
    let mut latest = mark.clone();
    let mut changes = pin!(list.stream());
    while let Some(change) = changes.try_next().await? {
        let change: Document = change;
        if change.modified() != mark.as_ref() {
            println!("{} {:?}", change.name(), change.get("description"));
        }
        latest = change.modified().cloned().or(latest);
    }
    Ok(latest)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fake = FakeSite::start().await?;
    let client = Client::new(fake.url(), fake.credentials())?;
    fake.insert("ToDo", json!({"description": "Splice the drop"}));
    fake.insert("ToDo", json!({"description": "Swap the ONT"}));
    let mark = look(&client, None).await?;
    println!("-- later");
    fake.insert("ToDo", json!({"description": "Call Zoé back"}));
    look(&client, mark).await?;
    Ok(())
}
