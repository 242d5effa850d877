//! Migrations: append-only, told apart by their hash.

use refinery::{Runner, error::Kind};
use rusqlite::Connection;

use crate::OpenError;

pub(crate) mod public {
    refinery::embed_migrations!("migrations/public");
}

pub(crate) mod vault {
    refinery::embed_migrations!("migrations/vault");
}

/// Brings the schema up to date, each step in one transaction.
pub(crate) fn run(runner: &Runner, db: &mut Connection) -> Result<(), OpenError> {
    match runner.run(db) {
        Ok(_) => Ok(()),
        Err(error) => Err(classify(error)),
    }
}

fn classify(error: refinery::Error) -> OpenError {
    if matches!(
        error.kind(),
        Kind::MissingVersion(_) | Kind::DivergentVersion(..)
    ) {
        return OpenError::Newer;
    }
    let known = match error.kind() {
        Kind::Connection(_, source) => source
            .downcast_ref::<rusqlite::Error>()
            .and_then(rusqlite::Error::sqlite_error_code)
            .and_then(OpenError::of_code),
        Kind::InvalidName
        | Kind::InvalidVersion
        | Kind::RepeatedVersion(_)
        | Kind::DivergentVersion(..)
        | Kind::MissingVersion(_)
        | Kind::InvalidMigrationPath(..)
        | Kind::ConfigError(_)
        | Kind::InvalidMigrationFile(..) => None,
    };
    known.unwrap_or_else(|| OpenError::Migration(Box::new(error)))
}
