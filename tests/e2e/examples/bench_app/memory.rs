//! What a program takes of memory with all that it started.

use std::fs;

use anyhow::{Context as _, Result};
use uc_e2e::process::descendants;

/// The proportional set size of a process and its descendants, in MiB: pages shared with others count in part.
pub(crate) fn pss(process: u32) -> Result<f64> {
    let mut kibibytes = 0;
    for id in descendants(process)?.into_iter().chain([process]) {
        // A process may have ended meanwhile.
        if let Ok(text) = fs::read_to_string(format!("/proc/{id}/smaps_rollup")) {
            kibibytes += parse(&text).with_context(|| format!("memory of {id}"))?;
        }
    }
    Ok(f64::from(kibibytes) / 1024.0)
}

fn parse(text: &str) -> Option<u32> {
    let line = text.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
