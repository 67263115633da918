//! Plain HTTP to a fake site, for what a client would hide.

use erpnext_client::testing::FakeSite;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A caller with its headers.
#[derive(Clone)]
pub(crate) struct Caller {
    base: String,
    headers: Vec<(String, String)>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) json: Value,
    headers: HeaderMap,
}

impl Answer {
    pub(crate) fn of(status: u16, text: &str) -> Self {
        Self {
            status,
            text: text.to_owned(),
            json: serde_json::from_str(text).unwrap_or_default(),
            headers: HeaderMap::new(),
        }
    }

    pub(crate) fn exc_type(&self) -> &str {
        self.json["exc_type"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// `_server_messages`, unpacked twice.
    pub(crate) fn messages(&self) -> Vec<Value> {
        let list = self.json["_server_messages"].as_str().unwrap_or("[]");
        let texts: Vec<String> = serde_json::from_str(list).unwrap();
        texts
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect()
    }
}

impl Caller {
    pub(crate) fn guest(fake: &FakeSite) -> Self {
        Self {
            base: fake.url(),
            headers: vec![("accept".into(), "application/json".into())],
        }
    }

    pub(crate) fn administrator(fake: &FakeSite) -> Self {
        Self::guest(fake).authorization("token 0a1b2c3d4e5f6a7:7a6f5e4d3c2b1a0")
    }

    pub(crate) fn authorization(self, value: &str) -> Self {
        self.header("authorization", value)
    }

    pub(crate) fn cookie(self, value: &str) -> Self {
        self.header("cookie", value)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.into(), value.into()));
        self
    }

    /// One path segment.
    pub(crate) fn segment(name: &str) -> String {
        let bytes = name.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        });
        bytes.collect()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let (kind, body) = match body {
            Some(body) => ("application/json", body.to_string()),
            None => ("", String::new()),
        };
        self.raw(method, path, kind, &body).await
    }

    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs = fields
            .iter()
            .map(|(key, value)| format!("{key}={}", Self::segment(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.raw(
            Method::POST,
            path,
            "application/x-www-form-urlencoded",
            &body,
        )
        .await
    }

    pub(crate) async fn raw(&self, method: Method, path: &str, kind: &str, body: &str) -> Answer {
        self.call(method, path, kind, body).await.unwrap()
    }

    /// None when the answer is lost.
    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> Option<Answer> {
        self.call(Method::POST, path, "application/json", &body.to_string())
            .await
    }

    async fn call(&self, method: Method, path: &str, kind: &str, body: &str) -> Option<Answer> {
        let host = self.base.strip_prefix("http://").unwrap();
        let mut head = format!("{method} {} HTTP/1.1\r\n", target(path));
        let mut headers = self.headers.clone();
        headers.push(("host".into(), host.into()));
        headers.push(("connection".into(), "close".into()));
        headers.push(("content-length".into(), body.len().to_string()));
        if !kind.is_empty() {
            headers.push(("content-type".into(), kind.into()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(host).await.unwrap();
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .await
            .ok()?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.ok()?;
        parse(&bytes)
    }
}

/// Bytes that no request line holds.
fn target(path: &str) -> String {
    let bytes = path.bytes().map(|byte| match byte {
        b'"' | b'{' | b'}' | b'[' | b']' | b'<' | b'>' | b' ' | 0x80.. => format!("%{byte:02X}"),
        plain => char::from(plain).to_string(),
    });
    bytes.collect()
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let at = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ")?;
        let name: HeaderName = name.parse().ok()?;
        headers.append(name, HeaderValue::from_str(value).ok()?);
    }
    let mut answer = Answer::of(status, &String::from_utf8_lossy(&bytes[at + 4..]));
    answer.headers = headers;
    Some(answer)
}
