//! The objects, with the fields of Stripe's own in their order.

use super::node::{Node, node};

/// What the objects of one event have in common.
pub(super) struct Common<'a> {
    pub(super) id: &'a str,
    pub(super) amount: i64,
    pub(super) created: i64,
}

pub(super) fn checkout_session(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "checkout.session",
        "adaptive_pricing": null,
        "after_expiration": null,
        "allow_promotion_codes": null,
        "amount_subtotal": (of.amount),
        "amount_total": (of.amount),
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "billing_address_collection": null,
        "cancel_url": "https://portal.example.ca/#/factures",
        "client_reference_id": null,
        "consent": null,
        "created": (of.created),
        "currency": "cad",
        "custom_fields": [],
        "customer": null,
        "customer_creation": null,
        "customer_details": {
            "address": { "city": null, "country": "CA", "line1": null, "line2": null, "postal_code": null, "state": null },
            "email": "eloise@example.ca",
            "name": "Éloïse Bédard",
            "phone": null,
            "tax_exempt": "none",
            "tax_ids": []
        },
        "customer_email": null,
        "expires_at": (of.created + 86_400),
        "invoice": null,
        "livemode": false,
        "locale": "fr-CA",
        "metadata": {},
        "mode": "payment",
        "payment_intent": null,
        "payment_link": null,
        "payment_method_collection": "if_required",
        "payment_method_options": { "card": { "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "payment_status": "paid",
        "setup_intent": null,
        "shipping_address_collection": null,
        "status": "complete",
        "submit_type": null,
        "subscription": null,
        "success_url": "https://portal.example.ca/#/paid?session={CHECKOUT_SESSION_ID}",
        "total_details": { "amount_discount": 0_i64, "amount_shipping": 0_i64, "amount_tax": 0_i64 },
        "ui_mode": "hosted",
        "url": null
    })
}

pub(super) fn payment_intent(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "payment_intent",
        "amount": (of.amount),
        "amount_capturable": 0_i64,
        "amount_details": { "tip": {} },
        "amount_received": (of.amount),
        "application": null,
        "application_fee_amount": null,
        "automatic_payment_methods": null,
        "canceled_at": null,
        "cancellation_reason": null,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": (of.created),
        "currency": "cad",
        "customer": null,
        "description": null,
        "last_payment_error": null,
        "latest_charge": (sibling(of.id, "ch")),
        "livemode": false,
        "metadata": {},
        "next_action": null,
        "on_behalf_of": null,
        "payment_method": (sibling(of.id, "pm")),
        "payment_method_options": { "card": { "installments": null, "mandate_options": null, "network": null, "request_three_d_secure": "automatic" } },
        "payment_method_types": ["card"],
        "processing": null,
        "receipt_email": null,
        "review": null,
        "setup_future_usage": null,
        "shipping": null,
        "source": null,
        "statement_descriptor": null,
        "statement_descriptor_suffix": null,
        "status": "succeeded",
        "transfer_data": null,
        "transfer_group": null
    })
}

pub(super) fn setup_intent(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "setup_intent",
        "application": null,
        "automatic_payment_methods": null,
        "cancellation_reason": null,
        "created": (of.created),
        "customer": null,
        "description": null,
        "flow_directions": null,
        "last_setup_error": null,
        "latest_attempt": (sibling(of.id, "setatt")),
        "livemode": false,
        "mandate": null,
        "metadata": {},
        "next_action": null,
        "payment_method": (sibling(of.id, "pm")),
        "payment_method_types": ["card"],
        "single_use_mandate": null,
        "status": "succeeded",
        "usage": "off_session"
    })
}

pub(super) fn charge(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "charge",
        "amount": (of.amount),
        "amount_captured": (of.amount),
        "amount_refunded": (of.amount),
        "application": null,
        "balance_transaction": (sibling(of.id, "txn")),
        "billing_details": { "address": null, "email": null, "name": null, "phone": null },
        "captured": true,
        "created": (of.created),
        "currency": "cad",
        "customer": null,
        "description": null,
        "disputed": false,
        "failure_code": null,
        "failure_message": null,
        "livemode": false,
        "metadata": {},
        "outcome": { "network_status": "approved_by_network", "reason": null, "risk_level": "normal", "seller_message": "Payment complete.", "type": "authorized" },
        "paid": true,
        "payment_intent": (sibling(of.id, "pi")),
        "payment_method": (sibling(of.id, "pm")),
        "receipt_email": null,
        "receipt_url": null,
        "refunded": true,
        "status": "succeeded"
    })
}

