//! What came in and could not be processed: for programs, and on the settings screen.

use std::sync::Arc;
use std::time::Duration;

use effect_journal::testing::{Fault, FaultyJournal};
use effect_journal::{
    Delivery, EffectKey, ErrorKind, Intent, ItemState, Journal, Seq, SqliteJournal, Take,
};
use http::{Method, StatusCode};
use hub::Hub;
use hub::platform::config::Config;
use integration_core::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::pages::page;
use crate::support::{Answer, STRANGER, call, get, hub, noon, settings};

const TOKEN: &str = "a token of more than sixteen characters";
const HOSTILE: &str = "<script>alert(1)</script>\" onload=\"x";

struct Room {
    hub: Hub,
    journal: FaultyJournal,
    _folder: TempDir,
}

/// A hub with a journal of its own.
async fn room() -> Room {
    let folder = TempDir::new().unwrap();
    let journal = SqliteJournal::builder(folder.path())
        .clock(Clock::fixed(noon()))
        .reserve(0)
        .open()
        .await
        .unwrap();
    let journal = FaultyJournal::new(Arc::new(journal));
    let config = Config::read(&settings(&[
        ("TRUSTED_PROXIES", "10.0.0.0/24"),
        ("MAGIC_LINK_SECRET", "0123456789abcdef0123456789abcdef"),
        ("INTERNAL_TOKEN", TOKEN),
    ]));
    let kept: Arc<dyn Journal> = Arc::new(journal.clone());
    let hub = Hub::with_journal(config.unwrap(), Clock::fixed(noon()), Some(kept)).unwrap();
    Room {
        hub,
        journal,
        _folder: folder,
    }
}

impl Room {
    async fn accept(&self, key: &str, body: &str) -> Seq {
        let event = Delivery::new("stripe", key, body.to_owned())
            .header("content-type", "application/json")
            .lane(format!("lane of {key}"));
        self.journal.accept(event).await.unwrap().seq()
    }

    /// An event that was given up for this reason.
    async fn dead(&self, key: &str, reason: &str) -> Seq {
        let seq = self.accept(key, "{}").await;
        let item = self.journal.take(Take::new(1)).await.unwrap().remove(0);
        assert_eq!(item.lease.seq(), seq);
        self.journal.bury(&item.lease, reason).await.unwrap();
        seq
    }

    async fn machine(&self, method: Method, uri: &str) -> Answer {
        call(method, uri)
            .from(STRANGER)
            .header("authorization", &format!("Bearer {TOKEN}"))
            .send(&self.hub)
            .await
    }

