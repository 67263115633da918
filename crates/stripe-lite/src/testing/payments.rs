//! `PaymentIntents` and the charges made for them.

use serde_json::{Value, json};

use super::args::Args;
use super::card::{AUTHENTICATION, Decline, Outcome, TestCard};
use super::customers;
use super::failure::Failure;
use super::state::{CHARGE, CUSTOMER, METHOD, PAYMENT, State, int, text};

const FIELDS: &[&str] = &[
    "amount",
    "amount_details",
    "automatic_payment_methods",
    "capture_method",
    "confirm",
    "confirmation_method",
    "currency",
    "customer",
    "description",
    "error_on_requires_action",
    "mandate",
    "mandate_data",
    "metadata",
    "off_session",
    "payment_method",
    "payment_method_options",
    "payment_method_types",
    "receipt_email",
    "return_url",
    "setup_future_usage",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "use_stripe_sdk",
];

/// Whether the customer is there while a card is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// On a page, where they can take part.
    Page,
    /// Behind a call of the merchant's own page.
    OnSession,
    /// Away.
    OffSession,
}

/// What a payment is made of.
#[derive(Debug, Default)]
pub(super) struct New {
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) customer: Option<String>,
    pub(super) method_types: Vec<String>,
    pub(super) metadata: Value,
    pub(super) description: Option<String>,
    pub(super) receipt_email: Option<String>,
    pub(super) setup_future_usage: Option<String>,
}

/// Makes a payment and announces it.
pub(super) fn make(state: &mut State, new: New) -> String {
    let id = state.id("pi");
    let secret = state.random.letters(25);
    let types = if new.method_types.is_empty() {
        vec!["card".to_owned()]
    } else {
        new.method_types
    };
    let payment = json!({
        "id": id,
        "object": PAYMENT,
        "amount": new.amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": null,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic_async",
        "client_secret": format!("{id}_secret_{secret}"),
        "confirmation_method": "automatic",
        "created": state.now(),
        "currency": new.currency,
        "customer": new.customer,
        "description": new.description,
        "last_payment_error": null,
        "latest_charge": null,
        "livemode": state.livemode,
        "metadata": if new.metadata.is_object() { new.metadata } else { json!({}) },
        "next_action": null,
        "payment_method": null,
        "payment_method_types": types,
        "processing": null,
        "receipt_email": new.receipt_email,
        "setup_future_usage": new.setup_future_usage,
        "status": "requires_payment_method",
    });
    state.put(payment.clone());
    state.emit("payment_intent.created", &payment);
    id
}

pub(super) fn amount(args: &Args, path: &str) -> Result<i64, Failure> {
    match args.int(path)? {
        None => Err(Failure::missing(path)),
        Some(amount) if amount < 1 => Err(Failure::param(
            path,
            "This value must be greater than or equal to 1.",
        )
        .code("parameter_invalid_integer")),
        Some(amount) if amount > 99_999_999 => Err(Failure::param(
            path,
            "Amount must be no more than $999,999.99 cad",
        )
        .code("amount_too_large")),
        Some(amount) => Ok(amount),
    }
}

pub(super) fn currency(args: &Args, path: &str) -> Result<String, Failure> {
    let given = args.required(path)?;
    let known = given.parse::<crate::Currency>().ok();
    known.map(|known| known.as_str().to_owned()).ok_or_else(|| {
        let message = format!("Invalid currency: {given}.");
        Failure::param(path, message)
    })
}

pub(super) fn create(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(FIELDS)?;
    let confirm = args.bool("confirm")?;
    let presence = presence(args)?;
    if presence == Presence::OffSession && !confirm {
        let message = "You can only set `off_session` when `confirm` is true.";
        return Err(Failure::param("off_session", message));
    }
    let customer = match args.text("customer") {
        Some(id) => {
            state.find(CUSTOMER, id, Some("customer"))?;
            Some(id.to_owned())
        }
        None => None,
    };
    let new = New {
        amount: amount(args, "amount")?,
        currency: currency(args, "currency")?,
        customer,
        method_types: args.texts("payment_method_types"),
        metadata: args.metadata("metadata", None)?,
        description: args.text("description").map(str::to_owned),
        receipt_email: args.text("receipt_email").map(str::to_owned),
        setup_future_usage: args
            .word("setup_future_usage", &["off_session", "on_session"])?
            .map(str::to_owned),
    };
    // Half a dollar is the least that can be charged.
    if new.amount < 50 && matches!(new.currency.as_str(), "cad" | "usd" | "eur") {
        let message = format!("Amount must be at least $0.50 {}", new.currency);
        return Err(Failure::param("amount", message).code("amount_too_small"));
    }
    let method = args.text("payment_method");
    if confirm && method.is_none() {
        return Err(no_method());
    }
    let method = match method {
        Some(method) => Some(usable_method(state, method, new.customer.as_deref())?),
        None => None,
    };
    let id = make(state, new);
    if let Some(method) = method {
        state.change(
            &id,
            json!({ "payment_method": method, "status": "requires_confirmation" }),
        );
    }
    if confirm {
        charge(state, &id, presence)?;
    }
    Ok(state.get(&id).cloned().unwrap_or_default())
}

