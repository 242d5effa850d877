//! The two encrypted stores: the catalogue's is open as long as the core, the vault's while unlocked.

use std::sync::Arc;

use crate::keys::Keys;

/// The catalogue's store.
pub(crate) struct PublicStore;
/// The person's store.
pub(crate) struct Vault;

/// The store that is open in every phase.
pub(crate) struct Stores {
    public: Arc<PublicStore>,
}

impl Stores {
    pub(crate) fn open(_: &Keys) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            public: Arc::new(PublicStore),
        })
    }

    pub(crate) fn public(&self) -> &Arc<PublicStore> {
        &self.public
    }
}
