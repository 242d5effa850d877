//! Keys being worked on: a repeat that overtakes its original is told to come again.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use uc_model::{IdempotencyKey, PersonId};

type Key = (PersonId, IdempotencyKey);

/// The keys being worked on in this process.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<Key>>>);

/// A key taken; given back when dropped.
#[derive(Debug)]
pub struct Taken {
    all: InFlight,
    key: Key,
}

impl InFlight {
    /// Takes a person's key; `None` while it is taken.
    #[must_use]
    pub fn take(&self, person: PersonId, key: IdempotencyKey) -> Option<Taken> {
        let key = (person, key);
        self.lock().insert(key.clone()).then(|| Taken {
            all: self.clone(),
            key,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<Key>> {
        // A panic of another holder leaves a set of keys behind, which is all that it must be.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.all.lock().remove(&self.key);
    }
}
