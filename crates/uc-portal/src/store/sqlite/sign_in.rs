//! Tables `browser_session` and `authorization_flow`; tokens and codes as [`super::grants`] changes them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::PersonId;
use uuid::Uuid;

use super::{
    SqliteStore, Statements as _, StoreError, devices, factors,
    grants::{insert_grant, redeem, revoke_grant, rotate},
    instant, journal, pushed, shown,
};
use crate::{
    accounts::Factor,
    entropy::TokenHash,
    journal::{AuthEvent, GrantEnd, NewEntry, Scene, Word},
    oidc::{AuthorizationRequest, Scope, Thumbprint},
    store::{
        AccessGrant, BrowserSession, ClientGrant, CodeRedemption, Flow, NewCode, NewFlow,
        NewSession, PushedRequest, RedeemedCode, Refresh, Reply, Rotation, Showing, SignInStore,
        SignedIn,
    },
};

impl SignInStore for SqliteStore {
    fn find_session(&self, id: TokenHash, now: Timestamp) -> Reply<'_, Option<BrowserSession>> {
        self.read(move |db| {
            let found: Option<((String, i64, i64), Option<String>)> = db
                .prepare_cached(
                    "SELECT person, signed_in_at, expires_at, factor FROM browser_session
                     WHERE id_hash = ?1 AND expires_at > ?2",
                )?
                .query_row(params![id.0, now.as_millisecond()], |row| {
                    Ok((triple(row)?, row.get(3)?))
                })
                .optional()?;
            found.map(session).transpose()
        })
    }

    fn insert_session(&self, new: NewSession) -> Reply<'_, bool> {
        self.write(move |tx| {
            let (session, at) = (&new.session, new.session.signed_in_at.as_millisecond());
            let factor = session.factor.map(Factor::as_str);
            let rows = tx.run(
                "UPDATE authorization_flow SET person = ?1, signed_in_at = ?2, factor = ?5
                 WHERE id_hash = ?3 AND browser_hash = ?4 AND expires_at > ?2",
                params![
                    session.person.as_str(),
                    at,
                    new.flow.0,
                    new.browser.0,
                    factor
                ],
            )?;
            if rows == 0 {
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
            tx.run(
                "INSERT INTO browser_session
                     (id_hash, person, signed_in_at, expires_at, device, factor)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    new.id.0,
                    session.person.as_str(),
                    at,
                    session.expires_at.as_millisecond(),
                    device.to_string(),
                    factor,
                ],
            )?;
            let scene = Scene {
                device: Some(device),
                ..new.scene
            };
            tell_sign_in(tx, session, scene)?;
            Ok(true)
        })
    }

    fn delete_session(&self, id: TokenHash, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            let ended: Option<(String, Option<String>)> = tx
                .prepare_cached(
                    "DELETE FROM browser_session WHERE id_hash = ?1 RETURNING person, device",
                )?
                .query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            ended.map_or(Ok(()), |ended| signed_out(tx, ended, now))
        })
    }

    fn insert_pushed_request(&self, pushed: PushedRequest, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| pushed::insert(tx, &pushed, now))
    }

    fn take_pushed_request(
        &self,
        id: TokenHash,
        client: String,
        now: Timestamp,
    ) -> Reply<'_, Option<AuthorizationRequest>> {
        self.write(move |tx| pushed::take(tx, id, &client, now))
    }

    fn insert_flow(&self, flow: NewFlow, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            sweep(tx, now)?;
            let request = write_request(&flow.request)?;
            tx.run(
                "INSERT INTO authorization_flow
                     (id_hash, browser_hash, request, person, signed_in_at, expires_at, factor)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    flow.id.0,
                    flow.browser.0,
                    request,
                    flow.signed_in
                        .as_ref()
                        .map(|signed_in| signed_in.person.as_str()),
                    flow.signed_in
                        .as_ref()
                        .map(|signed_in| signed_in.at.as_millisecond()),
                    flow.expires_at.as_millisecond(),
                    flow.signed_in
                        .as_ref()
                        .and_then(|signed_in| signed_in.factor)
                        .map(Factor::as_str),
                ],
            )?;
            Ok(())
        })
    }

    fn find_flow(
        &self,
        id: TokenHash,
        browser: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Flow>> {
        self.read(move |db| {
            let found: Option<(FlowRow, Option<String>)> = db
                .prepare_cached(
                    "SELECT request, person, signed_in_at, factor FROM authorization_flow
                     WHERE id_hash = ?1 AND browser_hash = ?2 AND expires_at > ?3",
                )?
                .query_row(params![id.0, browser.0, now.as_millisecond()], |row| {
                    Ok((triple(row)?, row.get(3)?))
                })
                .optional()?;
            found.map(flow).transpose()
        })
    }

    fn delete_flow(&self, id: TokenHash) -> Reply<'_, bool> {
        self.write(move |tx| Ok(delete_flow(tx, id)?))
    }

    fn insert_code(&self, code: NewCode) -> Reply<'_, bool> {
        self.write(move |tx| {
            if !delete_flow(tx, code.flow)? {
                return Ok(false);
            }
            insert_grant(tx, &code.grant)?;
            journal::append(tx, &allowed(&code.grant))?;
            tx.run(
                "INSERT INTO authorization_code
                     (code_hash, client_grant, redirect_uri, challenge, nonce, key_thumbprint,
                      expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    code.code.0,
                    code.grant.id.to_string(),
                    code.redirect_uri,
                    code.challenge,
                    code.nonce,
                    code.key.map(|key| key.0),
                    code.code_expires_at.as_millisecond(),
                ],
            )?;
            Ok(true)
        })
    }

    fn redeem_code(&self, redemption: CodeRedemption, now: Timestamp) -> Reply<'_, RedeemedCode> {
        self.write(move |tx| redeem(tx, &redemption, now))
    }

    fn rotate_refresh_token(&self, refresh: Refresh, now: Timestamp) -> Reply<'_, Rotation> {
        self.write(move |tx| rotate(tx, &refresh, now))
    }

    fn find_access(&self, token: TokenHash, now: Timestamp) -> Reply<'_, Option<AccessGrant>> {
        self.read(move |db| {
            let found = db
                .prepare_cached(
                    "SELECT client_grant.person, client_grant.scope, client_grant.id,
                        access_token.key_thumbprint, client_grant.client, access_token.expires_at
                     FROM access_token JOIN client_grant ON client_grant.id = access_token.client_grant
                     WHERE token_hash = ?1 AND access_token.expires_at > ?2
                       AND client_grant.revoked_at IS NULL AND client_grant.expires_at > ?2",
                )?
                .query_row(params![token.0, now.as_millisecond()], |row| {
                    Ok((triple(row)?, row.get(3)?, row.get(4)?, row.get(5)?))
                })
                .optional()?;
            found.map(access).transpose()
        })
    }

    fn show_once(
        &self,
        id: TokenHash,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Reply<'_, Showing> {
        self.write(move |tx| Ok(shown::show(tx, id, expires_at, now)?))
    }

    fn revoke_token(&self, token: TokenHash, client: String, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            let grant: Option<String> = tx
                .prepare_cached(
                    "SELECT id FROM client_grant WHERE client = ?2 AND id =
                         (SELECT client_grant FROM refresh_token WHERE token_hash = ?1)",
                )?
                .query_row(params![token.0, client], |row| row.get(0))
                .optional()?;
            if let Some(grant) = grant {
                revoke_grant(tx, &grant, GrantEnd::GivenBack, now)?;
            }
            tx.run(
                "DELETE FROM access_token WHERE token_hash = ?1 AND client_grant IN
                     (SELECT id FROM client_grant WHERE client = ?2)",
                params![token.0, client],
            )?;
            Ok(())
        })
    }
}

