//! Opening connections: key first, then the PRAGMAs, then the schema.

use std::{io, path::Path};

use rusqlite::{
    Connection, OpenFlags,
    config::DbConfig,
    hooks::{AuthAction, AuthContext, Authorization},
};

use crate::data_dir::{DataKey, hex};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Why the database does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The database refused: damaged, or of another key.
    #[error("cannot open the database")]
    Database(#[from] rusqlite::Error),
    /// The schema cannot be brought up to date.
    #[error("cannot migrate the database")]
    Migration(#[from] Box<refinery::Error>),
    /// No thread for a connection.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

/// `synchronous=FULL`: what was answered survives loss of power. `temp_store=MEMORY`: nothing plain on disk.
const PRAGMAS: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA mmap_size = 0;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA busy_timeout = 5000;
";

/// 16 MiB each: a page that left the cache is decrypted again, and one that many pieces of work share is moved into the
/// database once.
const PRAGMAS_OF_THE_WRITER: &str = "
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 4096;
";

/// Pages are checked by HMAC-SHA-256, which today's processors compute by themselves; of SQLCipher's own choice, SHA-512,
/// few do.
const CHECKS: &str = "PRAGMA cipher_hmac_algorithm = HMAC_SHA256;";

/// Compiled statements that a connection keeps: more than there are.
const STATEMENTS: usize = 256;

/// The one connection that writes, with an up-to-date schema.
pub(super) fn writer(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    let mut connection = open(path, key)?;
    embedded::migrations::runner()
        .run(&mut connection)
        .map_err(Box::new)?;
    connection.execute_batch(PRAGMAS_OF_THE_WRITER)?;
    confine(&mut connection)?;
    Ok(connection)
}

/// A connection that cannot write.
pub(super) fn reader(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    let mut connection = open(path, key)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    confine(&mut connection)?;
    Ok(connection)
}

/// A connection that may write to a database that there is, and leaves its schema as it is; a portal may be using it.
pub(super) fn guest(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = unlock(path, key, flags)?;
    connection.execute_batch(PRAGMAS)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    confine(&mut connection)?;
    Ok(connection)
}

/// A connection that cannot write, to a database that there is; another process may be using it.
pub(super) fn bystander(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut connection = unlock(path, key, flags)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA busy_timeout = 5000;")?;
    confine(&mut connection)?;
    Ok(connection)
}

fn open(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = unlock(path, key, flags)?;
    connection.execute_batch(PRAGMAS)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(connection)
}

fn unlock(path: &Path, key: &DataKey, flags: OpenFlags) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(path, flags)?;
    let raw = hex(key.expose());
    let statement = zeroize::Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", raw.as_str()));
    connection.execute_batch(&statement)?;
    connection.execute_batch(CHECKS)?;
    Ok(connection)
}

/// No other database, no extension: a statement that asks for them does not compile.
fn confine(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.authorizer(Some(|context: AuthContext<'_>| {
        let forbidden = matches!(
            context.action,
            AuthAction::Attach { .. }
                | AuthAction::Detach { .. }
                | AuthAction::Function {
                    function_name: "load_extension"
                }
        );
        if forbidden {
            Authorization::Deny
        } else {
            Authorization::Allow
        }
    }))
}
