//! SIGKILL at moments of chance (ST-01).

use std::{path::Path, process::Stdio, time::Duration};

use anyhow::{Context as _, Result, ensure};
use futures_util::{StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::sleep,
};

use super::ledger::{self, Content};
use crate::report::say;

/// A writer lives so long after its first answer, at least and at most.
const LIFE: std::ops::Range<Duration> = Duration::from_millis(5)..Duration::from_millis(120);
/// One kill in so many comes while the vault is being opened.
const EARLY: u32 = 8;
/// So many kills share a vault.
const SHARED: u32 = 25;
/// Vaults at a time: a writer spends most of its life waiting for the disk.
const SIDE_BY_SIDE: usize = 3;
/// Kills until the planted bug must be found.
const PLANTED: u32 = 200;
const TOLD_EVERY: u32 = 200;

/// What came of the kills.
#[derive(Debug, Default, Serialize)]
pub(super) struct Killed {
    pub(super) kills: u32,
    steps: u64,
    lost: u32,
    corrupt: u32,
}

impl Killed {
    const fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.steps += other.steps;
        self.lost += other.lost;
        self.corrupt += other.corrupt;
    }

    /// What must not happen.
    pub(super) const fn faults(&self) -> u32 {
        self.lost + self.corrupt
    }
}

/// Finds the planted bug, then kills in earnest.
pub(super) async fn run(kills: u32, rng: &mut StdRng) -> Result<Killed> {
    let planted = kill(PLANTED, rng, true).await?;
    ensure!(planted.lost > 0, "the planted bug was not found");
    say(&format!(
        "planted bug (answers before it writes): found after {} kills",
        planted.kills
    ));
    let killed = kill(kills, rng, false).await?;
    say(&format!(
        "kills: {} in {} answered steps: {} lost, {} corrupt",
        killed.kills, killed.steps, killed.lost, killed.corrupt
    ));
    Ok(killed)
}

/// Writers of several vaults are killed side by side. With the planted bug it ends when that was found.
async fn kill(kills: u32, rng: &mut StdRng, hasty: bool) -> Result<Killed> {
    let lives = (0..kills.div_ceil(SHARED)).map(|number| {
        let kills = SHARED.min(kills - number * SHARED);
        Life::of(kills, rng.random(), hasty)
    });
    let mut lives = stream::iter(lives.collect::<Vec<_>>()).buffer_unordered(SIDE_BY_SIDE);
    let mut killed = Killed::default();
    while let Some(life) = lives.next().await {
        killed.add(&life?);
        if killed.kills.is_multiple_of(TOLD_EVERY) {
            say(&format!("  {} kills", killed.kills));
        }
        if hasty && killed.lost > 0 {
            break;
        }
    }
    Ok(killed)
}

/// A vault and the writers that it outlives.
struct Life {
    folder: TempDir,
    answered: u64,
}

impl Life {
    fn begin() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        drop(ledger::create(&folder.path().join("vault.db"))?);
        Ok(Self {
            folder,
            answered: 0,
        })
    }

    /// Kills until it is enough, or something was lost.
    async fn of(kills: u32, seed: u64, hasty: bool) -> Result<Killed> {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut life = Self::begin()?;
        let mut killed = Killed::default();
        while killed.kills < kills {
            if !life.kill(&mut rng, hasty, &mut killed).await? {
                life = Self::begin()?;
            }
            killed.kills += 1;
        }
        Ok(killed)
    }

    /// Whether everything was kept.
    async fn kill(&mut self, rng: &mut StdRng, hasty: bool, killed: &mut Killed) -> Result<bool> {
        let path = self.folder.path().join("vault.db");
        let child = start(&path, self.answered, hasty)?;
        let answered = until_killed(child, rng, self.answered).await?;
        killed.steps += answered.saturating_sub(self.answered);
        let kept = match ledger::open(&path, answered).map(|vault| Content::of(&vault)) {
            Ok(Ok(content)) => self.go_on(&content, answered),
            Ok(Err(_)) | Err(_) => false,
        };
        let is_sound = ledger::check(&path).is_ok_and(|faults| faults.is_empty());
        killed.lost += u32::from(!kept);
        killed.corrupt += u32::from(!is_sound);
        Ok(kept && is_sound)
    }

    fn go_on(&mut self, content: &Content, answered: u64) -> bool {
        let kept = content.keeps(answered);
        let one_more = *content == Content::after(answered + 1);
        self.answered = answered + u64::from(one_more);
        kept
    }
}

fn start(vault: &Path, after: u64, hasty: bool) -> Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("store-writer").arg("--vault").arg(vault);
    command.args(["--after", &after.to_string()]);
    if hasty {
        command.arg("--hasty");
    }
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::piped());
    quiet
        .kill_on_drop(true)
        .spawn()
        .context("the writer does not start")
}

/// Kills after a while; the last step that was answered.
async fn until_killed(mut child: Child, rng: &mut StdRng, before: u64) -> Result<u64> {
    let out = child.stdout.take().context("a pipe")?;
    let mut lines = BufReader::new(out).lines();
    let mut answered = before;
    if rng.random_range(0..EARLY) > 0 {
        answered = step(lines.next_line().await?)?.context("the writer took no step")?;
    }
    sleep(rng.random_range(LIFE)).await;
    child.start_kill()?;
    while let Some(step) = step(lines.next_line().await?)? {
        answered = step;
    }
    child.wait().await?;
    Ok(answered)
}

fn step(line: Option<String>) -> Result<Option<u64>> {
    line.map(|line| line.parse().context("a step")).transpose()
}
