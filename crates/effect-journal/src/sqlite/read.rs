//! What is only looked at, beside the writer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, Row, params, params_from_iter};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::inbox::{delivery, sources as waiting_sources, state};
use super::schema::open_to_read;
use super::time::timestamp;
use crate::{
    EffectKey, EffectRecord, Effects, Error, ErrorKind, Item, ItemState, Items, Seq, SourceStats,
    Stats,
};

/// Connections that read, two at most at a time.
pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Readers {
    pub(super) fn new(path: PathBuf, patience: Duration) -> Self {
        Self {
            path,
            idle: Arc::default(),
            turns: Arc::new(Semaphore::new(2)),
            patience,
        }
    }

    /// Reads on a thread that may block.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let unavailable = || Error::new(ErrorKind::Unavailable);
        let reading = async {
            let turn = self
                .turns
                .clone()
                .acquire_owned()
                .await
                .map_err(|_| unavailable())?;
            let (path, idle) = (self.path.clone(), self.idle.clone());
            let task = tokio::task::spawn_blocking(move || {
                let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
                let connection = kept.map_or_else(|| open_to_read(&path), Ok)?;
                let value = read(&connection)?;
                idle.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(connection);
                drop(turn);
                Ok(value)
            });
            task.await
                .map_err(|panic| Error::with_source(ErrorKind::Unavailable, panic))?
                .map_err(|error: rusqlite::Error| Error::with_source(ErrorKind::Unavailable, error))
        };
        timeout(self.patience, reading)
            .await
            .unwrap_or_else(|_| Err(unavailable()))
    }

    /// The file, unless it is closed.
    pub(super) fn path(&self) -> Result<PathBuf, Error> {
        if self.turns.is_closed() {
            return Err(ErrorKind::Unavailable.into());
        }
        Ok(self.path.clone())
    }

    pub(super) fn close(&self) {
        self.turns.close();
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

fn read_item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        seq: Seq(row.get(0)?),
        state: state(row, 1)?,
        received_at: timestamp(row.get(2)?),
        due_at: timestamp(row.get(3)?),
        attempts: row.get(4)?,
        error: row.get(5)?,
        delivery: delivery(row, 6)?,
    })
}

pub(super) fn items(connection: &Connection, items: &Items) -> rusqlite::Result<Vec<Item>> {
    let mut conditions = String::new();
    let mut values = Vec::new();
    let mut index = "";
    if let Some(state) = items.state {
        // As a literal: an index over one state is of no use to a parameter.
        conditions.push_str(&format!(" AND state = {}", state.number()));
        // Not from the newest of all backwards, past all that is done.
        index = match state {
            ItemState::Pending => "INDEXED BY inbox_pending",
            ItemState::Leased => "INDEXED BY inbox_leased",
            ItemState::Dead => "INDEXED BY inbox_dead",
            ItemState::Done => "",
        };
    }
    if let Some(source) = &items.source {
        conditions.push_str(" AND source = ?");
        values.push(Value::Text(source.clone()));
    }
    if let Some(before) = items.before {
        conditions.push_str(" AND seq < ?");
        values.push(Value::Integer(before.0));
    }
    values.push(Value::Integer(items.bound().into()));
    connection
        .prepare_cached(&format!(
            "SELECT seq, state, received_at, due_at, attempts, error, source, key, lane, trace, headers, NULL
             FROM inbox WHERE seq IN (
                 SELECT seq FROM inbox {index} WHERE TRUE{conditions} ORDER BY seq DESC LIMIT ?)
             ORDER BY seq DESC"
        ))?
        .query_map(params_from_iter(values), read_item)?
        .collect()
}

pub(super) fn item(connection: &Connection, seq: Seq) -> rusqlite::Result<Option<Item>> {
    connection
        .prepare_cached(
            "SELECT seq, state, received_at, due_at, attempts, error, source, key, lane, trace, headers, body
             FROM inbox WHERE seq = ?1",
        )?
        .query_row(params![seq.0], read_item)
        .optional()
}

/// Effects that were begun and have no result, oldest first.
pub(super) fn effects(
    connection: &Connection,
    effects: &Effects,
) -> rusqlite::Result<Vec<EffectRecord>> {
    let (begun_at, key) = effects.after.as_ref().map_or((i64::MIN, ""), |(at, key)| {
        (at.as_millisecond(), key.as_str())
    });
    connection
        .prepare_cached(
            "SELECT key, begun_at, claim_until FROM effect
             WHERE state = 0 AND (begun_at, key) > (?1, ?2) ORDER BY begun_at, key LIMIT ?3",
        )?
        .query_map(params![begun_at, key, effects.bound()], |row| {
            Ok(EffectRecord {
                key: EffectKey::stored(row.get(0)?),
                begun_at: timestamp(row.get(1)?),
                claim_until: timestamp(row.get(2)?),
                ended_at: None,
                result: None,
            })
        })?
        .collect()
}

