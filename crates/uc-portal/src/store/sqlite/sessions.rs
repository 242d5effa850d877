//! Table `browser_session`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Statements as _, StoreError, devices, factors, identities, instant, journal, logouts,
    means::{self, MeansRow},
    sign_in::{person, triple},
};
use crate::{
    accounts::FirstStep,
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Scene},
    store::{BrowserSession, NewSession},
};

pub(super) fn find(
    db: &Connection,
    id: TokenHash,
    now: Timestamp,
) -> Result<Option<BrowserSession>, StoreError> {
    let found: Option<SessionRow> = db
        .prepare_cached(
            "SELECT person, signed_in_at, expires_at, factor, trust, device FROM browser_session
             WHERE id_hash = ?1 AND expires_at > ?2",
        )?
        .query_row(params![id.0, now.as_millisecond()], |row| {
            Ok((triple(row)?, (row.get(3)?, row.get(4)?), row.get(5)?))
        })
        .optional()?;
    found.map(session).transpose()
}

/// Who signed in, when, and until when; by what means; in which browser.
type SessionRow = ((String, i64, i64), MeansRow, Option<String>);

fn session(
    ((person_id, signed_in_at, expires_at), means, device): SessionRow,
) -> Result<BrowserSession, StoreError> {
    Ok(BrowserSession {
        person: person(person_id)?,
        signed_in_at: instant(signed_in_at),
        means: means::read(means)?,
        expires_at: instant(expires_at),
        device: device.as_deref().map(devices::device).transpose()?,
    })
}

/// The flow goes on with the person, and what waited for them in it is settled.
pub(super) fn insert(tx: &Connection, new: &NewSession) -> Result<bool, StoreError> {
    let session = &new.session;
    if !complete_flow(tx, new)? {
        return Ok(false);
    }
    factors::end_half_sign_in(tx, new.flow)?;
    let device = devices::see(
        tx,
        &session.person,
        &new.device,
        new.notice.as_ref(),
        new.scene,
    )?;
    let scene = Scene {
        device: Some(device),
        ..new.scene
    };
    tx.run(
        "INSERT INTO browser_session
             (id_hash, person, signed_in_at, expires_at, device, factor, trust)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            new.id.0,
            session.person.as_str(),
            session.signed_in_at.as_millisecond(),
            session.expires_at.as_millisecond(),
            device.to_string(),
            means::factor(session.means),
            means::trust(session.means.first),
        ],
    )?;
    tell_sign_in(tx, session, scene)?;
    if session.means.first == FirstStep::Password {
        identities::link_stranger(tx, new.flow, &session.person, scene)?;
    }
    identities::forget_stranger(tx, new.flow)?;
    Ok(true)
}

fn complete_flow(tx: &Connection, new: &NewSession) -> rusqlite::Result<bool> {
    let rows = tx.run(
        "UPDATE authorization_flow SET person = ?1, signed_in_at = ?2, factor = ?5, trust = ?6
         WHERE id_hash = ?3 AND browser_hash = ?4 AND expires_at > ?7",
        params![
            new.session.person.as_str(),
            new.session.signed_in_at.as_millisecond(),
            new.flow.0,
            new.browser.0,
            means::factor(new.session.means),
            means::trust(new.session.means.first),
            new.scene.at.as_millisecond(),
        ],
    )?;
    Ok(rows == 1)
}

pub(super) fn delete(tx: &Connection, id: TokenHash, now: Timestamp) -> Result<(), StoreError> {
    let ended: Option<(String, Option<String>)> = tx
        .prepare_cached("DELETE FROM browser_session WHERE id_hash = ?1 RETURNING person, device")?
        .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    ended.map_or(Ok(()), |ended| signed_out(tx, ended, now))
}

fn tell_sign_in(tx: &Connection, session: &BrowserSession, scene: Scene) -> Result<(), StoreError> {
    let shown = session
        .means
        .factor
        .map(|factor| AuthEvent::FactorShown { factor });
    for event in shown.into_iter().chain([AuthEvent::SignedIn]) {
        let person = Some(session.person.clone());
        journal::append(
            tx,
            &NewEntry {
                event,
                person,
                scene,
            },
        )?;
    }
    Ok(())
}

fn signed_out(
    tx: &Connection,
    (person_id, device): (String, Option<String>),
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(device) = &device {
        logouts::insert_for_device(tx, device, now)?;
    }
    let device = device.and_then(|device| device.parse().ok());
    let entry = NewEntry {
        event: AuthEvent::SignedOut,
        person: Some(person(person_id)?),
        scene: Scene {
            device,
            ..Scene::at(now)
        },
    };
    journal::append(tx, &entry)
}
