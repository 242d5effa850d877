//! The passcode lock: how keys hang together, and how tries are counted.
//!
//! ```text
//! passcode ──Argon2id──► P          device key K_dev: 32 bytes in the keyring
//! KEK = HKDF-SHA256(K_dev ‖ P)      opens the key bundle (a file) and the session slots (keyring items)
//! key bundle = AES-256-GCM(KEK): vault key and salt, generation, outbox mark, current slot, whose it is
//! device key = AES-256-GCM(HKDF-SHA256(vault key)), in the keyring: signs what only the person may do
//! public.db  = HKDF-SHA256(K_dev)   readable while locked, holds nothing personal
//! notify     = AES-256-GCM(HKDF-SHA256(K_dev)): asks while locked how much is new, and nothing else
//! ```

mod attempts;
mod bundle;
mod device_key;
mod key;
mod notify;
mod sealed;
mod sensor;
mod slot;
mod stack;

pub use attempts::{Attempts, MAX_ATTEMPTS, Verdict};
pub use bundle::{BundleHeader, KeyBundle, open_bundle, seal_bundle};
pub use device_key::{open_device_key, seal_device_key};
pub use key::{DeviceKey, KdfParams, KeyEncryptionKey, SALT_BYTES};
pub use notify::{NotifySecrets, open_notify, seal_notify};
pub use sealed::Unsealable;
pub use sensor::{Challenge, KeyCheck, open_for_sensor, seal_for_sensor, wraps};
pub use slot::{SessionSecrets, Slot, open_session, seal_session};

#[cfg(test)]
mod tests;
