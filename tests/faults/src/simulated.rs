//! The outbox's plans and a portal in simulated time (OB-07): crashes of both, a network that parts and delays, a portal that is
//! busy, slow, or silent about what it did. Every submission is made once and in order, whatever the seed.

mod hosts;
mod storm;

use std::{path::PathBuf, process::ExitCode, thread};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde::Serialize;

use self::storm::{Bug, Told, weather};
use crate::report::say;

/// Seeds until the planted bug must be found.
const PLANTED: u64 = 200;
/// Simulations at a time.
const SIDE_BY_SIDE: u64 = 2;

/// Runs the protocol of submissions in simulated time.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many simulations
    #[arg(long, default_value_t = 10_000)]
    seeds: u64,
    /// The first one's seed; the others follow it
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// Writes all figures to a file
    #[arg(long)]
    json: Option<PathBuf>,
    /// Ends with 1 where an invariant was broken
    #[arg(long)]
    strict: bool,
}

/// What came of many simulations.
#[derive(Debug, Default, Serialize)]
struct Figures {
    seeds: u64,
    submissions: u64,
    crashes: u64,
    partitions: u64,
    hours: f64,
    violations: Vec<String>,
}

impl Figures {
    fn add(&mut self, seed: u64, told: Told) {
        self.seeds += 1;
        self.submissions += told.submissions;
        self.crashes += told.crashes;
        self.partitions += told.partitions;
        self.hours += told.simulated.as_secs_f64() / 3600.0;
        let violations = told.violations.into_iter();
        self.violations
            .extend(violations.map(|violation| format!("seed {seed}: {violation}")));
    }

    fn join(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.submissions += other.submissions;
        self.crashes += other.crashes;
        self.partitions += other.partitions;
        self.hours += other.hours;
        self.violations.extend(other.violations);
    }
}

/// Finds the planted bug first.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let found = find_planted()?;
    say(&format!(
        "planted bug (a key for each attempt): found by seed {found}"
    ));
    let figures = simulate(options.first, options.seeds)?;
    for violation in &figures.violations {
        say(&format!("  {violation}"));
    }
    if let Some(path) = &options.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    let broken = figures.violations.len();
    let Figures {
        seeds,
        submissions,
        crashes,
        partitions,
        hours,
        ..
    } = figures;
    say(&format!(
        "faults-simulated: {broken} violations with {seeds} seeds from {}: {submissions} submissions, {crashes} crashes, \
         {partitions} partitions, {hours:.0} hours simulated (goal 0) {}",
        options.first,
        if broken == 0 { "ok" } else { "short" }
    ));
    let failed = broken > 0 && options.strict;
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// The first seed that shows the planted bug.
fn find_planted() -> Result<u64> {
    for seed in 1..=PLANTED {
        if !weather(seed, Bug::KeyForEachAttempt)?.violations.is_empty() {
            return Ok(seed);
        }
    }
    Err(anyhow!("the planted bug was not found"))
}

/// Seeds one after the other, on a few threads.
fn simulate(first: u64, seeds: u64) -> Result<Figures> {
    ensure!(seeds > 0, "no seeds");
    thread::scope(|scope| {
        let threads: Vec<_> = (0..SIDE_BY_SIDE)
            .map(|thread| scope.spawn(move || share(first, seeds, thread)))
            .collect();
        let mut figures = Figures::default();
        for thread in threads {
            let share = thread
                .join()
                .map_err(|_| anyhow!("a simulation panicked"))?;
            figures.join(share?);
        }
        Ok(figures)
    })
}

fn share(first: u64, seeds: u64, thread: u64) -> Result<Figures> {
    let mut figures = Figures::default();
    for seed in (first..first + seeds).filter(|seed| seed % SIDE_BY_SIDE == thread) {
        let told = weather(seed, Bug::None).with_context(|| format!("seed {seed}"))?;
        figures.add(seed, told);
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ob_07_no_weather_in_simulated_time_loses_doubles_or_reorders() {
        let figures = simulate(1, 150).unwrap();
        assert_eq!(figures.violations, [""; 0]);
        assert!(
            figures.crashes > 150 && figures.partitions > 150,
            "{figures:?}"
        );
    }

    #[test]
    fn ob_07_a_key_for_each_attempt_is_found_out() {
        assert!(find_planted().is_ok());
    }

    #[test]
    fn ob_07_a_seed_tells_the_same_story_twice() {
        let story = |seed| format!("{:?}", weather(seed, Bug::None).unwrap());
        assert_eq!(story(7), story(7));
        assert_ne!(story(7), story(8));
    }
}
