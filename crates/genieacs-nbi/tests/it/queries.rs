//! Queries: what is built, what is refused, what the server makes of it.

use genieacs_nbi::{Collection, Device, Projection, Query, Sort};
use serde_json::json;

use crate::world::{device, fake};

fn refused(query: &Query, collection: Collection) -> bool {
    query.to_json(collection).is_err()
}

#[test]
fn what_would_crash_a_worker_is_refused() {
    let raw = |value| Query::raw(value);
    for query in [
        raw(json!({"a": "/(/"})),
        raw(json!({"a": "/[/i"})),
        raw(json!({"a": "((*"})),
        raw(json!({"a": "a**b"})),
        raw(json!({"a": {"$eq": "/(/"}})),
        raw(json!({"$and": {}})),
        raw(json!({"$or": "x"})),
        raw(json!({"$or": []})),
        raw(json!({"$or": ["x"]})),
        raw(json!({"$nor": [{"a": "/(/"}]})),
        raw(json!({"$where": "1"})),
        raw(json!({"a": {"$ne": "300", "$exists": true}})),
        raw(json!({"a": {"$not": "x*"}})),
        raw(json!({"a": {"$not": {}}})),
        raw(json!({"a": {"$regex": "("}})),
        raw(json!({"a": {"$regex": "a\u{0}b"}})),
        raw(json!({"a": {"$regex": "a", "$options": "q"}})),
        raw(json!({"a": {"$options": "i"}})),
        raw(json!({"a": {"$in": "x"}})),
        raw(json!({"a": {"$in": ["x*"]}})),
        raw(json!({"a": {"$foo": 1}})),
        raw(json!({"a": {"$exists": 1}})),
        raw(json!({"a": {}})),
        raw(json!({"": 1})),
        raw(json!({"Device.Hosts.": 1})),
        raw(json!({"a..b": 1})),
        raw(json!({"a.$b": 1})),
        raw(json!([1])),
        raw(json!(null)),
        Query::any([]),
        Query::gt("a", f64::NAN),
        Query::is_in("a", [f64::INFINITY]),
    ] {
        assert!(refused(&query, Collection::Devices), "{query:?}");
    }
}