pub(super) fn refund(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "refund",
        "amount": (of.amount),
        "balance_transaction": (sibling(of.id, "txn")),
        "charge": (sibling(of.id, "ch")),
        "created": (of.created),
        "currency": "cad",
        "destination_details": { "card": { "reference_status": "pending", "reference_type": "acquirer_reference_number", "type": "refund" }, "type": "card" },
        "metadata": {},
        "payment_intent": (sibling(of.id, "pi")),
        "reason": null,
        "receipt_number": null,
        "source_transfer_reversal": null,
        "status": "succeeded",
        "transfer_reversal": null
    })
}

pub(super) fn dispute(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "dispute",
        "amount": (of.amount),
        "balance_transactions": [],
        "charge": (sibling(of.id, "ch")),
        "created": (of.created),
        "currency": "cad",
        "enhanced_eligibility_types": [],
        "evidence_details": { "due_by": (of.created + 604_800), "has_evidence": false, "past_due": false, "submission_count": 0_i64 },
        "is_charge_refundable": false,
        "livemode": false,
        "metadata": {},
        "payment_intent": (sibling(of.id, "pi")),
        "reason": "fraudulent",
        "status": "needs_response"
    })
}

pub(super) fn invoice(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "invoice",
        "account_country": "CA",
        "amount_due": (of.amount),
        "amount_overpaid": 0_i64,
        "amount_paid": (of.amount),
        "amount_remaining": 0_i64,
        "attempt_count": 1_i64,
        "attempted": true,
        "billing_reason": "subscription_cycle",
        "collection_method": "charge_automatically",
        "created": (of.created),
        "currency": "cad",
        "customer": null,
        "hosted_invoice_url": null,
        "livemode": false,
        "metadata": {},
        "number": "B7A1F1C4-0001",
        "parent": {
            "quote_details": null,
            "subscription_details": { "metadata": {}, "subscription": (sibling(of.id, "sub")) },
            "type": "subscription_details"
        },
        "status": "paid",
        "subtotal": (of.amount),
        "total": (of.amount)
    })
}

pub(super) fn subscription(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "subscription",
        "application": null,
        "billing_cycle_anchor": (of.created),
        "cancel_at": null,
        "cancel_at_period_end": false,
        "canceled_at": null,
        "collection_method": "charge_automatically",
        "created": (of.created),
        "currency": "cad",
        "customer": null,
        "default_payment_method": null,
        "ended_at": null,
        "items": { "object": "list", "data": [], "has_more": false, "url": "/v1/subscription_items" },
        "latest_invoice": (sibling(of.id, "in")),
        "livemode": false,
        "metadata": {},
        "start_date": (of.created),
        "status": "active",
        "trial_end": null
    })
}

pub(super) fn payment_method(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": { "address": null, "email": null, "name": null, "phone": null, "tax_id": null },
        "card": {
            "brand": "visa",
            "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
            "country": "CA",
            "display_brand": "visa",
            "exp_month": 8_i64,
            "exp_year": 2_030_i64,
            "fingerprint": "Xt5EWLLDS7FJjR1c",
            "funding": "credit",
            "generated_from": null,
            "last4": "4242",
            "networks": { "available": ["visa"], "preferred": null },
            "three_d_secure_usage": { "supported": true },
            "wallet": null
        },
        "created": (of.created),
        "customer": null,
        "livemode": false,
        "metadata": {},
        "type": "card"
    })
}

pub(super) fn customer(of: &Common<'_>) -> Node {
    node!({
        "id": (of.id),
        "object": "customer",
        "address": null,
        "balance": 0_i64,
        "created": (of.created),
        "currency": null,
        "default_source": null,
        "delinquent": false,
        "description": null,
        "discount": null,
        "email": "eloise@example.ca",
        "invoice_prefix": "B7A1F1C4",
        "invoice_settings": { "custom_fields": null, "default_payment_method": null, "footer": null, "rendering_options": null },
        "livemode": false,
        "metadata": {},
        "name": "Éloïse Bédard",
        "phone": null,
        "preferred_locales": ["fr-CA"],
        "shipping": null,
        "tax_exempt": "none",
        "test_clock": null
    })
}

/// The id that another object of the same payment has here: `pi_1` and `ch_1`.
pub(super) fn sibling(id: &str, prefix: &str) -> String {
    let tail = id.rsplit_once('_').map_or(id, |(_, tail)| tail);
    format!("{prefix}_{tail}")
}
