//! How much memory this process holds, as Linux counts it.

use anyhow::{Context as _, Result};

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
