//! `ci`: all that a submission must pass, as `.ci/run` does it.

use std::env;
use std::process::Command;

use anyhow::Result;

use crate::{cache, process, workspace};

/// Runs lint, check-targets and test, each in full view with its time.
#[derive(clap::Args)]
#[command(after_help = "\
Example:
  cargo xtask ci

Builds into $UC_CACHE/target, else into the user's cache folder, unless CARGO_TARGET_DIR is set.")]
pub(crate) struct Options {}

pub(crate) fn run(_options: &Options) -> Result<()> {
    for verb in ["lint", "check-targets", "test"] {
        let mut command = Command::new(env::current_exe()?);
        command.arg(verb).current_dir(workspace::root());
        command.env("CARGO_TARGET_DIR", cache::shared_target());
        process::run_shown(&format!("cargo xtask {verb}"), &mut command)?;
    }
    Ok(())
}
