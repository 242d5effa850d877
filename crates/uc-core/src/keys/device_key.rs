//! The device's own key, which signs what only its person may do.

use std::sync::Arc;

use rand::CryptoRng;
use uc_auth::{
    ProofKey,
    lock::{KeyBundle, open_device_key, seal_device_key},
};
use uc_model::Secret;

use super::{Keys, KeysError};
use crate::ports::KeyringItem;

impl Keys {
    /// The key that is kept; a new one, kept before it is used, where there is none that opens.
    pub(crate) async fn device_signing_key(
        &self,
        bundle: &KeyBundle,
        rng: &mut impl CryptoRng,
    ) -> Result<Arc<ProofKey>, KeysError> {
        let kept = self.keyring.find(KeyringItem::DeviceKey).await?;
        let opened = kept.and_then(|item| open_device_key(item.expose(), bundle).ok());
        if let Some(key) = opened {
            return Ok(Arc::new(key));
        }
        let _writing = self.writer.lock().await;
        if !self.has_bundle() {
            return Err(KeysError::NoBundle);
        }
        let key = ProofKey::generate(rng);
        let sealed = Secret::new(seal_device_key(&key, bundle, rng));
        self.keyring.store(KeyringItem::DeviceKey, sealed).await?;
        Ok(Arc::new(key))
    }
}
