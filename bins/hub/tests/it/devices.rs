//! Devices through the hub, against a stateful device server.

use std::time::Duration;

use genieacs_nbi::testing::{Cpe, FakeNbi};
use http::{Method, StatusCode};
use hub::Hub;
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::support::{Answer, call, get, hub};

/// A GPON modem of the fleet, much reduced.
pub(crate) fn modem(id: &str, serial: &str, rx: i64) -> Value {
    let leaf = |value: Value| json!({"_value": value, "_timestamp": "2026-11-22T14:58:00.000Z", "_object": false, "_writable": true});
    json!({
        "_id": id,
        "_deviceId": {"_Manufacturer": "TP-Link", "_OUI": "A1B2C3", "_ProductClass": "Device2", "_SerialNumber": serial},
        "_lastInform": "2026-11-22T14:58:00.000Z",
        "_registered": "2025-01-01T00:00:00.000Z",
        "_tags": ["fibre"],
        "Device": {
            "DeviceInfo": {
                "Manufacturer": leaf(json!("TP-Link")),
                "ModelName": leaf(json!("XX230v")),
                "SerialNumber": leaf(json!(serial)),
            },
            "ManagementServer": {"ConnectionRequestURL": leaf(json!("http://10.0.0.9:7547/"))},
            "Ethernet": {"Interface": {"1": {"MACAddress": leaf(json!("5c:62:8b:a1:b2:c3"))}}},
            "IP": {"Interface": {"1": {
                "Enable": leaf(json!(true)),
                "Status": leaf(json!("Up")),
                "IPv4Address": {"1": {"IPAddress": leaf(json!("24.48.12.34"))}},
                "LowerLayers": leaf(json!("Device.PPP.Interface.1.")),
            }}},
            "PPP": {"Interface": {"1": {"Status": leaf(json!("Up")), "ConnectionStatus": leaf(json!("Connected"))}}},
            "Optical": {"Interface": {"1": {"X_TP_GPON_Config": {
                "RXPower": leaf(json!(rx)), "TXPower": leaf(json!(14880)), "Status": leaf(json!("5")),
            }}}},
        },
    })
}

pub(crate) const GOOD: &str = "A1B2C3-Device2-TPLGAB12CD34";

pub(crate) async fn fleet() -> (FakeNbi, Hub) {
    let nbi = FakeNbi::start().await.unwrap();
    nbi.seed(modem(GOOD, "TPLGAB12CD34", 100));
    nbi.seed(modem("A1B2C3-XX%20A-TWIN", "TWIN", 100));
    nbi.seed(modem("A1B2C3-XX%20B-TWIN", "TWIN", 16));
    let hub = hub(&[("GENIEACS_NBI_URL", &nbi.url())]);
    (nbi, hub)
}

async fn lookup(hub: &Hub, query: &str) -> Answer {
    get(&format!("/devices/lookup?{query}"))
        .staff()
        .send(hub)
        .await
}

#[tokio::test]
async fn a_device_is_found_by_whatever_is_on_the_sticker() {
    let (_nbi, hub) = fleet().await;
    for query in [
        "serial=TPLGAB12CD34",
        "serial=tplgab12cd34",
        "serial=54504C47AB12CD34",
        "serial=%20TPLGAB12CD34%20",
        "mac=5C-62-8B-A1-B2-C3",
        "mac=5c628ba1b2c3",
        "ip=24.48.12.34",
    ] {
        let answer = lookup(&hub, query).await;
        if query.starts_with("ip") || query.starts_with("mac") {
            // All three modems of this fleet share them.
            assert_eq!(
                answer.json()["matches"].as_array().unwrap().len(),
                3,
                "{query}"
            );
            continue;
        }
        let body = answer.json();
        assert_eq!(body["id"], GOOD, "{query}");
        assert_eq!(body["online"], true);
        assert_eq!(body["optical"]["rx_dbm"]["value"], -20.0);
        assert_eq!(body["optical"]["rx_dbm"]["read_at"], "2026-11-22T14:58:00Z");
        assert_eq!(body["health"]["optical"], "good");
    }
    let plain = lookup(&hub, "serial=TPLGAB12CD34&plain=1").await.json();
    assert_eq!(plain["optical"]["rx_dbm"], -20.0);
}

