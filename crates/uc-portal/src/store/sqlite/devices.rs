//! Table `device`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::PersonId;
use uc_portal_api::DeviceSystem;

use super::{SqliteStore, Statements as _, StoreError, journal, messages};
use crate::{
    accounts::{Device, DeviceId, DeviceName, NamedDevice, SeenDevice},
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
            "INSERT INTO device
                 (id, token_hash, person, name, known, first_seen_at, last_seen_at, system)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)
             ON CONFLICT (person, token_hash) DO UPDATE
             SET last_seen_at = excluded.last_seen_at, known = max(known, excluded.known),
                 system = excluded.system
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
                system_text(seen.system),
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

/// The browser did something at this instant.
pub(super) fn touch(tx: &Connection, id: DeviceId, at: Timestamp) -> rusqlite::Result<()> {
    tx.run(
        "UPDATE device SET last_seen_at = max(last_seen_at, ?2) WHERE id = ?1",
        params![id.to_string(), at.as_millisecond()],
    )?;
    Ok(())
}

/// What a browser is called.
pub(super) fn named(db: &Connection, id: DeviceId) -> Result<Option<NamedDevice>, StoreError> {
    let found: Option<(String, Option<String>)> = db
        .prepare_cached("SELECT name, system FROM device WHERE id = ?1")?
        .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(name, system)| read_named(&name, system.as_deref()))
        .transpose()
}

pub(super) fn read_named(name: &str, system: Option<&str>) -> Result<NamedDevice, StoreError> {
    let known = SYSTEMS
        .into_iter()
        .find(|known| Some(system_text(*known)) == system);
    Ok(NamedDevice {
        name: DeviceName::typed(name).ok_or(StoreError::Malformed("device name"))?,
        system: known.unwrap_or(DeviceSystem::Unknown),
    })
}

const SYSTEMS: [DeviceSystem; 5] = [
    DeviceSystem::Windows,
    DeviceSystem::Macos,
    DeviceSystem::Linux,
    DeviceSystem::Android,
    DeviceSystem::Ios,
];

const fn system_text(system: DeviceSystem) -> &'static str {
    match system {
        DeviceSystem::Windows => "windows",
        DeviceSystem::Macos => "macos",
        DeviceSystem::Linux => "linux",
        DeviceSystem::Android => "android",
        DeviceSystem::Ios => "ios",
        DeviceSystem::Unknown => "unknown",
    }
}

pub(super) fn device(text: &str) -> Result<DeviceId, StoreError> {
    text.parse().map_err(|_| StoreError::Malformed("device id"))
}
