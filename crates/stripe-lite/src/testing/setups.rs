//! `SetupIntent`s: cards saved for later.

use serde_json::{Value, json};

use super::args::Args;
use super::card::{Decline, Outcome, TestCard};
use super::customers;
use super::failure::Failure;
use super::state::{CUSTOMER, SETUP, State, text};

const FIELDS: &[&str] = &[
    "attach_to_self",
    "automatic_payment_methods",
    "confirm",
    "customer",
    "description",
    "mandate_data",
    "metadata",
    "on_behalf_of",
    "payment_method",
    "payment_method_options",
    "payment_method_types",
    "return_url",
    "single_use",
    "usage",
    "use_stripe_sdk",
];

pub(super) fn make(
    state: &mut State,
    customer: Option<&str>,
    metadata: Value,
    types: Vec<String>,
    usage: &str,
) -> String {
    let id = state.id("seti");
    let secret = state.random.letters(25);
    let setup = json!({
        "id": id,
        "object": SETUP,
        "cancellation_reason": null,
        "client_secret": format!("{id}_secret_{secret}"),
        "created": state.now(),
        "customer": customer,
        "description": null,
        "last_setup_error": null,
        "latest_attempt": null,
        "livemode": state.livemode,
        "mandate": null,
        "metadata": if metadata.is_object() { metadata } else { json!({}) },
        "next_action": null,
        "payment_method": null,
        "payment_method_types": if types.is_empty() { vec!["card".to_owned()] } else { types },
        "status": "requires_payment_method",
        "usage": usage,
    });
    state.put(setup.clone());
    state.emit("setup_intent.created", &setup);
    id
}

pub(super) fn create(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(FIELDS)?;
    let customer = args.text("customer");
    if let Some(id) = customer {
        state.find(CUSTOMER, id, Some("customer"))?;
    }
    let usage = args.word("usage", &["off_session", "on_session"])?;
    let metadata = args.metadata("metadata", None)?;
    let confirm = args.bool("confirm")?;
    let method = match args.text("payment_method") {
        Some(method) => Some(customers::method_of(state, method, "payment_method")?),
        None if confirm => {
            let message = "You cannot confirm this SetupIntent because it's missing a payment \
                 method.";
            return Err(Failure::invalid(message).code("setup_intent_unexpected_state"));
        }
        None => None,
    };
    let types = args.texts("payment_method_types");
    let id = make(
        state,
        customer,
        metadata,
        types,
        usage.unwrap_or("off_session"),
    );
    if let Some(method) = method {
        let fields = json!({ "payment_method": method, "status": "requires_confirmation" });
        state.change(&id, fields);
    }
    if confirm {
        save(state, &id)?;
    }
    Ok(state.get(&id).cloned().unwrap_or_default())
}

pub(super) fn confirm(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let setup = state.find(SETUP, id, None)?.clone();
    args.only(FIELDS)?;
    expect_open(&setup, "confirm")?;
    if let Some(method) = args.text("payment_method") {
        let method = customers::method_of(state, method, "payment_method")?;
        state.change(id, json!({ "payment_method": method }));
    }
    save(state, id)?;
    Ok(state.get(id).cloned().unwrap_or_default())
}

pub(super) fn cancel(state: &mut State, id: &str) -> Result<Value, Failure> {
    let setup = state.find(SETUP, id, None)?.clone();
    expect_open(&setup, "cancel")?;
    let setup = state.change(id, json!({ "status": "canceled" }));
    state.emit("setup_intent.canceled", &setup);
    Ok(setup)
}

fn expect_open(setup: &Value, verb: &str) -> Result<(), Failure> {
    match text(setup, "status") {
        "requires_payment_method" | "requires_confirmation" | "requires_action" => Ok(()),
        status => {
            let message =
                format!("You cannot {verb} this SetupIntent because it has a status of {status}.");
            Err(Failure::invalid(message)
                .code("setup_intent_unexpected_state")
                .with("setup_intent", setup.clone()))
        }
    }
}

/// Saves the card of a `SetupIntent`, and announces what became of it.
pub(super) fn save(state: &mut State, id: &str) -> Result<(), Failure> {
    let setup = state.get(id).cloned().unwrap_or_default();
    let method = text(&setup, "payment_method").to_owned();
    let card = state.card(&method).unwrap_or(TestCard::Visa);
    if card == TestCard::Klarna {
        let message = "Klarna cannot be saved.";
        return Err(Failure::param("payment_method", message));
    }
    if let Outcome::Declined(refusal) = card.on_save() {
        return Err(decline(state, id, refusal));
    }
    if let Some(customer) = setup["customer"].as_str() {
        customers::attach(state, &method, customer, false)?;
    }
    let fields = json!({ "status": "succeeded", "last_setup_error": null });
    let setup = state.change(id, fields);
    state.emit("setup_intent.succeeded", &setup);
    Ok(())
}

fn decline(state: &mut State, id: &str, refusal: Decline) -> Failure {
    let failure = refusal.failure();
    let fields = json!({
        "status": "requires_payment_method",
        "payment_method": null,
        "last_setup_error": failure.error,
    });
    let setup = state.change(id, fields);
    state.emit("setup_intent.setup_failed", &setup);
    failure.with("setup_intent", setup)
}
