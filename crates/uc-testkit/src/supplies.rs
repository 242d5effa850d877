//! A network and a battery as a test wants them.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{FutureExt as _, future::BoxFuture};
use uc_core::ports::{Scarcity, Supplies};

/// What is scarce. Clones are the same machine; at first nothing is.
#[derive(Debug, Clone, Default)]
pub struct MemorySupplies(Arc<Mutex<Scarcity>>);

impl MemorySupplies {
    /// From now on.
    pub fn set(&self, scarcity: Scarcity) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = scarcity;
    }
}

impl Supplies for MemorySupplies {
    fn look(&self) -> BoxFuture<'_, Scarcity> {
        let scarcity = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        async move { scarcity }.boxed()
    }
}
