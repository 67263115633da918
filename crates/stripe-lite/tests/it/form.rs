//! The form encoding, against the table of what Stripe's own client writes, and against a decoder
//! that knows nothing of the encoder.

use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};
use stripe_lite::{Param, Params, Search};

fn encoded(json: &str) -> String {
    serde_json::from_str::<Params>(json).unwrap().encode()
}

#[test]
fn the_table_of_the_official_client() {
    let table = [
        (
            r#"{"mode":"payment","line_items":[{"quantity":1,"price_data":{"currency":"cad","unit_amount":11497,"product_data":{"name":"Facture — Août"}}}]}"#,
            "mode=payment&line_items[0][quantity]=1&line_items[0][price_data][currency]=cad&line_items[0][price_data][unit_amount]=11497&line_items[0][price_data][product_data][name]=Facture%20%E2%80%94%20Ao%C3%BBt",
        ),
        (
            r#"{"metadata":{"weird[key]":"a&b=c"}}"#,
            "metadata[weird[key]]=a%26b%3Dc",
        ),
        (
            r#"{"expand":["payment_intent.latest_charge","customer"],"limit":100,"a":null,"b":"","c":true,"created":{"gte":1763827200}}"#,
            "expand[0]=payment_intent.latest_charge&expand[1]=customer&limit=100&a=&b=&c=true&created[gte]=1763827200",
        ),
        (
            r#"{"items":[],"obj":{},"emoji":"✓ +","arr":[[1,2],[3]]}"#,
            "emoji=%E2%9C%93%20%2B&arr[0][0]=1&arr[0][1]=2&arr[1][0]=3",
        ),
        (
            r#"{"success_url":"https://portal.example/#/paid?session={CHECKOUT_SESSION_ID}"}"#,
            "success_url=https%3A%2F%2Fportal.example%2F%23%2Fpaid%3Fsession%3D%7BCHECKOUT_SESSION_ID%7D",
        ),
        // Brackets stay in values too; the rest of the punctuation does not.
        (r#"{"a":"[b]!*()'~"}"#, "a=[b]%21%2A%28%29%27~"),
    ];
    for (json, form) in table {
        assert_eq!(encoded(json), form);
    }
}

#[test]
fn times_are_whole_seconds() {
    let mut params = Params::new();
    params.insert(
        "t",
        jiff::Timestamp::from_millisecond(1_763_827_200_999).unwrap(),
    );
    params.insert("u", jiff::Timestamp::from_millisecond(-1).unwrap());
    assert_eq!(params.encode(), "t=1763827200&u=-1");
}

#[test]
fn a_name_occurs_once() {
    let mut params = Params::new();
    params.set("a[b]", 1);
    params.set("a[c]", 2);
    params.set("a[b]", 3);
    assert_eq!(params.encode(), "a[b]=3&a[c]=2");
    params.set("a", "x");
    assert_eq!(params.encode(), "a=x");
}

#[test]
fn values_do_not_show_in_debug() {
    let search = Search::field("email", "marie@example.ca");
    assert!(!format!("{search:?}").contains("marie"));
}

/// Leaves of a tree by their paths, as `serde_json` would see them.
fn leaves(path: &mut Vec<String>, param: &Param, found: &mut Vec<(Vec<String>, String)>) {
    match param {
        Param::Null => found.push((path.clone(), String::new())),
        Param::Bool(value) => found.push((path.clone(), value.to_string())),
        Param::Int(value) => found.push((path.clone(), value.to_string())),
        Param::Text(value) => found.push((path.clone(), value.clone())),
        Param::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(index.to_string());
                leaves(path, item, found);
                path.pop();
            }
        }
        Param::Map(params) => {
            for (name, value) in params.iter() {
                path.push(name.to_owned());
                leaves(path, value, found);
                path.pop();
            }
        }
        _ => unreachable!("every kind is above"),
    }
}

/// A decoder by the book: percent signs first, then brackets.
fn decode(form: &str) -> Vec<(Vec<String>, String)> {
    let text = |text: &str| {
        assert!(!text.contains(['+', ' ']), "a space is %20");
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            let name = text(name);
            let mut path = Vec::new();
            let mut rest = name.as_str();
            if let Some(at) = rest.find('[') {
                path.push(rest[..at].to_owned());
                rest = &rest[at..];
                while let Some(inner) = rest.strip_prefix('[') {
                    let end = inner.find(']').unwrap();
                    path.push(inner[..end].to_owned());
                    rest = &inner[end + 1..];
                }
                assert_eq!(rest, "");
            } else {
                path.push(rest.to_owned());
            }
            (path, text(value))
        })
        .collect()
}

fn name() -> impl Strategy<Value = String> {
    // Anything but brackets, which are structure.
    any::<String>()
        .prop_map(|text| text.replace(['[', ']'], ""))
        .prop_filter("a name", |name| !name.is_empty())
}

fn param() -> impl Strategy<Value = Param> {
    let leaf = prop_oneof![
        Just(Param::Null),
        any::<bool>().prop_map(Param::Bool),
        any::<i64>().prop_map(Param::Int),
        any::<String>().prop_map(Param::Text),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Param::List),
            prop::collection::vec((name(), inner), 0..5)
                .prop_map(|pairs| Param::Map(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_encoded_can_be_decoded(
        pairs in prop::collection::vec((name(), param()), 0..6)
    ) {
        let params: Params = pairs.into_iter().collect();
        let mut expected = Vec::new();
        for (name, value) in params.iter() {
            leaves(&mut vec![name.to_owned()], value, &mut expected);
        }
        assert_eq!(decode(&params.encode()), expected);
    }

    #[test]
    fn any_path_can_be_set(path in any::<String>(), value in any::<i64>()) {
        let mut params = Params::new();
        params.set(&path, value);
        assert_eq!(params.pairs().len(), 1);
    }
}
