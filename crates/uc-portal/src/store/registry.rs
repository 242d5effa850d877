//! The registry of persons and legal entities.

use jiff::Timestamp;
use uc_model::PersonId;

use super::Reply;
use crate::registry::{Change, ChangeError, HeldRole};

/// Roles and legal entities.
pub trait RegistryStore {
    /// Makes a change, and says in the journal whose role changed.
    fn change_registry(&self, change: Change, now: Timestamp)
    -> Reply<'_, Result<(), ChangeError>>;

    /// The roles that a person has or had, ended ones among them.
    fn list_roles(&self, person: PersonId) -> Reply<'_, Vec<HeldRole>>;
}
