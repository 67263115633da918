//! Routes beside their description; a test holds the two together.

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::MethodRouter;
use http::Method;
use serde_json::{Map, Value, json};

use crate::Hub;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Caller {
    /// Anyone.
    Anyone,
    /// Staff, named by the identity proxy.
    Staff,
    /// Another machine, by bearer token.
    Machine,
}

/// A parameter of a route.
#[derive(Clone, Debug)]
struct Parameter {
    name: &'static str,
    place: &'static str,
    what: &'static str,
    required: bool,
}

/// The description of one method of one path.
#[derive(Clone, Debug)]
#[must_use]
pub struct Operation {
    method: Method,
    summary: &'static str,
    caller: Caller,
    parameters: Vec<Parameter>,
    body: Option<Value>,
    answers: Vec<(u16, &'static str, Option<Value>)>,
}

impl Operation {
    /// Describes a method in one sentence.
    pub fn new(method: Method, summary: &'static str) -> Self {
        Self {
            method,
            summary,
            caller: Caller::Staff,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
        }
    }

    /// Sets who may call; staff unless set.
    pub fn caller(mut self, caller: Caller) -> Self {
        self.caller = caller;
        self
    }

    /// Adds an optional query parameter.
    pub fn query(mut self, name: &'static str, what: &'static str) -> Self {
        self.parameters.push(Parameter {
            name,
            place: "query",
            what,
            required: false,
        });
        self
    }

    /// Adds a part of the path.
    pub fn path(mut self, name: &'static str, what: &'static str) -> Self {
        self.parameters.push(Parameter {
            name,
            place: "path",
            what,
            required: true,
        });
        self
    }

    /// Adds an optional header.
    pub fn header(mut self, name: &'static str, what: &'static str) -> Self {
        self.parameters.push(Parameter {
            name,
            place: "header",
            what,
            required: false,
        });
        self
    }

    /// Sets an example of the JSON body.
    pub fn body(mut self, example: Value) -> Self {
        self.body = Some(example);
        self
    }

    /// Adds an answer with an example of its body.
    pub fn answers(mut self, status: u16, what: &'static str, example: Option<Value>) -> Self {
        self.answers.push((status, what, example));
        self
    }

    fn document(&self) -> Value {
        let mut responses = Map::new();
        for (status, what, example) in &self.answers {
            let mut answer = json!({ "description": what });
            if let Some(example) = example {
                answer["content"] = json!({ "application/json": {
                    "schema": schema_of(example),
                    "example": example,
                }});
            }
            responses.insert(status.to_string(), answer);
        }
        responses.insert(
            "default".to_owned(),
            json!({ "$ref": "#/components/responses/Error" }),
        );
        let mut operation = json!({ "summary": self.summary, "responses": responses });
        if !self.parameters.is_empty() {
            operation["parameters"] = self
                .parameters
                .iter()
                .map(|parameter| {
                    json!({
                        "name": parameter.name,
                        "in": parameter.place,
                        "description": parameter.what,
                        "required": parameter.required,
                        "schema": { "type": "string" },
                    })
                })
                .collect();
        }
        if let Some(example) = &self.body {
            operation["requestBody"] = json!({ "required": true, "content": { "application/json": {
                "schema": schema_of(example),
                "example": example,
            }}});
        }
        match self.caller {
            Caller::Anyone => operation["security"] = json!([]),
            Caller::Staff => operation["security"] = json!([{ "staff": [] }]),
            Caller::Machine => operation["security"] = json!([{ "machine": [] }]),
        }
        operation
    }
}

/// The loosest schema that an example satisfies: its kind.
fn schema_of(example: &Value) -> Value {
    match example {
        Value::Object(_) => json!({ "type": "object" }),
        Value::Array(_) => json!({ "type": "array", "items": {} }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(_) => json!({ "type": "number" }),
        Value::Null => json!({}),
    }
}

/// A router and the description of its routes, kept in step.
#[derive(Debug, Default)]
#[must_use]
pub struct Api {
    router: Router<Hub>,
    operations: BTreeMap<&'static str, Vec<Operation>>,
}

impl Api {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a documented path: its handlers and one description per method.
    pub fn route(
        mut self,
        path: &'static str,
        handlers: MethodRouter<Hub>,
        operations: impl IntoIterator<Item = Operation>,
    ) -> Self {
        self.router = self.router.route(path, handlers);
        self.operations.entry(path).or_default().extend(operations);
        self
    }

    /// Adds a page, which documents itself to the person who reads it.
    pub fn page(mut self, path: &'static str, handlers: MethodRouter<Hub>) -> Self {
        self.router = self.router.route(path, handlers);
        self
    }

    /// Adds the routes of a capability.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.operations.extend(other.operations);
        self
    }

    /// The `OpenAPI` document of all routes.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut paths = Map::new();
        for (path, operations) in &self.operations {
            let methods: Map<String, Value> = operations
                .iter()
                .map(|operation| {
                    let method = operation.method.as_str().to_ascii_lowercase();
                    (method, operation.document())
                })
                .collect();
            paths.insert((*path).to_owned(), Value::Object(methods));
        }
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": "Gigafibre FSM hub",
                "version": env!("CARGO_PKG_VERSION"),
                "description": "HTTP gateway of the field service. Errors have one shape; \
                    every answer carries X-Request-Id.",
                "license": { "name": "MIT OR Apache-2.0" },
            },
            "paths": paths,
            "components": {
                "securitySchemes": {
                    "staff": {
                        "type": "apiKey", "in": "header", "name": "X-Authentik-Email",
                        "description": "Set by the identity proxy; accepted from TRUSTED_PROXIES only.",
                    },
                    "machine": { "type": "http", "scheme": "bearer" },
                },
                "schemas": { "Error": {
                    "type": "object",
                    "required": ["error", "message", "request_id"],
                    "properties": {
                        "error": { "type": "string", "description": "Stable code" },
                        "message": { "type": "string", "description": "For a person, in their language" },
                        "request_id": { "type": "string" },
                        "field": { "type": "string" },
                        "retry_after_sec": { "type": "integer" },
                    },
                }},
                "responses": { "Error": {
                    "description": "The request failed",
                    "content": { "application/json": {
                        "schema": { "$ref": "#/components/schemas/Error" },
                    }},
                }},
            },
        })
    }

    /// The router itself.
    pub fn into_router(self) -> Router<Hub> {
        self.router
    }
}
