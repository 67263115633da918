use hub::platform::config::Config;

use crate::support::settings;

#[test]
fn everything_is_optional() {
    let config = Config::read(&settings(&[])).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3300");
    assert!(config.trusted_proxies.is_empty() && config.genieacs_nbi_url.is_none());
    let empty = settings(&[("GENIEACS_NBI_URL", ""), ("TRUSTED_PROXIES", "")]);
    assert!(Config::read(&empty).is_ok());
}

#[test]
fn all_mistakes_are_named_together_and_no_secret_is_shown() {
    let mistakes = Config::read(&settings(&[
        ("HUB_LISTEN", "here"),
        ("TRUSTED_PROXIES", "10.0.0.0/24,everyone"),
        ("MAGIC_LINK_SECRET", "short-canary"),
        ("GENIEACS_NBI_URL", "http://user:canary@acs"),
        ("HUB_LISTNE", "typo"),
        ("SOMEONE_ELSES", "fine"),
    ]))
    .unwrap_err();
    let names: Vec<&str> = mistakes
        .iter()
        .map(|mistake| mistake.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "HUB_LISTEN",
            "TRUSTED_PROXIES",
            "MAGIC_LINK_SECRET",
            "GENIEACS_NBI_URL",
            "HUB_LISTNE"
        ]
    );
    let shown: String = mistakes.iter().map(ToString::to_string).collect();
    assert!(!shown.contains("canary"), "{shown}");
}

#[test]
fn a_secret_comes_from_a_file_or_a_variable_but_not_both() {
    let path = std::env::temp_dir().join(format!("hub-secret-{}", std::process::id()));
    std::fs::write(&path, "0123456789abcdef\n").unwrap();
    let path = path.to_str().unwrap();
    let config = Config::read(&settings(&[("INTERNAL_TOKEN_FILE", path)])).unwrap();
    assert_eq!(config.internal_tokens[0].expose(), "0123456789abcdef");
    assert!(!format!("{config:?} {}", config.redacted()).contains("0123456789abcdef"));

    let both = settings(&[
        ("INTERNAL_TOKEN", "0123456789abcdef"),
        ("INTERNAL_TOKEN_FILE", path),
    ]);
    assert_eq!(Config::read(&both).unwrap_err()[0].name, "INTERNAL_TOKEN");
    std::fs::remove_file(path).unwrap();
    let gone = Config::read(&settings(&[("INTERNAL_TOKEN_FILE", path)])).unwrap_err();
    assert_eq!(gone[0].name, "INTERNAL_TOKEN_FILE");
}

#[test]
fn a_network_of_everyone_is_no_proxy() {
    for list in ["0.0.0.0/0", "::/0", "10.0.0.0/24,0.0.0.0/0"] {
        let mistakes = Config::read(&settings(&[("TRUSTED_PROXIES", list)])).unwrap_err();
        assert_eq!(mistakes[0].name, "TRUSTED_PROXIES");
    }
}

#[test]
fn a_value_that_is_not_text_is_a_mistake_not_an_absence() {
    use hub::platform::config::{NotText, Source};

    struct Broken;
    impl Source for Broken {
        fn var(&self, name: &str) -> Result<Option<String>, NotText> {
            if name == "MAGIC_LINK_SECRET" {
                Err(NotText)
            } else {
                Ok(None)
            }
        }
        fn names(&self) -> Vec<String> {
            Vec::new()
        }
        fn file(&self, _: &str) -> std::io::Result<String> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }
    assert_eq!(
        Config::read(&Broken).unwrap_err()[0].name,
        "MAGIC_LINK_SECRET"
    );
}

#[test]
fn a_comma_list_of_secrets_is_a_rotation() {
    let list = format!("{},{}", "a".repeat(32), "b".repeat(32));
    let config = Config::read(&settings(&[("MAGIC_LINK_SECRET", &list)])).unwrap();
    assert_eq!(config.signing_secrets.len(), 2);
    assert!(config.redacted().contains("MAGIC_LINK_SECRET=(2 set)"));
}

#[test]
fn erpnext_is_all_there_or_not_at_all() {
    let all = [
        ("ERPNEXT_URL", "https://erp.example.ca"),
        ("ERPNEXT_API_KEY", "key-canary"),
        ("ERPNEXT_API_SECRET", "secret-canary"),
    ];
    let config = Config::read(&settings(&all)).unwrap();
    let shown = format!("{config:?} {}", config.redacted());
    assert!(shown.contains("ERPNEXT_URL=https://erp.example.ca"));
    assert!(!shown.contains("canary"), "{shown}");
    assert!(config.erp().unwrap().is_some());
    assert!(Config::read(&settings(&[])).unwrap().erpnext.is_none());

    let missing = |given: &[(&str, &str)]| -> Vec<String> {
        let mistakes = Config::read(&settings(given)).unwrap_err();
        assert!(
            mistakes
                .iter()
                .all(|mistake| mistake.rule.contains("all of"))
        );
        mistakes.into_iter().map(|mistake| mistake.name).collect()
    };
    assert_eq!(
        missing(&all[..1]),
        ["ERPNEXT_API_KEY", "ERPNEXT_API_SECRET"]
    );
    assert_eq!(missing(&all[..2]), ["ERPNEXT_API_SECRET"]);
    assert_eq!(missing(&all[1..]), ["ERPNEXT_URL"]);
    // An address that is wrong is that mistake, and no other.
    let wrong = [("ERPNEXT_URL", "erp"), all[1], all[2]];
    let mistakes = Config::read(&settings(&wrong)).unwrap_err();
    assert_eq!(mistakes.len(), 1);
    assert_eq!(mistakes[0].name, "ERPNEXT_URL");
}

#[test]
fn the_secret_of_erpnext_comes_from_a_file_too() {
    let path = std::env::temp_dir().join(format!("hub-erp-{}", std::process::id()));
    std::fs::write(&path, "from-a-file\n").unwrap();
    let file = path.to_str().unwrap();
    let config = Config::read(&settings(&[
        ("ERPNEXT_URL", "http://127.0.0.1:8000"),
        ("ERPNEXT_API_KEY_FILE", file),
        ("ERPNEXT_API_SECRET_FILE", file),
    ]));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(
        config.unwrap().erpnext.unwrap().secret.expose(),
        "from-a-file"
    );
}
