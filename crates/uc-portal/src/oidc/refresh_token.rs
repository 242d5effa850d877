//! Refresh tokens: the grant, 256 bits of chance, and a tag by which the portal knows what it made.
//!
//! The tag spares the store a row for each token that was retired: one that bears it and that its grant does not know was
//! used before, by its owner or by a thief (RFC 9700 §4.14.2). One without it was made elsewhere and says nothing.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uc_model::{SecretBytes, SecretString};
use uuid::Uuid;

use super::kept_key::{self, KeptKey};
use crate::{
    entropy::{Entropy, TokenHash},
    store::{SettingStore, StoreError},
};

const SETTING: &str = "refresh_token_key";
const GRANT_BYTES: usize = 16;
const CHANCE_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
const NAMED_BYTES: usize = GRANT_BYTES + CHANCE_BYTES;

/// What of a token is not known before it is made: the store keeps its hash.
pub(super) type Chance = SecretBytes<CHANCE_BYTES>;

/// Makes refresh tokens and knows them again.
pub struct RefreshTokens {
    key: KeptKey,
}

/// A token that this portal made, for whatever it is worth today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PresentedRefresh {
    /// The grant that it is of.
    pub grant: Uuid,
    /// What its grant knows it by.
    pub token: TokenHash,
}

impl RefreshTokens {
    /// Reads the key of the tags; makes it at the first start.
    pub async fn load<S: SettingStore + ?Sized>(
        store: &S,
        entropy: &Entropy,
    ) -> Result<Self, StoreError> {
        let key = kept_key::load(store, entropy, SETTING).await?;
        Ok(Self { key })
    }

    /// The token's text.
    pub(super) fn write(&self, grant: Uuid, chance: &Chance) -> SecretString {
        let named = [grant.as_bytes().as_slice(), chance.expose()].concat();
        let tag = self.mac(&named).finalize().into_bytes();
        URL_SAFE_NO_PAD
            .encode([&named, &tag[..TAG_BYTES]].concat())
            .into()
    }

    /// Reads a token; `None` where it is not one that [`Self::write`] gave.
    pub(super) fn read(&self, token: &str) -> Option<PresentedRefresh> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (named, tag) = bytes.split_at_checked(NAMED_BYTES)?;
        let whole = tag.len() == TAG_BYTES && self.mac(named).verify_truncated_left(tag).is_ok();
        if !whole {
            return None;
        }
        let (grant, chance) = named.split_at(GRANT_BYTES);
        Some(PresentedRefresh {
            grant: Uuid::from_slice(grant).ok()?,
            token: TokenHash::of_bytes(chance),
        })
    }

    fn mac(&self, named: &[u8]) -> Hmac<Sha256> {
        let mac = Hmac::new_from_slice(self.key.expose()).expect("HMAC takes keys of any length");
        mac.chain_update(named)
    }
}

impl fmt::Debug for RefreshTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshTokens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(byte: u8) -> RefreshTokens {
        RefreshTokens {
            key: SecretBytes::new([byte; kept_key::KEY_BYTES]),
        }
    }

    #[test]
    fn op_62_a_refresh_token_is_known_by_the_portal_that_made_it() {
        let (grant, chance) = (Uuid::from_u128(7), Chance::new([9; CHANCE_BYTES]));
        let text = tokens(1).write(grant, &chance);
        let token = TokenHash::of_bytes(chance.expose());
        assert_eq!(
            tokens(1).read(text.expose()),
            Some(PresentedRefresh { grant, token })
        );
        assert_eq!(tokens(2).read(text.expose()), None);
    }

    #[test]
    fn op_62_no_bit_of_a_refresh_token_can_be_another() {
        let ours = tokens(1);
        let text = ours.write(Uuid::from_u128(7), &Chance::new([9; CHANCE_BYTES]));
        let bytes = URL_SAFE_NO_PAD.decode(text.expose()).unwrap();
        for bit in 0..8 * bytes.len() {
            let mut changed = bytes.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(
                ours.read(&URL_SAFE_NO_PAD.encode(changed)),
                None,
                "bit {bit}"
            );
        }
        for length in 0..bytes.len() {
            let cut = URL_SAFE_NO_PAD.encode(&bytes[..length]);
            assert_eq!(ours.read(&cut), None, "{length} bytes");
        }
    }
}
