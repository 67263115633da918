//! One call: built, sent, repeated where that is safe, its envelope opened.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use http::{Method, header};
use integration_core::{
    ApiPath, Attempt, Error as HttpError, ErrorKind, HttpClient, RequestBuilder, Response,
    RetryPolicy, Secret, StreamingResponse,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::Client;
use super::rpc::Answer;
use crate::error::{ServerError, messages_of};
use crate::{Error, ExcType};

/// Whether a call may be sent again when its answer was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// Reads, and writes that do the same when done twice.
    Safe,
    /// A write that may have arrived is not sent again.
    Never,
    /// A write whose body can be given but once: never sent again, not even unsent.
    Once,
}

/// Where the answer lies in its envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Envelope {
    /// `{"data": …}`: v1 resources, all of v2.
    Data,
    /// `{"message": …}`: v1 methods; absent means null.
    Message,
    /// `{"docs": […]}`: some methods of the desk.
    Docs,
}

/// One call of the REST API.
#[derive(Debug)]
pub(crate) struct Call {
    /// What is asked, for errors and logs: of this crate's own words, never of the caller's.
    pub(crate) what: &'static str,
    pub(crate) method: Method,
    pub(crate) path: ApiPath,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) repeat: Repeat,
    pub(crate) envelope: Envelope,
}

impl Client {
    /// Sends a call and decodes what its envelope holds.
    pub(crate) async fn call<R: DeserializeOwned>(&self, call: Call) -> Result<R, Error> {
        Ok(self.answer(call).await?.value)
    }

    /// As [`call`](Self::call), with the messages that came along.
    pub(crate) async fn answer<R: DeserializeOwned>(&self, call: Call) -> Result<Answer<R>, Error> {
        let response = self.reply(&call).await?;
        open(call.what, call.envelope, &response).map_err(|error| unsure(call.repeat, error))
    }

    /// Sends a call; what it answers is not looked at yet.
    pub(super) async fn reply(&self, call: &Call) -> Result<Response, Error> {
        // Written once, however often it is sent.
        let body = match &call.body {
            Some(body) => Some(bytes::Bytes::from(
                serde_json::to_vec(body)
                    .map_err(|_| Error::invalid("request", "cannot be written as JSON"))?,
            )),
            None => None,
        };
        self.exchange(call.what, call.repeat, |http| {
            let mut request = http.request(call.method.clone(), call.path.clone());
            for (name, value) in &call.query {
                request = request.query(name, value);
            }
            match &body {
                Some(body) => request
                    .body(body.clone())
                    .header(header::CONTENT_TYPE, "application/json"),
                None => request,
            }
        })
        .await
    }

    /// Sends a request, as the user of the session where there is one, until it succeeds or may
    /// not be tried again; the answer is a success.
    pub(crate) async fn exchange(
        &self,
        what: &'static str,
        repeat: Repeat,
        build: impl Fn(&HttpClient) -> RequestBuilder + Send + Sync,
    ) -> Result<Response, Error> {
        let Some(session) = &self.inner.session else {
            return self.attempts(what, repeat, None, &build).await;
        };
        let login = Box::pin(session.login(self)).await?;
        match self.attempts(what, repeat, Some(login.sid()), &build).await {
            outcome if repeat == Repeat::Once => outcome,
            // Refused before anything was done: the session has ended, or has come to own a token
            // of the desk that nobody tells us. A new session is neither.
            Err(Error::Server(answer))
                if answer.is_session_expired()
                    || answer.status() == 401
                    || answer.exc_type() == Some(&ExcType::CsrfToken) =>
            {
                let login = Box::pin(session.renew(self, &login)).await?;
                self.attempts(what, repeat, Some(login.sid()), &build).await
            }
            outcome => outcome,
        }
    }

    /// The value of an answer to [`exchange`](Self::exchange).
    pub(super) fn open<R: DeserializeOwned>(
        what: &'static str,
        repeat: Repeat,
        envelope: Envelope,
        response: &Response,
    ) -> Result<R, Error> {
        let answer = open(what, envelope, response).map_err(|error| unsure(repeat, error))?;
        Ok(answer.value)
    }

