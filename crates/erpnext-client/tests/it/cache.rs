//! Documents kept for a while.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use erpnext_client::{Cache, Client, DocName, Document, Record as _};
use integration_core::Clock;
use tokio::sync::Notify;

use crate::wire::{Wire, html, json};

fn name(text: &str) -> DocName {
    DocName::new(text).unwrap()
}

/// A clock that is set by hand.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Hand {
    fn clock(&self) -> Clock {
        let seconds = self.0.clone();
        Clock::from_fn(move || {
            SystemTime::UNIX_EPOCH + Duration::from_secs(1000 + seconds.load(Ordering::SeqCst))
        })
    }

    fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// A site of the documents `a` to `e` and `été`, which knows them whatever their case.
async fn site() -> Wire {
    let version = AtomicU32::new(0);
    Wire::serving(move |request| {
        let asked = request
            .url
            .path()
            .rsplit('/')
            .next()
            .unwrap()
            .to_lowercase();
        let name = match asked.as_str() {
            "ete" | "%c3%a9t%c3%a9" => "été",
            known @ ("a" | "b" | "c" | "d" | "e") => known,
            _ => return json(404, r#"{"exc_type": "DoesNotExistError"}"#),
        };
        let version = version.fetch_add(1, Ordering::SeqCst);
        json(
            200,
            &format!(r#"{{"data": {{"name": "{name}", "version": {version}}}}}"#),
        )
    })
    .await
}

fn cache(client: &Client, capacity: usize) -> Cache<Document> {
    client
        .documents("Territory")
        .cached(Duration::from_secs(60), capacity)
}

#[tokio::test]
async fn a_document_is_read_again_only_after_its_time() {
    let (wire, hand) = (site().await, Hand::default());
    let client = wire.builder().clock(hand.clock()).build().unwrap();
    let cache = cache(&client, 10);
    let first = cache.get(&name("a")).await.unwrap();
    hand.pass(59);
    assert!(Arc::ptr_eq(&first, &cache.get(&name("a")).await.unwrap()));
    assert_eq!(wire.calls().len(), 1);
    hand.pass(1);
    let second = cache.get(&name("a")).await.unwrap();
    assert_ne!(first.get("version"), second.get("version"));
    assert_eq!((wire.calls().len(), cache.len()), (2, 1));
}

#[tokio::test]
async fn every_spelling_finds_the_one_entry_and_forgets_it() {
    let wire = site().await;
    let cache = cache(&wire.client(), 10);
    let asked = cache.get(&name("ETE")).await.unwrap();
    assert_eq!(asked.name().as_str(), "été");
    for spelling in ["été", "ETE"] {
        assert!(Arc::ptr_eq(
            &asked,
            &cache.get(&name(spelling)).await.unwrap()
        ));
    }
    assert_eq!((wire.calls().len(), cache.len()), (1, 1));
    cache.get(&name("ete")).await.unwrap();
    assert_eq!(
        (wire.calls().len(), cache.len()),
        (2, 1),
        "a spelling it had not heard"
    );
    cache.invalidate(&name("ETE"));
    assert!(cache.is_empty());
    cache.get(&name("été")).await.unwrap();
    assert_eq!(wire.calls().len(), 3);
}

#[tokio::test]
async fn those_who_ask_together_share_a_call() {
    let wire = site().await;
    let cache = cache(&wire.client(), 10);
    let name = name("a");
    let together = futures_util::future::join_all((0..8).map(|_| cache.get(&name))).await;
    let first = together[0].as_ref().unwrap();
    assert!(
        together
            .iter()
            .all(|other| Arc::ptr_eq(first, other.as_ref().unwrap()))
    );
    assert_eq!(wire.calls().len(), 1);
}

#[tokio::test]
async fn the_one_not_asked_for_the_longest_makes_room() {
    let wire = site().await;
    let cache = cache(&wire.client(), 2);
    for asked in ["a", "b", "a", "c"] {
        cache.get(&name(asked)).await.unwrap();
    }
    assert_eq!((wire.calls().len(), cache.len()), (3, 2));
    cache.get(&name("a")).await.unwrap();
    assert_eq!(wire.calls().len(), 3, "a was kept");
    cache.get(&name("b")).await.unwrap();
    assert_eq!(wire.calls().len(), 4, "b had gone");
    cache.clear();
    assert!(cache.is_empty());
}

#[tokio::test]
async fn neither_an_absence_nor_an_error_is_kept() {
    let wire = Wire::new([
        json(404, r#"{"exc_type": "DoesNotExistError"}"#),
        html(500),
        json(200, r#"{"data": {"name": "x"}}"#),
    ])
    .await;
    let cache = cache(&wire.client(), 10);
    let x = name("x");
    assert!(cache.find(&x).await.unwrap().is_none());
    assert_eq!(cache.find(&x).await.unwrap_err().status(), Some(500));
    assert!(cache.find(&x).await.unwrap().is_some());
    assert_eq!(wire.calls().len(), 3);
}

#[tokio::test]
async fn what_was_read_before_an_invalidation_is_not_kept_after_it() {
    let held = Arc::new(Notify::new());
    let begun = Arc::new(Notify::new());
    let wire = site().await;
    /// Holds the first request back until it is told.
    #[derive(Debug)]
    struct Holding {
        inner: integration_core::transport::ReqwestTransport,
        first: Mutex<bool>,
        begun: Arc<Notify>,
        held: Arc<Notify>,
    }
    #[async_trait::async_trait]
    impl integration_core::transport::Transport for Holding {
        async fn send(
            &self,
            request: http::Request<integration_core::RequestBody>,
        ) -> Result<
            http::Response<integration_core::ByteStream>,
            integration_core::transport::TransportError,
        > {
            let first = std::mem::replace(&mut *self.first.lock().unwrap(), false);
            let answer = self.inner.send(request).await;
            if first {
                self.begun.notify_one();
                self.held.notified().await;
            }
            answer
        }
    }
    let mut options = integration_core::transport::ReqwestOptions::default();
    options.https = false;
    let transport = Holding {
        inner: integration_core::transport::ReqwestTransport::new(&options).unwrap(),
        first: Mutex::new(true),
        begun: begun.clone(),
        held: held.clone(),
    };
    let client = wire.builder().transport(transport).build().unwrap();
    let cache = cache(&client, 10);
    let a = name("a");
    let early = cache.get(&a);
    let late = async {
        begun.notified().await;
        cache.invalidate(&a);
        let late = cache.get(&a).await.unwrap();
        held.notify_one();
        late
    };
    let (early, late) = tokio::join!(early, late);
    assert_eq!(early.unwrap().get("version").unwrap(), 0);
    assert_eq!(late.get("version").unwrap(), 1);
    assert_eq!(cache.get(&a).await.unwrap().get("version").unwrap(), 1);
    assert_eq!(wire.calls().len(), 2);
}
