//! The fake on the wire: what a request we never send would get, as observed on a real server.

use genieacs_nbi::testing::FakeNbi;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{device, fake};

/// Sends a request by hand; status and head with body, or `None` when the connection was closed
/// without a byte.
pub(crate) async fn raw(
    fake: &FakeNbi,
    method: &str,
    path: &str,
    body: &str,
) -> Option<(u16, String)> {
    let address = fake.url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

#[tokio::test]
async fn what_crashes_a_worker_gets_no_answer() {
    let (fake, _client) = fake().await;
    fake.seed(device("A-1", "1"));
    let task = "/devices/A-1/tasks";
    for (method, path, body) in [
        ("POST", task, r#"{"name":"explode"}"#),
        ("POST", task, r#"{"name":"getParameterValues"}"#),
        (
            "POST",
            task,
            r#"{"name":"setParameterValues","parameterValues":[["a",null]]}"#,
        ),
        ("POST", task, r#"{"name":"deleteObject","objectName":""}"#),
        ("POST", task, r#"{"name":"download"}"#),
        ("POST", task, r#"{"name":"provisions","provisions":[[{}]]}"#),
        ("POST", "/devices/abc%zz/tasks", r#"{"name":"reboot"}"#),
        ("DELETE", "/tasks/nope", ""),
        ("POST", "/tasks/0123456789abcdef01234567/retry", ""),
        ("DELETE", "/files/absent", ""),
        ("DELETE", "/faults/A-1:task_nope", ""),
        ("GET", "/devices/?query=%7B%22a%22%3A%22%2F(%2F%22%7D", ""),
        ("GET", "/devices/?query=%7B%22%24and%22%3A%7B%7D%7D", ""),
        (
            "GET",
            "/devices/?query=%7B%22a%22%3A%7B%22%24ne%22%3A%22300%22%2C%22%24exists%22%3Atrue%7D%7D",
            "",
        ),
        ("GET", "/devices/?query=%7B%22a%22%3A%22a**b%22%7D", ""),
        ("GET", "/devices/?query=null", ""),
        ("GET", "/devices/?projection=a,a-b,a.b", ""),
        ("GET", "/tasks/?query=%7B%22_id%22%3A%22nope%22%7D", ""),
    ] {
        let before = fake.crashes();
        assert_eq!(
            raw(&fake, method, path, body).await,
            None,
            "{method} {path} {body}"
        );
        assert_eq!(fake.crashes(), before + 1, "{method} {path}");
    }
}

#[tokio::test]
async fn what_does_not_crash_it_is_answered_in_plain_text() {
    let (fake, _client) = fake().await;
    fake.seed(device("A-1", "1"));
    for (method, path, body, status, end) in [
        ("GET", "/devices/A-1", "", 405, "405 Method Not Allowed"),
        ("GET", "/presets/x", "", 405, "405 Method Not Allowed"),
        ("GET", "/nothing", "", 404, "404 Not Found"),
        ("GET", "//devices/", "", 404, "404 Not Found"),
        ("POST", "/devices/A-1/tags/v1.2", "", 404, "404 Not Found"),
        ("POST", "/devices/A-1/tags/v1%2E2", "", 200, ""),
        ("POST", "/devices/A-9/tags/x", "", 404, "No such device"),
        ("POST", "/devices/A-1/tasks", "", 400, ""),
        (
            "POST",
            "/devices/A-9/tasks?connection_request",
            "",
            404,
            "No such device",
        ),
        (
            "DELETE",
            "/tasks/0123456789abcdef01234567",
            "",
            404,
            "Task not found",
        ),
        ("DELETE", "/devices/A-9", "", 200, ""),
        ("DELETE", "/presets/absent", "", 200, ""),
        ("DELETE", "/faults/A-1:default", "", 200, ""),
        ("PUT", "/files/x.bin", "data", 201, ""),
        (
            "POST",
            "/devices/A-1/tasks",
            r#"{"name":"addObject"}"#,
            202,
            "}",
        ),
        (
            "POST",
            "/devices/A-1/tasks/?connection_request=false",
            r#"{"name":"reboot"}"#,
            200,
            "}",
        ),
        (
            "GET",
            "/devices/?limit=abc&projection=_id",
            "",
            200,
            "[\n{\"_id\":\"A-1\"}\n]",
        ),
        ("GET", "/presets", "", 200, "[\n\n]"),
        ("GET", "/virtual_parameters/", "", 200, "[\n\n]"),
        ("GET", "/virtualParameters", "", 200, "[\n\n]"),
    ] {
        let (got, answer) = raw(&fake, method, path, body).await.unwrap();
        assert_eq!(got, status, "{method} {path}");
        assert!(answer.ends_with(end), "{method} {path}: {answer}");
        assert!(
            answer.to_lowercase().contains("genieacs-version: 1.2.16"),
            "{answer}"
        );
    }
    let (status, answer) = raw(&fake, "GET", "/devices/?query=%7B", "").await.unwrap();
    assert_eq!(status, 400);
    assert!(answer.contains("SyntaxError"), "{answer}");
    assert_eq!(fake.crashes(), 0);
}

#[tokio::test]
async fn an_array_of_tasks_is_stored_as_orphans() {
    let (fake, _client) = fake().await;
    fake.seed(device("A-1", "1"));
    let body = r#"[{"name":"reboot"},{"name":"reboot"}]"#;
    let (status, _) = raw(&fake, "POST", "/devices/A-1/tasks?connection_request", body)
        .await
        .unwrap();
    assert_eq!(status, 202);
    let stored = fake.documents("tasks");
    assert_eq!(stored.len(), 2);
    assert!(stored.iter().all(|task| task.get("device").is_none()));
}

#[tokio::test]
async fn meaning_is_in_the_reason_phrase() {
    let (fake, _client) = fake().await;
    fake.seed(device("A-1", "1"));
    fake.cpe("A-1", genieacs_nbi::testing::Cpe::Offline);
    let (_, answer) = raw(
        &fake,
        "POST",
        "/devices/A-1/tasks?connection_request",
        r#"{"name":"reboot"}"#,
    )
    .await
    .unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 202 Device is offline\r\n"),
        "{answer}"
    );
    let (_, answer) = raw(&fake, "POST", "/devices/A-1/tasks", r#"{"name":"reboot"}"#)
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 202 Accepted\r\n"), "{answer}");
    let (status, answer) = raw(&fake, "POST", "/devices/A-1/tasks?connection_request", "")
        .await
        .unwrap();
    assert_eq!(status, 504);
    assert!(answer.ends_with("Device is offline"), "{answer}");
}
