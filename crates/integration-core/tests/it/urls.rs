use integration_core::{ApiPath, BaseUrl};
use proptest::prelude::*;

#[test]
fn a_prefix_and_a_trailing_slash_make_no_difference() {
    let path = ApiPath::new("/devices/").segment("a").unwrap();
    for (base, joined) in [
        ("http://acs:7557", "http://acs:7557/devices/a"),
        ("http://acs:7557/", "http://acs:7557/devices/a"),
        (" http://acs/nbi ", "http://acs/nbi/devices/a"),
        ("https://acs/nbi//", "https://acs/nbi/devices/a"),
    ] {
        assert_eq!(
            base.parse::<BaseUrl>().unwrap().join(&path).as_str(),
            joined
        );
    }
}

#[test]
fn addresses_that_cannot_be_meant_are_refused() {
    for text in [
        "",
        "acs:7557",
        "ftp://acs",
        "http://",
        "http://user:pass@acs",
        "http://acs?x=1",
        "http://acs#top",
    ] {
        assert!(text.parse::<BaseUrl>().is_err(), "{text}");
    }
}

#[test]
fn an_escape_inside_a_name_survives() {
    let base: BaseUrl = "http://acs".parse().unwrap();
    let path = ApiPath::new("devices")
        .segment_strict("9075BC-G%2D1425G%2DA-ALCLFC265D6F")
        .unwrap();
    let url = base.join(&path);
    assert_eq!(url.path(), "/devices/9075BC-G%252D1425G%252DA-ALCLFC265D6F");
}

#[test]
fn kept_characters_reach_the_wire_and_others_do_not() {
    let base: BaseUrl = "http://acs".parse().unwrap();
    let text = "a!$&'()*+,;=:@/?#%[ é";
    let path = ApiPath::new("x")
        .segment_with(text, "!$&'()*+,;=:@")
        .unwrap();
    let url = base.join(&path);
    assert_eq!(url.path(), "/x/a!$&'()*+,;=:@%2F%3F%23%25%5B%20%C3%A9");
    assert_eq!(
        url.as_str().parse::<http::Uri>().unwrap().path(),
        url.path()
    );

    let none = ApiPath::new("x").segment_with(text, "").unwrap();
    assert_eq!(none, ApiPath::new("x").segment(text).unwrap());
    for keep in ["/", "%", "?", "#", ".", "[", "\\", " ", "é", ":/"] {
        assert!(ApiPath::new("x").segment_with("a", keep).is_err(), "{keep}");
    }
    for text in ["", ".", ".."] {
        assert!(ApiPath::new("x").segment_with(text, ":").is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_one_segment_and_comes_back(text in "\\PC{1,40}|[./%\\\\?#]{1,6}") {
        let base: BaseUrl = "http://acs/p".parse().unwrap();
        for path in [
            ApiPath::new("x").segment(&text),
            ApiPath::new("x").segment_strict(&text),
            ApiPath::new("x").segment_with(&text, "!$&'()*+,;=:@"),
        ] {
            let Ok(path) = path else {
                prop_assert!(text == "." || text == "..");
                continue;
            };
            let url = base.join(&path);
            let segments: Vec<_> = url.path_segments().unwrap().collect();
            prop_assert_eq!(segments.len(), 3);
            let decoded = percent_encoding::percent_decode_str(segments[2]).decode_utf8().unwrap();
            prop_assert_eq!(&decoded, &text);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
