//! `fsm verify` and `fsm sign`.

use webhook_signatures::{frappe, stripe};

use crate::{Run, Scratch, fsm, run_with_stdin};

const SECRET: &str = "whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55";
const NOW: i64 = 1_763_827_200;
const BODY: &[u8] = br#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"id":"pi_1","object":"payment_intent","amount":4999}}}"#;
const HEADER: &str =
    "t=1763827200,v1=8f3c4974b4038e0bd14828ae6360439a0cdb9ebb0a2be537cf834e0489cc8052";

/// The tests need no other base64, so they do without the dependency.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut bits, mut have) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => panic!("{other} is no base64"),
        };
        bits = (bits << 6) | u32::from(value);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push(u8::try_from((bits >> have) & 0xff).unwrap());
        }
    }
    out
}

/// The HMAC-SHA256 of anything, in lower-case hexadecimal.
fn hmac(message: &[u8]) -> String {
    base64(&frappe::sign(SECRET, message))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The signature over any text in the place of the time.
fn signature(t: &str, body: &[u8]) -> String {
    hmac(&[t.as_bytes(), b".", body].concat())
}

fn verify(header: &str, body: &[u8]) -> Run {
    let now = NOW.to_string();
    let args = [
        "verify", "stripe", "--secret", SECRET, "--header", header, "--now", &now, "--json",
    ];
    run_with_stdin(&args, body)
}

fn accepted(header: &str, body: &[u8]) {
    let shown = verify(header, body);
    assert_eq!(shown.code, Some(0), "{header}: {shown:?}");
    assert_eq!(shown.json()["valid"], true);
}

fn refused(header: &str, body: &[u8], reason: &str) {
    let shown = verify(header, body);
    assert_eq!(shown.code, Some(1), "{header}: {shown:?}");
    assert_eq!(shown.json()["valid"], false);
    assert_eq!(shown.json()["reason"], reason, "{shown:?}");
    assert!(shown.err.contains(reason), "{shown:?}");
    assert_eq!(shown.err.lines().count(), 1, "{shown:?}");
}

#[test]
fn stripe_says_yes_with_what_it_knows() {
    let shown = verify(HEADER, BODY).json();
    assert_eq!(shown["secret"], 0);
    assert_eq!(shown["signed_at"], NOW);
    assert_eq!(shown["event"]["id"], "evt_1");
    assert_eq!(shown["event"]["type"], "payment_intent.succeeded");
    assert_eq!(shown["event"]["problem"], serde_json::Value::Null);
    let args = ["verify", "stripe", "--secret", SECRET, "--header", HEADER];
    let args = |lang: &'static str| [&args[..], &["--now", "1763827320", "--lang", lang]].concat();
    let shown = run_with_stdin(&args("en"), BODY);
    assert_eq!(
        shown.out,
        "● valid  secret 1, signed 2\u{a0}min ago\n  evt_1  payment_intent.succeeded  test\n"
    );
    let shown = run_with_stdin(&args("fr"), BODY);
    assert!(
        shown
            .out
            .starts_with("● valide  secret nº 1, signé il y a 2"),
        "{shown:?}"
    );
}

/// Where the official libraries disagree: the strict reading, row by row.
#[test]
fn stripe_is_strict_where_the_libraries_disagree() {
    let signed = |t: &str| format!("t={t},v1={}", signature(t, BODY));
    accepted(&signed("1763827200"), BODY);
    // The age, both ways: exactly the tolerance passes.
    accepted(&signed("1763826900"), BODY);
    refused(&signed("1763826899"), BODY, "too_old");
    accepted(&signed("1763827500"), BODY);
    refused(&signed("1763827501"), BODY, "in_future");
    refused(&signed("9999999999"), BODY, "in_future");
    // Two times, whichever is signed.
    let code = signature("1763827200", BODY);
    for two in [
        format!("t=1763827200,t=1763827201,v1={code}"),
        format!("t=1763827201,t=1763827200,v1={code}"),
        format!("t=1763827200,v1={code},t=1763827200"),
    ] {
        refused(&two, BODY, "malformed");
    }
    // No plain number, whatever the digest was made over.
    for t in [
        "1763827200x",
        "abc",
        "NaN",
        "",
        " 1763827200",
        "+1763827200",
        "-1",
        "01763827200",
        "1763827200.0",
        "1e9",
        "0x69",
        "99999999999999999999999999",
        "9223372036854775808",
        "١٧٦٣٨٢٧٢٠٠",
    ] {
        refused(&signed(t), BODY, "malformed");
        for parsed in ["NaN", "1763827200", "99999999999999990000000000", "1e+26"] {
            let header = format!("t={t},v1={}", signature(parsed, BODY));
            refused(&header, BODY, "malformed");
        }
    }
    refused(&signed("9223372036854775807"), BODY, "in_future");
    // Spaces, capitals, more behind the code.
    refused(
        &format!("t=1763827200, v1={code}"),
        BODY,
        "no_supported_scheme",
    );
    refused(&format!(" t=1763827200,v1={code}"), BODY, "malformed");
    refused(&format!("t=1763827200,v1={code} "), BODY, "malformed");
    refused(
        &format!("t=1763827200,v1={}", code.to_uppercase()),
        BODY,
        "malformed",
    );
    refused(&format!("t=1763827200,v1={code}=junk"), BODY, "malformed");
    refused(&format!("t=1763827200,v1={code}00"), BODY, "malformed");
    refused(
        &format!("t=1763827200,V1={code}"),
        BODY,
        "no_supported_scheme",
    );
    // Only v1 proves anything; others beside it do no harm.
    refused(
        &format!("t=1763827200,v0={code}"),
        BODY,
        "no_supported_scheme",
    );
    refused(&format!("v1={code}"), BODY, "malformed");
    refused("", BODY, "missing_header");
    refused("garbage", BODY, "malformed");
    accepted(
        &format!("t=1763827200,v0=junk,v1=junk,v1={code},v2={code}"),
        BODY,
    );
    let zeros = "0".repeat(64);
    accepted(&format!("t=1763827200,v1={zeros},v1={code}"), BODY);
    accepted(&format!("v1={code},t=1763827200"), BODY);
    refused(&format!("t=1763827200,v1={zeros}"), BODY, "mismatch");
}

#[test]
fn stripe_signs_raw_bytes() {
    let header = |body: &[u8]| format!("t={NOW},v1={}", signature("1763827200", body));
    let marked = [b"\xef\xbb\xbf", BODY].concat();
    accepted(&header(&marked), &marked);
    refused(&header(BODY), &marked, "mismatch");
    let binary = b"\x00\xff\xfe{\r\n}\n";
    let shown = verify(&header(binary), binary);
    assert_eq!(shown.code, Some(0), "{shown:?}");
    assert_eq!(shown.json()["event"]["problem"], "not_text");
    refused(&header(b""), b"", "empty_body");
    refused(HEADER, &[BODY, b"\n"].concat(), "mismatch");
    let thin = br#"{"id":"evt_1","object":"v2.core.event","type":"v2.core.account.updated"}"#;
    let shown = verify(&header(thin), thin);
    assert_eq!(shown.json()["event"]["problem"], "thin", "{shown:?}");
    let large = vec![b'x'; 3 << 20];
    accepted(&header(&large), &large);
}

#[test]
fn secrets_come_several_and_from_elsewhere() {
    let check = |args: &[&str], code: i32| {
        let all = [
            &["verify", "stripe", "--header", HEADER, "--tolerance", "0"],
            args,
        ]
        .concat();
        let shown = run_with_stdin(&all, BODY);
        assert_eq!(shown.code, Some(code), "{args:?}: {shown:?}");
        assert!(!shown.err.contains("5f1c0a4e"), "{shown:?}");
        shown
    };
    check(&["--secret", "whsec_new", "--secret", SECRET], 0);
    check(&["--secret", "whsec_new", SECRET, "--json"], 0);
    check(&["--secret", "whsec_other"], 1);
    for blank in ["", " ", "\t"] {
        let shown = check(&["--secret", SECRET, "--secret", blank], 1);
        assert!(shown.err.contains("blank_secret"), "{shown:?}");
    }
    let file = Scratch::new("stripe-secret", format!("{SECRET}\n").as_bytes());
    check(&["--secret-file", file.path()], 0);
    check(&["--secret", "whsec_new", "--secret-file", file.path()], 0);
    check(&["--secret-file", "/nowhere/secret"], 2).refused(2, "cannot be read");
    check(&[], 2).refused(2, "STRIPE_WEBHOOK_SECRET");
    let settings = Scratch::new(
        "stripe.env",
        format!("STRIPE_WEBHOOK_SECRET=whsec_new,{SECRET}\n").as_bytes(),
    );
    check(&["--env-file", settings.path()], 0);
    // What is given on the command line stands alone.
    check(
        &["--env-file", settings.path(), "--secret", "whsec_other"],
        1,
    );
}

#[test]
fn the_tolerance_and_the_clock_are_settable() {
    let check = |now: &str, tolerance: &str| {
        let args = ["verify", "stripe", "--secret", SECRET, "--header", HEADER];
        let all = [&args[..], &["--now", now, "--tolerance", tolerance]].concat();
        run_with_stdin(&all, BODY).code
    };
    assert_eq!(check("1763827210", "10"), Some(0));
    assert_eq!(check("1763827211", "10"), Some(1));
    assert_eq!(check("2025-11-22T16:00:10Z", "10"), Some(0));
    assert_eq!(check("0", "0"), Some(0));
    assert_eq!(check("-5", "300"), Some(1));
    assert_eq!(check("-5", "18446744073709551615"), Some(0));
    assert_eq!(check("253402207200", "0"), Some(0));
    assert_eq!(check("99999999999999", "0"), Some(2));
}

/// Header values are bytes; not all of them are text.
#[cfg(unix)]
#[test]
fn odd_bytes_in_a_header_are_refused_in_order() {
    use std::os::unix::ffi::OsStrExt as _;

    let code = signature("1763827200", BODY);
    for (header, exit) in [
        (b"\xff\xfe".to_vec(), 1),
        (format!("t=1763827200,v1={code}\n").into_bytes(), 1),
        ([b"\xff=1,", HEADER.as_bytes()].concat(), 0),
        ([HEADER.as_bytes(), b",v1=\x80\x01"].concat(), 0),
        (b"--help".to_vec(), 1),
        (b"-1".to_vec(), 1),
        (vec![b'v'; 100_000], 1),
    ] {
        let output = {
            use std::io::Write as _;
            let mut child = fsm(&["verify", "stripe", "--secret", SECRET, "--tolerance", "0"])
                .arg("--header")
                .arg(std::ffi::OsStr::from_bytes(&header))
                .stdin(std::process::Stdio::piped())
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            child.stdin.take().unwrap().write_all(BODY).unwrap();
            child.wait_with_output().unwrap()
        };
        assert_eq!(output.status.code(), Some(exit), "{header:?} {output:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"));
    }
}

