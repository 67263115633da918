//! `fsm device lookup`, against the fake GenieACS.

use genieacs_nbi::testing::FakeNbi;
use serde_json::{Value, json};

use crate::{NOW, Run, Scratch, fixture, fsm, run};

const SERIAL: &str = "22F01A7000102";

fn document(name: &str) -> Value {
    serde_json::from_slice(&std::fs::read(fixture(name)).unwrap()).unwrap()
}

async fn fake() -> FakeNbi {
    let fake = FakeNbi::start().await.unwrap();
    fake.seed(document("ont.json"));
    fake.seed(document("wan-down.json"));
    fake
}

/// Runs the program beside the fake.
async fn lookup(fake: &FakeNbi, args: &[&str]) -> Run {
    let url = fake.url();
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let work = move || {
        let mut command = fsm(&["device", "lookup", "--nbi", &url, "--now", NOW]);
        run(command.args(args))
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test]
async fn a_device_is_found_by_what_is_on_its_label() {
    let fake = fake().await;
    for key in [
        &["--serial", SERIAL][..],
        // The OLT's spelling, in both its forms, and in lower case.
        &["--serial", "TPLGF0000102"],
        &["--serial", "54504C47F0000102"],
        &["--serial", "tplgf0000102"],
        &["--mac", "1c-61-b4-00-00-12"],
        &["--mac", "1C61B4000012"],
        &["--ip", "100.64.1.2"],
        &["--id", "1C61B4-Device2-22F01A7000102"],
    ] {
        let shown = lookup(&fake, &[key, &["--plain"]].concat()).await;
        assert_eq!(shown.code, Some(0), "{key:?}: {shown:?}");
        assert_eq!(shown.json()["identity"]["serial"], SERIAL, "{key:?}");
    }
    let shown = lookup(&fake, &["--id", "C0B101-ZXHN%20F670L-ZTEGF0000107"]).await;
    assert!(shown.out.starts_with("ZXHN F670L  ZTE"), "{shown:?}");
}

#[tokio::test]
async fn what_was_typed_is_never_a_pattern() {
    let fake = fake().await;
    for serial in ["*", "22F01*", "/22.*/", "22F01A700010"] {
        lookup(&fake, &["--serial", serial])
            .await
            .refused(1, "no device has serial");
    }
    assert_eq!(fake.crashes(), 0);
}

/// One document on stdout whatever the answer; what a person is told goes to stderr.
#[tokio::test]
async fn no_device_is_a_document_too() {
    let fake = fake().await;
    for format in ["--json", "--plain"] {
        let shown = lookup(&fake, &["--serial", "ABSENT", format]).await;
        assert_eq!(shown.code, Some(1), "{shown:?}");
        assert_eq!(
            shown.json(),
            json!({"error": "no_device", "total": 0, "devices": []})
        );
        assert!(
            shown.err.contains("no device has serial ABSENT"),
            "{shown:?}"
        );
    }
}

/// nginx refuses a request line above 8 KiB.
#[tokio::test]
async fn every_question_fits_a_proxy() {
    let fake = fake().await;
    let longest = "2001:db8:1111:2222:3333:4444:5555:6666";
    for key in [
        ["--serial", "TPLGF0000102"],
        ["--mac", "1C:61:B4:FF:FF:12"],
        ["--ip", "100.64.255.255"],
        ["--ip", longest],
    ] {
        lookup(&fake, &key).await;
        let asked = fake.requests().pop().unwrap();
        let line: usize = asked
            .query
            .iter()
            // As it is encoded, at the worst.
            .map(|(name, value)| {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._*".contains(&b);
                let cost = |b| if plain(b) { 1 } else { 3 };
                name.len() + 2 + value.bytes().map(cost).sum::<usize>()
            })
            .sum();
        assert!(line < 7 * 1024, "{key:?}: {line}");
    }
}

#[tokio::test]
async fn several_devices_are_listed_and_the_answer_is_no() {
    let fake = fake().await;
    let mut twin = document("ont.json");
    twin["_id"] = json!("60A4B7-Device2-22F01A7000102");
    twin["_deviceId"]["_OUI"] = json!("60A4B7");
    fake.seed(twin);
    let shown = lookup(&fake, &["--serial", SERIAL]).await;
    assert_eq!(shown.code, Some(1), "{shown:?}");
    assert!(
        shown.out.starts_with("2 devices have serial 22F01A7000102"),
        "{shown:?}"
    );
    for id in [
        "1C61B4-Device2-22F01A7000102",
        "60A4B7-Device2-22F01A7000102",
    ] {
        assert!(shown.out.contains(id), "{shown:?}");
    }
    let shown = lookup(&fake, &["--serial", SERIAL, "--json"]).await;
    assert_eq!(shown.code, Some(1));
    assert_eq!(shown.json()["error"], "several_devices");
    assert_eq!(shown.json()["devices"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_address_comes_from_the_settings_file_too() {
    let fake = fake().await;
    let env = Scratch::new(
        "nbi.env",
        format!("# fakes\nGENIEACS_NBI_URL={}\n", fake.url()).as_bytes(),
    );
    let path = env.path().to_owned();
    let work = move || {
        run(&mut fsm(&[
            "device",
            "lookup",
            "--serial",
            SERIAL,
            "--env-file",
            &path,
            "--plain",
        ]))
    };
    let shown = tokio::task::spawn_blocking(work).await.unwrap();
    assert_eq!(shown.json()["identity"]["serial"], SERIAL);
}

#[test]
fn nothing_to_ask_and_nonsense_to_ask_for() {
    let lookup = |args: &[&str]| run(fsm(&["device", "lookup"]).args(args));
    lookup(&["--serial", "A"]).refused(2, "GENIEACS_NBI_URL");
    lookup(&["--serial", "A", "--nbi", "ftp://x"]).refused(2, "NBI address");
    lookup(&["--serial", "", "--nbi", "http://127.0.0.1:1"]).refused(2, "serial number");
    lookup(&["--mac", "12:34", "--nbi", "http://127.0.0.1:1"]).refused(2, "MAC address");
    lookup(&["--ip", "300.1.1.1", "--nbi", "http://127.0.0.1:1"]).refused(2, "IP address");
    lookup(&["--id", "", "--nbi", "http://127.0.0.1:1"]).refused(2, "device id");
}

#[test]
fn a_server_that_is_not_there_is_a_failure_of_the_remote() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    run(&mut fsm(&[
        "device", "lookup", "--serial", "A", "--nbi", &url,
    ]))
    .refused(1, "no connection");
}
