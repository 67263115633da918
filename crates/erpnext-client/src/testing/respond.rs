//! One request: taken apart, let in, carried out, wrapped up.

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use wiremock::{Request, Respond, ResponseTemplate};

use super::auth::{self, Entry};
use super::envelope::{self, Api, Reply, Style};
use super::failure::Failure;
use super::files::{self, Part};
use super::route;
use super::site::{Cx, Doc, Site};
use super::{LoggedRequest, Shared};
use crate::Dialect;

/// The longest request line the server before Frappe takes.
const LONGEST_LINE: usize = 4094;
/// The largest body Frappe takes.
const LARGEST_BODY: usize = 25 * 1024 * 1024;
const LOGGED_REQUESTS: usize = 1000;
const LOGGED_BODY: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Responder(pub(super) Shared);

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        if let Some(answer) = refuse_by_size(request) {
            return answer;
        }
        // Everything that needs no site happens before the lock and after it.
        let call = Call::of(request);
        let (style, answered) = self.0.lock(|site| {
            site.record(request, &call);
            site.answer(&call)
        });
        let Answered {
            outcome,
            messages,
            cookies,
            headers,
        } = answered;
        let mut template = style.render(outcome, messages);
        for cookie in &cookies {
            template = envelope::cookie_header(template, cookie);
        }
        for (name, value) in headers {
            template = template.insert_header(name, value.as_str());
        }
        template
    }
}

fn refuse_by_size(request: &Request) -> Option<ResponseTemplate> {
    let url = &request.url;
    let target = url.path().len() + url.query().map_or(0, |query| query.len() + 1);
    let line = request.method.as_str().len() + target + "  HTTP/1.1".len();
    if line > LONGEST_LINE {
        let page = format!(
            "<html>\n  <head>\n    <title>Bad Request</title>\n  </head>\n  <body>\n    <h1><p>Bad Request</p></h1>\n    Request Line is too large ({line} &gt; {LONGEST_LINE})\n  </body>\n</html>\n"
        );
        return Some(ResponseTemplate::new(400).set_body_raw(page, "text/html"));
    }
    if request.body.len() > LARGEST_BODY {
        let page = "<!doctype html>\n<html lang=en>\n<title>413 Request Entity Too Large</title>\n<h1>Request Entity Too Large</h1>\n<p>The data value transmitted exceeds the capacity limit.</p>\n";
        return Some(ResponseTemplate::new(413).set_body_raw(page, "text/html; charset=utf-8"));
    }
    None
}

/// A request, taken apart.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) method: &'a str,
    /// Decoded as a whole, as the router sees it.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: &'a HeaderMap,
    /// What Frappe calls the form dict.
    pub(super) args: Result<Doc, BadBody>,
    pub(super) parts: Vec<Part>,
}

/// A body that is not what its content type says.
#[derive(Clone, Copy, Debug)]
pub(super) enum BadBody {
    NotJson,
    NotAnObject,
}

impl<'a> Call<'a> {
    fn of(request: &'a Request) -> Self {
        let query: Vec<(String, String)> = request
            .url
            .query_pairs()
            .map(|(key, value)| (key.into_owned(), value.into_owned()))
            .collect();
        let (args, parts) = form_dict(request, &query);
        Self {
            method: request.method.as_str(),
            path: percent_decode_str(request.url.path())
                .decode_utf8_lossy()
                .into_owned(),
            query,
            headers: &request.headers,
            args,
            parts,
        }
    }

    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(super) fn is_safe(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS")
    }

    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all("cookie").iter();
        cookies
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }
}

/// A JSON body takes the place of the query; a form joins it.
fn form_dict(request: &Request, query: &[(String, String)]) -> (Result<Doc, BadBody>, Vec<Part>) {
    let content_type = request.headers.get("content-type");
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut args: Doc = query
        .iter()
        .map(|(key, value)| (key.clone(), json!(value)))
        .collect();
    if content_type.contains("application/json") && !request.body.is_empty() {
        let args = match serde_json::from_slice(&request.body) {
            Ok(Value::Object(object)) => Ok(object),
            Ok(Value::Array(list)) => Ok(Map::from_iter([("data".to_owned(), list.into())])),
            Ok(_) => Err(BadBody::NotAnObject),
            Err(_) => Err(BadBody::NotJson),
        };
        return (args, Vec::new());
    }
    let mut parts = Vec::new();
    if let Some((_, boundary)) = content_type.split_once("boundary=") {
        for part in files::multipart(&request.body, boundary.trim_matches('"')) {
            if part.filename.is_none() {
                let text = String::from_utf8_lossy(&part.content).into_owned();
                args.insert(part.name.clone(), json!(text));
            } else {
                parts.push(part);
            }
        }
    } else if content_type.contains("x-www-form-urlencoded") {
        for (key, value) in url::form_urlencoded::parse(&request.body) {
            args.insert(key.into_owned(), json!(value));
        }
    }
    (Ok(args), parts)
}

