//! Which notifications to show, from what was known, what is known and the time.
//!
//! A notification says one of a few fixed phrases. It names no service, no number and no person: anybody may read it
//! on a locked screen.

mod phrase;

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use uc_model::{ApplicationId, ApplicationStatus};

pub use phrase::{Phrase, Tongue};

/// News older than this are no news: the device was away, and the lists show them.
const STALE: SignedDuration = SignedDuration::from_hours(7 * 24);
/// More news than this at once become one notification.
const MOST_AT_ONCE: usize = 3;

/// How an application stands, as far as notifications care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub application: ApplicationId,
    /// The portal's status.
    pub status: ApplicationStatus,
    /// Messages from the agency.
    pub messages: usize,
    /// When anything last changed.
    pub changed_at: Timestamp,
}

/// What the person wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preferences {
    /// Everything.
    All,
    /// Nothing.
    Nothing,
}

/// A notification to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notification {
    /// What it says.
    pub phrase: Phrase,
    /// What a click on it opens.
    pub application: Option<ApplicationId>,
}

/// The notifications that the way from `before` to `after` calls for. Applications that were not known before are
/// none: the person has just sent them, or signed in on another device.
#[must_use]
pub fn plan(
    before: &[Standing],
    after: &[Standing],
    preferences: Preferences,
    now: Timestamp,
) -> Vec<Notification> {
    if preferences == Preferences::Nothing {
        return Vec::new();
    }
    let known: HashMap<_, _> = before.iter().map(|old| (old.application, old)).collect();
    let news: Vec<Notification> = after
        .iter()
        .filter(|new| now.duration_since(new.changed_at) <= STALE)
        .filter_map(|new| {
            let phrase = known
                .get(&new.application)
                .and_then(|old| news_of(old, new))?;
            Some(Notification {
                phrase,
                application: Some(new.application),
            })
        })
        .collect();
    if news.len() > MOST_AT_ONCE {
        return vec![Notification {
            phrase: Phrase::Several,
            application: None,
        }];
    }
    news
}

/// A new status says more than a new message.
fn news_of(old: &Standing, new: &Standing) -> Option<Phrase> {
    if new.status != old.status {
        Some(Phrase::of_status(new.status))
    } else if new.messages > old.messages {
        Some(Phrase::Message)
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
