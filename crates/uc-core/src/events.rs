//! What the core tells unasked, and which questions that brings back.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::broadcast;
use uc_ipc::{Event, View};

/// Events kept for a listener that is slow; a slower one misses some and asks again anyway.
const BACKLOG: usize = 64;
/// How long after an event a question about its view counts as its echo.
const ECHO: Duration = Duration::from_secs(1);

/// The channel to the interface.
pub(crate) struct Events {
    sender: broadcast::Sender<Event>,
    told_at: Mutex<[Option<Duration>; View::ALL.len()]>,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self {
            sender: broadcast::Sender::new(BACKLOG),
            told_at: Mutex::new([None; View::ALL.len()]),
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    /// Tells that answers made of `view` are stale.
    pub(crate) fn changed(&self, view: View, uptime: Duration) {
        self.lock()[index(view)] = Some(uptime);
        // Without listeners there is nobody to tell.
        let _ = self.sender.send(Event::Changed { view });
    }

    /// Asks the shell to bring the window to the front.
    pub(crate) fn want_window(&self) {
        let _ = self.sender.send(Event::WindowWanted);
    }

    /// Whether a question about `view` is asked because of an event, not by the person.
    pub(crate) fn is_echo(&self, view: View, uptime: Duration) -> bool {
        self.lock()[index(view)].is_some_and(|told| uptime.saturating_sub(told) <= ECHO)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, [Option<Duration>; View::ALL.len()]> {
        self.told_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn index(view: View) -> usize {
    match view {
        View::Session => 0,
        View::Catalogue => 1,
        View::Applications => 2,
        View::Inbox => 3,
        View::Settings => 4,
        View::Account => 5,
        View::Profile => 6,
    }
}
