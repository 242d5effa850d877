//! Table `feed_entry`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::PersonId;
use uc_portal_api::FeedChange;
use uuid::Uuid;

use super::{
    SqliteStore, Statements as _, StoreError, dialog, instant, people, roaming, sign_in::person,
};
use crate::{
    entropy::TokenHash,
    store::{FeedSlice, FeedStore, Reply},
};

impl FeedStore for SqliteStore {
    fn find_feed_end(&self, person: PersonId) -> Reply<'_, u64> {
        self.read(move |db| {
            let last = db
                .prepare_cached("SELECT coalesce(max(seq), 0) FROM feed_entry WHERE person = ?1")?
                .query_row([person.as_str()], |row| row.get(0))?;
            Ok(super::natural(last))
        })
    }

    fn list_feed(&self, person: PersonId, after: u64, limit: usize) -> Reply<'_, FeedSlice> {
        self.read(move |db| {
            let mut entries = entries(db, &person, after, limit.saturating_add(1))?;
            let has_more = entries.len() > limit;
            entries.truncate(limit);
            let last = entries.last().map_or(after, |entry| entry.seq);
            let changes = entries
                .iter()
                .map(|entry| change(db, &person, entry))
                .collect::<Result<_, _>>()?;
            Ok(FeedSlice {
                changes,
                last,
                has_more,
            })
        })
    }

    fn count_news(&self, person: PersonId, after: u64) -> Reply<'_, u32> {
        self.read(move |db| {
            let count = db
                .prepare_cached(
                    "SELECT count(*) FROM feed_entry
                     WHERE person = ?1 AND seq > ?2 AND kind = 'application'",
                )?
                .query_row(params![person.as_str(), super::integer(after)], |row| {
                    row.get(0)
                })?;
            Ok(count)
        })
    }

    fn keep_notify_token(&self, grant: Uuid, token: TokenHash) -> Reply<'_, Option<Timestamp>> {
        self.write(move |tx| {
            let kept = tx.run(
                "INSERT INTO notify_token (client_grant, token_hash)
                 SELECT id, ?2 FROM client_grant WHERE id = ?1 AND revoked_at IS NULL
                     AND NOT EXISTS (SELECT 1 FROM notify_token
                                     WHERE token_hash = ?2 AND client_grant <> ?1)
                 ON CONFLICT (client_grant) DO UPDATE SET token_hash = excluded.token_hash",
                params![grant.to_string(), token.0],
            )?;
            if kept == 0 {
                return Ok(None);
            }
            let ends_at = tx
                .prepare_cached("SELECT expires_at FROM client_grant WHERE id = ?1")?
                .query_row([grant.to_string()], |row| row.get(0))?;
            Ok(Some(instant(ends_at)))
        })
    }

    fn find_notified(&self, token: TokenHash, now: Timestamp) -> Reply<'_, Option<PersonId>> {
        self.read(move |db| {
            let found = db
                .prepare_cached(
                    "SELECT client_grant.person
                     FROM notify_token JOIN client_grant ON client_grant.id = client_grant
                     WHERE token_hash = ?1 AND revoked_at IS NULL AND expires_at > ?2",
                )?
                .query_row(params![token.0, now.as_millisecond()], |row| row.get(0))
                .optional()?;
            found.map(person).transpose()
        })
    }
}

/// Says that an application changed.
pub(super) fn touch_application(
    tx: &Connection,
    person: &PersonId,
    application: &str,
) -> Result<(), StoreError> {
    touch(tx, person, "application", application)
}

/// Says that a thing changed: its entry moves to the end of its person's feed.
pub(super) fn touch(
    tx: &Connection,
    person: &PersonId,
    kind: &str,
    id: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO feed_entry (person, seq, kind, id)
         VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM feed_entry WHERE person = ?1), ?2, ?3)
         ON CONFLICT (person, kind, id) DO UPDATE SET seq = excluded.seq",
    )?
    .execute([person.as_str(), kind, id])?;
    Ok(())
}

struct Entry {
    seq: u64,
    kind: String,
    id: String,
}

fn entries(
    db: &Connection,
    person: &PersonId,
    after: u64,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT seq, kind, id FROM feed_entry WHERE person = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let rows = statement.query_map(
        params![person.as_str(), super::integer(after), super::limit(limit)],
        |row| {
            Ok(Entry {
                seq: super::natural(row.get(0)?),
                kind: row.get(1)?,
                id: row.get(2)?,
            })
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn change(db: &Connection, person: &PersonId, entry: &Entry) -> Result<FeedChange, StoreError> {
    if entry.kind == "profile" {
        let profile = people::find_whole_profile(db, person)?;
        let profile = profile
            .map(Box::new)
            .ok_or(StoreError::Malformed("feed entry"))?;
        return Ok(FeedChange::Profile(profile));
    }
    if entry.kind == "roaming" {
        let id = entry.id.parse();
        let id = id.map_err(|_| StoreError::Malformed("feed entry"))?;
        let record = roaming::find(db, person, id)?;
        let record = record
            .map(Box::new)
            .ok_or(StoreError::Malformed("feed entry"))?;
        return Ok(FeedChange::Roaming(record));
    }
    let dialog = dialog::find(db, &entry.id)?.ok_or(StoreError::Malformed("feed entry"))?;
    Ok(FeedChange::Application(Box::new(dialog)))
}
