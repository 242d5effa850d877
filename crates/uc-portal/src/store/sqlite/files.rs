//! Tables `stored_file`, `upload` and `upload_chunk`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uc_model::{ContentHash, PersonId};

use super::{SqliteStore, Statements as _, StoreError, integer, natural};
use crate::{
    files::{Cleaned, FileKind, MAX_BEGUN, MAX_PERSON_BYTES},
    store::{Appended, Beginning, FileStore, NewFile, NewUpload, Received, Reply},
};

impl FileStore for SqliteStore {
    fn begin_upload(&self, new: NewUpload, now: Timestamp) -> Reply<'_, Beginning> {
        self.write(move |tx| begin(tx, &new, now))
    }

    fn find_upload(
        &self,
        person: PersonId,
        hash: ContentHash,
        now: Timestamp,
    ) -> Reply<'_, Option<Received>> {
        self.read(move |db| received(db, &person, hash, now))
    }

    fn append_chunk(
        &self,
        person: PersonId,
        hash: ContentHash,
        start: u64,
        chunk: Vec<u8>,
        now: Timestamp,
    ) -> Reply<'_, Appended> {
        self.write(move |tx| append(tx, &person, hash, (start, &chunk), now))
    }

    fn read_upload(&self, person: PersonId, hash: ContentHash) -> Reply<'_, Option<Vec<u8>>> {
        self.read(move |db| read_whole(db, &person, hash))
    }

    fn drop_upload(&self, person: PersonId, hash: ContentHash) -> Reply<'_, ()> {
        self.write(move |tx| Ok(forget(tx, &person, hash)?))
    }

    fn insert_file(&self, new: NewFile, now: Timestamp) -> Reply<'_, bool> {
        self.write(move |tx| {
            forget(tx, &new.person, new.hash)?;
            insert(tx, &new, now)
        })
    }

    fn find_file(&self, person: PersonId, hash: ContentHash) -> Reply<'_, Option<Cleaned>> {
        self.read(move |db| find(db, &person, hash))
    }
}

fn begin(tx: &Connection, new: &NewUpload, now: Timestamp) -> Result<Beginning, StoreError> {
    tx.run(
        "DELETE FROM upload WHERE expires_at <= ?1",
        [now.as_millisecond()],
    )?;
    if let Some(received) = received(tx, &new.person, new.hash, now)? {
        return Ok(Beginning::Open(received));
    }
    let share = share(tx, &new.person)?;
    if share.begun >= MAX_BEGUN || share.bytes.saturating_add(new.size) > MAX_PERSON_BYTES {
        return Ok(Beginning::Full);
    }
    tx.run(
        "INSERT INTO upload (person, content_hash, size, expires_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            new.person.as_str(),
            new.hash.0,
            integer(new.size),
            new.expires_at.as_millisecond()
        ],
    )?;
    Ok(Beginning::Open(Received {
        size: new.size,
        received: 0,
        is_stored: false,
    }))
}

/// What a person keeps and has begun.
struct Share {
    begun: u64,
    bytes: u64,
}

fn share(db: &Connection, person: &PersonId) -> rusqlite::Result<Share> {
    db.prepare_cached(
        "SELECT (SELECT count(*) FROM upload WHERE person = ?1),
                (SELECT coalesce(sum(size), 0) FROM upload WHERE person = ?1)
                    + (SELECT coalesce(sum(size), 0) FROM stored_file WHERE person = ?1)",
    )?
    .query_row([person.as_str()], |row| {
        Ok(Share {
            begun: natural(row.get(0)?),
            bytes: natural(row.get(1)?),
        })
    })
}

fn received(
    db: &Connection,
    person: &PersonId,
    hash: ContentHash,
    now: Timestamp,
) -> Result<Option<Received>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT size, size, TRUE FROM stored_file WHERE person = ?1 AND content_hash = ?2
             UNION ALL
             SELECT size, received, FALSE FROM upload
             WHERE person = ?1 AND content_hash = ?2 AND expires_at > ?3
             LIMIT 1",
        )?
        .query_row(
            params![person.as_str(), hash.0, now.as_millisecond()],
            |row| {
                Ok(Received {
                    size: natural(row.get(0)?),
                    received: natural(row.get(1)?),
                    is_stored: row.get(2)?,
                })
            },
        )
        .optional()?;
    Ok(found)
}

