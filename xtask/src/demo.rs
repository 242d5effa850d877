//! `demo`: the main job in the real window, step by step.

use anyhow::Result;

use crate::consent::Consent;
use crate::{process, test};

/// Runs the main job in the real window and prints a line a step; screenshots go to target/demo.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  cargo xtask demo
  cargo xtask demo --yes -- --help")]
pub(crate) struct Options {
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
    /// Passed on to the demo
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let tests = test::WindowTests::prepare(Consent::from_flag(options.yes))?;
    let mut command = tests.cargo();
    command
        .args(["run", "--quiet", "-p", "uc-e2e", "--bin", "demo", "--"])
        .args(&options.arguments);
    process::run_shown("demo", &mut command)
}
