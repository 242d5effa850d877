//! Table `pushed_request`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError,
    sign_in::{read_request, write_request},
};
use crate::{entropy::TokenHash, oidc::AuthorizationRequest, store::PushedRequest};

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

pub(super) fn take(
    tx: &Connection,
    id: TokenHash,
    client: &str,
    now: Timestamp,
) -> Result<Option<AuthorizationRequest>, StoreError> {
    let found: Option<String> = tx
        .prepare_cached(
            "DELETE FROM pushed_request WHERE id_hash = ?1 AND client = ?2 AND expires_at > ?3
             RETURNING request",
        )?
        .query_row(params![id.0, client, now.as_millisecond()], |row| {
            row.get(0)
        })
        .optional()?;
    found.as_deref().map(read_request).transpose()
}
