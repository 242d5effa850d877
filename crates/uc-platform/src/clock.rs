//! The system's clocks.

use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use uc_core::ports::Clock;

/// The longest sleep in one piece: what a suspended machine slept is noticed after it.
const LONGEST_NAP: Duration = Duration::from_secs(5);

/// The system's wall clock and boot clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    started: std::time::Instant,
}

impl SystemClock {
    /// The clocks of this machine.
    #[must_use]
    pub fn new() -> Self {
        Self {
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            started: std::time::Instant::now(),
        }
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    #[expect(
        clippy::unused_self,
        reason = "elsewhere it counts from the program's start"
    )]
    fn boot_time(self) -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
        let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
        Duration::new(seconds, nanoseconds)
    }

    /// Counts from the program's start: the other systems' monotonic clocks are what the library offers.
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn boot_time(self) -> Duration {
        self.started.elapsed()
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that asks the system for the time"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn uptime(&self) -> Duration {
        self.boot_time()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = *self;
        let end = clock.boot_time().saturating_add(duration);
        Box::pin(async move {
            while let Some(rest) = end
                .checked_sub(clock.boot_time())
                .filter(|rest| !rest.is_zero())
            {
                tokio::time::sleep(rest.min(LONGEST_NAP)).await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeping_moves_the_boot_clock() {
        let clock = SystemClock::new();
        let before = clock.uptime();
        clock.sleep(Duration::from_millis(5)).await;
        assert!(clock.uptime() >= before + Duration::from_millis(5));
    }
}
