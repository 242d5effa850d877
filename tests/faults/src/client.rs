//! The client that is killed: one act, and its end.

use std::process::ExitCode;

use anyhow::Result;

use crate::{
    act::Act,
    fault_point::FaultPoints,
    report::say,
    rig::{self, Fate, Place},
};

/// One act of a client.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// What it does
    #[arg(long)]
    act: Act,
    /// What opens the vault
    #[arg(long)]
    passcode: String,
    /// What is to open it next
    #[arg(long)]
    next: String,
    /// The fault point that kills it
    #[arg(long)]
    kill_at: Option<u32>,
    /// Writes its keys in place
    #[arg(long)]
    torn: bool,
}

/// Carries the act out, and tells how many fault points there were.
pub(crate) async fn run(options: Options) -> Result<ExitCode> {
    let fate = Fate {
        points: FaultPoints::killing_at(options.kill_at),
        torn: options.torn,
    };
    let core = rig::start(&options.place, &fate).await?;
    let act = options.act;
    act.carry_out(&core, &options.passcode, &options.next)
        .await?;
    say(&fate.points.passed().to_string());
    core.stop().await;
    Ok(ExitCode::SUCCESS)
}
