//! A client that is killed, seen from outside.

use std::{process::Stdio, time::Duration};

use anyhow::{Context as _, Result, bail};
use tokio::{
    process::Command,
    time::{sleep, timeout},
};

use crate::{act::Act, rig::Place};

/// Nothing takes so long but what never ends: a sign-in gives up by itself after five minutes.
const HANGS: Duration = Duration::from_mins(8);

/// How a client is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kill {
    /// By itself, at a fault point.
    At(u32),
    /// From outside, after a while.
    After(Duration),
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was killed.
    Killed,
    /// It had told that the act was done.
    Done,
}

/// A client's act.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attempt<'a> {
    /// What it does.
    pub(crate) act: Act,
    /// What opens the vault.
    pub(crate) passcode: &'a str,
    /// What is to open it next.
    pub(crate) next: &'a str,
    /// How it is to end.
    pub(crate) kill: Kill,
    /// Whether it has the planted bug.
    pub(crate) torn: bool,
}

/// Starts the client and waits for its end; `None` when it hangs.
pub(crate) async fn run(place: &Place, attempt: Attempt<'_>) -> Result<Option<End>> {
    let mut child = command(place, attempt)?
        .spawn()
        .context("the client does not start")?;
    if let Kill::After(moment) = attempt.kill {
        sleep(moment).await;
        // It may have ended by itself.
        let _ = child.start_kill();
    }
    let Ok(output) = timeout(HANGS, child.wait_with_output()).await else {
        return Ok(None);
    };
    let output = output?;
    let told = !output.stdout.is_empty();
    match output.status.code() {
        Some(0) => Ok(Some(End::Done)),
        // Killed after it had told.
        None if told => Ok(Some(End::Done)),
        None => Ok(Some(End::Killed)),
        Some(code) => bail!(
            "the client failed with {code}: {}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

fn command(place: &Place, attempt: Attempt<'_>) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg("client")
        .arg("--folder")
        .arg(&place.folder)
        .args(["--portal", &place.portal])
        .arg("--authority")
        .arg(&place.authority)
        .args(["--act", &attempt.act.name()])
        .args(["--passcode", attempt.passcode, "--next", attempt.next])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if let Kill::At(point) = attempt.kill {
        command.args(["--kill-at", &point.to_string()]);
    }
    if attempt.torn {
        command.arg("--torn");
    }
    Ok(command)
}
