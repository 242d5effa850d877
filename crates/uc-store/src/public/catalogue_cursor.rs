//! How far the catalogue is known.

use jiff::Timestamp;
use rusqlite::params;

use crate::{
    PublicTx, PublicView, StoreError,
    value::{execute, find, instant, read_optional_instant},
};

/// How far the catalogue is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogueCursor {
    /// The portal's cursor after the last page applied.
    pub next: Option<String>,
    /// The `ETag` of the last answer without more pages.
    pub etag: Option<String>,
    /// When the catalogue was last known to be complete.
    pub synced_at: Option<Timestamp>,
}

impl PublicView<'_> {
    /// How far the catalogue is known; nothing known at first.
    pub fn load_catalogue_cursor(&self) -> Result<CatalogueCursor, StoreError> {
        let found = find(
            self.db,
            "SELECT next, etag, synced_at FROM catalogue_cursor",
            [],
            |row| {
                Ok(CatalogueCursor {
                    next: row.get(0)?,
                    etag: row.get(1)?,
                    synced_at: read_optional_instant(row, 2)?,
                })
            },
        )?;
        Ok(found.unwrap_or_default())
    }
}

impl PublicTx<'_> {
    /// Keeps how far the catalogue is known: in the transaction that applied the page.
    pub fn update_catalogue_cursor(&self, cursor: &CatalogueCursor) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO catalogue_cursor (only_row, next, etag, synced_at) VALUES (1, ?, ?, ?)",
            params![cursor.next, cursor.etag, cursor.synced_at.map(instant)],
        )
        .map(drop)
    }
}