pub(super) fn effect(
    connection: &Connection,
    key: &EffectKey,
) -> rusqlite::Result<Option<EffectRecord>> {
    connection
        .prepare_cached(
            "SELECT begun_at, claim_until, ended_at, result FROM effect WHERE key = ?1",
        )?
        .query_row(params![key.as_str()], |row| {
            let result: Option<Vec<u8>> = row.get(3)?;
            Ok(EffectRecord {
                key: key.clone(),
                begun_at: timestamp(row.get(0)?),
                claim_until: timestamp(row.get(1)?),
                ended_at: row.get::<_, Option<i64>>(2)?.map(timestamp),
                result: result.map(Bytes::from),
            })
        })
        .optional()
}

/// How much there is, all of one moment.
pub(super) fn stats(connection: &Connection, now: i64) -> rusqlite::Result<Stats> {
    let moment = connection.unchecked_transaction()?;
    let stats = counts(&moment, now)?;
    moment.commit()?;
    Ok(stats)
}

fn counts(connection: &Connection, now: i64) -> rusqlite::Result<Stats> {
    let whole = |count: i64| u64::try_from(count).unwrap_or(0);
    let one = |sql: &str| -> rusqlite::Result<u64> {
        connection
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))
            .map(whole)
    };
    let mut sources: BTreeMap<String, SourceStats> = BTreeMap::new();
    let mut each = |condition: &str, add: fn(&mut SourceStats, u64)| -> rusqlite::Result<()> {
        let sql = format!("SELECT source, COUNT(*) FROM inbox {condition} GROUP BY source");
        let mut query = connection.prepare_cached(&sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let source: String = row.get(0)?;
            let stats = sources
                .entry(source)
                .or_insert_with_key(|source| SourceStats::new(source.as_str()));
            add(stats, whole(row.get(1)?));
        }
        Ok(())
    };
    // The few that are not done by their own indexes; the many that are done are all the others.
    each("", |stats, count| stats.done = count)?;
    each("WHERE state = 0", |stats, count| stats.pending = count)?;
    each("WHERE state = 1", |stats, count| stats.leased = count)?;
    each("WHERE state = 3", |stats, count| stats.dead = count)?;
    let mut stats = Stats {
        unsettled: one("SELECT COUNT(*) FROM effect WHERE state = 0")?,
        uncertain: connection
            .prepare_cached("SELECT COUNT(*) FROM effect WHERE state = 0 AND claim_until <= ?1")?
            .query_row(params![now], |row| row.get(0))
            .map(whole)?,
        oldest_due_ms: next_due(connection, &[])?
            .map_or(0, |due| u64::try_from(now.saturating_sub(due)).unwrap_or(0)),
        sources: sources.into_values().collect(),
        ..Stats::default()
    };
    for source in &mut stats.sources {
        let others = source.pending + source.leased + source.dead;
        source.done = source.done.saturating_sub(others);
        stats.pending += source.pending;
        stats.leased += source.leased;
        stats.done += source.done;
        stats.dead += source.dead;
    }
    Ok(stats)
}

/// When something is next to be done: an item is due, or a lease runs out. Of these sources, or of
/// all where none is named: whoever waits for others would look for ever and find nothing.
pub(super) fn next_due(
    connection: &Connection,
    sources: &[String],
) -> rusqlite::Result<Option<i64>> {
    let mut next: Option<i64> = connection
        .prepare_cached("SELECT MIN(lease_until) FROM inbox WHERE state = 1")?
        .query_row([], |row| row.get(0))?;
    let mut sooner = |due: Option<i64>| next = next.into_iter().chain(due).min();
    let all;
    let sources = if sources.is_empty() {
        all = waiting_sources(connection)?;
        all.as_slice()
    } else {
        sources
    };
    for source in sources {
        sooner(
            connection
                .prepare_cached(
                    "SELECT MIN(due_at) FROM inbox WHERE state = 0 AND behind = 0 AND source = ?1",
                )?
                .query_row(params![source], |row| row.get(0))?,
        );
    }
    Ok(next)
}
