//! Table `catalogue_entry`.

use rusqlite::{Connection, Row, params};

use super::{SqliteStore, StoreError};
use crate::{
    catalogue::delta::{CatalogueKindName, Publication, Published},
    fingerprint::Fingerprint,
    store::{CatalogueSlice, CatalogueStore, Reply},
};

impl CatalogueStore for SqliteStore {
    fn list_published(&self) -> Reply<'_, Vec<Published>> {
        self.read(|db| {
            let mut statement =
                db.prepare("SELECT kind, id, fingerprint, version, gone FROM catalogue_entry")?;
            let mut rows = statement.query([])?;
            let mut published = Vec::new();
            while let Some(row) = rows.next()? {
                published.push(read_published(row)?);
            }
            Ok(published)
        })
    }

    fn insert_publications(&self, publications: Vec<Publication>) -> Reply<'_, u64> {
        self.write(move |tx| {
            let mut last = last_place(tx)?;
            for publication in &publications {
                last += 1;
                insert(tx, last, publication)?;
            }
            Ok(last)
        })
    }

    fn list_catalogue(&self, after: u64, limit: usize) -> Reply<'_, CatalogueSlice> {
        self.read(move |db| slice(db, after, limit))
    }
}

fn insert(tx: &Connection, seq: u64, publication: &Publication) -> Result<(), StoreError> {
    let published = &publication.published;
    let change = serde_json::to_string(&publication.change)
        .map_err(|_| StoreError::Malformed("catalogue entry"))?;
    // Takes the place of what was published of the same thing before.
    tx.prepare_cached(
        "INSERT OR REPLACE INTO catalogue_entry (seq, kind, id, fingerprint, version, gone, change)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        super::integer(seq),
        published.key.0.as_str(),
        published.key.1,
        published.fingerprint.0,
        published.version,
        published.gone,
        change,
    ])?;
    Ok(())
}

fn last_place(db: &Connection) -> Result<u64, StoreError> {
    let last = db.query_row(
        "SELECT coalesce(max(seq), 0) FROM catalogue_entry",
        [],
        |row| row.get(0),
    )?;
    Ok(super::natural(last))
}

fn slice(db: &Connection, after: u64, limit: usize) -> Result<CatalogueSlice, StoreError> {
    let mut slice = CatalogueSlice {
        last: after,
        ..CatalogueSlice::default()
    };
    let mut statement = db.prepare_cached(
        "SELECT seq, change FROM catalogue_entry WHERE seq > ?1 ORDER BY seq LIMIT ?2",
    )?;
    let mut rows = statement.query([super::integer(after), super::limit(limit)])?;
    while let Some(row) = rows.next()? {
        slice.last = super::natural(row.get(0)?);
        slice.changes.push(row.get(1)?);
    }
    let remaining = db
        .prepare_cached("SELECT count(*) FROM catalogue_entry WHERE seq > ?1")?
        .query_row([super::integer(after)], |row| row.get(0))?;
    slice.remaining = super::natural(remaining);
    Ok(slice)
}

fn read_published(row: &Row<'_>) -> Result<Published, StoreError> {
    let kind: String = row.get(0)?;
    let kind = CatalogueKindName::parse(&kind).ok_or(StoreError::Malformed("catalogue kind"))?;
    Ok(Published {
        key: (kind, row.get(1)?),
        fingerprint: Fingerprint(row.get(2)?),
        version: row.get(3)?,
        gone: row.get(4)?,
    })
}
