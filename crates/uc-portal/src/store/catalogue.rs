//! What was published of the catalogue.

use super::Reply;
use crate::catalogue::delta::{Publication, Published};

/// A part of the sequence of changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogueSlice {
    /// [`uc_portal_api::CatalogueChange`]s as JSON, in their order.
    pub changes: Vec<String>,
    /// The place of the last of them; that asked from, when there is none.
    pub last: u64,
    /// Changes after the place asked from, these included.
    pub remaining: u64,
}

/// The published catalogue.
pub trait CatalogueStore {
    /// What was published last of each thing.
    fn list_published(&self) -> Reply<'_, Vec<Published>>;

    /// Publishes changes at the end of the sequence; gives its last place.
    fn insert_publications(&self, publications: Vec<Publication>) -> Reply<'_, u64>;

    /// The changes after a place, `limit` at most.
    fn list_catalogue(&self, after: u64, limit: usize) -> Reply<'_, CatalogueSlice>;
}
