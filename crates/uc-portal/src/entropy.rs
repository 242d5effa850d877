//! The portal's chance: one generator, handed in at the start.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rand::{CryptoRng, Rng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uc_model::SecretString;
use uuid::Uuid;

/// Milliseconds since 1970, big-endian: they last until the year 10889.
const DATE_BYTES: usize = 6;

/// A source of random bytes, shared by all who need some.
#[derive(Clone)]
pub struct Entropy(Arc<Mutex<dyn CryptoRng + Send>>);

impl Entropy {
    /// Draws from `rng`.
    pub fn new(rng: impl CryptoRng + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(rng)))
    }

    /// Draws from the operating system.
    #[must_use]
    pub fn system() -> Self {
        Self::new(rand::rand_core::UnwrapErr(rand::rngs::SysRng))
    }

    /// `N` random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // A panic of another drawer leaves the generator usable.
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A fresh token of 256 bits in base64url.
    #[must_use]
    pub fn token(&self) -> SecretString {
        URL_SAFE_NO_PAD.encode(self.bytes::<32>()).into()
    }

    /// A fresh token of 256 bits behind the instant of its making.
    #[must_use]
    pub fn dated_token(&self, now: Timestamp) -> SecretString {
        let mut bytes = [0; DATE_BYTES + 32];
        let millis = now.as_millisecond().to_be_bytes();
        bytes[..DATE_BYTES].copy_from_slice(&millis[millis.len() - DATE_BYTES..]);
        bytes[DATE_BYTES..].copy_from_slice(&self.bytes::<32>());
        URL_SAFE_NO_PAD.encode(bytes).into()
    }

    /// A fresh UUID of version 7 for `now`.
    #[must_use]
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}

/// What the store keeps of a token: enough to find it, not to use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The SHA-256 of the token's text.
    #[must_use]
    pub fn of(token: &str) -> Self {
        Self::of_bytes(token.as_bytes())
    }

    /// The SHA-256 of what of a token nobody could know before.
    #[must_use]
    pub fn of_bytes(chance: &[u8]) -> Self {
        Self(Sha256::digest(chance).into())
    }

    /// The same, and where the token says when it was made ([`Entropy::dated_token`]), its hash begins with that instant:
    /// tokens of one time lie side by side in the store, and a page takes many. 208 bits of the digest remain.
    #[must_use]
    pub fn dated(token: &str) -> Self {
        let mut hash = Self::of(token);
        let told = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        if let Some(date) = told.get(..DATE_BYTES)
            && told.len() == DATE_BYTES + 32
        {
            hash.0[..DATE_BYTES].copy_from_slice(date);
        }
        hash
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn parse_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * place..2 * place + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_dated_tokens_are_in_the_order_of_their_making() {
        let entropy = Entropy::system();
        let at = |second| Timestamp::from_second(second).unwrap();
        let hash = |second| TokenHash::dated(entropy.dated_token(at(second)).expose()).0;
        assert!(hash(1_800_000_000) < hash(1_800_000_001));
        let (one, other) = (hash(1_800_000_000), hash(1_800_000_000));
        assert_eq!(one[..DATE_BYTES], other[..DATE_BYTES]);
        assert_ne!(one, other);
    }

    #[test]
    fn a_token_without_a_date_has_the_plain_hash() {
        let token = Entropy::system().token();
        assert_eq!(
            TokenHash::dated(token.expose()),
            TokenHash::of(token.expose())
        );
        assert_eq!(TokenHash::dated("no token"), TokenHash::of("no token"));
    }
}
