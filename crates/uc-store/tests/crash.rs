//! Processes that end in the middle of their work.
//!
//! A binary of its own: a process being started holds copies of its parent's files for a moment, and with them the
//! locks of stores that other tests open.

#![expect(clippy::unwrap_used, reason = "a helper's fault is the test's")]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a path to a method of a view reads worse"
)]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use jiff::Timestamp;
use serde_json::json;
use uc_model::{Answers, ApplicationId, IdempotencyKey, SecretBytes};
use uc_store::{Sealed, Vault, VaultKey, VaultMark};
use uuid::Uuid;

const GENERATION: Uuid = Uuid::from_u128(7);
const NAMES: (&str, &str) = ("Замена паспорта", "МВД России");

fn vault_key() -> VaultKey {
    VaultKey {
        key: SecretBytes::new([3; 32]),
        salt: [4; 16],
    }
}

fn mark(high_water: u64) -> VaultMark {
    VaultMark {
        generation: GENERATION,
        high_water,
    }
}

fn sealed(number: u128) -> Sealed {
    Sealed {
        key: IdempotencyKey::new(Uuid::from_u128(number + 1_000_000)),
        application: ApplicationId::new(Uuid::from_u128(number)),
        service: "passport-replacement".parse().unwrap(),
        person: "person-1".parse().unwrap(),
        form_version: 1,
        submission: 1,
        acting_for: None,
        answers: Answers::from_iter([("reason".to_owned(), json!("age"))]),
        fingerprint: [9; 32],
        sealed_at: Timestamp::UNIX_EPOCH,
    }
}

const FOLDER: &str = "STORE_CRASH_FOLDER";

/// Not a test of its own: when the folder is named, seals submissions without end and prints each that was answered.
#[test]
fn helper_that_seals_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let path = Path::new(&folder).join("vault.db");
    let vault = Vault::open(&path, &vault_key(), mark(0)).unwrap();
    let begun = vault.read_blocking(|view| view.count_outbox()).unwrap();
    for number in u128::from(begun) + 1.. {
        vault
            .write_blocking(move |tx| tx.insert_outbox_row(&sealed(number), NAMES).map(drop))
            .unwrap();
        let line = format!("sealed {number}\n");
        std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()).unwrap();
    }
}

#[test]
fn st_01_no_answered_submission_is_lost_to_sigkill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    drop(Vault::create(&path, &vault_key(), mark(0)).unwrap());
    let mut answered = 0;
    for round in 1..=12 {
        let mut helper = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "helper_that_seals_until_it_is_killed",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(helper.stderr.take().unwrap()).lines();
        for _ in 0..round * 3 {
            answered = number(&lines.next().unwrap().unwrap());
        }
        helper.kill().unwrap();
        helper.wait().unwrap();
        answered = lines
            .map_while(Result::ok)
            .map(|line| number(&line))
            .last()
            .unwrap_or(answered);

        let vault = Vault::open(&path, &vault_key(), mark(answered)).unwrap();
        let rows = vault.read_blocking(|view| view.list_outbox()).unwrap();
        let kept = rows.len() as u64;
        assert!(
            kept == answered || kept == answered + 1,
            "{kept} kept, {answered} answered"
        );
        for (place, row) in rows.iter().enumerate() {
            assert_eq!(row.sealed, sealed(place as u128 + 1));
        }
    }
    assert!(answered >= 12 * 3);
}

fn number(line: &str) -> u64 {
    line.strip_prefix("sealed ").unwrap().parse().unwrap()
}

const NEW_FOLDER: &str = "STORE_NEW_FOLDER";

/// Not a test of its own: when the folder is named, makes a vault there.
#[test]
fn helper_that_makes_a_vault() {
    if let Some(folder) = std::env::var_os(NEW_FOLDER) {
        let path = Path::new(&folder).join("vault.db");
        drop(Vault::create(&path, &vault_key(), mark(0)).unwrap());
    }
}

/// Kills a helper so many turns after the first file of its vault is there; whether there is a vault now.
fn make_and_kill(folder: &Path, turns: u32) -> bool {
    let mut helper = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "helper_that_makes_a_vault"])
        .env(NEW_FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let begun = || fs::read_dir(folder).unwrap().count() > 1;
    while !begun() && helper.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    for _ in 0..turns {
        std::thread::yield_now();
    }
    helper.kill().unwrap();
    helper.wait().unwrap();
    folder.join("vault.db").exists()
}

#[test]
fn st_02_a_vault_whose_making_was_cut_is_none_or_whole() {
    let mut ends = [0; 2];
    for round in 0..60 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.db");
        let is_there = make_and_kill(folder.path(), round * 1_000);
        ends[usize::from(is_there)] += 1;
        let vault = if is_there {
            Vault::open(&path, &vault_key(), mark(0))
        } else {
            // What a cut making left behind is in nobody's way.
            Vault::create(&path, &vault_key(), mark(0))
        };
        assert!(vault.is_ok(), "round {round}: {vault:?}");
    }
    assert!(ends[0] > 0, "no kill came in time: {ends:?}");
}
