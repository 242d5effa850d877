//! Table `device`.

use rusqlite::{Connection, OptionalExtension, params};
use uc_model::PersonId;

use super::{SqliteStore, StoreError, journal, messages};
use crate::{
    accounts::{Device, DeviceId, SeenDevice},
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Scene},
    senders::NewMessage,
    store::{DeviceStore, Reply},
};

impl DeviceStore for SqliteStore {
    fn find_device(&self, token: TokenHash, person: Option<PersonId>) -> Reply<'_, Option<Device>> {
        self.read(move |db| {
            let found: Option<(String, bool)> = db
                .prepare_cached(
                    "SELECT id, known FROM device WHERE person = ?1 AND token_hash = ?2",
                )?
                .query_row(
                    params![person.as_ref().map(PersonId::as_str), token.0],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            found
                .map(|(id, known)| {
                    Ok(Device {
                        id: device(&id)?,
                        known,
                    })
                })
                .transpose()
        })
    }
}

/// Remembers that a person signed in in a browser. When it is a new one, the journal and the person are told.
pub(super) fn see(
    tx: &Connection,
    person: &PersonId,
    seen: &SeenDevice,
    notice: Option<&NewMessage>,
    scene: Scene,
) -> Result<DeviceId, StoreError> {
    let (id, is_new): (String, bool) = tx
        .prepare_cached(
            "INSERT INTO device (id, token_hash, person, name, known, first_seen_at, last_seen_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT (person, token_hash) DO UPDATE
             SET last_seen_at = excluded.last_seen_at, known = max(known, excluded.known)
             RETURNING id, id = ?1",
        )?
        .query_row(
            params![
                seen.id.to_string(),
                seen.token.0,
                person.as_str(),
                seen.name.as_str(),
                seen.known,
                scene.at.as_millisecond(),
            ],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
    let id = device(&id)?;
    if is_new {
        let entry = NewEntry {
            event: AuthEvent::NewDevice { known: seen.known },
            person: Some(person.clone()),
            scene: Scene {
                device: Some(id),
                ..scene
            },
        };
        journal::append(tx, &entry)?;
        if let Some(notice) = notice {
            messages::insert(tx, notice)?;
        }
    }
    Ok(id)
}

fn device(text: &str) -> Result<DeviceId, StoreError> {
    text.parse().map_err(|_| StoreError::Malformed("device id"))
}