#[test]
fn typed_keys_of_tasks_and_faults_take_their_kind_only() {
    let bad = [
        (Collection::Tasks, json!({"_id": "nope"})),
        (Collection::Tasks, json!({"_id": {"$regex": "^5"}})),
        (Collection::Tasks, json!({"_id": {"$in": ["x"]}})),
        (Collection::Tasks, json!({"timestamp": "soon"})),
        (Collection::Faults, json!({"timestamp": {"$regex": "2026"}})),
        (Collection::Faults, json!({"retries": {"$mod": [2, 0]}})),
        (Collection::Faults, json!({"retries": {"$gt": "many"}})),
    ];
    for (collection, query) in bad {
        assert!(refused(&Query::raw(query.clone()), collection), "{query}");
    }
    let good = [
        (
            Collection::Tasks,
            json!({"_id": {"$gt": "5c8a0f3b2e1d4c6b7a890123"}}),
        ),
        (Collection::Faults, json!({"retries": {"$gt": 2}})),
        (
            Collection::Faults,
            json!({"timestamp": {"$lt": "2026-11-22T15:00:00Z"}}),
        ),
        // Strings are not expanded there.
        (Collection::Faults, json!({"code": {"$in": ["cwmp.9*"]}})),
        (Collection::Faults, json!({"_id": {"$regex": "^A-1:"}})),
    ];
    for (collection, query) in good {
        assert!(!refused(&Query::raw(query.clone()), collection), "{query}");
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    let mut query = json!({"a": 1});
    for _ in 0..40 {
        query = json!({"$and": [query]});
    }
    assert!(refused(&Query::raw(query), Collection::Devices));
    let client =
        genieacs_nbi::Client::new("http://acs.example.ca", genieacs_nbi::Credentials::None)
            .unwrap();
    let ids = (0..2000).map(|n| format!("A0B1C2-Device2-{n:010}"));
    let list = client.devices().list().query(Query::is_in("_id", ids));
    assert!(list.to_request().unwrap_err().is_invalid());
}

#[test]
fn projections_collapse_and_refuse() {
    // The server's own tidying leaves `a` and `a.b` here, and its database crashes it.
    assert_eq!(
        Projection::of(["a.b", "a-b", "a"]).to_param().unwrap(),
        "a,a-b"
    );
    for bad in [
        "",
        "a..b",
        "$a",
        "a,b",
        "Device.Hosts.Host.*.HostName",
        "a.",
    ] {
        assert!(Projection::of([bad]).to_param().is_err(), "{bad}");
    }
    assert!(Projection::default().to_param().is_err());
}

#[test]
fn sort_keeps_the_order_of_its_keys() {
    let sort = Sort::ascending("z").then_descending("a");
    assert_eq!(sort.to_param().unwrap(), r#"{"z":1,"a":-1}"#);
    assert!(
        Sort::ascending("a")
            .then_descending("a")
            .to_param()
            .is_err()
    );
}

async fn ids(
    fake: &genieacs_nbi::testing::FakeNbi,
    client: &genieacs_nbi::Client,
    query: Query,
) -> Vec<String> {
    let list = client
        .devices()
        .list()
        .query(query)
        .sort(Sort::ascending("_id"));
    let items = list.send().await.unwrap().items;
    assert_eq!(fake.crashes(), 0);
    items.iter().map(|d| d.id().unwrap().to_string()).collect()
}

#[tokio::test]
async fn the_server_reads_strings_as_numbers_dates_and_patterns() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "S1"));
    let mut other = device("A-2", "S2");
    other["Device"]["DeviceInfo"]["UpTime"]["_value"] = json!(301);
    other["Device"]["DeviceInfo"]["ModelName"]["_value"] = json!("EX*20");
    other["_lastInform"] = json!("2026-11-22T16:00:00.000Z");
    fake.seed(other);

    let uptime = "Device.DeviceInfo.UpTime";
    assert_eq!(ids(&fake, &client, Query::eq(uptime, "300")).await, ["A-1"]);
    assert_eq!(
        ids(&fake, &client, Query::eq(uptime, "000300")).await,
        ["A-1"]
    );
    assert_eq!(ids(&fake, &client, Query::eq(uptime, 300)).await, ["A-1"]);
    assert_eq!(
        ids(&fake, &client, Query::exact(uptime, 300)).await,
        ["A-1"]
    );
    assert!(
        ids(&fake, &client, Query::exact(uptime, "300"))
            .await
            .is_empty()
    );
    assert_eq!(ids(&fake, &client, Query::gt(uptime, "300")).await, ["A-2"]);
    assert_eq!(
        ids(&fake, &client, Query::is_in(uptime, ["300", "7"])).await,
        ["A-1"]
    );

    let noon = "2026-11-22T15:30:00Z".parse().unwrap();
    assert_eq!(
        ids(&fake, &client, Query::before("_lastInform", noon)).await,
        ["A-1"]
    );
    assert_eq!(
        ids(&fake, &client, Query::after("_lastInform", noon)).await,
        ["A-2"]
    );
    let old_form = Query::raw(json!({"_lastInform": {"$lt": "2026-11-22 15:30:00 +0000"}}));
    assert_eq!(ids(&fake, &client, old_form).await, ["A-1"]);
    // A date is no text: a plain text comparison would have matched.
    assert!(
        ids(&fake, &client, Query::regex("_lastInform", "2026"))
            .await
            .is_empty()
    );

    let model = "Device.DeviceInfo.ModelName";
    assert_eq!(ids(&fake, &client, Query::eq(model, "XX*")).await, ["A-1"]);
    assert_eq!(
        ids(&fake, &client, Query::eq(model, "*230*")).await,
        ["A-1"]
    );
    assert_eq!(
        ids(&fake, &client, Query::eq(model, "/^ex/i")).await,
        ["A-2"]
    );
    assert_eq!(
        ids(&fake, &client, Query::exact(model, "EX*20")).await,
        ["A-2"]
    );
    assert_eq!(
        ids(&fake, &client, Query::wildcard(model, "*X*2*0*")).await,
        ["A-1", "A-2"]
    );
    assert_eq!(
        ids(&fake, &client, Query::ne(model, "XX*")).await,
        ["A-1", "A-2"]
    );
    assert_eq!(ids(&fake, &client, Query::tag("fibre")).await.len(), 2);
    assert_eq!(
        ids(&fake, &client, Query::none([Query::serial("S1")])).await,
        ["A-2"]
    );
}

