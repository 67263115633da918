//! Values as Frappe writes them, read and written back.

use std::fmt::Debug;

use erpnext_client::value::{Date, Decimal, Field, Json, SignedDuration, SiteDateTime, SiteTime};
use erpnext_client::{DocName, DocStatus, Error, Modified};
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

fn read<T: Field>(value: &Value) -> Option<T> {
    T::read(value).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// The same through the text of an answer, as it comes over the wire.
fn read_text<T: Field>(text: &str) -> Result<Option<T>, serde_json::Error> {
    T::read(&mut serde_json::Deserializer::from_str(text))
}

fn write<T: Field>(value: &T) -> Value {
    value.write(serde_json::value::Serializer).unwrap()
}

fn refuses<T: Field>(values: &[Value]) {
    for value in values {
        let error = match T::read(value) {
            Ok(read) => panic!("{value} was read as {read:?}"),
            Err(error) => error.to_string(),
        };
        if let Some(text) = value.as_str().filter(|text| text.len() > 4) {
            assert!(!error.contains(text), "{error} quotes {text}");
        }
    }
}

fn reads<T: Field + PartialEq + Debug>(cases: &[(Value, T)]) {
    for (value, expected) in cases {
        assert_eq!(read::<T>(value).as_ref(), Some(expected), "{value}");
        assert_eq!(
            read_text::<T>(&value.to_string()).unwrap().as_ref(),
            Some(expected),
            "{value} as text"
        );
        assert_eq!(
            read(&write(expected)).as_ref(),
            Some(expected),
            "{value} back"
        );
    }
    assert_eq!(read::<T>(&Value::Null), None);
}

#[test]
fn checks() {
    reads(&[
        (json!(0), false),
        (json!(1), true),
        (json!("0"), false),
        (json!("1"), true),
        (json!(true), true),
        (json!(false), false),
    ]);
    assert_eq!(write(&true), json!(1), "never a JSON boolean");
    refuses::<bool>(&[json!(2), json!("yes"), json!(0.5), json!([0]), json!(-1)]);
    assert_eq!(read::<bool>(&json!("")), None);
}

#[test]
fn integers() {
    reads(&[
        (json!(42), 42_i64),
        (json!("42"), 42),
        (json!(" 42 "), 42),
        (json!(-7), -7),
        (json!(3.0), 3),
        (json!(i64::MIN), i64::MIN),
    ]);
    reads(&[(json!(u64::MAX), u64::MAX), (json!("7"), 7)]);
    refuses::<i64>(&[
        json!(3.5),
        json!("3.5"),
        json!("abc"),
        json!(1e300),
        json!(u64::MAX),
        json!({}),
    ]);
    refuses::<u8>(&[json!(256), json!(-1), json!("256")]);
    assert_eq!(read::<u32>(&json!("")), None);
}

#[test]
fn amounts_are_what_is_written_in_the_answer() {
    let decimal = |text: &str| text.parse::<Decimal>().unwrap();
    for (text, expected) in [
        ("79.95", "79.95"),
        ("80.0", "80"),
        ("0.1", "0.1"),
        ("-0.07", "-0.07"),
        ("129.949999999", "129.949999999"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("1e2", "100"),
        ("1.5E-3", "0.0015"),
        ("\"129.95\"", "129.95"),
        ("\"1.5e3\"", "1500"),
        ("9007199254740993", "9007199254740993"),
        ("123456789012345.67", "123456789012345.67"),
        ("7.105427357601002e-15", "0.0000000000000071054273576010"),
        ("-0.0", "0"),
    ] {
        assert_eq!(
            read_text::<Decimal>(text).unwrap(),
            Some(decimal(expected)),
            "{text}"
        );
    }
    refuses::<Decimal>(&[
        json!("12,50"),
        json!("NaN"),
        json!("inf"),
        json!("1_000"),
        json!("$5"),
        json!("5 $"),
        json!(1e300),
        json!("1e400"),
        json!(true),
        json!("."),
        json!("e"),
    ]);
    assert_eq!(read::<Decimal>(&json!("")), None);
}

#[test]
fn amounts_are_sent_as_numbers() {
    for (decimal, sent) in [
        (Decimal::new(7995, 2), json!(79.95)),
        (Decimal::new(8000, 2), json!(80)),
        (Decimal::new(9975, 3), json!(9.975)),
        (Decimal::new(-1, 1), json!(-0.1)),
    ] {
        assert_eq!(write(&decimal), sent);
        assert!(write(&decimal).is_number());
    }
}

#[test]
fn floats() {
    reads(&[
        (json!(45.5), 45.5_f64),
        (json!(-71), -71.0),
        (json!("46.8"), 46.8),
    ]);
    refuses::<f64>(&[json!("NaN"), json!("infinity"), json!("46,8"), json!([])]);
    assert!(f64::NAN.write(serde_json::value::Serializer).is_err());
}

#[test]
fn texts_and_names() {
    reads(&[
        (json!("été"), "été".to_owned()),
        (json!(""), String::new()),
        (json!(12), "12".to_owned()),
    ]);
    refuses::<String>(&[json!(1.5), json!(true), json!([]), json!({})]);
    let name = |text: &str| DocName::new(text).unwrap();
    reads(&[
        (json!("TECH/é 1"), name("TECH/é 1")),
        (json!(42), name("42")),
    ]);
    assert_eq!(read::<DocName>(&json!("")), None, "a Link to nothing");
    assert_eq!(
        read::<Option<String>>(&json!("")),
        Some(Some(String::new()))
    );
    reads(&[(
        json!("2026-05-04 08:30:00"),
        Modified::from_answer("2026-05-04 08:30:00"),
    )]);
}

#[test]
fn document_states() {
    reads(&[
        (json!(0), DocStatus::Draft),
        (json!(1), DocStatus::Submitted),
        (json!("2"), DocStatus::Cancelled),
    ]);
    refuses::<DocStatus>(&[json!(3), json!("x"), json!(-1)]);
}

#[test]
fn dates() {
    reads(&[(json!("2026-05-04"), jiff::civil::date(2026, 5, 4))]);
    assert_eq!(write(&jiff::civil::date(2026, 5, 4)), json!("2026-05-04"));
    refuses::<Date>(&[
        json!("2026-02-30"),
        json!("0000-00-00"),
        json!("04/05/2026"),
        json!("2026-5-4"),
        json!("2026-05-04 08:30:00"),
        json!("２０２６-05-04"),
        json!(20_260_504),
    ]);
    assert_eq!(read::<Date>(&json!("")), None);
}

#[test]
fn times_of_day() {
    let time = |hour, minute, second, nanos| {
        SiteTime::new(Time::new(hour, minute, second, nanos).unwrap())
    };
    reads(&[
        (json!("8:30:00"), time(8, 30, 0, 0)),
        (json!("08:30"), time(8, 30, 0, 0)),
        (json!("21:12:5.158591"), time(21, 12, 5, 158_591_000)),
        (json!("21:12:05.1"), time(21, 12, 5, 100_000_000)),
        (json!("0:0:0"), time(0, 0, 0, 0)),
    ]);
    refuses::<SiteTime>(&[
        json!("24:00:00"),
        json!("8"),
        json!("8:60"),
        json!("8:30:00:00"),
        json!("8:30:00."),
        json!("-1:30:00"),
        json!("1 day, 2:00:00"),
        json!("8:30:00Z"),
        json!("+8:30"),
        json!(830),
    ]);
}

#[test]
fn dates_with_times() {
    let at = |text: &str| SiteDateTime::new(text.parse::<DateTime>().unwrap());
    reads(&[
        (json!("2026-05-04 08:30:00"), at("2026-05-04T08:30:00")),
        (
            json!("2026-05-04 08:30:00.123456"),
            at("2026-05-04T08:30:00.123456"),
        ),
        (json!("2026-05-04T08:30:00"), at("2026-05-04T08:30:00")),
        (json!("2026-05-04 8:30"), at("2026-05-04T08:30:00")),
        (json!("2026-05-04"), at("2026-05-04T00:00:00")),
    ]);
    assert_eq!(
        write(&at("2026-05-04T08:30:00")),
        json!("2026-05-04 08:30:00")
    );
    refuses::<SiteDateTime>(&[
        json!("2026-05-04T08:30:00Z"),
        json!("2026-05-04 08:30:00+00:00"),
        json!("2026-05-04 08:30:00-04:00"),
        json!("2026-05-04T08:30:00[America/Toronto]"),
        json!("2026-05-04  08:30:00"),
        json!("0000-00-00 00:00:00"),
        json!(1_777_890_600),
    ]);
}

#[test]
fn a_time_that_tells_a_zone_is_refused_before_it_is_sent() {
    for text in [
        "2026-05-04T08:30:00Z",
        "2026-05-04 08:30:00-04:00",
        "2026-05-04 08:30:00+0000",
    ] {
        let Err(Error::Invalid { what, reason }) = text.parse::<SiteDateTime>() else {
            panic!("{text}");
        };
        assert_eq!(what, "date and time");
        assert!(reason.contains("time zone"), "{reason}");
    }
    let Err(Error::Invalid { reason, .. }) = "hier".parse::<SiteDateTime>() else {
        panic!("hier");
    };
    assert!(!reason.contains("time zone"), "{reason}");
}

#[test]
fn instants_in_the_zone_of_the_site() {
    let zone = TimeZone::get("America/Toronto").unwrap();
    let site = |text: &str| text.parse::<SiteDateTime>().unwrap();
    for (text, instant) in [
        ("2026-01-15 12:00:00", "2026-01-15T17:00:00Z"),
        ("2026-07-15 12:00:00.000001", "2026-07-15T16:00:00.000001Z"),
        // Twice on that night: the first.
        ("2026-11-01 01:30:00", "2026-11-01T05:30:00Z"),
        // Left out on that night: counted on from before the gap.
        ("2026-03-08 02:30:00", "2026-03-08T07:30:00Z"),
    ] {
        let timestamp = site(text).to_timestamp(&zone).unwrap();
        assert_eq!(timestamp.to_string(), instant);
    }
    let instant = "2026-03-08T07:30:00.123456789Z".parse().unwrap();
    assert_eq!(
        SiteDateTime::from_timestamp(instant, &zone),
        site("2026-03-08 03:30:00.123456")
    );
    assert!(
        SiteDateTime::new(DateTime::MAX)
            .to_timestamp(&zone)
            .is_err()
    );
}

#[test]
fn durations() {
    reads(&[
        (json!(900), SignedDuration::from_secs(900)),
        (json!(900.5), SignedDuration::from_millis(900_500)),
        (json!("60"), SignedDuration::from_secs(60)),
        (json!(-3), SignedDuration::from_secs(-3)),
    ]);
    assert_eq!(write(&SignedDuration::from_secs(900)), json!(900));
    refuses::<SignedDuration>(&[json!(1e300), json!("1h"), json!("NaN"), json!(true)]);
}

#[test]
fn json_in_a_text() {
    reads(&[
        (json!("{\"a\": [1, null]}"), Json(json!({"a": [1, null]}))),
        (json!("[]"), Json(json!([]))),
        (json!({"a": 1}), Json(json!({"a": 1}))),
        (json!([1]), Json(json!([1]))),
    ]);
    assert_eq!(write(&Json(json!({"a": 1}))), json!("{\"a\":1}"));
    assert_eq!(read::<Json>(&json!(" ")), None);
    refuses::<Json>(&[json!("{"), json!("pas du JSON"), json!(3)]);
    assert_eq!(read::<Value>(&json!({"a": 1})), Some(json!({"a": 1})));
}

/// Reads any JSON as any type: there is an answer, or an error.
fn never_panics(value: &Value) {
    fn all<T: Field>(value: &Value) {
        if let Ok(Some(read)) = T::read(value) {
            let written = write(&read);
            assert!(T::read(&written).is_ok(), "{value} came back as {written}");
        }
    }
    all::<bool>(value);
    all::<i64>(value);
    all::<u16>(value);
    all::<f64>(value);
    all::<Decimal>(value);
    all::<String>(value);
    all::<DocName>(value);
    all::<Modified>(value);
    all::<DocStatus>(value);
    all::<Date>(value);
    all::<SiteDateTime>(value);
    all::<SiteTime>(value);
    all::<SignedDuration>(value);
    all::<Json>(value);
    all::<Value>(value);
}

fn any_json() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,24}".prop_map(Value::from),
        "[-+0-9:.eETZ, ]{0,28}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{1,2}:[0-9]{1,2}(:[0-9.]{0,12})?".prop_map(Value::from),
        "[-]?[0-9]{0,40}[.]?[0-9]{0,40}".prop_map(Value::from),
    ]
}

