//! Tables `totp`, `totp_offer`, `recovery_code` and `half_sign_in`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::{PersonId, Phone, SecretString};

use super::{
    SqliteStore, StoreError, instant, journal, means, passkeys,
    sign_in::{person, triple},
};
use crate::{
    accounts::{Factor, Factors, SECRET_BYTES, Step, StoredCode, TotpSecret},
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Scene},
    store::{FactorStore, FactorTry, HalfSignIn, Reply, TotpOffer},
};

/// Codes that are compared for one password (ASVS 6.6.3).
const TRIES: u32 = 5;

impl FactorStore for SqliteStore {
    fn insert_half_sign_in(&self, half: HalfSignIn, now: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.execute(
                "INSERT INTO half_sign_in (flow_hash, person, tries_left, expires_at, trust)
                 SELECT id_hash, ?3, ?4, ?5, ?7 FROM authorization_flow
                 WHERE id_hash = ?1 AND browser_hash = ?2 AND expires_at > ?6
                 ON CONFLICT (flow_hash) DO UPDATE SET person = excluded.person,
                     tries_left = excluded.tries_left, expires_at = excluded.expires_at,
                     trust = excluded.trust",
                params![
                    half.flow.0,
                    half.browser.0,
                    half.person.as_str(),
                    TRIES,
                    half.expires_at.as_millisecond(),
                    now.as_millisecond(),
                    means::trust(half.first),
                ],
            )?;
            Ok(rows == 1)
        })
    }

    fn find_half_sign_in(&self, flow: TokenHash, now: Timestamp) -> Reply<'_, Option<PersonId>> {
        self.read(move |db| {
            let found: Option<String> = db
                .prepare_cached(
                    "SELECT person FROM half_sign_in
                     WHERE flow_hash = ?1 AND expires_at > ?2 AND tries_left > 0",
                )?
                .query_row(params![flow.0, now.as_millisecond()], |row| row.get(0))
                .optional()?;
            found.map(person).transpose()
        })
    }

    fn try_half_sign_in(&self, flow: TokenHash, now: Timestamp) -> Reply<'_, Option<FactorTry>> {
        self.write(move |tx| {
            let tried: Option<(String, u32, Option<String>)> = tx
                .prepare_cached(
                    "UPDATE half_sign_in SET tries_left = tries_left - 1
                     WHERE flow_hash = ?1 AND expires_at > ?2 AND tries_left > 0
                     RETURNING person, tries_left, trust",
                )?
                .query_row(params![flow.0, now.as_millisecond()], triple)
                .optional()?;
            tried
                .map(|(person_id, left, trust)| {
                    Ok(FactorTry {
                        person: person(person_id)?,
                        first: means::first(trust)?,
                        left,
                    })
                })
                .transpose()
        })
    }

    fn find_factors(&self, person: PersonId) -> Reply<'_, Factors> {
        self.read(move |db| {
            let totp: Option<i64> = db
                .prepare_cached("SELECT added_at FROM totp WHERE person = ?1")?
                .query_row([person.as_str()], |row| row.get(0))
                .optional()?;
            let phone: Option<Option<String>> = db
                .prepare_cached(
                    "SELECT phone FROM person WHERE id = ?1 AND phone_confirmed_at IS NOT NULL",
                )?
                .query_row([person.as_str()], |row| row.get(0))
                .optional()?;
            let recovery_codes = db
                .prepare_cached("SELECT count(*) FROM recovery_code WHERE person = ?1")?
                .query_row([person.as_str()], |row| row.get(0))?;
            Ok(Factors {
                recovery_codes,
                passkeys: passkeys::count(db, &person)?,
                totp: totp.map(instant),
                phone: phone
                    .flatten()
                    .map(Phone::try_from)
                    .transpose()
                    .map_err(|_| StoreError::Malformed("phone"))?,
            })
        })
    }

    fn offer_totp(&self, offer: TotpOffer, now: Timestamp) -> Reply<'_, TotpSecret> {
        self.write(move |tx| {
            if let Some(secret) = offered(tx, &offer.person, now)? {
                return Ok(secret);
            }
            tx.execute(
                "INSERT OR REPLACE INTO totp_offer (person, secret, expires_at)
                 VALUES (?1, ?2, ?3)",
                params![
                    offer.person.as_str(),
                    offer.secret.expose(),
                    offer.expires_at.as_millisecond(),
                ],
            )?;
            Ok(offer.secret)
        })
    }

    fn find_totp_offer(&self, person: PersonId, now: Timestamp) -> Reply<'_, Option<TotpSecret>> {
        self.read(move |db| Ok(offered(db, &person, now)?))
    }

    fn add_totp(&self, person: PersonId, step: Step, scene: Scene) -> Reply<'_, bool> {
        self.write(move |tx| {
            let Some(secret) = offered(tx, &person, scene.at)? else {
                return Ok(false);
            };
            let rows = tx.execute(
                "INSERT INTO totp (person, secret, added_at, last_step) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (person) DO NOTHING",
                params![
                    person.as_str(),
                    secret.expose(),
                    scene.at.as_millisecond(),
                    step.0,
                ],
            )?;
            tx.execute(
                "DELETE FROM totp_offer WHERE person = ?1",
                [person.as_str()],
            )?;
            let factor = Factor::Totp;
            tell_if(
                rows == 1,
                tx,
                &person,
                AuthEvent::FactorAdded { factor },
                scene,
            )
        })
    }

    fn find_totp(&self, person: PersonId) -> Reply<'_, Option<TotpSecret>> {
        self.read(move |db| {
            let found: Option<[u8; SECRET_BYTES]> = db
                .prepare_cached("SELECT secret FROM totp WHERE person = ?1")?
                .query_row([person.as_str()], |row| row.get(0))
                .optional()?;
            Ok(found.map(TotpSecret::new))
        })
    }

    fn use_totp_step(&self, person: PersonId, step: Step) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.execute(
                "UPDATE totp SET last_step = ?2 WHERE person = ?1 AND last_step < ?2",
                params![person.as_str(), step.0],
            )?;
            Ok(rows == 1)
        })
    }

    fn replace_recovery_codes(
        &self,
        person: PersonId,
        codes: Vec<StoredCode>,
        scene: Scene,
    ) -> Reply<'_, ()> {
        self.write(move |tx| {
            forget_recovery_codes(tx, &person)?;
            for code in &codes {
                tx.execute(
                    "INSERT INTO recovery_code (person, place, code_hash) VALUES (?1, ?2, ?3)",
                    params![person.as_str(), code.place, code.hash.expose()],
                )?;
            }
            let factor = Factor::RecoveryCode;
            tell_if(true, tx, &person, AuthEvent::FactorAdded { factor }, scene)?;
            Ok(())
        })
    }

    fn find_recovery_code(
        &self,
        person: PersonId,
        place: String,
    ) -> Reply<'_, Option<SecretString>> {
        self.read(move |db| {
            let found: Option<String> = db
                .prepare_cached(
                    "SELECT code_hash FROM recovery_code WHERE person = ?1 AND place = ?2",
                )?
                .query_row(params![person.as_str(), place], |row| row.get(0))
                .optional()?;
            Ok(found.map(SecretString::from))
        })
    }

    fn use_recovery_code(&self, person: PersonId, place: String) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.execute(
                "DELETE FROM recovery_code WHERE person = ?1 AND place = ?2",
                params![person.as_str(), place],
            )?;
            Ok(rows == 1)
        })
    }

    fn remove_totp(&self, person: PersonId, scene: Scene) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.execute("DELETE FROM totp WHERE person = ?1", [person.as_str()])?;
            if !passkeys::is_protected(tx, &person)? {
                forget_recovery_codes(tx, &person)?;
            }
            let factor = Factor::Totp;
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

