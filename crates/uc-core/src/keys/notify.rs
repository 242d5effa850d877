//! The credential that is usable while the client is locked: in the keyring, under a key of the device alone.

use rand::CryptoRng;
use uc_auth::lock::{NotifySecrets, open_notify, seal_notify};
use uc_model::Secret;

use super::{Keys, KeysError};
use crate::ports::KeyringItem;

impl Keys {
    /// What is kept; one that does not open is none.
    pub(crate) async fn find_notify(&self) -> Option<NotifySecrets> {
        let item = self.keyring.find(KeyringItem::Notify).await.ok()??;
        open_notify(item.expose(), &self.device()).ok()
    }

    /// Keeps it over the one before, while there is a bundle: what was wiped must not come back.
    pub(crate) async fn keep_notify(
        &self,
        secrets: &NotifySecrets,
        rng: &mut impl CryptoRng,
    ) -> Result<(), KeysError> {
        let _writing = self.writer.lock().await;
        if !self.has_bundle() {
            return Err(KeysError::NoBundle);
        }
        let sealed = seal_notify(secrets, &self.device(), rng).map_err(|_| KeysError::TooLong)?;
        let kept = self.keyring.store(KeyringItem::Notify, Secret::new(sealed));
        Ok(kept.await?)
    }

    /// Forgets it. One that stays is refused again.
    pub(crate) async fn forget_notify(&self) {
        if let Err(error) = self.keyring.delete(KeyringItem::Notify).await {
            tracing::warn!(%error, "the keyring keeps a token that the portal refuses");
        }
    }
}