fn append(
    tx: &Connection,
    person: &PersonId,
    hash: ContentHash,
    (start, chunk): (u64, &[u8]),
    now: Timestamp,
) -> Result<Appended, StoreError> {
    let Some(so_far) = received(tx, person, hash, now)? else {
        return Ok(Appended::Unknown);
    };
    let end = start.saturating_add(chunk.len() as u64);
    if so_far.is_stored || chunk.is_empty() || start != so_far.received || end > so_far.size {
        return Ok(Appended::Now(so_far));
    }
    tx.run(
        "INSERT INTO upload_chunk (person, content_hash, start, bytes) VALUES (?1, ?2, ?3, ?4)",
        params![person.as_str(), hash.0, integer(start), chunk],
    )?;
    tx.run(
        "UPDATE upload SET received = ?3 WHERE person = ?1 AND content_hash = ?2",
        params![person.as_str(), hash.0, integer(end)],
    )?;
    Ok(Appended::Now(Received {
        received: end,
        ..so_far
    }))
}

fn read_whole(
    db: &Connection,
    person: &PersonId,
    hash: ContentHash,
) -> Result<Option<Vec<u8>>, StoreError> {
    let key = params![person.as_str(), hash.0];
    let is_whole: Option<bool> = db
        .prepare_cached(
            "SELECT received = size FROM upload WHERE person = ?1 AND content_hash = ?2",
        )?
        .query_row(key, |row| row.get(0))
        .optional()?;
    if is_whole != Some(true) {
        return Ok(None);
    }
    let mut statement = db.prepare_cached(
        "SELECT bytes FROM upload_chunk WHERE person = ?1 AND content_hash = ?2 ORDER BY start",
    )?;
    let chunks = statement.query_map(key, |row| row.get::<_, Vec<u8>>(0))?;
    let mut whole = Vec::new();
    for chunk in chunks {
        whole.extend(chunk?);
    }
    Ok(Some(whole))
}

fn forget(tx: &Connection, person: &PersonId, hash: ContentHash) -> rusqlite::Result<()> {
    tx.run(
        "DELETE FROM upload WHERE person = ?1 AND content_hash = ?2",
        params![person.as_str(), hash.0],
    )
    .map(drop)
}

fn insert(tx: &Connection, new: &NewFile, now: Timestamp) -> Result<bool, StoreError> {
    if is_kept(tx, &new.person, new.hash)? {
        return Ok(true);
    }
    if share(tx, &new.person)?.bytes.saturating_add(new.size) > MAX_PERSON_BYTES {
        return Ok(false);
    }
    tx.run(
        "INSERT INTO stored_file (person, content_hash, media_type, bytes, size, stored_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            new.person.as_str(),
            new.hash.0,
            new.file.kind.media_type(),
            new.file.bytes,
            integer(new.size),
            now.as_millisecond()
        ],
    )?;
    Ok(true)
}

/// Whether a person's file is here, whole.
pub(super) fn is_kept(
    db: &Connection,
    person: &PersonId,
    hash: ContentHash,
) -> Result<bool, StoreError> {
    let kept = "SELECT 1 FROM stored_file WHERE person = ?1 AND content_hash = ?2";
    Ok(db
        .prepare_cached(kept)?
        .exists(params![person.as_str(), hash.0])?)
}

/// Notes what goes with an application, instead of what went with it before.
pub(super) fn keep_for_application(
    tx: &Connection,
    application: &str,
    person: &PersonId,
    named: &[(String, ContentHash)],
) -> Result<(), StoreError> {
    tx.run(
        "DELETE FROM application_file WHERE application = ?1",
        [application],
    )?;
    for (_, hash) in named {
        tx.run(
            "INSERT OR IGNORE INTO application_file (application, person, content_hash)
             VALUES (?1, ?2, ?3)",
            params![application, person.as_str(), hash.0],
        )?;
    }
    Ok(())
}

/// A file of a person.
pub(super) fn find(
    db: &Connection,
    person: &PersonId,
    hash: ContentHash,
) -> Result<Option<Cleaned>, StoreError> {
    let found: Option<(String, Vec<u8>)> = db
        .prepare_cached(
            "SELECT media_type, bytes FROM stored_file WHERE person = ?1 AND content_hash = ?2",
        )?
        .query_row(params![person.as_str(), hash.0], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    found
        .map(|(media_type, bytes)| {
            Ok(Cleaned {
                kind: kind(&media_type)?,
                bytes,
            })
        })
        .transpose()
}

fn kind(media_type: &str) -> Result<FileKind, StoreError> {
    FileKind::read(media_type).ok_or(StoreError::Malformed("media type"))
}
