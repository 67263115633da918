//! `fsm erp`, against the fake site in both dialects.

mod doctor;

use erpnext_client::testing::{FakeSite, FakeUser};
use erpnext_client::{Credentials, Dialect};
use integration_core::testing::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::{Run, Scratch, fsm, run};

/// Runs a test on a site of each dialect.
async fn sites(body: impl AsyncFn(&FakeSite)) {
    for dialect in [Dialect::V15, Dialect::V16] {
        let site = FakeSite::builder().dialect(dialect).traceback(false);
        body(&site.start().await.unwrap()).await;
    }
}

/// The settings of the site's administrator.
fn settings(site: &FakeSite) -> Vec<(String, String)> {
    let Credentials::Token { key, secret } = site.credentials() else {
        panic!("not a key")
    };
    settings_of(site, &key, secret.expose())
}

fn settings_of(site: &FakeSite, key: &str, secret: &str) -> Vec<(String, String)> {
    [
        ("ERPNEXT_URL", site.url().as_str()),
        ("ERPNEXT_API_KEY", key),
        ("ERPNEXT_API_SECRET", secret),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

async fn fsm_with(settings: Vec<(String, String)>, args: &[&str]) -> Run {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let work = move || run(fsm(&[]).args(args).envs(settings));
    tokio::task::spawn_blocking(work).await.unwrap()
}

async fn erp(site: &FakeSite, args: &[&str]) -> Run {
    fsm_with(settings(site), &[&["erp"], args].concat()).await
}

fn done(run: &Run) -> &str {
    assert_eq!(run.code, Some(0), "{run:?}");
    &run.out
}

fn todos(site: &FakeSite, count: usize) {
    for number in 0..count {
        let status = if number % 5 == 0 { "Closed" } else { "Open" };
        site.insert(
            "ToDo",
            json!({"description": format!("Épissure {number:02}"), "status": status}),
        );
    }
}

#[tokio::test]
async fn a_document_is_shown_and_its_absence_told() {
    sites(async |site| {
        let name = site.insert("ToDo", json!({"description": "Appeler Zoé\nle matin"}));
        let shown = erp(site, &["get", "ToDo", name.as_str()]).await;
        let text = done(&shown);
        assert!(text.starts_with(&format!("{name}  ToDo\n")), "{text}");
        assert!(
            text.contains("Appeler Zoé\n") && text.contains("le matin"),
            "{text}"
        );
        assert!(!text.contains("modified_by"), "{text}");
        let document = erp(site, &["get", "ToDo", name.as_str(), "--json"]).await;
        assert_eq!(document.json()["description"], "Appeler Zoé\nle matin");
        erp(site, &["get", "ToDo", "nobody"])
            .await
            .refused(1, "there is no ToDo nobody");
        let absent = erp(site, &["get", "ToDo", "nobody", "--json"]).await;
        assert_eq!(
            (absent.code, &absent.json()["error"]),
            (Some(1), &json!("not_found"))
        );
        erp(site, &["get", "ToDo", ".."])
            .await
            .refused(2, "relative path");
    })
    .await;
}

#[tokio::test]
async fn a_list_says_when_more_follows() {
    sites(async |site| {
        todos(site, 25);
        let first = erp(
            site,
            &[
                "list",
                "ToDo",
                "--field",
                "description",
                "--order",
                "description desc",
            ],
        )
        .await;
        let lines: Vec<&str> = done(&first).lines().collect();
        assert_eq!(
            (lines.len(), lines[0], lines[1]),
            (21, "  DESCRIPTION", "  Épissure 24")
        );
        assert!(
            first.err.contains("more rows follow the first 20"),
            "{first:?}"
        );
        let page = erp(site, &["list", "ToDo", "--limit", "24", "--json"]).await;
        let page = page.json();
        assert_eq!(page["more"], true);
        assert_eq!(page["rows"].as_array().unwrap().len(), 24);
        let whole = erp(site, &["list", "ToDo", "--limit", "25", "--json"]).await;
        assert_eq!(whole.json()["more"], false);
        assert_eq!(whole.err, "");
    })
    .await;
}

#[tokio::test]
async fn all_rows_come_as_lines() {
    sites(async |site| {
        todos(site, 450);
        let all = erp(
            site,
            &[
                "list",
                "ToDo",
                "--all",
                "--json",
                "--field",
                "description",
                "--order",
                "description",
            ],
        )
        .await;
        let rows: Vec<Value> = done(&all)
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(rows.len(), 450);
        assert_eq!(rows[0], json!({"description": "Épissure 00"}));
        let table = erp(
            site,
            &["list", "ToDo", "--all", "--filter", "status=Closed"],
        )
        .await;
        assert_eq!(done(&table).lines().count(), 1 + 90);
    })
    .await;
}

#[tokio::test]
async fn conditions_and_groups_are_those_of_both_dialects() {
    sites(async |site| {
        todos(site, 25);
        for (condition, count) in [
            ("status=Closed", 5),
            ("status!=Closed", 20),
            ("status in Open,Closed", 25),
            ("description~issure 1", 10),
            ("description like %issure 0_", 10),
            ("date is set", 25),
            ("creation timespan today", 25),
        ] {
            let counted = erp(site, &["count", "ToDo", "--filter", condition, "--json"]).await;
            assert_eq!(counted.json()["count"], count, "{condition}");
        }
        let json = r#"[["status","=","Open"],["ToDo","description","like","%1%"]]"#;
        let counted = erp(site, &["count", "ToDo", "--filters", json]).await;
        assert_eq!(done(&counted), "10\n");
        let groups = erp(
            site,
            &[
                "list",
                "ToDo",
                "--group-by",
                "status",
                "--order",
                "status",
                "--json",
            ],
        )
        .await;
        assert_eq!(
            groups.json()["rows"],
            json!([{"status": "Closed", "count": 5}, {"status": "Open", "count": 20}])
        );
        let most = erp(
            site,
            &[
                "list",
                "ToDo",
                "--field",
                "max(description) as last",
                "--json",
            ],
        )
        .await;
        assert_eq!(most.json()["rows"], json!([{"last": "Épissure 24"}]));
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_said_in_one_line() {
    sites(async |site| {
        erp(site, &["list", "ToDo", "--filter", "status ? Open"])
            .await
            .refused(2, "has no operator");
        erp(site, &["list", "ToDo", "--filters", "[[1]]"])
            .await
            .refused(2, "--filters holds");
        erp(site, &["list", "ToDo", "--order", "status sideways"])
            .await
            .refused(2, "--order");
        erp(site, &["list", "ToDo", "--filter", "colour=red"])
            .await
            .refused(1, "colour");
        erp(site, &["list", "To Do It"])
            .await
            .refused(1, "To Do It");
        let nothing = erp(site, &["list", "ToDo"]).await;
        assert_eq!(
            (done(&nothing), nothing.err.as_str()),
            ("", "fsm: no row meets the conditions\n")
        );
    })
    .await;
}

#[tokio::test]
async fn without_settings_or_a_good_key_nothing_is_asked_for_long() {
    fsm_with(Vec::new(), &["erp", "count", "ToDo"])
        .await
        .refused(2, "ERPNEXT_URL is not set");
    sites(async |site| {
        let wrong = settings_of(site, "nobody", "canary");
        let run = fsm_with(wrong, &["erp", "count", "ToDo"]).await;
        run.refused(1, "ERPNEXT_API_KEY");
        assert!(!run.err.contains("canary"), "{run:?}");
    })
    .await;
}

#[tokio::test]
async fn documents_are_inserted_from_a_file_and_once() {
    sites(async |site| {
        assert_eq!(erp(site, &["bootstrap", "--yes"]).await.code, Some(0));
        let jobs = Scratch::new(
            &format!("jobs-{:?}.json", site.dialect()),
            br#"[{"subject": "A", "external_ref": "order-1"}, {"subject": "B", "external_ref": "order-2"}]"#,
        );
        let insert = ["insert", "Dispatch Job", jobs.path(), "--set", "job_type=Install", "--unique", "external_ref", "--json"];
        let first = erp(site, &insert).await.json();
        assert_eq!(first["total"], 2);
        assert_eq!(
            first["documents"],
            json!([{"name": "DJ-00001", "outcome": "created"}, {"name": "DJ-00002", "outcome": "created"}])
        );
        let again = erp(site, &insert).await.json();
        assert_eq!(again["documents"][1], json!({"name": "DJ-00002", "outcome": "existing"}));
        assert_eq!(site.count("Dispatch Job"), 2);
        assert_eq!(site.document("Dispatch Job", "DJ-00002").unwrap()["job_type"], "Install");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_inserted_is_refused_before_it_is_sent() {
    sites(async |site| {
        erp(site, &["insert", "ToDo"])
            .await
            .refused(2, "nothing to insert");
        erp(site, &["insert", "ToDo", "--set", "descriptio=x"])
            .await
            .refused(2, "no field descriptio");
        erp(site, &["insert", "ToDo", "--set", "description"])
            .await
            .refused(2, "--set");
        let broken = Scratch::new(&format!("broken-{:?}.json", site.dialect()), b"[{]");
        erp(site, &["insert", "ToDo", broken.path()])
            .await
            .refused(2, "not JSON");
        erp(
            site,
            &[
                "insert",
                "ToDo",
                "--set",
                "description=x",
                "--unique",
                "description",
            ],
        )
        .await
        .refused(2, "not unique");
        assert_eq!(site.count("ToDo"), 0);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_lost_is_told_as_such() {
    sites(async |site| {
        site.faults().add(
            FaultRule::new(Fault::ResetAfterCommit)
                .on(http::Method::POST)
                .under("/api/resource/ToDo")
                .times(1),
        );
        erp(site, &["insert", "ToDo", "--set", "description=x"])
            .await
            .refused(1, "may have been created");
        assert_eq!(site.count("ToDo"), 1, "it was");
    })
    .await;
}

#[tokio::test]
async fn a_site_is_made_ready_after_a_yes_and_only_once() {
    sites(async |site| {
        let roles = site.count("Role");
        let dry = erp(site, &["bootstrap", "--dry-run", "--json"]).await;
        assert_eq!(dry.code, Some(1), "{dry:?}");
        let dry = dry.json();
        assert_eq!(dry["fulfilled"], false);
        assert_eq!(
            dry["steps"][0],
            json!({"kind": "role", "doctype": null, "name": "Field Service", "done": false})
        );
        assert_eq!(site.count("Role"), roles, "a dry run changes nothing");
        erp(site, &["bootstrap"])
            .await
            .refused(2, "nobody is there to say yes");
        let applied = erp(site, &["bootstrap", "--yes"]).await;
        assert!(
            done(&applied).contains("● created  doctype  Service Location"),
            "{applied:?}"
        );
        let again = erp(site, &["bootstrap", "--yes", "--lang", "fr"]).await;
        assert!(done(&again).contains("Tout est là"), "{again:?}");
        let dry = erp(site, &["bootstrap", "--dry-run", "--json"]).await;
        assert_eq!(
            (dry.code, &dry.json()["fulfilled"]),
            (Some(0), &json!(true))
        );
    })
    .await;
}

#[tokio::test]
async fn who_may_not_make_a_site_ready_is_told_what_it_takes() {
    sites(async |site| {
        site.user(
            FakeUser::new("vente@example.ca")
                .token("a1", "b2")
                .role("Sales User"),
        );
        let sales = settings_of(site, "a1", "b2");
        fsm_with(sales, &["erp", "bootstrap", "--yes"])
            .await
            .refused(1, "System Manager");
    })
    .await;
}

#[tokio::test]
async fn a_doctype_becomes_a_struct() {
    sites(async |site| {
        let source = erp(site, &["codegen", "ToDo"]).await;
        let text = done(&source);
        assert!(
            text.contains("#[doctype(name = \"ToDo\")]\npub struct"),
            "{text}"
        );
        let json = erp(site, &["codegen", "ToDo", "--json"]).await.json();
        assert_eq!(
            (&json["doctype"], json["source"].as_str()),
            (&json!("ToDo"), Some(text))
        );
    })
    .await;
}
