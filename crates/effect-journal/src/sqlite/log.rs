//! Intents, effects and results, in SQL.

use std::time::Duration;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::time::{millis, timestamp};
use crate::{Claim, EffectKey, Intent};

struct Known {
    done: bool,
    begun_at: i64,
    claim_until: i64,
    result: Option<Vec<u8>>,
}

pub(super) fn intend(
    connection: &Connection,
    now: i64,
    key: &EffectKey,
    claim: Duration,
) -> rusqlite::Result<Intent> {
    let until = now.saturating_add(millis(claim));
    let known = connection
        .prepare_cached("SELECT state, begun_at, claim_until, result FROM effect WHERE key = ?1")?
        .query_row(params![key.as_str()], |row| {
            Ok(Known {
                done: row.get::<_, i64>(0)? == 1,
                begun_at: row.get(1)?,
                claim_until: row.get(2)?,
                result: row.get(3)?,
            })
        })
        .optional()?;
    let Some(known) = known else {
        let token = next_fence(connection, now)?;
        connection
            .prepare_cached("INSERT INTO effect VALUES (?1, 0, ?2, ?3, ?4, NULL, NULL)")?
            .execute(params![key.as_str(), now, until, token])?;
        return Ok(Intent::Fresh(Claim::new(
            key.clone(),
            token,
            timestamp(until),
        )));
    };
    if known.done {
        return Ok(Intent::Done(Bytes::from(known.result.unwrap_or_default())));
    }
    if known.claim_until > now {
        return Ok(Intent::Busy {
            until: timestamp(known.claim_until),
        });
    }
    let token = next_fence(connection, now)?;
    connection
        .prepare_cached("UPDATE effect SET claim_until = ?2, claim_token = ?3 WHERE key = ?1")?
        .execute(params![key.as_str(), until, token])?;
    Ok(Intent::Uncertain {
        claim: Claim::new(key.clone(), token, timestamp(until)),
        begun_at: timestamp(known.begun_at),
    })
}

/// A number above every one before it, also when the file was lost meanwhile.
fn next_fence(connection: &Connection, now: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO meta VALUES ('fence', ?1)
             ON CONFLICT (name) DO UPDATE SET value = MAX(value + 1, excluded.value) RETURNING value",
        )?
        .query_row(params![now], |row| row.get(0))
}

pub(super) fn record(
    connection: &Connection,
    now: i64,
    claim: &Claim,
    result: &[u8],
) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "UPDATE effect SET state = 1, result = ?3, ended_at = ?4, claim_until = 0
             WHERE key = ?1 AND claim_token = ?2 AND (state = 0 OR result = ?3)",
        )?
        .execute(params![claim.key.as_str(), claim.token, result, now])
}

pub(super) fn abandon(connection: &Connection, claim: &Claim) -> rusqlite::Result<usize> {
    connection
        .prepare_cached("DELETE FROM effect WHERE key = ?1 AND claim_token = ?2 AND state = 0")?
        .execute(params![claim.key.as_str(), claim.token])
}

pub(super) fn unsure(connection: &Connection, claim: &Claim) -> rusqlite::Result<usize> {
    connection
        .prepare_cached(
            "UPDATE effect SET claim_until = 0 WHERE key = ?1 AND claim_token = ?2 AND state = 0",
        )?
        .execute(params![claim.key.as_str(), claim.token])
}
