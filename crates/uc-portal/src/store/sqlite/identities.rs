//! Tables `identity_link`, `upstream_trip` and `upstream_arrival`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::PersonId;

use super::{
    SqliteStore, Statements as _, StoreError, factors::end_half_sign_in, instant, journal,
    sign_in::person,
};
use crate::{
    entropy::TokenHash,
    journal::{AuthEvent, NewEntry, Scene, Word},
    store::{EndedTrip, IdentityLink, IdentityStore, NewTrip, Reply, Stranger},
    upstream::{Identity, Trip},
};

impl IdentityStore for SqliteStore {
    fn insert_trip(&self, new: NewTrip, now: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.run(
                "INSERT INTO upstream_trip
                     (state_hash, flow_hash, flow, provider, nonce, verifier, since)
                 SELECT ?1, id_hash, ?2, ?3, ?4, ?5, ?6 FROM authorization_flow
                 WHERE id_hash = ?7 AND browser_hash = ?8 AND expires_at > ?9",
                params![
                    new.state.0,
                    new.flow,
                    new.provider.as_str(),
                    new.trip.nonce.expose(),
                    new.trip.verifier.expose(),
                    new.trip.since.map(Timestamp::as_millisecond),
                    TokenHash::of(&new.flow).0,
                    new.browser.0,
                    now.as_millisecond(),
                ],
            )?;
            Ok(rows == 1)
        })
    }

    fn take_trip(
        &self,
        state: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<EndedTrip>> {
        self.write(move |tx| {
            let found: Option<TripRow> = tx
                .prepare_cached(
                    "DELETE FROM upstream_trip WHERE state_hash = ?1 AND flow_hash IN
                         (SELECT id_hash FROM authorization_flow
                          WHERE browser_hash = ?2 AND expires_at > ?3)
                     RETURNING flow, provider, nonce, verifier, since",
                )?
                .query_row(params![state.0, browser.0, now.as_millisecond()], |row| {
                    let texts = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
                    Ok((texts, row.get(4)?))
                })
                .optional()?;
            found.map(trip).transpose()
        })
    }

    fn recognise_identity(
        &self,
        identity: Identity,
        provider: Word,
        scene: Scene,
    ) -> Reply<'_, Option<PersonId>> {
        self.write(move |tx| {
            let found: Option<String> = tx
                .prepare_cached(
                    "SELECT person FROM identity_link WHERE issuer = ?1 AND subject = ?2",
                )?
                .query_row([identity.issuer, identity.subject], |row| row.get(0))
                .optional()?;
            let Some(person) = found.map(person).transpose()? else {
                return Ok(None);
            };
            let event = AuthEvent::CameFrom { provider };
            tell(tx, &person, event, scene)?;
            Ok(Some(person))
        })
    }

    fn insert_stranger(
        &self,
        flow: TokenHash,
        identity: Identity,
        provider: Word,
    ) -> Reply<'_, ()> {
        self.write(move |tx| {
            end_half_sign_in(tx, flow)?;
            tx.run(
                "INSERT OR REPLACE INTO upstream_arrival
                     (flow_hash, provider, issuer, subject, called)
                 SELECT id_hash, ?2, ?3, ?4, ?5 FROM authorization_flow WHERE id_hash = ?1",
                params![
                    flow.0,
                    provider.as_str(),
                    identity.issuer,
                    identity.subject,
                    identity.called,
                ],
            )?;
            Ok(())
        })
    }

    fn delete_stranger(&self, flow: TokenHash) -> Reply<'_, ()> {
        self.write(move |tx| Ok(forget_stranger(tx, flow)?))
    }

    fn list_links(&self, person: PersonId) -> Reply<'_, Vec<IdentityLink>> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(
                "SELECT issuer, subject, called, linked_at FROM identity_link
                 WHERE person = ?1 ORDER BY linked_at, issuer, subject",
            )?;
            let rows = statement.query_map([person.as_str()], link)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    fn delete_link(
        &self,
        person: PersonId,
        link: IdentityLink,
        provider: Option<Word>,
        scene: Scene,
    ) -> Reply<'_, bool> {
        self.write(move |tx| {
            let rows = tx.run(
                "DELETE FROM identity_link WHERE issuer = ?1 AND subject = ?2 AND person = ?3",
                [&link.issuer, &link.subject, person.as_str()],
            )?;
            if rows == 1 {
                tell(tx, &person, AuthEvent::IdentityUnlinked { provider }, scene)?;
            }
            Ok(rows == 1)
        })
    }
}

/// Flow, provider, nonce, verifier; since when.
type TripRow = ([String; 4], Option<i64>);

fn trip(([flow, provider, nonce, verifier], since): TripRow) -> Result<EndedTrip, StoreError> {
    Ok(EndedTrip {
        flow,
        provider: word(provider)?,
        trip: Trip {
            nonce: nonce.into(),
            verifier: verifier.into(),
            since: since.map(instant),
        },
    })
}

fn link(row: &Row<'_>) -> rusqlite::Result<IdentityLink> {
    Ok(IdentityLink {
        issuer: row.get(0)?,
        subject: row.get(1)?,
        called: row.get(2)?,
        linked_at: instant(row.get(3)?),
    })
}

/// Who waits in a flow to be linked.
pub(super) fn stranger(db: &Connection, flow: TokenHash) -> Result<Option<Stranger>, StoreError> {
    let found: Option<(String, Option<String>)> = db
        .prepare_cached("SELECT provider, called FROM upstream_arrival WHERE flow_hash = ?1")?
        .query_row([flow.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(provider, called)| {
            Ok(Stranger {
                provider: word(provider)?,
                called,
            })
        })
        .transpose()
}

/// The person's password was right: who waited in the flow is theirs from now on. Somebody who is another person's
/// already stays that.
pub(super) fn link_stranger(
    tx: &Connection,
    flow: TokenHash,
    person: &PersonId,
    scene: Scene,
) -> Result<(), StoreError> {
    let linked: Option<String> = tx
        .prepare_cached("SELECT provider FROM upstream_arrival WHERE flow_hash = ?1")?
        .query_row([flow.0], |row| row.get(0))
        .optional()?;
    let Some(provider) = linked else {
        return Ok(());
    };
    let rows = tx.run(
        "INSERT INTO identity_link (issuer, subject, person, called, linked_at)
         SELECT issuer, subject, ?2, called, ?3 FROM upstream_arrival WHERE flow_hash = ?1
         ON CONFLICT (issuer, subject) DO NOTHING",
        params![flow.0, person.as_str(), scene.at.as_millisecond()],
    )?;
    if rows == 1 {
        let provider = word(provider)?;
        tell(tx, person, AuthEvent::IdentityLinked { provider }, scene)?;
    }
    Ok(())
}

/// Nobody waits in the flow any longer.
pub(super) fn forget_stranger(tx: &Connection, flow: TokenHash) -> rusqlite::Result<()> {
    tx.run(
        "DELETE FROM upstream_arrival WHERE flow_hash = ?1",
        [flow.0],
    )?;
    Ok(())
}

fn tell(
    tx: &Connection,
    person: &PersonId,
    event: AuthEvent,
    scene: Scene,
) -> Result<(), StoreError> {
    let person = Some(person.clone());
    journal::append(
        tx,
        &NewEntry {
            event,
            person,
            scene,
        },
    )
}

fn word(text: String) -> Result<Word, StoreError> {
    Word::try_from(text).map_err(|_| StoreError::Malformed("provider id"))
}
