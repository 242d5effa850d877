//! Table `feed_entry`.

use rusqlite::{Connection, params};
use uc_model::PersonId;
use uc_portal_api::FeedChange;

use super::{SqliteStore, StoreError, dialog, people};
use crate::store::{FeedSlice, FeedStore, Reply};

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
}

/// Says that an application changed: its entry moves to the end of its person's feed.
pub(super) fn touch_application(
    tx: &Connection,
    person: &PersonId,
    application: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO feed_entry (person, seq, kind, id)
         VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM feed_entry WHERE person = ?1),
                 'application', ?2)
         ON CONFLICT (person, kind, id) DO UPDATE SET seq = excluded.seq",
    )?
    .execute([person.as_str(), application])?;
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
    let dialog = dialog::find(db, &entry.id)?.ok_or(StoreError::Malformed("feed entry"))?;
    Ok(FeedChange::Application(Box::new(dialog)))
}
