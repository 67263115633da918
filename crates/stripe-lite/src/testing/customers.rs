//! Customers and their payment methods.

use serde_json::{Value, json};

use super::args::Args;
use super::card::{Outcome, TestCard};
use super::failure::Failure;
use super::state::{CUSTOMER, METHOD, State, text};

const CUSTOMER_FIELDS: &[&str] = &[
    "address",
    "balance",
    "description",
    "email",
    "invoice_settings",
    "metadata",
    "name",
    "payment_method",
    "phone",
    "preferred_locales",
    "shipping",
    "source",
    "tax",
    "tax_exempt",
    "test_clock",
];

const TEXTS: [&str; 4] = ["description", "email", "name", "phone"];

pub(super) fn create(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(CUSTOMER_FIELDS)?;
    check_email(args)?;
    let metadata = args.metadata("metadata", None)?;
    let customer = json!({
        "id": state.id("cus"),
        "object": CUSTOMER,
        "address": null,
        "balance": 0,
        "created": state.now(),
        "currency": null,
        "default_source": null,
        "delinquent": false,
        "description": args.text("description"),
        "email": args.text("email"),
        "invoice_prefix": state.random.letters(8).to_uppercase(),
        "invoice_settings": {"custom_fields": null, "default_payment_method": null, "footer": null, "rendering_options": null},
        "livemode": state.livemode,
        "metadata": metadata,
        "name": args.text("name"),
        "phone": args.text("phone"),
        "preferred_locales": args.texts("preferred_locales"),
        "shipping": null,
        "tax_exempt": "none",
    });
    let id = text(&customer, "id").to_owned();
    state.put(customer.clone());
    state.emit("customer.created", &customer);
    if let Some(method) = args.text("payment_method") {
        attach(state, method, &id, true)?;
    }
    set_default_method(state, &id, args)?;
    Ok(state.get(&id).cloned().unwrap_or_default())
}

/// A customer made in passing, by a page.
pub(super) fn create_silently(
    state: &mut State,
    email: &str,
    name: &str,
) -> Result<String, Failure> {
    let mut form = crate::Params::new();
    form.insert("email", email);
    form.insert("name", name);
    let customer = create(state, &Args::decode(form.encode().as_bytes()))?;
    Ok(text(&customer, "id").to_owned())
}

fn check_email(args: &Args) -> Result<(), Failure> {
    match args.text("email") {
        Some(email) if !email.contains('@') || email.len() > 512 => Err(Failure::param(
            "email",
            format!("Invalid email address: {email}"),
        )
        .code("email_invalid")),
        _ => Ok(()),
    }
}

fn set_default_method(state: &mut State, id: &str, args: &Args) -> Result<(), Failure> {
    let path = "invoice_settings/default_payment_method";
    if !args.has(path) {
        return Ok(());
    }
    let method = match args.text(path) {
        None => Value::Null,
        Some(method) => {
            let param = "invoice_settings[default_payment_method]";
            let found = state.find(METHOD, method, Some(param))?;
            if text(found, "customer") != id {
                let message = "The customer does not have a payment method with the ID \
                     provided. The payment method must be attached to the customer.";
                return Err(Failure::param(param, message).code("resource_missing"));
            }
            json!(method)
        }
    };
    let mut settings = state
        .get(id)
        .map_or(Value::Null, |c| c["invoice_settings"].clone());
    settings["default_payment_method"] = method;
    state.change(id, json!({ "invoice_settings": settings }));
    Ok(())
}

pub(super) fn update(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let before = state.find(CUSTOMER, id, None)?.clone();
    args.only(CUSTOMER_FIELDS)?;
    check_email(args)?;
    let mut fields = json!({ "metadata": args.metadata("metadata", before.get("metadata"))? });
    for name in TEXTS {
        if args.has(name) {
            fields[name] = json!(args.text(name));
        }
    }
    if args.has("preferred_locales") {
        fields["preferred_locales"] = json!(args.texts("preferred_locales"));
    }
    set_default_method(state, id, args)?;
    let after = state.change(id, fields);
    announce_change(state, &before, &after);
    Ok(after)
}

fn announce_change(state: &mut State, before: &Value, after: &Value) {
    let previous: serde_json::Map<String, Value> = before
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| after.get(name.as_str()) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    if !previous.is_empty() {
        state.emit_change("customer.updated", after, Some(Value::Object(previous)));
    }
}

pub(super) fn delete(state: &mut State, id: &str) -> Result<Value, Failure> {
    let customer = state.find(CUSTOMER, id, None)?.clone();
    let cards: Vec<String> = methods_of(state, id);
    for card in cards {
        state.change(&card, json!({ "customer": null }));
    }
    state.remove(id);
    state.emit("customer.deleted", &customer);
    Ok(json!({ "id": id, "object": CUSTOMER, "deleted": true }))
}

