//! The process that is killed: it takes steps, and tells of each that was answered.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;

use super::ledger;
use crate::report::say;

/// Steps without end.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The vault
    #[arg(long)]
    vault: PathBuf,
    /// Steps taken before
    #[arg(long)]
    after: u64,
    /// The planted bug: answers before it writes
    #[arg(long)]
    hasty: bool,
}

/// Takes steps until it is killed.
pub(crate) fn run(options: &Options) -> Result<ExitCode> {
    let vault = ledger::open(&options.vault, options.after)?;
    for step in options.after + 1..=u64::MAX {
        if options.hasty {
            say(&step.to_string());
        }
        vault.write_blocking(move |tx| ledger::act(tx, step))?;
        if !options.hasty {
            say(&step.to_string());
        }
    }
    Ok(ExitCode::SUCCESS)
}
