//! Tables `client_grant`, `authorization_code`, `access_token`: how one becomes another.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Statements as _, StoreError, devices, instant, journal, logouts, means,
    sign_in::{person, uuid},
};
use crate::{
    accounts::{FirstStep, Means},
    entropy::TokenHash,
    journal::{AuthEvent, GrantEnd, NewEntry, Scene},
    oidc::{Scope, Thumbprint},
    store::{
        ClientGrant, CodeRedemption, IssuedTokens, NewTokens, RedeemedCode, Refresh, Rotation,
    },
};

pub(super) fn insert_grant(tx: &Connection, grant: &ClientGrant) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO client_grant
             (id, person, client, scope, signed_in_at, created_at, expires_at, key_thumbprint,
              factor, trust, device)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            grant.id.to_string(),
            grant.person.as_str(),
            grant.client,
            grant.scope.to_string(),
            grant.signed_in_at.as_millisecond(),
            grant.created_at.as_millisecond(),
            grant.expires_at.as_millisecond(),
            grant.key.map(|key| key.0),
            means::factor(grant.means),
            means::trust(grant.means.first),
            grant.device.map(|device| device.to_string()),
        ],
    )?;
    if let Some(device) = grant.device {
        devices::touch(tx, device, grant.created_at)?;
    }
    Ok(())
}

struct CodeRow {
    grant: String,
    redirect_uri: String,
    challenge: String,
    nonce: Option<String>,
    key: Option<Thumbprint>,
    expires_at: Timestamp,
    used: bool,
}

fn find_code(tx: &Connection, code: TokenHash) -> rusqlite::Result<Option<CodeRow>> {
    tx.prepare_cached(
        "SELECT client_grant, redirect_uri, challenge, nonce, expires_at, used_at IS NOT NULL,
             key_thumbprint
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
            key: row.get::<_, Option<_>>(6)?.map(Thumbprint),
        })
    })
    .optional()
}

pub(super) fn redeem(
    tx: &Connection,
    redemption: &CodeRedemption,
    now: Timestamp,
) -> Result<RedeemedCode, StoreError> {
    let Some(code) = find_code(tx, redemption.code)? else {
        return Ok(RedeemedCode::Refused);
    };
    if code.used {
        revoke_grant(tx, &code.grant, GrantEnd::CodeReplayed, Scene::at(now))?;
        return Ok(RedeemedCode::Replayed);
    }
    // One try a code, whatever comes of it.
    tx.run(
        "UPDATE authorization_code SET used_at = ?2 WHERE code_hash = ?1",
        params![redemption.code.0, now.as_millisecond()],
    )?;
    let bound = code.redirect_uri == redemption.redirect_uri
        && code.challenge == redemption.challenge
        && allows(code.key, redemption.tokens.access_key)
        && code.expires_at > now;
    match find_grant(tx, &code.grant, now)? {
        Some(grant) if bound && grant.client == redemption.client => {
            bind(tx, &code.grant, redemption.tokens)?;
            Ok(RedeemedCode::Issued {
                tokens: issue(tx, &grant, redemption.tokens)?,
                nonce: code.nonce,
                grant: Box::new(grant),
            })
        }
        Some(_) | None => Ok(RedeemedCode::Refused),
    }
}

/// Whether what is bound to a key, or to none, may be used by who showed this one.
fn allows(bound: Option<Thumbprint>, shown: Option<Thumbprint>) -> bool {
    bound.is_none_or(|key| shown == Some(key))
}

/// A grant whose code was redeemed with a proof is of that key alone.
fn bind(tx: &Connection, grant: &str, tokens: NewTokens) -> rusqlite::Result<()> {
    if let Some(key) = tokens.refresh_key {
        tx.run(
            "UPDATE client_grant SET key_thumbprint = ?2 WHERE id = ?1 AND key_thumbprint IS NOT ?2",
            params![grant, key.0],
        )?;
    }
    Ok(())
}

pub(super) fn issue(
    tx: &Connection,
    grant: &ClientGrant,
    tokens: NewTokens,
) -> Result<IssuedTokens, StoreError> {
    insert_access(tx, grant, tokens)?;
    if grant.scope.offline_access() {
        keep_refresh(tx, grant, tokens, None)?;
        return Ok(IssuedTokens::AccessAndRefresh);
    }
    tx.run(
        "UPDATE client_grant SET tokens_issued_at = ?2, tokens_expire_at = ?3 WHERE id = ?1",
        params![
            grant.id.to_string(),
            tokens.issued_at.as_millisecond(),
            access_end(grant, tokens).as_millisecond(),
        ],
    )?;
    Ok(IssuedTokens::Access)
}

fn insert_access(tx: &Connection, grant: &ClientGrant, tokens: NewTokens) -> rusqlite::Result<()> {
    tx.run(
        "INSERT INTO access_token (token_hash, client_grant, expires_at, key_thumbprint)
         VALUES (?1, ?2, ?3, ?4)",
        params![
            tokens.access.0,
            grant.id.to_string(),
            access_end(grant, tokens).as_millisecond(),
            tokens.access_key.map(|key| key.0),
        ],
    )?;
    Ok(())
}

