//! Money that came in.

use erpnext_client::Dialect;
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};

use super::room::{Room, bootstrap, cents, counted, payment, site};

/// Every order in which the events of a payment may come, some of them twice.
const ORDERS: [&[usize]; 6] = [&[0, 1], &[1, 0], &[0], &[1], &[0, 0, 1], &[1, 0, 1, 0]];

#[tokio::test]
async fn one_payment_is_one_entry_in_whatever_order_its_events_come() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let room = Room::of(site(dialect, true).await, &[]).await;
        let zoe = room.customer("Zoé Gagnon");
        for (number, order) in ORDERS.iter().enumerate() {
            let invoice = room.invoice(&zoe, 11_497);
            let events = payment(&format!("pi_{number}"), &invoice, &zoe, 11_497).events();
            for at in *order {
                room.deliver(&events[*at]).await;
            }
            room.settled().await;
            assert_eq!(room.entries().len(), number + 1, "{order:?}");
            assert_eq!(room.due(&invoice), 0, "{order:?}");
        }
        assert_eq!(room.told.keys().len(), ORDERS.len());
        assert!(room.issues().is_empty());
    }
}

#[tokio::test]
async fn an_entry_says_what_was_paid_when_and_how() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 11_497);
    // 02:30 UTC of the 23rd is still the 22nd where the books are kept.
    let [completed, _] = payment("pi_1", &invoice, &zoe, 11_497)
        .created(1_795_401_000)
        .events();
    room.deliver(&completed).await;
    room.settled().await;
    let entry = room.entry();
    for (key, value) in [
        ("docstatus", json!(1)),
        ("payment_type", json!("Receive")),
        ("party", json!(zoe)),
        ("custom_psp_reference", json!("pi_1")),
        ("reference_no", json!("pi_1")),
        ("reference_date", json!("2026-11-22")),
        ("posting_date", json!("2026-11-22")),
        ("mode_of_payment", json!("Stripe")),
        ("paid_to", json!("Stripe - FB")),
    ] {
        assert_eq!(entry[key], value, "{key}");
    }
    assert_eq!(cents(&entry["paid_amount"]), 11_497);
    assert_eq!(cents(&entry["references"][0]["allocated_amount"]), 11_497);

    let told = room.told.all();
    let (key, trigger) = &told[0];
    assert_eq!(
        (key.as_str(), trigger.name()),
        ("trigger:payment:pi_1", "on_payment_received")
    );
    assert_eq!(
        *trigger.data(),
        json!({
            "invoice": invoice, "customer": zoe, "amount": "114.97", "currency": "CAD",
            "payment_entry": entry["name"], "payment_intent": "pi_1", "outstanding": "0.00",
        })
    );
}

#[tokio::test]
async fn fifty_deliveries_at_once_are_one_payment() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let events = payment("pi_1", &invoice, &zoe, 8_000).events();
    // Each with an id of its own: another event of the same thing.
    let all: Vec<_> = (0..50)
        .map(|number| events[number % 2].clone().id(&format!("evt_{number}")))
        .collect();
    futures_util::future::join_all(all.iter().map(|event| room.deliver(event))).await;
    let stats = room.settled().await;
    assert_eq!((stats.done, stats.dead), (50, 0));
    assert_eq!(room.entry()["docstatus"], 1);
    assert_eq!(room.told.keys(), ["trigger:payment:pi_1"]);
}

#[tokio::test]
async fn payments_of_one_invoice_take_turns_and_none_is_overpaid() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 10_000);
    for number in 0..8 {
        for event in payment(&format!("pi_{number}"), &invoice, &zoe, 3_000).events() {
            room.deliver(&event).await;
        }
    }
    let stats = room.settled().await;
    assert_eq!((stats.dead, stats.unsettled), (0, 0));
    let sum = |key: &str| {
        room.entries()
            .iter()
            .map(|entry| cents(&entry[key]))
            .sum::<i64>()
    };
    assert_eq!(sum("paid_amount"), 8 * 3_000);
    assert_eq!(sum("total_allocated_amount"), 10_000);
    assert_eq!(room.due(&invoice), 0);
    // One paid a part of what was left, four came too late.
    assert_eq!(room.issues().len(), 5);
}

