//! The screens of the network: what they say, how they are built, and what they refuse.

use genieacs_nbi::testing::{Cpe, FakeNbi};
use http::{Method, StatusCode};
use hub::Hub;
use integration_core::testing::{Fault, FaultRule};
use serde_json::json;
use ui_kit::testing::assert_page;

use crate::devices::{GOOD, fleet, modem};
use crate::support::{Answer, call, get, hub, noon};

const DEVICE: &str = "/ops/network/device?serial=TPLGAB12CD34";

pub(crate) async fn page(hub: &Hub, uri: &str) -> Answer {
    let answer = get(uri)
        .staff()
        .header("accept", "text/html")
        .send(hub)
        .await;
    if answer.header("content-type").starts_with("text/html") {
        assert_page(&answer.text);
        assert!(
            answer.text.len() <= 60_000,
            "{uri}: {} bytes",
            answer.text.len()
        );
    }
    answer
}

#[tokio::test]
async fn the_device_page_says_how_it_is_in_one_sentence() {
    let (_nbi, hub) = fleet().await;
    let answer = page(&hub, DEVICE).await;
    assert_eq!(answer.status, StatusCode::OK);
    for text in [
        "XX230v",
        "Optique",
        "Internet (WAN)",
        "Wi-Fi",
        "Réseau local",
        "24.48.12.34",
    ] {
        assert!(answer.text.contains(text), "{text}");
    }
    assert!(
        answer.text.contains("−20,0") || answer.text.contains("−20"),
        "French numbers"
    );
    let weak = page(
        &hub,
        "/ops/network/device?serial=TWIN&id=A1B2C3-XX%2520B-TWIN",
    )
    .await;
    assert_eq!(weak.status, StatusCode::OK);
    assert!(weak.text.contains("Mauvais"));
    let english = get(DEVICE)
        .staff()
        .header("cookie", "lang=en")
        .send(&hub)
        .await;
    assert!(english.text.contains("Optical") && english.text.contains("lang=\"en-CA\""));
}

#[tokio::test]
async fn a_search_leads_to_the_device_a_list_or_a_plain_answer() {
    let (_nbi, hub) = fleet().await;
    assert_eq!(page(&hub, "/ops/network").await.status, StatusCode::OK);
    let one = page(&hub, "/ops/network?q=tplgab12cd34").await;
    assert_eq!(one.status, StatusCode::SEE_OTHER);
    assert!(
        one.header("location")
            .starts_with("/ops/network/device?serial=TPLGAB12CD34")
    );
    let several = page(&hub, "/ops/network?q=TWIN").await;
    assert_eq!(several.status, StatusCode::OK);
    assert_eq!(
        several.text.matches("XX%2520").count(),
        2,
        "two links, escaped once more"
    );
    let none = page(&hub, "/ops/network?q=NOBODY").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    assert!(none.text.contains("Aucun appareil avec ce numéro"));
    let wrong = page(&hub, "/ops/network?q=%07").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Il y a un problème"));
}

#[tokio::test]
async fn hostile_names_execute_nothing() {
    let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>javascript:";
    let nbi = FakeNbi::start().await.unwrap();
    let mut device = modem(GOOD, "TPLGAB12CD34", 100);
    device["_tags"] = json!([evil]);
    device["Device"]["DeviceInfo"]["ModelName"]["_value"] = json!(evil);
    device["Device"]["WiFi"] =
        json!({"SSID": {"1": {"SSID": {"_value": evil}, "Enable": {"_value": true}}}});
    device["Device"]["Hosts"] = json!({"Host": {"1": {
        "PhysAddress": {"_value": "02:00:00:00:00:01"}, "HostName": {"_value": evil}, "Active": {"_value": true},
    }}});
    nbi.seed(device);
    let hub = hub(&[("GENIEACS_NBI_URL", &nbi.url())]);
    for uri in [
        DEVICE.to_owned(),
        format!("/ops/network?q={}", ui_kit::query_value(evil)),
        format!(
            "{DEVICE}&act=reboot&outcome=faulted&request={}",
            ui_kit::query_value(evil)
        ),
        format!("/ops/network/device?serial={}", ui_kit::query_value(evil)),
    ] {
        let answer = page(&hub, &uri).await;
        assert!(
            !answer.text.contains("<script>alert") && !answer.text.contains("<img src=x"),
            "{uri}"
        );
    }
}

fn field(html: &str, name: &str) -> String {
    let from = html.find(&format!("name=\"{name}\"")).unwrap();
    let tag = &html[html[..from].rfind('<').unwrap()..];
    let tag = &tag[..tag.find('>').unwrap()];
    let value = &tag[tag.find("value=\"").unwrap() + 7..];
    value[..value.find('"').unwrap()].to_owned()
}

