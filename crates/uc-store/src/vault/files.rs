//! Files that go with drafts and submissions: kept whole, once for each content, as long as something names them.

use rusqlite::{Connection, params};
use uc_model::{Answers, ApplicationId, ContentHash};

use super::{VaultTx, VaultView};
use crate::{
    StoreError,
    value::{execute, find, rows},
};

/// Bytes of a part, at most: what a reader has in memory at a time.
const PART_BYTES: usize = 1024 * 1024;

impl VaultView<'_> {
    /// Bytes of a file, if it is here.
    pub fn find_file(&self, file: ContentHash) -> Result<Option<u64>, StoreError> {
        find(
            self.db,
            "SELECT size FROM file WHERE content_hash = ?",
            [file.0],
            |row| row.get::<_, i64>(0).map(i64::cast_unsigned),
        )
    }

    /// Bytes of a file from `start` on, at least one and at most 1 MiB; none at its end, and of a file that is not here.
    pub fn read_file(&self, file: ContentHash, start: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let start = start.cast_signed();
        find(
            self.db,
            "SELECT substr(bytes, ?2 - start + 1) FROM file_part
             WHERE content_hash = ?1 AND start <= ?2 AND start + length(bytes) > ?2
             ORDER BY start DESC LIMIT 1",
            params![file.0, start],
            |row| row.get(0),
        )
    }
}

impl VaultTx<'_> {
    /// Keeps a file, and that it answers a question, instead of the one that did before.
    pub fn attach(
        &self,
        application: ApplicationId,
        property: &str,
        file: ContentHash,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.settle();
        if self.find_file(file)?.is_none() {
            self.insert_file(file, bytes)?;
        }
        execute(
            self.db,
            "INSERT OR REPLACE INTO attachment (application, property, content_hash) VALUES (?, ?, ?)",
            params![application.as_uuid().as_bytes(), property, file.0],
        )?;
        Ok(drop_unnamed(self.db)?)
    }

    fn insert_file(&self, file: ContentHash, bytes: &[u8]) -> Result<(), StoreError> {
        execute(
            self.db,
            "INSERT INTO file (content_hash, size) VALUES (?, ?)",
            params![file.0, length(bytes)],
        )?;
        let mut start = 0;
        for part in bytes.chunks(PART_BYTES) {
            execute(
                self.db,
                "INSERT INTO file_part (content_hash, start, bytes) VALUES (?, ?, ?)",
                params![file.0, start, part],
            )?;
            start += length(part);
        }
        Ok(())
    }

    /// Forgets the files of an application that nothing asks for any more: all, or those whose questions are not answered.
    pub(super) fn detach(
        &self,
        application: ApplicationId,
        answered: Option<&Answers>,
    ) -> Result<(), StoreError> {
        let id = *application.as_uuid().as_bytes();
        let attached: Vec<String> = rows(
            self.db,
            "SELECT property FROM attachment WHERE application = ?",
            [id],
            |row| row.get(0),
        )?;
        let is_asked = |property: &String| answered.is_some_and(|all| all.contains_key(property));
        let mut forgotten = attached
            .iter()
            .filter(|property| !is_asked(property))
            .peekable();
        if forgotten.peek().is_none() {
            return Ok(());
        }
        for property in forgotten {
            execute(
                self.db,
                "DELETE FROM attachment WHERE application = ? AND property = ?",
                params![id, property],
            )?;
        }
        Ok(drop_unnamed(self.db)?)
    }
}

/// Forgets what was attached to drafts that were never kept.
pub(super) fn sweep(db: &Connection) -> rusqlite::Result<()> {
    db.execute(
        "DELETE FROM attachment WHERE application NOT IN (SELECT application FROM draft)
           AND application NOT IN (SELECT application FROM outbox)",
        [],
    )?;
    drop_unnamed(db)
}

fn drop_unnamed(db: &Connection) -> rusqlite::Result<()> {
    db.execute(
        "DELETE FROM file WHERE content_hash NOT IN (SELECT content_hash FROM attachment)",
        [],
    )
    .map(drop)
}

fn length(bytes: &[u8]) -> i64 {
    i64::try_from(bytes.len()).unwrap_or(i64::MAX)
}
