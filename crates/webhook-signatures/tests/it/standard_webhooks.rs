//! The Standard Webhooks scheme.

use webhook_signatures::standard_webhooks::{Headers, Verifier, sign};
use webhook_signatures::{Error, Tolerance, docuseal};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const NOW: i64 = 1_614_265_330;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn judge(id: &str, t: &str, signature: &str) -> Result<(), &'static str> {
    Verifier::new([SECRET])
        .unwrap()
        .verify(BODY, &Headers::new(id, t, signature), NOW)
        .map(|_| ())
        .map_err(|error| error.code())
}

#[test]
fn the_vector_of_the_reference_library() {
    assert_eq!(sign([SECRET], ID, BODY, NOW).unwrap(), SIGNATURE);
    assert_eq!(judge(ID, "1614265330", SIGNATURE), Ok(()));
}

#[test]
fn a_secret_may_lack_its_prefix_and_its_padding() {
    for secret in ["whsec_dGVzdA==", "whsec_dGVzdA", "dGVzdA==", "dGVzdA"] {
        let header = sign([secret], ID, BODY, NOW).unwrap();
        let verifier = Verifier::new(["dGVzdA=="]).unwrap();
        let headers = Headers::new(ID, "1614265330", &header);
        assert!(verifier.verify(BODY, &headers, NOW).is_ok(), "{secret}");
    }
    for bad in ["whsec_dGVzd!==", "a", "whsec_é", "dGVz dA=="] {
        assert_eq!(
            Verifier::new([bad]).unwrap_err(),
            Error::SecretNotBase64 { index: 0 },
            "{bad}"
        );
    }
}

#[test]
fn every_signature_of_the_list_is_tried() {
    let other = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for list in [
        format!("{other} {SIGNATURE}"),
        format!("{SIGNATURE} {other}"),
        format!("v1a,xyz nonsense {SIGNATURE}"),
        format!(" {SIGNATURE}  "),
    ] {
        assert_eq!(judge(ID, "1614265330", &list), Ok(()), "{list}");
    }
    assert_eq!(judge(ID, "1614265330", other), Err("mismatch"));
    let rolled = sign(["dGVzdA==", SECRET], ID, BODY, NOW).unwrap();
    assert_eq!(judge(ID, "1614265330", &rolled), Ok(()));
}

#[test]
fn other_versions_prove_nothing() {
    let code = SIGNATURE.strip_prefix("v1,").unwrap();
    for list in [
        format!("v1a,{code}"),
        format!("V1,{code}"),
        code.to_owned(),
        format!("v1={code}"),
    ] {
        assert_eq!(
            judge(ID, "1614265330", &list),
            Err("no_supported_scheme"),
            "{list}"
        );
    }
    let comma = format!("{SIGNATURE},{SIGNATURE}");
    assert_eq!(judge(ID, "1614265330", &comma), Err("malformed"));
}

#[test]
fn the_id_cannot_swallow_the_time() {
    // `a.5` at 7 and `a` at 5 with a body that begins with `7.` have the same signed text.
    let header = sign([SECRET], "a", b"7.{}", 5).unwrap();
    let verifier = Verifier::new([SECRET])
        .unwrap()
        .with_tolerance(Tolerance::OFF);
    assert!(
        verifier
            .verify(b"7.{}", &Headers::new("a", "5", &header), 5)
            .is_ok()
    );
    let shifted = verifier.verify(b"{}", &Headers::new("a.5", "7", &header), 5);
    assert_eq!(shifted.unwrap_err().code(), "malformed");
}

#[test]
fn the_three_headers_are_signed() {
    assert_eq!(judge("msg_other", "1614265330", SIGNATURE), Err("mismatch"));
    assert_eq!(judge(ID, "1614265331", SIGNATURE), Err("mismatch"));
    assert_eq!(judge(ID, "1614265330.0", SIGNATURE), Err("malformed"));
    let old = sign([SECRET], ID, BODY, NOW - 301).unwrap();
    assert_eq!(judge(ID, &(NOW - 301).to_string(), &old), Err("too_old"));
    let future = sign([SECRET], ID, BODY, NOW + 301).unwrap();
    assert_eq!(
        judge(ID, &(NOW + 301).to_string(), &future),
        Err("in_future")
    );
}

#[test]
fn docuseal_reads_the_same_secret_differently() {
    let header = docuseal::sign(SECRET, BODY, NOW);
    let undecoded = docuseal::Verifier::new([SECRET]).unwrap();
    assert!(undecoded.verify(BODY, &header, NOW).is_ok());
    assert_eq!(judge(ID, "1614265330", &header), Err("no_supported_scheme"));
}