    async fn list(&self, query: &str) -> Value {
        let answer = self.machine(Method::GET, &format!("/inbox?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    }

    async fn state(&self, seq: Seq) -> ItemState {
        self.journal.item(seq).await.unwrap().unwrap().state
    }

    async fn replay(&self, seq: Seq, csrf: &str) -> Answer {
        call(Method::POST, "/ops/settings/replay")
            .staff()
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .form(&format!("csrf={csrf}&seq={seq}"))
            .send(&self.hub)
            .await
    }
}

fn csrf(text: &str) -> String {
    let (_, rest) = text.split_once("name=\"csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn seqs(list: &Value) -> Vec<i64> {
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["seq"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn only_a_machine_with_the_token_sees_the_inbox() {
    let room = room().await;
    let seq = room.dead("evt_1", "no invoice").await;
    for (method, uri) in [
        (Method::GET, "/inbox".to_owned()),
        (Method::GET, format!("/inbox/{seq}")),
        (Method::POST, format!("/inbox/{seq}/replay")),
    ] {
        for token in [None, Some("Bearer wrong"), Some(TOKEN)] {
            let request = call(method.clone(), &uri).from(STRANGER);
            let request = match token {
                Some(token) => request.header("authorization", token),
                None => request,
            };
            let answer = request.send(&room.hub).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{uri} {token:?}");
        }
        let staff = call(method, &uri).staff().send(&room.hub).await;
        assert_eq!(staff.status, StatusCode::UNAUTHORIZED, "{uri}");
    }
    assert_eq!(room.state(seq).await, ItemState::Dead);
}

#[tokio::test]
async fn a_list_is_paged_and_holds_no_bodies() {
    let room = room().await;
    for n in 1..=5 {
        room.accept(&format!("evt_{n}"), "{\"secret\":\"CANARY\"}")
            .await;
    }
    let first = room.list("limit=2").await;
    assert_eq!((seqs(&first), &first["next"]), (vec![5, 4], &json!(4)));
    let last = room
        .list("limit=3&after=4&state=pending&source=stripe")
        .await;
    assert_eq!((seqs(&last), &last["next"]), (vec![3, 2, 1], &Value::Null));
    assert!(!last.to_string().contains("CANARY"));
    assert_eq!(last["items"][0]["lane"], "lane of evt_3");
    assert!(seqs(&room.list("source=twilio").await).is_empty());
    assert!(seqs(&room.list("state=dead").await).is_empty());
    for (query, status) in [
        ("state=lost", 422),
        ("limit=0", 422),
        ("limit=201", 422),
        ("limit=x", 400),
        ("after=x", 400),
    ] {
        let answer = room.machine(Method::GET, &format!("/inbox?{query}")).await;
        assert_eq!(answer.status.as_u16(), status, "{query}");
    }
}

#[tokio::test]
async fn one_item_tells_what_came_and_what_was_done_about_it() {
    let room = room().await;
    let body = json!({"data": {"object": {"id": "pi_7", "object": "payment_intent"}}, "pad": "x".repeat(70_000)});
    let seq = room.accept("evt_7", &body.to_string()).await;
    let (paid, refunded) = ("payment:pi_7", "refund:pi_7");
    let minute = Duration::from_secs(60);
    let key = EffectKey::new(paid).unwrap();
    let Intent::Fresh(claim) = room.journal.intend(&key, minute).await.unwrap() else {
        panic!("begun before");
    };
    let done = room.journal.record(&claim, b"ACC-PAY-7".as_slice().into());
    done.await.unwrap();
    let key = EffectKey::new(refunded).unwrap();
    room.journal.intend(&key, Duration::ZERO).await.unwrap();
    let item = room
        .machine(Method::GET, &format!("/inbox/{seq}"))
        .await
        .json();
    assert_eq!(item["key"], "evt_7");
    assert_eq!(
        item["headers"],
        json!([["content-type", "application/json"]])
    );
    assert_eq!(item["body"]["truncated"], true);
    assert_eq!(item["body"]["bytes"], body.to_string().len());
    assert_eq!(item["body"]["text"].as_str().unwrap().len(), 64 * 1024);
    let effects: Vec<_> = item["effects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|effect| (&effect["key"], &effect["state"], &effect["result"]))
        .collect();
    assert_eq!(
        effects,
        [
            (&json!(paid), &json!("done"), &json!("ACC-PAY-7")),
            (&json!(refunded), &json!("uncertain"), &Value::Null),
        ]
    );
    for path in ["/inbox/99", "/inbox/x", "/inbox/-1"] {
        let answer = room.machine(Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn only_what_was_given_up_is_replayed() {
    let room = room().await;
    let seq = room.dead("evt_1", "no invoice").await;
    let again = || room.machine(Method::POST, "/inbox/1/replay");
    let answer = again().await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json(), json!({"seq": seq.get(), "state": "pending"}));
    assert_eq!(room.state(seq).await, ItemState::Pending);
    let refused = again().await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["error"], "conflict");
    let none = room.machine(Method::POST, "/inbox/99/replay").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_journal_the_module_says_so() {
    let hub = hub(&[("INTERNAL_TOKEN", TOKEN)]);
    let answer = get("/inbox")
        .header("authorization", &format!("Bearer {TOKEN}"))
        .send(&hub)
        .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["error"], "not_configured");
    let ready = get("/ready").send(&hub).await.json();
    assert_eq!(ready["dependencies"]["journal"]["state"], "off");
    let screen = page(&hub, "/ops/settings").await;
    assert_eq!(screen.status, StatusCode::OK);
    assert!(screen.text.contains("le journal n’est pas configuré"));
}

#[tokio::test]
async fn the_screen_says_what_failed_and_why() {
    let room = room().await;
    let empty = page(&room.hub, "/ops/settings").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.text.contains("Aucun événement en échec."));
    assert!(empty.text.contains("Intégrations") && empty.text.contains("Fonctionne"));
    assert!(!empty.text.contains("Rejouer"));

    room.dead(&format!("evt {HOSTILE}"), HOSTILE).await;
    room.dead(
        "evt_nobody",
        "neither an invoice nor a customer is known for it",
    )
    .await;
    let waits = room.accept("evt_waits", "{}").await;
    let item = room.journal.take(Take::new(1)).await.unwrap().remove(0);
    let later = room.journal.now() + Duration::from_secs(600);
    let put_off = room
        .journal
        .retry(&item.lease, later, "ERPNext does not answer");
    put_off.await.unwrap();
    for language in ["fr", "en"] {
        let screen = get("/ops/settings")
            .staff()
            .header("accept", "text/html")
            .header("cookie", &format!("lang={language}"))
            .send(&room.hub)
            .await;
        ui_kit::testing::assert_page(&screen.text);
        assert!(!screen.text.contains("<script>alert"), "{language}");
        assert!(screen.text.contains("&lt;script&gt;alert(1)"), "{language}");
        assert!(screen.text.contains("ERPNext does not answer"));
        assert!(!screen.text.contains(&format!("replay-{waits}")));
    }
    let french = page(&room.hub, "/ops/settings").await;
    assert!(french.text.contains("Événements en échec"));
    assert!(french.text.contains("En attente d’un nouvel essai"));
    assert!(
        french
            .text
            .contains("Ni la facture ni le client n’est connu.")
    );
    assert!(french.text.contains("dans 10\u{a0}min"), "{}", french.text);
}

#[tokio::test]
async fn a_person_replays_with_a_form_of_ours_alone() {
    let room = room().await;
    let seq = room.dead("evt_1", "no invoice").await;
    let token = csrf(&page(&room.hub, "/ops/settings").await.text);
    for wrong in ["", "00", &"0".repeat(64)] {
        let answer = room.replay(seq, wrong).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{wrong}");
    }
    let elsewhere = call(Method::POST, "/ops/settings/replay")
        .staff()
        .header("sec-fetch-site", "cross-site")
        .form(&format!("csrf={token}&seq={seq}"))
        .send(&room.hub)
        .await;
    assert_eq!(elsewhere.status, StatusCode::FORBIDDEN);
    let stranger = call(Method::POST, "/ops/settings/replay")
        .header("sec-fetch-site", "same-origin")
        .form(&format!("csrf={token}&seq={seq}"))
        .send(&room.hub)
        .await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    let reader = get("/ops/settings").send(&room.hub).await;
    assert_eq!(reader.status, StatusCode::UNAUTHORIZED);
    assert_eq!(room.state(seq).await, ItemState::Dead);

    let answer = room.replay(seq, &token).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(room.state(seq).await, ItemState::Pending);
    let told = page(&room.hub, answer.header("location")).await;
    assert!(
        told.text
            .contains("L’événement sera rejoué dans un instant.")
    );
    // A second click, or another person's.
    let again = room.replay(seq, &token).await;
    let told = page(&room.hub, again.header("location")).await;
    assert!(told.text.contains("n’est plus en échec"));
    let gone = room.replay(Seq::new(99), &token).await;
    assert!(gone.header("location").contains("outcome=not-dead"));
}

#[tokio::test]
async fn a_journal_that_does_not_answer_is_told_and_the_page_stays() {
    let room = room().await;
    let seq = room.dead("evt_1", "no invoice").await;
    let token = csrf(&page(&room.hub, "/ops/settings").await.text);
    room.journal.plan([Fault::Before(ErrorKind::Unavailable)]);
    let answer = room.replay(seq, &token).await;
    let told = page(&room.hub, answer.header("location")).await;
    assert!(told.text.contains("Le journal n’a pas confirmé."));
    room.hub.close().await;
    let screen = page(&room.hub, "/ops/settings").await;
    assert_eq!(screen.status, StatusCode::OK);
    assert!(
        screen.text.contains("Impossible de lire"),
        "{}",
        screen.text
    );
    let list = room.machine(Method::GET, "/inbox").await;
    assert_eq!(list.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!list.header("retry-after").is_empty());
}

#[tokio::test]
async fn many_failed_events_are_paged() {
    let room = room().await;
    for n in 0..30 {
        room.dead(&format!("evt_{n:02}"), "no invoice").await;
    }
    let first = page(&room.hub, "/ops/settings").await;
    assert_eq!(first.text.matches(">Rejouer<").count(), 25);
    assert!(first.text.contains("evt_29") && !first.text.contains("evt_04"));
    assert!(first.text.contains("/ops/settings?after=6"));
    let second = page(&room.hub, "/ops/settings?after=6").await;
    assert_eq!(second.text.matches(">Rejouer<").count(), 5);
    assert!(second.text.contains("evt_00"));
    let past = page(&room.hub, "/ops/settings?after=1&outcome=%3Cb%3E&seq=1").await;
    assert!(past.text.contains("Voir les plus récents"));
}
