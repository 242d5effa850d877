//! A person's feed.

use uc_model::PersonId;
use uc_portal_api::FeedChange;

use super::Reply;

/// A part of a person's feed.
#[derive(Debug, Clone, PartialEq)]
pub struct FeedSlice {
    /// In the order in which to apply them.
    pub changes: Vec<FeedChange>,
    /// The place of the last of them; that asked from, when there is none.
    pub last: u64,
    /// There are more.
    pub has_more: bool,
}

/// Feeds.
pub trait FeedStore {
    /// The last place in a person's feed.
    fn find_feed_end(&self, person: PersonId) -> Reply<'_, u64>;

    /// What changed for a person after a place, `limit` at most.
    fn list_feed(&self, person: PersonId, after: u64, limit: usize) -> Reply<'_, FeedSlice>;
}
