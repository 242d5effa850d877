//! `fuzz`: hostile bytes for every parser that meets them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, Result, bail, ensure};

use crate::consent::Consent;
use crate::{cache, exact_tools, process, products, report, workspace};

/// The parsers.
const TARGETS: [&str; 6] = [
    "catalogue_page",
    "feed_page",
    "key_bundle",
    "loopback_request",
    "outbox_row",
    "search_query",
];
/// What the fuzzer must find before its silence means anything.
const PLANTED: &str = "planted_bug";
/// Targets at a time.
const SIDE_BY_SIDE: usize = 2;

/// Throws hostile bytes at every parser and prints what broke.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask fuzz                                 every parser for 30 seconds
  cargo xtask fuzz search_query --seconds 14400    one for four hours

Finds a planted bug first. What breaks a parser is kept in the cache, under fuzz. Ends with one line `fuzz: figure (goal …)
ok|short`; exits 0 when it ran, with --strict 1 when something broke.")]
pub(crate) struct Options {
    /// Which parsers; all, when none is named
    targets: Vec<String>,
    /// How long, each
    #[arg(long, default_value_t = 30)]
    seconds: u32,
    /// End with 1 when something broke
    #[arg(long)]
    strict: bool,
}

/// What came of one target.
struct Outcome {
    target: String,
    runs: u64,
    broke: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    for target in &options.targets {
        ensure!(
            TARGETS.contains(&target.as_str()),
            "no such target: {target}; there are {}",
            TARGETS.join(", ")
        );
    }
    products::ensure_can_build(Consent::from_flag(false))?;
    let programs = build()?;
    let planted = throw(&programs, PLANTED, options.seconds)?;
    ensure!(planted.broke, "the planted bug was not found");
    report::say(format_args!(
        "planted bug (three letters): found after {} runs",
        planted.runs
    ));
    let chosen: Vec<&str> = TARGETS
        .into_iter()
        .filter(|name| options.targets.is_empty() || options.targets.iter().any(|it| it == name))
        .collect();
    let mut outcomes = Vec::new();
    for together in chosen.chunks(SIDE_BY_SIDE) {
        outcomes.extend(throw_side_by_side(&programs, together, options.seconds)?);
    }
    finish(&outcomes, options)
}

/// Everything, as long as a run of all tests has time for.
pub(crate) fn test() -> Result<()> {
    run(&Options {
        targets: Vec::new(),
        seconds: 30,
        strict: true,
    })
}

fn finish(outcomes: &[Outcome], options: &Options) -> Result<()> {
    for outcome in outcomes {
        let verdict = if outcome.broke { "BROKE" } else { "ok" };
        report::say(format_args!(
            "  {}: {} runs {verdict}",
            outcome.target, outcome.runs
        ));
    }
    let broken = outcomes.iter().filter(|outcome| outcome.broke).count();
    report::say(format_args!(
        "fuzz: {broken} of {} targets broke in {} s each, {} runs (goal 0) {}",
        outcomes.len(),
        options.seconds,
        outcomes.iter().map(|outcome| outcome.runs).sum::<u64>(),
        if broken == 0 { "ok" } else { "short" }
    ));
    if broken > 0 && options.strict {
        bail!("something broke; what did lies in {}", folder().display());
    }
    Ok(())
}

/// Builds all targets with the fuzzer's counters; where they are. No sanitizer: the parsers are safe Rust, and
/// sanitizers need an unstable compiler.
fn build() -> Result<PathBuf> {
    let cargo_fuzz = exact_tools::CARGO_FUZZ.ensure_present()?;
    let target = cache::target().join("fuzz");
    let mut cargo = workspace::program(&cargo_fuzz.to_string_lossy());
    cargo
        .args(["build", "--fuzz-dir", "tests/fuzz", "--sanitizer", "none"])
        .current_dir(workspace::root())
        .env("CARGO_TARGET_DIR", &target);
    process::run_quietly("building the targets", &mut cargo)?;
    let release = fs::read_dir(&target)?
        .flatten()
        .map(|entry| entry.path().join("release"))
        .find(|release| release.join(PLANTED).exists());
    release.context("cargo-fuzz built nothing")
}

fn throw_side_by_side(programs: &Path, targets: &[&str], seconds: u32) -> Result<Vec<Outcome>> {
    thread::scope(|scope| {
        let running: Vec<_> = targets
            .iter()
            .map(|target| scope.spawn(move || throw(programs, target, seconds)))
            .collect();
        running
            .into_iter()
            .map(|thrown| thrown.join().unwrap_or_else(|_| bail!("a thread ended")))
            .collect()
    })
}

fn throw(programs: &Path, target: &str, seconds: u32) -> Result<Outcome> {
    let kept = folder().join(target);
    let corpus = kept.join("corpus");
    fs::create_dir_all(&corpus)?;
    let mut fuzzer = Command::new(programs.join(target));
    fuzzer
        .arg(&corpus)
        .arg(workspace::root().join("tests/fuzz/seeds").join(target))
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", kept.display()))
        .args(["-rss_limit_mb=1024", "-timeout=10", "-max_len=16384"])
        .args(["-print_final_stats=1", "-verbosity=0"]);
    let ended = fuzzer.output().with_context(|| target.to_owned())?;
    let said = String::from_utf8_lossy(&ended.stderr);
    fs::write(kept.join("last.log"), said.as_bytes())?;
    Ok(Outcome {
        target: target.to_owned(),
        runs: executed(&said).with_context(|| format!("{target} ended early: {said}"))?,
        broke: !ended.status.success(),
    })
}

/// How many inputs were tried, as libFuzzer says at its end.
fn executed(said: &str) -> Option<u64> {
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line?.trim().parse().ok()
}

/// What was found so far, by target.
fn folder() -> PathBuf {
    cache::dir().join("fuzz")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_counted() {
        let said = "stat::number_of_executed_units: 1203\nstat::average_exec_per_sec:     40\n";
        assert_eq!(executed(said), Some(1203));
        assert_eq!(executed("==1== ERROR"), None);
    }
}
