//! Options, help, settings files.

use crate::{Scratch, fixture, fsm, run};

#[test]
fn help_says_what_each_command_does() {
    for (args, words) in [
        (&["--help"][..], "Exit codes: 0 done"),
        (&["device", "--help"], "Look a device up in GenieACS"),
        (&["device", "summarize", "--help"], "or - for stdin"),
        (&["device", "lookup", "--help"], "--serial <SERIAL>"),
        (
            &["doctor", "--help"],
            "Asks each system a harmless question",
        ),
        (
            &["verify", "--help"],
            "Exits 1 when the signature is refused",
        ),
        (&["verify", "stripe", "--help"], "STRIPE_WEBHOOK_SECRET"),
        (
            &["verify", "twilio", "--help"],
            "X-Twilio-Webhooks-Signature-Settings",
        ),
        (&["sign", "--help"], "standard-webhooks"),
        (&["--version"], "fsm 0."),
    ] {
        let shown = run(&mut fsm(args));
        assert_eq!(shown.code, Some(0), "{args:?}");
        assert!(shown.out.contains(words), "{args:?}: {}", shown.out);
        assert_eq!(shown.err, "");
    }
}

#[test]
fn bad_usage_exits_2_and_prints_nothing_on_stdout() {
    for args in [
        &["nonsense"][..],
        &["device", "summarize"],
        &["device", "summarize", "a", "--lang", "de"],
        &["device", "lookup"],
        &["device", "lookup", "--serial", "A", "--mac", "B"],
        &["doctor", "--nonsense"],
        &["verify", "nobody"],
        &["verify", "stripe", "--secret", "s"],
        &[
            "verify",
            "stripe",
            "--secret",
            "s",
            "--header",
            "h",
            "--tolerance",
            "-1",
        ],
        &[
            "verify", "stripe", "--secret", "s", "--header", "h", "--now", "tea time",
        ],
        &["verify", "twilio", "--token", "t", "--signature", "s"],
        &["sign", "twilio", "--token", "t"],
    ] {
        let shown = run(&mut fsm(args));
        assert_eq!(shown.code, Some(2), "{args:?}: {shown:?}");
        assert_eq!(shown.out, "", "{args:?}");
        assert!(shown.err.contains("error:"), "{args:?}: {shown:?}");
    }
}

#[test]
fn a_settings_file_that_is_none_is_refused_without_its_content() {
    let path = fixture("ont.json");
    let args = |file: &str| ["device", "summarize", &path, "--env-file", file].map(str::to_owned);
    let with = |file: &str| run(fsm(&[]).args(args(file)));
    with("/nowhere/env").refused(2, "cannot read the settings file");
    let bad = Scratch::new("bad.env", b"A=1\ncanary without a sign\n");
    let shown = with(bad.path());
    shown.refused(2, "line 2");
    assert!(!shown.err.contains("canary"), "{shown:?}");
}

/// A whole fleet by mistake, or a device that never ends: refused at once, in bounded memory.
#[cfg(target_os = "linux")]
#[test]
fn what_is_too_long_is_refused() {
    let file = Scratch::new("fleet.json", b"[");
    // Sparse: it takes no room.
    let sparse = std::fs::OpenOptions::new()
        .write(true)
        .open(file.path())
        .unwrap();
    sparse.set_len(100 * 1024 * 1024).unwrap();
    for path in [file.path(), "/dev/zero"] {
        let shown = run(&mut fsm(&["device", "summarize", path]));
        shown.refused(2, "give one device document, not a whole fleet");
    }
    let deep = Scratch::new("deep.json", "[{\"Device\":".repeat(100_000).as_bytes());
    let shown = run(&mut fsm(&["device", "summarize", deep.path()]));
    shown.refused(2, "nested deeper");
}
