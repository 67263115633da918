//! Checkout and portal sessions.

use serde_json::{Value, json};

use super::args::Args;
use super::card::TestCard;
use super::customers;
use super::failure::Failure;
use super::payments::{self, New, Presence};
use super::setups;
use super::state::{CUSTOMER, INVOICE, PORTAL, PRICE, SESSION, SUBSCRIPTION, State, int, text};

const FIELDS: &[&str] = &[
    "adaptive_pricing",
    "after_expiration",
    "allow_promotion_codes",
    "automatic_tax",
    "billing_address_collection",
    "branding_settings",
    "cancel_url",
    "client_reference_id",
    "consent_collection",
    "currency",
    "custom_fields",
    "custom_text",
    "customer",
    "customer_creation",
    "customer_email",
    "customer_update",
    "discounts",
    "expires_at",
    "invoice_creation",
    "line_items",
    "locale",
    "metadata",
    "mode",
    "payment_intent_data",
    "payment_method_collection",
    "payment_method_configuration",
    "payment_method_data",
    "payment_method_options",
    "payment_method_types",
    "permissions",
    "phone_number_collection",
    "redirect_on_completion",
    "return_url",
    "saved_payment_method_options",
    "setup_intent_data",
    "shipping_address_collection",
    "shipping_options",
    "submit_type",
    "subscription_data",
    "success_url",
    "tax_id_collection",
    "ui_mode",
    "wallet_options",
];

const HALF_AN_HOUR: i64 = 30 * 60;
const A_DAY: i64 = 24 * 60 * 60;

pub(super) fn create(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(FIELDS)?;
    let mode = args
        .word("mode", &["payment", "setup", "subscription"])?
        .ok_or_else(|| Failure::missing("mode"))?;
    let customer = args.text("customer");
    if let Some(id) = customer {
        state.find(CUSTOMER, id, Some("customer"))?;
        if args.has("customer_email") {
            let message = "You may only specify one of these parameters: customer, customer_email.";
            return Err(Failure::param("customer_email", message));
        }
    }
    let hosted = args
        .text("ui_mode")
        .is_none_or(|ui| ui.starts_with("hosted"));
    if hosted {
        check_url(args.required("success_url")?, "success_url")?;
    }
    if let Some(url) = args.text("cancel_url") {
        check_url(url, "cancel_url")?;
    }
    if let Some(reference) = args.text("client_reference_id")
        && reference.chars().count() > 200
    {
        let message = "Invalid string: must be at most 200 characters";
        return Err(
            Failure::param("client_reference_id", message).code("parameter_invalid_string_length")
        );
    }
    let metadata = args.metadata("metadata", None)?;
    for data in [
        "payment_intent_data",
        "setup_intent_data",
        "subscription_data",
    ] {
        let allowed = data.strip_suffix("_data")
            == Some(match mode {
                "payment" => "payment_intent",
                "setup" => "setup_intent",
                _ => "subscription",
            });
        if args.has(data) && !allowed {
            let message = format!("You can not pass `{data}` in `{mode}` mode.");
            return Err(Failure::param(data, message));
        }
        args.metadata(&format!("{data}/metadata"), None)?;
    }
    let now = state.now();
    let expires_at = args.int("expires_at")?.unwrap_or(now + A_DAY);
    // A minute of grace for the way.
    if !(now + HALF_AN_HOUR - 60..=now + A_DAY + 60).contains(&expires_at) {
        let message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from \
             Checkout Session creation.";
        return Err(Failure::param("expires_at", message));
    }
    let items = line_items(state, args)?;
    let (total, currency) = match mode {
        "setup" => {
            if !items.is_empty() {
                let message = "You can not pass `line_items` in `setup` mode.";
                return Err(Failure::param("line_items", message));
            }
            if args
                .texts("payment_method_types")
                .contains(&"klarna".to_owned())
            {
                let message = "The payment method type `klarna` cannot be used in `setup` mode.";
                return Err(Failure::param("payment_method_types", message));
            }
            if !args.has("payment_method_types") {
                args.required("currency")?;
            }
            (Value::Null, args.text("currency").map(str::to_lowercase))
        }
        _ => {
            let (total, currency) = total(&items)?;
            (json!(total), Some(currency))
        }
    };
    let id = format!("cs_{}_{}", state.mode(), state.random.letters(58));
    let url = hosted.then(|| format!("{}/c/pay/{id}", state.url));
    let email = args.text("customer_email");
    let session = json!({
        "id": id,
        "object": SESSION,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": args.bool("automatic_tax/enabled")?, "status": null},
        "cancel_url": args.text("cancel_url"),
        "client_reference_id": args.text("client_reference_id"),
        "created": now,
        "currency": currency,
        "customer": customer,
        "customer_creation": (mode == "payment" && customer.is_none())
            .then(|| args.text("customer_creation").unwrap_or("if_required")),
        "customer_details": email.map(|email| json!({"email": email, "name": null, "phone": null, "address": null})),
        "customer_email": email,
        "expires_at": expires_at,
        "invoice": null,
        "livemode": state.livemode,
        "locale": args.text("locale"),
        "metadata": metadata,
        "mode": mode,
        "payment_intent": null,
        "payment_link": null,
        "payment_method_types": method_types(args),
        "payment_status": if mode == "setup" { "no_payment_required" } else { "unpaid" },
        "recovered_from": null,
        "setup_intent": null,
        "status": "open",
        "submit_type": args.text("submit_type"),
        "subscription": null,
        "success_url": args.text("success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": args.text("ui_mode").unwrap_or("hosted_page"),
        "url": url,
    });
    state.put(session.clone());
    let data = json!({
        "items": items,
        "payment": args.under("payment_intent_data").tree(),
        "setup": args.under("setup_intent_data").tree(),
        "subscription": args.under("subscription_data").tree(),
    });
    state.session_data.insert(id.clone(), data);
    if mode == "setup" {
        // Unlike a payment, the saving begins with the page.
        let notes = args.metadata("setup_intent_data/metadata", None)?;
        let types = args.texts("payment_method_types");
        let setup = setups::make(state, customer, notes, types, "off_session");
        return Ok(state.change(&id, json!({ "setup_intent": setup })));
    }
    Ok(session)
}

fn check_url(url: &str, param: &str) -> Result<(), Failure> {
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(());
    }
    Err(Failure::param(param, "Not a valid URL").code("url_invalid"))
}

