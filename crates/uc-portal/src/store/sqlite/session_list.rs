//! What persons see and end of `client_grant`, `browser_session`, `device` and `journal`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::{PersonId, SessionId};
use uuid::Uuid;

use super::{
    SqliteStore, Statements as _, StoreError, devices, grants::revoke_grant, instant, journal,
    messages,
};
use crate::{
    accounts::{DeviceName, NamedDevice},
    journal::{AuthEvent, GrantEnd, NewEntry, Scene},
    store::{HistoryEntry, OpenSession, Reply, SessionEnder, SessionStore, Signed},
};

impl SessionStore for SqliteStore {
    fn list_sessions(&self, person: PersonId, now: Timestamp) -> Reply<'_, Vec<OpenSession>> {
        self.read(move |db| {
            let mut sessions = clients(db, &person, now)?;
            sessions.extend(browsers(db, &person, now)?);
            sessions.sort_by_key(|session| std::cmp::Reverse(session.last_used_at));
            Ok(sessions)
        })
    }

    fn end_session(&self, wish: SessionEnder, id: SessionId) -> Reply<'_, bool> {
        self.write(move |tx| {
            let here = Here::find(tx, &wish)?;
            let ended = end_one(tx, &here, &id.to_string())?;
            tell_if(ended == Some(true), tx, &wish)?;
            Ok(ended.is_some())
        })
    }

    fn rename_device(&self, person: PersonId, id: SessionId, name: DeviceName) -> Reply<'_, bool> {
        self.write(move |tx| {
            let changed = tx.run(
                "UPDATE device SET name = ?3
                 WHERE person = ?2 AND id IN
                     (SELECT ?1 UNION SELECT device FROM client_grant WHERE id = ?1 AND person = ?2)",
                params![id.to_string(), person.as_str(), name.as_str()],
            )?;
            Ok(changed > 0)
        })
    }

    fn find_grant_end(&self, grant: Uuid) -> Reply<'_, Option<Timestamp>> {
        self.read(move |db| {
            let end = "SELECT expires_at FROM client_grant WHERE id = ?1 AND revoked_at IS NULL";
            let found = db
                .prepare_cached(end)?
                .query_row([grant.to_string()], |row| row.get(0))
                .optional()?;
            Ok(found.map(instant))
        })
    }

    fn keep_device_certificate(&self, grant: Uuid, certificate: Vec<u8>) -> Reply<'_, Vec<u8>> {
        self.write(move |tx| {
            tx.run(
                "INSERT INTO device_certificate (client_grant, certificate) VALUES (?1, ?2)
                 ON CONFLICT (client_grant) DO NOTHING",
                params![grant.to_string(), certificate],
            )?;
            let kept = find_certificate(tx, grant)?;
            Ok(kept.unwrap_or(certificate))
        })
    }

    fn find_device_certificate(&self, grant: Uuid) -> Reply<'_, Option<Vec<u8>>> {
        self.read(move |db| Ok(find_certificate(db, grant)?))
    }

    fn end_access(&self, person: PersonId, id: SessionId, scene: Scene) -> Reply<'_, bool> {
        self.write(move |tx| {
            let is_theirs = "SELECT 1 FROM client_grant WHERE id = ?1 AND person = ?2";
            let id = id.to_string();
            if !tx
                .prepare_cached(is_theirs)?
                .exists([id.as_str(), person.as_str()])?
            {
                return Ok(false);
            }
            revoke_grant(tx, &id, GrantEnd::ByPerson, scene)?;
            Ok(true)
        })
    }

    fn end_other_sessions(&self, wish: SessionEnder) -> Reply<'_, ()> {
        self.write(move |tx| {
            let here = Here::find(tx, &wish)?;
            let mut ended = false;
            for grant in other_grants(tx, &wish)? {
                ended |= revoke_grant(tx, &grant, GrantEnd::ByPerson, here.scene)?;
            }
            for browser in open_browsers(tx, &wish)? {
                ended |= end_browser(tx, &here, &browser)?;
            }
            tell_if(ended, tx, &wish)
        })
    }

    fn list_history(
        &self,
        person: PersonId,
        before: u64,
        limit: usize,
    ) -> Reply<'_, Vec<HistoryEntry>> {
        self.read(move |db| {
            let entries = journal::list_before(db, &person, before, limit)?;
            entries
                .into_iter()
                .map(|entry| {
                    let device = entry.device.map(|id| devices::named(db, id)).transpose()?;
                    Ok(HistoryEntry {
                        entry,
                        device: device.flatten(),
                    })
                })
                .collect()
        })
    }
}

fn find_certificate(db: &Connection, grant: Uuid) -> rusqlite::Result<Option<Vec<u8>>> {
    db.prepare_cached("SELECT certificate FROM device_certificate WHERE client_grant = ?1")?
        .query_row([grant.to_string()], |row| row.get(0))
        .optional()
}

/// Where the wish to end sessions comes from.
struct Here {
    person: PersonId,
    scene: Scene,
}

