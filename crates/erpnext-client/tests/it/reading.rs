//! Reading documents and lists.

use erpnext_client::doctypes::Contact;
use erpnext_client::{DocName, Document, Field, Filter, Order, Permission, Record as _};
use serde_json::json;

use crate::world::{for_each_site, unique};

#[tokio::test]
async fn a_site_tells_its_versions_zone_and_user() {
    for_each_site(async |site| {
        let client = site.client();
        client.ping().await.unwrap();
        let about = client.site().await.unwrap();
        assert!(about.app("frappe").is_some());
        assert_eq!(client.dialect().await.unwrap(), about.dialect());
        assert!(about.zone().iana_name().is_some());
        assert_eq!(client.user().await.unwrap().as_str(), "Administrator");
    })
    .await;
}

#[tokio::test]
async fn a_document_is_read_found_and_missed() {
    for_each_site(async |site| {
        let things = site.things().await;
        let name = things
            .make(site, "TECH/é 1", json!({"title": "Zoé", "qty": 3}))
            .await;
        let read = things.docs.get(&name).await.unwrap();
        assert_eq!(read.name().as_str(), "TECH/é 1");
        assert_eq!(read.get("title"), Some(&json!("Zoé")));
        assert!(read.modified().is_some());

        let other = DocName::new("tech/E 1").unwrap();
        let found = things.docs.find(&other).await.unwrap();
        assert_eq!(found.unwrap().name().as_str(), "TECH/é 1");
        assert_eq!(
            things.docs.exists(&other).await.unwrap(),
            Some(name.clone())
        );
        let qty: Option<i64> = things.docs.value_of(&name, "qty").await.unwrap();
        assert_eq!(qty, Some(3));

        let absent = DocName::new(unique("absent")).unwrap();
        assert!(things.docs.find(&absent).await.unwrap().is_none());
        assert!(things.docs.exists(&absent).await.unwrap().is_none());
        assert!(things.docs.get(&absent).await.unwrap_err().is_not_found());
    })
    .await;
}

#[tokio::test]
async fn a_list_is_never_cut_at_twenty_and_a_page_tells_what_follows() {
    for_each_site(async |site| {
        let things = site.things().await;
        let rows =
            (0..45).map(|n| json!({"name": format!("N{n:03}"), "qty": n % 10, "title": "x"}));
        things.make_many(site, rows.collect()).await;
        let list = || things.docs.list().fields(["name", "qty"]);

        assert_eq!(list().all().await.unwrap().len(), 45);
        assert_eq!(list().page_size(7).all().await.unwrap().len(), 45);
        assert_eq!(list().limit(30).all().await.unwrap().len(), 30);
        assert_eq!(list().page().await.unwrap().items.len(), 45);
        assert_eq!(list().names().await.unwrap().len(), 45);
        assert_eq!(things.docs.count().await.unwrap(), 45);
        let few = Filter::eq("qty", 3);
        assert_eq!(
            list()
                .filter(few.clone())
                .limit(2)
                .start(1)
                .count()
                .await
                .unwrap(),
            5
        );

        let first = list().limit(45).page().await.unwrap();
        assert_eq!((first.items.len(), first.next), (45, None));
        let first = list().limit(44).page().await.unwrap();
        assert_eq!((first.items.len(), first.next), (44, Some(44)));
        let last = list().limit(44).start(44).page().await.unwrap();
        assert_eq!((last.items[0].name().as_str(), last.next), ("N044", None));

        let best = list()
            .order_by("qty", Order::Desc)
            .first()
            .await
            .unwrap()
            .unwrap();
        assert_eq!(best.name().as_str(), "N009", "ties go by name");
        let none = list().filter(Filter::eq("qty", 77));
        assert!(none.clone().first().await.unwrap().is_none());
        assert_eq!(none.count().await.unwrap(), 0);

        // What no stream can do, `all` does in one call: two columns, an offset, groups.
        let two = list()
            .order_by("qty", Order::Desc)
            .order_by("title", Order::Asc);
        assert_eq!(two.all().await.unwrap().len(), 45);
        let tail = list().start(43).all().await.unwrap();
        assert_eq!(tail[0].name().as_str(), "N043");
        assert_eq!(tail.len(), 2);
        #[derive(serde::Deserialize)]
        struct Group {
            qty: u32,
            count: u32,
        }
        let groups = things
            .docs
            .list()
            .select::<Group, _>([Field::from("qty"), Field::count()]);
        let groups = groups
            .group_by("qty")
            .order_by("qty", Order::Asc)
            .all()
            .await
            .unwrap();
        assert_eq!(groups.len(), 10);
        assert!(
            groups
                .iter()
                .all(|group| group.count == if group.qty < 5 { 5 } else { 4 })
        );
    })
    .await;
}

