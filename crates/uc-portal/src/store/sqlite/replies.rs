//! Table `idempotency`: what was answered under a key is answered again.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError,
    applications::{Outcome, write_json},
    dialog::{self, millis},
};
use crate::{
    applications::Refusal,
    fingerprint::Fingerprint,
    store::{KeyedWrite, StoredReply},
};

/// Replies are kept longer than a client tries.
const KEEP_REPLIES: SignedDuration = SignedDuration::from_hours(120 * 24);

/// Outlived replies removed with each write, at most.
const SWEEP: u32 = 4;

/// Does a write once for its key, and gives the stored reply afterwards.
pub(super) fn keyed(
    tx: &Connection,
    write: &KeyedWrite,
    work: impl FnOnce(&Connection) -> Outcome<u16>,
) -> Outcome<StoredReply> {
    if let Some((fingerprint, reply)) = find_reply(tx, write)? {
        return Ok(if fingerprint == write.fingerprint {
            Ok(reply)
        } else {
            Err(Refusal::KeyReused)
        });
    }
    let status = match work(tx)? {
        Ok(status) => status,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = write.application.to_string();
    let dialog = dialog::find(tx, &id)?.ok_or(StoreError::Malformed("application"))?;
    let reply = StoredReply {
        status,
        body: write_json(&dialog)?,
    };
    insert_reply(tx, write, &reply)?;
    Ok(Ok(reply))
}

fn find_reply(
    tx: &Connection,
    write: &KeyedWrite,
) -> Result<Option<(Fingerprint, StoredReply)>, StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT fingerprint, status, reply FROM idempotency WHERE person = ?1 AND key = ?2",
        )?
        .query_row([write.person.as_str(), &write.key.to_string()], |row| {
            let reply = StoredReply {
                status: row.get(1)?,
                body: row.get(2)?,
            };
            Ok((Fingerprint(row.get(0)?), reply))
        })
        .optional()?;
    Ok(found)
}

fn insert_reply(
    tx: &Connection,
    write: &KeyedWrite,
    reply: &StoredReply,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO idempotency (person, key, fingerprint, status, reply, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        write.person.as_str(),
        write.key.to_string(),
        write.fingerprint.0,
        reply.status,
        reply.body,
        millis(write.now),
    ])?;
    let outlived = write
        .now
        .checked_sub(KEEP_REPLIES)
        .unwrap_or(Timestamp::MIN);
    tx.prepare_cached(
        "DELETE FROM idempotency WHERE (person, key) IN
         (SELECT person, key FROM idempotency WHERE created_at < ?1 LIMIT ?2)",
    )?
    .execute(params![millis(outlived), SWEEP])?;
    Ok(())
}
