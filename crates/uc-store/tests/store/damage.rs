//! Files that are not what they were.

use std::{fs, path::Path};

use uc_model::SecretBytes;
use uc_store::{
    OpenError, PublicStore, StoreError, Vault, VaultKey, VaultMark, forget_quarantined,
    move_to_quarantine, remove_database,
};
use uuid::Uuid;

use crate::{
    Profile, catalogue,
    contract::{NAMES, draft, sealed},
    mark, public_key, vault_key,
};

/// A closed vault with 40 queued submissions and a draft.
fn filled() -> (Profile, VaultMark) {
    let profile = Profile::new();
    let vault = profile.create_vault();
    vault
        .write_blocking(|tx| {
            tx.update_draft(&draft(900, 1), NAMES)?;
            (1..=40)
                .try_for_each(|number| tx.insert_outbox_row(&sealed(number, 1), NAMES).map(drop))
        })
        .unwrap();
    let mark = vault.mark();
    drop(vault);
    (profile, mark)
}

fn open(profile: &Profile, mark: VaultMark) -> Result<Vault, OpenError> {
    Vault::open(&profile.vault_path(), &vault_key(), mark)
}

/// Reads every submission; a fault on a page of theirs shows.
fn read_all(vault: &Vault) -> Result<(), StoreError> {
    vault.read_blocking(|view| view.list_outbox().map(drop))
}

/// Whether a page anywhere in the file fails its check.
fn has_bad_page(profile: &Profile) -> bool {
    let db = raw_connection(&profile.vault_path());
    let mut check = db.prepare("PRAGMA cipher_integrity_check").unwrap();
    let mut faults = check.query([]).unwrap();
    faults.next().unwrap().is_some()
}

#[test]
fn st_05_every_flipped_bit_of_the_main_file_is_noticed() {
    let (profile, mark) = filled();
    let path = profile.vault_path();
    let good = fs::read(&path).unwrap();
    read_all(&open(&profile, mark).unwrap()).unwrap();
    assert!(!has_bad_page(&profile));
    for number in 0..120 {
        let place = number * 7919 % good.len();
        let mut bad = good.clone();
        bad[place] ^= 1 << (number % 8);
        fs::write(&path, &bad).unwrap();
        let noticed = match open(&profile, mark) {
            Ok(vault) => match read_all(&vault) {
                Ok(()) => {
                    drop(vault);
                    has_bad_page(&profile)
                }
                Err(error) => matches!(error, StoreError::Damaged),
            },
            Err(error) => matches!(error, OpenError::Damaged),
        };
        assert!(noticed, "byte {place}");
    }
}

#[test]
fn st_06_a_cut_empty_missing_or_foreign_file_never_opens_as_a_fresh_vault() {
    let (profile, mark) = filled();
    let path = profile.vault_path();
    let good = fs::read(&path).unwrap();
    for length in [0, 1, 15, 16, 100, 4096, good.len() / 2, good.len() - 4096] {
        fs::write(&path, &good[..length]).unwrap();
        let refused = match open(&profile, mark) {
            Ok(vault) => read_all(&vault).is_err(),
            Err(error) => matches!(error, OpenError::Damaged),
        };
        assert!(refused, "cut to {length}");
        assert_eq!(
            fs::metadata(&path).unwrap().len(),
            length as u64,
            "left as it was"
        );
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(open(&profile, mark), Err(OpenError::Missing)));
    assert!(!path.exists(), "nothing was made");

    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE mark (generation, high_water); PRAGMA user_version = 1;")
        .unwrap();
    assert!(matches!(open(&profile, mark), Err(OpenError::WrongKey)));
}

#[test]
fn st_07_a_lost_log_is_noticed_and_loses_no_submission() {
    let (profile, mark) = filled();
    let vault = open(&profile, mark).unwrap();
    vault
        .write_blocking(|tx| tx.insert_outbox_row(&sealed(41, 1), NAMES).map(drop))
        .unwrap();
    let path = profile.vault_path();
    let log = path.with_file_name("vault.db-wal");
    assert_eq!(
        fs::metadata(&log).unwrap().len(),
        0,
        "an answered submission is in the main file"
    );
    let copied = profile.folder.path().join("copy.db");
    fs::copy(&path, &copied).unwrap();
    let expected = vault.mark();
    drop(vault);
    let copy = Vault::open(&copied, &vault_key(), expected).unwrap();
    assert_eq!(copy.read_blocking(|view| view.count_outbox()).unwrap(), 41);
}

#[test]
fn st_08_an_old_copy_and_another_generation_are_noticed() {
    let (profile, mark_before) = filled();
    let old = fs::read(profile.vault_path()).unwrap();
    let vault = open(&profile, mark_before).unwrap();
    vault
        .write_blocking(|tx| tx.insert_outbox_row(&sealed(41, 1), NAMES).map(drop))
        .unwrap();
    let mark_after = vault.mark();
    drop(vault);
    fs::write(profile.vault_path(), old).unwrap();
    assert!(matches!(
        open(&profile, mark_after),
        Err(OpenError::Rollback)
    ));
    let stranger = VaultMark {
        generation: Uuid::from_u128(99),
        ..mark_before
    };
    assert!(matches!(open(&profile, stranger), Err(OpenError::Rollback)));
    let saved = Vault::salvage_outbox(&profile.vault_path(), &vault_key());
    assert_eq!(saved.len(), 40);
}

#[test]
fn st_05_what_waits_in_a_vault_from_before_a_migration_is_saved() {
    let (profile, _) = filled();
    let db = raw_connection(&profile.vault_path());
    db.execute_batch("ALTER TABLE outbox DROP COLUMN acting_for")
        .unwrap();
    drop(db);
    let saved = Vault::salvage_outbox(&profile.vault_path(), &vault_key());
    assert_eq!(saved.len(), 40);
    assert!(saved.iter().all(|row| row.sealed.acting_for.is_none()));
}