#[tokio::test]
async fn many_documents_come_in_few_calls_and_each_name_finds_its_own() {
    for_each_site(async |site| {
        let things = site.things().await;
        let rows = (0..30).map(|n| json!({"name": format!("M{n:02}")}));
        things.make_many(site, rows.collect()).await;
        let accented = things.make(site, "Été", json!({"title": "summer"})).await;
        let name = |text: &str| DocName::new(text).unwrap();
        let asked = [
            name("m03"),
            name("M04"),
            name("ETE"),
            name("ete"),
            accented.clone(),
            name("M04"),
            name("nobody"),
        ];
        let found = things.docs.get_many(&asked).await.unwrap();
        let answered = |asked: &DocName| found.get(asked).map(|found| found.name().as_str());
        assert_eq!(answered(&asked[0]), Some("M03"));
        assert_eq!(answered(&asked[1]), Some("M04"));
        assert_eq!(answered(&asked[2]), Some("Été"));
        assert_eq!(answered(&asked[3]), Some("Été"));
        assert_eq!(answered(&asked[4]), Some("Été"));
        assert_eq!(answered(&asked[6]), None);
        assert_eq!(found.missing(), [name("nobody")]);
        assert_eq!(found.documents().len(), 3, "each once");

        let nobody = things.docs.get_many(&[name("a"), name("b")]).await.unwrap();
        assert_eq!(nobody.missing().len(), 2);
        assert!(
            things
                .docs
                .get_many([])
                .await
                .unwrap()
                .documents()
                .is_empty()
        );
        let all: Vec<DocName> = (0..300).map(|n| name(&format!("M{n:02}"))).collect();
        let found = things.docs.get_many(&all).await.unwrap();
        assert_eq!((found.documents().len(), found.missing().len()), (30, 270));
    })
    .await;
}

#[tokio::test]
async fn child_rows_come_along_in_their_order() {
    for_each_site(async |site| {
        let things = site.things().await;
        let lines = json!([{"item": "b", "qty": 2.5}, {"item": "a", "qty": 1}]);
        things.make(site, "with", json!({"lines": lines})).await;
        things.make(site, "without", json!({})).await;
        let rows = things.rows.clone();

        let some = things.docs.list().fields(["title"]);
        let some = some
            .with_children("lines", rows.clone(), ["item", "qty"])
            .all()
            .await
            .unwrap();
        let items = |thing: &Document| -> Vec<String> {
            let lines = thing
                .get("lines")
                .and_then(|lines| lines.as_array())
                .unwrap();
            lines
                .iter()
                .map(|line| line["item"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(items(&some[0]), ["b", "a"]);
        assert!(items(&some[1]).is_empty());
        assert_eq!(some[0].get("lines").unwrap()[0]["qty"], 2.5);

        let whole = things
            .docs
            .list()
            .with_children("lines", rows.clone(), Vec::<String>::new());
        let whole = whole.page().await.unwrap().items;
        assert_eq!(items(&whole[0]), ["b", "a"]);
        assert_eq!(whole[0].get("lines").unwrap()[1]["idx"], 2);

        // One row of the list for each child row, when a column of theirs is asked for.
        let flat = things.docs.list().fields(["name", "lines.item as item"]);
        let flat = flat.filter(Filter::is_set("item").on(rows.clone()));
        assert_eq!(flat.clone().all().await.unwrap().len(), 2);
        assert_eq!(
            flat.page_size(1).all().await.unwrap().len(),
            2,
            "not cut within a document"
        );
        // A condition on child rows gives each document once.
        let once = things.docs.list().filter(Filter::gt("qty", 0).on(rows));
        assert_eq!(once.clone().names().await.unwrap().len(), 1);
        assert_eq!(once.count().await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_user_is_told_what_is_allowed_and_what_time_it_is() {
    for_each_site(async |site| {
        let things = site.things().await;
        let name = things.make(site, "a", json!({})).await;
        assert!(things.docs.may(&name, Permission::Write).await.unwrap());
        let time = site.client().server_time().await.unwrap();
        assert!(time.as_second() > 1_600_000_000);
    })
    .await;
}

#[tokio::test]
async fn the_tables_of_a_type_are_filled_beside_a_list_and_by_names() {
    for_each_site(async |site| {
        let contacts = site.client().docs::<Contact>();
        let tag = unique("Zoé");
        let mut names = Vec::new();
        for n in 0..3 {
            let phones: Vec<_> = (0..n)
                .map(|m| json!({"phone": format!("514-555-01{n}{m}")}))
                .collect();
            let contact =
                json!({"first_name": tag, "last_name": format!("{n}"), "phone_nos": phones});
            names.push(site.insert("Contact", contact).await);
        }
        let told = |contact: &Contact| -> Vec<String> {
            contact
                .phone_nos
                .iter()
                .filter_map(|row| row.phone.clone())
                .collect()
        };
        let mine = contacts
            .list()
            .filter(Filter::eq("first_name", tag.as_str()));
        let bare = mine.clone().all().await.unwrap();
        assert!(
            bare.iter().all(|contact| contact.phone_nos.is_empty()),
            "columns alone"
        );
        let whole = mine
            .with_tables()
            .order_by("last_name", Order::Asc)
            .all()
            .await
            .unwrap();
        let phones: Vec<_> = whole.iter().map(told).collect();
        let want: [Vec<&str>; 3] = [
            vec![],
            vec!["514-555-0110"],
            vec!["514-555-0120", "514-555-0121"],
        ];
        assert_eq!(phones, want);

        let batch = contacts.get_many(&names).await.unwrap();
        for name in &names {
            let single = contacts.get(name).await.unwrap();
            assert_eq!(told(batch.get(name).unwrap()), told(&single));
        }
    })
    .await;
}
