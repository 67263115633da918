//! Device ids and paths: every vector of the server's own function.

use genieacs_nbi::{Client, Credentials, DeviceId, FaultId, Task, TaskId, encode_segment};

const VECTORS: [(&str, &str, &str, &str); 7] = [
    (
        "1C61B4",
        "Device2",
        "22275A7000395",
        "1C61B4-Device2-22275A7000395",
    ),
    (
        "C0B101",
        "ZXHN H199A",
        "ZTEYH86LCN10105",
        "C0B101-ZXHN%20H199A-ZTEYH86LCN10105",
    ),
    (
        "9075BC",
        "G-1425G-A",
        "ALCLFC265D6F",
        "9075BC-G%2D1425G%2DA-ALCLFC265D6F",
    ),
    ("00259E", "", "48575443A94196A5", "00259E-48575443A94196A5"),
    (
        "A0B1C2",
        "X_Y.z~!*'()",
        "S/N:1+2",
        "A0B1C2-X_Y%2Ez%7E%21%2A%27%28%29-S%2FN%3A1%2B2",
    ),
    ("A0B1C2", "Modèle", "é\t1", "A0B1C2-Mod%C3%A8le-%C3%A9%91"),
    ("A0B1C2", "a%2Db", "1", "A0B1C2-a%252Db-1"),
];

#[test]
fn parts_become_the_id_and_back() {
    for (oui, class, serial, expected) in VECTORS {
        let id = DeviceId::from_parts(oui, class, serial);
        assert_eq!(id.as_str(), expected);
        assert_eq!(id.path_segment(), expected.replace('%', "%25"));
        let parts = id.parts().unwrap();
        assert_eq!(parts.oui, oui);
        assert_eq!(parts.product_class.as_deref().unwrap_or(""), class);
        assert_eq!(parts.serial, serial, "{expected}");
    }
}

#[test]
fn a_character_beyond_the_basic_plane_is_two_replacements() {
    let id = DeviceId::from_parts("A0B1C2", "", "😀");
    assert_eq!(id.as_str(), "A0B1C2-%EF%BF%BD%EF%BF%BD");
}

#[test]
fn ids_that_are_not_well_formed_have_no_parts() {
    for text in ["a", "a-b-c-d", "a-b c", "a-%", "a-%zz", "a-%C3%28x-%G"] {
        assert_eq!(DeviceId::new(text).unwrap().parts(), None, "{text}");
    }
}

#[test]
fn what_no_url_can_address_is_refused() {
    for text in ["", ".", "..", "a\nb"] {
        assert!(DeviceId::new(text).is_err(), "{text:?}");
    }
    assert!(DeviceId::new("x".repeat(2000)).is_err());
}

#[test]
fn every_vector_survives_into_the_request() {
    let client = Client::new("http://acs.example.ca:7557/nbi/", Credentials::None).unwrap();
    for (oui, class, serial, id) in VECTORS {
        let device = DeviceId::from_parts(oui, class, serial);
        let request = client
            .tasks()
            .create(&device, Task::Reboot)
            .to_request()
            .unwrap();
        let expected = format!("/nbi/devices/{}/tasks", id.replace('%', "%25"));
        assert_eq!(request.uri().path(), expected);
    }
}

#[test]
fn segments_keep_only_what_the_routes_match() {
    assert_eq!(encode_segment("v1.2"), "v1%2E2");
    assert_eq!(encode_segment("~!*'()é"), "%7E%21%2A%27%28%29%C3%A9");
    assert_eq!(encode_segment("a-b_C9"), "a-b_C9");
}

#[test]
fn task_and_fault_ids_that_would_crash_a_worker_are_refused() {
    assert!(TaskId::new("123").is_err());
    assert!(TaskId::new("5c8a0f3b2e1d4c6b7a89012g").is_err());
    assert!(FaultId::new("A-1:task_nope").is_err());
    assert!(FaultId::new("A-1").is_err());
    let fault = FaultId::new("A-1:task_5c8a0f3b2e1d4c6b7a890123").unwrap();
    assert_eq!(fault.device(), "A-1");
    assert!(fault.task().is_some());
    assert!(FaultId::new("A-1:default").unwrap().task().is_none());
}
