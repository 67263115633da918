//! Input nobody should send, and somebody will.

use tr181::{Error, summarize};

#[test]
fn what_is_not_one_document_is_an_error() {
    assert!(matches!(
        summarize(b""),
        Err(Error::Truncated { offset: 0 })
    ));
    assert!(matches!(
        summarize(b"<html>"),
        Err(Error::Syntax { offset: 0 })
    ));
    assert!(matches!(summarize(b"null"), Err(Error::NotAnObject)));
    assert!(matches!(summarize(b"\"Device\""), Err(Error::NotAnObject)));
    assert!(matches!(summarize(b"[]"), Err(Error::NoDocument)));
    assert!(matches!(summarize(b"[1]"), Err(Error::NotAnObject)));
    assert!(matches!(
        summarize(b"[{},{},{}]"),
        Err(Error::SeveralDocuments { count: 3 })
    ));
    assert!(matches!(
        summarize(b"{} {}"),
        Err(Error::Syntax { offset: 3 })
    ));
    assert!(matches!(
        summarize(b"{\"Device\":{\"a\":[}]}}"),
        Err(Error::Syntax { .. })
    ));
    assert!(matches!(
        summarize(b"{\"a\":tru}"),
        Err(Error::Syntax { .. })
    ));
    assert!(matches!(
        summarize(b"{\"a\":NaN}"),
        Err(Error::Syntax { .. })
    ));
    assert!(summarize(b" [ {\"_id\":\"a\"} ] ").is_ok());
    assert!(summarize(b"\xEF\xBB\xBF{}").is_ok());
}

#[test]
fn a_document_cut_anywhere_is_an_error() {
    let text = br#"{"_id":"a","Device":{"Hosts":{"Host":{"1":{"PhysAddress":{"_value":"02:00:00:00:00:01","x":[1,{"y":"\""}]}}}}}}"#;
    assert!(summarize(text).is_ok());
    for end in 0..text.len() {
        assert!(summarize(&text[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn depth_is_bounded_without_recursion() {
    for open in ["[", "{\"a\":"] {
        let deep = format!("{{\"x\":{}", open.repeat(100_000));
        assert!(matches!(
            summarize(deep.as_bytes()),
            Err(Error::TooDeep { limit: 128 })
        ));
    }
    let mut deep = String::from("{\"Device\":{\"X_A\":{\"GPON\":");
    deep.push_str(&"{\"Pon\":".repeat(100_000));
    assert!(matches!(
        summarize(deep.as_bytes()),
        Err(Error::TooDeep { .. })
    ));
}

#[test]
fn odd_values_are_missing_facts() {
    for value in [
        "null",
        "[]",
        "[1]",
        "{}",
        "\"\"",
        "\"NaN\"",
        "1e400",
        "-1",
        "99999999999999999999",
        "\"\\ud800\"",
        "1.5",
    ] {
        let text = format!(r#"{{"Device":{{"DeviceInfo":{{"UpTime":{{"_value":{value}}}}}}}}}"#);
        let summary = summarize(text.as_bytes()).unwrap();
        assert!(summary.identity.uptime_s.is_none(), "{value}");
    }
}

#[test]
fn containers_of_the_wrong_kind_are_missing_facts() {
    for text in [
        r#"{"Device":[]}"#,
        r#"{"Device":5,"InternetGatewayDevice":"x"}"#,
        r#"{"Device":{"Hosts":[{"Host":1}],"WiFi":null,"IP":{"Interface":{"1":7,"x":{}}}}}"#,
        r#"{"_id":{},"_tags":{"a":1},"_deviceId":[],"_lastInform":5}"#,
    ] {
        let summary = summarize(text.as_bytes()).unwrap();
        assert!(summary.hosts.is_empty());
        assert!(summary.identity.model.is_none());
    }
}

#[test]
fn of_duplicate_keys_the_last_counts() {
    let text = br#"{"Device":{"DeviceInfo":{"UpTime":{"_value":1,"_value":2}},
        "Hosts":{"Host":{"1":{"PhysAddress":{"_value":"020000000001"}},"1":{"PhysAddress":{"_value":"020000000002"}}}}}}"#;
    let summary = summarize(text).unwrap();
    assert_eq!(summary.identity.uptime_s.as_ref().unwrap().value, 2);
    assert_eq!(summary.hosts.len(), 1);
    let value: serde_json::Value = serde_json::from_slice(text).unwrap();
    assert_eq!(tr181::summarize_value(&value).unwrap(), summary);
}

#[test]
fn escaped_keys_and_values_are_read() {
    let summary = summarize(
        br#"{"Dev\u0069ce":{"DeviceInfo":{"ModelName":{"_value":"\u00c9rable \"X\""}}}}"#,
    )
    .unwrap();
    assert_eq!(summary.identity.model.unwrap().value, "Érable \"X\"");
}

#[test]
fn a_flat_map_in_json_is_understood() {
    let summary = summarize(
        br#"{"Device.DeviceInfo.UpTime":"60","Device.Hosts.Host.1.PhysAddress":"02:00:00:00:00:01",
            "Device.Hosts.Host.":"","Device.PPP.Interface.1.Password":"x"}"#,
    )
    .unwrap();
    assert_eq!(summary.identity.uptime_s.unwrap().value, 60);
    assert_eq!(summary.hosts.len(), 1);
}

#[test]
fn ten_thousand_hosts_and_stations_are_joined() {
    let mut lines = Vec::new();
    for i in 1..=10_000_u32 {
        let mac = format!("02:00:00:00:{:02X}:{:02X}", i / 256, i % 256);
        lines.push((format!("Device.Hosts.Host.{i}.PhysAddress"), mac.clone()));
        lines.push((
            format!("Device.Hosts.Host.{i}.AssociatedDevice"),
            format!("Device.WiFi.AccessPoint.1.AssociatedDevice.{i}."),
        ));
        lines.push((
            format!("Device.WiFi.AccessPoint.1.AssociatedDevice.{i}.MACAddress"),
            mac,
        ));
        lines.push((
            format!("Device.WiFi.AccessPoint.1.AssociatedDevice.{i}.SignalStrength"),
            "-60".to_owned(),
        ));
    }
    let summary = tr181::summarize_flat(lines);
    assert_eq!(summary.hosts.len(), 10_000);
    assert!(summary.hosts.iter().all(|h| h.rssi_dbm.is_some()));
}

#[test]
fn errors_are_small_and_sendable() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Error>();
    check::<tr181::Summary>();
    check::<tr181::Extractor>();
    assert!(size_of::<Error>() <= 128);
}
