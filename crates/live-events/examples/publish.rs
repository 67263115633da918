//! A stream, cut and resumed: nothing is lost, nothing comes twice.

use live_events::{Error, EventName, LiveEvents, Options, Subscription, Topics};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let live = LiveEvents::new(Options::default());
    let topics: Topics = "dispatch,customer:CUST-1".parse()?;
    let updated = EventName::new("job.updated")?;
    let mut reader = live.subscribe(&Subscription::unrestricted(topics.clone()))?;

    let mut last = String::new();
    for job in 1..=2 {
        let data = format!("{{\"key\":\"DJ-{job}\"}}");
        let dispatch = topics.iter().next().ok_or(Error::NoTopic)?;
        last = live.publish(dispatch, &updated, &data).id.to_string();
    }
    show(reader.next().await);
    show(reader.next().await);

    // The connection is cut, something happens, the browser comes back with the last id it has.
    drop(reader);
    let customer = topics.iter().nth(1).ok_or(Error::NoTopic)?;
    live.publish(customer, &EventName::new("invoice.paid")?, "{}");
    let again = Subscription::unrestricted(topics).resume(Some(&last));
    let mut reader = live.subscribe(&again)?;
    show(reader.next().await);
    show(reader.next().await);
    Ok(())
}

#[allow(clippy::print_stdout, reason = "an example")]
fn show(bytes: Option<bytes::Bytes>) {
    let bytes = bytes.unwrap_or_default();
    println!("{}", String::from_utf8_lossy(&bytes));
}