fn method_types(args: &Args) -> Vec<String> {
    let given = args.texts("payment_method_types");
    if given.is_empty() {
        vec!["card".to_owned()]
    } else {
        given
    }
}

/// The lines of a session, with what one costs.
fn line_items(state: &State, args: &Args) -> Result<Vec<Value>, Failure> {
    let mut items = Vec::new();
    for (index, item) in args.list("line_items").into_iter().enumerate() {
        let at = |name: &str| format!("line_items[{index}]{name}");
        let quantity = item.int("quantity")?.unwrap_or(1);
        if quantity < 1 {
            return Err(Failure::param(
                &at("[quantity]"),
                "This value must be greater than or equal to 1.",
            ));
        }
        let (name, unit, currency, recurring) = match item.text("price") {
            Some(id) => {
                let price = state.find(PRICE, id, Some(&at("[price]")))?;
                (
                    text(price, "nickname").to_owned(),
                    int(price, "unit_amount"),
                    text(price, "currency").to_owned(),
                    price["recurring"].is_object(),
                )
            }
            None => {
                if !item.has("price_data") {
                    return Err(Failure::missing(&at("[price]")));
                }
                let missing = |path: &str, name: &str| {
                    item.text(path).ok_or_else(|| Failure::missing(&at(name)))
                };
                let currency = missing("price_data/currency", "[price_data][currency]")?;
                let currency: crate::Currency = currency.parse().map_err(|_| {
                    Failure::param(
                        &at("[price_data][currency]"),
                        format!("Invalid currency: {currency}."),
                    )
                })?;
                let name = match item.text("price_data/product") {
                    Some(product) => product.to_owned(),
                    None => missing(
                        "price_data/product_data/name",
                        "[price_data][product_data][name]",
                    )?
                    .to_owned(),
                };
                let unit = item
                    .int("price_data/unit_amount")?
                    .ok_or_else(|| Failure::missing(&at("[price_data][unit_amount]")))?;
                if unit < 0 {
                    let message = "This value must be greater than or equal to 0.";
                    return Err(Failure::param(&at("[price_data][unit_amount]"), message));
                }
                let recurring = item.has("price_data/recurring");
                (name, unit, currency.as_str().to_owned(), recurring)
            }
        };
        items.push(json!({
            "id": format!("li_{index}"),
            "object": "item",
            "amount_subtotal": unit.saturating_mul(quantity),
            "amount_total": unit.saturating_mul(quantity),
            "currency": currency,
            "description": name,
            "price": {"object": "price", "currency": currency, "unit_amount": unit,
                      "type": if recurring { "recurring" } else { "one_time" }},
            "quantity": quantity,
        }));
    }
    let recurring = items
        .iter()
        .any(|item| item["price"]["type"] == "recurring");
    match args.text("mode") {
        Some("payment") if recurring => {
            let message = "You specified `payment` mode but passed a recurring price. Either \
                 switch to `subscription` mode or use only one-time prices.";
            Err(Failure::param("line_items", message))
        }
        Some("subscription") if !recurring => {
            let message = "You must provide at least one recurring price in `subscription` mode \
                 when using prices.";
            Err(Failure::param("line_items", message))
        }
        _ => Ok(items),
    }
}

