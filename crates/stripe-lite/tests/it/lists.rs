//! Listings and searches, page after page.

use futures_util::{StreamExt as _, TryStreamExt as _};
use http::StatusCode;
use integration_core::testing::{FakeServer, Fault, FaultRule};
use serde_json::json;
use stripe_lite::{Client, CreateCustomer, Customer, Error, ListCustomers, ListEvents, Search};
use wiremock::{Request, ResponseTemplate};

use crate::support::fake;

#[tokio::test]
async fn a_stream_has_every_item_once_newest_first() {
    let (fake, client) = fake().await;
    for number in 0..23 {
        let customer = CreateCustomer::new().name(format!("Client {number}"));
        client.customers().create(&customer, None).await.unwrap();
    }
    let before = fake.requests().len();
    let list = client
        .customers()
        .list(&ListCustomers::new().limit(5))
        .unwrap();
    let all: Vec<Customer> = list.stream().try_collect().await.unwrap();
    let names: Vec<_> = all
        .iter()
        .filter_map(|customer| customer.name.clone())
        .collect();
    let expected: Vec<_> = (0..23)
        .rev()
        .map(|number| format!("Client {number}"))
        .collect();
    assert_eq!(names, expected);
    assert_eq!(fake.requests().len() - before, 5, "five pages of five");

    // A page is fetched when it is needed.
    let before = fake.requests().len();
    let two: Vec<_> = list.stream().take(2).collect().await;
    assert_eq!(two.len(), 2);
    assert_eq!(fake.requests().len() - before, 1);

    // And at a cursor.
    let first = list.page().await.unwrap();
    let second = list.page_at(first.next.unwrap()).await.unwrap();
    assert_eq!(second.items[0], all[5]);
}

#[tokio::test]
async fn a_search_goes_on_by_its_pages() {
    let (_fake, client) = fake().await;
    for number in 0..7 {
        let customer = CreateCustomer::new()
            .email("liste@example.ca")
            .metadata("a \"quoted\" key", if number < 5 { "yes" } else { "no" });
        client.customers().create(&customer, None).await.unwrap();
    }
    let search = Search::metadata("a \"quoted\" key", "yes")
        .and("email", "liste@example.ca")
        .limit(2);
    let list = client.customers().search(&search).unwrap();
    let found: Vec<Customer> = list.stream().try_collect().await.unwrap();
    assert_eq!(found.len(), 5);
}

#[tokio::test]
async fn a_stream_ends_with_its_first_error() {
    let (fake, client) = fake().await;
    for _ in 0..4 {
        client
            .customers()
            .create(&CreateCustomer::new(), None)
            .await
            .unwrap();
    }
    let list = client
        .customers()
        .list(&ListCustomers::new().limit(2))
        .unwrap();
    let mut stream = Box::pin(list.stream());
    assert!(stream.next().await.unwrap().is_ok());
    assert!(stream.next().await.unwrap().is_ok());
    let refusal = Fault::Status(StatusCode::FORBIDDEN, "{}".into());
    fake.faults().add(FaultRule::new(refusal));
    assert!(stream.next().await.unwrap().unwrap_err().is_unauthorized());
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn events_are_kept_by_kind_and_time() {
    let (fake, client) = fake().await;
    client
        .customers()
        .create(&CreateCustomer::new(), None)
        .await
        .unwrap();
    let made = fake.events()[0].clone();
    let at = jiff::Timestamp::from_second(made["created"].as_i64().unwrap()).unwrap();
    let count = async |list: ListEvents| {
        let list = client.events().list(&list).unwrap();
        list.page().await.unwrap().items.len()
    };
    assert_eq!(count(ListEvents::new().kind("customer.*")).await, 1);
    assert_eq!(count(ListEvents::new().kinds(["charge.refunded"])).await, 0);
    assert_eq!(count(ListEvents::new().created_from(at)).await, 1);
    assert_eq!(count(ListEvents::new().created_before(at)).await, 0);
    let event = client
        .events()
        .retrieve(made["id"].as_str().unwrap())
        .await
        .unwrap();
    assert_eq!(event.object()["object"], "customer");
    assert_eq!(
        event.extra["request"]["idempotency_key"],
        fake.requests()[0].idempotency_key.clone().unwrap()
    );
}

#[tokio::test]
async fn a_list_that_does_not_go_on_is_not_taken_for_all_there_is() {
    let page = json!({"object": "list", "has_more": true, "data": [{"id": "cus_1"}]});
    let none = json!({"object": "list", "has_more": true, "data": []});
    for (body, before) in [(page, 1), (none, 0)] {
        let server =
            FakeServer::start(move |_: &Request| ResponseTemplate::new(200).set_body_json(&body))
                .await
                .unwrap();
        let client = Client::builder("sk_test_1")
            .url(server.url())
            .build()
            .unwrap();
        let list = client.customers().list(&ListCustomers::new()).unwrap();
        let mut stream = Box::pin(list.stream());
        for _ in 0..before {
            assert_eq!(stream.next().await.unwrap().unwrap().id.as_str(), "cus_1");
        }
        let end = stream.next().await.unwrap().unwrap_err();
        assert!(matches!(end, Error::Incomplete), "{end}");
        assert!(stream.next().await.is_none());
    }
}