/// What the lock gives back.
pub(super) struct Answered {
    outcome: Result<Reply, Failure>,
    messages: Vec<super::failure::Message>,
    cookies: Vec<String>,
    headers: Vec<(&'static str, String)>,
}

impl Site {
    fn record(&mut self, request: &Request, call: &Call<'_>) {
        if self.log.len() >= LOGGED_REQUESTS {
            self.log.pop_front();
        }
        let headers = request.headers.iter();
        self.log.push_back(LoggedRequest {
            method: call.method.to_owned(),
            path: request.url.path().to_owned(),
            query: call.query.clone(),
            headers: headers
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    (name.as_str().to_owned(), value)
                })
                .collect(),
            body: request.body.iter().take(LOGGED_BODY).copied().collect(),
        });
    }

    fn answer(&mut self, call: &Call<'_>) -> (Style, Answered) {
        self.serial += 16;
        let v2 = call.path.starts_with("/api/v2/");
        let accept = call.header("accept");
        let mut style = Style {
            api: if v2 { Api::V2 } else { Api::V1 },
            dialect: self.dialect,
            traceback: self.traceback,
            html: accept.contains("text/html") && !accept.contains("application/json"),
            expired: false,
            serial: self.serial,
        };
        let mut cx = Cx {
            user: "Guest".to_owned(),
            base: format!("http://{}", call.header("host")),
            messages: Vec::new(),
        };
        let mut headers = Vec::new();
        let outcome = match self.stand_in(call) {
            Some(failure) => Err(failure),
            None => match self.throttle(&mut headers) {
                Some(failure) => Err(failure),
                None => self.enter(call, &mut style, &mut cx),
            },
        };
        let cookies = match &outcome {
            Ok(reply) if reply.cookies.is_empty() => auth::guest_cookies(&cx.user, call),
            Ok(_) => Vec::new(),
            Err(_) => auth::guest_cookies(&cx.user, call),
        };
        let answered = Answered {
            outcome,
            messages: cx.messages,
            cookies,
            headers,
        };
        (style, answered)
    }

    /// Failures before Frappe looks at the request.
    fn stand_in(&mut self, call: &Call<'_>) -> Option<Failure> {
        if let Some((status, left)) = &mut self.pages
            && *left > 0
        {
            *left -= 1;
            return Some(Failure::page(*status, "The server is not available."));
        }
        let wanted = self.host.as_deref()?;
        let named = match call.header("x-frappe-site-name") {
            "" => call.header("host").split(':').next().unwrap_or_default(),
            name => name,
        };
        (named != wanted).then(|| Failure::page(404, format!("{named} does not exist")))
    }

    fn enter(&mut self, call: &Call<'_>, style: &mut Style, cx: &mut Cx) -> Result<Reply, Failure> {
        let Entry { user, expired } = self.let_in(call)?;
        style.expired = expired;
        if self.dialect == Dialect::V16 && !self.users.is_system_user(&user) {
            style.traceback = false;
        }
        cx.user = user;
        if !call.is_safe() && self.deadlocks > 0 {
            self.deadlocks -= 1;
            let text =
                "(1213, 'Deadlock found when trying to get lock; try restarting transaction')";
            return Err(Failure::raised(500, "QueryDeadlockError", text));
        }
        let outcome = route::route(self, call, cx, style.api);
        // Only what changes may change: a GET is rolled back, and so is a failure.
        if outcome.is_err() || call.is_safe() {
            self.roll_back(0);
            self.hooks.forget(0);
        } else {
            self.journal.clear();
            self.dispatch();
        }
        outcome
    }
}
