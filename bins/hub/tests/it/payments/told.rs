//! What the screens hear.

use live_events::{Reader, Subscription, Topic};
use serde_json::{Value, json};
use stripe_webhooks::testing::EventBuilder;

use super::room::{Room, payment};

/// What a reader has heard so far: names and data.
async fn heard(reader: &mut Reader) -> Vec<(String, Value)> {
    let mut text = String::new();
    let soon = std::time::Duration::from_millis(200);
    while let Ok(Some(bytes)) = tokio::time::timeout(soon, reader.next()).await {
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    let frames = text.split("\n\n").filter_map(|frame| {
        let field = |name: &str| {
            let mut lines = frame.lines().filter_map(|line| line.split_once(": "));
            lines.find_map(|(key, value)| (key == name).then_some(value))
        };
        let data = serde_json::from_str(field("data")?).unwrap();
        Some((field("event")?.to_owned(), data))
    });
    frames.collect()
}

fn listen(room: &Room, topic: &Topic) -> Reader {
    room.hub
        .live()
        .subscribe(&Subscription::unrestricted(topic.clone()))
        .unwrap()
}

#[tokio::test]
async fn a_payment_is_heard_by_staff_and_by_its_customer_alone() {
    let room = Room::new().await;
    let (zoe, leo) = (room.customer("Zoé Gagnon"), room.customer("Léo Roy"));
    let topic = |name: &str| Topic::of("customer", name).unwrap();
    let mut staff = listen(&room, &Topic::new("payments").unwrap());
    let (mut own, mut other) = (listen(&room, &topic(&zoe)), listen(&room, &topic(&leo)));
    let invoice = room.invoice(&zoe, 8_000);
    let [completed, _] = payment("pi_1", &invoice, &zoe, 5_000).events();
    room.deliver(&completed).await;
    room.settled().await;
    let told = json!({
        "invoice": invoice, "customer": zoe, "amount": "50.00", "currency": "CAD",
        "payment_entry": room.entry()["name"], "payment_intent": "pi_1", "outstanding": "30.00",
    });
    let paid = vec![("invoice.paid".to_owned(), told)];
    assert_eq!(heard(&mut staff).await, paid);
    assert_eq!(heard(&mut own).await, paid);
    assert_eq!(heard(&mut other).await, []);
}

#[tokio::test]
async fn cards_and_refusals_are_heard_with_their_reasons() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    room.fake
        .touch("Customer", &zoe, json!({"custom_stripe_customer": "cus_7"}));
    let mut own = listen(&room, &Topic::of("customer", &zoe).unwrap());
    let saved = EventBuilder::new("payment_method.attached", "pm_1")
        .field("object", json!("payment_method"))
        .field("customer", json!("cus_7"))
        .id("evt_card");
    room.deliver(&saved).await;
    room.settled().await;
    let failed = EventBuilder::new("payment_intent.payment_failed", "pi_1")
        .field("object", json!("payment_intent"))
        .field("amount", json!(8_000))
        .field("currency", json!("cad"))
        .field("metadata", json!({"invoice": "SINV-1", "customer": zoe}))
        .field("last_payment_error", json!({"code": "card_declined"}))
        .id("evt_failed");
    room.deliver(&failed).await;
    room.settled().await;
    assert_eq!(
        heard(&mut own).await,
        [
            (
                "payment_method.saved".to_owned(),
                json!({"customer": zoe, "payment_method": "pm_1"})
            ),
            (
                "payment.failed".to_owned(),
                json!({"invoice": "SINV-1", "customer": zoe, "amount": "80.00", "currency": "CAD",
                    "code": "card_declined"})
            ),
        ]
    );
}

#[tokio::test]
async fn what_was_booked_shortly_before_a_start_is_told_again() {
    use hub::payments::settle::Settlement;
    use tokio_util::sync::CancellationToken;

    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    for event in payment("pi_1", &invoice, &zoe, 8_000).events() {
        room.deliver(&event).await;
    }
    room.settled().await;
    let mut staff = listen(&room, &Topic::new("payments").unwrap());
    let stop = CancellationToken::new();
    let again = Settlement::new(&room.hub).unwrap().unwrap();
    let again = tokio::spawn(again.with_triggers(room.told.clone()).run(stop.clone()));
    let first = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        loop {
            let heard = heard(&mut staff).await;
            if !heard.is_empty() {
                return heard;
            }
        }
    });
    let heard = first.await.unwrap();
    assert_eq!(
        heard.len(),
        1,
        "once, though two events told of it: {heard:?}"
    );
    assert_eq!(heard[0].1["payment_intent"], "pi_1");
    assert_eq!(room.told.keys(), ["trigger:payment:pi_1"]);
    assert_eq!(room.entries().len(), 1);
    stop.cancel();
    again.await.unwrap();
}

#[tokio::test]
async fn an_invoice_that_takes_nothing_is_not_told_to_be_paid() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let mut own = listen(&room, &Topic::of("customer", &zoe).unwrap());
    let draft = room.invoice_as(&zoe, 8_000, 0);
    let [completed, _] = payment("pi_1", &draft, &zoe, 8_000).events();
    room.deliver(&completed).await;
    room.settled().await;
    let names: Vec<String> = heard(&mut own).await.into_iter().map(|one| one.0).collect();
    assert_eq!(names, ["payment.received"]);
}
