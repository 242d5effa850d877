//! Table `roaming_record`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::{Answers, ApplicationId, PersonId};
use uc_portal_api::{RoamingId, RoamingRecord, RoamingVersion};

use super::{SqliteStore, Statements as _, StoreError, feed::touch, instant, integer, natural};
use crate::store::{MAX_RECORDS, Reply, RoamingRefusal, RoamingStore};

impl RoamingStore for SqliteStore {
    fn write_roaming(
        &self,
        person: PersonId,
        id: RoamingId,
        version: RoamingVersion,
        now: Timestamp,
    ) -> Reply<'_, Result<RoamingRecord, RoamingRefusal>> {
        self.write(move |tx| write(tx, &person, id, version, now))
    }

    fn find_roaming(&self, person: PersonId, id: RoamingId) -> Reply<'_, Option<RoamingRecord>> {
        self.read(move |db| find(db, &person, id))
    }
}

fn write(
    tx: &Connection,
    person: &PersonId,
    id: RoamingId,
    version: RoamingVersion,
    now: Timestamp,
) -> Result<Result<RoamingRecord, RoamingRefusal>, StoreError> {
    let newest = find(tx, person, id)?;
    let revision = newest.as_ref().map_or(0, |newest| newest.revision);
    if revision != version.base {
        let is_repeat = |newest: &RoamingRecord| {
            newest.revision == version.base.saturating_add(1) && newest.fields == version.fields
        };
        return Ok(newest.filter(is_repeat).ok_or(RoamingRefusal::Outdated));
    }
    let is_new = newest.is_none_or(|newest| newest.fields.is_none());
    if is_new && version.fields.is_some() && count(tx, person)? >= MAX_RECORDS {
        return Ok(Err(RoamingRefusal::Full));
    }
    let record = RoamingRecord {
        id,
        revision: revision + 1,
        updated_at: now,
        fields: version.fields,
    };
    insert(tx, person, &record)?;
    Ok(Ok(record))
}

/// A draft that became an application follows nobody any more.
pub(super) fn give_up_draft(
    tx: &Connection,
    person: &PersonId,
    application: ApplicationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = RoamingId::Draft(application);
    match find(tx, person, id)? {
        Some(record) if record.fields.is_some() => insert(
            tx,
            person,
            &RoamingRecord {
                revision: record.revision + 1,
                updated_at: now,
                fields: None,
                ..record
            },
        ),
        Some(_) | None => Ok(()),
    }
}

fn insert(tx: &Connection, person: &PersonId, record: &RoamingRecord) -> Result<(), StoreError> {
    let fields = record.fields.as_ref().map(serde_json::to_string);
    let fields = fields
        .transpose()
        .map_err(|_| StoreError::Malformed("roaming record"))?;
    let id = record.id.to_string();
    tx.run(
        "INSERT INTO roaming_record (person, id, revision, fields, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (person, id) DO UPDATE SET revision = excluded.revision,
             fields = excluded.fields, updated_at = excluded.updated_at",
        params![
            person.as_str(),
            id,
            integer(record.revision),
            fields,
            record.updated_at.as_millisecond()
        ],
    )?;
    touch(tx, person, "roaming", &id)
}

fn count(db: &Connection, person: &PersonId) -> Result<u64, StoreError> {
    let count = db
        .prepare_cached(
            "SELECT count(*) FROM roaming_record WHERE person = ?1 AND fields IS NOT NULL",
        )?
        .query_row([person.as_str()], |row| row.get(0))?;
    Ok(natural(count))
}

/// A person's record.
pub(super) fn find(
    db: &Connection,
    person: &PersonId,
    id: RoamingId,
) -> Result<Option<RoamingRecord>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT revision, fields, updated_at FROM roaming_record
             WHERE person = ?1 AND id = ?2",
        )?
        .query_row([person.as_str(), &id.to_string()], columns)
        .optional()?;
    found
        .map(|(revision, fields, updated_at)| {
            let fields: Option<Answers> = fields
                .map(|fields| serde_json::from_str(&fields))
                .transpose()
                .map_err(|_| StoreError::Malformed("roaming record"))?;
            Ok(RoamingRecord {
                id,
                revision: natural(revision),
                updated_at: instant(updated_at),
                fields,
            })
        })
        .transpose()
}

fn columns(row: &Row<'_>) -> rusqlite::Result<(i64, Option<String>, i64)> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}
