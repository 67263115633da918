//! The one error body of the hub: outside, a code and a sentence; inside, the cause.

use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use ui_kit::Lang;

/// What a caller is told, and what the log is told beside it.
#[derive(Debug, Clone)]
pub struct HubError {
    status: StatusCode,
    code: &'static str,
    field: Option<&'static str>,
    retry_after: Option<Duration>,
    /// For the log alone.
    internal: Option<String>,
}

/// The answer of every route of the hub.
pub type HubResult<T> = Result<T, HubError>;

impl HubError {
    fn new(status: StatusCode, code: &'static str) -> Self {
        Self {
            status,
            code,
            field: None,
            retry_after: None,
            internal: None,
        }
    }

    /// 400: the request cannot be read.
    #[must_use]
    pub fn malformed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed")
    }

    /// 401: nobody we know.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated")
    }

    /// 403: known, but not allowed.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// 404.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// 422: readable, but it cannot be meant.
    #[must_use]
    pub fn invalid(field: &'static str) -> Self {
        Self {
            field: Some(field),
            ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
        }
    }

    /// 409: the state of things does not allow it.
    #[must_use]
    pub fn conflict() -> Self {
        Self::new(StatusCode::CONFLICT, "conflict")
    }

    /// 503: the settings of this module are absent.
    #[must_use]
    pub fn not_configured() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_configured")
    }

    /// 502: a remote system answered badly or not at all.
    #[must_use]
    pub fn upstream() -> Self {
        Self::new(StatusCode::BAD_GATEWAY, "upstream_failed")
    }

    /// 504: a remote system did not answer in time.
    #[must_use]
    pub fn upstream_timeout() -> Self {
        Self::new(StatusCode::GATEWAY_TIMEOUT, "upstream_timeout")
    }

    /// 500.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// The standard error of a status, for answers that come without a body of ours.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Self {
        let code = match status.as_u16() {
            401 => "unauthenticated",
            403 => "forbidden",
            404 => "not_found",
            405 => "method_not_allowed",
            408 => "request_timeout",
            409 => "conflict",
            413 => "too_large",
            415 => "unsupported_media_type",
            422 => "invalid",
            429 => "too_many_requests",
            502 => "upstream_failed",
            503 => "unavailable",
            504 => "upstream_timeout",
            400..500 => "malformed",
            _ => "internal",
        };
        Self::new(status, code)
    }

    /// Adds what only the log may know.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.internal = Some(cause.to_string());
        self
    }

    /// Adds the cause with its chain of sources, for the log.
    #[must_use]
    pub fn caused_by(self, error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        self.because(text)
    }

    /// Adds when to come back.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What the log is told.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// One sentence for the caller: what happened and what to do.
    #[must_use]
    pub fn message(&self, lang: Lang) -> &'static str {
        let (fr, en) = match self.code {
            "malformed" => (
                "La requête est illisible. Vérifiez sa forme.",
                "The request cannot be read. Check its form.",
            ),
            "unauthenticated" => ("Connectez-vous d’abord.", "Sign in first."),
            "forbidden" => (
                "Vous n’avez pas accès à cette action.",
                "You do not have access to this action.",
            ),
            "not_found" => (
                "Rien ne correspond à cette demande.",
                "Nothing matches this request.",
            ),
            "method_not_allowed" => (
                "Cette adresse n’accepte pas cette méthode.",
                "This address does not take that method.",
            ),
            "request_timeout" => (
                "La requête est arrivée trop lentement.",
                "The request arrived too slowly.",
            ),
            "conflict" => (
                "L’état actuel ne permet pas cette action. Rechargez et réessayez.",
                "The current state does not allow this. Reload and try again.",
            ),
            "too_large" => ("La requête est trop grande.", "The request is too large."),
            "unsupported_media_type" => (
                "Ce type de contenu n’est pas accepté ici.",
                "This content type is not accepted here.",
            ),
            "invalid" => (
                "Une valeur ne convient pas. Corrigez le champ indiqué.",
                "A value is not right. Correct the named field.",
            ),
            "too_many_requests" => (
                "Trop de demandes. Réessayez plus tard.",
                "Too many requests. Try again later.",
            ),
            "not_configured" => (
                "Ce service n’est pas configuré.",
                "This service is not configured.",
            ),
            "unavailable" => (
                "Indisponible pour le moment. Réessayez dans un instant.",
                "Unavailable right now. Try again in a moment.",
            ),
            "upstream_failed" => (
                "Un système distant a mal répondu. Réessayez dans un instant.",
                "A remote system answered badly. Try again in a moment.",
            ),
            "upstream_timeout" => (
                "Un système distant n’a pas répondu à temps. Réessayez dans un instant.",
                "A remote system did not answer in time. Try again in a moment.",
            ),
            _ => (
                "Une erreur est survenue de notre côté. Donnez le numéro de la requête au soutien.",
                "Something went wrong on our side. Give the request id to support.",
            ),
        };
        match lang {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// The answer as the caller sees it.
    #[must_use]
    pub fn render(&self, lang: Lang, request_id: &str) -> Response {
        let mut body = json!({
            "error": self.code,
            "message": self.message(lang),
            "request_id": request_id,
        });
        if let Some(field) = self.field {
            body["field"] = field.into();
        }
        if let Some(wait) = self.retry_after {
            body["retry_after_sec"] = wait.as_secs().max(1).into();
        }
        let mut answer = (self.status, axum::Json(body)).into_response();
        self.add_headers(&mut answer);
        answer
    }

    /// Headers that go with the error in any form, JSON or page.
    pub fn add_headers(&self, answer: &mut Response) {
        if let Some(wait) = self.retry_after {
            let seconds = HeaderValue::from(wait.as_secs().max(1));
            answer.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            answer
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
        }
    }
}

impl IntoResponse for HubError {
    /// Leaves the body to the edge, which knows the caller's language and the request id.
    fn into_response(self) -> Response {
        let mut answer = self.status.into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

impl From<JsonRejection> for HubError {
    /// Keeps the kind of the mistake only: the text of it quotes the body.
    fn from(rejection: JsonRejection) -> Self {
        let kind = match &rejection {
            JsonRejection::JsonDataError(_) => "JSON of another shape",
            JsonRejection::JsonSyntaxError(_) => "not JSON",
            JsonRejection::MissingJsonContentType(_) => "not declared as JSON",
            _ => "the body cannot be read",
        };
        Self::of_status(rejection.status()).because(kind)
    }
}

impl From<QueryRejection> for HubError {
    fn from(_: QueryRejection) -> Self {
        Self::malformed().because("the query cannot be read")
    }
}
