use http::StatusCode;
use hub::Hub;

use crate::support::{Call, STRANGER, get, hub};

/// A route for staff that needs no remote: without a device server it says 503 to staff.
fn staff_route() -> Call {
    get("/devices/lookup?serial=X")
}

async fn status(call: Call, hub: &Hub) -> StatusCode {
    call.send(hub).await.status
}

const KNOWN: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

#[tokio::test]
async fn staff_is_who_the_trusted_proxy_names() {
    let hub = hub(&[]);
    assert_eq!(status(staff_route().staff(), &hub).await, KNOWN);
    assert_eq!(status(staff_route(), &hub).await, StatusCode::UNAUTHORIZED);
    let blank = staff_route().header("x-authentik-email", " ");
    assert_eq!(status(blank, &hub).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn nobody_else_may_name_staff() {
    let hub = hub(&[]);
    for name in [
        "X-Authentik-Email",
        "x_authentik_email",
        "X-Authentik.Email",
        "Forwarded",
    ] {
        let forged = staff_route()
            .from(STRANGER)
            .header(name, "marie@example.ca");
        assert_eq!(
            status(forged, &hub).await,
            StatusCode::UNAUTHORIZED,
            "{name}"
        );
    }
    let hidden = staff_route()
        .from(STRANGER)
        .staff()
        .header("x-forwarded-for", "10.0.0.2");
    assert_eq!(status(hidden, &hub).await, StatusCode::UNAUTHORIZED);
    // An IPv4 proxy that arrives over an IPv6 socket is still that proxy.
    let mapped = staff_route().staff().from("[::ffff:10.0.0.2]:4000");
    assert_eq!(status(mapped, &hub).await, KNOWN);
}

#[tokio::test]
async fn what_a_trusted_proxy_must_never_pass_on_is_refused() {
    let hub = hub(&[]);
    let twice = staff_route()
        .staff()
        .header("x-authentik-email", "root@example.ca");
    let underscore = staff_route()
        .staff()
        .header("x_authentik_email", "root@example.ca");
    let dot = staff_route()
        .staff()
        .header("x-authentik.email", "root@example.ca");
    let hop = staff_route()
        .staff()
        .header("connection", "close, X-Authentik-Email");
    let more = [
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "x-authentik-uid",
    ]
    .map(|name| staff_route().staff().header(name, "a").header(name, "b"));
    let latin = staff_route().header_bytes("x-authentik-email", b"ren\xe9@example.ca");
    for forged in [twice, underscore, dot, hop, latin].into_iter().chain(more) {
        let answer = forged.send(&hub).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json()["error"], "malformed");
    }
}

#[test]
fn names_and_groups_are_read_as_utf_8() {
    let mut headers = http::HeaderMap::new();
    let value = |text: &str| http::HeaderValue::from_bytes(text.as_bytes()).unwrap();
    headers.insert("x-authentik-email", value("rené@example.ca"));
    headers.insert("x-authentik-groups", value("soutien| réseau |"));
    let trusted = ["10.0.0.0/24".parse().unwrap()];
    let peer = "10.0.0.2:1".parse().unwrap();
    let staff = hub::platform::identity::settle(&mut headers, peer, &trusted)
        .unwrap()
        .1
        .unwrap();
    assert_eq!(
        (staff.email.as_str(), staff.groups),
        (
            "rené@example.ca",
            vec!["soutien".to_owned(), "réseau".to_owned()]
        )
    );
}

mod address {
    use std::net::SocketAddr;

    use http::{HeaderMap, HeaderValue};
    use hub::platform::identity::settle;
    use proptest::prelude::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
        }
        let trusted = ["10.0.0.0/24".parse().unwrap()];
        let peer: SocketAddr = peer.parse().unwrap();
        settle(&mut headers, peer, &trusted)
            .unwrap()
            .0
            .0
            .to_string()
    }

    #[test]
    fn the_client_is_the_first_hop_no_proxy_of_ours_vouches_for() {
        assert_eq!(client("203.0.113.9:1", &["198.51.100.7"]), "203.0.113.9");
        assert_eq!(client("10.0.0.2:1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            client("10.0.0.2:1", &["1.2.3.4, 198.51.100.7, 10.0.0.5"]),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.0.0.2:1", &["1.2.3.4", "198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(client("10.0.0.2:1", &["rubbish"]), "10.0.0.2");
        assert_eq!(client("10.0.0.2:1", &[]), "10.0.0.2");
    }

    proptest! {
        #[test]
        fn what_the_client_writes_does_not_move_its_address(written in "[0-9a-f.:, ]{0,60}") {
            let forwarded = format!("{written}, 198.51.100.7");
            prop_assert_eq!(client("10.0.0.2:1", &[&forwarded]), "198.51.100.7");
        }
    }
}
