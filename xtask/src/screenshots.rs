//! `screenshots`: pictures of every screen.

use anyhow::Result;

use crate::consent::Consent;
use crate::{process, test};

/// Takes pictures of every screen, in both themes, sizes and languages.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  cargo xtask screenshots -- docs/screenshots")]
pub(crate) struct Options {
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
    /// Passed on to the program that takes them
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let tests = test::WindowTests::prepare(Consent::from_flag(options.yes))?;
    let mut command = tests.cargo();
    command.args([
        "run",
        "--quiet",
        "-p",
        "uc-e2e",
        "--bin",
        "screenshots",
        "--",
    ]);
    process::run_shown("screenshots", command.args(&options.arguments))
}
