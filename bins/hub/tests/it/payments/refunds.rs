//! Money that went back, or is contested.

use serde_json::{Value, json};
use stripe_webhooks::testing::EventBuilder;

use super::room::{Room, cents, payment};

fn refund(kind: &str, id: &str, intent: &str, cents: i64, status: &str) -> EventBuilder {
    EventBuilder::new(kind, id)
        .field("object", json!("refund"))
        .field("payment_intent", json!(intent))
        .field("status", json!(status))
        .field("amount", json!(cents))
        .field("currency", json!("cad"))
        .id(&format!("evt_{kind}_{id}_{status}"))
}

/// A room in which 80.00 of an invoice were paid.
async fn paid() -> (Room, String) {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    for event in payment("pi_1", &invoice, &zoe, 8_000).events() {
        room.deliver(&event).await;
    }
    room.settled().await;
    (room, zoe)
}

fn returned(room: &Room) -> Vec<Value> {
    let mut entries = room.entries();
    entries.retain(|entry| entry["payment_type"] == "Pay");
    entries
}

#[tokio::test]
async fn each_refund_is_one_entry_back_and_only_once_it_has_arrived() {
    let (room, zoe) = paid().await;
    room.deliver(&refund("refund.created", "re_1", "pi_1", 3_000, "pending"))
        .await;
    room.settled().await;
    assert!(returned(&room).is_empty());
    for _ in 0..2 {
        room.deliver(&refund(
            "refund.updated",
            "re_1",
            "pi_1",
            3_000,
            "succeeded",
        ))
        .await;
        room.deliver(&refund(
            "refund.created",
            "re_1",
            "pi_1",
            3_000,
            "succeeded",
        ))
        .await;
        room.deliver(&refund("refund.created", "re_2", "pi_1", 500, "succeeded"))
            .await;
    }
    let stats = room.settled().await;
    assert_eq!(stats.dead, 0, "{:?}", room.dead().await);
    let entries = returned(&room);
    let amounts: Vec<i64> = entries
        .iter()
        .map(|entry| cents(&entry["paid_amount"]))
        .collect();
    assert_eq!(amounts.len(), 2);
    assert_eq!(amounts.iter().sum::<i64>(), 3_500);
    for entry in &entries {
        assert_eq!(
            (&entry["docstatus"], &entry["party"]),
            (&json!(1), &json!(zoe))
        );
        // From where the money had come to.
        assert_eq!(entry["paid_from"], "Stripe - FB");
        assert_eq!(entry["reference_no"], entry["custom_psp_reference"]);
        assert!(entry["reference_no"].as_str().unwrap().starts_with("re_"));
    }
}

#[tokio::test]
async fn a_refund_waits_for_its_payment() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    room.deliver(&refund(
        "refund.created",
        "re_1",
        "pi_1",
        3_000,
        "succeeded",
    ))
    .await;
    let [completed, _] = payment("pi_1", &invoice, &zoe, 8_000).events();
    room.deliver(&completed).await;
    let stats = room.settled().await;
    assert_eq!((stats.done, stats.dead), (2, 0), "{:?}", room.dead().await);
    assert_eq!(returned(&room).len(), 1);
    // One of a payment that never comes is given up.
    room.deliver(&refund(
        "refund.created",
        "re_9",
        "pi_9",
        3_000,
        "succeeded",
    ))
    .await;
    let stats = room.settled_at(std::time::Duration::from_secs(300)).await;
    assert_eq!(stats.dead, 1);
}

#[tokio::test]
async fn a_refund_that_fails_later_is_taken_out_again_and_a_person_is_told_once() {
    let (room, zoe) = paid().await;
    room.deliver(&refund(
        "refund.created",
        "re_1",
        "pi_1",
        3_000,
        "succeeded",
    ))
    .await;
    room.settled().await;
    assert_eq!(returned(&room)[0]["docstatus"], 1);
    room.deliver(&refund("refund.failed", "re_1", "pi_1", 3_000, "failed"))
        .await;
    room.deliver(&refund("refund.updated", "re_1", "pi_1", 3_000, "failed"))
        .await;
    let stats = room.settled().await;
    assert_eq!(stats.dead, 0, "{:?}", room.dead().await);
    assert_eq!(returned(&room)[0]["docstatus"], 2);
    let issues = room.issues();
    assert_eq!(issues.len(), 1, "{issues:#?}");
    assert_eq!(issues[0]["customer"], json!(zoe));
    assert!(issues[0]["subject"].as_str().unwrap().contains("re_1"));
    // One that was never booked leaves nothing to undo; the customer waits for it all the same.
    room.deliver(&refund("refund.failed", "re_2", "pi_1", 3_000, "failed"))
        .await;
    room.settled().await;
    assert_eq!(returned(&room).len(), 1);
    let issues = room.issues();
    assert_eq!(issues.len(), 2, "{issues:#?}");
    assert!(issues[1]["subject"].as_str().unwrap().contains("re_2"));
}

