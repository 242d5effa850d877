//! A disk that is full (ST-04): at each write in turn. The store says so in its own word, shows what it has, and goes on when there is
//! room again.

use anyhow::{Result, ensure};
use serde::Serialize;
use uc_store::{StoreError, Vault};

use super::{
    ledger::{self, Content},
    recorder::Recorder,
};
use crate::report::say;

/// Steps that a vault takes.
const STEPS: u64 = 6;
/// More writes than they take.
const MOST_WRITES: u64 = 10_000;

/// What came of full disks.
#[derive(Debug, Default, Serialize)]
pub(super) struct FullDisks {
    /// Writes at which the disk was full.
    pub(super) moments: u32,
    /// What was answered and is not there, or was not taken when there was room again.
    lost: u32,
    corrupt: u32,
    /// Refusals that did not say why.
    unclear: u32,
}

impl FullDisks {
    /// What must not happen.
    pub(super) const fn faults(&self) -> u32 {
        self.lost + self.corrupt + self.unclear
    }
}

/// What the one who writes does with a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Writer {
    /// Tries again when there is room.
    Careful,
    /// Takes it for an answer: the planted bug.
    Deaf,
}

/// The disk is full at the first write, the second, and so on, until all of them fit.
pub(super) fn run() -> Result<FullDisks> {
    let planted = fill(Writer::Deaf)?;
    ensure!(planted.faults() > 0, "the planted bug was not found");
    say(&format!(
        "planted bug (a refusal taken for an answer): found after {} full disks",
        planted.moments
    ));
    let full = fill(Writer::Careful)?;
    say(&format!(
        "full disks: at each of {} writes: {} lost, {} corrupt, {} unclear",
        full.moments, full.lost, full.corrupt, full.unclear
    ));
    Ok(full)
}

fn fill(writer: Writer) -> Result<FullDisks> {
    let mut full = FullDisks::default();
    for room in 0..MOST_WRITES {
        if !full.at(room, writer)? {
            return Ok(full);
        }
        full.moments += 1;
        if writer == Writer::Deaf && full.faults() > 0 {
            return Ok(full);
        }
    }
    anyhow::bail!("the writes have no end")
}

impl FullDisks {
    /// Room for so many writes; whether it ran out.
    fn at(&mut self, room: u64, writer: Writer) -> Result<bool> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("vault.db");
        drop(ledger::create(&path)?);
        let recorder = Recorder::start()?;
        let vault = ledger::open(&path, 0)?;
        recorder.leave_room(room);
        let mut ran_out = false;
        for step in 1..=STEPS {
            let Err(refusal) = act(&vault, step) else {
                continue;
            };
            ran_out = true;
            self.unclear += u32::from(!matches!(refusal, StoreError::NoSpace));
            self.lost += u32::from(!Content::of(&vault).is_ok_and(|it| it.keeps(step - 1)));
            recorder.leave_room(u64::MAX);
            let again = writer == Writer::Deaf || act(&vault, step).is_ok();
            self.lost += u32::from(!again);
        }
        drop(vault);
        drop(recorder);
        let content = ledger::open(&path, 0).map(|vault| Content::of(&vault));
        self.lost += u32::from(!matches!(content, Ok(Ok(it)) if it == Content::after(STEPS)));
        self.corrupt += u32::from(!ledger::check(&path)?.is_empty());
        Ok(ran_out)
    }
}

fn act(vault: &Vault, step: u64) -> Result<(), StoreError> {
    vault.write_blocking(move |tx| ledger::act(tx, step))
}
