//! Creating, changing, submitting, renaming, deleting.

use erpnext_client::{Changes, DocName, Document, Error, Filter, Outcome, Record as _};
use http::Method;
use serde_json::{Map, Value, json};

use crate::lossy::{Loss, Lossy};
use crate::world::{for_each_site, unique};

fn names(rows: &Value) -> Vec<(&str, u64)> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| (row["item"].as_str().unwrap(), row["idx"].as_u64().unwrap()))
        .collect()
}

#[tokio::test]
async fn what_is_inserted_can_be_read_changed_and_deleted() {
    for_each_site(async |site| {
        let things = site.things().await;
        for name in ["a/b", "é 1", "50% & +", "plain"] {
            let made = things
                .docs
                .insert(
                    &Changes::new()
                        .set("name", name)
                        .set("title", "A")
                        .set("qty", 2),
                )
                .await
                .unwrap();
            assert_eq!(made.name().as_str(), name);
            let name = made.name().clone();
            assert_eq!(
                things.docs.get(&name).await.unwrap().get("title"),
                Some(&json!("A"))
            );

            let patch = Changes::new().set("title", "B").set("name", name.as_str());
            let changed = things.docs.patch(&name, &patch).await.unwrap();
            assert_eq!(changed.get("title"), Some(&json!("B")));
            assert_eq!(
                changed.get("qty"),
                Some(&json!(2)),
                "what is not sent stays"
            );

            let cleared = things
                .docs
                .patch(&name, &Changes::new().clear("title"))
                .await
                .unwrap();
            assert!(cleared.get("title").is_none_or(Value::is_null));

            assert!(things.docs.delete(&name).await.unwrap());
            assert!(!things.docs.delete(&name).await.unwrap());
            assert!(things.docs.find(&name).await.unwrap().is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn names_that_cannot_be_are_refused_before_anything_is_sent() {
    for_each_site(async |site| {
        let lossy = Lossy::new();
        let docs = site
            .builder()
            .transport(lossy.clone())
            .build()
            .unwrap()
            .documents("ToDo");
        for name in ["..", "a<b", "", &"x".repeat(141)] {
            let error = docs
                .insert(&Changes::new().set("name", name))
                .await
                .unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{name}: {error:?}");
        }
        let other = Changes::new().set("name", "another").set("status", "Open");
        let error = docs
            .patch(&DocName::new("x").unwrap(), &other)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }));
        assert_eq!(
            lossy.seen(&Method::POST, "") + lossy.seen(&Method::PUT, ""),
            0
        );
    })
    .await;
}

#[tokio::test]
async fn fields_frappe_would_ignore_are_refused() {
    for_each_site(async |site| {
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let things = site.things().await;
        let docs = client.documents(things.doctype.clone());
        let typo = Changes::new().set("name", unique("x")).set("tilte", "A");
        match docs.insert(&typo).await.unwrap_err() {
            Error::UnknownField { field, .. } => assert_eq!(&*field, "tilte"),
            other => panic!("{other:?}"),
        }
        assert_eq!(lossy.seen(&Method::POST, "/api/resource/"), 0);
        docs.insert(&typo).await.unwrap_err();
        assert_eq!(lossy.seen(&Method::GET, "/meta"), 1, "asked once");

        // As Frappe does it.
        let made = docs.clone().checked(false).insert(&typo).await.unwrap();
        assert_eq!(made.get("tilte"), None);
        docs.delete(made.name()).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn values_frappe_would_misread_are_refused() {
    for_each_site(async |site| {
        let things = site.things().await;
        let name = things.make(site, &unique("v"), json!({"amount": 1})).await;
        for (field, value) in [
            ("amount", "12,50"),
            ("qty", "abc"),
            ("ratio", "1_000"),
            ("done", "true"),
            ("at", "2026-05-04T08:30:00Z"),
            ("at", "2026-05-04 08:30:00+02:00"),
        ] {
            let error = things
                .docs
                .patch(&name, &Changes::new().set(field, value))
                .await
                .unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{field}: {error:?}");
        }
        let row = json!([{"itm": "a"}]);
        let error = things
            .docs
            .patch(&name, &Changes::new().set("lines", row))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::UnknownField { .. }), "{error:?}");
        let row = json!([{"item": "a", "qty": "1,5"}]);
        let error = things
            .docs
            .patch(&name, &Changes::new().set("lines", row))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        let good = Changes::new()
            .set("amount", "12.50")
            .set("done", "1")
            .set("qty", "")
            .set("at", "2026-05-04 08:30:00");
        let saved = things.docs.patch(&name, &good).await.unwrap();
        assert_eq!(saved.get("amount").and_then(Value::as_f64), Some(12.5));
        assert_eq!(saved.get("at"), Some(&json!("2026-05-04 08:30:00")));
    })
    .await;
}

#[tokio::test]
async fn a_lost_insert_is_told_and_never_repeated() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let name = unique("lost");
        lossy.lose(Method::POST, "/api/resource/", Loss::Answer);
        let error = docs
            .insert(&Changes::new().set("name", name.as_str()))
            .await
            .unwrap_err();
        assert!(error.may_have_been_carried_out(), "{error:?}");
        assert_eq!(lossy.seen(&Method::POST, "/api/resource/"), 1);
        assert!(
            things
                .docs
                .delete(&DocName::new(&name).unwrap())
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn the_lock_lets_one_through_and_survives_a_lost_answer() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let name = things.make(site, &unique("lock"), json!({"qty": 1})).await;
        let read = docs.get(&name).await.unwrap();
        let lock = read.modified().unwrap();

        // It never got there: made again.
        lossy.lose(Method::PUT, "/api/resource/", Loss::Request);
        let saved = docs
            .patch_if_unmodified(&name, lock, &Changes::new().set("qty", 2))
            .await
            .unwrap();
        assert_eq!(saved.get("qty"), Some(&json!(2)));
        assert_eq!(lossy.seen(&Method::PUT, "/api/resource/"), 2);

        let error = docs
            .patch_if_unmodified(&name, lock, &Changes::new().set("qty", 3))
            .await
            .unwrap_err();
        assert!(error.is_timestamp_mismatch(), "{error:?}");

        // It got there; nobody can tell that it was ours.
        lossy.lose(Method::PUT, "/api/resource/", Loss::Answer);
        let error = docs
            .patch_if_unmodified(
                &name,
                saved.modified().unwrap(),
                &Changes::new().set("qty", 4),
            )
            .await
            .unwrap_err();
        assert!(error.may_have_been_carried_out(), "{error:?}");
        assert_eq!(docs.get(&name).await.unwrap().get("qty"), Some(&json!(4)));
    })
    .await;
}

#[tokio::test]
async fn rows_are_added_edited_and_removed_and_the_others_stay_whole() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lines =
            json!([{"item": "a", "qty": 1.5}, {"item": "b", "qty": 2}, {"item": "c", "qty": 3}]);
        let name = things
            .make(site, &unique("rows"), json!({"lines": lines, "title": "T"}))
            .await;
        let docs = &things.docs;

        let new = Changes::new().set("item", "d").set("qty", 4);
        let doc = docs.append_row(&name, "lines", &new).await.unwrap();
        assert_eq!(
            names(doc.get("lines").unwrap()),
            [("a", 1), ("b", 2), ("c", 3), ("d", 4)]
        );
        assert_eq!(
            doc.get("lines").unwrap()[0]["qty"],
            json!(1.5),
            "the others are whole"
        );

        let second = DocName::new(doc.get("lines").unwrap()[1]["name"].as_str().unwrap()).unwrap();
        let doc = docs.remove_row(&name, "lines", &second).await.unwrap();
        assert_eq!(
            names(doc.get("lines").unwrap()),
            [("a", 1), ("c", 2), ("d", 3)]
        );
        let before = doc.modified().cloned();
        let doc = docs.remove_row(&name, "lines", &second).await.unwrap();
        assert_eq!(doc.modified().cloned(), before, "nothing to do");

        let doc = docs
            .edit_rows(&name, "lines", |rows: &mut Vec<Map<String, Value>>| {
                rows.reverse();
                rows[0].insert("qty".to_owned(), json!(40));
                let mut new = Map::new();
                new.insert("item".to_owned(), "e".into());
                rows.insert(1, new);
            })
            .await
            .unwrap();
        let lines = doc.get("lines").unwrap();
        assert_eq!(names(lines), [("d", 1), ("e", 2), ("c", 3), ("a", 4)]);
        assert_eq!(lines[0]["qty"].as_f64(), Some(40.0));
        assert_eq!(lines[3]["qty"].as_f64(), Some(1.5));
        assert_eq!(doc.get("title"), Some(&json!("T")));

        let doc = docs
            .edit_rows(&name, "lines", |rows: &mut Vec<Map<String, Value>>| {
                let mut copy = rows[0].clone();
                copy.insert("qty".to_owned(), json!(41));
                rows.push(copy);
            })
            .await
            .unwrap();
        let lines = doc.get("lines").unwrap();
        assert_eq!(
            names(lines),
            [("d", 1), ("e", 2), ("c", 3), ("a", 4), ("d", 5)]
        );
        assert_eq!(lines[0]["qty"].as_f64(), Some(40.0));
        assert_eq!(lines[4]["qty"].as_f64(), Some(41.0));

        let doc = docs
            .edit_rows(&name, "lines", |rows: &mut Vec<Map<String, Value>>| {
                rows.clear();
            })
            .await
            .unwrap();
        assert_eq!(doc.get("lines"), Some(&json!([])));
        let error = docs
            .append_row(&name, "line", &Changes::new())
            .await
            .unwrap_err();
        assert!(matches!(error, Error::UnknownField { .. }), "{error:?}");
    })
    .await;
}

