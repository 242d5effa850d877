//! Keys of authenticators.

use jiff::Timestamp;
use uc_model::PersonId;
use uuid::Uuid;
use webauthn_rs::prelude::Passkey;

use super::Reply;
use crate::journal::Scene;

/// A key that a person may show.
#[derive(Debug, Clone)]
pub struct KeptPasskey {
    /// Its id here.
    pub id: Uuid,
    /// What the person calls it.
    pub name: String,
    /// The public key and its counter.
    pub passkey: Passkey,
    /// Since when.
    pub added_at: Timestamp,
    /// When it was shown the last time.
    pub used_at: Option<Timestamp>,
}

/// Passkeys.
pub trait PasskeyStore {
    /// Those of a person, the oldest first.
    fn list_passkeys(&self, person: PersonId) -> Reply<'_, Vec<KeptPasskey>>;

    /// Adds a key; `false` when it opens an account already, which changes nothing.
    fn insert_passkey(&self, person: PersonId, key: KeptPasskey, scene: Scene) -> Reply<'_, bool>;

    /// Keeps the counter of a key that was shown; `false` when the key is gone.
    fn update_passkey(&self, id: Uuid, passkey: Passkey, used_at: Timestamp) -> Reply<'_, bool>;

    /// Forgets a key of this person, and the recovery codes if no other factor is left; `false` when there is none.
    fn delete_passkey(&self, person: PersonId, id: Uuid, scene: Scene) -> Reply<'_, bool>;
}