pub(super) fn triple<A, B, C>(row: &Row<'_>) -> rusqlite::Result<(A, B, C)>
where
    A: rusqlite::types::FromSql,
    B: rusqlite::types::FromSql,
    C: rusqlite::types::FromSql,
{
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn tell_sign_in(tx: &Connection, session: &BrowserSession, scene: Scene) -> Result<(), StoreError> {
    let shown = session
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

pub(super) fn allowed(grant: &ClientGrant) -> NewEntry {
    NewEntry {
        event: AuthEvent::GrantAllowed {
            grant: grant.id,
            client: Word::try_from(grant.client.clone()).ok(),
        },
        person: Some(grant.person.clone()),
        scene: Scene::at(grant.created_at),
    }
}

/// Removes what has ended, except grants: they are the person's record.
fn sweep(tx: &Connection, now: Timestamp) -> Result<(), StoreError> {
    for table in [
        "browser_session",
        "authorization_flow",
        "access_token",
        "refresh_token",
    ] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE expires_at <= ?1"))?
            .execute([now.as_millisecond()])?;
    }
    Ok(())
}

pub(super) fn delete_flow(tx: &Connection, id: TokenHash) -> rusqlite::Result<bool> {
    let rows = tx.run("DELETE FROM authorization_flow WHERE id_hash = ?1", [id.0])?;
    Ok(rows == 1)
}

fn session(
    ((person_id, signed_in_at, expires_at), factor): ((String, i64, i64), Option<String>),
) -> Result<BrowserSession, StoreError> {
    Ok(BrowserSession {
        person: person(person_id)?,
        signed_in_at: instant(signed_in_at),
        factor: factors::factor(factor)?,
        expires_at: instant(expires_at),
    })
}

/// Request; who signed in, and when.
type FlowRow = (String, Option<String>, Option<i64>);

fn flow(
    ((request, person_id, signed_in_at), factor): (FlowRow, Option<String>),
) -> Result<Flow, StoreError> {
    let signed_in = match (person_id, signed_in_at) {
        (Some(person_id), Some(at)) => Some(SignedIn {
            person: person(person_id)?,
            at: instant(at),
            factor: factors::factor(factor)?,
        }),
        _ => None,
    };
    Ok(Flow {
        request: read_request(&request)?,
        signed_in,
    })
}

pub(super) fn write_request(request: &AuthorizationRequest) -> Result<String, StoreError> {
    serde_json::to_string(request).map_err(|_| StoreError::Malformed("authorization request"))
}

pub(super) fn read_request(text: &str) -> Result<AuthorizationRequest, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Malformed("authorization request"))
}

/// Person, scope and grant; key, client, and when it ends.
type AccessRow = ((String, String, String), Option<[u8; 32]>, String, i64);

fn access(
    ((person_id, scope, grant), key, client, expires_at): AccessRow,
) -> Result<AccessGrant, StoreError> {
    Ok(AccessGrant {
        person: person(person_id)?,
        scope: Scope::parse(&scope),
        grant: uuid(&grant)?,
        client,
        expires_at: instant(expires_at),
        key: key.map(Thumbprint),
    })
}

pub(super) fn person(id: String) -> Result<PersonId, StoreError> {
    id.try_into()
        .map_err(|_| StoreError::Malformed("person id"))
}

pub(super) fn uuid(text: &str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(text).map_err(|_| StoreError::Malformed("grant id"))
}
