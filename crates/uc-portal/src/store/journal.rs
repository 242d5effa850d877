//! The journal of authentication.

use jiff::Timestamp;
use uc_model::PersonId;

use super::{DeskReply, Operator, Reply};
use crate::journal::{JournalEntry, NewEntry};

/// The journal. What other stores write into it, they write in the transaction of what it tells.
pub trait JournalStore {
    /// Adds an entry of which nothing else is stored.
    fn append_journal(&self, entry: NewEntry) -> Reply<'_, ()>;

    /// All entries from an instant on, oldest first, for somebody who watches; of the newest, when there are more than
    /// can be looked through at once.
    fn watch_journal(
        &self,
        watcher: Operator,
        since: Timestamp,
    ) -> DeskReply<'_, Vec<JournalEntry>>;

    /// The newest entries, of one person or of all, newest first.
    fn list_journal(&self, person: Option<PersonId>, limit: usize) -> Reply<'_, Vec<JournalEntry>>;
}
