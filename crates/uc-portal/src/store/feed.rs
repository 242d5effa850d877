//! A person's feed.

use jiff::Timestamp;
use uc_model::PersonId;
use uc_portal_api::FeedChange;
use uuid::Uuid;

use super::Reply;
use crate::entropy::TokenHash;

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

    /// How many applications of a person changed after a place.
    fn count_news(&self, person: PersonId, after: u64) -> Reply<'_, u32>;

    /// A session's token for asking that, in the place of the one before; tells when the session ends at the latest.
    /// `None` when another session has this token, or the session is gone.
    fn keep_notify_token(&self, grant: Uuid, token: TokenHash) -> Reply<'_, Option<Timestamp>>;

    /// Whose token this is, while its session lasts.
    fn find_notified(&self, token: TokenHash, now: Timestamp) -> Reply<'_, Option<PersonId>>;
}
