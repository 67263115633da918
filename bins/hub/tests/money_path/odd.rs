//! Payments that are not as they should be, and money that goes back: against the same ERPNext,
//! fake or real, without kills and failures.

use std::time::Duration;

use serde_json::json;
use stripe_webhooks::testing::EventBuilder;
use tokio::time::Instant;

use crate::books::{Books, Payment};
use crate::deliver;
use crate::hub::Hub;

async fn settled(hub: &Hub) {
    let limit = Instant::now() + Duration::from_secs(80);
    while hub.waiting().await != Some(0) {
        assert!(Instant::now() < limit, "an event is not done with");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_odd_is_on_account_and_what_goes_back_is_booked_back() {
    let books = Books::open().await;
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path(), &books);
    let customer = books.customer(0).await;
    let (invoice, due) = books.invoice(&customer, 8_000).await;
    let (gone, _) = books.invoice(&customer, 8_000).await;
    books.cancel(&gone).await;
    let payment = |number: usize, invoice: &str, cents: i64| Payment {
        intent: books.reference("pi", number),
        invoice: invoice.to_owned(),
        customer: customer.clone(),
        cents,
    };
    // A part, too much of the rest, once more, a cancelled invoice, none at all, no invoice.
    let all = [
        payment(0, &invoice, due / 2),
        payment(1, &invoice, due),
        payment(2, &invoice, due),
        payment(3, &gone, 8_000),
        payment(4, "SINV-OF-NOBODY", 8_000),
        payment(5, "", 8_000),
    ];
    for payment in &all {
        for event in deliver::events(payment) {
            deliver::once(&event, &hub).await;
        }
        settled(&hub).await;
    }
    let entries = books.entries("pi").await;
    let shares: Vec<_> = entries
        .iter()
        .map(|entry| {
            assert!(entry.submitted && entry.kind == "Receive", "{entry:?}");
            assert_eq!(entry.cents, entry.allocated + entry.unallocated);
            (entry.allocated, entry.unallocated)
        })
        .collect();
    let half = due / 2;
    let expected = [
        (half, 0),
        (due - half, half),
        (0, due),
        (0, 8_000),
        (0, 8_000),
        (0, 8_000),
    ];
    assert_eq!(shares, expected);
    assert_eq!(books.issues().await.len(), 4, "{:?}", books.issues().await);

    let refund = |kind: &str, number: usize, status: &str| {
        let id = books.reference("re", number);
        EventBuilder::new(kind, &id)
            .field("object", json!("refund"))
            .field("payment_intent", json!(all[0].intent))
            .field("status", json!(status))
            .field("amount", json!(500))
            .field("currency", json!("cad"))
            .id(&format!("evt_{id}_{status}"))
    };
    for number in 0..2 {
        deliver::once(&refund("refund.created", number, "succeeded"), &hub).await;
    }
    settled(&hub).await;
    deliver::once(&refund("refund.failed", 1, "failed"), &hub).await;
    settled(&hub).await;
    let returned = books.entries("re").await;
    let returned: Vec<_> = returned
        .iter()
        .map(|entry| (entry.kind.as_str(), entry.cents, entry.submitted))
        .collect();
    assert_eq!(returned, [("Pay", 500, true), ("Pay", 500, false)]);
    assert_eq!(books.issues().await.len(), 5);
    assert!(hub.stop(), "the hub stops in order");
}
