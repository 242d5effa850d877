//! A key wrapped for a sensor that signs but keeps nothing: Windows Hello.

use hkdf::Hkdf;
use rand::CryptoRng;
use sha2::Sha256;

use super::{
    KeyEncryptionKey, Unsealable,
    sealed::{open, seal},
};

const CHALLENGE_BYTES: usize = 32;
const INFO: &[u8] = b"sensor/v1";
const CHECK_INFO: &[u8] = b"sensor/check/v1";

/// What the sensor is to sign, so that its signature opens the wrap: random, and no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Challenge([u8; CHALLENGE_BYTES]);

impl Challenge {
    /// A new one.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; CHALLENGE_BYTES];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }

    /// Of an item.
    #[must_use]
    pub fn of_item(item: &[u8]) -> Option<Self> {
        item.first_chunk().copied().map(Self)
    }

    /// What is signed.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Tells keys apart and leads back to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyCheck([u8; Self::BYTES]);

impl KeyCheck {
    /// Its length.
    pub const BYTES: usize = 16;

    /// Of a key.
    #[must_use]
    pub fn of(key: &KeyEncryptionKey) -> Self {
        Self(check(key))
    }

    /// As it is kept.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Wraps the key of the bundle under a signature of the challenge. Whoever makes the same signature again opens it, so the
/// scheme must be one whose signatures of one text are all alike.
pub fn seal_for_sensor(
    key: &KeyEncryptionKey,
    challenge: Challenge,
    signature: &[u8],
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let mut item = challenge.0.to_vec();
    item.extend_from_slice(KeyCheck::of(key).as_bytes());
    item.extend(seal(&wrapping(signature), &challenge.0, key.expose(), rng));
    item
}

/// Whether an item wraps this key already: then nobody needs to be asked for a signature.
#[must_use]
pub fn wraps(item: &[u8], key: &KeyEncryptionKey) -> bool {
    let kept = item.get(CHALLENGE_BYTES..CHALLENGE_BYTES + KeyCheck::BYTES);
    kept == Some(KeyCheck::of(key).as_bytes())
}

/// Opens an item with a signature of its challenge.
pub fn open_for_sensor(item: &[u8], signature: &[u8]) -> Result<KeyEncryptionKey, Unsealable> {
    let challenge = Challenge::of_item(item).ok_or(Unsealable)?;
    let sealed = item.get(CHALLENGE_BYTES + KeyCheck::BYTES..);
    let sealed = sealed.ok_or(Unsealable)?;
    let key = open(&wrapping(signature), &challenge.0, sealed)?;
    KeyEncryptionKey::parse(&key)
}

fn wrapping(signature: &[u8]) -> KeyEncryptionKey {
    KeyEncryptionKey::derived(signature, INFO)
}

fn check(key: &KeyEncryptionKey) -> [u8; KeyCheck::BYTES] {
    let mut check = [0; KeyCheck::BYTES];
    Hkdf::<Sha256>::new(None, key.expose())
        .expand(CHECK_INFO, &mut check)
        .expect("less than one hash's length can be expanded");
    check
}
