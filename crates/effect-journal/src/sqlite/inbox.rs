//! What comes in, in SQL.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use sha2::{Digest as _, Sha256};

use super::encode;
use super::time::{millis, timestamp};
use crate::{Accepted, Delivery, ItemState, Lease, Leased, Retention, Seq, Swept, Take};

/// Keeps a delivery under the next number, in one statement: it happens or it does not.
pub(super) fn accept(
    connection: &Connection,
    now: i64,
    delivery: &Delivery,
    last: &AtomicI64,
) -> rusqlite::Result<Accepted> {
    // Numbers are given out by the writer's thread alone; one that was not used is left out.
    let seq = last.load(Ordering::Relaxed).saturating_add(1);
    let kept = connection
        .prepare_cached(
            "INSERT INTO inbox (seq, source, key, lane, received_at, due_at, trace, headers, body, behind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8,
                 ?4 IS NOT NULL AND EXISTS (SELECT 1 FROM inbox WHERE lane = ?4 AND state IN (0, 1)))
             ON CONFLICT (source, key) DO NOTHING",
        )?
        .execute(params![
            seq,
            delivery.source,
            delivery.key,
            delivery.lane,
            now,
            delivery.trace,
            encode::headers(&delivery.headers),
            delivery.body.as_ref(),
        ])?;
    if kept > 0 {
        last.store(seq, Ordering::Relaxed);
        return Ok(Accepted::New(Seq(seq)));
    }
    connection
        .prepare_cached(
            "SELECT seq, state, body, digest FROM inbox WHERE source = ?1 AND key = ?2",
        )?
        .query_row(params![delivery.source, delivery.key], |row| {
            let seq = Seq(row.get(0)?);
            let same = match row.get_ref(2)?.as_blob_or_null()? {
                Some(body) => body == delivery.body.as_ref(),
                None => {
                    row.get_ref(3)?.as_blob_or_null()? == Some(digest(&delivery.body).as_slice())
                }
            };
            Ok(if same {
                Accepted::Duplicate {
                    seq,
                    state: state(row, 1)?,
                }
            } else {
                Accepted::Conflict(seq)
            })
        })
}

/// What is left of a body that was forgotten, to tell its duplicates by.
fn digest(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

pub(super) fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<ItemState> {
    let number = row.get(column)?;
    ItemState::of_number(number).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, number))
}

pub(super) fn take(
    connection: &Connection,
    now: i64,
    take: &Take,
) -> rusqlite::Result<Vec<Leased>> {
    connection
        .prepare_cached(
            "UPDATE inbox SET state = 0, lease_until = NULL, due_at = MIN(due_at, ?1)
             WHERE state = 1 AND lease_until <= ?1",
        )?
        .execute(params![now])?;
    let mut taken = Vec::new();
    // Each round puts what it finds into another state, so that the next finds something else.
    while taken.len() < take.items {
        let found = due(connection, now, take, take.items - taken.len())?;
        if found.is_empty() {
            break;
        }
        for (_, seq, attempts) in found {
            if attempts >= take.max_attempts {
                give_up(connection, now, seq)?;
            } else {
                taken.push(lease(
                    connection,
                    seq,
                    now.saturating_add(millis(take.lease)),
                )?);
            }
        }
    }
    Ok(taken)
}

