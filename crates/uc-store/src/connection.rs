//! One connection, set up before anything else touches it.

use std::path::Path;

use rusqlite::{
    Connection, OpenFlags,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::key::RawKey;

/// How far a commit must have got when it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The log is synced on every commit.
    Full,
    /// The log is synced at checkpoints: a power cut may lose the last commits, never the order.
    Normal,
}

impl Durability {
    const fn pragma(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }

    /// Pages of 4 KiB in the log before they are moved into the main file. What is synced at that moment alone waits
    /// longer: pages that many commits change are moved once.
    const fn log_pages(self) -> u32 {
        match self {
            Self::Full => 1_000,
            Self::Normal => 4_000,
        }
    }
}

/// Statements kept prepared on each connection.
const PREPARED: usize = 64;
/// How often a key is given.
const KEY_TRIES: u32 = 5;

/// Opens an existing file with its key and pragmas. The first page is read, so a wrong key shows here.
pub(crate) fn open(
    path: &Path,
    key: &RawKey<'_>,
    durability: Durability,
) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let db = open_keyed(path, flags, key)?;
    db.execute_batch(&format!(
        "PRAGMA cipher_log_level = NONE;
         PRAGMA busy_timeout = 5000;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = {};
         PRAGMA wal_autocheckpoint = {};
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA cache_size = -8000;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;",
        durability.pragma(),
        durability.log_pages(),
    ))?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_prepared_statement_cache_capacity(PREPARED);
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(db)
}

/// The library's cipher starts with the first key in the process; keys given at the same moment by other threads can
/// be refused, and are taken when given again.
fn open_keyed(path: &Path, flags: OpenFlags, key: &RawKey<'_>) -> rusqlite::Result<Connection> {
    let mut tries = 1;
    loop {
        let db = Connection::open_with_flags(path, flags)?;
        match db.execute_batch(key.pragma().expose()) {
            Ok(()) => return Ok(db),
            Err(error) if tries == KEY_TRIES => return Err(error),
            Err(_) => tries += 1,
        }
    }
}

/// Ends set-up: from here on only rows are read and written.
pub(crate) fn confine(db: &mut Connection) -> rusqlite::Result<()> {
    db.authorizer(Some(authorize))
}

/// As [`confine`], and rows are only read.
pub(crate) fn confine_to_reading(db: &mut Connection) -> rusqlite::Result<()> {
    db.execute_batch("PRAGMA query_only = ON;")?;
    confine(db)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what is not known to be harmless is refused"
)]
fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Select
        | AuthAction::Read { .. }
        | AuthAction::Insert { .. }
        | AuthAction::Update { .. }
        | AuthAction::Delete { .. }
        | AuthAction::Transaction { .. }
        | AuthAction::Savepoint { .. }
        | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Pragma { pragma_name, .. }
            if pragma_name == "wal_checkpoint" || pragma_name == "data_version" =>
        {
            Authorization::Allow
        }
        AuthAction::Function { function_name } if function_name != "load_extension" => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }
}

#[cfg(test)]
mod tests;
