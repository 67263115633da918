//! Secrets that are sent as they are.

use webhook_signatures::{Error, Malformation, shared_secret};

#[test]
fn the_value_is_the_secret_to_the_byte() {
    let verifier = shared_secret::Verifier::new(["correct horse", "é"]).unwrap();
    assert_eq!(verifier.verify("correct horse").unwrap().secret(), 0);
    assert_eq!(verifier.verify("é").unwrap().secret(), 1);
    for wrong in [
        "correct hors",
        "correct horse ",
        " correct horse",
        "Correct horse",
        "x",
        "e\u{301}",
    ] {
        assert_eq!(verifier.verify(wrong), Err(Error::Mismatch), "{wrong:?}");
    }
    assert_eq!(verifier.verify(&b"\xff\0"[..]), Err(Error::Mismatch));
}

#[test]
fn a_bearer_token_is_found_whatever_the_case_of_the_scheme() {
    let verifier = shared_secret::Verifier::new(["abc"]).unwrap();
    for good in ["Bearer abc", "bearer abc", "BEARER  abc"] {
        assert!(verifier.verify_bearer(good).is_ok(), "{good}");
    }
    for bad in [
        "abc",
        "Bearer",
        "Bearer ",
        "Bearerabc",
        "Basic abc",
        "Beàrer abc",
        "Bearer\tabc",
    ] {
        assert_eq!(
            verifier.verify_bearer(bad),
            Err(Error::Malformed {
                header: "Authorization",
                reason: Malformation::NotBearer
            }),
            "{bad:?}"
        );
    }
    assert_eq!(verifier.verify_bearer("Bearer abd"), Err(Error::Mismatch));
    assert_eq!(verifier.verify_bearer("Bearer abc "), Err(Error::Mismatch));
}
