//! Tables `message` and `mailbox`.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use uc_model::PersonId;
use uuid::Uuid;

use super::{SqliteStore, StoreError, instant};
use crate::{
    senders::{Channel, Delivery, Letter, MailboxLetter, NewMessage, Recipient},
    store::{DeliveryEnd, MessageLog, MessageStore, Reply},
};

/// Letters that the mailbox keeps.
const MAILBOX_LETTERS: usize = 100;

impl MessageStore for SqliteStore {
    fn list_due_messages(&self, now: Timestamp, limit: usize) -> Reply<'_, Vec<Delivery>> {
        self.write(move |tx| {
            expire(tx, now)?;
            due(tx, now, limit)
        })
    }

    fn find_next_try(&self) -> Reply<'_, Option<Timestamp>> {
        self.read(|db| {
            let next: Option<i64> = db
                .prepare_cached("SELECT min(next_try_at) FROM message WHERE state = 'waiting'")?
                .query_row([], |row| row.get(0))?;
            Ok(next.map(instant))
        })
    }

    fn end_delivery(&self, id: Uuid, end: DeliveryEnd, now: Timestamp) -> Reply<'_, ()> {
        self.write(move |tx| {
            let (state, fault) = match end {
                DeliveryEnd::Sent => ("sent", None),
                DeliveryEnd::Failed { error } => ("failed", Some(error.word())),
                DeliveryEnd::Expired { error } => ("expired", Some(error.word())),
                DeliveryEnd::Again { at, error } => {
                    tx.execute(
                        "UPDATE message SET tries = tries + 1, next_try_at = ?2, fault = ?3
                         WHERE id = ?1",
                        params![id.to_string(), at.as_millisecond(), error.word()],
                    )?;
                    return Ok(());
                }
            };
            tx.execute(
                "UPDATE message SET state = ?2, fault = ?3, tries = tries + 1, done_at = ?4,
                     next_try_at = NULL, recipient = NULL, subject = NULL, body = NULL
                 WHERE id = ?1",
                params![id.to_string(), state, fault, now.as_millisecond()],
            )?;
            Ok(())
        })
    }

    fn list_message_log(&self, person: Option<PersonId>) -> Reply<'_, Vec<MessageLog>> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(
                "SELECT purpose, state, tries, fault FROM message
                 WHERE person IS ?1 ORDER BY created_at DESC, id DESC LIMIT 100",
            )?;
            let lines = statement.query_map([person.as_ref().map(PersonId::as_str)], log)?;
            Ok(lines.collect::<Result<_, _>>()?)
        })
    }

    fn insert_mailbox_letter(&self, id: Uuid, arrived: MailboxLetter) -> Reply<'_, ()> {
        self.write(move |tx| {
            let letter = &arrived.letter;
            tx.execute(
                "INSERT INTO mailbox (id, channel, recipient, subject, body, received_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    id.to_string(),
                    letter.to.channel().word(),
                    letter.to.address(),
                    letter.subject,
                    letter.body,
                    arrived.received_at.as_millisecond()
                ],
            )?;
            tx.execute(
                "DELETE FROM mailbox WHERE id NOT IN
                     (SELECT id FROM mailbox ORDER BY received_at DESC, id DESC LIMIT ?1)",
                [super::limit(MAILBOX_LETTERS)],
            )?;
            Ok(())
        })
    }

    fn list_mailbox(&self, limit: usize) -> Reply<'_, Vec<MailboxLetter>> {
        self.read(move |db| {
            let mut statement = db.prepare_cached(
                "SELECT channel, recipient, subject, body, received_at FROM mailbox
                 ORDER BY received_at DESC, id DESC LIMIT ?1",
            )?;
            let mut rows = statement.query([super::limit(limit)])?;
            let mut letters = Vec::new();
            while let Some(row) = rows.next()? {
                letters.push(MailboxLetter {
                    letter: letter(row, 0)?,
                    received_at: instant(row.get(4)?),
                });
            }
            Ok(letters)
        })
    }
}

/// Adds a message in the transaction of what it tells.
pub(super) fn insert(tx: &Connection, message: &NewMessage) -> Result<(), StoreError> {
    let purpose = serde_json::to_value(message.purpose)
        .ok()
        .and_then(|word| word.as_str().map(str::to_owned))
        .ok_or(StoreError::Malformed("message"))?;
    tx.prepare_cached(
        "INSERT INTO message (id, person, channel, purpose, recipient, subject, body, state,
             next_try_at, expires_at, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8, ?9, ?8)",
    )?
    .execute(params![
        message.id.to_string(),
        message.person.as_ref().map(PersonId::as_str),
        message.letter.to.channel().word(),
        purpose,
        message.letter.to.address(),
        message.letter.subject,
        message.letter.body,
        message.created_at.as_millisecond(),
        message.expires_at.as_millisecond(),
    ])?;
    Ok(())
}

fn expire(tx: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "UPDATE message SET state = 'expired', done_at = ?1, next_try_at = NULL,
             recipient = NULL, subject = NULL, body = NULL
         WHERE state = 'waiting' AND expires_at <= ?1",
    )?
    .execute([now.as_millisecond()])?;
    Ok(())
}

fn due(tx: &Connection, now: Timestamp, limit: usize) -> Result<Vec<Delivery>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT channel, recipient, subject, body, id, tries, expires_at FROM message
         WHERE state = 'waiting' AND next_try_at <= ?1 ORDER BY next_try_at LIMIT ?2",
    )?;
    let mut rows = statement.query(params![now.as_millisecond(), super::limit(limit)])?;
    let mut due = Vec::new();
    while let Some(row) = rows.next()? {
        due.push(Delivery {
            letter: letter(row, 0)?,
            id: super::sign_in::uuid(&row.get::<_, String>(4)?)?,
            tries: row.get(5)?,
            expires_at: instant(row.get(6)?),
        });
    }
    Ok(due)
}

/// A letter from four columns in a row.
fn letter(row: &Row<'_>, first: usize) -> Result<Letter, StoreError> {
    let channel = match row.get::<_, String>(first)?.as_str() {
        "sms" => Channel::Sms,
        "email" => Channel::Email,
        _ => return Err(StoreError::Malformed("message")),
    };
    Ok(Letter {
        to: Recipient::read(channel, row.get(first + 1)?)
            .ok_or(StoreError::Malformed("message"))?,
        subject: row.get(first + 2)?,
        body: row.get(first + 3)?,
    })
}

fn log(row: &Row<'_>) -> rusqlite::Result<MessageLog> {
    Ok(MessageLog {
        purpose: row.get(0)?,
        state: row.get(1)?,
        tries: row.get(2)?,
        fault: row.get(3)?,
    })
}
