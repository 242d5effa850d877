//! Table `pushed_request`.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, shown,
    sign_in::{read_request, write_request},
};
use crate::{
    entropy::TokenHash,
    oidc::AuthorizationRequest,
    store::{PushedRequest, Showing},
};

/// How long a used request is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(2);

pub(super) fn insert(
    tx: &Connection,
    pushed: &PushedRequest,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM pushed_request WHERE expires_at <= ?1")?
        .execute([now.as_millisecond()])?;
    tx.prepare_cached(
        "INSERT INTO pushed_request (id_hash, client, request, expires_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        pushed.id.0,
        pushed.request.client,
        write_request(&pushed.request)?,
        pushed.expires_at.as_millisecond(),
    ])?;
    Ok(())
}

pub(super) fn find(
    db: &Connection,
    id: TokenHash,
    client: &str,
    now: Timestamp,
) -> Result<Option<AuthorizationRequest>, StoreError> {
    let found: Option<String> = db
        .prepare_cached(
            "SELECT request FROM pushed_request
             WHERE id_hash = ?1 AND client = ?2 AND expires_at > ?3
               AND NOT EXISTS (SELECT 1 FROM shown_once WHERE shown_once.id_hash = ?1)",
        )?
        .query_row(params![id.0, client, now.as_millisecond()], |row| {
            row.get(0)
        })
        .optional()?;
    found.as_deref().map(read_request).transpose()
}

/// Whether this is the first answer to the request, if it was one that was pushed. Remembered for longer than a flow lasts
/// that was begun with it.
pub(super) fn use_up(
    tx: &Connection,
    id: Option<TokenHash>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(id) = id else {
        return Ok(true);
    };
    let until = now.saturating_add(REMEMBERED).unwrap_or(Timestamp::MAX);
    Ok(shown::show(tx, id, until, now)? == Showing::First)
}
