//! What follows the person between devices, as it was last agreed on.

use rusqlite::{Row, params};
use uc_model::Answers;

use super::{VaultTx, VaultView};
use crate::{
    StoreError,
    value::{execute, find, read_json, rows},
};

/// A version that this device and the portal both know.
#[derive(Debug, Clone, PartialEq)]
pub struct Agreed {
    /// The record's name at the portal.
    pub id: String,
    /// The portal's revision.
    pub revision: u64,
    /// The fields; absent where it was given up.
    pub fields: Option<Answers>,
}

const COLUMNS: &str = "SELECT id, revision, fields FROM roaming";

impl VaultView<'_> {
    /// The version of a record that was last agreed on.
    pub fn find_agreed(&self, id: &str) -> Result<Option<Agreed>, StoreError> {
        find(self.db, &format!("{COLUMNS} WHERE id = ?"), [id], read)
    }

    /// All of them.
    pub fn list_agreed(&self) -> Result<Vec<Agreed>, StoreError> {
        rows(self.db, COLUMNS, [], read)
    }
}

impl VaultTx<'_> {
    /// Keeps what was agreed on.
    pub fn update_agreed(&self, agreed: &Agreed) -> Result<(), StoreError> {
        let fields = agreed.fields.as_ref().map(serde_json::to_string);
        execute(
            self.db,
            "INSERT OR REPLACE INTO roaming (id, revision, fields) VALUES (?, ?, ?)",
            params![
                agreed.id,
                agreed.revision.cast_signed(),
                fields.transpose()?
            ],
        )
        .map(drop)
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Agreed> {
    Ok(Agreed {
        id: row.get(0)?,
        revision: row.get::<_, i64>(1)?.cast_unsigned(),
        fields: match row.get::<_, Option<String>>(2)? {
            Some(_) => Some(read_json(row, 2)?),
            None => None,
        },
    })
}
