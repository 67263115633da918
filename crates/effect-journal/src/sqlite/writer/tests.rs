use tempfile::TempDir;

use super::*;
use crate::sqlite::files;

fn start(folder: &TempDir) -> Writer {
    let opening = Opening {
        path: folder.path().join(files::DATABASE),
        max_pages: None,
    };
    let (connection, last) = schema::open(&opening).unwrap();
    Writer::start(Setup {
        connection,
        opening,
        lock: files::lock(folder.path()).unwrap(),
        wall: Arc::new(Wall::new(integration_core::Clock::system(), last)),
        space: Space::new(folder.path().to_owned(), 0),
        arrivals: Arc::default(),
        queue: 16,
        batch: 16,
        patience: Duration::from_secs(20),
        observer: None,
    })
    .unwrap()
}

async fn note(writer: &Writer, name: &'static str) -> Result<usize, Error> {
    writer
        .write(Care::None, move |connection, _| {
            connection.execute("INSERT INTO meta VALUES (?1, 1)", [name])
        })
        .await
}

async fn notes(writer: &Writer) -> i64 {
    writer
        .write(Care::None, |connection, _| {
            let sql = "SELECT COUNT(*) FROM meta WHERE name LIKE 'test %'";
            connection.query_row(sql, [], |row| row.get(0))
        })
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_panics_harms_only_itself() {
    let folder = TempDir::new().unwrap();
    let writer = start(&folder);
    let panics = writer.write(Care::None, |connection, _| -> rusqlite::Result<()> {
        connection.execute("INSERT INTO meta VALUES ('test half', 1)", [])?;
        panic!("as told")
    });
    let (panicked, neighbour) = tokio::join!(panics, note(&writer, "test good"));
    assert!(panicked.unwrap_err().nothing_happened());
    assert_eq!(neighbour.unwrap(), 1);
    assert_eq!(notes(&writer).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_file_is_opened_anew_and_takes_everything_back() {
    let folder = TempDir::new().unwrap();
    let writer = start(&folder);
    let fails = writer.write(Care::None, |connection, _| -> rusqlite::Result<()> {
        connection.execute("INSERT INTO meta VALUES ('test half', 1)", [])?;
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
        Err(rusqlite::Error::SqliteFailure(code, None))
    });
    let failed = fails.await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Unavailable);
    assert!(writer.is_degraded());
    assert_eq!(notes(&writer).await, 0);
    assert!(!writer.is_degraded());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_sync_failed_is_not_known() {
    let connection = Connection::open_in_memory().unwrap();
    let error = |code| rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
    let sync = failed(
        &connection,
        Step::Commit,
        &error(rusqlite::ffi::SQLITE_IOERR_FSYNC),
    );
    assert!(matches!(
        sync,
        Fate::Failed {
            kind: ErrorKind::Unknown,
            reopen: true
        }
    ));
    let full = failed(
        &connection,
        Step::Commit,
        &error(rusqlite::ffi::SQLITE_FULL),
    );
    assert!(matches!(
        full,
        Fate::Failed {
            kind: ErrorKind::Full,
            reopen: false
        }
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_wait_are_bounded() {
    let folder = TempDir::new().unwrap();
    let writer = start(&folder);
    let refused = writer.accept(WAITING + 1, |_, _| Ok(())).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Full);
    for _ in 0..3 {
        writer.accept(WAITING, |_, _| Ok(())).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_handed_to_a_caller_that_has_gone() {
    let folder = TempDir::new().unwrap();
    let writer = start(&folder);
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let holds = writer.write(Care::None, move |_, _| {
        // Until the next one has been given up.
        let _ = wait.recv();
        Ok(())
    });
    let mut holds = Box::pin(holds);
    assert!(futures_util::poll!(&mut holds).is_pending());
    let insert = |connection: &Connection, _| {
        connection.execute("INSERT INTO meta VALUES ('test gone', 1)", [])
    };
    let mut gone = Box::pin(writer.write(Care::WhileWanted, insert));
    assert!(futures_util::poll!(&mut gone).is_pending());
    drop(gone);
    go.send(()).unwrap();
    holds.await.unwrap();
    assert_eq!(notes(&writer).await, 0);
}
