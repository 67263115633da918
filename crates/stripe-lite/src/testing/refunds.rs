//! Refunds and disputes: money that goes back.

use serde_json::{Value, json};

use super::args::Args;
use super::failure::Failure;
use super::payments;
use super::state::{CHARGE, DISPUTE, PAYMENT, REFUND, State, int, text};

const FIELDS: &[&str] = &[
    "amount",
    "charge",
    "instructions_email",
    "metadata",
    "payment_intent",
    "reason",
    "refund_application_fee",
    "reverse_transfer",
];

pub(super) fn create(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(FIELDS)?;
    let charge = match (args.text("charge"), args.text("payment_intent")) {
        (Some(_), Some(_)) => {
            let message = "You may only specify one of these parameters: charge, payment_intent.";
            return Err(Failure::invalid(message));
        }
        (Some(id), None) => state.find(CHARGE, id, Some("charge"))?.clone(),
        (None, Some(id)) => {
            let payment = state.find(PAYMENT, id, Some("payment_intent"))?;
            let latest = text(payment, "latest_charge");
            state.get(latest).cloned().ok_or_else(|| {
                let message = format!(
                    "This PaymentIntent ({id}) does not have a successful charge to refund."
                );
                Failure::param("payment_intent", message)
            })?
        }
        (None, None) => return Err(Failure::missing("payment_intent")),
    };
    if text(&charge, "status") != "succeeded" {
        let message = format!(
            "This PaymentIntent ({}) does not have a successful charge to refund.",
            text(&charge, "payment_intent")
        );
        return Err(Failure::invalid(message));
    }
    let reason = args.word(
        "reason",
        &["duplicate", "fraudulent", "requested_by_customer"],
    )?;
    let left = int(&charge, "amount") - int(&charge, "amount_refunded");
    if left == 0 {
        let message = format!("Charge {} has already been refunded.", text(&charge, "id"));
        return Err(Failure::invalid(message).code("charge_already_refunded"));
    }
    if charge["disputed"] == true {
        let message = format!(
            "Charge {} has been charged back; cannot issue a refund.",
            text(&charge, "id")
        );
        return Err(Failure::invalid(message).code("charge_disputed"));
    }
    let amount = match args.int("amount")? {
        None => left,
        Some(_) => payments::amount(args, "amount")?,
    };
    if amount > left {
        let currency = text(&charge, "currency")
            .parse()
            .unwrap_or(crate::Currency::CAD);
        let money = |minor| crate::Amount::new(minor, currency).to_decimal();
        let message = format!(
            "Refund amount (${}) is greater than unrefunded amount on charge (${})",
            money(amount),
            money(left)
        );
        return Err(Failure::param("amount", message));
    }
    let metadata = args.metadata("metadata", None)?;
    let refund = json!({
        "id": state.id("re"),
        "object": REFUND,
        "amount": amount,
        "balance_transaction": null,
        "charge": charge["id"],
        "created": state.now(),
        "currency": charge["currency"],
        "destination_details": {"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": null,
        "status": "succeeded",
    });
    state.put(refund.clone());
    let charge = add_refunded(state, text(&charge, "id"), amount);
    state.emit("refund.created", &refund);
    state.emit("charge.refunded", &charge);
    Ok(refund)
}

/// Changes what has gone back of a charge.
fn add_refunded(state: &mut State, charge: &str, amount: i64) -> Value {
    let before = state.get(charge).cloned().unwrap_or_default();
    let refunded = int(&before, "amount_refunded").saturating_add(amount);
    let fields = json!({
        "amount_refunded": refunded,
        "refunded": refunded == int(&before, "amount"),
    });
    state.change(charge, fields)
}

pub(super) fn update(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let refund = state.find(REFUND, id, None)?.clone();
    args.only(&["metadata"])?;
    let metadata = args.metadata("metadata", refund.get("metadata"))?;
    let refund = state.change(id, json!({ "metadata": metadata }));
    state.emit("refund.updated", &refund);
    Ok(refund)
}

pub(super) fn cancel(state: &mut State, id: &str) -> Result<Value, Failure> {
    let refund = state.find(REFUND, id, None)?.clone();
    if text(&refund, "status") != "requires_action" {
        let message = "This refund cannot be canceled.";
        return Err(Failure::invalid(message));
    }
    Ok(end(state, id, "canceled", None))
}

/// A refund comes to a bad end: the money is ours again.
fn end(state: &mut State, id: &str, status: &str, reason: Option<&str>) -> Value {
    let before = state.get(id).cloned().unwrap_or_default();
    let fields = json!({
        "status": status,
        "failure_reason": reason,
    });
    let refund = state.change(id, fields);
    add_refunded(state, text(&before, "charge"), -int(&before, "amount"));
    state.emit("refund.updated", &refund);
    refund
}

/// The bank sends a refund back, days later.
pub(super) fn fail(state: &mut State, id: &str, reason: &str) -> bool {
    let Ok(refund) = state.find(REFUND, id, None) else {
        return false;
    };
    if !matches!(text(refund, "status"), "succeeded" | "pending") {
        return false;
    }
    let refund = end(state, id, "failed", Some(reason));
    state.emit("refund.failed", &refund);
    true
}

/// The owner of a card says that they did not pay.
pub(super) fn dispute(state: &mut State, payment: &str, reason: &str) -> Option<String> {
    let payment = state.get(payment)?.clone();
    let charge = state.get(text(&payment, "latest_charge"))?.clone();
    if charge["paid"] != true || charge["disputed"] == true {
        return None;
    }
    let id = state.id("du");
    let dispute = json!({
        "id": id,
        "object": DISPUTE,
        "amount": charge["amount"],
        "charge": charge["id"],
        "created": state.now(),
        "currency": charge["currency"],
        "is_charge_refundable": false,
        "livemode": state.livemode,
        "metadata": {},
        "payment_intent": payment["id"],
        "reason": reason,
        "status": "needs_response",
    });
    state.put(dispute.clone());
    state.change(text(&charge, "id"), json!({ "disputed": true }));
    state.emit("charge.dispute.created", &dispute);
    state.emit("charge.dispute.funds_withdrawn", &dispute);
    Some(id)
}

/// A dispute is decided.
pub(super) fn close_dispute(state: &mut State, id: &str, won: bool) -> bool {
    let open = state
        .find(DISPUTE, id, None)
        .is_ok_and(|dispute| text(dispute, "status") == "needs_response");
    if open {
        let status = if won { "won" } else { "lost" };
        let dispute = state.change(id, json!({ "status": status }));
        if won {
            state.emit("charge.dispute.funds_reinstated", &dispute);
        }
        state.emit("charge.dispute.closed", &dispute);
    }
    open
}
