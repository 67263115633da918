//! An ERPNext that fails in every way there is: each payment is booked once all the same.

use std::time::Duration;

use http::{Method, StatusCode};
use integration_core::testing::{Fault, FaultRule};
use serde_json::json;

use super::room::{Room, payment};

/// A payment through a site with these faults.
async fn through(break_it: impl FnOnce(&Room)) {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    let invoice = room.invoice(&zoe, 8_000);
    break_it(&room);
    for event in payment("pi_1", &invoice, &zoe, 8_000).events() {
        room.deliver(&event).await;
    }
    let stats = room.settled().await;
    assert_eq!(
        (stats.dead, stats.unsettled),
        (0, 0),
        "{:?}",
        room.dead().await
    );
    assert_eq!(room.entry()["docstatus"], 1);
    assert_eq!(room.due(&invoice), 0);
    assert_eq!(room.told.keys(), ["trigger:payment:pi_1"]);
    assert!(room.issues().is_empty());
}

fn rule(fault: Fault) -> FaultRule {
    FaultRule::new(fault).times(3)
}

fn of_writes(fault: Fault) -> FaultRule {
    FaultRule::new(fault).on(Method::POST).times(2)
}

#[tokio::test]
async fn errors_of_the_site() {
    let body = json!({"exc_type": "OperationalError"}).to_string();
    through(|room| {
        room.fake
            .faults()
            .add(rule(Fault::Status(StatusCode::INTERNAL_SERVER_ERROR, body)));
    })
    .await;
    through(|room| {
        room.fake.faults().add(rule(Fault::Status(
            StatusCode::INTERNAL_SERVER_ERROR,
            String::new(),
        )));
    })
    .await;
}

#[tokio::test]
async fn pages_of_a_proxy() {
    through(|room| room.fake.html_error(502, 3)).await;
    let page = || Fault::Status(StatusCode::GATEWAY_TIMEOUT, "<html>".to_owned());
    through(|room| room.fake.faults().add(of_writes(page()))).await;
}

#[tokio::test]
async fn connections_that_break() {
    through(|room| room.fake.faults().add(rule(Fault::Reset))).await;
    through(|room| room.fake.faults().add(rule(Fault::Close))).await;
    through(|room| room.fake.faults().add(of_writes(Fault::Truncate(10)))).await;
}

#[tokio::test]
async fn answers_that_are_lost_after_the_booking() {
    through(|room| room.fake.faults().add(of_writes(Fault::ResetAfterCommit))).await;
}

#[tokio::test]
async fn answers_that_never_come() {
    through(|room| room.fake.faults().add(FaultRule::new(Fault::Hang).times(1))).await;
    through(|room| {
        room.fake
            .faults()
            .add(of_writes(Fault::HangAfterCommit).times(1));
    })
    .await;
}

#[tokio::test]
async fn what_contention_answers() {
    through(|room| room.fake.deadlock(3)).await;
    for exception in [
        "TimestampMismatchError",
        "QueryTimeoutError",
        "DocumentLockedError",
    ] {
        let body = json!({"exc_type": exception}).to_string();
        let refusal = Fault::Status(StatusCode::EXPECTATION_FAILED, body);
        through(|room| room.fake.faults().add(of_writes(refusal))).await;
    }
}

#[tokio::test]
async fn a_site_that_hangs_for_one_holds_up_no_other() {
    let room = Room::new().await;
    let zoe = room.customer("Zoé Gagnon");
    room.fake.faults().add(FaultRule::new(Fault::Hang).times(4));
    let mut invoices = Vec::new();
    for number in 0..40 {
        let invoice = room.invoice(&zoe, 8_000);
        let [completed, _] = payment(&format!("pi_{number}"), &invoice, &zoe, 8_000).events();
        room.deliver(&completed).await;
        invoices.push(invoice);
    }
    // Those that met no fault are booked long before a hanging call is given up.
    let booked = async {
        while invoices
            .iter()
            .filter(|invoice| room.due(invoice) == 0)
            .count()
            < 30
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
            room.time.forward(Duration::from_millis(50));
        }
    };
    tokio::time::timeout(Duration::from_secs(4), booked)
        .await
        .unwrap();
    let stats = room.settled().await;
    assert_eq!(stats.dead, 0);
    assert_eq!(room.entries().len(), 40);
}
