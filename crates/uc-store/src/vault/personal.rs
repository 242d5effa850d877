//! Profile, settings, services used, and how far the person's feed is known.

use jiff::Timestamp;
use rusqlite::params;
use uc_model::ServiceId;

use super::{VaultTx, VaultView};
use crate::{
    StoreError,
    value::{execute, find, instant, read_optional_instant, read_text, rows},
};

/// How far the person's feed is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedCursor {
    /// The portal's cursor after the last page applied.
    pub next: Option<String>,
    /// When the feed was last known to its end.
    pub synced_at: Option<Timestamp>,
}

impl VaultView<'_> {
    /// The profile, as JSON.
    pub fn find_profile(&self) -> Result<Option<String>, StoreError> {
        find(self.db, "SELECT document FROM profile", [], |row| {
            row.get(0)
        })
    }

    /// A setting's value.
    pub fn find_setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        find(
            self.db,
            "SELECT value FROM setting WHERE key = ?",
            [key],
            |row| row.get(0),
        )
    }

    /// Services that the person applied for, most often first.
    pub fn list_used_services(&self, limit: u32) -> Result<Vec<ServiceId>, StoreError> {
        rows(
            self.db,
            "SELECT service FROM service_usage ORDER BY uses DESC, last_used_at DESC LIMIT ?",
            [limit],
            |row| read_text(row, 0),
        )
    }

    /// How far the feed is known; nothing known at first.
    pub fn load_feed_cursor(&self) -> Result<FeedCursor, StoreError> {
        let found = find(
            self.db,
            "SELECT next, synced_at FROM feed_cursor",
            [],
            |row| {
                Ok(FeedCursor {
                    next: row.get(0)?,
                    synced_at: read_optional_instant(row, 1)?,
                })
            },
        )?;
        Ok(found.unwrap_or_default())
    }
}

impl VaultTx<'_> {
    /// Keeps the profile.
    pub fn update_profile(&self, document: &str) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO profile (only_row, document) VALUES (1, ?)",
            [document],
        )
        .map(drop)
    }

    /// Keeps a setting.
    pub fn update_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        self.settle();
        execute(
            self.db,
            "INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)",
            [key, value],
        )
        .map(drop)
    }

    /// Counts a use of a service.
    pub fn count_use(&self, service: &ServiceId, now: Timestamp) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT INTO service_usage (service, uses, last_used_at) VALUES (?1, 1, ?2)
             ON CONFLICT (service) DO UPDATE SET uses = uses + 1, last_used_at = ?2",
            params![service.as_str(), instant(now)],
        )
        .map(drop)
    }

    /// Keeps how far the feed is known: in the transaction that applied the page.
    pub fn update_feed_cursor(&self, cursor: &FeedCursor) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT OR REPLACE INTO feed_cursor (only_row, next, synced_at) VALUES (1, ?, ?)",
            params![cursor.next, cursor.synced_at.map(instant)],
        )
        .map(drop)
    }
}