/// What became of a payment of 80.00 of an invoice in some state: allocated, not allocated, the
/// words of the Issue.
async fn paid(
    room: &Room,
    id: &str,
    invoice: &str,
    customer: &str,
    cents_paid: i64,
) -> (i64, i64, Option<String>) {
    let before = (room.entries().len(), room.issues().len());
    for event in payment(id, invoice, customer, cents_paid).events() {
        room.deliver(&event).await;
    }
    let stats = room.settled().await;
    assert_eq!(stats.dead, 0, "{:?}", room.dead().await);
    let entries = room.entries();
    assert_eq!(entries.len(), before.0 + 1);
    let entry = entries.last().unwrap();
    assert_eq!(
        (&entry["docstatus"], &entry["party"]),
        (&json!(1), &json!(customer))
    );
    assert_eq!(cents(&entry["paid_amount"]), cents_paid);
    let issues = room.issues();
    let issue = issues.get(before.1).map(|issue| {
        assert_eq!(issue["customer"], json!(customer));
        assert!(
            issue["description"]
                .as_str()
                .unwrap()
                .contains(entry["name"].as_str().unwrap())
        );
        issue["subject"].as_str().unwrap().to_owned()
    });
    assert!(issues.len() <= before.1 + 1, "{issues:#?}");
    (
        cents(&entry["total_allocated_amount"]),
        cents(&entry["unallocated_amount"]),
        issue,
    )
}

#[tokio::test]
async fn every_state_of_an_invoice_takes_the_money_and_a_person_is_told_of_what_is_odd() {
    for dialect in [Dialect::V15, Dialect::V16] {
        let room = Room::of(site(dialect, true).await, &[]).await;
        let zoe = room.customer("Zoé Gagnon");
        let says = |issue: Option<String>, words: &str| {
            let issue = issue.unwrap_or_default();
            assert!(issue.contains(words) && issue.contains("pi_"), "{issue}");
        };
        let invoice = room.invoice(&zoe, 8_000);
        assert_eq!(
            paid(&room, "pi_part", &invoice, &zoe, 5_000).await,
            (5_000, 0, None)
        );
        let (allocated, rest, issue) = paid(&room, "pi_over", &invoice, &zoe, 5_000).await;
        assert_eq!((allocated, rest), (3_000, 2_000));
        says(issue, "plus que la facture");
        let (allocated, rest, issue) = paid(&room, "pi_paid", &invoice, &zoe, 5_000).await;
        assert_eq!((allocated, rest), (0, 5_000));
        says(issue, "déjà payée");

        let draft = room.invoice_as(&zoe, 8_000, 0);
        let (allocated, rest, issue) = paid(&room, "pi_draft", &draft, &zoe, 8_000).await;
        assert_eq!((allocated, rest), (0, 8_000));
        says(issue, "pas soumise");

        let gone = room.invoice(&zoe, 8_000);
        room.fake
            .touch("Sales Invoice", &gone, json!({"docstatus": 2}));
        let (allocated, rest, issue) = paid(&room, "pi_gone", &gone, &zoe, 8_000).await;
        assert_eq!((allocated, rest), (0, 8_000));
        says(issue, "annulée");

        let (allocated, rest, issue) = paid(&room, "pi_none", "SINV-OF-NOBODY", &zoe, 8_000).await;
        assert_eq!((allocated, rest), (0, 8_000));
        says(issue, "n’existe pas");
        assert_eq!(room.told.keys().len(), 6);
    }
}

#[tokio::test]
async fn an_invoice_pays_for_its_own_customer_whoever_is_named() {
    let room = Room::new().await;
    let (zoe, leo) = (room.customer("Zoé Gagnon"), room.customer("Léo Roy"));
    let invoice = room.invoice(&zoe, 8_000);
    let [completed, _] = payment("pi_1", &invoice, &leo, 8_000).events();
    room.deliver(&completed).await;
    room.settled().await;
    assert_eq!(room.entry()["party"], json!(zoe));
    assert_eq!(room.due(&invoice), 0);
}

#[tokio::test]
async fn another_currency_is_never_booked_as_if_it_were_ours() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let [completed, succeeded] = payment("pi_1", &invoice, &zoe, 8_000)
        .currency("usd")
        .events();
    room.deliver(&completed).await;
    room.deliver(&succeeded).await;
    let stats = room.settled().await;
    assert_eq!(stats.dead, 2);
    assert!(
        room.dead().await[0].contains("currency"),
        "{:?}",
        room.dead().await
    );
    assert!(room.entries().is_empty());
    assert_eq!(room.due(&invoice), 8_000);
    let issues = room.issues();
    assert_eq!(issues.len(), 1);
    assert!(issues[0]["subject"].as_str().unwrap().contains("pi_1"));
}

