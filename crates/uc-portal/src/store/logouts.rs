//! Clients that are to hear that a session with them has ended.

use jiff::Timestamp;
use uc_model::PersonId;
use uuid::Uuid;

use super::Reply;

/// Whom to tell of which session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutNotice {
    /// Its id, the same at every try.
    pub id: Uuid,
    /// The session: what the person allowed the client.
    pub grant: Uuid,
    /// Whom.
    pub client: String,
    /// Whose session it was.
    pub person: PersonId,
    /// Tries so far.
    pub tries: u32,
}

/// Notices of ended sessions. They are written in the transaction that ends the session.
pub trait LogoutStore {
    /// Notices whose next try is due, the oldest first.
    fn list_due_logouts(&self, now: Timestamp, limit: usize) -> Reply<'_, Vec<LogoutNotice>>;

    /// Puts a notice off.
    fn put_logout_off(&self, id: Uuid, until: Timestamp) -> Reply<'_, ()>;

    /// Forgets a notice: the client heard it, or is not asked any more.
    fn delete_logout(&self, id: Uuid) -> Reply<'_, ()>;
}