#[tokio::test]
async fn a_refund_outlasts_a_site_that_was_away_for_hours() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let back = refund("refund.created", "re_1", "pi_1", 3_000, "succeeded");
    room.deliver(&back).await;
    room.time.forward(std::time::Duration::from_secs(3 * 3600));
    // Its turn comes before the payment's.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    for event in payment("pi_1", &invoice, &zoe, 8_000).events() {
        room.deliver(&event).await;
    }
    let stats = room.settled_at(std::time::Duration::from_secs(1)).await;
    assert_eq!(stats.dead, 0, "{:?}", room.dead().await);
    assert_eq!(returned(&room).len(), 1);
}

#[tokio::test]
async fn a_debit_that_fails_is_told_to_flows_once() {
    let room = Room::new().await;
    let object = |kind: &str, id: &str, object: &str| {
        EventBuilder::new(kind, id)
            .field("object", json!(object))
            .field("metadata", json!({"invoice": "SINV-1", "customer": "Zoé"}))
    };
    let session = object(
        "checkout.session.async_payment_failed",
        "cs_1",
        "checkout.session",
    );
    let session = session.field("payment_intent", json!("pi_1")).id("evt_1");
    room.deliver(&session).await;
    let intent = object("payment_intent.payment_failed", "pi_1", "payment_intent");
    room.deliver(&intent.id("evt_2")).await;
    room.settled().await;
    assert_eq!(room.told.keys(), ["trigger:payment_failed:evt_2"]);
}

#[tokio::test]
async fn a_dispute_is_an_issue_when_it_opens_and_when_it_ends() {
    let (room, zoe) = paid().await;
    let dispute = |kind: &str, status: &str, event: &str| {
        EventBuilder::new(kind, "dp_1")
            .field("object", json!("dispute"))
            .field("payment_intent", json!("pi_1"))
            .field("status", json!(status))
            .field("reason", json!("fraudulent"))
            .field("amount", json!(8_000))
            .field("currency", json!("cad"))
            .id(event)
    };
    for event in ["evt_a", "evt_b"] {
        room.deliver(&dispute("charge.dispute.created", "needs_response", event))
            .await;
    }
    room.settled().await;
    let issues = room.issues();
    assert_eq!(issues.len(), 1, "{issues:#?}");
    assert_eq!(issues[0]["customer"], json!(zoe));
    let text = issues[0]["description"].as_str().unwrap();
    assert!(
        text.contains("80.00 CAD") && text.contains("fraudulent"),
        "{text}"
    );
    room.deliver(&dispute("charge.dispute.closed", "lost", "evt_c"))
        .await;
    room.settled().await;
    assert_eq!(room.issues().len(), 2);
}

#[tokio::test]
async fn a_payment_that_failed_is_told_and_not_booked() {
    let room = Room::new().await;
    for event in ["evt_1", "evt_2", "evt_2"] {
        let failed = EventBuilder::new("payment_intent.payment_failed", "pi_1")
            .field("object", json!("payment_intent"))
            .field("status", json!("requires_payment_method"))
            .field("metadata", json!({"invoice": "SINV-1", "customer": "Zoé"}))
            .field(
                "last_payment_error",
                json!({"code": "card_declined", "decline_code": "expired_card"}),
            )
            .id(event);
        room.deliver(&failed).await;
    }
    room.settled().await;
    assert!(room.entries().is_empty());
    assert_eq!(
        room.told.keys(),
        [
            "trigger:payment_failed:evt_1",
            "trigger:payment_failed:evt_2"
        ]
    );
    let (_, trigger) = &room.told.all()[0];
    assert_eq!(trigger.name(), "on_payment_failed");
    assert_eq!(trigger.data()["code"], "expired_card");
}
