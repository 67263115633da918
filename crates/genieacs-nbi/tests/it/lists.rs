//! Pages, counts, streams, and lists that break off.

use futures_util::{StreamExt, TryStreamExt};
use genieacs_nbi::{Client, Device, Error, Projection, Query, Sort};
use http::Method;
use integration_core::testing::{Fault, FaultRule};
use serde_json::json;

use crate::world::{device, fake};

fn seed(fake: &genieacs_nbi::testing::FakeNbi, count: u32) {
    // Stored in another order than that of the ids.
    fake.seed_many((0..count).map(|n| {
        let n = (n * 7) % count;
        device(&format!("A0B1C2-Device2-{n:04}"), &format!("{n:04}"))
    }));
}

#[tokio::test]
async fn a_page_knows_the_total() {
    let (fake, client) = fake().await;
    seed(&fake, 10);
    let list = client
        .devices()
        .list()
        .projection(Projection::of(["_tags"]))
        .sort(Sort::ascending("_id"));
    let page = list.clone().skip(8).limit(5).send().await.unwrap();
    assert_eq!(page.total, Some(10));
    let ids: Vec<_> = page
        .items
        .iter()
        .map(|d| d.id().unwrap().to_string())
        .collect();
    assert_eq!(ids, ["A0B1C2-Device2-0008", "A0B1C2-Device2-0009"]);
    assert_eq!(list.clone().skip(3).count().await.unwrap(), 10);
    // "No limit" to the server; nothing to us.
    let none = list.limit(0).send().await.unwrap();
    assert_eq!((none.items.len(), none.total), (0, Some(10)));
}

#[tokio::test]
async fn nothing_matches() {
    let (_fake, client) = fake().await;
    let page = client.devices().list().send().await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, Some(0)));
    assert!(client.devices().list().stream().next().await.is_none());
    assert!(client.devices().list().stream_once().next().await.is_none());
}

#[tokio::test]
async fn a_stream_pages_over_all_devices_in_order() {
    let (fake, client) = fake().await;
    seed(&fake, 50);
    let ids = |devices: Vec<Device>| -> Vec<String> {
        devices
            .iter()
            .map(|d| d.id().unwrap().to_string())
            .collect()
    };
    let list = client
        .devices()
        .list()
        .projection(Projection::of(["_id"]))
        .page_size(7);
    let all = ids(list.clone().stream().try_collect().await.unwrap());
    let expected: Vec<String> = (0..50).map(|n| format!("A0B1C2-Device2-{n:04}")).collect();
    assert_eq!(all, expected);
    assert_eq!(fake.requests().len(), 8);

    let some = ids(list.clone().limit(9).stream().try_collect().await.unwrap());
    assert_eq!(some, expected[..9]);
    let tail = list.query(Query::gte("_id", "A0B1C2-Device2-0048"));
    assert_eq!(
        ids(tail.stream().try_collect().await.unwrap()),
        expected[48..]
    );
    assert_eq!(fake.crashes(), 0);
}

/// Documents that come and go between pages neither repeat nor hide others.
#[tokio::test]
async fn a_stream_is_stable_while_devices_come_and_go() {
    let (fake, client) = fake().await;
    seed(&fake, 20);
    let mut stream = std::pin::pin!(client.devices().list().page_size(5).stream());
    let mut seen = Vec::new();
    while let Some(device) = stream.try_next().await.unwrap() {
        let id = device.id().unwrap();
        if seen.len() == 6 {
            fake.seed(device_before());
            client
                .devices()
                .delete(&crate::world::id("A0B1C2-Device2-0003"))
                .await
                .unwrap();
        }
        seen.push(id);
    }
    let mut unique = seen.clone();
    unique.dedup();
    assert_eq!(seen.len(), 20);
    assert_eq!(unique.len(), 20);
}

fn device_before() -> serde_json::Value {
    device("A0B1C2-Device2-0000a", "x")
}

