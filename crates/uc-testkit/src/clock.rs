//! A clock that stands still until it is moved.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::{FutureExt as _, future::BoxFuture};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use uc_core::ports::Clock;
use uc_portal::{PortalClock, clock::Wait};

#[derive(Debug, Clone, Copy)]
struct Hands {
    now: Timestamp,
    uptime: Duration,
}

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Debug, Clone)]
pub struct ManualClock {
    hands: Arc<watch::Sender<Hands>>,
    /// How many waits of each length were begun.
    begun: Arc<watch::Sender<HashMap<Duration, u64>>>,
}

impl ManualClock {
    /// Shows `now`; the machine has run for an hour.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let hands = Hands {
            now,
            uptime: Duration::from_hours(1),
        };
        Self {
            hands: Arc::new(watch::Sender::new(hands)),
            begun: Arc::default(),
        }
    }

    /// Time passes.
    ///
    /// # Panics
    ///
    /// At the end of time.
    pub fn advance(&self, duration: Duration) {
        self.hands.send_modify(|hands| {
            hands.uptime += duration;
            hands.now += SignedDuration::try_from(duration).expect("a duration of this world");
        });
    }

    /// Time passes, and what is done again every `period` was done once more in it.
    ///
    /// # Panics
    ///
    /// At the end of time.
    pub async fn advance_a_round(&self, duration: Duration, period: Duration) {
        let rounds = |begun: &HashMap<Duration, u64>| begun.get(&period).copied().unwrap_or(0);
        let mut watched = self.begun.subscribe();
        let before = rounds(&watched.borrow_and_update());
        self.advance(duration);
        let done = watched.wait_for(|begun| rounds(begun) > before).await;
        drop(done.expect("the clock lives as long as `self`"));
    }

    /// Somebody sets the wall clock; no time passes.
    pub fn set_wall(&self, now: Timestamp) {
        self.hands.send_modify(|hands| hands.now = now);
    }

    /// The machine was started anew this long ago.
    pub fn restart_machine(&self, uptime: Duration) {
        self.hands.send_modify(|hands| hands.uptime = uptime);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.hands.borrow().now
    }

    fn uptime(&self) -> Duration {
        self.hands.borrow().uptime
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let mut watched = self.hands.subscribe();
        let end = self.uptime().saturating_add(duration);
        self.begun
            .send_modify(|begun| *begun.entry(duration).or_default() += 1);
        async move {
            // Without a clock nobody will wake it, and that is how it should be.
            if watched.wait_for(|hands| hands.uptime >= end).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
        .boxed()
    }
}

/// The portal lives in the same time.
impl PortalClock for ManualClock {
    fn now(&self) -> Timestamp {
        Clock::now(self)
    }

    fn wait_until(&self, at: Timestamp) -> Wait<'_> {
        let mut watched = self.hands.subscribe();
        Box::pin(async move {
            // The sender lives as long as `self`, so the wait ends by the time alone.
            let _ = watched.wait_for(|hands| hands.now >= at).await;
        })
    }
}
