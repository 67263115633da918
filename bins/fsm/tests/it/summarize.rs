//! `fsm device summarize`.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::Stdio;

use crate::{NOW, Scratch, fixture, fsm, run, run_with_stdin};

#[test]
fn a_person_sees_what_is_wrong_first() {
    let shown = run(&mut fsm(&[
        "device",
        "summarize",
        &fixture("ont.json"),
        "--now",
        NOW,
    ]));
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert_eq!(shown.err, "");
    let lines: Vec<&str> = shown.out.lines().collect();
    assert_eq!(lines[0], "XX230v  TP-Link  ■ bad");
    assert!(
        lines[2].contains("Optical signal below what the receiver needs (−27.4\u{a0}dBm)"),
        "{}",
        lines[2]
    );
    for words in [
        "100.64.1.2",
        "203.0.113.53, 203.0.113.54",
        "Érablière Lavoie",
        "TPLGF0000102",
        "up for     12\u{a0}d",
        "2\u{a0}min ago (2026-11-22 14:58 UTC)",
        "console-sous-sol",
    ] {
        assert!(
            shown.out.contains(words),
            "{words} is not in\n{}",
            shown.out
        );
    }
    assert!(!shown.out.contains('\u{1b}'), "a pipe gets no colours");
}

#[test]
fn french_is_french_down_to_the_comma() {
    let shown = run(&mut fsm(&[
        "device",
        "summarize",
        &fixture("ont.json"),
        "--now",
        NOW,
        "--lang",
        "fr",
    ]));
    for words in [
        "■ mauvais",
        "−27,4\u{a0}dBm",
        "Signal optique",
        "lu il y a 2\u{a0}min",
        "Appareils branchés (3)",
    ] {
        assert!(
            shown.out.contains(words),
            "{words} is not in\n{}",
            shown.out
        );
    }
    let by_locale = run(
        fsm(&["device", "summarize", &fixture("ont.json"), "--now", NOW])
            .env("LANG", "fr_CA.UTF-8"),
    );
    assert_eq!(by_locale.out, shown.out);
}

#[test]
fn json_is_the_contract() {
    let shown = run(&mut fsm(&[
        "device",
        "summarize",
        &fixture("ont.json"),
        "--json",
    ]))
    .json();
    let rx = &shown["optical"]["rx_dbm"];
    assert!(
        (rx["value"].as_f64().unwrap() + 27.447).abs() < 0.01,
        "{rx}"
    );
    assert_eq!(
        rx["source"],
        "Device.Optical.Interface.1.X_TP_GPON_Config.RXPower"
    );
    assert_eq!(rx["confidence"], "vendor");
    assert_eq!(
        rx["read_at"].as_str().unwrap().get(..19),
        Some("2026-11-22T14:58:00")
    );
    assert_eq!(shown["identity"]["model"]["value"], "XX230v");
    assert_eq!(shown["wan"][0]["ipv4"]["value"], "100.64.1.2");
    assert_eq!(shown["wan"][0]["primary"], true);
    assert_eq!(shown["hosts"].as_array().unwrap().len(), 3);
    let plain = run(&mut fsm(&[
        "device",
        "summarize",
        &fixture("ont.json"),
        "--plain",
    ]))
    .json();
    assert_eq!(plain["optical"]["rx_dbm"], rx["value"]);
    assert_eq!(plain["identity"]["uptime_s"], 1_056_000);
    assert!(
        plain["identity"].get("provisioning_code").is_none(),
        "an unknown fact is absent"
    );
}

#[test]
fn credentials_never_come_out() {
    for name in ["ont.json", "wan-down.json"] {
        for how in [
            &["--json"][..],
            &["--plain"],
            &["-v"],
            &["-v", "--lang", "fr"],
            &[],
        ] {
            let path = fixture(name);
            let shown = run(fsm(&["device", "summarize", &path]).args(how));
            assert_eq!(shown.code, Some(0));
            assert!(
                !shown.out.contains("canary"),
                "{name} {how:?}:\n{}",
                shown.out
            );
        }
    }
}

