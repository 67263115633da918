//! Frappe's signature, with what two of its versions sent.

use webhook_signatures::{Error, frappe};

#[test]
fn both_versions_are_understood() {
    let verifier = frappe::Verifier::new(["s3cr3t"]).unwrap();
    let v15 = br#"{"name": "W-1", "title": "\u00c9lo\u00efse / x", "qty": 2.5}"#;
    let signature = "hSXHF4ALmS8sL20jbVK17CMCjJ02AMUlUU2Q8ieSgfA=";
    assert_eq!(frappe::sign("s3cr3t", v15), signature);
    assert!(verifier.verify(v15, signature).is_ok());

    let dev = b"{\n \"name\": \"W-1\",\n \"qty\": 2.5,\n \"title\": \"\\u00c9lo\\u00efse / x\"\n}";
    let signature = "cWlmahcq7yi7jT1XyGI0q1qe0HpXczVo0K8+O5XBTqo=";
    assert_eq!(frappe::sign("s3cr3t", dev), signature);
    assert!(verifier.verify(dev, signature).is_ok());
    assert_eq!(verifier.verify(v15, signature), Err(Error::Mismatch));
}

#[test]
fn a_signature_has_one_spelling() {
    let verifier = frappe::Verifier::new(["s3cr3t"]).unwrap();
    let good = frappe::sign("s3cr3t", b"{}");
    let bare = good.trim_end_matches('=');
    for bad in [
        bare.to_owned(),
        format!("{good}="),
        format!("{good} "),
        format!(" {good}"),
        format!("{bare}%3D"),
        good.replace('/', "_").replace('+', "-") + "x",
        "AA==".to_owned(),
        "é".repeat(22),
    ] {
        let error = verifier.verify(b"{}", &bad).unwrap_err();
        assert_eq!(error.code(), "malformed", "{bad}");
    }
    // The last digit of 43 carries two bits that mean nothing: only zeros are accepted there.
    let last = bare.chars().last().unwrap();
    let next = char::from(u8::try_from(last).unwrap() + 1);
    let other = format!("{}{next}=", bare.get(..42).unwrap());
    assert!(verifier.verify(b"{}", &other).is_err());
}

#[test]
fn an_empty_body_can_be_signed() {
    let verifier = frappe::Verifier::new(["s3cr3t"]).unwrap();
    let header = frappe::sign("s3cr3t", b"");
    assert!(verifier.verify(b"", &header).is_ok());
}
