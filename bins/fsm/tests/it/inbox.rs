//! `fsm inbox`, against a hub and against its folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use effect_journal::{Delivery, ItemState, Journal, Seq, SqliteJournal, Take};
use hub::Hub;
use hub::platform::config::Config;
use hub::platform::serve::{Drain, serve};
use integration_core::Clock;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Run, fsm, run};

const TOKEN: &str = "a token of more than sixteen characters";

/// One that waits, and one that was given up.
async fn seed(journal: &SqliteJournal) -> (Seq, Seq) {
    let event = |key: &str| Delivery::new("stripe", key, "{\"amount\":1234}\n\u{1b}[2J".to_owned());
    let dead = journal.accept(event("evt_dead")).await.unwrap().seq();
    let item = journal.take(Take::new(1)).await.unwrap().remove(0);
    journal
        .bury(&item.lease, "no invoice is named")
        .await
        .unwrap();
    let waits = journal.accept(event("evt_waits")).await.unwrap().seq();
    (dead, waits)
}

async fn journal(folder: &Path) -> SqliteJournal {
    let journal = SqliteJournal::builder(folder).reserve(0);
    journal.open().await.unwrap()
}

async fn fsm_inbox(args: &[&str], token: Option<&str>) -> Run {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let token = token.map(str::to_owned);
    let work = move || {
        let mut command = fsm(&["inbox"]);
        if let Some(token) = token {
            command.env("INTERNAL_TOKEN", token);
        }
        run(command.args(args))
    };
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_hub_is_asked() {
    let folder = TempDir::new().unwrap();
    let journal = journal(folder.path()).await;
    let (dead, waits) = seed(&journal).await;
    let settings: BTreeMap<_, _> = [("INTERNAL_TOKEN".to_owned(), TOKEN.to_owned())].into();
    let kept: Arc<dyn Journal> = Arc::new(journal.clone());
    let config = Config::read(&settings).unwrap();
    let hub = Hub::with_journal(config, Clock::system(), Some(kept)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve(hub, listener, None, stop.clone(), Drain::quick()));
    let ask =
        async |args: &[&str]| fsm_inbox(&[args, &["--hub", &url]].concat(), Some(TOKEN)).await;

    let all = ask(&["list", "--json", "--limit", "1"]).await;
    assert_eq!(all.code, Some(0), "{all:?}");
    assert_eq!(all.json()["items"][0]["seq"], waits.get());
    assert_eq!(all.json()["next"], waits.get());
    let failed = ask(&["list", "--state", "dead", "--source", "stripe"]).await;
    assert!(failed.out.contains("no invoice is named"), "{failed:?}");
    assert!(!failed.out.contains("evt_waits"));

    let number = dead.to_string();
    let shown = ask(&["show", &number]).await;
    assert!(shown.out.contains("{\"amount\":1234}"), "{shown:?}");
    assert!(!shown.out.contains('\u{1b}'), "{shown:?}");
    let whole = ask(&["show", &number, "--json"]).await.json();
    assert_eq!(
        (&whole["state"], &whole["effects"]),
        (&json!("dead"), &json!([]))
    );

    let replayed = ask(&["replay", &number, "--json"]).await;
    assert_eq!(
        replayed.json(),
        json!({"seq": dead.get(), "state": "pending"})
    );
    let item = journal.item(dead).await.unwrap().unwrap();
    assert_eq!(item.state, ItemState::Pending);
    ask(&["replay", &number])
        .await
        .refused(1, "was not given up");
    ask(&["show", "99"])
        .await
        .refused(1, "no event has the number 99");

    // The folder is the hub's as long as it runs.
    let folder = folder.path().to_str().unwrap();
    let beside = fsm_inbox(&["list", "--data-dir", folder], None).await;
    beside.refused(1, "a running hub has");
    let forged = fsm_inbox(&["list", "--hub", &url], Some("another token")).await;
    forged.refused(1, "does not know the token");
    stop.cancel();
    assert!(serving.await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_read_while_no_hub_runs() {
    let folder = TempDir::new().unwrap();
    let first = journal(folder.path()).await;
    let (dead, waits) = seed(&first).await;
    first.close().await;
    let path = folder.path().to_str().unwrap();
    let ask = async |args: &[&str]| fsm_inbox(&[args, &["--data-dir", path]].concat(), None).await;
    let all = ask(&["list", "--json"]).await.json();
    assert_eq!(all["items"][1]["error"], "no invoice is named");
    assert_eq!(
        (all["next"].is_null(), &all["items"][0]["seq"]),
        (true, &json!(waits.get()))
    );
    let page = ask(&["list", "--limit", "1", "--lang", "fr"]).await;
    assert!(
        page.out.contains("◆ en attente") && page.out.contains("--after 2"),
        "{page:?}"
    );
    let rest = ask(&["list", "--after", "2"]).await;
    assert!(rest.out.contains("evt_dead") && !rest.out.contains("evt_waits"));
    let number = dead.to_string();
    let replayed = ask(&["replay", &number]).await;
    assert!(replayed.out.contains("when the hub starts"), "{replayed:?}");
    ask(&["replay", &number])
        .await
        .refused(1, "was not given up");
    ask(&["replay", "99"]).await.refused(1, "no event has");
    let shown = ask(&["show", &number, "--json"]).await.json();
    assert_eq!(
        (&shown["state"], &shown["attempts"]),
        (&json!("pending"), &json!(0))
    );
}

#[tokio::test]
async fn what_is_no_inbox_is_refused() {
    let empty = TempDir::new().unwrap();
    let path = empty.path().to_str().unwrap();
    let none = fsm_inbox(&["list", "--data-dir", path], None).await;
    none.refused(2, "holds no journal");
    assert_eq!(
        empty.path().read_dir().unwrap().count(),
        0,
        "nothing was made"
    );
    fsm_inbox(&["list"], Some(TOKEN))
        .await
        .refused(2, "no hub to ask");
    let tokenless = fsm_inbox(&["list", "--hub", "http://127.0.0.1:9"], None).await;
    tokenless.refused(2, "INTERNAL_TOKEN is not set");
    for args in [
        &["list", "--limit", "0"][..],
        &["list", "--state", "lost"],
        &["show", "x"],
        &["list", "--hub", "http://a", "--data-dir", "b"],
    ] {
        assert_eq!(fsm_inbox(args, None).await.code, Some(2), "{args:?}");
    }
    let away = fsm_inbox(&["list", "--hub", "http://127.0.0.1:9"], Some(TOKEN)).await;
    assert_eq!(away.code, Some(1), "{away:?}");
}
