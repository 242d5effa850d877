//! What a process costs, as Linux counts it: other work on the machine does not show in it.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result};

/// `USER_HZ`: in these ticks Linux tells every program its times, whatever the kernel's own clock.
const TICKS_A_SECOND: u32 = 100;
/// The thread that reads.
const THIS_THREAD: &str = "/proc/thread-self/stat";

/// Processor time of a process with all its threads, the ended ones too; in user and in kernel mode.
pub(crate) fn of_process(id: u32) -> Result<Duration> {
    read_times(&format!("/proc/{id}/stat"))
}

/// The same of the thread that asks.
pub(crate) fn of_this_thread() -> Result<Duration> {
    read_times(THIS_THREAD)
}

/// The most memory that a process held so far, in MiB.
pub(crate) fn peak_memory(id: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    let kib: u32 = kib.context("no VmHWM")?.parse()?;
    Ok(f64::from(kib) / 1024.0)
}

/// Fields 14 and 15 of proc(5), counted behind the name, which may hold anything.
fn read_times(path: &str) -> Result<Duration> {
    let stat = fs::read_to_string(path).with_context(|| path.to_owned())?;
    let (_, fields) = stat.rsplit_once(") ").context("no name in stat")?;
    let mut times = fields.split(' ').skip(11);
    let mut ticks = || -> Result<u32> { Ok(times.next().context("too short")?.parse()?) };
    let spent = ticks()? + ticks()?;
    Ok(Duration::from_secs(1) * spent / TICKS_A_SECOND)
}
