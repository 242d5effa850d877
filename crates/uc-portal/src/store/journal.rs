//! The journal of authentication.

use uc_model::PersonId;

use super::Reply;
use crate::journal::{JournalEntry, NewEntry};

/// The journal. What other stores write into it, they write in the transaction of what it tells.
pub trait JournalStore {
    /// Adds an entry of which nothing else is stored.
    fn append_journal(&self, entry: NewEntry) -> Reply<'_, ()>;

    /// The newest entries, of one person or of all, newest first.
    fn list_journal(&self, person: Option<PersonId>, limit: usize) -> Reply<'_, Vec<JournalEntry>>;
}
