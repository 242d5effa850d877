//! Histories of chance (OB-01, OB-05, OB-14): submissions, withdrawals, crashes, and a network that loses, repeats and delays. What a
//! person was told is sent exists once, nothing else exists, and no status goes back.

mod history;
mod network;

use std::{path::PathBuf, process::ExitCode};

use anyhow::{Result, ensure};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;

use self::history::World;
use crate::report::say;

/// Portals at a time.
const SIDE_BY_SIDE: usize = 2;
/// So many histories share a portal.
const SHARED: u32 = 40;
/// Histories until the planted bug must be found.
const PLANTED: u32 = 100;

/// Runs histories of chance against the real client and the real portal.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many histories
    #[arg(long, default_value_t = 2000)]
    histories: u32,
    /// Chooses the histories; printed, so that a run can be repeated
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Writes all figures to a file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where an invariant was broken
    #[arg(long)]
    strict: bool,
}

/// What came of the histories.
#[derive(Debug, Default, Serialize)]
pub(super) struct Figures {
    seed: u64,
    histories: u32,
    submissions: u32,
    crashes: u32,
    network_faults: u32,
    violations: Vec<String>,
}

impl Figures {
    fn add(&mut self, other: Self) {
        self.histories += other.histories;
        self.submissions += other.submissions;
        self.crashes += other.crashes;
        self.network_faults += other.network_faults;
        self.violations.extend(other.violations);
    }
}

/// Finds the planted bug first.
pub(crate) async fn run(options: &Options) -> Result<ExitCode> {
    let planted = Box::pin(histories(PLANTED, options.seed, true)).await?;
    ensure!(
        !planted.violations.is_empty(),
        "the planted bug was not found"
    );
    say(&format!(
        "planted bug (a disk that forgets at a crash): found after {} histories",
        planted.histories
    ));
    let figures = Box::pin(histories(options.histories, options.seed, false)).await?;
    for violation in &figures.violations {
        say(&format!("  {violation}"));
    }
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    let broken = figures.violations.len();
    say(&format!(
        "faults-outbox: {broken} violations in {} histories: {} submissions, {} crashes, {} network faults, seed {} (goal 0) {}",
        figures.histories,
        figures.submissions,
        figures.crashes,
        figures.network_faults,
        figures.seed,
        if broken == 0 { "ok" } else { "short" }
    ));
    Ok(if broken > 0 && options.strict {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Two portals with their clients live side by side. With the planted bug it ends when that was found.
async fn histories(histories: u32, seed: u64, forgetful: bool) -> Result<Figures> {
    let mut rng = StdRng::seed_from_u64(seed);
    let worlds = (0..histories.div_ceil(SHARED)).map(|number| {
        let histories = SHARED.min(histories - number * SHARED);
        tokio::spawn(live(histories, rng.random(), forgetful)).map(|ended| ended?)
    });
    // A world begins when it is asked for.
    let mut worlds = stream::iter(worlds).buffer_unordered(SIDE_BY_SIDE);
    let mut figures = Figures {
        seed,
        ..Figures::default()
    };
    while let Some(world) = worlds.next().await {
        figures.add(world?);
        say(&format!("  {} histories", figures.histories));
        if forgetful && !figures.violations.is_empty() {
            break;
        }
    }
    Ok(figures)
}

/// Histories of one client; they end where one breaks an invariant.
async fn live(histories: u32, seed: u64, forgetful: bool) -> Result<Figures> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut figures = Figures::default();
    let mut world = World::begin(forgetful).await?;
    while figures.histories < histories && figures.violations.is_empty() {
        let seed = rng.random();
        let violations = world.live(seed, &mut figures).await?;
        let told = violations
            .into_iter()
            .map(|it| format!("history {seed}: {it}"));
        figures.violations.extend(told);
        figures.histories += 1;
    }
    world.end().await;
    Ok(figures)
}
