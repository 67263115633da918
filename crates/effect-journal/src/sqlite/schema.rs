//! The file: its tables, its settings, how it is opened and copied.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, params};

use crate::{Error, ErrorKind};

/// `fsmJ`, so that `file` and a careless hand know what this is.
const APPLICATION_ID: i64 = 0x6673_6d4a;
const VERSION: i64 = 2;
/// Bytes of a page: several events of the usual size (3 kB) share one, which halves what a batch of
/// them writes, and costs a write that is alone little beside its sync.
const PAGE: i64 = 16 * 1024;
/// Pages in the log at which it is written back into the file.
const LOG: i64 = 1000;
/// How long a lock is waited for.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// An item that comes in costs the row and two entries of indexes; every index more would cost a
/// page of each commit.
const TABLES: &str = "
CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    lane TEXT,
    received_at INTEGER NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    behind INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    lease_until INTEGER,
    lease_token INTEGER NOT NULL DEFAULT 0,
    trace TEXT,
    headers BLOB NOT NULL,
    digest BLOB,
    body BLOB,
    error TEXT,
    UNIQUE (source, key)
) STRICT;
CREATE INDEX inbox_pending ON inbox (source, behind, due_at) WHERE state = 0;
CREATE INDEX inbox_leased ON inbox (lease_until) WHERE state = 1;
CREATE INDEX inbox_lane ON inbox (lane, seq) WHERE lane IS NOT NULL AND state IN (0, 1);
CREATE INDEX inbox_done ON inbox (due_at) WHERE state = 2;
CREATE INDEX inbox_done_bodies ON inbox (due_at) WHERE state = 2 AND body IS NOT NULL;
CREATE INDEX inbox_dead ON inbox (seq) WHERE state = 3;
CREATE INDEX inbox_kept ON inbox (seq) WHERE state = 2 AND body IS NOT NULL;
CREATE TABLE effect (
    key TEXT PRIMARY KEY,
    state INTEGER NOT NULL,
    begun_at INTEGER NOT NULL,
    claim_until INTEGER NOT NULL,
    claim_token INTEGER NOT NULL,
    ended_at INTEGER,
    result BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX effect_ended ON effect (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX effect_open ON effect (begun_at, key) WHERE state = 0;
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
";

/// What is needed to open the file, and to open it again.
#[derive(Clone, Debug)]
pub(super) struct Opening {
    pub(super) path: PathBuf,
    pub(super) max_pages: Option<u32>,
}

/// Opens the file for writing; with it, the latest time it knows.
pub(super) fn open(opening: &Opening) -> Result<(Connection, i64), Error> {
    let connection = Connection::open(&opening.path).map_err(opening_failed)?;
    let found: i64 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(opening_failed)?;
    let version: i64 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(opening_failed)?;
    let tables: i64 = connection
        .query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(opening_failed)?;
    // Looked at before anything is written: it may be someone else's.
    let empty = match (found, version, tables) {
        (0, 0, 0) => true,
        (APPLICATION_ID, VERSION, _) => false,
        _ => {
            return Err(Error::with_source(
                ErrorKind::Corrupt,
                "the file is not a journal of this version",
            ));
        }
    };
    prepare(&connection, opening).map_err(opening_failed)?;
    if empty {
        create(&connection).map_err(opening_failed)?;
    }
    let last = connection
        .query_row(
            "SELECT value FROM meta WHERE name = 'last_wall_ms'",
            [],
            |row| row.get(0),
        )
        .optional()
        .map_err(opening_failed)?;
    Ok((connection, last.unwrap_or(0)))
}

/// Reads the whole file once: at the start, before anything is promised.
pub(super) fn check(connection: &Connection) -> Result<(), Error> {
    let sound: String = connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(opening_failed)?;
    if sound != "ok" {
        return Err(Error::with_source(ErrorKind::Corrupt, sound));
    }
    Ok(())
}

fn prepare(connection: &Connection, opening: &Opening) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY)?;
    // Only possible before the first table.
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    // What a savepoint would take back is kept in memory: in a file it costs more than the write.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG)?;
    if let Some(pages) = opening.max_pages {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(&format!(
        "BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
    ))
}

/// Takes leases and claims from a process that is no more.
pub(super) fn void_leases(connection: &Connection, now: i64) -> Result<(), Error> {
    connection
        .execute_batch("BEGIN IMMEDIATE")
        .and_then(|()| {
            connection.execute(
                "UPDATE inbox SET state = 0, lease_until = NULL, due_at = MIN(due_at, ?1) WHERE state = 1",
                params![now],
            )?;
            connection.execute("UPDATE effect SET claim_until = 0 WHERE state = 0", [])?;
            connection.execute_batch("COMMIT")
        })
        .map_err(opening_failed)
}

/// The highest number that an item ever had, as far as the file knows.
pub(super) fn last_seq(connection: &Connection) -> Result<i64, Error> {
    connection
        .query_row(
            "SELECT MAX(COALESCE((SELECT MAX(seq) FROM inbox), 0),
                 COALESCE((SELECT value FROM meta WHERE name = 'last_seq'), 0))",
            [],
            |row| row.get(0),
        )
        .map_err(opening_failed)
}

/// Opens the file for reading.
pub(super) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

/// Writes a consistent copy of the whole to a new file, which is there whole or not at all.
pub(super) fn copy(path: &Path, to: &Path) -> Result<(), Error> {
    let unavailable = |error: io::Error| Error::with_source(ErrorKind::Unavailable, error);
    if to.try_exists().map_err(unavailable)? {
        let error = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(unavailable(error));
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(unavailable(error)),
        _ => {}
    }
    let written = || -> rusqlite::Result<()> {
        let name = part
            .to_str()
            .ok_or_else(|| rusqlite::Error::InvalidPath(part.clone()))?;
        open_to_read(path)?
            .execute("VACUUM INTO ?1", params![name])
            .map(drop)
    };
    let copied = written().map_err(opening_failed).and_then(|()| {
        // SQLite does not sync such a file by itself.
        File::open(&part)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&part, to))
            .map_err(unavailable)
    });
    if copied.is_err() {
        // Half a copy is of no use to anybody.
        let _ = fs::remove_file(&part);
    }
    copied
}

fn opening_failed(error: rusqlite::Error) -> Error {
    let kind = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => ErrorKind::Corrupt,
        Some(ErrorCode::DiskFull) => ErrorKind::Full,
        _ => ErrorKind::Unavailable,
    };
    Error::with_source(kind, error)
}
