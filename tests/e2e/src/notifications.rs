//! What the notification daemon showed, and clicks on it.

use std::{fs, time::Duration};

use crate::{Result, desktop::Desktop, ensure, process::output_of, wait};

/// A notification as the daemon showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The daemon's number for it.
    pub id: u32,
    /// Who sent it.
    pub sender: String,
    /// The line in bold.
    pub summary: String,
    /// The words below.
    pub body: String,
}

/// All notifications shown so far, oldest first.
pub fn shown(desktop: &Desktop) -> Result<Vec<Notification>> {
    let text = fs::read_to_string(desktop.shown_notifications())?;
    Ok(text
        .split_terminator("\u{1e}\n")
        .filter_map(parse)
        .collect())
}

/// Waits until more than `seen` were shown, and returns the newest.
pub async fn next(desktop: &Desktop, seen: usize, limit: Duration) -> Result<Notification> {
    wait::until("a notification", limit, async || {
        let shown = shown(desktop)?;
        Ok(if shown.len() > seen {
            shown.last().cloned()
        } else {
            None
        })
    })
    .await
}

/// Puts all notifications away, as a person does who has read them.
pub fn dismiss_all(desktop: &Desktop) -> Result<()> {
    let mut command = desktop.command("dunstctl");
    command.arg("close-all");
    output_of(command).map(drop)
}

/// Clicks the notification that was shown last; the daemon lists the oldest first.
pub fn click_newest(desktop: &Desktop) -> Result<()> {
    let mut count = desktop.command("dunstctl");
    count.args(["count", "displayed"]);
    let count: usize = output_of(count)?.trim().parse().unwrap_or(0);
    ensure(count > 0, "no notification is shown")?;
    let mut command = desktop.command("dunstctl");
    command.args(["action", &(count - 1).to_string()]);
    output_of(command).map(drop)
}

fn parse(record: &str) -> Option<Notification> {
    let mut parts = record.split('\u{1f}');
    Some(Notification {
        id: parts.next()?.parse().ok()?,
        sender: parts.next()?.to_owned(),
        summary: parts.next()?.to_owned(),
        body: parts.next()?.to_owned(),
    })
}
