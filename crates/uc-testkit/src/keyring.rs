//! A keyring in memory, with faults on demand.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{Keyring, KeyringError, KeyringItem, SecretVec};
use uc_model::Secret;

#[derive(Debug, Default)]
struct State {
    items: HashMap<KeyringItem, Vec<u8>>,
    fault: Option<KeyringError>,
    /// Writes that still succeed, when a crash is rehearsed.
    writes_left: Option<u32>,
}

/// A keyring in memory. Clones are the same keyring, so that an app can be started again with it.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeyring(Arc<Mutex<State>>);

impl MemoryKeyring {
    /// Answers everything with a fault, or with none again.
    pub fn set_fault(&self, fault: Option<KeyringError>) {
        self.state().fault = fault;
    }

    /// After this many writes and deletions every further one fails and changes nothing; `None` for no end.
    pub fn set_writes_left(&self, writes: Option<u32>) {
        self.state().writes_left = writes;
    }

    /// What is stored.
    #[must_use]
    pub fn item(&self, item: KeyringItem) -> Option<Vec<u8>> {
        self.state().items.get(&item).cloned()
    }

    /// Puts something there, as another program could.
    pub fn plant(&self, item: KeyringItem, bytes: Option<Vec<u8>>) {
        let mut state = self.state();
        match bytes {
            Some(bytes) => state.items.insert(item, bytes),
            None => state.items.remove(&item),
        };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, act: impl FnOnce(&mut State)) -> Result<(), KeyringError> {
        let mut state = self.state();
        if let Some(fault) = state.fault {
            return Err(fault);
        }
        match &mut state.writes_left {
            Some(0) => return Err(KeyringError::Missing),
            Some(left) => *left -= 1,
            None => {}
        }
        act(&mut state);
        Ok(())
    }
}

impl Keyring for MemoryKeyring {
    fn probe(&self) -> BoxFuture<'_, Result<(), KeyringError>> {
        async { self.state().fault.map_or(Ok(()), Err) }.boxed()
    }

    fn find(&self, item: KeyringItem) -> BoxFuture<'_, Result<Option<SecretVec>, KeyringError>> {
        async move {
            let state = self.state();
            match state.fault {
                Some(fault) => Err(fault),
                None => Ok(state.items.get(&item).cloned().map(Secret::new)),
            }
        }
        .boxed()
    }

    fn store(
        &self,
        item: KeyringItem,
        secret: SecretVec,
    ) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.write(|state| {
                state.items.insert(item, secret.expose().clone());
            })
        }
        .boxed()
    }

    fn delete(&self, item: KeyringItem) -> BoxFuture<'_, Result<(), KeyringError>> {
        async move {
            self.write(|state| {
                state.items.remove(&item);
            })
        }
        .boxed()
    }
}
