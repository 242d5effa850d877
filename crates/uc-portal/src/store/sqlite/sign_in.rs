//! Tables `browser_session`, `authorization_flow`, `client_grant`, `authorization_code`, `refresh_token`,
//! `access_token`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uc_model::PersonId;
use uuid::Uuid;

use super::{SqliteStore, StoreError, instant};
use crate::{
    entropy::TokenHash,
    oidc::Scope,
    store::{
        AccessGrant, BrowserSession, ClientGrant, CodeRedemption, Flow, IssuedTokens, NewCode,
        NewFlow, NewTokens, RedeemedCode, Refresh, Reply, Rotation, SignInStore, SignedIn,
    },
};

impl SignInStore for SqliteStore {
    fn find_session(&self, id: TokenHash, now: Timestamp) -> Reply<'_, Option<BrowserSession>> {
        self.read(move |db| {
            let found: Option<(String, i64, i64)> = db
                .prepare_cached(
                    "SELECT person, signed_in_at, expires_at FROM browser_session
                     WHERE id_hash = ?1 AND expires_at > ?2",
                )?
                .query_row(params![id.0, now.as_millisecond()], triple)
                .optional()?;
            found.map(session).transpose()
        })
    }

    fn insert_session(
        &self,
        id: TokenHash,
        session: BrowserSession,
        flow: TokenHash,
        browser: TokenHash,
    ) -> Reply<'_, bool> {
        self.write(move |tx| {
            let at = session.signed_in_at.as_millisecond();
            let rows = tx.execute(
                "UPDATE authorization_flow SET person = ?1, signed_in_at = ?2
                 WHERE id_hash = ?3 AND browser_hash = ?4 AND expires_at > ?2",
                params![session.person.as_str(), at, flow.0, browser.0],
            )?;
            if rows == 0 {
                return Ok(false);
            }
            tx.execute(
                "INSERT INTO browser_session (id_hash, person, signed_in_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4)",
                params![
                    id.0,
                    session.person.as_str(),
                    at,
                    session.expires_at.as_millisecond()
                ],
            )?;
            Ok(true)
        })
    }

    fn delete_session(&self, id: TokenHash) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute("DELETE FROM browser_session WHERE id_hash = ?1", [id.0])?;
            Ok(())
        })
    }

    fn insert_flow(&self, flow: NewFlow, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            sweep(tx, now)?;
            let request = serde_json::to_string(&flow.request)
                .map_err(|_| StoreError::Malformed("authorization request"))?;
            tx.execute(
                "INSERT INTO authorization_flow
                     (id_hash, browser_hash, request, person, signed_in_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
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
            let found: Option<(String, Option<String>, Option<i64>)> = db
                .prepare_cached(
                    "SELECT request, person, signed_in_at FROM authorization_flow
                     WHERE id_hash = ?1 AND browser_hash = ?2 AND expires_at > ?3",
                )?
                .query_row(params![id.0, browser.0, now.as_millisecond()], triple)
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
            tx.execute(
                "INSERT INTO authorization_code
                     (code_hash, client_grant, redirect_uri, challenge, nonce, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    code.code.0,
                    code.grant.id.to_string(),
                    code.redirect_uri,
                    code.challenge,
                    code.nonce,
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
            let found: Option<(String, String, String)> = db
                .prepare_cached(
                    "SELECT client_grant.person, client_grant.scope, client_grant.id
                     FROM access_token JOIN client_grant ON client_grant.id = access_token.client_grant
                     WHERE token_hash = ?1 AND access_token.expires_at > ?2
                       AND client_grant.revoked_at IS NULL AND client_grant.expires_at > ?2",
                )?
                .query_row(params![token.0, now.as_millisecond()], triple)
                .optional()?;
            found.map(access).transpose()
        })
    }

    fn revoke_token(&self, token: TokenHash, client: String, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute(
                "UPDATE client_grant SET revoked_at = ?3
                 WHERE client = ?2 AND revoked_at IS NULL AND id =
                     (SELECT client_grant FROM refresh_token WHERE token_hash = ?1)",
                params![token.0, client, now.as_millisecond()],
            )?;
            tx.execute(
                "DELETE FROM access_token WHERE token_hash = ?1 AND client_grant IN
                     (SELECT id FROM client_grant WHERE client = ?2)",
                params![token.0, client],
            )?;
            Ok(())
        })
    }
}

