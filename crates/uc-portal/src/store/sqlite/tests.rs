use jiff::Timestamp;

use super::*;
use crate::{data_dir::DATA_KEY_BYTES, store::SettingStore};

fn key(byte: u8) -> DataKey {
    DataKey::new([byte; DATA_KEY_BYTES])
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("portal.db");
    let store = SqliteStore::open(&path, &key(1)).unwrap();
    store.update_setting("a", "1".into()).await.unwrap();
    drop(store);
    let store = SqliteStore::open(&path, &key(1)).unwrap();
    assert_eq!(store.find_setting("a").await.unwrap().as_deref(), Some("1"));
    store.check().await.unwrap();
}

#[tokio::test]
async fn another_key_does_not_open_it() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("portal.db");
    drop(SqliteStore::open(&path, &key(1)).unwrap());
    assert!(SqliteStore::open(&path, &key(2)).is_err());
}

#[tokio::test]
async fn sqlite_is_free_of_the_wal_reset_fault() {
    let root = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&root.path().join("portal.db"), &key(1)).unwrap();
    let facts: (String, String, String, i64) = store
        .read(|db| {
            let version = db.query_row("SELECT sqlite_version()", [], |row| row.get(0))?;
            let cipher = db.query_row("PRAGMA cipher_version", [], |row| row.get(0))?;
            let journal = db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
            let synchronous = db.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
            Ok((version, cipher, journal, synchronous))
        })
        .await
        .unwrap();
    let version: Vec<u32> = facts
        .0
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect();
    assert!(version >= vec![3, 51, 3], "{version:?}");
    assert!(!facts.1.is_empty());
    assert_eq!((facts.2.as_str(), facts.3), ("wal", 2));
}

#[tokio::test]
async fn no_other_database_can_be_attached() {
    let root = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&root.path().join("portal.db"), &key(1)).unwrap();
    let attached = store.write(|tx| Ok(tx.execute("ATTACH ':memory:' AS other", [])?));
    assert!(attached.await.is_err());
}

#[tokio::test]
async fn a_failed_piece_of_work_undoes_itself_alone() {
    let root = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&root.path().join("portal.db"), &key(1)).unwrap();
    let failed = store.write::<()>(|tx| {
        tx.execute("INSERT INTO setting VALUES ('lost', '')", [])?;
        Err(StoreError::Malformed("test"))
    });
    let panicked = store.write::<()>(|_| panic!("a fault of the work"));
    let kept = store.update_setting("kept", Timestamp::UNIX_EPOCH.to_string());
    assert!(failed.await.is_err());
    assert!(panicked.await.is_err());
    kept.await.unwrap();
    assert_eq!(store.find_setting("lost").await.unwrap(), None);
    assert!(store.find_setting("kept").await.unwrap().is_some());
}

#[tokio::test]
async fn the_file_holds_nothing_readable() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("portal.db");
    let store = SqliteStore::open(&path, &key(1)).unwrap();
    let marker = "marker-of-personal-data";
    store.update_setting("a", marker.into()).await.unwrap();
    for name in ["portal.db", "portal.db-wal"] {
        let bytes = std::fs::read(root.path().join(name)).unwrap();
        let found = bytes
            .windows(marker.len())
            .any(|part| part == marker.as_bytes());
        assert!(!found, "{name}");
    }
}