fn offered(
    db: &Connection,
    person: &PersonId,
    now: Timestamp,
) -> rusqlite::Result<Option<TotpSecret>> {
    let found: Option<[u8; SECRET_BYTES]> = db
        .prepare_cached("SELECT secret FROM totp_offer WHERE person = ?1 AND expires_at > ?2")?
        .query_row(params![person.as_str(), now.as_millisecond()], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(found.map(TotpSecret::new))
}

pub(super) fn forget_recovery_codes(tx: &Connection, person: &PersonId) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM recovery_code WHERE person = ?1")?
        .execute([person.as_str()])?;
    Ok(())
}

/// Says in the journal what happened, if it did.
pub(super) fn tell_if(
    happened: bool,
    tx: &Connection,
    person: &PersonId,
    event: AuthEvent,
    scene: Scene,
) -> Result<bool, StoreError> {
    if happened {
        let person = Some(person.clone());
        journal::append(
            tx,
            &NewEntry {
                event,
                person,
                scene,
            },
        )?;
    }
    Ok(happened)
}

/// The second factor has come: its flow waits no longer.
pub(super) fn end_half_sign_in(tx: &Connection, flow: TokenHash) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM half_sign_in WHERE flow_hash = ?1")?
        .execute([flow.0])?;
    Ok(())
}
