//! Created once, however often it is asked and whatever is lost on the way.

use std::time::Duration;

use erpnext_client::{Changes, Created, Error, Record as _};
use http::Method;
use integration_core::testing::{Fault, FaultRule};
use serde_json::json;

use crate::lossy::{Loss, Lossy};
use crate::world::{for_each_site, unique};

#[tokio::test]
async fn fifty_at_once_are_one_document_and_one_of_them_made_it() {
    for_each_site(async |site| {
        let things = site.things().await;
        for field in ["code", "name"] {
            let key = unique("é-key");
            let calls = (0..50).map(|_| {
                let docs = things.docs.clone();
                let name = if field == "name" {
                    key.clone()
                } else {
                    unique("n")
                };
                let patch = Changes::new().set("name", name).set("code", key.as_str());
                async move { docs.create_or_get(field, &patch).await }
            });
            let outcomes: Vec<_> = futures_util::future::join_all(calls)
                .await
                .into_iter()
                .map(Result::unwrap)
                .collect();
            let new = outcomes
                .iter()
                .filter(|made| made.is_new() == Some(true))
                .count();
            let known = outcomes
                .iter()
                .filter(|made| made.is_new().is_some())
                .count();
            assert_eq!((new, known), (1, 50));
            let name = outcomes[0].get().name().clone();
            assert!(outcomes.iter().all(|made| *made.get().name() == name));
            let filter = erpnext_client::Filter::eq("code", key.as_str());
            assert_eq!(things.docs.list().filter(filter).count().await.unwrap(), 1);
            things.docs.delete(&name).await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn lost_answers_end_in_one_document_and_in_the_truth() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let patch = |code: &str| Changes::new().set("name", unique("n")).set("code", code);
        let posts = || lossy.seen(&Method::POST, "/api/resource/");

        // Carried out: found again, and perhaps ours.
        let code = unique("a");
        lossy.lose(Method::POST, "/api/resource/", Loss::Answer);
        let made = docs.create_or_get("code", &patch(&code)).await.unwrap();
        assert!(matches!(made, Created::Unconfirmed(_)), "{made:?}");
        assert_eq!(posts(), 1);
        let again = docs.create_or_get("code", &patch(&code)).await.unwrap();
        assert!(matches!(again, Created::Existing(_)));
        assert_eq!(again.get().name(), made.get().name());
        assert_eq!(posts(), 1, "looked up before");

        // Not carried out: made again, and certainly ours.
        lossy.lose(Method::POST, "/api/resource/", Loss::Request);
        let made = docs
            .create_or_get("code", &patch(&unique("b")))
            .await
            .unwrap();
        assert!(matches!(made, Created::New(_)), "{made:?}");

        // Lost over and over.
        for _ in 0..3 {
            lossy.lose(Method::POST, "/api/resource/", Loss::Request);
        }
        lossy.lose(Method::POST, "/api/resource/", Loss::Answer);
        let made = docs
            .create_or_get("code", &patch(&unique("c")))
            .await
            .unwrap();
        assert!(matches!(made, Created::Unconfirmed(_)), "{made:?}");

        assert_eq!(docs.list().count().await.unwrap(), 3);
        let all = docs.list().names().await.unwrap();
        assert!(docs.delete_many(&all).await.is_done());
    })
    .await;
}

#[tokio::test]
async fn a_connection_cut_and_a_site_that_hangs_after_the_commit_make_no_twin() {
    for_each_site(async |site| {
        let Some(fake) = site.fake() else {
            println!("skipped: no faults on a real site");
            return;
        };
        let things = site.things().await;
        let client = site
            .builder()
            .timeout(Duration::from_millis(300))
            .build()
            .unwrap();
        let docs = client.documents(things.doctype.clone());
        for fault in [
            Fault::ResetAfterCommit,
            Fault::HangAfterCommit,
            Fault::Truncate(9),
        ] {
            let code = unique("cut");
            let patch = Changes::new()
                .set("name", unique("n"))
                .set("code", code.as_str());
            fake.faults().add(
                FaultRule::new(fault.clone())
                    .on(Method::POST)
                    .under("/api/resource/")
                    .times(1),
            );
            let made = docs.create_or_get("code", &patch).await.unwrap();
            assert!(
                matches!(made, Created::Unconfirmed(_)),
                "{fault:?}: {made:?}"
            );
            fake.faults().clear();
            let filter = erpnext_client::Filter::eq("code", code.as_str());
            assert_eq!(docs.list().filter(filter).count().await.unwrap(), 1);
        }
        let page = Fault::Status(http::StatusCode::BAD_GATEWAY, "<html>".to_owned());
        fake.faults().add(
            FaultRule::new(page)
                .on(Method::POST)
                .under("/api/resource/")
                .times(1),
        );
        let patch = Changes::new()
            .set("name", unique("n"))
            .set("code", unique("proxy"));
        let made = docs.create_or_get("code", &patch).await.unwrap();
        assert!(matches!(made, Created::New(_)), "{made:?}");
    })
    .await;
}

#[tokio::test]
async fn a_field_that_keeps_no_twin_out_is_refused_before_anything_is_sent() {
    for_each_site(async |site| {
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let things = site.things().await;
        let docs = client.documents(things.doctype.clone());
        let patch = Changes::new().set("name", unique("x")).set("title", "A");
        for field in ["title", "absent", "code"] {
            let error = docs.create_or_get(field, &patch).await.unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{field}: {error:?}");
        }
        let todo = Changes::new().set("name", "x").set("description", "A");
        let error = client
            .documents("ToDo")
            .create_or_get("name", &todo)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        assert_eq!(lossy.seen(&Method::POST, "/api/resource/"), 0);
    })
    .await;
}

#[tokio::test]
async fn what_another_unique_field_refuses_is_told() {
    for_each_site(async |site| {
        let things = site.things().await;
        let code = unique("taken");
        things
            .make(site, &unique("first"), json!({"code": code}))
            .await;
        let patch = Changes::new()
            .set("name", unique("second"))
            .set("code", code);
        let error = things.docs.create_or_get("name", &patch).await.unwrap_err();
        assert!(error.is_duplicate(), "{error:?}");
        let bad = Changes::new()
            .set("name", unique("bad"))
            .set("title", "x".repeat(200));
        let error = things.docs.create_or_get("name", &bad).await.unwrap_err();
        assert_eq!(error.status(), Some(417), "{error:?}");
    })
    .await;
}
