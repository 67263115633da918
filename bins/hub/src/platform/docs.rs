//! `/openapi.json` and `/docs`: the routes, described for programs and for people.

use std::sync::OnceLock;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Json};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use ui_kit::{Markup, Page, html};

use super::api::{Api, Caller, Operation};
use super::call::Call;
use super::health::Insider;
use super::pages;
use crate::Hub;

/// Routes of this room.
pub fn api() -> Api {
    Api::new()
        .route(
            "/openapi.json",
            get(openapi),
            [
                Operation::new(Method::GET, "This description, in OpenAPI 3.1")
                    .caller(Caller::Anyone)
                    .answers(200, "The document", Some(json!({"openapi": "3.1.0"}))),
            ],
        )
        .page("/docs", get(docs))
}

fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| crate::api().document())
}

async fn openapi(_: Insider) -> Json<&'static Value> {
    Json(document())
}

async fn docs(_: Insider, State(hub): State<Hub>, Extension(call): Extension<Call>) -> Response {
    let title = call
        .lang
        .pick("Interface HTTP du hub", "The hub’s HTTP interface");
    let page = Page::public(title)
        .brand(pages::BRAND)
        .lang(call.lang)
        .theme(call.theme)
        .wide(true)
        .body(body(document()));
    pages::answer(&hub, StatusCode::OK, &page).into_response()
}

fn body(document: &Value) -> Markup {
    let entries = |value: &Value| value.as_object().cloned().unwrap_or_default();
    html! {
        p { a href="/openapi.json" { "openapi.json" } }
        @for (path, methods) in entries(&document["paths"]) {
            @for (method, operation) in entries(&methods) {
                section.card {
                    header { h2 { code { (method.to_uppercase()) " " (path) } } }
                    div.card-body { (described(&operation)) }
                }
            }
        }
    }
}

fn described(operation: &Value) -> Markup {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let answers = operation["responses"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    html! {
        p lang="en" { (text(&operation["summary"])) }
        @if !parameters.is_empty() {
            dl.facts lang="en" {
                @for parameter in &parameters {
                    dt { code { (text(&parameter["name"])) } }
                    dd { (text(&parameter["description"])) }
                }
            }
        }
        @let sent = &operation["requestBody"]["content"]["application/json"]["example"];
        @if !sent.is_null() {
            pre tabindex="0" { code { (pretty(sent)) } }
        }
        @for (status, answer) in answers.iter().filter(|(status, _)| *status != "default") {
            p lang="en" { strong { (status) } " " (text(&answer["description"])) }
            @let example = &answer["content"]["application/json"]["example"];
            @if !example.is_null() {
                pre tabindex="0" { code { (pretty(example)) } }
            }
        }
    }
}
