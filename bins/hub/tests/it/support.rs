//! A hub in the test's own process, and a caller in front of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use axum::response::Response;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use hub::Hub;
use hub::platform::config::Config;
use hub::platform::identity::Peer;
use integration_core::Clock;
use tower::ServiceExt as _;

pub(crate) const PROXY: &str = "10.0.0.2:4000";
pub(crate) const STRANGER: &str = "203.0.113.9:4000";

pub(crate) fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// 22 November 2026, 15:00 UTC.
pub(crate) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_359_600)
}

/// A hub whose proxies are 10.0.0.0/24, at a fixed time, with these settings more.
pub(crate) fn hub(pairs: &[(&str, &str)]) -> Hub {
    let mut settings = settings(pairs);
    settings
        .entry("TRUSTED_PROXIES".to_owned())
        .or_insert_with(|| "10.0.0.0/24".to_owned());
    settings
        .entry("MAGIC_LINK_SECRET".to_owned())
        .or_insert_with(|| "0123456789abcdef0123456789abcdef".to_owned());
    Hub::new(Config::read(&settings).unwrap(), Clock::fixed(noon())).unwrap()
}

/// One request in the making.
pub(crate) struct Call {
    request: http::request::Builder,
    body: Body,
    peer: SocketAddr,
}

pub(crate) fn call(method: Method, uri: &str) -> Call {
    Call {
        request: Request::builder().method(method).uri(uri),
        body: Body::empty(),
        peer: PROXY.parse().unwrap(),
    }
}

pub(crate) fn get(uri: &str) -> Call {
    call(Method::GET, uri)
}

impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn header_bytes(mut self, name: &str, value: &[u8]) -> Self {
        let value = http::HeaderValue::from_bytes(value).unwrap();
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn staff(self) -> Self {
        self.header("x-authentik-email", "marie@example.ca")
            .header("x-authentik-groups", "soutien|réseau")
    }

    pub(crate) fn from(mut self, peer: &str) -> Self {
        self.peer = peer.parse().unwrap();
        self
    }

    pub(crate) fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Body::from(body.to_string());
        self.header("content-type", "application/json")
    }

    pub(crate) fn form(mut self, body: &str) -> Self {
        self.body = Body::from(body.to_owned());
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn streaming(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(crate) async fn send(self, hub: &Hub) -> Answer {
        let mut request = self.request.body(self.body).unwrap();
        request.extensions_mut().insert(Peer(self.peer));
        let answer = hub::router(hub.clone()).oneshot(request).await.unwrap();
        Answer::read(answer).await
    }
}

/// An answer with its body.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    async fn read(answer: Response) -> Self {
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}