/// Ids of the saved methods of a customer, newest first.
pub(super) fn methods_of(state: &State, customer: &str) -> Vec<String> {
    state
        .newest(METHOD)
        .filter(|method| text(method, "customer") == customer)
        .map(|method| text(method, "id").to_owned())
        .collect()
}

/// A new payment method of a card.
pub(super) fn make_method(state: &mut State, card: TestCard) -> String {
    let id = state.id("pm");
    let mut method = json!({
        "id": id,
        "object": METHOD,
        "allow_redisplay": "unspecified",
        "billing_details": {"address": null, "email": null, "name": null, "phone": null},
        "created": state.now(),
        "customer": null,
        "livemode": state.livemode,
        "metadata": {},
        "type": card.kind(),
    });
    method[card.kind()] = card.details();
    state.put(method);
    state.set_card(&id, card);
    id
}

/// The method that a text names: an id, or the token of a test card, of which one is made.
pub(super) fn method_of(state: &mut State, id: &str, param: &str) -> Result<String, Failure> {
    if let Some(card) = TestCard::from_token(id) {
        return Ok(make_method(state, card));
    }
    state.find(METHOD, id, Some(param))?;
    Ok(id.to_owned())
}

pub(super) fn create_method(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(&[
        "type",
        "card",
        "billing_details",
        "metadata",
        "allow_redisplay",
        "acss_debit",
        "klarna",
    ])?;
    let card = match args.required("type")? {
        "card" => match (args.text("card/token"), args.text("card/number")) {
            (Some(token), _) => TestCard::from_token(&token.replacen("tok_", "pm_card_", 1)),
            (None, Some(number)) => TestCard::ALL.into_iter().find(|card| {
                card.kind() == "card" && number.replace(' ', "").ends_with(card.last4())
            }),
            (None, None) => return Err(Failure::missing("card[token]")),
        }
        .ok_or_else(|| Failure::param("card[token]", "No such token"))?,
        "acss_debit" => TestCard::BankDebit,
        "klarna" => TestCard::Klarna,
        other => return Err(Failure::param("type", format!("Invalid type: {other}"))),
    };
    let metadata = args.metadata("metadata", None)?;
    let id = make_method(state, card);
    Ok(state.change(&id, json!({ "metadata": metadata })))
}

/// Saves a method. `asked`: somebody called for it, so the bank is asked.
pub(super) fn attach(
    state: &mut State,
    method: &str,
    customer: &str,
    asked: bool,
) -> Result<Value, Failure> {
    state.find(CUSTOMER, customer, Some("customer"))?;
    let id = method_of(state, method, "payment_method")?;
    let owner = state.get(&id).map(|m| text(m, "customer").to_owned());
    match owner.as_deref() {
        Some(owner) if owner == customer => return Ok(state.get(&id).cloned().unwrap_or_default()),
        Some(owner) if !owner.is_empty() => {
            let message =
                "The payment method you provided has already been attached to a customer.";
            return Err(Failure::invalid(message).code("payment_method_unexpected_state"));
        }
        _ => {}
    }
    if asked
        && let Some(card) = state.card(&id)
        && let Outcome::Declined(decline) = card.on_save()
    {
        return Err(decline.failure());
    }
    let method = state.change(&id, json!({ "customer": customer }));
    state.emit("payment_method.attached", &method);
    Ok(method)
}

pub(super) fn detach(state: &mut State, id: &str) -> Result<Value, Failure> {
    let before = state.find(METHOD, id, None)?.clone();
    let owner = text(&before, "customer").to_owned();
    if owner.is_empty() {
        let message = "The payment method you provided is not attached to a customer so \
             detachment is impossible.";
        return Err(Failure::invalid(message).code("payment_method_unexpected_state"));
    }
    let method = state.change(id, json!({ "customer": null }));
    let previous = json!({ "customer": owner });
    state.emit_change("payment_method.detached", &method, Some(previous));
    // The card that is charged by default is gone.
    let customer = state.get(&owner).cloned().unwrap_or_default();
    if customer["invoice_settings"]["default_payment_method"] == id {
        let mut settings = customer["invoice_settings"].clone();
        settings["default_payment_method"] = Value::Null;
        let after = state.change(&owner, json!({ "invoice_settings": settings }));
        announce_change(state, &customer, &after);
    }
    Ok(method)
}

/// Makes a saved method the one that is charged by default.
pub(super) fn prefer(state: &mut State, customer: &str, method: &str) {
    let before = state.get(customer).cloned().unwrap_or_default();
    let mut settings = before["invoice_settings"].clone();
    settings["default_payment_method"] = json!(method);
    let after = state.change(customer, json!({ "invoice_settings": settings }));
    announce_change(state, &before, &after);
}