    /// As [`exchange`](Self::exchange), for a read whose answer is taken piece by piece.
    pub(super) async fn exchange_streaming(
        &self,
        build: impl Fn(&HttpClient) -> RequestBuilder + Send + Sync,
    ) -> Result<StreamingResponse, Error> {
        let Some(session) = &self.inner.session else {
            return self.begin_streaming(None, &build).await;
        };
        let login = Box::pin(session.login(self)).await?;
        match self.begin_streaming(Some(login.sid()), &build).await {
            // A page says so, without a word about the session.
            Err(error) if matches!(error.status(), Some(401 | 403)) => {
                let login = Box::pin(session.renew(self, &login)).await?;
                self.begin_streaming(Some(login.sid()), &build).await
            }
            outcome => outcome,
        }
    }

    async fn begin_streaming(
        &self,
        sid: Option<&Secret>,
        build: &(impl Fn(&HttpClient) -> RequestBuilder + Send + Sync),
    ) -> Result<StreamingResponse, Error> {
        let mut request = build(&self.inner.http).retry(self.inner.retry.clone());
        if let Some(timeout) = self.timeout {
            request = request.timeout(timeout);
        }
        if let Some(sid) = sid {
            request = request.header(header::COOKIE, &format!("sid={}", sid.expose()));
        }
        let _slot = self.inner.limit.slot().await?;
        let response = Box::pin(request.send_streaming())
            .await
            .map_err(|error| Error::from(Failure::Silent(error)))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let answer = response.read().await.map_err(Error::Transport)?;
        Err(refusal(&answer).into())
    }

    /// The attempts of one request.
    pub(super) async fn attempts(
        &self,
        what: &'static str,
        repeat: Repeat,
        sid: Option<&Secret>,
        build: &(impl Fn(&HttpClient) -> RequestBuilder + Send + Sync),
    ) -> Result<Response, Error> {
        let began = Instant::now();
        let mut number = 0_u32;
        loop {
            number = number.saturating_add(1);
            let mut request = build(&self.inner.http).retry(RetryPolicy::none());
            if let Some(timeout) = self.timeout {
                request = request.timeout(timeout);
            }
            if let Some(sid) = sid {
                request = request.header(header::COOKIE, &format!("sid={}", sid.expose()));
            }
            let slot = self.inner.limit.slot().await?;
            let sent = Instant::now();
            let outcome = Box::pin(request.send()).await;
            drop(slot);
            let outcome = outcome.map_err(Failure::Silent).and_then(accepted);
            let failure = outcome.as_ref().err();
            tracing::debug!(
                what,
                attempt = number,
                milliseconds = u64::try_from(sent.elapsed().as_millis()).unwrap_or(u64::MAX),
                status = match &outcome {
                    Ok(response) => Some(response.status().as_u16()),
                    Err(Failure::Refused(answer)) => Some(answer.status()),
                    Err(Failure::Silent(_)) => None,
                },
                exc_type = failure
                    .and_then(Failure::exc_type)
                    .map(tracing::field::display),
                error = failure
                    .and_then(Failure::silence)
                    .map(tracing::field::display),
                "attempt"
            );
            let failure = match outcome {
                Ok(response) => return Ok(response),
                Err(failure) => failure,
            };
            match self.wait(&failure, repeat, number, began.elapsed()) {
                Some(wait) => sleep(wait).await,
                None => return Err(unsure(repeat, failure.into())),
            }
        }
    }

    /// How long to wait before the next attempt, where there is to be one.
    fn wait(
        &self,
        failure: &Failure,
        repeat: Repeat,
        number: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let passing = match failure {
            Failure::Silent(error) => error.is_retryable(),
            Failure::Refused(answer) => {
                answer.was_rolled_back() || matches!(answer.status(), 429 | 502 | 503 | 504)
            }
        };
        let attempt = Attempt {
            number,
            elapsed,
            never_sent: failure.had_no_effect(),
            idempotent: repeat == Repeat::Safe,
            retry_after: match failure {
                Failure::Refused(answer) => answer.retry_after(),
                Failure::Silent(_) => None,
            },
        };
        let policy = &self.inner.retry;
        let passing = passing && repeat != Repeat::Once;
        passing.then(|| policy.next_wait(&attempt, random()))?
    }
}

/// Why an attempt did not succeed.
enum Failure {
    Silent(HttpError),
    Refused(Box<ServerError>),
}

impl Failure {
    fn exc_type(&self) -> Option<&ExcType> {
        match self {
            Self::Refused(answer) => answer.exc_type(),
            Self::Silent(_) => None,
        }
    }

    fn silence(&self) -> Option<&HttpError> {
        match self {
            Self::Silent(error) => Some(error),
            Self::Refused(_) => None,
        }
    }

