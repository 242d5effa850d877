//! Keys that the portal makes at its first start and keeps among its settings.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uc_model::SecretBytes;

use crate::{
    entropy::Entropy,
    store::{SettingStore, StoreError},
};

pub(super) const KEY_BYTES: usize = 32;
/// A key of 256 bits.
pub(super) type KeptKey = SecretBytes<KEY_BYTES>;

/// The key of that name; made when there is none.
pub(super) async fn load<S: SettingStore + ?Sized>(
    store: &S,
    entropy: &Entropy,
    setting: &'static str,
) -> Result<KeptKey, StoreError> {
    let key = match store.find_setting(setting).await? {
        Some(text) => read(&text)?,
        None => make(store, entropy, setting).await?,
    };
    Ok(SecretBytes::new(key))
}

async fn make<S: SettingStore + ?Sized>(
    store: &S,
    entropy: &Entropy,
    setting: &'static str,
) -> Result<[u8; KEY_BYTES], StoreError> {
    let key = entropy.bytes();
    store
        .update_setting(setting, URL_SAFE_NO_PAD.encode(key))
        .await?;
    Ok(key)
}

fn read(text: &str) -> Result<[u8; KEY_BYTES], StoreError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(StoreError::Malformed("kept key"))
}
