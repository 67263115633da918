//! Accepts three events, one of them twice, and works through them.
#![allow(clippy::print_stdout, reason = "an example")]

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use effect_journal::{Delivery, Handler, Journal as _, Leased, Outcome, Processor, SqliteJournal};
use tokio_util::sync::CancellationToken;

struct Print;

#[async_trait]
impl Handler for Print {
    async fn handle(&self, item: Leased) -> Outcome {
        println!(
            "working on {} {}",
            item.delivery.source(),
            item.delivery.key()
        );
        Outcome::Done
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let journal = Arc::new(SqliteJournal::open(folder.path()).await?);
    for key in ["evt_1", "evt_2", "evt_1", "evt_3"] {
        let accepted = journal
            .accept(Delivery::new("stripe", key, b"{}".to_vec()))
            .await?;
        println!("{key}: {accepted:?}");
    }
    let stop = CancellationToken::new();
    let working = tokio::spawn(Processor::builder(journal.clone(), Print).run(stop.clone()));
    while journal.stats().await?.done < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.cancel();
    working.await?;
    journal.close().await;
    Ok(())
}