/// Of several inner stars the server makes a pattern of the first only.
#[tokio::test]
async fn the_servers_wildcard_bug_is_there_and_ours_is_free_of_it() {
    let (fake, client) = fake().await;
    let mut one = device("A-1", "S1");
    one["Device"]["DeviceInfo"]["ModelName"]["_value"] = json!("axc");
    fake.seed(one);
    let mut two = device("A-2", "S2");
    two["Device"]["DeviceInfo"]["ModelName"]["_value"] = json!("a1b2c");
    fake.seed(two);
    let model = "Device.DeviceInfo.ModelName";
    assert_eq!(
        ids(&fake, &client, Query::eq(model, "a*b*c")).await,
        ["A-1", "A-2"]
    );
    assert_eq!(
        ids(&fake, &client, Query::wildcard(model, "a*b*c")).await,
        ["A-2"]
    );
}

#[tokio::test]
async fn unknown_is_not_empty_in_queries_either() {
    let (fake, client) = fake().await;
    fake.seed(json!({"_id": "A-1", "Device": {"X": {"_object": false, "_writable": true}}}));
    fake.seed(json!({"_id": "A-2", "Device": {"X": {"_value": ""}}}));
    assert_eq!(
        ids(&fake, &client, Query::exists("Device.X")).await,
        ["A-2"]
    );
    assert_eq!(
        ids(&fake, &client, Query::missing("Device.X")).await,
        ["A-1"]
    );
}

#[tokio::test]
async fn a_projection_brings_whole_nodes_and_bare_parents() {
    let (fake, client) = fake().await;
    fake.seed(device("A-1", "S1"));
    let list = client
        .devices()
        .list()
        .projection(Projection::of(["Device.WiFi.SSID.1.SSID", "Device.Nope.X"]));
    let found: Vec<Device> = list.send().await.unwrap().items;
    let json = serde_json::to_value(&found[0]).unwrap();
    assert_eq!(json["_id"], "A-1");
    assert_eq!(
        json["Device"]["WiFi"]["SSID"]["1"]["SSID"]["_value"],
        "Maison"
    );
    assert_eq!(json["Device"]["WiFi"].get("_object"), None);
    assert_eq!(json.get("_tags"), None);
    assert_eq!(
        found[0].get("Device.WiFi.SSID.1.SSID").unwrap().text(),
        Some("Maison")
    );
}

/// The server forgets conditions that stand before a literal `$and`.
#[test]
fn conditions_beside_and_are_moved_into_it() {
    let query =
        Query::raw(json!({"a": "300", "$and": [{"b": 1}], "$or": [{"c": 1, "$and": [{"d": 1}]}]}));
    let json: serde_json::Value =
        serde_json::from_str(&query.to_json(Collection::Devices).unwrap()).unwrap();
    assert_eq!(
        json,
        json!({"$and": [{"b": 1}, {"a": "300", "$or": [{"$and": [{"d": 1}, {"c": 1}]}]}]})
    );
}