fn total(items: &[Value]) -> Result<(i64, String), Failure> {
    let Some(first) = items.first() else {
        return Err(Failure::missing("line_items"));
    };
    let currency = text(first, "currency").to_owned();
    if items.iter().any(|item| text(item, "currency") != currency) {
        let message = "All line items in a Checkout Session must have the same currency.";
        return Err(Failure::param("line_items", message));
    }
    let total = items
        .iter()
        .map(|item| int(item, "amount_total"))
        .fold(0_i64, i64::saturating_add);
    // Half a dollar is the least that can be charged.
    if total > 0 && total < 50 && matches!(currency.as_str(), "cad" | "usd" | "eur") {
        let message = format!(
            "The Checkout Session's total amount due must add up to at least $0.50 {currency}"
        );
        return Err(Failure::invalid(message).code("amount_too_small"));
    }
    Ok((total, currency))
}

/// The lines of a session as a list.
pub(super) fn items(state: &State, id: &str) -> Result<Vec<Value>, Failure> {
    state.find(SESSION, id, None)?;
    let data = state.session_data.get(id);
    let items = data.and_then(|data| data["items"].as_array());
    Ok(items.cloned().unwrap_or_default())
}

/// Ends a session whose time is over.
pub(super) fn look_at_clock(state: &mut State, id: &str) {
    let now = state.now();
    let over = state.get(id).is_some_and(|session| {
        text(session, "status") == "open" && int(session, "expires_at") <= now
    });
    if over {
        end(state, id);
    }
}

fn end(state: &mut State, id: &str) -> Value {
    let session = state.change(id, json!({ "status": "expired", "url": null }));
    state.emit("checkout.session.expired", &session);
    session
}

pub(super) fn expire(state: &mut State, id: &str) -> Result<Value, Failure> {
    let session = state.find(SESSION, id, None)?;
    match text(session, "status") {
        "open" => Ok(end(state, id)),
        status => {
            let message = format!(
                "Only Checkout Sessions with a status in [\"open\"] can be expired. This \
                 Checkout Session has a status of `{status}`."
            );
            Err(Failure::invalid(message))
        }
    }
}

pub(super) fn update(state: &mut State, id: &str, args: &Args) -> Result<Value, Failure> {
    let session = state.find(SESSION, id, None)?.clone();
    args.only(&["metadata", "collected_information", "shipping_options"])?;
    let metadata = args.metadata("metadata", session.get("metadata"))?;
    Ok(state.change(id, json!({ "metadata": metadata })))
}

/// The customer does what the page is for.
pub(super) fn pay(
    state: &mut State,
    id: &str,
    card: TestCard,
    email: Option<&str>,
) -> Result<Value, Failure> {
    look_at_clock(state, id);
    let session = state.find(SESSION, id, None)?.clone();
    if text(&session, "status") != "open" {
        return Err(Failure::invalid(
            "This Checkout Session is no longer available.",
        ));
    }
    let email = email
        .or(session["customer_email"].as_str())
        .unwrap_or("client@example.ca")
        .to_owned();
    match text(&session, "mode") {
        "setup" => pay_setup(state, &session, card),
        mode => pay_money(state, &session, card, &email, mode == "subscription"),
    }
}

fn pay_setup(state: &mut State, session: &Value, card: TestCard) -> Result<Value, Failure> {
    let setup = text(session, "setup_intent").to_owned();
    let method = customers::make_method(state, card);
    state.change(&setup, json!({ "payment_method": method }));
    setups::save(state, &setup)?;
    let session = state.change(
        text(session, "id"),
        json!({ "status": "complete", "url": null }),
    );
    state.emit("checkout.session.completed", &session);
    Ok(session)
}

