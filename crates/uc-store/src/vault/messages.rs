//! Messages from agencies, and which of them were read.

use jiff::Timestamp;
use rusqlite::{Row, params};
use uc_model::{ApplicationId, MessageId, ServiceId};

use super::{VaultTx, VaultView};
use crate::{
    Page, StoreError,
    page::{parse_cursor, parse_field},
    search::own,
    value::{execute, instant, read_instant, read_text, read_uuid, row, rows},
};

/// A message as the portal sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id.
    pub id: MessageId,
    /// The application it belongs to.
    pub application: ApplicationId,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// Its words.
    pub text: String,
    /// Its words in English.
    pub text_en: Option<String>,
}

/// A message with its application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The message.
    pub message: NewMessage,
    /// What was applied for.
    pub service: ServiceId,
    /// Its name when it was last heard of.
    pub title: String,
    /// The agency's short name when it was last heard of.
    pub agency: String,
    /// It was read.
    pub read: bool,
}

const COLUMNS: &str = "SELECT message.id, message.application, sent_at, text, text_en, is_read, service, title, agency";
const FROM: &str = "FROM message JOIN application ON application.id = message.application";
const HAS_WORDS: &str = concat!(
    "NOT EXISTS (SELECT 1 FROM json_each(?1) AS word WHERE ",
    own::lacks!("message.haystack"),
    " AND ",
    own::lacks!("application.haystack"),
    ")"
);

impl VaultView<'_> {
    /// A page of the messages that have the words, in any form, in their text or in the name of the service or agency;
    /// newest first. With no words, of all.
    pub fn list_messages(
        &self,
        text: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<Message>, StoreError> {
        let (sent_at, id) = match after.map(parse_cursor::<2>).transpose()? {
            Some([at, id]) => (
                parse_field(at)?,
                parse_field::<MessageId>(id)?.as_uuid().into_bytes(),
            ),
            None => (i64::MAX, [0xff; 16]),
        };
        let words = own::needles(text)?;
        let total = row(
            self.db,
            &format!("SELECT count(*) {FROM} WHERE {HAS_WORDS}"),
            [&words],
            |row| row.get(0),
        )?;
        let found = rows(
            self.db,
            &format!(
                "{COLUMNS} {FROM} WHERE {HAS_WORDS} AND (sent_at, message.id) < (?2, ?3)
                 ORDER BY sent_at DESC, message.id DESC LIMIT ?4"
            ),
            params![words, sent_at, id, limit + 1],
            read_message,
        )?;
        Ok(Page::cut(found, limit, total, |last| {
            format!("{}.{}", instant(last.message.sent_at), last.message.id)
        }))
    }

    /// The messages of an application, oldest first.
    pub fn list_messages_of(&self, application: ApplicationId) -> Result<Vec<Message>, StoreError> {
        rows(
            self.db,
            &format!("{COLUMNS} {FROM} WHERE message.application = ? ORDER BY sent_at, message.id"),
            [application.as_uuid().as_bytes()],
            read_message,
        )
    }

    /// Messages not read.
    pub fn count_unread(&self) -> Result<u32, StoreError> {
        row(
            self.db,
            "SELECT count(*) FROM message WHERE is_read = 0",
            [],
            |row| row.get(0),
        )
    }
}

impl VaultTx<'_> {
    /// Keeps a message that is new, unread; says whether it was new.
    pub fn insert_message(&self, message: &NewMessage) -> Result<bool, StoreError> {
        let inserted = execute(
            self.db,
            "INSERT OR IGNORE INTO message (id, application, sent_at, text, text_en, is_read, haystack)
             VALUES (?, ?, ?, ?, ?, 0, ?)",
            params![
                message.id.as_uuid().as_bytes(),
                message.application.as_uuid().as_bytes(),
                instant(message.sent_at),
                message.text,
                message.text_en,
                own::haystack(&[&message.text, message.text_en.as_deref().unwrap_or_default()]),
            ],
        )?;
        Ok(inserted > 0)
    }

    /// Marks a message as read.
    pub fn mark_message_read(&self, id: MessageId) -> Result<(), StoreError> {
        execute(
            self.db,
            "UPDATE message SET is_read = 1 WHERE id = ? AND is_read = 0",
            [id.as_uuid().as_bytes()],
        )
        .map(drop)
    }

    /// Marks all messages as read.
    pub fn mark_all_messages_read(&self) -> Result<(), StoreError> {
        execute(
            self.db,
            "UPDATE message SET is_read = 1 WHERE is_read = 0",
            [],
        )
        .map(drop)
    }
}

fn read_message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        message: NewMessage {
            id: MessageId::new(read_uuid(row, 0)?),
            application: ApplicationId::new(read_uuid(row, 1)?),
            sent_at: read_instant(row, 2)?,
            text: row.get(3)?,
            text_en: row.get(4)?,
        },
        read: row.get(5)?,
        service: read_text(row, 6)?,
        title: row.get(7)?,
        agency: row.get(8)?,
    })
}