#[tokio::test]
async fn several_matches_are_a_list_and_none_is_404() {
    let (_nbi, hub) = fleet().await;
    let matches = lookup(&hub, "serial=TWIN").await.json();
    let ids: Vec<&str> = matches["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["A1B2C3-XX%20A-TWIN", "A1B2C3-XX%20B-TWIN"]);
    assert_eq!(matches["more"], false);
    let none = lookup(&hub, "serial=NOBODY").await;
    assert_eq!(
        (none.status, none.json()["error"].clone()),
        (StatusCode::NOT_FOUND, json!("not_found"))
    );
}

#[tokio::test]
async fn a_list_of_matches_tells_whether_it_was_cut() {
    let (nbi, hub) = fleet().await;
    for (count, more) in [(20, false), (21, true)] {
        nbi.seed(modem(&format!("A1B2C3-Many-{count}"), "MANY", 100));
        for n in 1..count {
            nbi.seed(modem(&format!("A1B2C3-Many-S{n:02}"), "MANY", 100));
        }
        let answer = lookup(&hub, "serial=MANY").await.json();
        let listed = answer["matches"].as_array().unwrap().len();
        assert_eq!((listed, &answer["more"]), (20, &json!(more)), "{count}");
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_before_anything_is_asked() {
    let (nbi, hub) = fleet().await;
    for (query, status) in [
        ("", 400),
        ("serial=A&mac=5c628ba1b2c3", 400),
        ("serial=", 422),
        ("serial=%0A%00", 422),
        ("mac=xyz", 422),
        ("ip=300.1.1.1", 422),
    ] {
        assert_eq!(lookup(&hub, query).await.status.as_u16(), status, "{query}");
    }
    assert_eq!(nbi.requests().len(), 0);
}

#[tokio::test]
async fn hostile_serials_are_data_in_the_query() {
    let (nbi, hub) = fleet().await;
    for serial in [
        "*",
        "/(/",
        "/.*/",
        "\"}",
        "{\"$ne\":1}",
        "$where",
        "a*b*c",
        "%25",
        "\u{202e}",
    ] {
        let query = url::form_urlencoded::byte_serialize(serial.as_bytes()).collect::<String>();
        let answer = lookup(&hub, &format!("serial={query}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{serial}");
    }
    assert_eq!(nbi.crashes(), 0);
}

#[tokio::test]
async fn an_id_with_escapes_is_addressed_as_it_is() {
    let (_nbi, hub) = fleet().await;
    let one = get("/devices/A1B2C3-XX%2520B-TWIN")
        .staff()
        .send(&hub)
        .await
        .json();
    assert_eq!(one["id"], "A1B2C3-XX%20B-TWIN");
    assert_eq!(one["tags"], json!(["fibre"]));
    let summary = get("/devices/A1B2C3-XX%2520B-TWIN/summary?plain=1")
        .staff()
        .send(&hub)
        .await
        .json();
    assert_eq!(summary["health"]["optical"], "bad");
    let none = get("/devices/A1B2C3-XX%2520C-TWIN/summary")
        .staff()
        .send(&hub)
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let list = get("/devices").staff().send(&hub).await.json();
    assert_eq!(list["total"], 3);
}

#[tokio::test]
async fn a_task_says_what_became_of_it() {
    let (nbi, hub) = fleet().await;
    let post = |task: Value| {
        call(
            Method::POST,
            &format!("/acs/devices/{GOOD}/tasks?connection_request=1"),
        )
        .staff()
        .json(&task)
    };
    let reboot = json!({"name": "reboot"});
    let done = post(reboot.clone()).send(&hub).await;
    assert_eq!(
        (done.status.as_u16(), &done.json()["outcome"]),
        (200, &json!("done"))
    );

    nbi.cpe(GOOD, Cpe::Offline);
    let offline = post(reboot.clone()).send(&hub).await;
    assert_eq!(
        (offline.status.as_u16(), &offline.json()["outcome"]),
        (202, &json!("offline"))
    );
    // Asked twice, it waits once.
    post(reboot.clone()).send(&hub).await;
    let waiting = get(&format!("/acs/devices/{GOOD}/tasks"))
        .staff()
        .send(&hub)
        .await
        .json();
    assert_eq!(waiting["tasks"].as_array().unwrap().len(), 1);
    let id = waiting["tasks"][0]["id"].as_str().unwrap();
    let gone = call(Method::DELETE, &format!("/acs/tasks/{id}"))
        .staff()
        .send(&hub)
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);

    nbi.cpe(
        GOOD,
        Cpe::Faults {
            code: 9002,
            string: "Internal error".to_owned(),
        },
    );
    let faulted = post(reboot).send(&hub).await;
    assert_eq!(
        (faulted.status.as_u16(), &faulted.json()["outcome"]),
        (202, &json!("faulted"))
    );
    assert_eq!(faulted.json()["fault"]["code"], "cwmp.9002");
    let faults = get(&format!("/acs/faults?device={GOOD}"))
        .staff()
        .send(&hub)
        .await
        .json();
    let fault = faults["faults"][0]["id"].as_str().unwrap().to_owned();
    let cleared = call(Method::DELETE, &format!("/acs/faults/{fault}"))
        .staff()
        .send(&hub)
        .await;
    assert_eq!(cleared.status, StatusCode::NO_CONTENT);
    assert_eq!(nbi.crashes(), 0);
}

#[tokio::test]
async fn bad_tasks_never_reach_the_device_server() {
    let (nbi, hub) = fleet().await;
    let uri = format!("/acs/devices/{GOOD}/tasks");
    for (task, status) in [
        (json!({"name": "format"}), 422),
        (json!({"name": "getParameterValues"}), 422),
        (
            json!({"name": "getParameterValues", "parameterNames": []}),
            422,
        ),
        (
            json!({"name": "setParameterValues", "parameterValues": [["Device.X", null]]}),
            422,
        ),
        (
            json!({"name": "setParameterValues", "parameterValues": [[1, 2]]}),
            422,
        ),
        (json!([{"name": "reboot"}]), 422),
        // What is not offered is refused, not left out.
        (json!({"name": "reboot", "expiry": 60}), 422),
        (
            json!({"name": "factoryReset", "objectName": "Device.X"}),
            422,
        ),
        (
            json!({"name": "refreshObject", "objectName": "Device.WiFi", "objectname": "x"}),
            422,
        ),
        (
            json!({"name": "setParameterValues", "parameterValues": [["Device.X", 1]], "uniqueKey": "a"}),
            422,
        ),
        (
            json!({"name": "setParameterValues", "parameterValues": [["Device.X", 1, "xsd:int", 2]]}),
            422,
        ),
    ] {
        let answer = call(Method::POST, &uri)
            .staff()
            .json(&task)
            .send(&hub)
            .await;
        assert_eq!(answer.status.as_u16(), status, "{task}");
    }
    let text = call(Method::POST, &uri)
        .staff()
        .form("name=reboot")
        .send(&hub)
        .await;
    assert_eq!(text.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let foreign = call(Method::POST, &uri)
        .staff()
        .header("sec-fetch-site", "cross-site")
        .json(&json!({"name": "reboot"}));
    assert_eq!(foreign.send(&hub).await.status, StatusCode::FORBIDDEN);
    assert!(
        nbi.requests()
            .iter()
            .all(|request| !format!("{request:?}").contains("POST"))
    );
    assert_eq!(nbi.crashes(), 0);
}

#[tokio::test]
async fn numbers_are_written_as_given_or_refused() {
    let (nbi, hub) = fleet().await;
    nbi.cpe(GOOD, Cpe::Offline);
    let set = async |value: &str| {
        let value: Value = serde_json::from_str(value).unwrap();
        let body = json!({"name": "setParameterValues", "parameterValues": [["Device.X", value]]});
        call(Method::POST, &format!("/acs/devices/{GOOD}/tasks"))
            .staff()
            .json(&body)
            .send(&hub)
            .await
    };
    let written = || {
        let posted = nbi
            .requests()
            .into_iter()
            .rev()
            .find(|r| r.method == "POST");
        let body: Value = serde_json::from_slice(&posted.unwrap().body).unwrap();
        body["parameterValues"][0][1].to_string()
    };
    for value in [
        "0",
        "-7",
        "0.1",
        "9007199254740991",
        "-9007199254740991",
        "true",
        "\"18446744073709551615\"",
    ] {
        let answer = set(value).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{value}");
        assert_eq!(written(), value);
    }
    let before = nbi.requests().len();
    for value in [
        "9007199254740993",
        "-9007199254740993",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551617",
        "-9223372036854775809",
        "1e300",
    ] {
        let answer = set(value).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        assert_eq!(answer.json()["field"], "parameterValues", "{value}");
    }
    assert_eq!(nbi.requests().len(), before);
}

#[tokio::test]
async fn calls_without_a_body_are_taken_from_no_other_site() {
    let nbi = FakeNbi::start().await.unwrap();
    nbi.seed(modem(GOOD, "TPLGAB12CD34", 100));
    let public = "https://hub.example.ca";
    let hub = hub(&[("GENIEACS_NBI_URL", &nbi.url()), ("PUBLIC_URL", public)]);
    let tag = format!("/acs/devices/{GOOD}/tags/vip");
    for (method, uri) in [
        (Method::POST, tag.as_str()),
        (Method::PUT, tag.as_str()),
        (Method::DELETE, tag.as_str()),
        (Method::DELETE, "/acs/tasks/6560a2f1c9d1e80012345678"),
        (Method::POST, "/acs/tasks/6560a2f1c9d1e80012345678/retry"),
        (Method::DELETE, "/acs/faults/A:default"),
        (Method::DELETE, "/acs/presets/boot"),
    ] {
        for origin in ["https://evil.example.ca", "null"] {
            let answer = call(method.clone(), uri)
                .staff()
                .header("origin", origin)
                .send(&hub)
                .await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{method} {uri} {origin}"
            );
        }
    }
    assert_eq!(nbi.requests().len(), 0);
    let ours = call(Method::POST, &tag).staff().header("origin", public);
    assert_eq!(ours.send(&hub).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn tags_and_presets_come_and_go() {
    let (_nbi, hub) = fleet().await;
    let tag = format!("/acs/devices/{GOOD}/tags/v1.2%20test");
    assert_eq!(
        call(Method::PUT, &tag).staff().send(&hub).await.status,
        StatusCode::NO_CONTENT
    );
    let tags = get(&format!("/devices/{GOOD}"))
        .staff()
        .send(&hub)
        .await
        .json()["tags"]
        .clone();
    assert_eq!(tags, json!(["fibre", "v1.2 test"]));
    assert_eq!(
        call(Method::DELETE, &tag).staff().send(&hub).await.status,
        StatusCode::NO_CONTENT
    );

    let preset = json!({"weight": 1, "channel": "default", "events": {"1 BOOT": true},
        "configurations": [{"type": "provision", "name": "refresh", "args": ["Device.WiFi"]}]});
    let put = call(Method::PUT, "/acs/presets/boot")
        .staff()
        .json(&preset)
        .send(&hub)
        .await;
    assert_eq!(put.status, StatusCode::NO_CONTENT, "{}", put.text);
    let listed = get("/acs/presets").staff().send(&hub).await.json();
    assert_eq!(listed["presets"][0]["name"], "boot");
    let bad = json!({"weight": 1, "channel": "default", "configurations": [{"type": "explode"}]});
    let refused = call(Method::PUT, "/acs/presets/bad")
        .staff()
        .json(&bad)
        .send(&hub)
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let gone = call(Method::DELETE, "/acs/presets/boot")
        .staff()
        .send(&hub)
        .await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_device_server_in_trouble_is_said_so_and_nothing_of_it_is_shown() {
    let (nbi, hub) = fleet().await;
    let meet = async |fault: Fault| {
        nbi.faults().clear();
        nbi.faults().add(FaultRule::new(fault));
        lookup(&hub, "serial=TPLGAB12CD34").await
    };
    let broken = meet(Fault::Status(
        StatusCode::INTERNAL_SERVER_ERROR,
        "secret stack".to_owned(),
    ))
    .await;
    assert_eq!(broken.status, StatusCode::BAD_GATEWAY);
    assert!(!broken.text.contains("secret") && !broken.text.contains("127.0.0.1"));
    assert_eq!(meet(Fault::Close).await.status, StatusCode::BAD_GATEWAY);
    assert_eq!(
        meet(Fault::Truncate(40)).await.status,
        StatusCode::BAD_GATEWAY
    );
    // What it meets once is not passed on: a read may be repeated.
    nbi.faults().clear();
    nbi.faults().add(FaultRule::new(Fault::Reset).times(1));
    assert_eq!(
        lookup(&hub, "serial=TPLGAB12CD34").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_device_server_that_hangs_is_given_up_in_time() {
    let (nbi, hub) = fleet().await;
    nbi.faults().add(FaultRule::new(Fault::Hang));
    let began = tokio::time::Instant::now();
    let answer = lookup(&hub, "serial=TPLGAB12CD34").await;
    assert_eq!(answer.status, StatusCode::GATEWAY_TIMEOUT);
    assert!(began.elapsed() <= Duration::from_secs(20));
}
