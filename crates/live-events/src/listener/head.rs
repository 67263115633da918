//! Heads of HTTP/1.1: read from a client, written to one.

use bytes::{BufMut as _, BytesMut};
use http::response::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, Version, header};
use jiff::Timestamp;

/// Most lines of a head.
const LINES: usize = 64;

/// Reads a head. `None` when it is not whole yet; the status of the refusal when it will never
/// be one.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Request<()>>, StatusCode> {
    let mut lines = [httparse::EMPTY_HEADER; LINES];
    let mut head = httparse::Request::new(&mut lines);
    match head.parse(bytes) {
        Ok(httparse::Status::Complete(_)) => {}
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
        Err(_) => return Err(StatusCode::BAD_REQUEST),
    }
    let malformed = StatusCode::BAD_REQUEST;
    let mut headers = HeaderMap::with_capacity(head.headers.len());
    for line in head.headers.iter() {
        let name = HeaderName::from_bytes(line.name.as_bytes()).map_err(|_| malformed)?;
        let value = HeaderValue::from_bytes(line.value).map_err(|_| malformed)?;
        headers.append(name, value);
    }
    let is_new = head.version == Some(1);
    let hosts = headers.get_all(header::HOST).iter().count();
    if hosts > 1 || (is_new && hosts == 0) {
        return Err(malformed);
    }
    let method = head.method.unwrap_or_default().as_bytes();
    let target = head.path.unwrap_or_default();
    let mut request = Request::new(());
    *request.method_mut() = Method::from_bytes(method).map_err(|_| malformed)?;
    *request.uri_mut() = target.parse::<Uri>().map_err(|_| malformed)?;
    *request.version_mut() = if is_new {
        Version::HTTP_11
    } else {
        Version::HTTP_10
    };
    *request.headers_mut() = headers;
    Ok(Some(request))
}

/// Writes a head, with its date and the empty line.
pub(super) fn write(parts: &Parts, now: Timestamp) -> BytesMut {
    let mut head = BytesMut::with_capacity(512);
    head.put_slice(b"HTTP/1.1 ");
    head.put_slice(parts.status.as_str().as_bytes());
    head.put_slice(b" ");
    let reason = parts.status.canonical_reason().unwrap_or_default();
    head.put_slice(reason.as_bytes());
    head.put_slice(b"\r\n");
    for (name, value) in &parts.headers {
        put_line(&mut head, name.as_str(), value.as_bytes());
    }
    if !parts.headers.contains_key(header::DATE) {
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        put_line(&mut head, "date", date.as_bytes());
    }
    head.put_slice(b"\r\n");
    head
}

fn put_line(head: &mut BytesMut, name: &str, value: &[u8]) {
    head.put_slice(name.as_bytes());
    head.put_slice(b": ");
    head.put_slice(value);
    head.put_slice(b"\r\n");
}
