//! Hints to those who listen. A hint carries nothing but its number, so hints that were not heard in time run together
//! into one: each listener holds one place for each kind, however slow it is.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::Timestamp;
use tokio::sync::watch;
use uc_model::PersonId;
use uc_portal_api::Hint;

/// Listeners of this process by person.
#[derive(Debug, Clone)]
pub struct Hints(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    last: AtomicU64,
    feeds: Mutex<HashMap<PersonId, watch::Sender<u64>>>,
}

/// One who listens.
#[derive(Debug)]
pub struct Listener {
    feed: watch::Receiver<u64>,
    /// Both kinds are told at first: what happened before is not known.
    greeting: Option<Greeting>,
}

#[derive(Debug, Clone, Copy)]
enum Greeting {
    Both(u64),
    Catalogue(u64),
}

impl Hints {
    /// Numbers grow from the microseconds of `now` on, so that they grow over restarts too.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let first = u64::try_from(now.as_microsecond()).unwrap_or_default();
        Self(Arc::new(Inner {
            last: AtomicU64::new(first),
            feeds: Mutex::default(),
        }))
    }

    /// Tells a person's listeners.
    pub fn feed_changed(&self, person: &PersonId) {
        let mut feeds = self.feeds();
        let number = self.0.last.fetch_add(1, Ordering::Relaxed) + 1;
        let gone = feeds
            .get(person)
            .is_some_and(|feed| feed.send(number).is_err());
        if gone {
            feeds.remove(person);
        }
    }

    /// Listens for a person. One who heard hint `heard` last, and nothing came since, is told nothing at first.
    #[must_use]
    pub fn listen(&self, person: &PersonId, heard: Option<u64>) -> Listener {
        let mut feeds = self.feeds();
        feeds.retain(|_, feed| feed.receiver_count() > 0);
        let now = self.0.last.load(Ordering::Relaxed);
        let feed = feeds
            .entry(person.clone())
            .or_insert_with(|| watch::Sender::new(now));
        let last = *feed.borrow();
        Listener {
            feed: feed.subscribe(),
            greeting: (heard != Some(last)).then_some(Greeting::Both(last)),
        }
    }

    fn feeds(&self) -> MutexGuard<'_, HashMap<PersonId, watch::Sender<u64>>> {
        // A panic of another holder leaves the map whole.
        self.0.feeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// The next hint and its number; `None` when there will be none.
    pub async fn next(&mut self) -> Option<(Hint, u64)> {
        match self.greeting {
            Some(Greeting::Both(number)) => {
                self.greeting = Some(Greeting::Catalogue(number));
                return Some((Hint::Feed, number));
            }
            Some(Greeting::Catalogue(number)) => {
                self.greeting = None;
                return Some((Hint::Catalogue, number));
            }
            None => {}
        }
        self.feed.changed().await.ok()?;
        Some((Hint::Feed, *self.feed.borrow_and_update()))
    }
}
