//! Read, change, save: under the lock, and no more than changed.

use erpnext_client::{Changes, DocName, Document, Error, Record as _};
use http::Method;
use serde_json::{Value, json};

use crate::lossy::{Loss, Lossy};
use crate::world::{for_each_site, unique};

fn raise(doc: &mut Document) {
    let qty = doc.get("qty").and_then(Value::as_i64).unwrap_or_default();
    doc.fields_mut().insert("qty".to_owned(), (qty + 1).into());
}

#[tokio::test]
async fn eight_who_count_at_once_count_to_eight() {
    for_each_site(async |site| {
        let things = site.things().await;
        let name = things.make(site, &unique("count"), json!({"qty": 0})).await;
        let counts = (0..8).map(|_| {
            let (docs, name) = (things.docs.clone(), name.clone());
            async move { docs.modify(&name, raise).await }
        });
        for counted in futures_util::future::join_all(counts).await {
            counted.unwrap();
        }
        assert_eq!(
            things.docs.get(&name).await.unwrap().get("qty"),
            Some(&json!(8))
        );
    })
    .await;
}

#[tokio::test]
async fn only_what_changed_is_saved_and_nothing_is_not() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let fields = json!({"qty": 1, "title": "T", "lines": [{"item": "a", "qty": 1}, {"item": "b", "qty": 2}]});
        let name = things.make(site, &unique("change"), fields).await;

        let read = docs.get(&name).await.unwrap();
        let same = docs.modify(&name, |_| {}).await.unwrap();
        assert_eq!(same.modified(), read.modified());
        assert_eq!(lossy.seen(&Method::PUT, ""), 0);

        let doc = docs
            .modify(&name, |doc| {
                doc.fields_mut().remove("title");
                doc.fields_mut()["lines"][1]["qty"] = json!(20);
            })
            .await
            .unwrap();
        assert!(doc.get("title").is_none_or(Value::is_null));
        let lines = doc.get("lines").unwrap();
        assert_eq!(lines[1]["qty"].as_f64(), Some(20.0));
        assert_eq!((&lines[1]["item"], &lines[0]["item"]), (&json!("b"), &json!("a")));
        assert_eq!(lines[0]["name"], read.get("lines").unwrap()[0]["name"]);

        let error = docs
            .modify(&name, |doc| *doc = rename(doc))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        let typo = docs
            .modify(&name, |doc| {
                doc.fields_mut().insert("tilte".to_owned(), "x".into());
            })
            .await
            .unwrap_err();
        assert!(matches!(typo, Error::UnknownField { .. }), "{typo:?}");
        assert_eq!(lossy.seen(&Method::PUT, ""), 1);
    })
    .await;
}

