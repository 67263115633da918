//! A Stripe on a loopback port, until its standard input ends.
//!
//! ```sh
//! cargo run --example fake_stripe -- --webhook http://127.0.0.1:3000/webhook/stripe --secret whsec_test
//! ```
//!
//! Prints its address and its key as one line of JSON. `--secret` may be given twice, as while one
//! is rolled. Standard input takes, line by line: `processing MS`, `fail_writes N`,
//! `fail_refund ID`, `settle SESSION succeeded|failed`, `pause`, `resume`, `resend EVENT`.
#![allow(clippy::print_stdout, reason = "an example talks to a terminal")]

use std::io::BufRead as _;
use std::time::Duration;

use stripe_lite::testing::{Delivery, FakeStripe, WebhookEndpoint};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = FakeStripe::builder();
    let (mut webhook, mut secrets) = (None, Vec::new());
    let mut delivery = Delivery::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("every option has a value")?;
        match name.as_str() {
            "--listen" => builder = builder.address(value.parse()?),
            "--key" => builder = builder.secret_key(value),
            "--seed" => builder = builder.seed(value.parse()?),
            "--webhook" => webhook = Some(value),
            "--secret" => secrets.push(value),
            "--duplicates" => delivery = delivery.duplicates(1..=value.parse()?),
            "--shuffle" => delivery = delivery.shuffle(value.parse()?),
            _ => return Err(format!("there is no option {name}").into()),
        }
    }
    if let Some(url) = webhook {
        let mut secrets = secrets.into_iter();
        let first = secrets.next().ok_or("--webhook wants a --secret")?;
        let endpoint = WebhookEndpoint::new(url, first);
        builder = builder.endpoint(secrets.fold(endpoint, WebhookEndpoint::secret));
    }
    let fake = builder.delivery(delivery).start().await?;
    let about = serde_json::json!({ "url": fake.url(), "secret_key": fake.secret_key() });
    println!("{about}");

    tokio::task::spawn_blocking(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            let words: Vec<&str> = line.split_whitespace().collect();
            let known = obey(&fake, &words);
            println!("{}", if known { "ok" } else { "no" });
        }
    })
    .await?;
    Ok(())
}

fn obey(fake: &FakeStripe, words: &[&str]) -> bool {
    match words {
        ["processing", ms] => {
            let ms = ms.parse().unwrap_or(0);
            fake.processing_time(Duration::from_millis(ms));
            true
        }
        ["fail_writes", count] => {
            fake.fail_writes(count.parse().unwrap_or(0));
            true
        }
        ["fail_refund", id] => fake.fail_refund(id, "expired_or_canceled_card"),
        ["settle", session, how] => fake.settle_debit(session, *how == "succeeded"),
        ["pause"] => {
            fake.pause();
            true
        }
        ["resume"] => {
            fake.resume();
            true
        }
        ["resend", event] => fake.resend(event),
        _ => false,
    }
}
