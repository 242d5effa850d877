//! The stores on their encrypted files.

#![expect(clippy::unwrap_used, reason = "a helper's fault is the test's")]
#![expect(
    clippy::redundant_closure_for_method_calls,
    reason = "a path to a method of a view reads worse"
)]

mod catalogue;
mod contract;
mod damage;
mod files;
mod privacy;
mod schema;
mod search;

use std::path::PathBuf;

use tempfile::TempDir;
use uc_model::SecretBytes;
use uc_store::{PublicStore, Vault, VaultKey, VaultMark};
use uuid::Uuid;

pub(crate) const GENERATION: Uuid = Uuid::from_u128(7);

/// A folder for one test, and the keys that its stores use.
pub(crate) struct Profile {
    pub folder: TempDir,
}

impl Profile {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn vault_path(&self) -> PathBuf {
        self.folder.path().join("профиль с пробелом/vault.db")
    }

    pub(crate) fn public_path(&self) -> PathBuf {
        self.folder.path().join("public.db")
    }

    pub(crate) fn create_vault(&self) -> Vault {
        Vault::create(&self.vault_path(), &vault_key(), mark(0)).unwrap()
    }

    pub(crate) fn open_public(&self) -> PublicStore {
        PublicStore::open(&self.public_path(), &public_key()).unwrap()
    }
}

pub(crate) fn vault_key() -> VaultKey {
    VaultKey {
        key: SecretBytes::new([3; 32]),
        salt: [4; 16],
    }
}

pub(crate) fn public_key() -> SecretBytes<32> {
    SecretBytes::new([5; 32])
}

pub(crate) fn mark(high_water: u64) -> VaultMark {
    VaultMark {
        generation: GENERATION,
        high_water,
    }
}
