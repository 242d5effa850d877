//! Damage of files (ST-05…ST-07, KR-03): it is noticed and said, or it cost nothing; never a silent fresh start.

mod files;
mod keys;

use anyhow::{Result, ensure};
use rand::{RngExt as _, rngs::StdRng};
use serde::Serialize;

use crate::report::say;

/// What is overwritten at once.
const BLOCK: usize = 512;

/// What came of the damage of one kind of file.
#[derive(Debug, Default, Serialize)]
pub(super) struct Damaged {
    what: &'static str,
    pub(super) trials: u32,
    /// It was noticed, and said.
    noticed: u32,
    /// Nothing of the person's was touched.
    harmless: u32,
    /// What must not happen: something is gone, and nobody was told.
    pub(super) silent: u32,
}

/// How one trial ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Noticed,
    Harmless,
    Silent,
}

impl Damaged {
    const fn of(what: &'static str) -> Self {
        Self {
            what,
            trials: 0,
            noticed: 0,
            harmless: 0,
            silent: 0,
        }
    }

    const fn count(&mut self, outcome: Outcome) {
        self.trials += 1;
        match outcome {
            Outcome::Noticed => self.noticed += 1,
            Outcome::Harmless => self.harmless += 1,
            Outcome::Silent => self.silent += 1,
        }
    }
}

/// Damages main file, log, key bundle and keyring items.
pub(super) async fn run(trials: u32, rng: &mut StdRng) -> Result<Vec<Damaged>> {
    ensure!(files::finds_fresh_start()?, "the planted bug was not found");
    say("planted bug (a silent fresh start): found");
    let damaged = vec![
        files::main_file(trials, rng)?,
        files::log(trials, rng)?,
        keys::bundle(trials, rng).await?,
        keys::items(trials, rng).await?,
    ];
    for it in &damaged {
        say(&format!(
            "{} damaged {} times: {} noticed, {} harmless, {} silent",
            it.what, it.trials, it.noticed, it.harmless, it.silent
        ));
    }
    Ok(damaged)
}

/// A bit flipped, an end cut off, a block zeroed, or all of it chance.
fn damage(bytes: &mut Vec<u8>, rng: &mut StdRng) {
    let place = rng.random_range(0..bytes.len());
    match rng.random_range(0..4) {
        0 => bytes.truncate(place),
        1 => {
            let end = bytes.len().min(place + BLOCK);
            bytes[place..end].fill(0);
        }
        2 => rng.fill(bytes.as_mut_slice()),
        _ => bytes[place] ^= 1 << rng.random_range(0..8),
    }
}
