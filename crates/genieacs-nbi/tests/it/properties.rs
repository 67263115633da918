//! Properties over any text and any tree.

use genieacs_nbi::testing::FakeNbi;
use genieacs_nbi::{
    Client, Collection, Device, DeviceId, ParameterPath, Query, Task, check_precondition, diff,
    encode_segment,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("_value"),
        Just("_object"),
        Just("_timestamp"),
        Just("_type"),
        Just("_writable"),
        Just("1"),
        Just("2"),
        Just("Device"),
        Just("X"),
        Just(""),
        Just("$or"),
        Just("$regex"),
        Just("$in"),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..5).prop_map(|pairs| {
                Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
        ]
    })
}

/// Text that looks like what goes wrong: patterns, numbers, dates, escapes.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof![
        "[/*()\\[\\]{}|\\\\^$.+?a-c0-9 \"':-]{0,12}",
        "/[^/]{0,8}/g?i?m?y?",
        "[0-9]{1,9}",
        "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        ".{0,12}",
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn ids_keep_to_their_alphabet_and_come_apart(
        oui in "[0-9A-F]{6}", class in "[ -~]{0,12}", serial in "[ -~]{1,12}"
    ) {
        let id = DeviceId::from_parts(&oui, &class, &serial);
        prop_assert!(id.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"_%-".contains(&b)));
        let parts = id.parts().unwrap();
        prop_assert_eq!(parts.oui, oui);
        prop_assert_eq!(parts.product_class.unwrap_or_default(), class);
        prop_assert_eq!(parts.serial, serial);
    }

    #[test]
    fn parts_written_again_are_the_same_id(text in any::<String>()) {
        let id = DeviceId::from_parts("A0B1C2", &text, "1");
        if let Some(parts) = id.parts() {
            let again = DeviceId::from_parts(&parts.oui, parts.product_class.as_deref().unwrap_or(""), &parts.serial);
            prop_assert_eq!(again, id);
        }
    }

    #[test]
    fn segments_are_matched_by_every_route_and_decode_back(text in any::<String>()) {
        let segment = encode_segment(&text);
        prop_assert!(segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"_%-".contains(&b)));
        let decoded = percent_encoding::percent_decode_str(&segment).decode_utf8().unwrap();
        prop_assert_eq!(decoded, text);
    }

    #[test]
    fn tags_survive_as_parameters(tag in prop_oneof![any::<String>(), "[0x1-9A-Z% .]{0,12}"]) {
        let name = genieacs_nbi::encode_tag(&tag);
        prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)));
        // The server's own escaping of a literal `0x` is ambiguous before an escape.
        if !tag.contains("0x") {
            prop_assert_eq!(genieacs_nbi::decode_tag(&name), Some(tag));
        }
        let _ = genieacs_nbi::decode_tag(&name.repeat(2));
    }

    #[test]
    fn nothing_foreign_panics(text in nasty(), value in any_json()) {
        let _ = DeviceId::new(text.clone()).map(|id| id.parts());
        let _ = ParameterPath::new(text.clone());
        let _ = check_precondition(&text);
        let _ = check_precondition(&value.to_string());
        let _ = Task::get([text.clone()]).to_json(&genieacs_nbi::TaskOptions::default());
        let _ = serde_json::from_value::<genieacs_nbi::Preset>(value.clone()).map(|p| p.validate());
        let _ = serde_json::from_value::<genieacs_nbi::Object>(value.clone()).map(|o| o.validate());
        let _ = serde_json::from_value::<genieacs_nbi::Fault>(value.clone())
            .map(|f| (f.task(), f.refused_parameters().count()));
        for collection in [Collection::Devices, Collection::Tasks, Collection::Faults, Collection::Presets] {
            let _ = Query::raw(value.clone()).to_json(collection);
            let _ = Query::raw(json!({"key": value.clone()})).to_json(collection);
        }
    }

    #[test]
    fn accessors_take_any_document(document in any_json(), other in any_json()) {
        let device = Device::from(document);
        for (path, parameter) in device.parameters() {
            let _ = (parameter.integer(), parameter.unsigned(), parameter.number(), parameter.boolean());
            let _ = (parameter.text(), parameter.to_text(), parameter.instant(), parameter.read_at());
            let _ = parameter.age("2026-11-22T15:00:00Z".parse().unwrap());
            prop_assert!(path.split('.').all(|segment| !segment.is_empty()));
        }
        let _ = (device.id(), device.last_inform(), device.flat(), device.instances("Device.X").count());
        prop_assert!(diff(&device, &device).is_empty());
        let other = Device::from(other);
        prop_assert_eq!(diff(&device, &other).len(), diff(&other, &device).len());
    }
}

