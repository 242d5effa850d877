//! How much memory this process holds, as Linux counts it.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use tokio::process::Command;

/// Has glibc give freed memory back at once: what it kept would hide what grows later.
pub(super) const GIVEN_BACK: (&str, &str) = (
    "GLIBC_TUNABLES",
    "glibc.malloc.mmap_threshold=131072:glibc.malloc.trim_threshold=131072:glibc.malloc.arena_max=1",
);

/// Runs this program again with [`GIVEN_BACK`].
pub(super) async fn begin_anew() -> Result<ExitCode> {
    let mut again = Command::new(std::env::current_exe()?);
    again.args(std::env::args_os().skip(1));
    let ended = again.env(GIVEN_BACK.0, GIVEN_BACK.1).status().await?;
    Ok(if ended.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Watches the most that is held from now on.
pub(super) struct Watch {
    before: f64,
}

impl Watch {
    /// Forgets the most that was held before.
    pub(super) fn begin() -> Result<Self> {
        std::fs::write("/proc/self/clear_refs", "5").context("resetting the peak of memory")?;
        Ok(Self {
            before: mib("VmRSS:")?,
        })
    }

    /// How many MiB more were held at most.
    pub(super) fn growth(&self) -> Result<f64> {
        Ok((mib("VmHWM:")? - self.before).max(0.0))
    }
}

fn mib(name: &str) -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(f64::from(kib.context("no such figure")?.parse::<u32>()?) / 1024.0)
}
