//! The system's clocks.

use std::time::Duration;

use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::Timestamp;
use uc_core::ports::Clock;

/// The longest nap: timers of the runtime stand still while the machine sleeps, so the uptime is asked again.
const NAP: Duration = Duration::from_secs(20);

/// The system's clocks.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        uptime()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let end = uptime().saturating_add(duration);
        async move {
            while let Some(left) = end.checked_sub(uptime()).filter(|left| !left.is_zero()) {
                tokio::time::sleep(left.min(NAP)).await;
            }
        }
        .boxed()
    }
}

/// Linux counts sleep in `CLOCK_BOOTTIME` only.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn uptime() -> Duration {
    since_start(rustix::time::ClockId::Boottime)
}

/// Apple's `CLOCK_MONOTONIC` goes on while the machine sleeps.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn uptime() -> Duration {
    since_start(rustix::time::ClockId::Monotonic)
}

#[cfg(unix)]
fn since_start(clock: rustix::time::ClockId) -> Duration {
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

#[cfg(windows)]
fn uptime() -> Duration {
    #[expect(unsafe_code, reason = "the system call has no safe wrapper")]
    // SAFETY: it takes nothing and has no preconditions.
    let millis = unsafe { windows_sys::Win32::System::SystemInformation::GetTickCount64() };
    Duration::from_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uptime_grows() {
        let before = SystemClock.uptime();
        assert!(before > Duration::ZERO);
        assert!(SystemClock.uptime() >= before);
    }
}
