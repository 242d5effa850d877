//! Table `passkey`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::PersonId;
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

use super::{
    SqliteStore, Statements as _, StoreError,
    factors::{forget_recovery_codes, tell_if},
    instant,
    sign_in::uuid,
};
use crate::{
    accounts::Factor,
    journal::{AuthEvent, Scene},
    store::{KeptPasskey, PasskeyStore, Reply},
};

impl PasskeyStore for SqliteStore {
    fn list_passkeys(&self, person: PersonId) -> Reply<'_, Vec<KeptPasskey>> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(
                "SELECT id, name, record, added_at, used_at FROM passkey
                 WHERE person = ?1 ORDER BY added_at, id",
            )?;
            let mut rows = statement.query([person.as_str()])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                keys.push(read(row)?);
            }
            Ok(keys)
        })
    }

    fn insert_passkey(&self, person: PersonId, key: KeptPasskey, scene: Scene) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.run(
                "INSERT INTO passkey (id, person, credential, name, record, added_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
                params![
                    key.id.to_string(),
                    person.as_str(),
                    key.passkey.cred_id().clone(),
                    key.name,
                    write(&key.passkey)?,
                    key.added_at.as_millisecond(),
                ],
            )?;
            let factor = Factor::Passkey;
            tell_if(
                rows == 1,
                tx,
                &person,
                AuthEvent::FactorAdded { factor },
                scene,
            )
        })
    }

    fn update_passkey(&self, id: Uuid, passkey: Passkey, used_at: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.run(
                "UPDATE passkey SET record = ?2, used_at = ?3 WHERE id = ?1",
                params![id.to_string(), write(&passkey)?, used_at.as_millisecond()],
            )?;
            Ok(rows == 1)
        })
    }

    fn delete_passkey(&self, person: PersonId, id: Uuid, scene: Scene) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.run(
                "DELETE FROM passkey WHERE person = ?1 AND id = ?2",
                params![person.as_str(), id.to_string()],
            )?;
            if !is_protected(tx, &person)? {
                forget_recovery_codes(tx, &person)?;
            }
            let factor = Factor::Passkey;
            tell_if(
                rows == 1,
                tx,
                &person,
                AuthEvent::FactorRemoved { factor },
                scene,
            )
        })
    }
}

/// Whether there is a factor that recovery codes may stand in for.
pub(super) fn is_protected(tx: &Connection, person: &PersonId) -> rusqlite::Result<bool> {
    let found: Option<i64> = tx
        .prepare_cached(
            "SELECT 1 FROM totp WHERE person = ?1 UNION ALL SELECT 1 FROM passkey WHERE person = ?1 LIMIT 1",
        )?
        .query_row([person.as_str()], |row| row.get(0))
        .optional()?;
    Ok(found.is_some())
}

/// How many keys a person has.
pub(super) fn count(db: &Connection, person: &PersonId) -> rusqlite::Result<u32> {
    db.prepare_cached("SELECT count(*) FROM passkey WHERE person = ?1")?
        .query_row([person.as_str()], |row| row.get(0))
}

fn write(passkey: &Passkey) -> Result<String, StoreError> {
    serde_json::to_string(passkey).map_err(|_| StoreError::Malformed("passkey"))
}

fn read(row: &Row<'_>) -> Result<KeptPasskey, StoreError> {
    let record: String = row.get(2)?;
    Ok(KeptPasskey {
        id: uuid(&row.get::<_, String>(0)?)?,
        name: row.get(1)?,
        passkey: serde_json::from_str(&record).map_err(|_| StoreError::Malformed("passkey"))?,
        added_at: instant(row.get(3)?),
        used_at: row.get::<_, Option<i64>>(4)?.map(instant),
    })
}