fn access_end(grant: &ClientGrant, tokens: NewTokens) -> Timestamp {
    tokens.access_expires_at.min(grant.expires_at)
}

/// The new token is current, and the one that it was given for is previous. From the first that was issued for a key on,
/// the grant is of that key alone: a client that begins to show proofs gains their protection without a new sign-in.
fn keep_refresh(
    tx: &Connection,
    grant: &ClientGrant,
    tokens: NewTokens,
    given_for: Option<TokenHash>,
) -> rusqlite::Result<()> {
    let end = tokens.refresh_expires_at.min(grant.expires_at);
    tx.run(
        "UPDATE client_grant SET current_refresh = ?2, previous_refresh = ?3,
             tokens_issued_at = ?4, tokens_expire_at = ?5,
             key_thumbprint = coalesce(?6, key_thumbprint) WHERE id = ?1",
        params![
            grant.id.to_string(),
            tokens.refresh.0,
            given_for.map(|token| token.0),
            tokens.issued_at.as_millisecond(),
            end.as_millisecond(),
            tokens.refresh_key.map(|key| key.0),
        ],
    )
    .map(drop)
}

/// The current token's first use retires the previous one and makes itself previous; the previous token, presented
/// again, retires the successor that nobody used. A retired token is a copy in other hands.
pub(super) fn rotate(
    tx: &Connection,
    refresh: &Refresh,
    now: Timestamp,
) -> Result<Rotation, StoreError> {
    let (id, token) = (refresh.presented.grant.to_string(), refresh.presented.token);
    let Some(grant) = find_grant(tx, &id, now)? else {
        return Ok(Rotation::Refused);
    };
    let shown = refresh.tokens.refresh_key;
    let known = find_refresh(tx, &id, token)?;
    if grant.client != refresh.client || !allows(grant.key, shown) || known.expires_at <= now {
        return Ok(Rotation::Refused);
    }
    if !known.serves {
        revoke_grant(tx, &id, GrantEnd::TokenReused, Scene::at(now))?;
        return Ok(Rotation::Reused);
    }
    insert_access(tx, &grant, refresh.tokens)?;
    keep_refresh(tx, &grant, refresh.tokens, Some(token))?;
    Ok(Rotation::Rotated(grant))
}

/// What a grant knows of a refresh token of its own.
struct KnownRefresh {
    /// It is the current or the previous one.
    serves: bool,
    /// When the session ends unless it is renewed.
    expires_at: Timestamp,
}

fn find_refresh(tx: &Connection, grant: &str, token: TokenHash) -> rusqlite::Result<KnownRefresh> {
    tx.prepare_cached(
        "SELECT ?2 IN (coalesce(current_refresh, x''), coalesce(previous_refresh, x'')),
             coalesce(tokens_expire_at, 0)
         FROM client_grant WHERE id = ?1",
    )?
    .query_row(params![grant, token.0], |row| {
        Ok(KnownRefresh {
            serves: row.get(0)?,
            expires_at: instant(row.get(1)?),
        })
    })
}

/// Ends a grant, and says so in the journal; false when it had ended.
pub(super) fn revoke_grant(
    tx: &Connection,
    grant: &str,
    end: GrantEnd,
    scene: Scene,
) -> Result<bool, StoreError> {
    let ended: Option<String> = tx
        .prepare_cached(
            "UPDATE client_grant SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL
             RETURNING person",
        )?
        .query_row(params![grant, scene.at.as_millisecond()], |row| row.get(0))
        .optional()?;
    let Some(person_id) = ended else {
        return Ok(false);
    };
    let entry = NewEntry {
        event: AuthEvent::GrantEnded {
            grant: uuid(grant)?,
            end,
        },
        person: Some(person(person_id)?),
        scene,
    };
    journal::append(tx, &entry)?;
    logouts::insert(tx, grant, scene.at)?;
    Ok(true)
}

/// A grant that still holds.
pub(super) fn find_grant(
    tx: &Connection,
    id: &str,
    now: Timestamp,
) -> Result<Option<ClientGrant>, StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT person, client, scope, signed_in_at, created_at, expires_at, key_thumbprint,
                 factor, trust, device
             FROM client_grant WHERE id = ?1 AND revoked_at IS NULL AND expires_at > ?2",
        )?
        .query_row(params![id, now.as_millisecond()], |row| {
            Ok((
                (row.get(0)?, row.get(1)?, row.get(2)?),
                [row.get(3)?, row.get(4)?, row.get(5)?],
                row.get::<_, Option<_>>(6)?.map(Thumbprint),
                (row.get(7)?, row.get(8)?),
                row.get::<_, Option<String>>(9)?,
            ))
        })
        .optional()?;
    let Some((texts, instants, key, means, device)) = found else {
        return Ok(None);
    };
    Ok(Some(ClientGrant {
        key,
        means: means::read(means)?,
        device: device.as_deref().map(devices::device).transpose()?,
        ..grant(id, texts, instants)?
    }))
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
        means: Means::only(FirstStep::Password),
        key: None,
        device: None,
    })
}
