//! The bare index: no key, no columns beside what a list shows; with positions, as `bm25` needs them.

use std::path::Path;

use rusqlite::{Connection, params};
use uc_store::{Service, index_text};

use crate::FOUND;

/// An FTS5 index of services.
pub(crate) struct Bare(Connection);

impl Bare {
    pub(crate) fn open(
        path: &Path,
        services: impl Iterator<Item = Service>,
    ) -> rusqlite::Result<Self> {
        let mut db = Connection::open(path)?;
        db.execute_batch(
            "PRAGMA journal_mode = WAL;
             CREATE VIRTUAL TABLE search USING fts5(title, keywords, body, content='', contentless_delete=1,
               tokenize=\"unicode61 remove_diacritics 0\");
             CREATE TABLE service (key INTEGER PRIMARY KEY, id TEXT, title TEXT, title_en TEXT, agency TEXT);",
        )?;
        let tx = db.transaction()?;
        for (key, service) in (1_i64..).zip(services) {
            insert(&tx, key, &service)?;
        }
        tx.commit()?;
        Ok(Self(db))
    }

    /// The first twenty with every word, the last one perhaps unfinished.
    pub(crate) fn search(&self, query: &str) -> rusqlite::Result<Vec<(String, String)>> {
        self.0
            .prepare_cached(
                "SELECT service.title, service.agency FROM search JOIN service ON service.key = search.rowid
                 WHERE search MATCH ? ORDER BY bm25(search) LIMIT ?",
            )?
            .query_map(params![expression(query), FOUND], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect()
    }

    /// The first twenty row ids that have every word, the last one perhaps unfinished.
    pub(crate) fn first_rowids(&self, query: &str) -> rusqlite::Result<Vec<i64>> {
        self.0
            .prepare_cached("SELECT rowid FROM search WHERE search MATCH ? LIMIT ?")?
            .query_map(params![expression(query), FOUND], |row| row.get(0))?
            .collect()
    }
}

fn expression(query: &str) -> String {
    let stems = index_text(query);
    let mut words: Vec<String> = stems.split(' ').map(|stem| format!("\"{stem}\"")).collect();
    if let Some(last) = words.last_mut() {
        last.push('*');
    }
    words.join(" AND ")
}

fn insert(db: &Connection, key: i64, service: &Service) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO search (rowid, title, keywords, body) VALUES (?, ?, ?, ?)")?
        .execute(params![
            key,
            index_text(&service.name.title),
            index_text(&service.keywords.join(" ")),
            index_text(&service.body)
        ])?;
    db.prepare_cached("INSERT INTO service VALUES (?, ?, ?, ?, ?)")?
        .execute(params![
            key,
            service.name.id.as_str(),
            service.name.title,
            service.name.title_en,
            service.name.agency.as_str()
        ])?;
    Ok(())
}
