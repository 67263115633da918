//! `#[derive(Select)]`.

use erpnext_client::value::{Extra, Field};
use erpnext_client::{DocName, Doctype, Select};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq, Hash, Select)]
#[non_exhaustive]
enum Status {
    Open,
    #[select("En Route")]
    EnRoute,
    #[select("À faire")]
    Todo,
    Other(String),
}

/// Where the empty option means something.
#[derive(Clone, Debug, PartialEq, Select)]
#[select(crate = "::erpnext_client")]
enum Level {
    #[select("")]
    Unset,
    #[select("1")]
    One,
    Other(String),
}

#[derive(Clone, Debug, Doctype)]
#[doctype(name = "Stop")]
struct Stop {
    name: DocName,
    status: Option<Status>,
    level: Level,
    #[doctype(extra)]
    extra: Extra,
}

#[test]
fn options_and_their_texts() {
    assert_eq!(Status::OPTIONS, ["Open", "En Route", "À faire"]);
    for option in Status::OPTIONS {
        let status = Status::from(*option);
        assert!(!matches!(status, Status::Other(_)));
        assert_eq!(status.as_str(), *option);
        assert_eq!(format!("{status:>10}").trim_start(), *option);
        assert_eq!(option.parse::<Status>(), Ok(status));
    }
}

#[test]
fn an_option_that_is_not_known_is_kept() {
    let lost = Status::from("Perdu".to_owned());
    assert_eq!(lost, Status::Other("Perdu".to_owned()));
    assert_eq!(serde_json::to_value(&lost).unwrap(), json!("Perdu"));
    assert_eq!(
        serde_json::from_value::<Status>(json!("Perdu")).unwrap(),
        lost
    );
    assert_eq!(
        Status::from("open"),
        Status::Other("open".to_owned()),
        "case counts"
    );
}

#[test]
fn an_empty_option_is_none_unless_it_has_a_variant() {
    assert_eq!(Status::read(json!("")).unwrap(), None);
    assert_eq!(Status::read(json!(null)).unwrap(), None);
    assert_eq!(Level::read(json!("")).unwrap(), Some(Level::Unset));
    assert_eq!(Level::read(json!(1)).unwrap(), Some(Level::One));
    let stop: Stop = serde_json::from_str(r#"{"name":"S","status":"","level":""}"#).unwrap();
    assert_eq!((stop.status, stop.level), (None, Level::Unset));
    assert!(Status::read(json!(["Open"])).is_err());
}

#[test]
fn a_patch_takes_the_variant_or_the_text() {
    let by_variant = StopPatch::default().status(Status::EnRoute);
    let by_text = StopPatch::default().status("En Route");
    assert_eq!(by_variant.status, by_text.status);
    assert_eq!(
        serde_json::to_value(&by_text).unwrap(),
        json!({"status": "En Route"})
    );
}