#[test]
fn what_is_signed_is_verified_in_every_scheme() {
    let sign = |args: &[&str], body: &[u8]| {
        let shown = run_with_stdin(&[&["sign"], args, &["--now", "1763827200"]].concat(), body);
        assert_eq!(shown.code, Some(0), "{args:?}: {shown:?}");
        shown.out.trim_end().to_owned()
    };
    let verify = |args: &[&str], body: &[u8]| {
        let all = [&["verify"], args, &["--now", "1763827200", "--json"]].concat();
        let shown = run_with_stdin(&all, body);
        (
            shown.code,
            shown.json()["reason"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let ok = (Some(0), String::new());

    let both = sign(
        &["stripe", "--secret", "whsec_new", "--secret", SECRET],
        BODY,
    );
    assert_eq!(both, stripe::sign(["whsec_new", SECRET], BODY, NOW));
    assert_eq!(
        verify(&["stripe", "--secret", SECRET, "--header", &both], BODY),
        ok
    );

    for scheme in ["docuseal", "frappe"] {
        let header = sign(&[scheme, "--secret", SECRET], BODY);
        let args = [scheme, "--secret", SECRET, "--header", &header];
        assert_eq!(verify(&args, BODY), ok, "{scheme}");
        assert_eq!(verify(&args, b"{}").1, "mismatch", "{scheme}");
    }

    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let lines = sign(
        &["standard-webhooks", "--secret", secret, "--id", "msg_7"],
        BODY,
    );
    let lines: Vec<_> = lines
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .collect();
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        ["webhook-id", "webhook-timestamp", "webhook-signature"]
    );
    let mut args = vec!["standard-webhooks", "--secret", secret];
    for ((_, value), option) in lines.iter().zip(["--id", "--timestamp", "--header"]) {
        args.extend([option, value]);
    }
    assert_eq!(verify(&args, BODY), ok);
    assert_eq!(verify(&args, b"{}").1, "mismatch");
    args.extend(["--secret", "not base64!"]);
    assert_eq!(verify(&args, BODY).1, "secret_not_base64");

    let bearer = sign(&["shared-secret", "--secret", "s3cr3t"], b"");
    assert_eq!(bearer, "Bearer s3cr3t");
    let args = ["shared-secret", "--secret", "other", "--secret", "s3cr3t"];
    let with = |more: &[&'static str]| [&args[..], more].concat();
    assert_eq!(verify(&with(&["--value", "s3cr3t"]), b""), ok);
    assert_eq!(verify(&with(&["--value", "s3cr3"]), b"").1, "mismatch");
    assert_eq!(
        verify(&with(&["--bearer", "--value", "Bearer s3cr3t"]), b""),
        ok
    );
    assert_eq!(
        verify(&with(&["--bearer", "--value", "s3cr3t"]), b"").1,
        "malformed"
    );
    // On standard input nobody else on the machine sees it.
    assert_eq!(verify(&args, b"s3cr3t\n"), ok);
    assert_eq!(verify(&args, b""), (Some(1), "missing_header".to_owned()));
}

#[test]
fn twilio_keys_serve_one_algorithm_each() {
    let url = "https://hub.example.ca/webhook/twilio/sms-status?job=DJ-0007";
    let form = b"MessageStatus=delivered&To=%2B15145550111";
    let settings = "key=hub,algorithm=HMAC_SHA256";
    let sign = |args: &[&str]| {
        let shown = run_with_stdin(&[&["sign", "twilio", "--url", url], args].concat(), form);
        assert_eq!(shown.code, Some(0), "{args:?}: {shown:?}");
        shown.out.trim_end().to_owned()
    };
    let verify = |signature: &str, args: &[&str]| {
        let all = [
            "verify",
            "twilio",
            "--url",
            url,
            "--json",
            "--signature",
            signature,
        ];
        let shown = run_with_stdin(&[&all, args].concat(), form);
        match shown.code {
            Some(0) => "valid".to_owned(),
            _ => shown.json()["reason"].as_str().unwrap().to_owned(),
        }
    };
    let sha1 = sign(&["--token", "auth"]);
    let sha256 = sign(&["--shared-key", "shared", "--settings", settings]);
    assert_eq!((sha1.len(), sha256.len()), (28, 44));
    assert_eq!(
        verify(&sha1, &["--token", "other", "--token", "auth"]),
        "valid"
    );
    assert_eq!(verify(&sha1, &["--token", "other"]), "mismatch");
    let both = ["--token", "auth", "--shared-key", "shared"];
    assert_eq!(verify(&sha1, &both), "valid");
    assert_eq!(
        verify(&sha256, &[&both[..], &["--settings", settings]].concat()),
        "valid"
    );
    assert_eq!(
        verify(&sha256, &["--token", "shared", "--settings", settings]),
        "valid"
    );
    // The request chooses between keys, never the algorithm of a key.
    let weaker = [
        "--token",
        "auth",
        "--settings",
        "key=hub,algorithm=HMAC_SHA1",
    ];
    assert_eq!(verify(&sha1, &weaker), "no_key");
    assert_eq!(verify(&sha1, &["--shared-key", "auth"]), "no_key");
    let unknown = ["--token", "auth", "--settings", "algorithm=HMAC_MD5"];
    assert_eq!(verify(&sha1, &unknown), "unsupported_algorithm");
    let json = ["--token", "auth", "--content-type", "application/json"];
    assert_eq!(verify(&sha1, &json), "body_not_signed");
    assert_eq!(verify(&sha1, &["--token", ""]), "blank_secret");
    // The signature over such a body is worth nothing, so it is not made.
    let shown = run_with_stdin(
        &[&["sign", "twilio", "--url", url], &json[..]].concat(),
        form,
    );
    shown.refused(2, "&bodySHA256=");
}

#[test]
fn sign_refuses_what_no_sender_would_use() {
    run_with_stdin(&["sign", "stripe", "--secret", " "], BODY).refused(2, "secret 0 is blank");
    run_with_stdin(&["sign", "frappe"], BODY).refused(2, "no secret to work with");
    run_with_stdin(&["sign", "frappe", "--secret", "a", "--secret", "b"], BODY)
        .refused(2, "signs with one secret");
    run_with_stdin(&["sign", "standard-webhooks", "--secret", "?"], BODY).refused(2, "not base64");
    let shown = run_with_stdin(
        &[
            "sign",
            "stripe",
            "--secret",
            SECRET,
            "--now",
            "1763827200",
            "--json",
        ],
        BODY,
    );
    assert_eq!(shown.json()["headers"]["Stripe-Signature"], HEADER);
}