/// What is due: when, which one, and how often it was tried. A query for each source, so that what
/// others have waiting costs nothing.
fn due(
    connection: &Connection,
    now: i64,
    take: &Take,
    items: usize,
) -> rusqlite::Result<Vec<(i64, i64, u32)>> {
    let limit = i64::try_from(items).unwrap_or(i64::MAX);
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let all;
    let sources = if take.sources.is_empty() {
        all = sources(connection)?;
        &all
    } else {
        &take.sources
    };
    let mut found = Vec::new();
    let mut query = connection.prepare_cached(
        "SELECT due_at, seq, attempts FROM inbox
         WHERE state = 0 AND behind = 0 AND source = ?3 AND due_at <= ?1 ORDER BY due_at, seq LIMIT ?2",
    )?;
    for source in sources {
        for one in query.query_map(params![now, limit, source], row)? {
            found.push(one?);
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(items);
    Ok(found)
}

/// The sources that have something waiting; looked up one after the other, however much waits.
pub(super) fn sources(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached(
            "WITH RECURSIVE name (source) AS (
                 SELECT (SELECT source FROM inbox WHERE state = 0 ORDER BY source LIMIT 1)
                 UNION ALL
                 SELECT (SELECT source FROM inbox WHERE state = 0 AND source > name.source
                         ORDER BY source LIMIT 1)
                 FROM name WHERE name.source IS NOT NULL)
             SELECT source FROM name WHERE source IS NOT NULL",
        )?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn lease(connection: &Connection, seq: i64, until: i64) -> rusqlite::Result<Leased> {
    connection
        .prepare_cached(
            "UPDATE inbox SET state = 1, lease_until = ?2, lease_token = lease_token + 1, attempts = attempts + 1
             WHERE seq = ?1
             RETURNING seq, lease_token, attempts, received_at, source, key, lane, trace, headers, body",
        )?
        .query_row(params![seq, until], |row| {
            let lease = Lease::new(Seq(row.get(0)?), row.get(1)?, timestamp(until));
            Ok(Leased::new(
                lease,
                row.get(2)?,
                timestamp(row.get(3)?),
                delivery(row, 4)?,
            ))
        })
}

/// Whoever was tried so often and never came to an end would do so for ever.
fn give_up(connection: &Connection, now: i64, seq: i64) -> rusqlite::Result<()> {
    let lane: Option<String> = connection
        .prepare_cached(
            "UPDATE inbox SET state = 3, due_at = ?2,
                 error = COALESCE(error || ' · ', '') || 'given up: no attempt came to an end'
             WHERE seq = ?1 RETURNING lane",
        )?
        .query_row(params![seq, now], |row| row.get(0))?;
    next_of_lane(connection, lane)
}

/// The first of a lane has left it: the next one's turn has come.
fn next_of_lane(connection: &Connection, lane: Option<String>) -> rusqlite::Result<()> {
    let Some(lane) = lane else {
        return Ok(());
    };
    connection
        .prepare_cached(
            "UPDATE inbox SET behind = 0 WHERE seq = (
                 SELECT seq FROM inbox WHERE lane = ?1 AND state IN (0, 1) ORDER BY seq LIMIT 1)",
        )?
        .execute(params![lane])
        .map(drop)
}

/// Source, key, lane, trace, headers and body, from a column on.
pub(super) fn delivery(row: &Row<'_>, from: usize) -> rusqlite::Result<Delivery> {
    let body: Option<Vec<u8>> = row.get(from + 5)?;
    Ok(Delivery {
        source: row.get(from)?,
        key: row.get(from + 1)?,
        lane: row.get(from + 2)?,
        trace: row.get(from + 3)?,
        headers: encode::to_headers(row.get_ref(from + 4)?.as_blob()?),
        body: body.unwrap_or_default().into(),
    })
}

/// Nobody has taken the item since. A lease whose time is over still counts until then: the work
/// is done, and refusing it would only do it twice.
const HELD: &str = "WHERE seq = ?1 AND state = 1 AND lease_token = ?2";

/// Done.
pub(super) fn complete(connection: &Connection, now: i64, lease: Lease) -> rusqlite::Result<usize> {
    leave(connection, now, lease, 2, None)
}

/// Given up.
pub(super) fn bury(
    connection: &Connection,
    now: i64,
    lease: Lease,
    error: &str,
) -> rusqlite::Result<usize> {
    leave(connection, now, lease, 3, Some(error))
}

fn leave(
    connection: &Connection,
    now: i64,
    lease: Lease,
    state: i64,
    error: Option<&str>,
) -> rusqlite::Result<usize> {
    let lane: Option<Option<String>> = connection
        .prepare_cached(&format!(
            "UPDATE inbox SET state = ?4, due_at = ?3, lease_until = NULL, error = ?5 {HELD} RETURNING lane"
        ))?
        .query_row(params![lease.seq.0, lease.token, now, state, error], |row| {
            row.get(0)
        })
        .optional()?;
    let Some(lane) = lane else {
        return Ok(0);
    };
    next_of_lane(connection, lane)?;
    Ok(1)
}

pub(super) fn retry(
    connection: &Connection,
    lease: Lease,
    at: Timestamp,
    error: &str,
) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(&format!(
            "UPDATE inbox SET state = 0, due_at = ?3, lease_until = NULL, error = ?4 {HELD}"
        ))?
        .execute(params![
            lease.seq.0,
            lease.token,
            at.as_millisecond(),
            error
        ])
}

/// As if it had not been taken.
pub(super) fn defer(
    connection: &Connection,
    lease: Lease,
    at: i64,
    reason: Option<&str>,
) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(&format!(
            "UPDATE inbox SET state = 0, due_at = ?3, lease_until = NULL, attempts = MAX(attempts - 1, 0),
                 error = COALESCE(?4, error) {HELD}"
        ))?
        .execute(params![lease.seq.0, lease.token, at, reason])
}

pub(super) fn extend(
    connection: &Connection,
    now: i64,
    lease: Lease,
    time: Duration,
) -> rusqlite::Result<Option<Lease>> {
    let until = now.saturating_add(millis(time));
    let changed = connection
        .prepare_cached(&format!("UPDATE inbox SET lease_until = ?3 {HELD}"))?
        .execute(params![lease.seq.0, lease.token, until])?;
    Ok((changed > 0).then(|| Lease::new(lease.seq, lease.token, timestamp(until))))
}

