//! Losses of power (ST-03): what the system was told to keep is there; what it was merely handed may be there, not, in part, in
//! another order.

use std::{fs, path::Path};

use anyhow::{Result, ensure};
use rand::{RngExt as _, rngs::StdRng};
use serde::Serialize;

use super::{
    ledger::{self, Content},
    recorder::{Event, Recorder, Which},
};
use crate::report::say;

/// Steps that are recorded.
const STEPS: u64 = 600;
/// What a disk writes as a whole.
const SECTOR: usize = 512;
/// States until the planted bug must be found.
const PLANTED: u32 = 500;
const TOLD_EVERY: u32 = 1000;

/// What came of the losses of power.
#[derive(Debug, Default, Serialize)]
pub(super) struct PowerCuts {
    pub(super) states: u32,
    /// Events between which the power was cut.
    events: usize,
    lost: u32,
    corrupt: u32,
    refused: u32,
}

impl PowerCuts {
    /// What must not happen.
    pub(super) const fn faults(&self) -> u32 {
        self.lost + self.corrupt + self.refused
    }
}

/// Records a vault at work, then makes the states that a loss of power could leave, and opens each.
pub(super) fn run(states: u32, rng: &mut StdRng) -> Result<PowerCuts> {
    let recording = record()?;
    let planted = cut(&recording, PLANTED, rng, Disk::Forgetful)?;
    ensure!(planted.faults() > 0, "the planted bug was not found");
    say(&format!(
        "planted bug (a disk that forgets what it was told to keep): found after {} power cuts",
        planted.states
    ));
    let cut = cut(&recording, states, rng, Disk::Honest)?;
    say(&format!(
        "power cuts: {} between {} writes, syncs and answers: {} lost, {} corrupt, {} refused",
        cut.states, cut.events, cut.lost, cut.corrupt, cut.refused
    ));
    Ok(cut)
}

/// What a vault did to its files, from the moment that it was closed and whole.
struct Recording {
    start: Vec<u8>,
    events: Vec<Event>,
}

fn record() -> Result<Recording> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("vault.db");
    drop(ledger::create(&path)?);
    let start = fs::read(&path)?;
    let recorder = Recorder::start()?;
    let vault = ledger::open(&path, 0)?;
    for step in 1..=STEPS {
        vault.write_blocking(move |tx| ledger::act(tx, step))?;
        recorder.answered(step);
    }
    let events = recorder.events();
    drop(vault);
    let synced = events.iter().filter(|it| matches!(it, Event::Sync(_)));
    ensure!(synced.count() > 0, "nothing was recorded");
    Ok(Recording { start, events })
}

/// What the disk does with what it was told to keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Disk {
    /// Keeps it.
    Honest,
    /// Keeps it or not: the planted bug.
    Forgetful,
}

fn cut(recording: &Recording, states: u32, rng: &mut StdRng, disk: Disk) -> Result<PowerCuts> {
    let mut cuts = PowerCuts {
        events: recording.events.len(),
        ..PowerCuts::default()
    };
    let folder = tempfile::tempdir()?;
    let mut moments: Vec<usize> = (0..states)
        .map(|_| rng.random_range(0..=recording.events.len()))
        .collect();
    moments.sort_unstable();
    let mut files = Files::new(&recording.start);
    let mut passed = 0;
    for moment in moments {
        for event in &recording.events[passed..moment] {
            files.pass(event, disk);
        }
        passed = moment;
        let path = folder.path().join("vault.db");
        files.leave(&path, rng)?;
        cuts.count(&path, files.answered);
        if cuts.states.is_multiple_of(TOLD_EVERY) {
            say(&format!("  {} power cuts", cuts.states));
        }
        if disk == Disk::Forgetful && cuts.faults() > 0 {
            break;
        }
    }
    Ok(cuts)
}

impl PowerCuts {
    fn count(&mut self, path: &Path, answered: u64) {
        self.states += 1;
        match ledger::open(path, answered).map(|vault| Content::of(&vault)) {
            Ok(Ok(content)) if content.keeps(answered) => {}
            Ok(Ok(_) | Err(_)) => self.lost += 1,
            Err(_) => self.refused += 1,
        }
        if !ledger::check(path).is_ok_and(|faults| faults.is_empty()) {
            self.corrupt += 1;
        }
    }
}

/// The files as they are on the disk, and what is still on its way there.
struct Files {
    main: Pending,
    log: Pending,
    answered: u64,
}

#[derive(Default)]
struct Pending {
    on_disk: Vec<u8>,
    under_way: Vec<Event>,
}

impl Files {
    fn new(start: &[u8]) -> Self {
        Self {
            main: Pending {
                on_disk: start.to_vec(),
                under_way: Vec::new(),
            },
            log: Pending::default(),
            answered: 0,
        }
    }

    fn of(&mut self, which: Which) -> &mut Pending {
        match which {
            Which::Main => &mut self.main,
            Which::Log => &mut self.log,
        }
    }

    fn pass(&mut self, event: &Event, disk: Disk) {
        match event {
            Event::Write { to, .. } | Event::Cut { to, .. } => {
                self.of(*to).under_way.push(event.clone());
            }
            Event::Sync(which) if disk == Disk::Honest => self.of(*which).arrive(),
            Event::Sync(_) => {}
            Event::Answered(step) => self.answered = *step,
        }
    }

    /// What the power leaves.
    fn leave(&self, path: &Path, rng: &mut StdRng) -> Result<()> {
        let log = path.with_file_name("vault.db-wal");
        // Its index is rebuilt from the log.
        let _absent = fs::remove_file(path.with_file_name("vault.db-shm"));
        fs::write(path, self.main.left(rng))?;
        fs::write(log, self.log.left(rng))?;
        Ok(())
    }
}

impl Pending {
    fn arrive(&mut self) {
        for event in std::mem::take(&mut self.under_way) {
            apply(&mut self.on_disk, &event, |_| true);
        }
    }

    /// What is on the disk, and of what is under way nothing, all, or some in parts.
    fn left(&self, rng: &mut StdRng) -> Vec<u8> {
        let mut left = self.on_disk.clone();
        let (arrives, torn) = match rng.random_range(0..4) {
            0 => (0.0, 0.0),
            1 => (1.0, 0.0),
            2 => (0.5, 0.0),
            _ => (0.5, 0.5),
        };
        for event in &self.under_way {
            if rng.random_bool(arrives) {
                let torn = rng.random_bool(torn);
                apply(&mut left, event, |_| !torn || rng.random_bool(0.5));
            }
        }
        left
    }
}

/// Writes those sectors that arrive.
fn apply(file: &mut Vec<u8>, event: &Event, mut arrives: impl FnMut(usize) -> bool) {
    match event {
        Event::Write { at, bytes, .. } => {
            for (number, sector) in bytes.chunks(SECTOR).enumerate() {
                if arrives(number) {
                    let begin = at + number * SECTOR;
                    let end = begin + sector.len();
                    if file.len() < end {
                        file.resize(end, 0);
                    }
                    file[begin..end].copy_from_slice(sector);
                }
            }
        }
        Event::Cut { length, .. } => file.resize(*length, 0),
        Event::Sync(_) | Event::Answered(_) => {}
    }
}
