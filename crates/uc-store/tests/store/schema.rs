//! The schema as migrations make it, and the library under it.

use rusqlite::Connection;

use crate::{Profile, damage::raw_connection};

fn schema(db: &Connection) -> String {
    db.prepare("SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search_%' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap()
        .map(Result::unwrap)
        .collect::<Vec<_>>()
        .join("\n\n")
}

#[test]
fn migrations_make_the_schema_that_is_written_down() {
    let profile = Profile::new();
    drop(profile.create_vault());
    insta::assert_snapshot!("vault", schema(&raw_connection(&profile.vault_path())));
    drop(profile.open_public());
    let db = Connection::open(profile.public_path()).unwrap();
    db.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;",
        "05".repeat(32)
    ))
    .unwrap();
    insta::assert_snapshot!("public", schema(&db));
}

#[test]
fn sqlite_is_new_enough_to_keep_what_it_is_given() {
    let version = rusqlite::version_number();
    assert!(
        version >= 3_051_003,
        "the WAL-reset fault was mended in 3.51.3, this is {version}"
    );
    let profile = Profile::new();
    drop(profile.create_vault());
    let cipher: String = raw_connection(&profile.vault_path())
        .query_row("PRAGMA cipher_version", [], |row| row.get(0))
        .unwrap();
    assert!(cipher.starts_with("4."), "{cipher}");
}