async fn submit(hub: &Hub, uri: &str, csrf: &str, site: Option<&str>) -> Answer {
    let body = format!("csrf={csrf}&serial=TPLGAB12CD34&id={GOOD}");
    let mut request = call(Method::POST, uri).staff().form(&body);
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    request.send(hub).await
}

#[tokio::test]
async fn reading_again_and_restarting_go_through_a_form_of_ours() {
    let (nbi, hub) = fleet().await;
    let csrf = field(&page(&hub, DEVICE).await.text, "csrf");
    for (uri, act) in [
        ("/ops/network/device/read", "read"),
        ("/ops/network/device/reboot", "reboot"),
    ] {
        for (csrf, site) in [
            (csrf.as_str(), Some("cross-site")),
            (csrf.as_str(), None),
            ("", Some("same-origin")),
            ("00", Some("same-origin")),
        ] {
            assert_eq!(
                submit(&hub, uri, csrf, site).await.status,
                StatusCode::FORBIDDEN
            );
        }
        let done = submit(&hub, uri, &csrf, Some("same-origin")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert!(
            done.header("location")
                .contains(&format!("act={act}&outcome=done"))
        );
        assert_eq!(
            page(&hub, done.header("location")).await.status,
            StatusCode::OK
        );
    }
    nbi.cpe(GOOD, Cpe::Offline);
    let later = submit(
        &hub,
        "/ops/network/device/reboot",
        &csrf,
        Some("same-origin"),
    )
    .await;
    assert!(later.header("location").ends_with("outcome=queued"));
    nbi.cpe(
        GOOD,
        Cpe::Faults {
            code: 9002,
            string: "Refus interne".to_owned(),
        },
    );
    let refused = submit(
        &hub,
        "/ops/network/device/reboot",
        &csrf,
        Some("same-origin"),
    )
    .await;
    let told = page(&hub, refused.header("location")).await;
    assert!(
        told.text.contains("Refus interne"),
        "the device's own words"
    );
    // A link cannot put words into the page.
    let forged = page(
        &hub,
        &format!("{DEVICE}&act=reboot&outcome=Envoyez+votre+mot+de+passe"),
    )
    .await;
    assert!(!forged.text.contains("mot de passe"));
}

#[tokio::test]
async fn the_restart_asks_first_and_a_get_changes_nothing() {
    let (nbi, hub) = fleet().await;
    let uri = "/ops/network/device/reboot?serial=TPLGAB12CD34";
    let confirm = page(&hub, uri).await;
    assert_eq!(confirm.status, StatusCode::OK);
    assert!(confirm.text.contains("method=\"post\""));
    assert!(
        nbi.requests()
            .iter()
            .all(|request| !format!("{request:?}").contains("POST"))
    );
    let read = get("/ops/network/device/read").staff().send(&hub).await;
    assert_eq!(read.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_device_server_in_trouble_leaves_the_page_standing() {
    let (nbi, hub) = fleet().await;
    nbi.faults().add(FaultRule::new(Fault::Close));
    for uri in [
        DEVICE,
        "/ops/network?q=TPLGAB12CD34",
        "/ops/network/device/reboot?serial=TPLGAB12CD34",
    ] {
        let answer = page(&hub, uri).await;
        assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{uri}");
        assert!(
            answer.text.contains(answer.header("x-request-id")),
            "the id to tell"
        );
    }
    let csrf = hub
        .csrf()
        .token("marie@example.ca", noon().try_into().unwrap());
    let told = submit(&hub, "/ops/network/device/read", &csrf, Some("same-origin")).await;
    assert!(
        told.header("location")
            .contains("outcome=unreachable&request=")
    );
    let off = crate::support::hub(&[]);
    assert_eq!(
        page(&off, DEVICE).await.status,
        StatusCode::SERVICE_UNAVAILABLE
    );
}

async fn restart(hub: &Hub) -> Answer {
    let csrf = hub
        .csrf()
        .token("marie@example.ca", noon().try_into().unwrap());
    let uri = "/ops/network/device/reboot";
    submit(hub, uri, &csrf, Some("same-origin")).await
}

const NOTHING: &str = "Rien n’a été demandé au modem.";

#[tokio::test]
async fn a_lost_answer_is_not_told_as_nothing_asked() {
    let (nbi, hub) = fleet().await;
    let error = |status: StatusCode, text: &str| Fault::Status(status, text.to_owned());
    for (fault, outcome, words) in [
        (
            Fault::ResetAfterCommit,
            "unknown",
            "On ne sait pas si la demande est passée.",
        ),
        (Fault::Reset, "unknown", "Vérifiez les tâches du modem"),
        (Fault::Close, "unknown", "Vérifiez les tâches du modem"),
        (Fault::Truncate(10), "unknown", "On ne sait pas"),
        (
            error(StatusCode::INTERNAL_SERVER_ERROR, "Error"),
            "unknown",
            "On ne sait pas",
        ),
        (
            error(StatusCode::GATEWAY_TIMEOUT, "Gateway Timeout"),
            "unknown",
            "On ne sait pas",
        ),
        (
            error(StatusCode::OK, "<html>sign in</html>"),
            "unknown",
            "On ne sait pas",
        ),
        (
            error(StatusCode::SERVICE_UNAVAILABLE, "Device is in session"),
            "busy",
            "Réessayez dans un instant.",
        ),
        (
            error(StatusCode::NOT_FOUND, "No such device"),
            "missing",
            "ne connaît pas ce modem",
        ),
    ] {
        let case = format!("{fault:?}");
        nbi.faults().clear();
        nbi.faults().add(FaultRule::new(fault).on(Method::POST));
        let answer = restart(&hub).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{case}");
        let location = answer.header("location");
        let mut asked = format!("&act=reboot&outcome={outcome}");
        if outcome == "unknown" {
            asked = format!("{asked}&request={}", answer.header("x-request-id"));
        }
        assert!(location.ends_with(&asked), "{case}: {location}");
        let told = page(&hub, location).await;
        assert!(told.text.contains(words), "{case}");
        assert_eq!(told.text.contains(NOTHING), outcome != "unknown", "{case}");
    }
}

#[tokio::test]
async fn a_request_that_never_left_says_so_even_when_the_device_cannot_be_shown() {
    // A port on which nobody listens any more.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let refused = hub(&[("GENIEACS_NBI_URL", &url)]);
    let unset = hub(&[]);
    for (hub, status) in [
        (&refused, StatusCode::BAD_GATEWAY),
        (&unset, StatusCode::SERVICE_UNAVAILABLE),
    ] {
        let answer = restart(hub).await;
        let location = answer.header("location");
        assert!(
            location.contains("outcome=unreachable&request="),
            "{location}"
        );
        let told = page(hub, location).await;
        assert_eq!(told.status, status);
        assert!(told.text.contains(NOTHING));
        let lost = page(hub, &location.replace("unreachable", "unknown")).await;
        assert!(lost.text.contains("On ne sait pas") && !lost.text.contains(NOTHING));
    }
}

#[tokio::test]
async fn a_device_that_takes_longer_than_a_person_waits_may_still_be_at_it() {
    let (nbi, hub) = fleet().await;
    nbi.faults()
        .add(FaultRule::new(Fault::HangAfterCommit).on(Method::POST));
    let asking = tokio::spawn({
        let hub = hub.clone();
        async move { restart(&hub).await }
    });
    while !nbi
        .requests()
        .iter()
        .any(|request| request.method == "POST")
    {
        tokio::task::yield_now().await;
    }
    // The minute of patience passes at once.
    tokio::time::pause();
    let answer = asking.await.unwrap();
    tokio::time::resume();
    let location = answer.header("location");
    assert!(
        location.ends_with("&act=reboot&outcome=pending"),
        "{location}"
    );
    let told = page(&hub, location).await;
    assert!(told.text.contains("Le modem y travaille peut-être encore."));
    assert!(!told.text.contains(NOTHING));
}

#[tokio::test]
async fn pages_carry_their_security_headers_and_are_for_staff_alone() {
    let (_nbi, hub) = fleet().await;
    for uri in ["/ops/network", DEVICE] {
        let answer = page(&hub, uri).await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "trusted-types pages",
        ] {
            assert!(policy.contains(part), "{part}");
        }
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        let stranger = get(uri).send(&hub).await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
        assert!(!stranger.text.contains("24.48.12.34"));
    }
}

#[tokio::test]
async fn assets_are_immutable_small_and_named_by_content() {
    let hub = hub(&[]);
    let mut total = 0;
    for asset in ui_kit::assets() {
        let plain = get(&asset.path).send(&hub).await;
        assert_eq!(plain.status, StatusCode::OK);
        assert!(plain.header("cache-control").contains("immutable"));
        total += plain.text.len();
        let packed = get(&asset.path)
            .header("accept-encoding", "br, gzip")
            .send(&hub)
            .await;
        assert_eq!(packed.header("content-encoding"), "gzip");
    }
    assert!(
        total <= 40_000,
        "{total} bytes leave too little for the page"
    );
    assert_eq!(
        get("/assets/app.css").send(&hub).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_language_link_leads_back_and_nowhere_else() {
    let hub = hub(&[]);
    let switch = get("/lang/en?next=%2Fops%2Fnetwork%3Fq%3Da")
        .send(&hub)
        .await;
    assert_eq!(switch.header("location"), "/ops/network?q=a");
    assert!(switch.header("set-cookie").starts_with("lang=en;"));
    for evil in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a%0d%0ab",
        "evil",
    ] {
        let answer = get(&format!("/lang/fr?next={evil}")).send(&hub).await;
        assert_eq!(answer.header("location"), "/", "{evil}");
    }
}