fn rename(doc: &Document) -> Document {
    let mut value = serde_json::to_value(doc).unwrap();
    value["name"] = "another".into();
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn a_closure_that_refuses_saves_nothing() {
    #[derive(Debug)]
    enum Refusal {
        Taken,
        Erp(Error),
    }
    impl From<Error> for Refusal {
        fn from(error: Error) -> Self {
            Self::Erp(error)
        }
    }

    for_each_site(async |site| {
        let things = site.things().await;
        let name = things.make(site, &unique("job"), json!({})).await;
        let claims = (0..6).map(|n| {
            let (docs, name) = (things.docs.clone(), name.clone());
            async move {
                docs.try_modify(&name, |doc| {
                    if doc.get("note").is_some_and(|note| note.is_string()) {
                        return Err(Refusal::Taken);
                    }
                    doc.fields_mut()
                        .insert("note".to_owned(), format!("{n}").into());
                    Ok(())
                })
                .await
            }
        });
        let claimed = futures_util::future::join_all(claims).await;
        assert_eq!(claimed.iter().filter(|claim| claim.is_ok()).count(), 1);
        assert_eq!(
            claimed
                .iter()
                .filter(|claim| matches!(claim, Err(Refusal::Taken)))
                .count(),
            5
        );

        let absent = DocName::new(unique("absent")).unwrap();
        let error = things
            .docs
            .try_modify(&absent, |_| Ok::<_, Refusal>(()))
            .await
            .unwrap_err();
        assert!(matches!(error, Refusal::Erp(error) if error.is_not_found()));
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_never_counts_twice() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let docs = client.documents(things.doctype.clone());
        let name = things.make(site, &unique("count"), json!({"qty": 0})).await;
        let qty = async || docs.get(&name).await.unwrap().get("qty").cloned().unwrap();

        // It never got there: saved again.
        lossy.lose(Method::PUT, "/api/resource/", Loss::Request);
        docs.modify(&name, raise).await.unwrap();
        assert_eq!(qty().await, json!(1));

        // It got there, but that might have been anybody.
        lossy.lose(Method::PUT, "/api/resource/", Loss::Answer);
        let error = docs.modify(&name, raise).await.unwrap_err();
        assert!(error.may_have_been_carried_out(), "{error:?}");
        assert_eq!(qty().await, json!(2));

        // What is the same done twice goes on.
        lossy.lose(Method::PUT, "/api/resource/", Loss::Answer);
        let doc = docs
            .converge(&name, |doc| {
                doc.fields_mut().insert("qty".to_owned(), json!(40));
            })
            .await
            .unwrap();
        assert_eq!(doc.get("qty"), Some(&json!(40)));
    })
    .await;
}

#[tokio::test]
async fn a_patch_goes_over_what_modify_is_doing() {
    for_each_site(async |site| {
        let things = site.things().await;
        let name = things.make(site, &unique("both"), json!({"qty": 0})).await;
        let (docs, at) = (things.docs.clone(), name.clone());
        let patching = async move {
            for n in 0..5 {
                let patch = Changes::new().set("title", format!("t{n}"));
                docs.patch(&at, &patch).await.unwrap();
            }
        };
        let counting = async {
            for _ in 0..5 {
                things.docs.modify(&name, raise).await.unwrap();
            }
        };
        tokio::join!(patching, counting);
        let doc = things.docs.get(&name).await.unwrap();
        assert_eq!(
            (doc.get("qty"), doc.get("title")),
            (Some(&json!(5)), Some(&json!("t4")))
        );
    })
    .await;
}

#[cfg(feature = "derive")]
mod typed {
    use erpnext_client::{DocName, Doctype, Modified};

    /// A part of `ToDo`.
    #[derive(Clone, Debug, PartialEq, Doctype)]
    #[doctype(name = "ToDo")]
    pub(super) struct Todo {
        /// Name.
        pub(super) name: DocName,
        /// Optimistic lock.
        pub(super) modified: Option<Modified>,
        /// What is to be done.
        pub(super) description: Option<String>,
        /// How soon.
        pub(super) priority: Option<String>,
    }
}

#[cfg(feature = "derive")]
#[tokio::test]
async fn what_a_type_does_not_know_is_left_alone() {
    for_each_site(async |site| {
        let lossy = Lossy::new();
        let client = site.builder().transport(lossy.clone()).build().unwrap();
        let fields =
            json!({"description": unique("typed"), "priority": "Low", "date": "2026-05-04"});
        let name = site.insert("ToDo", fields).await;
        let todos = client.docs::<typed::Todo>();
        let todo = todos
            .modify(&name, |todo| {
                todo.priority = Some("High".to_owned());
            })
            .await
            .unwrap();
        assert_eq!(todo.priority.as_deref(), Some("High"));
        let same = todos
            .modify(&name, |todo| {
                todo.description = todo.description.take();
            })
            .await;
        assert_eq!(same.unwrap().modified, todo.modified);
        assert_eq!(lossy.seen(&Method::PUT, ""), 1);
        assert_eq!(
            lossy.seen(&Method::GET, "/meta"),
            0,
            "its own fields are known"
        );
        let stored = client.documents("ToDo").get(&name).await.unwrap();
        assert_eq!(stored.get("date"), Some(&json!("2026-05-04")));
        assert_eq!(stored.get("priority"), Some(&json!("High")));
    })
    .await;
}
