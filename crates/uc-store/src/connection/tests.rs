use uc_model::SecretBytes;

use super::*;
use crate::file;

fn connection(durability: Durability) -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = file::settle(&folder.path().join("a.db")).unwrap();
    file::create_private(&path).unwrap();
    let key = SecretBytes::new([1; 32]);
    let db = open(&path, &RawKey::SaltInFile(&key), durability).unwrap();
    (folder, db)
}

fn check_pragmas(durability: Durability, synchronous: i64) {
    let (_folder, db) = connection(durability);
    for (pragma, expected) in [
        ("synchronous", synchronous),
        ("busy_timeout", 5000),
        ("temp_store", 2),
        ("mmap_size", 0),
        ("trusted_schema", 0),
        ("cell_size_check", 1),
        ("foreign_keys", 1),
        ("secure_delete", 1),
    ] {
        let found: i64 = db
            .query_row(&format!("PRAGMA {pragma}"), [], |row| row.get(0))
            .unwrap();
        assert_eq!(found, expected, "{pragma}");
    }
    let mode: String = db
        .query_row("PRAGMA journal_mode", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    assert!(db.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE).unwrap());
}

#[test]
fn a_connection_is_set_up_as_decided() {
    check_pragmas(Durability::Full, 2);
    check_pragmas(Durability::Normal, 1);
}

#[test]
fn st_14_attaching_extensions_pragmas_and_the_schema_are_out_of_reach() {
    let (_folder, mut db) = connection(Durability::Full);
    db.execute_batch("CREATE TABLE kept (a)").unwrap();
    confine(&mut db).unwrap();
    for sql in [
        "ATTACH ':memory:' AS other",
        "SELECT load_extension('x')",
        "PRAGMA writable_schema = ON",
        "PRAGMA key = 'x'",
        "PRAGMA secure_delete = OFF",
        "DROP TABLE kept",
        "CREATE TABLE more (a)",
        "CREATE TEMP TABLE more (a)",
        "CREATE TRIGGER t AFTER INSERT ON kept BEGIN SELECT 1; END",
    ] {
        assert!(db.execute_batch(sql).is_err(), "{sql}");
    }
    db.execute_batch("INSERT INTO kept VALUES (1); PRAGMA wal_checkpoint(TRUNCATE)")
        .unwrap();
}

#[test]
fn a_reader_cannot_write() {
    let (_folder, mut db) = connection(Durability::Full);
    db.execute_batch("CREATE TABLE kept (a)").unwrap();
    confine_to_reading(&mut db).unwrap();
    assert!(db.execute_batch("INSERT INTO kept VALUES (1)").is_err());
}