#[tokio::test]
async fn eight_appends_at_once_are_eight_rows() {
    for_each_site(async |site| {
        let things = site.things().await;
        let name = things.make(site, &unique("append"), json!({})).await;
        let appends = (0..8).map(|n| {
            let (docs, name) = (things.docs.clone(), name.clone());
            async move {
                let row = Changes::new().set("item", format!("i{n}"));
                docs.append_row(&name, "lines", &row).await.map(drop)
            }
        });
        for done in futures_util::future::join_all(appends).await {
            done.unwrap();
        }
        let doc = things.docs.get(&name).await.unwrap();
        let lines = doc.get("lines").unwrap();
        let numbers: Vec<u64> = names(lines).iter().map(|(_, idx)| *idx).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6, 7, 8]);
    })
    .await;
}

#[tokio::test]
async fn submitted_cancelled_and_amended() {
    for_each_site(async |site| {
        let doctype = unique("Voucher").replace('-', "");
        let permissions = json!([{
            "role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1,
            "submit": 1, "cancel": 1, "amend": 1,
        }]);
        site.insert(
            "DocType",
            json!({
                "name": doctype, "module": "Custom", "custom": 1, "is_submittable": 1,
                "autoname": "prompt", "permissions": permissions,
                "fields": [
                    {"fieldname": "title", "label": "Title", "fieldtype": "Data"},
                    {"fieldname": "amended_from", "label": "Amended From", "fieldtype": "Link",
                     "options": doctype, "no_copy": 1, "read_only": 1},
                ],
            }),
        )
        .await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(doctype.clone());
        let new = Changes::new()
            .set("name", unique("v").replace('-', ""))
            .set("title", "A");
        let made = docs.insert(&new).await.unwrap();
        let name = made.name().clone();
        let status = |doc: &Document| doc.get("docstatus").and_then(Value::as_u64);

        let error = docs.amend(&name).await.unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }));
        // Done once, whatever is lost.
        lossy.lose(Method::PUT, &doctype, Loss::Answer);
        assert_eq!(status(&docs.submit(&name).await.unwrap()), Some(1));
        assert_eq!(status(&docs.submit(&name).await.unwrap()), Some(1));
        let error = docs
            .submit_if_unmodified(&name, made.modified().unwrap())
            .await
            .unwrap_err();
        assert!(error.is_timestamp_mismatch(), "{error:?}");
        let error = docs.delete(&name).await.unwrap_err();
        assert_eq!(error.status(), Some(417), "{error:?}");

        assert_eq!(status(&docs.cancel(&name).await.unwrap()), Some(2));
        let draft = docs.amend(&name).await.unwrap();
        assert_eq!(draft.name().as_str(), format!("{name}-1"));
        assert_eq!(draft.get("amended_from"), Some(&json!(name)));
        assert_eq!(
            (status(&draft), draft.get("title")),
            (Some(0), Some(&json!("A")))
        );

        // The same by the document's own methods.
        let nothing = Changes::new();
        let ran = docs
            .run_method::<Value>(draft.name(), "submit", &nothing)
            .await;
        ran.unwrap();
        assert_eq!(status(&docs.get(draft.name()).await.unwrap()), Some(1));
        let ran = docs
            .run_method::<Value>(draft.name(), "cancel", &nothing)
            .await;
        ran.unwrap();
        assert_eq!(status(&docs.get(draft.name()).await.unwrap()), Some(2));
        let ran = docs
            .run_method::<Value>(draft.name(), "no_such_method", &nothing)
            .await;
        assert_eq!(ran.unwrap_err().status(), Some(404));

        docs.delete(draft.name()).await.unwrap();
        docs.delete(&name).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_knows_no_submission_is_not_submitted() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let name = things.make(site, &unique("n"), json!({})).await;
        let modified = docs.get(&name).await.unwrap().modified().unwrap().clone();
        let submitted = Changes::new().set("docstatus", 1);
        let new = submitted.clone().set("name", unique("n"));
        let submit = |doc: &mut Document| {
            doc.fields_mut().insert("docstatus".to_owned(), 1.into());
        };
        // Frappe would do each of these.
        for outcome in [
            docs.submit(&name).await.map(drop),
            docs.submit_if_unmodified(&name, &modified).await.map(drop),
            docs.patch(&name, &submitted).await.map(drop),
            docs.modify(&name, submit).await.map(drop),
            docs.insert(&new).await.map(drop),
            docs.insert_many(&[new]).await.map(drop),
        ] {
            let error = outcome.unwrap_err();
            assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        }
        let written = lossy.seen(&Method::PUT, "") + lossy.seen(&Method::POST, "");
        assert_eq!(written, 0);
        let draft = Changes::new().set("docstatus", 0).set("title", "A");
        let saved = docs.patch(&name, &draft).await.unwrap();
        assert_eq!(saved.get("docstatus"), Some(&json!(0)));
    })
    .await;
}

