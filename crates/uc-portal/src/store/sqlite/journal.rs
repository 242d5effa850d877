//! Tables `journal` and `journal_head`.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uc_model::PersonId;

use super::{
    OpenError, SqliteStore, StoreError, instant, integer, natural, open, registry::roles_in_force,
};
use crate::{
    accounts::{CoarseAddress, DeviceId},
    data_dir::DataKey,
    journal::{Chain, ChainBreak, ChainHead, JournalEntry, NewEntry, RawEntry},
    registry::{Power, empowers},
    store::{DeskRefusal, DeskReply, JournalStore, Operator, Reply},
};

/// Entries that are looked through at once: those of some weeks at a portal that fits one machine.
const MAX_WATCHED: usize = 100_000;

impl JournalStore for SqliteStore {
    fn append_journal(&self, entry: NewEntry) -> Reply<'_, ()> {
        self.write(move |tx| append(tx, &entry))
    }

    fn watch_journal(
        &self,
        watcher: Operator,
        since: Timestamp,
    ) -> DeskReply<'_, Vec<JournalEntry>> {
        self.read(move |db| {
            let roles = roles_in_force(db, &watcher.person, watcher.now)?;
            if !empowers(&roles, Power::WatchSignIns) {
                return Ok(Err(DeskRefusal::NotEmpowered));
            }
            let mut entries = list(db, None, MAX_WATCHED)?;
            entries.retain(|entry| entry.at >= since);
            entries.reverse();
            Ok(Ok(entries))
        })
    }

    fn list_journal(&self, person: Option<PersonId>, limit: usize) -> Reply<'_, Vec<JournalEntry>> {
        self.read(move |db| list(db, person.as_ref(), limit))
    }
}

/// Adds an entry in the transaction of what it tells.
pub(super) fn append(tx: &Connection, entry: &NewEntry) -> Result<(), StoreError> {
    let before = head(tx)?;
    let raw = raw(entry, before.seq + 1)?;
    let hash = raw.hash(before.hash);
    tx.prepare_cached(
        "INSERT INTO journal (seq, at, event, person, address, device, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        raw.seq,
        raw.at,
        raw.event,
        raw.person,
        raw.address,
        raw.device,
        hash
    ])?;
    tx.prepare_cached("UPDATE journal_head SET seq = ?1, hash = ?2")?
        .execute(params![raw.seq, hash])?;
    Ok(())
}

fn raw(entry: &NewEntry, seq: i64) -> Result<RawEntry, StoreError> {
    Ok(RawEntry {
        seq,
        at: entry.scene.at.as_millisecond(),
        event: serde_json::to_string(&entry.event)
            .map_err(|_| StoreError::Malformed("journal entry"))?,
        person: entry.person.clone().map(String::from),
        address: entry.scene.address.map(|address| address.to_string()),
        device: entry.scene.device.map(|device| device.to_string()),
    })
}

fn head(db: &Connection) -> rusqlite::Result<ChainHead> {
    db.prepare_cached("SELECT seq, hash FROM journal_head")?
        .query_row([], |row| {
            Ok(ChainHead {
                seq: row.get(0)?,
                hash: row.get(1)?,
            })
        })
}

fn list(
    db: &Connection,
    person: Option<&PersonId>,
    limit: usize,
) -> Result<Vec<JournalEntry>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT seq, at, event, person, address, device FROM journal
         WHERE ?1 IS NULL OR person = ?1 ORDER BY seq DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(
        params![person.map(PersonId::as_str), super::limit(limit)],
        raw_of_row,
    )?;
    rows.map(|row| read(row?)).collect()
}

/// Entries of a person before a place, newest first.
pub(super) fn list_before(
    db: &Connection,
    person: &PersonId,
    before: u64,
    limit: usize,
) -> Result<Vec<JournalEntry>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT seq, at, event, person, address, device FROM journal
         WHERE person = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(
        params![person.as_str(), integer(before), super::limit(limit)],
        raw_of_row,
    )?;
    rows.map(|row| read(row?)).collect()
}

fn raw_of_row(row: &Row<'_>) -> rusqlite::Result<RawEntry> {
    Ok(RawEntry {
        seq: row.get(0)?,
        at: row.get(1)?,
        event: row.get(2)?,
        person: row.get(3)?,
        address: row.get(4)?,
        device: row.get(5)?,
    })
}

fn read(raw: RawEntry) -> Result<JournalEntry, StoreError> {
    let malformed = || StoreError::Malformed("journal entry");
    Ok(JournalEntry {
        seq: natural(raw.seq),
        at: instant(raw.at),
        person: raw.person.map(super::sign_in::person).transpose()?,
        address: raw
            .address
            .map(|text| CoarseAddress::read(&text).ok_or_else(malformed))
            .transpose()?,
        device: raw
            .device
            .map(|text| text.parse::<DeviceId>().map_err(|_| malformed()))
            .transpose()?,
        event: serde_json::from_str(&raw.event).map_err(|_| malformed())?,
    })
}

/// Why a journal is not known to be whole.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The database does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database does not read.
    #[error("cannot read the journal")]
    Read(#[from] rusqlite::Error),
    /// It is not whole.
    #[error("the journal is broken")]
    Broken(#[from] ChainBreak),
}

/// Checks the whole journal of a database that another process may be using.
pub fn verify_journal(
    path: &Path,
    key: &DataKey,
    known: Option<ChainHead>,
) -> Result<ChainHead, VerifyError> {
    let mut db = open::bystander(path, key)?;
    // One view of both tables, whatever is written meanwhile.
    let view = db.transaction()?;
    verify(&view, known)
}

fn verify(db: &Connection, known: Option<ChainHead>) -> Result<ChainHead, VerifyError> {
    let mut chain = Chain::begin(known);
    let mut statement = db.prepare(
        "SELECT seq, at, event, person, address, device, hash FROM journal ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        chain.accept(&raw_of_row(row)?, row.get(6)?)?;
    }
    Ok(chain.finish(head(db)?)?)
}

/// The newest entries of a database that another process may be using.
pub fn list_journal(
    path: &Path,
    key: &DataKey,
    person: Option<&PersonId>,
    limit: usize,
) -> Result<Vec<JournalEntry>, JournalReadError> {
    let db = open::bystander(path, key)?;
    Ok(list(&db, person, limit)?)
}

/// Why the journal is not shown.
#[derive(Debug, thiserror::Error)]
pub enum JournalReadError {
    /// The database does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The entries do not read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[cfg(test)]
mod tests;
