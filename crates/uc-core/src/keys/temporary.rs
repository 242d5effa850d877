//! Keys for a session that is not to outlast the process: in memory, where there is no keyring.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};

use crate::ports::{Keyring, KeyringError, KeyringItem, SecretVec};

/// Forgets everything with the process. The interface is told so.
#[derive(Default)]
pub(super) struct MemoryKeyring(Mutex<HashMap<KeyringItem, SecretVec>>);

impl MemoryKeyring {
    fn items(&self) -> MutexGuard<'_, HashMap<KeyringItem, SecretVec>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keyring for MemoryKeyring {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        async { Ok(()) }.boxed()
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        async move { Ok(self.items().get(&item).cloned()) }.boxed()
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.items().insert(item, secret);
            Ok(())
        }
        .boxed()
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.items().remove(&item);
            Ok(())
        }
        .boxed()
    }
}
