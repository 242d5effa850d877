//! The portal's time. Handlers ask a [`PortalClock`]; the system is asked here and nowhere else.

use std::{fmt, pin::Pin, time::Duration};

use jiff::{SignedDuration, Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// A wait that the clock ends.
pub type Wait<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and waits for it.
pub trait PortalClock: Send + Sync + fmt::Debug + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;

    /// Ends when [`Self::now`] has reached `at`; at once when it has already.
    fn wait_until(&self, at: Timestamp) -> Wait<'_>;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl PortalClock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the portal that asks the system"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn wait_until(&self, at: Timestamp) -> Wait<'_> {
        Box::pin(async move {
            loop {
                let left = at.duration_since(self.now());
                if !left.is_positive() {
                    return;
                }
                tokio::time::sleep(left.unsigned_abs()).await;
            }
        })
    }
}

/// Where a [`ScaledClock`] began. Kept in the store: the same beginning gives the same time after a restart, and a
/// change of speed begins where the old speed had got to, so that the time never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The true time of the beginning.
    pub real: Timestamp,
    /// The time shown at the beginning.
    pub shown: Timestamp,
    /// Shown seconds in a true second, at least 1.
    pub speed: u32,
}

impl Anchor {
    /// Shows the true time, from `now` on at `speed`.
    #[must_use]
    pub fn new(now: Timestamp, speed: u32) -> Self {
        Self {
            real: now,
            shown: now,
            speed: speed.max(1),
        }
    }

    /// The time shown at the true time `real`. Saturates at the end of time.
    #[must_use]
    pub fn show(&self, real: Timestamp) -> Timestamp {
        let passed = real.duration_since(self.real).max(SignedDuration::ZERO);
        let scaled = i32::try_from(self.speed)
            .ok()
            .and_then(|speed| passed.checked_mul(speed))
            .unwrap_or(SignedDuration::MAX);
        self.shown.checked_add(scaled).unwrap_or(Timestamp::MAX)
    }

    /// The same time at `now`, with another speed from then on.
    #[must_use]
    pub fn with_speed(self, now: Timestamp, speed: u32) -> Self {
        if self.speed == speed {
            return self;
        }
        Self {
            real: now,
            shown: self.show(now).max(now),
            speed: speed.max(1),
        }
    }
}

/// A clock that runs faster than the system's: weeks of an agency's work in minutes of a demo.
#[derive(Debug, Clone, Copy)]
pub struct ScaledClock {
    anchor: Anchor,
}

impl ScaledClock {
    /// Runs from `anchor`.
    #[must_use]
    pub const fn new(anchor: Anchor) -> Self {
        Self { anchor }
    }
}

impl PortalClock for ScaledClock {
    fn now(&self) -> Timestamp {
        self.anchor.show(SystemClock.now())
    }

    fn wait_until(&self, at: Timestamp) -> Wait<'_> {
        Box::pin(async move {
            loop {
                let left = at.duration_since(self.now());
                if !left.is_positive() {
                    return;
                }
                let real = left.unsigned_abs() / self.anchor.speed;
                tokio::time::sleep(real.max(Duration::from_millis(1))).await;
            }
        })
    }
}

/// A clock that stands until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    time: watch::Sender<Timestamp>,
}

impl ManualClock {
    /// Stands at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            time: watch::Sender::new(now),
        }
    }

    /// Moves forward and ends the waits that are due.
    pub fn advance(&self, by: Duration) {
        self.time.send_modify(|time| {
            *time = time.checked_add(by).unwrap_or(Timestamp::MAX);
        });
    }
}

impl PortalClock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.time.borrow()
    }

    fn wait_until(&self, at: Timestamp) -> Wait<'_> {
        let mut time = self.time.subscribe();
        Box::pin(async move {
            // The sender lives as long as `self`, so the wait ends by the time alone.
            let _ = time.wait_for(|now| *now >= at).await;
        })
    }
}

/// Hours ahead of UTC in Moscow, whose clocks are not changed.
const MOSCOW: Offset = Offset::constant(3);

/// An instant as clocks in Moscow show it, for people to read: `02.03.2026 12:00`.
#[must_use]
pub fn moscow(at: Timestamp) -> String {
    MOSCOW
        .to_datetime(at)
        .strftime("%d.%m.%Y %H:%M")
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn shown_time_never_goes_back() {
        let anchor = Anchor::new(at(1000), 60);
        assert_eq!(anchor.show(at(1001)), at(1060));
        assert_eq!(anchor.show(at(900)), at(1000));
        let slower = anchor.with_speed(at(1010), 1);
        assert_eq!(slower.show(at(1010)), at(1600));
        assert_eq!(slower.show(at(1011)), at(1601));
    }

    #[tokio::test]
    async fn moving_the_clock_ends_waits() {
        let clock = ManualClock::new(at(0));
        let wait = clock.wait_until(at(10));
        clock.advance(Duration::from_secs(10));
        wait.await;
        assert_eq!(clock.now(), at(10));
    }
}