#[test]
fn verbose_names_the_leaf_a_value_was_read_at() {
    let shown = run(&mut fsm(&[
        "device",
        "summarize",
        &fixture("ont.json"),
        "--now",
        NOW,
        "-v",
    ]));
    let line = shown
        .out
        .lines()
        .find(|line| line.trim_start().starts_with("received"))
        .unwrap();
    assert!(
        line.ends_with("Device.Optical.Interface.1.X_TP_GPON_Config.RXPower (vendor)"),
        "{line}"
    );
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let args = [
        "device",
        "summarize",
        &fixture("ont.json"),
        "--now",
        NOW,
        "--color",
        "always",
    ];
    let shown = run(&mut fsm(&args));
    assert!(
        shown.out.contains("\u{1b}[1;31m■ bad\u{1b}[0m"),
        "{}",
        shown.out
    );
}

#[test]
fn stdin_and_an_array_around_the_document_will_do() {
    let document = std::fs::read(fixture("ont.json")).unwrap();
    let from_file = run(&mut fsm(&[
        "device",
        "summarize",
        &fixture("ont.json"),
        "--plain",
    ]));
    let array = [b"[\n".as_slice(), &document, b"\n]"].concat();
    for input in [document, array] {
        assert_eq!(
            run_with_stdin(&["device", "summarize", "-", "--plain"], &input).out,
            from_file.out
        );
    }
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let document = std::fs::read(fixture("ont.json")).unwrap();
    let half = &document[..document.len() / 2];
    for (input, words) in [
        (b"" as &[u8], "stdin is empty"),
        (b" \n\t", "stdin is empty"),
        (b"not json", "not valid JSON"),
        (b"\xFF\xFE{}", "not valid JSON"),
        (half, "cut off"),
        (b"42", "JSON object"),
        (b"[]", "no device document"),
        (b"[{},{}]", "2 device documents"),
    ] {
        run_with_stdin(&["device", "summarize", "-"], input).refused(2, words);
    }
    let deep = "[".repeat(100_000);
    let shown = run_with_stdin(&["device", "summarize", "-"], deep.as_bytes());
    assert_eq!(shown.code, Some(2), "{shown:?}");
    run(&mut fsm(&["device", "summarize", "/nowhere/x.json"]))
        .refused(2, "cannot read /nowhere/x.json");
    run(&mut fsm(&["device", "summarize", "/"])).refused(2, "cannot read /");
}

#[test]
fn a_device_cannot_write_on_the_terminal() {
    let evil = br#"{"_id":"A-1","Device":{"DeviceInfo":{"ModelName":{"_value":"x\u001b]0;owned\u0007y"}}}}"#;
    let shown = run_with_stdin(&["device", "summarize", "-", "--color", "always"], evil);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert!(
        !shown.out.contains("\u{1b}]") && !shown.out.contains('\u{7}'),
        "{:?}",
        shown.out
    );
}

#[test]
fn a_document_that_says_nothing_is_no_mistake() {
    let empty = Scratch::new("empty.json", b"{}");
    let shown = run(&mut fsm(&["device", "summarize", empty.path()]));
    assert_eq!(
        (shown.code, shown.out.lines().next()),
        (Some(0), Some("Unknown model"))
    );
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = fsm(&["device", "summarize", &fixture("ont.json"), "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(err, "");
}

/// Captures of real units, when they are at hand.
fn captures() -> Vec<PathBuf> {
    let folder = option_env!("FSM_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(entries) = std::fs::read_dir(folder.join("devices")) else {
        println!("skipped: no captured device documents");
        return Vec::new();
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect()
}

#[test]
fn real_documents_are_summarised() {
    for path in captures() {
        let name = path.to_str().unwrap();
        for how in [&["--json"][..], &["--plain"], &["--lang", "fr"], &["-v"]] {
            let shown = run(fsm(&["device", "summarize", name]).args(how));
            assert_eq!(
                (shown.code, shown.err.as_str()),
                (Some(0), ""),
                "{name} {how:?}"
            );
            assert!(shown.out.len() > 500, "{name} {how:?}: {}", shown.out);
        }
    }
}
