//! Tables `browser_session` and `authorization_flow`; tokens and codes as [`super::grants`] changes them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::PersonId;
use uuid::Uuid;

use super::{
    SqliteStore, Statements as _, StoreError,
    grants::{insert_grant, redeem, revoke_grant, rotate},
    identities, instant, journal,
    means::{self, MeansRow},
    pushed, sessions, shown,
};
use crate::{
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
        self.read(move |db| sessions::find(db, id, now))
    }

    fn insert_session(&self, new: NewSession) -> Reply<'_, bool> {
        self.write(move |tx| sessions::insert(tx, &new))
    }

    fn delete_session(&self, id: TokenHash, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| sessions::delete(tx, id, now))
    }

    fn insert_pushed_request(&self, pushed: PushedRequest, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| pushed::insert(tx, &pushed, now))
    }

    fn find_pushed_request(
        &self,
        id: TokenHash,
        client: String,
        now: Timestamp,
    ) -> Reply<'_, Option<AuthorizationRequest>> {
        self.read(move |db| pushed::find(db, id, &client, now))
    }

    fn insert_flow(&self, flow: NewFlow, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            sweep(tx, now)?;
            let request = write_request(&flow.request)?;
            let by = flow.signed_in.as_ref();
            tx.run(
                "INSERT INTO authorization_flow
                     (id_hash, browser_hash, request, person, signed_in_at, expires_at, factor,
                      trust)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    flow.id.0,
                    flow.browser.0,
                    request,
                    by.map(|by| by.person.as_str()),
                    by.map(|by| by.at.as_millisecond()),
                    flow.expires_at.as_millisecond(),
                    by.and_then(|by| means::factor(by.means)),
                    by.and_then(|by| means::trust(by.means.first)),
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
            let found: Option<(FlowRow, MeansRow)> = db
                .prepare_cached(
                    "SELECT request, person, signed_in_at, factor, trust FROM authorization_flow
                     WHERE id_hash = ?1 AND browser_hash = ?2 AND expires_at > ?3",
                )?
                .query_row(params![id.0, browser.0, now.as_millisecond()], |row| {
                    Ok((triple(row)?, (row.get(3)?, row.get(4)?)))
                })
                .optional()?;
            let Some(row) = found else {
                return Ok(None);
            };
            let stranger = identities::stranger(db, id)?;
            Ok(Some(Flow {
                stranger,
                ..flow(row)?
            }))
        })
    }

    fn delete_flow(&self, id: TokenHash) -> Reply<'_, bool> {
        self.write(move |tx| Ok(delete_flow(tx, id)?))
    }

    fn insert_code(&self, code: NewCode) -> Reply<'_, bool> {
        self.write(move |tx| {
            let begun = delete_flow(tx, code.flow)?;
            if !begun || !pushed::use_up(tx, code.pushed, code.grant.created_at)? {
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

    fn give_back_grant(&self, grant: Uuid, client: String, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            let id = grant.to_string();
            let is_theirs = "SELECT 1 FROM client_grant WHERE id = ?1 AND client = ?2";
            if tx.prepare_cached(is_theirs)?.exists([&id, &client])? {
                revoke_grant(tx, &id, GrantEnd::GivenBack, Scene::at(now))?;
            }
            Ok(())
        })
    }

    fn revoke_access_token(&self, token: TokenHash, client: String) -> Reply<'_, ()> {
        self.write(move |tx| {
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

pub(super) fn allowed(grant: &ClientGrant) -> NewEntry {
    NewEntry {
        event: AuthEvent::GrantAllowed {
            grant: grant.id,
            client: Word::try_from(grant.client.clone()).ok(),
        },
        person: Some(grant.person.clone()),
        scene: Scene {
            device: grant.device,
            ..Scene::at(grant.created_at)
        },
    }
}

/// Removes what has ended, except grants: they are the person's record.
fn sweep(tx: &Connection, now: Timestamp) -> Result<(), StoreError> {
    for table in ["browser_session", "authorization_flow", "access_token"] {
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE expires_at <= ?1"))?
            .execute([now.as_millisecond()])?;
    }
    Ok(())
}

/// An open flow stays so until then, at least.
pub(super) fn extend_flow(
    tx: &Connection,
    flow: TokenHash,
    now: Timestamp,
    until: Timestamp,
) -> rusqlite::Result<()> {
    tx.run(
        "UPDATE authorization_flow SET expires_at = max(expires_at, ?3)
         WHERE id_hash = ?1 AND expires_at > ?2",
        params![flow.0, now.as_millisecond(), until.as_millisecond()],
    )?;
    Ok(())
}

pub(super) fn delete_flow(tx: &Connection, id: TokenHash) -> rusqlite::Result<bool> {
    let rows = tx.run("DELETE FROM authorization_flow WHERE id_hash = ?1", [id.0])?;
    Ok(rows == 1)
}

/// Request; who signed in, and when.
type FlowRow = (String, Option<String>, Option<i64>);

fn flow(
    ((request, person_id, signed_in_at), means): (FlowRow, MeansRow),
) -> Result<Flow, StoreError> {
    let signed_in = match (person_id, signed_in_at) {
        (Some(person_id), Some(at)) => Some(SignedIn {
            person: person(person_id)?,
            at: instant(at),
            means: means::read(means)?,
        }),
        _ => None,
    };
    Ok(Flow {
        request: read_request(&request)?,
        signed_in,
        stranger: None,
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