/// Any text as a value: the query is sound, the fake does not crash on it, and in exact mode it
/// finds that value alone.
#[test]
fn exact_finds_one_value_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (fake, client) = runtime.block_on(async {
        let fake = FakeNbi::start().await.unwrap();
        let client = Client::builder(fake.url()).build().unwrap();
        (fake, client)
    });
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(96)
    };
    proptest!(config, |(wanted in nasty(), other in nasty())| {
        runtime.block_on(async {
            fake.seed(json!({"_id": "A-1", "_deviceId": {"_SerialNumber": &wanted}, "Device": {"X": {"_value": &wanted}}}));
            fake.seed(json!({"_id": "A-2", "_deviceId": {"_SerialNumber": &other}, "Device": {"X": {"_value": &other}}}));
            let expected = if wanted == other { 2 } else { 1 };
            for query in [Query::exact("Device.X", wanted.as_str()), Query::serial(&wanted)] {
                let found = client.devices().list().query(query.clone()).count().await.unwrap();
                assert_eq!(found, expected, "{query:?}");
            }
            // As the server reads it: refused, or answered with at least that device.
            if let Ok(found) = client.devices().list().query(Query::eq("Device.X", wanted.as_str())).count().await {
                assert!(found >= 1);
            }
            assert_eq!(fake.crashes(), 0, "{wanted:?}");
        });
    });
}

/// Whatever query passes the check is answered by the fake, which has a compiler of its own.
#[test]
fn what_passes_the_check_does_not_crash() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (fake, client) = runtime.block_on(async {
        let fake = FakeNbi::start().await.unwrap();
        fake.seed(json!({"_id": "A-1", "X": {"_value": "1"}}));
        let client = Client::builder(fake.url()).build().unwrap();
        (fake, client)
    });
    let value = prop_oneof![
        nasty().prop_map(Value::from),
        any_json(),
        (
            prop_oneof![
                Just("$eq"),
                Just("$ne"),
                Just("$gt"),
                Just("$regex"),
                Just("$not"),
                Just("$exists")
            ],
            nasty()
        )
            .prop_map(|(op, text)| json!({op: text})),
        (
            prop_oneof![Just("$in"), Just("$nin"), Just("$all")],
            prop::collection::vec(nasty(), 0..3)
        )
            .prop_map(|(op, list)| json!({op: list})),
        nasty().prop_map(|text| json!({"$not": {"$regex": text}})),
    ];
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(384)
    };
    proptest!(config, |(value in value, key in prop_oneof![Just("X"), Just("_tags"), Just("timestamp"), Just("_id"), Just("retries")])| {
        runtime.block_on(async {
            let query = Query::raw(json!({key: value}));
            let sound = query.to_json(Collection::Devices).is_ok();
            let answer = client.devices().list().query(query.clone()).count().await;
            assert_eq!(sound, answer.is_ok(), "{query:?}: {answer:?}");
            let sound = query.to_json(Collection::Tasks).is_ok();
            let answer = client.tasks().list().query(query.clone()).count().await;
            assert_eq!(sound, answer.is_ok(), "{query:?}: {answer:?}");
            assert_eq!(fake.crashes(), 0, "{query:?}");
        });
    });
}
