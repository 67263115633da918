//! Twilio's signature: forms, hashes of bodies, shared keys and the spellings of an address.

use webhook_signatures::twilio::{Request, Verifier, sign, sign_shared_key, with_body_sha256};
use webhook_signatures::{Error, twilio};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

fn verify(request: &Request<'_>, signature: &str) -> Result<(), Error> {
    Verifier::new([TOKEN])
        .unwrap()
        .verify(request, signature)
        .map(|_| ())
}

/// Whether a request to `seen` fits what was signed for `signed`.
fn accepts(signed: &str, seen: &str) -> bool {
    let signature = sign(TOKEN, &Request::new("GET", signed));
    verify(&Request::new("GET", seen), &signature).is_ok()
}

#[test]
fn the_example_of_the_documentation() {
    let request = Request::new("POST", "https://mycompany.com/myapp.php?foo=1&bar=2")
        .content_type(FORM)
        .body(b"To=%2B18005551212&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&CallSid=CA1234567890ABCDE");
    let verifier = Verifier::new(["12345"]).unwrap();
    assert!(
        verifier
            .verify(&request, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
            .is_ok()
    );
}

#[test]
fn values_are_signed_untrimmed_and_empty_ones_too() {
    let base = Request::new("POST", "https://example.ca/sms").content_type(FORM);
    let signature = sign(
        TOKEN,
        &base.body("Body=%20a%0D%0A%F0%9F%98%80+&Empty=".as_bytes()),
    );
    assert!(
        verify(
            &base.body("Empty&Body=+a%0d%0a😀%20".as_bytes()),
            &signature
        )
        .is_ok()
    );
    assert!(verify(&base.body("Empty&Body=a%0d%0a😀".as_bytes()), &signature).is_err());
}

#[test]
fn the_content_type_decides_whether_parameters_are_signed() {
    let url = "https://example.ca/x";
    let request = Request::new("POST", url).body(b"a=1");
    let as_form = sign(TOKEN, &request);
    for form in [
        Some(FORM),
        Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8"),
        None,
    ] {
        assert_eq!(
            verify(&request.content_type(form), &as_form),
            Ok(()),
            "{form:?}"
        );
    }
    for other in [JSON, "text/plain", "multipart/form-data; boundary=x", ""] {
        assert_eq!(
            verify(&request.content_type(other), &as_form),
            Err(Error::BodyNotSigned),
            "{other}"
        );
    }
    // A form at an address that happens to hold a hash is still a form.
    let hashed = with_body_sha256(url, b"another");
    let request = Request::new("POST", &hashed)
        .content_type(FORM)
        .body(b"a=1");
    assert_eq!(verify(&request, &sign(TOKEN, &request)), Ok(()));
}

#[test]
fn json_is_covered_by_its_hash() {
    let body = br#"{"a":1}"#;
    let url = with_body_sha256("https://example.ca/x", body);
    assert!(
        url.ends_with(
            "?bodySHA256=015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
        )
    );
    let request = Request::new("POST", &url).content_type(JSON).body(body);
    let signature = sign(TOKEN, &request);
    assert_eq!(verify(&request, &signature), Ok(()));
    let altered = request.body(br#"{"a":2}"#);
    assert_eq!(verify(&altered, &signature), Err(Error::BodyHashMismatch));
    // Whether the hash is right is said of a signed address only.
    let unsigned = Request::new("POST", "https://example.ca/y?bodySHA256=0").content_type(JSON);
    assert_eq!(
        verify(&unsigned.body(body), &signature),
        Err(Error::Mismatch)
    );
    // Upper case is not what either library compares with.
    let upper = url.replace("015abd7f", "015ABD7F");
    let request = Request::new("POST", &upper).content_type(JSON).body(body);
    assert_eq!(
        verify(&request, &sign(TOKEN, &request)),
        Err(Error::BodyHashMismatch)
    );
}

#[test]
fn a_body_cannot_be_cut_off() {
    let url = with_body_sha256("https://example.ca/x", br#"{"a":1}"#);
    let signature = sign(TOKEN, &Request::new("GET", &url));
    for method in ["POST", "GET", "PUT"] {
        for content_type in [None, Some(JSON), Some(FORM)] {
            let cut = Request::new(method, &url).content_type(content_type);
            assert_eq!(
                verify(&cut, &signature),
                Err(Error::BodyHashMismatch),
                "{method} {content_type:?}"
            );
        }
    }
    let plain = Request::new("POST", "https://example.ca/x").content_type(JSON);
    assert_eq!(
        verify(&plain, &sign(TOKEN, &plain)),
        Err(Error::BodyNotSigned)
    );
}

#[test]
fn a_get_signs_its_address_alone() {
    for method in ["GET", "get", "HEAD"] {
        let request = Request::new(method, "https://example.ca/voice?Digits=1");
        let signature = sign(TOKEN, &request);
        assert_eq!(verify(&request, &signature), Ok(()));
        assert_eq!(
            verify(&request.content_type(FORM).body(b"Digits=2"), &signature),
            Err(Error::BodyNotSigned)
        );
    }
}

#[test]
fn the_port_may_be_there_or_not() {
    for (signed, seen) in [
        ("https://h.ca/a", "https://h.ca:443/a"),
        ("https://h.ca:443/a", "https://h.ca/a"),
        ("https://h.ca/a", "https://h.ca:8443/a"),
        ("http://h.ca:80/a", "http://h.ca/a"),
        ("wss://h.ca:443/ws", "wss://h.ca/ws"),
        ("wss://h.ca:80/ws", "wss://h.ca/ws"),
        ("https://u:p@h.ca/a", "https://u:p@h.ca:8443/a"),
        ("https://[2001:db8::7]/a", "https://[2001:db8::7]:8443/a"),
    ] {
        assert!(accepts(signed, seen), "{signed} {seen}");
    }
    for (signed, seen) in [
        ("https://h.ca:8443/a", "https://h.ca/a"),
        ("https://h.ca:8443/a", "https://h.ca:9443/a"),
        ("http://h.ca/a", "https://h.ca/a"),
        ("wss://h.ca/ws", "https://h.ca/ws"),
    ] {
        assert!(!accepts(signed, seen), "{signed} {seen}");
    }
}

#[test]
fn little_of_the_address_is_normalised() {
    for (signed, seen) in [
        ("https://h.ca/a?", "https://h.ca/a?"),
        ("https://h.ca/a", "https://H.ca/a"),
        ("https://H.ca/a", "https://H.ca/a"),
        ("https://h.ca/a?q=l%27eau", "https://h.ca/a?q=l'eau"),
        ("https://h.ca/a?q=l'eau", "https://h.ca/a?q=l'eau"),
    ] {
        assert!(accepts(signed, seen), "{signed} {seen}");
    }
    for (signed, seen) in [
        ("https://h.ca/a?q=a%20b", "https://h.ca/a?q=a+b"),
        ("https://h.ca/a?q=%C3", "https://h.ca/a?q=%c3"),
        ("https://h.ca/A", "https://h.ca/a"),
        ("https://h.ca/a?", "https://h.ca/a"),
        ("https://h.ca/a/", "https://h.ca/a"),
        ("https://h.ca/a?b=1&c=2", "https://h.ca/a?c=2&b=1"),
    ] {
        assert!(!accepts(signed, seen), "{signed} {seen}");
    }
}

#[test]
fn the_request_never_chooses_the_algorithm_of_a_key() {
    let plain = Request::new("GET", "https://example.ca/voice");
    let named = |settings| plain.settings(Some(settings));
    let sha256 = named("key=k,algorithm=HMAC_SHA256");
    let both = Verifier::new(["token"])
        .unwrap()
        .with_shared_keys(["key"])
        .unwrap();
    let judge = |verifier: &Verifier, request: &Request<'_>, signature: &str| {
        verifier
            .verify(request, signature)
            .map(|_| ())
            .map_err(|error| error.code())
    };
    assert_eq!(judge(&both, &plain, &sign("token", &plain)), Ok(()));
    assert_eq!(
        judge(&both, &sha256, &sign_shared_key("key", &plain)),
        Ok(())
    );
    assert_eq!(
        judge(&both, &named("algorithm=HMAC_SHA1"), &sign("token", &plain)),
        Ok(())
    );
    // Each key with the other's algorithm.
    assert_eq!(judge(&both, &plain, &sign("key", &plain)), Err("mismatch"));
    assert_eq!(
        judge(&both, &named("algorithm=HMAC_SHA1"), &sign("key", &plain)),
        Err("mismatch")
    );
    assert_eq!(
        judge(&both, &sha256, &sign_shared_key("token", &plain)),
        Err("mismatch")
    );
    // A code of the other length.
    assert_eq!(
        judge(&both, &sha256, &sign("key", &plain)),
        Err("malformed")
    );
    let token_only = Verifier::new(["token"]).unwrap();
    assert_eq!(
        judge(&token_only, &sha256, &sign_shared_key("token", &plain)),
        Err("no_key")
    );
}

#[test]
fn settings_that_cannot_be_followed_are_refused() {
    let request = Request::new("GET", "https://example.ca/voice");
    let verifier = Verifier::new(["token"])
        .unwrap()
        .with_shared_keys(["key"])
        .unwrap();
    for (settings, code) in [
        ("algorithm=HMAC_SHA512", "unsupported_algorithm"),
        ("key=k,algorithm=hmac_sha256", "unsupported_algorithm"),
        ("key=k,algorithm=", "unsupported_algorithm"),
        ("key=k", "malformed"),
        ("algorithm=HMAC_SHA256,algorithm=HMAC_SHA1", "malformed"),
        ("é", "malformed"),
    ] {
        let request = request.settings(settings);
        let error = verifier
            .verify(&request, &sign_shared_key("key", &request))
            .unwrap_err();
        assert_eq!(error.code(), code, "{settings}");
    }
    let spaced = request.settings("key=k, algorithm=HMAC_SHA256");
    assert!(
        verifier
            .verify(&spaced, &sign_shared_key("key", &spaced))
            .is_ok()
    );
}

#[test]
fn several_tokens_are_tried() {
    let request = Request::new("POST", "https://example.ca/sms").body(b"a=1");
    let verifier = Verifier::new(["secondary", "primary"]).unwrap();
    let verified = verifier
        .verify(&request, &sign("primary", &request))
        .unwrap();
    assert_eq!((verified.secret(), verified.signed_at()), (1, None));
}

#[test]
fn malformed_signatures_and_addresses_are_told_apart() {
    let request = Request::new("GET", "https://example.ca/");
    let good = sign(TOKEN, &request);
    for bad in [
        good.trim_end_matches('=').to_owned(),
        format!("{good} "),
        format!("{good},{good}"),
        "é".to_owned(),
        "AAAA".to_owned(),
    ] {
        assert_eq!(
            verify(&request, &bad).unwrap_err().code(),
            "malformed",
            "{bad}"
        );
    }
    for url in ["", "/webhook", "example.ca/x", "https://"] {
        let request = Request::new("GET", url);
        assert_eq!(verify(&request, &good), Err(Error::BadUrl), "{url}");
    }
}

#[test]
fn a_hash_is_added_before_the_fragment() {
    let hash = "bodySHA256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    for (url, expected) in [
        ("https://h.ca", format!("https://h.ca?{hash}")),
        ("https://h.ca/a?", format!("https://h.ca/a?{hash}")),
        ("https://h.ca/a?b=1", format!("https://h.ca/a?b=1&{hash}")),
        ("https://h.ca/a#rc=3", format!("https://h.ca/a?{hash}#rc=3")),
    ] {
        assert_eq!(with_body_sha256(url, b""), expected);
    }
}

#[test]
fn a_form_has_a_bounded_number_of_parameters() {
    let most = "a=1&".repeat(twilio::MAX_PARAMETERS);
    let base = Request::new("POST", "https://example.ca/sms");
    let request = base.body(most.as_bytes());
    assert_eq!(verify(&request, &sign(TOKEN, &request)), Ok(()));
    let more = format!("{most}b=2");
    let request = base.body(more.as_bytes());
    assert_eq!(
        verify(&request, &sign(TOKEN, &request)).unwrap_err().code(),
        "too_many_parameters"
    );
}
