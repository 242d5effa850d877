//! `bench`: measurements, each a program of the crate that it measures.

use anyhow::Result;
use clap::ValueEnum;

use crate::consent::Consent;
use crate::{process, products, workspace};

/// Measures a part of the product and prints figures with their goals.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask bench search
  cargo xtask bench search -- --strict --json target/search.json

Ends with one line `NAME: figure (goal …) ok|short`; exits 0 when measured, with --strict 1 when a goal is missed.")]
pub(crate) struct Options {
    /// What to measure
    what: Measured,
    /// Passed on to the measuring program
    #[arg(last = true)]
    arguments: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Measured {
    /// Search in the catalogue beside plain FTS5, and whether the right service comes first
    Search,
}

impl Measured {
    fn program(self) -> (&'static str, &'static str) {
        match self {
            Self::Search => ("uc-store", "bench_search"),
        }
    }
}

pub(crate) fn run(options: &Options) -> Result<()> {
    products::ensure_can_build(Consent::from_flag(false))?;
    let (package, example) = options.what.program();
    let release = ["--release", "-p", package, "--example", example];
    process::run_quietly("building it", workspace::cargo().arg("build").args(release))?;
    process::run_shown(
        example,
        workspace::cargo()
            .args(["run", "--quiet"])
            .args(release)
            .arg("--")
            .args(&options.arguments),
    )
}