fn triple<A, B, C>(row: &Row<'_>) -> rusqlite::Result<(A, B, C)>
where
    A: rusqlite::types::FromSql,
    B: rusqlite::types::FromSql,
    C: rusqlite::types::FromSql,
{
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
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

fn delete_flow(tx: &Connection, id: TokenHash) -> rusqlite::Result<bool> {
    let rows = tx.execute("DELETE FROM authorization_flow WHERE id_hash = ?1", [id.0])?;
    Ok(rows == 1)
}

fn insert_grant(tx: &Connection, grant: &ClientGrant) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO client_grant
             (id, person, client, scope, signed_in_at, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            grant.id.to_string(),
            grant.person.as_str(),
            grant.client,
            grant.scope.to_string(),
            grant.signed_in_at.as_millisecond(),
            grant.created_at.as_millisecond(),
            grant.expires_at.as_millisecond(),
        ],
    )?;
    Ok(())
}

struct CodeRow {
    grant: String,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    expires_at: Timestamp,
    used: bool,
}

fn find_code(tx: &Connection, code: TokenHash) -> rusqlite::Result<Option<CodeRow>> {
    tx.prepare_cached(
        "SELECT client_grant, redirect_uri, challenge, nonce, expires_at, used_at IS NOT NULL
         FROM authorization_code WHERE code_hash = ?1",
    )?
    .query_row([code.0], |row| {
        Ok(CodeRow {
            grant: row.get(0)?,
            redirect_uri: row.get(1)?,
            challenge: row.get(2)?,
            nonce: row.get(3)?,
            expires_at: instant(row.get(4)?),
            used: row.get(5)?,
        })
    })
    .optional()
}

fn redeem(
    tx: &Connection,
    redemption: &CodeRedemption,
    now: Timestamp,
) -> Result<RedeemedCode, StoreError> {
    let Some(code) = find_code(tx, redemption.code)? else {
        return Ok(RedeemedCode::Refused);
    };
    if code.used {
        revoke_grant(tx, &code.grant, now)?;
        return Ok(RedeemedCode::Replayed);
    }
    // One try a code, whatever comes of it.
    tx.execute(
        "UPDATE authorization_code SET used_at = ?2 WHERE code_hash = ?1",
        params![redemption.code.0, now.as_millisecond()],
    )?;
    let bound = code.redirect_uri == redemption.redirect_uri
        && code.challenge == redemption.challenge
        && code.expires_at > now;
    match find_grant(tx, &code.grant, now)? {
        Some(grant) if bound && grant.client == redemption.client => Ok(RedeemedCode::Issued {
            tokens: issue(tx, &grant, redemption.tokens)?,
            nonce: code.nonce,
            grant,
        }),
        Some(_) | None => Ok(RedeemedCode::Refused),
    }
}

fn issue(
    tx: &Connection,
    grant: &ClientGrant,
    tokens: NewTokens,
) -> Result<IssuedTokens, StoreError> {
    insert_access(tx, grant, tokens)?;
    if !grant.scope.offline_access() {
        return Ok(IssuedTokens::Access);
    }
    insert_refresh(tx, grant, tokens)?;
    Ok(IssuedTokens::AccessAndRefresh)
}

fn insert_access(tx: &Connection, grant: &ClientGrant, tokens: NewTokens) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO access_token (token_hash, client_grant, expires_at) VALUES (?1, ?2, ?3)",
        params![
            tokens.access.0,
            grant.id.to_string(),
            tokens
                .access_expires_at
                .min(grant.expires_at)
                .as_millisecond(),
        ],
    )?;
    Ok(())
}

fn insert_refresh(tx: &Connection, grant: &ClientGrant, tokens: NewTokens) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO refresh_token (token_hash, client_grant, state, expires_at)
         VALUES (?1, ?2, 'current', ?3)",
        params![
            tokens.refresh.0,
            grant.id.to_string(),
            tokens
                .refresh_expires_at
                .min(grant.expires_at)
                .as_millisecond(),
        ],
    )?;
    Ok(())
}

