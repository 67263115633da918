//! DocuSeal's two mechanisms.

use webhook_signatures::{Error, Header, Malformation, docuseal};

const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const BODY: &[u8] = br#"{"event_type":"form.completed","timestamp":"2025-11-22T16:00:00.000Z","data":{"id":7,"status":"completed","external_id":"CTR-0001"}}"#;
const NOW: i64 = 1_763_827_200;

fn judge(header: &str) -> Result<(), Error> {
    docuseal::Verifier::new([SECRET])
        .unwrap()
        .verify(BODY, header, NOW)
        .map(|_| ())
}

#[test]
fn the_published_algorithm_is_followed() {
    let header = "1763827200.c8128945dd989a2aa6132049fc5f51bbcc5b02aa2d35f99395d38f1dcaf35ca1";
    assert_eq!(docuseal::sign(SECRET, BODY, NOW), header);
    assert_eq!(judge(header), Ok(()));
}

#[test]
fn the_header_is_divided_at_the_first_dot() {
    let good = docuseal::sign(SECRET, BODY, NOW);
    let (t, code) = good.split_once('.').unwrap();
    let malformed = |reason| {
        Err(Error::Malformed {
            header: docuseal::HEADER,
            reason,
        })
    };
    assert_eq!(judge(code), malformed(Malformation::NoTimestamp));
    assert_eq!(
        judge(&format!(".{code}")),
        malformed(Malformation::BadTimestamp)
    );
    assert_eq!(
        judge(&format!("{t}x.{code}")),
        malformed(Malformation::BadTimestamp)
    );
    for bad in [
        format!("{t}.1.{code}"),
        format!("{t}."),
        format!("{t}.{}", code.to_uppercase()),
        format!("{t}.{code} "),
        format!("{t}.{code},{t}.{code}"),
    ] {
        assert_eq!(judge(&bad), malformed(Malformation::BadSignature), "{bad}");
    }
}

#[test]
fn the_tolerance_goes_both_ways() {
    for (signed_at, code) in [(NOW - 301, "too_old"), (NOW + 301, "in_future")] {
        let error = judge(&docuseal::sign(SECRET, BODY, signed_at)).unwrap_err();
        assert_eq!(error.code(), code);
    }
    for signed_at in [NOW - 300, NOW + 300] {
        assert_eq!(judge(&docuseal::sign(SECRET, BODY, signed_at)), Ok(()));
    }
}

#[test]
fn either_mechanism_is_accepted_where_both_are_set_up() {
    let verifier = docuseal::Verifier::new(["new", SECRET])
        .unwrap()
        .with_shared_secrets(["correct horse"])
        .unwrap();
    let good = docuseal::sign(SECRET, BODY, NOW);
    let good = Header::from(&good);
    let verify = |signature, shared: Header<'static>| {
        verifier
            .verify_either(BODY, signature, shared, NOW)
            .map(|ok| ok.secret())
    };
    assert_eq!(verify(good, Header::ABSENT), Ok(1));
    assert_eq!(verify(good, Header::from("wrong")), Ok(1));
    assert_eq!(verify(Header::ABSENT, Header::from("correct horse")), Ok(0));
    assert_eq!(
        verify(Header::ABSENT, Header::from("wrong")),
        Err(Error::Mismatch)
    );
    let missing = Error::MissingHeader {
        header: docuseal::HEADER,
    };
    assert_eq!(verify(Header::ABSENT, Header::ABSENT), Err(missing.clone()));

    let signed_only = docuseal::Verifier::new([SECRET]).unwrap();
    let verdict = signed_only.verify_either(BODY, Header::ABSENT, SECRET, NOW);
    assert_eq!(verdict, Err(missing));
}
