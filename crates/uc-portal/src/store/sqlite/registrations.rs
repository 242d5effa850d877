//! Tables `registration` and `agreement`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::Phone;

use super::{SqliteStore, StoreError, journal, people, sign_in::extend_flow};
use crate::{
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry},
    store::{NewRegistration, Registered, Registration, RegistrationStore, Reply},
};

impl RegistrationStore for SqliteStore {
    fn begin_registration(&self, new: NewRegistration, now: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM registration WHERE expires_at <= ?1")?
                .execute([now.as_millisecond()])?;
            let rows = tx.execute(
                "INSERT OR REPLACE INTO registration (flow_hash, browser_hash, phone, expires_at)
                 SELECT id_hash, browser_hash, ?3, ?4 FROM authorization_flow
                 WHERE id_hash = ?1 AND browser_hash = ?2 AND expires_at > ?5",
                params![
                    new.flow.0,
                    new.browser.0,
                    new.phone.as_str(),
                    new.expires_at.as_millisecond(),
                    now.as_millisecond(),
                ],
            )?;
            Ok(rows == 1)
        })
    }

    fn find_registration(
        &self,
        flow: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Registration>> {
        self.read(move |db| find(db, flow, browser, now))
    }

    fn confirm_registration(
        &self,
        flow: TokenHash,
        now: Timestamp,
        flow_until: Timestamp,
    ) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute(
                "UPDATE registration SET confirmed_at = ?2 WHERE flow_hash = ?1",
                params![flow.0, now.as_millisecond()],
            )?;
            Ok(extend_flow(tx, flow, now, flow_until)?)
        })
    }

    fn register(&self, registered: Registered) -> Reply<'_, bool> {
        self.write(move |tx| {
            let now = registered.scene.at;
            let found = find(tx, registered.flow, registered.browser, now)?;
            if !found.is_some_and(|registration| registration.is_confirmed) {
                return Ok(false);
            }
            if !people::insert(tx, &registered.person, now)? {
                return Ok(false);
            }
            complete(tx, &registered)?;
            Ok(true)
        })
    }
}

fn find(
    db: &Connection,
    flow: TokenHash,
    browser: TokenHash,
    now: Timestamp,
) -> Result<Option<Registration>, StoreError> {
    let found: Option<(String, bool)> = db
        .prepare_cached(
            "SELECT phone, confirmed_at IS NOT NULL FROM registration
             WHERE flow_hash = ?1 AND browser_hash = ?2 AND expires_at > ?3",
        )?
        .query_row(params![flow.0, browser.0, now.as_millisecond()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(phone, is_confirmed)| {
            Ok(Registration {
                phone: Phone::try_from(phone).map_err(|_| StoreError::Malformed("phone"))?,
                is_confirmed,
            })
        })
        .transpose()
}

/// What comes with the person, and the end of the way there.
fn complete(tx: &Connection, registered: &Registered) -> Result<(), StoreError> {
    let person = &registered.person.profile.id;
    let at = registered.scene.at.as_millisecond();
    for document in &registered.agreed {
        tx.execute(
            "INSERT INTO agreement (person, document, version, agreed_at) VALUES (?1, ?2, ?3, ?4)",
            params![person.as_str(), document.word(), document.version(), at],
        )?;
    }
    tx.execute(
        "DELETE FROM registration WHERE flow_hash = ?1",
        [registered.flow.0],
    )?;
    let entry = NewEntry {
        event: AuthEvent::Registered,
        person: Some(person.clone()),
        scene: registered.scene,
    };
    journal::append(tx, &entry)
}
