//! Any input: no panic, round trips, and no flipped bit goes unnoticed.

use proptest::collection::vec;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use webhook_signatures::{
    Header, Tolerance, docuseal, frappe, shared_secret, standard_webhooks, stripe, twilio,
};

const SECRETS: [&str; 2] = ["whsec_dGVzdA==", "whsec_b3RoZXI="];

/// A copy with one bit changed.
fn flipped(bytes: &[u8], at: usize, bit: u8) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = at % out.len();
    out[at] ^= 1 << (bit % 8);
    out
}

proptest! {
    #[test]
    fn no_bytes_make_a_verifier_panic(
        header in vec(any::<u8>(), 0..200),
        other in vec(any::<u8>(), 0..40),
        body in vec(any::<u8>(), 0..200),
        now in any::<i64>(),
    ) {
        let header = Header::from(&header[..]);
        let other = Header::from(&other[..]);
        prop_assert!(stripe::Verifier::new(SECRETS).unwrap().verify(&body, header, now).is_err());
        prop_assert!(frappe::Verifier::new(SECRETS).unwrap().verify(&body, header).is_err());
        let docuseal = docuseal::Verifier::new(SECRETS)
            .and_then(|verifier| verifier.with_shared_secrets(SECRETS))
            .unwrap();
        prop_assert!(docuseal.verify_either(&body, header, other, now).is_err());
        let shared = shared_secret::Verifier::new(SECRETS).unwrap();
        prop_assert!(shared.verify(header).is_err());
        prop_assert!(shared.verify_bearer(header).is_err());
        let headers = standard_webhooks::Headers::new(other, header, header);
        let standard = standard_webhooks::Verifier::new(SECRETS).unwrap();
        prop_assert!(standard.verify(&body, &headers, now).is_err());
    }

    #[test]
    fn no_text_like_a_stripe_header_makes_it_panic(
        header in "(t=[0-9x]{0,22}|v[01]=[0-9a-fA-F=]{0,66}|[ ,=é])(,(t=[0-9]{0,22}|v1=[0-9a-f]{64}|[^,]{0,5})){0,8}",
        now in any::<i64>(),
    ) {
        let verifier = stripe::Verifier::new(SECRETS).unwrap();
        let verdict = verifier.verify(b"{}", &header, now);
        prop_assert!(verdict.is_err());
    }

    #[test]
    fn no_twilio_request_makes_it_panic(
        method in "(GET|POST|PUT|.{0,4})",
        url in "((https?|wss?|.{0,3})://)?([a-zA-Z.:@\\[\\]]{0,12})(/[^?]{0,8})?([?#](.{0,8}|bodySHA256=.{0,8}|'))?",
        content_type in proptest::option::of("(application/(json|x-www-form-urlencoded)(;.{0,4})?|.{0,8})"),
        body in vec(any::<u8>(), 0..100),
        settings in proptest::option::of("(key=.{0,4},)?(algorithm=(HMAC_SHA1|HMAC_SHA256|.{0,4}))?"),
    ) {
        let verifier = twilio::Verifier::new(SECRETS)
            .and_then(|verifier| verifier.with_shared_keys(SECRETS))
            .unwrap();
        let request = twilio::Request::new(&method, &url)
            .content_type(content_type.as_deref())
            .body(&body)
            .settings(settings.as_deref());
        let _ = format!("{request:?}");
        for signature in [
            twilio::sign("another", &request),
            twilio::sign_shared_key("another", &request),
        ] {
            prop_assert!(verifier.verify(&request, &signature).is_err());
        }
    }

    #[test]
    fn stripe_round_trip(
        body in vec(any::<u8>(), 1..300),
        secret in "[ -~]{0,40}[!-~]",
        at in 0..=i64::MAX,
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = stripe::Verifier::new(["first", &secret]).unwrap();
        let header = stripe::sign(["zero", &secret], &body, at);
        let verified = verifier.verify(&body, &header, at);
        prop_assert_eq!(verified.map(|ok| ok.signed_at().unwrap().as_secs()), Ok(at));

        let verifier = verifier.with_tolerance(Tolerance::OFF);
        let single = stripe::sign([&secret], &body, at);
        let header = flipped(single.as_bytes(), position.index(single.len()), bit);
        prop_assert!(verifier.verify(&body, &header[..], at).is_err());
        let body = flipped(&body, position.index(body.len()), bit);
        prop_assert!(verifier.verify(&body, &single, at).is_err());
    }

    #[test]
    fn docuseal_round_trip(
        body in vec(any::<u8>(), 1..300),
        secret in "[ -~]{0,40}[!-~]",
        at in 0..=i64::MAX,
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = docuseal::Verifier::new([&secret]).unwrap().with_tolerance(Tolerance::OFF);
        let header = docuseal::sign(&secret, &body, at);
        prop_assert!(verifier.verify(&body, &header, 0).is_ok());
        let wrong = flipped(header.as_bytes(), position.index(header.len()), bit);
        prop_assert!(verifier.verify(&body, &wrong[..], 0).is_err());
        let body = flipped(&body, position.index(body.len()), bit);
        prop_assert!(verifier.verify(&body, &header, 0).is_err());
    }

    #[test]
    fn frappe_round_trip(
        body in vec(any::<u8>(), 1..300),
        secret in "[ -~]{0,40}[!-~]",
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = frappe::Verifier::new([&secret]).unwrap();
        let header = frappe::sign(&secret, &body);
        prop_assert!(verifier.verify(&body, &header).is_ok());
        let wrong = flipped(header.as_bytes(), position.index(header.len()), bit);
        prop_assert!(verifier.verify(&body, &wrong[..]).is_err());
        let body = flipped(&body, position.index(body.len()), bit);
        prop_assert!(verifier.verify(&body, &header).is_err());
    }

    #[test]
    fn standard_webhooks_round_trip(
        body in vec(any::<u8>(), 1..300),
        id in "[a-zA-Z0-9_]{1,30}",
        at in 0..=i64::MAX,
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = standard_webhooks::Verifier::new(SECRETS).unwrap();
        let signature = standard_webhooks::sign([SECRETS[1]], &id, &body, at).unwrap();
        let t = at.to_string();
        let headers = standard_webhooks::Headers::new(&id, &t, &signature);
        prop_assert_eq!(verifier.verify(&body, &headers, at).map(|ok| ok.secret()), Ok(1));

        let verifier = verifier.with_tolerance(Tolerance::OFF);
        let flip = |text: &str| flipped(text.as_bytes(), position.index(text.len()), bit);
        let (id_, t_, signature_) = (flip(&id), flip(&t), flip(&signature));
        for headers in [
            standard_webhooks::Headers::new(&id_[..], &t, &signature),
            standard_webhooks::Headers::new(&id, &t_[..], &signature),
            standard_webhooks::Headers::new(&id, &t, &signature_[..]),
        ] {
            prop_assert!(verifier.verify(&body, &headers, at).is_err());
        }
        let body = flipped(&body, position.index(body.len()), bit);
        prop_assert!(verifier.verify(&body, &headers, at).is_err());
    }

    #[test]
    fn shared_secret_round_trip(
        secret in "[ -~]{0,40}[!-~]",
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let verifier = shared_secret::Verifier::new([&secret]).unwrap();
        prop_assert!(verifier.verify(&secret).is_ok());
        let wrong = flipped(secret.as_bytes(), position.index(secret.len()), bit);
        prop_assert!(verifier.verify(&wrong[..]).is_err());
    }

    #[test]
    fn twilio_form_round_trip(
        pairs in vec(("[a-zA-Z0-9_]{1,8}", "[a-zA-Z0-9]{0,12}"), 1..12),
        order in any::<prop::sample::Index>(),
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
        sha256 in any::<bool>(),
    ) {
        let form = |pairs: &[(String, String)]| {
            let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            pairs.join("&").into_bytes()
        };
        let url = "https://example.ca/webhook/twilio?job=7";
        let settings = sha256.then_some("key=k,algorithm=HMAC_SHA256");
        let request = twilio::Request::new("POST", url).settings(settings);
        let verifier = twilio::Verifier::new(["token"])
            .and_then(|verifier| verifier.with_shared_keys(["key"]))
            .unwrap();
        let body = form(&pairs);
        let signature = if sha256 {
            twilio::sign_shared_key("key", &request.body(&body))
        } else {
            twilio::sign("token", &request.body(&body))
        };
        prop_assert!(verifier.verify(&request.body(&body), &signature).is_ok());

        // The order on the wire means nothing.
        let mut turned = pairs.clone();
        turned.rotate_left(order.index(pairs.len()));
        prop_assert!(verifier.verify(&request.body(&form(&turned)), &signature).is_ok());

        // In the body no bit means nothing: there are no escapes in it.
        let wrong = flipped(&body, position.index(body.len()), bit);
        prop_assert!(verifier.verify(&request.body(&wrong), &signature).is_err());
        let wrong = flipped(signature.as_bytes(), position.index(signature.len()), bit);
        prop_assert!(verifier.verify(&request.body(&body), &wrong[..]).is_err());
    }

    #[test]
    fn twilio_json_round_trip(
        body in vec(any::<u8>(), 1..300),
        path in "/[a-z/]{0,12}",
        position in any::<prop::sample::Index>(),
        bit in 0..8_u8,
    ) {
        let url = twilio::with_body_sha256(&format!("https://example.ca{path}"), &body);
        let request = twilio::Request::new("POST", &url).content_type("application/json");
        let signature = twilio::sign("token", &request.body(&body));
        let verifier = twilio::Verifier::new(["token"]).unwrap();
        prop_assert!(verifier.verify(&request.body(&body), &signature).is_ok());
        let wrong = flipped(&body, position.index(body.len()), bit);
        prop_assert!(verifier.verify(&request.body(&wrong), &signature).is_err());
        // After the host, whose case does not matter, every bit of the address is signed.
        let start = "https://example.ca".len();
        let at = start + position.index(url.len() - start);
        if let Ok(wrong) = String::from_utf8(flipped(url.as_bytes(), at, bit)) {
            let request = twilio::Request::new("POST", &wrong)
                .content_type("application/json")
                .body(&body);
            prop_assert!(verifier.verify(&request, &signature).is_err(), "{}", wrong);
        }
    }
}