#[tokio::test]
async fn a_stream_in_one_request_keeps_the_order_asked_for() {
    let (fake, client) = fake().await;
    seed(&fake, 5);
    let list = client
        .devices()
        .list()
        .sort(Sort::descending("_id"))
        .limit(2);
    let two: Vec<Device> = list.clone().stream_once().try_collect().await.unwrap();
    assert_eq!(two[0].serial_number(), Some("0004"));
    // By id there is no other order.
    let refused: Result<Vec<Device>, Error> = list.stream().try_collect().await;
    assert!(refused.unwrap_err().is_invalid());
}

#[tokio::test]
async fn a_body_cut_after_its_status_is_an_error_and_never_a_short_list() {
    let (fake, client) = fake().await;
    seed(&fake, 20);
    let cut = |bytes| {
        fake.faults()
            .add(FaultRule::new(Fault::Truncate(bytes)).on(Method::GET));
    };
    cut(5000);
    let error = client.devices().list().send().await.unwrap_err();
    assert!(matches!(error, Error::TruncatedList { .. }), "{error:?}");
    let error = client
        .devices()
        .get_raw(&crate::world::id("A0B1C2-Device2-0001"))
        .await;
    assert!(error.is_ok(), "the whole document fits");

    let mut stream = std::pin::pin!(client.devices().list().stream());
    let mut whole = 0;
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(_) => whole += 1,
            Err(error) => break error,
        }
    };
    assert!(whole > 0 && whole < 20);
    assert!(
        matches!(error, Error::TruncatedList { items, .. } if items == whole),
        "{error:?}"
    );
    assert!(stream.next().await.is_none());
}

/// A proxy may end the body in good order: the bracket tells.
#[tokio::test]
async fn a_list_without_its_bracket_is_cut() {
    for body in [
        "[\n{\"_id\":\"A-1\"},\n",
        "[\n{\"_id\":\"A-1\"}",
        "[\n{\"_id\":\"A-1\"}\n",
        "[",
    ] {
        let client = canned(body).await;
        let error = client.1.devices().list().send().await.unwrap_err();
        assert!(
            matches!(error, Error::TruncatedList { .. }),
            "{body:?}: {error:?}"
        );
        let all: Result<Vec<Device>, Error> =
            client.1.devices().list().stream_once().try_collect().await;
        assert!(
            matches!(all.unwrap_err(), Error::TruncatedList { .. }),
            "{body:?}"
        );
    }
}

#[tokio::test]
async fn other_layouts_of_a_list_are_read_too() {
    for body in [
        "[{\"_id\":\"A-1\"},{\"_id\":\"A-2\"}]",
        " [ {\"_id\":\"A-1\"},\n {\"_id\":\"A-2\"} ] ",
    ] {
        let client = canned(body).await;
        let all: Vec<Device> = client
            .1
            .devices()
            .list()
            .stream_once()
            .try_collect()
            .await
            .unwrap();
        assert_eq!(all.len(), 2, "{body}");
    }
    let page = canned("<html>").await;
    assert!(matches!(
        page.1.devices().list().send().await.unwrap_err(),
        Error::Decode { .. }
    ));
    let all: Result<Vec<Device>, Error> = page.1.devices().list().stream_once().try_collect().await;
    assert!(matches!(all.unwrap_err(), Error::Decode { .. }));
}

async fn canned(body: &str) -> (wiremock::MockServer, Client) {
    let server = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(wiremock::ResponseTemplate::new(200).set_body_string(body))
        .mount(&server)
        .await;
    let client = Client::builder(server.uri()).build().unwrap();
    (server, client)
}

/// The body as real servers write it, cut into pieces of any size.
#[tokio::test]
async fn one_document_comes_raw() {
    let (fake, client) = fake().await;
    fake.seed(json!({"_id": "C0B101-ZXHN%20H199A-1", "note": "a,\nb"}));
    let id = crate::world::id("C0B101-ZXHN%20H199A-1");
    let raw = client.devices().get_raw(&id).await.unwrap().unwrap();
    assert_eq!(raw.first(), Some(&b'{'));
    let value: serde_json::Value = serde_json::from_slice(&raw).unwrap();
    assert_eq!(value["note"], "a,\nb");
    assert!(
        client
            .devices()
            .get_raw(&crate::world::id("A-9"))
            .await
            .unwrap()
            .is_none()
    );
}
