//! `faults`: kills the product where it hurts and looks what is left.

use anyhow::Result;

use crate::consent::Consent;
use crate::{process, products, workspace};

const PACKAGE: [&str; 2] = ["-p", "uc-faults"];

/// Kills the product where it hurts and prints what was lost, with the goal.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask faults auth --kills 1000
  cargo xtask faults auth --kills 10000 --json target/faults-auth.json
  cargo xtask faults store --kills 10000 --power-cuts 50000 --damages 1000
  cargo xtask faults --release outbox --histories 100000 --json target/faults-outbox.json
  cargo xtask faults simulated --seeds 10000
  cargo xtask faults network
  cargo xtask faults memory

Finds a planted bug first. Ends with one line `NAME: figure (goal …) ok|short`; exits 0 when it ran, with --strict 1 when
something was lost.")]
pub(crate) struct Options {
    /// Builds with optimisation, for long runs
    #[arg(long)]
    release: bool,
    /// What to break, and how: passed on to the program that does
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    products::ensure_can_build(Consent::from_flag(false))?;
    rounds(&options.arguments, Build::of(options.release))
}

/// How what breaks things is built.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Build {
    Checked,
    Optimised,
}

impl Build {
    const fn of(is_release: bool) -> Self {
        if is_release {
            Self::Optimised
        } else {
            Self::Checked
        }
    }

    const fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Checked => &[],
            Self::Optimised => &["--release"],
        }
    }
}

/// As many kills and histories as a run of all tests has time for, and one look into a locked client's memory.
pub(crate) fn test() -> Result<()> {
    for arguments in [
        &["auth", "--kills", "150", "--strict"][..],
        &["store", "--strict"],
        &["outbox", "--strict"],
        &["network", "--strict"],
    ] {
        rounds(arguments, Build::Checked)?;
    }
    let mut look = workspace::cargo();
    process::run_shown("memory", look.args(["test", "--quiet"]).args(PACKAGE))
}

fn rounds<S: AsRef<std::ffi::OsStr>>(arguments: &[S], build: Build) -> Result<()> {
    let mut making = workspace::cargo();
    making.arg("build").args(build.flags()).args(PACKAGE);
    process::run_quietly("building what breaks things", &mut making)?;
    let mut run = workspace::cargo();
    run.args(["run", "--quiet"]).args(build.flags());
    run.args(PACKAGE).arg("--");
    process::run_shown("faults", run.args(arguments))
}
