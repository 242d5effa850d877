//! Keys, and how one is made of others.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hkdf::Hkdf;
use rand::CryptoRng;
use sha2::Sha256;
use uc_model::{Secret, SecretBytes, SecretString};
use zeroize::{Zeroize, Zeroizing};

use super::{Unsealable, stack::leaving_nothing};

/// Bytes of the salt that a passcode is stretched with.
pub const SALT_BYTES: usize = 16;

const KEY_BYTES: usize = 32;
const KEK_INFO: &[u8] = b"citizen/kek/v1";
const CHECK_INFO: &[u8] = b"device/check/v1";
const CHECK_BYTES: usize = 8;
const PUBLIC_INFO: &[u8] = b"public/v1";
const NOTIFY_INFO: &[u8] = b"notify/v1";

/// How expensive it is to guess a passcode (Argon2id, RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    memory_kib: u32,
    passes: u32,
}

impl KdfParams {
    /// 64 MiB, three passes, one lane: about half a second on a small machine.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
    };

    /// The most that a stored header may ask for: more is damage, not security.
    const MAX: Self = Self {
        memory_kib: 1024 * 1024,
        passes: 16,
    };

    /// Other costs: memory in KiB, and passes over it. `None` outside 8 KiB … 1 GiB and 1 … 16.
    #[must_use]
    pub const fn new(memory_kib: u32, passes: u32) -> Option<Self> {
        if memory_kib < 8
            || memory_kib > Self::MAX.memory_kib
            || passes < 1
            || passes > Self::MAX.passes
        {
            return None;
        }
        Some(Self { memory_kib, passes })
    }

    pub(super) fn to_bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&self.memory_kib.to_le_bytes());
        bytes[4..].copy_from_slice(&self.passes.to_le_bytes());
        bytes
    }

    pub(super) fn from_bytes(bytes: [u8; 8]) -> Option<Self> {
        let (memory, passes) = bytes.split_first_chunk::<4>()?;
        Self::new(
            u32::from_le_bytes(*memory),
            u32::from_le_bytes(passes.try_into().ok()?),
        )
    }
}

/// `K_dev`: a random key that never leaves the device's keyring.
#[derive(Debug, Clone)]
pub struct DeviceKey(SecretBytes<KEY_BYTES>);

impl DeviceKey {
    /// A new key.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut key = SecretBytes::new([0; KEY_BYTES]);
        rng.fill_bytes(key.expose_mut());
        Self(key)
    }

    /// Reads what [`Self::to_item`] wrote. An altered item is none: as another key it would make every passcode wrong.
    pub fn parse(item: &[u8]) -> Result<Self, Unsealable> {
        let (bytes, check) = item.split_last_chunk::<CHECK_BYTES>().ok_or(Unsealable)?;
        let key = SecretBytes::copied(bytes).map(Self).ok_or(Unsealable)?;
        if key.check() == *check {
            Ok(key)
        } else {
            Err(Unsealable)
        }
    }

    /// The keyring item: the key, and eight bytes that show whether it was altered.
    #[must_use]
    pub fn to_item(&self) -> Secret<Vec<u8>> {
        let mut item = Vec::with_capacity(KEY_BYTES + CHECK_BYTES);
        item.extend_from_slice(self.expose());
        item.extend_from_slice(&self.check());
        Secret::new(item)
    }

    fn check(&self) -> [u8; CHECK_BYTES] {
        let derived: SecretBytes<KEY_BYTES> = derive(self.expose(), &[CHECK_INFO]);
        let mut check = [0; CHECK_BYTES];
        check.copy_from_slice(&derived.expose()[..CHECK_BYTES]);
        check
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        self.0.expose()
    }

    /// The key of the catalogue's store.
    #[must_use]
    pub fn public_store_key(&self) -> SecretBytes<KEY_BYTES> {
        derive(self.0.expose(), &[PUBLIC_INFO])
    }

    /// The key around what is usable while locked.
    pub(super) fn notify_key(&self) -> KeyEncryptionKey {
        KeyEncryptionKey::derived(self.0.expose(), NOTIFY_INFO)
    }
}

/// KEK: opens the key bundle and the session slots. In memory only while the client is open.
#[derive(Clone)]
pub struct KeyEncryptionKey(SecretBytes<KEY_BYTES>);

impl KeyEncryptionKey {
    /// Makes the key of device and passcode. Takes long, by intent: run it off the async threads.
    ///
    /// `profile` binds the key to one installation of the client.
    #[must_use]
    pub fn stretch(
        device: &DeviceKey,
        passcode: &SecretString,
        salt: &[u8; SALT_BYTES],
        params: KdfParams,
        profile: &str,
    ) -> Self {
        let mut material = Zeroizing::new([0; 2 * KEY_BYTES]);
        let (from_device, from_passcode) = material.split_at_mut(KEY_BYTES);
        from_device.copy_from_slice(device.expose());
        stretch(passcode, salt, params, from_passcode);
        Self(derive(&*material, &[KEK_INFO, profile.as_bytes()]))
    }

    /// A key for one purpose, made of another key.
    pub(super) fn derived(from: &[u8], info: &[u8]) -> Self {
        Self(derive(from, &[info]))
    }

    /// A key as the device's sensor released it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unsealable> {
        SecretBytes::copied(bytes).map(Self).ok_or(Unsealable)
    }

    /// The bytes, for the device's sensor.
    #[must_use]
    pub fn expose(&self) -> &[u8; KEY_BYTES] {
        self.0.expose()
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyEncryptionKey(•••)")
    }
}

fn stretch(passcode: &SecretString, salt: &[u8], params: KdfParams, out: &mut [u8]) {
    let checked = Params::new(params.memory_kib, params.passes, 1, Some(out.len()))
        .expect("parameters are within Argon2's own bounds");
    let mut memory = vec![Block::default(); checked.block_count()];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, checked)
        .hash_password_into_with_memory(passcode.expose().as_bytes(), salt, out, &mut memory)
        .expect("passcode, salt and output have lengths that Argon2 takes");
    memory.iter_mut().for_each(Zeroize::zeroize);
}

fn derive(material: &[u8], info: &[&[u8]]) -> SecretBytes<KEY_BYTES> {
    let mut key = SecretBytes::new([0; KEY_BYTES]);
    leaving_nothing(|| {
        Hkdf::<Sha256>::new(None, material)
            .expand_multi_info(info, key.expose_mut())
            .expect("one hash's length can be expanded");
    });
    key
}