#[tokio::test]
async fn an_event_of_nobody_waits_for_one_that_knows_and_holds_up_no_other() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let bare = |id: &str| payment(id, "", "", 8_000).events();
    // The intent knows nothing; the session names the invoice.
    let invoice = room.invoice(&zoe, 8_000);
    let [_, unknown] = bare("pi_1");
    room.deliver(&unknown).await;
    let [_, nobodys] = bare("pi_2");
    room.deliver(&nobodys).await;
    let other = room.invoice(&zoe, 7_000);
    for event in payment("pi_3", &other, &zoe, 7_000).events() {
        room.deliver(&event).await;
    }
    let done = async {
        while room.journal.stats().await.unwrap().done < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            room.time.forward(std::time::Duration::from_millis(50));
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, done).await.unwrap();
    assert_eq!(room.due(&other), 0);

    let [known, _] = payment("pi_1", &invoice, &zoe, 8_000).events();
    room.deliver(&known).await;
    let stats = room.settled_at(std::time::Duration::from_secs(20)).await;
    // Both of pi_1 are done; what nobody ever knew is given up at last.
    assert_eq!((stats.done, stats.dead), (4, 1));
    assert_eq!(room.due(&invoice), 0);
    assert!(room.dead().await[0].contains("neither an invoice nor a customer"));
    assert_eq!(room.entries().len(), 2);
}

#[tokio::test]
async fn a_customer_without_an_invoice_gets_the_money_on_account() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let [_, succeeded] = payment("pi_1", "", &zoe, 8_000).events();
    room.deliver(&succeeded).await;
    room.settled().await;
    let entry = room.entry();
    assert_eq!(
        (&entry["party"], &entry["docstatus"]),
        (&json!(zoe), &json!(1))
    );
    assert_eq!(cents(&entry["unallocated_amount"]), 8_000);
    assert_eq!(entry["paid_to"], "Stripe - FB");
    assert!(room.issues().is_empty(), "nothing odd about it");
    assert_eq!(room.told.all()[0].1.data()["invoice"], Value::Null);
}

#[tokio::test]
async fn a_site_without_the_unique_field_books_nothing_until_it_has_it() {
    let room = Room::of(site(Dialect::V16, false).await, &[]).await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    for event in payment("pi_1", &invoice, &zoe, 8_000).events() {
        room.deliver(&event).await;
    }
    let seen = async {
        loop {
            let items = room
                .journal
                .items(effect_journal::Items::new())
                .await
                .unwrap();
            if let Some(error) = items.into_iter().find_map(|item| item.error) {
                return error;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    let error = tokio::time::timeout(limit, seen).await.unwrap();
    assert!(error.contains("fsm erp bootstrap"), "{error}");
    assert!(room.entries().is_empty());
    bootstrap(&room.fake).await;
    assert_eq!(room.settled().await.dead, 0);
    assert_eq!(room.entry()["custom_psp_reference"], "pi_1");
}

#[tokio::test]
async fn a_site_without_the_way_of_paying_takes_the_money_all_the_same() {
    let room = Room::new().await;
    room.fake
        .touch("Mode of Payment", "Stripe", json!({"enabled": 0}));
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    for event in payment("pi_1", &invoice, &zoe, 9_000).events() {
        room.deliver(&event).await;
    }
    let [_, account] = payment("pi_2", "", &zoe, 1_000).events();
    room.deliver(&account).await;
    assert_eq!(room.settled().await.dead, 0, "{:?}", room.dead().await);
    assert_eq!(room.due(&invoice), 0);
    for entry in room.entries() {
        assert_eq!(entry["mode_of_payment"], Value::Null);
    }
}

#[tokio::test]
async fn a_draft_that_was_left_behind_is_submitted_not_doubled() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    room.fake.insert(
        "Payment Entry",
        json!({
            "payment_type": "Receive", "party_type": "Customer", "party": zoe, "paid_amount": 80,
            "reference_no": "pi_1", "reference_date": "2026-11-22", "custom_psp_reference": "pi_1",
            "references": [{"reference_doctype": "Sales Invoice", "reference_name": invoice, "allocated_amount": 80}],
        }),
    );
    assert_eq!(room.entry()["docstatus"], 0);
    for event in payment("pi_1", &invoice, &zoe, 8_000).events() {
        room.deliver(&event).await;
    }
    room.settled().await;
    assert_eq!(room.entry()["docstatus"], 1);
    assert_eq!(room.due(&invoice), 0);
}

#[tokio::test]
async fn what_a_person_cancelled_stays_cancelled() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let [completed, succeeded] = payment("pi_1", &invoice, &zoe, 8_000).events();
    room.deliver(&completed).await;
    room.settled().await;
    let name = room.entry()["name"].as_str().unwrap().to_owned();
    room.fake
        .touch("Payment Entry", &name, json!({"docstatus": 2}));
    room.deliver(&succeeded).await;
    room.settled().await;
    assert_eq!(room.entry()["docstatus"], 2);
}

#[tokio::test]
async fn what_erpnext_refuses_becomes_a_dead_letter_and_an_issue_and_can_be_replayed() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    // The invoice is somebody's whom ERPNext does not know.
    room.fake.set(
        "Sales Invoice",
        &invoice,
        json!({"customer": "Quelqu’un d’autre"}),
    );
    let [completed, _] = payment("pi_1", &invoice, &zoe, 8_000).events();
    room.deliver(&completed).await;
    let stats = room.settled().await;
    assert_eq!((stats.dead, stats.done), (1, 0), "{:?}", room.dead().await);
    let issues = room.issues();
    assert_eq!(issues.len(), 1, "{issues:#?}");
    assert!(issues[0]["subject"].as_str().unwrap().contains("pi_1"));
    assert!(room.entries().is_empty());

    room.fake
        .set("Sales Invoice", &invoice, json!({"customer": zoe}));
    let items = effect_journal::Items::new().state(effect_journal::ItemState::Dead);
    let dead = room.journal.items(items).await.unwrap();
    room.journal.replay(dead[0].seq).await.unwrap();
    assert_eq!(room.settled().await.done, 1);
    assert_eq!(room.due(&invoice), 0);
    assert_eq!(counted(&room.hub, "fsm_payments_booked_total").len(), 1);
}

