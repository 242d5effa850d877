//! Table `pairing`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    SqliteStore, StoreError,
    grants::{find_grant, insert_grant, issue},
    instant, journal,
    sign_in::{allowed, delete_flow},
};
use crate::{
    entropy::TokenHash,
    oidc::Scope,
    store::{ClientGrant, NewPairing, Pairing, PairingAnswer, PairingStore, Question, Reply},
};

/// A device that comes late is told so for that long.
const LATE_MILLIS: i64 = 10 * 60 * 1000;

impl PairingStore for SqliteStore {
    fn insert_pairing(&self, pairing: NewPairing, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM pairing WHERE expires_at <= ?1")?
                .execute([now.as_millisecond() - LATE_MILLIS])?;
            tx.prepare_cached(
                "INSERT INTO pairing (code_hash, user_code_hash, client, scope, state,
                     pause_seconds, expires_at)
                 VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, ?6)",
            )?
            .execute(params![
                pairing.code.0,
                pairing.user_code.0,
                pairing.client,
                pairing.scope.to_string(),
                pairing.pause_seconds,
                pairing.expires_at.as_millisecond(),
            ])?;
            Ok(())
        })
    }

    fn find_pairing(&self, user_code: TokenHash, now: Timestamp) -> Reply<'_, Option<Pairing>> {
        self.read(move |db| {
            let found = db
                .prepare_cached(
                    "SELECT code_hash, client, scope FROM pairing
                     WHERE user_code_hash = ?1 AND state = 'waiting' AND expires_at > ?2",
                )?
                .query_row(params![user_code.0, now.as_millisecond()], |row| {
                    Ok(Pairing {
                        code: TokenHash(row.get(0)?),
                        client: row.get(1)?,
                        scope: Scope::parse(&row.get::<_, String>(2)?),
                    })
                })
                .optional()?;
            Ok(found)
        })
    }

    fn allow_pairing(
        &self,
        flow: TokenHash,
        code: TokenHash,
        grant: ClientGrant,
    ) -> Reply<'_, bool> {
        self.write(move |tx| {
            let now = grant.created_at.as_millisecond();
            let waits: bool = tx
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM pairing
                     WHERE code_hash = ?1 AND state = 'waiting' AND expires_at > ?2)",
                )?
                .query_row(params![code.0, now], |row| row.get(0))?;
            if !delete_flow(tx, flow)? || !waits {
                return Ok(false);
            }
            insert_grant(tx, &grant)?;
            journal::append(tx, &allowed(&grant))?;
            tx.execute(
                "UPDATE pairing SET state = 'allowed', client_grant = ?2 WHERE code_hash = ?1",
                params![code.0, grant.id.to_string()],
            )?;
            Ok(true)
        })
    }

    fn refuse_pairing(&self, flow: TokenHash, code: TokenHash) -> Reply<'_, ()> {
        self.write(move |tx| {
            if delete_flow(tx, flow)? {
                tx.execute(
                    "UPDATE pairing SET state = 'refused' WHERE code_hash = ?1 AND state = 'waiting'",
                    [code.0],
                )?;
            }
            Ok(())
        })
    }

    fn ask_pairing(&self, question: Question, now: Timestamp) -> Reply<'_, PairingAnswer> {
        self.write(move |tx| ask(tx, &question, now))
    }
}

struct PairingRow {
    state: String,
    grant: Option<String>,
    pause_seconds: i64,
    asked_at: Option<Timestamp>,
    expires_at: Timestamp,
}

impl PairingRow {
    fn is_asked_too_soon(&self, now: Timestamp) -> bool {
        self.asked_at
            .is_some_and(|asked_at| now.duration_since(asked_at).as_secs() < self.pause_seconds)
    }
}

fn ask(tx: &Connection, question: &Question, now: Timestamp) -> Result<PairingAnswer, StoreError> {
    let Some(row) = find(tx, question)? else {
        return Ok(PairingAnswer::Unknown);
    };
    if row.expires_at <= now {
        return Ok(PairingAnswer::Expired);
    }
    match (row.state.as_str(), &row.grant) {
        ("waiting", None) => wait(tx, question, &row, now),
        ("refused", None) => {
            delete(tx, question.code)?;
            Ok(PairingAnswer::Refused)
        }
        ("allowed", Some(grant)) => {
            delete(tx, question.code)?;
            let Some(grant) = find_grant(tx, grant, now)? else {
                return Ok(PairingAnswer::Refused);
            };
            let tokens = issue(tx, &grant, question.tokens)?;
            Ok(PairingAnswer::Allowed { grant, tokens })
        }
        _ => Err(StoreError::Malformed("pairing")),
    }
}

fn find(tx: &Connection, question: &Question) -> rusqlite::Result<Option<PairingRow>> {
    tx.prepare_cached(
        "SELECT state, client_grant, pause_seconds, asked_at, expires_at FROM pairing
         WHERE code_hash = ?1 AND client = ?2",
    )?
    .query_row(params![question.code.0, question.client], |row| {
        Ok(PairingRow {
            state: row.get(0)?,
            grant: row.get(1)?,
            pause_seconds: row.get(2)?,
            asked_at: row.get::<_, Option<i64>>(3)?.map(instant),
            expires_at: instant(row.get(4)?),
        })
    })
    .optional()
}

fn wait(
    tx: &Connection,
    question: &Question,
    row: &PairingRow,
    now: Timestamp,
) -> Result<PairingAnswer, StoreError> {
    let (longer_by, answer) = if row.is_asked_too_soon(now) {
        (question.longer_by, PairingAnswer::TooSoon)
    } else {
        (0, PairingAnswer::Waiting)
    };
    tx.prepare_cached(
        "UPDATE pairing SET asked_at = ?2, pause_seconds = pause_seconds + ?3 WHERE code_hash = ?1",
    )?
    .execute(params![question.code.0, now.as_millisecond(), longer_by])?;
    Ok(answer)
}

fn delete(tx: &Connection, code: TokenHash) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM pairing WHERE code_hash = ?1", [code.0])?;
    Ok(())
}