proptest! {
    #[test]
    fn no_value_panics(value in any_json()) {
        never_panics(&value);
        never_panics(&json!([value.clone()]));
        never_panics(&json!({"k": value}));
    }

    #[test]
    fn amounts_of_cents_come_back(cents in -10_i64.pow(15)..10_i64.pow(15)) {
        let amount = Decimal::new(cents, 2);
        prop_assert_eq!(read(&write(&amount)), Some(amount));
        let text = serde_json::to_string(&write(&amount)).unwrap();
        prop_assert_eq!(read_text(&text).unwrap(), Some(amount));
    }

    #[test]
    fn amounts_as_the_database_keeps_them_come_back(units in -10_i64.pow(14)..10_i64.pow(14), scale in 0_u32..=9) {
        let amount = Decimal::new(units, scale);
        prop_assert_eq!(read(&write(&amount)), Some(amount));
    }

    #[test]
    fn an_amount_is_the_text_of_its_double(value in -1e15..1e15_f64) {
        let text = value.to_string();
        if text.len() <= 25 {
            prop_assert_eq!(read::<Decimal>(&json!(value)), text.parse().ok(), "{}", text);
        }
    }

    #[test]
    fn times_come_back(day in 0_i32..200_000, micros in 0_i64..86_400_000_000) {
        let date = jiff::civil::date(1800, 1, 1).saturating_add(jiff::Span::new().days(day));
        let at = date.at(0, 0, 0, 0).saturating_add(jiff::Span::new().microseconds(micros));
        let site = SiteDateTime::new(at);
        prop_assert_eq!(site.date_time(), at);
        prop_assert_eq!(read(&write(&site)), Some(site));
        prop_assert_eq!(site.to_string().replace(' ', "T").parse::<SiteDateTime>().unwrap(), site);
        prop_assert_eq!(read(&write(&site.time())), Some(site.time()));
        prop_assert_eq!(read(&write(&site.date())), Some(site.date()));
    }

    #[test]
    fn an_instant_comes_back_but_for_the_hour_that_is_twice(second in 0_i64..4_000_000_000) {
        let zone = TimeZone::get("America/Toronto").unwrap();
        let instant = jiff::Timestamp::from_second(second).unwrap();
        let back = SiteDateTime::from_timestamp(instant, &zone).to_timestamp(&zone).unwrap();
        let lost = instant.duration_since(back);
        prop_assert!(lost.is_zero() || lost == SignedDuration::from_hours(1), "{lost:?}");
    }

    #[test]
    fn no_text_of_a_time_panics(text in ".{0,30}") {
        let _ = text.parse::<SiteDateTime>();
        let _ = text.parse::<SiteTime>();
    }
}