#[test]
fn st_09_another_key_opens_nothing_and_changes_nothing() {
    let (profile, mark) = filled();
    let before = fs::read(profile.vault_path()).unwrap();
    let stranger = VaultKey {
        key: SecretBytes::new([8; 32]),
        salt: [9; 16],
    };
    let refused = Vault::open(&profile.vault_path(), &stranger, mark);
    assert!(matches!(refused, Err(OpenError::WrongKey)));
    assert!(Vault::salvage_outbox(&profile.vault_path(), &stranger).is_empty());
    assert_eq!(fs::read(profile.vault_path()).unwrap(), before);
    open(&profile, mark).unwrap();
}

#[test]
fn st_12_links_are_not_followed_and_files_are_the_owners_alone() {
    let (profile, expected) = filled();
    let link = profile.folder.path().join("link.db");
    std::os::unix::fs::symlink(profile.vault_path(), &link).unwrap();
    assert!(matches!(
        Vault::open(&link, &vault_key(), expected),
        Err(OpenError::SymbolicLink)
    ));
    assert!(matches!(
        Vault::create(&link, &vault_key(), mark(0)),
        Err(OpenError::SymbolicLink)
    ));
    let mode = |path: &Path| {
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(path).unwrap().permissions()) & 0o777
    };
    let _open = open(&profile, expected).unwrap();
    let path = profile.vault_path();
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["vault.db", "vault.db-wal", "vault.db-shm", "vault.db.lock"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[test]
fn st_12_a_vault_is_made_once() {
    let (profile, expected) = filled();
    let again = Vault::create(&profile.vault_path(), &vault_key(), mark(0));
    assert!(matches!(again, Err(OpenError::Exists)));
    open(&profile, expected).unwrap();
}

#[test]
fn st_16_a_newer_schema_is_refused_and_kept() {
    let (profile, expected) = filled();
    let raw = raw_connection(&profile.vault_path());
    raw.execute_batch(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (99, 'future', '2030-01-01T00:00:00Z', '1')",
    )
    .unwrap();
    drop(raw);
    assert!(matches!(open(&profile, expected), Err(OpenError::Newer)));
    assert!(profile.vault_path().exists());
}

pub(crate) fn raw_connection(path: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(path).unwrap();
    let hex = format!("{}{}", "03".repeat(32), "04".repeat(16));
    db.execute_batch(&format!(
        "PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_hmac_algorithm = HMAC_SHA256;"
    ))
    .unwrap();
    db
}

#[test]
fn st_05_a_damaged_catalogue_is_made_anew() {
    let profile = Profile::new();
    let store = profile.open_public();
    catalogue::fill(&store, catalogue::synthetic(20));
    drop(store);
    let mut bytes = fs::read(profile.public_path()).unwrap();
    bytes[2000] ^= 1;
    fs::write(profile.public_path(), bytes).unwrap();
    let store = profile.open_public();
    assert!(store.was_rebuilt());
    assert_eq!(
        store.read_blocking(|view| view.count_services()).unwrap(),
        0
    );
    drop(store);
    let other = PublicStore::open(&profile.public_path(), &SecretBytes::new([77; 32])).unwrap();
    assert!(other.was_rebuilt());
    drop(other);
    fs::write(profile.public_path(), b"").unwrap();
    assert!(
        PublicStore::open(&profile.public_path(), &public_key())
            .unwrap()
            .was_rebuilt()
    );
}

#[test]
fn a_damaged_vault_is_set_aside_still_encrypted() {
    let (profile, expected) = filled();
    let path = profile.vault_path();
    let before = fs::read(&path).unwrap();
    let aside = move_to_quarantine(&path, "2026-01-01").unwrap();
    assert!(matches!(open(&profile, expected), Err(OpenError::Missing)));
    assert_eq!(fs::read(&aside).unwrap(), before);
    let vault = profile.create_vault();
    let salvaged = Vault::salvage_outbox(&aside, &vault_key());
    assert_eq!(salvaged.len(), 40);
    vault
        .write_blocking(move |tx| {
            salvaged
                .iter()
                .try_for_each(|row| tx.restore_outbox_row(row, NAMES))
        })
        .unwrap();
    assert_eq!(vault.read_blocking(|view| view.count_outbox()).unwrap(), 40);
    drop(vault);
    let later = move_to_quarantine(&path, "2026-01-01").unwrap();
    assert_ne!(later, aside);

    forget_quarantined(&path, "2026-01-01").unwrap();
    assert!(aside.exists() && later.exists());
    forget_quarantined(&path, "2026-01-02").unwrap();
    assert!(!aside.exists() && !later.exists());
}

#[test]
fn a_removed_vault_leaves_no_file() {
    let (profile, _) = filled();
    remove_database(&profile.vault_path()).unwrap();
    remove_database(&profile.vault_path()).unwrap();
    let left: Vec<_> = fs::read_dir(profile.vault_path().parent().unwrap())
        .unwrap()
        .collect();
    assert!(left.is_empty(), "{left:?}");
    assert!(matches!(open(&profile, mark(0)), Err(OpenError::Missing)));
}

#[test]
fn st_11_a_second_process_is_refused_while_the_first_has_the_vault() {
    let profile = Profile::new();
    let vault = profile.create_vault();
    let again = Vault::open(&profile.vault_path(), &vault_key(), mark(0));
    assert!(matches!(again, Err(OpenError::Locked)));
    drop(vault);
    Vault::open(&profile.vault_path(), &vault_key(), mark(0)).unwrap();
}
