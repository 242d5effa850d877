//! Tables `setting` and `signing_key`.

use rusqlite::{OptionalExtension, Row, params};
use uc_model::Secret;

use super::SqliteStore;
use crate::store::{Reply, SettingStore, StoredKey};

impl SettingStore for SqliteStore {
    fn find_setting(&self, name: &'static str) -> Reply<'_, Option<String>> {
        self.read(move |db| {
            let value = db
                .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
                .query_row([name], |row| row.get(0))
                .optional()?;
            Ok(value)
        })
    }

    fn update_setting(&self, name: &'static str, value: String) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![name, value],
            )?;
            Ok(())
        })
    }

    fn list_signing_keys(&self) -> Reply<'_, Vec<StoredKey>> {
        self.read(|db| {
            let mut statement = db.prepare_cached(
                "SELECT kid, pkcs8, created_at FROM signing_key ORDER BY created_at DESC",
            )?;
            let keys = statement.query_map([], signing_key)?;
            Ok(keys.collect::<Result<_, _>>()?)
        })
    }

    fn insert_signing_key(&self, key: StoredKey) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute(
                "INSERT INTO signing_key (kid, pkcs8, created_at) VALUES (?1, ?2, ?3)",
                params![key.kid, key.pkcs8.expose(), key.created_at.as_millisecond()],
            )?;
            Ok(())
        })
    }

    fn delete_signing_key(&self, kid: String) -> Reply<'_, ()> {
        self.write(move |tx| {
            tx.execute("DELETE FROM signing_key WHERE kid = ?1", [kid])?;
            Ok(())
        })
    }
}

fn signing_key(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    Ok(StoredKey {
        kid: row.get(0)?,
        pkcs8: Secret::new(row.get(1)?),
        created_at: super::instant(row.get(2)?),
    })
}