/// The current token's first use retires the previous one and makes itself previous; the previous token, presented
/// again, retires the successor that nobody used. A retired token is a copy in other hands.
fn rotate(tx: &Connection, refresh: &Refresh, now: Timestamp) -> Result<Rotation, StoreError> {
    let found: Option<(String, String, i64)> = tx
        .prepare_cached(
            "SELECT client_grant, state, expires_at FROM refresh_token WHERE token_hash = ?1",
        )?
        .query_row([refresh.token.0], triple)
        .optional()?;
    let Some((grant_id, state, expires_at)) = found else {
        return Ok(Rotation::Refused);
    };
    let Some(grant) = find_grant(tx, &grant_id, now)? else {
        return Ok(Rotation::Refused);
    };
    if grant.client != refresh.client || instant(expires_at) <= now {
        return Ok(Rotation::Refused);
    }
    let retire = match state.as_str() {
        "current" => "previous",
        "previous" => "current",
        _ => {
            revoke_grant(tx, &grant_id, now)?;
            return Ok(Rotation::Reused);
        }
    };
    tx.execute(
        "UPDATE refresh_token SET state = 'retired' WHERE client_grant = ?1 AND state = ?2",
        params![grant_id, retire],
    )?;
    tx.execute(
        "UPDATE refresh_token SET state = 'previous' WHERE token_hash = ?1",
        [refresh.token.0],
    )?;
    insert_access(tx, &grant, refresh.tokens)?;
    insert_refresh(tx, &grant, refresh.tokens)?;
    Ok(Rotation::Rotated(grant))
}

fn revoke_grant(tx: &Connection, grant: &str, now: Timestamp) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE client_grant SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
        params![grant, now.as_millisecond()],
    )?;
    Ok(())
}

/// A grant that still holds.
fn find_grant(
    tx: &Connection,
    id: &str,
    now: Timestamp,
) -> Result<Option<ClientGrant>, StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT person, client, scope, signed_in_at, created_at, expires_at FROM client_grant
             WHERE id = ?1 AND revoked_at IS NULL AND expires_at > ?2",
        )?
        .query_row(params![id, now.as_millisecond()], |row| {
            Ok((
                (row.get(0)?, row.get(1)?, row.get(2)?),
                [row.get(3)?, row.get(4)?, row.get(5)?],
            ))
        })
        .optional()?;
    found
        .map(|(texts, instants)| grant(id, texts, instants))
        .transpose()
}

fn grant(
    id: &str,
    (person_id, client, scope): (String, String, String),
    [signed_in_at, created_at, expires_at]: [i64; 3],
) -> Result<ClientGrant, StoreError> {
    Ok(ClientGrant {
        id: uuid(id)?,
        person: person(person_id)?,
        client,
        scope: Scope::parse(&scope),
        signed_in_at: instant(signed_in_at),
        created_at: instant(created_at),
        expires_at: instant(expires_at),
    })
}

fn session(
    (person_id, signed_in_at, expires_at): (String, i64, i64),
) -> Result<BrowserSession, StoreError> {
    Ok(BrowserSession {
        person: person(person_id)?,
        signed_in_at: instant(signed_in_at),
        expires_at: instant(expires_at),
    })
}

fn flow(
    (request, person_id, signed_in_at): (String, Option<String>, Option<i64>),
) -> Result<Flow, StoreError> {
    let signed_in = match (person_id, signed_in_at) {
        (Some(person_id), Some(at)) => Some(SignedIn {
            person: person(person_id)?,
            at: instant(at),
        }),
        _ => None,
    };
    let request = serde_json::from_str(&request)
        .map_err(|_| StoreError::Malformed("authorization request"))?;
    Ok(Flow { request, signed_in })
}

fn access((person_id, scope, grant): (String, String, String)) -> Result<AccessGrant, StoreError> {
    Ok(AccessGrant {
        person: person(person_id)?,
        scope: Scope::parse(&scope),
        grant: uuid(&grant)?,
    })
}

fn person(id: String) -> Result<PersonId, StoreError> {
    id.try_into()
        .map_err(|_| StoreError::Malformed("person id"))
}

fn uuid(text: &str) -> Result<Uuid, StoreError> {
    Uuid::try_parse(text).map_err(|_| StoreError::Malformed("grant id"))
}
