//! Use cases and the two stores: views and transactions, with their faults in words of the interface.

use uc_ipc::IpcError;
use uc_store::{PublicView, StoreError, VaultTx, VaultView};

use crate::{Core, at_stake};

impl Core {
    /// Looks something up in the open vault.
    pub(crate) async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&VaultView<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, IpcError> {
        let found = self.vault()?.read(look).await;
        found.map_err(|error| self.store_fault(&error))
    }

    /// Changes the open vault in one transaction.
    pub(crate) async fn keep<T: Send + 'static>(
        &self,
        act: impl FnOnce(&VaultTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, IpcError> {
        let vault = self.vault()?;
        let kept = vault.write(act).await;
        at_stake::count(self, &vault).await;
        kept.map_err(|error| self.store_fault(&error))
    }

    /// [`Core::keep`] for changes of the outbox: the key bundle remembers them before this answers.
    pub(crate) async fn keep_outbox<T: Send + 'static>(
        &self,
        act: impl FnOnce(&VaultTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, IpcError> {
        let vault = self.vault()?;
        let kept = vault.write(act).await;
        let kept = kept.map_err(|error| self.store_fault(&error))?;
        at_stake::count(self, &vault).await;
        self.keep_mark(&vault).await?;
        Ok(kept)
    }

    /// Looks something up in the catalogue.
    pub(crate) async fn browse<T: Send + 'static>(
        &self,
        look: impl FnOnce(&PublicView<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, IpcError> {
        let found = self.public().read(look).await;
        found.map_err(|error| self.store_fault(&error))
    }

    /// [`Self::browse`] for look-ups that are short while the catalogue is small.
    pub(crate) async fn browse_briefly<T: Send + 'static>(
        &self,
        look: impl FnOnce(&PublicView<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, IpcError> {
        let found = self.public().read_briefly(look).await;
        found.map_err(|error| self.store_fault(&error))
    }

    /// What a fault of a store means to the person.
    pub(crate) fn store_fault(&self, error: &StoreError) -> IpcError {
        match error {
            StoreError::Absent | StoreError::BadCursor => IpcError::NotFound,
            StoreError::NoSpace => IpcError::NoSpace,
            StoreError::Damaged => IpcError::VaultDamaged,
            StoreError::Closed => IpcError::Locked,
            StoreError::Content | StoreError::Sql(_) => self.internal(error),
        }
    }
}
