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

/// Clicks the notification that was shown last. The daemon lists the oldest first and clicks only the first of its
/// list, so older ones are put away before.
pub fn click_newest(desktop: &Desktop) -> Result<()> {
    ensure(displayed(desktop)? > 0, "no notification is shown")?;
    while displayed(desktop)? > 1 {
        dunst(desktop, &["close"])?;
    }
    dunst(desktop, &["action", "0"]).map(drop)
}

fn displayed(desktop: &Desktop) -> Result<usize> {
    let count = dunst(desktop, &["count", "displayed"])?;
    Ok(count.trim().parse().unwrap_or(0))
}

fn dunst(desktop: &Desktop, order: &[&str]) -> Result<String> {
    let mut command = desktop.command("dunstctl");
    command.args(order);
    output_of(command)
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
