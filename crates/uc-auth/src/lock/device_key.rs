//! The device's own key: in the keyring, so that a copy of the files lacks it, under a key of the vault, so that only an
//! open client signs with it.

use rand::CryptoRng;
use uc_model::SecretBytes;

use super::{
    KeyBundle, Unsealable,
    key::KeyEncryptionKey,
    sealed::{open, seal},
};
use crate::ProofKey;

const CONTEXT: &[u8] = b"device-key";
const INFO: &[u8] = b"device-key/v1";

/// Writes the key as a keyring item. A change of the passcode leaves the vault's key, and so this item, as they are.
pub fn seal_device_key(key: &ProofKey, bundle: &KeyBundle, rng: &mut impl CryptoRng) -> Vec<u8> {
    seal(&wrapping(bundle), CONTEXT, key.expose().expose(), rng)
}

/// Reads the keyring item back.
pub fn open_device_key(item: &[u8], bundle: &KeyBundle) -> Result<ProofKey, Unsealable> {
    let plain = open(&wrapping(bundle), CONTEXT, item)?;
    ProofKey::parse(&SecretBytes::copied(&plain).ok_or(Unsealable)?)
}

fn wrapping(bundle: &KeyBundle) -> KeyEncryptionKey {
    KeyEncryptionKey::derived(bundle.vault_key.expose(), INFO)
}
