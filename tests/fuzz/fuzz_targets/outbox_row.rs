//! A row of the outbox, as a damaged or foreign vault may hold it: read, or refused as a whole.

#![no_main]

use std::sync::Mutex;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use rusqlite::{Connection, params};
use tempfile::TempDir;
use uc_model::SecretBytes;
use uc_store::{Vault, VaultKey, VaultMark};

const KEY: [u8; 32] = [7; 32];
const SALT: [u8; 16] = [3; 16];

fuzz_target!(|bytes: &[u8]| {
    static OPEN: OnceLock<Mutex<(Vault, Connection, TempDir)>> = OnceLock::new();
    let held = OPEN
        .get_or_init(|| Mutex::new(open()))
        .lock()
        .expect("nobody panicked");
    let (vault, db, _) = &*held;
    write(db, bytes);
    let _ = vault.read_blocking(|view| view.list_outbox().map(drop));
});

/// Any bytes in any column: texts from the pieces, numbers from the head.
fn write(db: &Connection, bytes: &[u8]) {
    let (numbers, texts) = bytes.split_at(bytes.len().min(32));
    let number = |place: usize| {
        let mut eight = [0; 8];
        for (to, from) in eight.iter_mut().zip(numbers.iter().skip(place * 8)) {
            *to = *from;
        }
        i64::from_le_bytes(eight)
    };
    let mut texts = texts.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let mut text = || texts.next().unwrap_or_default().into_owned();
    db.execute("DELETE FROM outbox", [])
        .expect("an empty outbox");
    let _ = db.execute(
        "INSERT INTO outbox (idempotency_key, application, service, person, form_version, submission, state, attempts,
           sealed_at, next_at, answers, fingerprint, acting_for)
         VALUES (zeroblob(16), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, zeroblob(32), ?)",
        params![
            text().into_bytes(), text(), text(), number(0), number(1), text(), number(2), number(3), number(0), text(), text(),
        ],
    );
}

fn open() -> (Vault, Connection, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("vault.db");
    let key = VaultKey {
        key: SecretBytes::new(KEY),
        salt: SALT,
    };
    let vault = Vault::create(
        &path,
        &key,
        VaultMark {
            generation: uuid::Uuid::nil(),
            high_water: 0,
        },
    )
    .expect("a vault");
    let db = Connection::open(&path).expect("the same file");
    let hex: String = KEY
        .iter()
        .chain(&SALT)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect();
    db.execute_batch(&format!(
        "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256; PRAGMA synchronous = OFF;"
    ))
    .expect("the key");
    (vault, db, folder)
}
