//! What can go wrong with a store.

use rusqlite::ErrorCode;

/// Why a store was not opened. Nothing was changed on disk.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("the store does not exist")]
    Missing,
    /// A file is there where a new store was to be made.
    #[error("the store exists already")]
    Exists,
    /// The file is this store's, and its content fails its checks.
    #[error("the store is damaged")]
    Damaged,
    /// The file belongs to another key.
    #[error("the store has another key")]
    WrongKey,
    /// The file is older than what the key bundle remembers, or of another generation.
    #[error("the store was rolled back")]
    Rollback,
    /// A newer version of the product wrote it.
    #[error("the store is of a newer version")]
    Newer,
    /// Another process has it open.
    #[error("the store is in use")]
    Locked,
    /// The device is full or the folder cannot be written.
    #[error("no space for the store")]
    NoSpace,
    /// A symbolic link stands in the store's place.
    #[error("the store's path is a symbolic link")]
    SymbolicLink,
    /// Anything else of the file system.
    #[error("the store's file cannot be used")]
    Io(#[source] std::io::Error),
    /// Anything else of the database.
    #[error("the store cannot be opened")]
    Sql(#[source] rusqlite::Error),
    /// A migration failed; the store is as it was before it.
    #[error("the store cannot be migrated")]
    Migration(#[source] Box<refinery::Error>),
}

/// Why a read or a transaction failed. A failed transaction changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was to be loaded is not there.
    #[error("not in the store")]
    Absent,
    /// A cursor that no page of this store has given out.
    #[error("not a cursor of this store")]
    BadCursor,
    /// The device is full.
    #[error("no space for the store")]
    NoSpace,
    /// A page fails its check.
    #[error("the store is damaged")]
    Damaged,
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
    /// A stored value is not what its column says.
    #[error("a stored value cannot be read")]
    Content,
    /// Anything else of the database.
    #[error("the store failed")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest of another crate's conditions is one to us"
    )]
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::NoSpace,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => match error {
                rusqlite::Error::QueryReturnedNoRows => Self::Absent,
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Content,
                other => Self::Sql(other),
            },
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(_: serde_json::Error) -> Self {
        Self::Content
    }
}

impl OpenError {
    /// The condition that a code of SQLite stands for, where it is one of ours.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the other codes of SQLite are none of ours"
    )]
    pub(crate) fn of_code(code: ErrorCode) -> Option<Self> {
        match code {
            ErrorCode::DiskFull | ErrorCode::ReadOnly => Some(Self::NoSpace),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Self::Damaged),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Some(Self::Locked),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        error
            .sqlite_error_code()
            .and_then(Self::of_code)
            .unwrap_or(Self::Sql(error))
    }
}

impl From<std::io::Error> for OpenError {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest of the system's conditions is one to us"
    )]
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::PermissionDenied => Self::NoSpace,
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::AlreadyExists => Self::Exists,
            _ => Self::Io(error),
        }
    }
}