#[tokio::test]
async fn renamed_and_merged() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let make = async |prefix: &str| things.make(site, &unique(prefix), json!({})).await;
        let (a, b) = (make("a").await, make("b").await);

        let to = DocName::new(unique("c é/")).unwrap();
        site.delete_later(&things.doctype, &to);
        lossy.lose(Method::POST, "rename_doc", Loss::Answer);
        assert_eq!(docs.rename(&a, &to).await.unwrap(), to);
        assert!(docs.find(&a).await.unwrap().is_none());
        let error = docs.rename(&to, &b).await.unwrap_err();
        assert!(error.status().is_some(), "{error:?}");
        assert_eq!(docs.merge(&to, &b).await.unwrap(), b);
        assert!(docs.find(&to).await.unwrap().is_none());

        lossy.lose(Method::POST, "rename_doc", Loss::Request);
        let error = docs.rename(&b, &to).await.unwrap_err();
        assert!(error.may_have_been_carried_out());
    })
    .await;
}

#[tokio::test]
async fn of_many_documents_the_bad_ones_are_named() {
    for_each_site(async |site| {
        let things = site.things().await;
        let taken = things.make(site, &unique("taken"), json!({})).await;
        let mut patches: Vec<Changes> = (0..23)
            .map(|n| Changes::new().set("name", unique("many")).set("qty", n))
            .collect();
        patches[3] = Changes::new().set("name", taken.as_str());
        patches[17] = patches[17].clone().set("title", "x".repeat(200));
        let batch = things.docs.insert_many(&patches).await.unwrap();
        for (at, outcome) in batch.outcomes.iter().enumerate() {
            match outcome {
                Outcome::Refused(error) if at == 3 => assert!(error.is_duplicate(), "{error:?}"),
                Outcome::Refused(error) if at == 17 => assert_eq!(error.status(), Some(417)),
                Outcome::Done(name) => {
                    assert_eq!(
                        Some(name.as_str()),
                        patches[at].get("name").and_then(Value::as_str)
                    );
                }
                other => panic!("{at}: {other:?}"),
            }
        }
        assert!(batch.stopped.is_none());

        let done: Vec<DocName> = batch.names().cloned().collect();
        assert_eq!(done.len(), 21);
        let absent = DocName::new(unique("absent")).unwrap();
        let open = Changes::new().set("status", "Open");
        let mut all: Vec<_> = done.iter().map(|name| (name, &open)).collect();
        all.push((&absent, &open));
        let batch = things.docs.patch_many(all).await;
        assert_eq!(batch.names().count(), 21);
        assert!(
            matches!(batch.outcomes.last(), Some(Outcome::Refused(error)) if error.is_not_found())
        );
        assert!(things.docs.delete_many(&done).await.is_done());
    })
    .await;
}

