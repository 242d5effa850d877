//! Table `recovery`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::PersonId;

use super::{
    SqliteStore, StoreError, grants::revoke_grant, journal, messages, sign_in, sign_in::extend_flow,
};
use crate::{
    entropy::TokenHash,
    journal::{AuthEvent, GrantEnd, NewEntry, Scene},
    store::{NewRecovery, Recovered, Recovery, RecoveryStore, Reply},
};

impl RecoveryStore for SqliteStore {
    fn begin_recovery(&self, new: NewRecovery, now: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM recovery WHERE expires_at <= ?1")?
                .execute([now.as_millisecond()])?;
            let rows = tx.execute(
                "INSERT OR REPLACE INTO recovery (flow_hash, browser_hash, person, expires_at)
                 SELECT id_hash, browser_hash, ?3, ?4 FROM authorization_flow
                 WHERE id_hash = ?1 AND browser_hash = ?2 AND expires_at > ?5",
                params![
                    new.flow.0,
                    new.browser.0,
                    new.person.as_ref().map(PersonId::as_str),
                    new.expires_at.as_millisecond(),
                    now.as_millisecond(),
                ],
            )?;
            Ok(rows == 1)
        })
    }

    fn find_recovery(
        &self,
        flow: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Recovery>> {
        self.read(move |db| find(db, flow, browser, now))
    }

    fn confirm_recovery(
        &self,
        flow: TokenHash,
        now: Timestamp,
        flow_until: Timestamp,
    ) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute(
                "UPDATE recovery SET confirmed_at = ?2 WHERE flow_hash = ?1 AND person IS NOT NULL",
                params![flow.0, now.as_millisecond()],
            )?;
            Ok(extend_flow(tx, flow, now, flow_until)?)
        })
    }

    fn recover(&self, recovered: Recovered) -> Reply<'_, bool> {
        self.write(move |tx| {
            let now = recovered.scene.at;
            let found = find(tx, recovered.flow, recovered.browser, now)?;
            let confirmed = found.filter(|recovery| recovery.is_confirmed);
            let Some(person) = confirmed.and_then(|recovery| recovery.person) else {
                return Ok(false);
            };
            tx.execute(
                "UPDATE person SET password_hash = ?2 WHERE id = ?1",
                params![person.as_str(), recovered.password_hash.expose()],
            )?;
            tx.execute("DELETE FROM recovery WHERE person = ?1", [person.as_str()])?;
            end_all(tx, &person, recovered.scene)?;
            for notice in &recovered.notices {
                messages::insert(tx, notice)?;
            }
            let entry = NewEntry {
                event: AuthEvent::PasswordRecovered,
                person: Some(person),
                scene: recovered.scene,
            };
            journal::append(tx, &entry)?;
            Ok(true)
        })
    }
}

fn find(
    db: &Connection,
    flow: TokenHash,
    browser: TokenHash,
    now: Timestamp,
) -> Result<Option<Recovery>, StoreError> {
    let found: Option<(Option<String>, bool)> = db
        .prepare_cached(
            "SELECT person, confirmed_at IS NOT NULL FROM recovery
             WHERE flow_hash = ?1 AND browser_hash = ?2 AND expires_at > ?3",
        )?
        .query_row(params![flow.0, browser.0, now.as_millisecond()], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(person, is_confirmed)| {
            Ok(Recovery {
                person: person.map(sign_in::person).transpose()?,
                is_confirmed,
            })
        })
        .transpose()
}

/// Whoever is signed in as the person, anywhere, is so no longer, and no browser is known any more.
fn end_all(tx: &Connection, person: &PersonId, scene: Scene) -> Result<(), StoreError> {
    let grants: Vec<String> = tx
        .prepare_cached("SELECT id FROM client_grant WHERE person = ?1 AND revoked_at IS NULL")?
        .query_map([person.as_str()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for grant in grants {
        revoke_grant(tx, &grant, GrantEnd::ByPerson, scene)?;
    }
    for sql in [
        "DELETE FROM browser_session WHERE person = ?1",
        "DELETE FROM half_sign_in WHERE person = ?1",
        "UPDATE device SET known = 0 WHERE person = ?1",
        "UPDATE authorization_flow SET person = NULL, signed_in_at = NULL WHERE person = ?1",
    ] {
        tx.execute(sql, [person.as_str()])?;
    }
    Ok(())
}
