//! Table `logout_notice`.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::{
    SqliteStore, Statements as _, StoreError,
    sign_in::{person, uuid},
};
use crate::store::{LogoutNotice, LogoutStore, Reply};

impl LogoutStore for SqliteStore {
    fn list_due_logouts(&self, now: Timestamp, limit: usize) -> Reply<'_, Vec<LogoutNotice>> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(
                "SELECT id, client_grant, client, person, tries FROM logout_notice
                 WHERE next_try_at <= ?1 ORDER BY next_try_at, id LIMIT ?2",
            )?;
            let mut rows = statement.query(params![now.as_millisecond(), super::limit(limit)])?;
            let mut due = Vec::new();
            while let Some(row) = rows.next()? {
                due.push(LogoutNotice {
                    id: uuid(&row.get::<_, String>(0)?)?,
                    grant: uuid(&row.get::<_, String>(1)?)?,
                    client: row.get(2)?,
                    person: person(row.get(3)?)?,
                    tries: row.get(4)?,
                });
            }
            Ok(due)
        })
    }

    fn put_logout_off(&self, id: Uuid, until: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.run(
                "UPDATE logout_notice SET tries = tries + 1, next_try_at = ?2 WHERE id = ?1",
                params![id.to_string(), until.as_millisecond()],
            )?;
            Ok(())
        })
    }

    fn delete_logout(&self, id: Uuid) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.run("DELETE FROM logout_notice WHERE id = ?1", [id.to_string()])?;
            Ok(())
        })
    }
}

/// The client is to hear that this session has ended.
pub(super) fn insert(tx: &Connection, grant: &str, now: Timestamp) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO logout_notice (id, client_grant, client, person, next_try_at)
         SELECT ?2, id, client, person, ?3 FROM client_grant WHERE id = ?1",
        params![grant, Uuid::now_v7().to_string(), now.as_millisecond()],
    )?;
    Ok(())
}

/// All clients that were allowed something in this browser are to hear that it was signed out.
pub(super) fn insert_for_device(
    tx: &Connection,
    device: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT id FROM client_grant WHERE device = ?1 AND revoked_at IS NULL AND expires_at > ?2",
    )?;
    let grants = statement.query_map(params![device, now.as_millisecond()], |row| row.get(0))?;
    let grants: Vec<String> = grants.collect::<Result<_, _>>()?;
    grants.iter().try_for_each(|grant| insert(tx, grant, now))
}
