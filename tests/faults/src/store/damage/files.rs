//! The vault's own files.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use rand::rngs::StdRng;

use super::{Damaged, Outcome, damage};
use crate::store::ledger::{self, Content};

/// Steps that a damaged vault had answered for; the last is one of the portal's, so that the log holds something.
const STEPS: u64 = 60;

/// Whether a fresh vault in the place of a full one, with its key and mark, is seen for what it is.
pub(super) fn finds_fresh_start() -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("vault.db");
    drop(ledger::create_empty_after(&path, STEPS)?);
    Ok(outcome(&path, |content| content.keeps_own(STEPS)) == Outcome::Silent)
}

/// The main file of a closed vault.
pub(super) fn main_file(trials: u32, rng: &mut StdRng) -> Result<Damaged> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("vault.db");
    let vault = ledger::create(&path)?;
    take_steps(&vault, STEPS)?;
    drop(vault);
    let good = fs::read(&path)?;
    let mut damaged = Damaged::of("main file");
    for _ in 0..trials {
        let mut bad = good.clone();
        damage(&mut bad, rng);
        lay(&path, &bad, None)?;
        damaged.count(outcome(&path, |content| *content == Content::after(STEPS)));
    }
    Ok(damaged)
}

/// The log of a vault whose process was killed.
pub(super) fn log(trials: u32, rng: &mut StdRng) -> Result<Damaged> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("vault.db");
    let vault = ledger::create(&path)?;
    take_steps(&vault, STEPS)?;
    let main = fs::read(&path)?;
    let log = fs::read(path.with_file_name("vault.db-wal"))?;
    drop(vault);
    anyhow::ensure!(!log.is_empty(), "the log is empty");
    let mut damaged = Damaged::of("log");
    for _ in 0..trials {
        let mut bad = log.clone();
        damage(&mut bad, rng);
        lay(&path, &main, Some(&bad))?;
        damaged.count(outcome(&path, |content| content.keeps_own(STEPS)));
    }
    Ok(damaged)
}

fn take_steps(vault: &uc_store::Vault, steps: u64) -> Result<()> {
    for step in 1..=steps {
        let taken = vault.write_blocking(move |tx| ledger::act(tx, step));
        taken.context("a step")?;
    }
    Ok(())
}

fn lay(path: &Path, main: &[u8], log: Option<&[u8]>) -> Result<()> {
    for companion in ["vault.db-wal", "vault.db-shm"] {
        let _absent = fs::remove_file(path.with_file_name(companion));
    }
    fs::write(path, main)?;
    if let Some(log) = log {
        fs::write(path.with_file_name("vault.db-wal"), log)?;
    }
    Ok(())
}

/// A page that nothing reads is found by the check of all pages.
fn outcome(path: &Path, is_whole: impl FnOnce(&Content) -> bool) -> Outcome {
    let content = match ledger::open(path, STEPS).map(|vault| Content::of(&vault)) {
        Err(_) | Ok(Err(_)) => return Outcome::Noticed,
        Ok(Ok(content)) => content,
    };
    let is_sound = ledger::check(path).is_ok_and(|faults| faults.is_empty());
    match (is_whole(&content), is_sound) {
        (true, true) => Outcome::Harmless,
        (_, false) => Outcome::Noticed,
        (false, true) => Outcome::Silent,
    }
}
