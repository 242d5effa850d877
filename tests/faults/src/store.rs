//! Kills, losses of power, full disks and damage, and whether the vault keeps what it answered for (ST-01, ST-03…ST-07, KR-03).

mod damage;
mod full;
mod kills;
mod ledger;
mod power;
mod recorder;
mod writer;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use rand::{SeedableRng as _, rngs::StdRng};
use serde::Serialize;

pub(crate) use writer::{Options as Writer, run as write};

use self::{damage::Damaged, full::FullDisks, kills::Killed, power::PowerCuts};
use crate::report::say;

/// Kills the writer of a vault, cuts its power and damages its files.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many kills
    #[arg(long, default_value_t = 1000)]
    kills: u32,
    /// How many states that a loss of power could leave
    #[arg(long, default_value_t = 5000)]
    power_cuts: u32,
    /// How often each of main file, log, key bundle and keyring item is damaged
    #[arg(long, default_value_t = 1000)]
    damages: u32,
    /// Chooses the moments; printed, so that a run can be repeated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes all figures to a file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where something was lost
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Serialize)]
struct Figures {
    seed: u64,
    killed: Killed,
    power: PowerCuts,
    full: FullDisks,
    damaged: Vec<Damaged>,
}

impl Figures {
    fn faults(&self) -> u32 {
        let damage: u32 = self.damaged.iter().map(|it| it.silent).sum();
        self.killed.faults() + self.power.faults() + self.full.faults() + damage
    }
}

/// Each part first finds its planted bug.
pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    let mut rng = StdRng::seed_from_u64(options.seed);
    let killed = kills::run(options.kills, &mut rng).await?;
    let power = power::run(options.power_cuts, &mut rng)?;
    let full = full::run()?;
    let damaged = damage::run(options.damages, &mut rng).await?;
    let figures = Figures {
        seed: options.seed,
        killed,
        power,
        full,
        damaged,
    };
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    let faults = figures.faults();
    let verdict = if faults == 0 { "ok" } else { "short" };
    say(&format!(
        "faults-store: {faults} losses in {} kills, {} power cuts, {} full disks and {} damaged files, seed {} (goal 0) {verdict}",
        figures.killed.kills,
        figures.power.states,
        figures.full.moments,
        figures.damaged.iter().map(|it| it.trials).sum::<u32>(),
        options.seed
    ));
    Ok(if faults > 0 && options.strict {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