fn pay_money(
    state: &mut State,
    session: &Value,
    card: TestCard,
    email: &str,
    subscription: bool,
) -> Result<Value, Failure> {
    let id = text(session, "id");
    let types: Vec<&str> = session["payment_method_types"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let by_default = types == ["card"];
    if !by_default && !types.contains(&card.kind()) {
        let message = format!("The page does not offer `{}`.", card.kind());
        return Err(Failure::param("payment_method_types", message));
    }
    let data = state.session_data.get(id).cloned().unwrap_or_default();
    let keeps_card = data["payment"]["setup_future_usage"].is_string() || subscription;
    let wants_customer = session["customer_creation"] == "always" || keeps_card;
    let customer = match session["customer"].as_str() {
        Some(customer) => Some(customer.to_owned()),
        None if wants_customer => Some(customers::create_silently(state, email, "")?),
        None => None,
    };
    let payment = match session["payment_intent"].as_str() {
        // The card was refused before: the same payment, another card.
        Some(payment) => payment.to_owned(),
        None => payments::make(
            state,
            New {
                amount: int(session, "amount_total"),
                currency: text(session, "currency").to_owned(),
                customer: customer.clone(),
                method_types: types.iter().map(|kind| (*kind).to_owned()).collect(),
                metadata: data["payment"]["metadata"].clone(),
                description: data["payment"]["description"].as_str().map(str::to_owned),
                receipt_email: data["payment"]["receipt_email"].as_str().map(str::to_owned),
                setup_future_usage: keeps_card.then(|| "off_session".to_owned()),
            },
        ),
    };
    let details =
        json!({"email": email, "name": null, "phone": null, "address": {"country": "CA"}});
    state.change(
        id,
        json!({ "payment_intent": payment, "customer": customer, "customer_details": details }),
    );
    let method = customers::make_method(state, card);
    state.change(&payment, json!({ "payment_method": method }));
    payments::charge(state, &payment, Presence::Page)?;
    let paid = state
        .get(&payment)
        .is_some_and(|p| text(p, "status") == "succeeded");
    let mut fields = json!({
        "status": "complete",
        "payment_status": if paid { "paid" } else { "unpaid" },
        "url": null,
    });
    if subscription {
        subscribe(state, session, customer.as_deref(), &data, &mut fields);
    }
    let session = state.change(id, fields);
    state.emit("checkout.session.completed", &session);
    Ok(session)
}

/// A subscription begins, with a first invoice that is paid.
fn subscribe(
    state: &mut State,
    session: &Value,
    customer: Option<&str>,
    data: &Value,
    fields: &mut Value,
) {
    let (subscription, invoice) = (state.id("sub"), state.id("in"));
    let notes = data["subscription"]["metadata"].clone();
    let notes = if notes.is_object() { notes } else { json!({}) };
    let object = json!({
        "id": subscription,
        "object": SUBSCRIPTION,
        "created": state.now(),
        "currency": session["currency"],
        "customer": customer,
        "items": {"object": "list", "data": data["items"], "has_more": false},
        "latest_invoice": invoice,
        "livemode": state.livemode,
        "metadata": notes,
        "status": "active",
    });
    state.put(object.clone());
    state.emit("customer.subscription.created", &object);
    let object = json!({
        "id": invoice,
        "object": INVOICE,
        "amount_due": session["amount_total"],
        "amount_paid": session["amount_total"],
        "amount_remaining": 0,
        "billing_reason": "subscription_create",
        "created": state.now(),
        "currency": session["currency"],
        "customer": customer,
        "livemode": state.livemode,
        "metadata": {},
        "parent": {"type": "subscription_details", "subscription_details": {"subscription": subscription}},
        "status": "paid",
        "total": session["amount_total"],
    });
    state.put(object.clone());
    state.emit("invoice.paid", &object);
    fields["subscription"] = json!(subscription);
    fields["invoice"] = json!(invoice);
}

/// A slow payment of a session comes to its end.
pub(super) fn settle(state: &mut State, id: &str, succeeded: bool) -> bool {
    let session = state.get(id).cloned().unwrap_or_default();
    let payment = text(&session, "payment_intent").to_owned();
    if !payments::settle(state, &payment, succeeded) {
        return false;
    }
    if succeeded {
        let session = state.change(id, json!({ "payment_status": "paid" }));
        state.emit("checkout.session.async_payment_succeeded", &session);
    } else {
        state.emit("checkout.session.async_payment_failed", &session);
    }
    true
}

pub(super) fn create_portal(state: &mut State, args: &Args) -> Result<Value, Failure> {
    args.only(&[
        "customer",
        "return_url",
        "configuration",
        "flow_data",
        "locale",
        "on_behalf_of",
    ])?;
    let customer = args.required("customer")?;
    state.find(CUSTOMER, customer, Some("customer"))?;
    if let Some(url) = args.text("return_url") {
        check_url(url, "return_url")?;
    }
    let flow = args.word(
        "flow_data/type",
        &[
            "payment_method_update",
            "subscription_cancel",
            "subscription_update",
            "subscription_update_confirm",
        ],
    )?;
    let id = state.id("bps");
    let key = format!("{}_{}", state.mode(), state.random.letters(40));
    let session = json!({
        "id": id,
        "object": PORTAL,
        "configuration": args.text("configuration").unwrap_or("bpc_default"),
        "created": state.now(),
        "customer": customer,
        "flow": flow.map(|kind| json!({"type": kind})),
        "livemode": state.livemode,
        "locale": args.text("locale"),
        "on_behalf_of": null,
        "return_url": args.text("return_url"),
        "url": format!("{}/p/session/{key}", state.url),
    });
    state.put(session.clone());
    state.session_data.insert(key, json!({ "portal": id }));
    Ok(session)
}