#[tokio::test]
async fn a_lost_batch_is_unknown_without_a_unique_field_and_settled_with_one() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let patches = |prefix: &str| -> Vec<Changes> {
            let new = |n| {
                Changes::new()
                    .set("name", unique(prefix))
                    .set("qty", n)
                    .set("code", unique("É"))
            };
            (0..5).map(new).collect()
        };

        lossy.lose(Method::POST, "insert_many", Loss::Answer);
        let first = patches("a");
        let batch = docs.insert_many(&first).await.unwrap();
        assert!(
            batch
                .outcomes
                .iter()
                .all(|outcome| matches!(outcome, Outcome::Unknown))
        );
        assert!(
            batch
                .stopped
                .is_some_and(|error| error.may_have_been_carried_out())
        );
        assert_eq!(lossy.seen(&Method::POST, "insert_many"), 1, "not repeated");

        for loss in [Loss::Answer, Loss::Request] {
            lossy.lose(Method::POST, "insert_many", loss);
            let batch = docs.insert_many_by("code", &patches("b")).await.unwrap();
            assert!(batch.is_done(), "{batch:?}");
        }
        assert_eq!(docs.list().count().await.unwrap(), 15);

        let error = docs
            .insert_many_by("title", &patches("c"))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }));
        let all = docs.list().names().await.unwrap();
        assert!(docs.delete_many(&all).await.is_done());
    })
    .await;
}

#[tokio::test]
async fn many_go_in_chunks_and_six_hundred_names_in_one_filter() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let patches: Vec<Changes> = (0..210)
            .map(|_| Changes::new().set("name", unique("six")))
            .collect();
        let batch = docs.insert_many(&patches).await.unwrap();
        assert!(batch.is_done());
        assert_eq!(lossy.seen(&Method::POST, "insert_many"), 2);
        let mut names: Vec<DocName> = batch.names().cloned().collect();
        names.extend((0..390).map(|_| DocName::new(unique("absent")).unwrap()));
        let some = docs.list().filter(Filter::is_in("name", &names));
        assert_eq!(some.names().await.unwrap().len(), 210);
    })
    .await;
}