impl Here {
    fn find(tx: &Connection, wish: &SessionEnder) -> Result<Self, StoreError> {
        let device: Option<String> = tx
            .prepare_cached("SELECT device FROM client_grant WHERE id = ?1")?
            .query_row([wish.grant.to_string()], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(Self {
            person: wish.person.clone(),
            scene: Scene {
                at: wish.at,
                address: Some(wish.address),
                device: device.as_deref().map(devices::device).transpose()?,
            },
        })
    }

    fn is(&self, device: &str) -> bool {
        self.scene
            .device
            .is_some_and(|here| here.to_string() == device)
    }
}

/// Ends what this id names; `None` when it names nothing of the person's, else whether anything was still open.
fn end_one(tx: &Connection, here: &Here, id: &str) -> Result<Option<bool>, StoreError> {
    let person = here.person.as_str();
    let grant: Option<Option<String>> = tx
        .prepare_cached("SELECT device FROM client_grant WHERE id = ?1 AND person = ?2")?
        .query_row([id, person], |row| row.get(0))
        .optional()?;
    if let Some(device) = grant {
        let ended = revoke_grant(tx, id, GrantEnd::ByPerson, here.scene)?;
        let elsewhere = device.filter(|device| ended && !here.is(device));
        if let Some(device) = elsewhere {
            end_browser(tx, here, &device)?;
        }
        return Ok(Some(ended));
    }
    let is_browser: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM device WHERE id = ?1 AND person = ?2)")?
        .query_row([id, person], |row| row.get(0))?;
    is_browser.then(|| end_browser(tx, here, id)).transpose()
}

/// Signs a browser out; false when it was. Unless it is the one where the wish comes from, it is a stranger from then
/// on: guesses made in it count as anybody's.
fn end_browser(tx: &Connection, here: &Here, device: &str) -> Result<bool, StoreError> {
    let ended = tx.run(
        "DELETE FROM browser_session WHERE person = ?1 AND device = ?2",
        [here.person.as_str(), device],
    )?;
    if !here.is(device) {
        tx.run("UPDATE device SET known = 0 WHERE id = ?1", [device])?;
    }
    if ended == 0 {
        return Ok(false);
    }
    let entry = NewEntry {
        event: AuthEvent::BrowserEnded {
            browser: devices::device(device)?,
        },
        person: Some(here.person.clone()),
        scene: here.scene,
    };
    journal::append(tx, &entry)?;
    Ok(true)
}

fn tell_if(ended: bool, tx: &Connection, wish: &SessionEnder) -> Result<(), StoreError> {
    match &wish.notice {
        Some(notice) if ended => messages::insert(tx, notice),
        Some(_) | None => Ok(()),
    }
}

fn other_grants(tx: &Connection, wish: &SessionEnder) -> rusqlite::Result<Vec<String>> {
    texts(
        tx,
        "SELECT id FROM client_grant
         WHERE person = ?1 AND expires_at > ?2 AND revoked_at IS NULL AND id <> ?3",
        params![
            wish.person.as_str(),
            wish.at.as_millisecond(),
            wish.grant.to_string()
        ],
    )
}

fn open_browsers(tx: &Connection, wish: &SessionEnder) -> rusqlite::Result<Vec<String>> {
    texts(
        tx,
        "SELECT DISTINCT device FROM browser_session
         WHERE person = ?1 AND expires_at > ?2 AND device IS NOT NULL",
        params![wish.person.as_str(), wish.at.as_millisecond()],
    )
}

/// Clients whose tokens still serve.
fn clients(
    db: &Connection,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<OpenSession>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT g.id, g.signed_in_at, coalesce(g.tokens_issued_at, g.created_at),
             device.name, device.system, g.client, g.scope
         FROM client_grant AS g
         LEFT JOIN device ON device.id = g.device
         WHERE g.person = ?1 AND g.revoked_at IS NULL AND g.expires_at > ?2
           AND g.tokens_expire_at > ?2",
    )?;
    let rows = statement.query_map(params![person.as_str(), now.as_millisecond()], |row| {
        let scope: String = row.get(6)?;
        let client = Signed::Client {
            id: row.get(5)?,
            scope: scope.into(),
        };
        Ok((open(row)?, client))
    })?;
    rows.map(|row| {
        let (row, client) = row?;
        row.read(client)
    })
    .collect()
}

fn browsers(
    db: &Connection,
    person: &PersonId,
    now: Timestamp,
) -> Result<Vec<OpenSession>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT device.id, max(browser_session.signed_in_at), device.last_seen_at,
             device.name, device.system
         FROM browser_session JOIN device ON device.id = browser_session.device
         WHERE browser_session.person = ?1 AND browser_session.expires_at > ?2
         GROUP BY device.id",
    )?;
    let rows = statement.query_map(params![person.as_str(), now.as_millisecond()], open)?;
    rows.map(|row| row?.read(Signed::Browser)).collect()
}

struct OpenRow {
    id: String,
    signed_in_at: i64,
    last_used_at: i64,
    name: Option<String>,
    system: Option<String>,
}

fn open(row: &Row<'_>) -> rusqlite::Result<OpenRow> {
    Ok(OpenRow {
        id: row.get(0)?,
        signed_in_at: row.get(1)?,
        last_used_at: row.get(2)?,
        name: row.get(3)?,
        system: row.get(4)?,
    })
}

impl OpenRow {
    fn read(self, signed: Signed) -> Result<OpenSession, StoreError> {
        let device: Option<NamedDevice> = self
            .name
            .map(|name| devices::read_named(&name, self.system.as_deref()))
            .transpose()?;
        let id = self.id.parse();
        Ok(OpenSession {
            id: id.map_err(|_| StoreError::Malformed("session id"))?,
            signed,
            device,
            signed_in_at: instant(self.signed_in_at),
            last_used_at: instant(self.last_used_at),
        })
    }
}

fn texts(
    tx: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> rusqlite::Result<Vec<String>> {
    let mut statement = tx.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| row.get(0))?;
    rows.collect()
}
