//! The pages that Stripe hosts: where a customer pays, and where they keep their cards.

use serde_json::Value;
use wiremock::ResponseTemplate;

use super::args::Args;
use super::card::TestCard;
use super::failure::Failure;
use super::state::{SESSION, State, int, text};
use super::{customers, sessions};

pub(super) fn answer(state: &mut State, method: &str, path: &str, body: &[u8]) -> ResponseTemplate {
    let form = Args::decode(body);
    if let Some(id) = path.strip_prefix("/c/pay/") {
        return match method {
            "GET" => pay_page(state, id, 200, None),
            "POST" => submit(state, id, &form),
            _ => ResponseTemplate::new(405),
        };
    }
    if let Some(key) = path.strip_prefix("/p/session/") {
        return match method {
            "GET" => portal_page(state, key, 200, None),
            "POST" => submit_portal(state, key, &form),
            _ => ResponseTemplate::new(405),
        };
    }
    html(404, "Introuvable", "<p>Cette page n’existe pas.</p>")
}

fn html(status: u16, title: &str, body: &str) -> ResponseTemplate {
    let page = format!(
        "<!doctype html>\n<html lang=\"fr-CA\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title>\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:30rem;margin:3rem auto;padding:0 1rem}}\
         select,input,button{{font:inherit;width:100%;padding:.6rem;margin:.3rem 0;box-sizing:border-box}}\
         .refus{{color:#a00}}.essai{{background:#fe9;padding:.1rem .5rem}}</style></head>\
         <body><p><span class=\"essai\">Mode essai</span></p><h1>{title}</h1>{body}</body></html>\n"
    );
    ResponseTemplate::new(status).set_body_raw(page, "text/html; charset=utf-8")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn see_other(url: &str) -> ResponseTemplate {
    ResponseTemplate::new(303).insert_header("location", url)
}

fn cards(setup: bool) -> String {
    TestCard::ALL
        .into_iter()
        .filter(|card| !(setup && *card == TestCard::Klarna))
        .map(|card| {
            format!(
                "<option value=\"{}\">{}</option>",
                card.slug(),
                card.label()
            )
        })
        .collect()
}

fn pay_page(
    state: &mut State,
    id: &str,
    status: u16,
    refusal: Option<&Failure>,
) -> ResponseTemplate {
    sessions::look_at_clock(state, id);
    let Ok(session) = state.find(SESSION, id, None) else {
        return html(404, "Introuvable", "<p>Cette page n’existe pas.</p>");
    };
    match text(session, "status") {
        "open" => {}
        "complete" => return html(status, "Terminé", "<p>Le paiement a déjà été fait.</p>"),
        _ => return html(status, "Expirée", "<p>Cette page de paiement a expiré.</p>"),
    }
    let setup = text(session, "mode") == "setup";
    let (title, button) = if setup {
        ("Enregistrer une carte", "Enregistrer".to_owned())
    } else {
        let currency = text(session, "currency")
            .parse()
            .unwrap_or(crate::Currency::CAD);
        let total = crate::Amount::new(int(session, "amount_total"), currency).to_decimal();
        ("Payer", format!("Payer {} $", total.replace('.', ",")))
    };
    let data = state.session_data.get(id);
    let lines: String = data
        .and_then(|data| data["items"].as_array())
        .into_iter()
        .flatten()
        .map(|item| format!("<li>{}</li>", escaped(text(item, "description"))))
        .collect();
    let refusal = refusal.map_or(String::new(), |failure| {
        let words = failure
            .error
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or("");
        format!(
            "<p class=\"refus\" role=\"alert\">Refusé : {}</p>",
            escaped(words)
        )
    });
    let email = if setup || session["customer"].is_string() {
        String::new()
    } else {
        let known = escaped(text(session, "customer_email"));
        format!("<label>Courriel <input type=\"email\" name=\"email\" value=\"{known}\"></label>")
    };
    let body = format!(
        "<ul>{lines}</ul>{refusal}<form method=\"post\">{email}\
         <label>Carte <select name=\"card\">{}</select></label>\
         <button name=\"action\" value=\"pay\">{button}</button>\
         <button name=\"action\" value=\"cancel\" formnovalidate>Annuler</button></form>",
        cards(setup)
    );
    html(status, title, &body)
}

fn submit(state: &mut State, id: &str, form: &Args) -> ResponseTemplate {
    let Ok(session) = state.find(SESSION, id, None) else {
        return html(404, "Introuvable", "<p>Cette page n’existe pas.</p>");
    };
    if form.text("action") == Some("cancel") {
        return match session["cancel_url"].as_str() {
            Some(url) => see_other(&url.replace("{CHECKOUT_SESSION_ID}", id)),
            None => html(200, "Annulé", "<p>Rien n’a été payé.</p>"),
        };
    }
    let Some(card) = TestCard::from_slug(form.text("card").unwrap_or("visa")) else {
        return html(400, "Carte inconnue", "<p>Cette carte n’existe pas.</p>");
    };
    let email = form.text("email").map(str::to_owned);
    match sessions::pay(state, id, card, email.as_deref()) {
        Ok(session) => match session["success_url"].as_str() {
            Some(url) => see_other(&url.replace("{CHECKOUT_SESSION_ID}", id)),
            None => html(200, "Merci", "<p>C’est fait.</p>"),
        },
        Err(failure) => pay_page(state, id, failure.status, Some(&failure)),
    }
}

/// The portal session behind a key, with its customer.
fn portal(state: &State, key: &str) -> Option<(Value, String)> {
    let id = state.session_data.get(key)?["portal"].as_str()?;
    let session = state.get(id)?.clone();
    let customer = text(&session, "customer").to_owned();
    Some((session, customer))
}

fn portal_page(
    state: &State,
    key: &str,
    status: u16,
    refusal: Option<&Failure>,
) -> ResponseTemplate {
    let Some((session, customer)) = portal(state, key) else {
        return html(404, "Introuvable", "<p>Ce lien n’est plus valable.</p>");
    };
    let preferred = state
        .get(&customer)
        .map(|c| c["invoice_settings"]["default_payment_method"].clone())
        .unwrap_or_default();
    let saved: String = customers::methods_of(state, &customer)
        .into_iter()
        .filter_map(|id| {
            let card = state.card(&id)?;
            let mark = if preferred == id.as_str() { " (par défaut)" } else { "" };
            Some(format!(
                "<li>{} •••• {}{mark} <form method=\"post\"><input type=\"hidden\" name=\"method\" value=\"{id}\">\
                 <button name=\"action\" value=\"prefer\">Par défaut</button>\
                 <button name=\"action\" value=\"remove\">Retirer</button></form></li>",
                card.kind(),
                card.last4(),
            ))
        })
        .collect();
    let refusal = refusal.map_or(String::new(), |failure| {
        let words = failure
            .error
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or("");
        format!(
            "<p class=\"refus\" role=\"alert\">Refusé : {}</p>",
            escaped(words)
        )
    });
    let back = match session["return_url"].as_str() {
        Some(url) => format!("<p><a href=\"{}\">Retour</a></p>", escaped(url)),
        None => String::new(),
    };
    let body = format!(
        "{refusal}<ul>{saved}</ul><form method=\"post\">\
         <label>Nouvelle carte <select name=\"card\">{}</select></label>\
         <button name=\"action\" value=\"add\">Ajouter</button></form>{back}",
        cards(true)
    );
    html(status, "Modes de paiement", &body)
}

fn submit_portal(state: &mut State, key: &str, form: &Args) -> ResponseTemplate {
    let Some((session, customer)) = portal(state, key) else {
        return html(404, "Introuvable", "<p>Ce lien n’est plus valable.</p>");
    };
    let done = match form.text("action") {
        Some("add") => add_card(state, &customer, form.text("card").unwrap_or("visa")),
        Some(action @ ("remove" | "prefer")) => {
            let method = form.text("method").unwrap_or_default();
            if !customers::methods_of(state, &customer)
                .iter()
                .any(|id| id == method)
            {
                Err(Failure::no_such("PaymentMethod", method, None))
            } else if action == "remove" {
                customers::detach(state, method).map(drop)
            } else {
                customers::prefer(state, &customer, method);
                Ok(())
            }
        }
        _ => Err(Failure::invalid("No such action.")),
    };
    match (done, session["return_url"].as_str()) {
        (Err(failure), _) => portal_page(state, key, failure.status, Some(&failure)),
        // A page opened for one thing alone ends with it.
        (Ok(()), Some(url)) if session["flow"].is_object() => see_other(url),
        (Ok(()), _) => see_other(&format!("{}/p/session/{key}", state.url)),
    }
}

fn add_card(state: &mut State, customer: &str, slug: &str) -> Result<(), Failure> {
    let card = TestCard::from_slug(slug)
        .filter(|card| *card != TestCard::Klarna)
        .ok_or_else(|| Failure::invalid("No such card."))?;
    let method = customers::make_method(state, card);
    customers::attach(state, &method, customer, true)?;
    customers::prefer(state, customer, &method);
    Ok(())
}
