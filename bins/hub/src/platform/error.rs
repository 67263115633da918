//! The one error body of the hub: outside, a code and a sentence; inside, the cause.

use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};
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
    /// What happened, where the code alone does not say it: French, English.
    sentence: Option<&'static (&'static str, &'static str)>,
    /// More for a program that reads the answer.
    details: Option<Box<Map<String, Value>>>,
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
            sentence: None,
            details: None,
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

    /// 409 of a kind that callers tell apart by its code.
    #[must_use]
    pub fn state(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// 402: the payment was refused.
    #[must_use]
    pub fn payment_refused(code: &'static str) -> Self {
        Self::new(StatusCode::PAYMENT_REQUIRED, code)
    }

    /// 503: asked, and no answer: it may have happened. To be asked again, with what went before.
    #[must_use]
    pub fn outcome_unknown() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "outcome_unknown")
    }

    /// 503: not now.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::of_status(StatusCode::SERVICE_UNAVAILABLE)
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

    /// Says what happened in other words than the code's own: French, English.
    #[must_use]
    pub fn saying(mut self, sentence: &'static (&'static str, &'static str)) -> Self {
        self.sentence = Some(sentence);
        self
    }

    /// Adds a member to the body, for programs.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        let details = self.details.get_or_insert_default();
        details.insert(name.to_owned(), value.into());
        self
    }

    /// A member of the body that was added.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<&Value> {
        self.details.as_ref()?.get(name)
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
        if let Some((fr, en)) = self.sentence {
            return lang.pick(fr, en);
        }
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
            "already_paid" => (
                "Cette facture est déjà payée.",
                "This invoice is already paid.",
            ),
            "not_payable" => (
                "Cette facture ne se paie pas\u{a0}: elle est à l’état de brouillon, annulée ou un crédit.",
                "This invoice is not to be paid: it is a draft, cancelled or a credit note.",
            ),
            "payment_under_way" => (
                "Un paiement de cette facture est en cours. Attendez qu’il soit inscrit.",
                "A payment of this invoice is under way. Wait until it is booked.",
            ),
            "amount_changed" => (
                "Le solde a changé depuis que vous avez ouvert cette page. Vérifiez-le et recommencez.",
                "The balance changed since you opened this page. Check it and start again.",
            ),
            "in_progress" => (
                "La même demande est en cours. Attendez sa réponse.",
                "The same request is under way. Wait for its answer.",
            ),
            "key_reused" => (
                "Cette clé a déjà servi pour une autre demande.",
                "This key was used for another request.",
            ),
            "no_card" => (
                "Ce client n’a pas de carte enregistrée. Envoyez-lui un lien de paiement.",
                "This customer has no saved card. Send a payment link.",
            ),
            "no_email" => (
                "Ce client n’a pas d’adresse courriel. Ajoutez-en une à sa fiche.",
                "This customer has no email address. Add one to the record.",
            ),
            "not_refundable" => (
                "Ce paiement n’a pas été fait par carte\u{a0}: il ne se rembourse pas ici.",
                "This payment was not made by card: it cannot be refunded here.",
            ),
            "already_refunded" => (
                "Ce paiement est déjà remboursé en entier.",
                "This payment is already refunded in full.",
            ),
            "card_declined" => (
                "Paiement refusé. Essayez une autre carte.",
                "Payment declined. Try another card.",
            ),
            "authentication_required" => (
                "La banque demande que le client confirme lui-même. Envoyez-lui un lien de paiement.",
                "The bank asks the customer to confirm in person. Send a payment link.",
            ),
            "outcome_unknown" => (
                "On ne sait pas encore si c’est fait. Réessayez dans un instant\u{a0}: rien ne sera fait deux fois.",
                "It is not known yet whether it was done. Try again in a moment: nothing is done twice.",
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

    /// The body of the answer, as the caller sees it.
    #[must_use]
    pub fn body(&self, lang: Lang, request_id: &str) -> Value {
        let mut body = json!({
            "error": self.code,
            "message": self.message(lang),
            "request_id": request_id,
        });
        for (name, value) in self.details.iter().flat_map(|details| details.iter()) {
            body[name] = value.clone();
        }
        if let Some(field) = self.field {
            body["field"] = field.into();
        }
        if let Some(wait) = self.retry_after {
            body["retry_after_sec"] = wait.as_secs().max(1).into();
        }
        body
    }

    /// The answer as the caller sees it.
    #[must_use]
    pub fn render(&self, lang: Lang, request_id: &str) -> Response {
        let body = self.body(lang, request_id);
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

impl From<effect_journal::Error> for HubError {
    /// Nothing is done that cannot be written down first.
    fn from(error: effect_journal::Error) -> Self {
        use effect_journal::ErrorKind;
        let answer = match error.kind() {
            ErrorKind::Full | ErrorKind::Unavailable => {
                Self::unavailable().retry_after(Duration::from_secs(5))
            }
            ErrorKind::Unknown => Self::outcome_unknown().retry_after(Duration::from_secs(5)),
            _ => Self::internal(),
        };
        answer.caused_by(&error)
    }
}
