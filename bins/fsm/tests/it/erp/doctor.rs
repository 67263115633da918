//! What `fsm doctor` says of ERPNext.

use erpnext_client::testing::{FakeSite, FakeUser};
use serde_json::Value;

use super::{erp, fsm_with, settings, settings_of, sites};
use crate::Run;

async fn doctor(settings: Vec<(String, String)>) -> (Run, Value) {
    let run = fsm_with(settings, &["doctor", "--json"]).await;
    let checks = run.json()["checks"].clone();
    let check = checks
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["name"] == "erpnext")
        .unwrap()
        .clone();
    (run, check)
}

fn says(check: &Value, key: &str, words: &str) {
    let text = check[key].as_str().unwrap_or_default();
    assert!(text.contains(words), "{words:?} is not in {check}");
}

async fn ready(site: &FakeSite) {
    let run = erp(site, &["bootstrap", "--yes"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn a_site_that_has_everything_is_well() {
    sites(async |site| {
        ready(site).await;
        let (run, check) = doctor(settings(site)).await;
        assert_eq!(
            (run.code, &check["status"]),
            (Some(0), &"ok".into()),
            "{check}"
        );
        says(&check, "message", "as Administrator");
        assert!(
            check["version"].is_string() && check["latency_ms"].is_number(),
            "{check}"
        );
        assert_eq!(check["clock_skew_s"], 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_sends_to_the_bootstrap() {
    sites(async |site| {
        let (run, check) = doctor(settings(site)).await;
        assert_eq!(
            (run.code, &check["status"]),
            (Some(1), &"failed".into()),
            "{check}"
        );
        says(
            &check,
            "message",
            "missing: Field Service, Technician Skill",
        );
        says(&check, "fix", "run fsm erp bootstrap");
    })
    .await;
}

#[tokio::test]
async fn roles_that_are_missing_are_named() {
    sites(async |site| {
        ready(site).await;
        site.user(
            FakeUser::new("vente@example.ca")
                .token("a1", "b2")
                .role("Sales User"),
        );
        let (run, check) = doctor(settings_of(site, "a1", "b2")).await;
        assert_eq!(
            (run.code, &check["status"]),
            (Some(1), &"failed".into()),
            "{check}"
        );
        says(&check, "message", "may not: read Sales Invoice");
        says(
            &check,
            "fix",
            "give vente@example.ca in ERPNext: Accounts User, Field Service, Support Team",
        );
        let all = [
            "Sales User",
            "Accounts User",
            "Support Team",
            "Field Service",
        ]
        .into_iter()
        .fold(
            FakeUser::new("hub@example.ca").token("c3", "d4"),
            FakeUser::role,
        );
        site.user(all);
        let (_, check) = doctor(settings_of(site, "c3", "d4")).await;
        assert_eq!(check["status"], "ok", "{check}");
    })
    .await;
}

#[tokio::test]
async fn bad_and_absent_keys_are_told_apart_and_never_shown() {
    sites(async |site| {
        let (run, check) = doctor(settings_of(site, "canary", "canary")).await;
        assert_eq!(check["status"], "failed");
        says(&check, "message", "refuses the API key");
        assert!(!run.out.contains("canary"), "{run:?}");
        let url = vec![("ERPNEXT_URL".to_owned(), site.url())];
        let (_, check) = doctor(url).await;
        says(&check, "message", "ERPNEXT_API_KEY: not set");
        says(&check, "fix", "API Access");
    })
    .await;
}

#[tokio::test]
async fn a_site_that_lives_in_another_zone_or_time_is_to_be_looked_at() {
    sites(async |site| {
        ready(site).await;
        let mut elsewhere = settings(site);
        elsewhere.push((
            "ERPNEXT_TIME_ZONE".to_owned(),
            "America/Vancouver".to_owned(),
        ));
        let (run, check) = doctor(elsewhere).await;
        assert_eq!(
            (run.code, &check["status"]),
            (Some(0), &"degraded".into()),
            "{check}"
        );
        says(
            &check,
            "message",
            "time zone of the site: America/Toronto, expected America/Vancouver",
        );
        says(&check, "fix", "System Settings");
    })
    .await;
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_no_site() {
    sites(async |site| {
        site.html_error(404, 1);
        let (run, check) = doctor(settings(site)).await;
        assert_eq!(
            (run.code, &check["status"]),
            (Some(1), &"failed".into()),
            "{check}"
        );
        says(&check, "message", "answers 404, but is not a Frappe site");
        says(&check, "fix", "host name");
    })
    .await;
}

#[tokio::test]
async fn a_site_that_does_not_run_is_said_to_be_down() {
    let site = FakeSite::start().await.unwrap();
    let gone = settings(&site);
    drop(site);
    let (run, check) = doctor(gone).await;
    assert_eq!(
        (run.code, &check["status"]),
        (Some(1), &"failed".into()),
        "{check}"
    );
    says(&check, "fix", "that it runs");
}
