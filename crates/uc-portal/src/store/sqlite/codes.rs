//! Tables `sent_code` and `code_sending`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use subtle::ConstantTimeEq;

use super::{SqliteStore, StoreError, instant, messages};
use crate::{
    accounts::{SendingAllowance, SendingSubject},
    entropy::TokenHash,
    store::{CodeTry, NewSentCode, Reply, Sending, SentCodeStore},
};

/// Tries at one code (ASVS 6.6.3).
const TRIES: u32 = 5;

impl SentCodeStore for SqliteStore {
    fn send_code(&self, code: NewSentCode) -> Reply<'_, Sending> {
        self.write(move |tx| {
            forget(tx, code.sent_at)?;
            if let Some(until) = wait(tx, &code)? {
                return Ok(Sending::TooMany { until });
            }
            put(tx, &code)?;
            count(tx, &code)?;
            messages::insert(tx, &code.letter)?;
            Ok(Sending::Sent)
        })
    }

    fn try_sent_code(
        &self,
        slot: TokenHash,
        code: TokenHash,
        now: Timestamp,
    ) -> Reply<'_, CodeTry> {
        self.write(move |tx| {
            let kept: Option<Option<[u8; 32]>> = tx
                .prepare_cached(
                    "UPDATE sent_code SET tries_left = tries_left - 1
                     WHERE slot = ?1 AND expires_at > ?2 AND tries_left > 0
                     RETURNING code_hash",
                )?
                .query_row(params![slot.0, now.as_millisecond()], |row| row.get(0))
                .optional()?;
            match kept {
                None => Ok(CodeTry::Ended),
                Some(Some(kept)) if bool::from(kept.ct_eq(&code.0)) => {
                    tx.execute("DELETE FROM sent_code WHERE slot = ?1", [slot.0])?;
                    Ok(CodeTry::Right)
                }
                Some(_) => Ok(CodeTry::Wrong),
            }
        })
    }
}

fn forget(tx: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    tx.prepare_cached("DELETE FROM sent_code WHERE expires_at <= ?1")?
        .execute([now.as_millisecond()])?;
    let day_ago = now.as_millisecond() - SendingAllowance::DAY.as_secs() * 1000;
    tx.prepare_cached("DELETE FROM code_sending WHERE sent_at <= ?1")?
        .execute([day_ago])?;
    Ok(())
}

/// When the next code may go, if none may now.
fn wait(tx: &Connection, code: &NewSentCode) -> Result<Option<Timestamp>, StoreError> {
    let mut until = None;
    for subject in &code.subjects {
        let allowance = subject.allowance();
        for (span, most) in [
            (SendingAllowance::SPAN, allowance.in_a_span),
            (SendingAllowance::DAY, allowance.in_a_day),
        ] {
            let span = span.as_secs() * 1000;
            let wait = oldest(tx, subject, code.sent_at.as_millisecond() - span, most)?;
            until = until.max(wait.map(|oldest| instant(oldest + span)));
        }
    }
    Ok(until)
}

/// Of the `most` latest sendings, the oldest, if so many were since.
fn oldest(
    tx: &Connection,
    subject: &SendingSubject,
    since: i64,
    most: u32,
) -> rusqlite::Result<Option<i64>> {
    tx.prepare_cached(
        "SELECT sent_at FROM code_sending WHERE subject = ?1 AND sent_at > ?2
         ORDER BY sent_at DESC LIMIT 1 OFFSET ?3",
    )?
    .query_row(
        params![subject.key(), since, most.saturating_sub(1)],
        |row| row.get(0),
    )
    .optional()
}

fn put(tx: &Connection, code: &NewSentCode) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO sent_code (slot, code_hash, tries_left, expires_at)
         VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        code.slot.0,
        code.code.map(|code| code.0),
        TRIES,
        code.expires_at.as_millisecond(),
    ])?;
    Ok(())
}

fn count(tx: &Connection, code: &NewSentCode) -> rusqlite::Result<()> {
    let mut insert =
        tx.prepare_cached("INSERT INTO code_sending (subject, sent_at) VALUES (?1, ?2)")?;
    for subject in &code.subjects {
        insert.execute(params![subject.key(), code.sent_at.as_millisecond()])?;
    }
    Ok(())
}
