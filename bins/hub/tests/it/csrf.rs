use http::{HeaderMap, HeaderValue};
use hub::platform::csrf::Csrf;
use integration_core::{BaseUrl, Secret};
use jiff::{SignedDuration, Timestamp};

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                http::HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        })
        .collect()
}

fn now() -> Timestamp {
    "2026-11-22T15:00:00Z".parse().unwrap()
}

#[test]
fn a_form_is_good_for_its_principal_today_and_tomorrow() {
    let csrf = Csrf::new(&[Secret::new("0123456789abcdef0123456789abcdef")]);
    let ours = headers(&[("sec-fetch-site", "same-origin")]);
    let token = csrf.token("marie@example.ca", now());
    let check = |principal, token: &str, days: i64| {
        let later = now() + SignedDuration::from_hours(24 * days);
        csrf.check(&ours, None, principal, token, later).is_ok()
    };
    assert!(check("marie@example.ca", &token, 0));
    assert!(check("marie@example.ca", &token, 1));
    assert!(!check("marie@example.ca", &token, 2));
    assert!(!check("luc@example.ca", &token, 0));
    for forged in ["", "00", "zz", &token[..62], &format!("{token}00"), "é"] {
        assert!(!check("marie@example.ca", forged, 0), "{forged}");
    }
    // The same on another hub that shares the secret, and after a restart.
    let other = Csrf::new(&[Secret::new("0123456789abcdef0123456789abcdef")]);
    assert_eq!(other.token("marie@example.ca", now()), token);
    assert_ne!(Csrf::new(&[]).token("marie@example.ca", now()), token);
}

#[test]
fn a_rotation_of_the_secret_keeps_open_forms_alive() {
    let ours = headers(&[("sec-fetch-site", "same-origin")]);
    let (old, new) = (Secret::new("a".repeat(32)), Secret::new("b".repeat(32)));
    let token = Csrf::new(std::slice::from_ref(&old)).token("m", now());
    let rotated = Csrf::new(&[new.clone(), old]);
    assert!(rotated.check(&ours, None, "m", &token, now()).is_ok());
    let retired = Csrf::new(&[new]);
    assert!(retired.check(&ours, None, "m", &token, now()).is_err());
    assert_eq!(rotated.pseudonym("m").len(), 12);
    assert_ne!(rotated.pseudonym("m"), rotated.pseudonym("n"));
}

#[test]
fn the_browser_must_say_that_a_page_of_ours_sent_it() {
    let csrf = Csrf::new(&[]);
    let token = csrf.token("m", now());
    let public: BaseUrl = "https://hub.example.ca".parse().unwrap();
    for (pairs, allowed) in [
        (&[("sec-fetch-site", "same-origin")][..], true),
        (&[("sec-fetch-site", "same-site")], false),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://hub.example.ca"),
            ],
            false,
        ),
        (&[("origin", "https://hub.example.ca")], true),
        (&[("origin", "https://evil.example.ca")], false),
        (&[("origin", "null")], false),
        (&[], false),
    ] {
        let outcome = csrf.check(&headers(pairs), Some(&public), "m", &token, now());
        assert_eq!(outcome.is_ok(), allowed, "{pairs:?}");
    }
}