#[tokio::test]
async fn what_names_no_invoice_of_ours_is_the_money_of_whose_card_it_was() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    room.fake
        .touch("Customer", &zoe, json!({"custom_stripe_customer": "cus_1"}));
    let [completed, _] = payment("pi_1", "order-77", "", 5_000).events();
    room.deliver(&completed).await;
    room.settled().await;
    assert_eq!(room.entry()["party"], json!(zoe));
    assert_eq!(cents(&room.entry()["unallocated_amount"]), 5_000);
    assert_eq!(room.issues().len(), 1, "a person is told of it");
}

#[tokio::test]
async fn a_draft_of_an_invoice_that_was_paid_meanwhile_takes_nothing_of_it() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    room.fake.insert(
        "Payment Entry",
        json!({
            "payment_type": "Receive", "party_type": "Customer", "party": zoe, "paid_amount": 80,
            "reference_no": "pi_1", "reference_date": "2026-11-22", "custom_psp_reference": "pi_1",
            "references": [{"reference_doctype": "Sales Invoice", "reference_name": invoice, "allocated_amount": 80}],
        }),
    );
    for intent in ["pi_2", "pi_1"] {
        let [completed, _] = payment(intent, &invoice, &zoe, 8_000).events();
        room.deliver(&completed).await;
        let stats = room.settled().await;
        assert_eq!(stats.dead, 0, "{:?}", room.dead().await);
    }
    let entries = room.entries();
    let allocated = entries
        .iter()
        .map(|entry| cents(&entry["total_allocated_amount"]));
    assert_eq!(allocated.sum::<i64>(), 8_000, "{entries:#?}");
    assert!(entries.iter().all(|entry| entry["docstatus"] == 1));
}

#[tokio::test]
async fn a_booking_that_arrives_during_the_next_attempt_is_not_taken_for_a_second_payment() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    let slow = Fault::Delay(std::time::Duration::from_millis(600));
    let slow = FaultRule::new(slow)
        .on(http::Method::GET)
        .under("/api/resource/Payment%20Entry");
    room.fake.faults().add(slow.times(1));
    let [completed, _] = payment("pi_1", &invoice, &zoe, 8_000).events();
    room.deliver(&completed).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    room.fake.insert(
        "Payment Entry",
        json!({
            "payment_type": "Receive", "party_type": "Customer", "party": zoe, "paid_amount": 80, "docstatus": 1,
            "reference_no": "pi_1", "reference_date": "2026-11-22", "custom_psp_reference": "pi_1",
            "references": [{"reference_doctype": "Sales Invoice", "reference_name": invoice, "allocated_amount": 80}],
        }),
    );
    assert_eq!(room.settled().await.dead, 0, "{:?}", room.dead().await);
    assert_eq!(room.due(&invoice), 0);
    assert!(room.issues().is_empty(), "{:#?}", room.issues());
}
