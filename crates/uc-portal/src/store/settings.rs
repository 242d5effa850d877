//! Small facts that outlive a run, and the keys that sign ID tokens.

use jiff::Timestamp;
use uc_model::Secret;

use super::Reply;

/// A key that signs ID tokens.
#[derive(Debug, Clone)]
pub struct StoredKey {
    /// Its name in the JWKS.
    pub kid: String,
    /// The private key.
    pub pkcs8: Secret<Vec<u8>>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Settings and keys.
pub trait SettingStore {
    /// A setting's text.
    fn find_setting(&self, name: &'static str) -> Reply<'_, Option<String>>;

    /// Sets it.
    fn update_setting(&self, name: &'static str, value: String) -> Reply<'_, ()>;

    /// All signing keys, newest first.
    fn list_signing_keys(&self) -> Reply<'_, Vec<StoredKey>>;

    /// Adds a signing key.
    fn insert_signing_key(&self, key: StoredKey) -> Reply<'_, ()>;

    /// Forgets a signing key.
    fn delete_signing_key(&self, kid: String) -> Reply<'_, ()>;
}