pub(super) fn replay(connection: &Connection, now: i64, seq: Seq) -> rusqlite::Result<usize> {
    let lane: Option<Option<String>> = connection
        .prepare_cached(
            "SELECT lane FROM inbox WHERE seq = ?1 AND state IN (2, 3) AND body IS NOT NULL",
        )?
        .query_row(params![seq.0], |row| row.get(0))
        .optional()?;
    let Some(lane) = lane else {
        return Ok(0);
    };
    // It goes before those of its lane that came later, but not beside one that is being worked on.
    connection
        .prepare_cached(
            "UPDATE inbox SET behind = 1 WHERE lane = ?1 AND state = 0 AND behind = 0 AND seq > ?2",
        )?
        .execute(params![lane, seq.0])?;
    connection
        .prepare_cached(
            "UPDATE inbox SET state = 0, due_at = ?2, attempts = 0, error = NULL,
                 behind = ?3 IS NOT NULL AND EXISTS (
                     SELECT 1 FROM inbox WHERE lane = ?3 AND state IN (0, 1) AND behind = 0)
             WHERE seq = ?1",
        )?
        .execute(params![seq.0, now, lane])
}

/// Rows of one sweep: a slice that holds up nobody.
const SLICE: u32 = 500;

/// Forgets a slice of what is old; with it, the pages that were given back.
pub(super) fn sweep(
    connection: &Connection,
    now: i64,
    retention: Retention,
) -> rusqlite::Result<(Swept, i64)> {
    let before = |age: Duration| now.saturating_sub(millis(age));
    note_last_seq(connection)?;
    let keys = connection
        .prepare_cached(
            "DELETE FROM inbox WHERE seq IN (
                 SELECT seq FROM inbox WHERE state = 2 AND due_at < ?1 ORDER BY due_at LIMIT ?2)",
        )?
        .execute(params![before(retention.keys), SLICE])?;
    let bodies = forget_bodies(connection, before(retention.bodies))?;
    // What an item has brought about is known for as long as the item may be worked on again: it
    // came before its effects. An effect of unknown outcome has no end, and stays.
    let first: Option<i64> = connection
        .prepare_cached(
            "SELECT received_at FROM inbox WHERE seq = (SELECT MIN(seq) FROM (
                 SELECT MIN(seq) AS seq FROM inbox INDEXED BY inbox_pending WHERE state = 0
                 UNION ALL SELECT MIN(seq) FROM inbox WHERE state = 1
                 UNION ALL SELECT MIN(seq) FROM inbox WHERE state = 2 AND body IS NOT NULL
                 UNION ALL SELECT MIN(seq) FROM inbox WHERE state = 3))",
        )?
        .query_row([], |row| row.get(0))
        .optional()?;
    let ended_before = before(retention.keys).min(first.unwrap_or(i64::MAX));
    let effects = connection
        .prepare_cached(
            "DELETE FROM effect WHERE key IN (
                 SELECT key FROM effect WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2)",
        )?
        .execute(params![ended_before, SLICE])?;
    let free = |connection: &Connection| -> rusqlite::Result<i64> {
        connection
            .prepare_cached("PRAGMA freelist_count")?
            .query_row([], |row| row.get(0))
    };
    let free_before = free(connection)?;
    // Nothing is freed unless the statement is stepped to its end.
    let mut vacuum = connection.prepare_cached("PRAGMA incremental_vacuum(64)")?;
    let mut freed = vacuum.query([])?;
    while freed.next()?.is_some() {}
    drop(freed);
    let free_after = free(connection)?;
    let count = |rows: usize| u64::try_from(rows).unwrap_or(u64::MAX);
    let swept = Swept {
        bodies: count(bodies),
        keys: count(keys.saturating_add(effects)),
        // A few free pages are kept for what comes next.
        more: [keys, bodies, effects].contains(&(SLICE as usize)) || free_after > 32,
    };
    Ok((swept, free_before.saturating_sub(free_after)))
}

/// A number is never given twice, also when the item that had the highest is forgotten.
fn note_last_seq(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO meta SELECT 'last_seq', seq FROM (SELECT MAX(seq) AS seq FROM inbox)
             WHERE seq IS NOT NULL
             ON CONFLICT (name) DO UPDATE SET value = MAX(value, excluded.value)
             WHERE value < excluded.value",
        )?
        .execute([])
        .map(drop)
}

/// Forgets the bodies and headers of a slice of what was done before then.
fn forget_bodies(connection: &Connection, before: i64) -> rusqlite::Result<usize> {
    let mut old = connection.prepare_cached(
        "SELECT seq, body FROM inbox WHERE state = 2 AND body IS NOT NULL AND due_at < ?1
         ORDER BY due_at LIMIT ?2",
    )?;
    let digests: Vec<(i64, [u8; 32])> = old
        .query_map(params![before, SLICE], |row| {
            Ok((row.get(0)?, digest(row.get_ref(1)?.as_blob()?)))
        })?
        .collect::<Result<_, _>>()?;
    let mut forget = connection.prepare_cached(
        "UPDATE inbox SET body = NULL, headers = x'', digest = ?2 WHERE seq = ?1",
    )?;
    for (seq, digest) in &digests {
        forget.execute(params![seq, digest])?;
    }
    Ok(digests.len())
}