fn presence(args: &Args) -> Result<Presence, Failure> {
    // `one_off` and `recurring` are words of older versions.
    let away = match args.text("off_session") {
        Some("one_off" | "recurring") => true,
        _ => args.bool("off_session")?,
    };
    Ok(if away {
        Presence::OffSession
    } else {
        Presence::OnSession
    })
}

fn no_method() -> Failure {
    let message = "You cannot confirm this PaymentIntent because it's missing a payment method. \
         To confirm the PaymentIntent, specify a payment method attached to this customer along \
         with the customer ID.";
    Failure::invalid(message).code("payment_intent_unexpected_state")
}

/// A method that this customer may pay with.
fn usable_method(
    state: &mut State,
    method: &str,
    customer: Option<&str>,
) -> Result<String, Failure> {
    let id = customers::method_of(state, method, "payment_method")?;
    let owner = state.find(METHOD, &id, None)?;
    let owner = text(owner, "customer").to_owned();
    if owner.is_empty() || Some(owner.as_str()) == customer {
        return Ok(id);
    }
    let message = match customer {
        None => {
            "The provided PaymentMethod belongs to a Customer. To use it, include the \
                 Customer in the `customer` parameter."
        }
        Some(_) => "The provided PaymentMethod does not belong to the supplied Customer.",
    };
    Err(Failure::param("payment_method", message).code("payment_method_customer_mismatch"))
}

pub(super) fn confirm(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let payment = state.find(PAYMENT, id, None)?.clone();
    args.only(FIELDS)?;
    expect_status(
        &payment,
        &[
            "requires_payment_method",
            "requires_confirmation",
            "requires_action",
        ],
        "confirm",
    )?;
    let presence = presence(args)?;
    let customer = payment["customer"].as_str();
    if let Some(method) = args.text("payment_method") {
        let method = usable_method(state, method, customer)?;
        state.change(id, json!({ "payment_method": method }));
    } else if payment["payment_method"].is_null() {
        return Err(no_method());
    }
    charge(state, id, presence)?;
    Ok(state.get(id).cloned().unwrap_or_default())
}

pub(super) fn update(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let payment = state.find(PAYMENT, id, None)?.clone();
    args.only(FIELDS)?;
    let mut fields = json!({ "metadata": args.metadata("metadata", payment.get("metadata"))? });
    for name in ["description", "receipt_email"] {
        if args.has(name) {
            fields[name] = json!(args.text(name));
        }
    }
    if args.has("amount") {
        let open = ["requires_payment_method", "requires_confirmation"];
        expect_status(&payment, &open, "update")?;
        fields["amount"] = json!(amount(args, "amount")?);
    }
    Ok(state.change(id, fields))
}

pub(super) fn cancel(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let payment = state.find(PAYMENT, id, None)?.clone();
    args.only(&["cancellation_reason"])?;
    let open = [
        "requires_payment_method",
        "requires_confirmation",
        "requires_action",
        "processing",
    ];
    expect_status(&payment, &open, "cancel")?;
    let fields = json!({
        "status": "canceled",
        "canceled_at": state.now(),
        "cancellation_reason": args.text("cancellation_reason"),
        "next_action": null,
    });
    let payment = state.change(id, fields);
    state.emit("payment_intent.canceled", &payment);
    Ok(payment)
}

fn expect_status(payment: &Value, open: &[&str], verb: &str) -> Result<(), Failure> {
    let status = text(payment, "status");
    if open.contains(&status) {
        return Ok(());
    }
    let message = format!(
        "You cannot {verb} this PaymentIntent because it has a status of {status}. Only a \
         PaymentIntent with one of the following statuses may be used: {}.",
        open.join(", ")
    );
    Err(Failure::invalid(message)
        .code("payment_intent_unexpected_state")
        .with("payment_intent", payment.clone()))
}

/// Charges the card of a payment, and announces what became of it.
pub(super) fn charge(state: &mut State, id: &str, presence: Presence) -> Result<(), Failure> {
    let payment = state.get(id).cloned().unwrap_or_default();
    let method = text(&payment, "payment_method").to_owned();
    let card = state.card(&method).unwrap_or(TestCard::Visa);
    let outcome = match presence {
        Presence::Page => card.on_page(),
        Presence::OnSession | Presence::OffSession => card.on_charge(),
    };
    match outcome {
        Outcome::Paid => {
            if payment["setup_future_usage"].is_string()
                && let Some(customer) = payment["customer"].as_str()
                && card != TestCard::Klarna
            {
                customers::attach(state, &method, customer, false)?;
            }
            let charge = make_charge(state, &payment, "succeeded", None);
            state.change(id, json!({ "latest_charge": charge["id"] }));
            succeed(state, id, &charge);
            Ok(())
        }
        Outcome::Processing => {
            let charge = make_charge(state, &payment, "pending", None);
            let fields = json!({
                "latest_charge": charge["id"],
                "status": "processing",
                "last_payment_error": null,
            });
            let payment = state.change(id, fields);
            state.emit("charge.pending", &charge);
            state.emit("payment_intent.processing", &payment);
            Ok(())
        }
        Outcome::Authenticate if presence != Presence::OffSession => {
            let fields = json!({
                "status": "requires_action",
                "next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
            });
            let payment = state.change(id, fields);
            state.emit("payment_intent.requires_action", &payment);
            Ok(())
        }
        Outcome::Authenticate => Err(decline(state, id, AUTHENTICATION)),
        Outcome::Declined(refusal) => Err(decline(state, id, refusal)),
    }
}