    /// The site has certainly not done what was asked.
    fn had_no_effect(&self) -> bool {
        match self {
            Self::Silent(error) => error.is_connect(),
            Self::Refused(answer) => answer.was_rolled_back() || answer.status() == 429,
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Silent(error) => match error.kind() {
                ErrorKind::Invalid(rule) => rule.clone().into(),
                _ => Self::Transport(error),
            },
            Failure::Refused(answer) => (*answer).into(),
        }
    }
}

/// Tells of a write whether its outcome is unknown.
fn unsure(repeat: Repeat, error: Error) -> Error {
    let unknown = repeat != Repeat::Safe
        && match &error {
            Error::Transport(error) => !error.is_connect(),
            // A proxy that gave up, or a page instead of an answer, while the site may go on.
            Error::Unexpected(answer) => match answer.status() {
                502 | 504 => true,
                status => status < 300 || (status >= 500 && !matches!(status, 503 | 508)),
            },
            Error::Decode { .. } => true,
            _ => false,
        };
    if unknown {
        Error::Lost(Box::new(error))
    } else {
        error
    }
}

fn accepted(response: Response) -> Result<Response, Failure> {
    if response.status().is_success() {
        Ok(response)
    } else {
        Err(Failure::Refused(Box::new(refusal(&response))))
    }
}

fn refusal(response: &Response) -> ServerError {
    let mut error = ServerError::from_answer(response.status().as_u16(), response.body());
    if let Some(wait) = response.to_api_error().retry_after() {
        error = error.with_retry_after(wait);
    }
    let id = response.header("x-frappe-request-id");
    match id.and_then(|id| id.parse::<integration_core::RequestId>().ok()) {
        Some(id) => error.with_request_id(id.as_str()),
        None => error,
    }
}

impl Envelope {
    /// The field it holds the answer in.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Message => "message",
            Self::Docs => "docs",
        }
    }
}

/// Takes the value out of its envelope.
fn open<R: DeserializeOwned>(
    what: &'static str,
    envelope: Envelope,
    response: &Response,
) -> Result<Answer<R>, Error> {
    let body = response.body();
    // serde would read an empty array as an envelope of nothing.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Error::Unexpected(Box::new(refusal(response))));
    }
    let unreadable = |error: serde_json::Error| Error::Decode {
        what,
        source: Some(error.into()),
    };
    let opened = match envelope {
        Envelope::Data => serde_json::from_slice::<Data<R>>(body).map(Data::parts),
        Envelope::Message => serde_json::from_slice::<Message<R>>(body).map(Message::parts),
        Envelope::Docs => serde_json::from_slice::<DocsEnvelope<R>>(body).map(DocsEnvelope::parts),
    };
    let (value, messages) = opened.map_err(unreadable)?;
    let value = match value {
        Some(value) => value,
        // Frappe leaves out what is null.
        None => R::deserialize(Value::Null).map_err(unreadable)?,
    };
    Ok(Answer {
        value,
        messages: messages_of(messages.as_ref()),
    })
}

macro_rules! envelope {
    ($name:ident, $field:ident) => {
        #[derive(Deserialize)]
        #[serde(bound = "R: Deserialize<'de>")]
        struct $name<R> {
            #[serde(default = "Option::default")]
            $field: Option<R>,
            #[serde(default, rename = "_server_messages")]
            server_messages: Option<Value>,
        }

        impl<R> $name<R> {
            fn parts(self) -> (Option<R>, Option<Value>) {
                (self.$field, self.server_messages)
            }
        }
    };
}

envelope!(Data, data);
envelope!(Message, message);
envelope!(DocsEnvelope, docs);

/// 64 bits nobody can foresee; only the spread of waits hangs on them.
pub(super) fn random() -> u64 {
    RandomState::new().hash_one(())
}

/// Longest query of an address, encoded: a request line of more than 4 kB is refused by the usual
/// server.
const LONGEST_QUERY: usize = 3500;

/// Whether parameters are too long for an address.
pub(super) fn is_long(query: &[(String, String)]) -> bool {
    // Form encoding makes three bytes of one that is no letter, digit or one of `*-._`, or space.
    let encoded = |text: &str| -> usize {
        text.bytes()
            .map(|byte| match byte {
                b'*' | b'-' | b'.' | b'_' | b' ' => 1,
                byte if byte.is_ascii_alphanumeric() => 1,
                _ => 3,
            })
            .sum()
    };
    let length = query
        .iter()
        .map(|(name, value)| encoded(name) + encoded(value) + 2);
    length.sum::<usize>() > LONGEST_QUERY
}
