//! Which vault this is, and how far it got: what shows a vault that was rolled back or lost its log.

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::VaultTx;
use crate::{OpenError, StoreError, value::row};

/// What the key bundle remembers of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultMark {
    /// Chosen when the vault was made.
    pub generation: Uuid,
    /// Changes of the outbox so far.
    pub high_water: u64,
}

impl VaultMark {
    /// The vault that `remembered` tells of, no older. It may be newer: the bundle is written after it.
    #[must_use]
    pub fn is_at_least(self, remembered: Self) -> bool {
        self.generation == remembered.generation && self.high_water >= remembered.high_water
    }
}

pub(super) fn create(db: &Connection, mark: VaultMark) -> Result<(), OpenError> {
    db.execute(
        "INSERT INTO mark (only_row, generation, high_water) VALUES (1, ?, ?)",
        params![
            mark.generation.hyphenated().to_string(),
            mark.high_water.cast_signed()
        ],
    )?;
    Ok(())
}

/// A vault without a mark lost its rows.
pub(super) fn load(db: &Connection) -> Result<VaultMark, OpenError> {
    let found = row(db, "SELECT generation, high_water FROM mark", [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
    });
    match found {
        Ok((generation, high_water)) => Ok(VaultMark {
            generation: Uuid::try_parse(&generation).map_err(|_| OpenError::Damaged)?,
            high_water: high_water.cast_unsigned(),
        }),
        Err(StoreError::Sql(error)) => Err(error.into()),
        Err(_) => Err(OpenError::Damaged),
    }
}

impl VaultTx<'_> {
    /// Counts a change of the outbox, once in a transaction.
    pub(super) fn raise_mark(&self) -> Result<(), StoreError> {
        self.settle();
        if self.reached.get().is_none() {
            let reached: i64 = row(
                self.db,
                "UPDATE mark SET high_water = high_water + 1 RETURNING high_water",
                [],
                |row| row.get(0),
            )?;
            self.reached.set(Some(reached.cast_unsigned()));
        }
        Ok(())
    }
}