/// The money of a payment is there.
fn succeed(state: &mut State, id: &str, charge: &Value) {
    let amount = int(charge, "amount");
    let fields = json!({
        "status": "succeeded",
        "amount_received": amount,
        "last_payment_error": null,
        "next_action": null,
    });
    let payment = state.change(id, fields);
    state.emit("charge.succeeded", charge);
    state.emit("payment_intent.succeeded", &payment);
}

/// The bank said no: noted, announced, and the refusal of the call.
fn decline(state: &mut State, id: &str, refusal: Decline) -> Failure {
    let payment = state.get(id).cloned().unwrap_or_default();
    let method = payment["payment_method"].as_str().unwrap_or_default();
    let method = state.get(method).cloned().unwrap_or_default();
    let charge = make_charge(state, &payment, "failed", Some(refusal));
    let failure = refusal
        .failure()
        .with("charge", charge["id"].clone())
        .with("payment_method", method);
    let fields = json!({
        "status": "requires_payment_method",
        "payment_method": null,
        "latest_charge": charge["id"],
        "last_payment_error": failure.error,
        "next_action": null,
    });
    let payment = state.change(id, fields);
    state.emit("charge.failed", &charge);
    state.emit("payment_intent.payment_failed", &payment);
    failure.with("payment_intent", payment)
}

fn make_charge(
    state: &mut State,
    payment: &Value,
    status: &str,
    refusal: Option<Decline>,
) -> Value {
    let id = state.id("ch");
    let method = text(payment, "payment_method");
    let card = state.card(method).unwrap_or(TestCard::Visa);
    let mut details = json!({ "type": card.kind() });
    details[card.kind()] = card.details();
    let receipt = format!("{}/receipts/{id}", state.url);
    let charge = json!({
        "id": id,
        "object": CHARGE,
        "amount": payment["amount"],
        "amount_captured": if status == "succeeded" { payment["amount"].clone() } else { json!(0) },
        "amount_refunded": 0,
        "balance_transaction": null,
        "billing_details": {"address": null, "email": null, "name": null, "phone": null},
        "captured": status == "succeeded",
        "created": state.now(),
        "currency": payment["currency"],
        "customer": payment["customer"],
        "description": payment["description"],
        "disputed": false,
        "failure_code": refusal.map(|refusal| refusal.code),
        "failure_message": refusal.map(|refusal| refusal.message),
        "livemode": state.livemode,
        "metadata": payment["metadata"],
        "outcome": {
            "network_status": if refusal.is_some() { "declined_by_network" } else { "approved_by_network" },
            "reason": refusal.and_then(|refusal| refusal.decline_code),
            "type": if refusal.is_some() { "issuer_declined" } else { "authorized" },
        },
        "paid": status == "succeeded",
        "payment_intent": payment["id"],
        "payment_method": method,
        "payment_method_details": details,
        "receipt_email": payment["receipt_email"],
        "receipt_url": receipt,
        "refunded": false,
        "status": status,
    });
    state.put(charge.clone());
    charge
}

/// A slow payment comes to its end.
pub(super) fn settle(state: &mut State, id: &str, succeeded: bool) -> bool {
    let payment = state.get(id).cloned().unwrap_or_default();
    if text(&payment, "status") != "processing" {
        return false;
    }
    let charge = text(&payment, "latest_charge").to_owned();
    if succeeded {
        let fields = json!({
            "status": "succeeded",
            "paid": true,
            "captured": true,
            "amount_captured": payment["amount"],
        });
        let charge = state.change(&charge, fields);
        succeed(state, id, &charge);
        return true;
    }
    let refusal = Decline {
        code: "payment_intent_payment_attempt_failed",
        decline_code: Some("insufficient_funds"),
        advice_code: None,
        message: "The payment failed: the account has insufficient funds.",
    };
    let fields = json!({
        "status": "failed",
        "failure_code": refusal.code,
        "failure_message": refusal.message,
    });
    let charge = state.change(&charge, fields);
    let fields = json!({
        "status": "requires_payment_method",
        "payment_method": null,
        "last_payment_error": refusal.failure().error,
    });
    let payment = state.change(id, fields);
    state.emit("charge.failed", &charge);
    state.emit("payment_intent.payment_failed", &payment);
    true
}
