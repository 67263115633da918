//! Stripe's header, and the cases in which its own libraries disagree.

use webhook_signatures::{Error, Malformation, Tolerance, stripe};

const SECRET: &str = "whsec_08f503eca060338eeb8f99733cde5875";
const BODY: &[u8] = br#"{"id":"evt_1"}"#;
const NOW: i64 = 1_763_827_200;

fn judge(header: &str) -> Result<(), Error> {
    judge_body(BODY, header)
}

fn judge_body(body: &[u8], header: &str) -> Result<(), Error> {
    stripe::Verifier::new([SECRET])
        .unwrap()
        .verify(body, header, NOW)
        .map(|_| ())
}

fn malformed(reason: Malformation) -> Result<(), Error> {
    Err(Error::Malformed {
        header: stripe::HEADER,
        reason,
    })
}

/// The signature of `BODY` at a time.
fn code(t: &str) -> String {
    let header = stripe::sign([SECRET], BODY, t.parse::<i64>().unwrap());
    header.split_once("v1=").unwrap().1.to_owned()
}

#[test]
fn every_signature_is_tried_with_every_secret() {
    let wrong = "0".repeat(64);
    let right = code("1763827200");
    for header in [
        format!("t={NOW},v1={wrong},v1={wrong},v1={right}"),
        format!("t={NOW},v1={right},v1={wrong}"),
        format!("v1={wrong},v0={wrong},v1={right},t={NOW}"),
        format!("t={NOW},v1=short,v1={right},v2=x,,unknown"),
    ] {
        assert_eq!(judge(&header), Ok(()), "{header}");
    }
    let verifier = stripe::Verifier::new(["other", "another", SECRET]).unwrap();
    let header = stripe::sign(["third", SECRET], BODY, NOW);
    assert_eq!(verifier.verify(BODY, &header, NOW).unwrap().secret(), 2);
}

#[test]
fn a_header_full_of_signatures_is_read_to_the_end() {
    let wrong = format!(",v1={}", "0".repeat(64));
    let right = code("1763827200");
    let header = format!("t={NOW}{},v1={right}", wrong.repeat(230));
    assert_eq!(judge(&header), Ok(()));
    let header = format!("t={NOW}{},v1={right}", wrong.repeat(5_000));
    assert_eq!(judge(&header).unwrap_err().code(), "header_too_long");
}

#[test]
fn the_time_is_one_plain_number() {
    let right = code("1763827200");
    let v1 = format!("v1={right}");
    assert_eq!(judge(&v1), malformed(Malformation::NoTimestamp));
    assert_eq!(
        judge(&format!("t={NOW},t={NOW},{v1}")),
        malformed(Malformation::SeveralTimestamps)
    );
    assert_eq!(
        judge(&format!("t={NOW},{v1},t=1")),
        malformed(Malformation::SeveralTimestamps)
    );
    for t in [
        "",
        "abc",
        "NaN",
        "1763827200x",
        " 1763827200",
        "1763827200 ",
        "+1763827200",
        "-1",
        "01763827200",
        "1763827200.0",
        "1e9",
        "99999999999999999999999999",
        "9223372036854775808",
        "١٧٦٣٨٢٧٢٠٠",
    ] {
        assert_eq!(
            judge(&format!("t={t},{v1}")),
            malformed(Malformation::BadTimestamp),
            "{t:?}"
        );
    }
    // The largest number there is does not overflow the age.
    let far = stripe::sign([SECRET], BODY, i64::MAX);
    assert_eq!(judge(&far).unwrap_err().code(), "in_future");
}

#[test]
fn a_signature_has_one_spelling() {
    let right = code("1763827200");
    for v1 in [
        right.to_uppercase(),
        format!("{right}=junk"),
        format!("{right} "),
        format!(" {right}"),
        format!("{right}00"),
        right.get(..62).unwrap().to_owned(),
        String::new(),
        "é".repeat(32),
    ] {
        assert_eq!(
            judge(&format!("t={NOW},v1={v1}")),
            malformed(Malformation::BadSignature),
            "{v1}"
        );
    }
}

#[test]
fn other_schemes_and_names_prove_nothing() {
    let right = code("1763827200");
    for name in ["v0", "V1", " v1", "v1 ", "v11", "v"] {
        assert_eq!(
            judge(&format!("t={NOW},{name}={right}")),
            Err(Error::NoSupportedScheme {
                header: stripe::HEADER
            }),
            "{name:?}"
        );
    }
    assert_eq!(judge("garbage"), malformed(Malformation::NoTimestamp));
    assert_eq!(judge(",,,"), malformed(Malformation::NoTimestamp));
}

#[test]
fn a_header_that_is_not_text_is_refused() {
    let verifier = stripe::Verifier::new([SECRET]).unwrap();
    for header in [
        &b"\xff\xfe"[..],
        b"t=\xff,v1=\x00",
        b"\0",
        b"t=1,v1=\xc3\xa9",
    ] {
        assert!(verifier.verify(BODY, header, NOW).is_err(), "{header:?}");
    }
}

#[test]
fn the_body_is_bytes() {
    for body in [
        &b"\xef\xbb\xbf{}"[..],
        b"\xff\xfe\0",
        b" {}\r\n",
        "é🏠".as_bytes(),
    ] {
        let header = stripe::sign([SECRET], body, NOW);
        assert_eq!(judge_body(body, &header), Ok(()), "{body:?}");
    }
    let header = stripe::sign([SECRET], b"\xef\xbb\xbf{}", NOW);
    assert_eq!(judge_body(b"{}", &header), Err(Error::Mismatch));
}

#[test]
fn an_empty_body_is_never_stripes() {
    let header = stripe::sign([SECRET], b"", NOW);
    assert_eq!(judge_body(b"", &header), Err(Error::EmptyBody));
}

#[test]
fn the_secret_is_the_whole_text() {
    let header = stripe::sign([SECRET], BODY, NOW);
    let bare = SECRET.strip_prefix("whsec_").unwrap();
    let verifier = stripe::Verifier::new([bare]).unwrap();
    assert_eq!(verifier.verify(BODY, &header, NOW), Err(Error::Mismatch));
}

#[test]
fn the_age_is_said_of_genuine_requests_only() {
    let verifier = stripe::Verifier::new([SECRET]).unwrap();
    let old = stripe::sign([SECRET], BODY, NOW - 301);
    assert_eq!(
        verifier.verify(BODY, &old, NOW),
        Err(Error::TooOld {
            age_secs: 301,
            tolerance_secs: 300
        })
    );
    assert_eq!(verifier.verify(b"{}", &old, NOW), Err(Error::Mismatch));
    let future = stripe::sign([SECRET], BODY, NOW + 301);
    assert_eq!(
        verifier.verify(BODY, &future, NOW),
        Err(Error::InFuture {
            ahead_secs: 301,
            tolerance_secs: 300
        })
    );
    for edge in [NOW - 300, NOW + 300] {
        let header = stripe::sign([SECRET], BODY, edge);
        assert!(verifier.verify(BODY, &header, NOW).is_ok());
    }
    let any = verifier.with_tolerance(Tolerance::OFF);
    assert!(any.verify(BODY, &old, i64::MAX).is_ok());
}

#[test]
fn a_time_that_was_replaced_does_not_fit() {
    let old = stripe::sign([SECRET], BODY, NOW - 600);
    let fresh = old.replace(&(NOW - 600).to_string(), &NOW.to_string());
    assert_eq!(judge(&fresh), Err(Error::Mismatch));
}
